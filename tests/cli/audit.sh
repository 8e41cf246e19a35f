#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016
# audit: what this program commits is never a finding; whatever is bent in a commit is found, and nothing besides. The desks
# of all other tests are audited as well (harness.sh).
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"
audit='' # here desks are bent on purpose

# --- an honest history: each kind of record, each way of changing it ---------------------------------------------------
at 2026-05-04T08:00:00+08:00
desk honest --policy multichannel
honest=$PWD
jq '.people = [{"name": "Li", "email": "li@example.org", "roles": ["agent", "supervisor", "admin"]}, {"name": "Wang", "email": "wang@example.org", "roles": ["agent"]}]' \
	policy/policy.json >"$work/people.json"
ok 'people are named' ticket policy apply "$work/people.json"
at 2026-05-04T09:10:00+08:00
printf 'the first screen' >"$work/screen.txt"
one=$(ticket new -q --channel wechat --type malfunction/login --priority high --name 张三丰 --contact 13812345678 -m '登录不了' --attach "$work/screen.txt")
two=$(ticket new -q --channel wechat --type complaint/quality --priority low --name 李四 --contact 13912345678 -m '质量不好，请退款')
three=$(ticket new -q --channel app --type inquiry/function --name 王五 --contact 13712345678 -m 'How does it work?')
at 2026-05-04T09:15:00+08:00
does() { # COMMAND...: must succeed
	call ticket "$@"
	[ "$code" = 0 ] || fail "ticket $*" "$(explain)"
}
does --as Wang assign "$one" --claim
does triage "$three" --priority medium --reason clearer
at 2026-05-04T09:20:00+08:00
does --as Wang respond "$one" -m '正在核实'
does --as Wang note "$one" -m 'asked the engineers'
at 2026-05-04T10:00:00+08:00
does correct "$two" priority=medium subject=质量投诉 --reason 'was mistyped'
does merge "$three" --into "$one"
does merge --undo "$three"
does link "$one" "$two"
does export --format jsonl -o "$work/all.jsonl"
jq '.survey.close = "50h"' "$work/people.json" >"$work/changed.json"
at 2026-05-04T10:30:00+08:00
matches 'open tickets move to other rules' '^3 tickets' bash -c 'ticket policy apply "$0" 2>&1' "$work/changed.json"
does kb add login -m 'Try again.'
does customer edit 2 --industry retail
does customer forget 3 --reason asked
does customer merge 2 --into 1 --reason same
does report summary --month 2026-04 --json -o "$work/april.json"
does backup "$work/first.tar"
does backup "$work/second.tar"
does action add -m 'Logins fail too often' --owner Wang --due 2026-06-01
at 2026-05-04T11:00:00+08:00
does action note 1 -m 'asked the vendor'
does --as cron check
at 2026-05-05T09:00:00+08:00
does --as cron check
cat >"$work/map.json" <<'END'
{"format": 1, "rows": "ticket", "times": ["YYYY-MM-DD HH:MM"], "key": {"columns": ["id"]},
 "ticket": {"received": {"column": "at"}, "channel": {"value": "wechat"}, "description": {"column": "text"}, "types": {"value": "inquiry/function"}},
 "events": [{"do": "resolved", "at": {"column": "done"}, "set": {"text": {"value": "done"}}}]}
END
printf 'id,at,text,done\nA1,2025-01-02 09:00,old one,2025-01-03 10:00\nA2,2025-01-02 09:30,old two,2025-01-03 11:00\n' >"$work/old.csv"
does import "$work/old.csv" --map "$work/map.json"
sed 's/old two/older/' "$work/old.csv" >"$work/again.csv"
does import "$work/again.csv" --map "$work/map.json"
at 2026-05-06T09:30:00+08:00
prints 'nothing that the program committed is a finding' '' ticket audit -q
same 'nor made by hand; and all was looked at' "$(ticket audit --strict 2>&1)" "$(git rev-list --count HEAD) commits audited, 0 of them made by hand, 0 findings"
json 'as data' '.' '{"format":1,"findings":[]}' ticket audit --json
does backup "$work/desk.tar"
does restore "$work/desk.tar" "$work/restored"
prints 'nor is anything on a desk restored from a backup' '' ticket -C "$work/restored" audit -q --strict
does -C "$work/restored" respond "$one" -m '还在核实'
prints 'or what is done there' '' ticket -C "$work/restored" audit -q --strict
prints 'an import is believed what it tells of who recorded it, and when' '2' \
	bash -c 'ticket init --policy multichannel "$0/other" 2>/dev/null && cd "$0/other" && jq -c "select(.attachments | not)" "$0/all.jsonl" >"$0/some.jsonl" &&
	ticket import "$0/some.jsonl" >/dev/null 2>&1 && ticket audit -q --strict && ticket list -q | wc -l' "$work"

