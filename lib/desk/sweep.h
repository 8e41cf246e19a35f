/* SPDX-License-Identifier: MIT */
/* What the files of the sweep share. */
#ifndef DESK_SWEEP_H
#define DESK_SWEEP_H

#include "desk/change.h"
#include "ticket/check.h"

struct sweep {
	struct change *change;
	struct desk *desk;
	int64_t now_s;
	check_visitor *visit;
	void *data;
	size_t done;
};

/* Was this step done already on the ticket? 'clock' NULL: an alarm. */
bool sweep_did(const struct ticket *ticket, const char *clock, int64_t cycle, const char *step);
/* Records a step's event (whose strings it takes over) and tells the caller of it. */
int sweep_record(struct sweep *sweep, struct ticket *ticket, struct event *event, struct ticket_error *err);
/* The policy's alarms: over the tickets that changed between two snapshots, and over those that wait for a customer. */
int sweep_alarms(struct sweep *sweep, const struct snapshot *since, struct ticket_error *err);

/* Is there a ticket that a rule about silence or neglect could mean now? Asked of the index alone. */
int sweep_standing_due(struct desk *desk, bool *due, struct ticket_error *err);

/* How far the alarms have looked: a commit id in a private file. Zero where there is none. */
void sweep_stamp_read(const struct desk *desk, struct snapshot *out);
int sweep_stamp_write(const struct desk *desk, const struct snapshot *snapshot, struct ticket_error *err);

#endif
