/* SPDX-License-Identifier: MIT */
/* Webhooks: see webhook.h. */
#include "deliver/webhook.h"

#include "model/json.h"

/* WeCom takes 2,048 bytes of text, the others more; the message says where to look. */
#define LONGEST_TEXT 1900

static const struct {
	const char *kind, *template;
} kinds[] = {
	{"json", "{\"format\":1,\"id\":\"{id}\",\"kind\":\"{kind}\",\"to\":\"{to}\",\"tickets\":\"{tickets}\",\"subject\":\"{subject}\",\"body\":\"{body}\"}\n"},
	{"slack", "{\"text\":\"{text}\"}\n"},
	{"feishu", "{\"msg_type\":\"text\",\"content\":{\"text\":\"{text}\"}}\n"},
	{"dingtalk", "{\"msgtype\":\"text\",\"text\":{\"content\":\"{text}\"}}\n"},
	{"wecom", "{\"msgtype\":\"text\",\"text\":{\"content\":\"{text}\"}}\n"},
};

const char *hook_template(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_equal(kinds[i].kind, kind ? kind : "json"))
			return kinds[i].template;
	return NULL;
}

/* Subject and body as one text, short enough for every server. Owned. */
static char *whole_text(const struct hook_message *message)
{
	struct buf text = {0};
	size_t most = LONGEST_TEXT;

	buf_puts(&text, message->subject);
	if (*message->body)
		buf_addf(&text, "\n%s", message->body);
	if (text.n > most) {
		while (((unsigned char)text.p[most] & 0xc0) == 0x80)
			most--;
		buf_truncate(&text, most);
		buf_puts(&text, "…");
	}
	return buf_steal(&text);
}

/* A value inside a JSON string: quoted, then without the quotes that the template has. */
static void add_quoted(struct buf *out, const char *text)
{
	_cleanup_buf_ struct buf quoted = {0};

	json_quote(&quoted, text ? text : "");
	buf_add(out, quoted.p + 1, quoted.n - 2);
}

static const char *value_of(const struct hook_message *message, const char *text, const char *word)
{
	const struct {
		const char *name, *value;
	} values[] = {{"id", message->id},	     {"kind", message->kind}, {"to", message->to},  {"tickets", message->tickets},
		      {"subject", message->subject}, {"body", message->body}, {"text", text}};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (text_equal(values[i].name, word))
			return values[i].value ? values[i].value : "";
	return NULL;
}

int hook_write(struct buf *out, const char *template, const char *origin, const struct hook_message *message, struct ticket_error *err)
{
	_cleanup_free_ char *text = whole_text(message);
	struct json_document doc;
	size_t before = out->n;
	int failed;

	while (*template) {
		size_t n = *template == '{' ? strspn(template + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
		_cleanup_free_ char *word = xstrndup(template + 1, n);
		const char *value = n && template[n + 1] == '}' ? value_of(message, text, word) : NULL;

		if (value)
			add_quoted(out, value);
		else
			buf_putc(out, *template);
		template += value ? n + 2 : 1;
	}
	failed = json_parse(&doc, out->p ? out->p + before : "", out->n - before, origin, err);
	if (!failed)
		json_release(&doc);
	return failed;
}

bool hook_refused(const char *answer, size_t n, struct buf *why)
{
	static const char *const codes[] = {"errcode", "code", "StatusCode"}, *const words[] = {"errmsg", "msg", "StatusMessage"};
	struct json_document doc;
	bool refused = false;

	if (json_parse(&doc, answer, n, "the answer", NULL))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(codes) && json_type(doc.root) == JSON_OBJECT && !refused; i++) {
		const struct json *code = json_member(doc.root, codes[i]), *said = json_member(doc.root, words[i]);

		if (!code || json_type(code) != JSON_NUMBER || json_number(code) == 0)
			continue;
		refused = true;
		buf_addf(why, "the server answers %s %.0f%s%.200s", codes[i], json_number(code), said && json_type(said) == JSON_STRING ? ": " : "",
			 said && json_type(said) == JSON_STRING ? json_string(said) : "");
	}
	json_release(&doc);
	return refused;
}
