/* SPDX-License-Identifier: MIT */
/* What an audit stands on: commits as they lie there, which of them lead to which, what their messages and anchors say. */
#include "sweep_desk.h"

#include "audit/message.h"
#include "ticket/audit.h"
#include "ticket/file.h"

/* --- which lead to which ---------------------------------------------------------------------------------------- */

#define COMMITS 60

struct web {
	struct trial trial;
	struct oid ids[COMMITS];
	unsigned long seed;
};

static unsigned pick(struct web *web, unsigned n)
{
	web->seed = web->seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(web->seed >> 33) % n;
}

static void read_output(const struct trial *trial, struct buf *out)
{
	_cleanup_free_ char *path = xasprintf("%s/out", trial->dir);

	buf_truncate(out, 0);
	assert_int_equal(file_read(path, 0, out, NULL), 0);
}

/* Commits with none, one, two or three parents among those before; 'skew': dates that go back and forth by weeks. */
static void weave(struct web *web, bool skew)
{
	_cleanup_buf_ struct buf out = {0};

	trial_new(&web->trial, CHECKOUT_FULL);
	for (unsigned i = 0; i < COMMITS; i++) {
		_cleanup_buf_ struct buf parents = {0};
		long when = 1700000000 + (long)i * 3600 + (skew ? (long)pick(web, 60 * 86400) - 30 * 86400 : 0);
		char hex[OID_HEX_SIZE];

		for (unsigned p = i == 0 || pick(web, 20) == 0 ? 0 : 1 + pick(web, 3); p-- > 0;)
			buf_addf(&parents, " -p %s", oid_hex(hex, &web->ids[i < 8 ? pick(web, i) : i - 1 - pick(web, 8)]));
		assert_int_equal(shell(&web->trial, "GIT_AUTHOR_DATE='%ld +0000' GIT_COMMITTER_DATE='%ld +0000' git commit-tree -m %u %s $(git hash-object -w -t tree /dev/null) > out 2>/dev/null",
				       when, when, i, parents.p ? parents.p : ""), 0);
		read_output(&web->trial, &out);
		out.p[40] = '\0';
		assert_true(oid_from_hex(&web->ids[i], out.p));
	}
}

static bool has(const oids *list, const struct oid *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (oid_equal(&list->v[i], id))
			return true;
	return false;
}

/* What git says leads to one and not to the other. */
static void git_says(struct web *web, const struct oid *tip, const struct oid *without, oids *out)
{
	_cleanup_buf_ struct buf text = {0};
	char a[OID_HEX_SIZE], b[OID_HEX_SIZE];

	assert_int_equal(shell(&web->trial, "git rev-list %s %s%s > out", oid_hex(a, tip), without ? "^" : "", without ? oid_hex(b, without) : ""), 0);
	read_output(&web->trial, &text);
	for (size_t i = 0; i + 40 < text.n; i += 41) {
		text.p[i + 40] = '\0';
		assert_true(oid_from_hex(list_push(out), text.p + i));
	}
}

static void parents_come_first(struct web *web, const oids *list)
{
	struct store_record record = {0};

	for (size_t i = 0; i < list->n; i++) {
		assert_int_equal(store_record_read(&record, web->trial.store, &list->v[i], &web->trial.err), 0);
		for (size_t p = 0; p < record.parents.n; p++)
			for (size_t k = i; k < list->n; k++)
				assert_false(oid_equal(&list->v[k], &record.parents.v[p]));
	}
	store_record_release(&record);
}

static void compare_with_git(struct web *web, const struct oid *tip, const struct oid *without, bool exactly)
{
	oids tips = {(struct oid *)tip, 1}, other = {(struct oid *)without, 1}, list = {0}, git = {0};

	assert_int_equal(store_commits(web->trial.store, &tips, without ? &other : NULL, &list, &web->trial.err), 0);
	git_says(web, tip, without, &git);
	parents_come_first(web, &list);
	for (size_t i = 0; i < git.n; i++)
		assert_true(has(&list, &git.v[i]));
	if (exactly)
		assert_int_equal(list.n, git.n);
	free(list.v);
	free(git.v);
}

static void leads_as_git_says(struct web *web, const struct oid *commit, const struct oid *tip)
{
	oids tips = {(struct oid *)tip, 1};
	char a[OID_HEX_SIZE], b[OID_HEX_SIZE];
	bool leads;

	assert_int_equal(store_leads_to(web->trial.store, commit, &tips, &leads, &web->trial.err), 0);
	assert_int_equal(leads, shell(&web->trial, "git merge-base --is-ancestor %s %s", oid_hex(a, commit), oid_hex(b, tip)) == 0);
}

