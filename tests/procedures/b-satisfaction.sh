#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # numbers of tickets are set by `opens`
# Procedure B, the standard procedure with a satisfaction loop, from April to June 2026: a promise with each request, a plan
# with its parts, both sides agreeing on the result, anonymous surveys, and improvements that are judged a month later.
. "$(dirname "$0")/story.sh"

procedure satisfaction
staff 'Li agent service_desk customer_service' 'Ma agent service_desk,care customer_service' 'Wang specialist after_sales after_sales' 'He specialist product product' \
	'Tao agent complaints customer_service' 'Chen supervisor - customer_service' 'Zhou department_head - customer_service' 'Sun analyst - -' 'admin admin - -' 'cron - - -'
due() {
	of "$1" ".clocks[] | select(.target==\"$2\") | .due[5:16]" | tr -d '"'
}

# --- a customer who is visited every ninety days ------------------------------------------------------------------------
on 2026-02-03 09:00
does Li customer add --name 周建国 --phone 13812345678 --industry 制造 --field care=yes
sweep
on 2026-05-04 08:59
sweep
same 'B1: not before it is time' "$(ticket list type:care --json | jq '.tickets | length')" 0

# --- Monday 4 May: a request of every type, each with a promise ---------------------------------------------------------
on 2026-05-04 09:00
sweep
visit=$(ticket list type:care --json | jq -r '.tickets[0].number')
same 'B1: customer care, an outbound visit planned at intervals, is opened and routed by itself' "$(of "$visit" '[.customer.id, .group, .channel]')" '["C000001","care","phone"]'
on 2026-05-04 09:01
call ticket --as Li new -c phone -t inquiry -k product -p 1 --contact 13812345678 -m '新机型能否接旧系统' --wants '今天答复' --expects '2026-05-04 17:00' --promise
question=${out%%$'\n'*}
same 'B2: date and four digits' "$visit $question" '202605040001 202605040002'
same 'B2: channel, who, background, what is wanted, and by when' "$(of "$question" '[.channel, .customer.id, .description, .wants, .expects]')" \
	'["phone","C000001","新机型能否接旧系统","今天答复","2026-05-04T17:00:00+08:00"]'
same 'B3: the promise as a sentence' "$(tail -1 <<<"${out%$'\n'}")" 'We will contact you by 09:11 today. We will tell you by 11:01 today how it will be solved.'
opens rude Li -c chat -t complaint -k service -p 2 --name 冯涛 --contact 13700003333 -m '客服爱理不理'
opens repair Ma -c app -t after_sales -k technical -p 2 --name 吴敏 --contact 13700001111 -m '刷卡机不吐卡' --wants '上门维修'
opens idea Ma -c email -t suggestion -k product -p 3 --name 褚琳 --contact chu@example.com -m '希望有深色模式'
same 'B1: inquiry, complaint, after-sales request, suggestion' "$(ticket show --json "$question" "$rude" "$repair" "$idea" | jq -c '[.tickets[].types[0]]')" \
	'["inquiry","complaint","after_sales","suggestion"]'
same 'B3: level 1: response 10m, plan 2h; 2: 30m and 4h; 3: 2h, first reply 24h' \
	"$(for n in "$question" "$rude" "$idea"; do echo "$(due "$n" first_response) $(due "$n" plan)"; done | tr '\n' '/')" \
	'05-04T09:11 05-04T11:01/05-04T09:31 05-04T13:01/05-04T11:01 05-05T09:01/'
hush
sweep
same 'B3: the customer is told the promised times' "$(told channel | jq -rs --arg n "$question" '[.[] | select(.tickets | index($n)) | .to.name] | length > 0')" true

# --- plan, result, agreement ----------------------------------------------------------------------------------------------
on 2026-05-04 09:08
does Li assign "$question" "$rude" "$repair" "$idea" --auto
does Li respond "$question" -m '可以，稍后发接口说明'
on 2026-05-04 10:00
call ticket --as Wang plan "$repair" -m '上门更换读卡头'
same 'B4: a plan names who carries it out, and the completion date' "$code" 3
does Wang plan "$repair" -m '上门更换读卡头' --owner Wang --due '2026-05-05 18:00' --part logistics:Ma:'2026-05-05 12:00' --part finance:Sun:2026-05-06
same 'B4: several departments: one lead, each its part and date' "$(of "$repair" '[.lead, .plan_due[5:16], (.events[-1].parts[] | [.department, .person, .due[5:10]])]')" \
	'["Wang","05-05T18:00",["logistics","Ma","05-05"],["finance","Sun","05-06"]]'
