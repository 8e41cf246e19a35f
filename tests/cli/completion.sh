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

ticket completion zsh >"$work/zsh"
same 'the zsh script begins as zsh wants it' "$(head -1 "$work/zsh")" '#compdef ticket'
if command -v zsh >/dev/null; then ok 'zsh reads it' zsh -n "$work/zsh"; else skip 'zsh reads it' 'no zsh here'; fi

ticket completion fish >"$work/fish"
same 'fish: one line for each option of init' "$(grep -c "'__ticket_in init' -l" "$work/fish")" "$(ticket --dump-commands | grep -c "^option	init	")"
if command -v fish >/dev/null; then ok 'fish reads it' fish -n "$work/fish"; else skip 'fish reads it' 'no fish here'; fi
