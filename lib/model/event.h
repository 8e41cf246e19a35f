/* SPDX-License-Identifier: MIT */
/* The codecs of events and of the small records they share with tickets. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "model/codec.h"
#include "ticket/event.h"

extern const struct codec event_codec, attachment_codec, pair_codec, change_codec;

/* Who signs what ticket sync records by itself, where it merges and in whatever state a record is. */
#define EVENT_BY_SYNC "ticket sync"

/* May the event be written: no member that its kind does not have, no text that may not be stored? TICKET_REFUSED, TICKET_USAGE. */
int event_check(const struct event *event, struct ticket_error *err);

#endif
