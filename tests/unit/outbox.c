/* SPDX-License-Identifier: MIT */
/* Notices: what events owe, the outbox under repetition and damage, mails and webhook bodies made of hostile text. */
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deliver/mail.h"
#include "deliver/outbox.h"
#include "deliver/owed.h"
#include "base/process.h"
#include "deliver/settings.h"
#include "deliver/webhook.h"

#define NOW INT64_C(1778031000) /* 2026-05-06T09:30:00+08:00 */

struct trial {
	char *dir;
	struct desk *desk;
	struct desk_context context;
	struct ticket_error err;
};

#define MUST(trial, call) \
	do { \
		if ((call) != 0) \
			fail_msg("%s", (trial)->err.message); \
	} while (0)

static void reopen(struct trial *t, int64_t now_s)
{
	desk_close(t->desk);
	t->context.now_s = now_s;
	MUST(t, desk_open(&t->desk, &t->context, &t->err));
}

static int trial_new(void **state)
{
	struct trial *t = xcalloc(1, sizeof(*t));

	setenv("HOME", "/nonexistent", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	t->dir = xstrdup("/tmp/unit-outbox-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	t->context = (struct desk_context){.folder = t->dir, .as = "Li", .now_s = NOW};
	MUST(t, desk_init(t->dir, PRESETS, "response-tracking", "none", &t->context, &t->err));
	reopen(t, NOW);
	*state = t;
	return 0;
}

static int trial_end(void **state)
{
	struct trial *t = *state;
	_cleanup_free_ char *command = xasprintf("rm -rf '%s'", t->dir);

	desk_close(t->desk);
	assert_int_equal(system(command), 0);
	free(t->dir);
	free(t);
	return 0;
}

/* Puts people into the desk's policy. */
static void put_people(struct trial *t, const char *people)
{
	_cleanup_buf_ struct buf text = {0};
	_cleanup_change_ struct change *change = NULL;
	struct policy *policy = (struct policy *)desk_policy(t->desk);
	_cleanup_free_ char *with = NULL;
	const char *roles;

	policy_write(policy, &text);
	roles = strstr(text.p, "\"roles\": [");
	assert_non_null(roles);
	with = xasprintf("%.*s\"people\": %s,\n  %s", (int)(roles - text.p), text.p, people, roles);
	MUST(t, change_begin(&change, t->desk, &t->err));
	MUST(t, change_file(change, "policy/policy.json", with, strlen(with), &t->err));
	MUST(t, change_commit(change, false, &t->err));
	change_free(steal_ptr(change));
	reopen(t, t->context.now_s);
}

static const char people[] = "[{\"name\":\"Li\",\"roles\":[\"supervisor\"]},{\"name\":\"Wang\",\"roles\":[\"agent\"]},"
			     "{\"name\":\"Bao\",\"roles\":[\"department_head\",\"director\"],\"calendar\":\"office\"}]";

static char *new_ticket(struct trial *t, const char *file)
{
	_cleanup_change_ struct change *change = NULL;
	struct ticket *draft = xcalloc(1, sizeof(*draft)), *out;
	struct event opened = {0};

	draft->channel = xstrdup("phone");
	draft->subject = xstrdup("the screen is black");
	draft->description = xstrdup("the screen is black, call 13812345678");
	draft->priority = xstrdup("2");
	draft->source.file = xstrdup(file);
	texts_add(&draft->types, desk_policy(t->desk)->types.v[0].name);
	MUST(t, change_begin(&change, t->desk, &t->err));
	if (file)
		change_past(change);
	MUST(t, change_new(change, draft, &opened, &out, &t->err));
	if (file) {
		struct event assigned = {.kind = EVENT_ASSIGNED, .person = xstrdup("Wang"), .by = xstrdup("import")};

		MUST(t, change_record(change, out, &assigned, NULL, &t->err));
	}
	MUST(t, change_commit(change, false, &t->err));
	return xstrdup(out->id);
}

/* Records what a sweep would. The event's texts are literals; it is copied. */
static void record(struct trial *t, const char *number, const struct event *event)
{
	struct texts numbers = {0};

	texts_add(&numbers, number);
	MUST(t, desk_record(t->desk, &numbers, event, false, NULL, NULL, &t->err));
	texts_release(&numbers);
}

struct seen {
	notices list;
};

static int keep(struct notice *notice, void *data, struct ticket_error *err)
{
	struct seen *seen = data;

	*list_push(&seen->list) = *notice;
	return 0;
}

/* "TO WAY KIND RULE" of each, a line each. */
static char *owed(struct trial *t, const char *stamp)
{
	struct seen seen = {0};
	char head[OID_HEX_SIZE];
	struct buf out = {0};

	MUST(t, owed_each(t->desk, stamp, keep, &seen, head, &t->err));
	for (size_t i = 0; i < seen.list.n; i++) {
		const struct notice *n = &seen.list.v[i];

		buf_addf(&out, "%s %s %s %s%s\n", n->to, n->way, notice_word((enum notice_kind)n->kind), n->rule, n->not_before.set ? " quiet" : "");
	}
	notices_release(&seen.list);
	return buf_steal(&out);
}

static char *head_of(struct trial *t)
{
	char hex[OID_HEX_SIZE];

	return xstrdup(oid_hex(hex, &t->desk->head.commit));
}

/* --- what is owed ---------------------------------------------------------------------------------------------- */

static void events_owe(void **state)
{
	static const struct {
		struct event event;
		const char *owed;
	} cases[] = {
		{{.kind = EVENT_ASSIGNED, .person = (char *)"Wang"}, "Wang email assigned assigned\nWang webhook assigned assigned\n"},
		{{.kind = EVENT_ASSIGNED, .person = (char *)"Li"}, ""},
		{{.kind = EVENT_NOTED, .text = (char *)"x"}, ""},
		{{.kind = EVENT_BREACHED, .clock = (char *)"first_response", .cycle = 1, .step = (char *)"ladder:level_1", .automatic = true},
		 "Li sms breach level_1\nLi phone breach level_1\n"},
		{{.kind = EVENT_ESCALATED, .level = 2, .clock = (char *)"resolution", .cycle = 1, .step = (char *)"ladder:level_2", .reason = (char *)"late", .automatic = true},
		 "Bao email escalation level_2\n"},
		{{.kind = EVENT_WARNED, .clock = (char *)"resolution", .cycle = 1, .step = (char *)"warn:75%", .automatic = true}, ""},
		{{.kind = EVENT_WARNED, .clock = (char *)"resolution", .cycle = 1, .step = (char *)"ladder:no_progress", .automatic = true}, "Li email breach no_progress\n"},
		{{.kind = EVENT_NOTIFIED, .clock = (char *)"resolution", .cycle = 1, .step = (char *)"ladder:emergency", .automatic = true},
		 "Bao sms breach emergency\nBao phone breach emergency\n"},
		{{.kind = EVENT_NOTIFIED, .to = (char *)"Wang", .via = (char *)"email", .step = (char *)"ladder:emergency", .automatic = true}, ""},
		{{.kind = EVENT_ESCALATED, .level = 1, .step = (char *)"alarm:repeat", .reason = (char *)"3 complaints", .automatic = true}, "Li email alarm repeat\n"},
		{{.kind = EVENT_ESCALATED, .level = 1, .step = (char *)"alarm:silent_customer:0011223344556677", .reason = (char *)"x", .automatic = true},
		 "customer channel customer silent_customer\n"},
		{{.kind = EVENT_ESCALATED, .level = 1, .step = (char *)"ladder:of_another_policy", .reason = (char *)"x", .automatic = true}, ""},
	};
	struct trial *t = *state;

	put_people(t, people);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *number = new_ticket(t, NULL), *stamp = head_of(t), *got = NULL;

		record(t, number, &cases[i].event);
		got = owed(t, stamp);
		assert_string_equal(got, cases[i].owed);
	}
}

/* Whom a ticket was assigned to when it happened is told, not who has it by now. */
static void owed_as_of_then(void **state)
{
	struct trial *t = *state;
	_cleanup_free_ char *number = new_ticket(t, NULL), *stamp = head_of(t), *got = NULL;

	record(t, number, &(struct event){.kind = EVENT_ASSIGNED, .person = (char *)"Wang"});
	record(t, number, &(struct event){.kind = EVENT_ASSIGNED, .person = (char *)"Zhao", .reason = (char *)"away"});
	got = owed(t, stamp);
	assert_string_equal(got, "Wang email assigned assigned\nWang webhook assigned assigned\nZhao email assigned assigned\nZhao webhook assigned assigned\n");
}

static void the_past_is_silent(void **state)
{
	struct trial *t = *state;
	_cleanup_free_ char *number = new_ticket(t, "old.csv"), *none = owed(t, NULL), *late = NULL;

	assert_string_equal(none, "");
	/* What happens to an imported ticket afterwards is told. */
	reopen(t, NOW + 3600);
	record(t, number, &(struct event){.kind = EVENT_ASSIGNED, .person = (char *)"Wang", .reason = (char *)"again"});
	late = owed(t, NULL);
	assert_string_equal(late, "Wang email assigned assigned\nWang webhook assigned assigned\n");
}

static void a_lost_stamp(void **state)
{
	static const char *const lost[] = {NULL, "0000000000000000000000000000000000000007"};
	struct trial *t = *state;
	_cleanup_free_ char *number = new_ticket(t, NULL), *stamp = head_of(t), *all = NULL;

	record(t, number, &(struct event){.kind = EVENT_ASSIGNED, .person = (char *)"Wang"});
	reopen(t, NOW + 30 * 3600);
	for (size_t i = 0; i < ARRAY_SIZE(lost); i++) {
		_cleanup_free_ char *got = owed(t, lost[i]);

		assert_string_equal(got, "");
	}
	all = owed(t, stamp);
	assert_string_equal(all, "Wang email assigned assigned\nWang webhook assigned assigned\n");
}

static void quiet_hours(void **state)
{
	struct trial *t = *state;
	_cleanup_free_ char *number = NULL, *stamp = NULL, *got = NULL;

	put_people(t, people);
	number = new_ticket(t, NULL);
	stamp = head_of(t);
	reopen(t, NOW + 12 * 3600);
	record(t, number, &(struct event){.kind = EVENT_ASSIGNED, .person = (char *)"Bao"});
	record(t, number, &(struct event){.kind = EVENT_NOTIFIED, .step = (char *)"ladder:emergency", .automatic = true});
	got = owed(t, stamp);
	assert_string_equal(got, "Bao email assigned assigned quiet\nBao webhook assigned assigned quiet\nBao sms breach emergency\nBao phone breach emergency\n");
}

/* --- the outbox ------------------------------------------------------------------------------------------------ */

static size_t count(struct trial *t)
{
	_cleanup_outbox_ struct outbox *outbox = NULL;
	notices list = {0};
	size_t n;

	MUST(t, outbox_open(&outbox, store_private(t->desk->store), &t->err));
	MUST(t, outbox_list(outbox, &list, NULL, &t->err));
	n = list.n;
	notices_release(&list);
	return n;
}

static void collected_once(void **state)
{
	struct trial *t = *state;
	_cleanup_free_ char *number = new_ticket(t, NULL), *stamp = NULL;
	size_t put;

	record(t, number, &(struct event){.kind = EVENT_ASSIGNED, .person = (char *)"Wang"});
	MUST(t, outbox_collect(t->desk, &put, &t->err));
	assert_int_equal(put, 2);
	MUST(t, outbox_collect(t->desk, &put, &t->err));
	assert_int_equal(put, 0);
	/* Killed before the stamp was written: the same again makes the same. */
	stamp = xasprintf("%soutbox/stamp", store_private(t->desk->store));
	assert_int_equal(unlink(stamp), 0);
	MUST(t, outbox_collect(t->desk, &put, &t->err));
	assert_int_equal(put, 0);
	assert_int_equal(count(t), 2);
}

static void put_by_key(void **state)
{
	struct trial *t = *state;
	struct notice report = {.kind = NOTICE_REPORT, .key = (char *)"report:week:2026-W18", .to = (char *)"Li", .way = (char *)"email", .subject = (char *)"s", .body = (char *)"b"};
	struct notice bad = report;

	MUST(t, outbox_put(t->desk, &report, &t->err));
	MUST(t, outbox_put(t->desk, &report, &t->err));
	assert_int_equal(count(t), 1);
	report.to = (char *)"Wang";
	MUST(t, outbox_put(t->desk, &report, &t->err));
	assert_int_equal(count(t), 2);
	bad.key = NULL;
	assert_int_equal(outbox_put(t->desk, &bad, &t->err), TICKET_USAGE);
	bad = report;
	bad.body = (char *)"a\rb";
	assert_int_equal(outbox_put(t->desk, &bad, &t->err), TICKET_USAGE);
	assert_int_equal(count(t), 2);
}

/* Ten processes put the same notice at once: one stays, whole. */
static void put_at_once(void **state)
{
	struct trial *t = *state;
	struct notice notice = {.kind = NOTICE_REPORT, .key = (char *)"k", .to = (char *)"Li", .way = (char *)"email"};
	int status;

	for (int i = 0; i < 10; i++)
		if (fork() == 0)
			_exit(outbox_put(t->desk, &notice, NULL) ? 1 : 0);
	for (int i = 0; i < 10; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count(t), 1);
}

static void one_run_at_a_time(void **state)
{
	struct trial *t = *state;
	_cleanup_outbox_ struct outbox *one = NULL, *two = NULL;

	MUST(t, outbox_open(&one, store_private(t->desk->store), &t->err));
	MUST(t, outbox_open(&two, store_private(t->desk->store), &t->err));
	MUST(t, outbox_lock(one, &t->err));
	assert_int_equal(outbox_lock(two, &t->err), TICKET_BUSY);
	outbox_close(steal_ptr(one));
	MUST(t, outbox_lock(two, &t->err));
}

static void damaged_files(void **state)
{
	static const char *const texts[] = {"", "{", "[]", "{\"format\":9,\"id\":\"0123456789abcdef0123456789abcdef\"}",
					    "{\"format\":1,\"id\":\"../../../../etc/passwd\",\"kind\":\"event\",\"to\":\"a\",\"way\":\"email\",\"created\":\"2026-05-06T09:30:00Z\"}",
					    "{\"format\":1,\"id\":\"ffffffffffffffffffffffffffffffff\",\"kind\":\"event\",\"to\":\"a\",\"way\":\"email\",\"created\":\"2026-05-06T09:30:00Z\"}"};
	struct trial *t = *state;
	_cleanup_outbox_ struct outbox *outbox = NULL;

	MUST(t, outbox_open(&outbox, store_private(t->desk->store), &t->err));
	MUST(t, outbox_lock(outbox, &t->err));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *file = xasprintf("%soutbox/0123456789abcdef0123456789abcdef.json", store_private(t->desk->store));
		FILE *f = fopen(file, "w");
		struct texts damaged = {0};
		notices list = {0};

		fputs(texts[i], f);
		fclose(f);
		MUST(t, outbox_list(outbox, &list, &damaged, &t->err));
		assert_int_equal(list.n, 0);
		assert_int_equal(damaged.n, 1);
		assert_int_not_equal(access(file, F_OK), 0);
		texts_release(&damaged);
	}
}

