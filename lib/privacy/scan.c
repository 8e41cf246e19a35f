/* SPDX-License-Identifier: MIT */
/* Masking inside free text: see mask.h. One pass from left to right; what was recognised is not looked into again. */
#include "privacy/glyph.h"
#include "privacy/mask.h"
#include "privacy/number.h"

/* "mask", "refuse" or "keep". */
static const char *rule_of(const struct privacy_intake *intake, enum privacy_kind kind)
{
	const struct masking *rules = intake->rules;
	const char *rule = NULL;

	if (rules) {
		const char *const by_kind[PRIVACY_KINDS] = {
			rules->names, rules->phones, rules->emails, rules->id_cards, rules->bank_cards, rules->addresses,
		};

		rule = by_kind[kind];
		if (rule && intake->consent && strcmp(rule, "refuse") == 0)
			rule = rules->with_consent;
	}
	return rule ? rule : "mask";
}

static bool is_kept(const struct privacy_intake *intake, enum privacy_kind kind)
{
	return strcmp(rule_of(intake, kind), "keep") == 0;
}

/* --- words known to be personal -------------------------------------------------------------------------------- */

static bool is_alnum(uint32_t c)
{
	return glyph_is_letter(c) || glyph_digit(c) >= 0;
}

static bool find_known(const struct glyphs *glyphs, size_t i, const struct privacy_intake *intake, struct privacy_span *out)
{
	for (size_t k = 0; k < intake->n_known; k++) {
		const struct privacy_known *known = &intake->known[k];
		size_t n;

		if (!known->text || strchr(known->text, '*') || is_kept(intake, known->kind))
			continue;
		n = glyphs_match(glyphs, i, known->text);
		if (n < 2 || (is_alnum(glyph_at(glyphs, i)) && is_alnum(glyph_at(glyphs, i - 1))) ||
		    (is_alnum(glyph_at(glyphs, i + n - 1)) && (is_alnum(glyph_at(glyphs, i + n)) || glyphs_match(glyphs, i + n, "***"))))
			continue; /* part of another word, or of one that is masked */
		*out = (struct privacy_span){i, i + n, known->kind};
		return true;
	}
	return false;
}

/* --- e-mail addresses ------------------------------------------------------------------------------------------ */

static bool is_local(uint32_t c) /* RFC 5322 atext and dot, without the quotes people put around addresses */
{
	return is_alnum(c) || (c && c < 0x80 && strchr(".!#$%&*+/=?^_{|}~-", (int)c));
}

static bool is_at(uint32_t c)
{
	return c == '@' || c == 0xff20;
}

/* Where the domain that begins at 'i' ends: labels with a dot, the last of two letters or more; 0 when it is none. */
static size_t domain_end(const struct glyphs *glyphs, size_t i)
{
	size_t end = 0, start = i, letters = 0;
	bool dot = false;

	for (;; i++) {
		uint32_t c = glyph_at(glyphs, i);

		if (is_alnum(c)) {
			letters += glyph_is_letter(c);
			if (dot && letters >= 2)
				end = i + 1;
		} else if (c == '.' && i > start) {
			dot = true;
			letters = 0;
		} else if (c != '-') {
			return end;
		}
	}
}

/* How far has been looked without finding anything: nobody looks there again, which keeps the work linear. */
struct looked {
	size_t email, place;
};

static bool find_email(const struct glyphs *glyphs, size_t i, struct looked *looked, struct privacy_span *out)
{
	size_t at = i, end;

	if (i < looked->email)
		return false;
	while (is_local(glyph_at(glyphs, at)))
		at++;
	looked->email = at;
	if (at == i || !is_at(glyph_at(glyphs, at)))
		return false;
	if (at > i + 3 && glyphs_match_before(glyphs, at, "***")) {
		looked->email = at - 3; /* masked already, by us or by another: it begins with the stars, where its turn comes */
		return false;
	}
	end = domain_end(glyphs, at + 1);
	if (!end)
		return false;
	*out = (struct privacy_span){i, end, PRIVACY_EMAIL};
	return true;
}

