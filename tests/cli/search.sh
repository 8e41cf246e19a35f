# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Search: any part of any text, ranked, with the place; combined with terms.
. "$(dirname "$0")/harness.sh"

desk search --policy multichannel
at 2026-05-01T09:00:00+08:00
ok 'first' ticket new -c wechat -t complaint/quality --name 张三丰 --subject 手机 -m '手机屏幕一天就坏了，要求退款，退款！'
ok 'second' ticket new -c wechat -t inquiry/policy --name Smith --subject '退款政策' -m 'What is the
refund policy? ＦＵＬＬ width, Straße'
ok 'third' ticket new -c app -t malfunction/login --name Jones -m 'Cannot log in'
at 2026-05-01T10:00:00+08:00
ok 'an answer' ticket respond APP-20260501-001 -m '请先退款再登录'

prints 'two Chinese characters; the subject first, then the most often' 'WX-20260501-002
WX-20260501-001
APP-20260501-001' ticket search -q 退款
prints 'part of a word' 'WX-20260501-002' ticket search -q efun
prints 'a phrase across a line break' 'WX-20260501-002' ticket search -q 'the refund'
prints 'full width and case' 'WX-20260501-002' ticket search -q 'full WIDTH'
prints 'ß is ss' 'WX-20260501-002' ticket search -q STRASSE
prints 'with terms' 'APP-20260501-001' ticket search -q 退款 type:malfunction
prints 'several texts' 'APP-20260501-001' ticket search -q 退款 登录
prints 'without one' 'WX-20260501-002
WX-20260501-001' ticket search -q 退款 -登录
prints 'characters across two texts are none' '' sh -c 'ticket search -q 坏了退款 || true'
answers 1 'nothing found' ticket search 龙虾
prints 'where it is' 'number,found_in,snippet
APP-20260501-001,responded,请先退款再登录' ticket search --format csv --columns number,found_in,snippet 再登
matches 'for people: with the place' '请先退款再登录' ticket search 再登
matches 'marked when in colour' $'\033\\[1m退款\033' ticket --color always search 退款
ok 'a long one' ticket new -c app -t malfunction/login --name Jones --subject 'Since the update of last week the screen for paying shows nothing but a white page with a border' \
	-m "$(printf 'I wait, and wait again. %.0s' $(seq 40)) Then I see: payment declined, and the money is gone."
at 2026-05-01T11:00:00+08:00

# On a terminal: a line for the subject, with what it holds marked, and one for the best other place; no line wider than the screen.
screen() {
	local columns=$1
	shift
	COLUMNS=$columns TERM=dumb TICKET_PAGER=cat script -qec "$(printf '%q ' "$@")" /dev/null | tr -d '\r'
}
widest() {
	python3 -c 'import sys, unicodedata
print(max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n")) for line in sys.stdin))'
}
if command -v script >/dev/null; then
	for columns in 60 80 120 200; do
		screen "$columns" ticket search 退款 >"$work/screen"
		screen "$columns" ticket search wait >>"$work/screen"
		screen "$columns" env LC_ALL=zh_CN.UTF-8 ticket search 退款 >>"$work/screen"
		screen "$columns" ticket list >>"$work/screen"
		screen "$columns" env LC_ALL=zh_CN.UTF-8 ticket list >>"$work/screen"
		same "nothing is wider than $columns columns" "$([ "$(widest <"$work/screen")" -le "$columns" ] && echo narrow)" narrow
	done
	same 'a subject is cut, the place shown whole' "$(screen 80 ticket search 'money is gone')" 'APP-20260501-002  2026-05-01  To do  Since the update of last week the screen f…
    Description: …again. Then I see: payment declined, and the money is gone.'
	same 'what the subject holds is looked for there, the rest elsewhere' "$(screen 80 ticket search 'white page' declined)" 'APP-20260501-002  2026-05-01  To do  …nothing but a white page with a border
    Description: …again. Then I see: payment declined, and the money is gone.'
	same 'a table gives up times of day, then the ends of its widest columns' "$(screen 80 ticket list subject:screen)" \
		'NUMBER            RECEIVED    STATUS  PRIORITY  TYPE        SUBJECT
APP-20260501-002  2026-05-01  To do   low       malfuncti…  Since the update of…'
	same 'nothing twice' "$(screen 80 ticket search 政策)" 'WX-20260501-002  2026-05-01  To do  退款政策'
else
	skip 'on a terminal' 'no script(1) here'
fi
matches 'marked in the subject' $'\033\\[1m政策\033' ticket --color always search 政策
answers 1 'a word that is nearly a term' ticket search opne
same 'is said to be' "$err" "'opne' was looked for as text; did you mean 'state:open'?
"
prints 'as of before the answer' 'WX-20260501-002
WX-20260501-001' ticket search -q --at HEAD~2 退款
refused 2 "ticket: there is no text to look for; to select by fields alone: ticket list state:open" ticket search state:open
refused 2 "ticket: '\"\"' holds nothing to look for" ticket search '""'