/* A link or pipe in the place of a notice is neither followed nor waited for. */
static void planted_files(void **state)
{
	struct trial *t = *state;
	_cleanup_free_ char *file = xasprintf("%soutbox/0123456789abcdef0123456789abcdef.json", store_private(t->desk->store));
	_cleanup_free_ char *folder = xasprintf("%soutbox", store_private(t->desk->store));
	struct texts damaged = {0};
	notices list = {0};
	_cleanup_outbox_ struct outbox *outbox = NULL;

	MUST(t, outbox_open(&outbox, store_private(t->desk->store), &t->err));
	assert_int_equal(mkfifo(file, 0600), 0);
	MUST(t, outbox_list(outbox, &list, &damaged, &t->err));
	assert_int_equal(unlink(file), 0);
	assert_int_equal(symlink("/etc/passwd", file), 0);
	MUST(t, outbox_list(outbox, &list, &damaged, &t->err));
	assert_int_equal(list.n, 0);
	assert_int_equal(damaged.n, 2);
	texts_release(&damaged);
	outbox_close(steal_ptr(outbox));
	/* Neither is a link in the place of the folder. */
	{
		_cleanup_free_ char *command = xasprintf("rm -rf '%s' && ln -s /tmp '%s'", folder, folder);

		assert_int_equal(system(command), 0);
	}
	assert_int_equal(outbox_open(&outbox, store_private(t->desk->store), &t->err), TICKET_STORAGE);
}

