#!/bin/bash
# SPDX-License-Identifier: MIT
# ticket export --changes-since: feeds of events that add up, whatever happens to the history in between.
. "${0%/*}/harness.sh"
history=bent

check() {
	python3 "$top/tests/cli/changes.py" "$@" 2>&1
}
# fetch NAME [OPTION...]: a feed since the cursor of the one before, from the beginning at first.
cursor=1970-01-01
fetch() {
	local name=$1
	shift
	call ticket export --changes-since "$cursor" -o "$work/$name.jsonl" "$@"
	cursor=$(tail -n 1 "$work/$name.jsonl" | jq -r .revision)
	same "$name: sound" "$(check feed "$work/$name.jsonl")" ''
}
kinds() {
	jq -r .kind "$work/$1.jsonl" | sort | uniq -c | awk '{printf "%s%s %s", (NR == 1 ? "" : ", "), $1, $2}'
}
git_here() {
	git -c user.name=Li -c user.email=li@example.com "$@"
}

desk one --policy multichannel
git config user.name Li && git config user.email li@example.com
fetch empty
same 'a desk without tickets' "$(kinds empty)" '1 cursor'
ticket import --keep-going "$top/docs/sample/requests.csv" --map "$top/docs/sample/map.json" >/dev/null 2>&1
fetch imported
same 'what was imported' "$(kinds imported)" '1 cursor, 78 event'
same 'what to ask next is said' "$code $err" "0 78 new events; next time: --changes-since $(git rev-parse HEAD)"$'\n'
fetch none
same 'nothing new: the cursor alone' "$code $(jq -c 'del(.revision, .since)' "$work/none.jsonl")" \
	'0 {"format":1,"kind":"cursor","tickets":0,"events":0,"restated":0,"changed":0,"removed":0,"rewritten":false}'

# --- a day's work, fetched in between
numbers=$(ticket list --format tsv --columns number | tail -n +2)
first=$(ticket list state:resolved --limit 1 --format tsv --columns number | tail -n 1) second=$(ticket list state:assigned --limit 1 --format tsv --columns number | tail -n 1)
at 2026-05-06T10:00:00+08:00
hostile=$(printf '=1+1 "引号" \\ 第二行\n\xe2\x80\xa8{"kind":"cursor"}\t末')
number=$(ticket new -q -c wechat -t complaint/quality -t malfunction/login -p high --name 张三丰 --contact 13812345678 -m "我是张三丰，电话 13812345678：$hostile")
ok 'a text that looks like lines' ticket note "$number" -m "$hostile"
printf 'a\0b' >"$work/nul"
answers 2 'NUL never comes in' ticket note "$number" -F "$work/nul"
at 2026-05-06T10:20:00+08:00
ok 'a correction' ticket correct "$first" subject='改正 "a"' channel=app --reason 'as the customer says now'
at 2026-05-06T10:10:00+08:00
ok 'a wait' ticket wait "$second" --for customer -m 'asked for a photo'
fetch morning
same 'in order of recording: a clock that went back is no matter' "$(jq -r 'select(.do) | .do' "$work/morning.jsonl" | paste -sd' ')" 'opened noted waiting corrected'
same 'whole on its line' "$(jq -r 'select(.do == "noted") | .text' "$work/morning.jsonl")" "$hostile"
same 'masked as the desk keeps it' "$(grep -cE '13812345678|张三丰' "$work/morning.jsonl")" 0
at 2026-05-06T11:00:00+08:00
read -r from into < <(grep -vxE "$first|$second" <<<"$numbers" | paste -sd' ')
ok 'a merge' ticket merge "$from" --into "${into%% *}"
ok 'that is undone' ticket merge --undo "$from"
ok 'an answer' ticket inbound "$second" -m '给你' --complains
ok 'a reopening' ticket reopen "$first" --reason '又坏了'
ok 'the sweep' ticket check
fetch evening
ok 'the whole' ticket export --changes-since 1970-01-01 -o "$work/whole.jsonl"
same 'the parts add up to it' "$(check sum "$work/whole.jsonl" "$work"/{empty,imported,none,morning,evening}.jsonl)" ''
same 'one after the other, line by line' "$(cat "$work"/{empty,imported,none,morning,evening}.jsonl | grep -v '"kind":"cursor"' | sort | sha256sum)" \
	"$(grep -v '"kind":"cursor"' "$work/whole.jsonl" | sort | sha256sum)"
