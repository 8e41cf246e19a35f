/* SPDX-License-Identifier: MIT */
/*
 * Commits as they lie in the repository, and which of them lead to which. Whoever asks whether history was bent must not
 * be shown it through a graft, a replacement or a commit graph: the objects themselves are read, and nothing else.
 */
#include "store/reader.h"

#include "store/reference.h"

/* --- one commit ------------------------------------------------------------------------------------------------- */

static int damaged(const struct oid *id, struct ticket_error *err)
{
	char hex[OID_HEX_SIZE];

	return ticket_fail(err, TICKET_STORAGE, "commit %s is damaged; see git fsck", oid_hex(hex, id));
}

/* Takes "WORD " off the line at '*p' and ends the line with a NUL; NULL where another line stands. */
static char *take_line(char **p, const char *word)
{
	size_t n = strlen(word);
	char *line = *p, *end = strchr(line, '\n');

	if (!end || strncmp(line, word, n) != 0 || line[n] != ' ')
		return NULL;
	*end = '\0';
	*p = end + 1;
	return line + n + 1;
}

#define LATEST_S INT64_C(253402300799) /* the last second that has four digits for its year */

/* "NAME <ADDRESS> SECONDS +HHMM": taken apart in place. */
static bool take_person(char *line, const char **name, const char **email, int64_t *when_s, int32_t *offset_s)
{
	char *open = line ? strchr(line, '<') : NULL, *close = open ? strrchr(open, '>') : NULL, *end;
	long zone;

	if (!close)
		return false;
	*name = line;
	*email = open + 1;
	*close = '\0';
	*open = '\0';
	if (open > line && open[-1] == ' ')
		open[-1] = '\0';
	*when_s = strtoll(close + 1, &end, 10);
	zone = strtol(end, NULL, 10);
	*offset_s = (int32_t)((zone / 100 * 60 + zone % 100) * 60);
	return end > close + 1 && *when_s >= 0 && *when_s <= LATEST_S;
}

/* What stands between the committer and the message says nothing about the desk: an encoding, a signature. */
static char *skip_headers(char *p)
{
	while (*p && *p != '\n') {
		char *end = strchr(p, '\n');

		p = end ? end + 1 : p + strlen(p);
	}
	return *p ? p + 1 : p;
}

bool store_record_parse(struct store_record *record)
{
	struct store_commit *commit = &record->commit;
	char *p = record->text.p, *line;

	record->parents.n = 0;
	if (!p || strlen(p) != record->text.n || !(line = take_line(&p, "tree")) || !oid_from_hex(&commit->tree, line))
		return false;
	while ((line = take_line(&p, "parent")))
		if (!oid_from_hex(list_push(&record->parents), line))
			return false;
	commit->parents = record->parents.n;
	if (commit->parents)
		commit->parent = record->parents.v[0];
	if (!take_person(take_line(&p, "author"), &commit->author, &commit->author_email, &commit->authored_s, &commit->author_offset_s) ||
	    !take_person(take_line(&p, "committer"), &commit->committer, &commit->committer_email, &commit->committed_s, &commit->committer_offset_s))
		return false;
	commit->message = skip_headers(p);
	return true;
}

int store_record_read(struct store_record *out, struct store *store, const struct oid *id, struct ticket_error *err)
{
	int failed;

	buf_truncate(&out->text, 0);
	out->commit = (struct store_commit){.id = *id};
	if ((failed = object_read(&out->text, store, id, GIT_OBJECT_COMMIT, err)))
		return failed;
	return store_record_parse(out) ? 0 : damaged(id, err);
}

void store_record_release(struct store_record *record)
{
	buf_release(&record->text);
	free(record->parents.v);
	*record = (struct store_record){0};
}

/* --- which lead to which ---------------------------------------------------------------------------------------- */

#define WANTED 1
#define UNWANTED 2
#define READ 4   /* its parents are known */
#define LISTED 8
#define SLACK_S (INT64_C(2) * 86400) /* clocks that disagree by less than that hide no connection */

struct node {
	struct oid id;
	int64_t when_s;
	uint32_t parents, first; /* how many, and where in the list of all parents */
	unsigned flags;
};

struct graph {
	struct store *store;
	struct store_record record;
	LIST(struct node) nodes;
	LIST(uint32_t) parents;
	LIST(uint32_t) queue;  /* a heap: the latest first */
	uint32_t *slots;       /* by id: a node's place and one more; 0: free */
	size_t room;
	int64_t oldest_s;      /* of what is wanted so far */
};

