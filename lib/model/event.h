/* SPDX-License-Identifier: MIT */
/* The codecs of events and of the small records they share with tickets. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "model/codec.h"
#include "ticket/event.h"

extern const struct codec event_codec, attachment_codec, pair_codec, change_codec;

#endif
