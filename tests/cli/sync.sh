# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sync: clones that were apart become one desk, by way of a bare repository that all reach.
. "$(dirname "$0")/harness.sh"

export GIT_AUTHOR_NAME=Li GIT_AUTHOR_EMAIL=li@example.org GIT_COMMITTER_NAME=Li GIT_COMMITTER_EMAIL=li@example.org
git config --file "$work/gitconfig" user.name Li
git config --file "$work/gitconfig" user.email li@example.org
git config --file "$work/gitconfig" init.defaultBranch main
export GIT_CONFIG_GLOBAL=$work/gitconfig
hub=$work/hub.git

# hub [NAME]: an empty bare repository as the server.
new_hub() {
	hub=$work/$1.git
	git init -q --bare "$hub"
}
# clone NAME [GIT OPTION...]: another copy of the desk on the server.
clone() {
	local folder=$work/$1
	shift
	git clone -q "$@" "$hub" "$folder"
	desks+=("$folder")
}
tree() {
	git -C "$work/$1" rev-parse 'HEAD^{tree}'
}
files_of() {
	git -C "$1" ls-tree -r --name-only HEAD "${2:-tickets}"
}
# every event id of a desk's tickets
events_of() {
	git -C "$1" ls-tree -r HEAD tickets | awk '{print $3}' | git -C "$1" cat-file --batch | grep -oP '^    \{"id":"\K[0-9a-f]{16}' | sort
}

# The clocks of these desks disagree, and their rules allow for it: at the end nothing at all is a finding.
allow_skew() {
	jq '.clock_skew = "1h"' policy/policy.json >"$work/skewed.json"
	ok 'clocks may differ by an hour here' ticket policy apply "$work/skewed.json"
}
straight() {
	ticket --now 2100-01-01T00:00:00Z audit -q
}

# --- the first one goes to an empty server
new_hub hub
desk li --policy multichannel
allow_skew
refused 3 "ticket: this desk has no remote yet; name one: ticket sync ADDRESS, or for good: git remote add origin ADDRESS" ticket sync
git remote add origin "$hub"
one=$(ticket new -c wechat -t inquiry/function -m 'when do you open?' --name '张三' --contact 13812345678)
json 'the first sync brings everything to an empty server' '[.records[] | select(.record == "'"$one"'") | .change]' '["went"]' ticket sync --json
same 'which has what the desk has' "$(git -C "$hub" rev-parse main)" "$(git rev-parse HEAD)"
prints 'after it there is nothing to do' '' ticket sync
same 'and that is said to nobody' "$err" ''
prints 'but data formats keep their frame' '{"format":1,"records":[]}' ticket sync --json

# --- a server whose HEAD names another branch
git -C "$hub" symbolic-ref HEAD refs/heads/other
git clone -q "$hub" "$work/astray" 2>/dev/null
cd "$work/astray"
refused 4 "ticket: nothing is recorded on the branch 'other' yet; in a clone, go to the desk's branch: git switch BRANCH (git branch -r lists them); else make a desk with: ticket init" ticket list
git switch -q main
prints 'there it is' "$one" ticket list -q
git -C "$hub" symbolic-ref HEAD refs/heads/main
cd "$work/li"

