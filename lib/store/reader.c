/* SPDX-License-Identifier: MIT */
/*
 * Reading objects: see reader.h. libgit2 reads one with zlib, under locks and with a copy or two, which is two thirds of
 * what a rebuild of the index spends on reading; here it is one call of libdeflate on mapped bytes. Whatever is missing,
 * unusual or damaged is left to libgit2, so that there is one judge of a repository's soundness.
 */
#include "store/reader.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>

#define KEPT 256                  /* objects a reader keeps: git makes chains of at most 50 differences by itself */
#define KEPT_BYTES (256 << 10)    /* larger ones are not kept */
#define LARGEST (256 << 20)       /* larger ones are libgit2's */
#define DEEPEST 4096
#define RATIO 1040                /* no deflated byte stands for more */

/* What stood at a place of a pack, or (pack NULL) a loose object. */
struct kept {
	const struct packfile *pack;
	uint64_t offset;
	struct oid id;
	git_object_t type; /* 0: nothing kept */
	char *bytes;
	size_t n, room;
};

struct store_reader {
	struct store *store;
	struct libdeflate_decompressor *inflater, *fixed_inflater; /* each NULL until it is needed; see inflate_to */
	struct kept kept[KEPT];
	struct kept large; /* what is not kept, until the next reading */
	struct buf delta, file;
	git_odb_object *odd; /* what libgit2 read, until the next reading */
};

/* With the store's mutex held. */
static struct store_reader *new_reader(struct store *store)
{
	struct store_reader *reader = xcalloc(1, sizeof(*reader));

	reader->store = store;
	if (!store->packs) {
		_cleanup_free_ char *folder = xasprintf("%sobjects/pack", store->common);

		store->packs = xcalloc(1, sizeof(*store->packs));
		packfiles_find(store->packs, folder);
	}
	return reader;
}

struct store_reader *store_reader_new(struct store *store)
{
	struct store_reader *reader;

	pthread_mutex_lock(&store->reader_mutex);
	reader = new_reader(store);
	while (packfiles_open_next(store->packs))
		; /* none is opened any more once threads look into them */
	pthread_mutex_unlock(&store->reader_mutex);
	return reader;
}

static void forget_kept(struct store_reader *reader)
{
	for (size_t i = 0; i < KEPT; i++)
		free(reader->kept[i].bytes);
	free(reader->large.bytes);
	memset(reader->kept, 0, sizeof(reader->kept));
	reader->large = (struct kept){0};
}

void store_reader_free(struct store_reader *reader)
{
	if (!reader)
		return;
	forget_kept(reader);
	git_odb_object_free(reader->odd);
	libdeflate_free_decompressor(reader->inflater);
	libdeflate_free_decompressor(reader->fixed_inflater);
	buf_release(&reader->delta);
	buf_release(&reader->file);
	free(reader);
}

void reader_forget_packs(struct store *store)
{
	pthread_mutex_lock(&store->reader_mutex);
	store_reader_free(steal_ptr(store->reader));
	if (store->packs)
		packfiles_close(store->packs);
	free(steal_ptr(store->packs));
	pthread_mutex_unlock(&store->reader_mutex);
}

int objects_refresh(struct store *store)
{
	_cleanup_odb_ git_odb *odb = NULL;

	reader_forget_packs(store);
	return odb_open(&odb, store, NULL) ? TICKET_STORAGE : git_odb_refresh(odb);
}

static struct libdeflate_decompressor *inflater_at(struct libdeflate_decompressor **place)
{
	if (!*place && !(*place = libdeflate_alloc_decompressor()))
		abort(); /* out of memory, as in xmalloc */
	return *place;
}

/* --- what is kept ---------------------------------------------------------------------------------------------- */

static struct kept *slot_of(struct store_reader *reader, uint64_t key)
{
	return &reader->kept[key * UINT64_C(0x9e3779b97f4a7c15) >> 56];
}
_Static_assert(KEPT == 256, "a slot is the highest byte of a product");

static struct kept *slot_of_id(struct store_reader *reader, const struct oid *id)
{
	return &reader->kept[id->id[7]];
}

/* Room for an object of n bytes in a slot, which then holds nothing; too large a one gets a place of its own. */
static struct kept *take_slot(struct store_reader *reader, struct kept *slot, size_t n)
{
	if (n > KEPT_BYTES)
		slot = &reader->large;
	slot->type = 0;
	if (n + 1 > slot->room) {
		free(slot->bytes);
		slot->room = n + 1 + n / 4;
		slot->bytes = xmalloc(slot->room);
	}
	slot->n = n;
	slot->bytes[n] = '\0';
	return slot;
}

/* --- packs ----------------------------------------------------------------------------------------------------- */

/*
 * What is short is often deflated by the fixed code. Its tables take libdeflate longer to make than such a difference to
 * unpack, and it keeps them until it meets another code: so those have an inflater of their own.
 */
