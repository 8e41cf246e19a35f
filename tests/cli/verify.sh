#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket verify`: the closing check, by somebody who did not handle the ticket where the policy says so (C10).
. "${0%/*}/harness.sh"

desk d --policy complaint-monitoring
jq '.people = [{name: "Li", roles: [.roles[].name]}, {name: "Zhao", roles: ["monitor"]}]' policy/policy.json >"$work/policy.json"
cp "$work/policy.json" policy/policy.json
git -c user.name=Li -c user.email=li@example.org commit -qam 'Name the people'
channel=$(jq -r '.channels[0].name' policy/policy.json) category=$(jq -r '.categories[0].name' policy/policy.json)
ok 'a complaint' ticket new -q -c "$channel" -k "$category" -p b -s 'broken' -m 'The device does not start' --name Wang --contact 13812345678
answers 3 'what is not resolved cannot be verified' ticket verify 001 -m 'checked'
at 2026-05-06T10:00:00+08:00
ok 'triaged' ticket triage 001 -t "$(jq -r '.types[0].name' policy/policy.json)"
ok 'assigned' ticket assign 001 Li
ok 'answered' ticket respond 001 -m 'We look into it'
at 2026-05-06T11:00:00+08:00
ok 'planned' ticket plan 001 --owner Li --due +1d -m 'exchange it'
ok 'resolved' ticket resolve 001 -m 'exchanged'
answers 3 'nor before the customer was told' ticket --as Zhao verify 001 -m 'checked'
ok 'told' ticket respond 001 -m 'A new device is on its way'
ok 'confirmed' ticket confirm 001 -m 'works'
answers 3 'who handled it cannot verify it' ticket --as Li verify 001 -m 'checked'
ok 'somebody else can' ticket --as Zhao verify 001 -m 'solved as promised'
json 'and that is recorded' '.tickets[0] | [.state, (.events[-1] | .do, .by, .text)]' '["verified","verified","Zhao","solved as promised"]' ticket show --json 001
