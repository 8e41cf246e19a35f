/* SPDX-License-Identifier: MIT */
/* The index under random changes of a real repository: refreshed it equals the desk, and every answer a plain scan. */
#include "store_desk.h"

#include <signal.h>
#include <sys/wait.h>

#include "index/db.h"
#include "ticket/text.h"

#define NOW INT64_C(1777777777)

static struct policy *policy;
static struct index_rules rules; /* nothing is judged here */
static struct zone *zone;

/* --- random tickets --------------------------------------------------------------------------------------------- */

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

static const char *pick(const char *const *from, size_t n)
{
	return from[draw(n)];
}
#define PICK(...) pick((const char *const[]){__VA_ARGS__}, ARRAY_SIZE(((const char *const[]){__VA_ARGS__})))

static char *random_text(size_t most)
{
	struct buf text = {0};

	for (size_t i = draw(most) + 1; i; i--)
		buf_addf(&text, "%s%s", PICK("退款", "手机", "不能登录", "Screen", "broken", "ÉCLAIR", "e\u0301clair", "ＦＵＬＬ", "张三", "Straße", "STRASSE", "привет", "👨‍👩‍👧", "ﾃﾞｽ", "a", "重新发货"),
			 PICK(" ", "", "\n", "  ", "，", "\t"));
	return buf_steal(&text);
}

static struct stamp at(int64_t s)
{
	return stamp_at(zone, s);
}

static char *random_id(size_t bytes)
{
	char *text = xmalloc(bytes * 2 + 1);

	for (size_t i = 0; i < bytes; i++)
		sprintf(text + 2 * i, "%02x", (unsigned)draw(256));
	return text;
}

static struct event *add_event(struct ticket *ticket, enum event_kind kind)
{
	struct event *event = list_push(&ticket->events);

	event->id = random_id(8);
	event->kind = (int)kind;
	event->at = event->recorded = at(NOW - (int64_t)draw(4000000));
	event->by = xstrdup(PICK("Li", "Wang", "Zhao"));
	return event;
}

/* On a coarse grid, so that the moment itself is often met. */
static struct stamp near_now(void)
{
	return at(NOW + ((int64_t)draw(7) - 3) * 600);
}

static void random_clocks(struct ticket *ticket)
{
	for (size_t i = draw(4); i; i--) {
		struct clock *clock = list_push(&ticket->clocks);

		clock->target = xstrdup(PICK("first_response", "plan", "daily"));
		clock->cycle = (int64_t)draw(3) + 1;
		clock->verdict = (int)draw(VERDICTS);
		clock->from = at(NOW - 5000);
		if (draw(4))
			clock->due = near_now();
		if (draw(3) == 0)
			clock->done = at(NOW - 10);
		if (draw(2)) {
			clock->next = near_now();
			clock->next_step = xstrdup(PICK("warn:75%", "due", "ladder:1"));
		}
		if (draw(4) == 0) {
			struct event *warned = add_event(ticket, EVENT_WARNED);

			warned->clock = xstrdup(clock->target);
			warned->cycle = clock->cycle;
		}
	}
}

static void random_change(struct ticket *t)
{
	static const enum event_kind kinds[] = {EVENT_NOTED, EVENT_RESPONDED, EVENT_RESOLVED, EVENT_ARCHIVED, EVENT_INBOUND, EVENT_ASSIGNED};
	struct event *event = add_event(t, kinds[draw(ARRAY_SIZE(kinds))]);

	if (draw(2) && event->kind != EVENT_ASSIGNED)
		event->text = random_text(6);
	t->state = (int)draw(STATES - 1) + 1;
	t->cycle = (int64_t)draw(3);
	t->level = (int64_t)draw(4);
	t->delayed = draw(5) == 0;
	t->quarantined = draw(5) == 0;
	replace_text(&t->assignee, PICK("Li", "Wang", "Zhao", NULL, ""));
	replace_text(&t->group, PICK("engineering", "operations", NULL));
	replace_text(&t->priority, PICK("high", "medium", "low", "gone", NULL));
	texts_release(&t->types);
	for (size_t i = draw(3); i; i--)
		texts_add(&t->types, PICK("complaint", "complaint/quality", "inquiry/policy", "malfunction/login", "complaintive", "a\nb"));
	if (draw(6) == 0)
		texts_add(&t->aliases, PICK("WX-20200101-001", "old-7", "OLD-8"));
	if (draw(3) == 0)
		pairs_set(&t->fields, "serial", PICK("A1", "B2", "a1", ""));
	t->eta = draw(2) ? at(NOW + (int64_t)draw(100000)) : (struct stamp){0};
	random_clocks(t);
}