# --- two people at one ticket, and one number given twice
clone wang
clone zhao
at 2026-05-06T10:00:00+08:00
cd "$work/wang"
ok 'one notes' ticket --as Wang note "$one" -m 'asked the shop'
late=$(ticket --as Wang new -c wechat -t inquiry/function -m 'opened later')
cd "$work/li"
at 2026-05-06T10:01:00+08:00
ok 'the other assigns the same ticket' ticket assign "$one" Li
at 2026-05-06T09:55:00+08:00
early=$(ticket new -c wechat -t inquiry/function -m 'opened earlier')
same 'both desks give the same number' "$late" "$early"
at 2026-05-06T10:05:00+08:00
ok 'the first goes through' ticket sync -q
same 'in silence with -q' "$out$err" ''
cd "$work/wang"
before=$(desk_state)
json 'a dry run says what would be' '[.records[] | .change + " " + .record]' '["renumbered WX-20260506-003","merged WX-20260506-001","came WX-20260506-002","went WX-20260506-003"]' ticket sync -n --json
same 'and leaves branch and files alone' "$(desk_state | grep -v 'refs/[rt]')" "$(grep -v 'refs/[rt]' <<<"$before")"
prints 'the second merges' 'CHANGE      RECORD           OLD              NOTE
renumbered  WX-20260506-003  WX-20260506-002
merged      WX-20260506-001
came        WX-20260506-002
went        WX-20260506-003' ticket sync
same 'and says how much' "$err" '1 came, 1 went, 1 were merged, 1 renumbered
'
same 'the work tree is clean' "$(git status --porcelain)" ''
same 'the commit has two parents' "$(git rev-list --parents -n1 HEAD | wc -w)" 3
json 'what both did stands in one ticket' '[.tickets[0].events[].do]' '["opened","noted","assigned"]' ticket show "$one" --json
json 'folded anew' '.tickets[0] | [.state, .assignee]' '["assigned","Li"]' ticket show "$one" --json
json 'the later one has another number and keeps the old as an alias' '.tickets[0] | [.id, .description, .aliases[0], .events[-1].do]' '["WX-20260506-003","opened later","WX-20260506-002","renumbered"]' ticket show WX-20260506-003 --json
json 'the earlier one keeps it' '.tickets[0].description' '"opened earlier"' ticket show "$early" --json
for other in li zhao; do
	cd "$work/$other"
	ok "$other follows" ticket sync -q
	same "$other: the same tree" "$(tree "$other")" "$(tree wang)"
	same "$other: clean" "$(git status --porcelain)" ''
done

# --- whoever merges first: two clones merge the same two histories, each for itself
cd "$work/wang"
ok 'a note' ticket --as Wang note "$one" -m 'from Wang'
ok 'an action' ticket --as Wang action add -m 'opening hours are not on the site' --owner Wang --due 2026-06-01
ticket --as Wang new -c wechat -t inquiry/function -m 'twin of Wang' >"$work/twin"
cd "$work/zhao"
ok 'another note' ticket --as Zhao note "$one" -m 'from Zhao'
ok 'another action, with the same number' ticket --as Zhao action add -m 'no answer in the evening' --owner Zhao --due 2026-06-02
ticket --as Zhao new -c wechat -t inquiry/function -m 'twin of Zhao' >"$work/twin"
a=$(git -C "$work/wang" rev-parse HEAD) b=$(git rev-parse HEAD)
ok 'Zhao merges what Wang has' ticket sync --no-push "$work/wang"
git clone -q "$work/wang" "$work/mirror"
desks+=("$work/mirror")
cd "$work/mirror"
git -C "$work/zhao" branch before "$b"
git fetch -q "$work/zhao" before:refs/heads/before
git branch -q --set-upstream-to=before
git config branch.main.remote . && git config branch.main.merge refs/heads/before
ok 'a mirror of Wang merges what Zhao had' ticket sync --no-push
same 'both come to the same bytes' "$(tree mirror)" "$(tree zhao)"
same 'of two histories' "$(git merge-base "$a" "$b" | wc -l)" 1
json 'both actions are there' '[.actions[].number]' '["A-2026-0001","A-2026-0002"]' ticket action list --json
git -C "$work/mirror" config --unset branch.main.remote
cd "$work/zhao"
ok 'and goes on' ticket sync -q
cd "$work/wang"
ok 'Wang too' ticket sync -q
same 'to the same' "$(tree wang)" "$(tree zhao)"

