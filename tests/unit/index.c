/* SPDX-License-Identifier: MIT */
/* The index under random changes of a real repository: refreshed it equals the desk, and every answer a plain scan. */
#include "index_desk.h"

#include <signal.h>

static void random_changes(void **state)
{
	struct bench bench;
	size_t rounds = getenv("TICKET_TEST_ROUNDS") ? (size_t)atol(getenv("TICKET_TEST_ROUNDS")) : 150;

	seed = getenv("TICKET_TEST_SEED") ? strtoull(getenv("TICKET_TEST_SEED"), NULL, 10) : 1;
	bench_new(&bench);
	for (size_t i = 0; i < rounds; i++) {
		if (draw(6) == 0 && bench.past.n > 2)
			jump_randomly(&bench);
		else
			commit_randomly(&bench);
		if (draw(3) == 0)
			check_all(&bench, 12);
	}
	check_all(&bench, 400);
	bench_end(&bench);
}

/* A list may end among many that were received in its last second. */
static void same_second(void **state)
{
	static const char *const sorts[] = {NULL, "received", "-received"};
	struct bench bench;
	struct store_change *change;
	struct index *index;
	struct texts none = {0};

	seed = 7;
	bench_new(&bench);
	assert_int_equal(store_lock(bench.trial.store, 1000, &bench.trial.err), 0);
	assert_int_equal(store_change_begin(&change, bench.trial.store, &bench.head, &bench.trial.err), 0);
	for (unsigned i = 0; i < 160; i++) {
		struct file *file = new_file(&bench, bench.serial++);
		struct ticket *ticket = random_ticket(i);

		ticket->received = at(NOW - (i % 8 ? 10 : i));
		set_ticket(file, ticket);
		assert_int_equal(store_change_put(change, file->path, file->bytes, file->n, &bench.trial.err), 0);
	}
	assert_int_equal(store_change_commit(change, &words, &bench.head, &bench.trial.err), 0);
	store_change_free(change);
	store_unlock(bench.trial.store);
	index = open_index(&bench);
	for (size_t limit = 0; limit < 162; limit++)
		for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
			_cleanup_query_ struct query *query = parse(&none, sorts[i], limit);

			compare_answer(&bench, index, query, "", sorts[i]);
		}
	index_close(index);
	bench_end(&bench);
}

/* A process that builds and refreshes the index is killed at any moment; what is left is right or is made right. */
static void killed_anywhere(void **state)
{
	struct bench bench;

	seed = 7;
	bench_new(&bench);
	for (size_t i = 0; i < 40; i++) {
		pid_t child;
		int status;

		commit_randomly(&bench);
		child = fork();
		if (child == 0) {
			struct store *store;
			struct index *index;

			for (int n = 0; n < 50; n++)
				if (store_open(&store, bench.trial.dir, NULL) ||
				    (n % 2 ? index_rebuild(store, &rules, &bench.head, NULL, NULL, NULL) : index_open(&index, store, &rules, &bench.head, NULL, NULL, NULL)))
					_exit(1);
				else if (n % 2 == 0)
					index_close(index);
			_exit(0);
		}
		usleep((useconds_t)draw(20000));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
		check_all(&bench, 3);
	}
	bench_end(&bench);
}

/* Processes that read, and some that build anew, while commits come and the index is told of them: each answer is that of its tree. */
static void read_until_killed(struct bench *bench, bool builds)
{
	for (;;) {
		struct store *store;
		struct snapshot head;
		struct index *index;
		struct ticket_error err = {0};
		struct texts differences = {0};

		if (store_open(&store, bench->trial.dir, &err) || store_head(store, &head, &err) || (builds && index_rebuild(store, &rules, &head, NULL, NULL, NULL) == 99) ||
		    index_open(&index, store, &rules, &head, NULL, NULL, &err) || index_verify(index, &differences, &err) || differences.n) {
			fprintf(stderr, "reader: %s %s\n", err.message, differences.n ? differences.v[0] : "");
			_exit(1);
		}
		index_close(index);
		store_close(store);
	}
}

static void many_at_once(void **state)
{
	struct bench bench;
	pid_t children[4];

	seed = 11;
	bench_new(&bench);
	commit_randomly(&bench);
	for (size_t i = 0; i < ARRAY_SIZE(children); i++)
		if ((children[i] = fork()) == 0)
			read_until_killed(&bench, i == 0);
	for (size_t i = 0; i < 60; i++)
		commit_randomly(&bench);
	for (size_t i = 0; i < ARRAY_SIZE(children); i++) {
		int status;

		/* Still at it: whoever found a difference has ended. */
		assert_int_equal(waitpid(children[i], &status, WNOHANG), 0);
		kill(children[i], SIGKILL);
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
	}
	check_all(&bench, 20);
	bench_end(&bench);
}

