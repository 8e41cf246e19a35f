#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of the build: a command without a manual page, or without a test that calls it, does not build.
# usage: complete.sh PROGRAM SOURCE_ROOT STAMP
set -eu
program=$1 root=$2 stamp=$3 missing=''
for command in $("$program" --dump-commands | awk -F'\t' '$1 == "command" && $2 !~ / / {print $2}'); do
	[ -e "$root/docs/ticket-$command.1.scd" ] || missing="$missing
  docs/ticket-$command.1.scd: the page of 'ticket $command'"
	grep -qE "\bticket( +-[^ ]+( +[^ -][^ ]*)?)* +$command\b" "$root"/tests/cli/*.sh || missing="$missing
  tests/cli: a test that calls 'ticket $command'"
done
if [ -n "$missing" ]; then
	echo "not complete, there is missing:$missing" >&2
	exit 1
fi
touch "$stamp"
