/* SPDX-License-Identifier: MIT */
/* The option parser: see options.h. */
#include "options.h"

#include <ctype.h>
#include <errno.h>

#include "ticket/text.h"

/* Options that many commands take; their values land in struct call. */
static const struct common_row {
	unsigned flags; /* any of these brings it */
	struct option_row row;
} common_rows[] = {
	{COMMAND_TEXT, {"message", 'm', OPTION_TEXTS, offsetof(struct call, messages), "TEXT", "the text; several are joined by blank lines"}},
	{COMMAND_TEXT, {"file", 'F', OPTION_TEXT, offsetof(struct call, message_file), "FILE", "take the text from FILE; - is standard input"}},
	{COMMAND_EVENT, {"at", 0, OPTION_TIME, offsetof(struct call, at), "TIME", "when it happened, if not now"}},
	{COMMAND_RANGE, {"since", 0, OPTION_TEXT, offsetof(struct call, range.since), "TIME", "from TIME on"}},
	{COMMAND_RANGE, {"until", 0, OPTION_TEXT, offsetof(struct call, range.until), "TIME", "before TIME; a day, week … named is included whole"}},
	{COMMAND_RANGE, {"day", 0, OPTION_TEXT, offsetof(struct call, range.day), "DAY", "one day: 2026-05-01, today, yesterday"}},
	{COMMAND_RANGE, {"week", 0, OPTION_TEXT, offsetof(struct call, range.week), "WEEK", "Monday to Sunday: 2026-W18, a day in it, this, last"}},
	{COMMAND_RANGE, {"month", 0, OPTION_TEXT, offsetof(struct call, range.month), "MONTH", "one month: 2026-05, a day in it, this, last"}},
	{COMMAND_RANGE, {"quarter", 0, OPTION_TEXT, offsetof(struct call, range.quarter), "QUARTER", "three months: 2026-Q2, a day in it, this, last"}},
	{COMMAND_WRITES, {"dry-run", 'n', OPTION_FLAG, offsetof(struct call, dry_run), NULL, "check and print as usual, but write nothing"}},
	{COMMAND_QUIET, {"quiet", 'q', OPTION_FLAG, offsetof(struct call, quiet), NULL, "print only the result, such as the number"}},
	{COMMAND_ROWS,
	 {"format", 0, OPTION_CHOICE, offsetof(struct call, table.format), "table|json|jsonl|csv|tsv|md", "how rows are printed; else a table"}},
	{COMMAND_ROWS | COMMAND_JSON, {"json", 0, OPTION_FLAG, offsetof(struct call, json), NULL, "print JSON"}},
	{COMMAND_ROWS, {"columns", 0, OPTION_TEXT, offsetof(struct call, table.columns), "NAME,...", "which columns, in which order"}},
	{COMMAND_ROWS, {"output", 'o', OPTION_TEXT, offsetof(struct call, output_file), "FILE", "write to FILE instead of standard output"}},
};

void scanned_release(struct scanned *scanned)
{
	free(scanned->given.v);
	free(scanned->args.v);
	*scanned = (struct scanned){0};
}

static size_t own_rows(const struct command *command)
{
	size_t n = 0;

	while (command->options && command->options[n].name)
		n++;
	return n;
}

static bool defines(const struct command *command, const struct option_row *row)
{
	for (size_t i = 0; i < own_rows(command); i++)
		if (text_equal(command->options[i].name, row->name))
			return true;
	return false;
}

const struct option_row *options_row(const struct command *command, size_t i, bool *common)
{
	size_t own = own_rows(command);

	if (common)
		*common = i >= own;
	if (i < own)
		return &command->options[i];
	i -= own;
	for (size_t j = 0; j < ARRAY_SIZE(common_rows); j++)
		if ((common_rows[j].flags & command->flags) && !defines(command, &common_rows[j].row) && i-- == 0)
			return &common_rows[j].row;
	return NULL;
}

static const struct option_row *find_long(const struct command *command, const char *name, size_t n, bool *common)
{
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(command, i, common)); i++)
		if (strlen(row->name) == n && strncmp(row->name, name, n) == 0)
			return row;
	return NULL;
}

