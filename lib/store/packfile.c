/* SPDX-License-Identifier: MIT */
/* Packs as git writes them, read where they are mapped: see packfile.h, and gitformat-pack(5) for the format. */
#include "store/packfile.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define INDEX_HEAD (8 + 256 * 4) /* mark, version, fan-out */
#define INDEX_TAIL 40            /* two digests */
#define PACK_HEAD 12
#define PACK_TAIL 20
#define MOST_GUESSES 16

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* --- opening --------------------------------------------------------------------------------------------------- */

static const unsigned char *map_file(const char *path, size_t least, size_t *n)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *map;

	if (fd < 0 || fstat(fd, &st) != 0 || (size_t)st.st_size < least)
		return NULL;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return NULL;
	*n = (size_t)st.st_size;
	return map;
}

static void unmap(const unsigned char *map, size_t n)
{
	if (map)
		munmap((void *)map, n);
}

/* As large as its number of objects says: reading by place stays inside. */
static bool index_is_ours(struct packfile *pack)
{
	static const unsigned char mark[] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	uint32_t before = 0;

	if (memcmp(pack->index, mark, sizeof(mark)) != 0)
		return false;
	for (int i = 0; i < 256; i++) {
		uint32_t count = get32(pack->index + 8 + i * 4);

		if (count < before)
			return false;
		before = count;
	}
	pack->objects = before;
	return pack->index_n >= INDEX_HEAD + (uint64_t)before * (20 + 4 + 4) + INDEX_TAIL;
}

static bool open_pack(struct packfile *pack, const char *index)
{
	_cleanup_free_ char *bytes = xasprintf("%.*s.pack", (int)(strlen(index) - strlen(".idx")), index);

	*pack = (struct packfile){0};
	pack->index = map_file(index, INDEX_HEAD + INDEX_TAIL, &pack->index_n);
	pack->bytes = pack->index && index_is_ours(pack) ? map_file(bytes, PACK_HEAD + PACK_TAIL, &pack->n) : NULL;
	if (pack->bytes && memcmp(pack->bytes, "PACK", 4) == 0 && get32(pack->bytes + 4) == 2 && get32(pack->bytes + 8) == pack->objects)
		return true;
	unmap(pack->index, pack->index_n);
	unmap(pack->bytes, pack->n);
	return false;
}

static int newest_last(const void *a, const void *b)
{
	const struct unopened_pack *x = a, *y = b;

	return x->written_ns != y->written_ns ? (x->written_ns > y->written_ns) - (x->written_ns < y->written_ns) : strcmp(x->index, y->index);
}

void packfiles_find(struct packfiles *out, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct stat st;

	*out = (struct packfiles){0};
	while (dir && (entry = readdir(dir)))
		if (text_ends(entry->d_name, ".idx") && fstatat(dirfd(dir), entry->d_name, &st, 0) == 0)
			*list_push(&out->unopened) = (struct unopened_pack){xasprintf("%s/%s", folder, entry->d_name), st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec};
	if (dir)
		closedir(dir);
	if (!out->unopened.n)
		return;
	qsort(out->unopened.v, out->unopened.n, sizeof(*out->unopened.v), newest_last);
	out->v = xcalloc(out->unopened.n, sizeof(*out->v)); /* for all: whoever knows one by its place finds it there */
}

bool packfiles_open_next(struct packfiles *packs)
{
	bool opened = false;

	while (!opened && packs->unopened.n) {
		_cleanup_free_ char *index = packs->unopened.v[--packs->unopened.n].index;

		opened = open_pack(&packs->v[packs->n], index);
		packs->n += opened;
	}
	return opened;
}

void packfiles_close(struct packfiles *packs)
{
	for (size_t i = 0; i < packs->n; i++) {
		unmap(packs->v[i].index, packs->v[i].index_n);
		unmap(packs->v[i].bytes, packs->v[i].n);
	}
	for (size_t i = 0; i < packs->unopened.n; i++)
		free(packs->unopened.v[i].index);
	free(packs->unopened.v);
	free(packs->v);
	*packs = (struct packfiles){0};
}

/* --- finding --------------------------------------------------------------------------------------------------- */

/* The place at which the object of a number stands; false: the index ends before it says. */
static bool place_of(const struct packfile *pack, uint32_t number, uint64_t *offset)
{
	uint32_t place = get32(pack->index + INDEX_HEAD + (size_t)pack->objects * 24 + (size_t)number * 4);
	size_t far = INDEX_HEAD + (size_t)pack->objects * 28 + (size_t)(place & 0x7fffffffu) * 8;

	*offset = place;
	if (!(place >> 31))
		return true;
	/* Beyond 2 GB: a place in the table behind, if there is one. */
	if (far + 8 + INDEX_TAIL > pack->index_n)
		return false;
	*offset = (uint64_t)get32(pack->index + far) << 32 | get32(pack->index + far + 4);
	return true;
}

/*
 * Names are digests and so spread evenly: each look guesses, by the four bytes behind the first, where between its bounds
 * the name stands, which in a pack of a million takes a third of the looks that halving does, most of them next to each other.
 */
