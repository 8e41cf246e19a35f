#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket completion`: the scripts are played, not only printed, where the shell is there.
. "${0%/*}/harness.sh"

refused 2 "ticket: 'csh' is no shell that completion is made for; right would be bash, zsh or fish" ticket completion csh
refused 2 "ticket: 'completion' needs more than that; usage: ticket completion bash|zsh|fish" ticket completion

# complete WORD...: what bash offers for the last word, on one line.
complete_bash() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ticket; echo "${COMPREPLY[*]}"' - "$work/bash" "$@"
}
ok 'the bash script is made' ticket completion bash
ticket completion bash >"$work/bash"
ok 'bash reads it' bash -n "$work/bash"
prints 'a command' 'version' complete_bash ticket vers
prints 'its options' '--checkout' complete_bash ticket init --ch
prints 'after options of the program' '--checkout' complete_bash ticket -C there init --ch
prints 'values that are fixed' 'full files' complete_bash ticket init --checkout f
prints 'arguments that are fixed' 'bash zsh fish' complete_bash ticket completion ''
prints 'presets that ship' 'multichannel' complete_bash ticket init --policy multi
prints 'options before the command' '--color' complete_bash ticket --co
mkdir "$work/folder-one" && touch "$work/folder-file"
prints 'folders, and no files, where a folder is wanted' "$work/folder-one" complete_bash ticket init "$work/folder-"
prints 'files where a file is wanted' "$work/folder-file" complete_bash ticket respond X -F "$work/folder-f"

# --- what only a desk knows: terms of queries, numbers at any size

# complete_line LINE: what bash offers at the end of a line, as readline hands it over: taken apart at its colons.
complete_line() {
	bash -c '. "$1"; COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$'"\" \\t\\n\\\"'@><=;|&(:\""'
		read -r -a COMP_WORDS <<<"$(sed "s/[:=@]/ & /g" <<<"$2")"
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _ticket; echo "${COMPREPLY[*]}"' - "$work/bash" "$1"
}
desk d --policy multichannel
for i in 1 2 3; do ok "ticket $i" ticket new -c wechat -t inquiry -m "$i"; done
at 2026-05-07T09:30:00+08:00
ok 'another day' ticket new -c app -t inquiry -m x
prints 'names of fields' 'state: status:' complete_line 'ticket list sta'
prints 'flags' 'owes: overdue' complete_line 'ticket list state:open o'
prints 'values, behind the colon that readline cut at' 'open' complete_line 'ticket list state:op'
prints 'of the policy' 'complaint complaint/quality complaint/logistics complaint/attitude' complete_line 'ticket search x type:comp'
prints 'after a comma' 'high,low' complete_line 'ticket list priority:high,l'
prints 'not that' '-state: -status:' complete_line 'ticket list -sta'
prints 'what can be missing' 'assignee' complete_line 'ticket list no:ass'
prints 'saved queries' 'mine' complete_line 'ticket list @mi'
prints 'times' 'received.after: received.before: received.until:' complete_line 'ticket list received.'
prints 'fields to sort by' '-received -resolved -responded' complete_line 'ticket list --sort -re'
prints 'values of an option behind =' 'json jsonl' complete_line 'ticket list --format=j'
prints 'numbers by their head' 'WX-20260506-001 WX-20260506-002 WX-20260506-003' complete_line 'ticket show wx-2026'
prints 'one of them' 'WX-20260506-002' complete_line 'ticket show WX-20260506-002'
prints 'by their tail' 'WX-20260506-003' complete_line 'ticket respond 6-003'
prints 'the newest, where nothing is typed' 'APP-20260507-001 WX-20260506-003 WX-20260506-002 WX-20260506-001' complete_line 'ticket show '
cd "$work" || exit 1
prints 'of the desk that -C names' 'WX-20260506-002' complete_line 'ticket -C d show WX-20260506-002'
prints 'and nothing without one' '' complete_line 'ticket show WX'

ticket completion zsh >"$work/zsh"
same 'the zsh script begins as zsh wants it' "$(head -1 "$work/zsh")" '#compdef ticket'
if command -v zsh >/dev/null; then ok 'zsh reads it' zsh -n "$work/zsh"; else skip 'zsh reads it' 'no zsh here'; fi

ticket completion fish >"$work/fish"
same 'fish: one line for each option of init' "$(grep -c "'__ticket_in init' -l" "$work/fish")" "$(ticket --dump-commands | grep -c "^option	init	")"
if command -v fish >/dev/null; then ok 'fish reads it' fish -n "$work/fish"; else skip 'fish reads it' 'no fish here'; fi
