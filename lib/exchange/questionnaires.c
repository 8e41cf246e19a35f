/* SPDX-License-Identifier: MIT */
/* Filled-in questionnaires of a file: as text, one line for each question, or as CSV, one row for each questionnaire. */
#include "exchange/encoding.h"
#include "exchange/rows.h"
#include "survey/form.h"
#include "ticket/file.h"
#include "ticket/text.h"

#define LARGEST_FILE ((size_t)64 << 20)

struct reading {
	questionnaires *out;
	const struct policy *policy;
	const char *origin;
	const char *asked;   /* what the last line asked; NULL: nothing yet */
};

static struct questionnaire *last_of(const struct reading *r)
{
	return r->out->n ? &r->out->v[r->out->n - 1] : NULL;
}

/* One that is complete: it must say whose it is, unless nobody filled it in. */
static int finish(struct reading *r, struct ticket_error *err)
{
	struct questionnaire *last = last_of(r);

	if (!last)
		return 0;
	if (form_is_empty(last)) {
		questionnaires one = {last, 1};
		struct questionnaire *kept = xcalloc(1, sizeof(*kept));

		*kept = *last;
		one.v = kept;
		r->out->n--;
		questionnaires_release(&one);
		return 0;
	}
	if (!last->code || !*last->code)
		return ticket_fail(err, TICKET_USAGE, "%s:%lld: this questionnaire has no number or code", r->origin, (long long)last->line);
	if (!last->scores.n)
		return ticket_fail(err, TICKET_USAGE, "%s:%lld: the questionnaire '%s' has a suggestion, but no score; ask the customer, or leave it out", r->origin,
				   (long long)last->line, last->code);
	return 0;
}

/* --- text -------------------------------------------------------------------------------------------------------- */

/* Where the label of "LABEL: VALUE" ends, '*value' behind the colon; 0: the line has none. */
static size_t label_end(const char *line, const char **value)
{
	const char *plain = strchr(line, ':'), *wide = strstr(line, "：");

	if (!plain && !wide)
		return 0;
	if (!plain || (wide && wide < plain)) {
		*value = wide + strlen("：");
		return (size_t)(wide - line);
	}
	*value = plain + 1;
	return (size_t)(plain - line);
}

static int take_line(struct reading *r, char *line, size_t number, struct ticket_error *err)
{
	_cleanup_free_ char *where = xasprintf("%s:%zu", r->origin, number);
	const char *value = NULL, *asked;
	size_t n = label_end(line, &value);

	asked = n ? form_asks(r->policy, line, n) : NULL;
	if (asked && text_equal(asked, survey_word(SURVEY_QUESTIONNAIRE, "en"))) {
		int failed = finish(r, err);

		if (failed)
			return failed;
		list_push(r->out)->line = (int64_t)number;
	} else if (!asked) {
		text_strip(line);
		if (!*line || *line == '#' || text_starts(line, "---") || text_starts(line, "==="))
			return 0;
		/* What goes on from the line before. */
		if (text_equal(r->asked, survey_word(SURVEY_SUGGESTION, "en")))
			return form_take(last_of(r), r->policy, r->asked, line, where, err);
		return ticket_fail(err, TICKET_USAGE, "%s: '%.60s' asks nothing that this desk asks; a remark begins with '#'", where, line);
	}
	if (!last_of(r))
		return ticket_fail(err, TICKET_USAGE, "%s: an answer before the first line '%s: …', which says whose it is", where, survey_word(SURVEY_QUESTIONNAIRE, "en"));
	r->asked = asked;
	return form_take(last_of(r), r->policy, asked, value, where, err);
}

static int read_text(struct reading *r, char *text, struct ticket_error *err)
{
	size_t number = 0;
	int failed = 0;

	for (char *line = text, *next; line && *line && !failed; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		failed = take_line(r, line, ++number, err);
	}
	return failed ? failed : finish(r, err);
}

/* --- CSV --------------------------------------------------------------------------------------------------------- */

static int take_row(struct reading *r, const struct rows *rows, const struct texts *asked, const struct row *row, struct ticket_error *err)
{
	_cleanup_free_ char *where = xasprintf("%s:%zu", r->origin, row->line);
	int failed = 0;

	if (row->flaw)
		return ticket_fail(err, TICKET_USAGE, "%s: %s", where, row->flaw);
	list_push(r->out)->line = (int64_t)row->line;
	for (size_t c = 0; c < rows->columns.n && !failed; c++)
		if (*asked->v[c] && row->cells[c].text)
			failed = form_take(last_of(r), r->policy, asked->v[c], row->cells[c].text, where, err);
	return failed ? failed : finish(r, err);
}

/* The heading's labels, as what they ask; "" for a column that asks nothing. */
static void ask_columns(const struct reading *r, const struct texts *columns, struct texts *asked)
{
	for (size_t c = 0; c < columns->n; c++) {
		const char *name = form_asks(r->policy, columns->v[c], strlen(columns->v[c]));

		texts_add(asked, name ? name : "");
	}
}

static int read_csv(struct reading *r, struct rows *heading, struct ticket_error *err)
{
	_cleanup_rows_ struct rows rows = {0};
	struct rows_options options = {.format = ROWS_CSV, .delimiter = heading->delimiter, .trim = true, .wanted = &heading->columns};
	struct texts asked = {0};
	int failed;

	buf_add(&rows.text, heading->text.p, heading->text.n);
	if ((failed = rows_read(&rows, &options, r->origin, err)))
		return failed;
	ask_columns(r, &rows.columns, &asked);
	for (size_t i = 0; i < rows.list.n && !failed; i++)
		failed = take_row(r, &rows, &asked, &rows.list.v[i], err);
	texts_release(&asked);
	return failed;
}

/* A heading that names the column of numbers or codes makes it a table. */
static bool is_csv(const struct reading *r, struct rows *rows)
{
	static const struct texts none;
	struct rows_options options = {.format = ROWS_CSV, .trim = true, .wanted = &none};

	if (rows_read(rows, &options, r->origin, NULL) || rows->columns.n < 2)
		return false;
	for (size_t c = 0; c < rows->columns.n; c++) {
		const char *asked = form_asks(r->policy, rows->columns.v[c], strlen(rows->columns.v[c]));

		if (asked && text_equal(asked, survey_word(SURVEY_QUESTIONNAIRE, "en")))
			return true;
	}
	return false;
}

int questionnaires_read(questionnaires *out, const struct policy *policy, const char *path, struct ticket_error *err)
{
	struct reading r = {out, policy, path, NULL};
	_cleanup_buf_ struct buf bytes = {0}, text = {0};
	_cleanup_rows_ struct rows rows = {0};
	int failed;

	if ((failed = file_read(path, LARGEST_FILE, &bytes, err)) || (failed = text_decode(&text, bytes.p ? bytes.p : "", bytes.n, NULL, path, NULL, err)))
		return failed;
	buf_add(&rows.text, text.p ? text.p : "", text.n);
	if (is_csv(&r, &rows))
		return read_csv(&r, &rows, err);
	return read_text(&r, text.p ? text.p : (char[]){""}, err);
}
