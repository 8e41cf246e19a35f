# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Improvement actions (B9, B10, E10): recorded, edited with reason, verified by somebody else, told when due, in reports.
. "$(dirname "$0")/harness.sh"
history=bent

desk improve --policy satisfaction
jq '.people = [{name:"Li",email:"li@example.com",roles:["agent"]},{name:"Wang",email:"wang@example.com",roles:["supervisor"]},
	{name:"Chen",email:"chen@example.com",roles:["department_head"]}]
	| (.action_ladder[] | select(.name == "action_overdue").how) = ["sms"]' policy/policy.json >"$work/policy.json"
cp "$work/policy.json" policy/policy.json
git -c user.name=a -c user.email=a@example.com commit -qam people

# --- tickets of one customer and category: late in the first half of April, in time since
handled() { # RECEIVED RESPONDED RESOLVED CATEGORY
	local number
	at "$1"
	number=$(ticket new -q --channel phone --type complaint -k "$4" --priority 2 --name Anna --contact 13800000001 -m "about $4")
	at "$2"
	ticket respond -q "$number" -m 'told' --late-reason 'few people' >/dev/null
	ticket assign -q "$number" Li --reason first >/dev/null
	at "$3"
	ticket plan -q "$number" -m 'plan' --owner Li --due "$3" >/dev/null
	ticket resolve -q "$number" -m 'done' --late-reason 'few people'
}
for day in 02 08; do
	handled "2026-04-${day}T09:00:00+08:00" "2026-04-${day}T12:00:00+08:00" "2026-04-${day}T19:00:00+08:00" billing >/dev/null
done

# --- adding
at 2026-04-10T10:00:00+08:00
prints 'an action' A-2026-0001 ticket --as Wang action add -m 'Billing answered late, says 13800000001' --cause 'one shift' --plan 'second shift' --owner li@example.com \
	--due 2026-04-20 -k billing -t complaint --ticket 202604020001 --ticket 04080001
prints 'is a file of its own, telephone numbers masked' 'Billing answered late, says 138****0001|Li|2026-04-20T23:59:59+08:00|202604020001,202604080001|open|2' \
	jq -r '[.problem, .owner, .due, (.tickets | join(",")), .state, (.events[0].changes | map(select(.old)) | length + 2)] | join("|")' actions/2026/A-2026-0001.json
prints 'the plain number is nowhere' 0 bash -c "git cat-file --batch-all-objects --batch | grep -c 13800000001; true"
same 'one commit' "$(git log -1 --format='%s, %an')" 'action: add A-2026-0001, Wang'
prints 'a proposal' A-2026-0002 ticket action add -m '应用内常见问题'
prints 'another' A-2026-0003 ticket action add -m 'Old forms' --due 2026-04-25
prints 'a dry run' A-2026-0004 ticket action add -n -m x
refused 4 "ticket: there is no action '4'; see: ticket action list" ticket action show 4
refused 3 "ticket: 'Zhao' is nobody of this desk, so the action cannot be his; see: ticket policy show people" ticket action add -m x --owner Zhao
answers 3 'an unknown category' ticket action add -m x -k nonsense
answers 4 'an unknown ticket' ticket action add -m x --ticket 209901010001
refused 3 "ticket: 'nobody' is nobody of this desk; act as one of its people with --as, or add the name to policy/policy.json" ticket --as nobody action add -m x
refused 4 "ticket: 'a-2026' is not the only such action; it could be
  A-2026-0001
  A-2026-0002
  A-2026-0003" ticket action show a-2026
at 2026-04-11T10:00:00+08:00

# --- what may follow, and who may
refused 3 "ticket: 'A-2026-0002' is only proposed; give it an owner and a due date first: ticket action edit A-2026-0002 --owner PERSON --due TIME --reason TEXT" \
	ticket action done 2 -m x
refused 3 "ticket: 'A-2026-0001' is open, so 'verified' cannot follow; allowed now: edit, note, done, drop" ticket --as Wang action verify 1 -e yes -m x
refused 2 "ticket: 'A-2026-0001': say why with --reason TEXT" ticket action edit 1 --plan x
refused 2 "ticket: 'A-2026-0001': nothing is changed by that" ticket action edit 1 --plan 'second shift' --reason x
refused 2 "ticket: an action is about a problem; it cannot be empty" ticket action edit 1 --problem '' --reason x
refused 3 "ticket: 'A-2026-0001': 'action:dropped' may not be recorded by 'Li'; it is for supervisor, department_head" ticket action drop 1 --reason x
refused 3 "ticket: 'A-2026-0001' was added at 2026-04-10T10:00:00+08:00, so nothing can have happened to it at 2026-04-09T10:00:00+08:00" \
	ticket action done 1 -m x --at '2026-04-09 10:00'
