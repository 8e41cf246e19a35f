# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Real incidents: every closed one has its verdict, the intervals add up, and another program counts the same seconds.
. "$(dirname "$0")/harness.sh"

logs=("$shared_data"/servicenow_incident_events_[12].csv)
if ! [ -f "${logs[1]:-}" ] || ! command -v python3 >/dev/null; then
	skip 'real incidents' 'neither the logs nor python3, or not both, are here'
	exit 0
fi
desk incidents
ok 'their rules' ticket policy apply "$top/docs/maps/policies/incidents.json"
for log in "${logs[@]}"; do
	ok "import ${log##*/}" ticket import "$log" --map "$top/docs/maps/servicenow.json"
done
ok 'export' ticket export --format jsonl -o "$work/all.jsonl"
same 'all of them' "$(wc -l <"$work/all.jsonl")" 3000
prints 'counted again from the logs alone' '3000 compared, 0 differ, 0 closed without a verdict' \
	python3 "$top/tests/cli/verdicts.py" "${logs[@]}" <"$work/all.jsonl"
jq -r .id "$work/all.jsonl" | while read -r number; do
	ticket explain "$number" --json || echo "{\"failed\":\"$number\"}"
done >"$work/stories" 2>&1
same 'explain tells of all' "$(jq -s 'length' "$work/stories")" 3000
same 'the intervals of each clock follow each other and add up' "$(jq -c '.ticket as $ticket | .clocks[] |
	select(([.intervals[].working_s] | add // 0) != .consumed_s
		or ([.intervals[] | select(.counts == "paused") | (.to | fromdate) - (.from | fromdate)] | add // 0) != .paused_s
		or ([.intervals[] | .from][1:]) != ([.intervals[] | .to][:-1])) | $ticket' "$work/stories")" ''
same 'the sweep warns of nothing that is past' "$(ticket check)" ''
