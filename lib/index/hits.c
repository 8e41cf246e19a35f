/* SPDX-License-Identifier: MIT */
/* Hits of a query: rows of the index read by their numbers, and what was received in one second put in order. */
#include "index/sql.h"
#include "ticket/language.h"

/* What a hit takes over from its row, texts first. */
static const struct taken {
	enum row_column column;
	enum { TAKE_TEXT, TAKE_LIST, TAKE_STATE, TAKE_COUNT, TAKE_FLAG, TAKE_TIME } type;
	size_t offset;
} taken[] = {
#define TAKEN(column, type, member) {column, type, offsetof(struct index_hit, member)}
#define TAKEN_TIME(which, member) {ROW_TIMES + (which), TAKE_TIME, offsetof(struct index_hit, member)}
	TAKEN(ROW_PATH, TAKE_TEXT, path),
	TAKEN(ROW_ID, TAKE_TEXT, row.id),
	TAKEN(ROW_UID, TAKE_TEXT, uid),
	TAKEN(ROW_SUBJECT, TAKE_TEXT, row.subject),
	TAKEN(ROW_CHANNEL, TAKE_TEXT, row.channel),
	TAKEN(ROW_TYPES, TAKE_LIST, row.types),
	TAKEN(ROW_CATEGORY, TAKE_TEXT, row.category),
	TAKEN(ROW_GRADE, TAKE_TEXT, row.grade),
	TAKEN(ROW_PRIORITY, TAKE_TEXT, row.priority),
	TAKEN(ROW_RISK, TAKE_TEXT, row.risk),
	TAKEN(ROW_GROUP, TAKE_TEXT, row.group),
	TAKEN(ROW_ASSIGNEE, TAKE_TEXT, row.assignee),
	TAKEN(ROW_CUSTOMER_ID, TAKE_TEXT, row.customer_id),
	TAKEN(ROW_CUSTOMER, TAKE_TEXT, row.customer),
	TAKEN(ROW_DEPARTMENTS, TAKE_LIST, row.departments),
	TAKEN(ROW_WAITING, TAKE_TEXT, row.waiting_for),
	TAKEN(ROW_DOING, TAKE_TEXT, row.doing),
	TAKEN(ROW_STATUS, TAKE_TEXT, row.status),
	TAKEN(ROW_DUE_TARGET, TAKE_TEXT, row.due_target),
	TAKEN(ROW_STATE, TAKE_STATE, row.state),
	TAKEN(ROW_LEVEL, TAKE_COUNT, row.level),
	TAKEN(ROW_CYCLE, TAKE_COUNT, row.cycle),
	TAKEN(ROW_DELAYED, TAKE_FLAG, row.delayed),
	TAKEN(ROW_QUARANTINED, TAKE_FLAG, row.quarantined),
	TAKEN_TIME(FACT_RECEIVED, row.received_s),
	TAKEN_TIME(FACT_UPDATED, row.updated_s),
	TAKEN_TIME(FACT_RESPONDED, row.responded_s),
	TAKEN_TIME(FACT_RESOLVED, row.resolved_s),
	TAKEN_TIME(FACT_ARCHIVED, row.archived_s),
	TAKEN_TIME(FACT_DUE, row.due_s),
};
enum { AT_BLOB = ARRAY_SIZE(taken), AT_AT_RISK }; /* behind these in a row that is fetched */

static void fetch_text(struct buf *sql)
{
	buf_puts(sql, "SELECT ");
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		buf_puts(sql, row_names[taken[i].column]);
		buf_putc(sql, ',');
	}
	buf_puts(sql, "blob, " AT_RISK " FROM main.tickets t WHERE n = ?");
}

/* "␟a␟b␟" becomes "a, b". Returns what it took. */
static size_t copy_list(char *to, const char *from)
{
	size_t n = 0;

	for (; *from; from++) {
		if (*from != LIST_MARK) {
			to[n++] = *from;
		} else if (n && from[1]) {
			to[n++] = ',';
			to[n++] = ' ';
		}
	}
	to[n] = '\0';
	return n + 1;
}

