# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# `ticket calendar`: working time asked with and without a desk, calendars shown and imported.
. "$(dirname "$0")/harness.sh"

# --- outside any desk: a file is enough ---------------------------------------------------------------------------
cat >cal.json <<'EOF'
{"format":1,"name":"paris","time_zone":"Europe/Paris","hours":{"mon":[["08:00","18:00"]],"tue":[["08:00","18:00"]],"sun":[["00:00","24:00"]]}}
EOF
prints 'a file needs no desk' '2026-05-05T11:00:00+02:00' ticket calendar due --calendar ./cal.json 2026-05-04T17:00:00+02:00 4h
prints 'its name may do without a slash' '2026-05-05T10:00:00+02:00' ticket calendar due --calendar cal.json '2026-05-05 11:00' -1h
prints 'times without offset are of its zone' '3600' ticket calendar elapsed --calendar cal.json '2026-05-04 17:00' '2026-05-04 23:00'
prints 'a day of 23 hours' '82800' ticket calendar elapsed --calendar cal.json 2026-03-29 2026-03-30
prints 'a day of 25 hours' '90000' ticket calendar elapsed --calendar cal.json 2026-10-25 2026-10-26
prints 'from later to earlier is nothing' '0' ticket calendar elapsed --calendar cal.json 2026-05-05 2026-05-04
prints 'nothing while closed: the next opening' '2026-05-10T00:00:00+02:00' ticket calendar due --calendar cal.json '2026-05-06 12:00' 0s
prints 'nothing back: the last closing' '2026-05-05T18:00:00+02:00' ticket calendar due --calendar cal.json '2026-05-06 12:00' -0s
json 'both units' '[.due, .seconds, .duration, .working_days]' '["2026-05-05T11:00:00+02:00",14400,"4h",1]' \
	ticket calendar due --json --calendar cal.json 2026-05-04T17:00:00+02:00 4h
json 'both units of what has passed' '[.seconds, .working_days]' '[72000,1]' ticket calendar elapsed --json --calendar cal.json 2026-05-04T00:00:00+02:00 2026-05-06T00:00:00+02:00
prints 'working days' '2026-05-10T09:00:00+02:00' ticket calendar due --calendar cal.json '2026-05-04 09:00' 2bd
answers 4 'a name needs a desk' ticket calendar due --calendar office 2026-05-04 4h
refused 2 "ticket: '4x' is not a length of time; right would be 90s, 15m, 2h, 1h30m, 2d or 3bd (working days)" ticket calendar due --calendar cal.json 2026-05-04 4x
refused 4 "ticket: cannot read './none.json': No such file or directory" ticket calendar due --calendar ./none.json 2026-05-04 4h
echo '{"format":1,"name":"x","time_zone":"UTC","hours":{"mon":[["09:00","12:00"],["11:00","13:00"]]}}' >bad.json
refused 2 'ticket: bad.json:1: hours.mon: the spans ["09:00","12:00"] and ["11:00","13:00"] overlap; make one of them' ticket calendar elapsed --calendar bad.json 2026-05-04 2026-05-05
echo '{"format":1,"name":"x","time_zone":"UTC"}' >empty.json
refused 4 "ticket: the calendar 'x' has no working time within ten years after 2026-05-04T00:00:00Z; look at its hours and days" ticket calendar due --calendar empty.json 2026-05-04 4h
echo '{"format":1,"name":"x","hours":{"mon":[["09:00","12:00"]]}}' >nozone.json
refused 2 "ticket: nozone.json: the calendar names no 'time_zone', and there is no desk to take it from" ticket calendar due --calendar nozone.json 2026-05-04 4h
head -c 1000 /dev/urandom >noise.json
answers 2 'noise is no calendar' ticket calendar due --calendar noise.json 2026-05-04 4h

# --- in a desk ----------------------------------------------------------------------------------------------------
desk cal --policy after-sales
prints 'the policy names the calendar' '2026-05-08T16:00:00+08:00' ticket calendar due '2026-04-30 16:00' 3bd
prints 'another by name' '2026-05-05T16:00:00+08:00' ticket calendar due --calendar office '2026-04-30 16:00' 3bd
prints 'always is there' '86400' ticket calendar elapsed --calendar always 2026-05-09 2026-05-10
prints 'a file without zone is of the desk' '2026-05-04T10:00:00+08:00' ticket calendar due --calendar ../nozone.json '2026-05-04' 1h
refused 4 "ticket: this desk has no calendar 'offce'; it has: always, china, office; a file is named with a '/' in it or '.json' at its end" \
	ticket calendar elapsed --calendar offce 2026-05-09 2026-05-10
