/* SPDX-License-Identifier: MIT */
/* From a ticket to its rows in the index; what is already right is not written again. */
#include "index/db.h"

const char *const row_names[ROW_COLUMNS] = {
	"path",      "blob",        "id",     "uid",        "aliases",    "key",      "file",     "received",    "updated",     "due",
	"responded", "resolved",    "archived", "eta",      "plan",       "expects",  "inspected", "due_target", "state",     "open",        "status",
	"channel",   "types",       "category", "grade",    "priority",   "risk",     "departments", "fields",   "group_name",  "assignee",
	"lead",      "waiting_for", "doing",  "customer_id", "customer",  "subject",  "level",    "cycle",       "delayed",     "quarantined",
	"owes",       "incident",    "words",
};

/* --- values ---------------------------------------------------------------------------------------------------- */

void value_bind(const struct value *value, sqlite3_stmt *statement, int at)
{
	switch (value->type) {
	case VALUE_NULL:
		sqlite3_bind_null(statement, at);
		break;
	case VALUE_TEXT:
		sqlite3_bind_text64(statement, at, value->text, value->n, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case VALUE_BLOB:
		sqlite3_bind_blob64(statement, at, value->text, value->n, SQLITE_STATIC);
		break;
	case VALUE_NUMBER:
		sqlite3_bind_int64(statement, at, value->number);
		break;
	}
}

bool value_equals(const struct value *value, sqlite3_stmt *statement, int at)
{
	static const int types[] = {[VALUE_NULL] = SQLITE_NULL, [VALUE_TEXT] = SQLITE_TEXT, [VALUE_BLOB] = SQLITE_BLOB, [VALUE_NUMBER] = SQLITE_INTEGER};

	if (sqlite3_column_type(statement, at) != types[value->type])
		return false;
	if (value->type == VALUE_NUMBER)
		return sqlite3_column_int64(statement, at) == value->number;
	if (value->type == VALUE_NULL)
		return true;
	return (size_t)sqlite3_column_bytes(statement, at) == value->n && (!value->n || memcmp(sqlite3_column_blob(statement, at), value->text, value->n) == 0);
}

static struct value text_value(const char *text)
{
	return text && *text ? (struct value){VALUE_TEXT, text, strlen(text), 0} : (struct value){VALUE_NULL, NULL, 0, 0};
}

static struct value number_value(int64_t number)
{
	return (struct value){VALUE_NUMBER, NULL, 0, number};
}

static struct value time_value(int64_t time_s)
{
	return time_s == TIME_NONE ? (struct value){VALUE_NULL, NULL, 0, 0} : number_value(time_s);
}

/* --- lists ----------------------------------------------------------------------------------------------------- */

/* Marks inside of items cannot be asked for (queries hold no control characters), so they only must not look like marks. */
static void add_item(struct buf *out, const char *text, char mark)
{
	static const char marks[] = {LIST_MARK, PAIR_MARK, '\0'};
	size_t from = out->n;

	buf_puts(out, text);
	for (char *p = out->p + from; (p = strpbrk(p, marks)); p++)
		*p = '\x1d';
	buf_putc(out, mark);
}

static void add_list(struct buf *out, const struct texts *list)
{
	if (list->n)
		buf_putc(out, LIST_MARK);
	for (size_t i = 0; i < list->n; i++)
		add_item(out, list->v[i], LIST_MARK);
}

static void add_pairs(struct buf *out, const struct pairs *pairs)
{
	if (pairs->n)
		buf_putc(out, LIST_MARK);
	for (size_t i = 0; i < pairs->n; i++) {
		add_item(out, pairs->v[i].key, PAIR_MARK);
		add_item(out, pairs->v[i].value ? pairs->v[i].value : "", LIST_MARK);
	}
}

/* The columns that hold lists: their texts stand one behind the other, each with its NUL, and are pointed to once all are there. */
static void put_lists(struct row *out, const struct ticket *ticket, const struct policy *policy)
{
	struct texts owed = {0};
	const struct {
		enum row_column column;
		const struct texts *list;
	} lists[] = {{ROW_ALIASES, &ticket->aliases}, {ROW_TYPES, &ticket->types}, {ROW_DEPARTMENTS, &ticket->departments}, {ROW_OWES, &owed}};
	size_t starts[ARRAY_SIZE(lists)];

	facts_owed(&owed, policy, ticket);
	buf_truncate(&out->lists, 0);
	add_pairs(&out->lists, &ticket->fields);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		buf_putc(&out->lists, '\0');
		starts[i] = out->lists.n;
		add_list(&out->lists, lists[i].list);
	}
	texts_release(&owed);
	out->v[ROW_FIELDS] = text_value(out->lists.p);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		out->v[lists[i].column] = text_value(out->lists.p + starts[i]);
}

