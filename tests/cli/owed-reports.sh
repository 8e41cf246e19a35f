# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Reports, reviews and backups that the policy asks for: told once when owed and once when late, on record when done (C15, C16, C18, C19, D12).
. "$(dirname "$0")/harness.sh"

# told: what the sweep said, oldest first.
told() {
	ticket journal --json | jq -r '.entries[] | select(.act=="owed" or .act=="overdue") | "\(.act) \(.subject) \(.from[:10])"'
}
verdicts() {
	ticket report on-time "$@" --json | jq -c '[.report.sections[0].rows[] | [.duty,.period,.verdict]]'
}

at 2026-05-05T10:00:00+08:00
desk owed --policy complaint-monitoring
jq -c '.gates=[] | .targets=[] | .ladder=[] | .alarms=[] | .reports |= map(select(.name != "day") | if .name=="week" then .notify=["person:mo"] | .how=["email"] else . end)
	| .people=[{"name":"mo","email":"mo@example.com","roles":["monitor"]},{"name":"su","email":"su@example.com","roles":["supervisor"]}] | .permissions=[{"events":["report"],"roles":["monitor"]}]' \
	policy/policy.json >"$work/policy.json"
export TICKET_AS=mo
ok 'apply' ticket policy apply "$work/policy.json"
prints 'a desk without tickets owes nothing' '' ticket check
n=$(ticket new -q -c hotline -t complaint -k price -p c -m 'too dear')
ok 'in work' ticket respond "$n" -m 'we look at it'
prints 'nor one that has only begun' '' ticket check
same 'the report says so' "$(verdicts)" '[]'

# --- the week has ended: what it owes is told, with the command
at 2026-05-11T00:00:00+08:00
json 'the sweep tells it' '[.steps[] | [.what,.number,.at,.due,.subject] | select(.[0]|test(":week|:backup"))]' \
	'[["owed:week",null,"2026-05-11T00:00:00+08:00","2026-05-12T00:00:00+08:00","周报 2026-W19: ticket report summary --week 2026-W19 --record"],["owed:backup",null,"2026-05-11T00:00:00+08:00","2026-05-12T00:00:00+08:00","每周备份 2026-W19: ticket backup FILE"]]' \
	ticket check --json
same 'on record' "$(told)" $'owed week 2026-05-04\nowed backup 2026-05-04'
prints 'once' '' ticket check
rm .git/ticket/sweep
prints 'also when the sweep forgets how far it looked' '' ticket check
json 'the notices' '[.[] | [.rule,.to,.way,.subject,.body]]' \
	'[["backup","su","email","每周备份（2026-W19）待完成","每周备份（2026-W19）请于 2026-05-12 00:00 前完成。\n完成命令：ticket backup FILE\n"],["week","mo","email","周报（2026-W19）待完成","周报（2026-W19）请于 2026-05-12 00:00 前完成。\n完成命令：ticket report summary --week 2026-W19 --record\n"]]' \
	bash -c 'cat .git/ticket/outbox/*.json | jq -s "sort_by(.rule)"'
same 'still owed' "$(verdicts)" '[["week","2026-W19","owed"],["backup","2026-W19","owed"]]'

# --- it is made
refused 2 'ticket: what goes on record is a report over a period; give one with --day, --week, --month or --quarter' ticket report summary --record
refused 2 'ticket: what goes on record is the whole report as of now; leave out query, --section, --rows and --as-of' ticket report summary channel:hotline --week 2026-W19 --record
refused 3 "ticket: the report 'summary' cannot go on record before its period has ended, at 2026-05-18T00:00:00+08:00" ticket report summary --week 2026-W20 --record
refused 3 "ticket: 'report' is not for 'su'; it is for monitor" ticket --as su report summary --week 2026-W19 --record
at 2026-05-11T09:00:00+08:00
before=$(git rev-parse HEAD)
ok 'another report into a file' ticket report top --week 2026-W19 --format html -o "$work/top.html"
ok 'the owed one to the terminal' ticket report summary --week 2026-W19
ok 'the owed one, dry' ticket report summary --week 2026-W19 -n -o "$work/dry.html" --format html
ok 'the owed one, by somebody who may not hand it in' ticket --as su report summary --week 2026-W19 -o "$work/read.html" --format html
ok 'the owed one to standard output' ticket report summary --week 2026-W19 -o - --format html
same 'go on no record' "$(git rev-parse HEAD)" "$before"
ok 'the owed one into a file' ticket report summary --week 2026-W19 --format html -o "$work/week.html"
same 'does, and says so' "$err" $'the report \'summary\' is on record as made\n'
ok 'and once more' ticket report summary --week 2026-W19 --format html -o "$work/week.html"
json 'on record once' '[.entries[] | [.by,.at,.subject,.from,.until,.values]]' \
	'[["mo","2026-05-11T09:00:00+08:00","summary","2026-05-04T00:00:00+08:00","2026-05-11T00:00:00+08:00","how=file"]]' ticket journal --act reported --json

