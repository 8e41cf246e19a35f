#!/bin/bash
# SPDX-License-Identifier: MIT
# How rows come out: the six formats, hostile text, files, terminals, colour and pager.
. "${0%/*}/harness.sh"

esc=$(printf '\033')
desk d --policy multichannel
bidi=$(printf '\342\200\256')
ok 'a subject that is a formula' ticket new -q -c wechat -t inquiry -s '=HYPERLINK("http://x","y")' -m 'a'
ok 'a subject with quotes, comma, bar and a right-to-left override' ticket new -q -c wechat -t inquiry -s "say \"hi\", | <b>*${bidi}" -m 'b'
ok 'a long Chinese subject' ticket new -q -c wechat -t inquiry -s '手机屏幕一天就坏了请退款手机屏幕一天就坏了请退款手机屏幕一天就坏了请退款' -m 'c'
ok 'a subject that begins with a minus' ticket new -q -c wechat -t inquiry -s '-1+2' -m 'd'
ok 'a subject that is a negative number' ticket new -q -c wechat -t inquiry -s '-12.50' -m 'e'

# subjects FORMAT: the column of subjects, without the heading's line.
blame() {
	ticket blame "$1" subject --columns new --format "$2" | sed 1d
}
same 'csv: a formula gets an apostrophe' "$(blame 001 csv)" "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""
same 'csv: quotes are doubled, other text stays as it is' "$(blame 002 csv)" "\"say \"\"hi\"\", | <b>*${bidi}\""
same 'csv: a minus that is no number' "$(blame 004 csv)" "\"'-1+2\""
same 'csv: a negative number stays' "$(blame 005 csv)" '-12.50'
same 'md: nothing of it acts' "$(ticket blame 002 subject --columns new --format md | sed 1,2d)" '| say "hi", \| \<b\>\*\u202e |'
json 'json: the text is whole' '.[keys_unsorted[1]][0].new' "\"say \\\"hi\\\", | <b>*${bidi}\"" ticket blame 002 subject --json
same 'json: and harmless to look at' "$(ticket blame 002 subject --json | grep -c "$bidi")" 0
json 'json: the envelope' 'keys_unsorted[0], .format' '"format"
1' ticket blame 002 subject --json
same 'jsonl: one object a line, as in json' "$(ticket blame 002 subject --format jsonl | jq -c .)" "$(ticket blame 002 subject --json | jq -c '.[keys_unsorted[1]][]')"
same 'table: escapes are visible' "$(ticket blame 002 subject --columns new | tail -1)" 'say "hi", | <b>*\u202e'
same 'the heading of csv is the names' "$(ticket blame 002 subject --columns new,at --format csv | head -1)" 'new,at'
refused 2 "ticket: 'nww' is no column; did you mean 'new'?" ticket blame 002 subject --columns nww
refused 2 "ticket: 'tabel' is no value of '--format'; did you mean 'table'?" ticket blame 002 subject --format tabel
refused 2 'ticket: --json and --format csv don'"'"'t go together' ticket blame 002 subject --json --format csv

# --- files
ok '-o writes a file' ticket blame 002 subject --json -o out.json
ok 'which is whole' jq -e . out.json
echo old >out.json && chmod 600 out.json
answers 4 'a call that fails' ticket blame 999 subject --json -o out.json
same 'leaves the old file' "$(cat out.json)" old
ok 'one that succeeds replaces it' ticket blame 002 subject --json -o out.json
same 'with the rights it had' "$(stat -c %a out.json)" 600
same 'and leaves nothing beside it' "$(ls -A | grep -vx .git)" "$(printf '%s\n' out.json $(git ls-files | cut -d/ -f1) | sort -u)"
rm out.json
refused 7 "ticket: cannot write 'no/where': No such file or directory" ticket blame 002 subject -o no/where
refused 7 'ticket: cannot write '"'$work'"': Is a directory' ticket blame 002 subject -o "$work"
same '-o - is standard output' "$(ticket blame 005 subject --format csv --columns new -o -)" "new
-12.50"
refused 7 "ticket: cannot write '/dev/full': No space left on device" ticket blame 002 subject -o /dev/full

