#!/bin/bash
# SPDX-License-Identifier: MIT
# C14: rows that contradict themselves or lack something come in set apart; what rules find on the desk is set apart too.
. "${0%/*}/harness.sh"

desk apart --policy complaint-monitoring
git config user.name Li && git config user.email li@example.com
jq '.people = [{"name":"Li","roles":["analyst"]},{"name":"Wang","roles":["supervisor"]}]' policy/policy.json >"$work/policy.json" && cp "$work/policy.json" policy/policy.json
git commit -qam people
cat >"$work/map.json" <<'END'
{"format":1,"name":"m","rows":"ticket","time_zone":"Asia/Shanghai","times":["YYYY-MM-DD HH:MM"],"key":{"columns":["no"]},
 "ticket":{"received":{"column":"received"},"channel":{"column":"channel"},"customer":{"column":"name"},"contact":{"column":"phone"},"address":{"value":"400"},"subject":{"column":"subject"},"description":{"column":"text"},"types":{"value":"complaint"},"category":{"column":"category"},"priority":{"column":"priority"},"grade":{"value":"general"},"expects":{"column":"expects"}},
 "fields":{"amount":{"column":"amount"}},
 "events":[{"do":"responded","at":{"column":"responded"},"set":{"text":{"value":"答复"}}},{"do":"resolved","at":{"column":"resolved"},"set":{"text":{"value":"解决"}}},{"do":"confirmed","at":{"column":"confirmed"}}]}
END
cat >"$work/rows.csv" <<'END'
no,received,channel,name,phone,subject,text,category,priority,expects,amount,responded,resolved,confirmed
1,2026-05-01 09:00,hotline,张三,13812345678,好,一切正常,price,b,,100,2026-05-01 10:00,2026-05-01 12:00,2026-05-01 13:00
2,2026-05-01 09:00,hotline,李四,13812345679,早解决,先解决后答复,price,b,,,2026-05-01 12:00,2026-05-01 10:00,
3,2026-05-01 09:00,hotline,王五,13812345670,早于受理,解决早于受理,price,b,,,,2026-04-30 10:00,
4,2026-05-01 09:00,hotline,赵六,13812345671,缺,没有描述缺类别,,b,,,,,
5,2026-05-01 09:00,hotline,孙七,13812345672,坏类别,类别不认识 电话13812345672,pirce,b,,,,,
6,2026-05-01 09:00,hotline,周八,13812345673,坏时间,时间不认识,price,b,,,1.5.2026,,
7,2026-05-01 09:00,hotline,吴九,13812345674,先确认,确认而未解决,price,b,,,,,2026-05-01 13:00
8,2026-05-01 09:00,telex,郑十,13812345675,坏渠道,渠道不认识,price,b,,,,,
9,,hotline,冯一,13812345676,无时间,无受理时间,price,b,,,,,
10,2026-05-01 09:00,hotline,陈二,13812345677,坏金额,金额不是数,price,b,2026-04-01 09:00,很多,,,
11,2026-05-01 09:00,hotline,褚三,13812345668,,,price,b,,,,,
END
counts='.import | [.rows, .taken, .rejected, .tickets.new, .tickets.changed, .tickets.unchanged, .quarantined.entry, .quarantined.system]'
answers 3 'without --quarantine eight are rejected' ticket import "$work/rows.csv" --map "$work/map.json"
same 'and nothing is written' "$(git rev-list --count HEAD)" 2
answers 6 'set apart: all but an unknown channel and a missing receipt' ticket import --quarantine --keep-going --rejects "$work/rejects.csv" --json "$work/rows.csv" --map "$work/map.json"
same 'counted, by cause' "$(jq -c "$counts" <<<"$out")" '[11,9,2,9,0,0,7,1]'
same 'the rejects are those' "$(cut -d, -f1,2 "$work/rejects.csv" | tail -n +2 | tr '\n' ' ')" '9,channel 10,received '
same 'one commit' "$(git rev-list --count HEAD)" 3
ticket export >"$work/tickets.jsonl" 2>/dev/null
# apart KEY: cause and reasons of that row.
apart() {
	jq -r --arg key "$1" 'select(.source.key == $key) | .events[] | select(.do == "quarantined") | .cause + ": " + .text' "$work/tickets.jsonl"
}
same 'a sound row is not set apart' "$(apart 1)" ''
same 'resolved before the response' "$(apart 2)" 'entry: 解决时间 2026-05-01T10:00:00+08:00 早于首次响应时间 2026-05-01T12:00:00+08:00'
same 'before the receipt: moved there, the time stands in the reason' "$(apart 3) $(jq -r 'select(.source.key == "3") | .events[] | select(.do == "resolved") | .at' "$work/tickets.jsonl")" \
	"entry: resolved: 'resolved' at 2026-04-30T10:00:00+08:00 lies before the receipt at 2026-05-01T09:00:00+08:00 2026-05-01T09:00:00+08:00"
