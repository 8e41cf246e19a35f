# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Many writers at once: no number twice, nothing lost, one line of history.
. "$(dirname "$0")/harness.sh"

race() {
	local kind=$1
	shift
	desk "race-$kind" --policy multichannel "$@"
	rm -f "$work"/numbers.*
	for writer in 1 2 3 4 5 6 7 8; do
		(
			for i in $(seq 100); do
				ticket new -c wechat -t inquiry/function -m "writer $writer, request $i" || exit 1
			done >"$work/numbers.$writer" 2>"$work/errors.$writer"
		) &
	done
	wait
	same "$kind: no writer failed" "$(cat "$work"/errors.*)" ''
	same "$kind: 800 numbers were given" "$(cat "$work"/numbers.* | wc -l)" 800
	same "$kind: none twice" "$(cat "$work"/numbers.* | sort -u | wc -l)" 800
	same "$kind: without a gap" "$(cat "$work"/numbers.* | sort -V | tail -n 1)" WX-20260506-800
	same "$kind: every one is a ticket" "$(git ls-tree -r --name-only HEAD tickets | wc -l)" 800
	same "$kind: history is one line" "$(git rev-list --count HEAD) $(git rev-list --merges --count HEAD) $(git rev-list --first-parent --count HEAD)" '801 0 801'
	same "$kind: git finds it sound" "$(git fsck --strict 2>&1 | grep -v '^notice:')" ''
}

race full
same 'full: the work tree is clean' "$(git status --porcelain)" ''
race none --checkout none

# --- eight people want the same ticket
desk claim --policy multichannel
number=$(ticket new -c app -m 'who takes it?')
for person in A B C D E F G H; do
	(
		ticket --as "$person" assign "$number" --claim >/dev/null 2>&1
		echo $? >"$work/claim.$person"
	) &
done
wait
same 'one gets it, the others are told so' "$(cat "$work"/claim.* | sort | uniq -c | tr -s ' ' | tr '\n' ';')" ' 1 0; 7 5;'
