/* SPDX-License-Identifier: MIT */
/* Files read and written whole. */
#ifndef TICKET_FILE_H
#define TICKET_FILE_H

#include "ticket/buf.h"
#include "ticket/error.h"

#include <dirent.h>
#include <unistd.h>

/* Reads a file to its end. TICKET_NOTFOUND, TICKET_STORAGE, or TICKET_USAGE over 'limit' bytes (0: none). */
int file_read(const char *path, size_t limit, struct buf *out, struct ticket_error *err);
/* Appends all that is left to read, over interruptions. 0 or -1 with errno. */
int file_read_all(int fd, struct buf *out);
/* Writes everything, over interruptions and short writes. 0 or -1 with errno. */
int file_write_all(int fd, const void *bytes, size_t n);

/* For _cleanup_: closes a descriptor that is open, a folder that is. */
static inline void fd_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
static inline void folder_close(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}
#define _cleanup_fd_ _cleanup_(fd_close)
#define _cleanup_folder_ _cleanup_(folder_close)

#endif
