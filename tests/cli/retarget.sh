# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Moved to new rules: what happened under the old ones stays judged by them, what was consumed and paused is kept.
. "$(dirname "$0")/harness.sh"

clock() {
	ticket show --json "$1" | jq -c --arg target "$2" '[.tickets[0].clocks[] | select(.target==$target) | [.verdict, .due, .consumed_s, .paused_s]]'
}

# changed FILTER: the desk's policy with a change.
changed() {
	jq "$1" policy/policy.json >"$work/new.json" && ticket policy apply "$work/new.json" >/dev/null
}

desk rules --policy response-tracking
at 2026-05-06T10:00:00+08:00
# Priority 3: an answer within 2 h.
fast=$(ticket new -q -c chat -t inquiry -p 3 -m 'answered in time')
slow=$(ticket new -q -c chat -t inquiry -p 3 -m 'answered too late')
never=$(ticket new -q -c chat -t inquiry -p 3 -m 'not answered')
at 2026-05-06T11:30:00+08:00
ok 'answered in time' ticket respond "$fast" -m 'yes'
at 2026-05-06T12:30:00+08:00
ok 'answered too late' ticket respond "$slow" -m 'sorry' --late-reason 'too much'
ok 'the sweep' ticket check -o /dev/null
at 2026-05-06T12:45:00+08:00
young=$(ticket new -q -c chat -t inquiry -p 3 -m 'half way through')
at 2026-05-06T13:45:00+08:00
same 'before: due after two hours' "$(clock "$young" first_response)" '[["running","2026-05-06T14:45:00+08:00",null,null]]'
resolution_before=$(clock "$fast" resolution)
ok 'six hours instead of two' changed '.targets |= map(if .name=="first_response" and .within=="2h" then .within="6h" else . end)'
same 'met stays met' "$(clock "$fast" first_response)" '[["met","2026-05-06T12:00:00+08:00",5400,null]]'
same 'met late stays met late' "$(clock "$slow" first_response)" '[["met_late","2026-05-06T12:00:00+08:00",9000,null]]'
same 'a miss stays a miss, though the new rule would give more time' "$(clock "$never" first_response)" '[["missed","2026-05-06T12:00:00+08:00",13500,null]]'
same 'a running one keeps what it consumed and has a new deadline' "$(clock "$young" first_response)" '[["running","2026-05-06T18:45:00+08:00",3600,null]]'
at 2026-05-06T14:45:00+08:00
ok 'the sweep at the old deadline' ticket check -o /dev/null
json 'explain tells both deadlines' '[.. | objects | select(has("working_s")) | .due] | unique' '["2026-05-06T14:45:00+08:00","2026-05-06T18:45:00+08:00"]' \
	ticket explain "$young" first_response --json
json 'the intervals add up over the change' '[.. | objects | select(has("working_s")) | .working_s] | add' 7200 ticket explain "$young" first_response --json
json 'tells nothing of it' '[.tickets[0].events[] | select(.do=="breached" and .clock=="first_response")] | length' 0 ticket show --json "$young"
at 2026-05-06T18:45:00+08:00
ok 'the sweep at the new one' ticket check -o /dev/null
json 'tells of that' '[.tickets[0].events[] | select(.do=="breached" and .clock=="first_response") | .at]' '["2026-05-06T18:45:00+08:00"]' ticket show --json "$young"

# --- shorter: what was consumed already can be more than the new limit: missed from the moment of the change
at 2026-05-07T09:00:00+08:00
short=$(ticket new -q -c chat -t inquiry -p 3 -m 'now shorter')
at 2026-05-07T11:00:00+08:00
ok 'one hour instead of six' changed '.targets |= map(if .name=="first_response" and .within=="6h" then .within="1h" else . end)'
json 'missed' '[.tickets[0].clocks[] | select(.target=="first_response") | [.verdict,.due]]' '[["missed","2026-05-07T10:00:00+08:00"]]' ticket show --json "$short"

# --- what was recorded later, but happened under the old rules, is judged by them
at 2026-05-08T09:00:00+08:00
later=$(ticket new -q -c chat -t inquiry -p 3 -m 'written down later')
ok 'two hours again' changed '.targets |= map(if .name=="first_response" and .within=="1h" then .within="2h" else . end)'
at 2026-05-08T12:00:00+08:00
ok 'ten minutes' changed '.targets |= map(if .name=="first_response" and .within=="2h" then .within="10m" else . end)'
ok 'it was answered after an hour and a half' ticket respond "$later" -m 'yes' --at '2026-05-08 10:30' --late-reason 'none'
same 'in time by the rules of that hour' "$(clock "$later" first_response)" '[["met","2026-05-08T11:00:00+08:00",5400,null]]'

# --- a target that only the new rules know counts from there; one they no longer know is cancelled
at 2026-05-09T09:00:00+08:00
open=$(ticket new -q -c chat -t inquiry -p 3 -m 'new targets')
at 2026-05-09T09:05:00+08:00
ok 'a target more, one less' changed '.targets |= (map(select(.name!="first_response")) + [{"name":"extra","from":"received","until":["resolved"],"within":"3h"}])'
same 'the new one counts from the change' "$(clock "$open" extra)" '[["running","2026-05-09T12:05:00+08:00",null,null]]'
json 'the old one is cancelled' '[.tickets[0].clocks[] | select(.target=="first_response") | .verdict]' '["cancelled"]' ticket show --json "$open"
same 'and what was decided is untouched' "$(clock "$fast" first_response)" '[["met","2026-05-06T12:00:00+08:00",5400,null]]'
