/* SPDX-License-Identifier: MIT */
/* Queries: what is refused and why, what a term selects, ranges of time, snippets. */
#include "unit.h"

#include "index/query.h"
#include "ticket/text.h"

#define NOW INT64_C(1777800600) /* 2026-05-03T17:30:00+08:00, a Sunday */

static struct policy *policy;
static struct zone *zone;

static int parse(struct query **out, const char *word, const char *sort, struct ticket_error *err)
{
	const struct query_context context = {policy, zone, NOW, "Li"};

	*err = (struct ticket_error){0};
	return query_parse(out, &word, word ? 1 : 0, sort, 0, &context, err);
}

/* --- refusals --------------------------------------------------------------------------------------------------- */

static void refusals(void **state)
{
	static const struct {
		const char *word, *message;
	} cases[] = {
		{"stat:open", "'stat' is no field of a query; did you mean 'state:'? To look for the text itself write text:'stat:open'"},
		{"State:open", "'State' is no field of a query; did you mean 'state:'? To look for the text itself write text:'State:open'"},
		{"receved.after:today", "'receved.after' is no field of a query; did you mean 'received.after:'? To look for the text itself write text:'receved.after:today'"},
		{"state.after:today", "'state.after' is no field of a query; did you mean 'state:'? To look for the text itself write text:'state.after:today'"},
		{"number:7", "'number' is no field of a query; did you mean 'id:'? To look for the text itself write text:'number:7'"},
		{"sort:due", "'sort' is no field of a query but an option: --sort. To look for the text itself write text:'sort:due'"},
		{"priority:HIGH", "'HIGH' is no priority; did you mean 'high'? There are: high, medium, low"},
		{"level:3..1", "level: '3..1' ends before it begins"},
		{"frobnication:1", "'frobnication' is no field of a query; see ticket-query(7). To look for the text itself write text:'frobnication:1'"},
		{"state:opne",
		 "'opne' is no state; did you mean 'open'? There are: new, triaged, assigned, in_progress, waiting, resolved, confirmed, verified, archived, merged, open, done, closed"},
		{"priority:hihg", "'hihg' is no priority; did you mean 'high'? There are: high, medium, low"},
		{"priority:high,urgent", "'urgent' is no priority; there are: high, medium, low"},
		{"type:complaint/qualty", NULL},
		{"channel:fax", NULL},
		{"priority:", "'priority:' lacks a value; tickets without one are found by no:priority"},
		{"priority:high,", "'priority:' lacks a value; tickets without one are found by no:priority"},
		{"no:assigne", NULL},
		{"no:state", NULL},
		{"is:late", NULL},
		{"overdue:yes", "'overdue' takes no value; right would be overdue or -overdue"},
		{"due.befor:today", "'due.befor' is no field; right would be due.after, .since, .before or .until"},
		{"due.before:<today", "'due.before:' and '<' say the same; give one of them"},
		{"due.before:someday", NULL},
		{"due:2026-13", NULL},
		{"received:2026-05-03..2026-05-01", "received: '2026-05-03..2026-05-01' ends before it begins"},
		{"received:..", NULL},
		{"level:two", "'two' is no number for level; right would be level:2, level:>=2 or level:1..3"},
		{"level:9999999999999999", NULL},
		{"level:-1", NULL},
		{"field:x", "'field:x' lacks the field's name; right would be field.NAME:VALUE"},
		{"@nosuch", NULL},
		{"-@mine", "the saved query 'mine' can't be negated; negate its terms"},
		{"query:mien", NULL},
		{"\"open", "'\"open' lacks a closing quote"},
		{"\"\"", "'\"\"' holds nothing to look for"},
		{"text:", "'' holds nothing to look for"},
		{"\xe2\x80\x8b", NULL}, /* a zero-width space */
		{"", "a word of the query is empty"},
		{"a\x01", "a word of the query holds a control character"},
		{"\xff", "a word of the query holds not valid UTF-8"},
		{"state:open refund", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err;
		struct query *query;

		if (parse(&query, cases[i].word, NULL, &err) != TICKET_USAGE)
			fail_msg("'%s' was not refused", cases[i].word);
		assert_null(query);
		assert_int_equal(err.code, TICKET_USAGE);
		if (cases[i].message)
			assert_string_equal(err.message, cases[i].message);
		assert_true(strlen(err.message) > 10);
	}
}

static void sorting_refused(void **state)
{
	static const char *const wrong[] = {"recieved", "-", "", "overdue", "type", "text", "--due", "no"};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct ticket_error err;
		struct query *query;

		assert_int_equal(parse(&query, "open", wrong[i], &err), TICKET_USAGE);
		assert_non_null(strstr(err.message, "field to sort by"));
	}
}