/* --- what stands behind a label -------------------------------------------------------------------------------- */

/* 'colon': the word is a label only with one behind it. */
static const struct label {
	const char *word;
	enum privacy_kind kind;
	bool colon;
} labels[] = {
	{"收货地址", PRIVACY_ADDRESS, true},   {"收件地址", PRIVACY_ADDRESS, true},  {"家庭住址", PRIVACY_ADDRESS, true},
	{"家庭地址", PRIVACY_ADDRESS, true},   {"联系地址", PRIVACY_ADDRESS, true},  {"详细地址", PRIVACY_ADDRESS, true},
	{"地址", PRIVACY_ADDRESS, true},       {"住址", PRIVACY_ADDRESS, true},      {"家住", PRIVACY_ADDRESS, false},
	{"我住在", PRIVACY_ADDRESS, false},    {"address", PRIVACY_ADDRESS, true},   {"addr", PRIVACY_ADDRESS, true},
	{"i live at", PRIVACY_ADDRESS, false}, {"姓名", PRIVACY_NAME, true},         {"联系人", PRIVACY_NAME, true},
	{"收货人", PRIVACY_NAME, true},        {"收件人", PRIVACY_NAME, true},       {"投诉人", PRIVACY_NAME, true},
	{"full name", PRIVACY_NAME, true},     {"customer name", PRIVACY_NAME, true}, {"contact name", PRIVACY_NAME, true},
	{"contact person", PRIVACY_NAME, true}, {"my name is", PRIVACY_NAME, false},
};

/* "mail address:" and the like are no street address. */
static bool is_other_address(const struct glyphs *glyphs, size_t i)
{
	static const char *const words[] = {"mail", "ip", "web", "mac", "url", "site", "internet", "邮箱", "邮件", "网站", "网", "网络", "链接", "下载", "登录", "IP", "服务器"};

	while (glyph_is_space(glyph_at(glyphs, i - 1)))
		i--;
	for (size_t k = 0; k < ARRAY_SIZE(words); k++)
		if (glyphs_match_before(glyphs, i, words[k]))
			return true;
	return false;
}

static bool is_colon(uint32_t c)
{
	return c == ':' || c == 0xff1a;
}

/* The first character of the value behind a label that begins at 'i'; 0 when there is no such label. */
static size_t after_label(const struct glyphs *glyphs, size_t i, const struct label *label)
{
	size_t n = glyphs_match(glyphs, i, label->word), start = i + n;
	bool colon = false;

	if (n == 0 || (glyph_is_letter(glyph_at(glyphs, i)) && glyph_is_letter(glyph_at(glyphs, i - 1))))
		return 0;
	if (glyph_is_letter(glyph_at(glyphs, start - 1)) && glyph_is_letter(glyph_at(glyphs, start)))
		return 0;
	if (label->kind == PRIVACY_ADDRESS && (is_other_address(glyphs, i) || glyph_at(glyphs, i - 1) == 0x56fd /* 国家 */))
		return 0;
	while (glyph_is_space(glyph_at(glyphs, start)) || (!colon && is_colon(glyph_at(glyphs, start)))) {
		colon |= is_colon(glyph_at(glyphs, start));
		start++;
	}
	return label->colon && !colon ? 0 : start;
}

static bool ends_sentence(uint32_t c)
{
	return c == 0 || c == '\n' || c == '\r' || c == ';' || c == 0xff1b || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == '!' || c == '?';
}

static bool is_comma(uint32_t c)
{
	return c == ',' || c == 0xff0c || c == 0x3001;
}

/* A colon that ends a label, such as "电话：", not a time of day. */
static bool ends_label(const struct glyphs *glyphs, size_t i)
{
	return is_colon(glyph_at(glyphs, i)) && glyph_digit(glyph_at(glyphs, i - 1)) < 0;
}

