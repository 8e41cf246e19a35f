#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # numbers of tickets are set by `opens`
# Procedure A, response times and complaint progress, through May 2026: from the first call to the monthly summary.
. "$(dirname "$0")/story.sh"

procedure response-tracking
staff 'Li agent service_desk customer_service' 'Ma agent service_desk customer_service' \
	'Wang technical_support technical_support engineering' 'He technical_support technical_support engineering' \
	'Chen supervisor supervisors customer_service' 'Zhao customer_success customer_success -' \
	'Sun data_officer - -' 'Zhou department_head - customer_service' 'Qian director - -' 'admin admin - -' 'cron - - -'

# --- 4 May: every channel, every level ----------------------------------------------------------------------------
on 2026-05-04 09:00
opens chat Li -c chat -t inquiry -k product_quality --name 张伟 --contact 13812345678 -m '这个  杯子
能进微波炉吗？？ :-)'
same 'A5: date, code 0 of the chat, the first of the day' "$chat" 20260504001
json 'A7: the customer'"'"'s own words, unchanged' '.tickets[0].description' '"这个  杯子\n能进微波炉吗？？ :-)"' ticket show --json "$chat"
opens phone Li -c phone -t technical -k malfunction -p 1 --name 李娜 --contact 13900001111 -m '系统登录不上，全公司都停了'
opens mail Ma -c email -t inquiry -k billing -p 3 --name Smith --contact smith@example.com -m 'Which VAT number do you need?'
opens social Ma -c social -t complaint -k logistics -p 3 --name 王芳 --contact 13711112222 -m '等了三天还没发货！'
opens social1 Ma -c social -t complaint -k logistics -p 1 --name 赵强 --contact 13711113333 -m '货全坏了，媒体也在问'
same 'A1: a request of every channel is a ticket, numbered by its channel' "$phone $mail $social $social1" '20260504101 20260504201 20260504301 20260504302'
call ticket --as Li new -c fax -t inquiry -k billing -m x
same 'A1: and by no other channel' "$code $(grep -c "'fax' is no channel" <<<"$err")" '3 1'
call ticket --as Li new -c chat -t inquiry -k parking -m x
same 'A6: an unknown issue type is refused, with the four there are' \
	"$code $(grep -o -e product_quality -e logistics -e billing -e malfunction <<<"$err" | sort -u | wc -l)" '3 4'

due() { # NUMBER TARGET: when it is due, from the receipt on
	of "$1" ".clocks[] | select(.target==\"$2\") | .due | .[5:16]" | tr -d '"'
}
same 'A2: a complaint on social media is answered within 2h, whatever its level' "$(due "$social" first_response) $(due "$social1" first_response)" '05-04T11:00 05-04T11:00'
same 'A2: a routine inquiry by e-mail has 24h' "$(due "$mail" first_response)" 05-05T09:00
same 'A3: level 1: response 15m, solution 2h' "$(due "$phone" first_response) $(due "$phone" resolution)" '05-04T09:15 05-04T11:00'
opens order Li -c chat -t inquiry -k logistics -p 2 --name 孙丽 --contact 13622223333 -m '订单显示异常'
same 'A3: level 2: response 30m, resolved or progress 4h' "$(due "$order" first_response) $(due "$order" resolution)" '05-04T09:30 05-04T13:00'
same 'A3: level 3: response 2h, resolved 24h' "$(due "$chat" first_response) $(due "$chat" resolution)" '05-04T11:00 05-05T09:00'

# --- who gets it ---------------------------------------------------------------------------------------------------
on 2026-05-04 09:02
does Li assign "$phone" --auto
does Chen assign "$social" "$social1" --auto
does Li assign "$chat" "$mail" "$order" --auto
same 'A9: technical → technical support, complaint → service supervisor, the rest → service desk' \
	"$(of "$phone" .group) $(of "$social" .group) $(of "$chat" .group)" '"technical_support" "supervisors" "service_desk"'
