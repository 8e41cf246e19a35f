#!/bin/bash
# SPDX-License-Identifier: MIT
# ticket import: rejects, dry runs, rows that change, hostile files, maps with mistakes.
. "${0%/*}/harness.sh"

sample=$top/docs/sample
maps=$top/docs/maps
counts='.import | [.rows, .taken, .rejected, .tickets.new, .tickets.changed, .tickets.unchanged, .written]'

# --- the sample of the README ----------------------------------------------------------------------------------------
desk sample --policy multichannel
head=$(git rev-parse HEAD)
refused 3 "ticket: 3 of 25 rows of 'requests.csv' were rejected, so nothing was written (--keep-going takes the others):
  line 10, '时间 Time': '2023-10-32 10:05' is no time of the form 'YYYY-MM-DD HH:MM', 'YYYY/M/D H:MM[:SS]', 'YYYY年M月D日[ H时M分]', 'excel'
  line 17, '渠道 Channel': the map's table of values does not know '传真'
  line 22: description: the text holds an identity card number at line 1, column 8, which this desk takes only with the customer's consent; leave it out, or record the consent first: ticket customer edit ID --consent WHAT" \
	ticket import "$sample/requests.csv" --map "$sample/map.json"
answers 6 'a dry run tells the same' ticket import --dry-run --keep-going "$sample/requests.csv" --map "$sample/map.json"
same 'and writes nothing' "$(git rev-parse HEAD)" "$head"
touch "$work/rejects.csv" && chmod 644 "$work/rejects.csv"
answers 6 'the good rows' ticket import --keep-going --rejects "$work/rejects.csv" "$sample/requests.csv" --map "$sample/map.json"
same 'the rejects, which hold rows in clear, are for their owner alone' "$(stat -c %a "$work/rejects.csv")" 600
same 'are one commit' "$(git rev-list --count HEAD)" 2
matches 'an original time' '"received": "2023-10-25T13:30:00\+08:00"' cat tickets/2023/10/25/00/WX-20231025-002.json
ok 'nothing in clear' bash -c '! grep -rqE "13812345678|13900001111|anna@example.com|11010519491231002X|张小明" tickets'
same 'the working tree is clean' "$(git status --porcelain)" ''
head=$(git rev-parse HEAD)
answers 6 'the same in GB18030 adds nothing' ticket import --keep-going "$sample/requests-gb18030.csv" --map "$sample/map.json"
same 'indeed' "$(git rev-parse HEAD)" "$head"

# The rejects, mended, by the same map.
same 'rejects: heading and rows' "$(grep -c '^' "$work/rejects.csv")" 4
same 'rejects: line, column and the row itself' "$(sed -n 3p "$work/rejects.csv")" \
	"17,渠道 Channel,the map's table of values does not know '传真',R-1009,2023-10-25 11:30,传真,赵女士,,咨询/政策,低,会员权益,请问积分什么时候过期？,,"
sed -e 's/2023-10-32/2023-10-31/2' -e 's/,传真,/,官网,/' -e 's/11010519491231002X//' "$work/rejects.csv" >"$work/mended.csv"
json 'mended' "$counts" '[3,3,0,3,0,0,true]' ticket import --json "$work/mended.csv" --map "$sample/map.json"
json 'all of them are there' '.tickets | length' 25 ticket list --json --limit 100

# --- one row per ticket ----------------------------------------------------------------------------------------------
desk rows --policy response-tracking
cat >"$work/map.json" <<'J'
{"format":1,"rows":"ticket","times":["YYYY-MM-DD HH:MM"],"missing":["?"],"key":{"columns":["id"]},
 "ticket":{"received":{"column":"when"},"channel":{"column":"by","values":{"tel":"phone","mail":"email"}},"description":{"column":"text"},
           "priority":{"column":"level","default":"3"},"subject":{"column":"about"}},
 "events":[{"do":"responded","at":{"column":"answered"},"set":{"text":{"column":"answer"}}}]}
J
printf 'id,when,by,level,about,text,answered,answer\n1,2026-05-01 09:00,tel,1,first,"it fails\nwith ""x"", 退款 👨‍👩‍👧 é",2026-05-01 09:10,soon\n2,2026-05-01 10:00,mail,?,second,hello,,\n' >"$work/a.csv"
json 'two rows' "$counts" '[2,2,0,2,0,0,true]' ticket import --json "$work/a.csv" --map "$work/map.json"
number=$(jq -r 'select(.source.key == "1") | .id' < <(ticket export 2>/dev/null))
json 'text byte for byte' '.tickets[0].description' '"it fails\nwith \"x\", 退款 👨‍👩‍👧 é"' ticket show --json "$number"
# A ticket changed on the desk is not changed back by the same file.
ok 'triage on the desk' ticket triage "$number" --priority 2 --reason 'not that urgent'
head=$(git rev-parse HEAD)
json 'the same file again' "$counts" '[2,2,0,0,0,2,false]' ticket import --json "$work/a.csv" --map "$work/map.json"
same 'HEAD stays' "$(git rev-parse HEAD)" "$head"
# A changed row is a correction with the old value.
sed 's/second/zweitens/; s/soon/very soon/' "$work/a.csv" >"$work/b.csv"
json 'a changed row' "$counts" '[2,2,0,0,2,0,true]' ticket import --json "$work/b.csv" --map "$work/map.json"
json 'old and new are kept' '[.tickets[0].events[] | select(.do == "corrected") | .changes[] | [.field[-5:], .old, .new]]' '[[".text","soon","very soon"]]' ticket show --json "$number"
number2=$(jq -r 'select(.source.key == "2") | .id' < <(ticket export 2>/dev/null))
json 'the head follows' '.tickets[0] | [.subject, (.events[-1] | .do, .changes)]' '["zweitens","corrected",[{"field":"subject","old":"second","new":"zweitens"}]]' ticket show --json "$number2"
json 'that one again adds nothing' "$counts" '[2,2,0,0,0,2,false]' ticket import --json "$work/b.csv" --map "$work/map.json"

