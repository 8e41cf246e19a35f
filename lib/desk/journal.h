/* SPDX-License-Identifier: MIT */
/* The desk's journal as its files have it: what lib/desk and fsck share. */
#ifndef DESK_JOURNAL_H
#define DESK_JOURNAL_H

#include "desk/change.h"
#include "ticket/journal.h"

#define JOURNAL_FOLDER "journal"

/* What a change has gathered for the journal is given up or was committed. */
void change_journal_release(struct change *change);

/* One line of a month's file: 'entry' is NULL where it cannot be read, and 'why' says why not. Borrowed for the call. */
typedef int journal_line(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err);
/* Every line of a file's text; non-zero from 'each' ends it with that value. */
int journal_lines(const char *text, size_t n, const char *path, journal_line *each, void *data, struct ticket_error *err);

#endif