refused 3 "ticket: '$social': 'reassigned' may not be recorded by 'Li'; it is for supervisor, director" ticket --as Li assign "$social" Li --reason 'mine'
refused 3 "ticket: '$social': 'reassigned' needs --reason TEXT here" ticket --as Chen assign "$social" Ma
does Chen assign "$social" Ma --reason 'Ma knows the carrier'
same 'A9: reassignment is the supervisor'"'"'s, and its reason stands on the ticket' "$(of "$social" '[.assignee, .events[-1].by, .events[-1].role, .events[-1].reason]')" \
	'["Ma","Chen","supervisor","Ma knows the carrier"]'
tech=$(of "$phone" .assignee | tr -d '"')

# --- first responses, in time and late --------------------------------------------------------------------------------
on 2026-05-04 09:12
does "$tech" respond "$phone" -m '已收到，工程师正在处理'
same 'A11: the first response is on record to the minute' "$(of "$phone" '.clocks[] | select(.target=="first_response") | [.done, .verdict, .consumed_s]')" \
	'["2026-05-04T09:12:00+08:00","met",720]'
does Li respond "$chat" -m '可以，请不要超过三分钟'
does Li resolve "$chat" -m '微波炉可用，三分钟以内'
on 2026-05-04 10:30
does "$tech" plan "$phone" -m '回滚昨晚的版本' --owner "$tech" --due '2026-05-04 12:00'
same 'A3: a plan within 2h is the solution offered at level 1' "$(of "$phone" '.clocks[] | select(.target=="resolution") | .verdict')" '"met"'
on 2026-05-04 10:40
refused 3 "ticket: '$order' comes late: first_response was due at 2026-05-04T09:30:00+08:00; say why with --late-reason" ticket --as Li respond "$order" -m '正在查'
does Li respond "$order" -m '正在查' --late-reason '高峰期排队'
same 'A11: a late one has its reason' "$(of "$order" '.events[-1].late_reason')" '"高峰期排队"'
on 2026-05-04 11:10
does Chen review "$order" --decision '属实，增加一名值班'
same 'A11: and the supervisor reviews that reason' "$(of "$order" '[.events[-1].do, .events[-1].role, (.clocks[] | select(.target=="late_review") | .verdict)]')" '["reviewed","supervisor","met"]'
does Ma respond "$mail" -m 'DE123456789, please' --via email --at '2026-05-04 11:05'
same 'A11: recorded later, it counts from when it happened' "$(of "$mail" '.events[-1] | [.at[11:16], .recorded[11:16]]')" '["11:05","11:10"]'

# --- the ladder of a complaint that nobody touches ----------------------------------------------------------------------
who() { # WAY NUMBER [WORD]: who was told of it, in messages that hold the word
	told "$1" | jq -rs --arg n "$2" --arg word "${3-}" '[.[] | select((.tickets | index($n)) and (.subject + .body | contains($word))) | .to.name] | unique | join(" ")'
}
stages() {
	of "$1" '[.clocks[] | select(.target | startswith("stage_")) | .target[6:]]'
}
hush
on 2026-05-04 11:14
sweep
same 'A13: before 15m past due nobody is bothered' "$(told sms | wc -l)" 0
on 2026-05-04 11:15
sweep
same 'A13: level 1, 15m past due: text message and call to the supervisor' \
	"$(who sms "$social1")/$(who phone "$social1")" Chen/Chen
hush
on 2026-05-04 12:00
sweep
same 'A13: level 2, 1h past due: mail to the head of department' "$(who email "$social1" | grep -ow Zhou)" Zhou
same 'A13: not yet delayed' "$(of "$social1" .delayed)" null
on 2026-05-04 15:00
sweep
same 'A13: level 3, 4h past due: marked delayed' "$(of "$social1" '[.level, .delayed]')" '[3,true]'
matches 'A13: and shown so [延迟]' '延迟' env LANGUAGE=zh_CN LC_ALL=zh_CN.UTF-8 ticket show "$social1"
hush
on 2026-05-04 19:00
sweep
same 'A13: still open: emergency procedure, the director takes over' "$(of "$social1" '[.level, .assignee]') $(who phone "$social1")" '[4,"Qian"] Qian'
steps=$(of "$social1" '[.events[] | select(.do=="escalated") | [.clock,.cycle,.step]]')
on 2026-05-04 19:01
sweep
same 'A13: every step once' "$(of "$social1" '[.events[] | select(.do=="escalated") | [.clock,.cycle,.step]]') $(jq 'length == (unique | length)' <<<"$steps")" "$steps true"

