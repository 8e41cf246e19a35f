#!/bin/bash
# SPDX-License-Identifier: MIT
# ticket export: whole tickets that another desk takes back as they are, and rows for spreadsheets.
. "${0%/*}/harness.sh"

desk from --policy multichannel
answers 6 'some tickets' ticket import --keep-going "$top/docs/sample/requests.csv" --map "$top/docs/sample/map.json"
first=$(ticket export state:resolved 2>/dev/null | head -1 | jq -r .id)
second=$(ticket export state:assigned 2>/dev/null | head -1 | jq -r .id)
at 2026-05-06T10:00:00+08:00
ok 'a correction' ticket correct "$first" subject='=1+1 "改正"' --reason 'as the customer says now'
ok 'a wait' ticket wait "$second" --for customer -m 'asked for a photo'
ok 'an answer' ticket inbound "$second" -m 'here it is' --complains
ok 'a reopening' ticket reopen "$first" --reason 'it came back'
ok 'as JSON Lines' ticket export -o "$work/all.jsonl"
ok 'as JSON' ticket export --format json -o "$work/all.json"
same 'one line each' "$(grep -c '^' "$work/all.jsonl")" 22
same 'both say the same' "$(jq -c . "$work/all.jsonl" | sha256sum)" "$(jq -c '.tickets[]' "$work/all.json" | sha256sum)"
same 'a query selects' "$(ticket export channel:microblog 2>/dev/null | jq -r .channel | sort -u)" microblog

desk to --policy multichannel
at 2026-05-06T11:00:00+08:00
json 'taken back' '.import | [.rows, .tickets.new, .written]' '[22,22,true]' ticket import --json "$work/all.json"
ok 'exported again' ticket export -o "$work/again.jsonl"
# Numbers of customers are each desk's own; everything else is as it was.
same 'equal: numbers, identities, events and their times' "$(jq -c 'del(.customer.id)' "$work/again.jsonl" | sha256sum)" "$(jq -c 'del(.customer.id)' "$work/all.jsonl" | sha256sum)"
head=$(git rev-parse HEAD)
ok 'a second time' ticket import "$work/all.jsonl"
same 'adds nothing' "$(git rev-parse HEAD)" "$head"
# What happened there since comes along.
cd "$work/from" && at 2026-05-06T12:00:00+08:00
ok 'work goes on there' ticket note "$second" -m 'looking into it'
ok 'exported' ticket export -o "$work/later.jsonl"
cd "$work/to"
json 'the new event alone is taken' '.import | [.tickets.changed, .tickets.unchanged, .events]' '[1,21,1]' ticket import --json "$work/later.jsonl"
same 'both desks agree' "$(ticket export 2>/dev/null | jq -c 'del(.customer.id)' | sha256sum)" "$(jq -c 'del(.customer.id)' "$work/later.jsonl" | sha256sum)"

# Damaged or forged lines are rejects, and nothing is written.
sed '3s/"do":"opened"/"do":"archived"/' "$work/all.jsonl" | sed '5s/.$//' >"$work/forged.jsonl"
desk forged --policy multichannel
answers 3 'forged lines' ticket import "$work/forged.jsonl"
same 'both are named' "$(grep -cE '^  line (3|5): ' <<<"$err")" 2

# CSV: safe against formulas, and taken back by its map.
cd "$work/to"
ok 'as CSV' ticket export --format csv -o "$work/all.csv"
same 'a cell like a formula is text' "$(python3 -c 'import csv,sys; print([r["subject"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")) if "1+1" in r["subject"]][0])' "$work/all.csv")" "'=1+1 \"改正\""
same 'columns by name' "$(ticket export --format csv --columns id,state channel:microblog 2>/dev/null | head -1 | tr -d '\r\357\273\277')" 'id,state'
same 'one row per event' "$(ticket export --format csv --events --columns ticket,do 2>/dev/null | grep -c '^')" "$(($(jq '.events | length' "$work/later.jsonl" | paste -sd+) + 1))"
refused 2 "ticket: an export has no column 'stat'; did you mean 'state'?" ticket export --format csv --columns id,stat
refused 2 "ticket: 'md' is no format to export; it is csv, jsonl or json" ticket export --format md
desk csv --policy multichannel
json 'taken back by its map' '.import | [.rows, .tickets.new]' '[22,22]' ticket import --json "$work/all.csv" --map "$top/docs/maps/ticket-csv.json"
same 'the quote is gone again' "$(ticket export 2>/dev/null | jq -r 'select(.subject | contains("1+1")) | .subject')" '=1+1 "改正"'
same 'nothing in clear' "$(grep -cE '13812345678|anna@example.com' "$work/all.csv" "$work/all.jsonl" | paste -sd' ')" "$work/all.csv:0 $work/all.jsonl:0"

# --- personal data in clear: put on record before they are put out (D15)
desk clear --policy multichannel
git config user.name Li && git config user.email li@example.com
ticket new -q -c wechat -t complaint/quality --name 张三丰 --contact 13812345678 -m '=1+1 我是张三丰' >/dev/null
ticket new -q -c wechat -t complaint/quality --name 张三丰 --contact 13812345678 -m 又坏了 >/dev/null
ticket new -q -c wechat -t inquiry --name 李四光 --contact li@example.com -m 请问 >/dev/null
same 'masked as a rule, and not on record' "$(ticket export --format csv 2>/dev/null | grep -c -e 13812345678 -e 张三丰) $(ticket journal --format tsv | tail -n +2 | wc -l)" '0 0'
refused 2 'ticket: --reveal is for csv with a row for each ticket; whole tickets and their events stay masked' ticket export --reveal
before=$(git rev-parse HEAD)
touch "$work/clear.csv" && chmod 644 "$work/clear.csv"
ok 'in clear' ticket export type:complaint --format csv --columns id,customer,contact,description --reveal --reason '召回 13812345678' -o "$work/clear.csv"
same 'name and contact; what was masked in the text stays so' "$(tail -n +2 "$work/clear.csv" | tr -d '\r' | sort)" "WX-20260506-001,张三丰,13812345678,'=1+1 我是张**
WX-20260506-002,张三丰,13812345678,又坏了"
same 'for the owner of the file alone' "$(stat -c %a "$work/clear.csv")" 600
same 'one commit' "$(git rev-list --count "$before..HEAD")" 1
json 'the export is on record' '.entries[] | [.act, .by, .subject, .text, .values, .tickets]' \
	'["exported","Li","type:complaint","召回 138****5678","tickets=2 customers=1",["WX-20260506-001","WX-20260506-002"]]' ticket journal --json
json 'and whose data it was' '.accesses[] | [.customer, .what, .by]' '["C000001","revealed","Li"]' ticket customer log --json
jq -c '.people=[{"name":"Li","roles":["agent"]}]' policy/policy.json >"$work/policy.json" && cp "$work/policy.json" policy/policy.json && git commit -qam 'people'
answers 3 'who may not export is refused' ticket export --format csv --reveal
same 'with nothing put out' "$out" ''
json 'and no record says he did' '.entries | length' 1 ticket journal --json
