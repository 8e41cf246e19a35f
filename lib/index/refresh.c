/* SPDX-License-Identifier: MIT */
/* Bringing the index to a tree: only what differs from its stamp is read, or everything when there is nothing to start from. */
#include "index/db.h"

#include "model/ticket.h"

#define POLICY_FOLDER "policy"

static void policy_id(struct index *index, const struct oid *tree, struct oid *out)
{
	*out = (struct oid){{0}};
	if (!oid_is_zero(tree) && store_find(index->store, tree, POLICY_FOLDER, out, NULL, NULL))
		*out = (struct oid){{0}};
}

static bool column_oid(sqlite3_stmt *statement, int column, struct oid *out)
{
	if (sqlite3_column_bytes(statement, column) != (int)sizeof(out->id))
		return false;
	memcpy(out->id, sqlite3_column_blob(statement, column), sizeof(out->id));
	return true;
}

/* The stamp; 'built' is false where there is none. */
struct stamped {
	struct oid tree, policy;
	bool built;
};

static int read_stamp(struct index *index, struct stamped *out, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_STAMP, err);
	int code;

	*out = (struct stamped){0};
	if (!statement)
		return db_fail(index, err);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		out->built = column_oid(statement, 0, &out->tree) && column_oid(statement, 1, &out->policy);
		index->last_serial = sqlite3_column_int64(statement, 2);
		index->last_block = sqlite3_column_int64(statement, 3);
	}
	sqlite3_reset(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(index, err);
}

static int write_stamp(struct index *index, const struct stamped *stamp, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_SET_STAMP, err);
	int failed;

	if (!statement)
		return db_fail(index, err);
	if ((failed = texts_flush(index, err)) || (failed = pages_flush(index, err)))
		return failed;
	sqlite3_bind_blob(statement, 1, stamp->tree.id, sizeof(stamp->tree.id), SQLITE_STATIC);
	sqlite3_bind_blob(statement, 2, stamp->policy.id, sizeof(stamp->policy.id), SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, index->last_serial);
	sqlite3_bind_int64(statement, 4, index->last_block);
	return db_run(index, statement, err);
}

int refresh_stamp(struct index *index, struct oid *tree, struct ticket_error *err)
{
	struct stamped stamp;
	int failed = read_stamp(index, &stamp, err);

	*tree = stamp.tree;
	return failed;
}

/* --- one file -------------------------------------------------------------------------------------------------- */

bool is_ticket_file(const struct store_entry *entry)
{
	return !entry->is_folder && !entry->is_link && !oid_is_zero(&entry->id) && text_ends(entry->name, ".json");
}

static int refresh_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct index *index = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_(ticket_view_release) struct ticket_view view = {0};
	struct ticket_error why;
	int failed;

	if (!is_ticket_file(entry))
		return rows_remove(index, entry->path, err);
	if ((failed = store_read_blob(index->store, &entry->id, &text, err)))
		return failed;
	if (ticket_view(&view, text.p ? text.p : "", text.n, entry->path, &why))
		return rows_put_unreadable(index, entry->path, &entry->id, why.message, err);
	return rows_put(index, entry->path, &entry->id, &view.ticket, err);
}

/* --- from a tree to another ------------------------------------------------------------------------------------ */

int refresh_to(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	struct stamped stamp, target = {.tree = *tree, .built = true};
	int failed = read_stamp(index, &stamp, err);

	if (failed || (stamp.built && oid_equal(&stamp.tree, tree)))
		return failed;
	policy_id(index, tree, &target.policy);
	if (!stamp.built || !oid_equal(&stamp.policy, &target.policy))
		return INDEX_OUTDATED;
	failed = store_changes(index->store, &stamp.tree, tree, TICKETS_FOLDER, refresh_file, index, err);
	if (failed)
		/* The tree of the stamp may be gone: history was rewritten and cleaned up. Reading all anew says what else it is. */
		return is_index_trouble(failed) ? failed : INDEX_OUTDATED;
	return write_stamp(index, &target, err);
}

int refresh_anew(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	struct stamped target = {.tree = *tree, .built = true};
	int failed = build_all(index, tree, err);

	policy_id(index, tree, &target.policy);
	return failed ? failed : write_stamp(index, &target, err);
}

int refresh_with(struct index *index, const struct snapshot *before, const struct snapshot *after, const struct index_change *changes, size_t n,
		 struct ticket_error *err)
{
	struct stamped stamp, target = {.tree = after->tree, .built = true};
	int failed = read_stamp(index, &stamp, err);

	policy_id(index, &after->tree, &target.policy);
	if (failed || !stamp.built || !oid_equal(&stamp.tree, &before->tree) || !oid_equal(&stamp.policy, &target.policy))
		return failed ? failed : INDEX_OUTDATED;
	for (size_t i = 0; !failed && i < n; i++)
		failed = changes[i].ticket ? rows_put(index, changes[i].path, &changes[i].blob, changes[i].ticket, err) : rows_remove(index, changes[i].path, err);
	return failed ? failed : write_stamp(index, &target, err);
}