prints 'several at once, all or nothing' 'A-2026-0001
A-2026-0002' ticket action note -q 1 A-2026-0001 2 -m 'talked about it'
answers 3 'one of two cannot' ticket action done 1 2 -m x
json 'then none is' '.actions[0].state' '"open"' ticket action show 1 --json
ok 'an edit' ticket action edit 1 --plan 'second shift, two people' --due 2026-04-21 --reason 'one is not enough'
json 'keeps old and new with the reason' '.actions[0].events[-1] | [.do, .by, .reason, (.changes | map(.field + ": " + .old + " → " + .new))]' \
	'["edited","Li","one is not enough",["plan: second shift → second shift, two people","due: 2026-04-20T23:59:59+08:00 → 2026-04-21T23:59:59+08:00"]]' \
	ticket action show 1 --json
matches 'the ticket names it' '^Action +A-2026-0001  open  Li  Billing answered late' ticket show 202604020001
at 2026-04-15T10:00:00+08:00
prints 'carried out' 'A-2026-0001: done (done, Li)' ticket action done 1 -m 'second shift since 15 April'
refused 3 "ticket: 'Li' is the owner of 'A-2026-0001'; somebody else must verify that it helped" ticket action verify 1 -e yes -m x
refused 2 "ticket: 'A-2026-0001': say whether it helped: --effective yes, partly or no" ticket --as Wang action verify 1 -m x
ok 'and another is somebody'"'"'s' ticket --as Wang action add -m 'Parcels late' --owner Chen --due 2026-04-22T12:00:00+08:00 -k logistics
for day in 16 20; do
	handled "2026-04-${day}T09:00:00+08:00" "2026-04-${day}T09:10:00+08:00" "2026-04-${day}T11:00:00+08:00" billing >/dev/null
done

# --- the sweep: each step once, also when it was not there for days
steps() {
	ticket action show --json "$1" | jq -c '[.actions[0].events[] | select(.do == "reminded") | .step + " " + .at]'
}
at 2026-04-20T13:00:00+08:00
prints 'two days before' 'A-2026-0004,ladder:action_soon,2026-04-20T12:00:00+08:00,2026-04-22T12:00:00+08:00,Chen' \
	bash -c "ticket check --format csv --columns number,what,at,due,assignee | grep A-2026 | tr -d '\r'" 
same 'is on record' "$(steps 4)" '["ladder:action_soon 2026-04-20T12:00:00+08:00"]'
head=$(git rev-parse HEAD)
prints 'again: nothing' '' ticket check
same 'and no commit' "$(git rev-parse HEAD)" "$head"
json 'what comes' '[.steps[] | select(.number == "A-2026-0004") | [.what, .at, .soon]]' \
	'[["ladder:action_overdue","2026-04-22T12:00:00+08:00",true],["ladder:action_late","2026-04-25T12:00:00+08:00",true]]' ticket check --json --within 10d
at 2026-04-29T09:00:00+08:00
ok 'after days' ticket check -o /dev/null
same 'both that were missed, in order' "$(steps 4)" \
	'["ladder:action_soon 2026-04-20T12:00:00+08:00","ladder:action_overdue 2026-04-22T12:00:00+08:00","ladder:action_late 2026-04-25T12:00:00+08:00"]'
same 'and who is to verify is told of' "$(steps 1)" '["ladder:action_unverified 2026-04-22T10:00:00+08:00"]'
cat >"$work/bin/send" <<'END'
#!/bin/sh
cat >>"$SENT"
END
chmod +x "$work/bin/send"
export SENT=$work/sent
git config ticket.sms.program "$work/bin/send"
ok 'delivered' ticket notify
ok 'and not again' ticket notify
rm -rf .git/ticket/outbox
ok 'nor when the outbox is lost' ticket notify
same 'to owner and supervisor, each once' "$(jq -r '"\(.to.name) \(.subject) \(.actions[0])"' "$SENT" | sort)" 'Chen A-2026-0004：改进措施已到期 A-2026-0004
Wang A-2026-0004：改进措施已到期 A-2026-0004'
json 'which is on record' '[.actions[0].events[] | select(.do == "notified") | [.to, .via, .step]] | sort' \
	'[["Chen","sms","ladder:action_overdue"],["Wang","sms","ladder:action_overdue"]]' ticket action show 4 --json
json 'owner, supervisor and head are told' '[.notices[] | select(.ticket == "A-2026-0004") | .to] | unique' '["Chen","Wang"]' ticket notify -n --json
prints 'the moment stands in the stamp: one without anything due reads no action' - bash -c "awk '{ print \$NF }' .git/ticket/sweep"
rm .git/ticket/sweep
ok 'the sweep forgets how far it looked' ticket check -o /dev/null
same 'and tells nothing twice' "$(steps 4 | jq length)" 3
ok 'the date is moved' ticket --as Chen action edit 4 --due 2026-05-20 --reason 'carrier changes'
at 2026-05-19T09:00:00+08:00
ok 'a sweep' ticket check -o /dev/null
same 'which counts anew' "$(steps 4 | jq length)" 4