# --- what does not follow any more stays on record
cd "$work/li"
ok 'all up to date' ticket sync -q
done_one=$(ticket new -c app -t inquiry/function -m 'to be closed twice')
ok 'assigned' ticket assign "$done_one" Li
ok 'answered' ticket respond "$done_one" -m 'at nine'
ok 'resolved' ticket resolve "$done_one" -m 'told the hours'
ok 'synced' ticket sync -q
cd "$work/wang"
ok 'Wang has it' ticket sync -q
at 2026-05-06T11:00:00+08:00
ok 'he confirms' ticket --as Wang confirm "$done_one"
cd "$work/li"
at 2026-05-06T10:50:00+08:00
ok 'Li meanwhile reopens' ticket reopen "$done_one" --reason 'not solved at all'
ok 'and syncs' ticket sync -q
cd "$work/wang"
at 2026-05-06T11:10:00+08:00
json 'the confirmation is doubtful now, and said so' '[.records[] | select(.change == "doubtful") | .record]' '["'"$done_one"'"]' ticket sync --json
json 'nothing is lost' '[.tickets[0].events[-2:][].do]' '["reopened","confirmed"]' ticket show "$done_one" --json
cd "$work/li"
ok 'Li follows' ticket sync -q

# --- rules: one whole, and a person decides
cd "$work/li"
jq '.priorities[0].labels.en = "Highest"' policy/policy.json >"$work/p1.json"
jq '.priorities[0].labels.en = "Top"' policy/policy.json >"$work/p2.json"
ok 'one changes the rules' ticket policy apply "$work/p1.json"
ok 'and syncs' ticket sync -q
cd "$work/wang"
ok 'so does the other' ticket policy apply "$work/p2.json"
state=$(git rev-parse HEAD; git status --porcelain)
answers 3 'a person has to decide' ticket sync
same 'the sentence says how' "$err" "ticket: both sides changed the rules under 'policy/'; look at both: git diff HEAD refs/ticket/sync -- policy; then say which stand: ticket sync --policy ours, or --policy theirs (the others can be put in force later: ticket policy apply)
"
same 'nothing was merged' "$(git rev-parse HEAD; git status --porcelain)" "$state"
answers 1 'what it says shows both' git diff --quiet HEAD refs/ticket/sync -- policy
json 'then the remote ones stand' '[.records[] | select(.change == "replaced") | .record]' '["policy"]' ticket sync --policy theirs --json
same 'as they are there' "$(git rev-parse HEAD:policy)" "$(git -C "$work/li" rev-parse HEAD:policy)"
cd "$work/li"
ok 'Li has them too' ticket sync -q

# --- what cannot be a remote
cd "$work/li"
refused 2 'ticket: that cannot be the name or address of a remote' ticket sync -- --upload-pack=touch
answers 2 'nor one with a line break' ticket sync -- $'a\nb'
refused 2 'ticket: that cannot be the name or address of a remote' ticket sync -- $'\e[31m'
answers 7 'one that is not there' ticket sync "$work/nowhere"
git init -q "$work/plain" && git -C "$work/plain" commit -q --allow-empty -m first
answers 3 'one that is no desk' ticket sync "$work/plain"
same 'in a clear sentence' "$err" 'ticket: what the remote has on that branch is no desk: it lacks policy/policy.json
'
ok 'a stranger' ticket init --policy satisfaction "$work/stranger"
answers 3 'one that is another desk' ticket sync "$work/stranger"
same 'in a clear sentence too' "$err" 'ticket: the remote is another desk: it has no history in common with this one; start from a clone of it: git clone
'
git -C "$work/plain" branch -m other
answers 3 'one that has only another branch' ticket sync "$work/plain"
matches 'hooks that refuse are heard' 3 bash -c 'printf "#!/bin/sh\nprintf \"no:\\033[31m too late\" >&2; exit 1\n" >"$1/hooks/pre-receive"; chmod +x "$1/hooks/pre-receive"; ticket note "$2" -m x >/dev/null; ticket sync -q; echo $?' - "$hub" "$one"
same 'with what they say, harmless for the terminal' "$(grep -c $'\e' <<<"$err") $(grep -c 'too late' <<<"$err")" '0 1'
rm "$hub/hooks/pre-receive"
ok 'and once they let it pass it goes' ticket sync -q

