#!/bin/bash
# SPDX-License-Identifier: MIT
# Layers, comments and sizes of the sources.
. "${0%/*}/lint.sh"

sources() {
	find "$@" -name '*.[ch]' | sort
}

none 'cmd includes only ticket/, its own headers and the C library' \
	"$(grep -nE '#include *[<"](\.\./|lib/|git2|sqlite3|curl|sodium|libical|utf8proc|libdeflate|zlib|xlsxwriter|csv\.h)' $(sources cmd include))"
none 'cmd includes no header of lib/' \
	"$(for h in $(find lib -name '*.h' -printf '%P\n'); do grep -nF "#include \"$h\"" $(sources cmd include); done)"
none 'lib includes nothing of cmd' \
	"$(for h in cmd/*.h cmd/frame/*.h; do h=${h##*/}; [ -e "lib/$h" ] || grep -nE "#include \"(cmd/)?$h\"" $(sources lib); done)"

# Each third-party library is known to one folder.
for header in git2 sqlite3 curl sodium libical utf8proc libdeflate; do
	folders=$(grep -lE "#include *<$header(\.h|/)" $(sources lib) | xargs -r -n1 dirname | sort -u)
	none "<$header…> is included in one folder only" "$([ "$(grep -c . <<<"$folders")" -le 1 ] || echo "$folders")"
done

# Comments and strings are taken out first; what remains is called.
code_of() {
	gcc -fpreprocessed -dD -E -P -w "$1" 2>/dev/null | sed 's/"\([^"\\]\|\\.\)*"/""/g'
}
none 'lib never prints, exits, or reads environment, terminal or clock' "$(for f in $(sources lib); do
	code_of "$f" | grep -nE '\b(printf|puts|putchar|perror|vprintf|getenv|secure_getenv|exit|_exit|isatty|time|gettimeofday|getopt|system|popen)\(|\b(stdout|stderr|stdin|CLOCK_REALTIME)\b' |
		sed "s|^|$f: |"
done)"

none 'no file called util, common, misc or helpers' "$(git ls-files 2>/dev/null | grep -E '(^|/)(utils?|common|misc|helpers?)\.' )"
none 'every source begins with its licence' "$(for f in $(sources cmd lib include tests); do head -1 "$f" | grep -q 'SPDX-License-Identifier: MIT' || echo "$f"; done)"
none 'and with a sentence of what it is' "$(for f in $(sources cmd lib include); do sed -n 2p "$f" | grep -qE '^/\*' || echo "$f"; done)"
none 'scripts name their licence' "$(find tests -name '*.sh' -o -path tests/run | while read -r f; do head -3 "$f" | grep -q SPDX || echo "$f"; done)"

# A run of prototypes with no blank line between may share the comment above it or have one behind.
none 'every public prototype is documented' "$(awk '
	FNR == 1 { documented = 0; open = 0; body = 0 }
	/^$/ { documented = 0 }
	/\/\*/ { documented = 1 }
	/^static inline/ { body = 1 }
	body { if (/^}/) { body = 0; documented = 0 } next }
	/^[a-z].*\(.*[;,]/ && !/^(typedef|DEFINE_CLEANUP)/ && !/__attribute__\(\(format/ && !documented && !/_(free|release)\(/ { print FILENAME ":" FNR ": " $0 }
' include/ticket/*.h)"

none 'functions are under 80 lines' "$(ctags -x --languages=C --c-kinds=f --fields=+e --_xformat='%{end} %n %N %F' -R cmd lib |
	awk '$1 - $2 > 80 { print $4 ":" $2 ": " $3 ", " $1 - $2 " lines" }')"
none 'files are under 600 lines' "$(sources cmd lib include | xargs wc -l | awk '$2 != "total" && $1 > 600')"
