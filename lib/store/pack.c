/* SPDX-License-Identifier: MIT */
/* Many objects as one pack with its index, undeltified; blobs are named and compressed by threads while more come in. */
#include "store/object.h"
#include "store/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#define OPENSSL_API_COMPAT 0x10100000L /* the plain functions: the newer ones load a provider first, which takes 1 ms */
#include <openssl/sha.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/file.h"

#define THREADS 2
#define BATCH_BYTES 262144 /* of content that a thread takes at once */
#define BATCHES_MAX 8      /* waiting; then whoever brings more waits */

/* An object in the pack. */
struct packed {
	struct oid id;
	uint32_t crc;
	uint64_t offset;
};

/* Contents on their way to a thread. */
struct batch {
	struct batch *next;
	struct buf bytes;
	LIST(size_t) sizes;
	size_t first_slot;
};

struct pack {
	struct store *store;
	char *temporary; /* path of the pack being written */
	int fd;
	uint64_t size;
	unsigned char *map; /* once published */
	LIST(struct packed) objects;
	uint32_t *table; /* open addressing over ids: number of the object + 1 */
	size_t table_room;
	LIST(uint32_t) slots; /* object of each queued blob */
	struct libdeflate_compressor *compressor;

	pthread_mutex_t mutex; /* over everything above and below once threads run */
	pthread_cond_t work, idle;
	pthread_t threads[THREADS];
	size_t threads_n, busy, waiting;
	struct batch *filling, *queue, **queue_end;
	bool closing;
	int rc;
	struct ticket_error err;
};

/* --- objects --------------------------------------------------------------------------------------------------- */

static size_t table_place(const struct pack *pack, const struct oid *id)
{
	size_t at;

	memcpy(&at, id->id, sizeof(at));
	for (at &= pack->table_room - 1; pack->table[at]; at = (at + 1) & (pack->table_room - 1))
		if (oid_equal(&pack->objects.v[pack->table[at] - 1].id, id))
			break;
	return at;
}

static void table_grow(struct pack *pack)
{
	if (pack->objects.n * 2 < pack->table_room)
		return;
	free(pack->table);
	pack->table_room = pack->table_room ? pack->table_room * 2 : 1024;
	pack->table = xcalloc(pack->table_room, sizeof(*pack->table));
	for (size_t i = 0; i < pack->objects.n; i++)
		pack->table[table_place(pack, &pack->objects.v[i].id)] = (uint32_t)i + 1;
}

/* The header of an object in a pack: type and size, seven bits to a byte after the first four. */
static size_t pack_header(unsigned char out[12], git_object_t type, size_t n)
{
	size_t at = 0;

	out[0] = (unsigned char)((unsigned)type << 4 | (n & 15));
	for (n >>= 4; n; n >>= 7) {
		out[at++] |= 0x80;
		out[at] = n & 127;
	}
	return at + 1;
}

/* Appends header and compressed bytes. */
static void deflate_packed(struct libdeflate_compressor *compressor, struct buf *out, git_object_t type, const void *bytes, size_t n)
{
	size_t room = libdeflate_zlib_compress_bound(compressor, n), start = out->n;
	unsigned char header[12];

	buf_add(out, header, pack_header(header, type, n));
	start = out->n;
	while (out->room < start + room + 1) {
		out->room = (start + room + 1) * 2;
		out->p = xrealloc(out->p, out->room);
	}
	out->n += libdeflate_zlib_compress(compressor, bytes, n, out->p + start, room);
	out->p[out->n] = '\0';
}

/* Notes an object that starts 'at' in a piece that will lie at pack->size; the number of the one that is there already else. */
static uint32_t note_object(struct pack *pack, const struct oid *id, uint64_t offset, const void *bytes, size_t n, bool *new)
{
	size_t at;

	table_grow(pack);
	at = table_place(pack, id);
	*new = pack->table[at] == 0;
	if (*new) {
		*list_push(&pack->objects) = (struct packed){*id, libdeflate_crc32(0, bytes, n), offset};
		pack->table[at] = (uint32_t)pack->objects.n;
	}
	return pack->table[at] - 1;
}

static int append(struct pack *pack, const void *bytes, size_t n, struct ticket_error *err)
{
	if (file_write_all(pack->fd, bytes, n) != 0)
		return fail_errno(err, "no pack can be written to '%sobjects'", pack->store->common);
	pack->size += n;
	return 0;
}

int pack_write(struct pack *pack, git_object_t type, const void *bytes, size_t n, struct oid *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf packed = {0};
	bool new;

	if (git_odb_hash(git_id_out(out), bytes, n, type) < 0)
		return fail_git(err, "an object cannot be named");
	deflate_packed(pack->compressor, &packed, type, bytes, n);
	note_object(pack, out, pack->size, packed.p, packed.n, &new);
	return new ? append(pack, packed.p, packed.n, err) : 0;
}

