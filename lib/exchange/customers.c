/* SPDX-License-Identifier: MIT */
/* Lists of customers, as shops and their programs export them, taken into the register. */
#include "desk/register.h"
#include "exchange/encoding.h"
#include "exchange/import.h"
#include "exchange/rejects.h"
#include "model/event.h"
#include "privacy/customer.h"
#include "privacy/digest.h"
#include "ticket/text.h"
#include "ticket/language.h"

#define REASONS_SHOWN 5

/* --- the map --------------------------------------------------------------------------------------------------- */

struct customer_map {
	int64_t format;
	char *name, *rows;
	struct {
		char *format, *encoding, *delimiter, *list;
		bool trim;
		struct texts columns;
	} file;
	struct texts missing;    /* cells that say nothing, besides empty ones */
	struct pairs customer;   /* member → column */
	struct pairs fields;     /* the desk's own field → column */
	struct texts columns;    /* made: all of them, in this order */
};

static const char *const members[] = {"number", "name", "phone", "email", "account", "contact", "address", "notes", "industry", "consent"};

#define PART(type, key, member) {key, CODEC_##type, offsetof(struct customer_map, file.member) - offsetof(struct customer_map, file), 0, NULL, NULL, NULL}
static const struct codec_field file_fields[] = {
	PART(TEXT, "format", format), PART(TEXT, "encoding", encoding), PART(TEXT, "delimiter", delimiter),
	PART(TEXT, "list", list),     PART(FLAG, "trim", trim),         PART(TEXTS, "columns", columns),
	CODEC_END,
};
static const struct codec file_codec = {"file", sizeof(((struct customer_map *)0)->file), file_fields, 0, -1, NULL};

static bool is_member(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (text_equal(members[i], name))
			return true;
	return false;
}

static int check_map(void *object, struct codec_reading *in, struct ticket_error *err)
{
	struct customer_map *map = object;

	if (!text_equal(map->rows, "customers"))
		return codec_fail(in, "rows", err, "a list of customers needs \"rows\": \"customers\"");
	for (size_t i = 0; i < map->customer.n; i++) {
		const char *name = map->customer.v[i].key, *near;

		if (is_member(name))
			continue;
		near = text_nearest(name, members, ARRAY_SIZE(members));
		if (near)
			return codec_fail(in, "customer", err, "'%s' is nothing that is kept of a customer; did you mean '%s'?", name, near);
		return codec_fail(in, "customer", err, "'%s' is nothing that is kept of a customer", name);
	}
	for (size_t i = 0; i < map->customer.n; i++)
		texts_add(&map->columns, map->customer.v[i].value);
	for (size_t i = 0; i < map->fields.n; i++)
		texts_add(&map->columns, map->fields.v[i].value);
	return 0;
}

static const struct codec_field map_fields[] = {
	FIELD(INT, struct customer_map, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct customer_map, "name", name, 0),
	FIELD(TEXT, struct customer_map, "rows", rows, CODEC_REQUIRED),
	FIELD_SUB(OBJECT, struct customer_map, "file", file, 0, &file_codec),
	FIELD(TEXTS, struct customer_map, "missing", missing, 0),
	FIELD_SUB(MAP, struct customer_map, "customer", customer, CODEC_REQUIRED, &pair_codec),
	FIELD_SUB(MAP, struct customer_map, "fields", fields, 0, &pair_codec),
	CODEC_END,
};
static const struct codec map_codec = {"map", sizeof(struct customer_map), map_fields, 1, -1, check_map};

