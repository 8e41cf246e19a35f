#!/bin/bash
# SPDX-License-Identifier: MIT
# What the program says reaches its catalogues, and these are whole. `ninja ticket-update-po` brings them up to date.
. "${0%/*}/lint.sh"

if ! command -v xgettext >/dev/null || ! command -v python3 >/dev/null; then
	echo '1..0 # SKIP no gettext or no python3'
	trap - EXIT
	exit
fi
template=$(mktemp)
docs/po/extract "$program" . >"$template" 2>"$template.warnings"
none 'sentences are extracted without complaint' "$(cat "$template.warnings")"
none 'there are many' "$([ "$(grep -c '^msgid' "$template")" -gt 1000 ] || grep -c '^msgid' "$template")"
# shellcheck disable=SC2046
none 'every sentence in the sources is for translation, or listed as not for people (docs/po/untranslated)' \
	"$(python3 tests/lint/sentences.py "$template" docs/po/untranslated $(find cmd lib libexec -name '*.[ch]' ! -name 'completion.c' | sort) 2>&1)"
none 'no plural is pasted: Q_(one, many, n)' "$(grep -rnE '== 1 \? "[^"]*" : "[^"]*s"' cmd lib libexec | grep -vE 'change_subject|buf_addf\(out, "desk: ')"
none 'no suggestion is pasted: two whole sentences' "$(grep -rnE '\? "; |: ""[^)]*\? "' cmd lib libexec --include='*.c' | grep -E 'ticket_fail|codec_fail|call_say')"
for catalogue in docs/po/*.po; do
	name=${catalogue##*/}
	none "$name: formats fit those of the sources" "$(msgfmt --check-format --check-header --check-domain --output-file=/dev/null "$catalogue" 2>&1 | grep -v 'warning: header field')"
	none "$name: nothing is missing, untranslated or fuzzy" "$(msgcmp "$catalogue" "$template" 2>&1 | grep -v 'warning: this message is not used')"
	none "$name: nothing is left that is said no more" "$(msgcmp "$catalogue" "$template" 2>&1 | grep -A2 'warning: this message is not used'; msgattrib --only-obsolete "$catalogue" | grep '^#~')"
	none "$name: one plural form, or the English two (lib/base/language.c)" "$(grep -hE '^"Plural-Forms:' "$catalogue" | grep -vE 'nplurals=1; plural=0;|nplurals=2; plural=\(?n != 1\)?;'
		grep -qE '^"Plural-Forms:' "$catalogue" || echo 'none given')"
	none "$name: it is installed" "$([ -e "docs/po/${name%.po}/LC_MESSAGES/meson.build" ] || echo "docs/po/${name%.po}/LC_MESSAGES/meson.build")"
done
rm -f "$template" "$template.warnings"
