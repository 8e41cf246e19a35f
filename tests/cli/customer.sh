#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The customer register: nothing typed in is ever found in the repository, access is on record, what is forgotten is gone.
. "$(dirname "$0")/harness.sh"

# Every secret that this test types in, in every spelling in which it might have been kept.
secrets=(张三丰 李四光 欧阳娜娜 13812345678 '138 1234 5678' 13987654321 zhang@example.com li.siguang@example.com 科技路12号 0755-83211234 83211234
	'喜欢蓝色' 11010519491231002X 6222021200123456787 lilei_weixin 'Katherine Johnson' 4111111111111111 02079460958)

# Whatever lies in the object database, loose or packed, inflated; and every other file of the repository.
everything() {
	git cat-file --batch-all-objects --batch
	git reflog --all --format='%an %ae %gs'
	find . -type f -not -path './.git/objects/*' -exec cat {} +
}

no_secret() {
	local what=$1 secret found=()
	everything >"$work/everything" 2>&1
	# The search itself must be able to find something: what is masked, and what the desk holds beside it.
	grep -qaF '138****5678' "$work/everything" || found+=('the masked number is not found either')
	for secret in "${secrets[@]}"; do
		grep -qaF -- "$secret" "$work/everything" && found+=("$secret")
	done
	same "$what" "${found[*]}" ''
}

at 2023-10-25T09:30:00+08:00
desk register --policy multichannel

# --- registering
prints 'a customer is registered' C000001 ticket customer add --name 张三丰 --phone 13812345678 --email zhang@example.com \
	--address '深圳市南山区科技路12号' --notes '喜欢蓝色' --industry 零售 --field 'grade=gold'
prints 'and found again by phone, however it is written' C000001 ticket customer add --phone '+86 138-1234-5678'
prints 'and by mail' C000001 ticket customer add --name 别人 --email ZHANG@example.com
prints 'another one' C000002 ticket customer add --name '欧阳娜娜' --account lilei_weixin --phone 0755-83211234
json 'what everybody sees' '.customers[] | [.id, .name, .contact, .industry, .fields]' \
	'["C000001","张**","138****5678","零售",{"grade":"gold"}]
["C000002","欧***","0755-****1234",null,{}]' ticket customer list --json
json 'by contact' '.customers | length' 1 ticket customer list --contact 138.1234.5678 --json
refused 4 'ticket: no customer is known by that contact' ticket customer list --contact 13800000000
refused 4 "ticket: there is no customer '9'; see: ticket customer list" ticket customer show 9
refused 4 "ticket: 'bob' is no customer's number; they look like C000012" ticket customer show bob
refused 2 'ticket: a customer needs a name, or a way of contact' ticket customer add --notes x
refused 2 "ticket: 'grade' is no NAME=VALUE" ticket customer add --name x --field grade

before=$(git rev-parse HEAD)
prints 'a dry run says what would be' C000003 ticket customer add -n --name '某某'
same 'and writes nothing' "$(git rev-parse HEAD)" "$before"
same 'not even a key' "$(cat .git/ticket/keys/*/seal/* | wc -l)" 2

# --- tickets
prints 'a ticket by a known contact' WX-20231025-001 ticket new --channel wechat --type complaint/quality --name 张三丰 --contact 13812345678 \
	-m '我是张三丰，电话１３８１２３４５６７８，手机坏了，请打0755-83211234或者写信zhang@example.com'
json 'carries number and masks' '.tickets[0].customer' '{"id":"C000001","display":"张**","contact":"138****5678"}' ticket show --json WX-20231025-001
json 'its text is masked, name and all' '.tickets[0].description' \
	'"我是张**，电话１３８****５６７８，手机坏了，请打0755-****1234或者写信z***@example.com"' ticket show --json WX-20231025-001
prints 'a ticket by an unknown contact registers a customer' WX-20231025-002 ticket new --channel wechat --type complaint/quality --name 李四光 \
	--contact li.siguang@example.com -m '李四光：卡号6222021200123456787，另一张4111 1111 1111 1111'
json 'with the next number' '.tickets[0].customer' '{"id":"C000003","display":"李**","contact":"l***@example.com"}' ticket show --json WX-20231025-002
prints 'a name alone is masked and registers nobody' WX-20231025-003 ticket new --channel wechat --type inquiry/policy --name 'Katherine Johnson' \
	-m 'Katherine Johnson asks for the warranty, call +44 20 7946 0958'
json 'in the text too' '.tickets[0] | [.customer.id, .customer.display, .description]' \
	'[null,"Katherine ***","Katherine *** asks for the warranty, call +44 2* **** 0958"]' ticket show --json WX-20231025-003
