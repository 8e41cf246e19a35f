/* SPDX-License-Identifier: MIT */
/*
 * What is said again and again in many short texts, without a dictionary. Chinese is looked at as runs of characters: a run
 * of two and more that stands in several texts is a phrase, and a longer one takes the place of those that are nothing but
 * its parts. Languages with spaces give words.
 */
#include "report/report.h"

#include "ticket/text.h"

#define LONGEST_RUN 8     /* characters of a Chinese phrase */
#define LONGEST_TEXT 4000 /* bytes of one text that are looked at */
#define SHORTEST_WORD 3   /* letters */

/* A candidate where it stands. */
struct gram {
	const char *p;
	uint32_t n;      /* bytes */
	uint32_t text;   /* index */
};
struct grams {
	struct gram *v;
	size_t n, room;
};

/* Words that say nothing by themselves. */
static const char *const stop_words[] = {
	"and", "are", "but", "can", "could", "did", "for", "from", "had", "has", "have", "her", "his", "how", "its", "just", "more", "not", "our", "out", "please",
	"should", "some", "than", "that", "the", "their", "them", "then", "there", "they", "this", "too", "very", "was", "were", "what", "when", "which", "who", "why", "will",
	"with", "would", "you", "your",
};
/* A Chinese phrase neither begins nor ends with one of these. */
static const char *const stop_characters[] = {
	"的", "了", "是", "在", "我", "你", "您", "他", "她", "它", "们", "和", "与", "及", "或", "也", "都", "就", "还", "又", "很", "太", "吧", "吗", "呢", "啊", "呀", "把", "被",
	"让", "给", "对", "从", "到", "这", "那", "有", "要", "请", "能", "会", "可", "以", "而", "但", "着", "过", "地", "得", "个", "为", "于", "之", "其", "应", "该",
};

/* --- characters ---------------------------------------------------------------------------------------------------- */

static size_t char_bytes(const char *p)
{
	unsigned char c = (unsigned char)*p;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* An ideograph: three bytes from U+3400 to U+9FFF, or four from U+20000 on. */
static bool is_ideograph(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;

	if (c[0] == 0xe3)
		return c[1] >= 0x90;
	return (c[0] >= 0xe4 && c[0] <= 0xe9) || (c[0] == 0xf0 && c[1] >= 0xa0);
}

static bool is_letter(const char *p)
{
	unsigned char c = (unsigned char)*p;

	return (c >= 'a' && c <= 'z') || (c >= 0xc3 && c < 0xe0);
}

static bool in_list(const char *p, size_t n, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == n && memcmp(list[i], p, n) == 0)
			return true;
	return false;
}

static bool is_stop_character(const char *p)
{
	return in_list(p, char_bytes(p), stop_characters, ARRAY_SIZE(stop_characters));
}

static const char *last_character(const char *p, size_t n)
{
	const char *end = p + n - 1;

	while (end > p && ((unsigned char)*end & 0xc0) == 0x80)
		end--;
	return end;
}

/* --- candidates ---------------------------------------------------------------------------------------------------- */

static void add_gram(struct grams *grams, const char *p, size_t n, size_t text)
{
	if (grams->n == grams->room)
		grams->v = xrealloc(grams->v, (grams->room = grams->room ? grams->room * 2 : 1024) * sizeof(*grams->v));
	grams->v[grams->n++] = (struct gram){p, (uint32_t)n, (uint32_t)text};
}

