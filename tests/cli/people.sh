# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# People, roles and permissions: who may do what, and who is given what (A9, A10, C10, C14, D7).
. "$(dirname "$0")/harness.sh"

# people JSON: names the people of the desk.
people() {
	jq --argjson people "$1" '.people = $people' policy/policy.json >p.json && mv p.json policy/policy.json
	git -c user.name=Admin -c user.email=admin@example.org commit -qam 'name the people'
}

desk people --policy response-tracking
people '[{"name":"Li","email":"li@example.org","roles":["agent"],"groups":["service_desk"]},
	{"name":"Wang","roles":["technical_support"],"groups":["technical_support"]},
	{"name":"Zhao","roles":["technical_support"],"groups":["technical_support"]},
	{"name":"Sun","roles":["technical_support"],"groups":["technical_support"],"away":true},
	{"name":"Chen","roles":["supervisor"],"groups":["supervisors"]},
	{"name":"Dou","roles":["data_officer"]},
	{"name":"Qian","roles":["director"]}]'
at 2026-05-06T09:30:00+08:00

# --- routing, to who has least to do
one=$(ticket new -c phone -t technical -k malfunction -p 2 -m 'it does not start')
two=$(ticket new -c phone -t technical -k malfunction -p 2 -m 'neither does this')
three=$(ticket new -c phone -t technical -k malfunction -p 2 -m 'nor that')
ok 'routed' ticket assign "$one" --auto
ok 'routed' ticket assign "$two" --auto
json 'by load: one each, nobody who is away' '[.tickets[].assignee] | sort' '["Wang","Zhao"]' ticket show --json "$one" "$two"
first=$(ticket show --json "$one" | jq -r '.tickets[0].assignee')
ticket --as "$first" resolve "$one" -m 'plugged in' >/dev/null
ok 'routed' ticket assign "$three" --auto
json 'to who has finished' '.tickets[0].assignee' "\"$first\"" ticket show --json "$three"
many=$(for i in 1 2 3 4; do ticket new -c phone -t technical -k malfunction -p 2 -m "request $i"; done)
ok 'several at once are shared out' ticket assign $many --auto
json 'two each' '[.tickets[].assignee] | sort' '["Wang","Wang","Zhao","Zhao"]' ticket show --json $many

# --- permissions
at 2026-05-06T10:00:00+08:00
refused 3 "ticket: '$two': 'reassigned' may not be recorded by 'Li'; it is for supervisor, director" ticket assign "$two" Chen --reason 'he knows it'
refused 3 "ticket: '$two': 'reassigned' needs --reason TEXT here" ticket --as Chen assign "$two" Chen
ok 'the supervisor reassigns, with a reason' ticket --as Chen assign "$two" Chen --reason 'he knows it'
call ticket --as Nobody respond "$two" -m x
same 'who is nobody of the desk may do nothing' "$code" 3
matches 'and is told so' "'Nobody' is nobody of this desk" printf '%s\n' "$err"
ok 'by the mail address too' ticket --as li@example.org respond "$two" -m 'we are at it'
json 'the name is recorded, with the role' '.tickets[0].events[-1] | [.by,.role]' '["Li","agent"]' ticket show --json "$two"
refused 3 "ticket: 'Li Wei' is nobody of this desk; its people are Li, Wang, Zhao, Sun, Chen, Dou, Qian" ticket --as Chen assign "$two" 'Li Wei' --reason x
call ticket review "$two" --decision x
same 'a review is for the supervisor' "$code" 3

# --- somebody else than who did it
desk monitor --policy complaint-monitoring
people '[{"name":"Li","roles":["agent","monitor"]},{"name":"Mo","roles":["monitor"]},{"name":"Ann","roles":["analyst"]},{"name":"Bo","roles":["analyst"]}]'
number=$(ticket new -c hotline -t complaint -k attitude -p c -m 'unfriendly')
ok 'assigned' ticket assign "$number" Li
ok 'answered' ticket respond "$number" -m 'we are sorry'
ok 'resolved' ticket resolve "$number" -m 'apologised' --cause staff
ok 'told' ticket respond "$number" -m 'he apologised'
call ticket verify "$number" -m ok
same 'nobody checks his own work' "$code" 3
matches 'and is told why' 'had a hand in it' printf '%s\n' "$err"
ok 'another monitor does' ticket --as Mo verify "$number" -m 'as promised'
ok 'a wrong record is set apart' ticket --as Ann quarantine "$number" --cause entry -m 'wrong customer'
ok 'and corrected' ticket --as Ann correct "$number" subject='Unfriendly' --reason 'clearer'
call ticket --as Ann release "$number" -m ok
same 'not released by who corrected it' "$code" 3
ok 'but by a second person' ticket --as Bo release "$number" -m ok
