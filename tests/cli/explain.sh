# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# `ticket explain`: clocks told interval by interval, by the rules of a real preset.
. "$(dirname "$0")/harness.sh"

desk explain --policy after-sales
at 2026-04-30T16:00:00+08:00
ok 'a general request before the holidays' ticket new --channel phone --type malfunction --priority general --name 王五 --contact 13812345678 -m '开不了机'
id=AS-20260430-001
at 2026-04-30T16:10:00+08:00
ok 'assigned' ticket assign $id Li
at 2026-04-30T17:00:00+08:00
ok 'answered' ticket respond $id -m '您好'
at 2026-05-06T10:00:00+08:00
ok 'waiting for the customer' ticket wait $id --for customer -m 'serial number?'
at 2026-05-09T10:00:00+08:00
ok 'resumed on a Saturday that is worked' ticket resume $id
at 2026-05-11T09:00:00+08:00

json 'three working days over Labour Day, less three in waiting' '.clocks[] | [.verdict, .due, .consumed_s, .paused_s, .left_s]' \
	'["running","2026-05-12T16:00:00+08:00",36000,259200,50400]' ticket explain $id resolution --json
json 'the first answer was in time' '.clocks[] | [.verdict, .due, .done, .consumed_s]' '["met","2026-04-30T20:00:00+08:00","2026-04-30T17:00:00+08:00",3600]' \
	ticket explain $id first_response --json
json 'every clock adds up, without gaps' '[.clocks[] | select(([.intervals[].working_s] | add // 0) != .consumed_s
	or ([.intervals[] | select(.counts == "paused") | (.to | .[0:19] + "Z" | fromdate) - (.from | .[0:19] + "Z" | fromdate)] | add // 0) != .paused_s
	or ([.intervals | .[:-1][].to] != [.intervals | .[1:][].from]))] | length' '0' ticket explain $id --json
json 'while it waited there was no deadline' '[.clocks[].intervals[] | select(.counts == "paused") | .due] | unique' '[null]' ticket explain $id resolution --json
json 'the state says for whom it waited' '[.clocks[].intervals[] | select(.counts == "paused") | .state] | unique' '["waiting:customer"]' ticket explain $id resolution --json
matches 'a table for people' '^2026-05-06 10:00  2026-05-09 10:00  waiting:customer  paused   0s ' ticket explain $id resolution
matches 'ends in the verdict' '^Running: 10h of 24h used \(41%\), paused for 3d, due 2026-05-12T16:00:00\+08:00, 14h left' ticket explain $id resolution

ok 'planned' ticket plan $id -m 'exchange it' --owner Li --due 2026-05-12
at 2026-05-12T16:00:01+08:00
json 'a second after the deadline it is missed' '.clocks[] | [.verdict, .overdue, .left_s]' '["missed",true,-1]' ticket explain $id resolution --json
ok 'solved too late' ticket resolve $id -m 'exchanged'
json 'a miss stays a miss' '.clocks[] | [.verdict, .done, .overdue]' '["met_late","2026-05-12T16:00:01+08:00",false]' ticket --now 2026-06-01T00:00:00+08:00 explain $id resolution --json
json 'the follow-up is owed now' '.clocks[] | [.verdict, .due]' '["running","2026-05-13T16:00:01+08:00"]' ticket explain $id follow_up --json
json 'what is stored is the same' '[.tickets[0].clocks[] | select(.target == "resolution") | [.verdict, .consumed_s]]' '[["met_late",86401]]' ticket show $id --json

refused 4 "ticket: '$id' has no clock 'nope'; it has: first_response, resolution, details, plan, daily_update, customer_update, follow_up" ticket explain $id nope
refused 2 "ticket: 'explain' needs more than that; usage: ticket explain ID [TARGET]" ticket explain
