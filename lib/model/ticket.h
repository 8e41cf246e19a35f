/* SPDX-License-Identifier: MIT */
/* The codec of ticket files: for fields by name (queries, corrections, blame). */
#ifndef MODEL_TICKET_H
#define MODEL_TICKET_H

#include "model/codec.h"
#include "ticket/ticket.h"

extern const struct codec ticket_codec;

#endif
