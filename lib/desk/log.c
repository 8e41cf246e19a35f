/* SPDX-License-Identifier: MIT */
/* The history of a desk or of one ticket, commit by commit. */
#include "desk/desk.h"

struct log {
	log_visitor *visit;
	void *data;
};

static int show_commit(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	struct log *log = data;
	char hex[OID_HEX_SIZE];
	_cleanup_free_ char *subject = xstrndup(commit->message, strcspn(commit->message, "\n"));
	struct log_entry entry = {
		.commit = oid_hex(hex, &commit->id),
		.author = commit->author,
		.email = commit->author_email,
		.subject = subject,
		.message = commit->message,
		.happened = {commit->authored_s, commit->author_offset_s, true},
		.recorded = {commit->committed_s, commit->committer_offset_s, true},
	};

	return log->visit(&entry, log->data, err);
}

int desk_log(struct desk *desk, const char *word, log_visitor *visit, void *data, struct ticket_error *err)
{
	struct log log = {visit, data};
	_cleanup_free_ char *number = NULL, *path = NULL;
	int failed;

	if (word && ((failed = desk_resolve(desk, word, &number, err)) || (failed = desk_ticket_path(desk, number, &path, err))))
		return failed;
	failed = store_history(desk->store, &desk->head.commit, path, show_commit, &log, err);
	return failed > 0 ? 0 : failed;
}