# --- somebody pushes between our fetch and our push, every time but the last
new_hub busy
desk slow --policy multichannel
git remote add origin "$hub"
ok 'a busy server' ticket sync -q
clone fast
mkdir "$work/hooks"
cat >"$work/hooks/pre-push" <<-'HOOK'
	#!/bin/bash
	# the desk that is faster: it pushes while the other one is about to
	n=$(cat "$FAST_LEFT")
	[ "$n" -gt 0 ] || exit 0
	echo $((n - 1)) >"$FAST_LEFT"
	cd "$FAST" && env -u GIT_DIR TICKET_AS=Fast ticket new -c app -t inquiry/function -m "fast $n" >/dev/null && env -u GIT_DIR TICKET_AS=Fast ticket sync -q
HOOK
chmod +x "$work/hooks/pre-push"
cd "$work/slow"
git config core.hooksPath "$work/hooks"
export FAST=$work/fast FAST_LEFT=$work/left
ok 'something to push' ticket new -c app -t inquiry/function -m 'slow'
git -C "$FAST" config core.hooksPath /dev/null
echo 3 >"$work/left"
ok 'beaten three times, it gets through' ticket sync -q
same 'with all that the other one pushed' "$(files_of . | wc -l) $(git -C "$hub" rev-parse main)" "4 $(git rev-parse HEAD)"
same 'each of them merged' "$(git rev-list --merges --count HEAD)" 3
ok 'and again something' ticket new -c app -t inquiry/function -m 'slow too'
echo 1000 >"$work/left"
answers 5 'beaten every time, it gives up' ticket sync -q
same 'and says so' "$err" "ticket: others pushed to 'origin' at the same time, again and again; nothing is lost, try again later
"
same 'what came is merged, what is ours is kept' "$(git status --porcelain; files_of . | wc -l)" "$(git -C "$FAST" ls-tree -r --name-only HEAD tickets | wc -l)"
git config --unset core.hooksPath
cd "$FAST" && git config --unset core.hooksPath
cd "$work/slow"
ok 'alone it gets through' ticket sync -q

# --- one sync at a time, and commands go on meanwhile
cat >"$work/hooks/pre-push" <<-'HOOK'
	#!/bin/bash
	: >"$WAITS" && while [ -e "$WAITS" ]; do sleep 0.05; done
HOOK
export WAITS=$work/waits
git config core.hooksPath "$work/hooks"
ticket new -c app -t inquiry/function -m 'waits' >/dev/null
ticket sync -q &
for _ in $(seq 200); do [ -e "$WAITS" ] && break; sleep 0.05; done
answers 5 'a second sync is told so' ticket sync
same 'in a sentence' "$err" 'ticket: another sync of this desk is under way; try again when it has finished
'
ok 'other commands go on while the network is waited for' ticket new -c app -t inquiry/function -m 'meanwhile'
rm "$WAITS"
wait $!
same 'the sync went through' $? 0
git config --unset core.hooksPath
ok 'the rest goes too' ticket sync -q
same 'to the server' "$(git -C "$hub" rev-parse main)" "$(git rev-parse HEAD)"

# --- killed at any moment
cd "$FAST"
ok 'the other clone is up to date' ticket sync -q
killed=0
for i in $(seq 40); do
	ticket new -c app -t inquiry/function -m "killed $i" >/dev/null
	(cd "$work/slow" && ticket new -c app -t inquiry/function -m "alive $i" >/dev/null && ticket sync -q)
	ticket sync -q 2>/dev/null &
	sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
	kill -9 $! 2>/dev/null && killed=$((killed + 1))
	wait $! 2>/dev/null
	while pgrep -f "[g]it -C $FAST/" >/dev/null; do sleep 0.02; done
	ticket list --limit 1 >/dev/null || fail "readable after kill $i" "$(git status --porcelain)"