static void map_release(struct customer_map *map)
{
	texts_release(&map->columns);
	codec_release(&map_codec, map);
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

struct taking {
	const struct customer_map *map;
	const struct import_job *job;
	struct desk *desk;
	struct change *change;
	struct rows rows;
	struct plan plan; /* for its rejects alone */
	struct customers_summary *out;
};

/* The text of a column, stripped; NULL where the row says nothing. Owned. */
static char *cell_of(const struct taking *taking, const struct row *row, size_t slot)
{
	_cleanup_free_ char *text = row->cells[slot].text ? xstrdup(row->cells[slot].text) : NULL;

	return text && *text_strip(text) && !texts_have(&taking->map->missing, text) ? steal_ptr(text) : NULL;
}

/* What a row says. 'values' and 'fields' own what 'words' borrows. */
static void read_words(const struct taking *taking, const struct row *row, char **values, struct texts *fields, struct customer_words *words, const char **number)
{
	const struct customer_map *map = taking->map;
	struct {
		const char *name;
		char **slot;
	} places[] = {
		{"name", &words->person.name},       {"phone", &words->person.phone}, {"email", &words->person.email}, {"account", &words->person.account},
		{"address", &words->person.address}, {"notes", &words->person.notes}, {"industry", (char **)&words->industry}, {"consent", (char **)&words->consent},
		{"number", (char **)number},
	};

	for (size_t i = 0; i < map->customer.n; i++) {
		values[i] = cell_of(taking, row, i);
		for (size_t k = 0; k < ARRAY_SIZE(places); k++)
			if (text_equal(places[k].name, map->customer.v[i].key))
				*places[k].slot = values[i];
	}
	for (size_t i = 0; i < map->fields.n; i++) {
		_cleanup_free_ char *value = cell_of(taking, row, map->customer.n + i);
		_cleanup_free_ char *pair = value ? xasprintf("%s=%s", map->fields.v[i].key, value) : NULL;

		if (pair)
			texts_add(fields, pair);
	}
	words->fields = fields;
}

/* A contact of unknown kind goes where nothing better stands already. Borrowed from 'values'. */
static void place_contact(const struct customer_map *map, char *const *values, struct customer_person *person)
{
	struct customer_person sorted = {0};

	for (size_t i = 0; i < map->customer.n; i++)
		if (text_equal(map->customer.v[i].key, "contact") && values[i])
			customer_person_contact(&sorted, values[i]);
	if (!person->phone)
		person->phone = sorted.phone;
	if (!person->email)
		person->email = sorted.email;
	if (!person->account)
		person->account = sorted.account;
}

static int take_row(struct taking *taking, const struct row *row, struct ticket_error *err)
{
	char *values[ARRAY_SIZE(members)] = {0};
	_cleanup_(texts_release) struct texts fields = {0};
	struct customer_words words = {0};
	const struct customer *customer;
	const char *number = NULL;
	enum customer_fate fate;
	int failed;

	if (row->flaw)
		return ticket_fail(err, TICKET_USAGE, "%s", row->flaw);
	read_words(taking, row, values, &fields, &words, &number);
	place_contact(taking->map, values, &words.person);
	failed = customer_put(taking->change, number, &words, &fate, &customer, err);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i])
			explicit_bzero(values[i], strlen(values[i]));
		free(values[i]);
	}
	if (failed)
		return failed;
	taking->out->added += fate == CUSTOMER_ADDED;
	taking->out->changed += fate == CUSTOMER_CHANGED;
	taking->out->same += fate == CUSTOMER_SAME;
	return 0;
}

static void reject_row(struct taking *taking, size_t index, const struct ticket_error *why)
{
	const struct row *row = &taking->rows.list.v[index];
	struct reject *reject = list_push(&taking->plan.rejects);

	reject->row = index;
	reject->fault = (struct fault){.line = row->flaw && row->flaw_line ? row->flaw_line : row->line, .column = row->flaw_column, .err = *why};
	*list_push(&taking->out->rejects) = (struct import_reject){reject->fault.line, xstrdup(row->flaw_column), xstrdup(why->message)};
}

