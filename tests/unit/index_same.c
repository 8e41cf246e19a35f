/* SPDX-License-Identifier: MIT */
/*
 * Whatever happened to the repository, the refreshed index gives every answer that one built from nothing gives: after each of
 * thousands of changes, merges, hand commits, reverts, branch switches and rewritten histories. And what differs in it is found.
 */
#include "index_desk.h"

#include "ticket/text.h"

/* --- all that an index says ------------------------------------------------------------------------------------- */

static void add_row(struct buf *out, const struct index_hit *hit)
{
	const struct ticket_row *row = &hit->row;
	const char *const texts[] = {
		hit->path, row->id, row->subject, row->channel, row->types, row->category, row->grade, row->priority, row->risk, row->group, row->assignee,
		row->customer_id, row->customer, row->departments, row->waiting_for, row->doing, row->status, row->due_target,
	};
	const int64_t numbers[] = {
		row->state, row->level, row->cycle, row->delayed, row->quarantined, row->overdue, row->at_risk, row->received_s, row->updated_s, row->responded_s,
		row->resolved_s, row->archived_s, row->due_s,
	};
	char hex[OID_HEX_SIZE];

	buf_addf(out, "row %s", oid_hex(hex, &hit->blob));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		buf_addf(out, "|%s", texts[i]);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		buf_addf(out, "|%lld", (long long)numbers[i]);
	buf_putc(out, '\n');
}

/* What a query selects: whole rows, or their paths and scores alone. */
static void add_answer(struct buf *out, struct index *index, const char *word, const char *sort, bool whole)
{
	struct texts given = {0};
	struct query *query;
	index_hits hits = {0};
	struct ticket_error err = {0};

	if (*word)
		texts_add(&given, word);
	query = parse(&given, sort, 0);
	if (index_select(index, query, &hits, NULL, &err))
		fail_msg("%s: %s", word, err.message);
	buf_addf(out, "query '%s' by %s: %zu\n", word, sort ? sort : "receipt", hits.n);
	for (size_t i = 0; i < hits.n; i++) {
		if (whole)
			add_row(out, &hits.v[i]);
		else
			buf_addf(out, "%s %lld\n", hits.v[i].path, (long long)hits.v[i].score);
	}
	index_hits_release(&hits);
	query_free(query);
	texts_release(&given);
}

static void add_texts(struct buf *out, const char *what, struct texts *list)
{
	for (size_t i = 0; i < list->n; i++)
		buf_addf(out, "%s %s\n", what, list->v[i]);
	texts_release(list);
}

static void add_lookups(struct buf *out, struct index *index, const struct bench *bench)
{
	static const char *const pieces[] = {"w", "wx-202605", "1", "01", "7", "old-7", "OLD-8", "WX-20200101-001"};
	struct texts found = {0};

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		assert_int_equal(index_numbers(index, pieces[i], 0, &found, NULL), 0);
		add_texts(out, pieces[i], &found);
	}
	for (size_t i = 0; i < bench->files.n; i++) {
		const struct ticket *ticket = bench->files.v[i].ticket;
		_cleanup_free_ char *by_uid = NULL, *by_key = NULL;

		if (!ticket)
			continue;
		index_uid(index, ticket->uid, &by_uid, NULL);
		index_key(index, ticket->source.key ? ticket->source.key : "none", &by_key, NULL);
		assert_int_equal(index_numbers(index, ticket->id, 0, &found, NULL), 0);
		buf_addf(out, "%s has uid of %s, key of %s\n", ticket->id, by_uid ? by_uid : "none", by_key ? by_key : "none");
		add_texts(out, ticket->id, &found);
	}
}

