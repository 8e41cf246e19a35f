/* SPDX-License-Identifier: MIT */
/* Setting up a desk from a preset. */
#include "desk/change.h"

#include "ticket/file.h"
#include "ticket/language.h"

#include <errno.h>

/* The JSON files of a folder beside a policy. A preset need not have any. */
static int add_folder(struct store_change *files, const char *folder, const char *name, bool owed, struct ticket_error *err)
{
	_cleanup_folder_ DIR *dir = opendir(folder);
	const struct dirent *entry;
	int failed = 0;

	if (!dir)
		return owed ? ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", folder, language_errno(errno)) : 0;
	while (!failed && (entry = readdir(dir))) {
		_cleanup_buf_ struct buf text = {0};
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, entry->d_name), *kept = xasprintf(POLICY_FOLDER "/%s/%s", name, entry->d_name);

		if (*entry->d_name == '.' || !text_ends(entry->d_name, ".json"))
			continue;
		if (!(failed = file_read(path, 0, &text, err)))
			failed = store_change_put(files, kept, text.p, text.n, err);
	}
	return failed;
}

/* Every calendar that ships goes along, so that a policy can name any of them; of the forms those of the preset. */
static int add_beside(struct store_change *files, const char *presets, const char *policy, struct ticket_error *err)
{
	_cleanup_free_ char *calendars = xasprintf("%s/calendars", presets), *forms = xasprintf("%s/%s/forms", presets, policy);
	int failed = add_folder(files, calendars, "calendars", true, err);

	return failed ? failed : add_folder(files, forms, "forms", false, err);
}

static int refuse_existing(struct store *store, const struct snapshot *head, struct ticket_error *err)
{
	static const char *const taken[] = {POLICY_FOLDER, TICKETS_FOLDER, "customers", "actions", "kb", "attachments"};
	struct oid id;

	for (size_t i = 0; i < ARRAY_SIZE(taken) && !oid_is_zero(&head->tree); i++)
		if (store_find(store, &head->tree, taken[i], &id, NULL, NULL) == 0)
			return ticket_fail(err, TICKET_REFUSED,
					   i == 0 ? N_("this repository is a desk already (it holds '%s')") : N_("this repository holds '%s' already, which a desk needs for itself"),
					   taken[i]);
	return 0;
}

static int commit_preset(struct store *store, const char *presets, const char *name, const struct desk_context *context, struct ticket_error *err)
{
	_cleanup_free_ char *file = xasprintf("%s/%s/policy.json", presets, name), *user = NULL, *email = NULL, *message = NULL;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_policy_ struct policy *policy = NULL;
	struct store_change *files = NULL;
	struct zone *zone = NULL;
	struct snapshot head;
	struct commit_words words;
	int failed;

	if ((failed = file_read(file, 0, &text, err)) || (failed = policy_read(&policy, text.p, text.n, file, err)) ||
	    (failed = zone_open(&zone, policy->time_zone, err)))
		return failed;
	user = context->as ? xstrdup(context->as) : store_config(store, "user.name");
	email = store_config(store, "user.email");
	message = xasprintf("desk: set up with the policy '%s'\n", name);
	words = (struct commit_words){
		.author = user && *user ? user : "ticket",
		.author_email = email && *email ? email : "unknown@invalid",
		.authored = stamp_at(zone, context->now_s),
		.message = message,
	};
	words.committer = words.author;
	words.committer_email = words.author_email;
	words.committed = words.authored;
	zone_free(zone);
	if ((failed = store_head(store, &head, err)) || (failed = refuse_existing(store, &head, err)) ||
	    (failed = store_change_begin(&files, store, &head, err)))
		return failed;
	/* No conversion of line ends: what is checked out is what was committed, byte for byte. */
	if (!(failed = store_change_put(files, ".gitattributes", "* -text\n", strlen("* -text\n"), err)) &&
	    !(failed = store_change_put(files, POLICY_FILE, text.p, text.n, err)) && !(failed = add_beside(files, presets, name, err)))
		failed = store_change_commit(files, &words, &head, err);
	store_change_free(files);
	return failed;
}

int desk_init(const char *folder, const char *presets_folder, const char *policy, const char *checkout, const struct desk_context *context, struct ticket_error *err)
{
	_cleanup_(store_close_p) struct store *store = NULL;
	enum checkout kind = CHECKOUT_FULL;
	_cleanup_free_ char *file = xasprintf("%s/%s/policy.json", presets_folder, policy);
	_cleanup_buf_ struct buf probe = {0};
	int failed;

	if (checkout && !checkout_of(checkout, strlen(checkout), &kind))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no kind of checkout; right would be full, files or none", checkout);
	/* A mistyped preset must not leave a repository behind. */
	if (strchr(policy, '/') || *policy == '.' || file_read(file, 0, &probe, NULL))
		return ticket_fail(err, TICKET_NOTFOUND, "there is no preset '%s'; ticket policy presets lists them", policy);
	if ((failed = store_init(folder, kind, err)) || (failed = store_open(&store, folder, err)) || (failed = store_lock(store, 10000, err)))
		return failed;
	failed = commit_preset(store, presets_folder, policy, context, err);
	store_unlock(store);
	return failed;
}
