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

# --- who has taken notice is not told again: a review ends the ladder until the next breach
desk ladder --policy response-tracking
at 2026-05-06T09:00:00+08:00
seen=$(ticket new -q -c chat -t inquiry -p 1 -m 'somebody looks at it')
unseen=$(ticket new -q -c chat -t inquiry -p 1 -m 'nobody looks at it')
at 2026-05-06T09:30:00+08:00
ok 'the first step of the ladder' ticket check -o /dev/null
at 2026-05-06T09:40:00+08:00
ok 'is taken notice of' ticket review "$seen" --decision 'a second person comes'
at 2026-05-06T18:30:00+08:00
ok 'hours later' ticket check -o /dev/null
steps() {
	ticket show --json "$1" | jq -r '[.tickets[0].events[] | select(.clock=="first_response" and .do=="escalated") | .step] | join(" ")'
}
same 'nobody is bothered again' "$(steps "$seen")" ladder:level_1
same 'but where nobody looked' "$(steps "$unseen")" 'ladder:level_1 ladder:level_2 ladder:level_3 ladder:emergency'
ok 'still owed: the next round has a ladder of its own' ticket respond "$seen" -m 'here we are' --late-reason 'late'

# --- a step before the receipt: at the receipt; and one ticket that cannot be swept does not keep the others
desk robust --policy response-tracking
jq '.ladder += [{"name":"early","targets":["first_response"],"offset":"-9h","notify":["assignee"]}]' policy/policy.json >"$work/early.json"
ok 'a step nine hours before a deadline of two' ticket policy apply "$work/early.json"
at 2026-05-06T09:00:00+08:00
early=$(ticket new -q -c chat -t inquiry -p 3 -m 'early')
ok 'the sweep' ticket check -o /dev/null
json 'is taken at the receipt' '[.tickets[0].events[] | select(.step=="ladder:early") | .at]' '["2026-05-06T09:00:00+08:00"]' ticket show --json "$early"