static void graph_release(struct graph *graph)
{
	store_record_release(&graph->record);
	free(graph->nodes.v);
	free(graph->parents.v);
	free(graph->queue.v);
	free(graph->slots);
}

static uint32_t *slot_of(const struct graph *graph, const struct oid *id)
{
	size_t at;

	memcpy(&at, id, sizeof(at));
	for (at &= graph->room - 1; graph->slots[at]; at = (at + 1) & (graph->room - 1))
		if (oid_equal(&graph->nodes.v[graph->slots[at] - 1].id, id))
			break;
	return &graph->slots[at];
}

static void make_room(struct graph *graph)
{
	if (graph->nodes.n * 2 < graph->room)
		return;
	free(graph->slots);
	graph->room = graph->room ? graph->room * 2 : 1024;
	graph->slots = xcalloc(graph->room, sizeof(*graph->slots));
	for (size_t i = 0; i < graph->nodes.n; i++)
		*slot_of(graph, &graph->nodes.v[i].id) = (uint32_t)i + 1;
}

static uint32_t node_of(struct graph *graph, const struct oid *id)
{
	uint32_t *slot;

	make_room(graph);
	slot = slot_of(graph, id);
	if (!*slot) {
		list_push(&graph->nodes)->id = *id;
		*slot = (uint32_t)graph->nodes.n;
	}
	return *slot - 1;
}

static int read_node(struct graph *graph, uint32_t i, struct ticket_error *err)
{
	struct node *node = &graph->nodes.v[i];
	struct oid id = node->id;
	int failed;

	if (node->flags & READ)
		return 0;
	if ((failed = store_record_read(&graph->record, graph->store, &id, err)))
		return failed;
	node->flags |= READ;
	node->when_s = graph->record.commit.committed_s;
	node->first = (uint32_t)graph->parents.n;
	node->parents = (uint32_t)graph->record.parents.n;
	for (size_t p = 0; p < graph->record.parents.n; p++)
		*list_push(&graph->parents) = node_of(graph, &graph->record.parents.v[p]);
	return 0;
}

/* --- the queue -------------------------------------------------------------------------------------------------- */

static int64_t when(const struct graph *graph, size_t at)
{
	return graph->nodes.v[graph->queue.v[at]].when_s;
}

static void swap(struct graph *graph, size_t a, size_t b)
{
	uint32_t kept = graph->queue.v[a];

	graph->queue.v[a] = graph->queue.v[b];
	graph->queue.v[b] = kept;
}

/* Marks a commit and puts it in line, unless it has these marks already. */
static int mark(struct graph *graph, uint32_t i, unsigned flags, struct ticket_error *err)
{
	int failed = read_node(graph, i, err);

	if (failed || (graph->nodes.v[i].flags & flags) == flags)
		return failed;
	graph->nodes.v[i].flags |= flags;
	*list_push(&graph->queue) = i;
	for (size_t at = graph->queue.n - 1; at > 0 && when(graph, (at - 1) / 2) < when(graph, at); at = (at - 1) / 2)
		swap(graph, at, (at - 1) / 2);
	return 0;
}

static uint32_t take_latest(struct graph *graph)
{
	uint32_t latest = graph->queue.v[0];

	graph->queue.v[0] = graph->queue.v[--graph->queue.n];
	for (size_t at = 0, child; (child = at * 2 + 1) < graph->queue.n; at = child) {
		if (child + 1 < graph->queue.n && when(graph, child + 1) > when(graph, child))
			child++;
		if (when(graph, at) >= when(graph, child))
			break;
		swap(graph, at, child);
	}
	return latest;
}

static bool is_wanted(const struct node *node)
{
	return (node->flags & (WANTED | UNWANTED)) == WANTED;
}

/* Can what stands in line still tell of a commit that it is wanted, or that it isn't? */
static bool is_open(const struct graph *graph)
{
	if (graph->queue.n && when(graph, 0) + SLACK_S >= graph->oldest_s)
		return true;
	for (size_t i = 0; i < graph->queue.n; i++)
		if (is_wanted(&graph->nodes.v[graph->queue.v[i]]))
			return true;
	return false;
}