/* Bytes of the file changed at random: it may be found out or not, but never brings the program down, and a rebuild mends all. */
/* An entry's bytes say what it is, and are of all lengths. */
static void entry_bytes(struct buf *out, enum figure_part part, struct figure_key key, size_t version)
{
	buf_truncate(out, 0);
	buf_addf(out, "%d %lld %lld %zu ", (int)part, (long long)key.received_s, (long long)key.n, version);
	for (size_t i = (size_t)(key.n * 7919) % (part == PART_VISITS ? 20 : 600); i; i--)
		buf_putc(out, (char)(i * (size_t)key.n));
}

#define ENTRIES 3000
struct entry_model {
	struct figure_key key;
	size_t version; /* 0: not there */
};

static void check_range(struct index *index, enum figure_part part, const struct entry_model *model, const struct range *range)
{
	struct figures found = {0};
	_cleanup_buf_ struct buf bytes = {0};
	size_t wanted = 0;

	assert_int_equal(figures_read(index, part, range, &found, NULL), 0);
	for (size_t i = 0; i < ENTRIES; i++)
		wanted += model[i].version && range_has(range, model[i].key.received_s);
	assert_int_equal(found.list.n, wanted);
	for (size_t i = 0; i < found.list.n; i++) {
		const struct figure *figure = &found.list.v[i];

		assert_true(!i || figure[-1].key.received_s < figure->key.received_s || (figure[-1].key.received_s == figure->key.received_s && figure[-1].key.n < figure->key.n));
		entry_bytes(&bytes, part, model[figure->key.n].key, model[figure->key.n].version);
		assert_true(figure->size == bytes.n && memcmp(figure->bytes, bytes.p, bytes.n) == 0);
	}
	figures_release(&found);
}

/* Pages of figures under random puts and drops, in order and not, many of one second: what is read is what was put. */
static void pages_of_figures(void **state)
{
	struct bench bench;
	struct index *index;
	_cleanup_buf_ struct buf bytes = {0};

	seed = 6;
	bench_new(&bench);
	for (size_t i = 0; i < 3; i++)
		commit_randomly(&bench);
	for (int part = 0; part < FIGURE_PARTS; part++) {
		struct entry_model *model = xcalloc(ENTRIES, sizeof(*model));

		index = open_index(&bench);
		db_close(index); /* it only reads */
		assert_int_equal(db_open(index, index->path, DB_WRITE, 0, NULL), 0);
		assert_int_equal(db_exec(index, "DELETE FROM pages WHERE length(first) > 0; UPDATE pages SET size = 0, data = x''", NULL), 0);
		for (size_t i = 0; i < ENTRIES; i++)
			model[i].key = (struct figure_key){part == PART_WORDS ? (int64_t)i * 10 : draw(3) ? (int64_t)draw(500) : part == PART_VISITS ? 7 : -(int64_t)draw(50), (int64_t)i};
		model[9].key.received_s = TIME_NONE;
		for (size_t turn = 0; turn < 3 * ENTRIES; turn++) {
			struct entry_model *one = &model[turn < ENTRIES ? turn : draw(ENTRIES)];

			if (draw(200) == 0)
				assert_int_equal(pages_flush(index, NULL), 0);
			if (turn > ENTRIES && draw(3) == 0) {
				assert_int_equal(figures_drop(index, (enum figure_part)part, one->key, NULL), 0);
				one->version = 0;
				continue;
			}
			entry_bytes(&bytes, (enum figure_part)part, one->key, ++one->version);
			assert_int_equal(figures_put(index, (enum figure_part)part, one->key, &bytes, NULL), 0);
		}
		assert_int_equal(pages_flush(index, NULL), 0);
		check_range(index, (enum figure_part)part, model, &(struct range){INT64_MIN, INT64_MAX});
		for (size_t i = 0; i < 200; i++) {
			int64_t from_s = (int64_t)draw(600) - 80;

			check_range(index, (enum figure_part)part, model, &(struct range){from_s, from_s + (int64_t)draw(40)});
		}
		for (size_t i = 0; i < ENTRIES; i++, model[i - 1].version = 0)
			assert_int_equal(figures_drop(index, (enum figure_part)part, model[i].key, NULL), 0);
		assert_int_equal(pages_flush(index, NULL), 0);
		check_range(index, (enum figure_part)part, model, &(struct range){INT64_MIN, INT64_MAX});
		index_close(index); /* nothing was committed */
		free(model);
	}
	index = open_index(&bench);
	verify(index);
	index_close(index);
	bench_end(&bench);
}

