/* SPDX-License-Identifier: MIT */
/* Rows: CSV as real files break it, JSON Lines and arrays; each cell with the line an editor shows. */
#include "unit.h"

#include "exchange/rows.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* What was read, as text: "LINE:cell@line|cell@line" or "LINE!flawline[column]:why", one row a line. */
static char *dump(const struct rows *rows, size_t wanted)
{
	struct buf out = {0};

	for (size_t i = 0; i < rows->list.n; i++) {
		const struct row *row = &rows->list.v[i];

		buf_addf(&out, "%zu", row->line);
		if (row->flaw)
			buf_addf(&out, "!%zu[%s]:%s", row->flaw_line, row->flaw_column ? row->flaw_column : "", row->flaw);
		for (size_t w = 0; !row->flaw && w < wanted; w++)
			if (row->cells[w].text)
				buf_addf(&out, "%s%s@%zu", w ? "|" : ":", row->cells[w].text, row->cells[w].line);
			else
				buf_addf(&out, "%s-", w ? "|" : ":");
		buf_putc(&out, '/');
	}
	return buf_steal(&out);
}

static int read_text(struct rows *rows, const char *text, size_t n, const struct rows_options *options, struct ticket_error *err)
{
	buf_add(&rows->text, text, n);
	return rows_read(rows, options, "f", err);
}

static void shapes(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *rows;
	} cases[] = {
		{TEXT("a,b\n1,2\n3,4\n"), "2:1@2|2@2/3:3@3|4@3/"},
		{TEXT("a,b\n1,2"), "2:1@2|2@2/"},                               /* no newline at the end */
		{TEXT("a,b\r\n1,2\r\n3,4\r\n"), "2:1@2|2@2/3:3@3|4@3/"},
		{TEXT("a,b\r\r\n1,2\r\r\n3,4\r\r\n"), "2:1@2|2@2/3:3@3|4@3/"},  /* written twice in text mode */
		{TEXT("a,b\r1,2\r3,4"), "2:1@2|2@2/3:3@3|4@3/"},
		{TEXT("a,b\n\n\n1,2\n,\n \t, \n3,4\n"), "4:1@4|2@4/7:3@7|4@7/"}, /* blank rows */
		{TEXT("a,b\n\"1\n\nx\",\"2\"\n3,4\n"), "2:1\n\nx@2|2@4/5:3@5|4@5/"},
		{TEXT("a,b\r\n\"1\r\nx\r\r\ny\",2\r\n3,4\r\n"), "2:1\nx\ny@2|2@4/5:3@5|4@5/"},
		{TEXT("a,b\n\"he said \"\"hi, there\"\"\",\"\"\"\"\n"), "2:he said \"hi, there\"@2|\"@2/"},
		{TEXT("a,b\n\"\",\"\"\n\"\",x\n"), "3:@3|x@3/"},
		{TEXT("a,b\n 1 ,\t2\n"), "2: 1 @2|\t2@2/"},                      /* blanks are kept */
		{TEXT("b,x,a\n1,2,3\n"), "2:3@2|1@2/"},
		{TEXT("a,b\n5\" disk,3\" disk\n1,2\n"), "2:5\" disk@2|3\" disk@2/3:1@3|2@3/"},
		{TEXT("a,b\n1\n1,2,3\n1,2,,\n1,2,,x\n3,4\n"),
		 "2!2[]:the row has 1 cell, the heading 2/3!3[]:the row has 3 cells, the heading 2/4:1@4|2@4/5!5[]:the row has 4 cells, the heading 2/6:3@6|4@6/"},
		{TEXT("a,b\n\"x\"y,2\n3,4\n"), "2!2[a]:a quote inside a quoted cell is not doubled/3:3@3|4@3/"},
		{TEXT("a,b\n1,\"x\ny \"z\" w\"\n3,4\n"), "2!3[b]:a quote inside a quoted cell is not doubled/4:3@4|4@4/"},
		{TEXT("a,b\n1,2\n3,\"x\n5,6\n"), "2:1@2|2@2/3!3[b]:the quote opened in line 3 is never closed/"},
		{TEXT("a,b\n1,x\0y\n3,4\n"), "2!2[b]:a NUL character stands in the cell/3:3@3|4@3/"},
		{TEXT("a;b;c\n1;2,5;3\n"), "2:1@2|2,5@2/"},
		{TEXT("a\tb\n1\t2\n"), "2:1@2|2@2/"},
		{TEXT("sep=|\na|b\n1|2\n"), "3:1@3|2@3/"},
		{TEXT("\" a \", b\n1,2\n"), "2:1@2|2@2/"},
		{TEXT("\"a\",\"b\nc\"\n"), NULL},
		{TEXT("a,b,a\n1,2,3\n"), NULL},
		{TEXT("a,B\n1,2\n"), NULL},
		{TEXT("\n\n"), NULL},
		{TEXT("\"a,b\n"), NULL},
		{TEXT("\"a\"x,b\n"), NULL},
		{TEXT(""), NULL},
		{TEXT("a,b\n"), ""},
		{TEXT("a,b"), ""},
		{TEXT("{\"a\":1,\"b\":\"x\"}\n\n{\"b\":true}\n{\"a\":null,\"b\":[\"x\",\"y\"]}"), "1:1@1|x@1/3:-|true@3/4:-|x,y@4/"},
		{TEXT("{\"a\":1,\"b\":2}\n{\"a\":1,\n[1]\n{\"a\":\"\\u0000\"}\n{\"b\":12345678901234567890}\n"),
		 "1:1@1|2@1/2!2[]:not JSON: the text ends too early/3!3[]:here stands an array, but a row is an object/"
		 "4!4[]:a text holds a NUL character (\\u0000), which is not allowed/5!5[b]:the number is too large to be read exactly; put it in quotes/"},
		{TEXT("[\n{\"a\":\"]\\\"}\",\n\"b\":2},\n  {\"a\":3,\"b\":{\"c\":4}}, 7]"), "2:]\"}@2|2@2/4:3@4|{\"c\":4}@4/4!4[]:here stands a number, but a row is an object/"},
		{TEXT("{\"format\":1,\"rows\":[\n{\"a\":1},{\"b\":2}]}"), "2:1@2|-/2:-|2@2/"},
		{TEXT("{\"format\":1,\n\"rows\":{}}"), NULL},
		{TEXT("[{\"a\":1,\"b\":2}"), NULL},
		{TEXT("[]"), ""},
	};
	char *names[] = {"a", "b"};
	const struct texts wanted = {names, 2};
	const struct rows_options options = {.wanted = &wanted};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct rows rows = {0};
		int failed = read_text(&rows, cases[i].text, cases[i].n, &options, &err);

		if (failed && cases[i].rows && strchr(cases[i].rows, ':'))
			fail_msg("case %zu: %s", i, err.message);
		if (!failed) {
			char *text = dump(&rows, 2);

			assert_non_null(cases[i].rows);
			assert_string_equal(text, cases[i].rows);
			free(text);
		} else {
			assert_int_equal(failed, TICKET_USAGE);
			assert_true(*err.message);
		}
		rows_release(&rows);
	}
}

