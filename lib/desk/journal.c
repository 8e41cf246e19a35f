/* SPDX-License-Identifier: MIT */
/* The desk's journal: lines added in a change, and read back in order. */
#include "desk/journal.h"

#include "desk/register.h"
#include "model/codec.h"
#include "model/event.h"

static const struct codec_field entry_fields[] = {
	FIELD(TEXT, struct journal_entry, "id", id, CODEC_REQUIRED),
	FIELD(TIME, struct journal_entry, "at", at, CODEC_REQUIRED),
	FIELD(TIME, struct journal_entry, "recorded", recorded, CODEC_REQUIRED),
	FIELD(TEXT, struct journal_entry, "by", by, CODEC_REQUIRED),
	FIELD(TEXT, struct journal_entry, "role", role, 0),
	FIELD(TEXT, struct journal_entry, "act", act, CODEC_REQUIRED),
	FIELD(TEXT, struct journal_entry, "subject", subject, 0),
	FIELD(TIME, struct journal_entry, "from", from, 0),
	FIELD(TIME, struct journal_entry, "until", until, 0),
	FIELD(TEXT, struct journal_entry, "text", text, 0),
	FIELD(TEXTS, struct journal_entry, "tickets", tickets, 0),
	FIELD_SUB(MAP, struct journal_entry, "values", values, 0, &pair_codec),
	CODEC_END,
};
static const struct codec entry_codec = {"entry", sizeof(struct journal_entry), entry_fields, 0, -1, NULL};

void journal_entry_release(struct journal_entry *entry)
{
	codec_release(&entry_codec, entry);
}

/* The file of the month that a change is recorded in, as it stands before it. */
static int open_month(struct change *change, struct ticket_error *err)
{
	struct desk *desk = change->desk;
	struct civil civil;
	int failed;

	if (change->journal_path)
		return 0;
	civil_from(&civil, zone_wall(desk->zone, desk->context.now_s));
	change->journal_path = xasprintf(JOURNAL_FOLDER "/%04d/%02d.jsonl", (int)civil.year, civil.month);
	failed = store_read(desk->store, &change->base.tree, change->journal_path, &change->journal, err);
	return failed == TICKET_NOTFOUND ? 0 : failed;
}

/* Another desk's clock may have been ahead of ours (ticket-sync(1)): lines stay in order of recording. */
static void keep_order(const struct change *change, struct journal_entry *entry)
{
	const struct buf *text = &change->journal;
	const char *end = text->n ? text->p + text->n - 1 : NULL, *line = end ? memrchr(text->p, '\n', (size_t)(end - text->p)) : NULL;
	_cleanup_journal_entry_ struct journal_entry last = {0};

	line = line ? line + 1 : text->p;
	if (end && codec_read(&entry_codec, &last, line, (size_t)(end - line), change->journal_path, NULL) == 0 && last.recorded.s > entry->recorded.s)
		entry->recorded = last.recorded;
}

int change_journal(struct change *change, const struct journal_entry *entry, struct ticket_error *err)
{
	const struct desk *desk = change->desk;
	_cleanup_journal_entry_ struct journal_entry full = {0};
	int failed;

	codec_copy(&entry_codec, &full, entry);
	free(full.text);
	full.text = register_mask(change, NULL, entry->text);
	free(full.id);
	full.id = random_hex(8);
	full.recorded = stamp_at(desk->zone, desk->context.now_s);
	if (!full.at.set)
		full.at = full.recorded;
	if ((failed = open_month(change, err)))
		return failed;
	keep_order(change, &full);
	free(full.by);
	full.by = xstrdup(desk_actor(desk));
	free(full.role);
	full.role = xstrdup(desk_actor_role(desk));
	if ((failed = codec_check_texts(&entry_codec, &full, err)))
		return failed;
	codec_write_compact(&entry_codec, &full, &change->journal);
	buf_putc(&change->journal, '\n');
	return change_file(change, change->journal_path, change->journal.p, change->journal.n, err);
}

void change_journal_release(struct change *change)
{
	free(change->journal_path);
	buf_release(&change->journal);
}

/* --- reading --------------------------------------------------------------------------------------------------- */

int journal_lines(const char *text, size_t n, const char *path, journal_line *each, void *data, struct ticket_error *err)
{
	const char *line = text ? text : "", *end = line + n;
	int failed = 0;

	for (size_t number = 1; line < end && !failed; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop : end) - line);
		_cleanup_journal_entry_ struct journal_entry entry = {0};
		struct ticket_error why = {0};
		bool readable = codec_read(&entry_codec, &entry, line, length, path, &why) == 0;

		failed = each(readable ? &entry : NULL, number, why.message, data, err);
		line += length + (stop != NULL);
	}
	return failed;
}

struct reading {
	struct desk *desk;
	const char *path, *act;
	journal_visitor *visit;
	void *data;
};

static int visit_line(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	const struct reading *reading = data;

	if (!entry)
		return ticket_fail(err, TICKET_STORAGE, "%s, line %zu: %s", reading->path, number, why);
	return reading->act && !text_equal(reading->act, entry->act) ? 0 : reading->visit(entry, reading->data, err);
}

static int read_month(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct reading *reading = data;
	_cleanup_buf_ struct buf text = {0};
	int failed;

	if (entry->is_folder || entry->is_link || !text_ends(entry->name, ".jsonl"))
		return 0;
	if ((failed = store_read_blob(reading->desk->store, &entry->id, &text, err)))
		return failed;
	reading->path = entry->path;
	return journal_lines(text.p, text.n, entry->path, visit_line, reading, err);
}

int journal_each(struct desk *desk, const char *act, journal_visitor *visit, void *data, struct ticket_error *err)
{
	struct reading reading = {.desk = desk, .act = act, .visit = visit, .data = data};

	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, JOURNAL_FOLDER, read_month, &reading, err);
}
