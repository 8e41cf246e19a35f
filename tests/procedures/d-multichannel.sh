#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # numbers of tickets are set by `opens`
# Procedure D, the response log of an online service desk, through May 2026: five channels, privacy before anything is
# written, limits from assignment, results back on the customer's channel, the monthly and quarterly review.
. "$(dirname "$0")/story.sh"

procedure multichannel
staff 'Li agent service_desk customer_service' 'Fang agent complaint_desk customer_service' 'Wang handler engineering engineering' \
	'Hu handler engineering engineering' 'Yun operator operations operations' 'Ping handler product product' 'Gao operator product_operations product' \
	'Chen supervisor - -' 'Sun analyst - -' 'admin admin - -' 'cron - - -'

# --- 4 May: what comes in, and what is kept of it ---------------------------------------------------------------------
on 2026-05-04 09:00
opens quality Li -c wechat -t complaint/quality -p medium --name 张三丰 --contact 13812345678 -m '屏幕一天就坏了，打 13812345678 找我，加微信也行'
opens login Li -c app -t malfunction/login -t complaint/attitude -p high --name 李四 --contact li4@example.com --field reply_channel=mini_program -m '登录一直转圈，客服还挂我电话'
opens site Li -c website -t inquiry/policy --name 王五 --contact 13700001111 -m '保修多久？'
opens blog Li -c microblog -t complaint/logistics -p medium --name 赵六 --contact 13700002222 -m '快递丢了'
opens mini Li -c mini_program -t suggestion/new -p low --name 钱七 --contact 13700003333 -m '希望有夜间模式'
same 'D1: each of the five channels, numbered channel, date, serial' "$quality $login $site $blog $mini" \
	'WX-20260504-001 APP-20260504-001 WEB-20260504-001 WB-20260504-001 MP-20260504-001'
same 'D2: real names and numbers masked, in the text too' "$(of "$quality" '[.customer.display, .customer.contact, .description]')" \
	'["张**","138****5678","屏幕一天就坏了，打 138****5678 找我，加微信也行"]'
call ticket --as Li new -c wechat -t inquiry/policy -m '我的身份证号 11010519491231002X，帮我查'
same 'D2: an identity card number is refused without consent' "$code $(grep -c -i 'consent' <<<"$err")" '3 1'
call ticket --as Li new -c wechat -t complaint/logistics -m '收货地址：北京市朝阳区建国路88号2单元301'
same 'D2: and so is a street address' "$code" 3
does Li customer add --name 孙八 --phone 13700004444 --consent '电话录音 2026-05-04：同意登记地址'
opens consent Li -c wechat -t complaint/logistics --contact 13700004444 -m '收货地址：北京市朝阳区建国路88号2单元301'
same 'D2: with consent on record it is taken in, masked' "$(of "$consent" '.description | [contains("建国路88号"), contains("*")]')" '[false,true]'
same 'D4: several types, each with its sub-type' "$(of "$login" .types)" '["malfunction/login","complaint/attitude"]'
call ticket --as Li triage "$mini" -t suggestion/colour
same 'D4: and no others' "$code" 3
same 'D5: high, medium, low; low where nobody says' "$(of "$login" .priority) $(of "$quality" .priority) $(of "$site" .priority)" '"high" "medium" "low"'
printf 'log' >"$work/崩溃.log"
printf 'png' >"$work/screen.png"
does Li attach "$login" "$work/崩溃.log" "$work/screen.png"
same 'D3: attachments are named, counted, and kept' "$(of "$login" '[(.attachments | length), .attachments[].name]') $(find attachments -type f | wc -l)" '[2,"崩溃.log","screen.png"] 2'

# --- given out; limits count from then -----------------------------------------------------------------------------------
hush
on 2026-05-04 09:20
does Li assign "$quality" "$login" "$site" "$blog" "$mini" --auto
same 'D7: malfunction → engineering, complaint → complaint desk or operations, inquiry → service desk, suggestion → product operations' \
	"$(ticket show --json "$login" "$quality" "$blog" "$site" "$mini" | jq -c '[.tickets[].group]')" '["engineering","complaint_desk","operations","service_desk","product_operations"]'