static struct ticket *random_ticket(unsigned serial)
{
	struct ticket *t = xcalloc(1, sizeof(*t));

	t->format = 1;
	t->id = xasprintf("WX-202605%02u-%03u", serial / 50 % 28 + 1, serial);
	t->uid = random_id(16);
	t->received = at(NOW - (int64_t)draw(300) * 10000);
	t->channel = xstrdup(PICK("wechat", "app", "website"));
	t->subject = draw(8) ? random_text(4) : NULL;
	t->description = draw(4) ? random_text(12) : NULL;
	t->customer.display = xstrdup(PICK("张**", "Smith", NULL));
	t->customer.id = xstrdup(PICK("C1", "C2", NULL));
	t->source.key = draw(2) ? xasprintf("key-%u", serial) : NULL;
	add_event(t, EVENT_OPENED);
	random_change(t);
	return t;
}

/* --- a desk that changes ---------------------------------------------------------------------------------------- */

struct file {
	char *path, *bytes;
	size_t n;
	struct ticket *ticket; /* NULL: the bytes are no ticket */
};

struct bench {
	struct trial trial;
	LIST(struct file) files; /* what HEAD has, by our own account */
	struct snapshot head;
	LIST(struct snapshot) past;
	unsigned serial;
};

static void drop_file(struct file *file)
{
	free(file->path);
	free(file->bytes);
	ticket_free(file->ticket);
	*file = (struct file){0};
}

static void forget_files(struct bench *bench)
{
	for (size_t i = 0; i < bench->files.n; i++)
		drop_file(&bench->files.v[i]);
	free(bench->files.v);
	bench->files.v = NULL;
	bench->files.n = 0;
}

static int remember_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct bench *bench = data;
	struct file *file;
	struct buf text = {0};

	assert_int_equal(store_read_blob(bench->trial.store, &entry->id, &text, err), 0);
	if (text_ends(entry->name, ".json")) {
		file = list_push(&bench->files);
		file->path = xstrdup(entry->path);
		file->n = text.n;
		file->bytes = buf_steal(&text);
		if (ticket_read(&file->ticket, file->bytes, file->n, entry->path, NULL))
			file->ticket = NULL;
	}
	buf_release(&text);
	return 0;
}

static void reread_files(struct bench *bench)
{
	forget_files(bench);
	assert_int_equal(store_changes(bench->trial.store, &(struct oid){{0}}, &bench->head.tree, "tickets", remember_file, bench, &bench->trial.err), 0);
}

static struct file *new_file(struct bench *bench, unsigned serial)
{
	struct file *file = list_push(&bench->files);

	file->path = xasprintf("tickets/2026/05/%02u/%02u/WX-202605%02u-%03u.json", serial / 50 % 28 + 1, serial / 100, serial / 50 % 28 + 1, serial);
	return file;
}

static void set_ticket(struct file *file, struct ticket *ticket)
{
	struct buf text = {0};

	ticket_write(ticket, &text);
	free(file->bytes);
	file->n = text.n;
	file->bytes = buf_steal(&text);
	/* What is read back is what counts. */
	if (file->ticket != ticket)
		ticket_free(file->ticket);
	ticket_free(ticket == file->ticket ? file->ticket : ticket);
	assert_int_equal(ticket_read(&file->ticket, file->bytes, file->n, file->path, NULL), 0);
}

static const char *const broken[] = {"", "{", "{\"format\": 99}", "[]", "{\"format\":1,\"id\":\"x\"}"};

/* One random change of one file, put into the commit. */
static void change_file_randomly(struct bench *bench, struct store_change *change)
{
	struct ticket_error *err = &bench->trial.err;
	size_t what = draw(10);
	struct file *file;

	if (bench->files.n < 20 || what < 3) {
		file = new_file(bench, bench->serial++);
		set_ticket(file, random_ticket(bench->serial - 1));
	} else {
		file = &bench->files.v[draw(bench->files.n)];
		if (what == 3) {
			assert_int_equal(store_change_remove(change, file->path, err), 0);
			drop_file(file);
			*file = bench->files.v[--bench->files.n];
			return;
		}
		if (what == 4) {
			ticket_free(file->ticket);
			file->ticket = NULL;
			replace_text(&file->bytes, pick(broken, ARRAY_SIZE(broken)));
			file->n = strlen(file->bytes);
		} else if (file->ticket) {
			random_change(file->ticket);
			set_ticket(file, file->ticket);
		} else {
			set_ticket(file, random_ticket(bench->serial++));
		}
	}
	if (store_change_put(change, file->path, file->bytes, file->n, err))
		fail_msg("%s", err->message);
}

