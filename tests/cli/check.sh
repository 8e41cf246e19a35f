# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The sweep: every step once, in order, whatever the night did to cron.
. "$(dirname "$0")/harness.sh"

desk sweep --policy response-tracking
at 2026-05-06T09:30:00+08:00
number=$(ticket new -c phone -t complaint -k billing -p 1 -m 'billed twice' --received '2026-05-06 09:30')
prints 'nothing is due: silent' '' ticket check
same 'and nothing is written' "$(git rev-list --count HEAD)" 2
json 'what comes soon is shown, not done' '[.steps[] | select(.clock=="first_response") | .what]' '["ladder:warn_owner","warn:75%","due"]' \
	ticket check --within 16m --format json
same 'still nothing is written' "$(git rev-list --count HEAD)" 2

at 2026-05-06T09:44:59+08:00
ok 'a second before the deadline' ticket check -o before.csv --format csv
same 'no breach yet' "$(grep -c "^$number,due," before.csv)" 0
at 2026-05-06T09:45:00+08:00
matches 'the deadline' "^$number,due,first_response,2026-05-06T09:45:00\+08:00" ticket check --format csv
prints 'a second run does nothing' '' ticket check
answers 0 'and says so' ticket check --exit-code

at 2026-05-06T18:00:00+08:00
ok 'an outage of a day: all steps at once' ticket check -o after.csv --format csv
same 'the ladder of A13, in order' "$(grep ',first_response,' after.csv | cut -d, -f2,4)" 'ladder:level_1,2026-05-06T10:00:00+08:00
ladder:level_2,2026-05-06T10:45:00+08:00
ladder:level_3,2026-05-06T13:45:00+08:00
ladder:emergency,2026-05-06T17:45:00+08:00'
json 'marked delayed, level 4' '.tickets[0] | [.delayed, .level]' '[true,4]' ticket show --json "$number"
same 'one commit for the sweep' "$(git log -1 --format=%s | cut -d: -f1)" check
prints 'silent again' '' ticket check
json 'no step twice' '[.tickets[0].events[] | select(.automatic and .step) | [.clock,.cycle,.step]] | length == (unique | length)' true ticket show --json "$number"

# --- two sweeps at once
at 2026-05-06T19:00:00+08:00
for i in 1 2 3 4 5 6; do
	ticket new -c chat -t inquiry -p 1 -m "request $i" --received '2026-05-06 18:30' >/dev/null
done
ticket check >"$work/one" 2>&1 &
ticket check >"$work/two" 2>&1 &
wait
number=20260506001
json 'overlapping runs do each step once' '[.tickets[].events[] | select(.automatic and .step)] | length' \
	"$(ticket show --json $number 20260506002 20260506003 | jq '[.tickets[] | [.events[] | select(.automatic and .step) | [.clock,.cycle,.step]] | unique | length] | add')" \
	ticket show --json $number 20260506002 20260506003
