/* SPDX-License-Identifier: MIT */
/* A notice as a record: its codec, its identity. */
#ifndef DELIVER_NOTICE_H
#define DELIVER_NOTICE_H

#include "model/codec.h"
#include "ticket/notify.h"

extern const struct codec notice_codec;
extern const struct codec notice_file_codec;

#define NOTICE_ID_SIZE 33

/* The id made of what a notice is about, whom it tells and how. Returns 'out'. */
char *notice_identity(char out[NOTICE_ID_SIZE], const struct notice *notice);
/* The id of the event 'notified' that says it was delivered: 16 hex digits of the notice's. */
#define NOTICE_EVENT_SIZE 17
char *notice_event(char out[NOTICE_EVENT_SIZE], const struct notice *notice);
/* Is the text such an id: 32 lower-case hex digits? */
bool notice_id_valid(const char *text);
/* The id of the message that several notices form. They must be in a fixed order. Returns 'out'. */
char *message_identity(char out[NOTICE_ID_SIZE], const struct notice *const *notices, size_t n);

#endif
