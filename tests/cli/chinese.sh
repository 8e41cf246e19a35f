#!/bin/bash
# SPDX-License-Identifier: MIT
# Everything again in Chinese: help, errors, tables, clocks, promises; and what programs read stays as it is. No Chinese
# locale needs to be generated for that.
. "${0%/*}/harness.sh"

zh() {
	env LC_ALL=zh_CN.UTF-8 ticket "$@"
}
# english: what is left of English in a text: two words in a row that are neither typed (commands, options, names) nor Chinese.
english() {
	sed -E "s/[a-z.]+:[^ ]+( overdue)?//g; s/ticket( [a-z]+)+//g; s/\(ticket-[a-z]+\([0-9]\)\)//g; s/(git|tar|man) [a-z ]+//g" | grep -nP '[A-Za-z]{3,}[ ,;]+[a-z]{3,}[ ,;.]+[a-z]{2,}' | grep -vE 'YYYY|-m |triage, assign'
}

if [ "$(zh version -h | head -1)" = "$(ticket version -h | head -1)" ]; then
	skip 'in Chinese' 'built without msgfmt'
	exit 0
fi

# --- which language ---------------------------------------------------------------------------------------------

first() {
	"$@" 2>&1 | head -1
}
usage='用法：ticket version [--json]' plain='usage: ticket version [--json]'
same 'LANG' "$(first env -u LC_ALL LANG=zh_CN.UTF-8 ticket version -h)" "$usage"
same 'LC_MESSAGES before LANG' "$(first env -u LC_ALL LANG=en_US.UTF-8 LC_MESSAGES=zh_CN ticket version -h)" "$usage"
same 'LC_ALL before both' "$(first env LC_ALL=C LANG=zh_CN.UTF-8 LC_MESSAGES=zh_CN ticket version -h)" "$plain"
same 'LANGUAGE lists several' "$(first env LC_ALL=de_DE.UTF-8 LANGUAGE=xx:zh_CN:en ticket version -h)" "$usage"
same 'English where it comes first' "$(first env LC_ALL=zh_CN.UTF-8 LANGUAGE=en:zh_CN ticket version -h)" "$plain"
same 'LANGUAGE is not looked at in the locale C' "$(first env LC_ALL=C.UTF-8 LANGUAGE=zh_CN ticket version -h)" "$plain"
same 'other Chinese is shown what there is' "$(first env LC_ALL=zh_SG.GB18030 ticket version -h)" "$usage"
same 'an unknown language is English' "$(first env LC_ALL=xx_XX.UTF-8 ticket version -h)" "$plain"
mkdir -p "$work/broken/zh_CN/LC_MESSAGES"
head -c 4000 "${program%/cmd/ticket}/docs/po/zh_CN/LC_MESSAGES/ticket.mo" >"$work/broken/zh_CN/LC_MESSAGES/ticket.mo"
same 'half a catalogue does no harm' "$(first env LC_ALL=zh_CN.UTF-8 TICKET_LOCALES="$work/broken" ticket version -h | grep -c version)" 1
head -c 300 /dev/urandom >"$work/broken/zh_CN/LC_MESSAGES/ticket.mo"
same 'nor what is none' "$(first env LC_ALL=zh_CN.UTF-8 TICKET_LOCALES="$work/broken" ticket version -h)" "$plain"

# --- help -------------------------------------------------------------------------------------------------------