static void take_row(struct index_hit *hit, sqlite3_stmt *statement, int64_t now_s)
{
	struct ticket_row *row = &hit->row;
	const char *texts[ARRAY_SIZE(taken)];
	size_t size = 0;
	char *p;

	for (int i = 0; i < (int)ARRAY_SIZE(taken) && taken[i].type <= TAKE_LIST; i++) {
		texts[i] = db_text(statement, i);
		size += 2 * strlen(texts[i]) + 1;
	}
	p = hit->room = xmalloc(size);
	for (int i = 0; i < (int)ARRAY_SIZE(taken); i++) {
		void *member = (char *)hit + taken[i].offset;

		switch (taken[i].type) {
		case TAKE_TEXT:
			*(const char **)member = p;
			p = stpcpy(p, texts[i]) + 1;
			break;
		case TAKE_LIST:
			*(const char **)member = p;
			p += copy_list(p, texts[i]);
			break;
		case TAKE_STATE:
			*(int *)member = sqlite3_column_int(statement, i);
			break;
		case TAKE_COUNT:
			*(int64_t *)member = sqlite3_column_int64(statement, i);
			break;
		case TAKE_FLAG:
			*(bool *)member = sqlite3_column_int(statement, i) != 0;
			break;
		case TAKE_TIME:
			*(int64_t *)member = db_time(statement, i);
			break;
		}
	}
	if (sqlite3_column_bytes(statement, AT_BLOB) == (int)sizeof(hit->blob.id))
		memcpy(hit->blob.id, sqlite3_column_blob(statement, AT_BLOB), sizeof(hit->blob.id));
	row->overdue = row->due_s != TIME_NONE && row->due_s < now_s;
	row->at_risk = sqlite3_column_int(statement, AT_AT_RISK) != 0;
}

/* A row that the order knows of must be there. */
static int fetch_hit(struct index *index, sqlite3_stmt *statement, const struct pick *pick, int64_t now_s, index_hits *out, struct ticket_error *err)
{
	int code = sqlite3_step(statement);
	struct index_hit *hit;

	if (code == SQLITE_DONE) {
		ticket_fail(err, TICKET_STORAGE, "the index %s is damaged: a ticket that it lists is not in it", index->path ? index->path : _("in memory"));
		return INDEX_DAMAGED;
	}
	if (code != SQLITE_ROW)
		return db_fail(index, err);
	hit = list_push(out);
	take_row(hit, statement, now_s);
	hit->score = pick->score;
	return 0;
}

int hits_fetch(struct index *index, const picks *picked, int64_t now_s, index_hits *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf sql = {0};
	sqlite3_stmt *statement = NULL;
	int failed = 0;

	fetch_text(&sql);
	if (sqlite3_prepare_v2(index->sql, sql.p, (int)sql.n, &statement, NULL) != SQLITE_OK)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, now_s);
	sqlite3_bind_int64(statement, 2, now_s);
	for (size_t i = 0; !failed && i < picked->n; i++) {
		sqlite3_bind_int64(statement, 3, picked->v[i].n);
		failed = fetch_hit(index, statement, &picked->v[i], now_s, out, err);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return failed;
}

static int highest_number_first(const void *a, const void *b)
{
	const struct index_hit *x = a, *y = b;
	int order = strcmp(y->row.id, x->row.id);

	if (!order)
		order = strcmp(y->uid, x->uid);
	return order ? order : strcmp(y->path, x->path);
}

void hits_settle(index_hits *hits, size_t limit)
{
	for (size_t i = 0, end; i < hits->n; i = end) {
		for (end = i + 1; end < hits->n && hits->v[end].row.received_s == hits->v[i].row.received_s; end++)
			;
		if (end - i > 1)
			qsort(hits->v + i, end - i, sizeof(*hits->v), highest_number_first);
	}
	while (limit && hits->n > limit)
		free(hits->v[--hits->n].room);
}

void index_hits_release(index_hits *hits)
{
	for (size_t i = 0; i < hits->n; i++)
		free(hits->v[i].room);
	free(hits->v);
	*hits = (index_hits){0};
}