static int take_rows(struct taking *taking, struct ticket_error *err)
{
	const struct desk_context *context = &taking->desk->context;

	for (size_t i = 0; i < taking->rows.list.n; i++) {
		struct ticket_error why = {0};
		int failed = take_row(taking, &taking->rows.list.v[i], &why);

		if (context->progress && i % 256 == 255)
			context->progress(context->progress_data, "importing", i + 1, taking->rows.list.n);
		if (!failed)
			continue;
		if (failed == TICKET_STORAGE || failed == TICKET_BUSY) {
			*err = why;
			return failed;
		}
		reject_row(taking, i, &why);
	}
	rejects_write(&taking->plan, &taking->out->rejected);
	return 0;
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

void customers_summary_release(struct customers_summary *summary)
{
	rejects_release(&summary->rejects);
	free(summary->file);
	free(summary->digest);
	free(summary->encoding);
	buf_release(&summary->rejected);
	*summary = (struct customers_summary){0};
}

static int refuse(const struct taking *taking, struct ticket_error *err)
{
	const struct customers_summary *out = taking->out;
	_cleanup_buf_ struct buf list = {0};

	for (size_t i = 0; i < out->rejects.n && i < REASONS_SHOWN; i++)
		buf_addf(&list, _("\n  line %zu: %.300s"), out->rejects.v[i].line, out->rejects.v[i].reason);
	if (out->rejects.n > REASONS_SHOWN)
		buf_addf(&list, _("\n  … and %zu more"), out->rejects.n - REASONS_SHOWN);
	if (taking->job->keep_going)
		return ticket_fail(err, TICKET_PARTIAL, "%zu of %zu rows of '%s' were rejected:%s", out->rejects.n, out->rows, out->file, list.p);
	return ticket_fail(err, TICKET_REFUSED, "%zu of %zu rows of '%s' were rejected, so nothing was written (--keep-going takes the others):%s", out->rejects.n, out->rows,
			   out->file, list.p);
}

static int read_file(struct taking *taking, struct ticket_error *err)
{
	const struct customer_map *map = taking->map;
	const struct import_job *job = taking->job;
	struct customers_summary *out = taking->out;
	struct rows_options options = {.delimiter = map->file.delimiter ? *map->file.delimiter : 0, .trim = map->file.trim, .columns = &map->file.columns,
				       .list = map->file.list, .wanted = &map->columns};
	char digest[DIGEST_HEX_SIZE];
	const char *used;
	int failed;

	out->file = xstrdup(base_name(job->file));
	out->digest = xstrdup(digest_hex(digest, job->bytes, job->n_bytes));
	if ((failed = rows_format_read(&options.format, map->file.format, err)) ||
	    (failed = text_decode(&taking->rows.text, job->bytes, job->n_bytes, job->encoding ? job->encoding : map->file.encoding, job->file, &used, err)))
		return failed;
	out->encoding = xstrdup(used);
	failed = rows_read(&taking->rows, &options, job->file, err);
	out->rows = taking->rows.list.n;
	out->rejected_suffix = taking->rows.format == ROWS_CSV ? "csv" : "jsonl";
	taking->plan.rows = &taking->rows;
	return failed;
}

static int commit(struct taking *taking, struct ticket_error *err)
{
	struct customers_summary *out = taking->out;
	int failed = 0;

	if (out->rejects.n && !taking->job->keep_going)
		return refuse(taking, err);
	if (out->added || out->changed) {
		change_subject(taking->change, "customers: import %s: %zu new, %zu changed (SHA-256 %s)", out->file, out->added, out->changed, out->digest);
		failed = change_commit(taking->change, taking->job->dry_run, err);
		out->written = !failed && !taking->job->dry_run;
	}
	return failed || !out->rejects.n ? failed : refuse(taking, err);
}

int customers_import(struct customers_summary *out, struct desk *desk, const struct import_job *job, struct ticket_error *err)
{
	_cleanup_(map_release) struct customer_map map = {0};
	struct taking taking = {.map = &map, .job = job, .desk = desk, .out = out};
	struct keys *keys;
	int failed = codec_read(&map_codec, &map, job->map, job->n_map, job->map_name, err);

	if (failed)
		return failed;
	/* A key that is missing here is no fault of the rows: it is asked for before them. */
	if (!(failed = read_file(&taking, err)) && !(failed = change_begin(&taking.change, desk, err)) && !(failed = register_keys(taking.change, true, &keys, err)) &&
	    !(failed = take_rows(&taking, err)))
		failed = commit(&taking, err);
	change_free(taking.change);
	free(taking.plan.rejects.v);
	explicit_bzero(taking.rows.text.p ? taking.rows.text.p : (char[1]){0}, taking.rows.text.n);
	rows_release(&taking.rows);
	return failed;
}