for command in $(ticket --dump-commands | awk -F'\t' '$1 == "command" {gsub(" ", "/", $2); print $2}'); do
	# shellcheck disable=SC2086
	zh ${command//\// } -h
done >"$work/help" 2>&1
zh -h >>"$work/help"
same 'no English is left in any help' "$(english <"$work/help" | head -5)" ''
same 'a Chinese word stands in every line of options' "$(grep -E '^ +-' "$work/help" | grep -vP '[\x{4e00}-\x{9fff}]|JSON|[a-z]\|[a-z]' | head -5)" ''
same 'the tables of commands stay English for those who read them' "$(env LC_ALL=zh_CN.UTF-8 ticket --dump-commands | cmp - <(ticket --dump-commands) && echo same)" same

# --- errors -----------------------------------------------------------------------------------------------------

refused 2 'ticket: ticket 没有命令“lst”；是否想用“list”？' zh lst
refused 4 "ticket: 无法进入“$work/nowhere”：没有这个文件或目录" zh -C "$work/nowhere" list
desk d --policy complaint-monitoring
refused 4 'ticket: 没有工单“YS20260506009”' zh show YS20260506009
refused 3 'ticket: 本服务台没有优先级“z”；可用：a, b, c' zh new --channel hotline --type complaint -m x --priority z
n=$(zh new --channel hotline --type complaint -m '门坏了，等了三天')
refused 3 "ticket: “$n”还不能进行“派单”：没有类别（ticket triage --category）；没有优先级（ticket triage --priority）" zh assign "$n" Wang
prints 'what would be done, with the labels of the desk' "$n：已分类（已登记）——试运行，未写入" zh triage "$n" --category price --priority a -n
ok 'triage' ticket triage "$n" --category price --priority a
ok 'respond' ticket respond "$n" -m '您好，已受理'
ok 'wait' ticket wait "$n" --for customer -m '等照片'

# --- tables, clocks, findings -----------------------------------------------------------------------------------

at 2026-05-06T09:50:00+08:00
call zh list
same 'a list: headings and labels' "$(head -1 <<<"$out" | tr -s ' ')" '编号 接收时间 状态 优先级 类型 处理人 期限 主题'
# Wide characters take two columns: the subject begins in the same column in every line.
column() {
	python3 -c 'import sys, unicodedata
for line, word in zip(sys.stdin, sys.argv[1:]): print(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:line.index(word)]))' "$@" | sort -u | wc -l
}
same 'in aligned columns' "$(column 主题 门坏了 <<<"$out")" 1
call zh explain "$n"
same 'explain: nothing English' "$(english <<<"$out")$err" ''
matches 'lengths of time in words' '已暂停：已用0秒，共4小时（0%），暂停20分钟，还剩4小时' zh explain "$n"
matches 'and who is waited for' '等待中（客户）' zh explain "$n"
call zh show "$n"
same 'show: nothing English' "$(english <<<"$out")" ''
matches 'members of events by their labels' '等照片 · 等待对象：客户' zh show "$n"
same 'states, where the policy has no words for them' "$(zh list --columns state | tail -1)" '等待中'
matches 'events in a search' '^    已回复： 您好，已受理' zh search 已受理
matches 'log too' '等照片 · 等待对象：客户' zh log "$n"
ok 'another' ticket new --channel hotline --type complaint -m z
at 2026-05-06T10:30:00+08:00
matches 'check names what is due' ' 到期 ' zh check --no-notify -n
call zh fsck
same 'fsck' "$err" '已检查 2 张工单，发现 0 处问题
'
ok 'a policy with a finding' sh -c "jq '.targets[0].within = \"4000d\"' policy/policy.json >'$work/p.json'"
call zh policy check "$work/p.json"
same 'the doctor' "$(grep -o '此时长超过十年' <<<"$out")" '此时长超过十年'
call zh policy check "$work/p.json" --json
same 'but in data what was found is said in English, as everywhere' "$(jq -r '.findings[].finding' <<<"$out" | grep -o 'this length of time is over ten years')" 'this length of time is over ten years'
matches 'the promise (B3)' '我们将在.*前' zh new --channel hotline --type complaint -m y --category price --priority a --promise

# --- what scripts read is the same ------------------------------------------------------------------------------

for format in json jsonl csv tsv; do
	same "list as $format" "$(zh list --format $format)" "$(ticket list --format $format)"
done
same 'log as json' "$(zh log --json "$n")" "$(ticket log --json "$n")"
same 'explain as json' "$(zh explain --json "$n")" "$(ticket explain --json "$n")"
same 'subjects of commits' "$(git log -1 --format=%s)" "$(git log -1 --format=%s | LC_ALL=C grep -a '^[ -~]*$')"
same 'numbers of plurals' "$(ticket export -o /dev/null 2>&1; zh export -o /dev/null 2>&1)" '3 tickets exported
已导出 3 张工单'
