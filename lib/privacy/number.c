/* SPDX-License-Identifier: MIT */
/*
 * Personal numbers: see number.h. A number is a row of digit groups with separators between; each kind says which rows
 * it accepts. A number is only ever taken whole: digits inside a longer one are none of it.
 */
#include "privacy/number.h"

#define GROUPS 8
#define DIGITS 32

struct digits_group {
	size_t from, to; /* characters */
	size_t size;     /* digits */
};

/* A row of groups: 'n' of them, 'size' digits in all. */
struct row {
	const struct glyphs *glyphs;
	struct digits_group groups[GROUPS];
	size_t n;
	signed char digits[DIGITS];
	size_t size;
};

/* --- reading a row --------------------------------------------------------------------------------------------- */

/* Stars next to a group, looking through single separators: what a mask leaves beside the digits it keeps. */
static size_t stars_beside(const struct glyphs *glyphs, size_t i, int step)
{
	size_t stars = 0;
	bool gap = false;

	for (; stars < 3; i += (size_t)step) {
		uint32_t c = glyph_at(glyphs, i);

		if (c == '*')
			stars++;
		else if (gap || !glyph_is_separator(c))
			break;
		gap = c != '*';
	}
	return stars;
}

/* The rest of a masked number: digits that masking kept must not be taken for the head or tail of another. */
static bool is_remnant(const struct glyphs *glyphs, const struct digits_group *group)
{
	return group->size <= 4 && (stars_beside(glyphs, group->to, 1) >= 3 || stars_beside(glyphs, group->from - 1, -1) >= 3);
}

static size_t skip_separators(const struct glyphs *glyphs, size_t i, bool *dotted)
{
	size_t n = 0;

	while (n < 3 && glyph_is_separator(glyph_at(glyphs, i + n)))
		n++;
	*dotted = n == 0 && glyph_at(glyphs, i) == '.';
	return i + n + *dotted;
}

static void read_row(const struct glyphs *glyphs, size_t i, struct row *row)
{
	memset(row, 0, sizeof(*row));
	row->glyphs = glyphs;
	while (row->n < GROUPS && glyph_digit(glyph_at(glyphs, i)) >= 0) {
		struct digits_group *group = &row->groups[row->n];
		bool dotted;

		group->from = i;
		while (glyph_digit(glyph_at(glyphs, i)) >= 0) {
			if (row->size + group->size < DIGITS)
				row->digits[row->size + group->size] = (signed char)glyph_digit(glyphs->v[i].c);
			group->size++;
			i++;
		}
		group->to = i;
		if (is_remnant(glyphs, group))
			return;
		row->n++;
		row->size += group->size;
		if (row->size >= DIGITS)
			return;
		i = skip_separators(glyphs, i, &dotted);
	}
}

/* The same row cut to its first 'n' groups. */
static void cut_row(struct row *row, size_t n)
{
	while (row->n > n)
		row->size -= row->groups[--row->n].size;
}

static bool is_dotted(const struct row *row)
{
	for (size_t i = 1; i < row->n; i++)
		if (glyph_at(row->glyphs, row->groups[i].from - 1) == '.')
			return true;
	return false;
}

/* Are the group sizes, from group 'first' on, exactly these? 'sizes' ends with 0. */
static bool has_shape(const struct row *row, size_t first, const unsigned char *sizes)
{
	size_t i = first;

	for (; *sizes; sizes++, i++)
		if (i >= row->n || row->groups[i].size != *sizes)
			return false;
	return i == row->n;
}

/* --- what stands around ---------------------------------------------------------------------------------------- */

/* Is one of the words (each ended by '|') written just before 'i', with at most fillers such as ": " or "号码是" between? */
static bool has_label(const struct glyphs *glyphs, size_t i, const char *words)
{
	static const char *const fillers[] = {" ", "　", ":", "：", "号", "码", "是", "为", "(", "（", "-", "—", "#", "+", "＋", "=", "no.", "number", " is"};
	size_t skipped = 0;

	for (size_t f = 0; f < ARRAY_SIZE(fillers) && skipped < 8; f++) {
		size_t n = glyphs_match_before(glyphs, i, fillers[f]);

		if (n) {
			i -= n;
			skipped++;
			f = (size_t)-1;
		}
	}
	for (const char *p = words; *p; p += strcspn(p, "|") + 1) {
		char word[32];

		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, "|"), p);
		size_t n = glyphs_match_before(glyphs, i, word);

		if (n && !(glyph_is_letter((unsigned char)word[0]) && glyph_is_letter(glyph_at(glyphs, i - n - 1))))
			return true;
	}
	return false;
}

