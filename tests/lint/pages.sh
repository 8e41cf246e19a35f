#!/bin/bash
# SPDX-License-Identifier: MIT
# Every command has a manual page, and every option of every command stands in it.
. "${0%/*}/lint.sh"

dump=$("$program" --dump-commands)
commands=$(awk -F'\t' '$1 == "command" && $2 !~ / / {print $2}' <<<"$dump")

none 'every command has a page' "$(for c in $commands; do [ -e "docs/ticket-$c.1.scd" ] || echo "docs/ticket-$c.1.scd"; done)"
none 'no page is of a command that is not there' "$(for f in docs/ticket-*.1.scd; do
	c=${f#docs/ticket-}
	grep -qx "${c%.1.scd}" <<<"$commands" || echo "$f"
done)"
none 'every command below another is in its page' "$(awk -F'\t' '$1 == "command" && $2 ~ / / {split($2, a, " "); print a[1], a[2]}' <<<"$dump" | while read -r c child; do
	grep -qw -- "$child" "docs/ticket-$c.1.scd" 2>/dev/null || echo "$c: $child"
done)"
none 'every option is in the page of its command' "$(awk -F'\t' '$1 == "option" {split($2, a, " "); print a[1], $3}' <<<"$dump" | sort -u | while read -r c option; do
	[ -e "docs/ticket-$c.1.scd" ] || continue
	grep -qE -- "\*--$option\*" "docs/ticket-$c.1.scd" || echo "$c: --$option"
done)"
none 'no page has an option that its command lacks' "$(for c in $commands; do
	[ -e "docs/ticket-$c.1.scd" ] || continue
	grep -oP '(?<=\*--)[a-z][a-z-]*(?=\*)' "docs/ticket-$c.1.scd" | sort -u | while read -r option; do
		case $option in now | as | color | no-pager | help | version) continue ;; esac
		awk -F'\t' -v c="$c" '$1 == "option" {split($2, a, " "); if (a[1] == c) print $3}' <<<"$dump" | grep -qxF -e "$option" -e "${option#no-}" ||
			echo "$c: --$option"
	done
done)"
none 'ticket(1) names every command' "$(for c in $commands; do grep -qE "\*ticket-$c\*\(1\)" docs/ticket.1.scd || echo "$c"; done)"

# keys FILE: the keys that a codec of the library reads.
keys() {
	grep -ohP 'FIELD\w*\((\w+, )?(struct \w+, )"\K[a-z_]+|PART\((?!part)\w+, \K\w+' "$1" | grep -vxE 'key|value' | sort -u
}
none 'ticket-desk(5) explains every key of a ticket' "$(keys lib/model/ticket.c | while read -r k; do grep -qF -- "*$k*" docs/ticket-desk.5.scd || echo "$k"; done)"
none 'and of an event' "$(keys lib/model/event.c | while read -r k; do grep -qF -- "*$k*" docs/ticket-desk.5.scd || echo "$k"; done)"
none 'pages point only at pages that are there' "$(grep -ohP '\*\Kticket[a-z-]*(?=\*\([15]\))' docs/*.scd | sort -u | while read -r p; do
	ls docs/"$p".[15].scd >/dev/null 2>&1 || echo "$p"
done)"