# --- lists
ok 'it helped' ticket --as Wang action verify 1 -e yes -m 'share in time is 100 %'
ok 'given up' ticket --as Wang action drop 3 --reason 'no forms any more'
at 2026-05-26T09:00:00+08:00
prints 'states, owners, dates, words' 'A-2026-0002
A-2026-0004
A-2026-0004
A-2026-0004
A-2026-0001
A-2026-0003
A-2026-0001
A-2026-0002' env TICKET_AS=Chen bash -c 'l() { ticket action list -q "$@" || echo failed; }
	l state:proposed; l overdue; l owner:me --format csv -state:verified; l due.after:2026-05-01; l effective:yes; l state:dropped; l ticket:04080001 type:complaint; l 常见'
refused 2 "ticket: 'opn' is no state of an action; there are proposed, open, done, verified and dropped" ticket action list state:opn
refused 2 "ticket: 'sate' is nothing that actions are asked for; did you mean 'state:'?" ticket action list sate:open
json 'rows' '.actions[0] | [.number, .state, .owner, .overdue, .category, .tickets, .effective]' '["A-2026-0001","verified","Li",false,"billing",["202604020001","202604080001"],"yes"]' \
	ticket action list --json
ok 'taken up again' ticket --as Wang action reopen 3 --owner Li --due 2026-06-30 --reason 'there are' 
json 'is open with what was given' '.actions[0] | [.state, .owner, .due]' '["open","Li","2026-06-30T23:59:59+08:00"]' ticket action show 3 --json

# --- reports, by figures worked out by hand
handled 2026-05-27T09:00:00+08:00 2026-05-28T09:00:00+08:00 2026-05-29T09:00:00+08:00 logistics >/dev/null
at 2026-06-01T09:00:00+08:00
figure() { # SECTION FILTER REPORT: rows of a section of a report over May
	ticket report "$3" --month 2026-05 --format json | jq -c ".report.sections[] | select(.name == \"$1\") | [.rows[] | $2]"
}
same 'each action of May' "$(figure actions '[.number, .state, .effective]' actions)" \
	'[["A-2026-0001","verified","yes"],["A-2026-0002","proposed",null],["A-2026-0003","open",null],["A-2026-0004","open",null]]'
same 'in figures: one of one in time, one of one effective, none of four with feedback' "$(figure action_totals '[.figure, .value]' actions)" \
	'[["actions",4],["proposed",1],["open",2],["overdue",1],["unverified",0],["verified",1],["dropped",0],["on_time",1],["effective",1],["partly",0],["feedback",0]]'
same 'by category' "$(figure action_categories '[.group, .actions, .overdue]' actions)" '[["billing",1,0],["",2,0],["logistics",1,1]]'
same 'last month'"'"'s measures: carried out, and due but not' "$(figure measures '[.number, .figures, .effective]' improvement)" '[["A-2026-0001","better","yes"]]'
# 30 days before 15 April: two late of two (response 3 h, plan 10 h; four targets missed), two complaints in 30/7 weeks; the same after, all met.
# The second ticket before repeats the first, both after it repeat.
same 'figures before and after' "$(figure measure_effects '[.figure, .before, .after, .verdict]' improvement)" \
	'[["in_time",0,1,"better"],["handling_mean",36000,7200,"better"],["repeat_share",0.5,1,"worse"],["complaints",0.4666666667,0.4666666667,"same"]]'
same 'categories below the bar, and that something is done about it' "$(figure below '[.category, .tickets, .in_time, .bar, .actions]' improvement)" '[["logistics",1,0,0.8,"A-2026-0004"]]'
same 'what is proposed' "$(figure proposals .number improvement)" '["A-2026-0002"]'
same 'what goes on' "$(figure actions_open '[.number, .overdue]' improvement)" '[["A-2026-0003",null],["A-2026-0004","overdue"]]'
same 'what tickets lack' "$(figure gaps .missing improvement)" '["feedback,follow_up"]'
ok 'in Chinese, as one page' ticket report improvement --month 2026-05 --format html -o "$work/review.html"

# --- rules that cannot be
jq '.action_ladder[0].notify = ["assignee"] | .action_ladder[1].offset = "soon" | .action_ladder[2].from = "never" | .permissions[0].events = ["action:finished"]' \
	"$work/policy.json" >"$work/wrong.json"
answers 1 'the doctor looks at ladder and moments' ticket policy check "$work/wrong.json" --format csv
same 'and finds each' "$(grep -oE '^(action_ladder|permissions\[0\])[^,]*' <<<"$out" | sort -u | tr '\n' ' ')" \
	'action_ladder[0].notify action_ladder[1].offset action_ladder[2].from permissions[0].events '

# --- fsck
cp actions/2026/A-2026-0001.json "$work/kept"
sed -i 's/"owner": "Li"/"owner": "Chen"/; s/"202604080001"/"202604090001"/' actions/2026/A-2026-0001.json
git -c user.name=a -c user.email=a@example.com commit -qam bent
answers 1 'a bent file' ticket fsck -q --format csv
same 'is found' "$(tail -n +2 <<<"$out" | cut -d, -f2- | tr -d '\r"')" "owner is 'Chen', but the events make it 'Li'
tickets is '202604020001,202604090001', but the events make it '202604020001,202604080001'
its ticket '202604090001' is not there"
cp "$work/kept" actions/2026/A-2026-0001.json
git -c user.name=a -c user.email=a@example.com commit -qam mended
