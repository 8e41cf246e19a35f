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
prints 'as of before the answer' 'WX-20260501-002
WX-20260501-001' ticket search -q --at HEAD~1 退款
refused 2 "ticket: there is no text to look for; to select by fields alone: ticket list state:open" ticket search state:open
refused 2 "ticket: '\"\"' holds nothing to look for" ticket search '""'