done
same 'some were killed' "$([ "$killed" -gt 5 ] && echo yes)" yes
ok 'then it goes through' ticket sync -q
cd "$work/slow"
ok 'and the other follows' ticket sync -q
same 'with every ticket once' "$(git grep -h '"subject": "killed' HEAD -- tickets | sort -u | wc -l) $(git grep -h '"subject": "alive' HEAD -- tickets | sort -u | wc -l) $(git grep -h '"subject": "killed' HEAD -- tickets | wc -l)" '40 40 40'
same 'the same tree' "$(tree fast)" "$(tree slow)"
same 'and clean' "$(git status --porcelain; git -C "$FAST" status --porcelain)" ''

# --- an incident and what is under it, whose numbers were given twice
new_hub incidents
at 2026-05-06T11:15:00+08:00
desk east --policy multichannel
allow_skew
git remote add origin "$hub"
at 2026-05-06T11:20:00+08:00
common=$(ticket new -c website -t inquiry/function -m 'known to both')
pool=$(ticket new -c website -t inquiry/function -m 'an incident known to both')
ok 'a desk with a ticket' ticket sync -q
clone west
at 2026-05-06T11:30:00+08:00
for i in 1 2 3; do ticket new -c app -t inquiry/function -m "east $i" >/dev/null; done
ok 'in the east two are one incident with the old one' ticket link --incident APP-20260506-001 APP-20260506-002 "$common"
ok 'and the third belongs to that of both' ticket link --incident "$pool" APP-20260506-003
cd "$work/west"
at 2026-05-06T11:40:00+08:00
for i in 1 2 3; do ticket new -c app -t inquiry/function -m "west $i" >/dev/null; done
ok 'in the west two others' ticket link --incident APP-20260506-002 APP-20260506-001
ok 'the third to that of both' ticket link --incident "$pool" APP-20260506-003
ok 'and two are only linked' ticket link APP-20260506-003 APP-20260506-001
ok 'the west goes first' ticket sync -q
cd "$work/east"
at 2026-05-06T11:50:00+08:00
ok 'the west is renumbered nevertheless' ticket sync -q
west1=$(ticket search -q 'west 1') west2=$(ticket search -q 'west 2') west3=$(ticket search -q 'west 3')
same 'who was later has other numbers' "$west1 $west2 $west3" 'APP-20260506-004 APP-20260506-005 APP-20260506-006'
json 'an incident of the first keeps what is under it' '.tickets[0] | [.id, .covers]' "[\"APP-20260506-001\",[\"APP-20260506-002\",\"$common\"]]" ticket show --json APP-20260506-001
json 'under that of both are two that had one number' '.tickets[0].covers' "[\"APP-20260506-003\",\"$west3\"]" ticket show --json "$pool"
json 'each of which says so' '[.tickets[].incident]' "[\"$pool\",\"$pool\"]" ticket show --json APP-20260506-003 "$west3"
json 'what was renumbered follows its incident' '.tickets[0] | [.incident, .covers]' "[\"$west2\",null]" ticket show --json "$west1"
json 'and the incident it' '.tickets[0] | [.incident, .covers]' "[null,[\"$west1\"]]" ticket show --json "$west2"
json 'a mere link holds the uid' ".tickets[0].links | any(. == \"$(ticket show --json "$west1" | jq -r '.tickets[0].uid')\")" true ticket show --json "$west3"
json 'it can be taken out' '.tickets[0].incident' null bash -c "ticket link -q --remove $west2 $west1 >/dev/null; ticket show --json $west1"
ok 'sound' ticket fsck
ok 'and straight' straight
ok 'the east goes on' ticket sync -q
cd "$work/west"
ok 'the west follows' ticket sync -q
same 'the same tree' "$(tree west)" "$(tree east)"

