/* SPDX-License-Identifier: MIT */
/* Backups: written, read through and compared. Restoring is restore.c's. */
#include "exchange/backup.h"

#include "desk/desk.h"
#include "ticket/customer.h"

/* --- the manifest ---------------------------------------------------------------------------------------------- */

static const struct codec_field manifest_fields[] = {
	FIELD(INT, struct backup, "format", format, CODEC_REQUIRED),
	FIELD(TIME, struct backup, "made", made, CODEC_REQUIRED),
	FIELD(TEXT, struct backup, "by", by, 0),
	FIELD(TEXT, struct backup, "head", head, CODEC_REQUIRED),
	FIELD(TEXT, struct backup, "branch", branch, CODEC_REQUIRED),
	FIELD(TEXT, struct backup, "checkout", checkout, CODEC_REQUIRED),
	FIELD(INT, struct backup, "tickets", tickets, 0),
	FIELD(INT, struct backup, "customers", customers, 0),
	FIELD(FLAG, struct backup, "keys", keys, 0),
	CODEC_END,
};
static const struct codec manifest_codec = {"backup", sizeof(struct backup), manifest_fields, 1, offsetof(struct backup, extra), NULL};

void backup_release(struct backup *backup)
{
	codec_release(&manifest_codec, backup);
	memset(backup, 0, sizeof(*backup));
}

static int count_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	int64_t *n = data;

	*n += text_ends(entry->name, ".json") && !text_equal(entry->path, "customers/register.json");
	return 0;
}

int backup_count(struct store *store, const struct oid *tree, int64_t *tickets, int64_t *customers, struct ticket_error *err)
{
	int failed;

	*tickets = *customers = 0;
	failed = store_changes(store, &(struct oid){{0}}, tree, TICKETS_FOLDER, count_file, tickets, err);
	return failed ? failed : store_changes(store, &(struct oid){{0}}, tree, "customers", count_file, customers, err);
}

/* --- writing --------------------------------------------------------------------------------------------------- */

struct writing {
	struct desk *desk;
	struct container_out file;
	struct buf digests; /* as sha256sum writes and checks them */
};

static void writing_release(struct writing *w)
{
	container_out_release(&w->file);
	buf_release(&w->digests);
}

static int write_entry(struct writing *w, const char *name, const void *bytes, size_t n, struct ticket_error *err)
{
	char hex[DIGEST_HEX_SIZE];
	int failed;

	if ((failed = container_begin(&w->file, name, err)) || (failed = container_add(&w->file, bytes, n, err)) || (failed = container_end(&w->file, hex, err)))
		return failed;
	buf_addf(&w->digests, "%s  %s\n", hex, name);
	return 0;
}

static int sink(const void *bytes, size_t n, void *data, struct ticket_error *err)
{
	struct writing *w = data;

	if (w->desk->context.progress)
		w->desk->context.progress(w->desk->context.progress_data, "backup, bytes", (size_t)w->file.size, 0);
	return container_add(&w->file, bytes, n, err);
}

static int write_history(struct writing *w, struct backup *out, struct ticket_error *err)
{
	struct snapshot snapshot;
	struct oid head;
	char hex[OID_HEX_SIZE], digest[DIGEST_HEX_SIZE];
	int failed;

	if ((failed = container_begin(&w->file, BACKUP_BUNDLE, err)) || (failed = store_bundle(w->desk->store, sink, w, &head, &out->branch, err)) ||
	    (failed = container_end(&w->file, digest, err)))
		return failed;
	buf_addf(&w->digests, "%s  %s\n", digest, BACKUP_BUNDLE);
	out->head = xstrdup(oid_hex(hex, &head));
	if ((failed = store_revision(w->desk->store, hex, &snapshot, err)))
		return failed;
	return backup_count(w->desk->store, &snapshot.tree, &out->tickets, &out->customers, err);
}

static void describe(const struct desk *desk, bool keys, struct backup *out)
{
	out->format = 1;
	out->made = stamp_at(desk->zone, desk->context.now_s);
	out->by = xstrdup(desk_actor(desk));
	out->checkout = xstrdup(checkout_words[store_checkout(desk->store)]);
	out->keys = keys;
}

static int write_entries(struct writing *w, const char *keys, struct backup *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf manifest = {0};
	int failed;

	describe(w->desk, keys != NULL, out);
	if ((failed = write_history(w, out, err)) || (keys && (failed = write_entry(w, BACKUP_KEYS, keys, strlen(keys), err))))
		return failed;
	codec_write(&manifest_codec, out, &manifest);
	if ((failed = write_entry(w, BACKUP_MANIFEST, manifest.p, manifest.n, err)) || (failed = write_entry(w, BACKUP_DIGESTS, w->digests.p, w->digests.n, err)))
		return failed;
	return container_close(&w->file, err);
}

