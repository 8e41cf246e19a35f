/* SPDX-License-Identifier: MIT */
/* The check before a push is taken: what would be added to the branches of the server, while it lies aside. */
#include "audit/audit.h"

#include "ticket/language.h"

struct receiving {
	struct audit *audit;
	char *head;  /* the branch that the desk stands on */
	oids tips;
};

static int tell(struct receiving *receiving, const struct oid *commit, const char *branch, const char *what, struct ticket_error *err)
{
	char hex[OID_HEX_SIZE];
	struct audit_finding finding = {.commit = oid_hex(hex, commit), .where = branch, .what = language_finding(what)};

	return audit_tell(receiving->audit, &finding, err);
}

/* Is there a desk at a commit? Other branches may come and go as they like. */
static int has_desk(struct audit *audit, const struct oid *commit, bool *out, struct ticket_error *err)
{
	struct past past;
	int failed = audit_past(audit, commit, &past, err);

	*out = !failed && !oid_is_zero(&past.policy);
	return failed;
}

/* A branch moves on; it does not go back, nor to another history. */
static int check_move(struct receiving *receiving, const struct oid *old, const struct oid *new, const char *branch, struct ticket_error *err)
{
	struct audit *audit = receiving->audit;
	oids tip = {0};
	bool desk, leads = true;
	int failed = has_desk(audit, old, &desk, err);

	*list_push(&tip) = *new;
	if (!failed && desk)
		failed = store_leads_to(audit->desk.store, old, &tip, &leads, err);
	free(tip.v);
	return failed || leads ? failed : tell(receiving, old, branch, N_("the history would be rewritten: this commit is not in what is pushed"), err);
}

static int take_update(struct receiving *receiving, const struct oid *old, const struct oid *new, const char *branch, struct ticket_error *err)
{
	int failed;

	if (!text_starts(branch, "refs/heads/"))
		return 0;
	if (oid_is_zero(new))
		return text_equal(branch, receiving->head) ? tell(receiving, old, branch, N_("the desk stands on this branch; it cannot be taken away"), err) : 0;
	if (!oid_is_zero(old) && (failed = check_move(receiving, old, new, branch, err)))
		return failed;
	*list_push(&receiving->tips) = *new;
	return 0;
}

/* "OLD NEW REF", one a line. */
static int take_updates(struct receiving *receiving, const char *updates, struct ticket_error *err)
{
	int failed = 0;

	for (const char *line = updates; *line && !failed;) {
		size_t n = strcspn(line, "\n");
		_cleanup_free_ char *copy = xstrndup(line, n);
		char *rest = copy, *old = strsep(&rest, " "), *new = rest ? strsep(&rest, " ") : NULL;
		struct oid from, to;

		if (!rest || !*rest || !oid_from_hex(&from, old) || !oid_from_hex(&to, new))
			return ticket_fail(err, TICKET_USAGE, "'%.*s' is no line of git's 'OLD NEW REF'; --receive is for the hook pre-receive", (int)n, line);
		failed = take_update(receiving, &from, &to, rest, err);
		line += n + (line[n] == '\n');
	}
	return failed;
}

static int judge(struct receiving *receiving, const char *updates, struct ticket_error *err)
{
	struct audit *audit = receiving->audit;
	struct store *store = audit->desk.store;
	oids there = {0}, list = {0};
	int ended;

	if (!(ended = store_branch(store, &receiving->head, err)) && !(ended = store_branches(store, &there, err)) &&
	    !(ended = take_updates(receiving, updates, err)) && !(ended = store_commits(store, &receiving->tips, &there, &list, err)))
		ended = audit_commits(audit, &list, &there, NULL, err);
	free(there.v);
	free(list.v);
	return ended;
}

int audit_receive(const struct desk_context *context, const char *objects, const char *updates, bool strict, audit_visitor *visit, void *data,
		  struct audit_counts *counts, struct ticket_error *err)
{
	_cleanup_(store_close_p) struct store *store = NULL;
	struct audit *audit = xmalloc(sizeof(*audit));
	struct receiving receiving = {.audit = audit};
	int ended = store_open(&store, context->folder ? context->folder : ".", err);

	audit_begin(audit, store, context, visit, data, counts);
	audit->strict = strict;
	if (!ended && !(ended = objects ? store_objects(store, objects, err) : 0))
		ended = judge(&receiving, updates, err);
	audit_end(audit);
	free(audit);
	free(receiving.head);
	free(receiving.tips.v);
	return ended;
}