# --- one thing bent in one commit ---------------------------------------------------------------------------------------
file() { # NUMBER: where its file is
	git ls-files | grep "/$1.json\$"
}
event() { # NUMBER WORD: the first such event
	jq -r --arg do "$2" 'first(.events[] | select(.do == $do)).id' "$(file "$1")"
}
file_one=$(file "$one") file_two=$(file "$two") file_three=$(file "$three")
responded=$(event "$one" responded) noted=$(event "$one" noted) opened=$(event "$one" opened) assigned=$(event "$one" assigned)
attachment=$(git ls-files attachments) journal=$(git ls-files journal) log=$(git ls-files customers/log) tomb=customers/00/00/C000003.json
rules=$(git rev-parse HEAD:policy) former=$(git log --format=%T:policy -- policy | sed -n 2p | xargs git rev-parse) due=$(jq -r '.clocks[] | select(.target == "plan").due[:19]' "$file_one")

# committed [DATE [AUTHOR]]: whatever was changed, by hand.
committed() {
	git add -A && GIT_AUTHOR_DATE=${1-$TICKET_NOW} GIT_COMMITTER_DATE=${1-$TICKET_NOW} git -c user.name="${2-Li}" -c user.email="${3-li@example.org}" commit -qm "${4-by hand}"
}
bent() { # a clone to bend
	rm -rf "$work/bent"
	git clone -q "$honest" "$work/bent" && cd "$work/bent" || exit 1
	git config user.name Li
	git config user.email li@example.org
}
# finds WHAT 'FILE FINDING'... -- COMMAND: after that and a commit these are the findings, and no others.
finds() {
	local what=$1 wanted=()
	shift
	while [ "$1" != -- ]; do
		wanted+=("$1")
		shift
	done
	shift
	bent
	"$@"
	git diff-index --quiet HEAD -- 2>/dev/null && [ -z "$(git status --porcelain)" ] || committed
	found "$what" "${wanted[@]}"
	cd "$honest" || exit 1
}
found() { # WHAT 'FILE FINDING'...
	local what=$1 wanted
	shift
	wanted=$(printf '%s\n' "$@" | sed 's/ /\t/')
	call ticket audit -q --format tsv --columns file,finding
	if [ "$code" = 1 ] && [ "$(tail -n +2 <<<"${out%$'\n'}")" = "$wanted" ]; then
		pass "$what"
	else
		fail "$what" "$(explain)" "wanted: $wanted"
	fi
}
line() { # EVENT: number of its line
	grep -n "\"id\":\"$1\"" "$file_one" | cut -d: -f1
}

finds 'the text of an event' "$file_one 'responded $responded' was changed: text was '正在核实', is '已经解决'" -- sed -i 's/正在核实/已经解决/' "$file_one"
finds 'who recorded it' "$file_one 'responded $responded' was changed: by was 'Wang', is 'Li'" -- sed -i "/$responded/s/\"by\":\"Wang\"/\"by\":\"Li\"/" "$file_one"
finds 'when it was recorded' "$file_one 'responded $responded' was changed: recorded was '2026-05-04T09:20:00+08:00', is '2026-05-04T09:12:00+08:00'" \
	-- sed -i "/$responded/s/\"recorded\":\"2026-05-04T09:20:00/\"recorded\":\"2026-05-04T09:12:00/" "$file_one"
finds 'when it happened' "$file_one 'responded $responded' was changed: at was '2026-05-04T09:20:00+08:00', is '2026-05-04T09:12:00+08:00'" \
	-- sed -i "/$responded/s/\"at\":\"2026-05-04T09:20:00/\"at\":\"2026-05-04T09:12:00/" "$file_one"
finds 'an event that is gone' "$file_one 'noted $noted', which 'Wang' recorded, was taken out" -- sed -i "/$noted/d" "$file_one"
swap() { # two lines that follow one another
	sed -i "$(line "$responded"){h;d};$(line "$noted"){G}" "$file_one"
}
finds 'another order' "$file_one 'noted $noted' was moved ahead of events that came before it" -- swap
finds 'a state that no event made' "$file_one state is 'archived', but the events make it 'in_progress'" -- sed -i 's/"state": "in_progress"/"state": "archived"/' "$file_one"
finds 'a subject that no correction changed' "$file_two subject is '表扬', but the events make it '质量投诉'" -- sed -i 's/"subject": "质量投诉"/"subject": "表扬"/' "$file_two"
finds 'when it was received' "$file_two received is '2026-05-04T09:50:00+08:00', but the events make it '2026-05-04T09:10:00+08:00'" \
	-- sed -i 's/"received": "2026-05-04T09:10/"received": "2026-05-04T09:50/' "$file_two"
