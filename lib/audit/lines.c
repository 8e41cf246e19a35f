/* SPDX-License-Identifier: MIT */
/* audit of what is written line by line: the journal, and the register's log of who saw what. Lines are only added, at the end. */
#include "audit/audit.h"

#include "desk/journal.h"
#include "desk/register.h"

struct text {
	struct buf bytes;
	const char *at; /* where the line that comes next begins; NULL: no more */
	const char *ahead; /* the line before it; NULL: it is the first */
	size_t number;  /* of that line */
};

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static void step(struct text *text)
{
	size_t n = line_length(text->at);

	text->ahead = text->at;
	text->at = text->at[n] ? text->at + n + 1 : NULL;
	if (text->at && !*text->at)
		text->at = NULL;
	text->number++;
}

static void begin(struct text *text)
{
	text->at = text->bytes.n ? text->bytes.p : NULL;
	text->ahead = NULL;
	text->number = 1;
}

static bool same_line(const struct text *a, const struct text *b)
{
	size_t n = line_length(a->at);

	return n == line_length(b->at) && memcmp(a->at, b->at, n) == 0;
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

struct line {
	struct audit *audit;
	const char *path, *ahead;
	size_t number;
};

static int take_recorded(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	if (entry)
		*(struct stamp *)data = entry->recorded;
	return 0;
}

static int check_entry(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	const struct line *line = data;
	_cleanup_free_ char *label = entry ? xasprintf("%s %s", entry->act, entry->id) : NULL;
	struct stamp ahead = {0};

	if (line->ahead)
		journal_lines(line->ahead, line_length(line->ahead), line->path, take_recorded, &ahead, NULL);
	if (!entry)
		report(line->audit, line->path, "line %zu: %s", line->number, why);
	else
		audit_signature(line->audit, line->path, &(struct signature){label, entry->by, entry->role, entry->at, entry->recorded, ahead.set ? &ahead : NULL});
	return 0;
}

static void check_access(const struct line *line, const char *text, size_t n)
{
	struct customer_access access = {0};
	struct ticket_error why = {0};

	if (customer_access_parse(&access, text, n, line->path, &why)) {
		report(line->audit, line->path, "line %zu: %s", line->number, why.message);
	} else {
		_cleanup_free_ char *label = xasprintf("%s %s", access.what, access.customer ? access.customer : "*");

		audit_signature(line->audit, line->path, &(struct signature){label, access.by, access.role, access.at, access.at, NULL});
	}
	customer_access_release(&access);
}

/* A line that no parent has. */
static void check_new(struct audit *audit, const char *path, const struct text *now)
{
	const struct line line = {audit, path, now->ahead, now->number};
	size_t n = line_length(now->at);

	if (!now->at[n])
		report(audit, path, "the last line is cut off");
	else if (text_starts(path, JOURNAL_FOLDER "/"))
		journal_lines(now->at, n, path, check_entry, (void *)&line, NULL);
	else
		check_access(&line, now->at, n);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static void tell_lost(struct audit *audit, const char *path, const struct text *was)
{
	report(audit, path, "line %zu is no longer there, or no longer the same: %.*s", was->number, (int)line_length(was->at), was->at);
}

/* Goes through the file as it is; what a parent has must come in its order, what is new behind all of that. */
static void compare(struct audit *audit, const char *path, struct text *now, struct text *was, size_t n)
{
	bool inherited;

	for (begin(now); now->at; step(now)) {
		inherited = false;
		for (size_t i = 0; i < n; i++)
			if (was[i].at && same_line(&was[i], now)) {
				step(&was[i]);
				inherited = true;
			}
		if (inherited)
			continue;
		for (size_t i = 0; i < n; i++)
			if (was[i].at) {
				tell_lost(audit, path, &was[i]);
				return;
			}
		check_new(audit, path, now);
	}
	for (size_t i = 0; i < n; i++)
		if (was[i].at)
			tell_lost(audit, path, &was[i]);
}

int audit_lines(struct audit *audit, struct changed *changed, struct ticket_error *err)
{
	struct judged *commit = &audit->commit;
	_cleanup_free_ struct text *was = xcalloc(commit->parents.n + 1, sizeof(*was));
	struct text now = {0};
	size_t n = 0;
	int failed = 0;

	if (oid_is_zero(&changed->now))
		report(audit, changed->path, "was taken away");
	else
		failed = store_read_blob(audit->desk.store, &changed->now, &now.bytes, err);
	for (size_t i = 0; i < commit->parents.n && !failed; i++)
		if (!oid_is_zero(&changed->was[i]) && !(failed = store_read_blob(audit->desk.store, &changed->was[i], &was[n].bytes, err)))
			begin(&was[n++]);
	if (!failed && !oid_is_zero(&changed->now))
		compare(audit, changed->path, &now, was, n);
	buf_release(&now.bytes);
	for (size_t i = 0; i < n; i++)
		buf_release(&was[i].bytes);
	return failed;
}