static void add_moments(struct buf *out, struct index *index)
{
	struct texts found = {0};
	index_loads loads = {0};
	int64_t next;

	for (int64_t s = NOW - 2400; s <= NOW + 2400; s += 600) {
		assert_int_equal(index_next_due(index, s, 0, &found, NULL), 0);
		buf_addf(out, "due until %lld\n", (long long)(s - NOW));
		add_texts(out, "due", &found);
	}
	assert_int_equal(index_next_moment(index, &next, NULL), 0);
	assert_int_equal(index_open_loads(index, &loads, NULL), 0);
	buf_addf(out, "next %lld\n", (long long)next);
	for (size_t i = 0; i < loads.n; i++)
		buf_addf(out, "%s has %zu\n", loads.v[i].person, loads.v[i].open);
	index_loads_release(&loads);
	assert_int_equal(index_unreadable(index, &found, NULL), 0);
	add_texts(out, "unreadable", &found);
}

static int by_content(const void *a, const void *b)
{
	const struct figure *x = a, *y = b;
	int order = memcmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);

	return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* Tickets of one second stand in any order; their facts are the same. */
static void add_figures(struct buf *out, struct index *index)
{
	const struct range all = {INT64_MIN, INT64_MAX}, ranges[FIGURE_PARTS] = {all, all, all};
	struct figures figures[FIGURE_PARTS] = {0};
	size_t listed;

	assert_int_equal(index_figures(index, NULL, ranges, figures, &listed, NULL), 0);
	buf_addf(out, "%zu listed\n", listed);
	for (int part = 0; part < FIGURE_PARTS; part++) {
		if (figures[part].list.n)
			qsort(figures[part].list.v, figures[part].list.n, sizeof(*figures[part].list.v), by_content);
		buf_addf(out, "%zu in part %d\n", figures[part].list.n, part);
		for (size_t i = 0; i < figures[part].list.n; i++) {
			const struct figure *figure = &figures[part].list.v[i];

			buf_addf(out, "%lld ", (long long)figure->key.received_s);
			for (size_t j = 0; j < figure->size; j++) {
				buf_putc(out, "0123456789abcdef"[(unsigned char)figure->bytes[j] >> 4]);
				buf_putc(out, "0123456789abcdef"[figure->bytes[j] & 15]);
			}
			buf_putc(out, '\n');
		}
		figures_release(&figures[part]);
	}
}

#define TURNS 6

/* Rows, lookups, moments and figures whole; of orders and terms a sixth, another one each turn. */
static char *answers_of(struct bench *bench, struct index *index)
{
	static const char *const terms[] = {
		"overdue", "at-risk", "delayed", "quarantined", "reopened", "no:assignee", "no:type", "owes:followed_up", "field.serial:A1", "type:complaint", "-state:archived",
		"退款", "a", "éclair", "strasse", "-broken", "subject:手机", "file:x",
	};
	size_t n;
	const struct query_field *known = query_fields(&n);
	struct buf out = {0};

	add_answer(&out, index, "", NULL, true);
	for (size_t i = bench->past.n % TURNS; i < n; i += TURNS)
		if (known[i].sorts)
			add_answer(&out, index, "", known[i].name, false);
	for (size_t i = bench->past.n % TURNS; i < ARRAY_SIZE(terms); i += TURNS)
		add_answer(&out, index, terms[i], NULL, false);
	add_lookups(&out, index, bench);
	add_moments(&out, index);
	add_figures(&out, index);
	return buf_steal(&out);
}

static void same_answers(const char *right, const char *given, const char *what)
{
	size_t line = 0, at = 0;

	if (strcmp(right, given) == 0)
		return;
	while (right[at] == given[at])
		line = right[at++] == '\n' ? at : line;
	fail_msg("%s: the index says\n%.*s\ninstead of\n%.*s", what, (int)strcspn(given + line, "\n"), given + line, (int)strcspn(right + line, "\n"), right + line);
}

/* --- from nothing ----------------------------------------------------------------------------------------------- */

static char *ask_all(struct bench *bench, const struct snapshot *at, bool is_sound)
{
	struct index *index;
	char *answers;

	if (index_open(&index, bench->trial.store, &rules, at, NULL, NULL, &bench->trial.err))
		fail_msg("%s", bench->trial.err.message);
	if (is_sound)
		verify(index);
	answers = answers_of(bench, index);
	index_close(index);
	return answers;
}