/* --- threads --------------------------------------------------------------------------------------------------- */

static void batch_free(struct batch *batch)
{
	if (!batch)
		return;
	buf_release(&batch->bytes);
	free(batch->sizes.v);
	free(batch);
}

/* What a thread made of a batch: ids and compressed objects, one after another. */
struct product {
	struct buf packed;
	LIST(struct oid) ids;
	LIST(size_t) ends;
};

static int make_product(struct product *product, const struct batch *batch, struct libdeflate_compressor *compressor, struct ticket_error *err)
{
	const char *bytes = batch->bytes.p;

	for (size_t i = 0; i < batch->sizes.n; bytes += batch->sizes.v[i++]) {
		if (git_odb_hash(git_id_out(list_push(&product->ids)), bytes, batch->sizes.v[i], GIT_OBJECT_BLOB) < 0)
			return fail_git(err, "an object cannot be named");
		deflate_packed(compressor, &product->packed, GIT_OBJECT_BLOB, bytes, batch->sizes.v[i]);
		*list_push(&product->ends) = product->packed.n;
	}
	return 0;
}

/* With the mutex: gives the objects their places and writes those that are new, which is nearly always all of them. */
static int store_product(struct pack *pack, const struct batch *batch, const struct product *product, struct ticket_error *err)
{
	_cleanup_buf_ struct buf piece = {0};
	size_t start = 0;

	for (size_t i = 0; i < product->ids.n; i++) {
		size_t n = product->ends.v[i] - start;
		bool new;

		pack->slots.v[batch->first_slot + i] = note_object(pack, &product->ids.v[i], pack->size + piece.n, product->packed.p + start, n, &new);
		if (new)
			buf_add(&piece, product->packed.p + start, n);
		start += n;
	}
	return append(pack, piece.p, piece.n, err);
}

static void work_on(struct pack *pack, struct batch *batch, struct libdeflate_compressor *compressor)
{
	struct product product = {0};
	struct ticket_error err = {0};
	int rc = make_product(&product, batch, compressor, &err);

	pthread_mutex_lock(&pack->mutex);
	if (rc == 0 && pack->rc == 0)
		rc = store_product(pack, batch, &product, &err);
	if (rc && pack->rc == 0) {
		pack->rc = rc;
		pack->err = err;
	}
	pthread_mutex_unlock(&pack->mutex);
	buf_release(&product.packed);
	free(product.ids.v);
	free(product.ends.v);
}

static void *thread_run(void *data)
{
	struct pack *pack = data;
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(1);

	if (!compressor)
		abort(); /* out of memory, as in xmalloc */
	pthread_mutex_lock(&pack->mutex);
	for (;;) {
		struct batch *batch = pack->queue;

		if (!batch && pack->closing)
			break;
		if (!batch) {
			pthread_cond_wait(&pack->work, &pack->mutex);
			continue;
		}
		pack->queue = batch->next;
		if (!pack->queue)
			pack->queue_end = &pack->queue;
		pack->waiting--;
		pack->busy++;
		pthread_cond_broadcast(&pack->idle);
		pthread_mutex_unlock(&pack->mutex);
		work_on(pack, batch, compressor);
		batch_free(batch);
		pthread_mutex_lock(&pack->mutex);
		pack->busy--;
		pthread_cond_broadcast(&pack->idle);
	}
	pthread_mutex_unlock(&pack->mutex);
	libdeflate_free_compressor(compressor);
	return NULL;
}

static void start_threads(struct pack *pack)
{
	while (pack->threads_n < THREADS && pthread_create(&pack->threads[pack->threads_n], NULL, thread_run, pack) == 0)
		pack->threads_n++;
}

static int hand_over(struct pack *pack, struct ticket_error *err)
{
	struct batch *batch = steal_ptr(pack->filling);
	int rc;

	if (!batch)
		return 0;
	if (pack->threads_n == 0)
		start_threads(pack);
	if (pack->threads_n == 0) { /* the system allows none: then it is done here */
		work_on(pack, batch, pack->compressor);
		batch_free(batch);
	} else {
		pthread_mutex_lock(&pack->mutex);
		while (pack->waiting >= BATCHES_MAX)
			pthread_cond_wait(&pack->idle, &pack->mutex);
		*pack->queue_end = batch;
		pack->queue_end = &batch->next;
		pack->waiting++;
		pthread_cond_signal(&pack->work);
		pthread_mutex_unlock(&pack->mutex);
	}
	pthread_mutex_lock(&pack->mutex);
	rc = pack->rc;
	if (rc && err)
		*err = pack->err;
	pthread_mutex_unlock(&pack->mutex);
	return rc;
}

