/* SPDX-License-Identifier: MIT */
/* Delivery settings: see settings.h. */
#include "deliver/settings.h"

static char *config(const struct desk *desk, const char *key)
{
	char *value = store_config(desk->store, key);

	if (value && !*value) {
		free(value);
		value = NULL;
	}
	return value;
}

static char *given_or_config(const char *given, const struct desk *desk, const char *key)
{
	return given && *given ? xstrdup(given) : config(desk, key);
}

static int read_length(int64_t *out_s, const struct desk *desk, const char *key, int64_t otherwise_s, int64_t most_s, struct ticket_error *err)
{
	_cleanup_free_ char *text = config(desk, key);
	struct duration length;

	*out_s = otherwise_s;
	if (!text)
		return 0;
	if (duration_parse(&length, text, NULL) || length.working_days || length.seconds < 1 || length.seconds > most_s)
		return ticket_fail(err, TICKET_USAGE, "git configuration %s: '%s' is no length of time such as 30s, or is too long", key, text);
	*out_s = length.seconds;
	return 0;
}

bool url_is_local(const char *url)
{
	static const char *const local[] = {"localhost", "127.0.0.1", "[::1]"};
	const char *host = strstr(url, "://"), *at;
	size_t n;

	host = host ? host + 3 : url;
	n = strcspn(host, "/?#");
	at = memrchr(host, '@', n);
	if (at) {
		n -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(local); i++) {
		size_t length = strlen(local[i]);

		if (n >= length && strncasecmp(host, local[i], length) == 0 && (n == length || host[length] == ':'))
			return true;
	}
	return false;
}

static int check_smtp(struct settings *s, struct ticket_error *err)
{
	_cleanup_free_ char *tls = config(s->desk, "ticket.smtp.tls");

	if (!text_starts(s->smtp_url, "smtp://") && !text_starts(s->smtp_url, "smtps://"))
		return ticket_fail(err, TICKET_USAGE, "git configuration ticket.smtp.url: '%s' must begin with smtp:// or smtps://", s->smtp_url);
	if (tls && !text_equal(tls, "always") && !text_equal(tls, "never"))
		return ticket_fail(err, TICKET_USAGE, "git configuration ticket.smtp.tls: '%s' is neither always nor never", tls);
	s->smtp_tls = tls ? text_equal(tls, "always") : !url_is_local(s->smtp_url);
	if (!s->smtp_tls && s->smtp_password && !text_starts(s->smtp_url, "smtps://") && !url_is_local(s->smtp_url))
		return ticket_fail(err, TICKET_USAGE, "the password for '%s' would travel in clear; remove ticket.smtp.tls or the password", s->smtp_url);
	if (!s->smtp_from)
		return ticket_fail(err, TICKET_USAGE, "mail needs a sender: git config ticket.smtp.from desk@example.com");
	return 0;
}

int settings_read(struct settings *out, struct desk *desk, const struct notify_options *options, struct ticket_error *err)
{
	int failed;

	*out = (struct settings){.desk = desk, .options = options};
	out->smtp_url = given_or_config(options->smtp_url, desk, "ticket.smtp.url");
	out->smtp_user = given_or_config(options->smtp_user, desk, "ticket.smtp.user");
	out->smtp_password = given_or_config(options->smtp_password, desk, "ticket.smtp.password");
	out->smtp_from = config(desk, "ticket.smtp.from");
	out->smtp_name = config(desk, "ticket.smtp.name");
	out->cafile = config(desk, "ticket.notify.cafile");
	if ((failed = read_length(&out->timeout_s, desk, "ticket.notify.timeout", 30, 600, err)) ||
	    (failed = read_length(&out->limit_s, desk, "ticket.notify.limit", 120, 3600, err)) ||
	    (failed = read_length(&out->keep_s, desk, "ticket.notify.keep", 7 * 86400, 366 * 86400, err)))
		return failed;
	return out->smtp_url ? check_smtp(out, err) : 0;
}

void settings_release(struct settings *settings)
{
	free(settings->smtp_url);
	free(settings->smtp_user);
	free(settings->smtp_password);
	free(settings->smtp_from);
	free(settings->smtp_name);
	free(settings->cafile);
	*settings = (struct settings){0};
}

/* --- programs -------------------------------------------------------------------------------------------------- */

bool split_words(const char *line, struct texts *words)
{
	while (*(line += strspn(line, " \t"))) {
		struct buf word = {0};
		bool quoted = false;

		for (; *line && (quoted || !strchr(" \t", *line)); line++) {
			if (*line == '"')
				quoted = !quoted;
			else if (*line == '\\' && line[1])
				buf_putc(&word, *++line);
			else
				buf_putc(&word, *line);
		}
		*list_push(words) = buf_steal(&word);
		if (quoted)
			return false;
	}
	return words->n > 0;
}

/* A name may stand in a key of git's configuration when it has no line break; everything else is quoted by git. */
static bool fits_key(const char *name)
{
	return name && *name && !strpbrk(name, "\n");
}

bool settings_program(const struct settings *settings, const char *way, const char *channel, struct texts *words)
{
	_cleanup_free_ char *key = NULL, *line = NULL;

	if (text_equal(way, "channel") && fits_key(channel)) {
		key = xasprintf("ticket.channel.%s.program", channel);
		line = config(settings->desk, key);
	}
	if (!line) {
		free(key);
		key = xasprintf("ticket.%s.program", way);
		line = config(settings->desk, key);
	}
	return line && split_words(line, words);
}

/* --- webhooks -------------------------------------------------------------------------------------------------- */

static char *hook_config(const struct settings *settings, const char *name, const char *what)
{
	_cleanup_free_ char *key = name ? xasprintf("ticket.webhook.%s.%s", name, what) : xasprintf("ticket.webhook.%s", what);

	return !name || fits_key(name) ? config(settings->desk, key) : NULL;
}

static bool take_hook(const struct settings *settings, const char *name, struct hook *out)
{
	out->url = name ? hook_config(settings, name, "url") : given_or_config(settings->options->webhook_url, settings->desk, "ticket.webhook.url");
	if (!out->url)
		return false;
	out->kind = hook_config(settings, name, "kind");
	out->body = hook_config(settings, name, "body");
	return true;
}

bool settings_hook(const struct settings *settings, const char *person, struct hook *out)
{
	const struct person *known = policy_person(settings->desk->policy, person);

	*out = (struct hook){0};
	if (take_hook(settings, person, out))
		return true;
	for (size_t i = 0; known && i < known->groups.n; i++)
		if (take_hook(settings, known->groups.v[i], out))
			return true;
	return take_hook(settings, NULL, out);
}

void hook_release(struct hook *hook)
{
	free(hook->url);
	free(hook->kind);
	free(hook->body);
	*hook = (struct hook){0};
}

bool settings_has_way(const struct settings *settings, const char *way, const char *person, const char *channel)
{
	_cleanup_hook_ struct hook hook = {0};
	struct texts words = {0};
	bool program = settings_program(settings, way, channel, &words);

	texts_release(&words);
	if (program)
		return true;
	if (text_equal(way, "email"))
		return settings->smtp_url != NULL;
	return text_equal(way, "webhook") && settings_hook(settings, person, &hook);
}
