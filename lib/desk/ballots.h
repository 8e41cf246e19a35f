/* SPDX-License-Identifier: MIT */
/*
 * The ballot box of anonymous surveys (domain B6): answers without a name lie in one private file outside history, sorted
 * by what they say, without times and without tickets, until a whole group comes out (lib/survey/release.c). What an event
 * 'answered' says of its ticket is only that.
 *
 * An answer counts once and only together with its event: before the commit the new box is written beside the old one,
 * with the event that the commit will bring; after it, it takes its place. Whoever opens the box after a kill looks whether
 * that event is in HEAD and finishes or takes back.
 */
#ifndef DESK_BALLOTS_H
#define DESK_BALLOTS_H

#include "desk/change.h"
#include "model/codec.h"
#include "ticket/survey.h"

extern const struct codec ballot_codec;

/* What is in the box. Zeroed is empty. */
struct ballots {
	int64_t format;
	struct {
		char *ticket, *event; /* the event that makes it so, while the commit is under way; or … */
		char *file;           /* … the file that holds what was taken out */
	} awaits;
	struct stamp due;         /* when it is looked into next; unset: at each sweep */
	LIST(struct ballot) answers;
	struct texts suggestions; /* what was written, apart from the scores */
	char *extra;
};
void ballots_release(struct ballots *ballots);

/* What a change puts into the box or takes out of it. */
struct balloting {
	struct ballots added;
	bool replaced;       /* the box becomes 'left', with what is added */
	struct ballots left;
	bool written;        /* it waits for the commit */
};

/*
 * Takes scores and words off an event that answers an anonymous survey, unless the customer gave his name, into the box of
 * this change. All other events stay as they are.
 */
void ballots_take(struct change *change, const struct ticket *ticket, struct event *event);
/* The box as it is, with what a killed command left finished first. 'out' is zeroed. Under the lock. TICKET_STORAGE. */
int ballots_open(struct change *change, struct ballots *out, struct ticket_error *err);
/* The box will be what 'left' holds (taken over) once the change is committed; 'file' is what it commits, NULL: nothing. */
void ballots_replace(struct change *change, struct ballots *left, const char *file);

/* Writes the new box beside the old one, durably: before the commit. Nothing to do is no error. */
int ballots_prepare(struct change *change, struct ticket_error *err);
/* Puts it in place, or, when the commit failed, takes it back. */
void ballots_settle(struct change *change, bool committed);
/* The end of the day, week or month that the desk's clock is in; unset when groups come out as soon as they are complete. */
struct stamp ballots_period_end(const struct desk *desk);
/* A box that only has to be looked into later: without any commit. */
int ballots_put_off(struct change *change, struct ballots *box, struct ticket_error *err);
void ballots_free(struct change *change);

#endif
