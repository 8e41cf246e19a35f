#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket help`.
. "${0%/*}/harness.sh"

matches 'the overview names every command with its summary' '^  init +make a desk$' ticket help
same 'every command is in the overview' \
	"$(ticket help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')" "$(ticket --dump-commands | awk -F'\t' '$1 == "command" && $2 !~ / / {print $2}')"
matches 'help of a command' '^usage: ticket completion bash\|zsh\|fish$' ticket help completion
refused 2 "ticket: 'inti' is no command of ticket; did you mean 'init'?" ticket help inti
refused 2 "ticket: 'init now' is no command of ticket; see: ticket help" ticket help init now
refused 2 "ticket: 'three' is one argument too many; usage: ticket help [COMMAND]" ticket help one two three
for name in $(ticket --dump-commands | awk -F'\t' '$1 == "command" && $2 !~ / / {print $2}'); do
	ok "-h of $name" ticket "$name" -h
done