does Wang respond "$repair" -m '明天上门' --late-reason '正在核对备件'
on 2026-05-05 16:00
does Wang resolve "$repair" -m '已更换读卡头' --cause product_defect
does Wang respond "$repair" -m '已更换，请试用'
does Ma dispute "$repair" -m '还是不吐卡'
same 'B5: disputed, work goes on' "$(of "$repair" .state) $(ticket list --json "id:$repair" | jq -r '.tickets[0].status')" '"in_progress" disputed'
on 2026-05-05 18:00
does Wang plan "$repair" -m '整机更换' --owner Wang --due '2026-05-06 12:00'
does Wang resolve "$repair" -m '整机更换' --cause product_defect
does Wang respond "$repair" -m '已换新机'
does Ma confirm "$repair"
same 'B5: until both agree: resolved, confirmed by the customer [已解决-客户确认]' "$(of "$repair" .state) $(ticket list --json "id:$repair" | jq -r '.tickets[0].status')" '"confirmed" confirmed'
matches 'B5: in the words of the desk' '已解决-客户确认' env LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN ticket show "$repair"

# --- the survey ---------------------------------------------------------------------------------------------------------------
hush
on 2026-05-06 18:00
sweep
same 'B6: within 24h after confirmation the survey goes out' "$(of "$repair" '[.events[] | select(.do=="survey") | .step]') $(told channel | jq -rs --arg n "$repair" '[.[] | select(.tickets | index($n))] | length > 0')" '["sent"] true'
does Ma survey "$repair" --answer speed=2,attitude=3,effect=2 --contact -m '换了两次才好'
same 'B7: who gives his name to a low score is contacted within 48h' "$(due "$repair" low_contact)" 05-08T18:00
on 2026-05-07 10:00
does Chen followup "$repair" -m '已致电道歉，客户接受' --cause process
same 'B7: by the supervisor, who records why' "$(of "$repair" '[(.clocks[] | select(.target=="low_contact") | .verdict), .events[-1].role, .events[-1].cause]')" '["met","supervisor","process"]'

ordinary() { # DAY N SCORES [OPTION...]: one request to the answer of its survey
	local day=$1 n=$2 scores=$3 number
	shift 3
	on "$day" 09:00
	opens number Li -c "$(cut -d' ' -f$((n % 4 + 1)) <<<'phone chat email app')" -t "$(cut -d' ' -f$((n % 4 + 1)) <<<'inquiry complaint after_sales suggestion')" \
		-k "$(cut -d' ' -f$((n % 5 + 1)) <<<'product logistics billing service technical')" -p $((n % 3 + 1)) --name "客户$n" --contact "1350000$((1000 + n))" -m "第 $n 件事" --wants 处理
	does Li assign "$number" Li
	[ $((n % 9)) != 8 ] || return 0 # stays open
	if [ $((n % 5)) = 2 ]; then # billing is slow
		on "$day" 19:00
		does Li respond "$number" -m '已收到' --late-reason '财务核对中'
	else
		on "$day" 09:08
		does Li respond "$number" -m '已收到'
	fi
	does Li plan "$number" -m '按流程办' --owner Li --due "$day 23:00"
	on "$day" 20:00
	does Li resolve "$number" -m '已处理' --cause process
	does Li respond "$number" -m '已处理完毕'
	does Li confirm "$number"
	does Ma survey "$number" --sent
	[ "$scores" = - ] || does Ma survey "$number" --answer "$scores" "$@"
	numbers="$numbers $number"
}
numbers=''
for n in $(seq 21); do
	ordinary "2026-05-$(printf %02d $((n / 3 + 8)))" "$n" "speed=$((n % 3 + 3)),attitude=5,effect=$((n % 2 + 4))" -m "希望周末也能答复，第 $n 位"
