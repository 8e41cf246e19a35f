/* SPDX-License-Identifier: MIT */
/* How this machine delivers: git configuration under ticket.*, and what the caller knows. Never from the desk's files. */
#ifndef DELIVER_SETTINGS_H
#define DELIVER_SETTINGS_H

#include "desk/desk.h"
#include "ticket/notify.h"

struct settings {
	struct desk *desk;             /* whose configuration it is; borrowed */
	const struct notify_options *options; /* borrowed */
	char *smtp_url, *smtp_user, *smtp_password, *smtp_from, *smtp_name;
	bool smtp_tls;                 /* no mail in clear */
	char *cafile;
	int64_t timeout_s;             /* for one message */
	int64_t limit_s;               /* for a run */
	int64_t keep_s;                /* after which an undelivered notice is given up */
};

/* Reads and checks them. TICKET_USAGE names the key that is wrong. */
int settings_read(struct settings *out, struct desk *desk, const struct notify_options *options, struct ticket_error *err);
void settings_release(struct settings *settings);
#define _cleanup_settings_ _cleanup_(settings_release)

/* The program that a way is delivered by: words of ticket.WAY.program (of a channel: ticket.channel.NAME.program). False when none is set. */
bool settings_program(const struct settings *settings, const char *way, const char *channel, struct texts *words);

/* Where a webhook for a person goes: his own, his group's, the desk's. */
struct hook {
	char *url, *kind, *body;
};
bool settings_hook(const struct settings *settings, const char *person, struct hook *out);
void hook_release(struct hook *hook);
#define _cleanup_hook_ _cleanup_(hook_release)

/* Can this way be delivered from here at all? */
bool settings_has_way(const struct settings *settings, const char *way, const char *person, const char *channel);

/* Is the host of a URL this machine itself? */
bool url_is_local(const char *url);
/* Words separated by blanks; "…" keeps blanks, \ takes the next character as it is. False for an open quote. */
bool split_words(const char *line, struct texts *words);

#endif