int pack_queue(struct pack *pack, const void *bytes, size_t n, size_t *slot, struct ticket_error *err)
{
	struct batch *batch = pack->filling;

	pthread_mutex_lock(&pack->mutex);
	*slot = pack->slots.n;
	list_push(&pack->slots);
	pthread_mutex_unlock(&pack->mutex);
	if (!batch) {
		batch = pack->filling = xcalloc(1, sizeof(*batch));
		batch->first_slot = *slot;
	}
	buf_add(&batch->bytes, bytes, n);
	*list_push(&batch->sizes) = n;
	return batch->bytes.n >= BATCH_BYTES ? hand_over(pack, err) : 0;
}

int pack_drain(struct pack *pack, struct ticket_error *err)
{
	int rc = hand_over(pack, err);

	pthread_mutex_lock(&pack->mutex);
	while (pack->waiting || pack->busy)
		pthread_cond_wait(&pack->idle, &pack->mutex);
	if (rc == 0 && pack->rc) {
		rc = pack->rc;
		if (err)
			*err = pack->err;
	}
	pthread_mutex_unlock(&pack->mutex);
	return rc;
}

static void stop_threads(struct pack *pack)
{
	pthread_mutex_lock(&pack->mutex);
	pack->closing = true;
	pthread_cond_broadcast(&pack->work);
	pthread_mutex_unlock(&pack->mutex);
	while (pack->threads_n)
		pthread_join(pack->threads[--pack->threads_n], NULL);
}

struct oid pack_slot_id(const struct pack *pack, size_t slot)
{
	return pack->objects.v[pack->slots.v[slot]].id;
}

/* --- the files ------------------------------------------------------------------------------------------------- */

static void put32(unsigned char *p, uint64_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (24 - 8 * i));
}

int pack_open(struct pack **out, struct store *store, struct ticket_error *err)
{
	static const unsigned char header[12] = {'P', 'A', 'C', 'K', 0, 0, 0, 2}; /* the number of objects comes last */
	struct pack *pack = xcalloc(1, sizeof(*pack));
	int rc;

	pack->store = store;
	/* git gc removes tmp_pack_ files that somebody left behind. */
	pack->temporary = xasprintf("%sobjects/pack/tmp_pack_XXXXXX", store->common);
	pack->queue_end = &pack->queue;
	pthread_mutex_init(&pack->mutex, NULL);
	pthread_cond_init(&pack->work, NULL);
	pthread_cond_init(&pack->idle, NULL);
	pack->compressor = libdeflate_alloc_compressor(1);
	if (!pack->compressor)
		abort(); /* out of memory, as in xmalloc */
	pack->fd = mkostemp(pack->temporary, O_CLOEXEC);
	*out = pack;
	if (pack->fd < 0) {
		rc = fail_errno(err, "no pack can be written to '%sobjects/pack'", store->common);
		free(steal_ptr(pack->temporary));
		return rc;
	}
	return append(pack, header, sizeof(header), err);
}

/* Sets the number of objects and appends the SHA-1 of the whole file. */
static int finish_pack(struct pack *pack, unsigned char digest[20], struct ticket_error *err)
{
	unsigned char count[4];
	SHA_CTX sha;

	put32(count, pack->objects.n);
	if (pwrite(pack->fd, count, sizeof(count), 8) != sizeof(count))
		return fail_errno(err, "'%s' cannot be written", pack->temporary);
	pack->map = mmap(NULL, pack->size, PROT_READ, MAP_SHARED, pack->fd, 0);
	if (pack->map == MAP_FAILED) {
		pack->map = NULL;
		return fail_errno(err, "'%s' cannot be read", pack->temporary);
	}
	SHA1_Init(&sha);
	SHA1_Update(&sha, pack->map, pack->size);
	SHA1_Final(digest, &sha);
	if (file_write_all(pack->fd, digest, 20) != 0 || fchmod(pack->fd, 0444) != 0 || fsync(pack->fd) != 0)
		return fail_errno(err, "'%s' cannot be written", pack->temporary);
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct oid));
}

/* The index, version 2: fan-out, ids, checksums, offsets, far offsets, both digests. */
static void build_index(const struct packed *sorted, size_t n, const unsigned char pack_digest[20], struct buf *out)
{
	_cleanup_buf_ struct buf far = {0};
	unsigned char word[8] = {0xff, 't', 'O', 'c', 0, 0, 0, 2}, digest[20];
	SHA_CTX sha;

	buf_add(out, word, 8);
	for (size_t byte = 0, i = 0; byte < 256; byte++) {
		while (i < n && sorted[i].id.id[0] <= byte)
			i++;
		put32(word, i);
		buf_add(out, word, 4);
	}
	for (size_t i = 0; i < n; i++)
		buf_add(out, sorted[i].id.id, 20);
	for (size_t i = 0; i < n; i++) {
		put32(word, sorted[i].crc);
		buf_add(out, word, 4);
	}
	for (size_t i = 0; i < n; i++) {
		bool is_far = sorted[i].offset >> 31;

		put32(word, is_far ? 0x80000000u | far.n / 8 : sorted[i].offset);
		buf_add(out, word, 4);
		if (!is_far)
			continue;
		put32(word, sorted[i].offset >> 32);
		put32(word + 4, sorted[i].offset & 0xffffffffu);
		buf_add(&far, word, 8);
	}
	buf_add(out, far.p, far.n);
	buf_add(out, pack_digest, 20);
	SHA1_Init(&sha);
	SHA1_Update(&sha, out->p, out->n);
	SHA1_Final(digest, &sha);
	buf_add(out, digest, sizeof(digest));
}

