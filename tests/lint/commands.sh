#!/bin/bash
# SPDX-License-Identifier: MIT
# The command and option tables: sorted, complete, without doubles.
. "${0%/*}/lint.sh"

dump=$("$program" --dump-commands)
commands=$(awk -F'\t' '$1 == "command"' <<<"$dump")
options=$(awk -F'\t' '$1 == "option"' <<<"$dump")

none 'the tables come out' "$([ "$(grep -c . <<<"$commands")" -gt 3 ] || echo "$dump")"
none 'commands are in alphabetical order' "$(awk -F'\t' '$2 !~ / / {print $2}' <<<"$commands" | LC_ALL=C sort -c 2>&1)"
none 'children are in alphabetical order' "$(for p in $(awk -F'\t' '$2 ~ / / {split($2, a, " "); print a[1]}' <<<"$commands" | sort -u); do
	grep -oP "^command\t$p \K\S+" <<<"$commands" | LC_ALL=C sort -c 2>&1
done)"
none 'no command is there twice' "$(cut -f2 <<<"$commands" | sort | uniq -d)"
none 'every command has a summary, lower case, without full stop' "$(awk -F'\t' '$4 == "" || $4 ~ /\.$/ || $4 ~ /^[A-Z][a-z]/' <<<"$commands")"
none 'no command has an option twice' "$(cut -f2,3 <<<"$options" | sort | uniq -d)"
none 'no command has a letter twice' "$(awk -F'\t' '$4 != "-" {print $2 "\t-" $4}' <<<"$options" | sort | uniq -d)"
none 'no option takes the letter or name of help' "$(awk -F'\t' '$4 == "h" || $3 == "help"' <<<"$options")"
none 'every option has help, without full stop' "$(awk -F'\t' '$6 == "" || $6 ~ /\.$/' <<<"$options")"
none 'option names are lower-case words with dashes' "$(awk -F'\t' '$3 !~ /^[a-z0-9]+(-[a-z0-9]+)*$/' <<<"$options")"
none 'every command of the sources is in the table' "$(grep -hoP '^const struct command command_\K\w+' cmd/*.c cmd/frame/*.c | while read -r c; do
	grep -qE "&command_$c\b" cmd/*.c cmd/frame/*.c || echo "$c"
done)"
none 'every command has a test: its name is called in tests/' "$(awk -F'\t' '$3 == "runs" {print $2}' <<<"$commands" | while read -r c; do
	grep -rqE "(^|[^-[:alnum:]])ticket( -[^ ]+( [^- ][^ ]*)?)* $c( |\$|\"|')" tests --include='*.sh' || echo "$c"
done)"
