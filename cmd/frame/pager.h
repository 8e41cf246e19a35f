/* SPDX-License-Identifier: MIT */
/* The pager: long output on a terminal is shown a page at a time. */
#ifndef CMD_PAGER_H
#define CMD_PAGER_H

/* Puts a pager behind stdout when that is a terminal; else does nothing. From then on stdout is a pipe. */
void pager_start(void);
/* Waits until the reader has left the pager; flushes stdout before. Does nothing when none runs. */
void pager_end(void);

#endif