limits() {
	of "$1" '[.clocks[] | select(.target=="first_response" or .target=="plan") | (.due | sub("\\+08:00"; "Z") | fromdateiso8601) - (.from | sub("\\+08:00"; "Z") | fromdateiso8601) | . / 3600]'
}
same 'D6: from assignment: high 30m and 24h, medium 2h and 48h, low 24h and 72h' "$(limits "$login") $(limits "$quality") $(limits "$site")" '[0.5,24] [2,48] [24,72]'
same 'D6: not from receipt' "$(of "$quality" '.clocks[] | select(.target=="first_response") | .from[11:16]')" '"09:20"'
same 'D6: a high one is registered within 10m, and started within 30m' "$(of "$login" '[.clocks[] | select(.target=="registration" or .target=="start") | [.target, .verdict, .due[11:16]]]')" \
	'[["registration","met","09:10"],["start","running","09:30"]]'
handler=$(of "$login" .assignee | tr -d '"')
on 2026-05-04 09:21
sweep
same 'D15: whoever is assigned a ticket is told at once' "$(told email | jq -rs --arg n "$login" '[.[] | select(.tickets | index($n)) | .to.name] | unique | join(" ")')" "$handler"
on 2026-05-04 09:25
does "$handler" note "$login" -m '看日志' --doing investigating
on 2026-05-04 09:55
refused 3 "ticket: '$login' comes late: first_response was due at 2026-05-04T09:50:00+08:00; say why with --late-reason" ticket --as "$handler" respond "$login" -m '在查'
does "$handler" respond "$login" -m '在查' --late-reason '等日志上传'
same 'D6: a late one notes why' "$(of "$login" '.events[-1].late_reason')" '"等日志上传"'

# --- progress and states ---------------------------------------------------------------------------------------------------
label() {
	LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN ticket list --json "id:$1" | jq -r '.tickets[0].status' # the name of the label
}
label=$(label "$mini")
for doing in waiting_support contacted plan_unconfirmed; do
	does "$handler" note "$login" -m '进展' --doing "$doing"
done
same 'D8: what was done, where it stands, when' "$(of "$login" '[.events[] | select(.do=="noted") | .doing]') $(of "$login" '.events[-1].at[11:16]')" \
	'["investigating","waiting_support","contacted","plan_unconfirmed"] "09:55"'
call ticket --as "$handler" note "$login" -m x --doing sleeping
same 'D8: in the words of the desk only' "$code" 3
label="$label $(label "$login")"
does "$handler" resolve "$login" -m '已修复，请升级到 5.2'
label="$label $(label "$login")"
does "$handler" respond "$login" -m '已修复，请升级到 5.2'
same 'D10: the result goes back on the channel the customer chose' "$(of "$login" '.events[-1].via')" '"mini_program"'
call ticket --as Li new -c app -t inquiry/policy -m x --field reply_channel=fax
same 'D10: which is one of the desk' "$code" 3
does Li survey "$login" --sent
does Li survey "$login" --answer satisfaction=3
label="$label $(label "$login")"
does Li archive "$login"
label="$label $(label "$login")"
same 'D9: to do, in progress, handled, followed up, archived; the events alone decide' "$label" 'to_do in_progress handled followed_up archived'
matches 'D13: the archive has the whole chain' '已登记.*' env LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN ticket log "$login"
same 'D13: from receipt to archive' "$(of "$login" '[.events[] | select(.automatic | not) | .do] | unique - ["notified"]')" \
	'["archived","assigned","attached","noted","opened","resolved","responded","survey"]'