static int compare_what(const struct gram *x, const struct gram *y)
{
	int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

static int compare_grams(const void *a, const void *b)
{
	const struct gram *x = a, *y = b;
	int order = compare_what(x, y);

	return order ? order : (x->text > y->text) - (x->text < y->text);
}

/* A candidate and in how many texts it stands. */
struct counted {
	struct gram gram;
	size_t texts;
	bool dropped;
};
typedef LIST(struct counted) counted_list;

/* Of sorted candidates those that stand in two texts and more. */
static void count_grams(struct grams *grams, counted_list *out)
{
	if (grams->n)
		qsort(grams->v, grams->n, sizeof(*grams->v), compare_grams);
	for (size_t i = 0, next; i < grams->n; i = next) {
		size_t texts = 1;

		for (next = i + 1; next < grams->n && compare_what(&grams->v[i], &grams->v[next]) == 0; next++)
			texts += grams->v[next].text != grams->v[next - 1].text;
		if (texts > 1)
			*list_push(out) = (struct counted){grams->v[i], texts, false};
	}
}

static int compare_counted(const void *a, const void *b)
{
	return compare_what(&((const struct counted *)a)->gram, &((const struct counted *)b)->gram);
}

static const struct counted *find_counted(const counted_list *list, size_t from, const char *p, size_t n)
{
	const struct counted key = {.gram = {p, (uint32_t)n, 0}};

	return list->n > from ? bsearch(&key, list->v + from, list->n - from, sizeof(*list->v), compare_counted) : NULL;
}

static void add_words(struct grams *grams, const char *folded, size_t text)
{
	for (const char *p = folded; *p;) {
		size_t n = 0, letters = 0;

		while (is_letter(p + n)) {
			n += char_bytes(p + n);
			letters++;
		}
		if (letters >= SHORTEST_WORD && !in_list(p, n, stop_words, ARRAY_SIZE(stop_words)))
			add_gram(grams, p, n, text);
		p += n ? n : char_bytes(p);
	}
}

/* Runs of 'length' characters whose two halves short of one are frequent themselves. 'shorter': where those begin in 'known'. */
static void add_runs(struct grams *grams, const char *folded, size_t text, size_t length, const counted_list *known, size_t shorter)
{
	for (const char *p = folded; *p; p += char_bytes(p)) {
		const char *end = p;
		size_t have = 0, first, last = 0;

		while (have < length && is_ideograph(end)) {
			last = char_bytes(end);
			end += last;
			have++;
		}
		if (have < length)
			continue;
		first = char_bytes(p);
		if (length > 2 && (!find_counted(known, shorter, p, (size_t)(end - p) - last) || !find_counted(known, shorter, p + first, (size_t)(end - p) - first)))
			continue;
		add_gram(grams, p, (size_t)(end - p), text);
	}
}

/* --- choosing ------------------------------------------------------------------------------------------------------ */

static bool holds(const struct gram *longer, const struct gram *part)
{
	return longer->n > part->n && memmem(longer->p, longer->n, part->p, part->n) != NULL;
}

static bool is_framed(const struct gram *gram)
{
	return is_ideograph(gram->p) && (is_stop_character(gram->p) || is_stop_character(last_character(gram->p, gram->n)));
}

/* What is hardly ever said but as part of something longer is not said by itself. */
static void drop_parts(counted_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		list->v[i].dropped = is_framed(&list->v[i].gram);
	for (size_t i = 0; i < list->n; i++)
		for (size_t j = 0; j < list->n && !list->v[i].dropped; j++)
			if (!is_framed(&list->v[j].gram) && holds(&list->v[j].gram, &list->v[i].gram) && list->v[j].texts * 5 >= list->v[i].texts * 4)
				list->v[i].dropped = true;
}

static int by_weight(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	if (x->texts != y->texts)
		return x->texts < y->texts ? 1 : -1;
	if (x->gram.n != y->gram.n)
		return x->gram.n < y->gram.n ? 1 : -1;
	return compare_what(&x->gram, &y->gram);
}

static void choose(phrases *out, counted_list *list, const struct texts *texts, size_t most)
{
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_weight);
	for (size_t i = 0; i < list->n && out->n < most; i++) {
		struct phrase *phrase;

		if (list->v[i].dropped)
			continue;
		phrase = list_push(out);
		phrase->text = xstrndup(list->v[i].gram.p, list->v[i].gram.n);
		phrase->texts = list->v[i].texts;
		phrase->example = texts->v[list->v[i].gram.text];
	}
}

#define MOST_CANDIDATES 4000 /* of them each is compared with each */

void phrases_find(phrases *out, const struct texts *texts, size_t most)
{
	struct texts folded = {0};
	struct grams grams = {0};
	counted_list all = {0};
	size_t shorter = 0;

	for (size_t i = 0; i < texts->n; i++) {
		_cleanup_free_ char *text = text_fold(texts->v[i]);

		if (strlen(text) > LONGEST_TEXT)
			*(char *)last_character(text, LONGEST_TEXT) = '\0';
		texts_add(&folded, text);
		add_words(&grams, folded.v[i], i);
	}
	count_grams(&grams, &all);
	for (size_t length = 2; length <= LONGEST_RUN; length++) {
		size_t before = all.n;

		grams.n = 0;
		for (size_t i = 0; i < folded.n; i++)
			add_runs(&grams, folded.v[i], i, length, &all, shorter);
		count_grams(&grams, &all);
		shorter = before;
		if (all.n == before)
			break;
	}
	if (all.n > MOST_CANDIDATES) {
		qsort(all.v, all.n, sizeof(*all.v), by_weight);
		all.n = MOST_CANDIDATES;
	}
	drop_parts(&all);
	choose(out, &all, texts, most);
	free(all.v);
	free(grams.v);
	texts_release(&folded);
}

void phrases_release(phrases *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i].text);
	free(list->v);
	memset(list, 0, sizeof(*list));
}
