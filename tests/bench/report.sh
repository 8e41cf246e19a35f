#!/bin/bash
# SPDX-License-Identifier: MIT
# What a month's report costs on desks of growing size, as ratios to the start of a process (`true`), beside sqlite3
# grouping the rows of the same index and jq grouping an export:
#   report.sh [COUNT...]    how many tickets (default: 1000 100000; 1000000 takes minutes and 3 GB)
# The first month holds 28,000 tickets where there are as many, at every size: a report must cost what its month costs.
# Each figure is the best of several whole processes, measured in turn, so that a busy machine moves them alike.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export TICKET_PROGRAM=${TICKET_PROGRAM:-$here/../../build/cmd/ticket} TICKET_AS=Li GIT_CONFIG_GLOBAL=/dev/null TICKET_NOW=2000-03-01T00:00:00+08:00
ticket=$TICKET_PROGRAM
work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
declare -A best

# measure NAME COMMAND...: keeps the least microseconds seen under that name.
measure() {
	local name=$1 start end
	shift
	start=$(date +%s%N)
	"$@" >"$work/out" 2>"$work/err" || { echo "$name: $(cat "$work/err")" >&2; exit 1; }
	end=$(( ($(date +%s%N) - start) / 1000 ))
	if [ "${best[$name]:-999999999}" -gt "$end" ]; then
		best[$name]=$end
	fi
}

print() {
	printf '%-34s %10s us %8s x true\n' "$1" "${best[$1]}" "$(awk -v a="${best[$1]}" -v b="${best[true]}" 'BEGIN {printf "%.1f", a / b}')"
}

month=(--month 2000-01)
from=$(date -d 2000-01-01T00:00:00+08:00 +%s) until=$(date -d 2000-02-01T00:00:00+08:00 +%s)
for count in "${@:-1000 100000}"; do
	for count in $count; do
		best=()
		"$here/desk.sh" "$work/desk" "$count"
		cd "$work/desk"
		index=$(git rev-parse --git-dir)/ticket/index.db
		measure 'index built' "$ticket" list --limit 1
		"$ticket" export received:2000-01 >"$work/export.jsonl" 2>/dev/null
		for _ in 1 2 3 4 5 6 7; do
			measure 'true' /bin/true
			measure 'ticket version' "$ticket" version
			for name in summary sla csat backlog tracking improvement; do
				measure "$name of a month" "$ticket" report "$name" "${month[@]}" --json
			done
			measure 'summary of a channel' "$ticket" report summary "${month[@]}" channel:wechat --json
			measure 'summary of a day' "$ticket" report summary --day 2000-01-01 --json
			measure 'summary of a month without data' "$ticket" report summary --month 1999-01 --json
			measure 'sqlite3, five GROUP BY' sqlite3 "$index" "SELECT channel, count(*), sum(open), avg(resolved - received) FROM tickets WHERE received >= $from AND received < $until GROUP BY channel;
				SELECT category, count(*), sum(open), avg(resolved - received) FROM tickets WHERE received >= $from AND received < $until GROUP BY category;
				SELECT types, count(*), sum(open), avg(resolved - received) FROM tickets WHERE received >= $from AND received < $until GROUP BY types;
				SELECT priority, count(*), sum(open), avg(resolved - received) FROM tickets WHERE received >= $from AND received < $until GROUP BY priority;
				SELECT state, count(*), sum(open), avg(resolved - received) FROM tickets WHERE received >= $from AND received < $until GROUP BY state"
		done
		measure 'jq over the export, one grouping' jq -s -c 'group_by(.channel) | map([.[0].channel, length])' "$work/export.jsonl"
		measure 'summary from the tickets' "$ticket" report summary "${month[@]}" --json --recount
		echo "$count tickets, $(wc -l <"$work/export.jsonl") in the month, index $(stat -c %s "$index") bytes, facts $(sqlite3 "$index" 'SELECT sum(length(data)) FROM pages WHERE kind < 3') bytes"
		for name in true 'ticket version' 'summary of a month' 'sla of a month' 'csat of a month' 'backlog of a month' 'tracking of a month' 'improvement of a month' \
			'summary of a channel' 'summary of a day' 'summary of a month without data' 'sqlite3, five GROUP BY' 'jq over the export, one grouping' 'summary from the tickets' \
			'index built'; do
			print "$name"
		done
		cd "$work"
		rm -rf "$work/desk"
	done
done
