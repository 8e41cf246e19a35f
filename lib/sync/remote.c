/* SPDX-License-Identifier: MIT */
/* The remote, by way of git: its transports, credentials and hooks are what people have set up for it. */
#include "sync/sync.h"

#include "base/process.h"
#include "ticket/language.h"
#include "ticket/text.h"

#define FETCHED "refs/ticket/sync" /* what was fetched last */
#define MOST_SHOWN 3000            /* bytes of what git said */

/* --- running git ----------------------------------------------------------------------------------------------- */

/* What would lead git to another repository than the desk's: set where a hook runs us. */
static bool leads_away(const char *variable)
{
	static const char *const names[] = {"GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_COMMON_DIR=", "GIT_OBJECT_DIRECTORY=", "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
					    "GIT_NAMESPACE=", "GIT_PREFIX=", "GIT_QUARANTINE_PATH="};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_starts(variable, names[i]))
			return true;
	return false;
}

static char **environment_of(const struct remote *remote)
{
	size_t n = 0, kept = 0;
	char **out;

	while (remote->environment && remote->environment[n])
		n++;
	out = xcalloc(n + 1, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		if (!leads_away(remote->environment[i]))
			out[kept++] = remote->environment[i];
	return out;
}

/* Where git finds the desk's repository, and what an address such as ../hub.git is relative to. Owned. */
static char *folder_of(const struct store *store)
{
	const char *private = store_private(store);

	return store_root(store) ? xstrdup(store_root(store)) : xstrndup(private, strlen(private) - strlen("ticket/"));
}

#define MOST_WORDS 16

/* Runs git in the desk. '*well': it ended with 0; 'said' gets its lines, both of its output and its complaints. */
static int run_git(const struct remote *remote, const char *const *words, bool *well, struct texts *said, struct ticket_error *err)
{
	_cleanup_free_ char *folder = folder_of(remote->desk->store);
	const char *argv[MOST_WORDS + 5] = {"git", "-C", folder};
	_cleanup_free_ char **environment = environment_of(remote);
	_cleanup_free_ char *why = NULL;
	struct process process;
	size_t n = 3;
	int failed;

	for (size_t i = 0; words[i]; i++)
		argv[n++] = words[i];
	if ((failed = process_start(&process, argv, environment, &(struct buf){0}, PROCESS_ERRORS | PROCESS_BESIDE, PROCESS_UNLIMITED, err)))
		return failed == TICKET_NOTFOUND ? ticket_fail(err, TICKET_STORAGE, "git is needed to reach other desks, but cannot be run; install it") : failed;
	for (char *line; (line = process_line(&process));) {
		if (text_ends(line, "\r"))
			line[strlen(line) - 1] = '\0'; /* ssh ends its lines for a terminal */
		*list_push(said) = line;
	}
	*well = process_end(&process, &why);
	if (!*well && !said->n && why)
		texts_add(said, why);
	return 0;
}

/* What git said, harmless for a terminal. */
static int fail_said(const struct texts *said, int code, const char *what, const struct remote *remote, struct ticket_error *err)
{
	_cleanup_free_ char *all = texts_join(said, "\n");
	_cleanup_buf_ struct buf shown = {0}, name = {0};

	text_show(&shown, all, strlen(all) < MOST_SHOWN ? strlen(all) : MOST_SHOWN, true);
	text_show(&name, remote->name, strlen(remote->name), false);
	return ticket_fail(err, code, what, name.p, shown.p ? shown.p : "");
}

/* --- which remote ---------------------------------------------------------------------------------------------- */

static int check_name(const char *name, struct ticket_error *err)
{
	if (!*name || *name == '-' || text_flaw(name, strlen(name), NULL) >= 0 || strpbrk(name, "\n\t"))
		return ticket_fail(err, TICKET_USAGE, "that cannot be the name or address of a remote");
	return 0;
}

/* The remote that the branch follows, else "origin". */
static int choose_name(struct remote *remote, const char *given, const char *upstream, struct ticket_error *err)
{
	_cleanup_free_ char *origin = store_config(remote->desk->store, "remote.origin.url");

	if (!given && !upstream && !origin)
		return ticket_fail(err, TICKET_REFUSED, "this desk has no remote yet; name one: ticket sync ADDRESS, or for good: git remote add origin ADDRESS");
	remote->name = xstrdup(given ? given : upstream ? upstream : "origin");
	return check_name(remote->name, err);
}

int remote_open(struct remote *remote, struct desk *desk, const struct sync_options *options, struct ticket_error *err)
{
	_cleanup_free_ char *branch = NULL, *key = NULL, *upstream = NULL, *there = NULL;
	const char *name;
	int failed;

	*remote = (struct remote){.desk = desk, .environment = options->environment};
	if ((failed = store_branch(desk->store, &branch, err)))
		return failed;
	if (!text_starts(branch, "refs/heads/"))
		return ticket_fail(err, TICKET_REFUSED, "HEAD stands for no branch, so there is nothing to sync; go to one: git switch BRANCH");
	name = branch + strlen("refs/heads/");
	key = xasprintf("branch.%s.remote", name);
	upstream = store_config(desk->store, key);
	free(key);
	key = xasprintf("branch.%s.merge", name);
	there = store_config(desk->store, key);
	if ((failed = choose_name(remote, options->remote, upstream, err)))
		return failed;
	remote->branch = xstrdup(there && text_equal(remote->name, upstream) ? there : branch);
	return 0;
}

void remote_release(struct remote *remote)
{
	free(remote->name);
	free(remote->branch);
}

/* --- from there ------------------------------------------------------------------------------------------------ */

/* Fetching has failed: because there is nothing yet, or another branch, or because it cannot be reached. */
static int why_not(struct remote *remote, const struct texts *fetched, struct ticket_error *err)
{
	const char *const words[] = {"ls-remote", "--heads", "--", remote->name, NULL};
	_cleanup_buf_ struct buf heads = {0};
	struct texts said = {0};
	bool well;
	int failed = run_git(remote, words, &well, &said, err);

	for (size_t i = 0; i < said.n; i++) {
		const char *name = strchr(said.v[i], '\t');

		if (well && name && text_equal(name + 1, remote->branch))
			well = false; /* it is there, and fetching failed for another reason */
		else if (well && name && text_starts(name + 1, "refs/heads/"))
			buf_addf(&heads, "%s%s", heads.n ? ", " : "", name + 1 + strlen("refs/heads/"));
	}
	texts_release(&said);
	if (failed)
		return failed;
	if (!well)
		return fail_said(fetched, TICKET_STORAGE, N_("'%s' cannot be fetched: %s"), remote, err);
	if (heads.n)
		return ticket_fail(err, TICKET_REFUSED, "the remote has no branch '%s', but: %s; say which is meant: git branch --set-upstream-to", remote->branch + strlen("refs/heads/"),
				   heads.p);
	return 0;
}

int remote_fetch(struct remote *remote, struct snapshot *out, struct ticket_error *err)
{
	_cleanup_free_ char *spec = xasprintf("+%s:" FETCHED, remote->branch);
	/* In a pack, which git flushes to the disk before it says that it is there. */
	const char *const words[] = {"-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--", remote->name, spec, NULL};
	struct texts said = {0};
	bool well;
	int failed = run_git(remote, words, &well, &said, err);

	*out = (struct snapshot){0};
	if (!failed && !well)
		failed = why_not(remote, &said, err);
	else if (!failed)
		failed = store_revision(remote->desk->store, FETCHED, out, err);
	if (!failed)
		remote->fetched = out->commit;
	texts_release(&said);
	return failed;
}

/* --- to there -------------------------------------------------------------------------------------------------- */

/* What the remote's own side said no with: a hook, a rule of its server; NULL: nothing of the kind. */
static const char *declined(const struct texts *said)
{
	for (size_t i = 0; i < said->n; i++) {
		const char *why = text_starts(said->v[i], "!\t") ? strstr(said->v[i], "[remote rejected]") : NULL;

		if (why)
			return why;
	}
	return NULL;
}

/* Somebody else was pushing at that very moment. */
static bool met_another(const char *why)
{
	return strstr(why, "lock") || strstr(why, "failed to update ref") || strstr(why, "incorrect old value");
}

int remote_push(struct remote *remote, const struct oid *commit, struct ticket_error *err)
{
	char hex[OID_HEX_SIZE];
	_cleanup_free_ char *spec = xasprintf("%s:%s", oid_hex(hex, commit), remote->branch);
	const char *const words[] = {"push", "--quiet", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", "--", remote->name, spec, NULL};
	struct oid before = remote->fetched;
	struct snapshot now;
	struct texts said = {0};
	bool well;
	int failed = run_git(remote, words, &well, &said, err);

	if (!failed && !well) {
		const char *why = declined(&said);

		/* Who was beaten sees it by looking again, however git puts it. */
		failed = remote_fetch(remote, &now, err);
		if ((!failed && !oid_equal(&now.commit, &before)) || (why && met_another(why)))
			failed = ticket_fail(err, TICKET_BUSY, "others pushed to '%s' at the same time, again and again; nothing is lost, try again later", remote->name);
		else if (why)
			failed = fail_said(&said, TICKET_REFUSED, N_("'%s' does not take it: %s"), remote, err);
		else
			failed = fail_said(&said, TICKET_STORAGE, N_("'%s' cannot be pushed to: %s"), remote, err);
	}
	texts_release(&said);
	return failed;
}
