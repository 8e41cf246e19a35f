/* SPDX-License-Identifier: MIT */
/* Webhook bodies: JSON by template, and what chat servers answer. */
#ifndef DELIVER_WEBHOOK_H
#define DELIVER_WEBHOOK_H

#include "ticket/buf.h"
#include "ticket/error.h"

/* What a body can say: placeholders {id} {kind} {to} {tickets} {subject} {body} {text}, filled in as JSON text. */
struct hook_message {
	const char *id, *kind, *to, *tickets; /* tickets: numbers joined by blanks */
	const char *subject, *body;
};

/* The body's template by kind: "json" (default), "slack", "feishu", "dingtalk", "wecom". NULL for an unknown kind. Borrowed. */
const char *hook_template(const char *kind);
/* Fills a template; TICKET_USAGE when what comes out is no JSON. 'origin' names the template. */
int hook_write(struct buf *out, const char *template, const char *origin, const struct hook_message *message, struct ticket_error *err);

/*
 * Chat servers refuse with status 200 and a code in the answer ("errcode", "code", "StatusCode"). True when they do;
 * 'why' gets their words.
 */
bool hook_refused(const char *answer, size_t n, struct buf *why);

#endif
