#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # numbers of tickets are set by `opens`
# Procedure C, complaint supervision rules, through May 2026: receipt to the second, three priorities, escalation up to
# management, the closing check, anomalies in the data, and the standards that every month is held against.
. "$(dirname "$0")/story.sh"

procedure complaint-monitoring
staff 'Li agent front_line customer_service' 'Ma agent front_line customer_service' 'Wang specialist technical_support engineering' \
	'Pan specialist process_owners operations' 'Fu specialist finance finance' 'Ren specialist hr human_resources' 'Yu specialist product product' \
	'Guo specialist managers engineering' 'Chen supervisor - customer_service' 'Zhou department_head - engineering' 'Qian management - -' \
	'Mo monitor - -' 'Nie monitor - -' 'Sun analyst - -' 'admin admin - -' 'cron - - -'
who() { # WAY NUMBER [WORD]: who was told of it, in messages that hold the word
	told "$1" | jq -rs --arg n "$2" --arg word "${3-}" '[.[] | select((.tickets | index($n)) and (.subject + .body | contains($word))) | .to.name] | unique | join(" ")'
}
due() {
	of "$1" ".clocks[] | select(.target==\"$2\") | .due[5:16]" | tr -d '"'
}

# --- Wednesday 6 May: the record --------------------------------------------------------------------------------------
on 2026-05-06 09:10
opens fire Li -c hotline --address 'call 88231' -t complaint -k product_service --received '2026-05-06T09:02:37+08:00' --name 周建国 --contact 13812345678 \
	-s '充电宝起火' --field location=苏州 -m '充电宝半夜起火，沙发烧了，你们管不管！' --wants '赔偿并召回'
opens slow Li -c mailbox --address tousu@example.com -t complaint -k process -p b --received '2026-05-06 09:05' --name 吴敏 --contact wm@example.com -s '退款太慢' -m '退款三周未到账'
opens fee Ma -c web_chat --address 'account wm88' -t dispute -k price -p c --name 郑爽 --contact 13700002222 -s '多收年费' -m '年费多扣了 30 元'
opens rude Ma -c social --address '@fengtao' -t complaint -k attitude -p c --name 冯涛 --contact 13700003333 -s '客服态度差' -m '客服挂我电话'
opens idea Ma -c third_party --address 'case 7712' -t suggestion -k suggestion -p c --name 褚琳 --contact 13700004444 -s '建议夜间客服' -m '建议增加夜间客服'
same 'C1: five channels' "$(ticket show --json "$fire" "$slow" "$fee" "$rude" "$idea" | jq -c '[.tickets[].channel]')" '["hotline","mailbox","web_chat","social","third_party"]'
same 'C3: prefix, date, serial of the day' "$fire $idea" 'YS20260506001 YS20260506005'
same 'C2: time of receipt to the second with its zone, the exact channel, the place, subject and content' \
	"$(of "$fire" '[.received, .source.address, .fields.location, .subject, .description, .customer.contact]')" \
	'["2026-05-06T09:02:37+08:00","call 88231","苏州","充电宝起火","充电宝半夜起火，沙发烧了，你们管不管！","138****5678"]'
same 'C1: recording starts within 15m of receipt, and is complete within 30m' "$(of "$fire" '[.clocks[] | select(.target | startswith("record_")) | [.target, .verdict, .due[11:19]]]')" \
	'[["record_start","met","09:17:37"],["record_complete","running","09:32:37"]]'
on 2026-05-06 09:20
does Li triage "$fire" -p a -g major -r high --reason '人身财产损失，舆情风险'
same 'C2: first assessment; with it the record is complete' "$(of "$fire" '[.priority, .grade, .risk, (.clocks[] | select(.target=="record_complete") | .verdict)]')" '["a","major","high","met"]'
call ticket --as Li triage "$fire" -k weather
same 'C4: categories from the list' "$code" 3
call ticket --as Li triage "$fire" -g enormous
same 'C4: general or major' "$code" 3
call ticket --as Li triage "$fire" -r extreme
same 'C6: none, low, medium or high risk' "$code $(of "$idea" .risk)" '3 "none"'
same 'C5: A: response 1h, solution or progress 4h' "$(due "$fire" first_response) $(due "$fire" resolution)" '05-06T10:02 05-06T13:02'
same 'C5: B: response 4h, solution or plan 24h' "$(due "$slow" first_response) $(due "$slow" resolution)" '05-06T13:05 05-07T09:05'
# Saturday 9 May is worked in China in 2026: five working days from the 6th end on the 12th, and two before that is the 9th.
same 'C5: C: response 24h, solved in five working days, warned at three' "$(due "$fee" first_response) $(due "$fee" resolution) $(of "$fee" '.clocks[] | select(.target=="resolution") | .next[5:16]')" \
	'05-07T09:10 05-12T09:10 "05-09T09:10"'