done
ordinary 2026-05-15 22 - # the customer is silent
silent=${numbers##* }
# shellcheck disable=SC2086 # several numbers
scored=$(ticket show --json $numbers | jq -c '[.tickets[].events[] | select(.do=="survey") | select(.scores or .text)] | length')
same 'B6: answered, and no ticket has scores or words' "$(ticket show --json $numbers | jq -c '[.tickets[] | select(any(.events[]; .step=="answered"))] | length') $scored" "$(($(wc -w <<<"$numbers") - 1)) 0"
hush
on 2026-05-19 09:00
sweep
same 'B6: nobody is given up before he was asked twice' "$(of "$silent" '[.events[] | select(.do=="survey") | .step]')" '["sent","sent"]'
on 2026-05-25 09:00
sweep
same 'B6: then the survey is over' "$(of "$silent" '[.events[] | select(.do=="survey") | .step]')" '["sent","sent","unanswered"]'
does Chen archive --done
on 2026-05-26 09:00 # what else a month brings: one merged, one set apart, one opened again, one that climbs to the head of department
first=$(cut -d' ' -f2 <<<"$numbers")
does Ma reopen "$first" --reason '同样的问题又出现'
opens twin Li -c chat -t inquiry -k logistics -p 3 --name 客户1 --contact 13500001001 -m '同一件事再问' --wants 处理
does Li merge "$twin" --into "$first" --reason '同一件事'
opens wrong Li -c app -t inquiry -k product -p 3 -m '误录' --wants 无
does Sun quarantine "$wrong" --cause entry -m '误录'
opens stuck Ma -c app -t complaint -k service -p 1 --name 蒋欣 --contact 13700008888 -m '没有人管我' --wants 处理
for n in 31 32 33 34 35 36 37 38 39 40; do
	opens quick Ma -c email -t inquiry -k logistics -p 3 --name "客户$n" --contact "1350000$((1000 + n))" -m "第 $n 件事" --wants 处理
	does Ma assign "$quick" Ma
	does Ma respond "$quick" -m '请见附件'
	does Ma plan "$quick" -m '已答复' --owner Ma --due '2026-05-26 18:00'
	does Ma resolve "$quick" -m '已答复' --cause information
done
on 2026-05-26 15:30
sweep
same 'B3: what nobody answers climbs to the head of department' "$(of "$stuck" '[.level, .delayed]')" '[2,true]'
same 'B5: archived once all is done' "$(of "$silent" .state) $(of "$repair" .state)" '"archived" "archived"'

# --- the weekly and the monthly look -------------------------------------------------------------------------------------------
on 2026-06-02 09:00
sweep
for name in csat categories improvement; do
	ticket --as Sun report "$name" --month 2026-05 --format json >"$work/$name.json"
done
section() { # REPORT SECTION FILTER
	jq -c ".report.sections[] | select(.name==\"$2\") | .rows | $3" "$work/$1.json"
}
# 19 answers came without a name: n from 1 to 21 but 8 and 17, speed n mod 3 + 3, effect n mod 2 + 4; and one with it.
same 'B8: the distribution of scores' "$(section csat scores 'map({(.score): .answers}) | add')" \
	"$(for n in $(seq 21); do [ $((n % 9)) = 8 ] || printf '%d 5 %d ' $((n % 3 + 3)) $((n % 2 + 4)); done | jq -sc '. + [2, 3, 2] | [range(5; 0; -1) as $s | {($s | tostring): map(select(. == $s)) | length}] | add')"
same 'B8: the most frequent suggestions' "$(section csat suggestions '.[0] | [.phrase, .answers]')" '["希望周末也能答复",19]'
same 'B8: details of the low scores, of those who gave their name' "$(section csat low_scores 'map([.number, .said, .cause, .done])')" "[[\"$repair\",\"换了两次才好\",\"process\",\"已致电道歉，客户接受\"]]"
same 'B6: of the others only whole groups' "$(section csat groups_without_name 'map([.answers, .low])')" '[[19,7]]'
leaks=$(for report in csat tracking complaints customers improvement summary; do
	ticket --as Sun report "$report" --month 2026-05 --format csv --rows
	ticket --as Sun report "$report" --month 2026-05 --format html
done 2>/dev/null | grep -c '第 3 位.*20260509\|20260509.*第 3 位')
same 'B6: no report shows who gave which answer' "$leaks" 0
same 'B6: nor does history' "$(git log -p -U0 --format=%B -- tickets ":!*$repair.json" | grep -cE '"(speed|attitude|effect)": *"[345]"')" 0
same 'B9: categories whose share in time is below 80 %' "$(section categories categories 'map(select(.in_time < 0.8 and .group != "") | .group)') $(section improvement below 'map([.category, .bar])')" \
	'["billing","service"] [["billing",0.8],["service",0.8]]'
json 'B9: and by the week' '[.report.sections[] | select(.name=="below") | .rows[] | .category] | index("billing") != null' true ticket --as Sun report improvement --week 2026-W20 --format json
same 'B9: questions whose score stays low' "$(section csat question_weeks 'map(.question)')" '["speed","attitude","effect"]'

# --- what is improved, and whether it helped --------------------------------------------------------------------------------------
slow=$(echo "$numbers" | cut -d' ' -f3)
does Chen action add -q -m '费用类工单首次响应慢' --cause '财务无人值班' --plan '财务每日两次核对' --owner Sun --due 2026-06-10 --category billing --ticket "$slow" --feedback '等了一天才有人理'
action=${out%$'\n'}
same 'B10: problem, plan, owner, due date, customer feedback' "$(ticket action show "$action" --json | jq -c '.actions[0] | [.problem, .plan, .owner, .due[0:10], .category]')" \
	'["费用类工单首次响应慢","财务每日两次核对","Sun","2026-06-10","billing"]'
hush
on 2026-06-12 09:00
sweep
same 'B10: an overdue one is told its owner' "$(told email | jq -rs '[.[] | select(.subject + .body | contains("财务")) | .to.name] | unique | join(" ")' | grep -ow Sun)" Sun
does Sun action done "$action" -m '值班表已执行'
for n in 41 42 43 44 45 46; do # June: billing is answered in time
	on "2026-06-$((n - 28))" 09:00
	opens june Li -c phone -t inquiry -k billing -p 2 --name "客户$n" --contact "1350000$((1000 + n))" -m "第 $n 件事" --wants 处理
	does Li assign "$june" Li
	does Li respond "$june" -m '马上核对'
	does Li plan "$june" -m '当日核对' --owner Li --due "2026-06-$((n - 28)) 18:00"
	does Li resolve "$june" -m '已核对' --cause process
done
on 2026-07-02 09:00
call ticket --as Sun action verify "$action" --effective yes -m '有效'
same 'B10: nobody verifies his own measure' "$code" 3
does Chen action verify "$action" --effective yes -m '六月全部按时'
same 'B10: the measure, and the result of its verification' "$(ticket action show "$action" --json | jq -c '.actions[0] | [.state, .effective]')" '["verified","yes"]'
on 2026-08-02 09:00
ticket --as Sun report improvement --month 2026-07 --format json >"$work/improvement.json"
same 'B10: the monthly report says how last month'"'"'s measures did' "$(section improvement measures 'map([.number, .effective])')" "[[\"$action\",\"yes\"]]"
same 'B10: judged by the figures of the category it addresses' "$(section improvement measure_effects 'map({(.figure): [.before, .after, .verdict]}) | add | .in_time')" '[0.2,1,"better"]'

# --- forms -------------------------------------------------------------------------------------------------------------------------------
for form in service-record plan follow-up; do
	ok "B11: the form $form, ready to print" ticket --as Li form "$form" "$repair" --format html -o "$work/$form.html"
	same "B11: $form holds the ticket, or its code, and nothing in clear" "$(grep -c '13812345678\|13700001111' "$work/$form.html")" 0
done
record=$(LC_ALL=zh_CN.UTF-8 ticket --as Li form service-record "$repair" --format txt)
same 'B11: the service record has its eleven fields' "$(grep -cE '编号|客户编号|联系|类型|描述|紧急|负责|状态|反馈|评分|满意' <<<"$record" | awk '{print ($1 >= 9)}')" 1
opens asked Li -c phone -t inquiry -k product -p 3 --name 客户99 --contact 13500009999 -m '最后一件' --wants 处理
does Li assign "$asked" Li
does Li respond "$asked" -m '好'
does Li plan "$asked" -m '好' --owner Li --due '2026-08-02 18:00'
does Li resolve "$asked" -m '好' --cause process
does Li respond "$asked" -m '好'
does Li confirm "$asked"
does Ma survey "$asked" --sent
ticket --as Li form questionnaire "$asked" --format txt >"$work/questionnaire.txt"
same 'B6, B11: the questionnaire does not say whose it is' "$(grep -c "$asked" "$work/questionnaire.txt")" 0
sed -i -E 's/(：|: ) *__+/\15/' "$work/questionnaire.txt"
ok 'B11: its answers can be read back in' ticket --as Ma survey --from "$work/questionnaire.txt"
same 'B11: and the ticket knows that it was answered' "$(of "$asked" '[.events[] | select(.do=="survey") | .step]')" '["sent","answered"]'