/* What the values borrowed is the row's own from here on. */
static void own_texts(struct row *row)
{
	size_t room = 0;

	for (int i = 0; i < ROW_COLUMNS; i++)
		if (row->v[i].type == VALUE_TEXT)
			room += row->v[i].n + 1;
	buf_truncate(&row->texts, 0);
	buf_reserve(&row->texts, room);
	for (int i = 0; i < ROW_COLUMNS; i++) {
		struct value *value = &row->v[i];
		const char *text = row->texts.p + row->texts.n;

		if (value->type != VALUE_TEXT)
			continue;
		buf_add(&row->texts, value->text, value->n + 1);
		value->text = text;
	}
}

/* What the row of a ticket must hold. */
static void row_of(struct row *out, const struct ticket *ticket, const struct facts *facts, const struct policy *policy, const char *path, const struct oid *blob)
{
	const struct status *status = policy_status(policy, ticket);
	struct value *v = out->v;

	out->blob = *blob;
	put_lists(out, ticket, policy);
	v[ROW_PATH] = text_value(path);
	v[ROW_BLOB] = (struct value){VALUE_BLOB, (const char *)out->blob.id, sizeof(out->blob.id), 0};
	v[ROW_ID] = text_value(ticket->id);
	v[ROW_UID] = text_value(ticket->uid);
	v[ROW_KEY] = text_value(ticket->source.key);
	v[ROW_FILE] = text_value(ticket->source.file);
	for (int i = 0; i < FACT_TIMES; i++)
		v[ROW_TIMES + i] = time_value(facts->times[i]);
	v[ROW_DUE_TARGET] = text_value(facts->due_target);
	v[ROW_STATE] = number_value(ticket->state);
	v[ROW_OPEN] = number_value(state_is_open((enum ticket_state)ticket->state));
	v[ROW_STATUS] = text_value(status ? status->name : NULL);
	v[ROW_CHANNEL] = text_value(ticket->channel);
	v[ROW_CATEGORY] = text_value(ticket->category);
	v[ROW_GRADE] = text_value(ticket->grade);
	v[ROW_PRIORITY] = text_value(ticket->priority);
	v[ROW_RISK] = text_value(ticket->risk);
	v[ROW_GROUP] = text_value(ticket->group);
	v[ROW_ASSIGNEE] = text_value(ticket->assignee);
	v[ROW_LEAD] = text_value(ticket->lead);
	v[ROW_WAITING] = text_value(ticket->waiting_for);
	v[ROW_DOING] = text_value(ticket->doing);
	v[ROW_CUSTOMER_ID] = text_value(ticket->customer.id);
	v[ROW_CUSTOMER] = text_value(ticket->customer.display);
	v[ROW_SUBJECT] = text_value(ticket->subject);
	v[ROW_LEVEL] = number_value(ticket->level);
	v[ROW_CYCLE] = number_value(ticket->cycle);
	v[ROW_DELAYED] = number_value(ticket->delayed);
	v[ROW_QUARANTINED] = number_value(ticket->quarantined);
	v[ROW_INCIDENT] = text_value(ticket->incident);
	own_texts(out);
}

static void row_release(struct row *row)
{
	buf_release(&row->lists);
	buf_release(&row->texts);
}

/* --- the row --------------------------------------------------------------------------------------------------- */

/* What the index had at a path. */
struct found {
	int64_t n, serial, block, text_digest;
	size_t bytes;
	int64_t received_s;
	bool visits; /* it stands among the visits of customers */
	char *id, *aliases, *uid; /* owned */
};

static void found_release(struct found *found)
{
	free(found->id);
	free(found->aliases);
	free(found->uid);
}