/* Whatever the dates: none is left out, and whether one leads to another is told rightly. */
static void leads(void **state)
{
	for (unsigned skew = 0; skew < 2; skew++) {
		struct web web = {.seed = 7 + skew};

		weave(&web, skew);
		for (unsigned i = 0; i < COMMITS; i += 3) {
			const struct oid *tip = &web.ids[COMMITS - 1 - pick(&web, 10)], *other = &web.ids[i];

			compare_with_git(&web, other, NULL, true);
			compare_with_git(&web, tip, other, !skew);
			leads_as_git_says(&web, other, tip);
			leads_as_git_says(&web, tip, other);
		}
		trial_end(&web.trial);
	}
}

/* --- one commit --------------------------------------------------------------------------------------------------- */

static int read_as(struct trial *trial, struct store_record *record, const char *text)
{
	_cleanup_free_ char *path = xasprintf("%s/text", trial->dir);
	_cleanup_buf_ struct buf id = {0};
	_cleanup_fclose_ FILE *file = fopen(path, "w");
	struct oid oid;

	fputs(text, file);
	fclose(steal_ptr(file));
	assert_int_equal(shell(trial, "git hash-object -w -t commit --literally text > out"), 0);
	read_output(trial, &id);
	id.p[40] = '\0';
	assert_true(oid_from_hex(&oid, id.p));
	return store_record_read(record, trial->store, &oid, &trial->err);
}

#define TREE "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define A "author Li Na <li@example.org> 1700000000 +0800\n"
#define C "committer Desk <d@x> 1700000060 -0330\n"

static void records(void **state)
{
	static const char *const damaged[] = {
		"", "tree 4b825dc6\n" A C "\nx\n", TREE A "\nx\n", TREE "author Li\n" C "\nx\n", TREE "parent 4b\n" A C "\nx\n", TREE "author Li <l> soon +0000\n" C "\nx\n",
		TREE "author Li <l> -5 +0000\n" C "\nx\n", TREE "author Li <l> 99999999999999999999 +0000\n" C "\nx\n", A TREE C "\nx\n",
	};
	struct store_record record = {0};
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	assert_int_equal(read_as(&trial, &record, TREE "parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent 5b825dc642cb6eb9a060e54bf8d69288fbee4904\n" A C
				 "encoding UTF-8\ngpgsig -----BEGIN\n more\n \n -----END\n\nsubject\n\nTicket: X\n"), 0);
	assert_int_equal(record.commit.parents, 2);
	assert_int_equal(record.parents.v[1].id[0], 0x5b);
	assert_string_equal(record.commit.author, "Li Na");
	assert_string_equal(record.commit.author_email, "li@example.org");
	assert_int_equal(record.commit.authored_s, 1700000000);
	assert_int_equal(record.commit.author_offset_s, 28800);
	assert_string_equal(record.commit.committer, "Desk");
	assert_int_equal(record.commit.committed_s, 1700000060);
	assert_int_equal(record.commit.committer_offset_s, -12600);
	assert_string_equal(record.commit.message, "subject\n\nTicket: X\n");
	assert_int_equal(read_as(&trial, &record, TREE "author  <> 0 +0000\n" C), 0);
	assert_string_equal(record.commit.author, "");
	assert_string_equal(record.commit.message, "");
	assert_int_equal(record.commit.parents, 0);
	for (size_t i = 0; i < ARRAY_SIZE(damaged); i++)
		if (read_as(&trial, &record, damaged[i]) != TICKET_STORAGE)
			fail_msg("case %zu was read", i);
	store_record_release(&record);
	trial_end(&trial);
}