/* --- mail ------------------------------------------------------------------------------------------------------ */

static void addresses(void **state)
{
	static const struct {
		const char *address;
		bool valid;
	} cases[] = {
		{"a@b", true}, {"first.last+tag@mail.example.org", true}, {"", false}, {"@b", false}, {"a@", false}, {"a b@c", false},
		{"a@b\r\nBcc: c@d", false}, {"a@b>,<c@d", false}, {"a@b@c", false}, {"王@例.cn", false}, {"-a@b", false}, {"a\"@b", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (mail_address_valid(cases[i].address) != cases[i].valid)
			fail_msg("%s", cases[i].address);
}

static void hostile_mail(void **state)
{
	struct mail mail = {
		.id = "0123456789abcdef0123456789abcdef",
		.from = "desk@example.com",
		.from_name = "Desk\r\nBcc: all@example.com",
		.to = "li@example.org",
		.to_name = "\"x\" <evil@example.com>, Li",
		.subject = "a\r\nBcc: all@example.com\r\n\r\nbody 工单 =?UTF-8?Q?x?=",
		.body = "one\n.\ntwo\n",
		.date = {.s = NOW, .offset_s = -12600, .set = true},
	};
	struct ticket_error err = {0};
	_cleanup_buf_ struct buf out = {0};

	assert_int_equal(mail_write(&out, &mail, &err), 0);
	assert_null(strstr(out.p, "Bcc"));
	assert_null(strstr(out.p, "evil"));
	assert_non_null(strstr(out.p, "\r\n <li@example.org>\r\n"));
	assert_non_null(strstr(out.p, "Date: Tue, 5 May 2026 22:00:00 -0330\r\n"));
	assert_non_null(strstr(out.p, "Message-ID: <0123456789abcdef0123456789abcdef@example.com>\r\n"));
	assert_non_null(strstr(out.p, "Content-Transfer-Encoding: 7bit\r\n\r\none\r\n.\r\ntwo\r\n"));
	assert_null(strstr(out.p, "References"));
	for (const char *line = out.p; *line; line = strstr(line, "\r\n") + 2)
		assert_true(strstr(line, "\r\n") - line <= 76);
	mail.to = "li@example.org\r\nBcc: x@y";
	assert_int_equal(mail_write(&out, &mail, &err), TICKET_USAGE);
}

/* --- webhooks -------------------------------------------------------------------------------------------------- */

static void hook_bodies(void **state)
{
	static const char *const all[] = {"json", "slack", "feishu", "dingtalk", "wecom"};
	_cleanup_free_ char *longer = xmalloc(9001);
	struct hook_message message = {.id = "i", .kind = "k", .to = "a\"},{\"b", .tickets = "T-1", .subject = "\"\\{body}\n", .body = longer};

	for (size_t i = 0; i < 9000; i += 3)
		memcpy(longer + i, "工", 3);
	longer[9000] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		_cleanup_buf_ struct buf out = {0};

		assert_int_equal(hook_write(&out, hook_template(all[i]), all[i], &message, NULL), 0);
		if (i)
			assert_true(out.n < 2048); /* what WeCom takes */
	}
	assert_null(hook_template("telegraph"));
	assert_string_equal(hook_template(NULL), hook_template("json"));
}

static void hook_own_template(void **state)
{
	static const struct {
		const char *template, *out; /* NULL: refused */
	} cases[] = {
		{"{\"a\":\"{subject}\"}", "{\"a\":\"say \\\"x\\\" {to}\"}"}, {"{\"a\":\"{unknown} {\"}", "{\"a\":\"{unknown} {\"}"}, {"{\"a\":{subject}}", NULL},
		{"", NULL}, {"{\"a\":\"{id}\"", NULL}, {"[\"{to}{to}\"]", "[\"LiLi\"]"},
	};
	struct hook_message message = {.id = "i", .kind = "k", .to = "Li", .tickets = "", .subject = "say \"x\" {to}", .body = ""};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_buf_ struct buf out = {0};
		int failed = hook_write(&out, cases[i].template, "t", &message, NULL);

		assert_int_equal(failed != 0, cases[i].out == NULL);
		if (!failed)
			assert_string_equal(out.p, cases[i].out);
	}
}