static bool inflate_to(struct store_reader *reader, const struct packed_entry *entry, char *to)
{
	bool fixed = entry->room > 2 && (entry->data[2] >> 1 & 3) == 1; /* the first block's kind, behind two bytes of head */
	struct libdeflate_decompressor *inflater = inflater_at(fixed ? &reader->fixed_inflater : &reader->inflater);

	return libdeflate_zlib_decompress(inflater, entry->data, entry->room, to, entry->size, NULL) == LIBDEFLATE_SUCCESS;
}

static struct kept *read_whole(struct store_reader *reader, struct kept *slot, const struct packed_entry *entry)
{
	if (entry->type < GIT_OBJECT_COMMIT || entry->type > GIT_OBJECT_TAG)
		return NULL;
	slot = take_slot(reader, slot, entry->size);
	if (!inflate_to(reader, entry, slot->bytes))
		return NULL;
	slot->type = (git_object_t)entry->type;
	return slot;
}

/* Makes the object of a difference; 'base' may be in the very slot that it is for. */
static struct kept *read_difference(struct store_reader *reader, struct kept *slot, struct kept *base, const struct packed_entry *entry)
{
	struct kept aside = {0};
	size_t n;
	bool done;

	buf_truncate(&reader->delta, 0);
	buf_reserve(&reader->delta, entry->size);
	if (!inflate_to(reader, entry, reader->delta.p) || !delta_size((unsigned char *)reader->delta.p, entry->size, base->n, &n) || n > LARGEST)
		return NULL;
	if (base == (n > KEPT_BYTES ? &reader->large : slot)) {
		aside = *base;
		*base = (struct kept){0};
		base = &aside;
	}
	slot = take_slot(reader, slot, n);
	done = delta_apply((unsigned char *)reader->delta.p, entry->size, base->bytes, base->n, slot->bytes, n);
	slot->type = done ? base->type : 0;
	free(aside.bytes);
	return done ? slot : NULL;
}

/* Goes down the chain of differences to something whole or kept, and up again. NULL: not to be read this way. */
static struct kept *read_packed(struct store_reader *reader, const struct packfile *pack, uint64_t offset)
{
	uint64_t chain[DEEPEST];
	struct packed_entry entry;
	struct kept *found = NULL, *slot;
	size_t depth = 0;

	while (!found) {
		slot = slot_of(reader, offset);
		if (slot->type && slot->pack == pack && slot->offset == offset) {
			found = slot;
			break;
		}
		if (depth == DEEPEST || !packfile_entry(pack, offset, &entry) || entry.size > LARGEST || entry.size / RATIO > entry.room)
			return NULL;
		chain[depth++] = offset;
		if (entry.type == PACKED_OFFSET || entry.type == PACKED_NAME) {
			offset = entry.base;
			continue;
		}
		found = read_whole(reader, slot, &entry);
		if (!found)
			return NULL;
		found->pack = pack;
		found->offset = chain[--depth];
	}
	while (depth--) {
		if (!packfile_entry(pack, chain[depth], &entry) || !(found = read_difference(reader, slot_of(reader, chain[depth]), found, &entry)))
			return NULL;
		found->pack = pack;
		found->offset = chain[depth];
	}
	return found;
}

/* --- loose objects --------------------------------------------------------------------------------------------- */

static bool read_file(struct store_reader *reader, const struct oid *id)
{
	char hex[OID_HEX_SIZE], path[4096];
	_cleanup_fd_ int fd = -1;
	struct stat st;
	ssize_t got;

	oid_hex(hex, id);
	if ((size_t)snprintf(path, sizeof(path), "%sobjects/%.2s/%s", reader->store->common, hex, hex + 2) >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > LARGEST)
		return false;
	buf_truncate(&reader->file, 0);
	buf_reserve(&reader->file, (size_t)st.st_size);
	got = read(fd, reader->file.p, (size_t)st.st_size);
	reader->file.n = got > 0 ? (size_t)got : 0;
	return got == st.st_size;
}

/* "blob 123\0", then so many bytes: where they begin, 0 when it is not so. */
static size_t loose_head(const char *bytes, size_t n, git_object_t *type)
{
	static const struct {
		const char *word;
		git_object_t type;
	} kinds[] = {{"blob ", GIT_OBJECT_BLOB}, {"tree ", GIT_OBJECT_TREE}, {"commit ", GIT_OBJECT_COMMIT}, {"tag ", GIT_OBJECT_TAG}};
	const char *nul = memchr(bytes, '\0', n < 40 ? n : 40);
	char *end;

	for (size_t i = 0; nul && i < ARRAY_SIZE(kinds); i++)
		if (text_starts(bytes, kinds[i].word)) {
			const char *digits = bytes + strlen(kinds[i].word);

			*type = kinds[i].type;
			return *digits >= '0' && *digits <= '9' && strtoull(digits, &end, 10) == (size_t)(bytes + n - nul - 1) && end == nul ? (size_t)(nul + 1 - bytes) : 0;
		}
	return 0;
}

