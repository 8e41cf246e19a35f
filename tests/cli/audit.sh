#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016
# audit: what this program commits is never a finding; whatever is bent in a commit is found, and nothing besides. The desks
# of all other tests are audited as well (harness.sh).
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"
. "$top/tests/cli/bend.sh"

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

# --- what is remembered of the rules is not believed, nor touched
ok 'the rules are remembered' ticket list -q
cp .git/ticket/policy.memo "$work/memo"
python3 - .git/ticket/policy.memo <<'END'
import struct, sys, zlib
memo = bytearray(open(sys.argv[1], "rb").read())
at = memo.index(b"\x02Li\0") + 1
memo[at:at + 2] = b"Lx"
struct.pack_into("<I", memo, 28, zlib.crc32(memo[32:]))
open(sys.argv[1], "wb").write(memo)
END
cp .git/ticket/policy.memo "$work/bent-memo"
answers 3 'others believe it' ticket new -c wechat -t inquiry/function -m 'by whom?'
prints 'the audit reads the text' '' ticket audit -q
ok 'and leaves what is remembered alone' cmp .git/ticket/policy.memo "$work/bent-memo"
cp "$work/memo" .git/ticket/policy.memo
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
file_one=$(file "$one") file_two=$(file "$two") file_three=$(file "$three")
responded=$(event "$one" responded) noted=$(event "$one" noted) opened=$(event "$one" opened) assigned=$(event "$one" assigned)
attachment=$(git ls-files attachments) journal=$(git ls-files journal) log=$(git ls-files customers/log) tomb=customers/00/00/C000003.json
rules=$(git rev-parse HEAD:policy) former=$(git log --format=%T:policy -- policy | sed -n 2p | xargs git rev-parse) due=$(jq -r '.clocks[] | select(.target == "plan").due[:19]' "$file_one")