# --- several departments: the director's case -----------------------------------------------------------------------------
on 2026-05-04 19:30
does Qian respond "$social1" -m '我是总监，亲自处理' --late-reason '无人接手'
does Chen review "$social1" --decision '当班未盯单，已约谈'
does Qian triage "$social1" --department logistics --department quality
same 'A12: the departments involved are on the ticket' "$(of "$social1" .departments)" '["logistics","quality"]'
refused 3 "ticket: '$social1': 'noted' needs --eta TIME here" ticket --as Qian note "$social1" -m '已约承运商' --doing investigating
does Qian plan "$social1" -m '换货并查批次' --owner Qian --due '2026-05-06 18:00' --part logistics:Ma:2026-05-05 --part quality:He:2026-05-06
same 'A4: of a complaint, every stage begun has its limit' "$(stages "$social1")" '["accept","investigate","resolve"]'
hush
on 2026-05-05 23:00
sweep
same 'A15: a follow-up that nobody makes within 24h is noticed' "$(who email "$chat" 回访)" Chen
hush
on 2026-05-06 19:31
sweep
same 'A12: a day without progress is noticed' "$(who email "$social1" 每日进展)" 'Chen Qian'
does Qian note "$social1" -m '新货已发出' --doing resolving --eta '2026-05-07 18:00'
same 'A12: a progress entry has the expected resolution time' "$(of "$social1" '[.events[-1].doing, .eta]')" '["resolving","2026-05-07T18:00:00+08:00"]'

# --- solved, told, confirmed, followed up, archived ---------------------------------------------------------------------
on 2026-05-07 15:00
does Qian resolve "$social1" -m '新货签收，旧批次封存' --cause carrier
call ticket --as Chen archive "$social1"
same 'A14, A15, A16: not archived before all is done, and what is missing is said' "$code" 3
on 2026-05-07 15:30
does Qian respond "$social1" -m '您的新货已签收，给您添麻烦了'
same 'A4: feeding back and following up have limits too' "$(of "$social1" '[.clocks[] | select(.target=="stage_feedback" or .target=="follow_up") | [.target, .verdict, .due[5:16]]]')" \
	'[["stage_feedback","met","05-07T17:00"],["follow_up","running","05-08T15:00"]]'
printf 'signed' >"$work/签收.png"
does Li confirm "$social1" --evidence "$work/签收.png" --at '2026-05-07 15:20'
same 'A14: when the customer confirmed, and the evidence' "$(of "$social1" '[(.events[-1].at[11:16]), .attachments[0].name]')" '["15:20","签收.png"]'
call ticket --as Qian followup "$social1" -m x --satisfied yes
same 'A15: the follow-up is the supervisor'"'"'s' "$code" 3
on 2026-05-08 10:00
does Zhao followup "$social1" -m '速度慢，结果满意，希望先给电话' --satisfied yes
same 'A15: within 24h after resolution' "$(of "$social1" '.clocks[] | select(.target=="follow_up") | .verdict')" '"met"'
does Chen archive "$social1"
same 'A16: archived once the customer is satisfied' "$(of "$social1" .state)" '"archived"'

does Li respond "$chat" -m '三分钟以内，勿加盖'
does Li confirm "$chat" --evidence "$work/签收.png"
does Chen followup "$chat" -m '没说清楚' --satisfied no
call ticket --as Chen archive "$chat"
same 'A16: not satisfied, not archived' "$code $(grep -c "satisfied" <<<"$err")" '3 1'
does Ma survey "$chat" --sent
does Ma survey "$chat" --answer speed=4,result=2 -m '开始没说清楚'
does Chen followup "$chat" -m '现在清楚了' --satisfied yes
does Chen archive "$chat"