hush
sweep
same 'C13: a high-risk complaint is told at once' "$(who sms "$fire" 高风险)" 'Chen Qian'

# --- routing and steps ---------------------------------------------------------------------------------------------------
does Li assign "$fire" "$slow" "$fee" "$rude" "$idea" --auto
same 'C7: by category; a major one to the responsible manager' "$(ticket show --json "$slow" "$fee" "$rude" "$idea" "$fire" | jq -c '[.tickets[] | [.group, .assignee]]')" \
	'[["process_owners","Pan"],["finance","Fu"],["hr","Ren"],["product","Yu"],["managers","Guo"]]'
opens first Li -c hotline -t complaint -p c --name 姜明 --contact 13700005555 -m '没人接电话' -k process
does Li triage "$first" --reason '一线可答' -k product_service
does Li assign "$first" --claim
same 'C7: a general one can stay at the first line' "$(of "$first" .assignee)" '"Li"'
on 2026-05-06 09:50
does Guo respond "$fire" -m '非常抱歉，专人正在赶来'
does Guo note "$fire" -m '已读投诉与照片' --doing understanding
does Guo note "$fire" -m '核对批次' --doing verifying
does Guo note "$fire" -m '电芯短路' --doing diagnosing --eta '2026-05-08 18:00'
does Guo plan "$fire" -m '先行赔付，停售该批次' --owner Guo --due '2026-05-08 18:00' --part legal:Mo:2026-05-07
same 'C7: owner, start and expected completion' "$(of "$fire" '[.assignee, .lead, .plan_due, .eta]')" '["Guo","Guo","2026-05-08T18:00:00+08:00","2026-05-08T18:00:00+08:00"]'
does Guo note "$fire" -m '现场勘查' --doing carrying_out
same 'C8: understood (A: within 1h), verified, diagnosed, planned, carried out' "$(of "$fire" '[(.events[] | select(.do=="noted") | .doing), (.clocks[] | select(.target=="understand") | .verdict)]')" \
	'["understanding","verifying","diagnosing","carrying_out","met"]'

# --- escalation -------------------------------------------------------------------------------------------------------------
hush
on 2026-05-06 11:00
call ticket --as Pan escalate "$slow"
same 'C12: an escalation states its reason' "$code" 3
does Li inbound "$slow" -m '还不退钱我就去起诉' --complains
on 2026-05-06 12:50 # cron was down: the step is taken at its own moment all the same
sweep
same 'C12: the customer complains again: to the supervisor within 2h of knowing' "$(of "$slow" '[.level, (.events[] | select(.do=="escalated") | .at[11:16])]') $(who email "$slow" | grep -ow Chen)" '[1,"11:00"] Chen'
same 'C12: the supervisor reviews within 1h' "$(due "$slow" escalation_review)" 05-06T12:00
does Chen review "$slow" --decision '财务今天核账'
same 'C12: unsolved: to the department within 4h' "$(due "$slow" to_department)" 05-06T15:00
on 2026-05-06 14:46
sweep
same 'C12: which the sweep does when nobody did' "$(of "$slow" .level) $(who email "$slow" 升级 | grep -ow Zhou)" '2 Zhou'
same 'C12: the department gathers a task force within 24h' "$(due "$slow" task_force)" 05-07T14:45
same 'C12: the customer is told of the escalation' "$(told channel | jq -rs --arg n "$slow" '[.[] | select(.tickets | index($n)) | .kind] | unique | join(" ")')" customer
on 2026-05-07 08:10
sweep
same 'C12: major ones reach management within 24h' "$(of "$fire" '[.level, (.events[] | select(.level==3) | .at[5:16])]') $(who sms "$fire" 升级 | grep -ow Qian)" '[3,"05-07T08:02"] Qian'
on 2026-05-07 09:21
sweep
same 'C12: no plan or progress within 24h' "$(of "$rude" .level) $(who sms "$rude" | grep -ow Chen)" '1 Chen'
does Chen review "$rude" "$fee" "$idea" --decision '今天必须联系客户'
does Mo escalate "$fee" --to department_head --reason '监督员发现无故拖延'
same 'C12: by hand too: the monitor finds undue delay' "$(of "$fee" '[.level, .events[-1].by, .events[-1].reason]')" '[2,"Mo","监督员发现无故拖延"]'
does Qian review "$fire" --decision '成立专项小组'
does Zhou review "$slow" --decision '成立专项小组'
does Zhou review "$fee" --decision '财务今天答复'
does Chen review "$fire" --decision '知悉' # the sweep's level 1 of the risk alarm

