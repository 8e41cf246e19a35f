/* SPDX-License-Identifier: MIT */
/* Files and folders beneath an open folder, never through a symbolic link; and bringing them to the disk. */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include <sys/stat.h>

#include "store/repository.h"
#include "ticket/file.h"

/*
 * Starts and then waits for a file's bytes to be on their way; where the file system keeps order (store->batch_sync) the
 * names and the disk's own cache are settled by the next full flush, elsewhere this is that flush. 0 or -1 with errno.
 */
void file_sync_start(const struct store *store, int fd);
int file_sync_wait(const struct store *store, int fd);
/* Flushes a folder, and with it every earlier change of names. 0 or -1 with errno. */
int folder_sync(int dir_fd, const char *path);
/* Where order isn't kept: flushes a folder now; elsewhere nothing, a later flush covers it. */
int folder_sync_unordered(const struct store *store, int dir_fd, const char *path);

/*
 * Opens the folder of a path beneath 'root_fd', component by component without following a link, and points '*name' at
 * the path's last part. Makes missing folders where 'make'. Returns a descriptor, or -1 with errno: ENOENT not there,
 * ENOTDIR or ELOOP something else is in the way ('*blocked', may be NULL, gets how many bytes of 'path' name it).
 */
int folder_open_for(int root_fd, const char *path, bool make, const char **name, size_t *blocked);

/* Reads a regular file whole. 0, or -1 with errno; ELOOP for a link, EISDIR for a folder, EINVAL for anything else, EFBIG over 1 GB. */
int file_read_at(int dir_fd, const char *name, struct buf *out, struct stat *st);

#endif