/* Tells the index of a commit as the desk does, from the two trees. */
struct told {
	struct bench *bench;
	LIST(struct index_change) changes;
};

static int tell_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct told *told = data;
	struct index_change *change = list_push(&told->changes);

	change->path = xstrdup(entry->path);
	change->blob = entry->id;
	for (size_t i = 0; i < told->bench->files.n; i++)
		if (!oid_is_zero(&entry->id) && strcmp(told->bench->files.v[i].path, entry->path) == 0)
			change->ticket = told->bench->files.v[i].ticket;
	return 0;
}

static void tell_index(struct bench *bench, const struct snapshot *before)
{
	struct told told = {.bench = bench};
	bool tickets = true;

	assert_int_equal(store_changes(bench->trial.store, &before->tree, &bench->head.tree, "tickets", tell_file, &told, NULL), 0);
	for (size_t i = 0; i < told.changes.n; i++)
		tickets = tickets && (told.changes.v[i].ticket || oid_is_zero(&told.changes.v[i].blob));
	/* A desk never writes what is no ticket: then nobody tells the index. */
	if (tickets)
		index_update(bench->trial.store, &rules, before, &bench->head, told.changes.v, told.changes.n);
	for (size_t i = 0; i < told.changes.n; i++)
		free((char *)told.changes.v[i].path);
	free(told.changes.v);
}

static void commit_randomly(struct bench *bench)
{
	struct trial *trial = &bench->trial;
	struct store_change *change;
	struct snapshot before = bench->head;

	assert_int_equal(store_lock(trial->store, 1000, &trial->err), 0);
	assert_int_equal(store_change_begin(&change, trial->store, &bench->head, &trial->err), 0);
	for (size_t i = draw(draw(10) ? 3 : 40) + 1; i; i--)
		change_file_randomly(bench, change);
	if (store_change_commit(change, &words, &bench->head, &trial->err))
		fail_msg("%s", trial->err.message);
	store_change_free(change);
	store_unlock(trial->store);
	*list_push(&bench->past) = bench->head;
	if (draw(2) && !oid_is_zero(&before.commit))
		tell_index(bench, &before);
}

/* Another commit of the past becomes HEAD: a reset, a branch switch, an older revision checked out. */
static void jump_randomly(struct bench *bench)
{
	struct snapshot to = bench->past.v[draw(bench->past.n)];
	char hex[OID_HEX_SIZE];

	assert_int_equal(shell(&bench->trial, "git update-ref HEAD %s", oid_hex(hex, &to.commit)), 0);
	bench->head = to;
	reread_files(bench);
}

static void bench_new(struct bench *bench)
{
	*bench = (struct bench){0};
	trial_new(&bench->trial, CHECKOUT_NONE);
}

static void bench_end(struct bench *bench)
{
	forget_files(bench);
	free(bench->past.v);
	trial_end(&bench->trial);
}

/* --- comparing -------------------------------------------------------------------------------------------------- */

static struct index *open_index(struct bench *bench)
{
	struct index *index;

	if (index_open(&index, bench->trial.store, &rules, &bench->head, NULL, NULL, &bench->trial.err))
		fail_msg("%s", bench->trial.err.message);
	return index;
}

static void verify(struct index *index)
{
	struct texts differences = {0};
	struct ticket_error err = {0};

	if (index_verify(index, &differences, &err))
		fail_msg("%s", err.message);
	if (differences.n)
		fail_msg("%zu differences: %s", differences.n, differences.v[0]);
}

static char *random_query(struct texts *out)
{
	static const char *const terms[] = {
		"state:open", "-state:open", "state:done,closed", "state:archived", "owes:followed_up", "-owes:followed_up", "has:owes", "no:owes", "no:inspected", "priority:high", "priority:high,low", "-priority:high", "priority:=gone",
		"no:priority", "has:priority", "assignee:me", "assignee:Li", "-assignee:Wang", "no:assignee", "overdue", "-overdue", "at-risk", "-at-risk",
		"delayed", "is:quarantined", "reopened", "level:>=2", "level:1..2", "-level:0", "cycle:<2", "type:complaint", "type:complaint/quality", "-type:inquiry",
		"type:=complaintive", "no:type", "channel:wechat", "channel:公众号", "due.before:+10m", "due.after:now", "no:due", "received:2026-04", "received.after:-10d",
		"received.before:2026-04-20", "updated.before:-20d", "resolved:2026", "no:responded", "eta.before:+1d", "field.serial:A1", "-field.serial:A1",
		"has:field.serial", "no:field.serial", "customer:C1", "group:engineering", "退款", "手机", "SCREEN", "éclair", "strasse", "-broken", "full", "a b",
		"登录", "subject:退款", "-subject:手机", "text:\"broken a\"", "привет", "👨‍👩‍👧", "デス", "zzzz", "款手", "key:key-7", "status:to_do", "no:status", "-status:archived",
	};
	struct buf text = {0};

	for (size_t i = draw(4); i; i--)
		texts_add(out, terms[draw(ARRAY_SIZE(terms))]);
	for (size_t i = 0; i < out->n; i++)
		buf_addf(&text, " %s", out->v[i]);
	return buf_steal(&text);
}

