# SPDX-License-Identifier: MIT
"""What looks like a sentence for people in the sources, but is in no template of catalogues and not listed as not for people.

usage: sentences.py TEMPLATE UNTRANSLATED FILE...
UNTRANSLATED lists, one a line as C writes them, texts that nobody translates: data, subjects of commits, SQL.
"""
import re
import sys

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|#[^\n]*(?:\\\n[^\n]*)*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|[A-Za-z_]\w*|\s+|.', re.S)
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}|%[-0-9.*zl]*[suda]+ [a-z]{2,}|[a-z]{2,}[:,]? '?%[sdz]")
# Whose words are written to files, and read by programs or by git's users.
DATA = {'change_subject', '_Static_assert', 'register_log', 'seal_hash', 'setenv', 'store_config'}
# Markup and style sheets, measurements for a monitor, SQL.
MARKUP = re.compile(r'</?[a-z!]|\{color-scheme|^# TYPE |\b(SELECT|FROM|INSERT|DELETE|CREATE|UPDATE|PRAGMA)\b')
CHINESE = re.compile('[\u4e00-\u9fff]')


def strings(path):
    """(line, text, function called, is its translation beside it) of each string literal; adjacent ones are one."""
    source = open(path, encoding='utf-8').read()
    line, calls, before, found = 1, [], '', []
    for token in TOKEN.findall(source):
        here, line = line, line + token.count('\n')
        if token[0].isspace() or token.startswith(('/*', '//', '#')):
            continue
        if token in '([{':
            calls.append(before if token == '(' else '')
        elif token in ')]}' and calls:
            calls.pop()
        if token[0] == '"':
            if before[:1] == '"':
                found[-1][1] += token[1:-1]
            else:
                found.append([here, token[1:-1], next((c for c in reversed(calls) if c), ''), len(calls)])
        before = token
    for i, (here, text, function, depth) in enumerate(found):
        beside = found[max(i - 1, 0):i] + found[i + 1:i + 2]
        yield here, text, function, any(CHINESE.search(other[1]) and other[3] == depth for other in beside)


def template(path):
    known, key, text = set(), '', ''
    for row in open(path, encoding='utf-8').read().splitlines() + ['']:
        start = re.match(r'(msg\w+(?:\[\d\])?) "(.*)"$', row)
        if start or not row.startswith('"'):
            if key.startswith('msgid'):
                known.add(text)
            key, text = (start.group(1), start.group(2)) if start else ('', '')
        else:
            text += row[1:-1]
    return known


known = template(sys.argv[1])
listed = {row for row in open(sys.argv[2], encoding='utf-8').read().splitlines() if row and not row.startswith('# ')}
seen = set()
for path in sys.argv[3:]:
    for here, text, function, paired in strings(path):
        seen.add(text)
        if SENTENCE.search(text) and text not in known and text not in listed and function not in DATA and not paired and not MARKUP.search(text):
            print(f'{path}:{here}: "{text}"')
for text in sorted(listed - seen):
    print(f'listed, but in no source: "{text}"')