# --- the backup is late: told once more
at 2026-05-12T00:00:00+08:00
prints 'at the moment itself it is not late' '' ticket check
at 2026-05-12T00:00:01+08:00
json 'a second later it is' '[.steps[].what]' '["overdue:backup"]' ticket check --json
prints 'once' '' ticket check
same 'missing' "$(verdicts)" '[["week","2026-W19","on_time"],["backup","2026-W19","missing"]]'
ok 'backed up' ticket backup "$work/desk.tar"
json 'on record, with what was in it' '[.entries[] | [.by,.at,(.values|test("^head=[0-9a-f]{40} keys=no$"))]]' '[["mo","2026-05-12T00:00:01+08:00",true]]' ticket journal --act backed_up --json
ok 'the backup is sound' ticket backup --check "$work/desk.tar"
same 'late, and done' "$(verdicts)" '[["week","2026-W19","on_time"],["backup","2026-W19","late"]]'

# --- the standards hold it against their bars; what is due is of the period it is due in
at 2026-06-10T00:00:00+08:00
ok 'a month later' ticket check -o /dev/null
same 'what nobody knew of while no sweep ran is not told, but for the last' "$(told | tail -n +4)" \
	$'overdue week 2026-06-01\noverdue month 2026-05-01\noverdue data_review 2026-05-01\noverdue backup 2026-06-01'
ok 'the review' ticket inspect review --month 2026-05 -m 'all read'
same 'but it is missing' "$(verdicts --month 2026-06)" \
	'[["week","2026-W22","missing"],["week","2026-W23","missing"],["month","2026-05","missing"],["data_review","2026-05","late"],["backup","2026-W22","missing"],["backup","2026-W23","missing"]]'
json 'May' '[.report.sections[0].rows[] | select(.standard|test("^(reports|data_review|backups)$")) | [.standard,.figure,.verdict]]' \
	'[["reports",0.3333333333,"not_met"],["data_review",null,"no_data"],["backups",0.3333333333,"not_met"]]' ticket report standards --month 2026-05 --json
json 'June' '[.report.sections[0].rows[] | select(.standard|test("^(reports|data_review|backups)$")) | [.standard,.figure]]' '[["reports",0],["data_review",0],["backups",0]]' \
	ticket report standards --month 2026-06 --json
json 'what will be late is shown ahead' '[.steps[] | [.what,.at,.soon]]' '[]' ticket check --within 4d --json
at 2026-06-15T08:00:00+08:00
json 'once it is owed' '[.steps[] | [.what,.soon] | select(.[1])]' '[["overdue:week",true],["overdue:backup",true]]' ticket check --within 1d --json
for _ in 1 2 3; do ticket check --format tsv >"$work/sweep.$_" & done
wait
same 'three sweeps at once tell nothing again' "$(tail -qn +2 "$work"/sweep.[123])" ''

# --- two copies that are told of the same tell it once
git config user.name mo && git config user.email mo@example.com
printf '#!/bin/sh\ncat >>%s/mailed\necho >>%s/mailed\n' "$work" "$work" >"$work/bin/mailer" && chmod +x "$work/bin/mailer"
git config ticket.email.program "$work/bin/mailer"
ok 'a copy of the desk from before' git clone -q . "$work/copy"
ok 'delivered' ticket notify -o /dev/null
matches 'to whom it is for' '^mo .*周报（2026-W24）待完成' jq -r '"\(.to.name) \(.subject)\(.body | gsub("\n"; " "))"' "$work/mailed"
json 'that is on record' '[.entries[] | select(.subject=="week") | .values] | map(test("^notice=[0-9a-f]{16} to=mo via=email$")) | unique' '[true]' ticket journal --act notified --json
mailed=$(wc -l <"$work/mailed")
cd "$work/copy" || exit 1
git config user.name mo && git config user.email mo@example.com && git config ticket.email.program "$work/bin/mailer"
ok 'the copy takes over what was done' git pull -q
ok 'sweeps and delivers' bash -c 'ticket check -o /dev/null && ticket notify -o /dev/null'
same 'and tells nobody again' "$(wc -l <"$work/mailed")" "$mailed"
cd "$work/owed" || exit 1

same 'an act that is none is found' "$(jq -c '.reports[0].act="made" | .reports[0].period="year"' policy/policy.json >"$work/bad.json"; ticket policy check "$work/bad.json" --format csv | grep -c '^reports\[0\]')" 2