/* As if there had never been an index. */
static char *ask_from_nothing(struct bench *bench, const struct snapshot *at)
{
	_cleanup_free_ char *path = xasprintf("%sindex.db", store_private(bench->trial.store)), *kept = xasprintf("%s.kept", path);
	_cleanup_free_ char *journal = xasprintf("%s-journal", path), *journal_kept = xasprintf("%s-journal", kept);
	bool had = rename(path, kept) == 0, had_journal = rename(journal, journal_kept) == 0;
	char *answers = ask_all(bench, at, false);

	unlink(path);
	unlink(journal);
	if (had)
		assert_int_equal(rename(kept, path), 0);
	if (had_journal)
		assert_int_equal(rename(journal_kept, journal), 0);
	return answers;
}

static void compare(struct bench *bench, const struct snapshot *at, const char *what)
{
	_cleanup_free_ char *right = ask_from_nothing(bench, at), *given = ask_all(bench, at, true);

	same_answers(right, given, what);
}

/* --- by hand ---------------------------------------------------------------------------------------------------- */

/* Runs git, which makes a commit and prints it; it becomes HEAD. */
static void head_by(struct bench *bench, const char *script)
{
	assert_int_equal(shell(&bench->trial, "commit=$( %s ) && git update-ref HEAD \"$commit\"", script), 0);
	assert_int_equal(store_head(bench->trial.store, &bench->head, &bench->trial.err), 0);
	reread_files(bench);
	*list_push(&bench->past) = bench->head;
}

/* A merge as git makes it, marks of conflicts included: such a file is no ticket. */
static void merge_randomly(struct bench *bench)
{
	char hex[OID_HEX_SIZE];
	_cleanup_free_ char *script = NULL;

	oid_hex(hex, &bench->past.v[draw(bench->past.n)].commit);
	script = xasprintf("tree=$(git merge-tree --write-tree --allow-unrelated-histories HEAD %s | head -n 1); git commit-tree \"$tree\" -p HEAD -p %s -m merge 2>/dev/null", hex, hex);
	head_by(bench, script);
}

static void revert_randomly(struct bench *bench)
{
	_cleanup_free_ char *script = xasprintf("back=$(git rev-parse -q --verify HEAD~%d || git rev-list HEAD | tail -n 1); git commit-tree \"$back^{tree}\" -p HEAD -m revert", (int)draw(4) + 1);

	head_by(bench, script);
}

/* What people do to files with other programs. */
static void edit_by_hand(struct bench *bench)
{
	static const char *const edits[] = {
		/* another name, another folder, a copy */
		"git ls-files -s -- tickets | sed -n %up | sed 's/\\.json$/x.json/' | git update-index --index-info",
		"git ls-files -s -- tickets | sed -n %up | sed 's,\\ttickets/,\\ttickets/moved/,' | git update-index --index-info",
		"f=$(git ls-files -- tickets | sed -n %up); git rm -q --cached -- \"$f\"",
		/* no file any more: a link, a folder of that name, another ending */
		"git ls-files -s -- tickets | sed -n %up | sed 's/^100644/120000/' | git update-index --index-info",
		"f=$(git ls-files -- tickets | sed -n %up); b=$(git rev-parse \":$f\"); git rm -q --cached -- \"$f\"; git update-index --add --cacheinfo 100644,$b,\"$f/inner.json\"",
		"git ls-files -s -- tickets | sed -n %up | sed 's/\\.json$/.txt/' | git update-index --index-info",
		"git ls-files -s -- tickets | sed -n %up | sed 's/^100644/100755/' | git update-index --index-info",
		/* many at once, and files beside */
		"git ls-files -- tickets | awk 'NR %% 3 == %u %% 3' | xargs -r git rm -q --cached --",
		"b=$(echo %u | git hash-object -w --stdin); git update-index --add --cacheinfo 100644,$b,notes.json --add --cacheinfo 100644,$b,tickets/README",
		"b=$(echo '{}%u' | git hash-object -w --stdin); git update-index --add --cacheinfo 100644,$b,policy/policy.json",
	};
	_cleanup_free_ char *edit = NULL, *script = NULL;
	unsigned nth = (unsigned)draw(bench->files.n) + 1;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	edit = xasprintf(edits[draw(ARRAY_SIZE(edits))], nth);
#pragma GCC diagnostic pop
	script = xasprintf("{ export GIT_INDEX_FILE=\"$(git rev-parse --absolute-git-dir)/by-hand\"; git read-tree HEAD && %s; } >&2; git commit-tree \"$(git write-tree)\" -p HEAD -m 'by hand'", edit);
	head_by(bench, script);
}

