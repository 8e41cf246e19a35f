#!/bin/bash
# SPDX-License-Identifier: MIT
# ticket-policy(5) describes every member and every word that policies know, and its examples are sound.
. "${0%/*}/lint.sh"

page=docs/ticket-policy.5.scd
plain=$(sed 's/\\_/_/g' "$page")

# missing NAME...: those that stand nowhere in the page as a word set off.
missing() {
	for word; do
		grep -qE "(^|[^a-z_])$word([^a-z_]|\$)" <<<"$plain" || echo "$word"
	done
}
# strings FILE FROM: the quoted words of the C array that begins at the line matching FROM.
strings() {
	sed -n "/$2/,/};/p" "$1" | grep -oP '"\K[a-z_]+(?=")'
}

# shellcheck disable=SC2046
none 'every member of a policy is described' "$(missing $(grep -v '_codec = ' lib/model/policy-codec.c | grep -oP '(FIELD[A-Z_]*\(.*?|ROWS\(|\{)"\K[a-z_]+(?=",)' | sort -u))"
# shellcheck disable=SC2046
none 'every field of conditions is described' "$(missing $(strings lib/model/doctor-conditions.c 'const char \*const known\[\]'))"
# shellcheck disable=SC2046
none 'every need of a gate is described' "$(missing $(strings lib/model/moment.c 'const char \*const words\[\]'))"
# shellcheck disable=SC2046
none 'every placeholder is described' "$(missing $(strings lib/model/doctor-names.c 'const char \*const known\[\]'))"
# shellcheck disable=SC2046
none 'every figure, unit, period and kind is described' "$(missing $(strings lib/model/doctor-rules.c 'figures\[\]') $(strings lib/model/doctor-rules.c 'units\[\]') \
	$(strings lib/model/doctor-rules.c 'kinds\[\]') $(strings lib/model/doctor-rules.c 'periods\[\]') $(strings lib/model/doctor-rules.c 'groupings\[\]'))"
none 'the lists above were found' "$([ "$(strings lib/model/moment.c 'const char \*const words\[\]' | wc -l)" -ge 14 ] &&
	[ "$(strings lib/model/doctor-names.c 'const char \*const known\[\]' | wc -l)" -ge 18 ] || echo 'the arrays are not where they were')"

example=$(mktemp)
# The first block of the page is a whole policy.
awk '/^```/ {n++; next} n == 1' "$page" >"$example"
none 'the smallest policy of the page is sound' "$("$program" policy check "$example" --format csv 2>&1 | grep -vE '^(where,finding,fatal|0 findings)$')"
rm -f "$example"

# Each other block: objects, or members of one.
none 'every example is JSON' "$(awk '/^```/ {inside = !inside; if (!inside) print "\001"; next} inside' "$page" | sed 's/     [A-Z0-9-]*$//' | tr '\n\001' '\036\n' | while IFS= read -r block; do
	text=$(tr '\036' '\n' <<<"$block")
	[ -n "${text//[[:space:]]/}" ] || continue
	jq -e . >/dev/null 2>&1 <<<"$text" || jq -e . >/dev/null 2>&1 <<<"[$text]" || jq -e . >/dev/null 2>&1 <<<"{$text}" ||
		while IFS= read -r line; do [ -z "$line" ] || jq -e . >/dev/null 2>&1 <<<"{$line}" || echo "$line"; done <<<"$text"
done)"
