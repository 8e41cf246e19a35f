# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Care visits (B1): tickets that the sweep opens, once for each customer and interval.
. "$(dirname "$0")/harness.sh"

# keys: of all visits, in order.
keys() {
	ticket show --json $(ticket list type:care --sort received --format tsv --columns number | tail -n +2) </dev/null | jq -r '.tickets[].source.key' | sort
}

at 2026-01-05T09:00:00+08:00
desk care --policy satisfaction
cared=$(ticket customer add -q --name 王小明 --phone 13812345678 --field care=yes)
ok 'somebody the rule does not pick' ticket customer add --name 李雷 --phone 13912345678
gone=$(ticket customer add -q --name 韩梅 --phone 13712345678 --field care=yes)
twin=$(ticket customer add -q --name 王小明 --phone 13612345678 --field care=yes)
ok 'one is forgotten' ticket customer forget "$gone" --reason 'asked for it'
ok 'one turns out to be another' ticket customer merge "$twin" --into "$cared" --reason 'same person'
prints 'nothing at first' '' ticket check
at 2026-03-20T09:00:00+08:00
json 'the visits to come are shown' '[.steps[] | select(.what=="visit:care") | [.number,.at,.subject,.soon]]' '[[null,"2026-04-05T09:00:00+08:00","客户关怀回访 · C000001 王**",true]]' \
	ticket check --within 30d --json
at 2026-04-05T08:59:59+08:00
prints 'not before its time' '' ticket check
at 2026-04-05T09:00:00+08:00
json 'a dry run says so' '[.steps[] | .what]' '["visit:care"]' ticket check -n --json
prints 'and opens none' '' bash -c 'ticket list type:care --format tsv --columns number | tail -n +2'
for _ in 1 2 3; do ticket check --format tsv >"$work/sweep.$_" & done
wait
same 'three at once' "$(cat "$work"/sweep.[123] | grep -c visit:care)" 1
same 'open one' "$(keys)" "visit:care:$cared:2026-04-05"
json 'a ticket like any other: of the type, by the label, for the customer, routed' '.tickets[0] | [.channel,.types,.priority,.subject,.customer.id,.group,.state,[.events[] | [.do,.automatic]]]' \
	'["phone",["care"],"3","客户关怀回访","C000001","care","assigned",[["opened",true],["assigned",true]]]' ticket show --json "$(ticket list type:care --format tsv --columns number | tail -n 1)"
prints 'nothing more' '' ticket check
rm .git/ticket/sweep
prints 'nor when it forgets how far it looked' '' ticket check --format jsonl
at 2026-04-05T10:00:00+08:00
late=$(ticket customer add -q --name 新客户 --phone 13512345678 --field care=yes)
prints 'a new customer is not visited at once' '' ticket check
ok 'and one picked only now, whose time has come already' ticket customer edit C000002 --field care=yes
matches 'is' '^[0-9]+.visit:care' ticket check --format tsv
same 'for the interval he is in' "$(keys)" "$(printf 'visit:care:%s\n' "$cared:2026-04-05" C000002:2026-04-05 | sort)"

# --- after a long rest only the latest
at 2027-01-15T09:00:00+08:00
ok 'the sweep after nine months' ticket check -o /dev/null
same 'one each' "$(keys)" "$(printf 'visit:care:%s\n' "$cared:2026-04-05" C000002:2026-04-05 "$cared:2026-12-31" C000002:2026-12-31 "$late:2026-12-31" | sort)"
prints 'and the promise goes to nobody: it is no request' '[]' bash -c 'cat .git/ticket/outbox/*.json 2>/dev/null | jq -sc "[.[] | select(.rule==\"promise\")]"'

# --- every so many working days
at 2026-05-06T09:30:00+08:00
desk working --policy satisfaction
jq -c '.visits[0].every="3bd" | .reports=[]' policy/policy.json >"$work/working.json"
ok 'apply' ticket policy apply "$work/working.json"
one=$(ticket customer add -q --name 王小明 --phone 13812345678 --field care=yes)
# The Saturday is worked.
at 2026-05-09T09:29:00+08:00
prints 'before the third working day' '' ticket check
at 2026-05-09T09:30:00+08:00
ok 'on it' ticket check -o /dev/null
same 'opened' "$(keys)" "visit:care:$one:2026-05-09"