/* A full stop, not the dot of an abbreviation ("12 Main St. London"). */
static bool ends_words(const struct glyphs *glyphs, size_t i)
{
	size_t letters = 0;

	if (glyph_at(glyphs, i) != '.' || is_alnum(glyph_at(glyphs, i + 1)))
		return false;
	while (glyph_is_letter(glyph_at(glyphs, i - 1 - letters)))
		letters++;
	return letters >= 5;
}

/* Behind the stars of a value masked before, nothing belongs to it: masking again must find the same end. */
static size_t stars_end(const struct glyphs *glyphs, size_t i)
{
	while (glyph_at(glyphs, i) == '*')
		i++;
	return i;
}

/* Are the three stars at 'i' all that masking left of an address? Then what ended it follows. */
static bool is_masked_end(const struct glyphs *glyphs, size_t i)
{
	size_t end = stars_end(glyphs, i);
	uint32_t c = glyph_at(glyphs, end);

	return end >= i + 3 && (ends_sentence(c) || glyph_is_space(c) || is_comma(c) || c == '.' || is_colon(c) || ends_label(glyphs, end + 1) ||
			       ends_label(glyphs, end + 2));
}

static size_t trim_end(const struct glyphs *glyphs, size_t start, size_t end)
{
	while (end > start && (glyph_is_space(glyphs->v[end - 1].c) || is_comma(glyphs->v[end - 1].c)))
		end--;
	return end;
}

static bool ends_place(uint32_t c) /* 号 栋 幢 座 室 楼 层 弄 组 区 路 街 道 镇 村 苑 园 院 巷 城 */
{
	static const uint32_t ends[] = {0x53f7, 0x680b, 0x5e62, 0x5ea7, 0x5ba4, 0x697c, 0x5c42, 0x5f04, 0x7ec4, 0x533a,
					0x8def, 0x8857, 0x9053, 0x9547, 0x6751, 0x82d1, 0x56ed, 0x9662, 0x5df7, 0x57ce};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (c == ends[i])
			return true;
	return false;
}

static bool ends_value(const struct glyphs *glyphs, size_t i)
{
	return ends_sentence(glyph_at(glyphs, i)) || ends_words(glyphs, i) || ends_label(glyphs, i);
}

/* Behind a comma in a Chinese text: does the place go on ("…科技园，南区，1栋"), or the sentence? */
static bool place_goes_on(const struct glyphs *glyphs, size_t comma)
{
	size_t end = comma + 1;

	while (end < comma + 16 && !ends_value(glyphs, end) && !is_comma(glyph_at(glyphs, end)) && !glyph_is_space(glyph_at(glyphs, end)))
		end++;
	return end < comma + 16 && end > comma + 1 && (ends_place(glyph_at(glyphs, end - 1)) || glyph_digit(glyph_at(glyphs, end - 1)) >= 0);
}

/* Is the address behind this label over at 'i', for another reason than the end of the sentence? */
static bool leaves_place(const struct glyphs *glyphs, size_t i, bool han)
{
	uint32_t c = glyph_at(glyphs, i);

	return c == ')' || c == 0xff09 || c == 0x3011 || (han && is_comma(c) && !place_goes_on(glyphs, i));
}

/* An address runs to the end of the sentence or line, or to the word in front of the next colon ("… 电话：138…"). */
static size_t address_end(const struct glyphs *glyphs, size_t start)
{
	bool han = glyph_is_han(glyph_at(glyphs, start)) || glyph_is_han(glyph_at(glyphs, start + 1));
	size_t end = start, word = start;

	while (!ends_value(glyphs, end) && !leaves_place(glyphs, end, han)) {
		if (is_masked_end(glyphs, end))
			return stars_end(glyphs, end);
		if (glyph_is_space(glyphs->v[end].c) || is_comma(glyphs->v[end].c))
			word = end;
		end++;
	}
	if (ends_label(glyphs, end)) {
		if (glyph_at(glyphs, end + 1) == '/')
			return start; /* a link */
		if (word > start)
			return trim_end(glyphs, start, word);
		for (int n = 0; n < 2 && end > start && glyph_at(glyphs, end - 1) != '*'; n++)
			end--;
	}
	return trim_end(glyphs, start, end);
}

