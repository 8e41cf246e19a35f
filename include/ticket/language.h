/* SPDX-License-Identifier: MIT */
/*
 * The user's language. What the program says is written in English where it is said, and looked up in a catalogue of
 * gettext's (docs/po) before it is shown: whole sentences, never pieces of one. What programs read (JSON, CSV, commit
 * subjects, words of the query language) is the same in every language and not looked up.
 *
 * Catalogues are read here and not by the C library's gettext, because that knows only languages whose locale has been
 * generated on the machine, which in a container or behind ssh is rarely so.
 */
#ifndef TICKET_LANGUAGE_H
#define TICKET_LANGUAGE_H

#include <stdbool.h>

/*
 * The languages that the environment asks for, as gettext reads it: LC_ALL, LC_MESSAGES or LANG, and LANGUAGE, which
 * lists several, separated by colons, and is not looked at in the locale C. 'get' is getenv. Borrowed from the
 * environment; NULL for English.
 */
const char *language_wished(char *(*get)(const char *name));

/*
 * Opens the first catalogue there is of 'wished' below 'folder' (zh_CN/LC_MESSAGES/ticket.mo; may be NULL), for the
 * rest of the process. Without one everything stays English. Call it once, before anything is said.
 */
void language_open(const char *folder, const char *wished);

/* The language that labels of policies are shown in: "zh" where that was wished before English, else "en". */
const char *language_labels(void);

/* The translation of an English text, or the text itself. Borrowed for ever. */
const char *language_text(const char *english) __attribute__((format_arg(1)));

/* The same, of a word that means several things, by what it is there ("column"). */
const char *language_word(const char *context, const char *english);

/* The translation for 'n' things, or one of the two English texts. */
const char *language_count(const char *one, const char *many, unsigned long long n) __attribute__((format_arg(1), format_arg(2)));

/*
 * Results are translated for people only: where they come out as data, what was found is said in English. 'data': from
 * now on they do. language_finding is language_text for what is found (doctor, fsck), which may be either.
 */
void language_results(bool data);
const char *language_finding(const char *english) __attribute__((format_arg(1)));

/* What an errno means, translated. As strerror says. */
const char *language_errno(int number);

/* As usual with gettext: translate now; only mark for translation; by number. */
#define _(text) language_text(text)
#define N_(text) text
#define Q_(one, many, n) language_count(one, many, n)

#endif
