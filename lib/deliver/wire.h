/* SPDX-License-Identifier: MIT */
/* What the program and ticket-deliver say to each other: one batch of requests in, one line of JSON per answer out. */
#ifndef DELIVER_WIRE_H
#define DELIVER_WIRE_H

#include "model/codec.h"

struct wire_request {
	char *id;            /* of the message */
	char *way;           /* "email" or "webhook" */
	char *url;
	char *user, *password;
	char *from, *to;     /* the envelope */
	char *data;          /* the mail, or the body to post */
	bool tls;            /* email: not without STARTTLS */
	bool chat;           /* webhook: its answer may refuse with status 200 */
};
struct wire_batch {
	int64_t format;      /* 1 */
	int64_t timeout_ms;  /* for one request */
	int64_t limit_ms;    /* for all of them, from the start */
	char *cafile;
	LIST(struct wire_request) requests;
};
extern const struct codec wire_batch_codec;

struct wire_answer {
	char *id;
	bool ok;
	bool skipped;        /* there was no time left: not tried */
	bool maybe;          /* it failed, but the server may have taken the message */
	char *error;
};
extern const struct codec wire_answer_codec;

#endif
