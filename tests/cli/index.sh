# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The index among processes that are killed, disks that are full or read-only, people who may only read, and history that is
# rewritten: whatever happens, the answers are those of an index built from nothing.
. "$(dirname "$0")/harness.sh"
history=bent

export GIT_AUTHOR_NAME=Li GIT_AUTHOR_EMAIL=li@example.org GIT_COMMITTER_NAME=Li GIT_COMMITTER_EMAIL=li@example.org
index=.git/ticket/index.db

answers_now() {
	ticket list --json
	ticket search --json 退款
	ticket show --json 001 2>&1
}
from_nothing() {
	mkdir "$work/aside"
	mv "$index"* "$work/aside"
	answers_now
	rm -rf "$index"*
	mv "$work"/aside/* .git/ticket
	rmdir "$work/aside"
}
right() {
	local now
	now=$(answers_now)
	same "$1" "$(sha256sum <<<"$now")" "$(from_nothing | sha256sum)"
}
stamp() {
	python3 -c 'import sqlite3; print(sqlite3.connect(".git/ticket/index.db").execute("SELECT hex(tree) FROM stamp").fetchone()[0].lower())'
}
# Changes some subjects with another program, and commits.
edit() {
	git ls-files tickets | shuf -n 20 --random-source=<(yes "$1") | xargs sed -i 's/"subject": *"/&'"$1"' /'
	git commit -qam "by hand $1"
}

desk index --policy multichannel
git config gc.auto 0
python3 "$top/tests/cli/report_data.py" policy/policy.json "$work/rows.jsonl" "$work/map.json" 400
ok 'tickets' ticket import "$work/rows.jsonl" --map "$work/map.json"

# --- made, and kept up to date ------------------------------------------------------------------------------------

ok 'the first question' ticket list -q
same 'leaves an index of HEAD' "$(stamp)" "$(git rev-parse 'HEAD^{tree}')"
ok 'a change' ticket new -c wechat -t inquiry -m '请退款'
same 'brings it along in the same run' "$(stamp)" "$(git rev-parse 'HEAD^{tree}')"
git clone -q . "$work/clone"
(cd "$work/clone" && ticket list -q >"$work/numbers" && [ -s "$index" ])
same 'a clone that nobody has written to gets one too' "$? $(wc -l <"$work/numbers")" '0 401'
for odd in mkdir mkfifo; do
	rm -rf "$index"*
	$odd "$index"
	right "something else in its place ($odd)"
	[ -f "$index" ]
	same 'was set aside' $? 0
done

# --- killed -------------------------------------------------------------------------------------------------------

# killed MILLISECONDS COMMAND...
killed() {
	local delay=$1 pid
	shift
	setsid "$@" >/dev/null 2>&1 &
	pid=$!
	sleep "$(printf '0.%03d' "$delay")"
	kill -9 -- "-$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	[ $? != 137 ] || hits=$((hits + 1))
}
hits=0 wrong=''
for delay in 2 5 9 14 20 30 40; do
	rm -f "$index"*
	killed "$delay" ticket list -q
	[ "$(answers_now)" = "$(from_nothing)" ] || wrong="$wrong build:$delay"
	edit "$delay"
	killed "$delay" ticket list -q
	[ "$(answers_now)" = "$(from_nothing)" ] || wrong="$wrong refresh:$delay"
	killed "$delay" ticket new -c app -t inquiry -m "killed after $delay"
	[ "$(answers_now)" = "$(from_nothing)" ] || wrong="$wrong change:$delay"
	# Whoever changes something next brings the rest of the desk in order.
	ticket new -q -c app -t inquiry -m "after $delay" >/dev/null
done
same 'killed while it builds, refreshes or changes' "$wrong" ''
same 'some were hit' "$([ "$hits" -gt 5 ] && echo many)" many
ok 'and the desk is sound' ticket fsck

# As a machine that stops leaves it: half of a transaction in the file, the way back in the journal.
half_written() {
	python3 - <<'P' 2>/dev/null
import os, sqlite3
sql = sqlite3.connect(".git/ticket/index.db", isolation_level=None)
sql.executescript("PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE tickets SET subject = 'half' || n, priority = 'none'; UPDATE tickets SET state = 1, open = 1")
os.kill(os.getpid(), 9)
P
} 2>/dev/null
want=$(answers_now)
half_written
[ -s "$index-journal" ]
same 'a journal is left' $? 0
same 'half a transaction is taken back' "$(answers_now)" "$want"

# Another hand puts columns in another order: rows are read by their place.
other_order() {
	python3 -c 'import sqlite3; sqlite3.connect(".git/ticket/index.db").executescript("ALTER TABLE tickets DROP COLUMN subject; ALTER TABLE tickets ADD COLUMN subject")'
}
want=$(answers_now)
other_order
same 'columns in another order' "$(answers_now)" "$want"
ok 'are put right' ticket fsck
other_order
ticket new -q -c app -t inquiry -m 'meets other columns' >/dev/null
right 'by a change too'
want=$(answers_now)

# --- people who may only read, disks that may not be written ------------------------------------------------------

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir "$work/guest"
	printf '[safe]\n\tdirectory = %s\n' "$PWD" >"$work/guest/.gitconfig"
	guest() {
		chmod -R go+rX "$work"
		[ -z "${closed-}" ] || chmod 700 .git/ticket
		setpriv --reuid 65534 --regid 65534 --clear-groups env -u GIT_CONFIG_GLOBAL -u XDG_CONFIG_HOME HOME="$work/guest" \
			bash -c "$(declare -f answers_now); ticket() { '$program' \"\$@\"; }; answers_now" 2>&1
	}
	ok 'an index' ticket list -q
	same 'somebody else reads it' "$(guest)" "$want"
	edit guest
	same 'one that is behind' "$(guest | sha256sum)" "$(from_nothing | sha256sum)"
	answers_now >/dev/null
	want=$(answers_now)
	half_written
	same 'half a transaction that he may not take back' "$(guest)" "$want"
	same 'nor read the journal of' "$(closed=1 guest)" "$want"
	chmod 755 .git/ticket
	answers_now >/dev/null
else
	skip 'somebody else' 'needs root'
fi
mkdir "$work/mounted"
if mount --bind . "$work/mounted" 2>/dev/null && mount -o remount,ro,bind "$work/mounted" 2>/dev/null; then
	edit readonly
	want=$(from_nothing)
	same 'a read-only file system with an index that is behind' "$(cd "$work/mounted" && answers_now)" "$want"
	rm -f "$index"*
	same 'and with none' "$(cd "$work/mounted" && answers_now)" "$want"
	umount "$work/mounted"
else
	skip 'a read-only file system' 'no right to mount'
fi
if mount -t tmpfs -o size=8m none "$work/mounted" 2>/dev/null; then
	want=$(answers_now)
	git clone -q --no-local --bare . "$work/mounted/d.git"
	(
		cd "$work/mounted" || exit 1
		cat /dev/zero >filled 2>/dev/null
		cd d.git || exit 1
		same 'a full disk' "$(answers_now 2>&1)" "$want"
		rm ../filled
		same 'and room again' "$(answers_now 2>&1)" "$want"
		[ -s ticket/index.db ]
		same 'for an index' $? 0
		head -c 200000 ticket/index.db >"$work/started"
		cat "$work/started" >ticket/index.db
		cat /dev/zero >../filled 2>/dev/null
		same 'a full disk and a damaged index' "$(answers_now 2>&1)" "$want"
	) >"$work/taps"
	umount "$work/mounted"
	# Counted here: a subshell counts for itself.
	while read -r line; do
		case $line in
		ok*) pass "${line#*- }" ;;
		not*) fail "${line#*- }" "$(cat "$work/taps")" ;;
		esac
	done <"$work/taps"
else
	skip 'a full disk' 'no right to mount'
fi

# --- history ------------------------------------------------------------------------------------------------------

git branch side HEAD~3
git checkout -q side
right 'a branch'
edit side
right 'a commit by hand on it'
git checkout -q -
git merge -q -X ours -m merge side >/dev/null
right 'merged'
git revert --no-edit -m 1 HEAD >/dev/null
right 'reverted'
git reset -q --hard HEAD~4
right 'reset'
git rebase -q -X theirs --onto HEAD~3 HEAD~1 2>/dev/null
right 'rebased'
FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --msg-filter 'sed s/e/E/' HEAD~3..HEAD >/dev/null 2>&1
right 'other messages'
git checkout -q --detach HEAD
git branch -D -q side
tree=$(stamp)
edit pruned
git reset -q --hard "$(git commit-tree 'HEAD^{tree}' -m 'one commit')"
git for-each-ref --format='%(refname)' | grep -v "^$(git symbolic-ref -q HEAD)$" | xargs -rn1 git update-ref -d
rm -rf .git/refs/original .git/logs
git gc -q --prune=now
git cat-file -e "$tree" 2>/dev/null
same 'the tree that the index shows is gone' $? 1
right 'history that is gone'

# --- at once ------------------------------------------------------------------------------------------------------

git checkout -q -B main
git worktree add -q "$work/second" -b second
# What each question answers is what its HEAD has, unless that has moved on meanwhile.
reader() {
	cd "$1" || return
	local head listed left=6 tries=40
	while [ "$left" -gt 0 ]; do
		[ $((tries -= 1)) -gt 0 ] || { echo "$1: HEAD never stands still"; return; }
		head=$(git rev-parse HEAD)
		listed=$(ticket list -q) || echo "$1: list failed"
		[ "$(git rev-parse HEAD)" = "$head" ] || continue
		[ "$(sort <<<"$listed")" = "$(git ls-tree -r --name-only "$head" tickets | sed 's,.*/,,; s/\.json$//' | sort)" ] || echo "$1: other tickets at $head"
		left=$((left - 1))
	done
}
writer() {
	cd "$1" || return
	until [ -e "$work/read" ]; do
		ticket new -q -c wechat -t inquiry -m 'at once' >/dev/null || echo "$1: new failed"
		sleep 0.4
	done
}
killer() {
	cd "$1" || return
	until [ -e "$work/read" ]; do
		killed $((RANDOM % 25)) ticket list -q
		[ $((RANDOM % 4)) != 0 ] || rm -f "$index"
		sleep 0.1
	done
}
first=$PWD readers=()
for folder in "$first" "$work/second" "$first"; do
	reader "$folder" >>"$work/trouble" 2>&1 &
	readers+=($!)