static bool ends_house(uint32_t c) /* 号 栋 幢 座 室 楼 层 弄 组 */
{
	return c == 0x53f7 || c == 0x680b || c == 0x5e62 || c == 0x5ea7 || c == 0x5ba4 || c == 0x697c || c == 0x5c42 || c == 0x5f04 || c == 0x7ec4;
}

/*
 * A label without a colon says little ("我住在…"): what follows, up to the first comma, must hold the number of a house,
 * floor or room. It ends behind the last one; 0 when there is none.
 */
static size_t told_place_end(const struct glyphs *glyphs, size_t start, struct looked *looked)
{
	size_t end = 0, i = start;

	if (start < looked->place)
		return 0;
	for (; !ends_value(glyphs, i) && !is_comma(glyph_at(glyphs, i)) && !is_masked_end(glyphs, i); i++) {
		bool digit = glyph_digit(glyphs->v[i].c) >= 0;

		if ((ends_house(glyphs->v[i].c) && glyph_digit(glyph_at(glyphs, i - 1)) >= 0) || (digit && end == i))
			end = i + 1;
	}
	if (!end)
		looked->place = i;
	return end;
}

/* Up to six Chinese characters are taken for the name; of a longer run, which goes on to other things, the first four. */
static size_t han_name_end(const struct glyphs *glyphs, size_t start)
{
	size_t end = start;

	while (glyph_is_han(glyph_at(glyphs, end)) || glyph_at(glyphs, end) == 0xb7)
		end++;
	return glyph_at(glyphs, end) == '*' ? stars_end(glyphs, end) : end - start > 6 ? start + 4 : end;
}

static bool is_capital(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c < 0x2000);
}

/* Up to four words with capitals, or two without. */
static size_t name_end(const struct glyphs *glyphs, size_t start)
{
	size_t end = start, words = 1;
	bool capital = is_capital(glyph_at(glyphs, start));

	if (glyph_digit(glyph_at(glyphs, start)) >= 0)
		return start;
	if (glyph_is_han(glyph_at(glyphs, start)))
		return han_name_end(glyphs, start);
	for (;; end++) {
		uint32_t c = glyph_at(glyphs, end), next = glyph_at(glyphs, end + 1);

		if (c == '*')
			return stars_end(glyphs, end);
		if (c == ' ' && end > start && words < (capital ? 4 : 2) &&
		    (next == '*' || is_capital(next) || (!capital && glyph_is_letter(next))))
			words++;
		else if (!is_alnum(c) && c != '-' && c != '\'' && !(c >= 0xc0 && c < 0x2000))
			return end > start + 1 ? end : start;
	}
}

/* Most characters begin no label: the first characters of all of them, so that those are passed over quickly. */
static bool begins_label(uint32_t c)
{
	static const uint32_t firsts[] = {0x5730 /* 地 */, 0x4f4f /* 住 */, 0x6536 /* 收 */, 0x5bb6 /* 家 */, 0x8054 /* 联 */, 0x8be6 /* 详 */,
					  0x6211 /* 我 */, 0x59d3 /* 姓 */, 0x6295 /* 投 */, 'a', 'i', 'f', 'c', 'm'};
	uint32_t folded = glyph_is_letter(c) ? c | 0x20 : c;

	for (size_t i = 0; i < ARRAY_SIZE(firsts); i++)
		if (firsts[i] == folded)
			return true;
	return false;
}

