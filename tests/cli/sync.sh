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

# --- the first one goes to an empty server
new_hub hub
desk li --policy multichannel
refused 3 "ticket: this desk has no remote yet; name one: ticket sync ADDRESS, or for good: git remote add origin ADDRESS" ticket sync
git remote add origin "$hub"
one=$(ticket new -c wechat -t inquiry/function -m 'when do you open?' --name '张三' --contact 13812345678)
json 'the first sync brings everything to an empty server' '[.records[] | select(.record == "'"$one"'") | .change]' '["went"]' ticket sync --json
same 'which has what the desk has' "$(git -C "$hub" rev-parse main)" "$(git rev-parse HEAD)"
prints 'after it there is nothing to do' '' ticket sync
same 'and that is said to nobody' "$err" ''
prints 'but data formats keep their frame' '{"format":1,"records":[]}' ticket sync --json

# --- two people at one ticket, and one number given twice
clone wang
clone zhao
at 2026-05-06T10:00:00+08:00
cd "$work/wang"
ok 'one notes' ticket --as Wang note "$one" -m 'asked the shop'
late=$(ticket --as Wang new -c wechat -t inquiry/function -m 'opened later')
cd "$work/li"
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
refused 2 'ticket: that cannot be the name or address of a remote' ticket sync -- $'a\nb'
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
