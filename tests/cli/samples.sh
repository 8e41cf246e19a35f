# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Follow-up samples (C11) and spot checks (C19): who is drawn, what is owed, what goes on record.
. "$(dirname "$0")/harness.sh"

desk complaints --policy complaint-monitoring
# Sampling alone is looked at here: no gate but that of the sample, and no people to be of.
jq -c '.people=[] | .gates=[{"event":"archived","needs":["sample"]}]
	| .samples |= map(if .name=="follow_up_others" then .share=0.5 else . end)' policy/policy.json >"$work/policy.json"
ok 'apply' ticket policy apply "$work/policy.json"

# --- who owes what is known from resolution on
for i in 1 2 3 4 5 6 7 8; do
	printf '{"c":"%s","p":"c","h":"%s"}\n' "$([ $((i % 2)) = 0 ] && echo hotline || echo mailbox)" "$([ "$i" -lt 5 ] && echo zhang || echo zhao)"
done >"$work/those"
numbers=()
while IFS= read -r line; do
	n=$(ticket new -q -c "$(jq -r .c <<<"$line")" -t complaint -k price -p "$(jq -r .p <<<"$line")" -m 'too dear')
	ticket assign -q "$n" "$(jq -r .h <<<"$line")" >/dev/null && ticket respond -q "$n" -m 'we look at it' >/dev/null
	numbers+=("$n")
