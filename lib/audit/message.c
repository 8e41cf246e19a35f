/* SPDX-License-Identifier: MIT */
/* Messages of commits: see message.h; lib/desk/change.c writes them. */
#include "audit/message.h"

static int compare_said(const void *a, const void *b)
{
	return strcmp(((const struct said *)a)->number, ((const struct said *)b)->number);
}

/* "…: 3 new, 1 changed (SHA-256 64 hex digits)" to the end of the line. */
static bool read_import(struct message *out, const char *subject)
{
	const char *colon = NULL, *p = subject;
	char digest[65] = "";
	int end = 0;

	if (!text_starts(subject, "import "))
		return false;
	/* The name of the file may hold anything: the last such words count. */
	while ((p = strstr(p, ": ")) && p < subject + strcspn(subject, "\n"))
		colon = p++;
	if (!colon || sscanf(colon, ": %zu new, %zu changed (SHA-256 %64[0-9a-f])%n", &out->imports_new, &out->imports_changed, digest, &end) != 3 || !end)
		return false;
	return strlen(digest) == 64 && (colon[end] == '\n' || !colon[end]);
}

static bool take_word(const char *line, size_t n, const char *word, char **value)
{
	size_t length = strlen(word);

	if (n <= length || strncmp(line, word, length) != 0)
		return false;
	*value = xstrndup(line + length, n - length);
	return true;
}

static void read_line(struct message *out, const char *line, size_t n)
{
	_cleanup_free_ char *value = NULL;

	if (take_word(line, n, "Ticket: ", &value)) {
		list_push(&out->said)->number = steal_ptr(value);
		out->names = true;
	} else if (take_word(line, n, "Tickets: ", &value)) {
		out->names = out->counts = true;
		out->tickets = strtoull(value, NULL, 10);
	} else if (out->said.n && take_word(line, n, "Event: ", &value)) {
		texts_add(&out->said.v[out->said.n - 1].events, value);
	}
}

void message_read(struct message *out, const char *text)
{
	const char *last = NULL, *p = text;

	out->imports = read_import(out, text);
	/* What is said stands in the last paragraph, and that is not the first. */
	while ((p = strstr(p, "\n\n"))) {
		p += strspn(p, "\n");
		if (*p)
			last = p;
	}
	for (size_t n; last && *last; last += n + (last[n] == '\n')) {
		n = strcspn(last, "\n");
		read_line(out, last, n);
	}
	/* What the program imports it also names. */
	out->imports &= out->names;
	if (out->said.n)
		qsort(out->said.v, out->said.n, sizeof(*out->said.v), compare_said);
}

void message_release(struct message *message)
{
	for (size_t i = 0; i < message->said.n; i++) {
		free(message->said.v[i].number);
		texts_release(&message->said.v[i].events);
	}
	free(message->said.v);
	*message = (struct message){0};
}

struct said *message_of(const struct message *message, const char *number)
{
	struct said wanted = {.number = (char *)number};

	return message->said.n ? bsearch(&wanted, message->said.v, message->said.n, sizeof(wanted), compare_said) : NULL;
}
