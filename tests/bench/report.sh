#!/bin/bash
# SPDX-License-Identifier: MIT
# What a month's report costs on desks of growing size, as ratios to the start of a process (`true`), beside sqlite3
# grouping the rows of the same index and jq grouping an export:
#   report.sh [COUNT...]    how many tickets (default: 1000 100000; 1000000 takes minutes and 3 GB)
# The first month holds 28,000 tickets where there are as many, at every size: a report must cost what its month costs.
# Whole processes, measured in turn, so that a busy machine moves them alike: the median and the least.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${TICKET_BUILD:-$here/../../build}" && pwd)
ninja -C "$build" tests/bench/stopwatch cmd/ticket >/dev/null
export TICKET_PROGRAM=${TICKET_PROGRAM:-$build/cmd/ticket} TICKET_AS=Li GIT_CONFIG_GLOBAL=/dev/null TICKET_NOW=2000-03-01T00:00:00+08:00
ticket=$TICKET_PROGRAM stopwatch=$build/tests/bench/stopwatch
work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

from=$(date -d 2000-01-01T00:00:00+08:00 +%s) until=$(date -d 2000-02-01T00:00:00+08:00 +%s)
{
	echo '#!/bin/sh'
	echo 'exec sqlite3 "$1" "'
	for column in channel category types priority state; do
		echo "SELECT $column, count(*), sum(open), avg(resolved - received) FROM tickets WHERE received >= $from AND received < $until GROUP BY $column;"
	done
	echo '"'
} >"$work/group-by"
printf '#!/bin/sh\nexec jq -s -c "group_by(.channel) | map([.[0].channel, length])" "$1"\n' >"$work/group-jq"
chmod +x "$work/group-by" "$work/group-jq"

month='--month 2000-01'
for count in "${@:-1000 100000}"; do
	for count in $count; do
		"$here/desk.sh" "$work/desk" "$count"
		cd "$work/desk"
		index=$(git rev-parse --git-dir)/ticket/index.db
		"$stopwatch" 1 "index-built:$ticket list --limit 1" >"$work/figures"
		"$ticket" export received:2000-01 >"$work/export.jsonl" 2>/dev/null
		reports=()
		for name in summary sla csat backlog tracking improvement; do
			reports+=("$name:$ticket report $name $month --json")
		done
		"$stopwatch" 15 'true:true' "version:$ticket version" "${reports[@]}" "summary-of-a-channel:$ticket report summary $month channel:wechat --json" \
			"summary-of-a-day:$ticket report summary --day 2000-01-01 --json" "summary-without-data:$ticket report summary --month 1999-01 --json" \
			"sqlite3-five-group-by:$work/group-by $index" >>"$work/figures"
		"$stopwatch" 1 "jq-one-grouping:$work/group-jq $work/export.jsonl" "summary-from-tickets:$ticket report summary $month --json --recount" >>"$work/figures"
		echo "$count tickets, $(wc -l <"$work/export.jsonl") in the month, index $(stat -c %s "$index") bytes, facts $(sqlite3 "$index" 'SELECT sum(length(data)) FROM pages WHERE kind < 3') bytes"
		awk '$1 == "true" { floor = $2 } { name[NR] = $1; median[NR] = $2; least[NR] = $3 }
			END { for (i = 1; i <= NR; i++) printf "%-24s %10.2f ms, least %10.2f; %8.1f x true\n", name[i], median[i], least[i], median[i] / floor }' "$work/figures"
		cd "$work"
		rm -rf "$work/desk"
	done
done