static int write_index(struct pack *pack, const char *temporary, const unsigned char digest[20], struct ticket_error *err)
{
	_cleanup_free_ struct packed *sorted = xmalloc(pack->objects.n * sizeof(*sorted));
	_cleanup_buf_ struct buf bytes = {0};
	_cleanup_fd_ int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	memcpy(sorted, pack->objects.v, pack->objects.n * sizeof(*sorted));
	qsort(sorted, pack->objects.n, sizeof(*sorted), by_id);
	build_index(sorted, pack->objects.n, digest, &bytes);
	if (fd < 0 || file_write_all(fd, bytes.p, bytes.n) != 0 || fsync(fd) != 0)
		return fail_errno(err, "'%s' cannot be written", temporary);
	return 0;
}

/* The pack takes its name before its index does: an index without its pack would be read as damage. */
int pack_publish(struct pack *pack, struct ticket_error *err)
{
	_cleanup_free_ char *index = xasprintf("%s.idx", pack->temporary), *folder = xasprintf("%sobjects/pack", pack->store->common);
	_cleanup_free_ char *base = NULL, *final_pack = NULL, *final_index = NULL;
	unsigned char digest[20];
	char hex[OID_HEX_SIZE];
	int rc = finish_pack(pack, digest, err);

	if (rc == 0)
		rc = write_index(pack, index, digest, err);
	base = xasprintf("%s/pack-%s", folder, oid_hex(hex, (const struct oid *)digest));
	final_pack = xasprintf("%s.pack", base);
	final_index = xasprintf("%s.idx", base);
	if (rc == 0 && rename(pack->temporary, final_pack) != 0)
		rc = fail_errno(err, "'%s' cannot be written", final_pack);
	if (rc == 0)
		free(steal_ptr(pack->temporary));
	if (rc == 0 && (folder_sync_unordered(pack->store, AT_FDCWD, folder) != 0 || rename(index, final_index) != 0 || folder_sync(AT_FDCWD, folder) != 0))
		rc = fail_errno(err, "'%s' cannot be written", final_index);
	if (rc)
		unlink(index);
	else if (objects_refresh(pack->store) < 0)
		rc = fail_git(err, "the new pack cannot be read");
	return rc;
}

int pack_read_slot(const struct pack *pack, size_t slot, struct buf *out, struct ticket_error *err)
{
	uint64_t at = pack->objects.v[pack->slots.v[slot]].offset;
	struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
	unsigned shift = 4;
	size_t n = pack->map[at] & 15, start = out->n;
	enum libdeflate_result result;

	if (!decompressor)
		abort(); /* out of memory, as in xmalloc */
	for (; pack->map[at++] & 0x80; shift += 7)
		n |= (size_t)(pack->map[at] & 127) << shift;
	while (out->room < start + n + 1) {
		out->room = (start + n + 1) * 2;
		out->p = xrealloc(out->p, out->room);
	}
	result = libdeflate_zlib_decompress(decompressor, pack->map + at, pack->size - at, out->p + start, n, NULL);
	libdeflate_free_decompressor(decompressor);
	if (result != LIBDEFLATE_SUCCESS)
		return ticket_fail(err, TICKET_STORAGE, "the pack just written cannot be read back; the disk may be failing");
	out->n = start + n;
	out->p[out->n] = '\0';
	return 0;
}

void pack_free(struct pack *pack)
{
	if (!pack)
		return;
	stop_threads(pack);
	batch_free(pack->filling);
	if (pack->map)
		munmap(pack->map, pack->size);
	if (pack->temporary)
		unlink(pack->temporary);
	if (pack->fd >= 0)
		close(pack->fd);
	while (pack->queue) {
		struct batch *next = pack->queue->next;

		batch_free(pack->queue);
		pack->queue = next;
	}
	libdeflate_free_compressor(pack->compressor);
	pthread_mutex_destroy(&pack->mutex);
	pthread_cond_destroy(&pack->work);
	pthread_cond_destroy(&pack->idle);
	free(pack->objects.v);
	free(pack->table);
	free(pack->slots.v);
	free(pack->temporary);
	free(pack);
}