# --- solved, disputed, checked, followed up -------------------------------------------------------------------------------------
on 2026-05-08 15:00
printf 'report' >"$work/勘查报告.pdf"
does Guo resolve "$fire" -m '赔付 8000 元，该批次召回' --cause product_defect
does Guo note "$fire" -m '电话告知方案结果' --doing telling_customer
does Guo respond "$fire" -m '赔付款已到账，该批次已召回'
does Li dispute "$fire" -m '沙发折旧算得太低'
same 'C9: not satisfied: back to work' "$(of "$fire" .state)" '"in_progress"'
does Chen triage "$fire" -r high -p a --reason '重新评估：客户仍不满意'
does Chen escalate "$fire" --reason '客户不满意'
does Qian review "$fire" --decision '按原价赔付'
does Guo plan "$fire" -m '按原价赔付沙发' --owner Guo --due '2026-05-09 12:00'
same 'C9: reassessed, escalated, back to work' "$(of "$fire" '[.events[-4:][].do]')" '["triaged","escalated","reviewed","planned"]'
does Guo resolve "$fire" -m '补赔 2000 元' --cause product_defect
does Guo respond "$fire" -m '补赔款已到账'
does Li confirm "$fire" --evidence "$work/勘查报告.pdf"
call ticket --as Guo verify "$fire" -m '我看没问题'
same 'C10: the closing check is the monitor'"'"'s' "$code" 3
call ticket --as Mo archive "$fire"
same 'C10: and nothing is closed without it' "$code $(grep -c verified <<<"$err")" '3 1'
on 2026-05-09 10:00
does Nie followup "$fire" -m '满意' --satisfied yes
does Nie verify "$fire" -m '已解决、如约、满意、合规'
does Nie archive "$fire"
same 'C10: only then closed' "$(of "$fire" .state)" '"archived"'

# --- knowledge ------------------------------------------------------------------------------------------------------------------
cat >"$work/refund.md" <<'END'
---
title.zh: 退款到账慢
categories: process
words: 退款, 到账
---

财务每周二、五打款。

## Standard wording

您的退款已提交财务，将于下一个打款日到账。
END
does Chen kb add refund -F "$work/refund.md"
json 'C17: the standard wording is found from the ticket' '.articles[0].name' '"refund"' ticket kb suggest "$slow" --json
does Pan respond "$slow" --kb refund --late-reason '专项处理'
same 'C17: and used in the answer' "$(of "$slow" '.events[-1].text | contains("下一个打款日")')" true

# --- anomalies --------------------------------------------------------------------------------------------------------------------
on 2026-05-11 09:00
opens odd Li -c hotline -t complaint -k price -p b --received '2025-05-11 08:55' --name 韩磊 --contact 13700006666 -m '扣费两次'
does Mo note "$odd" -m '受理时间早了一年' --doing anomaly
on 2026-05-11 09:20
does Mo quarantine "$odd" --cause entry -m '受理日期录错'
same 'C14: within 30m it is quarantined and marked, with its cause' "$(of "$odd" '[.quarantined, .events[-1].cause, (.clocks[] | select(.target=="quarantine") | .verdict)]')" '[true,"entry","met"]'
does Sun correct "$odd" received='2026-05-11T08:55:00+08:00' --reason '按通话录音更正'
call ticket --as Sun release "$odd"
same 'C14: a second person reviews it before it counts again' "$code" 3
call ticket --as Sun report summary --month 2026-05 --format json
same 'C14: reports leave it out and say how many' "$(jq -c '.report.quarantined' <<<"$out")" 1
does Chen release "$odd"
same 'C14: corrected with the reason' "$(ticket blame "$odd" received --format csv | tail -1 | cut -d, -f2,4-)" 'Sun,2025-05-11T08:55:00+08:00,2026-05-11T08:55:00+08:00,按通话录音更正'