/* The tree of the index's stamp is gone for good. */
static void rewrite_history(struct bench *bench)
{
	head_by(bench, "git commit-tree \"$(git rev-parse HEAD^{tree})\" -m rewritten");
	edit_by_hand(bench);
	head_by(bench, "git commit-tree \"$(git rev-parse HEAD^{tree})\" -m 'rewritten again'");
	assert_int_equal(shell(&bench->trial, "git reflog expire --expire=now --all && git gc -q --prune=now"), 0);
	bench->past.n = 0;
	*list_push(&bench->past) = bench->head;
	store_close(bench->trial.store);
	trial_open(&bench->trial);
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

static void refreshed_is_built(void **state)
{
	struct bench bench;
	size_t rounds = getenv("TICKET_TEST_ROUNDS") ? (size_t)atol(getenv("TICKET_TEST_ROUNDS")) : 300;

	seed = getenv("TICKET_TEST_SEED") ? strtoull(getenv("TICKET_TEST_SEED"), NULL, 10) : 2;
	bench_new(&bench);
	bench.most = 50;
	for (size_t i = 0; i < rounds; i++) {
		size_t what = i < 10 ? 0 : draw(20);
		const char *done = "changes";

		if (what < 13)
			commit_randomly(&bench);
		else if (what < 15)
			done = "switch", jump_randomly(&bench);
		else if (what < 17)
			done = "merge", merge_randomly(&bench);
		else if (what == 17)
			done = "revert", revert_randomly(&bench);
		else if (bench.files.n)
			done = "edit by hand", edit_by_hand(&bench);
		if (i % 100 == 99)
			done = "rewritten history", rewrite_history(&bench);
		compare(&bench, &bench.head, done);
		/* As of another revision, from a copy in memory. */
		if (draw(5) == 0)
			compare(&bench, &bench.past.v[draw(bench.past.n)], "an earlier revision");
	}
	bench_end(&bench);
}

/* --- what differs is found -------------------------------------------------------------------------------------- */

/* What only says where there is room for more, or when all is to be built anew: wrong, it changes no answer. */
static bool is_bookkeeping(const char *table, const char *column)
{
	/* Under which number a page stands is of no matter. */
	if (strcmp(table, "pages") == 0 && strcmp(column, "n") == 0)
		return true;
	return strcmp(table, "blocks") == 0 || (strcmp(table, "stamp") == 0 && strcmp(column, "policy") == 0) || strcmp(column, "last_serial") == 0 || strcmp(column, "last_block") == 0 || strcmp(column, "one") == 0;
}

/* Changes one value of one random row, and leaves a mark in the file. False: there is no row. */
static bool change_value(sqlite3 *sql, const char *table, const char *column)
{
	_cleanup_free_ char *count = xasprintf("SELECT count(*) FROM %s", table), *update = NULL, *where = NULL;
	_cleanup_buf_ struct buf same = {0};
	sqlite3_stmt *statement = NULL, *change = NULL;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(sql, count, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	if (!n)
		return false;
	where = xasprintf("SELECT * FROM %s LIMIT 1 OFFSET %lld", table, (long long)draw((uint64_t)n));
	assert_int_equal(sqlite3_prepare_v2(sql, where, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	for (int i = 0; i < sqlite3_column_count(statement); i++)
		buf_addf(&same, "%s%s IS ?%d", i ? " AND " : "", sqlite3_column_name(statement, i), i + 1);
	update = xasprintf("UPDATE %s SET %s = CASE typeof(%s) WHEN 'integer' THEN %s + 1000003 WHEN 'text' THEN %s || 'x' WHEN 'null' THEN 1"
			   " ELSE CAST(substr(%s, 1, length(%s) - 1) || x'7e' AS BLOB) END WHERE %s", table, column, column, column, column, column, column, same.p);
	assert_int_equal(sqlite3_prepare_v2(sql, update, -1, &change, NULL), SQLITE_OK);
	for (int i = 0; i < sqlite3_column_count(statement); i++)
		assert_int_equal(sqlite3_bind_value(change, i + 1, sqlite3_column_value(statement, i)), SQLITE_OK);
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_step(change), SQLITE_DONE);
	assert_int_equal(sqlite3_changes(sql), 1);
	sqlite3_finalize(change);
	assert_int_equal(sqlite3_exec(sql, "CREATE TABLE mark(x)", NULL, NULL, NULL), SQLITE_OK);
	return true;
}

/* Either the file is no longer taken for what it was and built anew, or the check names a difference. */
static bool is_found(struct bench *bench)
{
	struct texts differences = {0};
	struct index *index = open_index(bench);
	bool found;

	assert_int_equal(index_verify(index, &differences, &bench->trial.err), 0);
	found = differences.n || sqlite3_exec(index->sql, "SELECT x FROM mark", NULL, NULL, NULL) != SQLITE_OK;
	index_close(index);
	texts_release(&differences);
	return found;
}

static void values_changed(void **state)
{
	struct bench bench;
	_cleanup_free_ char *path = NULL;
	sqlite3_stmt *columns = NULL;
	struct texts names = {0};
	sqlite3 *sql;

	seed = 8;
	bench_new(&bench);
	bench.most = 50;
	for (size_t i = 0; i < 40; i++)
		commit_randomly(&bench);
	path = xasprintf("%sindex.db", store_private(bench.trial.store));
	check_all(&bench, 1);
	assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(sql, "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table'", -1, &columns, NULL), SQLITE_OK);
	while (sqlite3_step(columns) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(columns, 0), *column = (const char *)sqlite3_column_text(columns, 1);

		if (!is_bookkeeping(table, column)) {
			texts_add(&names, table);
			texts_add(&names, column);
		}
	}
	sqlite3_finalize(columns);
	sqlite3_close(sql);
	assert_true(names.n > 2 * 50);
	for (size_t i = 0; i < names.n; i += 2) {
		bool changed;

		assert_int_equal(index_rebuild(bench.trial.store, &rules, &bench.head, NULL, NULL, &bench.trial.err), 0);
		assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
		changed = change_value(sql, names.v[i], names.v[i + 1]);
		sqlite3_close(sql);
		if (!changed || !is_found(&bench))
			fail_msg("a change of %s.%s is %s", names.v[i], names.v[i + 1], changed ? "not found" : "not tried: there is no row");
	}
	texts_release(&names);
	bench_end(&bench);
}

struct told {
	size_t times, done, total;
};

static void note_progress(void *data, const char *what, size_t done, size_t total)
{
	struct told *told = data;

	assert_true(done <= total && (strcmp(what, "index") == 0 || strcmp(what, "sort") == 0));
	if (strcmp(what, "index") == 0) {
		assert_true(!told->times || done > told->done);
		told->times++;
		told->done = done;
		told->total = total;
	}
}

/* Building anew tells how far it is; refreshing has nothing to tell. */
static void progress_told(void **state)
{
	struct bench bench;
	struct told told = {0};
	struct index *index;

	seed = 9;
	bench_new(&bench);
	while (bench.files.n < 700)
		commit_changes(&bench, 1000);
	assert_int_equal(index_rebuild(bench.trial.store, &rules, &bench.head, note_progress, &told, &bench.trial.err), 0);
	assert_int_equal(told.total, bench.files.n);
	assert_true(told.times >= 2 && told.done >= 500);
	told = (struct told){0};
	commit_randomly(&bench);
	assert_int_equal(index_open(&index, bench.trial.store, &rules, &bench.head, note_progress, &told, &bench.trial.err), 0);
	index_close(index);
	assert_int_equal(told.times, 0);
	bench_end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(refreshed_is_built), cmocka_unit_test(values_changed), cmocka_unit_test(progress_told)};

	return cmocka_run_group_tests(tests, bench_setup, bench_teardown);
}
