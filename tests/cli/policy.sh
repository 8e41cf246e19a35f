#!/bin/bash
# SPDX-License-Identifier: MIT
# ticket policy: what ships, what a desk has, what the doctor says.
. "${0%/*}/harness.sh"

presets=$top/presets

# --- what ships
json 'five presets' '[.presets[].name]' '["after-sales","complaint-monitoring","multichannel","response-tracking","satisfaction"]' ticket policy presets --json
prints 'their titles in Chinese' '名称                  标题
after-sales           售后服务快速响应
complaint-monitoring  客户投诉监督管理
multichannel          线上客服多渠道响应记录
response-tracking     客户服务响应时间与投诉进度跟踪
satisfaction          客户服务标准流程与满意度闭环' env LC_ALL=zh_CN.UTF-8 LANGUAGE=zh ticket policy presets --columns name,title
for name in after-sales complaint-monitoring multichannel response-tracking satisfaction; do
	prints "nothing is wrong with $name" 'where,finding,fatal' ticket policy check "$presets/$name/policy.json" --format csv
done

# --- a desk's own
desk shop --policy multichannel
matches 'show is the file' '"name": "multichannel"' ticket policy show
ticket policy show >shown.json
ok 'what is shown is what ships' cmp shown.json "$presets/multichannel/policy.json"
rm shown.json
prints 'a list as rows' 'name,code,labels
website,WEB,Website
app,APP,App
wechat,WX,Official account
microblog,WB,Microblog
mini_program,MP,Mini program' ticket policy show channels --format csv
json 'targets with their conditions' '.targets[3].when' '"priority:medium"' ticket policy show targets --json
refused 4 "ticket: a policy has no list 'target'; did you mean 'targets'? its lists are people, roles, groups, permissions, channels, types, categories, grades, priorities, risks, departments, causes, doings, fields, routing, targets, ladder, gates, statuses, standards, alarms, samples, visits, reports, action_ladder, notices, templates, queries" \
	ticket policy show target
ok 'nothing is wrong with the desk' ticket policy check

# --- the doctor
sed 's/"group":"engineering"/"group":"enginering"/; s/"within":"48h"/"within":"48000000h"/' "$presets/multichannel/policy.json" >"$work/bad.json"
answers 2 'an absurd length is refused at once' ticket policy check "$work/bad.json"
sed 's/"group":"engineering"/"group":"enginering"/; s/"calendar": "always"/"calendar": "chna"/; s/"code":"WB"/"code":"WX"/' "$presets/multichannel/policy.json" >"$work/bad.json"
mkdir "$work/calendars"
cp "$presets/calendars/"*.json "$work/calendars/"
answers 1 'findings are exit code 1' ticket policy check "$work/bad.json" --format csv
same 'each with its key path' "$out" "where,finding,fatal
channels[3].code,channels 'wechat' and 'microblog' have the same code 'WX',true
routing[0].group,'enginering' is no group of this policy; did you mean 'engineering'?,false
calendar,'chna' is no calendar of this desk; did you mean 'china'?,false
"
echo '{"format": 1, "name": "x", "chanels": []}' >"$work/bad.json"
refused 2 "ticket: $work/bad.json:1: chanels: a policy has no such member; did you mean 'channels'?" ticket policy check "$work/bad.json"
printf '{' >"$work/bad.json"
refused 2 "ticket: $work/bad.json:1: not JSON: the text ends too early" ticket policy check "$work/bad.json"
jq '.targets[0].calendar = "nowhere"' policy/policy.json >"$work/calendar.json"
json 'findings as JSON' '[.findings[] | select(.finding | test("nowhere"))] | length' 1 bash -c "ticket policy check --json '$work/calendar.json' || [ \$? = 1 ]"
refused 4 "ticket: cannot read 'none.json': No such file or directory" ticket policy check none.json
cd "$work" || exit 1
answers 4 'without a desk there is nothing to show' ticket policy show

# --- new rules, tried on the past and put in force
desk rules --policy multichannel
ok 'a ticket under the rules so far' ticket new -q -c wechat -t inquiry -p low -m x
jq '(.targets[] | select(.name == "first_response") | .within) = "1m"' policy/policy.json >"$work/strict.json"
ok 'simulate' ticket policy simulate "$work/strict.json" --json
same 'writes nothing' "$(git status --porcelain) $(git rev-list --count HEAD)" ' 2'
ok 'apply, as a dry run' ticket policy apply -n "$work/strict.json"
same 'writes nothing either' "$(git status --porcelain) $(git rev-list --count HEAD)" ' 2'
ok 'apply' ticket policy apply "$work/strict.json"
same 'puts the rules in force' "$(jq -S . policy/policy.json)" "$(jq -S . "$work/strict.json")"
json 'and open tickets under them, on record' '.tickets[0].events[-1].do' '"retargeted"' ticket show --json 001

# --- what is remembered of it
desk memory --policy multichannel
ok 'whoever reads the policy' ticket new -q -c wechat -t inquiry -p low -m x
ok 'remembers it' test -s .git/ticket/policy.memo
channel() { ticket policy show channels --columns name,labels --format csv | sed -n 4p; }
same 'as it is' "$(channel)" 'wechat,Official account'
sed -i 's/Official account/WeChat/' policy/policy.json
commit() { git -c user.name=Hand -c user.email=hand@example.org commit -qam "$1"; }
ok 'a policy that is changed by hand' commit 'by hand'
same 'is read anew' "$(channel)" 'wechat,WeChat'
same 'and again' "$(channel)" 'wechat,WeChat'
same 'and as it was, where that is asked for' "$(ticket list --at HEAD~1 --columns channel,status --format csv)" "$(ticket list --columns channel,status --format csv)"
for bytes in '' 'TKTMEMO' "$(head -c 500 .git/ticket/policy.memo | tr '\0' x)"; do
	printf '%s' "$bytes" >.git/ticket/policy.memo
	same 'what is no memory of it is not believed' "$(channel)" 'wechat,WeChat'
done
if python=$(command -v python3); then
	"$python" - .git/ticket/policy.memo <<'P'
import struct, sys, zlib
memo = bytearray(open(sys.argv[1], "rb").read())
at = memo.index(b"WeChat")
memo[at:at + 6] = b"Vechat"
struct.pack_into("<I", memo, 28, zlib.crc32(memo[32:]))
open(sys.argv[1], "wb").write(memo)
P
	answers 1 'fsck finds a memory that is false' ticket fsck
	ok 'a repair' ticket fsck --repair
	same 'sets it right' "$(channel)" 'wechat,WeChat'
fi
sed -i '0,/"channels"/s//"chanels"/' policy/policy.json
commit 'misspelt'
refused 2 "ticket: policy/policy.json:$(grep -n chanels policy/policy.json | cut -d: -f1): chanels: a policy has no such member; did you mean 'channels'?" ticket list
git reset -q --hard HEAD~1