ok 'whole tickets' ticket export -o "$work/tickets.jsonl"
ok 'rows' ticket export --format csv --events -o "$work/rows.csv"
same 'the same events, and how tickets stand' "$(check tickets "$work/whole.jsonl" "$work/tickets.jsonl" "$work/rows.csv")" ''
same 'each event with the ticket as it was then' "$(jq -r --arg n "$first" 'select(.ticket == $n) | "\(.do) \(.ticket_state) \(.ticket_subject) \(.ticket_cycle)"' "$work/whole.jsonl" | tail -n 3)" \
	"resolved resolved $(jq -r --arg n "$first" 'select(.ticket == $n and .do == "corrected").changes[0].old' "$work/whole.jsonl") 1
corrected resolved 改正 \"a\" 1
reopened triaged 改正 \"a\" 2"
morning=$(jq -r 'select(.kind == "cursor").revision' "$work/morning.jsonl")
ok 'up to a revision' ticket export --changes-since 1970-01-01 --until "$morning" -o "$work/until.jsonl"
same 'is what was there then' "$(check sum "$work/until.jsonl" "$work"/{empty,imported,none,morning}.jsonl)" ''
json 'since a time' '[.kind, .do, .events]' '["event","opened",null]
["event","noted",null]
["cursor",null,2]' ticket export --changes-since '2026-05-06 09:40' --until '2026-05-06 10:05'
json 'of some tickets' 'select(.automatic | not) | .do' '"corrected"
"reopened"
null' ticket export --changes-since "$(jq -r 'select(.kind == "cursor").revision' "$work/none.jsonl")" channel:app
refused 2 'ticket: --until goes with --changes-since' ticket export --until HEAD
refused 2 'ticket: --changes-since puts out JSON Lines with all there is, masked; --format, --columns, --events and --reveal do not go with it' ticket export --changes-since HEAD --json
refused 2 "ticket: 'HEAD~3' came before 'HEAD'; --changes-since takes the earlier of the two" ticket export --changes-since HEAD --until HEAD~3
refused 4 "ticket: no commit 'nowhere' in this desk; see ticket log" ticket export --changes-since nowhere
refused 4 "ticket: this desk has no revision '$(printf '%040d' 1)'; all its events come anew with --changes-since 1970-01-01" ticket export --changes-since "$(printf '%040d' 1)"
same 'nothing of it is on record: nobody was named' "$(ticket journal --format tsv | grep -c exported)" 0

# --- what another clone recorded, and what was taken back
before=$cursor
git clone -q "$work/one" "$work/clone" 2>/dev/null && cd "$work/clone" || exit 1
at 2026-05-06T10:30:00+08:00
ok 'another clone goes on with a ticket' ticket note "$number" -m 'looked at elsewhere'
cd "$work/one" || exit 1
at 2026-05-06T11:30:00+08:00
ok 'here another is worked on' ticket note "$second" -m 'looked at here'
fetch here
git_here pull -q --no-rebase --no-edit "$work/clone" HEAD >/dev/null 2>&1
same 'both in one history' "$(git rev-list --parents -1 HEAD | wc -w)" 3
fetch merged
same 'what was recorded there earlier and came later' "$(kinds merged) $(jq -r 'select(.text).text' "$work/merged.jsonl")" '1 cursor, 1 event looked at elsewhere'
git_here revert -m 1 --no-edit HEAD >/dev/null 2>&1
fetch reverted
same 'a revert is said: exit status, words, lines' "$code $(kinds reverted) $(head -n 1 <<<"$err")" \
	"1 1 cursor, 1 removed 1 event was removed from history; its line says 'removed'"
ok 'the whole' ticket export --changes-since 1970-01-01 -o "$work/whole.jsonl"
same 'all adds up' "$(check sum "$work/whole.jsonl" "$work"/{empty,imported,none,morning,evening,here,merged,reverted}.jsonl)" ''
left=$(git rev-parse HEAD~1)
git_here reset -q --hard "$before"
at 2026-05-06T12:00:00+08:00
ok 'the history goes on from elsewhere' ticket note "$second" -m 'anew'
answers 1 'that is no continuation' ticket export --changes-since "$left" -o "$work/rewritten.jsonl"
same 'and is said' "$(kinds rewritten) $(tail -n 1 "$work/rewritten.jsonl" | jq .rewritten) $(head -n 1 <<<"$err")" \
	"1 cursor, 1 event, 2 removed true the history of the desk was rewritten: '$left' is no part of it any more"