# --- a customer comes back -----------------------------------------------------------------------------------------------
on 2026-05-08 11:00
call ticket --as Li new -c phone -t complaint -k logistics -p 2 --name 王芳 --contact 13711112222 -m '又没到'
again=${out%$'\n'}
same 'A8: what is known of the customer is shown when a ticket is opened' "$(grep -c 'had 1 ticket before (1 open, 1 complaint' <<<"$err")" 1
same 'A8: the register: number, name, contact, industry' "$(ticket --as Li customer list --json | jq -c '[.customers[] | select(.contact=="137****2222") | .id, .name]')" '["C000004","王*"]'
does Li customer edit C000004 --industry 零售
matches 'A8: and the history: how many complaints, of which types' '2' ticket --as Li customer show C000004
json 'A8: the industry' '.customers[0].industry' '"零售"' ticket --as Li customer show C000004 --json

# --- the rest of the month: forty requests of every kind, their fate by turns ----------------------------------------------
channels=(phone chat email social) types=(inquiry complaint technical suggestion) categories=(product_quality logistics billing malfunction)
ordinary() { # DAY N: one request from contact to archive, or to where it got stuck
	local day=$1 n=$2 number type=${types[$(($2 % 4))]} fate=$(($2 % 8)) late=()
	on "$day" 09:00
	opens number Li -c "${channels[$((n / 2 % 4))]}" -t "$type" -k "${categories[$((n / 3 % 4))]}" -p $((n % 3 + 1)) \
		--name "客户$n" --contact "1350000$((1000 + n))" -m "第 $n 件事"
	on "$day" 09:05
	does Chen assign "$number" Li --reason '排班'
	if [ $fate = 3 ]; then # answered late
		on "$day" 14:00
		[ "$type" = suggestion ] && [ $((n / 2 % 4)) = 2 ] || late=(--late-reason '人手不足')
	fi
	does Li respond "$number" -m '您好，已收到' ${late[@]+"${late[@]}"}
	[ ${#late[@]} = 0 ] || does Chen review "$number" --decision '同意'
	[ $fate != 7 ] || return 0 # stays open
	# Billing takes long.
	[ "${categories[$((n / 3 % 4))]}" != billing ] || day=$(date -d "$day + 3 days" +%F)
	on "$day" 15:00
	[ "$type" != complaint ] || does Li plan "$number" -m '按流程办' --owner Li --due "$day 18:00"
	does Li resolve "$number" -m '已处理'
	does Li respond "$number" -m '已处理完毕'
	on "$day" 16:00
	if [ $fate = 5 ]; then # disputed, done again
		does Li dispute "$number" -m '没有解决'
		does Li resolve "$number" -m '重新处理'
		does Li respond "$number" -m '已重新处理'
	fi
	[ $fate != 6 ] || return 0 # the customer is silent
	does Li confirm "$number" --evidence "$work/签收.png"
	does Chen followup "$number" -m '满意' --satisfied yes
	does Sun archive "$number"
	[ $fate != 1 ] || does Chen reopen "$number" --reason '同样的问题又出现'
}
for n in $(seq 40); do
	ordinary "2026-05-$(printf %02d $((n / 2 + 9)))" "$n"
done
on 2026-05-30 09:00
opens wrong Li -c phone -t inquiry -k billing -p 3 -m '测试单'
does Sun quarantine "$wrong" --cause entry -m '录错了'
opens double Li -c chat -t complaint -k logistics -p 2 --name 王芳 --contact 13711112222 -m '还是没到，第三次了'
does Li merge "$double" --into "$again" --reason '同一件事'
sweep

# --- June: the data officer's month ---------------------------------------------------------------------------------------
on 2026-06-02 09:00
ticket --as Sun export received:2026-05 --format jsonl 2>/dev/null | jq -sc 'map(select(.quarantined | not))' >"$work/may.json"
for name in summary channels categories first-contact standards; do
	ticket --as Sun report "$name" --month 2026-05 --format json >"$work/$name.json"
done
figures() { # REPORT SECTION FIELD: by group, times rounded to seconds
	jq -cS "[.report.sections[] | select(.name==\"$2\") | .rows[] | {key: .group, value: (.$3 | if type == \"number\" then . * 1000 | round / 1000 else . end)}] | from_entries" "$work/$1.json"
}
again() { # GROUP FILTER: the same figure by jq from the tickets themselves, the filter over the tickets of a group
	jq -cS 'def s: sub("\\+08:00$"; "Z") | fromdateiso8601; def of(word): [.events[] | select(.do==word) | .at | s];
		def mean: if length == 0 then null else add / length * 1000 | round / 1000 end;
		group_by('"$1"') | map({key: (.[0] | '"$1"'), value: ('"$2"')}) | from_entries' "$work/may.json"
}
same 'A16: the monthly summary counts the month, without what is in quarantine' \
	"$(jq -c '.report | [.tickets, .quarantined]' "$work/summary.json")" "[$(jq length "$work/may.json"),1]"
same 'A1, A17: mean first response, comparable per channel' "$(figures channels channels response_mean)" \
	"$(again .channel 'map(select(of("responded") != []) | of("responded")[0] - (.received | s)) | mean')"
same 'A17: mean time to resolve, by issue type' "$(figures categories categories handling_mean)" \
	"$(again .category 'map(select(.state | IN("resolved", "confirmed", "archived")) | of("resolved")[-1] - (.received | s)) | mean')"
same 'A17: resolved at first contact: one step at most until then, and nobody had to come back' "$(figures channels channels first_contact)" \
	"$(again .channel 'map(select(.state | IN("resolved", "confirmed", "archived"))) | (map(select((.events | map(.do) | .[:index("resolved")] | map(select(IN("responded", "noted", "planned"))) | length <= 1)
		and (.events | all(.do | IN("inbound", "waiting", "escalated", "disputed", "reopened") | not)))) | length) / length * 1000 | round / 1000')"
