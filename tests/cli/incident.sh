# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Many tickets of one incident: put under one, answered and resolved together, each by its own rules (B9, C13).
. "$(dirname "$0")/harness.sh"

desk incident --policy complaint-monitoring
numbers=()
for who in Anna Bert Cleo Dora Emil Fred; do
	numbers+=("$(ticket new -q --channel hotline -t complaint -k product_service -p b --grade major --name "$who" --contact "$who@example.com" -m "app broken, says $who")")
done
at 2026-05-06T09:40:00+08:00
ok 'a burst' ticket check -o /dev/null
json 'names the tickets that made it' '[.tickets[].events[] | select(.step == "alarm:burst") | .reason]' \
	'["同一类别有 6 张：YS20260506001、YS20260506002、YS20260506003、YS20260506004、YS20260506005、YS20260506006"]' ticket show --json "${numbers[@]}"

# --- under one
prints 'from a list' 'YS20260506001: linked (Recorded)' bash -c "ticket list -q 'subject:says Anna' -category:price >/dev/null; printf '002\n003\n004\n' | ticket link 001 - --incident"
same 'as one commit' "$(git log -1 --format=%s | cut -d: -f1)" '4 tickets'
json 'each names the other' '[.tickets[] | [.incident, .covers, (.links | length)]]' \
	'[[null,["YS20260506002","YS20260506003","YS20260506004"],3],["YS20260506001",null,1]]' ticket show --json 001 002
refused 3 "ticket: 'YS20260506002' belongs to the incident 'YS20260506001' already; take it out first: ticket link YS20260506001 YS20260506002 --remove" \
	ticket link 005 002 --incident
refused 3 "ticket: 'YS20260506002' belongs to the incident 'YS20260506001' itself; put the tickets under that one" ticket link 002 005 --incident
refused 3 "ticket: 'YS20260506001' is an incident itself, with 3 tickets under it" ticket link 005 001 --incident
refused 2 "ticket: 'YS20260506005' cannot be an incident of its own" ticket link 005 006 005 --incident
refused 3 "ticket: no ticket is under 'YS20260506005'; put some there with: ticket link YS20260506005 ID... --incident" ticket note 005 --linked -m x
prints 'a list by any piece of the number' '3
3
3' bash -c 'ticket list -q incident:001 | wc -l; ticket list -q -incident:YS20260506001 | wc -l; ticket list -q has:incident | wc -l'
answers 4 'of one that is not there' ticket list incident:099
matches 'shown on the one' '^Tickets of it  3$' ticket show 001
matches 'and the other' '^Incident +YS20260506001$' ticket show 002

# --- answered together: each on his own ticket, what is known of him masked there
prints 'all that are open' 'YS20260506001: responded (In progress)
YS20260506002: responded (In progress)
YS20260506003: responded (In progress)
YS20260506004: responded (In progress)' ticket respond 001 --linked -m 'We work on it, Bert.'
same 'as one commit' "$(git log -1 --format=%s)" '4 tickets: respond'
json 'in texts, names are masked where they are the customer'"'"'s' '[.tickets[].events[] | select(.do == "responded") | .text]' \
	'["We work on it, Bert.","We work on it, B***."]' ticket show --json 001 002
prints 'by its own clock each' 'met
met
running' bash -c 'for n in 001 004 005; do ticket show --json $n | jq -r ".tickets[0].clocks[] | select(.target == \"first_response\") | .verdict"; done'
ok 'one has a plan of its own' ticket plan 003 -m 'his own' --owner Li --due +2h
refused 3 "ticket: 3 of 4 tickets refuse it, so nothing was recorded; the others alone: --keep-going
  'YS20260506001' cannot be resolved yet: it has no plan (ticket plan)
  'YS20260506002' cannot be resolved yet: it has no plan (ticket plan)
  'YS20260506004' cannot be resolved yet: it has no plan (ticket plan)" ticket resolve 001 --linked -m 'Payment works again'
answers 6 'those that can' ticket resolve 001 --linked --keep-going -m 'Payment works again'
same 'are told, and those left out' "$out$err" "YS20260506003: resolved (To be verified)
ticket: 3 of 4 tickets refuse it and were left out:
  'YS20260506001' cannot be resolved yet: it has no plan (ticket plan)
  'YS20260506002' cannot be resolved yet: it has no plan (ticket plan)
  'YS20260506004' cannot be resolved yet: it has no plan (ticket plan)
"
prints 'one plan for all that are open' 'YS20260506001
YS20260506002
YS20260506004' ticket plan -q 001 --linked -m 'restart the gateway' --owner Li --due +1h
head=$(git rev-parse HEAD)
prints 'a dry run' 'YS20260506001
YS20260506002
YS20260506004' ticket resolve -q -n 001 --linked -m 'Payment works again'
same 'writes nothing' "$(git rev-parse HEAD)" "$head"
ok 'then all' ticket resolve 001 --linked -m 'Payment works again'
json 'are resolved, with the state of none overturned' '[.tickets[].state]' '["resolved","resolved","resolved","resolved","new","new"]' ticket show --json "${numbers[@]}"
refused 3 "ticket: neither 'YS20260506001' nor a ticket under it is open" ticket note 001 --linked -m x

# --- in figures, and out again
at 2026-05-07T09:00:00+08:00
json 'the top incidents' '[.report.sections[] | select(.name == "top_incidents") | .rows[] | [.incident, .subject, .tickets, .open, .closed]]' \
	'[["YS20260506001","app broken, says A***",4,0,4]]' ticket report top --month 2026-05 --format json
ok 'taken out' ticket link 001 003 --remove
json 'of both' '[.tickets[] | [.incident, (.covers // [] | length), (.links // [] | length)]]' '[[null,2,2],[null,0,0]]' ticket show --json 001 003
ok 'put under another' ticket link 005 003 --incident
