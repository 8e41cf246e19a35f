# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A ticket's whole life, from the first contact to the archive and back, and what is refused on the way.
. "$(dirname "$0")/harness.sh"

desk life --policy multichannel
at 2023-10-25T09:30:00+08:00

prints 'the first number of a channel and day' 'WX-20231025-001' ticket new --channel wechat --type complaint/quality --name 张三丰 --contact 13812345678 -m '手机屏幕一天就坏了。
请退款！'
prints 'the next one' 'WX-20231025-002' ticket new -c wechat -t inquiry/policy -m 'How long is the warranty?'
prints 'another channel counts for itself' 'APP-20231025-001' ticket new -c app -t malfunction/login -m 'I cannot log in'
json 'what is stored' '.tickets[0] | [.state, .customer.display, .customer.contact, .subject, .types, .priority != null]' \
	'["new","张**","138****5678","手机屏幕一天就坏了。",["complaint/quality"],true]' ticket show --json WX-20231025-001
json 'the description is the customer'"'"'s words' '.tickets[0].description' '"手机屏幕一天就坏了。\n请退款！"' ticket show --json WX-20231025-001

refused 2 "ticket: say by which channel it came: --channel CHANNEL" ticket new -m x
call ticket new -c fax -m x
same 'an unknown channel is refused' "$code" 3
call ticket new -c wechat -t complaint/qualty -m x
same 'an unknown type is refused' "$code" 3
matches 'and what is allowed is told' 'complaint/quality' printf '%s\n' "$err"

at 2023-10-25T09:35:00+08:00
ok 'triage by a unique head' ticket triage WX-20231025-001 -p high
refused 4 "ticket: '001' is not unique; it could be
  APP-20231025-001
  WX-20231025-001" ticket triage 001 -p high
refused 2 'ticket: say what it is: --type, --category, --priority, --grade, --risk or --department' ticket triage WX-20231025-001
ok 'assign by routing' ticket assign WX-20231025-001 --auto
json 'the complaint desk has it' '.tickets[0] | [.state, .group]' '["assigned","complaint_desk"]' ticket show --json WX-20231025-001
ok 'claim' ticket --as Wang assign WX-20231025-001 --claim
refused 5 "ticket: 'WX-20231025-001' is taken already, by 'Wang'" ticket --as Zhao assign WX-20231025-001 --claim

at 2023-10-25T09:40:00+08:00
ok 'first response' ticket --as Wang respond WX-20231025-001 -m '您好，已收到。' --via wechat
ok 'progress' ticket --as Wang note WX-20231025-001 -m 'asked the factory' --doing investigating --eta '2023-10-26 12:00'
ok 'wait' ticket --as Wang wait WX-20231025-001 --for vendor -m 'factory'
refused 3 "ticket: 'WX-20231025-001' is waiting, so it cannot be 'waiting' (ticket wait); allowed now: triage, assign, respond, inbound, note, plan, resume, resolve, escalate, attach, merge, split, link, quarantine, correct" \
	ticket --as Wang wait WX-20231025-001 --for vendor
at 2023-10-25T10:40:00+08:00
ok 'resume' ticket --as Wang resume WX-20231025-001
ok 'the customer calls again' ticket inbound WX-20231025-001 -m '还没好吗' --complains
ok 'plan with parts' ticket --as Wang plan WX-20231025-001 -m 'exchange it' --owner Wang --due '2023-10-26 18:00' --part engineering:Zhao:2023-10-26
json 'the plan names lead and parts' '.tickets[0] | [.lead, .plan_due, (.events[] | select(.do=="planned") | .parts[0].person)]' \
	'["Wang","2023-10-26T18:00:00+08:00","Zhao"]' ticket show --json WX-20231025-001
at 2023-10-25T11:00:00+08:00
refused 3 "ticket: 'WX-20231025-001' was received at 2023-10-25T09:30:00+08:00, so nothing can have happened to it at 2023-10-25T08:00:00+08:00" \
	ticket --as Wang note WX-20231025-001 -m x --at '2023-10-25 08:00'
refused 3 "ticket: 'WX-20231025-001': 2023-10-25T12:00:00+08:00 lies in the future; it is 2023-10-25T11:00:00+08:00 now" \
	ticket --as Wang note WX-20231025-001 -m x --at '2023-10-25 12:00'
ok 'resolve' ticket --as Wang resolve WX-20231025-001 -m '已换新机'
refused 3 "ticket: 'WX-20231025-001' was resolved at 2023-10-25T11:00:00+08:00, so 'confirmed' cannot have happened at 2023-10-25T10:30:00+08:00" \
	ticket confirm WX-20231025-001 --at '2023-10-25 10:30'