static sqlite3_stmt *update_statement(struct index *index, const char *sql)
{
	if (index->update && strcmp(index->update_sql, sql) == 0)
		return index->update;
	sqlite3_finalize(steal_ptr(index->update));
	replace_text(&index->update_sql, sql);
	return sqlite3_prepare_v2(index->sql, sql, -1, &index->update, NULL) == SQLITE_OK ? index->update : NULL;
}

/* Only the columns that differ: an index is only touched where its column changed. */
static int update_row(struct index *index, int64_t n, const struct row *row, const bool differs[ROW_COLUMNS], struct ticket_error *err)
{
	_cleanup_buf_ struct buf sql = {0};
	sqlite3_stmt *statement;
	int at = 0;

	for (int i = 0; i < ROW_COLUMNS; i++)
		if (differs[i])
			buf_addf(&sql, "%s %s = ?%d", at ? "," : "UPDATE tickets SET", row_names[i], i + 2), at++;
	if (!at)
		return 0;
	buf_puts(&sql, " WHERE n = ?1");
	if (!(statement = update_statement(index, sql.p)))
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, n);
	for (int i = 0; i < ROW_COLUMNS; i++)
		if (differs[i])
			value_bind(&row->v[i], statement, i + 2);
	return db_run(index, statement, err);
}

struct path_search {
	struct index *index;
	const char *path;
	sqlite3_stmt *row;
};

/* Ends the search (1) at the row of the path. */
static int stands_at_path(void *data, int64_t ticket, struct ticket_error *err)
{
	struct path_search *search = data;
	sqlite3_stmt *row = db_statement(search->index, STMT_ROW, err);
	int code;

	if (!row)
		return db_fail(search->index, err);
	sqlite3_bind_int64(row, 1, ticket);
	code = sqlite3_step(row);
	if (code == SQLITE_ROW && strcmp(db_text(row, FOUND_ROW + ROW_PATH), search->path) == 0) {
		search->row = row;
		return 1;
	}
	sqlite3_reset(row);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(search->index, err);
}

int find_by_path(struct index *index, const char *path, sqlite3_stmt **out, struct ticket_error *err)
{
	struct path_search search = {index, path, NULL};
	int ended = names_find_path(index, path, stands_at_path, &search, err);

	*out = search.row;
	return search.row ? 0 : ended;
}

static bool names_differ(const bool differs[ROW_COLUMNS])
{
	return differs[ROW_ID] || differs[ROW_ALIASES] || differs[ROW_UID];
}

/* n is 0 where the index has nothing at the path. */
static int find_row(struct index *index, const char *path, const struct row *row, struct found *found, bool differs[ROW_COLUMNS], struct ticket_error *err)
{
	sqlite3_stmt *statement;
	int failed = find_by_path(index, path, &statement, err);

	*found = (struct found){0};
	if (failed || !statement)
		return failed;
	found->n = sqlite3_column_int64(statement, 0);
	found->serial = sqlite3_column_int64(statement, 1);
	found->block = sqlite3_column_int64(statement, 2);
	found->bytes = (size_t)sqlite3_column_int64(statement, 3);
	found->text_digest = sqlite3_column_int64(statement, 4);
	found->received_s = db_time(statement, FOUND_ROW + ROW_TIMES + FACT_RECEIVED);
	found->visits = sqlite3_column_type(statement, FOUND_ROW + ROW_CUSTOMER_ID) != SQLITE_NULL && !sqlite3_column_int(statement, FOUND_ROW + ROW_QUARANTINED);
	found->id = xstrdup(db_text(statement, FOUND_ROW + ROW_ID));
	found->aliases = xstrdup(db_text(statement, FOUND_ROW + ROW_ALIASES));
	found->uid = xstrdup(db_text(statement, FOUND_ROW + ROW_UID));
	for (int i = 0; row && i < ROW_COLUMNS; i++)
		differs[i] = !value_equals(&row->v[i], statement, FOUND_ROW + i);
	sqlite3_reset(statement);
	return 0;
}

static int forget_unreadable(struct index *index, const char *path, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_DELETE_UNREADABLE, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
	return db_run(index, statement, err);
}

