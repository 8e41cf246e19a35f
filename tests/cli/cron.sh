# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The examples of ticket-check(1) are run as they stand: the line of the crontab, the service and timer of systemd.
. "$(dirname "$0")/harness.sh"

page=$top/docs/ticket-check.1.scd
line=$(grep -E '^\* \* \* \* \* ' "$page")
same 'one line for the crontab' "$(wc -l <<<"$line")" 1
command=${line#'* * * * * '}

desk srv --policy response-tracking
at 2026-05-06T09:30:00+08:00
number=$(ticket new -q -c phone -t complaint -k billing -p 1 -m 'billed twice')
at 2026-05-06T09:45:00+08:00
# As cron does it: a bare shell elsewhere, no terminal; only the desk's place is another.
run_line() {
	(cd / && env -i HOME="$HOME" PATH="$PATH" TICKET_NOW="$TICKET_NOW" sh -c "${1/\/srv\/desk/$work/srv}" </dev/null)
}
matches 'the line of the crontab sweeps' "^$number +due +first_response" run_line "$command"
json 'by cron' '[.tickets[0].events[] | select(.do=="breached") | .by] | unique' '["cron"]' ticket show --json "$number"
prints 'a second time it is silent' '' run_line "$command"

# unit NAME: the block of the page that follows the file's name.
unit() {
	awk -v name="$1" 'index($0, "/" name "_") { here = 1 } here && /^```/ { if (open) exit; open = 1; next } here && open' "$page" >"$work/$1"
}
unit ticket-check.service
unit ticket-check.timer
exec_line=$(sed -n 's/^ExecStart=//p' "$work/ticket-check.service")
same 'systemd runs what cron runs' "${exec_line#/usr/bin/}" "$command"
same 'the timer comes each minute' "$(sed -n 's/^OnCalendar=//p' "$work/ticket-check.timer")" '*-*-* *:*:00'
if command -v systemd-analyze >/dev/null; then
	sed -i "s|^ExecStart=/usr/bin/ticket|ExecStart=$work/bin/ticket|; s|^User=.*|User=root|" "$work/ticket-check.service"
	ok 'systemd takes the units' systemd-analyze verify "$work/ticket-check.service" "$work/ticket-check.timer"
	same 'without a word' "$err" ''
	ok 'and the calendar of the timer' systemd-analyze calendar '*-*-* *:*:00'
else
	skip 'systemd takes the units' 'systemd-analyze is not here'
fi
