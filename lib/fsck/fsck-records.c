/* SPDX-License-Identifier: MIT */
/* fsck of what lies beside the tickets: the customer register and the knowledge base. */
#include "fsck/fsck.h"

#include "kb/kb.h"
#include "desk/register.h"

#include <search.h>

/* --- customers ------------------------------------------------------------------------------------------------- */

/* A customer as far as others lead to him. */
struct known {
	char *id, *uid, *merged_into, *path;
	int64_t serial;
};

struct register_check {
	struct desk *desk;
	findings *found;
	LIST(struct known) list; /* in order of path, which is that of the numbers */
	void *uids;              /* tsearch tree of uid texts borrowed from the list's strings */
	bool head;               /* customers/register.json is there */
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_nothing(void *node)
{
}

static void register_check_release(struct register_check *check)
{
	tdestroy(check->uids, keep_nothing);
	for (size_t i = 0; i < check->list.n; i++) {
		free(check->list.v[i].id);
		free(check->list.v[i].uid);
		free(check->list.v[i].merged_into);
		free(check->list.v[i].path);
	}
	free(check->list.v);
}

static int compare_known(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

static const struct known *find_known(const struct register_check *check, const char *id)
{
	struct known key = {.serial = customer_serial(id)};

	return check->list.n ? bsearch(&key, check->list.v, check->list.n, sizeof(key), compare_known) : NULL;
}

/* Of one who was forgotten nothing may be left but number, dates, who and why. */
static void check_state(struct register_check *check, const struct customer *customer, const char *path)
{
	if (customer_is_forgotten(customer) && (customer->sealed || customer->display || customer->contact || customer->industry || customer->fields.n || customer->consent.what))
		fsck_report(check->found, path, "customer '%s' was forgotten, but the file still holds more than the tombstone", customer->id);
	if (customer_is_forgotten(customer) && !customer->forgotten.by)
		fsck_report(check->found, path, "customer '%s' was forgotten, but the file does not say by whom", customer->id);
	if (customer->merged_into && customer->sealed)
		fsck_report(check->found, path, "customer '%s' was merged into '%s', but still holds sealed data", customer->id, customer->merged_into);
	if (customer->sealed && !check->head)
		fsck_report(check->found, path, "customer '%s' is sealed, but %s, which names the key, is missing", customer->id, REGISTER_FILE);
}

static void add_known(struct register_check *check, const struct customer *customer, const char *path)
{
	struct known *known = list_push(&check->list);
	char **seen;

	*known = (struct known){xstrdup(customer->id), xstrdup(customer->uid ? customer->uid : ""), xstrdup(customer->merged_into), xstrdup(path), customer_serial(customer->id)};
	seen = tsearch(known->uid, &check->uids, compare_texts);
	if (*seen != known->uid)
		fsck_report(check->found, path, "the uid %s is also that of another customer", known->uid);
}

static void check_customer(struct register_check *check, const struct buf *text, const char *path)
{
	_cleanup_customer_ struct customer *customer = NULL;
	_cleanup_free_ char *right = NULL;
	_cleanup_buf_ struct buf again = {0};
	struct ticket_error why = {0};

	if (customer_parse(&customer, text->p ? text->p : "", text->n, path, &why)) {
		fsck_report(check->found, path, "%s", why.message);
		return;
	}
	right = customer_path(customer->id);
	if (!right)
		fsck_report(check->found, path, "'%s' is no customer's number; they look like C000012", customer->id);
	else if (!text_equal(right, path))
		fsck_report(check->found, path, "customer '%s' belongs in %s", customer->id, right);
	customer_write(customer, &again);
	if (again.n != text->n || memcmp(again.p, text->p, text->n) != 0)
		fsck_report(check->found, path, "the file is not written as ticket writes it (spacing, order of keys or line ends)");
	check_state(check, customer, path);
	if (right && text_equal(right, path))
		add_known(check, customer, path);
}

static void check_log(struct register_check *check, const struct buf *text, const char *path)
{
	const char *line = text->p ? text->p : "", *end = line + text->n;

	for (size_t number = 1; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);
		struct customer_access access = {0};
		struct ticket_error why = {0};

		if (customer_access_parse(&access, line, n, path, &why))
			fsck_report(check->found, path, "line %zu: %s", number, why.message);
		customer_access_release(&access);
		line += n + (stop != NULL);
	}
}

static int check_register_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct register_check *check = data;
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};

	if (entry->is_link) {
		fsck_report(check->found, entry->path, "is a link; the register has none");
		return 0;
	}
	if (store_read_blob(check->desk->store, &entry->id, &text, &why)) {
		fsck_report(check->found, entry->path, "%s", why.message);
	} else if (text_equal(entry->path, REGISTER_FILE)) {
		struct register_head head = {0};

		if (register_head_parse(&head, text.p ? text.p : "", text.n, &why))
			fsck_report(check->found, entry->path, "%s", why.message);
		else
			register_head_release(&head);
	} else if (text_starts(entry->path, "customers/log/") && text_ends(entry->path, ".jsonl")) {
		check_log(check, &text, entry->path);
	} else if (text_ends(entry->path, ".json")) {
		check_customer(check, &text, entry->path);
	} else {
		fsck_report(check->found, entry->path, "is no file of the customer register");
	}
	return 0;
}