static void names(void **state)
{
	assert_true(store_person_is("Li Na", "Li Na"));
	assert_true(store_person_is("Li Na x", "Li< Na\n> x"));
	assert_true(store_person_is("unknown", NULL));
	assert_true(store_person_is("unknown", ""));
	assert_false(store_person_is("Li", "Li Na"));
	assert_false(store_person_is("Li Na", "Li"));
	assert_false(store_person_is("", "Li"));
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

static void messages(void **state)
{
	static const struct {
		const char *text, *told; /* names, counts:tickets, imports:new:changed, then the tickets with their events */
	} cases[] = {
		{"WX-1: respond\n\nTicket: WX-1\nEvent: responded aa\n", "names WX-1(responded aa)"},
		{"2 tickets: merge\n\nTicket: WX-2\nEvent: merged aa\nTicket: WX-1\nEvent: merged bb\nEvent: noted cc\n", "names WX-1(merged bb,noted cc) WX-2(merged aa)"},
		{"Ticket: WX-1\nEvent: responded aa\n", ""},
		{"subject\n\nTicket: WX-1\n\nand some prose\n", ""},
		{"subject\n\nsome prose\n\nTicket: WX-1\n", "names WX-1()"},
		{"subject\n\n\nTicket: WX-1", "names WX-1()"},
		{"subject\n\nEvent: responded aa\n", ""},
		{"import a.csv: 3 new, 1 changed (SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)\n\nTickets: 4\n", "names counts:4 imports:3:1"},
		{"import a: 9 new, 9: 3 new, 1 changed (SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)\n\nTickets: 4\n", "names counts:4 imports:3:1"},
		{"import a.csv: 3 new, 1 changed (SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)\n", ""},
		{"import a.csv: 3 new, 1 changed (SHA-256 0123456789abcdef)\n\nTickets: 4\n", "names counts:4"},
		{"import a.csv: 3 new, 1 changed (SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef) more\n\nTickets: 4\n", "names counts:4"},
		{"x import a.csv: 3 new, 1 changed (SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)\n\nTickets: 4\n", "names counts:4"},
		{"", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct message message = {0};
		_cleanup_buf_ struct buf told = {0};

		message_read(&message, cases[i].text);
		buf_puts(&told, message.names ? "names" : "");
		if (message.counts)
			buf_addf(&told, " counts:%zu", message.tickets);
		if (message.imports)
			buf_addf(&told, " imports:%zu:%zu", message.imports_new, message.imports_changed);
		for (size_t t = 0; t < message.said.n; t++) {
			_cleanup_free_ char *events = texts_join(&message.said.v[t].events, ",");

			buf_addf(&told, " %s(%s)", message.said.v[t].number, events);
			assert_ptr_equal(message_of(&message, message.said.v[t].number), &message.said.v[t]);
		}
		assert_string_equal(told.p, cases[i].told);
		assert_null(message_of(&message, "WX-9"));
		message_release(&message);
	}
}

/* --- anchors ------------------------------------------------------------------------------------------------------ */

static void anchors(void **state)
{
	struct audit_anchor anchor = {.commit = "0123456789abcdef0123456789abcdef01234567", .taken = {1700000000, 28800, true}, .commits = 1204, .tickets = 350, .events = 2890};
	_cleanup_free_ char *line = audit_anchor_line(&anchor), *mail = NULL;
	audit_anchors read = {0};

	assert_string_equal(line, "ticket anchor 1 2023-11-15T06:13:20+08:00 0123456789abcdef0123456789abcdef01234567 1204 commits 350 tickets 2890 events");
	mail = xasprintf("Subject: %s\n\n> %s, she said\nticket anchor 2 %s\nticket anchor 1 today 0123\nticket anchor 1 2023-11-15T06:13:20+08:00 0123456789abcdef 1 commits\n", line, line, line + 16);
	audit_anchors_read(&read, mail);
	assert_int_equal(read.n, 2);
	for (size_t i = 0; i < read.n; i++) {
		_cleanup_free_ char *again = audit_anchor_line(&read.v[i]);

		assert_string_equal(again, line);
	}
	audit_anchors_read(&read, "");
	assert_int_equal(read.n, 2);
	free(read.v);
}

/* --- the clock ------------------------------------------------------------------------------------------------------ */

#define NOON INT64_C(1777953600)
static int64_t reads_s;

static int64_t clock_of_test(void)
{
	return reads_s;
}

static int note_time(const struct log_entry *entry, void *data, struct ticket_error *err)
{
	*(int64_t *)data = entry->recorded.s;
	return 1;
}

static int no_finding(const struct audit_finding *finding, void *data, struct ticket_error *err)
{
	fail_msg("%s: %s", finding->where ? finding->where : "", finding->what);
	return 0;
}

/* What waited for its lock, or for an editor, is recorded when it has the lock: never before what was recorded meanwhile. */
static void clocks(void **state)
{
	static const struct {
		int64_t began_s, reads_s, recorded_s;
	} cases[] = {{NOON, NOON + 3600, NOON + 3600}, {NOON + 60, NOON + 3600, NOON + 3600}, {NOON + 7200, NOON + 3700, NOON + 7200}};
	struct audit_counts counts;
	struct swept swept;

	swept_new(&swept, "multichannel", NOON);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t recorded_s = 0;

		reads_s = cases[i].reads_s;
		swept.desk->context.clock = clock_of_test;
		swept_receive(&swept, cases[i].began_s, "channel=wechat types=inquiry/function");
		assert_int_equal(desk_log(swept.desk, NULL, note_time, &recorded_s, &swept.err), 0);
		assert_int_equal(recorded_s, cases[i].recorded_s);
	}
	assert_int_equal(desk_audit(swept.desk, &(struct audit_options){0}, no_finding, NULL, &counts, &swept.err), 0);
	assert_int_equal(counts.commits, 1 + ARRAY_SIZE(cases));
	swept_end(&swept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leads), cmocka_unit_test(records), cmocka_unit_test(names), cmocka_unit_test(messages), cmocka_unit_test(anchors), cmocka_unit_test(clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