/* A single word of text that is nearly a term. */
static void doubts(void **state)
{
	static const struct {
		const char *word, *meant; /* NULL: nothing else */
	} cases[] = {
		{"overdu", "overdue"}, {"-overdu", "overdue"}, {"OVERDUE", "overdue"}, {"atrisk", "at-risk"}, {"open", "state:open"}, {"archved", "state:archived"}, {"Mine", "@mine"},
		{"not", NULL}, {"screen", NULL}, {"退款", NULL}, {"over due", NULL}, {"\"open\"", NULL}, {"state:open", NULL}, {"overdue", NULL}, {"Note: it", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_query_ struct query *query = NULL;
		struct ticket_error err;
		const char *typed, *meant;

		assert_int_equal(parse(&query, cases[i].word, NULL, &err), 0);
		meant = query_doubt(query, &typed);
		if (!cases[i].meant != !meant || (meant && strcmp(meant, cases[i].meant) != 0))
			fail_msg("'%s': %s", cases[i].word, meant ? meant : "nothing");
		if (meant)
			assert_string_equal(typed, cases[i].word + (*cases[i].word == '-'));
	}
}

static void nobody_is_me(void **state)
{
	const struct query_context context = {policy, zone, NOW, NULL};
	const char *word = "assignee:me";
	struct ticket_error err = {0};
	struct query *query;

	assert_int_equal(query_parse(&query, &word, 1, NULL, 0, &context, &err), TICKET_USAGE);
	assert_non_null(strstr(err.message, "--as PERSON"));
}

/* What a policy of its own adds: saved queries, one within another, a circle, one too deep; and fields. */
static void saved_queries(void **state)
{
	static const char text[] = "{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"web\"}],\"fields\":[{\"name\":\"serial\",\"own\":true}],\"queries\":["
				   "{\"name\":\"a\",\"query\":\"state:open @b\"},{\"name\":\"b\",\"query\":\"overdue \\\"two  words\\\"\"},"
				   "{\"name\":\"loop\",\"query\":\"query:pool\"},{\"name\":\"pool\",\"query\":\"@loop\"},"
				   "{\"name\":\"bad\",\"query\":\"state:opne\"},{\"name\":\"twice\",\"query\":\"@b @b\"}]}";
	static const struct {
		const char *word, *message;
	} cases[] = {
		{"@a", NULL},
		{"query:twice", NULL},
		{"@loop", "saved query 'loop': saved query 'pool': the saved query 'loop' contains itself"},
		{"@bad", "saved query 'bad': 'opne' is no state; did you mean 'open'?"},
		{"@c", "'c' is no saved query of this desk"},
		{"field.serail:1", "the policy has no field 'serail'; did you mean 'field.serial'? To ask for it as it is write field.serail:=VALUE"},
		{"no:field.serials", "the policy has no field 'serials'; did you mean 'field.serial'?"},
		{"field.serail:=1", NULL},
		{"field.colour:red", NULL},
	};
	struct ticket_error err = {0};
	_cleanup_policy_ struct policy *own = NULL;

	if (policy_read(&own, text, sizeof(text) - 1, "p.json", &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct query_context context = {own, zone, NOW, "Li"};
		_cleanup_query_ struct query *query = NULL;
		int failed = query_parse(&query, &cases[i].word, 1, NULL, 0, &context, &err);

		assert_int_equal(failed, cases[i].message ? TICKET_USAGE : 0);
		if (cases[i].message && !text_starts(err.message, cases[i].message))
			fail_msg("%s", err.message);
	}
}

/* --- what matches ----------------------------------------------------------------------------------------------- */

static const char ticket_text[] =
	"{\"format\":1,\"id\":\"WX-20260501-007\",\"uid\":\"00112233445566778899aabbccddeeff\",\"received\":\"2026-05-01T23:30:00+08:00\",\"channel\":\"wechat\","
	"\"customer\":{\"id\":\"C1\",\"display\":\"张**\"},\"subject\":\"手机 Broken\",\"description\":\"The ＳＣＲＥＥＮ\\nis e\\u0301clair  Straße\",\"types\":[\"complaint/quality\",\"inquiry\"],"
	"\"priority\":\"high\",\"departments\":[\"engineering\"],\"fields\":{\"serial\":\"A1\",\"empty\":\"\"},\"state\":\"in_progress\",\"cycle\":1,\"assignee\":\"Li\",\"level\":2,"
	"\"clocks\":[{\"target\":\"plan\",\"cycle\":1,\"from\":\"2026-05-01T00:00:00+08:00\",\"due\":\"2026-05-03T17:30:00+08:00\",\"verdict\":\"running\",\"next\":\"2026-05-03T17:00:00+08:00\",\"next_step\":\"warn:75%\"},"
	"{\"target\":\"start\",\"cycle\":1,\"due\":\"2026-05-01T00:00:00+08:00\",\"verdict\":\"missed\"},{\"target\":\"start\",\"cycle\":2,\"due\":\"2026-05-09T00:00:00+08:00\",\"done\":\"2026-05-02T00:00:00+08:00\",\"verdict\":\"met\"}],"
	"\"events\":[{\"id\":\"0011223344556677\",\"at\":\"2026-05-01T23:31:00+08:00\",\"recorded\":\"2026-05-01T23:31:00+08:00\",\"by\":\"Li\",\"do\":\"opened\"},"
	"{\"id\":\"0011223344556678\",\"at\":\"2026-05-02T10:00:00+08:00\",\"recorded\":\"2026-05-02T10:00:00+08:00\",\"by\":\"Li\",\"do\":\"responded\",\"text\":\"我们马上退款\"},"
	"{\"id\":\"0011223344556679\",\"at\":\"2026-05-03T10:00:00+08:00\",\"recorded\":\"2026-05-03T10:00:00+08:00\",\"by\":\"sweep\",\"do\":\"breached\",\"clock\":\"start\",\"cycle\":1}]}";

static struct ticket *read_sample(void)
{
	struct ticket_error err = {0};
	struct ticket *ticket;

	if (ticket_read(&ticket, ticket_text, sizeof(ticket_text) - 1, "t.json", &err))
		fail_msg("%s", err.message);
	return ticket;
}

static void matches(void **state)
{
	static const struct {
		const char *word;
		bool yes;
	} cases[] = {
		{"state:open", true}, {"state:in_progress", true}, {"state:done", false}, {"-state:closed", true}, {"state:new,in_progress", true}, {"is:open", true},
		{"is:in_progress", true}, {"priority:high", true}, {"priority:高", true}, {"priority:low,high", true}, {"priority:=gone", false}, {"-priority:=gone", true},
		{"type:complaint", true}, {"type:complaint/quality", true}, {"type:complaint/logistics", false}, {"type:inquiry", true}, {"type:inquiry/policy", false},
		{"type:=complaint/qual", false}, {"type:=compl", false}, {"assignee:me", true}, {"assignee:Wang", false}, {"no:assignee", false}, {"has:assignee", true},
		{"-no:assignee", true}, {"no:group", true}, {"group:engineering", false}, {"department:engineering", true}, {"no:category", true}, {"customer:C1", true},
		{"customer:C", false}, {"field.serial:A1", true}, {"field.serial:a1", false}, {"has:field.serial", true}, {"has:field.empty", false}, {"no:field.other", true},
		{"level:2", true}, {"level:>2", false}, {"level:>=2", true}, {"level:<=2", true}, {"level:<2", false}, {"level:1..2", true}, {"level:3..4", false}, {"cycle:1", true},
		/* Due at the very moment is not past it; the missed cycle of `start` is history. */
		{"overdue", false}, {"-overdue", true}, {"at-risk", true}, {"reopened", false}, {"delayed", false}, {"-is:quarantined", true},
		{"due:today", true}, {"due.before:now", false}, {"due.until:now", true}, {"due.after:now", true}, {"due.before:+2h", true}, {"due:2026-05-03..", true},
		{"received:2026-05-01", true}, {"received:2026-04", false}, {"received:2026-05", true}, {"received:2026-W18", true}, {"received:2026-Q2", true}, {"received:2026", true},
		{"received.after:2026-05-01", true}, {"received.after:2026-05-02", false}, {"received.before:2026-05-02", true}, {"received.before:2026-05-01", false},
		{"received.until:2026-05-01", true}, {"received:>2026-05-01", false}, {"received:<=2026-05-01", true}, {"received:2026-04-30..2026-05-01", true},
		{"received:2026-05-01T15:30:00Z..2026-05-01T15:30:01Z", true}, {"received:..2026-05-01T15:30:00Z", false}, {"updated:2026-05-02", true}, {"updated.before:-1d", true},
		{"responded:2026-05-02", true}, {"no:resolved", true}, {"has:due", true}, {"no:eta", true},
		{"broken", true}, {"BROKEN", true}, {"机 b", true}, {"screen is", true}, {"screen", true}, {"Éclair", true}, {"éclair straSSE", true}, {"退款", true}, {"马上退", true},
		{"张*", true}, {"款我", false}, {"-退款", false}, {"broken the", false}, {"subject:手机", true}, {"subject:screen", false}, {"-subject:screen", true}, {"text:\"is e\"", false},
		{"\"overdue\"", false}, {"状态:open", false}, {"WX-2026", false}, {"id:WX-20260501-007", true}, {"state:open priority:high", true}, {"state:open priority:low", false},
		{"assignee:\"Li\"", true}, {"status:in_progress", true}, {"@mine", true}, {"@late", false}, {"9:30", false},
	};
	_cleanup_ticket_ struct ticket *ticket = read_sample();

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_query_ struct query *query = NULL;
		struct ticket_error err;

		if (parse(&query, cases[i].word, NULL, &err))
			fail_msg("%s", err.message);
		if (query_matches(query, ticket) != cases[i].yes)
			fail_msg("'%s' should be %s", cases[i].word, cases[i].yes ? "true" : "false");
	}
}

/* Every part of a text of two characters or more finds the ticket: the definition, tried on all parts of a text. */
static void every_substring(void **state)
{
	_cleanup_ticket_ struct ticket *ticket = read_sample();
	const char *text = ticket->description;

	for (const char *from = text; *from; from++)
		for (const char *to = from + 1; *to; to++) {
			_cleanup_free_ char *part = xasprintf("text:\"%.*s\"", (int)(to - from), from);
			_cleanup_query_ struct query *query = NULL;
			struct ticket_error err;

			if (((unsigned char)*from & 0xc0) == 0x80 || ((unsigned char)*to & 0xc0) == 0x80 || (unsigned char)*from == 0xcc || (unsigned char)*to == 0xcc)
				continue; /* inside of a character, or between a letter and its accent */
			if (parse(&query, part, NULL, &err) == 0 && !query_matches(query, ticket))
				fail_msg("not found: %s", part);
		}
}

/* --- snippets --------------------------------------------------------------------------------------------------- */

static void snippets(void **state)
{
	static const struct {
		const char *word, *field, *marked, *text;
	} cases[] = {
		{"broken", "subject", "Broken", "手机 Broken"},
		{"screen", "description", "ＳＣＲＥＥＮ", NULL},
		{"screen is", "description", "ＳＣＲＥＥＮ is", NULL},
		{"éclair", "description", "e\xcc\x81" "clair", NULL},
		{"退款", "responded", "退款", "我们马上退款"},
		{"张*", "customer", "张*", "张**"},
		{"assign", NULL, NULL, NULL},
	};
	_cleanup_ticket_ struct ticket *ticket = read_sample();

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_query_ struct query *query = NULL;
		_cleanup_(snippet_release) struct snippet snippet = {0};
		_cleanup_free_ char *marked = NULL;
		struct ticket_error err;

		assert_int_equal(parse(&query, cases[i].word, NULL, &err), 0);
		assert_int_equal(query_snippet(query, ticket, SNIPPET_FIRST, 80, &snippet), cases[i].field != NULL);
		if (!cases[i].field)
			continue;
		assert_string_equal(snippet.field, cases[i].field);
		assert_int_equal(snippet.n_marks, 1);
		marked = xstrndup(snippet.text + snippet.marks[0].start, snippet.marks[0].end - snippet.marks[0].start);
		assert_string_equal(marked, cases[i].marked);
		if (cases[i].text)
			assert_string_equal(snippet.text, cases[i].text);
	}
}

