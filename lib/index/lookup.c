/* SPDX-License-Identifier: MIT */
/* Small questions: numbers by head or tail, by import key or uid; what is due next; who has how much to do. */
#include "index/db.h"

#include <ctype.h>

/* --- numbers --------------------------------------------------------------------------------------------------- */

/* Runs a statement whose first column is a number of a ticket; adds those not there yet. */
static int add_numbers(struct index *index, sqlite3_stmt *statement, size_t limit, struct texts *out, struct ticket_error *err)
{
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW && (!limit || out->n < limit))
		if (!texts_have(out, db_text(statement, 0)))
			texts_add(out, db_text(statement, 0));
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(index, err);
}

static int prepare(struct index *index, const char *sql, sqlite3_stmt **out, struct ticket_error *err)
{
	return sqlite3_prepare_v2(index->sql, sql, -1, out, NULL) == SQLITE_OK ? 0 : db_fail(index, err);
}

struct numbers {
	struct index *index;
	char *word; /* lower-case; turned round for tails */
	size_t n, limit;
	struct texts *out;
	const char *uid; /* only of tickets that have it; NULL: of any */
};

/* Adds the number of a ticket that was found; ends (1) at the limit. */
static int take_number(void *data, int64_t ticket, struct ticket_error *err)
{
	struct numbers *find = data;
	sqlite3_stmt *statement = db_statement(find->index, STMT_NAMED, err);
	int code;

	if (!statement)
		return db_fail(find->index, err);
	sqlite3_bind_int64(statement, 1, ticket);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW && (!find->uid || strcmp(db_text(statement, 1), find->uid) == 0) && !texts_have(find->out, db_text(statement, 0)))
		texts_add(find->out, db_text(statement, 0));
	sqlite3_reset(statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return db_fail(find->index, err);
	return find->limit && find->out->n == find->limit;
}

static int find_names(struct numbers *find, enum page_kind kind, bool whole, struct ticket_error *err)
{
	int ended = names_find(find->index, kind, (struct bytes){find->word, find->n}, whole, take_number, find, err);

	return ended == 1 ? 0 : ended;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void turn_round(char *word, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		char c = word[i];

		word[i] = word[n - 1 - i];
		word[n - 1 - i] = c;
	}
}

static void sort_texts(struct texts *texts)
{
	if (texts->n)
		qsort(texts->v, texts->n, sizeof(*texts->v), compare_texts);
}

static int numbers_question(struct index *index, void *data, struct ticket_error *err)
{
	struct numbers *find = data;
	int failed;

	find->index = index;
	texts_release(find->out);
	if (!(failed = find_names(find, NAMES_NUMBER, true, err)) && !find->out->n) {
		failed = find_names(find, NAMES_NUMBER, false, err);
		turn_round(find->word, find->n);
		if (!failed && (!find->limit || find->out->n < find->limit))
			failed = find_names(find, NAMES_TURNED, false, err);
		turn_round(find->word, find->n);
	}
	sort_texts(find->out);
	return failed;
}

