#!/bin/bash
# SPDX-License-Identifier: MIT
# ticket customer import: lists of customers, once and again, with rows that cannot be taken.
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"

desk lists --policy multichannel
cat >"$work/map.json" <<'END'
{
  "format": 1,
  "rows": "customers",
  "missing": ["-", "无"],
  "customer": {"name": "姓名", "contact": "联系方式", "email": "邮箱", "address": "地址", "industry": "行业", "consent": "同意"},
  "fields": {"grade": "等级"}
}
END
cat >"$work/list.csv" <<'END'
姓名,联系方式,邮箱,地址,行业,等级,同意
张三丰,138 1234 5678,zhang@example.com,深圳市南山区科技路12号,零售,gold,电话同意
李四光,lilei_weixin,-,-,某店,silver,无
"王,五",0755-83211234,,,制造,,
END
head=$(git rev-parse HEAD)
ok 'a dry run' ticket customer import "$work/list.csv" --map "$work/map.json" -n
same 'says what would be' "$err" 'list.csv (utf-8): 3 rows, 3 customers would be new, 0 changed, 0 unchanged, 0 rejected
'
same 'and writes nothing' "$(git rev-parse HEAD) $(ls .git/ticket/keys 2>/dev/null)" "$head "
ok 'a list' ticket customer import "$work/list.csv" --map "$work/map.json"
same 'is counted' "$err" 'list.csv (utf-8): 3 rows, 3 customers new, 0 changed, 0 unchanged, 0 rejected
'
same 'is one commit with its digest' "$(git log -1 --format=%s)" "customers: import list.csv: 3 new, 0 changed (SHA-256 $(sha256sum <"$work/list.csv" | cut -d' ' -f1))"
json 'is in the register, masked' '.customers[] | [.id, .name, .contact, .industry, .fields.grade, .consent]' \
	'["C000001","张**","138 **** 5678","零售","gold",true]
["C000002","李**","l***","某店","silver",false]
["C000003","王**","0755-****1234","制造",null,false]' ticket customer list --json
json 'in clear for who asks' '.customers[0] | [.name, .phone, .email, .address]' '["张三丰","138 1234 5678","zhang@example.com","深圳市南山区科技路12号"]' \
	ticket customer show 1 --reveal --json
head=$(git rev-parse HEAD)
at 2026-06-01T10:00:00+08:00
json 'the same again changes nothing' '.import | [.rows, .customers, .written]' '[3,{"new":0,"changed":0,"unchanged":3},false]' \
	ticket customer import "$work/list.csv" --map "$work/map.json" --json
same 'not a byte' "$(git rev-parse HEAD)" "$head"

# --- changes
sed -e 's/gold/platinum/' -e 's/lilei_weixin,-/lilei_weixin,li@example.com/' "$work/list.csv" >"$work/later.csv"
json 'a later list' '.import.customers' '{"new":0,"changed":2,"unchanged":1}' ticket customer import "$work/later.csv" --map "$work/map.json" --json
json 'changes what differs' '.customers[0].fields.grade' '"platinum"' ticket customer show 1 --json
json 'and adds what is new' '[.customers[].id]' '["C000002"]' ticket customer list --contact li@example.com --json
json 'what was there already stays' '.customers[0] | [.name, .account]' '["李四光","lilei_weixin"]' ticket customer show 2 --reveal --json
same 'consent keeps its day' "$(jq -r .consent.at customers/00/00/C000001.json)" 2026-05-06T09:30:00+08:00
iconv -f UTF-8 -t GB18030 "$work/later.csv" >"$work/gb.csv"
json 'in another encoding too' '.import | [.encoding, .customers.unchanged]' '["gb18030",3]' ticket customer import "$work/gb.csv" --map "$work/map.json" --json

json 'from standard input' '.import | [.file, .customers.unchanged]' '["stdin",3]' ticket customer import - --map "$work/map.json" --json <"$work/later.csv"