static void long_snippet(void **state)
{
	struct ticket ticket = {0};
	_cleanup_query_ struct query *query = NULL;
	_cleanup_(snippet_release) struct snippet snippet = {0};
	struct buf text = {0};
	struct ticket_error err;

	for (int i = 0; i < 2000; i++)
		buf_puts(&text, "问题");
	buf_puts(&text, "退款");
	for (int i = 0; i < 2000; i++)
		buf_puts(&text, "答复");
	ticket.description = text.p;
	assert_int_equal(parse(&query, "退款", NULL, &err), 0);
	assert_true(query_snippet(query, &ticket, SNIPPET_FIRST, 62, &snippet));
	assert_true(text_width(snippet.text, strlen(snippet.text)) <= 62);
	assert_true(text_flaw(snippet.text, strlen(snippet.text), NULL) < 0);
	assert_int_equal(strncmp(snippet.text + snippet.marks[0].start, "退款", 6), 0);
	assert_true(text_starts(snippet.text, "…问题"));
	buf_release(&text);
}

/* The text as it is shown, with what was found in brackets. */
static char *marked(const struct snippet *snippet)
{
	struct buf out = {0};
	size_t at = 0;

	for (size_t i = 0; i < snippet->n_marks; at = snippet->marks[i++].end)
		buf_addf(&out, "%.*s[%.*s]", (int)(snippet->marks[i].start - at), snippet->text + at, (int)(snippet->marks[i].end - snippet->marks[i].start), snippet->text + snippet->marks[i].start);
	buf_addf(&out, "%s", snippet->text + at);
	return buf_steal(&out);
}