# --- alarms -------------------------------------------------------------------------------------------------------------------------
hush
on 2026-05-11 14:00
for n in 1 2 3 4 5 6; do
	opens "burst$n" Ma -c social -t complaint -k product_service -p b --name "网友$n" --contact "1390000000$n" -s "APP 打不开" -m "第 $n 个投诉：APP 打不开"
done
sweep
same 'C13: a burst of one category' "$(who sms "$burst1" 激增)" 'Chen Mo Nie'
hush
on 2026-05-11 22:30
sweep
same 'C13: one overdue and untouched' "$(who sms "$burst6" 未处理)" 'Chen Mo Nie'
opens again Li -c hotline -t complaint -k process -p c --name 吴敏 --contact wm@example.com -m '还是没退款'
sweep
same 'C15: a repeated complaint of one customer is known' "$(of "$again" .level)" 1

# --- thirty more, from contact to closing ----------------------------------------------------------------------------------------
channels=(hotline mailbox web_chat social third_party) categories=(product_service process price attitude suggestion) priorities=(c b c a)
ordinary() { # DAY N
	local day=$1 n=$2 number fate=$(($2 % 8)) grade=general owner late=()
	[ $((n % 10)) != 0 ] || grade=major
	on "$day" 09:00
	opens number Ma -c "${channels[$((n % 5))]}" --address "号码 $n" -t complaint -k "${categories[$((n / 2 % 5))]}" -p "${priorities[$((n % 4))]}" -g $grade \
		--name "客户$n" --contact "1360000$((1000 + n))" --field location=杭州 --field amount=0 -s "事由 $n" -m "第 $n 件投诉" --wants 处理
	does Ma assign "$number" --auto
	owner=$(of "$number" .assignee | tr -d '"')
	[ $fate != 7 ] || return 0 # nobody touches it
	on "$day" 09:30
	does "$owner" respond "$number" -m '已受理'
	does "$owner" plan "$number" -m '按流程办' --owner "$owner" --due "$day 18:00"
	if [ $fate = 3 ]; then
		day=$(date -d "$day + 5 days" +%F) late=(--late-reason '等待供应商')
	fi
	on "$day" 15:00
	[ $grade = general ] || does Chen escalate "$number" --level 3 --reason '重大投诉报管理层'
	[ $grade = general ] || does Qian review "$number" --decision '知悉'
	does "$owner" resolve "$number" -m '已处理' --cause process
	does "$owner" respond "$number" -m '已处理完毕'
	[ $fate != 6 ] || return 0 # not checked yet
	if [ $fate = 5 ]; then
		does Ma dispute "$number" -m '不同意'
		does Chen escalate "$number" --reason '客户不满意'
		does Chen review "$number" --decision '重新处理'
		does "$owner" resolve "$number" -m '重新处理' --cause process
		does "$owner" respond "$number" -m '已重新处理'
	fi
	does Ma confirm "$number"
	does Ma survey "$number" --sent
	[ $((n % 3)) != 0 ] || does Ma survey "$number" --answer satisfaction=$((3 + n % 2 * 2)),speed=4,attitude=5
	does Mo followup "$number" -m '满意' --satisfied yes
	does Mo verify "$number" -m '已解决、如约、满意、合规'
	does Mo archive "$number"
	[ $fate != 1 ] || does Chen reopen "$number" --reason '同样的问题又出现'
}
for n in $(seq 30); do
	ordinary "2026-05-$(printf %02d $((n / 3 + 12)))" "$n"
done
on 2026-05-30 09:00
opens wrong Li -c hotline -t complaint -k price -m '误录'
does Sun quarantine "$wrong" --cause procedure -m '误录'
opens double Li -c mailbox -t complaint -k process -p c --name 吴敏 --contact wm@example.com -m '退款，第三次'
does Li merge "$double" --into "$again" --reason '同一件事'
sweep

