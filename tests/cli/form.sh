#!/bin/bash
# SPDX-License-Identifier: MIT
# Forms: B4, B11, D14 and E11 as documents and tables, harmless in each face, masked but for those who may see.
. "${0%/*}/harness.sh"

zh() {
	LC_ALL=zh_CN.UTF-8 "$@" 2>/dev/null
}

# Without the mark at the beginning.
plain() {
	sed '1s/^\xef\xbb\xbf//'
}

# --- E11: one request, from the customer to the remarks for the archive
at 2026-05-06T09:30:00+08:00
desk after --policy after-sales
git config user.name Li && git config user.email li@example.com
same 'the forms of the preset came along' "$(ticket form list --format tsv --columns name | tail -n +2 | tr '\n' ' ')" 'acceptance plan quick-response '
ok 'and are sound' ticket policy check
ticket new -q -c phone -t malfunction --priority urgent --name 张三丰 --contact 13812345678 --wants '更换' --received '2026-05-06 09:00' \
	--field serial_numbers=WP-17,WP-18 --field scope=厨房 -m '漏水 <script>alert(1)</script> 电话13812345678
| 第二行 [a](http://x)' >/dev/null
ticket assign 001 王工 >/dev/null
at 2026-05-06T09:50:00+08:00
ticket respond 001 -m '今天上门' --via phone >/dev/null
ticket plan 001 -m '更换阀门' --owner 王工 --due '2026-05-06 18:00' --part repair:王工:'2026-05-06 16:00' --part logistics:赵六 --needs 进水阀 --needs 保修单 >/dev/null
ticket note 001 -m '已到现场' --doing diagnosing >/dev/null
ticket inbound 001 -m '=cmd|calc 几点好' >/dev/null
echo photo >"$work/photo.jpg"
at 2026-05-06T16:10:00+08:00
ticket resolve 001 -m '已更换' --cause part >/dev/null
ticket respond 001 -m '请验收' --via phone >/dev/null
ticket confirm 001 -m '修好了' --evidence "$work/photo.jpg" >/dev/null
at 2026-05-07T10:00:00+08:00
TICKET_AS=孙主管 ticket followup 001 --satisfied yes -m '很满意' >/dev/null
ticket archive 001 -m '同批次请排查' >/dev/null

ok 'the record of one request' ticket form quick-response 001 --json
record=$out
shape() {
	jq -c "$1" <<<"$record"
}
same 'has eleven parts' "$(shape '[.forms[0].parts[].title | values] | length')" 11
same 'the customer is masked' "$(shape '.forms[0].parts[0].rows[0] | [.number, .received, .customer, .customer_number, .contact, .channel]')" \
	'["AS-20260506-001","2026-05-06T09:00:00+08:00","张**","C000001","138****5678","phone"]'
same 'serial numbers and reach' "$(shape '.forms[0].parts[2].rows[0] | [.["field.serial_numbers"], .["field.scope"]]')" '["WP-17,WP-18","厨房"]'
same 'plan, resources and the parts of the departments' "$(shape '[.forms[0].parts[6].rows[0].needs, (.forms[0].parts[7].rows[] | [.department, .person, .due])]')" \
	'["进水阀,保修单",["repair","王工","2026-05-06T16:00:00+08:00"],["logistics","赵六",null]]'
same 'progress: what was done, where it stands' "$(shape '[.forms[0].parts[8].rows[] | [.by, .doing, .text]]')" '[["Li","diagnosing","已到现场"]]'
same 'talks: who said what' "$(shape '[.forms[0].parts[9].rows[] | [.said_by, .text]]')" '[["desk","今天上门"],["customer","=cmd|calc 几点好"],["desk","请验收"],["customer","修好了"],["desk","很满意"]]'
same 'result, cause, satisfaction, evidence' "$(shape '.forms[0].parts[10].rows[0] | [.result, .cause, .satisfied, .files]')" '["已更换","part","yes","photo.jpg"]'
same 'the remark for other departments' "$(shape '.forms[0].parts[11].rows[0].remark')" '"同批次请排查"'

html=$(zh ticket form quick-response 001 --format html)
same 'html: in Chinese, nothing acts, nothing is fetched' "$(grep -c -e '11. 归档备注' -e '给其他部门的备注' -e '功能故障' <<<"$html") $(grep -ciE '<script|src=|href=|url\(' <<<"$html")" '3 0'
same 'md: links, bars and breaks of a customer are text' "$(ticket form quick-response 001 --format md | grep -F 'What exactly')" \
	'| What exactly | 漏水 \<script\>alert(1)\</script\> 电话138\*\*\*\*5678<br>\| 第二行 \[a\](http://x) |'
csv=$(zh ticket form quick-response 001 --format csv)
same 'csv: for spreadsheets, with the labels of the paper' "$(head -c 3 <<<"$csv" | od -An -tx1 | tr -d ' ') $(head -1 <<<"$csv" | plain | cut -d, -f1-3)" 'efbbbf 工单编号,受理时间,客户'
same 'csv: names where columns are asked for, formulas are text' "$(ticket form plan 001 --format csv --columns number,needs | tail -1)" 'AS-20260506-001,"进水阀, 保修单"'
same 'text for mail' "$(zh ticket form plan 001 | sed -n '1,3p;/解决方案$/,$p' | head -8)" '解决方案单
==========
售后服务快速响应 · AS-20260506-001
  解决方案
    更换阀门
  执行负责人  王工
  完成日期    2026-05-06 18:00
  所需资源'
same 'an empty form has lines to write on, and knows nobody' "$(ticket form acceptance --blank --format txt | grep -c ____) $(ticket form acceptance --blank | grep -c AS-)" '4 0'
json 'as it was at a revision' '[.forms[0].parts[10].rows[0].result, .forms[0].parts[11].rows[0].remark]' '["已更换",null]' ticket form quick-response 001@HEAD~1 --json

# --- what is not there
refused 4 "ticket: this desk has no form 'quick'; there are acceptance, plan, quick-response" ticket form quick 001
refused 4 "ticket: this desk has no form 'plam'; did you mean 'plan'? there are acceptance, plan, quick-response" ticket form plam 001
refused 2 'ticket: which tickets? give their numbers, a query such as state:open, a range such as --month last, or --blank' ticket form plan
refused 2 'ticket: --blank is an empty form: it goes with no ticket, and reveals nobody' ticket form plan 001 --blank

# --- a form of one's own, and the doctor
cat >"$work/own.json" <<'END'
{"format": 1, "name": "own", "titles": {"en": "Own", "zh": "自定义"}, "parts": [
  {"kind": "values", "fields": [{"name": "number"}, {"name": "clock.resolution"}, {"name": "reslt", "labels": {"en": "Result"}}]},
  {"kind": "events", "events": ["nothing"], "fields": [{"name": "at", "labels": {"en": "At", "zh": "时间"}}]}]}
END
refused 3 "ticket: the form cannot be used: $work/own.json: parts[0].fields[2]: 'reslt' is nothing that a part of kind 'values' can show; did you mean 'result'?" ticket form add "$work/own.json"
mkdir -p "$work/beside/forms" && cp "$TICKET_PRESETS/after-sales/policy.json" "$work/beside/" && cp "$work/own.json" "$work/beside/forms/"
answers 1 'the doctor sees what is wrong' ticket policy check "$work/beside/policy.json" --format tsv
same 'unknown values, moments and missing labels' "$(grep -c -e "'reslt' is nothing" -e "'reslt' has no label in 'zh'" -e "'nothing' is no moment" <<<"$out")" 3
sed -i 's/"reslt", "labels": {"en": "Result"}/"result", "labels": {"en": "Result", "zh": "结果"}/; s/"nothing"/"noted"/' "$work/own.json"
ok 'tried first' ticket form add -n "$work/own.json"
same 'and nothing is there' "$(ticket form list --format tsv | grep -c own)" 0
ok 'a form of the desk' ticket form add "$work/own.json"
same 'is one commit, with labels from the policy where it has none' "$(git log -1 --format=%s): $(ticket form own 001 --format csv | head -1 | plain)" "policy: form 'own': Number,Resolved,Result,events"

# --- the personal data in clear
same 'nobody is revealed unasked' "$(ticket form quick-response 001 --format json | grep -c -e 13812345678 -e 张三丰)" 0
before=$(git rev-parse HEAD)
json 'asked for: on record first, then shown' '.forms[0].parts[0].rows[0] | [.customer, .contact]' '["张三丰","13812345678"]' ticket form acceptance 001 --reveal --reason '上门 13812345678' --json
same 'one commit' "$(git rev-list --count "$before..HEAD")" 1
json 'who looked, and why, masked' '.accesses[] | [.customer, .what, .by, .why]' '["C000001","revealed","Li","上门 138****5678"]' ticket customer log --json
json 'what was taken out' '.entries[] | [.act, .subject, .tickets]' '["exported","form acceptance",["AS-20260506-001"]]' ticket journal --json
jq -c '.people=[{"name":"Li","roles":["analyst"]},{"name":"王工"},{"name":"赵六"},{"name":"孙主管"}]' policy/policy.json >"$work/policy.json" && cp "$work/policy.json" policy/policy.json && git commit -qam 'people'
answers 3 'who may not see is refused' ticket form plan 001 --reveal
same 'and no record says he saw' "$(ticket journal --format tsv | grep -c exported)" 1

# --- D14: the response record, a row for each ticket
at 2026-05-06T09:30:00+08:00
desk multi --policy multichannel
for i in 1 2 3; do
	ticket new -q -c wechat -t complaint/quality -p high --name 李四 --contact 1381234567$i -m "=HYPERLINK(\"x\") $i" >/dev/null
done
ticket assign 001 --auto >/dev/null
ticket note 001 -m 排查日志 --doing investigating >/dev/null
ticket resolve 001 -m 已退款 >/dev/null
ticket followup 001 --satisfied fairly -m 还行 >/dev/null
csv=$(zh ticket form response-record --month 2026-05 --format csv)
same 'fourteen fields' "$(head -1 <<<"$csv" | plain)" '编号,接收时间,来源渠道,用户,联系方式,问题描述,问题类型,优先级,责任部门/人,处理时限,处理进度,处理结果,用户反馈,归档时间'
same 'rows in order, a formula is text' "$(grep -o '^WX.*HYPERLINK' <<<"$csv" | cut -d, -f1,3,4,6)" "WX-20260506-001,公众号,李*,\"'=HYPERLINK
WX-20260506-002,公众号,李*,\"'=HYPERLINK
WX-20260506-003,公众号,李*,\"'=HYPERLINK"
json 'as data, by a query' '.rows[] | [.number, .types, .owner, .progress, .result, .feedback]' '["WX-20260506-001","complaint/quality","customer_service;complaint_desk","Investigating: 排查日志","已退款","Fairly satisfied; 还行"]' \
	ticket form response-record state:resolved --json
same 'html: a page for each ticket' "$(ticket form response-sheet 001 002 --format html | grep -c '<article>')" 2
same 'html: one sheet, a row for each' "$(ticket form response-record received.after:2026-05-01 --format html | grep -c -e '<article>' -e '^<tr>')" 4
same 'an empty query is said' "$(ticket form response-record --month 2026-01 2>&1 >/dev/null)" 'no ticket is in the query'

# --- B11: an anonymous score is on nobody's form
desk satisfaction --policy satisfaction
ticket new -q -c phone -t complaint --category product -p 1 --name 王五 --contact wang@example.com --wants 退款 -m 坏了 >/dev/null
ticket assign 0001 王工 >/dev/null
ticket respond 0001 -m 收到 >/dev/null
ticket plan 0001 -m 退款 --owner 王工 --due +1d >/dev/null
ticket resolve 0001 -m 已退 >/dev/null
ticket confirm 0001 -m 好 >/dev/null
json 'the service record' '[.forms[0].parts[] | .rows[0] | .number, .customer_number, .contact, .channel, .types, .priority, .assignee, .state, .feedback_at | values]' \
	'["202605060001","C000001","w***@example.com","phone","complaint","1","王工","confirmed","2026-05-06T09:30:00+08:00"]' ticket form service-record 0001 --json
same 'the follow-up table' "$(zh ticket form follow-up 0001 --format csv | plain)" '工单编号,问题,解决方案,执行人,完成时间,客户反馈,改进措施,验证结果
202605060001,坏了,退款,王工,2026-05-06 09:30,好,已退,'
same 'the questionnaire says whose it is nowhere in its head' "$(ticket form questionnaire 0001 | sed -n 2p)" '# Service procedure with a satisfaction loop'
same 'what asks nothing is a remark: it can be read back line by line' "$(ticket form questionnaire 0001 | grep -cvE '^(#|$|[^#].*: ?(_*|[0-9A-Z-]*)$)')" 0
same 'nor anywhere else, as answers are anonymous' "$(ticket form questionnaire 0001 --json | grep -c 202605060001)" 0
same 'its lines can be filled in' "$(ticket form questionnaire 0001 | grep -cE '^(Speed of response|Attitude|Effect of the solution) \(1-5\): __$')" 3

# Printed with a one-time code, filled in, read back (B6): the loop is closed, and nothing says whose answer it was.
at 2026-05-06T12:00:00+08:00
ticket form questionnaire 0001 | sed 's/^\(Speed.*\|Attitude.*\|Effect.*\): __/\1: 5/; s/^suggestion: .*/suggestion: 再快一点/' >"$work/filled.txt"
same 'the code stands in no history' "$(git cat-file --batch-all-objects --batch | grep -acF "$(sed -n 's/^questionnaire: //p' "$work/filled.txt")")" 0
ok 'a filled-in questionnaire is read back' ticket survey --from "$work/filled.txt"
json 'the ticket says that there was an answer, and not which' '.forms[0].parts[3].rows[0].score' '"anonymous"' ticket form service-record 0001 --json
refused 3 "ticket: '202605060001': its survey is over" ticket form questionnaire 0001