done <"$work/those"
urgent=$(ticket new -q -c hotline -t complaint -k price -p a -m 'at once')
ok 'an urgent one in work' ticket respond "$urgent" -m 'at once'
prints 'nothing is owed before it is resolved' '' bash -c 'ticket list owes:followed_up --format tsv --columns number | tail -n +2'
ok 'all are resolved' ticket resolve "${numbers[@]}" "$urgent" -m 'paid back'
ok 'those who owe a follow-up' bash -c "ticket list owes:followed_up --format tsv --columns number | tail -n +2 >$work/owing"
# What the hash of name and identity says, computed by other hands.
for n in "${numbers[@]}"; do
	uid=$(ticket show --json "$n" | jq -r '.tickets[0].uid')
	[ $((16#$(printf 'follow_up_others\n%s' "$uid" | sha256sum | cut -c1-13))) -lt $((16#8000000000000)) ] && echo "$n"
done >"$work/drawn"
same 'the draw is the one that is described, and every urgent one' "$(sort "$work/owing")" "$(sort "$work/drawn" <(echo "$urgent"))"
matches 'show says so' '^(Still owed|尚欠) .*A.*\(followed_up\)' ticket show "$urgent"
refused 3 "ticket: '$urgent' cannot be archived yet: it was drawn for a sample, and what that asks for has not happened (ticket show names it)" ticket archive "$urgent"
ok 'called' ticket followup "$urgent" -m 'content' --satisfied yes
ok 'then it can be archived' ticket archive "$urgent"
prints 'and owes nothing' '0' bash -c "ticket list owes:followed_up id:$urgent --json | jq '.tickets | length'"
free=$(grep -vxF -f "$work/drawn" <(printf '%s\n' "${numbers[@]}") | head -n 1)
[ -z "$free" ] || ok 'who was not drawn is archived without' ticket archive "$free"
refused 2 "ticket: 'waiting' is no event that the policy's samples ask for; there are: followed_up" ticket list owes:waiting

# --- a spot check: drawn by seed, the same again, each group its part
at 2026-05-07T09:00:00+08:00
ok 'a dry draw' ticket inspect draw --count 4 --by assignee --month 2026-05 --seed may -n --format tsv --columns number
dry=$out
ok 'the draw' ticket inspect draw --count 4 --by assignee --month 2026-05 --seed may --format tsv --columns number -m 'first of May'
same 'draws what the dry one did' "$out" "$dry"
ok 'once more' ticket inspect draw --count 4 --by assignee --month 2026-05 --seed may -n --format tsv --columns number
same 'and the same again' "$out" "$dry"
json 'its record: from how many, by what, and which' '[.entries[] | [.act,.subject,.text,(.values|split(" ")|map(select(test("^(seed|population|groups|count|by)=")))|sort),(.tickets|length)]]' \
	'[["drawn","inspection","first of May",["by=assignee","count=4","groups=3","population=9","seed=may"],4]]' ticket journal --act drawn --json
# 9 tickets, 4 drawn: 1.78 of zhang's four, 1.78 of zhao's four, 0.44 of the one nobody was assigned to.
json 'each group gives its part' '[.inspections[].handler] | group_by(.) | map([.[0],length])' '[["zhang",2],["zhao",2]]' ticket inspect list --json
refused 2 'ticket: how many are to be drawn? give --share 5% or --count N, or name a sample of the policy with --name' ticket inspect draw --month 2026-05
refused 2 "ticket: '12' is no share; right would be 5% or 0.05" ticket inspect draw --share 12
refused 4 "ticket: the policy has no sample 'spot' for inspections; there are: spot_check" ticket inspect draw --name spot
refused 4 'ticket: there is nothing to draw from: no such ticket was resolved in that time' ticket inspect draw --name spot_check --month 2026-04
refused 2 "ticket: 'colour' is no way to group tickets; there are: channel, category, grade, priority, risk, group, customer, assignee, type, department" \
	ticket inspect draw --count 1 --by colour

# --- each is scored, by the scale, with remarks
read -r one two three _ < <(ticket inspect list --open --format tsv --columns number | tail -n +2 | tr '\n' ' ')
refused 3 "ticket: '9' is no score for 'overall'; the scale runs from 1 to 5" ticket inspect add "$one" --score 9
refused 3 "ticket: 'speed' is no criterion of an inspection; the criteria are overall" ticket inspect add "$one" --score speed=3
refused 2 'ticket: how was it handled? give --score N' ticket inspect add "$one"
open=$(ticket new -q -c hotline -t complaint -k price -p c -m 'still open')
refused 3 "ticket: '$open' is new, so it cannot be 'inspected' (ticket inspect add); allowed now: $(cut -d: -f2- <<<"triage, assign, respond, inbound, note, plan, wait, resolve, escalate, attach, merge, split, link, quarantine, correct")" \
	ticket inspect add "$open" --score 3
ok 'one' ticket inspect add "$one" --score 4 -m '记录完整'
ok 'two' ticket inspect add "$two" --score 2 -m 'asked twice'
ok 'three' ticket inspect add "$three" --score 5
json 'what is left' '.inspections | length' 1 ticket inspect list --open --json
json 'what was given' '[.inspections[] | select(.score) | [.score,.remarks]]' '[[4,"记录完整"],[2,"asked twice"],[5,null]]' ticket inspect list --json
json 'the report, by who had handled it' '[.report.sections[] | select(.name=="inspected_people") | .rows[] | [.group,.inspections,.mean,.lowest,.highest]]' \
	'[["zhang",2,3,2,4],["zhao",1,5,5,5]]' ticket report inspections --month 2026-05 --json
json 'and the distribution' '[.report.sections[] | select(.name=="inspected_scores") | .rows[] | [.score,.inspections]]' '[["5",1],["4",1],["3",0],["2",1],["1",0]]' \
	ticket report inspections --month 2026-05 --json
json 'the samples beside it' "[.report.sections[] | select(.name==\"samples\") | .rows[] | select(.sample != \"follow_up_major\") | [.sample,.tickets,.drawn,.done,.missing]]" \
	"[[\"follow_up_a\",1,1,1,0],[\"follow_up_others\",8,$(wc -l <"$work/drawn"),0,$(wc -l <"$work/drawn")]]" ticket report inspections --month 2026-05 --json
json 'workload shows the scores too' '[.report.sections[].name] | index("inspected_people") != null' true ticket report workload --json
json 'a standard can ask for them' '.' '["not_met",3.666666667]' bash -c 'jq -c ".standards=[{name:\"quality\",figure:\"inspection_score\",at_least:4,unit:\"score\"}]" policy/policy.json >"$0" &&
	ticket policy apply "$0" >/dev/null && ticket report standards --month 2026-05 --json | jq -c ".report.sections[0].rows[0] | [.verdict,.figure]"' "$work/standard.json"

# --- who handled a ticket does not inspect it; others may not draw
desk people --policy complaint-monitoring
json 'the preset has it so' '[.permissions[] | select(.events==["inspected"])] | length' 1 cat policy/policy.json
jq -c '.gates=[] | .people=[{"name":"li","roles":["agent"]},{"name":"mo","roles":["monitor"]},{"name":"ma","roles":["monitor"]}]
	| .permissions=[{"events":["inspected"],"roles":["monitor"],"not_handler":true},{"events":["draw","review_data"],"roles":["monitor"]}]' policy/policy.json >"$work/people.json"
ok 'apply' ticket --as li policy apply "$work/people.json"
n=$(ticket --as li new -q -c hotline -t complaint -k price -p c -m 'x')
ok 'resolved by a monitor' ticket --as mo resolve "$n" -m 'done'
refused 3 "ticket: '$n': 'mo' had a hand in it; 'inspected' is for somebody else" ticket --as mo inspect add "$n" --score 5
refused 3 "ticket: '$n': 'inspected' may not be recorded by 'li'; it is for monitor" ticket --as li inspect add "$n" --score 5
refused 3 "ticket: 'draw' is not for 'li'; it is for monitor" ticket --as li inspect draw --count 1
ok 'another monitor' ticket --as ma inspect add "$n" --score 3

# --- the review of a month's data
refused 3 'ticket: the data cannot be reviewed before the period has ended, at 2026-06-01T00:00:00+08:00' ticket --as mo inspect review --month 2026-05 -m 'too early'
at 2026-06-02T09:00:00+08:00
refused 3 "ticket: 'review_data' is not for 'li'; it is for monitor" ticket --as li inspect review -m 'x'
json 'the review: last month when none is named' '.review | [.tickets,.quarantined,.findings]' '[1,0,[]]' ticket --as mo inspect review -m 'nothing amiss' --json
json 'is on record' '[.entries[] | [.by,.act,.subject,.from,.until,.text,.values]]' \
	'[["mo","reviewed","data","2026-05-01T00:00:00+08:00","2026-06-01T00:00:00+08:00","nothing amiss","tickets=1 quarantined=0 standards_not_met='"$(
		ticket journal --json | jq -r '.entries[-1].values' | grep -oP 'standards_not_met=\K\d+')"' findings=0"]]' ticket journal --act reviewed --json