# --- by the register's number, from JSON Lines
echo '{"format": 1, "rows": "customers", "customer": {"number": "id", "phone": "tel"}}' >"$work/numbers.json"
printf '%s\n' '{"id":"C000003","tel":"0755-83215678"}' '{"id":"C000002","tel":null}' >"$work/numbers.jsonl"
json 'by number' '.import.customers' '{"new":0,"changed":1,"unchanged":1}' ticket customer import "$work/numbers.jsonl" --map "$work/numbers.json" --json
json 'the new contact leads to him' '[.customers[].id]' '["C000003"]' ticket customer list --contact 0755-83215678 --json
refused 4 'ticket: no customer is known by that contact' ticket customer list --contact 0755-83211234

# --- rows that cannot be taken
ticket customer forget 3 --reason asked 2>/dev/null
cat >"$work/bad.csv" <<'END'
id,tel
C000003,13600000001
C000099,13600000002
bob,13600000003
,13600000004
C000002,13600000005,one too many
END
refused 3 "ticket: 4 of 5 rows of 'bad.csv' were rejected, so nothing was written (--keep-going takes the others):
  line 2: customer 'C000003' was forgotten; nothing can be added to the tombstone
  line 3: there is no customer 'C000099'; see: ticket customer list
  line 4: 'bob' is no customer's number; they look like C000012
  line 6: the row has 3 cells, the heading 2" ticket customer import "$work/bad.csv" --map "$work/numbers.json"
answers 6 'the good one alone' ticket customer import "$work/bad.csv" --map "$work/numbers.json" --keep-going --rejects "$work/rejects.csv"
json 'is taken' '[.customers[].id]' '["C000004"]' ticket customer list --contact 13600000004 --json
same 'the others are kept with their reasons' "$(cut -d, -f1 "$work/rejects.csv" | tr '\n' ' ')" 'reject_line 2 3 4 6 '
same 'for their owner alone' "$(stat -c %a "$work/rejects.csv")" 600
sed -i -e '/^[346],/d' -e 's/C000003/C000004/g' "$work/rejects.csv"
json 'and can be taken once mended' '.import.customers.changed' 1 ticket customer import "$work/rejects.csv" --map "$work/numbers.json" --json

printf '姓名,联系方式,邮箱,地址,行业,等级,同意\n赵六,无,,,,,\n' >"$work/name.csv"
refused 3 "ticket: 1 of 1 rows of 'name.csv' were rejected, so nothing was written (--keep-going takes the others):
  line 2: there is neither number nor contact: by a name alone nobody is found again" ticket customer import "$work/name.csv" --map "$work/map.json"

# --- maps and files that cannot be used
refused 2 'ticket: say what the columns mean: --map MAP; see man ticket-map' ticket customer import "$work/list.csv"
echo '{"format": 1, "rows": "customers", "customer": {"fone": "tel"}}' >"$work/wrong.json"
refused 2 "ticket: $work/wrong.json:1: customer: 'fone' is nothing that is kept of a customer; did you mean 'phone'?" \
	ticket customer import "$work/bad.csv" --map "$work/wrong.json"
echo '{"format": 1, "rows": "ticket", "customer": {"phone": "tel"}}' >"$work/wrong.json"
refused 2 "ticket: $work/wrong.json:1: rows: a list of customers needs \"rows\": \"customers\"" ticket customer import "$work/bad.csv" --map "$work/wrong.json"
answers 2 'a column that is not there' ticket customer import "$work/list.csv" --map "$work/numbers.json"
refused 4 "ticket: cannot read '$work/none.csv': No such file or directory" ticket customer import "$work/none.csv" --map "$work/map.json"
git clone -q "$work/lists" "$work/clone"
refused 3 'ticket: this copy of the desk has not got the key of the customer register; get it from a colleague: ticket customer share FILE there, ticket customer receive FILE here' \
	ticket -C "$work/clone" customer import "$work/list.csv" --map "$work/map.json"

# --- nothing of it in clear
git repack -adq
git cat-file --batch-all-objects --batch >"$work/everything"
found=''
for secret in 张三丰 李四光 '王,五' 13812345678 '138 1234 5678' zhang@example.com li@example.com lilei_weixin 83211234 83215678 13600000004 科技路; do
	! grep -qaF "$secret" "$work/everything" || found+=" $secret"
done
same 'nothing typed in is in the repository' "$found" ''