ok 'a later entry knows the customer again' ticket note WX-20231025-001 -m '与张三丰通话，138 1234 5678'
json 'and masks what it knows' '.tickets[0].events[-1].text' '"与张**通话，138 **** 5678"' ticket show --json WX-20231025-001
prints 'a subject is not cut inside of a number' WX-20231025-004 ticket new --channel wechat --type inquiry/policy \
	-m 'aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaa 13812345678'
json 'but masked first' '.tickets[0].subject | test("1381234") | not' true ticket show --json WX-20231025-004
prints 'by number' WX-20231025-005 ticket new --channel wechat --type complaint/quality --customer 1 -m '又坏了'
refused 4 "ticket: there is no customer '77'; see: ticket customer list" ticket new --channel wechat --type complaint/quality --customer 77 -m x

# --- what the policy refuses (D2)
refused 3 "ticket: description: the text holds an identity card number at line 1, column 4, which this desk takes only with the customer's consent; leave it out, or record the consent first: ticket customer edit ID --consent WHAT" \
	ticket new --channel wechat --type inquiry/policy --customer 1 -m '身份证11010519491231002X'
refused 3 "ticket: text: the text holds an address at line 1, column 4, which this desk takes only with the customer's consent; leave it out, or record the consent first: ticket customer edit ID --consent WHAT" \
	ticket note WX-20231025-001 -m '地址：深圳市南山区科技路12号'
prints 'consent is recorded' C000001 ticket customer edit 1 --consent '电话同意记录证件'
prints 'then it is taken, masked' WX-20231025-006 ticket new --channel wechat --type inquiry/policy --customer 1 -m '身份证11010519491231002X'
json 'masked indeed' '.tickets[0].description' '"身份证11**************2X"' ticket show --json WX-20231025-006
prints 'consent is taken back' C000001 ticket customer edit 1 --withdraw-consent
call ticket note WX-20231025-006 -m '身份证11010519491231002X'
same 'and then it is refused again' "$code" 3

# --- history (A8)
json 'tickets, complaints and repeats of a customer' '.customers[0] | [.open, .complaints, .repeats, .types, .tickets]' \
	'[3,2,1,{"complaint/quality":2,"inquiry/policy":1},["WX-20231025-001","WX-20231025-005","WX-20231025-006"]]' ticket customer show 1 --json

prints 'who comes again' WX-20231025-007 ticket new --channel wechat --type inquiry/policy --contact 13812345678 -m '再问一次'
same 'what he came with before is told' "$err" \
	'C000001 had 3 tickets before (3 open, 2 complaints, 1 of them repeated, the last 2023-10-25T09:30:00+08:00): Quality 2, Policy 1
'
prints 'who comes for the first time' WX-20231025-008 ticket new -n --channel wechat --type inquiry/policy --name 新人 --contact 13511112222 -m x
same 'has nothing to be told' "$err" ''
prints 'quietly, nothing is' WX-20231025-008 ticket new -n -q --channel wechat --type inquiry/policy --customer 1 -m x
same 'told' "$err" ''
json 'the new one counts from now on' '.customers[0].tickets | length' 4 ticket customer show 1 --json

no_secret 'nothing typed in is in the repository'
git repack -adq
no_secret 'nor when it is packed'

# --- in clear, on record
json 'in clear for who asks' '.customers[0] | [.name, .phone, .email, .address, .notes]' \
	'["张三丰","13812345678","zhang@example.com","深圳市南山区科技路12号","喜欢蓝色"]' ticket --as Wang customer show 1 --reveal --reason '回电给张三丰' --json
json 'and on record' '.accesses[] | [.by, .customer, .what, .why]' '["Wang","C000001","revealed","回电给张**"]' ticket customer log --json
same 'as a commit' "$(git log -1 --format='%an: %s')" 'Wang: C000001: reveal'
jq '.people = [{"name":"Li","roles":["agent"]},{"name":"Sun","roles":["supervisor"]},{"name":"Bo","roles":["analyst"]}]' policy/policy.json >"$work/policy" &&
	cp "$work/policy" policy/policy.json && git -c user.name=Li -c user.email=li@desk.invalid commit -qam 'people'
refused 3 "ticket: 'reveal' is not for 'Bo'; it is for agent, supervisor" ticket --as Bo customer show 1 --reveal
refused 3 "ticket: 'Eve' is nobody of this desk; act as one of its people with --as, or add the name to policy/policy.json" ticket --as Eve customer show 1 --reveal
refused 3 "ticket: 'forget' is not for 'Li'; it is for supervisor" ticket customer forget 1 --reason x
no_secret 'looking leaves no trace of what was seen'