ok 'the customer disputes' ticket dispute WX-20231025-001 -m '新机也坏了'
json 'work goes on' '.tickets[0] | [.state, .cycle]' '["in_progress",1]' ticket show --json WX-20231025-001
ok 'resolved again' ticket --as Wang resolve WX-20231025-001 -m '再次更换'
ok 'told' ticket --as Wang respond WX-20231025-001 -m '请查收'
printf 'signed' >signature.png
ok 'confirmed with evidence' ticket confirm WX-20231025-001 --evidence signature.png
call ticket archive WX-20231025-001
same 'the gate holds' "$code" 3
matches 'and says what is missing' "'WX-20231025-001' cannot be archived yet: .*survey" printf '%s\n' "$err"
ok 'survey' ticket survey WX-20231025-001 --answer satisfaction=3
call ticket survey WX-20231025-001 --answer speed=3
same 'an unknown question is refused' "$code" 3
call ticket survey WX-20231025-001 --answer satisfaction=9
same 'a score off the scale is refused' "$code" 3
ok 'follow-up' ticket followup WX-20231025-001 -m 'all fine' --satisfied yes
ok 'archived' ticket archive WX-20231025-001
call ticket respond WX-20231025-001 -m late
same 'nothing more is recorded on it' "$code" 3
matches 'and the way on is told' 'reopen it first: ticket reopen WX-20231025-001 --reason' printf '%s\n' "$err"
ok 'reopened' ticket reopen WX-20231025-001 --reason 'it broke again'
json 'a new cycle' '.tickets[0] | [.state, .cycle]' '["in_progress",2]' ticket show --json WX-20231025-001
json 'the attachment is kept once, by digest' '.tickets[0].attachments | [length, .[0].name, .[0].size_bytes, .[0].digest]' \
	'[1,"signature.png",6,"'"$(printf signed | sha256sum | cut -d' ' -f1)"'"]' ticket show --json WX-20231025-001
same 'each change is one commit' "$(git log --oneline | wc -l)" "$(($(git log --format=%s | grep -c .)))"
same 'subjects say what was done' "$(git log -1 --format=%s)" 'WX-20231025-001: reopen'
same 'trailers name ticket and event' "$(git log -1 --format=%b | sed 's/ [0-9a-f]*$//' | grep -c -e '^Ticket: *WX' -e '^Ticket:' -e '^Event: reopened')" 2
same 'the author is who acted' "$(git log --format=%an --grep 'WX-20231025-001: resolve' -1)" Wang
same 'the work tree is clean' "$(git status --porcelain | grep -v signature.png)" ''

# --- two tickets
at 2023-10-25T12:00:00+08:00
ok 'merge' ticket merge WX-20231025-002 --into APP-20231025-001 --reason 'same user'
json 'both sides know' '[.tickets[] | [.state, .events[-1].other_number, .events[-1].step]]' \
	'[["merged","APP-20231025-001","into"],["new","WX-20231025-002","from"]]' ticket show --json WX-20231025-002 APP-20231025-001
refused 3 "ticket: 'WX-20231025-002' is merged, so it cannot be 'noted' (ticket note); undo that first: ticket merge --undo WX-20231025-002" ticket note WX-20231025-002 -m x
ok 'merge undone' ticket merge --undo WX-20231025-002
json 'as before' '.tickets[0] | [.state, .merged_into]' '["new",null]' ticket show --json WX-20231025-002
prints 'split' 'APP-20231025-002' ticket split APP-20231025-001 -m 'and the invoice is wrong'
ok 'link' ticket link APP-20231025-001 WX-20231025-002
call ticket link APP-20231025-001 WX-20231025-002
same 'linking twice is refused' "$code" 3
ok 'unlink' ticket link --remove APP-20231025-001 WX-20231025-002

# --- corrections
ok 'correct' ticket correct WX-20231025-002 subject='Warranty' types=inquiry/procedure --reason 'wrong type'
prints 'blame' 'at,by,do,old,new,reason
2023-10-25T09:30:00+08:00,Li,opened,,inquiry/policy,
2023-10-25T12:00:00+08:00,Li,corrected,inquiry/policy,inquiry/procedure,wrong type' ticket blame WX-20231025-002 types --format csv
refused 3 "ticket: 'WX-20231025-002': 'opened' happened at 2023-10-25T09:30:00+08:00, so it cannot have been received at 2023-10-25T09:45:00+08:00" \
	ticket correct WX-20231025-002 received=2023-10-25T09:45:00+08:00 --reason 'typo'
call ticket correct WX-20231025-002 subjct=x --reason y
matches 'a typo gets a suggestion' "did you mean 'subject'" printf '%s\n' "$err"
ok 'quarantine' ticket quarantine WX-20231025-002 --cause entry -m 'wrong channel'
refused 3 "ticket: 'WX-20231025-002' is quarantined already" ticket quarantine WX-20231025-002 --cause entry -m x
ok 'release' ticket --as Zhao release WX-20231025-002
ok 'escalate' ticket escalate APP-20231025-001 --to supervisor --reason 'many users'
json 'one level up' '.tickets[0].level' 1 ticket show --json APP-20231025-001
ok 'review' ticket review APP-20231025-001 --decision 'engineering takes it'
matches 'log tells the story' 'escalated' ticket log APP-20231025-001 --format csv
matches 'log of the desk' 'APP-20231025-001: review' ticket log --format csv

# --- several at once, all or nothing
refused 4 "ticket: there is no ticket 'WX-20231025-009'" ticket note WX-20231025-002 WX-20231025-009 -m both
ok 'several in one commit' ticket note WX-20231025-002 APP-20231025-001 -m both
same 'one commit for two' "$(git log -1 --format=%s)" '2 tickets: note'
printf 'WX-20231025-002\nAPP-20231025-001\n' >numbers
ok 'numbers on standard input' ticket note - -m again <numbers
before=$(git rev-parse HEAD)
ok 'dry run' ticket note WX-20231025-002 -m nothing -n
same 'a dry run writes nothing' "$(git rev-parse HEAD)" "$before"
prints '-q prints the number alone' 'WX-20231025-002' ticket note WX-20231025-002 -m quiet -q

# --- as of then
first=$(git log --format=%H --grep 'APP-20231025-001: new')
json 'show as of a revision' '.tickets[0].state' '"new"' ticket show --json "WX-20231025-001@$first"
json 'show as of a time' '.tickets[0].state' '"waiting"' ticket show --json 'WX-20231025-001@2023-10-25 09:50'
