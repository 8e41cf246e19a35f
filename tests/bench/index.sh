#!/bin/bash
# SPDX-License-Identifier: MIT
# What answers of the index cost, as ratios to the start of a process (`true`), beside git grep and sqlite3:
#   index.sh [--million] [COUNT...]     how many tickets (default: 1000 100000); a million takes minutes and 3 GB
# Each figure is the best of several whole processes, measured in turn, so that a busy machine moves them alike.
# A rebuild is also told by the processor time it took, which says more on a machine that others use.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export TICKET_PROGRAM=${TICKET_PROGRAM:-$here/../../build/cmd/ticket} TICKET_AS=Li GIT_CONFIG_GLOBAL=/dev/null
ticket=$TICKET_PROGRAM
work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
declare -A best

# best NAME COMMAND...: keeps the least microseconds seen under that name.
measure() {
	local name=$1 start end
	shift
	start=$(date +%s%N)
	"$@" >/dev/null 2>&1 || true
	end=$(( ($(date +%s%N) - start) / 1000 ))
	if [ "${best[$name]:-999999999}" -gt "$end" ]; then
		best[$name]=$end
	fi
}

# rebuild: the index anew, from its first command.
rebuild() {
	local start end
	rm -f "$index" "$index-journal"
	start=$(date +%s%N)
	cpu=$( { TIMEFORMAT='%U %S'; time "$ticket" list --limit 1 >/dev/null 2>&1; } 2>&1 | awk '{print $1 + $2}')
	end=$(( ($(date +%s%N) - start) / 1000 ))
	if [ "${best[rebuild]:-999999999}" -gt "$end" ]; then
		best[rebuild]=$end rebuild_cpu=$cpu
	fi
}

print() {
	local floor=${best[true]}
	printf '%-34s %10s us %8s x true\n' "$1" "${best[$1]}" "$(awk -v a="${best[$1]}" -v b="$floor" 'BEGIN {printf "%.1f", a / b}')"
}

# commit N: changes the priority of N tickets by hand, so that the index learns of it from the trees.
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

counts=(1000 100000)
if [ "${1:-}" = --million ]; then
	counts=(1000 100000 1000000)
	shift
fi
if [ $# -gt 0 ]; then
	counts=("$@")
fi
for count in "${counts[@]}"; do
	best=()
	"$here/desk.sh" "$work/desk" "$count"
	cd "$work/desk"
	index=$(git rev-parse --git-dir)/ticket/index.db
	rebuild
	rebuild
	for _ in 1 2 3 4 5 6 7; do
		measure 'true' /bin/true
		measure 'ticket version' "$ticket" version
		measure 'list newest 50' "$ticket" list --limit 50
		measure 'list by state' "$ticket" list --limit 50 state:waiting
		measure 'list by assignee' "$ticket" list --limit 50 assignee:agent3
		measure 'list overdue' "$ticket" list --limit 50 overdue
		measure 'show one ticket' "$ticket" show WX-20000101-001
		measure 'search common word' "$ticket" search 退款 --limit 50
		measure 'search rare word' "$ticket" search 罕见 --limit 50
		measure 'search absent word' "$ticket" search 龙虾 --limit 50
		measure 'git --version' git --version
		measure 'sqlite3 newest 50' sqlite3 "$index" 'SELECT id, subject FROM tickets ORDER BY received DESC LIMIT 50'
	done
	measure 'git grep rare word' git grep -l 罕见 HEAD
	# Long before anything is due; the first sweep looks at all there is, those after it at nothing.
	"$ticket" --now 2000-01-01T00:00:00Z check --no-notify >/dev/null
	for i in 1 2 3 4 5; do
		measure 'check, nothing due' "$ticket" --now 2000-01-01T00:00:00Z check --no-notify
		measure 'check and notify, nothing due' "$ticket" --now 2000-01-01T00:00:00Z check
	done
	for i in 1 2 3; do
		commit 1 "p$i"
		measure 'refresh after 1 change, list' "$ticket" list --limit 1
		commit 100 "q$i"
		measure 'refresh after 100 changes, list' "$ticket" list --limit 1
	done
	echo "$count tickets, index $(stat -c %s "$index") bytes, texts $(sqlite3 "$index" 'SELECT sum(bytes) FROM blocks') bytes, searched in $(sqlite3 "$index" 'SELECT sum(length(data)) FROM texts') bytes"
	for name in true 'ticket version' 'git --version' 'list newest 50' 'list by state' 'list by assignee' 'list overdue' 'show one ticket' 'sqlite3 newest 50' \
		'search common word' 'search rare word' 'search absent word' 'git grep rare word' \
		'check, nothing due' 'check and notify, nothing due' 'refresh after 1 change, list' \
		'refresh after 100 changes, list' 'rebuild'; do
		print "$name"
	done
	awk -v us="${best[rebuild]}" -v cpu="$rebuild_cpu" -v n="$count" 'BEGIN {printf "rebuild: %.1f s, %.1f s of processors, %.0f tickets/s\n", us / 1e6, cpu, n * 1e6 / us}'
	cd "$work"
	rm -rf "$work/desk"
done