finds 'the rules it is judged by' "$file_two policy is '$former', but the events make it '$rules'" \
	-- sed -i "s/\"policy\": \"$rules\"/\"policy\": \"$former\"/" "$file_two"
finds 'a deadline' "$file_one clocks[plan].due is '2026-05-08T09:15:00+08:00', but the events make it '$due+08:00'" \
	"$file_one clocks[plan].next is '2026-05-08T09:15:00+08:00', but the events make it '$due+08:00'" \
	-- sed -i "/\"target\":\"plan\"/s/$due/2026-05-08T09:15:00/g" "$file_one"
finds 'spacing' "$file_one the file is not written as ticket writes it (spacing, order of keys or line ends)" -- sed -i 's/^  "state": /  "state":  /' "$file_one"
finds 'a file that is no ticket any more' "$file_one $file_one:1: not JSON: the text ends too early" -- bash -c "printf , >$file_one"
finds 'a link in its place' "$file_one is no ticket file" -- ln -sf /etc/passwd "$file_one"
finds 'a ticket that is gone' "$file_two this ticket was taken away" -- git rm -q "$file_two"
module() {
	git rm -q "$file_two" && git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),$file_two"
	GIT_AUTHOR_DATE=$TICKET_NOW GIT_COMMITTER_DATE=$TICKET_NOW git commit -qm 'by hand'
}
finds 'nor does a submodule hide that' "$file_two this ticket was taken away" -- module
finds 'an attachment' "$attachment was replaced; such a file never changes" -- bash -c "echo another >$attachment"
finds 'an attachment that is gone' "$attachment was taken away" -- git rm -q "$attachment"
finds 'a line of the journal' "$journal line 1 is no longer there, or no longer the same: $(head -1 "$journal")" -- sed -i '1s/exported/reported/;1s/"at":"2026-05-04T10/"at":"2026-05-04T09/' "$journal"
finds 'a line of the journal that is gone' "$journal line 2 is no longer there, or no longer the same: $(sed -n 2p "$journal")" -- sed -i 2d "$journal"
finds 'the journal of a month' "$journal was taken away" -- git rm -q "$journal"
finds 'who looked at a customer' "$log line 1 is no longer there, or no longer the same: $(head -1 "$log")" -- sed -i 1d "$log"
revive() {
	jq --indent 2 'del(.forgotten) + {"display": "王**"}' "$tomb" >"$work/tomb" && cp "$work/tomb" "$tomb"
}
finds 'a customer who was forgotten' "$tomb customer 'C000003' was forgotten, and has come back" -- revive
finds 'words on a tombstone' "$tomb the tombstone of customer 'C000003' was changed" -- sed -i 's/asked/dead/' "$tomb"
finds 'a customer who is gone' "$tomb was taken away" -- git rm -q "$tomb"
finds 'an action' "actions/2026/A-2026-0001.json state is 'done', but the events make it 'open'" -- sed -i 's/"state": "open"/"state": "done"/' actions/2026/A-2026-0001.json

# --- an event by hand ---------------------------------------------------------------------------------------------------
# add TICKET EVENT [FILTER]: an event as jq makes it of these members, put at the end, and the ticket as FILTER leaves it.
add() {
	local path
	path=$(file "$1")
	python3 - "$path" "$2" <<'END'
import json, sys
path, event = sys.argv[1:]
text = open(path, encoding='utf-8').read()
assert text.endswith('}\n  ]\n}\n')
event = json.dumps(json.loads(event), ensure_ascii=False, separators=(',', ':'))
open(path, 'w', encoding='utf-8').write(text[:-len('\n  ]\n}\n')] + ',\n    ' + event + '\n  ]\n}\n')
END
}
signed() { # WORD MORE [BY [RECORDED [AT]]]
	printf '{"id":"00000000000000ff","at":"%s","recorded":"%s","by":"%s","do":"%s"%s}' "${5-${4-$TICKET_NOW}}" "${4-$TICKET_NOW}" "${3-Li}" "$1" "$2"
}
said="'noted 00000000000000ff'"
bent
add "$three" "$(signed noted ',"text":"by hand"')" && committed
prints 'what keeps every rule may be recorded by hand' '' ticket audit -q
same 'and is told apart' "$(ticket audit 2>&1 | sed 's/^[0-9]* //')" 'commits audited, 1 of them made by hand, 0 findings'
json 'or is a finding, if one wants' '.findings | map([.by, .file, .by_hand, .finding])' '[["Li",null,true,"was made by hand"]]' bash -c 'ticket audit -q --strict --json; [ $? = 1 ]'
cd "$honest" || exit 1
finds 'in the name of another' "$file_three $said is signed by 'Wang', but 'Li' committed it" -- add "$three" "$(signed noted ',"text":"x"' Wang)"
finds 'in a role that one has not' "$file_three $said is signed by 'Li' as 'director', which the rules did not make him" -- add "$three" "$(signed noted ',"text":"x"' | sed 's/"do"/"role":"director","do"/')"
finds 'back-dated' "$file_three $said says that it was recorded at 2026-05-05T10:00:00+08:00, but it was committed at 2026-05-06T09:30:00+08:00" \
	-- add "$three" "$(signed noted ',"text":"x"' Li 2026-05-05T10:00:00+08:00)"