/* Which text is shown, and which piece of it. */
static void best_places(void **state)
{
	static const struct {
		const char *words[2];
		enum snippet_where where;
		size_t columns;
		const char *field, *text; /* NULL: there is none */
	} cases[] = {
		{{"broken"}, SNIPPET_SUBJECT, 80, "subject", "The screen is [broken]"},
		{{"broken"}, SNIPPET_SUBJECT, 12, "subject", "…is [broken]"},
		{{"screen", "broken"}, SNIPPET_SUBJECT, 80, "subject", "The [screen] is [broken]"},
		{{"refund"}, SNIPPET_SUBJECT, 80, NULL, NULL},
		{{"subject:screen"}, SNIPPET_BEYOND, 80, NULL, NULL},
		/* The answer has what the subject lacks, though the description comes first. */
		{{"screen", "refund"}, SNIPPET_BEYOND, 80, "responded", "We will [refund] the [screen] today"},
		{{"screen"}, SNIPPET_BEYOND, 80, "description", NULL},
		/* Of the description that piece which has both words, not the first one with one of them; no word is cut in two. */
		{{"screen", "cracked"}, SNIPPET_BEYOND, 40, "description", "…And so the [screen] I bought [cracked]…"},
		{{"again"}, SNIPPET_BEYOND, 40, "description", "…cracked [again] and that is enough."},
		/* Lines become one, white space one space, and what was found across it is marked whole. */
		{{"line one line"}, SNIPPET_BEYOND, 80, "inbound", "[Line one line] two"},
		{{"two"}, SNIPPET_BEYOND, 80, "inbound", "Line one line [two]"},
	};
	struct ticket ticket = {.subject = (char *)"The screen is broken"};
	struct buf text = {0};

	for (int i = 0; i < 20; i++)
		buf_puts(&text, "One screen after another, nothing but trouble. ");
	buf_puts(&text, "And so the screen I bought cracked again and that is enough.");
	ticket.description = text.p;
	*list_push(&ticket.events) = (struct event){.kind = EVENT_RESPONDED, .text = (char *)"We will refund the screen today"};
	*list_push(&ticket.events) = (struct event){.kind = EVENT_INBOUND, .text = (char *)"Line one\n\n \tline two"};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct query_context context = {policy, zone, NOW, "Li"};
		_cleanup_query_ struct query *query = NULL;
		_cleanup_(snippet_release) struct snippet snippet = {0};
		_cleanup_free_ char *shown = NULL;
		struct ticket_error err;

		assert_int_equal(query_parse(&query, cases[i].words, cases[i].words[1] ? 2 : 1, NULL, 0, &context, &err), 0);
		assert_int_equal(query_snippet(query, &ticket, cases[i].where, cases[i].columns, &snippet), cases[i].field != NULL);
		if (!cases[i].field)
			continue;
		assert_string_equal(snippet.field, cases[i].field);
		assert_true(text_width(snippet.text, strlen(snippet.text)) <= cases[i].columns);
		shown = marked(&snippet);
		if (cases[i].text)
			assert_string_equal(shown, cases[i].text);
	}
	free(ticket.events.v);
	buf_release(&text);
}