int index_numbers(struct index *index, const char *word, size_t limit, struct texts *out, struct ticket_error *err)
{
	_cleanup_free_ char *lower = xstrdup(word);
	struct numbers find = {.word = lower, .n = strlen(word), .limit = limit, .out = out};

	texts_release(out);
	for (char *p = lower; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return *word ? index_ask(index, numbers_question, &find, err) : 0;
}

/* The number of the ticket that has a value; of several, the first. */
struct one {
	const char *value;
	struct texts found;
};

static int key_question(struct index *index, void *data, struct ticket_error *err)
{
	struct one *one = data;
	sqlite3_stmt *statement = NULL;
	int failed = prepare(index, "SELECT id FROM tickets WHERE key = ?1 ORDER BY id", &statement, err);

	texts_release(&one->found);
	if (failed)
		return failed;
	sqlite3_bind_text(statement, 1, one->value, -1, SQLITE_STATIC);
	failed = add_numbers(index, statement, 1, &one->found, err);
	sqlite3_finalize(statement);
	return failed;
}

static int uid_question(struct index *index, void *data, struct ticket_error *err)
{
	struct one *one = data;
	struct numbers find = {.index = index, .out = &one->found, .uid = one->value};
	int failed;

	texts_release(&one->found);
	failed = names_find_uid(index, one->value, take_number, &find, err);
	sort_texts(&one->found);
	return failed;
}

static int find_one(struct index *index, index_question *ask, const char *value, char **number, struct ticket_error *err)
{
	struct one one = {value, {0}};
	int failed = index_ask(index, ask, &one, err);

	*number = !failed && one.found.n ? xstrdup(one.found.v[0]) : NULL;
	texts_release(&one.found);
	return failed ? failed : *number ? 0 : TICKET_NOTFOUND;
}

int index_key(struct index *index, const char *key, char **number, struct ticket_error *err)
{
	return find_one(index, key_question, key, number, err);
}

int index_uid(struct index *index, const char *uid, char **number, struct ticket_error *err)
{
	return find_one(index, uid_question, uid, number, err);
}

/* --- what is due ----------------------------------------------------------------------------------------------- */

struct due {
	int64_t now_s;
	size_t limit;
	struct texts *out;
};

static int due_question(struct index *index, void *data, struct ticket_error *err)
{
	struct due *due = data;
	sqlite3_stmt *statement = NULL;
	int failed = prepare(index, "SELECT t.id FROM moments m JOIN tickets t ON t.n = m.ticket WHERE m.next <= ?1 GROUP BY t.n ORDER BY min(m.next), t.id", &statement, err);

	texts_release(due->out);
	if (failed)
		return failed;
	sqlite3_bind_int64(statement, 1, due->now_s);
	for (int code; (code = sqlite3_step(statement)) != SQLITE_DONE;) {
		if (code != SQLITE_ROW) {
			failed = db_fail(index, err);
			break;
		}
		if (due->limit && due->out->n == due->limit)
			break;
		texts_add(due->out, db_text(statement, 0));
	}
	sqlite3_finalize(statement);
	return failed;
}

int index_next_due(struct index *index, int64_t now_s, size_t limit, struct texts *out, struct ticket_error *err)
{
	return index_ask(index, due_question, &(struct due){now_s, limit, out}, err);
}

static int moment_question(struct index *index, void *data, struct ticket_error *err)
{
	sqlite3_stmt *statement = NULL;
	int failed = prepare(index, "SELECT min(next) FROM moments WHERE next IS NOT NULL", &statement, err);

	if (failed)
		return failed;
	if (sqlite3_step(statement) != SQLITE_ROW)
		failed = db_fail(index, err);
	else
		*(int64_t *)data = sqlite3_column_type(statement, 0) == SQLITE_NULL ? TIME_NONE : sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return failed;
}

int index_next_moment(struct index *index, int64_t *out_s, struct ticket_error *err)
{
	return index_ask(index, moment_question, out_s, err);
}

/* --- loads ----------------------------------------------------------------------------------------------------- */

void index_loads_release(index_loads *loads)
{
	for (size_t i = 0; i < loads->n; i++)
		free(loads->v[i].person);
	free(loads->v);
	*loads = (index_loads){0};
}

static int loads_question(struct index *index, void *data, struct ticket_error *err)
{
	index_loads *loads = data;
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, failed;

	index_loads_release(loads);
	failed = prepare(index, "SELECT assignee, count(*) FROM tickets WHERE assignee IS NOT NULL AND open = 1 GROUP BY assignee ORDER BY assignee", &statement, err);
	while (!failed && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct index_load *load = list_push(loads);

		load->person = xstrdup(db_text(statement, 0));
		load->open = (size_t)sqlite3_column_int64(statement, 1);
	}
	if (!failed && code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	return failed;
}

int index_open_loads(struct index *index, index_loads *out, struct ticket_error *err)
{
	return index_ask(index, loads_question, out, err);
}

/* --- what could not be read ------------------------------------------------------------------------------------ */

static int unreadable_question(struct index *index, void *data, struct ticket_error *err)
{
	struct texts *out = data;
	sqlite3_stmt *statement = NULL;
	int failed = prepare(index, "SELECT why FROM unreadable ORDER BY path", &statement, err);

	texts_release(out);
	if (failed)
		return failed;
	failed = add_numbers(index, statement, 0, out, err);
	sqlite3_finalize(statement);
	return failed;
}

int index_unreadable(struct index *index, struct texts *out, struct ticket_error *err)
{
	return index_ask(index, unreadable_question, out, err);
}