bool packfile_find(const struct packfile *pack, const struct oid *id, uint64_t *offset)
{
	const unsigned char *fan = pack->index + 8, *names = pack->index + INDEX_HEAD;
	uint32_t from = id->id[0] ? get32(fan + (id->id[0] - 1) * 4) : 0, to = get32(fan + id->id[0] * 4);
	uint64_t key = get32(id->id + 1), low = 0, high = UINT64_C(1) << 32;

	for (int looks = 0; from < to; looks++) {
		/* In a damaged index they may stand anyhow. */
		bool even = looks < MOST_GUESSES && low <= key && key < high;
		uint32_t at = from + (even ? (uint32_t)((to - from) * (key - low) / (high - low)) : (to - from) / 2);
		const unsigned char *name = names + (size_t)at * 20;
		int order = memcmp(id->id, name, 20);

		if (order == 0)
			return place_of(pack, at, offset);
		if (order < 0) {
			to = at;
			high = (uint64_t)get32(name + 1) + 1;
		} else {
			from = at + 1;
			low = get32(name + 1);
		}
	}
	return false;
}

/* The distance back to a base: each byte but the last adds one more, so that no distance is written in two ways. */
static bool take_distance(const unsigned char **p, const unsigned char *end, uint64_t *distance)
{
	unsigned char c;

	if (*p >= end)
		return false;
	c = *(*p)++;
	*distance = c & 127;
	while (c & 128) {
		if (*p >= end || *distance >> 56)
			return false;
		c = *(*p)++;
		*distance = (*distance + 1) << 7 | (c & 127);
	}
	return true;
}

bool packfile_entry(const struct packfile *pack, uint64_t offset, struct packed_entry *out)
{
	const unsigned char *end = pack->bytes + pack->n - PACK_TAIL, *p;
	uint64_t distance;
	struct oid base;

	if (offset < PACK_HEAD || offset >= pack->n - PACK_TAIL)
		return false;
	p = pack->bytes + offset;
	out->type = *p >> 4 & 7;
	out->size = *p & 15;
	for (unsigned shift = 4; *p++ & 128; shift += 7) {
		if (p >= end || shift > 56)
			return false;
		out->size |= (size_t)(*p & 127) << shift;
	}
	if (out->type == PACKED_OFFSET) {
		if (!take_distance(&p, end, &distance) || !distance || distance > offset)
			return false;
		out->base = offset - distance;
	} else if (out->type == PACKED_NAME) {
		if (end - p < 20)
			return false;
		memcpy(base.id, p, 20);
		p += 20;
		if (!packfile_find(pack, &base, &out->base))
			return false;
	}
	out->data = p;
	out->room = (size_t)(pack->bytes + pack->n - p);
	return p < end;
}

/* --- differences ----------------------------------------------------------------------------------------------- */

static bool take_size(const unsigned char **p, const unsigned char *end, size_t *size)
{
	*size = 0;
	for (unsigned shift = 0; *p < end && shift <= 56; shift += 7) {
		unsigned char c = *(*p)++;

		*size |= (size_t)(c & 127) << shift;
		if (!(c & 128))
			return true;
	}
	return false;
}

bool delta_size(const unsigned char *delta, size_t n, size_t base_n, size_t *out)
{
	const unsigned char *p = delta;
	size_t of_base;

	return take_size(&p, delta + n, &of_base) && of_base == base_n && take_size(&p, delta + n, out);
}

/* A piece of the base: 'code' says which bytes of its place and length follow. */
static inline bool take_piece(const unsigned char **p, const unsigned char *end, unsigned code, size_t *from, size_t *length)
{
	const unsigned char *c = *p;

	if (end - c < 7 && end - c < __builtin_popcount(code & 127))
		return false;
	*from = code & 1 ? *c++ : 0;
	*from |= code & 2 ? (size_t)*c++ << 8 : 0;
	*from |= code & 4 ? (size_t)*c++ << 16 : 0;
	*from |= code & 8 ? (size_t)*c++ << 24 : 0;
	*length = code & 16 ? *c++ : 0;
	*length |= code & 32 ? (size_t)*c++ << 8 : 0;
	*length |= code & 64 ? (size_t)*c++ << 16 : 0;
	if (!*length)
		*length = 0x10000;
	*p = c;
	return true;
}

bool delta_apply(const unsigned char *delta, size_t n, const char *base, size_t base_n, char *to, size_t to_n)
{
	const unsigned char *p = delta, *end = delta + n;
	size_t done = 0, from, length;

	if (!take_size(&p, end, &from) || !take_size(&p, end, &length))
		return false;
	while (p < end) {
		unsigned code = *p++;

		if (code & 128) {
			if (!take_piece(&p, end, code, &from, &length) || from > base_n || length > base_n - from || length > to_n - done)
				return false;
			memcpy(to + done, base + from, length);
		} else {
			length = code;
			if (!length || length > (size_t)(end - p) || length > to_n - done)
				return false;
			memcpy(to + done, p, length);
			p += length;
		}
		done += length;
	}
	return done == to_n;
}
