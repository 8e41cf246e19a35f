/* SPDX-License-Identifier: MIT */
/* What writing and restoring of backups share. */
#ifndef EXCHANGE_BACKUP_H
#define EXCHANGE_BACKUP_H

#include "exchange/container.h"
#include "model/codec.h"
#include "store/store.h"
#include "ticket/backup.h"

/* The entries, in this order; the keys only when they were asked for. */
#define BACKUP_BUNDLE "desk.bundle"
#define BACKUP_KEYS "keys"
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_DIGESTS "SHA256SUMS"

/* How many files of tickets and of customers a tree has. */
int backup_count(struct store *store, const struct oid *tree, int64_t *tickets, int64_t *customers, struct ticket_error *err);

#endif
