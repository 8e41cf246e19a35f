/* SPDX-License-Identifier: MIT */
/* Maps: values from cells, patterns, cleaning, keys; mistakes named with line and key path. */
#include "unit.h"

#include "exchange/map.h"

#define HEAD "{\"format\":1,\"rows\":\"ticket\",\"times\":[\"D/M/YYYY\"],\"missing\":[\"?\",\"N/A\"],\"key\":{\"columns\":[\"a\"],\"prefix\":\"p:\"},\n"
#define TICKET "\"ticket\":{\"received\":{\"column\":\"t\"},\"channel\":{\"value\":\"web\"},\"subject\":"

/* A row with a = "x", b = " 2 - High ", c = "?", t = "29/2/2016" of a map whose subject is 'value'. */
struct fixture {
	struct map *map;
	struct zone *zone;
	struct cell cells[8];
	struct row row;
	struct map_context context;
};

static void set_up(struct fixture *f, const char *value)
{
	_cleanup_free_ char *text = xasprintf(HEAD TICKET "%s}}\n", value);
	static const struct {
		const char *name, *text;
	} row[] = {{"a", "x"}, {"b", " 2 - High "}, {"c", "?"}, {"t", "29/2/2016"}, {"long", "\n\t one _x000D_\n\n  two\t"}, {"bad", "a\x1b[2J"}};
	struct ticket_error err = {0};

	*f = (struct fixture){.row = {.line = 7, .cells = f->cells}};
	if (map_read(&f->map, text, strlen(text), "map.json", &err))
		fail_msg("%s: %s", value, err.message);
	assert_int_equal(zone_open(&f->zone, "UTC", NULL), 0);
	f->context = (struct map_context){f->map, f->zone, 0};
	for (size_t i = 0; i < f->map->columns.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(row); k++)
			if (strcmp(f->map->columns.v[i], row[k].name) == 0)
				f->cells[i] = (struct cell){row[k].text, 8};
}

static void tear_down(struct fixture *f)
{
	map_free(f->map);
	zone_free(f->zone);
}

