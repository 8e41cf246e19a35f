# SPDX-License-Identifier: MIT
# forge.py SEED COUNT: in the desk here, one file of one commit at a time is made other than it was, at random: a line
# dropped, doubled or exchanged, a digit, a word, a version that a parent has, a file taken away or moved. Everything else of
# the commit stays. Prints each forgery that `ticket audit` does not find, and last how many were tried.
# What anybody may change in a commit of his own is left alone there: rules, and customers.
import os
import random
import re
import subprocess
import sys

index = os.path.join(os.environ['TMPDIR'], 'forged.index')


def git(*words, text=None, env=None):
    return subprocess.run(['git', *words], input=text, capture_output=True, env=env, check=False).stdout


def one_other(text, kind):
    lines = text.split('\n')
    i, j = (random.randrange(max(1, len(lines) - 1)) for _ in range(2))
    if kind == 'drop':
        del lines[i]
    elif kind == 'double':
        lines.insert(i, lines[i])
    elif kind == 'exchange':
        lines[i], lines[j] = lines[j], lines[i]
    else:
        found = list(re.finditer(r'\d' if kind == 'digit' else r'"[a-z]{4,}"', text))
        if not found:
            return text
        at = random.choice(found)
        other = str((int(at.group()) + 1) % 10) if kind == 'digit' else '"other"'
        return text[:at.start()] + other + text[at.end():]
    return '\n'.join(lines)


def forged_tree(commit, parents):
    """The commit's tree with one forgery, and what that is; None where nothing came of it."""
    part = r'(tickets|actions|journal|attachments)/' if len(parents) < 2 else r'(tickets|actions|journal|attachments|customers|policy)/'
    entries = [line.split('\t') for line in git('ls-tree', '-r', commit).decode().splitlines()]
    files = [(entry.split()[2], name) for entry, name in entries if re.match(part, name)]
    if not files:
        return None, None
    blob, path = random.choice(files)
    kind = random.choice(['drop', 'double', 'exchange', 'digit', 'word', 'gone', 'moved', 'former'])
    env = dict(os.environ, GIT_INDEX_FILE=index)
    git('read-tree', commit, env=env)
    if kind in ('gone', 'moved'):
        git('update-index', '--force-remove', path, env=env)
        if kind == 'moved':
            git('update-index', '--add', '--cacheinfo', '100644,%s,%s' % (blob, path.replace('.json', '0.json')), env=env)
    else:
        text = git('cat-file', 'blob', blob).decode()
        other = git('cat-file', 'blob', random.choice(parents) + ':' + path).decode() if kind == 'former' else one_other(text, kind)
        if other in ('', text):
            return None, None
        made = git('hash-object', '-w', '--stdin', text=other.encode()).decode().strip()
        git('update-index', '--cacheinfo', '100644,%s,%s' % (made, path), env=env)
    return git('write-tree', env=env).decode().strip(), '%s of %s' % (kind, path)


def main():
    random.seed(int(sys.argv[1]))
    commits = git('rev-list', 'HEAD').decode().split()
    merges = git('rev-list', '--merges', 'HEAD').decode().split()
    tried = 0
    while tried < int(sys.argv[2]):
        commit = random.choice(merges if tried % 2 and merges else commits)
        parents = git('log', '-1', '--format=%P', commit).decode().split()
        tree, what = forged_tree(commit, parents)
        if not tree:
            continue
        text = re.sub(r'^tree .*', 'tree ' + tree, git('cat-file', 'commit', commit).decode(), count=1)
        forged = git('hash-object', '-w', '-t', 'commit', '--stdin', text=text.encode()).decode().strip()
        if forged == commit:
            continue
        tried += 1
        code = subprocess.run(['ticket', '--now', '2100-01-01T00:00:00Z', 'audit', '-q', forged], capture_output=True, check=False).returncode
        if code != 1:
            print('%s in %s: exit %d, see ticket audit %s' % (what, commit, code, forged))
    print(tried)


main()
