# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Three thousand real incidents, imported as an event log: every one has a verdict, what it consumed is what an
# independent program makes of the log, and every explanation adds up.
. "$(dirname "$0")/harness.sh"

logs=("$shared_data"/servicenow_incident_events_[12].csv)
if [ ! -e "${logs[1]:-}" ] || ! python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Rome")' 2>/dev/null; then
	skip 'real incidents' 'the event logs (TICKET_SHARED_DATA) or python3 are not there'
	exit 0
fi

desk incidents --policy response-tracking
cat >policy/policy.json <<'EOF'
{"format": 1, "name": "incidents", "time_zone": "UTC", "number": {"format": "{date}{serial:3}"},
 "channels": [{"name": "phone"}, {"name": "email"}, {"name": "self_service"}, {"name": "direct"}, {"name": "other"}],
 "priorities": [{"name": "1"}, {"name": "2"}, {"name": "3"}, {"name": "4"}], "default_priority": "3",
 "targets": [
  {"name": "resolution", "when": {"priority": ["1"]}, "from": "received", "until": ["resolved"], "within": "8h", "calendar": "nine", "pause": ["waiting:customer"], "warn": ["75%"]},
  {"name": "resolution", "from": "received", "until": ["resolved"], "within": "40h", "calendar": "nine", "pause": ["waiting:customer"], "warn": ["75%"]},
  {"name": "progress", "from": "assigned", "until": ["noted"], "by": "17:00", "calendar": "nine", "pause": ["waiting"]}]}
EOF
cat >policy/calendars/nine.json <<'EOF'
{"format": 1, "name": "nine", "time_zone": "Europe/Rome", "holidays": ["2016-03-28", "2016-04-25"],
 "hours": {"mon": [["08:00", "12:00"], ["12:30", "18:00"]], "tue": [["08:00", "12:00"], ["12:30", "18:00"]], "wed": [["08:00", "12:00"], ["12:30", "18:00"]],
           "thu": [["08:00", "12:00"], ["12:30", "18:00"]], "fri": [["08:00", "12:00"], ["12:30", "18:00"]]}}
EOF
git add -A && git -c user.name=Li -c user.email=li@example.org commit -qm 'rules for incidents'
jq 'del(.fields) | del(.events[].set.group?)' "$top/docs/maps/servicenow.json" >"$work/map.json"
for log in "${logs[@]}"; do
	ok "import ${log##*/}" ticket import "$log" --map "$work/map.json"
done

git archive HEAD tickets | tar -xO --wildcards '*.json' >"$work/tickets.json"
same 'all of them' "$(jq -s length "$work/tickets.json")" 3000
same 'every one has a verdict' "$(jq -s '[.[] | select([.clocks[] | select(.target == "resolution") | .verdict] - ["met", "met_late"] != [])] | length' "$work/tickets.json")" 0
jq -c '{key: .source.key} + (.clocks[] | select(.target == "resolution" and .cycle == 1) | {consumed_s: (.consumed_s // 0), paused_s: (.paused_s // 0), verdict})' \
	"$work/tickets.json" >"$work/clocks.jsonl"
prints 'an independent recomputation agrees on every incident' '3000 incidents, 0 differ' python3 "$top/tests/cli/incidents.py" "$work/clocks.jsonl" "${logs[@]}"

jq -r .id "$work/tickets.json" | while read -r number; do
	ticket explain "$number" --json || break
done >"$work/stories.json"
same 'every explanation adds up, without gaps' "$(jq -c '.clocks[] | select(([.intervals[].working_s] | add // 0) != .consumed_s
	or ([.intervals[] | select(.counts == "paused") | (.to | .[0:19] + "Z" | fromdate) - (.from | .[0:19] + "Z" | fromdate)] | add // 0) != .paused_s
	or ([.intervals | .[:-1][].to] != [.intervals | .[1:][].from]))' "$work/stories.json" | head -3)" ''
same 'of all of them' "$(jq -s '[.[] | select(.clocks | length > 0)] | length' "$work/stories.json")" 3000