static void values(void **state)
{
	static const struct {
		const char *value, *text, *fault; /* text NULL and no fault: the file says nothing */
	} cases[] = {
		{"{\"column\":\"a\"}", "x", NULL},
		{"{\"column\":\"b\"}", " 2 - High ", NULL},
		{"{\"column\":\"b\",\"clean\":[\"strip\"]}", "2 - High", NULL},
		{"{\"column\":\"b\",\"clean\":[\"name\"]}", "2-high", NULL},
		{"{\"column\":\"c\"}", NULL, NULL},
		{"{\"column\":\"c\",\"default\":\"d\"}", "d", NULL},
		{"{\"column\":\"c\",\"missing\":[\"-\"]}", "?", NULL},
		{"{\"column\":\"b\",\"values\":{\"2 - High\":\"2\"}}", "2", NULL},
		{"{\"column\":\"b\",\"values\":{\"2 - High\":\"\"},\"default\":\"d\"}", NULL, NULL},
		{"{\"column\":\"b\",\"values\":{\"1\":\"1\"}}", NULL, "the map's table of values does not know '2 - High'"},
		{"{\"column\":\"b\",\"values\":{\"1\":\"1\"},\"otherwise\":\"keep\"}", " 2 - High ", NULL},
		{"{\"column\":\"b\",\"values\":{\"1\":\"1\"},\"otherwise\":\"ignore\",\"default\":\"d\"}", NULL, NULL},
		{"{\"column\":\"b\",\"values\":{\"1\":\"1\"},\"otherwise\":\"default\",\"default\":\"d\"}", "d", NULL},
		{"{\"column\":\"c\",\"values\":{\"1\":\"1\"},\"default\":\"d\"}", "d", NULL},
		{"{\"value\":\"constant\"}", "constant", NULL},
		{"{\"template\":\"{a} / {b}\",\"clean\":[\"strip\"]}", "x / 2 - High", NULL},
		{"{\"template\":\"{a}[ / {c}]\"}", "x", NULL},
		{"{\"template\":\"[{c}: ]{a}\"}", "x", NULL},
		{"{\"template\":\"{c}[ / {c}]\",\"default\":\"none\"}", "none", NULL},
		{"{\"template\":\"{{{a}\"}", "{x", NULL},
		{"{\"column\":\"long\",\"clean\":[\"excel\",\"lines\"]}", "one\n\ntwo", NULL},
		{"{\"column\":\"bad\"}", NULL, "a control character (0x1b) stands in the text; have the map drop it with \"clean\": [\"controls\"]"},
		{"{\"column\":\"bad\",\"clean\":[\"controls\"]}", "a[2J", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fault fault = {0};
		struct fixture f;
		char *text;

		set_up(&f, cases[i].value);
		assert_int_equal(map_text(&text, &f.map->ticket.v[2].value, &f.context, &f.row, &fault), cases[i].fault ? TICKET_REFUSED : 0);
		if (cases[i].fault) {
			assert_string_equal(fault.err.message, cases[i].fault);
			assert_int_equal(fault.line, 8);
		} else if (cases[i].text) {
			assert_non_null(text);
			assert_string_equal(text, cases[i].text);
		} else {
			assert_null(text);
		}
		free(text);
		tear_down(&f);
	}
}

static void cleaning(void **state)
{
	static const struct {
		const char *word, *text, *clean;
	} cases[] = {
		{"strip", "\xe3\x80\x80 a b \n", "a b"},       {"squeeze", "a  \xc2\xa0\t b\n c", "a b\n c"}, {"excel", "a_x000D_b_x005F_c_x00zz_", "ab_c_x00zz_"},
		{"controls", "a\x01" "b\xc2\x9b" "c\td\n", "abc\td\n"}, {"lower", "ÄB", "Äb"},                        {"name", "  Group  56! ", "group-56"},
		{"formula", "'=1+1", "=1+1"},                   {"formula", "'plain", "'plain"},              {"lines", "\n\n \t a \n b\n\n", "a\nb"},
		{"lines", "", ""},                              {"none", " a ", " a "},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *word = (char *)cases[i].word, *text = xstrdup(cases[i].text);
		const struct texts words = {&word, 1};
		unsigned bits;

		assert_int_equal(cleaning_read(&bits, &words, NULL), 0);
		clean_text(text, bits);
		assert_string_equal(text, cases[i].clean);
		free(text);
	}
}

static void patterns(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{"Awaiting*", "Awaiting User Info", true}, {"Awaiting*", "Awaiting", true}, {"Awaiting*", "Active", false}, {"*Info", "Awaiting User Info", true},
		{"A*g*o", "Awaiting User Info", true},     {"*", "x", true},                {"*", "", false},                {"", "", true},
		{"", "x", false},                          {"!Closed", "Closed", false},    {"!Closed", "Active", true},     {"!Closed", "", true},
		{"!", "", false},                          {"!", "x", true},                {"a*b*c", "aXbX", false},        {"**", "anything", true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *pattern = (char *)cases[i].pattern;
		const struct texts list = {&pattern, 1};

		if (map_matches(&list, cases[i].text) != cases[i].matches)
			fail_msg("'%s' on '%s'", cases[i].pattern, cases[i].text);
	}
}

static void keys_and_times(void **state)
{
	struct fault fault = {0};
	struct fixture f;
	struct stamp at;
	char text[STAMP_SIZE], *key;

	set_up(&f, "{\"column\":\"b\"}");
	assert_int_equal(map_key(&key, &f.context, &f.row, &fault), 0);
	assert_string_equal(key, "p:x");
	free(key);
	assert_int_equal(map_time(&at, &f.map->ticket.v[0].value, &f.context, &f.row, &fault), 0);
	assert_string_equal(stamp_format(text, &at), "2016-02-29T00:00:00Z");
	assert_int_equal(map_time(&at, &f.map->ticket.v[2].value, &f.context, &f.row, &fault), TICKET_REFUSED);
	assert_string_equal(fault.err.message, "' 2 - High ' is no time of the form 'D/M/YYYY'");
	assert_string_equal(fault.column, "b");
	f.cells[0].text = " ? ";
	assert_int_equal(map_key(&key, &f.context, &f.row, &fault), TICKET_REFUSED);
	assert_string_equal(fault.err.message, "the key is missing");
	tear_down(&f);
}

static void mistakes(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"{\"format\":1}", "map.json:1: the map lacks 'rows'"},
		{"{\"format\":2,\"rows\":\"ticket\"}", "map.json:1: format: this map has format 2, this program reads up to 1; use a newer ticket"},
		{HEAD "\"ticket\":{\"received\":{\"column\":\"t\"}}}", "map.json:2: ticket: lacks 'channel'"},
		{HEAD "\"tickets\":{}}", "map.json:2: tickets: a map has no such member; did you mean 'ticket'?"},
		{HEAD TICKET "{\"colunm\":\"a\"}}}", "map.json:2: ticket.subject.colunm: a value has no such member; did you mean 'column'?"},
		{HEAD TICKET "{}}}", "map.json:2: ticket.subject: a value needs 'column', 'template' or 'value'"},
		{HEAD TICKET "{\"column\":\"a\",\"otherwise\":\"keep\"}}}", "map.json:2: ticket.subject.otherwise: stands without 'values'"},
		{HEAD TICKET "{\"column\":\"a\",\"clean\":[\"stripp\"]}}}",
		 "map.json:2: ticket.subject.clean: 'stripp' is no way to clean; right would be strip, lines, squeeze, excel, controls, lower, name, formula or none"},
		{HEAD TICKET "{\"template\":\"{a\"}}}", "map.json:1: ticket.subject: the template '{a' has a '{' without its column and '}'"},
		{HEAD TICKET "{\"template\":\"[{a}\"}}}", "map.json:1: ticket.subject: the template '[{a}' has a '[' without its ']'"},
		{HEAD TICKET "{\"template\":\"{a}]\"}}}", "map.json:1: ticket.subject: the template '{a}]' has a ']' out of place"},
		{HEAD TICKET "{\"column\":\"a\"}},\n\"events\":[{\"do\":\"resolved\",\"on\":[\"a\"]}]}",
		 "map.json:1: events[0].on: only an event log (\"rows\": \"event\") has changes from row to row"},
		{HEAD TICKET "{\"column\":\"a\"}},\n\"events\":[{\"do\":\"resolved\",\"from\":[\"a\"]}]}", "map.json:3: events[0]: 'from' and 'to' need 'on': the column that changes"},
		{HEAD TICKET "{\"column\":\"a\"}},\n\"time_zone\":\"Mars/Base\"}", NULL},
		{"{\"format\":1,\"rows\":\"event\",\"key\":{\"columns\":[\"a\"]},\"ticket\":{\"received\":{\"column\":\"t\"},\"channel\":{\"value\":\"w\"}}}",
		 "map.json:1: an event log needs 'time': when a row happened"},
		{"{\"format\":1,\"rows\":\"ticket\",\"key\":{\"prefix\":\"a\"},\"ticket\":{\"received\":{\"column\":\"t\"},\"channel\":{\"value\":\"w\"}}}",
		 "map.json:1: key: needs 'columns': what tells one row from another"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct map *map;

		assert_int_equal(map_read(&map, cases[i].text, strlen(cases[i].text), "map.json", &err), strstr(cases[i].text, "\"format\":2") ? TICKET_STORAGE : TICKET_USAGE);
		if (cases[i].message)
			assert_string_equal(err.message, cases[i].message);
		assert_null(map);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(values), cmocka_unit_test(cleaning), cmocka_unit_test(patterns), cmocka_unit_test(keys_and_times),
					   cmocka_unit_test(mistakes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