same 'A17: a bottleneck is an issue type that takes more than 48h on average' \
	"$(jq -c '[.report.sections[0].rows[] | select(.standard=="bottleneck" and .verdict=="not_met") | .group]' "$work/standards.json")" '["billing"]'

# --- three tables as files ------------------------------------------------------------------------------------------------
for name in customers tracking complaints; do
	ticket --as Sun report "$name" --month 2026-05 --format csv -o "$work/$name.csv"
done
columns() {
	head -1 "$work/$1.csv" | tr ',' '\n' | grep -cxE "$2"
}
same 'A18: the customer register, a row for each customer' "$(columns customers 'customer|name|contact|industry|complaints') $(($(wc -l <"$work/customers.csv") - 1))" \
	"5 $(jq '[.[].customer.id] | unique | length' "$work/may.json")"
same 'A18: the ticket tracking table, a row for each ticket' "$(columns tracking 'number|received|channel|type|handler|responded|resolved|result') $(($(wc -l <"$work/tracking.csv") - 1))" \
	"8 $(jq length "$work/may.json")"
same 'A18: the complaint progress table, with the customer'"'"'s feedback' "$(columns complaints 'number|received|customer|plan|progress|due|result|feedback') $(($(wc -l <"$work/complaints.csv") - 1))" \
	"8 $(jq 'map(select(.types | index("complaint"))) | length' "$work/may.json")"

# --- who may what -----------------------------------------------------------------------------------------------------------
forbidden=''
while read -r person command; do
	# shellcheck disable=SC2086 # words of a command
	call ticket --as "$person" $command
	forbidden="$forbidden $code"
done <<END
Sun assign $phone Li --reason x
Wang review $phone --decision x
Ma archive $mail
Wang quarantine $mail --cause entry -m x
Sun escalate $phone --reason x
END
same 'A10: dispatch and escalations are the supervisor'"'"'s, statistics the data officer'"'"'s, the archive theirs' "$forbidden" ' 3 3 3 3 3'