bent() { # a clone to bend
	cd "$work" && rm -rf bent && git clone -q "$honest" "$work/bent" && cd "$work/bent" || exit 1
	git config user.name Li
	git config user.email li@example.org
}
unbent() { # the same clone again, as it was
	cd "$work/bent" && git reset -q --hard "$head" && git clean -qfd || exit 1
}
bent
head=$(git rev-parse HEAD)
cd "$honest" || exit 1
# finds WHAT 'FILE FINDING'... -- COMMAND: after that and a commit these are the findings, and no others.
finds() {
	local what=$1 wanted=()
	shift
	while [ "$1" != -- ]; do
		wanted+=("$1")
		shift
	done
	shift
	unbent
	"$@"
	git diff-index --quiet HEAD -- 2>/dev/null && [ -z "$(git status --porcelain)" ] || committed
	found "$what" "${wanted[@]}"
	cd "$honest" || exit 1
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
said="'noted 00000000000000ff'"
bent
add "$three" "$(signed noted ',"text":"by hand"')" && committed
prints 'what keeps every rule may be recorded by hand' '' ticket audit -q
same 'and is told apart' "$(ticket audit 2>&1 | sed 's/^[0-9]* //')" 'commits audited, 1 of them made by hand, 0 findings'
json 'or is a finding, if one wants' '.findings | map([.by, .file, .by_hand, .finding])' '[["Li",null,true,"was made by hand"]]' bash -c 'ticket audit -q --strict --json; [ $? = 1 ]'
bent
add "$three" "$(signed noted ',"text":"by hand","later":{"x":1}')" && committed
does note "$three" -m 'and by this version'
prints 'what a later version has written is carried along' '' ticket audit -q
sed -i 's/"later":{"x":1}/"later":{"x":2}/' "$file_three" && committed
found 'and may not be changed' "$file_three 'noted 00000000000000ff' was changed in members that this version does not know"
cd "$honest" || exit 1
finds 'in the name of another' "$file_three $said is signed by 'Wang', but 'Li' committed it" -- add "$three" "$(signed noted ',"text":"x"' Wang)"
finds 'in a role that one has not' "$file_three $said is signed by 'Li' as 'director', which the rules did not make him" -- add "$three" "$(signed noted ',"text":"x"' | sed 's/"do"/"role":"director","do"/')"
finds 'back-dated' "$file_three $said says that it was recorded at 2026-05-05T10:00:00+08:00, but it was committed at 2026-05-06T09:30:00+08:00; clocks may differ by 5m (clock_skew)" \
	-- add "$three" "$(signed noted ',"text":"x"' Li 2026-05-05T10:00:00+08:00)"
finds 'ahead of its time' "$file_three $said says that it was recorded at 2026-05-06T11:00:00+08:00, but it was committed at 2026-05-06T09:30:00+08:00; clocks may differ by 5m (clock_skew)" \
	-- add "$three" "$(signed noted ',"text":"x"' Li 2026-05-06T11:00:00+08:00)"
finds 'of what is still to happen' "$file_three $said says that it happened at 2026-05-06T11:00:00+08:00, but it was recorded at 2026-05-06T09:30:00+08:00; clocks may differ by 5m (clock_skew)" \
	"$file_three $said could not be recorded: '$three': 2026-05-06T11:00:00+08:00 lies in the future; it is 2026-05-06T09:30:00+08:00 now" \
	-- add "$three" "$(signed noted ',"text":"x"' Li "$TICKET_NOW" 2026-05-06T11:00:00+08:00)"
finds 'which the state does not allow' \
	"$file_three 'archived 00000000000000ff' could not be recorded: '$three' is triaged, so it cannot be 'archived' (ticket archive); allowed now: triage, assign, respond, inbound, note, plan, wait, resolve, escalate, attach, merge, split, link, quarantine, correct" \
	"$file_three state is 'triaged', but the events make it 'archived'" -- add "$three" "$(signed archived '')"
finds 'called a rule'"'"'s' "$file_three 'noted 00000000000000ff' says that a rule recorded it, but there is none that had to" -- add "$three" "$(signed noted ',"text":"x","automatic":true')"
finds 'a warning of a clock that is not there' "$file_three 'warned 00000000000000ff' says that a rule recorded it, but there is none that had to" \
	-- add "$three" "$(signed warned ',"automatic":true,"due":"2026-05-05T09:00:00+08:00","step":"due","clock":"plan","cycle":1')"
by_wang() {
	"$@"
	committed "$TICKET_NOW" Wang "${wang-wang@example.org}"
}
finds 'what only others may do' "$file_three 'quarantined 00000000000000ff' could not be recorded: '$three': 'quarantined' may not be recorded by 'Wang'; it is for analyst, supervisor" \
	"$file_three quarantined is '', but the events make it 'true'" -- by_wang add "$three" "$(signed quarantined ',"text":"x","cause":"entry"' Wang)"
finds 'by nobody of the desk' "$file_three 'noted 00000000000000ff' could not be recorded: 'Zhao' is nobody of this desk; act as one of its people with --as, or add the name to policy/policy.json" \
	-- bash -c "$(declare -f add signed file committed); add $three \"\$(signed noted ',\"text\":\"x\"' Zhao)\" && committed \$TICKET_NOW Zhao zhao@example.org"
wang=wang@elsewhere.invalid finds 'from another address' "$file_three 'noted 00000000000000ff' is signed by 'Wang', but was committed from another address: wang@elsewhere.invalid" \
	-- by_wang add "$three" "$(signed noted ',"text":"x"' Wang)"
finds 'rules that only others may change' "policy/policy.json the rules were changed without leave: 'policy' is not for 'Wang'; it is for admin" -- by_wang sed -i 's/"50h"/"99h"/' policy/policy.json
finds 'nor may he change when they work' "policy/policy.json the rules were changed without leave: 'policy' is not for 'Wang'; it is for admin" -- by_wang git rm -q policy/calendars/office.json
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

# --- commits ------------------------------------------------------------------------------------------------------------
told() { # SED: the message of the last commit, edited
	again -m "$(git log -1 --format=%B | sed "$1")"
}
note() {
	does note "$one" -m 'still at it' && noted=$(git log -1 --format=%B | sed -n 's/^Event: //p')
}
bent
note
again -m "$(git log -1 --format=%B)"
prints 'a commit that is what it was' '' ticket audit -q
told "s/^Event: .*/Event: $noted\nEvent: noted 00000000000000ff/"
found 'a message that tells of more' "$file_one the message of the commit tells of 'noted 00000000000000ff', which it did not record"
told "/^Event: /d"
found 'of less' "$file_one the message of the commit does not tell of '$noted'"
told "s/^Ticket: .*/Ticket: $two/"
found 'of another ticket' "$file_one the message of the commit does not name this ticket" " the message names ticket '$two', to which nothing was done"
told "/^Event: /d;s/^Ticket: .*/Tickets: 3/"
found 'of a number of tickets' " the message tells of 3 tickets, but 1 were changed"
told "1s/.*/$one: note/;s/^Tickets.*/Ticket: $one\nEvent: $noted/"
sed -i 's/"priority": "high"/"priority": "low"/' "$file_one"
again -a --no-edit
found 'something put into it' "$file_one priority is 'low', but the events make it 'high'"
sed -i 's/"priority": "low"/"priority": "high"/' "$file_one"
git add -A && git commit -q --amend --no-edit --date="$(git log -1 --format=%aI)" # which makes it a commit of today
call ticket --now 2100-01-01T00:00:00Z audit -q --format tsv --columns finding
matches 'made again later' "^'$noted' says that it was recorded at 2026-05-06T09:30:00\+08:00, but it was committed at" printf '%s' "$out"
cd "$honest" || exit 1

bent
does --now 2026-05-06T09:00:00+08:00 note "$one" -m 'back-dated'
found 'a commit older than the one before it' " was made at 2026-05-06T09:00:00+08:00, but $(git rev-parse HEAD~1 | cut -c1-12), which came before it, at 2026-05-06T09:30:00+08:00; clocks may differ by 5m (clock_skew)"
bent
does --now 2026-05-06T12:00:00+08:00 note "$one" -m 'ahead'
found 'one of the future' " was made at 2026-05-06T12:00:00+08:00, which lies in the future; clocks may differ by 5m (clock_skew)"
prints 'which was present then' '' ticket --now 2026-05-06T12:00:00+08:00 audit -q
bent
does note "$one" -m 'x' --at 2026-05-06T09:00:00+08:00
prints 'what happened earlier may be recorded later' '' ticket audit -q
GIT_COMMITTER_DATE=$TICKET_NOW git commit -q --amend --no-edit --date=2026-05-05T09:00:00+08:00
found 'but the commit must say when' " says that it happened at another time than any of its events"
bent
does import "$work/old.csv" --map "$work/map.json"
sed 's/older/oldest/' "$work/again.csv" >"$work/third.csv"
does import "$work/third.csv" --map "$work/map.json"
told 's/0 new, 1 changed/2 new, 7 changed/'
found 'an import that tells of others' ' the message tells of 2 new and 7 changed tickets, but there are 0 and 1'
cd "$work" && git clone -q --depth=1 "file://$honest" shallow && cd shallow || exit 1
refused 7 'ticket: this clone is shallow: it lacks older history; get it first: git fetch --unshallow' ticket audit
bent
object=$(git rev-parse HEAD~3)
rm -f ".git/objects/${object:0:2}/${object:2}"
answers 7 'a commit that is missing' ticket audit
matches 'is named' "$object cannot be read" printf '%s' "$err"
cd "$honest" || exit 1

# What was bent and put right is found where it was bent; what was recorded meanwhile is judged as it stood.
bent
sed -i 's/"priority": "high"/"priority": "low"/' "$file_one" && committed
does note "$one" -m 'goes on'
dated "$TICKET_NOW" git revert --no-edit HEAD~1 >/dev/null 2>&1
found 'what was put right is no finding' "$file_one priority is 'low', but the events make it 'high'"
same 'in its own commit' "$(ticket audit -q --format tsv --columns commit 2>/dev/null | tail -1)" "$(git rev-parse HEAD~2)"

# --- ranges -------------------------------------------------------------------------------------------------------------
audited() { # WORDS...: how many commits
	ticket audit "$@" 2>&1 | sed -n 's/ commits audited.*//p'
}
all=$(git rev-list --count HEAD)
same 'all' "$(audited HEAD)" "$all"
same 'what leads to one' "$(audited HEAD~2)" "$((all - 2))"
same 'A..' "$(audited HEAD~3..)" 3
same 'A..B' "$(audited HEAD~3..HEAD~1)" 2
same '..B' "$(audited ..HEAD~1)" "$((all - 1))"
same 'nothing' "$(audited HEAD..HEAD~3)" 0
same 'by time' "$(audited 2026-05-04T09:20:00+08:00..2026-05-04T10:00:00+08:00)" "$(git rev-list --count --since=2026-05-04T09:20:01+08:00 --until=2026-05-04T10:00:00+08:00 HEAD)"
same 'by day' "$(audited --day 2026-05-05)" "$(git rev-list --count --since=2026-05-04T23:59:59+08:00 --until=2026-05-06T00:00:00+08:00 HEAD)"
refused 4 "ticket: no commit 'nowhere' in this desk; see ticket log" ticket audit nowhere..
refused 2 "ticket: 'a...b' is no range; right would be A..B, A.., ..B or REV" ticket audit a...b
cd "$honest" || exit 1

# --- an anchor outside --------------------------------------------------------------------------------------------------
at 2026-05-06T10:00:00+08:00
head=$(git rev-parse HEAD)
tickets=$(git ls-files tickets | wc -l) events=$(git ls-files tickets | xargs cat | jq '.events | length' | paste -sd+ | bc)
commits=$(git rev-list --count HEAD)
prints 'an anchor' "ticket anchor 1 2026-05-06T10:00:00+08:00 $head $commits commits $tickets tickets $events events" ticket audit --anchor
json 'as data' '.anchors' "[{\"taken\":\"2026-05-06T10:00:00+08:00\",\"commit\":\"$head\",\"commits\":$commits,\"tickets\":$tickets,\"events\":$events}]" ticket audit --anchor --json
{
	echo 'Subject: the anchor of today'
	echo "> $(ticket audit --anchor), as read out on the telephone"
} >"$work/mail"
ok 'stands' ticket audit --against "$work/mail"
same 'and nothing came since' "$(ticket audit --against "$work/mail" 2>&1)" '0 commits audited, 0 of them made by hand, 0 findings'
bent
does note "$one" -m 'later'
same 'what came since is judged' "$(ticket audit --against "$work/mail" 2>&1)" '1 commits audited, 0 of them made by hand, 0 findings'
same 'a commit will do as well' "$(ticket audit --against HEAD~2 2>&1)" '2 commits audited, 0 of them made by hand, 0 findings'
sed -i 's/"state": "in_progress"/"state": "archived"/' "$file_one" && committed
call ticket audit -q --against "$work/mail" --format tsv --columns finding
same 'and found' "$code ${out#*$'\n'}" "1 state is 'archived', but the events make it 'in_progress'
"
# The whole history anew, with one event that says something else in every commit that holds it.
mkdir "$work/rewritten" && cd "$work/rewritten" && git init -q -b main
git -C "$honest" fast-export main | sed 's/asked the engineers/asked the directors/' | git fast-import --quiet && git checkout -q main
[ "$(git rev-parse HEAD)" != "$head" ]
same 'a history that was rewritten as a whole' $? 0
prints 'bears no sign of it' '' ticket audit -q --strict
call ticket audit -q --against "$work/mail" --format tsv --columns commit,recorded,finding
same 'but does not lead to its anchor' "$code ${out#*$'\n'}" "1 $head	2026-05-06T10:00:00+08:00	the history was rewritten since: this commit is no longer in it
"
git fetch -q "$honest" main
answers 1 'not even when its objects are there' ticket audit -q --against "$work/mail"
answers 1 'or named by hand' ticket audit -q --against "$head"
refused 4 "ticket: no commit 'nowhere' in this desk; see ticket log" ticket audit --against nowhere
echo 'no anchor here' >"$work/empty"
refused 2 "ticket: in '$work/empty' stands no anchor; ticket audit --anchor prints one" ticket audit --against "$work/empty"
refused 2 'ticket: --anchor only prints a line' ticket audit --anchor --strict
# One commit taken out by git, which dates what follows anew.
bent
git -c user.name=Li -c user.email=li@example.org rebase -q --onto HEAD~5 HEAD~4 >/dev/null 2>&1
call ticket --now 2100-01-01T00:00:00Z audit -q --format tsv --columns finding
matches 'a commit less' 'says that it was recorded at .*, but it was committed at' printf '%s' "$out"
answers 1 'is no longer the history that was anchored' ticket --now 2100-01-01T00:00:00Z audit -q --against "$work/mail"
cd "$honest" || exit 1

# --- before a push is taken ---------------------------------------------------------------------------------------------
server=$work/server.git
git init -q --bare -b main "$server"
install -m 755 "$top/docs/examples/pre-receive" "$server/hooks/pre-receive"
hook_clock() { # the hook has the clock of the machine; here that of the story
	sed -i "s|^unset TICKET_DESK TICKET_NOW|unset TICKET_DESK; export TICKET_NOW=$1|" "$server/hooks/pre-receive"
}
hook_clock 2026-05-06T10:00:00+08:00
bent
git remote set-url origin "$server"
push() { # ARGUMENTS: exit code and what the pusher reads, without git's own words
	git push -q origin "$@" >"$work/pushed" 2>&1
	printf '%s' "$?"
	sed -n 's/^remote: //p' "$work/pushed" | sed 's/ *$//'
}
same 'a history that was never bent is taken, also as the first' "$(push main)" 0
does note "$one" -m 'pushed'
same 'and what is done after it' "$(push main)" 0
does note "$one" -m 'also pushed'
git -C "$server" config transfer.unpackLimit 1
same 'also where git keeps it in a pack' "$(push main)" 0
git checkout -q -b side
does note "$two" -m 'on a branch'
same 'a branch' "$(push side)" 0
git checkout -q main
there=$(git -C "$server" rev-parse main)
for limit in 1 100; do
	git -C "$server" config transfer.unpackLimit "$limit"
	sed -i 's/正在核实/已经解决/' "$file_one" && committed
	out=$(push main) git_says=$(grep declined "$work/pushed")
	same 'what is bent is refused' "${out:0:1} $(git -C "$server" rev-parse main)" "1 $there"
	matches 'and the pusher told' "$(git rev-parse HEAD | cut -c1-10) .* Li .*$file_one .*'responded $responded' was changed: text was '正在核实', is '已经解决'" printf '%s' "$out"
	matches 'by git' 'pre-receive hook declined' printf '%s' "$git_says"
	git revert --no-edit HEAD >/dev/null
	out=$(push main)
	same 'putting it right does not take it back' "${out:0:1} $(git -C "$server" rev-parse main)" "1 $there"
	git reset -q --hard "$there"
done
git checkout -q -b lie && sed -i 's/正在核实/已经解决/' "$file_one" && committed
out=$(push lie)
same 'on a new branch as well' "${out:0:1}" 1
git checkout -q main && git branch -qD lie
echo , >policy/policy.json && committed
out=$(push main)
matches 'rules that cannot be read' '^1.*' printf '%s' "$out"
matches 'are told too' 'policy/policy.json .*the rules cannot be used: ' printf '%s' "$out"
git reset -q --hard "$there"
git reset -q --hard HEAD~1 && does note "$one" -m 'instead'
out=$(push --force main)
same 'another history is refused' "${out:0:1} $(git -C "$server" rev-parse main)" "1 $there"
matches 'and named' "^${there:0:10} .*refs/heads/main .*the history would be rewritten: this commit is not in what is pushed" printf '%s\n' "${out#1}"
out=$(push --delete main)
same 'nor is the branch taken away that the desk stands on' "${out:0:1} $(git -C "$server" rev-parse main)" "1 $there"
matches 'as is told' 'refs/heads/main .*the desk stands on this branch; it cannot be taken away' printf '%s' "$out"
same 'another may be' "$(push --delete side)" 0
git tag v1 && same 'tags are nobody'"'"'s business' "$(push v1)" 0
git checkout -q --orphan pages && git rm -rqf . && echo page >page && git add page && git -c user.name=x -c user.email=x commit -qm page
same 'nor is a branch without a desk' "$(push pages)" 0
echo other >page && git add page && git -c user.name=x -c user.email=x commit -q --amend -m page
same 'which may be rewritten' "$(push --force pages)" 0
git checkout -q main && git reset -q --hard "$there" && does note "$one" -m 'by hand soon'
again -m 'by hand'
sed -i 's/--receive/--receive --strict/' "$server/hooks/pre-receive"
out=$(push main)
same 'a strict server takes nothing made by hand' "${out:0:1}" 1
matches 'and says so' 'was made by hand' printf '%s' "$out"
git reset -q --hard "$there"
does note "$one" -m 'by the program'
same 'what the program made it takes' "$(push main)" 0
prints 'in the end the server is sound' '' ticket -C "$server" audit -q --strict
refused 2 "ticket: 'x y' is no line of git's 'OLD NEW REF'; --receive is for the hook pre-receive" bash -c 'echo x y | ticket audit --receive'
refused 2 'ticket: --receive judges what is being pushed, and nothing else' ticket audit --receive --anchor
refused 2 "ticket: 'x' is one argument too many; usage: ticket audit [RANGE] [--strict] [--against FILE|COMMIT]...
--anchor
--receive [--strict]" ticket audit --receive x
cd "$honest" || exit 1
