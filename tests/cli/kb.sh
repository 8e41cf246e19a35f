#!/bin/bash
# SPDX-License-Identifier: MIT
# The knowledge base (C17): articles, finding them from a ticket, standard wording in answers, use counted.
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"

desk kb --policy multichannel

# --- articles
cat >"$work/login.md" <<'END'
---
title: Cannot sign in
title.zh: 登录不了
types: malfunction/login
words: 验证码, sms code
owner: product
---

The SMS gateway drops codes for numbers of other networks.

## Solution

Restart the gateway; see the log.

## Standard wording

我们正在处理登录问题，请稍后重试。
We will write as soon as it works.

### Signed

The desk

## Internal

Not for customers.
END
prints 'an article from a file' sms-login ticket kb add sms-login -F "$work/login.md"
same 'lies in the desk as a Markdown file' "$(cat kb/sms-login.md)" "$(cat "$work/login.md")"
same 'as one commit' "$(git log -1 --format=%s)" 'kb: add sms-login'
prints 'one from options' delivery ticket kb add delivery --title 'Parcel is late' --title 'zh:快递延误' --type complaint/logistics --word 快递 \
	--wording 'We have asked the carrier.' -m 'Carriers are slow before holidays.'
prints 'its file' '---
title: Parcel is late
title.zh: 快递延误
types: complaint/logistics
words: 快递
---

Carriers are slow before holidays.

## Standard wording

We have asked the carrier.' cat kb/delivery.md
prints 'a name in Chinese' 退款流程 ticket kb add 退款流程 --title 退款流程说明 --type inquiry/procedure -m '退款在七个工作日内原路退回。'
prints 'a dry run' x ticket kb add x -n -m text
same 'writes nothing' "$(ls kb)" "$(printf '%s\n' delivery.md sms-login.md 退款流程.md)"

refused 3 "ticket: there is an article 'delivery' already; change it with: ticket kb edit delivery" ticket kb add delivery -m x
refused 2 "ticket: '../x' cannot be an article's name: small letters, digits and dashes, like cannot-sign-in" ticket kb add ../x -m x
refused 2 "ticket: 'Big' cannot be an article's name: small letters, digits and dashes, like cannot-sign-in" ticket kb add Big -m x
refused 4 "ticket: there is no article '../policy/policy'; see: ticket kb list" ticket kb show ../policy/policy
refused 4 "ticket: there is no article 'delivry'; did you mean 'delivery'?; see: ticket kb list" ticket kb show delivry
printf -- '---\ntitle: x' >"$work/open.md"
printf -- '---\ntitle: x\nwords\n---\ntext' >"$work/bare.md"
printf -- '---\ntitle: x\ntitle: y\n---\ntext' >"$work/twice.md"
printf -- '---\ntitle: x\n---\n' >"$work/empty.md"
refused 2 "ticket: the text: the front matter has no end; close it with a line of '---'" ticket kb add y -F "$work/open.md"
refused 2 "ticket: the text:3: 'words' is no 'key: value'" ticket kb add y -F "$work/bare.md"
refused 2 "ticket: the text:3: 'title' is there twice" ticket kb add y -F "$work/twice.md"
refused 2 "ticket: the article 'y' says nothing; give its text with -m TEXT or -F FILE" ticket kb add y -F "$work/empty.md"
answers 3 'a type that the desk lacks' ticket kb add y --type nonsense -m text

# --- personal data in it are masked
ok 'a customer copied in' ticket kb add copied -m '客户13812345678说：身份证11010519491231002X'
same 'is told' "$err" '2 places with personal data in it masked
'
matches 'and masked' '^客户138\*\*\*\*5678说：身份证11\*{14}2X$' cat kb/copied.md
prints 'the plain number is nowhere' 0 bash -c "git cat-file --batch-all-objects --batch | grep -c 13812345678; true"

# --- editing
prints 'a title is changed' delivery ticket kb edit delivery --title 'Parcel is very late'
json 'and nothing else' '.articles[0] | [.titles[""], .titles.zh, .types, .wording]' '["Parcel is very late","快递延误",["complaint/logistics"],"We have asked the carrier."]' \
	ticket kb show delivery --json
