#!/bin/bash
# SPDX-License-Identifier: MIT
# Times as people type them, in the desk's zone and on its calendar; the clock that TICKET_NOW and --now set.
. "${0%/*}/harness.sh"

desk d --policy multichannel
jq '.calendar = "office" | .time_zone = "Asia/Shanghai"' policy/policy.json >"$work/policy.json"
cp "$work/policy.json" policy/policy.json
git -c user.name=Li -c user.email=li@example.org commit -qam 'Office hours'
# Wednesday 2026-05-06, 09:30 in Shanghai.
ok 'a ticket' ticket new -q -c wechat -t inquiry -m x --received 09:00

# eta TEXT WANTED: what a time typed as TEXT is stored as.
eta() {
	if call ticket note 001 -q -m x --eta "$1" && [ "$code" = 0 ]; then
		same "'$1'" "$(ticket show --json 001 | jq -r .tickets[0].eta)" "$2"
	else
		fail "'$1'" "$err"
	fi
}
eta 2026-05-07T10:00:00Z 2026-05-07T10:00:00Z
eta '2026-05-07 10:00' 2026-05-07T10:00:00+08:00
eta 2026-05-07 2026-05-07T00:00:00+08:00
eta 18:30 2026-05-06T18:30:00+08:00
eta tomorrow 2026-05-07T00:00:00+08:00
eta +1h30m 2026-05-06T11:00:00+08:00
eta +2d 2026-05-08T09:30:00+08:00
# Thursday, Friday, Monday: working days of the calendar, at the same time of day.
eta +3bd 2026-05-11T09:30:00+08:00
eta +1bd 2026-05-07T09:30:00+08:00
refused 2 "ticket: --eta: 'soon' is not a time; right would be 2026-05-01T09:30:00+08:00, '2026-05-01 09:30', 09:30, today, yesterday, -2h or +15m" \
	ticket note 001 -m x --eta soon
refused 2 "ticket: --eta: '+3x' is not a time; right would be 2026-05-01T09:30:00+08:00, '2026-05-01 09:30', 09:30, today, yesterday, -2h or +15m" \
	ticket note 001 -m x --eta +3x

# --- the clock
ok '--at: when it happened' ticket note 001 -q -m x --at -10m
json 'stands beside when it was recorded' '.tickets[0].events[-1] | [.at, .recorded]' '["2026-05-06T09:20:00+08:00","2026-05-06T09:30:00+08:00"]' ticket show --json 001
ok '--now comes before TICKET_NOW' ticket --now 2026-05-06T12:00:00+08:00 note 001 -q -m x
json 'and is what is recorded' '.tickets[0].events[-1].recorded' '"2026-05-06T12:00:00+08:00"' ticket show --json 001
ok "a clock without zone is read in the desk's" ticket --now '2026-05-06 13:00' note 001 -q -m x
json 'not in that of the shell' '.tickets[0].events[-1].recorded' '"2026-05-06T13:00:00+08:00"' env TZ=America/New_York ticket show --json 001
same 'the commit says when it happened and when it was recorded' "$(git log -1 --format='%ad %cd' --date=iso-strict)" '2026-05-06T13:00:00+08:00 2026-05-06T13:00:00+08:00'
