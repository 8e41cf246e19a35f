#!/bin/bash
# SPDX-License-Identifier: MIT
# fsck of what lies beside the tickets: the customer register and the knowledge base, damaged one way after another.
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"

desk records --policy multichannel
for n in 1 2 3 4; do ticket customer add --name "客户$n" --phone "1360000000$n" >/dev/null; done
ticket new --channel wechat --type complaint/quality --customer 4 -m x >/dev/null
ticket customer merge 2 --into 1 --reason same >/dev/null
ticket customer forget 3 --reason asked >/dev/null
ticket customer show 1 --reveal --reason look >/dev/null
ticket kb add article -m text >/dev/null
ok 'a sound register' ticket fsck
file() {
	printf 'customers/00/00/C00000%s.json' "$1"
}

# finds WHAT WHERE FINDING COMMAND...: after the command and a commit fsck says just that; then all is as before.
finds() {
	local what=$1 where=$2 finding=$3
	shift 3
	"$@"
	git add -A && git -c user.name=Li -c user.email=li@desk.invalid commit -qm damage || fail "$what" 'nothing was damaged'
	call ticket fsck --format csv
	if [ "$code" = 1 ] && grep -qE "^\"?$where\"?,.*$finding" <<<"$out"; then
		pass "$what"
	else
		fail "$what" "$(explain)"
	fi
	git reset -q --hard HEAD~1
}
bend() {
	jq --indent 2 "$2" "$1" >"$work/bent" && cp "$work/bent" "$1"
}

finds 'a file that is no JSON' "$(file 4)" '' bash -c "echo x >$(file 4)"
finds 'a number against its path' "$(file 4)" "belongs in customers/00/00/C000007.json" bend "$(file 4)" '.id = "C000007"'
finds 'a customer whom a ticket names' 'tickets/.*' "its customer 'C000004' is not in the register" git rm -q "$(file 4)"
finds 'a merge into nobody' "$(file 2)" "was merged into 'C000009', who is not there" sed -i 's/"C000001"/"C000009"/' "$(file 2)"
finds 'a merge in a circle' "$(file 2)" 'was merged in a circle' sed -i 's/"merged_into": *"C000001"/"merged_into": "C000002"/' "$(file 2)"
finds 'a tombstone that still tells' "$(file 3)" 'still holds more than the tombstone' bend "$(file 3)" '.display = "客**"'
finds 'a uid twice' "$(file 4)" 'is also that of another customer' bend "$(file 4)" ".uid = $(jq .uid "$(file 1)")"
finds 'other spacing' "$(file 4)" 'not written as ticket writes it' bash -c "jq -c . $(file 4) >$work/bent; cp $work/bent $(file 4)"
finds 'a line of the access log' 'customers/log/.*' 'line 2' bash -c 'for f in customers/log/*; do echo broken | sed -i "1r /dev/stdin" "$f"; done'
finds 'the name of the key is missing' "$(file 4)" 'which names the key, is missing' git rm -q customers/register.json
finds 'a strange file' 'customers/notes.txt' 'is no file of the customer register' bash -c 'echo x >customers/notes.txt'
finds 'a link' "$(file 4)" 'is a link' ln -sf /etc/passwd "$(file 4)"
finds 'an article without end of front matter' kb/article.md 'the front matter has no end' bash -c 'printf -- "---\ntitle: x\n" >kb/article.md'
finds 'an article with a name that is none' 'kb/Big Name.md' 'cannot be an article' bash -c 'echo x >"kb/Big Name.md"'