static void hook_answers(void **state)
{
	static const struct {
		const char *answer, *why; /* NULL: taken */
	} cases[] = {
		{"ok", NULL}, {"", NULL}, {"{}", NULL}, {"{\"errcode\":0,\"errmsg\":\"ok\"}", NULL}, {"[1]", NULL}, {"{\"code\":\"x\"}", NULL},
		{"{\"errcode\":93000,\"errmsg\":\"no\"}", "the server answers errcode 93000: no"}, {"{\"code\":19001,\"msg\":\"bad\"}", "the server answers code 19001: bad"},
		{"{\"StatusCode\":1}", "the server answers StatusCode 1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_buf_ struct buf why = {0};
		bool refused = hook_refused(cases[i].answer, strlen(cases[i].answer), &why);

		assert_int_equal(refused, cases[i].why != NULL);
		if (refused)
			assert_string_equal(why.p, cases[i].why);
	}
}

/* --- settings, programs ---------------------------------------------------------------------------------------- */

static void command_words(void **state)
{
	static const struct {
		const char *line, *words; /* NULL: refused */
	} cases[] = {
		{"a", "a"}, {" a  b\t", "a|b"}, {"\"a b\" c", "a b|c"}, {"a\\ b", "a b"}, {"a\"b c\"d", "ab cd"}, {"", NULL}, {"  ", NULL}, {"\"a", NULL}, {"a $(b) ;c", "a|$(b)|;c"},
		{"a \"\"", "a|"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct texts words = {0};
		bool good = split_words(cases[i].line, &words);
		_cleanup_free_ char *joined = texts_join(&words, "|");

		assert_int_equal(good, cases[i].words != NULL);
		if (good)
			assert_string_equal(joined, cases[i].words);
		texts_release(&words);
	}
}

static void local_urls(void **state)
{
	static const struct {
		const char *url;
		bool local;
	} cases[] = {
		{"smtp://localhost", true}, {"smtp://127.0.0.1:25", true}, {"smtp://[::1]:25/x", true}, {"smtp://LOCALHOST:1", true}, {"smtp://localhost.example.com", false},
		{"smtp://127.0.0.1.example.com", false}, {"smtp://localhost@mail.example.com", false}, {"smtp://mail.example.com/localhost", false},
		{"smtp://u@localhost", true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (url_is_local(cases[i].url) != cases[i].local)
			fail_msg("%s", cases[i].url);
}

static void programs(void **state)
{
	static const struct {
		const char *script;
		int64_t limit_ms;
		const char *said, *why; /* why NULL: it succeeded */
	} cases[] = {
		{"cat", 5000, "in", NULL}, {"exit 3", 5000, "", "ended with 3"}, {"echo a; echo b >&2", 5000, "a|b", NULL}, {"kill -TERM $$", 5000, "", "was ended by signal 15"},
		{"sleep 60", 200, "", "took too long and was stopped"}, {"sleep 60 & sleep 60", 200, "", "took too long and was stopped"},
		{"exec >&- 2>&-; sleep 60", 200, "", "took too long and was stopped"}, {"trap '' TERM INT HUP; while :; do sleep 1; done", 200, "", "took too long and was stopped"},
		{"printf 'no end'", 5000, "no end", NULL},
	};
	_cleanup_buf_ struct buf input = {0};

	buf_puts(&input, "in\n");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *argv[] = {"sh", "-c", cases[i].script, NULL};
		int64_t start_ms = process_clock_ms();
		struct texts lines = {0};
		_cleanup_free_ char *why = NULL, *said = NULL;
		struct process process;
		char *line;
		bool good;

		assert_int_equal(process_start(&process, argv, environ, &input, PROCESS_ERRORS, cases[i].limit_ms, NULL), 0);
		while ((line = process_line(&process)))
			*list_push(&lines) = line;
		good = process_end(&process, &why);
		said = texts_join(&lines, "|");
		assert_string_equal(said, cases[i].said);
		assert_int_equal(good, cases[i].why == NULL);
		if (!good)
			assert_string_equal(why, cases[i].why);
		assert_true(process_clock_ms() - start_ms < 5000);
		texts_release(&lines);
	}
}

int main(void)
{
#define ON_DESK(f) cmocka_unit_test_setup_teardown(f, trial_new, trial_end)
	const struct CMUnitTest tests[] = {
		ON_DESK(events_owe),
		ON_DESK(owed_as_of_then),
		ON_DESK(the_past_is_silent),
		ON_DESK(a_lost_stamp),
		ON_DESK(quiet_hours),
		ON_DESK(collected_once),
		ON_DESK(put_by_key),
		ON_DESK(put_at_once),
		ON_DESK(one_run_at_a_time),
		ON_DESK(damaged_files),
		ON_DESK(planted_files),
		cmocka_unit_test(addresses),
		cmocka_unit_test(hostile_mail),
		cmocka_unit_test(hook_bodies),
		cmocka_unit_test(hook_own_template),
		cmocka_unit_test(hook_answers),
		cmocka_unit_test(command_words),
		cmocka_unit_test(local_urls),
		cmocka_unit_test(programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
