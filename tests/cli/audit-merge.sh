#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154
# audit of merges: what ticket sync made of several copies of a desk is never a finding, in none of them; whatever a merge
# by hand does otherwise is found, and nothing besides.
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"
. "$top/tests/cli/bend.sh"
export GIT_AUTHOR_NAME=Li GIT_AUTHOR_EMAIL=li@example.org GIT_COMMITTER_NAME=Li GIT_COMMITTER_EMAIL=li@example.org

# --- copies of one desk, by way of a server that takes nothing bent -----------------------------------------------------
at 2026-05-04T08:00:00+08:00
desk li --policy multichannel
hub=$work/hub.git
git init -q --bare -b main "$hub"
install -m 755 "$top/docs/examples/pre-receive" "$hub/hooks/pre-receive"
# The hook has the clock of the machine; here that of the story. And it takes nothing made by hand.
sed -i 's|^unset TICKET_DESK TICKET_NOW|unset TICKET_DESK; export TICKET_NOW=2026-05-06T00:00:00Z|; s/--receive/--receive --strict/' "$hub/hooks/pre-receive"
git remote add origin "$hub"
jq '.people = [{"name": "Li", "email": "li@example.org", "roles": ["agent", "supervisor", "admin"]}, {"name": "Wang", "email": "wang@example.org", "roles": ["agent", "supervisor", "admin"]},
	{"name": "Zhao", "roles": ["agent"]}]' policy/policy.json >"$work/people.json"
does policy apply "$work/people.json"
at 2026-05-04T09:00:00+08:00
one=$(ticket new -q -c wechat -t malfunction/login -p high --name 张三 --contact 13812345678 -m '登录不了')
two=$(ticket new -q -c app -t inquiry/function --name 李四 --contact 13912345678 -m 'How does it work?')
does customer add --name 王五 --phone 13712345678
does kb add hours -m 'open at nine'
does action add -m 'Logins fail too often' --owner Wang --due 2026-06-01
does backup "$work/first.tar"
echo 'a long secret of ours' >"$work/secret"
does customer share "$work/keys" --passphrase-file "$work/secret" --reason 'the other desks'
ok 'the server takes the desk' ticket sync -q
git clone -q "$hub" "$work/wang"
git clone -q --bare "$hub" "$work/zhao"
for name in wang zhao; do
	desks+=("$work/$name")
	(cd "$work/$name" && ticket customer receive "$work/keys" --passphrase-file "$work/secret" >/dev/null 2>&1)
done
# by NAME COMMAND...: somebody at his own copy
by() {
	local who=$1
	shift
	call ticket -C "$work/${who,,}" --as "$who" "$@"
	[ "$code" = 0 ] || fail "ticket --as $who $*" "$(explain)"
}
at 2026-05-04T09:10:00+08:00
by Wang note "$one" -m 'asked the engineers'
by Wang new -c wechat -t complaint/quality --name 赵六 --contact 13612345678 -m 'opened later'
by Wang action add -m 'no answer in the evening' --owner Wang --due 2026-06-02
by Wang action note 1 -m 'asked the vendor'
by Wang kb edit hours -m 'open at ten'
by Wang customer edit 1 --industry retail
by Wang customer edit 2 --industry mining
by Wang backup "$work/wang.tar"
by Zhao note "$two" -m 'looked it up'
at 2026-05-04T09:08:00+08:00
by Li assign "$one" Li
by Li new -c wechat -t complaint/quality --name 孙七 --contact 13512345678 -m 'opened earlier'
by Li action add -m 'opening hours are nowhere' --owner Li --due 2026-06-03
by Li action note 1 -m 'asked the operators'
by Li kb edit hours -m 'open at eight'
by Li customer edit 2 --industry trade
by Li customer forget 1 --reason asked
by Li backup "$work/li.tar"
at 2026-05-04T09:12:00+08:00
ok 'what one did goes through the hook' ticket sync -q
call ticket -C "$work/wang" --as Wang sync --json
same 'and the merge of what the other did' "$code $(jq -c '[.records[] | select(.change == "renumbered" or .change == "replaced") | .change + " " + .record] | sort' <<<"$out")" \
	'0 ["renumbered A-2026-0003","renumbered C000005","renumbered WX-20260504-003","replaced C000001","replaced C000002","replaced kb/hours.md"]'