/* Its texts come later. What is unreadable has no row, so only here may the path have been that. */
static int insert_row(struct index *index, const char *path, const struct prepared *prepared, int64_t *n, struct ticket_error *err)
{
	sqlite3_stmt *statement;
	int failed = forget_unreadable(index, path, err);

	if (failed)
		return failed;
	if (!(statement = db_statement(index, STMT_INSERT, err)))
		return db_fail(index, err);
	sqlite3_clear_bindings(statement);
	for (int i = 0; i < ROW_COLUMNS; i++)
		value_bind(&prepared->row.v[i], statement, i + 2);
	if ((failed = db_run(index, statement, err)))
		return failed;
	*n = sqlite3_last_insert_rowid(index->sql);
	return 0;
}

/* The row first gives its texts up: a block that is emptied now must not take them along. */
static int lose_texts(struct index *index, int64_t n, const struct found *found, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_TEXT_SET, err);
	int failed;

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, n);
	for (int i = 2; i <= 5; i++)
		sqlite3_bind_null(statement, i);
	if ((failed = db_run(index, statement, err)))
		return failed;
	return texts_lose(index, found->block, found->bytes, err);
}

static int put_texts(struct index *index, int64_t n, const struct found *found, const struct buf *text, int64_t digest, struct ticket_error *err)
{
	sqlite3_stmt *statement;
	int64_t serial, block;
	int failed = 0;

	if (found->serial && found->bytes == text->n && found->text_digest == digest)
		return 0;
	if (!(statement = db_statement(index, STMT_TEXT_SET, err)))
		return db_fail(index, err);
	if (found->serial && (failed = lose_texts(index, n, found, err)))
		return failed;
	if ((failed = texts_put(index, n, text, &serial, &block, err)))
		return failed;
	sqlite3_bind_int64(statement, 1, n);
	sqlite3_bind_int64(statement, 2, serial);
	sqlite3_bind_int64(statement, 3, block);
	sqlite3_bind_int64(statement, 4, (int64_t)text->n);
	sqlite3_bind_int64(statement, 5, digest);
	return db_run(index, statement, err);
}

/* --- figures --------------------------------------------------------------------------------------------------- */

static int drop_parts_of(struct index *index, const struct found *found, struct ticket_error *err)
{
	int failed = 0;

	for (int part = 0; !failed && part < FIGURE_PARTS; part++)
		if (part != PART_VISITS || found->visits)
			failed = figures_drop(index, (enum figure_part)part, (struct figure_key){found->received_s, found->n}, err);
	return failed;
}

/* 'words_too': what is beside the figures is to be put too. */
static int put_figures(struct index *index, int64_t n, const struct found *found, const struct prepared *prepared, bool words_too, struct ticket_error *err)
{
	const struct figure_key key = {prepared->received_s, n};
	bool moved = found->n && found->received_s != prepared->received_s;
	int failed = moved ? drop_parts_of(index, found, err) : 0;

	if (!failed && found->n && !moved && found->visits && !prepared->parts[PART_VISITS].n)
		failed = figures_drop(index, PART_VISITS, key, err);
	for (int part = 0; !failed && part < FIGURE_PARTS; part++)
		if (prepared->parts[part].n && (part == PART_FIGURES || words_too || moved))
			failed = figures_put(index, (enum figure_part)part, key, &prepared->parts[part], err);
	return failed;
}

static int replace_row(struct index *index, const char *path, const struct found *found, const struct row *row, const bool differs[ROW_COLUMNS], struct ticket_error *err)
{
	const struct named was = {found->id, found->aliases, found->uid, path};
	int failed = update_row(index, found->n, row, differs, err);

	return failed || !names_differ(differs) ? failed : names_drop(index, &was, found->n, err);
}

static int put_moments(struct index *index, int64_t n, bool is_new, const moment_list *moments, struct ticket_error *err)
{
	bool same = is_new && !moments->n;
	int failed = is_new ? 0 : moments_same(index, n, moments, &same, err);

	if (failed || same)
		return failed;
	if (!is_new && (failed = moments_drop(index, n, err)))
		return failed;
	return moments_put(index, n, moments, err);
}