#define PHONE_WORDS "电话|手机|座机|热线|联系方式|联系|致电|拨打|来电|传真|微信|tel|tel.|phone|telephone|mobile|mob|cell|call|fax|contact|whatsapp|wechat|wx|vx|v|t|p|m|ph|"
#define ORDER_WORDS "订单|单|单号|运单|快递|流水|编|编号|工单|序列|批|货|商品|发票|合同|案|机身|条|order|invoice|ticket|case|serial|sn|s/n|imei|tracking|ref|id|item|sku|"

/* Seven or eight digits are a telephone only behind such a word. */
#define LOCAL_WORDS "电话|手机|座机|热线|联系方式|致电|拨打|传真|tel|tel.|phone|telephone|call|fax|"

/* A letter directly before the digits makes them part of a code, unless the letters are a word for telephone. */
static bool glued_before(const struct row *row, size_t from)
{
	uint32_t c = glyph_at(row->glyphs, from - 1);

	if (c == '_' || (c == '.' && glyph_digit(glyph_at(row->glyphs, from - 2)) >= 0))
		return true;
	return glyph_is_letter(c) && !has_label(row->glyphs, from, PHONE_WORDS);
}

/* Letters that lead to more digits do so behind it too, and a decimal fraction. */
static bool glued_after(const struct row *row, size_t to)
{
	size_t end = to;
	uint32_t c = glyph_at(row->glyphs, to);

	while (glyph_is_letter(glyph_at(row->glyphs, end)) || glyph_at(row->glyphs, end) == '_')
		end++;
	if (end > to && glyph_digit(glyph_at(row->glyphs, end)) >= 0)
		return true;
	return (c == '.' || c == ',') && glyph_digit(glyph_at(row->glyphs, to + 1)) >= 0 && !is_dotted(row);
}

static bool is_amount(const struct row *row, size_t from, size_t to)
{
	static const char *const units[] = {"元", "圆", "万", "块", "美元", "人民币", "%", "yuan", " yuan", "rmb", " rmb", "usd"};
	uint32_t before = glyph_at(row->glyphs, from - 1);

	if (before == '$' || before == 0xa5 || before == 0xffe5 || before == 0x20ac || before == 0xa3)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (glyphs_match(row->glyphs, to, units[i]))
			return true;
	return false;
}

/* --- dates --------------------------------------------------------------------------------------------------------- */

static bool is_date(int year, int month, int day)
{
	struct civil civil = {year, month, day, 0, 0, 0}, back;

	civil_from(&back, civil_seconds(&civil));
	return year >= 1850 && year < 2100 && back.month == month && back.day == day;
}

static int number_of(const signed char *digits, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + digits[i];
	return value;
}

/* --- telephones ------------------------------------------------------------------------------------------------ */

static bool is_mobile(const struct row *row, size_t skip)
{
	return row->size - skip == 11 && row->digits[skip] == 1 && row->digits[skip + 1] >= 3;
}