static bool find_labelled(const struct glyphs *glyphs, size_t i, const struct privacy_intake *intake, struct looked *looked, struct privacy_span *out)
{
	if (!begins_label(glyph_at(glyphs, i)))
		return false;
	for (size_t k = 0; k < ARRAY_SIZE(labels); k++) {
		const struct label *label = &labels[k];
		size_t start = after_label(glyphs, i, label), end;

		if (!start || is_kept(intake, label->kind))
			continue;
		end = label->kind == PRIVACY_NAME ? name_end(glyphs, start) : label->colon ? address_end(glyphs, start) : told_place_end(glyphs, start, looked);
		if (end <= start)
			continue;
		*out = (struct privacy_span){start, end, label->kind};
		return true;
	}
	return false;
}

/* --- the pass -------------------------------------------------------------------------------------------------- */

static int refuse(const struct glyphs *glyphs, const struct privacy_span *span, struct ticket_error *err)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < span->from; i++) {
		column = glyphs->v[i].c == '\n' ? 1 : column + 1;
		line += glyphs->v[i].c == '\n';
	}
	return ticket_fail(err, TICKET_REFUSED,
			   "the text holds %s at line %zu, column %zu, which this desk takes only with the customer's consent; "
			   "leave it out, or record the consent first: ticket customer edit ID --consent WHAT",
			   privacy_noun(span->kind), line, column);
}

/* The next personal stretch at or after '*i'; '*i' moves to it. */
static bool next_span(const struct glyphs *glyphs, size_t *i, struct looked *looked, const struct privacy_intake *intake, struct privacy_span *span)
{
	for (; *i < glyphs->n; ++*i) {
		uint32_t c = glyphs->v[*i].c;

		if (find_email(glyphs, *i, looked, span) || find_known(glyphs, *i, intake, span) || find_labelled(glyphs, *i, intake, looked, span))
			return true;
		if (glyph_digit(c) >= 0 && glyph_digit(glyph_at(glyphs, *i - 1)) >= 0)
			continue;
		if (number_find(glyphs, *i, span))
			return true;
	}
	return false;
}

/* The mask of a span. Of an address province and city may stay, but no word that is known to be personal. */
static char *mask_span(const struct glyphs *glyphs, const struct privacy_span *span, const char *clear, const struct privacy_intake *intake)
{
	struct privacy_span known;

	for (size_t i = span->from; span->kind == PRIVACY_ADDRESS && i < span->to; i++)
		if (find_known(glyphs, i, intake, &known))
			return mask_address("");
	return mask_value(span->kind, clear);
}

int privacy_text(struct buf *out, const struct privacy_intake *intake, const char *text, struct privacy_found *found, struct ticket_error *err)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	struct privacy_found counted = {{0}};
	struct privacy_span span;
	struct looked looked = {0, 0};
	size_t i = 0, copied = 0, mark = out->n;

	glyphs_read(&glyphs, text);
	while (next_span(&glyphs, &i, &looked, intake, &span)) {
		_cleanup_free_ char *clear = glyphs_slice(&glyphs, span.from, span.to);
		_cleanup_free_ char *masked = mask_span(&glyphs, &span, clear, intake);

		i = glyphs.floor = span.to;
		if (is_kept(intake, span.kind) || strcmp(clear, masked) == 0)
			continue;
		if (strcmp(rule_of(intake, span.kind), "refuse") == 0) {
			buf_truncate(out, mark);
			return refuse(&glyphs, &span, err);
		}
		buf_add(out, text + glyphs.v[copied].at, glyphs.v[span.from].at - glyphs.v[copied].at);
		buf_puts(out, masked);
		copied = span.to;
		counted.masked[span.kind]++;
	}
	buf_puts(out, text + glyphs.v[copied].at);
	for (int kind = 0; found && kind < PRIVACY_KINDS; kind++)
		found->masked[kind] += counted.masked[kind];
	return 0;
}
