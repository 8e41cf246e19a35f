/* SPDX-License-Identifier: MIT */
/* Articles as text: front matter of "key: value" lines between two lines of dashes, then Markdown. */
#include "kb/kb.h"

#include "ticket/text.h"

#define FENCE "---"
#define LONGEST_NAME 100

void article_free(struct article *article)
{
	if (!article)
		return;
	free(article->name);
	while (article->titles.n)
		pairs_set(&article->titles, article->titles.v[0].key, NULL);
	free(article->titles.v);
	texts_release(&article->categories);
	texts_release(&article->types);
	texts_release(&article->words);
	free(article->extra);
	free(article->body);
	free(article->wording);
	free(article);
}

const char *article_title(const struct article *article, const struct policy *policy, const char *language)
{
	const char *title = language ? pairs_get(&article->titles, language) : NULL;

	if (!title)
		title = pairs_get(&article->titles, "");
	if (!title && policy->language)
		title = pairs_get(&article->titles, policy->language);
	if (!title && article->titles.n)
		title = article->titles.v[0].value;
	return title ? title : article->name;
}

/* Letters of any script, digits, dashes: nothing a shell, a path or a terminal takes for something else. */
bool article_name_fits(const char *name)
{
	size_t n = strlen(name);

	if (!n || n > LONGEST_NAME || *name == '-' || text_flaw(name, n, NULL) >= 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

char *article_name_of(const char *path)
{
	_cleanup_free_ char *name = NULL;

	if (!text_starts(path, KB_FOLDER "/") || !text_ends(path, ".md"))
		return NULL;
	path += strlen(KB_FOLDER "/");
	name = xstrndup(path, strlen(path) - strlen(".md"));
	return article_name_fits(name) ? steal_ptr(name) : NULL;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

/* "a, b" or "[a, b]"; Chinese commas too. */
static void read_list(struct texts *out, const char *value)
{
	size_t n = strlen(value);
	_cleanup_free_ char *copy = *value == '[' && value[n - 1] == ']' ? xstrndup(value + 1, n - 2) : xstrdup(value);
	char *from = copy;

	while (from) {
		char *comma = strchr(from, ','), *wide = strstr(from, "，"), *end = wide && (!comma || wide < comma) ? wide : comma;
		char *next = !end ? NULL : end == wide ? end + strlen("，") : end + 1;

		if (end)
			*end = '\0';
		text_strip(from);
		if (*from && !texts_have(out, from))
			texts_add(out, from);
		from = next;
	}
}

static bool read_member(struct article *article, const char *key, const char *value)
{
	struct texts *list = text_equal(key, "categories") ? &article->categories : text_equal(key, "types") ? &article->types
			     : text_equal(key, "words") ? &article->words : NULL;

	if (list)
		read_list(list, value);
	else if (text_equal(key, "title"))
		pairs_set(&article->titles, "", value);
	else if (text_starts(key, "title."))
		pairs_set(&article->titles, key + strlen("title."), value);
	else
		return false;
	return true;
}

static int read_line(struct article *article, struct texts *seen, char *line, const char *origin, size_t number, struct ticket_error *err)
{
	char *colon = strchr(line, ':'), *value;
	_cleanup_free_ char *whole = xstrdup(line);

	if (!*text_strip(whole))
		return 0;
	if (!colon || colon == line)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: '%s' is no 'key: value'", origin, number, whole);
	*colon = '\0';
	value = text_strip(colon + 1);
	text_strip(line);
	if (texts_have(seen, line))
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: '%s' is there twice", origin, number, line);
	texts_add(seen, line);
	if (*value && !read_member(article, line, value)) {
		_cleanup_free_ char *before = article->extra;

		article->extra = xasprintf("%s%s\n", before ? before : "", whole);
	}
	return 0;
}

/* '*body' is where the text behind the front matter begins. */
static int read_front(struct article *article, const char *text, const char *origin, const char **body, struct ticket_error *err)
{
	struct texts seen = {0};
	const char *line = text + strlen(FENCE "\n");
	int failed = 0;

	*body = text;
	if (!text_starts(text, FENCE "\n"))
		return 0;
	for (size_t number = 2; !failed; number++) {
		size_t n = strcspn(line, "\n");
		_cleanup_free_ char *copy = xstrndup(line, n);

		if (text_equal(copy, FENCE)) {
			*body = line + n + (line[n] == '\n');
			break;
		}
		failed = line[n] ? read_line(article, &seen, copy, origin, number, err)
				 : ticket_fail(err, TICKET_USAGE, "%s: the front matter has no end; close it with a line of '%s'", origin, FENCE);
		line += n + (line[n] == '\n');
	}
	texts_release(&seen);
	return failed;
}

/* How many '#' a heading has; 0: the line is none. */
static size_t heading_level(const char *line)
{
	size_t level = strspn(line, "#");

	return level <= 6 && (line[level] == ' ' || line[level] == '\t') ? level : 0;
}

static bool is_wording_heading(const char *line, size_t n)
{
	static const char *const names[] = {"standard wording", "标准话术", "标准用语"};
	size_t level = heading_level(line);
	_cleanup_free_ char *title = level ? xstrndup(line + level, n - level) : NULL, *folded = NULL;

	if (!level)
		return false;
	folded = text_fold(text_strip(title));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_equal(folded, names[i]))
			return true;
	return false;
}

/* From below the heading to the next one of its level or above it. */
static char *find_wording(const char *body)
{
	const char *from = NULL, *line = body;
	size_t level = 0;
	_cleanup_free_ char *wording = NULL;

	while (*line) {
		size_t n = strcspn(line, "\n"), here = heading_level(line);

		if (from && here && here <= level)
			break;
		if (!from && is_wording_heading(line, n)) {
			level = here;
			from = line + n + (line[n] == '\n');
		}
		line += n + (line[n] == '\n');
	}
	if (!from)
		return NULL;
	wording = xstrndup(from, (size_t)(line - from));
	text_strip(wording);
	return *wording ? steal_ptr(wording) : NULL;
}

int article_parse(struct article **out, const char *name, const char *text, const char *origin, struct ticket_error *err)
{
	_cleanup_article_ struct article *article = xcalloc(1, sizeof(*article));
	const char *body, *why;
	ptrdiff_t flaw = text_flaw(text, strlen(text), &why);
	int failed;

	*out = NULL;
	if (flaw >= 0)
		return ticket_fail(err, TICKET_USAGE, "%s: the text holds %s", origin, why);
	article->name = xstrdup(name);
	if ((failed = read_front(article, text, origin, &body, err)))
		return failed;
	article->body = xstrdup(body);
	text_strip(article->body);
	article->wording = find_wording(article->body);
	*out = steal_ptr(article);
	return 0;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static void write_list(struct buf *out, const char *key, const struct texts *list)
{
	_cleanup_free_ char *joined = texts_join(list, ", ");

	if (list->n)
		buf_addf(out, "%s: %s\n", key, joined);
}

void article_write(const struct article *article, struct buf *out)
{
	buf_puts(out, FENCE "\n");
	for (size_t i = 0; i < article->titles.n; i++) {
		const struct pair *title = &article->titles.v[i];

		buf_addf(out, "title%s%s: %s\n", *title->key ? "." : "", title->key, title->value);
	}
	write_list(out, "categories", &article->categories);
	write_list(out, "types", &article->types);
	write_list(out, "words", &article->words);
	buf_puts(out, article->extra ? article->extra : "");
	buf_puts(out, FENCE "\n");
	if (*article->body)
		buf_addf(out, "\n%s\n", article->body);
}
