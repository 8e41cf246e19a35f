/* SPDX-License-Identifier: MIT */
/*
 * A command is data first: one `const struct command` at the end of its file, one row in commands.c. From its option
 * table come parsing, -h, completion and the documentation check; its flags say what the dispatcher must provide.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "ticket/desk.h"
#include "ticket/language.h"
#include "ticket/range.h"
#include "table.h"

enum option_kind {
	OPTION_FLAG,   /* bool: --name, --no-name */
	OPTION_TEXT,   /* const char *: --name VALUE; the last one counts */
	OPTION_TEXTS,  /* struct texts: --name VALUE, repeatable */
	OPTION_COUNT,  /* int64_t: a whole number, 0 or more */
	OPTION_CHOICE, /* const char *: one of the words of 'value' ("yes|fairly|no") */
	OPTION_TIME,   /* struct stamp: any time of cli.md, read in the desk's zone with its calendar */
	OPTION_LENGTH, /* struct duration */
};

struct option_row {
	const char *name; /* long name without dashes */
	char letter;      /* 0: none */
	enum option_kind kind;
	size_t offset;    /* of the member in the command's own struct */
	const char *value; /* "TIME", "PERSON", "a|b|c": shown in help; also says how the shell completes it (completion.c) */
	const char *help;  /* one line */
};
#define OPTION_END {NULL, 0, OPTION_FLAG, 0, NULL, NULL}

enum command_flag {
	COMMAND_DESK = 1,    /* needs a desk: call->desk is open */
	COMMAND_WRITES = 2,  /* takes -n/--dry-run: call->dry_run */
	COMMAND_ROWS = 4,    /* puts out rows: takes --format, --json, --columns, -o */
	COMMAND_TEXT = 8,    /* takes -m, -F; else the editor: call_text() */
	COMMAND_EVENT = 16,  /* records an event: takes --at: call->at */
	COMMAND_QUIET = 32,  /* takes -q: only the number is printed */
	COMMAND_PAGER = 64,  /* long output goes through the pager on a terminal */
	COMMAND_JSON = 128,  /* takes --json without being rows */
	COMMAND_QUERY = 256, /* takes query words: `-state:open` is an argument, so short options stand alone (`-o FILE`) */
	COMMAND_RANGE = 512, /* takes --since, --until, --day, --week, --month, --quarter: call->since, call->until */
};

struct call;
struct command {
	const char *name;
	const char *summary;  /* one line for `ticket help` */
	const char *synopsis; /* without "ticket NAME"; one form per line */
	unsigned flags;
	const struct option_row *options; /* ends with OPTION_END; may be NULL */
	size_t options_size;  /* of the struct that options fill */
	int (*run)(struct call *call, struct ticket_error *err); /* 0 or an enum ticket_code */
	const struct command *const *children; /* `customer add` …: NULL-terminated; run may be NULL then */
};

/* One call of a command, as the dispatcher hands it over. */
struct call {
	const struct command *command;
	void *options;          /* the command's own struct, filled */
	const char *const *args; /* what is left after the options */
	size_t n_args;
	struct desk *desk;
	const struct zone *zone; /* of the desk; without one, of TZ, else UTC */
	struct zone *own_zone;   /* the latter */
	const char *now;         /* --now or TICKET_NOW as given */
	struct desk_context context; /* who, when, where: also for commands without a desk */
	bool dry_run, quiet, json;
	struct stamp at;        /* --at; unset: now */
	struct stamp since, until; /* COMMAND_RANGE: half-open; unset: no bound */
	struct range_words range;  /* as given */
	struct texts messages;  /* -m … */
	const char *message_file; /* -F */
	struct table_options table; /* --format, --columns, terminal or not */
	const char *output_file; /* -o; opened, and put in its place on success, by the dispatcher */
	FILE *out;              /* stdout, the pager, or the file of -o */
	char *edited_file;      /* what was typed in the editor, kept until the command has succeeded */
	const char *language;   /* "en" or "zh": of labels */
};

/* Fails with TICKET_USAGE and the synopsis unless there are 'least' to 'most' arguments (most SIZE_MAX: any number). */
int call_need_args(const struct call *call, size_t least, size_t most, struct ticket_error *err);
/*
 * Opens the desk and its zone where that has not happened yet: the dispatcher does it for COMMAND_DESK; a command that
 * needs one only for some arguments asks here. As desk_open says.
 */
int call_open_desk(struct call *call, struct ticket_error *err);
/* A time as cli.md has it, in the call's zone; `+3bd` by the desk's calendar. TICKET_USAGE names what is wrong. */
int call_time(const struct call *call, const char *text, struct stamp *out, struct ticket_error *err);
/*
 * The text of the call: -m joined by blank lines, or -F (- for stdin), or the editor, with 'template' as a
 * comment below a cutting line, when there is a terminal. '*out' is owned and not empty: an empty text is TICKET_USAGE "… aborted".
 * Refuses text that may not be stored (text_flaw). 'required' false: no text at all gives NULL and no editor.
 */
int call_text(const struct call *call, const char *template, bool required, char **out, struct ticket_error *err);
/*
 * The text 'begun' as it is after editing, with 'template' as a comment below it. '*out' is owned and not empty.
 * TICKET_USAGE where there is no terminal, or the text may not be stored.
 */
int call_edit(struct call *call, const char *begun, const char *template, char **out, struct ticket_error *err);
/*
 * The tickets the call names: its first 'n' arguments, or the lines of stdin where one is `-`. Owned.
 * TICKET_USAGE when none is named.
 */
int call_numbers(const struct call *call, const char *const *args, size_t n, struct texts *out, struct ticket_error *err);
/* The file of -o is for its owner alone, also where it is there already: personal data in clear will stand in it. */
void call_private(const struct call *call);
/* One line to stderr for people ("recorded …"), dropped by -q. */
void call_say(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All commands in alphabetical order; NULL-terminated. */
extern const struct command *const commands[];
/* The command of that name, or NULL. 'list' is NULL-terminated: commands or some command's children. */
const struct command *command_find(const struct command *const *list, const char *name);
/* How many; and a name near to a mistyped one, or NULL. */
size_t command_count(const struct command *const *list);
const char *command_nearest(const struct command *const *list, const char *typed);

#endif
