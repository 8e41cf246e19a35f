/* SPDX-License-Identifier: MIT */
/*
 * What the desk as a whole owes at intervals by its policy's `reports`: reports, the review of its data, backups (domain
 * B9, C15, C16, C18, C19, D12). That it was done stands in the journal.
 */
#ifndef TICKET_DUTY_H
#define TICKET_DUTY_H

#include "ticket/journal.h"
#include "ticket/period.h"
#include "ticket/query.h"

/* One rule's duty for one period that has ended. */
struct duty {
	const struct report_rule *rule; /* of the desk's policy; borrowed */
	struct range period;
	int64_t due_s;     /* after it, it is late */
	int64_t made_s;    /* when it was done, first; TIME_NONE: not yet */
	char *by;          /* who did it */
	bool told, warned; /* the sweep has said that it is owed, that it is late */
};
typedef LIST(struct duty) duties;

/*
 * Every duty whose period has ended by the desk's clock, by rule, then period. They begin with the first period that the
 * journal knows of: one that was told or done; else there is the last one alone, where the desk had a ticket in it or
 * before. As journal_each and desk_list say.
 */
int duties_read(struct desk *desk, duties *out, struct ticket_error *err);
void duties_release(duties *list);
#define _cleanup_duties_ _cleanup_(duties_release)

/* "on_time", "late", "missing" (late and not done yet), "owed" (not late yet): as of 'now_s'. */
const char *duty_verdict(const struct duty *duty, int64_t now_s);
/* The report that the rule asks for; NULL where it asks for something else. Borrowed. */
const char *duty_report(const struct report_rule *rule);
/* What does it: "ticket report summary --week 2026-W18 --record". Owned. */
char *duty_command(const struct duty *duty, const struct zone *zone);
/* The next moment after the desk's clock at which a duty begins to be owed or late; INT64_MAX: none. */
int64_t duties_next(const struct desk *desk, const duties *list);

/*
 * Puts on record that a report over a period was made: an entry "reported" in a commit of its own. 'where' says how it
 * went out ("file", "mail"), NULL: nobody knows. TICKET_USAGE for a period that is open or has not ended.
 */
int duty_record_report(struct desk *desk, const char *report, const struct range *period, const char *where, bool dry_run, struct ticket_error *err);

#endif