# --- editing and merging
prints 'a new phone' C000001 ticket customer edit 1 --phone 13987654321
refused 4 'ticket: no customer is known by that contact' ticket customer list --contact 13812345678
json 'is the one he is found by' '[.customers[].id]' '["C000001"]' ticket customer list --contact 13987654321 --json
json 'what was not given stays' '.customers[0] | [.name, .phone]' '["张三丰","13987654321"]' ticket customer show 1 --reveal --json
ok 'two numbers are one person' ticket customer merge 3 --into 1 --reason '李四光就是张三丰'
json 'the old number leads to the new' '.customers[0].id' '"C000001"' ticket customer show 3 --json
json 'the contacts too' '[.customers[].id]' '["C000001"]' ticket customer list --contact li.siguang@example.com --json
json 'the tickets count together' '.customers[0].tickets | length' 5 ticket customer show 1 --json
refused 3 "ticket: '3' and '1' are the same customer already" ticket customer merge 3 --into 1

# --- a clone has no keys until it is given them
printf 'correct horse battery staple\n' >"$work/phrase"
printf 'wrong horse battery staple\n' >"$work/wrong"
printf 'short\n' >"$work/short"
git clone -q "$work/register" "$work/clone"
cd "$work/clone" || exit 1
lacks='ticket: this copy of the desk has not got the key of the customer register; get it from a colleague: ticket customer share FILE there, ticket customer receive FILE here'
refused 3 "$lacks" ticket customer show 1 --reveal
refused 3 "$lacks" ticket new --channel wechat --type inquiry/policy --name 王五 --contact 13700000000 -m x
ok 'what is masked can be seen' ticket customer list
cd "$work/register" || exit 1
refused 3 'ticket: the passphrase is too short: at least 12 characters stand between the file and its reader' \
	ticket customer share "$work/keys" --passphrase-file "$work/short"
ok 'the keys are shared' ticket customer share "$work/keys" --passphrase-file "$work/phrase" --reason 'for Sun'
same 'in a file for one reader' "$(stat -c %a "$work/keys")" 600
matches 'which is on record' 'shared.*for Sun' ticket customer log
cd "$work/clone" || exit 1
git pull -q
refused 3 'ticket: the passphrase is not the one that the keys were sealed with, or the file is damaged' \
	ticket customer receive "$work/keys" --passphrase-file "$work/wrong"
sed '3s/./x/40' "$work/keys" >"$work/bent"
refused 3 'ticket: the passphrase is not the one that the keys were sealed with, or the file is damaged' \
	ticket customer receive "$work/bent" --passphrase-file "$work/phrase"
refused 7 'ticket: this is no file of shared keys, or it is damaged' ticket customer receive policy/policy.json --passphrase-file "$work/phrase"
ok 'and received' ticket customer receive "$work/keys" --passphrase-file "$work/phrase"
json 'then the clone can read' '.customers[0].name' '"张三丰"' ticket customer show 1 --reveal --json
json 'and find' '[.customers[].id]' '["C000002"]' ticket customer list --contact 0755-83211234 --json

# --- a new desk key
cd "$work/register" || exit 1
old_key=$(cat .git/ticket/desk.key) old_id=$(jq -r .key customers/register.json)
ok 'the desk key is changed' ticket customer rekey
[ "$(cat .git/ticket/desk.key)" != "$old_key" ]
same 'to another' "$?" 0
[ -e ".git/ticket/keys/$old_id" ]
same 'the old tables are gone' "$?" 1
json 'all can be read' '.customers[0] | [.name, .phone]' '["张三丰","13987654321"]' ticket customer show 1 --reveal --json
json 'and found' '[.customers[].id]' '["C000002"]' ticket customer list --contact lilei_weixin --json

# --- forgetting
cp -r .git/ticket "$work/stolen" # somebody keeps the desk key and all tables as they are before the forgetting …
refused 2 "ticket: say why '1' is to be forgotten: --reason TEXT" ticket --as Sun customer forget 1
ok 'one is forgotten' ticket --as Sun customer forget 1 --reason '张三丰本人要求'
json 'a tombstone stays' '.customers[0] | [.id, .display, .contact, .industry, .fields, .forgotten]' '["C000001",null,null,null,{},"2023-10-25T09:30:00+08:00"]' \
	ticket customer show 1 --json