static void damaged_anywhere(void **state)
{
	struct bench bench;
	_cleanup_free_ char *path = NULL;

	seed = 5;
	bench_new(&bench);
	for (size_t i = 0; i < 10; i++)
		commit_randomly(&bench);
	path = xasprintf("%sindex.db", store_private(bench.trial.store));
	for (size_t i = 0; i < 60; i++) {
		struct texts differences = {0}, words_given = {0};
		_cleanup_free_ char *text = random_query(&words_given);
		_cleanup_query_ struct query *query = parse(&words_given, NULL, 0);
		index_hits hits = {0};
		struct index *index;
		struct stat st;
		int fd;

		assert_int_equal(index_rebuild(bench.trial.store, &rules, &bench.head, NULL, NULL, &bench.trial.err), 0);
		fd = open(path, O_RDWR);
		assert_true(fd >= 0 && fstat(fd, &st) == 0);
		for (size_t n = draw(40) + 1; n; n--)
			assert_int_equal(pwrite(fd, (char[]){(char)draw(256)}, 1, (off_t)draw((uint64_t)st.st_size)), 1);
		close(fd);
		if (index_open(&index, bench.trial.store, &rules, &bench.head, NULL, NULL, &bench.trial.err) == 0) {
			const struct range all = {INT64_MIN, INT64_MAX}, ranges[FIGURE_PARTS] = {all, all, all};
			struct figures figures[FIGURE_PARTS] = {0};
			size_t listed;

			index_select(index, query, &hits, NULL, &bench.trial.err);
			index_figures(index, draw(2) ? query : NULL, ranges, figures, &listed, &bench.trial.err);
			for (int part = 0; part < FIGURE_PARTS; part++)
				figures_release(&figures[part]);
			index_verify(index, &differences, &bench.trial.err);
			index_close(index);
		}
		index_hits_release(&hits);
		texts_release(&differences);
		texts_release(&words_given);
	}
	assert_int_equal(index_rebuild(bench.trial.store, &rules, &bench.head, NULL, NULL, &bench.trial.err), 0);
	check_all(&bench, 20);
	bench_end(&bench);
}

static void lookups(void **state)
{
	struct bench bench;
	struct index *index;
	struct texts found = {0};
	_cleanup_free_ char *number = NULL;
	const struct ticket *one;
	index_loads loads = {0};
	size_t open = 0, due = 0;
	int64_t next = INT64_MAX, answer;

	seed = 3;
	bench_new(&bench);
	for (size_t i = 0; i < 20; i++)
		commit_randomly(&bench);
	index = open_index(&bench);
	for (size_t i = 0; i < bench.files.n; i++) {
		const struct ticket *t = bench.files.v[i].ticket;
		bool is_due = false;

		if (!t)
			continue;
		assert_int_equal(index_numbers(index, t->id, 5, &found, NULL), 0);
		assert_int_equal(found.n, 1);
		assert_string_equal(found.v[0], t->id);
		open += state_is_open((enum ticket_state)t->state) && t->assignee && *t->assignee;
		for (size_t c = 0; c < t->clocks.n; c++)
			if (t->clocks.v[c].next.set) {
				is_due = is_due || t->clocks.v[c].next.s <= NOW;
				next = t->clocks.v[c].next.s < next ? t->clocks.v[c].next.s : next;
			}
		due += is_due;
	}
	one = bench.files.v[0].ticket ? bench.files.v[0].ticket : bench.files.v[1].ticket;
	assert_int_equal(index_numbers(index, "wx-202605", 0, &found, NULL), 0);
	assert_true(found.n > 10);
	assert_int_equal(index_numbers(index, one->id + 8, 5, &found, NULL), 0);
	assert_true(texts_have(&found, one->id));
	assert_int_equal(index_numbers(index, "nothing", 5, &found, NULL), 0);
	assert_int_equal(found.n, 0);
	assert_int_equal(index_uid(index, one->uid, &number, NULL), 0);
	assert_string_equal(number, one->id);
	free(steal_ptr(number));
	assert_int_equal(index_key(index, "no such key", &number, NULL), TICKET_NOTFOUND);
	assert_int_equal(index_open_loads(index, &loads, NULL), 0);
	for (size_t i = 0; i < loads.n; i++)
		open -= loads.v[i].open;
	assert_int_equal(open, 0);
	assert_int_equal(index_next_due(index, NOW, 0, &found, NULL), 0);
	assert_int_equal(found.n, due);
	assert_int_equal(index_next_moment(index, &answer, NULL), 0);
	assert_true(answer == next);
	index_close(index);
	index_loads_release(&loads);
	texts_release(&found);
	bench_end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_changes), cmocka_unit_test(same_second), cmocka_unit_test(lookups), cmocka_unit_test(killed_anywhere),
		cmocka_unit_test(many_at_once), cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(pages_of_figures),
	};

	return cmocka_run_group_tests(tests, bench_setup, bench_teardown);
}