/* How people cut a mobile number into groups; those that also occur in columns of figures need hyphens or a label. */
static bool has_mobile_shape(const struct row *row, size_t first, bool sure)
{
	static const unsigned char plain[][6] = {{11, 0}, {3, 4, 4, 0}, {3, 8, 0}, {7, 4, 0}};
	static const unsigned char rare[][6] = {{4, 3, 4, 0}, {4, 4, 3, 0}, {3, 3, 5, 0}, {5, 6, 0}, {3, 2, 2, 2, 2, 0}, {3, 5, 3, 0}, {6, 5, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (has_shape(row, first, plain[i]))
			return true;
	for (size_t i = 0; sure && i < ARRAY_SIZE(rare); i++)
		if (has_shape(row, first, rare[i]))
			return true;
	return false;
}

static bool is_hyphened(const struct row *row)
{
	for (size_t i = 1; i < row->n; i++) {
		uint32_t c = glyph_at(row->glyphs, row->groups[i].from - 1);

		if (glyph_is_space(c) || c == '.')
			return false;
	}
	return true;
}

/* 0 and area code, then seven or eight digits that begin with 2 to 9: 0755-83211234, (010) 8321 1234, 075583211234. */
static bool is_landline(const struct row *row)
{
	size_t area = row->digits[0] != 0 ? 0 : row->digits[1] == 1 ? 3 : row->digits[1] == 2 ? 3 : row->digits[1] >= 3 ? 4 : 0;
	size_t local = row->size - area;

	if (area == 0 || (row->digits[1] == 1 && row->digits[2] != 0) || row->digits[area] < 2)
		return false;
	if (local != 8 && (area != 4 || local != 7))
		return false;
	if (row->n == 1)
		return true;
	return row->groups[0].size == area && row->n <= 3 && row->groups[row->n - 1].size >= 3;
}

/* The groups of +86, 0086 or 86 in front, which may be a group of its own or run on: their digits, else 0. */
static size_t country_digits(const struct row *row, bool plus)
{
	const signed char *d = row->digits;
	size_t zeros = d[0] == 0 && d[1] == 0 ? 2 : 0;

	if (d[zeros] != 8 || d[zeros + 1] != 6)
		return 0;
	if (row->groups[0].size == zeros + 2)
		return zeros + 2;
	return row->n == 1 && (plus || is_mobile(row, zeros + 2)) ? zeros + 2 : 0;
}

/* A local number without area code, or a landline abroad, is only known by its label or its plus sign. */
static bool is_told_phone(const struct row *row, bool plus)
{
	size_t from = row->groups[0].from, to = row->groups[row->n - 1].to;


	if (plus && row->digits[0] == 8 && row->digits[1] == 6)
		return row->size == 12 || row->size == 13;
	if (plus)
		return row->size >= 8 && row->size <= 13 && row->digits[0] != 0;
	if (row->digits[0] < 2 || glyph_at(row->glyphs, from - 1) == '*' || glyph_at(row->glyphs, to) == '*' || !has_label(row->glyphs, from, LOCAL_WORDS))
		return false;
	if (row->size == 8 && is_date(number_of(row->digits, 4), number_of(row->digits + 4, 2), number_of(row->digits + 6, 2)))
		return false;
	return (row->size == 7 || row->size == 8) && (row->n == 1 || (row->n == 2 && row->groups[1].size == 4));
}

static bool is_phone(const struct row *row, bool plus)
{
	size_t from = row->groups[0].from, to = row->groups[row->n - 1].to, country;
	bool label = has_label(row->glyphs, from, PHONE_WORDS);

	if (glued_before(row, from - plus) || glued_after(row, to) || is_amount(row, from, to))
		return false;
	if (is_dotted(row) && !(row->n == 3 && is_mobile(row, 0)))
		return false;
	country = country_digits(row, plus);
	if (country && is_mobile(row, country))
		return row->n == 1 || has_mobile_shape(row, row->groups[0].size == country, true);
	if (plus)
		return is_told_phone(row, true);
	if (!label && has_label(row->glyphs, from, ORDER_WORDS))
		return false;
	if (is_mobile(row, 0))
		return has_mobile_shape(row, 0, label || is_hyphened(row));
	return is_landline(row) || is_told_phone(row, false);
}

/* --- cards ----------------------------------------------------------------------------------------------------- */

#define ID_WORDS "身份证|证件|身份|id card|identity card|identity|"

static bool is_final_x(uint32_t c)
{
	return (c | 0x20) == 'x' || c == 0xff38 || c == 0xff58;
}

/* GB 11643: region, day of birth, serial, and a check digit modulo 11 where X stands for ten. Its label excuses a slip of the pen. */
static bool is_id_card(const struct row *row, bool x)
{
	static const unsigned char weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	const signed char *d = row->digits;
	bool label = has_label(row->glyphs, row->groups[0].from, ID_WORDS);
	int sum = 0;

	if (d[0] < 1 || d[0] > 8)
		return false;
	if (row->size == 15 && !x)
		return label && is_date(1900 + number_of(d + 6, 2), number_of(d + 8, 2), number_of(d + 10, 2));
	if (row->size + x != 18)
		return false;
	if (!is_date(number_of(d + 6, 4), number_of(d + 10, 2), number_of(d + 12, 2)))
		return false;
	for (size_t i = 0; i < 17; i++)
		sum += d[i] * weights[i];
	return label || (12 - sum % 11) % 11 == (x ? 10 : d[17]);
}

/* Which issuers' numbers begin how, and how long they are: what keeps one order number in ten from passing for a card. */
static bool has_issuer(const struct row *row)
{
	static const struct {
		int first, last; /* of the first four digits */
		unsigned char shortest, longest;
	} issuers[] = {
		{6200, 6299, 16, 19}, {4000, 4999, 16, 16}, {4000, 4999, 13, 13}, {4000, 4999, 19, 19}, {5000, 5899, 16, 19},
		{2221, 2720, 16, 16}, {3400, 3499, 15, 15}, {3700, 3799, 15, 15}, {3528, 3589, 16, 16}, {3000, 3099, 14, 14},
		{3600, 3699, 14, 14}, {3800, 3899, 14, 14}, {6000, 6099, 16, 19}, {6400, 6599, 16, 19}, {9558, 9558, 19, 19},
	};
	int head = number_of(row->digits, 4);

	for (size_t i = 0; i < ARRAY_SIZE(issuers); i++)
		if (head >= issuers[i].first && head <= issuers[i].last && row->size >= issuers[i].shortest && row->size <= issuers[i].longest)
			return true;
	return false;
}

#define CARD_WORDS "银行卡|储蓄卡|信用卡|借记卡|bank card|credit card|debit card|card|"

static bool is_bank_card(const struct row *row)
{
	int sum = 0;

	if (row->size < 13 || row->size > 19 || is_dotted(row))
		return false;
	for (size_t i = 0; i + 1 < row->n; i++)
		if (row->groups[i].size < 3)
			return false;
	for (size_t i = 0; i < row->size; i++) {
		int digit = row->digits[row->size - 1 - i];

		sum += i % 2 ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
	}
	if (has_label(row->glyphs, row->groups[0].from, CARD_WORDS) && row->size >= 16)
		return true;
	return sum % 10 == 0 && has_issuer(row);
}

/* --- one row, all kinds ---------------------------------------------------------------------------------------- */

static bool classify(const struct row *row, bool plus, struct privacy_span *out)
{
	const struct digits_group *last = &row->groups[row->n - 1];
	size_t from = row->groups[0].from;
	bool letter = glyph_is_letter(glyph_at(row->glyphs, from - 1)), x = is_final_x(glyph_at(row->glyphs, last->to));
	bool ends = !glyph_is_letter(glyph_at(row->glyphs, last->to + x)) && glyph_digit(glyph_at(row->glyphs, last->to + x)) < 0;

	out->from = from - plus;
	out->to = last->to;
	if (!is_dotted(row) && ends && is_id_card(row, x)) {
		out->to += x;
		out->kind = PRIVACY_ID_CARD;
		return true;
	}
	out->kind = PRIVACY_BANK_CARD;
	if (!letter && !glued_after(row, last->to) && is_bank_card(row))
		return true;
	out->kind = PRIVACY_PHONE;
	return is_phone(row, plus);
}

bool number_find(const struct glyphs *glyphs, size_t i, struct privacy_span *out)
{
	uint32_t c = glyph_at(glyphs, i);
	bool plus = c == '+' || c == 0xff0b;
	struct row row;

	if (!plus && glyph_digit(c) < 0)
		return false;
	read_row(glyphs, i + plus, &row);
	for (size_t n = row.n; n > 0; n--) {
		cut_row(&row, n);
		if (row.size >= 7 && row.size < DIGITS && classify(&row, plus, out))
			return true;
	}
	return false;
}
