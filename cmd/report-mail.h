/* SPDX-License-Identifier: MIT */
/* Reports that are sent by mail. */
#ifndef CMD_REPORT_MAIL_H
#define CMD_REPORT_MAIL_H

#include "command.h"

#include "ticket/buf.h"
#include "ticket/report.h"

struct report_sending {
	bool rows;  /* it is the tickets behind the report */
	bool whole; /* all of the report as of now: it counts as handed in */
	const struct texts *to; /* whom: as notice_recipients has it */
};
/*
 * Puts the report, printed in this format as 'bytes', into the outbox, and says so in the desk's journal: "reported" when it
 * is handed in by who may, over a period; else "sent". With call->dry_run nothing is written.
 */
int report_mail(struct call *call, const struct report *report, const char *format, const struct report_sending *sending, const struct buf *bytes, struct ticket_error *err);

#endif
