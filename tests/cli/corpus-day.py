# SPDX-License-Identifier: MIT
"""A day of a complaints desk, prepared from real messages, and what must come of it, computed here from the files alone.

corpus-day.py prepare MESSAGES.csv FOLDER   writes day.csv, and the expected figures as expected.json
corpus-day.py check EXPORT.jsonl FOLDER     compares an export of the desk with them, one line for each difference
"""
import csv
import datetime
import json
import re
import sys
from collections import Counter

NOW = datetime.datetime(2018, 8, 29, 21, 0)
DAY = datetime.timedelta(hours=24)
# The later one wins, as the rules of the map do.
CATEGORIES = [('process', ['']), ('product_service', ['物业', '噪', '公交', '小区']), ('price', ['费', '价']), ('suggestion', ['建议', '咨询', '请问'])]
MAJOR = ['拆迁', '安全', '医']


def time_of(text):
    for form in ('%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y/%m/%d'):
        try:
            return datetime.datetime.strptime(text.strip(), form)
        except ValueError:
            pass
    try:
        return datetime.datetime(1899, 12, 30) + datetime.timedelta(days=float(text))
    except ValueError:
        return None


def category_of(subject):
    return [name for name, words in CATEGORIES if any(word in subject for word in words)][-1]


def prepare(source, folder):
    with open(source, encoding='utf-8-sig', newline='') as f:
        rows = [row for row in csv.DictReader(f) if time_of(row['留言时间']) <= NOW]
    wrong = {}
    for i, row in enumerate(rows):
        received, answered = time_of(row['留言时间']), time_of(row['答复时间'])
        if answered > NOW:
            row['答复意见'] = row['答复时间'] = ''
        elif i % 97 == 5:
            # An answer a day before the question.
            row['答复时间'] = (received - DAY).strftime('%Y/%m/%d %H:%M:%S')
            wrong[row['留言编号']] = 'entry'
        elif i % 131 == 7:
            # What a spreadsheet writes into a column that is too narrow.
            row['答复时间'] = '########'
            wrong[row['留言编号']] = 'system'
        elif i % 211 == 11:
            # Nobody wrote down who it was: a key field is missing.
            row['留言用户'] = ''
            wrong[row['留言编号']] = 'entry'
    with open(folder + '/day.csv', 'w', encoding='utf-8', newline='') as f:
        writer = csv.DictWriter(f, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

    sound = [row for row in rows if row['留言编号'] not in wrong]
    waiting = [row for row in sound if not row['答复时间']]
    today = [row for row in waiting if time_of(row['留言时间']) > NOW - DAY]
    group = {'process': 'process_owners', 'product_service': 'technical_support', 'price': 'finance', 'suggestion': 'product'}
    expected = {
        'rows': len(rows),
        'wrong': wrong,
        'causes': dict(sorted(Counter(wrong.values()).items())),
        # The customer's name is masked wherever it stands; it is what answers begin with.
        'named': sorted(row['留言编号'] for row in rows
                        if row['留言用户'] and any(row['留言用户'] in row[column] for column in ('留言主题', '留言详情', '答复意见'))),
        'users': {row['留言编号']: row['留言用户'] for row in rows},
        'categories': dict(sorted(Counter(category_of(row['留言主题']) for row in sound).items())),
        'waiting': len(waiting),
        'overdue': len([row for row in waiting if time_of(row['留言时间']) < NOW - DAY]),
        'due_tomorrow': sorted(row['留言编号'] for row in today),
        'groups': dict(sorted(Counter('managers' if any(word in row['留言主题'] for word in MAJOR) else group[category_of(row['留言主题'])] for row in waiting).items())),
    }
    with open(folder + '/expected.json', 'w', encoding='utf-8') as f:
        json.dump(expected, f, ensure_ascii=False)


def check(export, folder):
    with open(folder + '/expected.json', encoding='utf-8') as f:
        expected = json.load(f)
    with open(export, encoding='utf-8') as f:
        tickets = {ticket['source']['key'].split(':', 1)[1]: ticket for ticket in map(json.loads, f) if ticket['source']['key'].startswith('gov:')}

    def same(what, got, wanted):
        if got != wanted:
            print(f'{what}: got {str(got)[:300]}, wanted {str(wanted)[:300]}')

    def quarantined(ticket):
        return next((event['cause'] for event in ticket['events'] if event['do'] == 'quarantined'), None)

    same('tickets', len(tickets), expected['rows'])
    same('set apart', {key: quarantined(ticket) for key, ticket in tickets.items() if quarantined(ticket)}, expected['wrong'])
    leaks = [key for key, ticket in tickets.items() if expected['users'][key] and expected['users'][key] in json.dumps(ticket, ensure_ascii=False)]
    same('names in clear', leaks, [])
    masked = [key for key, ticket in tickets.items() if expected['users'][key] and
              re.search(re.escape(expected['users'][key][0]) + r'\*\*+', ' '.join([ticket['subject'], ticket['description']] + [event.get('text', '') for event in ticket['events']]))]
    same('names masked', sorted(masked), expected['named'])
    sound = {key: ticket for key, ticket in tickets.items() if key not in expected['wrong']}
    same('categories', dict(sorted(Counter(ticket['category'] for ticket in sound.values()).items())), expected['categories'])
    late = sorted(key for key, ticket in sound.items() if any(event['do'] == 'breached' and event.get('clock') == 'first_response' for event in ticket['events']))
    same('first responses that the sweep found late', late, expected['due_tomorrow'])


if __name__ == '__main__':
    {'prepare': prepare, 'check': check}[sys.argv[1]](*sys.argv[2:])
