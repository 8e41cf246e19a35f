/* SPDX-License-Identifier: MIT */
/* The codec of ticket files: for fields by name (queries, corrections, blame), and tickets only looked at. */
#ifndef MODEL_TICKET_H
#define MODEL_TICKET_H

#include "model/codec.h"
#include "ticket/ticket.h"

extern const struct codec ticket_codec;

/* A ticket to look at, not to change: all it holds lies in its document, and what is not known of it is left out. */
struct ticket_view {
	struct ticket ticket;
	struct json_document doc;
};
/*
 * Like ticket_read in a third of the time. '*out' is zeroed, or holds the view before, whose memory is used again; whatever
 * comes of it, ticket_view_release at the end.
 */
int ticket_view(struct ticket_view *out, const char *text, size_t length, const char *origin, struct ticket_error *err);
void ticket_view_release(struct ticket_view *view);

#endif