json 'the days of a year' '[.calendars[] | [.name, .working_days]]' '[["always",365],["china",248],["office",261]]' ticket calendar show --json
ok 'one as its file says it' ticket calendar show china
same 'and it is the same calendar' "$(ticket calendar show china | jq -S .)" "$(jq -S 'del(."#")' policy/calendars/china.json)"

# --- iCalendar ----------------------------------------------------------------------------------------------------
call ticket calendar import -n --name x - </dev/null
if [ "$code" = 4 ]; then
	skip 'calendar import' 'built without libical'
	exit 0
fi
cat >"$work/days.ics" <<'EOF'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
SUMMARY:New Year
DTSTART;VALUE=DATE:20200101
RRULE:FREQ=YEARLY
EXDATE;VALUE=DATE:20280101
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Christmas
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:元旦 补班
DTSTART;VALUE=DATE:20261219
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:a meeting\, not a day
DTSTART:20261221T090000Z
DTEND:20261221T100000Z
END:VEVENT
BEGIN:VEVENT
UID:5
SUMMARY:moved
DTSTART;VALUE=DATE:20260701
RRULE:FREQ=YEARLY;COUNT=3
END:VEVENT
BEGIN:VEVENT
UID:5
RECURRENCE-ID;VALUE=DATE:20270701
SUMMARY:moved
DTSTART;VALUE=DATE:20270702
END:VEVENT
BEGIN:VEVENT
UID:6
SUMMARY:called off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20260801
END:VEVENT
END:VCALENDAR
EOF
before=$(git rev-parse HEAD)
ok 'a dry run' ticket calendar import -n --work 补班 --name de "$work/days.ics"
same 'changes nothing' "$(git rev-parse HEAD) $(git status --porcelain)" "$before "
ok 'import' ticket calendar import --work 补班 --name de --years 3 "$work/days.ics"
same 'one commit' "$(git rev-list --count "$before..HEAD") $(git log -1 --format=%s)" '1 calendar: import into de'
same 'whole days, repeated, moved, without exceptions' "$(jq -c '[.holidays, .workdays]' policy/calendars/de.json)" \
	'[["2020-01-01","2021-01-01","2022-01-01","2023-01-01","2024-01-01","2025-01-01","2026-01-01","2026-07-01","2026-12-24","2026-12-25","2026-12-26","2027-01-01","2027-07-02","2028-07-01","2029-01-01"],["2026-12-19"]]'
prints 'the new calendar counts' '28800' ticket calendar elapsed --calendar de 2026-12-19 2026-12-20
prints 'and knows its days off' '0' ticket calendar elapsed --calendar de 2026-12-24 2026-12-27
before=$(git rev-parse HEAD)
ok 'the same file again' ticket calendar import --work 补班 --name de --years 3 "$work/days.ics"
same 'changes nothing' "$(git rev-parse HEAD)" "$before"
ok 'the name is the file'"'"'s, and standard input will do' ticket calendar import --name days - <"$work/days.ics"
refused 2 "ticket: 'Über' cannot be a calendar's name; give one with --name, of lower-case letters, digits, '-' and '_', but not 'always'" ticket calendar import --name Über "$work/days.ics"
refused 2 "ticket: '$work/noise.json': it is no iCalendar file: it holds no VCALENDAR" ticket calendar import --name x "$work/noise.json"
printf 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:for ever\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:99991231\nEND:VEVENT\nEND:VCALENDAR\n' >"$work/long.ics"
refused 2 "ticket: '$work/long.ics': the entry 'for ever' covers 2912442 days; more than 366 cannot be meant as days off" ticket calendar import "$work/long.ics"
printf 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n' >"$work/second.ics"
ok 'a rule by the second does not fill the disk' timeout 20 ticket calendar import --name second "$work/second.ics"
refused 4 "ticket: cannot read 'none.ics': No such file or directory" ticket calendar import none.ics
jq '.people = [{"name": "Wang", "roles": ["agent"]}]' policy/policy.json >"$work/people.json" && ticket policy apply "$work/people.json" >/dev/null
refused 3 "ticket: 'policy' is not for 'Wang'; it is for admin" ticket --as Wang calendar import --name x "$work/days.ics"