same 'a key field is missing' "$(apart 4)" 'entry: 缺少关键字段：category'
same 'a category that nobody knows is left out' "$(apart 5 | head -1)" "entry: category: 'pirce' is no category of this desk; did you mean 'price'? allowed: product_service, process, price, attitude, suggestion"
same 'a time that no program should write; the words are kept' "$(apart 6)" "system: responded: '1.5.2026' is no time of the form 'YYYY-MM-DD HH:MM'
responded: 答复"
same 'a state that the events do not allow' "$(apart 7)" "entry: 状态与事件矛盾：confirmed: '7' is new, so it cannot be 'confirmed' (ticket confirm)"
same 'two reasons at once' "$(apart 10)" "entry: amount: '很多' is no number
期望完成时间 2026-04-01T09:00:00+08:00 早于受理时间 2026-05-01T09:00:00+08:00"
same 'even a required field' "$(apart 11)" 'entry: 缺少关键字段：subject, description'
same 'nothing personal is in the reasons' "$(grep -c -e 13812345672 -e 13812345678 "$work/tickets.jsonl")" 0
ok 'the desk is sound all the same' ticket fsck
json 'reports leave them out, and say how many' '.report | [.tickets, .quarantined]' '[1,8]' ticket report summary --month 2026-05 --json
json 'the time of the review runs from the import' '[.clocks[] | select(.target == "release") | .due]' '["2026-05-07T09:30:00+08:00"]' \
	ticket explain "$(jq -r 'select(.source.key == "2") | .id' "$work/tickets.jsonl")" release --json
head=$(git rev-parse HEAD)
answers 6 'the same file again' ticket import --quarantine --keep-going "$work/rows.csv" --map "$work/map.json"
same 'adds nothing' "$(git rev-parse HEAD)" "$head"

# Corrected by one, released by another: the same file does not set it apart again; a mended one is a correction.
id=$(jq -r 'select(.source.key == "4") | .id' "$work/tickets.jsonl")
ok 'corrected' ticket correct "$id" category=price --reason 对照录音
refused 3 "ticket: '$id': 'Li' had a hand in it; 'released' is for somebody else" ticket release "$id" -m 已核
ok 'released by another' ticket --as Wang release "$id" -m 已核
answers 6 'the same file' ticket import --quarantine --keep-going --json "$work/rows.csv" --map "$work/map.json"
same 'leaves it released' "$(jq -c '.import.tickets' <<<"$out") $(ticket list quarantined --format tsv | grep -c "$id")" '{"new":0,"changed":0,"unchanged":9} 0'

# --- what rules find on the desk
desk found --policy complaint-monitoring
head -4 "$work/rows.csv" | sed 3d >"$work/few.csv" && sed -n 3p "$work/rows.csv" >>"$work/few.csv" && sed -n 5p "$work/rows.csv" >>"$work/few.csv"
sed -i /早于受理/d "$work/few.csv"
ok 'what a plain import takes' ticket import "$work/few.csv" --map "$work/map.json"
answers 1 'is looked over' ticket quarantine --find --json
same 'contradictions and gaps, each with its rule and cause' "$(jq -c '.findings[] | [.rule, .cause]' <<<"$out" | sort | tr '\n' ' ')" '["missing","entry"] ["resolved_first","entry"] '
json 'the report names them too' '[.report.sections[1].rows[] | .rule] | sort' '["missing","resolved_first"]' ticket report anomalies --json
head=$(git rev-parse HEAD)
ok 'a dry run' ticket quarantine --found -n
same 'writes nothing' "$(git rev-parse HEAD)" "$head"
same 'set apart, in one commit' "$(ticket quarantine --found -q | wc -l) $(git rev-list --count "$head..HEAD") $(ticket list quarantined --format tsv | tail -n +2 | wc -l)" '2 1 2'
json 'then they are among the quarantined' '[.report.sections[] | .rows | length]' '[2,0]' ticket report anomalies --json
ok 'then there is nothing left to find' ticket quarantine --find
refused 2 'ticket: --find lists, --found sets apart, each by what the rules say: give one of them, and no --cause' ticket quarantine --find --found