done
writer "$first" >>"$work/trouble" 2>&1 &
writer "$work/second" >>"$work/trouble" 2>&1 &
killer "$first" >>"$work/trouble" 2>/dev/null &
wait "${readers[@]}"
: >"$work/read"
wait
same 'readers, writers and killed ones in two work trees' "$(sort "$work/trouble" | uniq -c)" ''
right 'at the end'
git worktree remove --force "$work/second"

# --- numbers of then ----------------------------------------------------------------------------------------------

cp -r "$first" "$work/numbers.d"
cd "$work/numbers.d" || exit 1
old=$(ticket new -q -c wechat -t inquiry -m 'another number soon')
file=$(git ls-files tickets | grep "$old")
new=${old%-*}-999
mkdir -p "$(dirname "$file")/../09"
jq --arg new "$new" --arg old "$old" '.id = $new | .aliases = [$old]' "$file" >"$(dirname "$file")/../09/$new.json"
git rm -q "$file"
git add tickets
git commit -qm 'another number'
same 'a former number names it' "$(ticket show --json "$old" | jq -r '.tickets[0].id')" "$new"
same 'as of then, by its present number' "$(ticket show --json "$new@HEAD~1" | jq -r '.tickets[0].id')" "$old"
same 'and by that of then' "$(ticket show --json "$old@HEAD~1" | jq -r '.tickets[0].id')" "$old"
refused 4 "ticket: '$new' did not exist yet at 'HEAD~2'" ticket show "$new@HEAD~2"
git rm -q "$(dirname "$file")/../09/$new.json"
git commit -qm 'gone'
refused 4 "ticket: there is no ticket '$new'" ticket show "$new"
same 'one that is gone' "$(ticket show --json "$new@HEAD~1" | jq -r '.tickets[0].id')" "$new"
same 'by its tail' "$(ticket show --json "${new#*-}@HEAD~1" | jq -r '.tickets[0].id')" "$new"
same 'a day' "$(ticket show "$old@yesterday" 2>&1)" "ticket: the desk is younger than 'yesterday'"
cd "$first" || exit 1
