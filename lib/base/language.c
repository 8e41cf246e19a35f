/* SPDX-License-Identifier: MIT */
/* Catalogues of gettext's, read where they lie: see ticket/language.h. */
#include "ticket/language.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ticket/memory.h"

/* A catalogue's header: two tables of (length, offset), the originals in the order of strcmp and their translations. */
struct head {
	uint32_t magic, revision, n, originals, translations;
};
#define MAGIC 0x950412deu

/* The one of this process; no bytes: English. */
static struct {
	const char *bytes;
	size_t size;
	struct head head;
	bool one_form; /* a language without plural */
	bool chinese;
	bool data;
} catalogue;

/* --- which ----------------------------------------------------------------------------------------------------- */

static bool is_english(const char *locale, size_t n)
{
	return (n >= 1 && locale[0] == 'C' && (n == 1 || locale[1] == '.')) || (n == 5 && memcmp(locale, "POSIX", 5) == 0) ||
	       (n >= 2 && memcmp(locale, "en", 2) == 0 && (n == 2 || locale[2] == '_' || locale[2] == '.'));
}

const char *language_wished(char *(*get)(const char *name))
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *locale = NULL, *several = get("LANGUAGE");

	for (size_t i = 0; i < ARRAY_SIZE(names) && (!locale || !*locale); i++)
		locale = get(names[i]);
	if (!locale || !*locale || text_equal(locale, "C") || text_equal(locale, "POSIX") || text_starts(locale, "C."))
		return NULL;
	if (several && *several)
		return several;
	return is_english(locale, strlen(locale)) ? NULL : locale;
}

/* --- a catalogue ----------------------------------------------------------------------------------------------- */

/* The i-th text of a table, or NULL when the file does not hold what it says. '*length' may be NULL. */
static const char *text_at(uint32_t table, uint32_t i, size_t *length)
{
	size_t at = table + (size_t)i * 8;
	uint32_t entry[2];

	if (at + sizeof(entry) > catalogue.size)
		return NULL;
	memcpy(entry, catalogue.bytes + at, sizeof(entry));
	if ((size_t)entry[1] + entry[0] >= catalogue.size || catalogue.bytes[entry[1] + entry[0]])
		return NULL;
	if (length)
		*length = entry[0];
	return catalogue.bytes + entry[1];
}

/* The translation of what is written down for 'key', or NULL. */
static const char *look_up(const char *key, size_t *length)
{
	uint32_t low = 0, high = catalogue.head.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const char *original = text_at(catalogue.head.originals, middle, NULL);
		int order = original ? strcmp(key, original) : 0;

		if (!original)
			return NULL;
		if (order == 0)
			return text_at(catalogue.head.translations, middle, length);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *bytes = MAP_FAILED;
	const char *about;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof(struct head))
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (bytes == MAP_FAILED)
		return false;
	catalogue.bytes = bytes;
	catalogue.size = (size_t)st.st_size;
	memcpy(&catalogue.head, bytes, sizeof(catalogue.head));
	if (catalogue.head.magic == MAGIC && catalogue.head.revision >> 16 == 0 && (about = look_up("", NULL))) {
		catalogue.one_form = strstr(about, "nplurals=1;") != NULL;
		return true;
	}
	munmap(bytes, catalogue.size);
	catalogue.bytes = NULL;
	return false;
}

/* One of the languages wished, as it is written, then without country; other Chinese is shown what there is. */
static bool open_language(const char *folder, const char *locale, size_t n)
{
	_cleanup_free_ char *name = xstrndup(locale, n), *path = NULL;

	if (!*name || strchr(name, '/'))
		return false;
	path = xasprintf("%s/%s/LC_MESSAGES/ticket.mo", folder, name);
	return open_file(path);
}

void language_open(const char *folder, const char *wished)
{
	while (*wished) {
		size_t n = strcspn(wished, ":"), named = strcspn(wished, ":.@"), language = strcspn(wished, ":.@_");

		if (is_english(wished, n))
			return;
		if (language == 2 && memcmp(wished, "zh", 2) == 0)
			catalogue.chinese = true;
		if (folder && (open_language(folder, wished, named) || open_language(folder, wished, language)))
			return;
		if (catalogue.chinese) {
			if (folder)
				open_language(folder, "zh_CN", 5);
			return;
		}
		wished += n + (wished[n] == ':');
	}
}

/* --- what is asked of it --------------------------------------------------------------------------------------- */

const char *language_labels(void)
{
	return catalogue.chinese ? "zh" : "en";
}

const char *language_text(const char *english)
{
	const char *text = catalogue.bytes && *english ? look_up(english, NULL) : NULL;

	return text && *text ? text : english;
}

const char *language_word(const char *context, const char *english)
{
	_cleanup_free_ char *key = NULL;
	const char *text;

	if (!catalogue.bytes)
		return english;
	key = xasprintf("%s\004%s", context, english);
	text = look_up(key, NULL);
	return text && *text ? text : english;
}

const char *language_count(const char *one, const char *many, unsigned long long n)
{
	size_t length = 0, first;
	const char *text = catalogue.bytes ? look_up(one, &length) : NULL;

	if (!text || !*text)
		return n == 1 ? one : many;
	first = strlen(text);
	/* The forms follow each other. Languages with more than two have no catalogue yet; a lint says so. */
	return catalogue.one_form || n == 1 || first >= length ? text : text + first + 1;
}

void language_results(bool data)
{
	catalogue.data = data;
}

const char *language_finding(const char *english)
{
	return catalogue.data ? english : language_text(english);
}

const char *language_errno(int number)
{
	return language_text(strerror(number));
}
