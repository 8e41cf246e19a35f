/* SPDX-License-Identifier: MIT */
/* Customers as text: see customer.h. */
#include "privacy/customer.h"

#include "model/event.h"
#include "privacy/glyph.h"
#include "privacy/mask.h"
#include "ticket/text.h"

#include <inttypes.h>

#define PAD 256 /* so that the length of what is sealed tells nothing of a name or address */

/* --- codecs ---------------------------------------------------------------------------------------------------- */

static const struct codec_field consent_fields[] = {
	FIELD(FLAG, struct customer_consent, "given", given, 0),
	FIELD(TIME, struct customer_consent, "at", at, 0),
	FIELD(TEXT, struct customer_consent, "what", what, 0),
	CODEC_END,
};
static const struct codec consent_codec = {"consent", sizeof(struct customer_consent), consent_fields, 0, -1, NULL};

static const struct codec_field forgotten_fields[] = {
	FIELD(TIME, struct customer_forgotten, "at", at, CODEC_REQUIRED),
	FIELD(TEXT, struct customer_forgotten, "by", by, 0),
	FIELD(TEXT, struct customer_forgotten, "reason", reason, 0),
	CODEC_END,
};
static const struct codec forgotten_codec = {"tombstone", sizeof(struct customer_forgotten), forgotten_fields, 0, -1, NULL};

static bool is_hex(const char *text, size_t n)
{
	return strlen(text) == n && strspn(text, "0123456789abcdef") == n;
}

static int check_customer(void *object, struct codec_reading *in, struct ticket_error *err)
{
	const struct customer *customer = object;

	if (!customer_serial(customer->id))
		return codec_fail(in, "id", err, "'%s' is no customer's number such as C000001", customer->id);
	if (!is_hex(customer->uid, 32))
		return codec_fail(in, "uid", err, "it must be 32 hex digits");
	return 0;
}

static const struct codec_field customer_fields[] = {
	FIELD(INT, struct customer, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct customer, "id", id, CODEC_REQUIRED),
	FIELD(TEXT, struct customer, "uid", uid, CODEC_REQUIRED),
	FIELD(TIME, struct customer, "created", created, CODEC_REQUIRED),
	FIELD(TEXT, struct customer, "display", display, 0),
	FIELD(TEXT, struct customer, "contact", contact, 0),
	FIELD(TEXT, struct customer, "industry", industry, 0),
	FIELD_SUB(MAP, struct customer, "fields", fields, 0, &pair_codec),
	FIELD_SUB(OBJECT, struct customer, "consent", consent, 0, &consent_codec),
	FIELD(TEXT, struct customer, "merged_into", merged_into, 0),
	FIELD_SUB(OBJECT, struct customer, "forgotten", forgotten, 0, &forgotten_codec),
	FIELD(TEXT, struct customer, "sealed", sealed, 0),
	CODEC_END,
};
static const struct codec customer_codec = {"customer", sizeof(struct customer), customer_fields, 1, offsetof(struct customer, extra), check_customer};

static const struct codec_field person_fields[] = {
	FIELD(TEXT, struct customer_person, "name", name, 0),
	FIELD(TEXT, struct customer_person, "phone", phone, 0),
	FIELD(TEXT, struct customer_person, "email", email, 0),
	FIELD(TEXT, struct customer_person, "account", account, 0),
	FIELD(TEXT, struct customer_person, "address", address, 0),
	FIELD(TEXT, struct customer_person, "notes", notes, 0),
	CODEC_END,
};
static const struct codec person_codec = {"person", sizeof(struct customer_person), person_fields, 0, -1, NULL};