/* Every merge must come to somebody who was not merged himself. */
static void check_merges(struct register_check *check)
{
	for (size_t i = 0; i < check->list.n; i++) {
		const struct known *known = &check->list.v[i], *next = known;

		for (size_t hop = 0; next && next->merged_into; hop++) {
			const char *into = next->merged_into;

			next = hop <= check->list.n ? find_known(check, into) : NULL;
			if (hop > check->list.n)
				fsck_report(check->found, known->path, "customer '%s' was merged in a circle", known->id);
			else if (!next && !hop)
				fsck_report(check->found, known->path, "customer '%s' was merged into '%s', who is not there", known->id, into);
		}
	}
}

int fsck_customers(struct desk *desk, const references *named, findings *found, struct ticket_error *err)
{
	struct register_check check = {.desk = desk, .found = found};
	struct oid id;
	int failed;

	check.head = store_find(desk->store, &desk->head.tree, REGISTER_FILE, &id, NULL, NULL) == 0;
	failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, "customers", check_register_file, &check, err);
	if (!failed && check.list.n)
		qsort(check.list.v, check.list.n, sizeof(*check.list.v), compare_known);
	if (!failed)
		check_merges(&check);
	for (size_t i = 0; i < named->n && !failed; i++)
		if (!find_known(&check, named->v[i].id))
			fsck_report(found, named->v[i].where, "its customer '%s' is not in the register", named->v[i].id);
	register_check_release(&check);
	return failed;
}

/* --- articles -------------------------------------------------------------------------------------------------- */

struct article_check {
	struct desk *desk;
	findings *found;
};

static int check_article(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct article_check *check = data;
	_cleanup_free_ char *name = entry->is_link ? NULL : article_name_of(entry->path);
	_cleanup_article_ struct article *article = NULL;
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};

	if (!name) {
		if (entry->is_link || text_ends(entry->path, ".md"))
			fsck_report(check->found, entry->path, "cannot be an article: its name must be small letters, digits and dashes, and no link");
		return 0;
	}
	if (store_read_blob(check->desk->store, &entry->id, &text, &why))
		fsck_report(check->found, entry->path, "%s", why.message);
	else if (text.n && strlen(text.p) != text.n)
		fsck_report(check->found, entry->path, "the text holds NUL");
	else if (article_parse(&article, name, text.p ? text.p : "", entry->path, &why))
		fsck_report(check->found, entry->path, "%s", why.message);
	return 0;
}

int fsck_articles(struct desk *desk, findings *found, struct ticket_error *err)
{
	struct article_check check = {desk, found};

	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, KB_FOLDER, check_article, &check, err);
}