int backup_write(struct desk *desk, const char *path, const char *passphrase, const char *why, struct backup *out, struct ticket_error *err)
{
	_cleanup_(writing_release) struct writing w = {.desk = desk};
	_cleanup_free_ char *keys = NULL;
	int failed;

	/* The place first: handing out keys is recorded, and should not be when there is nowhere to put them. */
	if ((failed = container_create(&w.file, path, desk->context.now_s, err)) ||
	    (passphrase && (failed = register_share(desk, passphrase, why, &keys, err))))
		return failed;
	return write_entries(&w, keys, out, err);
}

/* --- reading --------------------------------------------------------------------------------------------------- */

#define LARGEST_MANIFEST (1u << 20)

static int unexpected(const struct container_in *in, const char *wanted, struct ticket_error *err)
{
	if (*in->name)
		return ticket_fail(err, TICKET_STORAGE, "'%s' is no backup of a desk, or is damaged: where '%s' should be is '%s'", in->path, wanted, in->name);
	return ticket_fail(err, TICKET_STORAGE, "'%s' is no backup of a desk, or is damaged: where '%s' should be is its end", in->path, wanted);
}

static int expect(struct container_in *in, const char *name, struct ticket_error *err)
{
	int failed = container_next(in, err);

	return failed || text_equal(in->name, name) ? failed : unexpected(in, name, err);
}

static int note_digest(struct container_in *in, struct buf *digests, struct ticket_error *err)
{
	char hex[DIGEST_HEX_SIZE];
	int failed = container_digest(in, hex, err);

	if (!failed)
		buf_addf(digests, "%s  %s\n", hex, in->name);
	return failed;
}

static int read_manifest(struct container_in *in, struct buf *digests, struct backup *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};
	int failed;

	if ((failed = container_read_all(in, LARGEST_MANIFEST, &text, err)) || (failed = note_digest(in, digests, err)))
		return failed;
	if (codec_read(&manifest_codec, out, text.p ? text.p : "", text.n, BACKUP_MANIFEST, &why))
		return ticket_fail(err, TICKET_STORAGE, "'%s' is damaged, or made by a newer program: %s", in->path, why.message);
	if (!text_equal(out->branch, "HEAD") && !text_starts(out->branch, "refs/heads/"))
		return ticket_fail(err, TICKET_STORAGE, "'%s' is damaged: '%s' is no branch", in->path, out->branch);
	return 0;
}

static int compare_digests(struct container_in *in, const struct buf *digests, struct ticket_error *err)
{
	_cleanup_buf_ struct buf said = {0};
	int failed = container_read_all(in, LARGEST_MANIFEST, &said, err);

	if (!failed && (said.n != digests->n || memcmp(said.p, digests->p, said.n) != 0))
		return ticket_fail(err, TICKET_STORAGE, "'%s' is damaged: what is in it has not the digests written with it; take another backup", in->path);
	return failed;
}

static int read_entries(struct container_in *in, struct buf *digests, struct backup *out, struct ticket_error *err)
{
	bool keys = false;
	int failed;

	if ((failed = expect(in, BACKUP_BUNDLE, err)) || (failed = note_digest(in, digests, err)) || (failed = container_next(in, err)))
		return failed;
	if (text_equal(in->name, BACKUP_KEYS)) {
		keys = true;
		if ((failed = note_digest(in, digests, err)) || (failed = container_next(in, err)))
			return failed;
	}
	if (!text_equal(in->name, BACKUP_MANIFEST))
		return unexpected(in, BACKUP_MANIFEST, err);
	if ((failed = read_manifest(in, digests, out, err)) || (failed = expect(in, BACKUP_DIGESTS, err)) || (failed = compare_digests(in, digests, err)) ||
	    (failed = container_next(in, err)))
		return failed;
	if (*in->name || out->keys != keys)
		return ticket_fail(err, TICKET_STORAGE, "'%s' is damaged: it does not hold what its manifest says", in->path);
	return 0;
}

int backup_read(const char *path, struct backup *out, struct ticket_error *err)
{
	_cleanup_(container_in_release) struct container_in in = {0};
	_cleanup_buf_ struct buf digests = {0};
	int failed = container_open(&in, path, err);

	if (!failed && (failed = read_entries(&in, &digests, out, err)))
		backup_release(out);
	return failed;
}