# --- reports and standards ----------------------------------------------------------------------------------------------------------
on 2026-06-02 09:00
ticket --as Sun export received:2026-05 --format jsonl 2>/dev/null | jq -sc 'map(select(.quarantined | not))' >"$work/may.json"
for name in summary trend channels categories sla csat repeat standards anomalies; do
	ticket --as Sun report "$name" --month 2026-05 --format json >"$work/$name.json"
done
rows() { # REPORT SECTION FIELD: by group
	jq -cS "[.report.sections[] | select(.name==\"$2\") | .rows[] | {key: .group, value: (.$3 | if type == \"number\" then . * 1000 | round / 1000 else . end)}] | from_entries" "$work/$1.json"
}
again() { # GROUP FILTER: by jq from the tickets themselves
	jq -cS 'def s: sub("\\+08:00$"; "Z") | fromdateiso8601; def of(word): [.events[] | select(.do==word) | .at | s];
		def mean: if length == 0 then null else add / length * 1000 | round / 1000 end; def done: .state | IN("resolved", "confirmed", "verified", "archived");
		group_by('"$1"') | map({key: (.[0] | '"$1"'), value: ('"$2"')}) | from_entries' "$work/may.json"
}
same 'C15: total, by channel, category, priority' "$(rows summary channels tickets) $(rows summary categories tickets) $(rows summary priorities tickets)" \
	"$(again .channel length) $(again .category length) $(again .priority length)"
same 'C15: mean handling time' "$(rows categories categories handling_mean)" "$(again .category 'map(select(done) | of("resolved")[-1] - (.received | s)) | mean')"
same 'C15: repeat complaints' "$(jq -c '[.report.sections[] | select(.name=="repeated") | .rows[] | select(.figure=="complained_again") | .value]' "$work/repeat.json")" \
	"[$(jq '[.[] | select(any(.events[]; .do=="inbound" and .complains))] | length' "$work/may.json")]"
same 'C15: the trend, day by day' "$(jq -c '[.report.sections[] | select(.name=="trend") | .rows[] | select(.received > 0) | [.from, .received]]' "$work/trend.json")" \
	"$(jq -c 'group_by(.received[:10]) | map([.[0].received[:10], length])' "$work/may.json")"
