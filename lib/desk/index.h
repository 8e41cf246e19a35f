/* SPDX-License-Identifier: MIT */
/* A desk's index: opened for one question at a time, and told of each commit. */
#ifndef DESK_INDEX_H
#define DESK_INDEX_H

#include "desk/desk.h"
#include "index/index.h"

/* The index as of a snapshot (NULL: what this run reads as HEAD). '*out' is owned: index_close, soon. */
int desk_index(struct desk *desk, const struct snapshot *at, struct index **out, struct ticket_error *err);

#endif