# --- customers: one number given twice, one forgotten on one side
new_hub register
desk one --policy multichannel
allow_skew
echo 'a long secret of ours' >"$work/secret"
git remote add origin "$hub"
at 2026-05-06T12:00:00+08:00
ticket new -c wechat -t complaint/quality -m 'the first' --name '张三' --contact 13812345678 >/dev/null
ticket customer add --name '李四' --phone 13900000001 >/dev/null
ok 'the keys are handed over' ticket customer share "$work/keys" --passphrase-file "$work/secret" --reason 'the other desk'
ok 'a desk with a register' ticket sync -q
clone two
cd "$work/two"
ok 'which are not synced' ticket customer receive "$work/keys" --passphrase-file "$work/secret"
at 2026-05-06T12:10:00+08:00
later=$(ticket new -c wechat -t complaint/quality -m 'from the later one' --name '王五' --contact 13700000002)
ok 'changed there' ticket customer edit 1 --industry retail
cd "$work/one"
at 2026-05-06T12:05:00+08:00
ticket new -c app -t complaint/quality -m 'from the earlier one' --name '赵六' --contact 13600000003 >/dev/null
ok 'forgotten here' ticket customer forget 1 --reason asked
ok 'the earlier goes first' ticket sync -q
cd "$work/two"
at 2026-05-06T12:20:00+08:00
json 'the later customer gets another number' '[.records[] | select(.change == "renumbered" or .change == "replaced") | .change + " " + .record]' '["replaced C000001","renumbered C000004"]' ticket sync --json
json 'his tickets follow him' '.tickets[0] | [.customer.id, .events[-1].do, .events[-1].changes[0].old]' '["C000004","corrected","C000003"]' ticket show "$later" --json
json 'a tombstone always stands' '.customers[0] | [.display, .industry, .forgotten != null]' '[null,null,true]' ticket customer show 1 --json
json 'his contact leads to him by the new number' '.tickets[0].customer.id' '"C000004"' bash -c 'ticket show "$(ticket new -c app -t complaint/quality -m again --name 王五 --contact 13700000002)" --json'
ok 'the rest goes' ticket sync -q
cd "$work/one"
ok 'and comes' ticket sync -q
same 'the same tree' "$(tree one)" "$(tree two)"
same 'the access log has the lines of both' "$(cat customers/log/*.jsonl | wc -l)" "$(sort -u customers/log/*.jsonl | wc -l)"

# --- articles and other files: the remote's stands, ours is kept in history
ok 'an article' ticket kb add hours -m 'open at nine'
ok 'synced' ticket sync -q
cd "$work/two"
ok 'there too' ticket sync -q
ok 'changed there' ticket kb edit hours -m 'open at ten'
cd "$work/one"
ok 'and here' ticket kb edit hours -m 'open at eight'
ok 'ours first' ticket sync -q
cd "$work/two"
json 'the remote one stands' '[.records[] | select(.change == "replaced") | .record]' '["kb/hours.md"]' ticket sync --json
matches 'as it is there' 'eight' cat kb/hours.md
hint=$(jq -r '.records[] | select(.change == "replaced") | .note' <<<"$out" 2>/dev/null || true)
git log --format=%H -1 HEAD^1 >"$work/first"
matches 'ours is in history' 'ten' git show "$(cat "$work/first"):kb/hours.md"

# --- linked work trees, each with a branch of its own
cd "$work/one"
ok 'up to date' ticket sync -q
git worktree add -q -b second "$work/linked" main
git config branch.second.remote origin
git config branch.second.merge refs/heads/main
cd "$work/linked"
ok 'something in the linked one' ticket new -c app -t inquiry/function -m 'linked'
ok 'goes to the branch it follows' ticket sync -q
same 'there' "$(git -C "$hub" rev-parse main)" "$(git rev-parse HEAD)"
cd "$work/one"
ok 'something in the first one' ticket new -c wechat -t inquiry/function -m 'first'
ok 'is merged' ticket sync -q
same 'both clean' "$(git status --porcelain; git -C "$work/linked" status --porcelain)" ''