/* The size is only known from within, so it is guessed, and guessed again. */
static struct kept *read_loose(struct store_reader *reader, const struct oid *id, struct object *out)
{
	struct kept *slot = slot_of_id(reader, id);
	enum libdeflate_result result;
	size_t room, n, head;

	if (slot->type && !slot->pack && oid_equal(&slot->id, id)) {
		head = loose_head(slot->bytes, slot->n, &out->type);
	} else {
		if (!read_file(reader, id))
			return NULL;
		room = reader->file.n * 4 < 8192 ? 8192 : reader->file.n * 4;
		do {
			slot = take_slot(reader, slot_of_id(reader, id), room);
			result = libdeflate_zlib_decompress(inflater_at(&reader->inflater), reader->file.p, reader->file.n, slot->bytes, room, &n);
		} while (result == LIBDEFLATE_INSUFFICIENT_SPACE && room / RATIO <= reader->file.n && (room *= 4) <= LARGEST);
		if (result != LIBDEFLATE_SUCCESS || !(head = loose_head(slot->bytes, n, &out->type)))
			return NULL;
		slot->n = n;
		slot->bytes[n] = '\0';
		slot->type = out->type;
		slot->pack = NULL;
		slot->id = *id;
	}
	out->bytes = slot->bytes + head;
	out->n = slot->n - head;
	return slot;
}

/* --- any object ------------------------------------------------------------------------------------------------ */

static int read_odd(struct store_reader *reader, const struct oid *id, struct object *out, struct ticket_error *err)
{
	_cleanup_odb_ git_odb *odb = NULL;
	char hex[OID_HEX_SIZE];
	int rc = odb_open(&odb, reader->store, err);

	if (rc)
		return rc;
	git_odb_object_free(steal_ptr(reader->odd));
	if (git_odb_read(&reader->odd, odb, git_id(id)) < 0)
		return fail_git(err, "object %s cannot be read, see git fsck", oid_hex(hex, id));
	out->type = git_odb_object_type(reader->odd);
	out->bytes = git_odb_object_data(reader->odd);
	out->n = git_odb_object_size(reader->odd);
	return 0;
}

/* In one of the packs that are open, from number 'i' on; '*damaged': it is there, but not to be read this way. */
static bool read_from_packs(struct store_reader *reader, size_t i, const struct oid *id, struct object *out, bool *damaged)
{
	const struct packfiles *packs = reader->store->packs;
	struct kept *found = NULL;
	uint64_t offset;

	for (; i < packs->n && !found && !*damaged; i++)
		if (packfile_find(&packs->v[i], id, &offset)) {
			found = read_packed(reader, &packs->v[i], offset);
			*damaged = !found;
		}
	if (found)
		*out = (struct object){found->type, found->bytes, found->n};
	return found;
}

int reader_read(struct store_reader *reader, const struct oid *id, struct object *out, struct ticket_error *err)
{
	struct packfiles *packs = reader->store->packs;
	bool damaged = false;

	if (read_from_packs(reader, 0, id, out, &damaged) || read_loose(reader, id, out))
		return 0;
	while (!damaged && packfiles_open_next(packs))
		if (read_from_packs(reader, packs->n - 1, id, out, &damaged))
			return 0;
	return read_odd(reader, id, out, err);
}

static int read_as(struct store_reader *reader, const struct oid *id, git_object_t type, struct object *out, struct ticket_error *err)
{
	char hex[OID_HEX_SIZE];
	int rc = reader_read(reader, id, out, err);

	if (rc || out->type == type)
		return rc;
	return ticket_fail(err, TICKET_STORAGE, "object %s is not a %s: the repository is damaged; see git fsck", oid_hex(hex, id), git_object_type2string(type));
}

int object_read(struct buf *out, struct store *store, const struct oid *id, git_object_t type, struct ticket_error *err)
{
	struct object object;
	int rc;

	pthread_mutex_lock(&store->reader_mutex);
	if (!store->reader)
		store->reader = new_reader(store);
	rc = read_as(store->reader, id, type, &object, err);
	if (rc == 0)
		buf_add(out, object.bytes, object.n);
	pthread_mutex_unlock(&store->reader_mutex);
	return rc;
}

int store_reader_blob(struct store_reader *reader, const struct oid *blob, const char **bytes, size_t *n, struct ticket_error *err)
{
	struct object object;
	int rc = read_as(reader, blob, GIT_OBJECT_BLOB, &object, err);

	if (rc == 0) {
		*bytes = object.bytes;
		*n = object.n;
	}
	return rc;
}