static void options_count(void **state)
{
	char *names[] = {"a", "b.c"}, *heading[] = {"a", "b.c"};
	const struct texts wanted = {names, 2}, columns = {heading, 2};
	static const char reject[] = "reject_line,reject_column,reject_reason,a,b.c\n7,a,bad,1,2\n";
	static const char object[] = "{\"format\":1,\"no\":[{\"a\":0}],\"rows\":[\n{\"a\":1,\"b\":{\"c\":2}}]}";
	const struct {
		struct rows_options options;
		const char *text, *rows;
	} cases[] = {
		{{.wanted = &wanted, .columns = &columns}, "1,2\n3,4\n", "1:1@1|2@1/2:3@2|4@2/"},
		{{.wanted = &wanted, .columns = &columns}, reject, "2:1@2|2@2/"},
		{{.wanted = &wanted, .trim = true}, "a , \"b.c\"\n 1 , \"2, x\" \n", "2:1@2|2, x@2/"},
		{{.wanted = &wanted, .delimiter = ';'}, "a;b.c\n1,2;3\n", "2:1,2@2|3@2/"},
		{{.wanted = &wanted, .format = ROWS_JSON, .list = "rows"}, object, "2:1@2|2@2/"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct rows rows = {0};
		char *text;

		if (read_text(&rows, cases[i].text, strlen(cases[i].text), &cases[i].options, &err))
			fail_msg("case %zu: %s", i, err.message);
		text = dump(&rows, 2);
		assert_string_equal(text, cases[i].rows);
		free(text);
		rows_release(&rows);
	}
}

static void suggestions(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"number,opend_at\n", "'f' has no column 'opened_at'; did you mean 'opend_at'?"},
		{"x,y\n", "'f' has no column 'opened_at'; it has: x, y"},
		{"{\"x\":1}\n", "'f' has no column 'opened_at'; it has: x"},
		{"opened_at,opened_at\n", "'f' has two columns 'opened_at'; give them names of their own"},
		{"opened_at,\"x\n", "f:1: a quote opened in the heading is never closed"},
		{" \n", NULL},
	};
	char *names[] = {"opened_at"};
	const struct texts wanted = {names, 1};
	const struct rows_options options = {.wanted = &wanted};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct rows rows = {0};

		assert_int_equal(read_text(&rows, cases[i].text, strlen(cases[i].text), &options, &err), TICKET_USAGE);
		if (cases[i].message)
			assert_string_equal(err.message, cases[i].message);
		rows_release(&rows);
	}
}

/* A cell of 100 MB is refused where it begins, before as much again has been put aside for it. */
static void giant_cell(void **state)
{
	char *names[] = {"a"};
	const struct texts wanted = {names, 1};
	const struct rows_options options = {.wanted = &wanted};
	struct ticket_error err = {0};
	struct rows rows = {0};
	size_t n = (size_t)100 << 20;
	char *filler = xmalloc(n);

	memset(filler, 'x', n);
	buf_puts(&rows.text, "a\n1\n\"");
	buf_add(&rows.text, filler, n);
	free(filler);
	assert_int_equal(rows_read(&rows, &options, "f", &err), TICKET_USAGE);
	assert_string_equal(err.message, "f:3: a cell is larger than 1 MiB; a quote opened here is perhaps never closed");
	rows_release(&rows);
}

static void cells_written(void **state)
{
	static const struct {
		const char *text, *cell;
	} cases[] = {{"plain", "plain"}, {"", ""}, {"a,b", "\"a,b\""}, {"say \"x\"", "\"say \"\"x\"\"\""}, {"a\nb", "\"a\nb\""}, {" a", "\" a\""}, {"退款", "退款"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf out = {0};

		csv_cell(&out, cases[i].text, ',');
		assert_string_equal(out.p ? out.p : "", cases[i].cell);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(shapes), cmocka_unit_test(options_count), cmocka_unit_test(suggestions),
					   cmocka_unit_test(giant_cell), cmocka_unit_test(cells_written)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