static const struct query *sorting;

static int by_query(const void *a, const void *b)
{
	return query_compare(sorting, (*(const struct file *const *)a)->ticket, (*(const struct file *const *)b)->ticket);
}

/* The plain scan: every ticket asked, those that match sorted. */
static void scan(const struct bench *bench, const struct query *query, struct texts *out)
{
	const struct file **found = xcalloc(bench->files.n, sizeof(*found));
	size_t n = 0;

	for (size_t i = 0; i < bench->files.n; i++)
		if (bench->files.v[i].ticket && query_matches(query, bench->files.v[i].ticket))
			found[n++] = &bench->files.v[i];
	sorting = query;
	qsort(found, n, sizeof(*found), by_query);
	for (size_t i = 0; i < n && (!query_limit(query) || i < query_limit(query)); i++)
		texts_add(out, found[i]->path);
	free(found);
}

static struct query *parse(const struct texts *given, const char *sort, size_t limit)
{
	const struct query_context context = {policy, zone, NOW, "Li"};
	struct ticket_error err = {0};
	struct query *query;

	if (query_parse(&query, (const char *const *)given->v, given->n, sort, limit, &context, &err))
		fail_msg("%s", err.message);
	return query;
}

static void compare_answer(struct bench *bench, struct index *index, const struct query *query, const char *text, const char *sort)
{
	struct texts right = {0};
	size_t limit = query_limit(query), total;
	index_hits hits = {0};

	scan(bench, query, &right);
	if (index_select(index, query, &hits, &total, &bench->trial.err))
		fail_msg("%s: %s", text, bench->trial.err.message);
	if (hits.n != right.n)
		fail_msg("query%s: %zu instead of %zu", text, hits.n, right.n);
	for (size_t i = 0; i < hits.n; i++)
		if (strcmp(hits.v[i].path, right.v[i]) != 0)
			fail_msg("query%s sorted by %s: %s instead of %s at %zu", text, sort ? sort : "default", hits.v[i].path, right.v[i], i);
	assert_true(total >= hits.n && (!limit || hits.n <= limit));
	index_hits_release(&hits);
	texts_release(&right);
}

static void compare_answers(struct bench *bench, struct index *index)
{
	struct texts query_words = {0};
	_cleanup_free_ char *text = random_query(&query_words);
	const char *sort = PICK(NULL, NULL, "received", "-received", "due", "-due", "priority", "-priority", "state", "assignee", "-assignee", "level", "status", "-updated", "id");
	_cleanup_query_ struct query *query = parse(&query_words, sort, draw(3) ? 0 : draw(20));

	compare_answer(bench, index, query, text, sort);
	texts_release(&query_words);
}

static void check_all(struct bench *bench, size_t queries)
{
	struct index *index = open_index(bench);

	verify(index);
	for (size_t i = 0; i < queries; i++)
		compare_answers(bench, index);
	index_close(index);
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

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

static int setup(void **state)
{
	/* Half of those that are resolved owe a follow-up. */
	static struct sample half = {.name = "half", .event = "followed_up", .share = 0.5};
	struct ticket_error err = {0};
	struct buf text = {0};
	FILE *f = fopen(PRESETS "/multichannel/policy.json", "r");
	int c, failed;

	if (!f)
		return -1;
	while ((c = getc(f)) != EOF)
		buf_putc(&text, (char)c);
	fclose(f);
	failed = policy_read(&policy, text.p, text.n, "policy.json", &err) || zone_open(&zone, "Asia/Shanghai", &err);
	buf_release(&text);
	if (!failed) {
		policy->samples.v = &half;
		policy->samples.n = 1;
	}
	rules.policy = policy;
	return failed;
}

static int teardown(void **state)
{
	policy_free(policy);
	zone_free(zone);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_changes), cmocka_unit_test(same_second), cmocka_unit_test(lookups), cmocka_unit_test(killed_anywhere),
		cmocka_unit_test(many_at_once), cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(pages_of_figures),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