joined=$(git -C "$work/wang" rev-parse HEAD)
by Zhao sync -q
by Li sync -q
same 'all have the same' "$(git -C "$work/zhao" rev-parse "main^{tree}")" "$(git rev-parse "HEAD^{tree}")"

# Two merge the same, each for himself, and then one another.
at 2026-05-04T09:20:00+08:00
by Wang respond "$one" -m '正在核实'
by Zhao new -c app -t inquiry/function -m 'of Zhao'
at 2026-05-04T09:21:00+08:00
for who in Wang Zhao; do
	by $who sync -q --no-push "$work/$([ $who = Wang ] && echo zhao || echo wang)"
done
by Wang note "$one" -m 'from Wang'
by Zhao sync -q
by Wang sync -q
at 2026-05-04T09:22:00+08:00
by Zhao note "$one" -m 'from Zhao'
by Wang note "$one" -m 'from Wang again'
by Zhao sync -q
by Wang sync -q
by Li sync -q

# What follows no more; and what somebody records whose clock is behind another's.
at 2026-05-04T09:30:00+08:00
by Li resolve "$one" -m "done"
by Li sync -q
by Wang sync -q
at 2026-05-04T09:34:00+08:00
by Wang confirm "$one"
by Wang backup "$work/wang2.tar"
by Wang action note 1 -m 'from Wang'
at 2026-05-04T09:31:00+08:00
by Li reopen "$one" --reason 'not solved at all'
by Wang sync -q
by Li sync -q
by Li note "$one" -m 'recorded before what stands there'
by Li backup "$work/li2.tar"
by Li action note 1 -m 'from Li'
by Li sync -q
json 'it bears the time of what stands there' '.tickets[0].events[-2:] | [.[0].do, .[1].do, .[1].recorded == .[0].recorded]' '["confirmed","noted",true]' ticket show "$one" --json

# Rules that both have changed.
for round in theirs ours; do
	at "2026-05-04T09:4$([ $round = ours ] && echo 5 || echo 0):00+08:00"
	by Wang sync -q
	jq ".survey.close = \"5$([ $round = ours ] && echo 5 || echo 0)h\"" policy/policy.json >"$work/li.json"
	jq ".survey.close = \"6$([ $round = ours ] && echo 5 || echo 0)h\"" policy/policy.json >"$work/wang.json"
	by Li policy apply "$work/li.json"
	by Li note "$two" -m 'by my own rules'
	by Wang policy apply "$work/wang.json"
	by Wang note "$two" -m 'by other rules'
	by Li sync -q
	answers 3 'rules that both have changed' ticket -C "$work/wang" sync
	by Wang sync -q --policy "$round"
	by Wang new -c wechat -t inquiry/function -m 'by the rules that stand'
	by Wang sync -q
	by Li sync -q
	same "of them stand $round" "$(jq -r .survey.close policy/policy.json)" "$([ $round = ours ] && echo 65h || echo 50h)"
done
by Zhao sync -q
at 2026-05-05T09:00:00+08:00
for name in li wang zhao hub.git; do
	prints "nothing that was merged is a finding: $name" '' ticket -C "$work/$name" audit -q --strict
done
same 'all of it was looked at' "$(ticket audit 2>&1)" "$(git rev-list --count HEAD) commits audited, 0 of them made by hand, 0 findings"
same 'merges among it' "$(git rev-list --merges --count HEAD)" 8

# A clock that is behind by more than the rules allow is a finding; what is recorded by it is none besides.
git clone -q "$hub" "$work/slow" && cd "$work/slow" || exit 1
git config user.name Li
git config user.email li@example.org
does --now 2026-05-04T09:35:00+08:00 note "$two" -m 'by a slow clock'
found 'a clock that is behind' " was made at 2026-05-04T09:35:00+08:00, but $(git rev-parse HEAD~1 | cut -c1-12), which came before it, at 2026-05-04T09:45:00+08:00; clocks may differ by 5m (clock_skew)"