finds 'ahead of its time' "$file_three $said says that it was recorded at 2026-05-06T11:00:00+08:00, but it was committed at 2026-05-06T09:30:00+08:00" \
	-- add "$three" "$(signed noted ',"text":"x"' Li 2026-05-06T11:00:00+08:00)"
finds 'of what is still to happen' "$file_three $said says that it happened at 2026-05-06T11:00:00+08:00, but it was recorded at 2026-05-06T09:30:00+08:00" \
	"$file_three $said could not be recorded: '$three': 2026-05-06T11:00:00+08:00 lies in the future; it is 2026-05-06T09:30:00+08:00 now" \
	-- add "$three" "$(signed noted ',"text":"x"' Li "$TICKET_NOW" 2026-05-06T11:00:00+08:00)"
finds 'which the state does not allow' \
	"$file_three 'archived 00000000000000ff' could not be recorded: '$three' is triaged, so it cannot be 'archived' (ticket archive); allowed now: triage, assign, respond, inbound, note, plan, wait, resolve, escalate, attach, merge, split, link, quarantine, correct" \
	"$file_three state is 'triaged', but the events make it 'archived'" -- add "$three" "$(signed archived '')"
finds 'called a rule'"'"'s' "$file_three 'noted 00000000000000ff' says that a rule recorded it, but there is none that had to" -- add "$three" "$(signed noted ',"text":"x","automatic":true')"
finds 'a warning of a clock that is not there' "$file_three 'warned 00000000000000ff' says that a rule recorded it, but there is none that had to" \
	-- add "$three" "$(signed warned ',"automatic":true,"due":"2026-05-05T09:00:00+08:00","step":"due","clock":"plan","cycle":1')"
finds 'what only others may do' "$file_three 'verified 00000000000000ff' could not be recorded: '$three' is triaged, so it cannot be 'verified' (ticket verify); allowed now: triage, assign, respond, inbound, note, plan, wait, resolve, escalate, attach, merge, split, link, quarantine, correct" \
	"$file_three state is 'triaged', but the events make it 'verified'" -- add "$three" "$(signed verified '')"
finds 'an event that was there' "$file_three the event $(event "$three" opened) is there twice" \
	-- add "$three" "$(signed noted ',"text":"x"' | sed "s/00000000000000ff/$(event "$three" opened)/")"
finds 'a file that is not there' "$file_three 'attached 00000000000000ff' names the file 'x', but attachments/aa/aa11 is not there" "$file_three attachments[x] is '', but the events make it '{\"name\":\"x\",\"digest\":\"aa11\"}'" \
	-- add "$three" "$(signed attached ',"files":[{"name":"x","digest":"aa11"}]')"
finds 'a correction of what is no mistake' "$file_three 'corrected 00000000000000ff' corrects uid, which cannot be corrected" \
	-- add "$three" "$(signed corrected ',"reason":"x","changes":[{"field":"uid","old":"x","new":"ffff"}]')"
wishes() {
	sed -i 's/^  "policy"/  "wants": "more",\n&/' "$file_three" && add "$three" "$(signed corrected ',"reason":"x","changes":[{"field":"wants","old":"less","new":"more"}]')"
}
finds 'a correction of what was not so' "$file_three 'corrected 00000000000000ff' says that wants was 'less', but it was ''" -- wishes
moved() {
	sed -i "s/\"policy\": \"$rules\"/\"policy\": \"$former\"/" "$file_three" && add "$three" "$(signed retargeted ",\"automatic\":true,\"old\":\"$rules\",\"new\":\"$former\"")"
}
finds 'a move to rules that are not the desk'"'"'s' "$file_three 'retargeted 00000000000000ff' moves it to the rules '$former', but those of the desk are '$rules'" -- moved