# --- terminals: script(1) gives one
on_terminal() {
	script -qec "stty cols ${columns:-80}; $*" /dev/null </dev/null | tr -d '\r'
}
export TERM=xterm TICKET_PAGER=cat
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
same 'a table is cut to the terminal' "$(columns=52 on_terminal ticket --color never blame 001 subject | wc -L)" 52
same 'by the width that characters take' "$(columns=40 on_terminal ticket --color never blame 003 subject --columns at,new | tail -1)" '2026-05-06 09:30  手机屏幕一天就坏了请…'
same 'colour on a terminal' "$(on_terminal ticket blame 003 subject | grep -c "$esc\[1m")" 1
same 'NO_COLOR: none' "$(NO_COLOR=1 on_terminal ticket blame 003 subject | grep -c "$esc")" 0
same '--color never: none' "$(on_terminal ticket --color never blame 003 subject | grep -c "$esc")" 0
same 'none in a pipe' "$(ticket blame 003 subject | grep -c "$esc")" 0
same 'CLICOLOR_FORCE: also in a pipe' "$(CLICOLOR_FORCE=1 ticket blame 003 subject | grep -c "$esc\[1m")" 1
same '--color always likewise' "$(ticket --color always blame 003 subject | grep -c "$esc\[1m")" 1
export TICKET_PAGER='sed s/^/paged:/'
same 'the pager is used on a terminal' "$(on_terminal ticket log 003 | grep -c ^paged:)" 2
same 'not with --no-pager' "$(on_terminal ticket --no-pager log 003 | grep -c ^paged:)" 0
same 'not in a pipe' "$(ticket log 003 | grep -c ^paged:)" 0
TICKET_PAGER='exit 0'
same 'a pager that quits at once ends it quietly' "$(on_terminal ticket log 003)" ''

# --- text from the editor
export TICKET_PAGER=cat
cat >"$work/bin/edit" <<'X'
#!/bin/sh
cp "$1" "$TMPDIR/template"
sed "1s/^/$WRITE/" "$1" >"$1.new" && cat "$1.new" >"$1" && rm "$1.new"
exit "${FAIL:-0}"
X
chmod +x "$work/bin/edit"
export TICKET_EDITOR=edit
same 'the editor gives the text' "$(WRITE='# one' on_terminal ticket note 003 2>&1 | grep -c WX)" 1
same 'whole, also where a line begins with #' "$(ticket show --json 003 | jq -r '.tickets[0].events[-1].text')" '# one'
same 'the template is below the cutting line' "$(sed -n 2p "$TMPDIR/template")" '# ------------------------ >8 ------------------------'
head=$(git rev-parse HEAD)
same 'an empty text stops the command' "$(WRITE='' on_terminal ticket note 003 2>&1 | head -1)" "ticket: 'note' aborted: the text is empty"
same 'so does an editor that fails' "$(FAIL=1 WRITE=x on_terminal ticket note 003 2>&1 | head -1)" "ticket: the editor 'edit' failed; nothing was recorded"
same 'nothing was recorded' "$(git rev-parse HEAD)" "$head"
kept=$(WRITE=x on_terminal ticket note 999 2>&1 | sed -n "s/^ticket: what you wrote is kept in '\(.*\)'; use it again with -F$/\1/p")
if [ -n "$kept" ]; then ok 'what was typed for a call that failed is kept' grep -q x "$kept"; else skip 'what was typed is kept' 'the ticket was refused before the editor'; fi
else
	skip 'what comes out on a terminal' 'there are no pseudo-terminals here'
fi

# --- text from elsewhere
printf '\357\273\277first\r\nsecond\r\n\r\n' >"$work/crlf"
ok 'a file with byte order mark and CR LF' ticket note 003 -F "$work/crlf"
same 'is the text alone' "$(ticket show --json 003 | jq -c '.tickets[0].events[-1].text')" '"first\nsecond"'
ok 'several -m' ticket note 003 -m one -m two
same 'are joined by blank lines' "$(ticket show --json 003 | jq -c '.tickets[0].events[-1].text')" '"one\n\ntwo"'
refused 2 'ticket: the text comes from -m or from -F, not from both' ticket note 003 -m x -F "$work/crlf"
refused 4 "ticket: cannot open 'nowhere': No such file or directory" ticket note 003 -F nowhere
refused 2 "ticket: 'note' aborted: the text is empty" ticket note 003 -m ' 　'
printf 'a\nb\000c' >"$work/nul"
refused 2 'ticket: the text holds a NUL character in line 2' ticket note 003 -F "$work/nul"
printf 'a\033[2J' >"$work/escape"
refused 2 'ticket: the text holds a control character in line 1' ticket note 003 -F "$work/escape"
printf '\377' >"$work/latin"
refused 2 'ticket: the text holds not valid UTF-8 in line 1' ticket note 003 -F "$work/latin"
answers 2 'a text without end is given up' ticket note 003 -F /dev/zero
answers 2 'standard input is read only once' ticket note - -F - </dev/null
ok 'a text from standard input' ticket note 001 -F - <<<'from a pipe'
same '-F - reads standard input' "$(ticket show --json 001 | jq -r '.tickets[0].events[-1].text')" 'from a pipe'
answers 0 'numbers from standard input' ticket note - -m all < <(printf 'WX-20260506-001\n\nWX-20260506-002\nWX-20260506-001\n')
same 'each once, in one commit' "$(git log -1 --format=%B | grep -c '^Ticket:')" 2
