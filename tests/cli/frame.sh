#!/bin/bash
# SPDX-License-Identifier: MIT
# What holds for every command: options, help, errors, output, programs of one's own.
. "${0%/*}/harness.sh"

# --- help and version
matches 'help lists the commands' '^  version +print the version' ticket help
matches '-h before a command is help' '^usage: ticket' ticket -h
ok '-h after a command lists its options' ticket init -h
same '-h names synopsis and option' "$(ticket init -h | grep -cE '^usage: ticket init |^      --policy PRESET')" 2
matches 'without a terminal help prints the usage' '^usage: ticket init' ticket help init
matches '--help likewise' '^usage: ticket init' ticket init --help
json 'version --json' .version "\"$(ticket version | cut -d' ' -f2)\"" ticket version --json
ok '--version' ticket --version

# --- usage errors: exit 2, nothing on stdout, what was meant
refused 2 "ticket: 'vresion' is no command of ticket; did you mean 'version'?" ticket vresion
refused 2 "ticket: 'xyzzy' is no command of ticket; see: ticket help" ticket xyzzy
refused 2 "ticket: '' is no command of ticket; see: ticket help" ticket ''
refused 2 "ticket: 'version' has no option '--jsn'; did you mean '--json'?" ticket version --jsn
refused 2 "ticket: 'version' has no option '--js'; see: ticket version -h" ticket version --js
refused 2 "ticket: 'version' has no option '-x'; see: ticket version -h" ticket version -x
refused 2 "ticket: '--json' takes no value" ticket version --json=yes
refused 2 "ticket: '--policy' needs a value: --policy PRESET" ticket init --policy
refused 2 "ticket: 'ful' is no value of '--checkout'; did you mean 'full'?" ticket init --checkout ful
refused 2 "ticket: '--now' stands before the command: ticket --now ... version" ticket version --now 2026-01-01
refused 2 "ticket: '--colour' is no option of ticket; did you mean '--color'?" ticket --colour always version
refused 2 "ticket: 'blue' is no value of '--color'; right would be auto, always or never" ticket --color blue version
refused 2 "ticket: '--now' needs a value" ticket --now
refused 2 "ticket: 'x' is one argument too many; usage: ticket version [--json]" ticket version x
refused 2 "ticket: the value of '--policy' holds a control character: 'a^[b'" ticket init --policy $'a\033b'
refused 2 "ticket: the value of '--policy' holds not valid UTF-8: 'a\\xffb'" ticket init --policy $'a\xffb'
answers 2 'no command is a usage error' ticket
refused 4 "ticket: cannot go to 'nowhere': No such file or directory" ticket -C nowhere version
refused 2 "ticket: the clock (--now, TICKET_NOW): 'noon' is not a time; right would be 2026-05-01T09:30:00+08:00, '2026-05-01 09:30', 09:30, today, yesterday, -2h or +15m" \
	ticket --now noon version

# --- the ways an option may stand
ok 'flag and its opposite, the last one counts' ticket version --json --no-json
same '--no-json took it back' "$(ticket version --json --no-json | cut -c1-7)" 'ticket '
refused 2 "ticket: '--json' is one argument too many; usage: ticket version [--json]" ticket version -- --json
ok 'global options with = and apart' ticket --now=2026-05-01T00:00:00Z --as Li --color=never --no-pager version

# --- output
refused 7 'ticket: cannot write the output: No space left on device' bash -c 'exec ticket version >/dev/full'
refused 7 'ticket: cannot write the output: Bad file descriptor' bash -c 'exec ticket version >&-'
# Ends by SIGPIPE, quietly, also where the parent ignored it. A pipe without reader: true has gone once it is waited for.
same 'a reader that goes away ends it quietly' "$(bash -c 'trap "" PIPE; { sleep 0.3; ticket help; echo "$?" >&3; } 3>&1 2>&1 >&4 4>&- | cat' 4> >(true))" 141

# --- programs of one's own
printf '#!/bin/sh\necho "mine $1 $TICKET_AS $TICKET_NOW"\nexit 5\n' >"$work/bin/ticket-mine"
chmod +x "$work/bin/ticket-mine"
answers 5 'ticket mine runs ticket-mine' ticket --as Wang mine 'a b'
same 'with arguments and options handed on' "$out" "mine a b Wang $TICKET_NOW
"
same 'a program cannot be named by a path' "$(ticket ../bin/ticket-mine 2>&1)" "ticket: '../bin/ticket-mine' is no command of ticket; see: ticket help"