# --- one merge, forged --------------------------------------------------------------------------------------------------
# forged WHAT 'FILE FINDING'... -- COMMAND...: the merge of Wang, after that, has these findings, and no others.
git clone -q "$work/wang" "$work/merge" && cd "$work/merge" && git reset -q --hard "$joined" || exit 1
git config user.name Li
git config user.email li@example.org
git remote remove origin
forged() {
	local what=$1 wanted=()
	shift
	while [ "$1" != -- ]; do
		wanted+=("$1")
		shift
	done
	shift
	cd "$work/merge" && git reset -q --hard "$joined" && git clean -qfd
	"$@"
	git add -A && again --no-edit
	if [ ${#wanted[@]} = 0 ]; then
		prints "$what" '' ticket audit -q
	else
		found "$what" "${wanted[@]}"
	fi
}
path_one=$(file "$one") path_new=$(file WX-20260504-002) path_later=$(file WX-20260504-003) journal=journal/2026/05.jsonl
action=actions/2026/A-2026-0001.json
noted=$(event "$one" noted) assigned=$(event "$one" assigned) renumbered=$(event WX-20260504-003 renumbered)
acted=$(jq -r '.events[] | select(.do == "noted" and .by == "Wang").id' $action) ours=$(git rev-parse HEAD^1) theirs=$(git rev-parse HEAD^2)
# events FILE PYTHON: its lines of events, as that leaves the list 'v'.
events() {
	python3 - "$1" "$2" <<'END'
import sys
path, change = sys.argv[1:]
head, rest = open(path, encoding='utf-8').read().split('  "events": [\n', 1)
body, tail = rest.split('\n  ]\n', 1)
v = [line.rstrip(',') for line in body.split('\n')]
exec(change)
open(path, 'w', encoding='utf-8').write(head + '  "events": [\n' + ',\n'.join(v) + '\n  ]\n' + tail)
END
}
drop() { # FILE EVENT
	events "$1" "v = [e for e in v if '$2' not in e]"
}
state=$(jq -r .state "$path_one") uid_new=$(jq -r .uid "$path_new") uid_later=$(jq -r .uid "$path_later") log=$(git ls-files customers/log)
forged 'made again as it was' -- true
forged 'an event that is lost' "$path_one 'noted $noted', which 'Wang' recorded, was taken out" -- drop "$path_one" "$noted"
forged 'an event that is changed' "$path_one 'noted $noted' was changed: text was 'asked the engineers', is 'asked nobody'" -- sed -i 's/asked the engineers/asked nobody/' "$path_one"
forged 'its author' "$path_one 'noted $noted' was changed: by was 'Wang', is 'Li'" -- sed -i "/\"$noted\"/s/\"by\":\"Wang\"/\"by\":\"Li\"/" "$path_one"
forged 'its time' "$path_one 'noted $noted' was changed: recorded was '2026-05-04T09:10:00+08:00', is '2026-05-04T09:05:00+08:00'" \
	-- sed -i "/\"$noted\"/s/\"recorded\":\"2026-05-04T09:10/\"recorded\":\"2026-05-04T09:05/" "$path_one"
forged 'an event that neither side has' "$path_one 'noted 00000000000000ff' by 'Wang' was put in by the merge: neither side has it" -- add "$one" "$(signed noted ',"text":"x"' Wang)"
forged 'another order' "$path_one 'noted $noted' stands where 'assigned $assigned' belongs: a merge keeps each side's order, and of two recordings puts the earlier first" \
	-- events "$path_one" 'v[1], v[2] = v[2], v[1]'
forged 'a state that no event made' "$path_one state is 'archived', but the events make it '$state'" -- sed -i 's/"state": "[a-z_]*"/"state": "archived"/' "$path_one"
forged 'spacing' "$path_one is not, byte for byte, what the merge of both sides makes" -- sed -i 's/^  "state": /  "state":  /' "$path_one"
forged 'a ticket that cannot be read' "$path_one $path_one:1: not JSON: the text ends too early" -- bash -c "printf , >$path_one"
forged 'a link in its place' "$path_one is a link; a desk has none" -- ln -sf /etc/passwd "$path_one"
forged 'a ticket as one side has it' "$path_one 'noted $noted', which 'Wang' recorded, was taken out" -- git checkout -q "$theirs" -- "$path_one"
forged 'a ticket that is gone' "$path_one was taken away" -- git rm -q "$path_one"
invented() {
	sed 's/WX-20260504-001/WX-20260504-007/; s/"uid": "..../"uid": "0000/' "$path_one" >"${path_one/001/007}"
}
forged 'a ticket that neither side has' "${path_one/001/007} was put here by the merge: neither side has it" -- invented
other_number() {
	git mv "$path_later" "${path_later/003/009}" && sed -i 's/WX-20260504-003/WX-20260504-009/' "${path_later/003/009}"
}
forged 'another number than is the next' "$path_later is missing: the merge of both sides puts a record here, under a new number" \
	"${path_later/003/009} was put here by the merge: neither side has it" -- other_number
exchanged() {
	sed -i "s/$uid_new/$uid_later/" "$path_new" && sed -i "s/$uid_later/$uid_new/" "$path_later"
}
forged 'the earlier gets the other number' "$path_new the uid here is $uid_later, but after the merge of both sides it is $uid_new" \
	"$path_later the uid here is $uid_new, but after the merge of both sides it is $uid_later" -- exchanged
forged 'a number without a word' "$path_later 'renumbered $renumbered' is missing: the merge of both sides records it" -- drop "$path_later" "$renumbered"
forged 'when it got that' "$path_later 'renumbered $renumbered' was changed: recorded was '2026-05-04T09:10:00+08:00', is '2026-05-04T09:11:00+08:00'" \
	-- sed -i "/\"$renumbered\"/s/\"recorded\":\"2026-05-04T09:10/\"recorded\":\"2026-05-04T09:11/" "$path_later"
forged 'a ticket that follows another customer' "$path_later customer is '{\"id\":\"C000004\",\"display\":\"赵*\",\"contact\":\"136****5678\"}', but the events make it '{\"id\":\"C000005\",\"display\":\"赵*\",\"contact\":\"136****5678\"}'" \
	-- sed -i '/"customer":/s/C000005/C000004/' "$path_later"
forged 'one who was forgotten' "customers/00/00/C000001.json customer 'C000001' was forgotten, and has come back" -- git checkout -q "$ours" -- customers/00/00/C000001.json
forged 'the older of two changes' "customers/00/00/C000002.json is as one side has it, but the merge takes the other's: what only one side changed, or changed last, or a tombstone" \
	-- git checkout -q "$theirs" -- customers/00/00/C000002.json
forged 'a customer whom neither side has so' "customers/00/00/C000002.json is not, byte for byte, what the merge of both sides makes" -- sed -i 's/mining/milling/' customers/00/00/C000002.json
forged 'a customer who is gone' "customers/00/00/C000003.json was taken away" -- git rm -q customers/00/00/C000003.json
forged 'one who got another number' "customers/00/00/C000005.json is missing: the merge of both sides puts a record here, under a new number" -- git rm -q customers/00/00/C000005.json
forged 'an action' "$action 'noted $acted', which 'Wang' recorded, was taken out" -- drop $action "$acted"
forged 'a line of the journal that is lost' "$journal line 3 is no longer there, or no longer the same: $(sed -n 3p $journal)" -- sed -i 3d $journal
forged 'one that neither side has' "$journal line 4 was put in by the merge, neither side has it: $(sed -n '1s/"at"/"At"/p' $journal)" -- bash -c "sed -n '1s/\"at\"/\"At\"/p' $journal >>$journal"
forged 'another order of lines' "$journal its lines do not stand in the order of recording, or not each once" -- sed -i '2{h;d};3{G}' $journal
forged 'a file of what nobody may take away' "$log was taken away" -- git rm -q $log
forged 'the article of the other side' -- git checkout -q "$ours" -- kb/hours.md
forged 'an article of neither' "kb/hours.md was written by the merge, neither side has it so: a merge takes an article from one side, and changes come in a commit of their own" -- bash -c 'echo x >>kb/hours.md'
forged 'what is no part of the desk' -- bash -c 'echo x >README && ln -s README LINK'
forged 'rules of neither side' "policy/policy.json the rules are those of neither side: a merge takes the whole folder policy/ from one of them" -- sed -i 's/"5m"/"9h"/' policy/policy.json
tip=$(git -C "$work/wang" rev-list --merges HEAD | while read -r id; do
	[ "$(git -C "$work/wang" rev-parse "$id:policy")" = "$(git -C "$work/wang" rev-parse "$id^1:policy")" ] || { echo "$id" && break; }
done)
joined=$tip
forged 'rules that one side has, as a person said' -- git checkout -q "$(git rev-parse "$tip^1")" -- policy

# --- merges by git ------------------------------------------------------------------------------------------------------
# apart ONE TWO: two clones of the desk, in each of which something was done; then the first has fetched the second.
honest=$work/li
apart() {
	cd "$work" && rm -rf a b && git clone -q "$honest" a && git clone -q "$honest" b || exit 1
	(cd b && eval "$2") && cd a && eval "$1" && git fetch -q ../b main && theirs=$(git rev-parse FETCH_HEAD)
}
at 2026-05-05T10:00:00+08:00
earlier=2026-05-05T09:30:00+08:00
apart "does --now $earlier note $one -m here" "does --now $earlier --as Wang note $two -m there"
dated "$TICKET_NOW" git merge -q --no-edit "$theirs"
prints 'two clones that differ in other files, joined by git' '' ticket audit -q --strict
git worktree add -q -b side "$work/second" HEAD~1 2>/dev/null
does -C "$work/second" note "$one" -m 'in a second work tree'
prints 'a second work tree' '' ticket -C "$work/second" audit -q --strict
dated 2026-05-05T10:01:00+08:00 git merge -q --no-edit side
prints 'joined' '' ticket --now 2026-05-05T10:01:00+08:00 audit -q --strict
apart true "does --now $earlier note $one -m there"
dated "$TICKET_NOW" git merge -q --no-ff --no-edit "$theirs"
prints 'a merge of what was only behind' '' ticket audit -q --strict
lost=$(git show "$theirs" --format=%B -s | sed -n 's/^Event: //p')
git reset -q --hard HEAD^1 && dated "$TICKET_NOW" git merge -q --no-ff --no-commit "$theirs" 2>/dev/null && git checkout -q HEAD -- . && committed
found 'that loses what came' "$path_one '$lost', which 'Li' recorded, was taken out"
apart "does --now $earlier note $one -m here" "does --now $earlier --as Wang note $one -m there; does --now $earlier --as Wang new -c app -t inquiry/function -m there"
lost=$(git show "$theirs^" --format=%B -s | sed -n 's/^Event: //p') new=$(git diff --name-only --diff-filter=A "$theirs^" "$theirs")
dated "$TICKET_NOW" git merge -q -s ours --no-edit "$theirs"
found 'that loses all of one side' "$path_one '$lost', which 'Wang' recorded, was taken out" "$new was taken away"
out=$(git push "$hub" HEAD:main 2>&1)
same 'a server does not take it' "$? $(git -C "$hub" rev-parse main)" "1 $(git -C "$honest" rev-parse HEAD)"
matches 'and names what was lost' "$(git rev-parse HEAD | cut -c1-10) .* Li .*$path_one .*'$lost', which 'Wang' recorded, was taken out" printf '%s' "$out"
git reset -q --hard HEAD^1
ok 'the same by ticket sync' ticket --now 2026-05-05T10:02:00+08:00 sync -q --no-push ../b
ok 'it takes' ticket sync -q "$hub"

does --now 2026-05-05T10:03:00+08:00 note "$one" -m 'soon bent'
sed -i 's/soon bent/bent/' "$path_one" && again -a --no-edit
sed -i 's/"bent"/"bent again"/' "$path_one" && committed 2026-05-05T10:03:00+08:00
answers 3 'what is bent does not go by ticket sync either' ticket sync -q "$hub"
matches 'which shows what the server found' "'noted [0-9a-f]*' was changed: text was 'bent', is 'bent again'" printf '%s' "$err"
same 'and has nothing of it' "$(git -C "$hub" rev-parse main)" "$(git rev-parse HEAD~2)"

jq '.survey.close = "70h"' "$honest/policy/policy.json" >"$work/longer.json"
zhao() {
	GIT_AUTHOR_NAME=Zhao GIT_COMMITTER_NAME=Zhao dated "$TICKET_NOW" "$@"
}
apart "does --now $earlier --as Zhao note $one -m here" "does --now $earlier kb add more -m text; jq . $work/longer.json >policy/policy.json; committed $earlier"
zhao git merge -q --no-edit "$theirs"
prints 'rules that somebody else has changed may be merged by anybody' '' ticket audit -q
git checkout -q HEAD^1 -- policy && again --no-edit
found 'but not left out' 'policy/policy.json the rules are those of one side, but only the other has changed them'
apart true "git checkout -q --orphan pages; git rm -rqf .; echo page >page; committed $earlier; git branch -qM main"
dated "$TICKET_NOW" git merge -q --allow-unrelated-histories --no-edit "$theirs"
prints 'what is no desk may be merged into one' '' ticket audit -q
apart "git checkout -q --orphan own; git rm -rqf .; git checkout -q main policy; zhao git commit -qm own; git checkout -q main" true
zhao git merge -q --allow-unrelated-histories -s ours --no-commit own >/dev/null 2>&1 && git checkout -q own -- policy && zhao git commit -qm merge
found 'but no other desk' 'policy/policy.json the desk begins here a second time, by rules that nobody of it has made' \
	' ticket sync would not merge these two histories: the two histories have nothing in common'
git reset -q --hard HEAD^1
git branch -q x && git branch -q y && for branch in x y; do
	git checkout -q $branch && does --now "$earlier" note "$([ $branch = x ] && echo "$one" || echo "$two")" -m $branch
done
git checkout -q main && does --now "$earlier" new -c wechat -t inquiry/function -m main
fresh=$(git diff --name-only HEAD^ HEAD)
dated "$TICKET_NOW" git merge -q --no-edit x y >/dev/null 2>&1
found 'nor three histories at once' ' joins more than two histories at once; ticket sync joins two'
git checkout -q --orphan elsewhere && git rm -rqf .
mkdir -p "${fresh%/*}" && git show "main:$fresh" >"$fresh" && committed "$earlier" && git checkout -q main
call ticket audit -q elsewhere --format tsv --columns file,finding
same 'tickets without any rules' "$(tail -n +2 <<<"${out%$'\n'}")" "$fresh	there were no rules that it could be judged by"
path_two=$(file "$two")
apart "does --now $earlier note $one -m here" "printf , >$path_two; committed $earlier"
dated "$TICKET_NOW" git merge -q --no-edit "$theirs"
found 'nor what cannot be read' "$path_two $path_two:1: not JSON: the text ends too early" \
	" ticket sync would not merge these two histories: the remote's file cannot be merged: $path_two:1: not JSON: the text ends too early" "$path_two $path_two:1: not JSON: the text ends too early"

# Only a merge gives a ticket another number.
apart true true
git mv "$path_new" "${path_new/002/009}"
sed -i 's/"id": "WX-20260504-002"/"id": "WX-20260504-009"/; s/^  "events": \[/  "aliases": ["WX-20260504-002"],\n&/' "${path_new/002/009}"
add WX-20260504-009 "$(signed renumbered ',"old":"WX-20260504-002","new":"WX-20260504-009"')" && committed
found 'another number by hand' "${path_new/002/009} 'renumbered 00000000000000ff' could not be recorded: only ticket sync gives a ticket another number, where it merges two desks"
cd "$work/li" || exit 1
