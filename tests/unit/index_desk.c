/* SPDX-License-Identifier: MIT */
/* See index_desk.h. */
#include "index_desk.h"

#include "ticket/text.h"

static struct policy *policy;
static struct zone *zone;
struct index_rules rules; /* nothing is judged here */

/* --- random tickets --------------------------------------------------------------------------------------------- */

uint64_t seed;

uint64_t draw(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

const char *pick(const char *const *from, size_t n)
{
	return from[draw(n)];
}

static char *random_text(size_t most)
{
	struct buf text = {0};

	for (size_t i = draw(most) + 1; i; i--)
		buf_addf(&text, "%s%s", PICK("退款", "手机", "不能登录", "Screen", "broken", "ÉCLAIR", "e\u0301clair", "ＦＵＬＬ", "张三", "Straße", "STRASSE", "привет", "👨‍👩‍👧", "ﾃﾞｽ", "a", "重新发货"),
			 PICK(" ", "", "\n", "  ", "，", "\t"));
	return buf_steal(&text);
}

struct stamp at(int64_t s)
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

struct ticket *random_ticket(unsigned serial)
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
	if (text_ends(entry->name, ".json") && !entry->is_link) {
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

void reread_files(struct bench *bench)
{
	forget_files(bench);
	assert_int_equal(store_changes(bench->trial.store, &(struct oid){{0}}, &bench->head.tree, "tickets", remember_file, bench, &bench->trial.err), 0);
}

struct file *new_file(struct bench *bench, unsigned serial)
{
	struct file *file = list_push(&bench->files);

	file->path = xasprintf("tickets/2026/05/%02u/%02u/WX-202605%02u-%03u.json", serial / 50 % 28 + 1, serial / 100, serial / 50 % 28 + 1, serial);
	return file;
}

void set_ticket(struct file *file, struct ticket *ticket)
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
	size_t what = bench->most && bench->files.n > bench->most ? 3 + draw(7) : draw(10);
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

void commit_changes(struct bench *bench, size_t n)
{
	struct trial *trial = &bench->trial;
	struct store_change *change;
	struct snapshot before = bench->head;

	assert_int_equal(store_lock(trial->store, 1000, &trial->err), 0);
	assert_int_equal(store_change_begin(&change, trial->store, &bench->head, &trial->err), 0);
	for (; n; n--)
		change_file_randomly(bench, change);
	if (store_change_commit(change, &words, &bench->head, &trial->err))
		fail_msg("%s", trial->err.message);
	store_change_free(change);
	store_unlock(trial->store);
	*list_push(&bench->past) = bench->head;
	if (draw(2) && !oid_is_zero(&before.commit))
		tell_index(bench, &before);
}

void commit_randomly(struct bench *bench)
{
	commit_changes(bench, draw(draw(10) ? 3 : 40) + 1);
}

/* Another commit of the past becomes HEAD: a reset, a branch switch, an older revision checked out. */
void jump_randomly(struct bench *bench)
{
	struct snapshot to = bench->past.v[draw(bench->past.n)];
	char hex[OID_HEX_SIZE];

	assert_int_equal(shell(&bench->trial, "git update-ref HEAD %s", oid_hex(hex, &to.commit)), 0);
	bench->head = to;
	reread_files(bench);
}

void bench_new(struct bench *bench)
{
	*bench = (struct bench){0};
	trial_new(&bench->trial, CHECKOUT_NONE);
}

void bench_end(struct bench *bench)
{
	forget_files(bench);
	free(bench->past.v);
	trial_end(&bench->trial);
}

/* --- comparing -------------------------------------------------------------------------------------------------- */

struct index *open_index(struct bench *bench)
{
	struct index *index;

	if (index_open(&index, bench->trial.store, &rules, &bench->head, NULL, NULL, &bench->trial.err))
		fail_msg("%s", bench->trial.err.message);
	return index;
}

void verify(struct index *index)
{
	struct texts differences = {0};
	struct ticket_error err = {0};

	if (index_verify(index, &differences, &err))
		fail_msg("%s", err.message);
	if (differences.n)
		fail_msg("%zu differences: %s", differences.n, differences.v[0]);
}

char *random_query(struct texts *out)
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

struct query *parse(const struct texts *given, const char *sort, size_t limit)
{
	const struct query_context context = {policy, zone, NOW, "Li"};
	struct ticket_error err = {0};
	struct query *query;

	if (query_parse(&query, (const char *const *)given->v, given->n, sort, limit, &context, &err))
		fail_msg("%s", err.message);
	return query;
}

void compare_answer(struct bench *bench, struct index *index, const struct query *query, const char *text, const char *sort)
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

void compare_answers(struct bench *bench, struct index *index)
{
	struct texts query_words = {0};
	_cleanup_free_ char *text = random_query(&query_words);
	const char *sort = PICK(NULL, NULL, "received", "-received", "due", "-due", "priority", "-priority", "state", "assignee", "-assignee", "level", "status", "-updated", "id");
	_cleanup_query_ struct query *query = parse(&query_words, sort, draw(3) ? 0 : draw(20));

	compare_answer(bench, index, query, text, sort);
	texts_release(&query_words);
}

void check_all(struct bench *bench, size_t queries)
{
	struct index *index = open_index(bench);

	verify(index);
	for (size_t i = 0; i < queries; i++)
		compare_answers(bench, index);
	index_close(index);
}

/* --- what is judged by ------------------------------------------------------------------------------------------- */

int bench_setup(void **state)
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

int bench_teardown(void **state)
{
	policy_free(policy);
	zone_free(zone);
	return 0;
}