/* --- ranges ----------------------------------------------------------------------------------------------------- */

static void ranges(void **state)
{
	static const struct {
		const char *text, *from, *until; /* NULL from: refused */
	} cases[] = {
		{"2026-05-01", "2026-05-01T00:00:00+08:00", "2026-05-02T00:00:00+08:00"},
		{"2026-02", "2026-02-01T00:00:00+08:00", "2026-03-01T00:00:00+08:00"},
		{"2025-12", "2025-12-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00"},
		{"2026-W01", "2025-12-29T00:00:00+08:00", "2026-01-05T00:00:00+08:00"},
		{"2026-W53", "2026-12-28T00:00:00+08:00", "2027-01-04T00:00:00+08:00"},
		{"2026-Q4", "2026-10-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"},
		{"2024", "2024-01-01T00:00:00+08:00", "2025-01-01T00:00:00+08:00"},
		{"yesterday", "2026-05-02T00:00:00+08:00", "2026-05-03T00:00:00+08:00"},
		{"friday", "2026-05-01T00:00:00+08:00", "2026-05-02T00:00:00+08:00"},
		{"2026-02-28..2026-03", "2026-02-28T00:00:00+08:00", "2026-04-01T00:00:00+08:00"},
		{"-2h..now", "2026-05-03T15:30:00+08:00", "2026-05-03T17:30:00+08:00"},
		{"2025-W53", NULL, NULL}, {"2026-W00", NULL, NULL}, {"2026-Q5", NULL, NULL}, {"2026-00", NULL, NULL}, {"2026-02-29", NULL, NULL}, {"2026-5", NULL, NULL},
		{"2026-05-01x", NULL, NULL}, {"now", NULL, NULL}, {"-2h", NULL, NULL}, {"", NULL, NULL}, {"..", NULL, NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct range range;
		char text[STAMP_SIZE];
		struct stamp at;

		if (range_parse(&range, cases[i].text, zone, NOW, &err)) {
			if (cases[i].from)
				fail_msg("%s", err.message);
			continue;
		}
		if (!cases[i].from)
			fail_msg("'%s' was not refused", cases[i].text);
		at = stamp_at(zone, range.from_s);
		assert_string_equal(stamp_format(text, &at), cases[i].from);
		at = stamp_at(zone, range.until_s);
		assert_string_equal(stamp_format(text, &at), cases[i].until);
	}
}

static void range_options(void **state)
{
	static const struct {
		struct range_words words;
		const char *from, *until; /* NULL from: refused */
	} cases[] = {
		{{.month = "this"}, "2026-05-01T00:00:00+08:00", "2026-06-01T00:00:00+08:00"},
		{{.month = "last"}, "2026-04-01T00:00:00+08:00", "2026-05-01T00:00:00+08:00"},
		{{.month = "2026-02-17"}, "2026-02-01T00:00:00+08:00", "2026-03-01T00:00:00+08:00"},
		{{.week = "last"}, "2026-04-20T00:00:00+08:00", "2026-04-27T00:00:00+08:00"},
		{{.quarter = "last"}, "2026-01-01T00:00:00+08:00", "2026-04-01T00:00:00+08:00"},
		{{.day = "today"}, "2026-05-03T00:00:00+08:00", "2026-05-04T00:00:00+08:00"},
		{{.since = "2026-05-01", .until = "2026-05-01"}, "2026-05-01T00:00:00+08:00", "2026-05-02T00:00:00+08:00"},
		{{.month = "2026-Q2"}, NULL, NULL}, {{.month = "2026-05", .week = "this"}, NULL, NULL}, {{.day = "2026-05"}, NULL, NULL},
		{{.since = "2026-05-02", .until = "2026-05-01"}, NULL, NULL}, {{.since = "x"}, NULL, NULL}, {{.since = "now", .day = "today"}, NULL, NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct range range;
		char text[STAMP_SIZE];
		struct stamp at;
		int failed = range_from_words(&range, &cases[i].words, zone, NOW, &err);

		assert_int_equal(failed, cases[i].from ? 0 : TICKET_USAGE);
		if (failed)
			continue;
		at = stamp_at(zone, range.from_s);
		assert_string_equal(stamp_format(text, &at), cases[i].from);
		at = stamp_at(zone, range.until_s);
		assert_string_equal(stamp_format(text, &at), cases[i].until);
	}
}

static int setup(void **state)
{
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
	return failed;
}

static int teardown(void **state)
{
	policy_free(policy);
	zone_free(zone);
	return 0;
}

/* Runs of blanks become one space, wherever they stand; what was there before the text is left alone. */
static void blanks(void **state)
{
	static const char *const pieces[] = {" ", "\n", "\t", "  ", "\x01", "a", "b ", "退款", "word", "手机无法登录页面一直显示加载中", "the payment page keeps loading"};
	unsigned seed = 1;

	for (int round = 0; round < 100000; round++) {
		_cleanup_buf_ struct buf text = {0}, right = {0}, out = {0};
		char last = '\0';

		for (unsigned n = (unsigned)round % 12; n > 0; n--) {
			seed = seed * 1103515245u + 12345u;
			buf_puts(&text, pieces[(seed >> 16) % ARRAY_SIZE(pieces)]);
		}
		buf_puts(&right, "a ");
		for (size_t i = 0; i < text.n; last = text.p[i++])
			if (!strchr(" \n\t", text.p[i]))
				buf_putc(&right, text.p[i]);
			else if (!last || !strchr(" \n\t", last))
				buf_putc(&right, ' ');
		buf_puts(&out, "a ");
		search_fold_to(&out, text.n ? text.p : "");
		assert_string_equal(out.p, right.p);
		assert_int_equal(out.n, right.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals), cmocka_unit_test(sorting_refused), cmocka_unit_test(doubts), cmocka_unit_test(nobody_is_me), cmocka_unit_test(saved_queries),
		cmocka_unit_test(matches), cmocka_unit_test(every_substring), cmocka_unit_test(snippets), cmocka_unit_test(long_snippet), cmocka_unit_test(best_places),
		cmocka_unit_test(ranges), cmocka_unit_test(range_options), cmocka_unit_test(blanks),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
