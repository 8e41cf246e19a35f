#!/bin/bash
# SPDX-License-Identifier: MIT
# What `meson install` puts where, and that an installed program finds its things wherever it is moved to.
. "${0%/*}/harness.sh"

build=${program%/cmd/ticket}
ok 'it installs' env DESTDIR="$work/stage" meson install -C "$build" --no-rebuild --quiet
prefix=$(find "$work/stage" -name ticket -path '*/bin/*' -printf '%h\n' -quit)
prefix=${prefix%/bin}
ok 'the program' test -x "$prefix/bin/ticket"
ok 'headers' test -f "$prefix/include/ticket/desk.h"
ok 'the library' test -n "$(find "$prefix" -name libticket.a)"
ok 'completions' test -s "$prefix/share/bash-completion/completions/ticket" -a -s "$prefix/share/zsh/site-functions/_ticket"
ok 'manual pages' test -s "$prefix/share/man/man1/ticket.1" -a -s "$prefix/share/man/man1/ticket-init.1"

# Moved as a whole, the parts still find each other, and nothing of the source tree is used.
mv "$prefix" "$work/moved"
rm "$work/bin/ticket" && unset TICKET_PRESETS
PATH=$work/moved/bin:$PATH
hash -r
same 'it is the installed program' "$(command -v ticket)" "$work/moved/bin/ticket"
same 'all presets are there' "$(ticket --complete PRESET | sort)" "$(cd "$top/presets" && ls -d */ | tr -d / | grep -v calendars | sort)"
desk d --policy multichannel
ok 'a desk by an installed preset' ticket log

# A program of somebody else's, built with what pkg-config says.
cat >"$work/mine.c" <<'X'
#include <ticket/time.h>
#include <ticket/desk.h>
int main(void)
{
	struct duration length;
	struct ticket_error err = {0};
	char text[DURATION_SIZE];

	if (duration_parse(&length, "90m", &err))
		return 1;
	puts(duration_format(text, &length));
	return 0;
}
X
pc=$(dirname "$(find "$work/moved" -name ticket.pc)")
if grep -qE 'b_sanitize.*address' "$build/meson-info/intro-buildoptions.json" && jq -e '.[] | select(.name == "b_sanitize" and .value != "none")' "$build/meson-info/intro-buildoptions.json" >/dev/null; then
	skip 'a program is built on the installed library' 'the library is a sanitizer build'
else
	ok 'a program is built on the installed library' sh -c \
		"cc -o '$work/mine' '$work/mine.c' \$(PKG_CONFIG_PATH='$pc' pkg-config --define-variable=prefix='$work/moved' --cflags --libs --static ticket)"
	prints 'and runs' 1h30m "$work/mine"
fi

# Manual pages as a reader gets them.
if command -v man >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	same 'ticket help init opens the page' \
		"$(MANPAGER=cat script -qec "stty cols 100; ticket help init" /dev/null </dev/null | grep -c 'TICKET-INIT\|ticket-init(1)' | sed 's/[1-9][0-9]*/there/')" there
else
	skip 'ticket help init opens the page' 'no man or no pseudo-terminals here'
fi