static const struct codec_field access_fields[] = {
	FIELD(TIME, struct customer_access, "at", at, CODEC_REQUIRED),
	FIELD(TEXT, struct customer_access, "by", by, CODEC_REQUIRED),
	FIELD(TEXT, struct customer_access, "role", role, 0),
	FIELD(TEXT, struct customer_access, "customer", customer, 0),
	FIELD(TEXT, struct customer_access, "what", what, CODEC_REQUIRED),
	FIELD(TEXT, struct customer_access, "why", why, 0),
	CODEC_END,
};
static const struct codec access_codec = {"access", sizeof(struct customer_access), access_fields, 0, -1, NULL};

static const struct codec_field head_fields[] = {
	FIELD(INT, struct register_head, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct register_head, "key", key, CODEC_REQUIRED),
	CODEC_END,
};
static const struct codec head_codec = {"register", sizeof(struct register_head), head_fields, 1, -1, NULL};

static int as_storage(int failed, struct ticket_error *err)
{
	if (failed && err)
		err->code = TICKET_STORAGE;
	return failed ? TICKET_STORAGE : 0;
}

int customer_parse(struct customer **out, const char *text, size_t n, const char *origin, struct ticket_error *err)
{
	struct customer *customer = xcalloc(1, sizeof(*customer));

	*out = NULL;
	if (codec_read(&customer_codec, customer, text, n, origin, err)) {
		free(customer);
		return as_storage(TICKET_STORAGE, err);
	}
	*out = customer;
	return 0;
}

void customer_write(const struct customer *customer, struct buf *out)
{
	codec_write(&customer_codec, customer, out);
}

struct customer *customer_copy(const struct customer *customer)
{
	struct customer *copy = xcalloc(1, sizeof(*copy));

	codec_copy(&customer_codec, copy, customer);
	return copy;
}

void customer_free(struct customer *customer)
{
	if (customer) {
		codec_release(&customer_codec, customer);
		free(customer);
	}
}

int customer_check(const struct customer *customer, struct ticket_error *err)
{
	return codec_check_texts(&customer_codec, customer, err);
}

int customer_person_check(const struct customer_person *person, struct ticket_error *err)
{
	return codec_check_texts(&person_codec, person, err);
}

void customer_access_write(const struct customer_access *access, struct buf *out)
{
	codec_write_compact(&access_codec, access, out);
}

int customer_access_parse(struct customer_access *out, const char *line, size_t n, const char *origin, struct ticket_error *err)
{
	return as_storage(codec_read(&access_codec, out, line, n, origin, err), err);
}

void customer_access_release(struct customer_access *access)
{
	codec_release(&access_codec, access);
}

int register_head_parse(struct register_head *out, const char *text, size_t n, struct ticket_error *err)
{
	return as_storage(codec_read(&head_codec, out, text, n, REGISTER_FILE, err), err);
}

void register_head_write(const struct register_head *head, struct buf *out)
{
	codec_write(&head_codec, head, out);
}

void register_head_release(struct register_head *head)
{
	codec_release(&head_codec, head);
}

/* --- what is personal ------------------------------------------------------------------------------------------ */

#define PERSON_TEXTS 6

static void person_slots(struct customer_person *person, char ***slots)
{
	slots[0] = &person->name;
	slots[1] = &person->phone;
	slots[2] = &person->email;
	slots[3] = &person->account;
	slots[4] = &person->address;
	slots[5] = &person->notes;
}

void customer_person_release(struct customer_person *person)
{
	char **slots[PERSON_TEXTS];

	person_slots(person, slots);
	for (size_t i = 0; i < PERSON_TEXTS; i++) {
		if (*slots[i])
			explicit_bzero(*slots[i], strlen(*slots[i]));
		free(*slots[i]);
		*slots[i] = NULL;
	}
}

void customer_person_apply(struct customer_person *person, const struct customer_person *words)
{
	struct customer_person given = *words;
	char **slots[PERSON_TEXTS], **news[PERSON_TEXTS];

	person_slots(person, slots);
	person_slots(&given, news);
	for (size_t i = 0; i < PERSON_TEXTS; i++)
		if (*news[i])
			replace_text(slots[i], **news[i] ? *news[i] : NULL);
}