int rows_put_prepared(struct index *index, const char *path, const struct prepared *prepared, struct ticket_error *err)
{
	_cleanup_(found_release) struct found found = {0};
	const struct row *row = &prepared->row;
	bool differs[ROW_COLUMNS] = {0};
	int64_t n;
	int failed;

	if ((failed = find_row(index, path, row, &found, differs, err)))
		return failed;
	n = found.n;
	failed = n ? replace_row(index, path, &found, row, differs, err) : insert_row(index, path, prepared, &n, err);
	if (!failed && (!found.n || names_differ(differs)))
		failed = names_put(index, &(struct named){value_text(&row->v[ROW_ID]), value_text(&row->v[ROW_ALIASES]), value_text(&row->v[ROW_UID]), path}, n, err);
	if (!failed)
		failed = put_moments(index, n, !found.n, &prepared->moments, err);
	if (!failed)
		failed = put_figures(index, n, &found, prepared, !found.n || differs[ROW_WORDS], err);
	return failed ? failed : put_texts(index, n, &found, &prepared->text, prepared->text_digest, err);
}

/* What figures.c keeps of a ticket. */
static void parts_of(struct buf parts[FIGURE_PARTS], const struct ticket *ticket, const struct oid *blob, struct index *index)
{
	char hex[OID_HEX_SIZE];
	const struct rules_of rules = rules_for(index, ticket);
	struct fact fact;

	fact_of(&fact, ticket, index->policy, &rules);
	if (fact.followed)
		fact.blob = oid_hex(hex, blob);
	fact_write(&fact, &parts[PART_FIGURES], &parts[PART_WORDS]);
	if (ticket->customer.id && *ticket->customer.id && !ticket->quarantined)
		buf_puts(&parts[PART_VISITS], ticket->customer.id);
	fact_release(&fact);
}

void prepared_of(struct prepared *out, const struct ticket *ticket, struct index *index, const char *path, const struct oid *blob)
{
	_cleanup_(facts_release) struct facts facts = {0};

	buf_truncate(&out->text, 0);
	for (int part = 0; part < FIGURE_PARTS; part++)
		buf_truncate(&out->parts[part], 0);
	facts_of(&facts, ticket);
	row_of(&out->row, ticket, &facts, index->policy, path, blob);
	moments_of(&out->moments, ticket, &facts);
	texts_of(ticket, &out->text);
	out->text_digest = texts_digest(&out->text);
	parts_of(out->parts, ticket, blob, index);
	out->row.v[ROW_WORDS] = number_value(texts_digest(&out->parts[PART_WORDS]) ^ texts_digest(&out->parts[PART_VISITS]));
	out->received_s = facts.times[FACT_RECEIVED];
}

void prepared_release(struct prepared *prepared)
{
	row_release(&prepared->row);
	free(prepared->moments.v);
	buf_release(&prepared->text);
	for (int part = 0; part < FIGURE_PARTS; part++)
		buf_release(&prepared->parts[part]);
}

int rows_put(struct index *index, const char *path, const struct oid *blob, const struct ticket *ticket, struct ticket_error *err)
{
	_cleanup_(prepared_release) struct prepared prepared = {0};

	prepared_of(&prepared, ticket, index, path, blob);
	return rows_put_prepared(index, path, &prepared, err);
}

static int delete_row(struct index *index, int64_t n, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_DELETE, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, n);
	return db_run(index, statement, err);
}

int rows_remove(struct index *index, const char *path, struct ticket_error *err)
{
	_cleanup_(found_release) struct found found;
	int failed = find_row(index, path, NULL, &found, NULL, err);

	if (!failed && found.n)
		failed = moments_drop(index, found.n, err);
	if (!failed && found.n)
		failed = names_drop(index, &(struct named){found.id, found.aliases, found.uid, path}, found.n, err);
	if (!failed && found.n)
		failed = delete_row(index, found.n, err);
	if (!failed && found.n)
		failed = drop_parts_of(index, &found, err);
	if (!failed && found.serial)
		failed = texts_lose(index, found.block, found.bytes, err);
	return failed ? failed : forget_unreadable(index, path, err);
}

int rows_add_unreadable(struct index *index, const char *path, const struct oid *blob, const char *why, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_INSERT_UNREADABLE, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
	sqlite3_bind_blob(statement, 2, blob->id, sizeof(blob->id), SQLITE_STATIC);
	db_bind_text(statement, 3, why);
	return db_run(index, statement, err);
}

int rows_put_unreadable(struct index *index, const char *path, const struct oid *blob, const char *why, struct ticket_error *err)
{
	int failed = rows_remove(index, path, err);

	return failed ? failed : rows_add_unreadable(index, path, blob, why, err);
}