# The same key with other values in one file is most likely no key at all.
printf 'id,when,by,level,about,text,answered,answer\n7,2026-05-01 09:00,tel,1,x,a,,\n7,2026-05-01 09:00,tel,1,x,a,,\n7,2026-05-01 09:00,tel,1,x,other,,\n' >"$work/twice.csv"
refused 3 "ticket: 1 of 3 rows of 'twice.csv' were rejected, so nothing was written (--keep-going takes the others):
  line 4, 'id': the key '7' stands in line 2 already, with other values" ticket import "$work/twice.csv" --map "$work/map.json"

# Rows that break: short, long, stray quotes, controls, a quote never closed. Each is one reject with its line.
printf 'id,when,by,level,about,text,answered,answer\n10,2026-05-01 09:00,tel\n11,2026-05-01 09:00,tel,1,x,a,,,,surplus\n12,2026-05-01 09:00,tel,1,"x"y,a,,\n13,2026-05-01 09:00,tel,1,x,a\033[2Jb,,\n14,2026-05-01 09:00,fax,1,x,a,,\n15,2026-05-01 09:00,tel,1,good,a,,\n16,2026-05-01 09:00,tel,1,x,"a\nb,,\n' >"$work/broken.csv"
json 'broken rows' '.import.rejects | map([.line, .column, (.reason | split(";")[0])])' \
	'[[2,null,"the row has 3 cells, the heading 8"],[3,null,"the row has 10 cells, the heading 8"],[4,"about","a quote inside a quoted cell is not doubled"],[5,"text","a control character (0x1b) stands in the text"],[6,"by","the map'\''s table of values does not know '\''fax'\''"],[8,"text","the quote opened in line 8 is never closed"]]' \
	bash -c 'ticket import --json --keep-going "$1" --map "$2" 2>/dev/null; [ $? = 6 ]' - "$work/broken.csv" "$work/map.json"

# --- files that cannot be used at all --------------------------------------------------------------------------------
head -c 104857600 /dev/zero | tr '\0' x >"$work/giant"
(printf 'id,when,by,level,about,text,answered,answer\n1,2026-05-01 09:00,tel,1,x,"'; cat "$work/giant") >"$work/giant.csv"
refused 2 "ticket: $work/giant.csv:2: a cell is larger than 1 MiB; a quote opened here is perhaps never closed" ticket import "$work/giant.csv" --map "$work/map.json"
rm -f "$work"/giant*
printf 'id,when\n1,caf\351 x\n' >"$work/latin.csv"
refused 2 "ticket: $work/latin.csv:2: byte 14 of the file (0xe9) is neither UTF-8 nor GB18030; name the encoding with --encoding" ticket import "$work/latin.csv" --map "$work/map.json"
: >"$work/empty.csv"
refused 2 "ticket: '$work/empty.csv' is empty" ticket import "$work/empty.csv" --map "$work/map.json"
refused 4 "ticket: cannot read '$work/none.csv': No such file or directory" ticket import "$work/none.csv" --map "$work/map.json"
refused 2 "ticket: '$work/a.csv' is no export of a desk in JSON; say with --map what its columns mean (ticket-map(5))" ticket import "$work/a.csv"

# --- maps with mistakes ----------------------------------------------------------------------------------------------
mistake() {
	sed "$1" "$work/map.json" >"$work/wrong.json"
	refused 2 "ticket: $work/wrong.json:$2" ticket import "$work/a.csv" --map "$work/wrong.json"
}
mistake 's/"when"}/"wehn"}/' "2: ticket.received: '$work/a.csv' has no column 'wehn'; did you mean 'when'?"
mistake 's/"subject"/"subjct"/' "2: ticket: a ticket has no 'subjct'; did you mean 'subject'; the desk's own fields stand under 'fields'"
mistake 's/"responded"/"respond"/' "4: events[0].do: 'respond' is no event; did you mean 'responded'?"
mistake 's/"do":"responded"/"do":"opened"/' "4: events[0].do: 'opened' cannot come from a file"
mistake 's/"set":{"text"/"set":{"txt"/' "4: events[0].set: 'responded' has no 'txt' to set; did you mean 'text'?"
mistake 's/YYYY-MM-DD HH:MM/YYY-MM-DD/' "1: times: the time format 'YYY-MM-DD' has 'YYY', which stands for nothing"
mistake 's/"column":"about"/"column":"about","template":"x"/' "3: ticket.subject: 'column', 'template' and 'value' exclude each other"
mistake 's/"events":/"fields":{"nonsense":{"column":"id"}},"events":/' "4: fields.nonsense: the desk's policy 'response-tracking' has no field 'nonsense' of its own"
mistake 's/"rows":"ticket"/"rows":"tickets"/' "1: rows: 'tickets' is none of: ticket, event"