# --- no answer: a second attempt ----------------------------------------------------------------------------------------------
on 2026-05-05 09:00
does Fang respond "$quality" -m '马上换新' --late-reason '假期值班少'
does Fang resolve "$quality" -m '已换新'
does Fang respond "$quality" -m '已换新'
does Fang survey "$quality" --sent
on 2026-05-06 09:30
refused 3 "ticket: '$quality': the customer was asked only once; ask a second time first: ticket survey $quality --sent" ticket --as Fang survey "$quality" --no-answer
sweep
sweep
same 'D10: no answer: the sweep asks a second time, once, on the channel the customer came by' \
	"$(of "$quality" '[.events[] | select(.do == "survey") | [.step, .via, .automatic]]')" '[["sent","wechat",null],["sent","wechat",true]]'
does Fang survey "$quality" --answer satisfaction=2
does Fang archive "$quality"

# --- escalation ------------------------------------------------------------------------------------------------------------------
opens urgent Li -c app -t malfunction/payment -p high --name 周九 --contact 13700005555 -m '全部支付失败'
does Li assign "$urgent" Wang
does Wang respond "$urgent" -m '正在处理'
hush
on 2026-05-08 09:32
sweep
same 'D11: a high one without plan after 24h goes to the supervisor' "$(of "$urgent" .level) $(told sms | jq -rs '[.[].to.name] | unique | join(" ")')" '1 Chen'
opens second Li -c wechat -t complaint/quality -p medium --name 张三丰 --contact 13812345678 -m '新机也坏了'
hush
on 2026-05-08 09:40
sweep
same 'D11: and so does a second complaint of the same customer' "$(of "$second" .level) $(told email | jq -rs --arg n "$second" '[.[] | select(.tickets | index($n)) | .to.name] | unique | join(" ")')" '1 Chen'

# --- what is whose to do --------------------------------------------------------------------------------------------------------------
opens calm Li -c website -t malfunction/data -p low --name 吴十 --contact 13700006666 -m '报表数字不对'
does Li assign "$calm" Wang
json 'D15: everyone lists what is his to do, most urgent first' '[.tickets[].number]' "[\"$urgent\",\"$calm\"]" ticket --as Wang list state:open assignee:me --sort due --json
matches 'D9: shown in the words of the desk [待处理]' '待处理' env LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN ticket show "$calm"

# --- forty more ---------------------------------------------------------------------------------------------------------------------------
channels=(website app wechat microblog mini_program)
types=(inquiry/function complaint/logistics suggestion/procedure malfunction/freeze inquiry/procedure complaint/attitude malfunction/login)
priorities=(low medium high low)
ordinary() { # DAY N
	local day=$1 n=$2 number fate=$(($2 % 8))
	on "$day" 09:00
	opens number Li -c "${channels[$((n % 5))]}" -t "${types[$((n % 7))]}" -p "${priorities[$((n % 4))]}" --name "用户$n" --contact "1360000$((1000 + n))" -m "第 $n 件事"
	does Li assign "$number" --auto
	[ $fate != 7 ] || return 0 # stays open
	on "$day" 09:20
	does Li respond "$number" -m '已收到，正在处理'
	on "$day" 17:00
	does Li resolve "$number" -m '已处理'
	does Li respond "$number" -m '已处理完毕'
	if [ $fate = 5 ]; then
		does Li dispute "$number" -m '还是不行'
		does Li resolve "$number" -m '再次处理'
		does Li respond "$number" -m '再次处理完毕'
	fi
	does Li survey "$number" --sent
	case $fate in
	6) return 0 ;;                                          # no answer yet
	4) does Li survey "$number" --answer satisfaction=1 ;;  # not satisfied
	2) does Li survey "$number" --answer satisfaction=2 ;;
	*) does Li survey "$number" --answer satisfaction=3 ;;
	esac
	[ $fate = 4 ] || does Li archive "$number"
	[ $fate != 1 ] || does Chen reopen "$number" --reason '同样的问题又出现'
}
for n in $(seq 40); do
	ordinary "2026-05-$(printf %02d $((n / 2 + 9)))" "$n"