# --- what a remote may not bring
git clone -q --bare "$hub" "$work/baited.git"
git clone -q "$work/baited.git" "$work/bait"
git clone -q "$work/baited.git" "$work/hostile"
cd "$work/hostile"
ln -s /etc/passwd tickets/2026/link
git add -A
git commit -qm link
git push -q origin main
cd "$work/bait"
answers 3 'a link is not taken' ticket sync
same 'and said' "$err" "ticket: 'tickets/2026/link' is a link; a desk has none
"
same 'nothing has changed' "$(git status --porcelain)" ''
cd "$work/hostile"
git rm -q tickets/2026/link
echo '{"format":99}' >tickets/2026/05/06/00/WX-20260506-001.json
git add -A
git commit -qm damage
git push -q origin main
cd "$work/bait"
answers 7 'a ticket that cannot be read is not taken' ticket sync
cd "$work/hostile"
git checkout -q HEAD~2 -- tickets
git commit -qm whole
git push -q origin main
cd "$work/bait"
ok 'once it is mended all goes on' ticket sync -q
call straight
same 'but the audit knows what was there' "$code $(grep -c 'reads up to 1; use a newer ticket' <<<"$out")" '1 1'
cd "$work/one"
ok 'the others have nothing of it' ticket sync -q

# --- a file edited by hand is never overwritten
cd "$work/two"
ok 'up to date' ticket sync -q
mine=$(ticket list --limit 1 --columns number --format csv | tail -n 1)
ok 'a change' ticket note "$mine" -m 'from two'
ok 'sent' ticket sync -q
cd "$work/one"
file=$(git ls-files "tickets/*/$mine.json")
echo ' ' >>"$file"
answers 3 'refused while a file is edited' ticket sync
same 'the file is as it was' "$(git status --porcelain)" " M $file"
git checkout -q -- "$file"
ok 'then it goes' ticket sync -q

# --- over ssh
sshd=$(command -v sshd || ls /usr/sbin/sshd 2>/dev/null)
if [ -z "$sshd" ] || ! command -v ssh-keygen >/dev/null; then
	skip 'a real sshd' 'no sshd on this machine'
else
	ssh-keygen -q -t ed25519 -N '' -f "$work/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$work/user_key"
	cp "$work/user_key.pub" "$work/authorized"
	port=$((20000 + RANDOM % 20000))
	cat >"$work/sshd_config" <<-CONFIG
		ListenAddress 127.0.0.1
		Port $port
		HostKey $work/host_key
		AuthorizedKeysFile $work/authorized
		PidFile $work/sshd.pid
		StrictModes no
		UsePAM no
		PasswordAuthentication no
	CONFIG
	mkdir -p /run/sshd 2>/dev/null
	"$sshd" -D -f "$work/sshd_config" 2>"$work/sshd.log" &
	sshd_pid=$!
	export GIT_SSH_COMMAND="ssh -p $port -i $work/user_key -o StrictHostKeyChecking=no -o UserKnownHostsFile=$work/known -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=ERROR"
	for _ in $(seq 100); do (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.05; done
	cd "$work/two"
	git remote set-url origin "ssh://$(id -un)@127.0.0.1$hub"
	ok 'something to send' ticket new -c app -t inquiry/function -m 'by ssh'
	ok 'over ssh' ticket sync -q
	same 'it is there' "$(git -C "$hub" rev-parse main)" "$(git rev-parse HEAD)"
	cd "$work/one"
	ok 'something else' ticket new -c wechat -t inquiry/function -m 'by ssh, too'
	ok 'merged and sent by address' ticket sync -q "ssh://$(id -un)@127.0.0.1$hub"
	cd "$work/two"
	ok 'fetched over ssh' ticket sync -q
	same 'the same' "$(tree one)" "$(tree two)"
	: >"$work/authorized"
	answers 7 'no key, no sync' ticket sync
	matches 'and git says why' 'Permission denied' printf '%s' "$err"
	kill "$sshd_pid"
	wait "$sshd_pid" 2>/dev/null
	answers 7 'no server, no sync' ticket sync
	unset GIT_SSH_COMMAND
	git remote set-url origin "$hub"
fi