/* Hands the marks on from the latest to the earliest, as far as they matter. */
static int spread(struct graph *graph, bool all, struct ticket_error *err)
{
	int failed = 0;

	while (!failed && graph->queue.n && (all || is_open(graph))) {
		struct node node = graph->nodes.v[take_latest(graph)];

		if (is_wanted(&node) && node.when_s < graph->oldest_s)
			graph->oldest_s = node.when_s;
		for (uint32_t p = 0; p < node.parents && !failed; p++)
			failed = mark(graph, graph->parents.v[node.first + p], node.flags & (WANTED | UNWANTED), err);
	}
	return failed;
}

/* --- the order -------------------------------------------------------------------------------------------------- */

struct step {
	uint32_t node, next; /* the parent to go to next */
};

/* Parents before children: what was merged stands right before the merge, first parents first. */
static void list_from(struct graph *graph, uint32_t tip, oids *out)
{
	LIST(struct step) path = {0};

	if (is_wanted(&graph->nodes.v[tip]) && !(graph->nodes.v[tip].flags & LISTED))
		list_push(&path)->node = tip;
	while (path.n) {
		struct step *step = &path.v[path.n - 1];
		struct node *node = &graph->nodes.v[step->node];

		node->flags |= LISTED;
		if (step->next < node->parents) {
			uint32_t parent = graph->parents.v[node->first + step->next++];

			if (is_wanted(&graph->nodes.v[parent]) && !(graph->nodes.v[parent].flags & LISTED))
				list_push(&path)->node = parent;
		} else {
			*list_push(out) = node->id;
			path.n--;
		}
	}
	free(path.v);
}

int store_commits(struct store *store, const oids *tips, const oids *without, oids *out, struct ticket_error *err)
{
	struct graph graph = {.store = store, .oldest_s = INT64_MAX};
	git_repository *repo = repository_of(store, err);
	int failed = 0;

	if (!repo)
		return TICKET_STORAGE;
	if (git_repository_is_shallow(repo))
		return ticket_fail(err, TICKET_STORAGE, "this clone is shallow: it lacks older history; get it first: git fetch --unshallow");
	for (size_t i = 0; i < tips->n && !failed; i++)
		failed = mark(&graph, node_of(&graph, &tips->v[i]), WANTED, err);
	for (size_t i = 0; without && i < without->n && !failed; i++)
		failed = mark(&graph, node_of(&graph, &without->v[i]), UNWANTED, err);
	if (!failed)
		failed = spread(&graph, !without || !without->n, err);
	for (size_t i = 0; i < tips->n && !failed; i++)
		list_from(&graph, node_of(&graph, &tips->v[i]), out);
	graph_release(&graph);
	return failed;
}

int store_leads_to(struct store *store, const struct oid *commit, const oids *tips, bool *out, struct ticket_error *err)
{
	oids one = {0}, beside = {0}, all = {0};
	int failed;

	*list_push(&one) = *commit;
	failed = store_commits(store, &one, tips, &beside, err);
	*out = !beside.n;
	/* Where clocks have misled, only looking at all of them tells. */
	if (!failed && beside.n)
		failed = store_commits(store, tips, NULL, &all, err);
	for (size_t i = 0; i < all.n && !*out; i++)
		*out = oid_equal(&all.v[i], commit);
	free(one.v);
	free(beside.v);
	free(all.v);
	return failed;
}

/* --- branches --------------------------------------------------------------------------------------------------- */

int store_branches(struct store *store, oids *out, struct ticket_error *err)
{
	git_repository *repo = repository_of(store, err);
	git_reference_iterator *branches;
	git_reference *branch;
	int rc;

	if (!repo)
		return TICKET_STORAGE;
	if (git_reference_iterator_glob_new(&branches, repo, "refs/heads/*") < 0)
		return fail_git(err, "the branches cannot be listed");
	while ((rc = git_reference_next(&branch, branches)) == 0) {
		if (git_reference_type(branch) == GIT_REFERENCE_DIRECT)
			memcpy(list_push(out), git_reference_target(branch), sizeof(struct oid));
		git_reference_free(branch);
	}
	git_reference_iterator_free(branches);
	return rc == GIT_ITEROVER ? 0 : fail_git(err, "the branches cannot be listed");
}

int store_objects(struct store *store, const char *folders, struct ticket_error *err)
{
	_cleanup_free_ char *list = xstrdup(folders);
	_cleanup_odb_ git_odb *odb = NULL;
	char *rest = list, *folder;
	int rc = odb_open(&odb, store, err);

	while (rc == 0 && (folder = strsep(&rest, ":")))
		if (*folder && git_odb_add_disk_alternate(odb, folder) < 0)
			rc = fail_git(err, "the objects in '%s' cannot be opened", folder);
	return rc;
}