refused 3 "ticket: the article 'delivery' has a standard wording already; change it in its text: ticket kb edit delivery" ticket kb edit delivery --wording x
prints 'a list is emptied' delivery ticket kb edit delivery --word ''
json 'it is' '.articles[0].words' '[]' ticket kb show delivery --json
prints 'and filled' delivery ticket kb edit delivery --word 快递 --word 'lost parcel'
refused 2 "ticket: 'a,b' is no word of an article: it holds a comma or a line break; repeat the option for several" ticket kb edit delivery --word a,b
refused 4 "ticket: there is no article 'nothing'; see: ticket kb list" ticket kb edit nothing --title x
prints 'the standard wording ends where the next section begins' '我们正在处理登录问题，请稍后重试。
We will write as soon as it works.

### Signed

The desk' ticket kb show sms-login --wording
prints 'what the front matter held besides stays' product bash -c "ticket kb edit sms-login --category '' >/dev/null; sed -n 's/^owner: //p' kb/sms-login.md"

# --- finding
at 2026-05-06T09:40:00+08:00
a=$(ticket new --channel wechat --type malfunction/login -m '手机上登录不了，验证码一直收不到')
b=$(ticket new --channel wechat --type complaint/logistics -m '我的快递三天没动了，什么时候到？')
c=$(ticket new --channel website --type inquiry/function -m 'The SMS code does not reach me when signing in')
d=$(ticket new --channel wechat --type inquiry/procedure -m '请问退款流程多久')
json 'by type, words and Chinese pairs' '.articles[0].name' '"sms-login"' ticket kb suggest "$a" --json
json 'another' '.articles[0].name' '"delivery"' ticket kb suggest "$b" --json
json 'by English words alone' '.articles[0].name' '"sms-login"' ticket kb suggest "$c" --json
json 'by Chinese title' '.articles[0].name' '"退款流程"' ticket kb suggest "$d" --json
json 'as few as wanted' '.articles | length' 1 ticket kb suggest "$a" --limit 1 --json
json 'words that are looked for' '[.articles[].name]' '["delivery"]' ticket kb search 快递 --json
json 'in the body too, in capitals too' '.articles[0].name' '"sms-login"' ticket kb search GATEWAY --json
answers 1 'what nobody wrote about' ticket kb search zzzzzz
same 'gives nothing' "$out" ''

# --- in answers
prints 'an answer with standard wording' "$b: responded (In progress)" bash -c "ticket respond $b --kb delivery | sed 's/(.*)/(In progress)/'"
json 'is recorded with both' '.tickets[0].events[-1] | [.text, .name]' '["We have asked the carrier.","delivery"]' ticket show "$b" --json
ok 'and with words of ones own' ticket respond "$a" --kb sms-login -m 'Yours, Li'
json 'behind it' '.tickets[0].events[-1].text | endswith("The desk\n\nYours, Li")' true ticket show "$a" --json
at 2026-05-06T10:00:00+08:00
ok 'once more' ticket respond "$d" "$b" --kb delivery
refused 3 "ticket: the article '退款流程' has no section '## Standard wording'; give it one: ticket kb edit 退款流程" ticket respond "$d" --kb 退款流程
refused 4 "ticket: there is no article 'nothing'; see: ticket kb list" ticket respond "$d" --kb nothing
json 'use is counted' '[.articles[] | [.name, .uses, .last_used]]' \
	'[["copied",0,null],["delivery",3,"2026-05-06T10:00:00+08:00"],["sms-login",1,"2026-05-06T09:40:00+08:00"],["退款流程",0,null]]' ticket kb list --json
matches 'titles in the language of the reader' '快递延误' env LC_ALL=zh_CN.UTF-8 ticket kb list

# --- in the editor
prints 'without terminal there is no editor' 2 bash -c 'ticket kb edit delivery </dev/null >/dev/null 2>&1; echo $?'

# --- a file written by hand
printf '# From a wiki\n\nplain text\n' >kb/wiki.md
git add kb && git -c user.name=Li -c user.email=li@desk.invalid commit -qm 'an article by hand'
json 'an article without front matter has its name as title' '.articles[] | select(.name == "wiki") | .title' '"wiki"' ticket kb list --json
printf -- '---\nno end\n' >kb/broken.md
git add kb && git -c user.name=Li -c user.email=li@desk.invalid commit -qm 'a broken one'
call ticket fsck
same 'fsck finds a broken one' "$code $(grep -c 'kb/broken.md' <<<"$out")" '1 1'
git rm -q kb/broken.md && git -c user.name=Li -c user.email=li@desk.invalid commit -qm 'gone'