refused 3 "ticket: customer 'C000001' was forgotten; there is nothing left to reveal" ticket customer show 1 --reveal
refused 3 "ticket: customer 'C000001' was forgotten; there is nothing left to reveal" ticket customer show 3 --reveal
refused 3 "ticket: customer 'C000001' was forgotten already" ticket --as Sun customer forget 1 --reason x
refused 3 "ticket: customer 'C000001' was forgotten; nothing can be added to the tombstone" ticket customer edit 1 --name x
refused 3 "ticket: customer 'C000001' was forgotten; register him anew with --name and --contact" ticket new --channel wechat --type inquiry/policy --customer 1 -m x
refused 4 'ticket: no customer is known by that contact' ticket customer list --contact 13987654321
json 'figures stay true' '.customers[0] | [.complaints, (.tickets | length)]' '[3,5]' ticket customer show 1 --json
json 'others are untouched' '.customers[0].name' '"欧阳娜娜"' ticket customer show 2 --reveal --json

# Nothing can be read back with the desk key in hand: his record as it was before is put back, and the key is not there.
same 'only one key is left' "$(grep -hv '^-' .git/ticket/keys/*/seal/* | wc -l)" 1
uid=$(jq -r .uid customers/00/00/C000001.json)
same 'his is not among them' "$(grep -rl "$uid" .git/ticket/keys | wc -l)" 0
git show HEAD~2:customers/00/00/C000001.json >"$work/before" 2>/dev/null || git show "$(git rev-list -1 HEAD~1 -- customers/00/00/C000001.json)":customers/00/00/C000001.json >"$work/before"
matches 'the seal is still in history' '"sealed"' cat "$work/before"
cp "$work/before" customers/00/00/C000001.json && git -c user.name=Li -c user.email=li@desk.invalid commit -qam 'dig him up'
call ticket customer show 1 --reveal
same 'and stays closed' "$code ${err%%;*}" "4 ticket: the customer's key is not in this copy of the desk"
git reset -q --hard HEAD~1

# The others destroy theirs when they hear of it.
cd "$work/clone" || exit 1
git fetch -q && git reset -q --hard '@{upstream}'
matches 'the clone learns of it' 'forgotten' ticket customer show 1
ok 'and purges' ticket customer purge
same 'the key is gone there as well' "$(grep -rl "$uid" .git/ticket/keys | wc -l)" 0
cd "$work/register" || exit 1
ok 'keys are shared again' ticket customer share "$work/keys2" --passphrase-file "$work/phrase"
cd "$work/clone" || exit 1
git fetch -q && git reset -q --hard '@{upstream}'
ok 'the clone moves to the new desk key' ticket customer receive "$work/keys2" --passphrase-file "$work/phrase"
json 'and reads' '.customers[0].name' '"欧阳娜娜"' ticket customer show 2 --reveal --json
matches 'an older share brings nobody back' '^ticket: 0 customers|^0 customers' bash -c 'ticket customer receive "$1" --passphrase-file "$2" 2>&1' - "$work/keys" "$work/phrase"
same 'who was forgotten' "$(grep -rl "$uid" .git/ticket/keys | wc -l)" 0
desk other --policy multichannel
ok 'another desk' ticket customer add --name 王五 --phone 13700000000
refused 3 'ticket: these keys do not open this desk'"'"'s customer register; ask for a share of the desk as it is now' \
	ticket customer receive "$work/keys" --passphrase-file "$work/phrase"

# --- a key that is lost
cd "$work/register" || exit 1
no_secret 'after all of it, nothing typed in is in the repository'
rm -r .git/ticket/keys .git/ticket/desk.key
refused 3 "$lacks" ticket customer show 2 --reveal
refused 4 'ticket: there is no key here to be changed; if it is lost for good, begin anew with: ticket customer rekey --lost' ticket customer rekey
ok 'the register begins anew' ticket customer rekey --lost
prints 'customers are registered as before, with numbers never used' C000004 ticket customer add --name 王五 --phone 13700000000
prints 'and the lost ones can be sealed anew' C000002 ticket customer edit 2 --name 欧阳娜娜 --phone 0755-83211234
json 'and read' '.customers[0] | [.name, .account]' '["欧阳娜娜",null]' ticket customer show 2 --reveal --json
no_secret 'nothing of it is in the repository'

# --- killed at the worst moment: a half-written line, a key without customer
printf 'half a line' >>"$(find .git/ticket/keys -path '*seal*' -type f | head -1)"
ok 'a half-written line hurts nobody' ticket customer show 2 --reveal
for n in 1 2 3 4 5 6; do ticket customer add --name "客户$n" --phone "1360000000$n" >/dev/null; done
json 'nor those who come after' '[.customers[].id] | length' 1 ticket customer list --contact 13600000006 --json
json 'all can be read' '.customers[0].phone' '"13600000006"' ticket customer show 10 --reveal --json
