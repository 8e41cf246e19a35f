/* SPDX-License-Identifier: MIT */
/* Mail: see mail.h. Every header value passes one door, so that no text can begin a header of its own. */
#include "deliver/mail.h"

#include <ctype.h>

#define CHUNK 39         /* bytes of an encoded word: with its frame and "Subject: " before it the line stays under 76 */
#define BODY_CHUNK 57    /* bytes that make a line of 76 */
#define LONGEST_PLAIN 60 /* a header text that long stands on one line as it is */

void mail_base64(struct buf *out, const void *from, size_t n)
{
	const unsigned char *bytes = from;
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned long three = (unsigned long)bytes[i] << 16 | (i + 1 < n ? (unsigned long)bytes[i + 1] << 8 : 0) | (i + 2 < n ? bytes[i + 2] : 0);

		buf_putc(out, digits[three >> 18 & 63]);
		buf_putc(out, digits[three >> 12 & 63]);
		buf_putc(out, i + 1 < n ? digits[three >> 6 & 63] : '=');
		buf_putc(out, i + 2 < n ? digits[three & 63] : '=');
	}
}

/* Letters, digits and what has no meaning of its own in a header, at most LONGEST_PLAIN of it. */
static bool is_plain(const char *text, bool phrase)
{
	for (const char *p = text; *p; p++)
		if (!isascii((unsigned char)*p) || iscntrl((unsigned char)*p) || (phrase && !isalnum((unsigned char)*p) && *p != ' '))
			return false;
	return strlen(text) <= LONGEST_PLAIN && !strstr(text, "=?");
}

/* Encoded words of whole UTF-8 characters, folded one per line; line breaks and controls become blanks. */
static void add_header_text(struct buf *out, const char *text, bool phrase)
{
	_cleanup_free_ char *clean = xstrdup(text);
	size_t n = strlen(clean), first = 0;

	for (char *p = clean; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = ' ';
	if (is_plain(clean, phrase)) {
		buf_puts(out, clean);
		return;
	}
	for (size_t at = 0; at < n; first = 1) {
		size_t length = n - at < CHUNK ? n - at : CHUNK;

		while (length > 1 && at + length < n && ((unsigned char)clean[at + length] & 0xc0) == 0x80)
			length--;
		buf_puts(out, first ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		mail_base64(out, clean + at, length);
		buf_puts(out, "?=");
		at += length;
	}
}

static bool is_address_letter(char c)
{
	return isalnum((unsigned char)c) || strchr("!#$%&'*+-/=?^_`{|}~.", c);
}

bool mail_address_valid(const char *address)
{
	const char *at = strchr(address, '@');

	if (!at || at == address || !at[1] || strlen(address) > 254)
		return false;
	for (const char *p = address; p < at; p++)
		if (!isascii((unsigned char)*p) || !is_address_letter(*p))
			return false;
	for (const char *p = at + 1; *p; p++)
		if (!isascii((unsigned char)*p) || (!isalnum((unsigned char)*p) && !strchr(".-", *p)))
			return false;
	return address[0] != '-';
}

static void add_mailbox(struct buf *out, const char *header, const char *name, const char *address)
{
	buf_addf(out, "%s: ", header);
	if (name && *name && !text_equal(name, address)) {
		add_header_text(out, name, true);
		/* An encoded name may have come near the length of a line. */
		buf_addf(out, "\r\n <%s>\r\n", address);
	} else {
		buf_addf(out, "%s\r\n", address);
	}
}

static void add_date(struct buf *out, const struct stamp *at)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int minutes = at->offset_s / 60;
	struct civil civil;

	civil_from(&civil, at->s + at->offset_s);
	buf_addf(out, "Date: %s, %d %s %04lld %02d:%02d:%02d %c%02d%02d\r\n", days[civil_weekday(civil_day(civil.year, civil.month, civil.day))], civil.day,
		 months[civil.month - 1], (long long)civil.year, civil.hour, civil.minute, civil.second, minutes < 0 ? '-' : '+', abs(minutes) / 60,
		 abs(minutes) % 60);
}

/* Short ASCII lines travel as they are, all else as base64: no server has to touch either. */
static void add_body(struct buf *out, const char *body)
{
	_cleanup_buf_ struct buf text = {0};
	bool ascii = true;
	size_t line = 0;

	for (const char *p = body; *p; p++) {
		line = *p == '\n' ? 0 : line + 1;
		if (!isascii((unsigned char)*p) || (iscntrl((unsigned char)*p) && *p != '\n' && *p != '\t') || line > 900)
			ascii = false;
		if (*p == '\n')
			buf_putc(&text, '\r');
		buf_putc(&text, *p);
	}
	if (!text.n || text.p[text.n - 1] != '\n')
		buf_puts(&text, "\r\n");
	buf_addf(out, "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: %s\r\n\r\n", ascii ? "7bit" : "base64");
	for (size_t at = 0; !ascii && at < text.n; at += BODY_CHUNK) {
		mail_base64(out, text.p + at, text.n - at < BODY_CHUNK ? text.n - at : BODY_CHUNK);
		buf_puts(out, "\r\n");
	}
	if (ascii)
		buf_add(out, text.p, text.n);
}

#define LINE 76
/* The text and the file, one behind the other. The mark between them holds a character that base64 lacks, and lines of the text are not like it. */
static void add_parts(struct buf *out, const struct mail *mail)
{
	const struct mail_file *file = mail->file;
	size_t n = strlen(file->data);

	buf_addf(out, "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n\r\n--=_%s\r\n", mail->id, mail->id);
	add_body(out, mail->body);
	buf_addf(out, "\r\n--=_%s\r\nContent-Type: %s;\r\n name=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n", mail->id, file->type, file->name);
	buf_addf(out, "Content-Disposition: attachment;\r\n filename=\"%s\"\r\n\r\n", file->name);
	buf_reserve(out, n + n / LINE * 2 + 2);
	for (size_t at = 0; at < n; at += LINE) {
		buf_add(out, file->data + at, n - at < LINE ? n - at : LINE);
		buf_puts(out, "\r\n");
	}
	buf_addf(out, "--=_%s--\r\n", mail->id);
}

int mail_write(struct buf *out, const struct mail *mail, struct ticket_error *err)
{
	const char *domain;

	if (!mail_address_valid(mail->from))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no mail address; see git config ticket.smtp.from", mail->from);
	if (!mail->to || !mail_address_valid(mail->to))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no mail address", mail->to ? mail->to : "");
	domain = strchr(mail->from, '@') + 1;
	add_date(out, &mail->date);
	add_mailbox(out, "From", mail->from_name, mail->from);
	add_mailbox(out, "To", mail->to_name, mail->to);
	buf_puts(out, "Subject: ");
	add_header_text(out, mail->subject, false);
	buf_addf(out, "\r\nMessage-ID: <%s@%s>\r\n", mail->id, domain);
	if (mail->thread)
		buf_addf(out, "References: <%s@%s>\r\n", mail->thread, domain);
	buf_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
	if (mail->file)
		add_parts(out, mail);
	else
		add_body(out, mail->body);
	return 0;
}