# --- history edited by hand: nothing of it is lost silently
cp -r "$work/one" "$work/bent" && cd "$work/bent" || exit 1
cursor=1970-01-01
fetch straight
file() {
	find tickets -name "$1.json"
}
read -r one two three four < <(paste -sd' ' <<<"$numbers")
check bend "$(file "$one")" word
check bend "$(file "$two")" insert
git rm -q "$(file "$three")"
check bend "$(file "${four%% *}")" renumber
git mv "$(file "${four%% *}")" "$(file "${four%% *}" | sed -E 's/[0-9]{3}\.json$/999.json/')"
git_here commit -qam 'as nobody should'
fetch bent
same 'a word, an event put in, a ticket gone, another number' "$code $(kinds bent | sed -E 's/[0-9]+ (restated|removed)/\1/g')" '1 1 changed, 1 cursor, 1 event, removed, restated'
same 'an unknown member cannot pass for the feed'\''s own' "$(jq -c 'select(.kind == "changed") | [.text, .extra]' "$work/bent.jsonl")" '["nobody said this",{"kind":"cursor"}]'
ok 'the whole' ticket export --changes-since 1970-01-01 -o "$work/whole.jsonl"
same 'all adds up' "$(check sum "$work/whole.jsonl" "$work"/{straight,bent}.jsonl)" ''

# --- the manual's examples, run as they stand
# block BEGINNING: the block of the page whose first line begins so.
block() {
	awk -v begin="$1" '/^```/ { open = !open; if (!open && here) exit; first = open; next } open && first { here = index($0, begin) == 1; first = 0 } open && here' "$top/docs/ticket-export.1.scd"
}
cd "$work/one" || exit 1
mkdir "$work/warehouse" "$work/bin2"
block '#!/bin/sh' >"$work/bin2/desk-feed" && chmod +x "$work/bin2/desk-feed"
line=$(block '*/10')
same 'cron calls it' "$line" '*/10 * * * * /usr/local/bin/desk-feed /srv/desk /srv/warehouse'
run_line() {
	(cd / && env -i HOME="$HOME" PATH="$PATH" TICKET_NOW="$TICKET_NOW" sh -c "$work/bin2/desk-feed $work/one $work/warehouse" </dev/null)
}
# What the report says, in the same shape: months with tickets received, tickets of each group.
trend() {
	ticket report trend --json | jq -r '.report.sections[0].rows[] | select(.received > 0) | "\(.from[0:7]) \(.received)"' | awk '{n[$1] += $2} END {for (m in n) print m, n[m]}' | sort
}
groups() {
	ticket report summary --json | jq -r --arg s "$1" '.report.sections[] | select(.name == $s).rows[] | "\(.group) \(.tickets)"' | sort
}
load=$work/warehouse/load
if ! command -v duckdb >/dev/null; then
	skip 'the example for DuckDB' 'duckdb is not here'
else
	block 'CREATE TABLE IF NOT EXISTS event (' | awk '{ print } /QUALIFY/ { exit }' >"$work/warehouse/load.sql"
	printf '#!/bin/sh\nexec duckdb desk.duckdb <load.sql >/dev/null\n' >"$load" && chmod +x "$load"
	prints 'DuckDB loads, silently' '' run_line
	rm "$work/warehouse/cursor"
	ok 'the same once more' run_line
	ask() {
		duckdb -noheader -csv "$work/warehouse/desk.duckdb" "SET TimeZone = 'Asia/Shanghai'; $1" | tr ',' ' ' | sort
	}
	same 'no event twice' "$(ask 'SELECT count(*) FROM event')" "$(ticket export 2>/dev/null | jq -s '[.[].events | length] | add')"
	same 'by month' "$(ask "SELECT strftime(ticket_received, '%Y-%m'), count(*) FROM ticket GROUP BY ALL")" "$(trend)"
	same 'by type, as the manual asks' "$(ask "$(block 'SET TimeZone')" | awk '{n[$2] += $3} END {for (t in n) print t, n[t]}' | sort)" "$(groups types)"
	same 'by priority' "$(ask 'SELECT ticket_priority, count(*) FROM ticket GROUP BY ALL')" "$(groups priorities)"
	rm "$work/warehouse/cursor"
