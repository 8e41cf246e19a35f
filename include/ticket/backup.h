/* SPDX-License-Identifier: MIT */
/*
 * Backup and restore (domain C18, D13): one file with the whole history of a desk. The file is a tar archive of a git
 * bundle, a manifest, the digests of both, and, only when asked for, the register's keys sealed with a passphrase; tar,
 * sha256sum and git alone can read it too (ticket-backup(1)).
 */
#ifndef TICKET_BACKUP_H
#define TICKET_BACKUP_H

#include "ticket/desk.h"

/* What a backup says of itself. Zeroed is empty. */
struct backup {
	int64_t format; /* 1 */
	struct stamp made;
	char *by;
	char *head;     /* id of the commit that HEAD was */
	char *branch;   /* refs/heads/…; "HEAD" when detached */
	char *checkout; /* "full", "files", "none" */
	int64_t tickets, customers; /* files of either in HEAD */
	bool keys;      /* the register's keys are in it, sealed */
	char *extra;
};
void backup_release(struct backup *backup);
#define _cleanup_backup_ _cleanup_(backup_release)

/*
 * Writes a backup of the desk to 'path', which must not be there yet and appears whole or not at all. With 'passphrase'
 * the keys go along, sealed with it; that they were handed out, and 'why', is recorded in the desk first. 'out' is
 * zeroed. TICKET_REFUSED when 'path' is there, TICKET_STORAGE when it cannot be written.
 */
int backup_write(struct desk *desk, const char *path, const char *passphrase, const char *why, struct backup *out, struct ticket_error *err);
/*
 * Reads a backup from end to end and compares every digest. 'out' is zeroed. TICKET_NOTFOUND when it is not there,
 * TICKET_STORAGE when it is damaged, cut off, or no backup.
 */
int backup_read(const char *path, struct backup *out, struct ticket_error *err);
/*
 * Makes the desk again in 'folder', which must be missing or empty and appears whole or not at all: same commits, same
 * files, HEAD as it was. 'checkout' NULL: as it was too. Nothing in the backup is ever run. 'out' is zeroed.
 */
int backup_restore(const char *path, const char *folder, const char *checkout, struct backup *out, struct ticket_error *err);
/* Takes the keys out of a backup into a restored desk; '*taken' counts customers. TICKET_NOTFOUND when it has none. */
int backup_take_keys(const char *path, struct desk *desk, const char *passphrase, size_t *taken, struct ticket_error *err);
/*
 * Restores a backup into a folder of its own below 'scratch', compares what comes out with what the manifest says, looks
 * it over as fsck does, and removes it again. 'found' gets fsck's findings. 'out' is zeroed.
 */
int backup_check(const char *path, const char *scratch, const struct desk_context *context, struct backup *out, findings *found, struct ticket_error *err);

#endif