standard() {
	jq -c ".report.sections[0].rows[] | select(.standard==\"$1\") | [(.figure * 1000 | round / 1000), .bar, .verdict]" "$work/standards.json"
}
means=$(again .priority 'map(select(of("responded") != []) | of("responded")[0] - (.received | s)) | mean')
same 'C16: response A within 1h, B within 4h, C within 24h' "$(standard response_a) $(standard response_b) $(standard response_c)" \
	"$(jq -r '"[\(.a),3600,\"\(if .a <= 3600 then "met" else "not_met" end)\"] [\(.b),14400,\"\(if .b <= 14400 then "met" else "not_met" end)\"] [\(.c),86400,\"\(if .c <= 86400 then "met" else "not_met" end)\"]"' <<<"$means")"
same 'C16: mean handling of B within 24h' "$(standard handling_b)" \
	"$(again .priority 'map(select(done) | of("resolved")[-1] - (.received | s)) | mean' | jq -c '[.b, 86400, (if .b <= 86400 then "met" else "not_met" end)]')"
same 'C16: key fields 100 %' "$(standard key_fields | jq -c '.[1:]')" '[1,"not_met"]'
same 'C16: recorded within 5 minutes of receipt' "$(standard receipt)" \
	"$(jq -c 'def s: sub("\\+08:00$"; "Z") | fromdateiso8601; [.[] | (.events[0].at | s) - (.received | s) | if . < 0 then -. else . end] | [(add / length * 1000 | round / 1000), 300, "met"]' "$work/may.json")"
same 'C16: surveys answered, at least 15 %' "$(standard answered)" \
	"$(jq -c '[.[] | select(any(.events[]; .do=="survey"))] | [(map(select(any(.events[]; .step=="answered"))) | length) / length * 1000 | round / 1000, 0.15, "met"]' "$work/may.json")"
same 'C16: satisfaction A and B at least 90 %, C at least 85 %; the whole chain; reports on time' \
	"$(jq -c '[.report.sections[0].rows[] | select(.standard | IN("satisfaction_ab", "satisfaction_c", "chain", "reports")) | [.standard, .bar]]' "$work/standards.json")" \
	'[["satisfaction_ab",0.9],["satisfaction_c",0.85],["chain",1],["reports",1]]'
for period in '--day 2026-05-12' '--week 2026-W20' '--quarter 2026-Q2'; do
	# shellcheck disable=SC2086 # option and value
	ok "C15: $period" ticket --as Sun report summary $period -o "$work/out"
done

same 'C16: a report that is owed and goes into a file is on record' "$(ticket journal --act reported --json | jq -c '[.entries[] | [.by, .subject, .from[:10]]]')" \
	'[["Sun","summary","2026-05-12"],["Sun","summary","2026-05-11"]]'

# --- samples, spot checks, the month's review -----------------------------------------------------------------------------------------
owing() { # by priority, by grade, and by the hash that ticket-policy(5) describes: one in five of the others
	jq -r '.[] | select(.state | IN("resolved", "confirmed", "verified")) | select(any(.events[]; .do=="followed_up") | not) | [.id, .uid, .priority, .grade] | @tsv' "$work/may.json" |
		while read -r id uid priority grade; do
			if [ "$priority" = a ] || [ "$grade" = major ] ||
				[ $((16#$(printf 'follow_up_others\n%s' "$uid" | sha256sum | cut -c1-13))) -lt 900719925474100 ]; then
				echo "$id"
			fi
		done | sort
}
same 'C11: a follow-up is owed by A and major ones, and by those of the others that were drawn' "$(ticket list owes:followed_up received:2026-05 --format tsv --columns number | tail -n +2 | sort)" "$(owing)"
unchecked=$(owing | head -1)
does Mo verify "$unchecked" -m '已解决'
call ticket --as Mo archive "$unchecked"
same 'C11: it cannot be closed without' "$code $(grep -c 'drawn for a sample\|followed_up' <<<"$err")" '3 1'
does Mo followup "$unchecked" -m '满意' --satisfied yes
ok 'C11: with it, it can' ticket --as Mo archive "$unchecked"

handled=$(jq '[.[] | select(.state | IN("resolved", "confirmed", "verified", "archived"))] | length' "$work/may.json")
does Mo inspect draw -q --name spot_check --month 2026-05 --seed June
same 'C19: one in twenty of what was handled is drawn, and can be drawn again' "$(wc -w <<<"$out") $(ticket --as Nie inspect draw -q -n --name spot_check --month 2026-05 --seed June | xargs)" \
	"$(((handled + 10) / 20)) $(xargs <<<"$out")"
first=$(head -1 <<<"$out") owner=$(of "$first" .assignee | tr -d '"')
call ticket --as "$owner" inspect add "$first" --score 5
same 'C19: nobody inspects his own work' "$code" 3
does Mo inspect add "$first" --score 4 -m '记录完整'
same 'C19: the scores are in the reports' "$(ticket report inspections --month 2026-05 --json | jq -c '[.report.sections[] | select(.name=="inspected_tickets") | .rows[] | [.number, .handler, .score, .said]]')" \
	"[[\"$first\",\"$owner\",4,\"记录完整\"]]"
does Mo inspect review --month 2026-05 -m '误录两件，均已处理'
same 'C19: the month is reviewed, and the review is on record' "$(ticket journal --act reviewed --json | jq -c '[.entries[] | [.by, .from[:10], .until[:10], .text]]')" \
	'[["Mo","2026-05-01","2026-06-01","误录两件，均已处理"]]'
same 'C16, C19: and in time' "$(ticket report on-time --month 2026-06 --json | jq -c '[.report.sections[0].rows[] | select(.duty=="data_review") | .verdict]')" '["on_time"]'

# --- kept -----------------------------------------------------------------------------------------------------------------------------
last=$(git rev-parse HEAD)
ok 'C18: the records are backed up' ticket --as Sun backup "$work/2026-05.backup"
ok 'C18: the backup can be checked' ticket backup --check "$work/2026-05.backup"
ok 'C18: and restored' ticket restore "$work/2026-05.backup" "$work/restored"
same 'C18: to the same desk' "$(git -C "$work/restored" rev-parse HEAD)" "$last"
same 'C18: that they were is on record' "$(ticket journal --act backed_up --json | jq -c '[.entries[] | [.by, (.values | test("head='"$last"'"))]]')" '[["Sun",true]]'