fi
if ! command -v sqlite3 >/dev/null; then
	skip 'the example for SQLite' 'no sqlite3'
else
	block 'CREATE TABLE IF NOT EXISTS line' >"$work/warehouse/load.sql"
	printf '#!/bin/sh\nexec sqlite3 desk.sqlite <load.sql\n' >"$load" && chmod +x "$load"
	prints 'loads, silently' '' run_line
	ok 'a day later' ticket note "$second" -m '又一天'
	prints 'loads what is new' '' run_line
	same 'that was one event' "$(grep -c '"kind":"event"' "$work/warehouse/next.jsonl") $(cat "$work/warehouse/cursor")" "1 $(git rev-parse HEAD)"
	printf '%s\n' "$(jq -r .since <(tail -n 1 "$work/warehouse/next.jsonl"))" >"$work/warehouse/cursor"
	ok 'the same once more' run_line
	ask() {
		sqlite3 -separator ' ' "$work/warehouse/desk.sqlite" "$1" | sort
	}
	same 'no event twice' "$(ask 'SELECT count(*) FROM event')" "$(ticket export 2>/dev/null | jq -s '[.[].events | length] | add')"
	same 'by month' "$(ask "SELECT substr(received, 1, 7), count(*) FROM ticket GROUP BY 1")" "$(trend)"
	same 'by type' "$(ask "SELECT type.value, count(*) FROM ticket, json_each(types) AS type GROUP BY 1")" "$(groups types)"
	same 'by priority' "$(ask "SELECT priority, count(*) FROM ticket GROUP BY 1")" "$(groups priorities)"
	same 'by month and type, as the manual asks' "$(sqlite3 "$work/warehouse/desk.sqlite" "$(block 'SELECT substr')" | awk -F'|' '{n += $3} END {print n}')" "$(groups types | awk '{n += $2} END {print n}')"
	same 'texts as they were typed' "$(sqlite3 "$work/warehouse/desk.sqlite" "SELECT json_extract(whole, '\$.text') FROM event WHERE ticket = '$number' AND act = 'noted'")" "$hostile"
	git_here revert --no-edit HEAD >/dev/null 2>&1
	ok 'history that was changed is loaded too' run_line
	same 'and mailed' "$(grep -c 'removed from history' "$work/err") $(ask "SELECT count(*) FROM event WHERE json_extract(whole, '\$.text') = '又一天'")" '1 0'
fi

# --- 3,000 real incidents
if [ ! -r "$shared_data/servicenow_incident_events_1.csv" ]; then
	skip '3,000 incidents' 'the file is not here'
	exit 0
fi
desk incidents --policy response-tracking
cp "$top/docs/maps/policies/incidents.json" policy/policy.json
git_here commit -qam 'Use the policy for incidents'
cursor=1970-01-01
for part in 1 2; do
	ok "incidents, file $part" ticket import "$shared_data/servicenow_incident_events_$part.csv" --map "$top/docs/maps/servicenow.json"
	fetch "part$part"
done
same 'events of each file' "$(kinds part1); $(kinds part2)" '1 cursor, 10087 event; 1 cursor, 10699 event'
# So much that what is to be sorted goes through a file.
ok 'the whole' ticket export --changes-since 1970-01-01 -o "$work/whole.jsonl"
same 'the parts add up to it' "$(check sum "$work/whole.jsonl" "$work"/part{1,2}.jsonl)" ''
ticket export -o "$work/tickets.jsonl" 2>/dev/null
ticket export --format csv --events -o "$work/rows.csv" 2>/dev/null
same 'the same events, and how tickets stand' "$(check tickets "$work/whole.jsonl" "$work/tickets.jsonl" "$work/rows.csv")" ''
if command -v sqlite3 >/dev/null; then
	cp "$work/whole.jsonl" "$work/warehouse/next.jsonl"
	rm -f "$work/warehouse/desk.sqlite"
	prints 'loaded' '' sh -c 'cd "$1" && sqlite3 desk.sqlite <load.sql' sh "$work/warehouse"
	same 'by month' "$(ask "SELECT substr(received, 1, 7), count(*) FROM ticket GROUP BY 1")" "$(trend)"
	same 'by priority' "$(ask "SELECT priority, count(*) FROM ticket GROUP BY 1")" "$(groups priorities)"
	same 'by channel' "$(ask "SELECT channel, count(*) FROM ticket GROUP BY 1")" "$(groups channels)"
fi