static const struct option_row *find_letter(const struct command *command, char letter, bool *common)
{
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(command, i, common)); i++)
		if (row->letter == letter)
			return row;
	return NULL;
}

static int unknown_long(const struct command *command, const char *name, size_t n, struct ticket_error *err)
{
	static const char *const global[] = {"now", "as", "color", "no-pager", "version"};
	_cleanup_free_ char *typed = xstrndup(name, n);
	LIST(const char *) names = {0};
	const struct option_row *row;
	const char *near;

	for (size_t i = 0; i < ARRAY_SIZE(global); i++)
		if (text_equal(typed, global[i]))
			return ticket_fail(err, TICKET_USAGE, "'--%s' stands before the command: ticket --%s ... %s", typed, typed, command->name);
	for (size_t i = 0; (row = options_row(command, i, NULL)); i++)
		*list_push(&names) = row->name;
	*list_push(&names) = "help";
	near = text_nearest(typed, names.v, names.n);
	free(names.v);
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' has no option '--%s'; did you mean '--%s'?", command->name, typed, near);
	return ticket_fail(err, TICKET_USAGE, "'%s' has no option '--%s'; see: ticket %s -h", command->name, typed, command->name);
}

static void give(struct scanned *out, const struct option_row *row, bool common, const char *value, bool negated)
{
	*list_push(&out->given) = (struct given){.row = row, .common = common, .value = value, .negated = negated};
}

/* One long option, `--name`, `--name=VALUE` or `--no-name`; '*next' is the word that may be its value. */
static int scan_long(struct scanned *out, const struct command *command, const char *word, const char *const **next, const char *const *end, struct ticket_error *err)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	size_t n = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_row *row;
	bool common, negated = false;

	if (text_equal(name, "help")) {
		out->help = 'l';
		return 0;
	}
	row = find_long(command, name, n, &common);
	if (!row && text_starts(name, "no-")) {
		row = find_long(command, name + 3, n - 3, &common);
		negated = true;
	}
	if (!row || (negated && row->kind != OPTION_FLAG))
		return unknown_long(command, name, n, err);
	if (row->kind == OPTION_FLAG) {
		if (equals)
			return ticket_fail(err, TICKET_USAGE, "'--%.*s' takes no value", (int)n, name);
		give(out, row, common, NULL, negated);
	} else if (equals) {
		give(out, row, common, equals + 1, false);
	} else if (*next < end) {
		give(out, row, common, *(*next)++, false);
	} else {
		return ticket_fail(err, TICKET_USAGE, "'--%s' needs a value: --%s %s", row->name, row->name, row->value);
	}
	return 0;
}

/* One word of short options: `-q`, `-qn`, `-oFILE`, `-o FILE`. */
static int scan_short(struct scanned *out, const struct command *command, const char *word, const char *const **next, const char *const *end, struct ticket_error *err)
{
	for (const char *p = word + 1; *p; p++) {
		bool common;
		const struct option_row *row = find_letter(command, *p, &common);

		if (!row && *p == 'h') {
			out->help = 'h';
		} else if (!row && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7f) {
			return ticket_fail(err, TICKET_USAGE, "'%s' has no option '-%c'; see: ticket %s -h", command->name, *p, command->name);
		} else if (!row) {
			return ticket_fail(err, TICKET_USAGE, "'%s' has no option '%s'; see: ticket %s -h", command->name, word, command->name);
		} else if (row->kind == OPTION_FLAG) {
			give(out, row, common, NULL, false);
		} else if (p[1]) {
			give(out, row, common, p + 1, false);
			break;
		} else if (*next < end) {
			give(out, row, common, *(*next)++, false);
		} else {
			return ticket_fail(err, TICKET_USAGE, "'-%c' needs a value: -%c %s", *p, *p, row->value);
		}
	}
	return 0;
}

/* Words that begin with a dash and yet are arguments: `-`, `-2h`, and the negated terms of a query. */
static bool is_argument(const struct command *command, const char *word)
{
	bool common;

	if (word[0] != '-' || !word[1])
		return true;
	if (isdigit((unsigned char)word[1]) && !find_letter(command, word[1], &common))
		return true;
	return (command->flags & COMMAND_QUERY) && word[1] != '-' && word[2];
}