done
on 2026-05-30 09:00
opens wrong Li -c app -t inquiry/policy -m '误录'
does Sun quarantine "$wrong" --cause entry -m '误录'
opens twin Li -c wechat -t complaint/quality -p medium --name 张三丰 --contact 13812345678 -m '催一下新机'
does Li merge "$twin" --into "$second" --reason '同一件事'
sweep

# --- the monthly and the quarterly review -------------------------------------------------------------------------------------------------
on 2026-07-02 09:00
ticket --as Sun export received:2026-05 --format jsonl 2>/dev/null | jq -sc 'map(select(.quarantined | not))' >"$work/may.json"
for name in summary channels top csat; do
	ticket --as Sun report "$name" --month 2026-05 --format json >"$work/$name.json"
done
rows() { # REPORT SECTION FIELD: by group
	jq -cS "[.report.sections[] | select(.name==\"$2\") | .rows[] | {key: .group, value: (.$3 | if type == \"number\" then . * 1000 | round / 1000 else . end)}] | from_entries" "$work/$1.json"
}
again() { # GROUPS FILTER: by jq from the tickets themselves; GROUPS yields the groups of one ticket
	jq -cS 'def s: sub("\\+08:00$"; "Z") | fromdateiso8601; def of(word): [.events[] | select(.do==word) | .at | s];
		def mean: if length == 0 then null else add / length * 1000 | round / 1000 end; length as $all |
		[.[] | . as $t | ('"$1"') | {group: ., ticket: $t}] | group_by(.group) | map({key: .[0].group, value: (map(.ticket) | '"$2"')}) | from_entries' "$work/may.json"
}
same 'D12: share by channel' "$(rows channels channels share)" "$(again .channel 'length / $all * 1000 | round / 1000')"
same 'D12: mean handling time' "$(rows channels channels handling_mean)" \
	"$(again .channel 'map(select(.state | IN("resolved", "confirmed", "archived")) | of("resolved")[-1] - (.received | s)) | mean')"
same 'D12: share by type' "$(rows summary types tickets)" "$(again '.types[]' length)"
same 'D12: top five issues' "$(jq '[.report.sections[] | select(.name=="top_types") | .rows[].tickets] | [length, . == (sort | reverse)]' -c "$work/top.json")" '[5,true]'
same 'D12: share solved, by priority' "$(rows summary priorities solved)" \
	"$(again .priority 'map(select(.state | IN("resolved", "confirmed", "archived"))) as $done | ($done | length) / length * 1000 | round / 1000')"
same 'D12: satisfaction' "$(jq -c '[.report.sections[] | select(.name=="scores") | .rows[] | [.score, .answers]]' "$work/csat.json")" \
	"$(jq -c '[.[].events[] | select(.do=="survey" and .step=="answered") | .scores.satisfaction] | group_by(.) | map([(.[0] | tostring), length]) | reverse' "$work/may.json")"
json 'D12: and the quarter' '.report.tickets' "$(jq length "$work/may.json")" ticket --as Sun report summary --quarter 2026-Q2 --format json

same 'D14: the response record, a row of fourteen fields for each' "$(ticket --as Sun form response-record --month 2026-05 --json | jq -c '[(.rows | length), (.rows[0] | length)]')" \
	"[$(ticket --as Sun export received:2026-05 2>/dev/null | wc -l),14]"

# --- kept ------------------------------------------------------------------------------------------------------------------------------------
ok 'D13: the monthly backup' ticket --as Sun backup "$work/2026-05.backup"
ok 'D13: which is sound' ticket backup --check "$work/2026-05.backup"
secrets=$(git cat-file --batch-all-objects --batch --unordered | grep -caE '13812345678|13700004444|li4@example|张三丰|建国路88号|11010519491231002X')
same 'D2: nothing sensitive in all of history' "$secrets" 0
same 'D2: nor in exports, notifications or logs' "$(ticket --as Sun export --format csv | cat - "$work"/told/* | grep -cE '13812345678|13700004444|li4@example|张三丰|建国路88号')" 0
