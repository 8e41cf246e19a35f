/* SPDX-License-Identifier: MIT */
/* Reports that are sent by mail. */
#ifndef CMD_REPORT_MAIL_H
#define CMD_REPORT_MAIL_H

#include "command.h"

#include "ticket/buf.h"
#include "ticket/report.h"

/*
 * Puts the report, printed in this format as 'bytes', into the outbox for whom the words name, and records in the desk's
 * journal that it was handed in. With call->dry_run nothing is written. 'rows': they are the tickets behind it.
 */
int report_mail(struct call *call, const struct report *report, const char *format, bool rows, const struct texts *words, const struct buf *bytes, struct ticket_error *err);

#endif