int options_scan(struct scanned *out, const struct command *command, const char *const *words, size_t n, struct ticket_error *err)
{
	const char *const *end = words + n;
	int code = 0;

	while (words < end && code == 0) {
		const char *word = *words++;

		if (text_equal(word, "--")) {
			while (words < end)
				*list_push(&out->args) = *words++;
		} else if (is_argument(command, word)) {
			*list_push(&out->args) = word;
		} else if (word[1] == '-') {
			code = scan_long(out, command, word, &words, end, err);
		} else {
			code = scan_short(out, command, word, &words, end, err);
		}
	}
	return code;
}

/* A path may hold any bytes; every other value may end up in a record. */
static int check_text(const struct given *given, struct ticket_error *err)
{
	const char *why;

	if (text_starts(given->row->value, "FILE") || text_starts(given->row->value, "DIR"))
		return 0;
	if (text_flaw(given->value, strlen(given->value), &why) < 0)
		return 0;
	return ticket_fail(err, TICKET_USAGE, "the value of '--%s' holds %s: '%s'", given->row->name, why, given->value);
}

static int fill_count(int64_t *out, const struct given *given, struct ticket_error *err)
{
	char *end;

	errno = 0;
	*out = strtoll(given->value, &end, 10);
	if (!isdigit((unsigned char)*given->value) || *end || errno)
		return ticket_fail(err, TICKET_USAGE, "'%s' is not a whole number for '--%s'", given->value, given->row->name);
	return 0;
}

static int fill_choice(const char **out, const struct given *given, struct ticket_error *err)
{
	_cleanup_free_ char *words = xstrdup(given->row->value);
	LIST(const char *) list = {0};
	const char *near = NULL;
	bool known = false;
	char *rest = words;

	for (char *word; (word = strsep(&rest, "|"));) {
		known |= text_equal(word, given->value);
		*list_push(&list) = word;
	}
	if (!known)
		near = text_nearest(given->value, list.v, list.n);
	free(list.v);
	*out = given->value;
	if (known)
		return 0;
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no value of '--%s'; did you mean '%s'?", given->value, given->row->name, near);
	return ticket_fail(err, TICKET_USAGE, "'%s' is no value of '--%s'; right would be %s", given->value, given->row->name, given->row->value);
}

static int fill_one(struct call *call, const struct given *given, struct ticket_error *err)
{
	void *slot = (char *)(given->common ? (void *)call : call->options) + given->row->offset;
	int code;

	switch (given->row->kind) {
	case OPTION_FLAG:
		*(bool *)slot = !given->negated;
		return 0;
	case OPTION_TEXT:
		*(const char **)slot = given->value;
		return check_text(given, err);
	case OPTION_TEXTS:
		texts_add(slot, given->value);
		return check_text(given, err);
	case OPTION_COUNT:
		return fill_count(slot, given, err);
	case OPTION_CHOICE:
		return fill_choice(slot, given, err);
	case OPTION_TIME:
		code = call_time(call, given->value, slot, err);
		break;
	case OPTION_LENGTH:
		code = duration_parse(slot, given->value, err);
		break;
	default:
		abort();
	}
	return code ? ticket_fail_in(err, "--%s: ", given->row->name) : 0;
}

int options_fill(struct call *call, const struct scanned *scanned, bool late, struct ticket_error *err)
{
	for (size_t i = 0; i < scanned->given.n; i++) {
		enum option_kind kind = scanned->given.v[i].row->kind;
		bool needs_zone = kind == OPTION_TIME || kind == OPTION_LENGTH;
		int code = needs_zone == late ? fill_one(call, &scanned->given.v[i], err) : 0;

		if (code)
			return code;
	}
	return 0;
}

void options_release(struct call *call)
{
	for (size_t i = 0; i < own_rows(call->command); i++)
		if (call->command->options[i].kind == OPTION_TEXTS)
			texts_release((void *)((char *)call->options + call->command->options[i].offset));
	/* Those that the command doesn't have are empty. */
	for (size_t i = 0; i < ARRAY_SIZE(common_rows); i++)
		if (common_rows[i].row.kind == OPTION_TEXTS)
			texts_release((void *)((char *)call + common_rows[i].row.offset));
}