static bool is_phone_like(const char *contact)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	size_t digits = 0;

	glyphs_read(&glyphs, contact);
	for (size_t i = 0; i < glyphs.n; i++) {
		uint32_t c = glyphs.v[i].c;

		if (glyph_digit(c) >= 0)
			digits++;
		else if (!glyph_is_separator(c) && c != '+' && c != 0xff0b && c != '.')
			return false;
	}
	return digits >= 5 && digits <= 20;
}

static bool is_email_like(const char *contact)
{
	const char *at = strchr(contact, '@');

	return at && at > contact && at[1] && !strchr(at + 1, '@') && !strpbrk(contact, " \t,;");
}

void customer_person_contact(struct customer_person *words, const char *contact)
{
	char **slot = is_email_like(contact) ? &words->email : is_phone_like(contact) ? &words->phone : &words->account;

	*slot = (char *)contact; /* words only borrow */
}

static void canonical_phone(const char *contact, struct buf *out)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	size_t skip = 0;

	glyphs_read(&glyphs, contact);
	for (size_t i = 0; i < glyphs.n; i++)
		if (glyph_digit(glyphs.v[i].c) >= 0)
			buf_putc(out, (char)('0' + glyph_digit(glyphs.v[i].c)));
	if (text_starts(out->p, "00"))
		skip = 2;
	if (text_starts(out->p + skip, "86") && out->n - skip >= 12)
		skip += 2;
	else if (skip && out->n - skip < 8)
		skip = 0;
	memmove(out->p, out->p + skip, out->n - skip + 1);
	out->n -= skip;
}

char *contact_canonical(const char *contact)
{
	struct buf out = {0};
	char *text;

	if (is_phone_like(contact)) {
		canonical_phone(contact, &out);
		return buf_steal(&out);
	}
	text = text_strip(text_fold(contact));
	if (*text)
		return text;
	free(text);
	return NULL;
}

void customer_seal(struct customer *customer, const struct seal_key *key, const struct customer_person *person, const struct masking *rules)
{
	const char *contact = person->phone ? person->phone : person->email ? person->email : person->account;
	struct buf text = {0};

	codec_write_compact(&person_codec, person, &text);
	free(customer->sealed);
	customer->sealed = seal(key, customer->uid, text.p, text.n, PAD);
	seal_wipe(text.p, text.n);
	buf_release(&text);
	free(customer->display);
	customer->display = person->name ? mask_display(rules, person->name) : NULL;
	free(customer->contact);
	customer->contact = contact ? mask_contact(contact) : NULL;
}

int customer_unseal(const struct customer *customer, const struct seal_key *key, struct customer_person *out, struct ticket_error *err)
{
	char *text;
	size_t n;
	int failed;

	if (!customer->sealed)
		return ticket_fail(err, TICKET_NOTFOUND, "nothing personal is on record for '%s'", customer->id);
	if ((failed = seal_open(key, customer->uid, customer->sealed, PAD, &text, &n, err)))
		return failed;
	failed = as_storage(codec_read(&person_codec, out, text, n, "sealed data", err), err);
	seal_free(text, n);
	return failed;
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

int64_t customer_serial(const char *number)
{
	const char *digits = number + (*number == 'C' || *number == 'c');
	size_t n = strspn(digits, "0123456789");

	return n && n <= 12 && !digits[n] ? strtoll(digits, NULL, 10) : 0;
}

char *customer_number(char out[CUSTOMER_NUMBER_SIZE], int64_t serial)
{
	snprintf(out, CUSTOMER_NUMBER_SIZE, "C%06" PRId64, serial);
	return out;
}

char *customer_path(const char *number)
{
	int64_t serial = customer_serial(number);
	char text[CUSTOMER_NUMBER_SIZE];

	if (serial <= 0)
		return NULL;
	return xasprintf("customers/%02" PRId64 "/%02" PRId64 "/%s.json", serial / 10000, serial / 100 % 100, customer_number(text, serial));
}
