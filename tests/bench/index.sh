#!/bin/bash
# SPDX-License-Identifier: MIT
# What answers of the index cost, as ratios to the start of a process (`true`) and of the program, beside git and sqlite3:
#   index.sh [--million] [COUNT...]     how many tickets (default: 1000 100000); a million takes minutes and 3 GB
# Whole processes, measured in turn, so that a busy machine moves them alike: the median and the least. What changes the desk
# or the index is measured once a round. A rebuild stands beside git reading the same tickets out, and no more.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${TICKET_BUILD:-$here/../../build}" && pwd)
ninja -C "$build" tests/bench/stopwatch cmd/ticket >/dev/null
export TICKET_PROGRAM=${TICKET_PROGRAM:-$build/cmd/ticket} TICKET_AS=Li GIT_CONFIG_GLOBAL=/dev/null
ticket=$TICKET_PROGRAM stopwatch=$build/tests/bench/stopwatch
work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

# once NAME COMMAND: one round of what cannot be measured twice in the same way.
once() { "$stopwatch" 1 "$1:$2" >>"$work/figures"; }

# print NAME: what the rounds of it came to.
print() {
	sort -k2n "$work/figures" | awk -v name="$1" '
		$1 == "true" && !floor { floor = $2 }
		$1 == "version" && !start { start = $2 }
		$1 == name { median[++n] = $2; if (!least || $3 < least) least = $3; if (!spent || $4 < spent) spent = $4 }
		END { m = median[int((n + 1) / 2)]; printf "%-28s %11.2f ms, least %11.2f; %9.1f x true %8.1f x start %11.2f ms of processors\n", name, m, least, m / floor, m / start, spent }'
}

# commit N PRIORITY: changes the priority of N tickets by hand, so that the index learns of it from the trees.
commit() {
	local branch
	branch=$(git symbolic-ref HEAD)
	{
		printf 'commit %s\ncommitter Li <li@example.org> 1700000001 +0000\ndata 4\nhand\nfrom %s^0\n' "$branch" "$branch"
		git ls-tree -r --name-only HEAD tickets | awk -v n="$1" -v total="$count" 'BEGIN {step = int(total / n)} NR % step == 1 || step == 1' | head -n "$1" | while read -r path; do
			printf 'M 100644 inline %s\ndata <<ENDOFTICKET\n' "$path"
			git cat-file blob "HEAD:$path" | sed 's/"priority": "[a-z0-9]*"/"priority": "'"$2"'"/'
			printf 'ENDOFTICKET\n'
		done
		echo done
	} | git fast-import --quiet --done
}

# What sqlite3 answers from the same rows; words of a command stand between spaces.
newest="SELECT id, subject FROM tickets ORDER BY received DESC LIMIT 50"
newest=${newest// /$'\n'}
printf '#!/bin/sh\nexec git cat-file --batch --buffer <"$1"\n' >"$work/git-reads"
chmod +x "$work/git-reads"

counts=(1000 100000)
if [ "${1:-}" = --million ]; then
	counts=(1000 100000 1000000)
	shift
fi
if [ $# -gt 0 ]; then
	counts=("$@")
fi
for count in "${counts[@]}"; do
	: >"$work/figures"
	"$here/desk.sh" "$work/desk" "$count"
	cd "$work/desk"
	index=$(git rev-parse --git-dir)/ticket/index.db
	git ls-tree -r HEAD tickets | awk '{print $3}' >"$work/blobs"
	for _ in 1 2 3; do
		rm -f "$index" "$index-journal"
		once rebuild "$ticket list --limit 1"
		once git-reads-all "$work/git-reads $work/blobs"
	done
	"$stopwatch" 41 'true:true' 'git-version:git --version' "version:$ticket version" "newest-50:$ticket list --limit 50" "state:$ticket list --limit 50 state:waiting" \
		"assignee:$ticket list --limit 50 assignee:agent3" "overdue:$ticket list --limit 50 overdue" "show-one:$ticket show WX-20000101-001" \
		"sqlite3-newest-50:sqlite3 $index $newest" >>"$work/figures"
	"$stopwatch" 5 "search-common:$ticket search 退款 --limit 50" "search-rare:$ticket search 罕见 --limit 50" "?search-absent:$ticket search 龙虾 --limit 50" >>"$work/figures"
	once ?git-grep-rare 'git grep -l 罕见 HEAD'
	# Long before anything is due; the first sweep looks at all there is, those after it at nothing.
	"$ticket" --now 2000-01-01T00:00:00Z check --no-notify >/dev/null
	"$stopwatch" 21 "check:$ticket --now 2000-01-01T00:00:00Z check --no-notify" "check-and-notify:$ticket --now 2000-01-01T00:00:00Z check" >>"$work/figures"
	for i in 1 2 3 4 5; do
		commit 1 "p$i"
		once refresh-1 "$ticket list --limit 1"
		commit 100 "q$i"
		once refresh-100 "$ticket list --limit 1"
	done
	echo "$count tickets, index $(stat -c %s "$index") bytes, texts $(sqlite3 "$index" 'SELECT sum(bytes) FROM blocks') bytes, searched in $(sqlite3 "$index" 'SELECT sum(length(data)) FROM texts') bytes"
	for name in true version git-version newest-50 state assignee overdue show-one sqlite3-newest-50 search-common search-rare search-absent git-grep-rare \
		check check-and-notify refresh-1 refresh-100 rebuild git-reads-all; do
		print "$name"
	done
	cd "$work"
	rm -rf "$work/desk"
done
