/* SPDX-License-Identifier: MIT */
/* One delivery run: what plan.c, send.c and run.c share. */
#ifndef DELIVER_RUN_H
#define DELIVER_RUN_H

#include "deliver/outbox.h"
#include "deliver/settings.h"

/* Notices that go out together: to one recipient by one way. */
struct message {
	char id[NOTICE_ID_SIZE];
	LIST(struct notice *) notices; /* borrowed from the run */
	bool sent, tried, maybe;       /* maybe: it failed, but may have arrived all the same */
	char *error;                   /* owned; why it was not delivered */
};

struct run {
	struct desk *desk;
	struct outbox *outbox;
	struct settings settings;
	notices notices;               /* all of the outbox; pointers into it are kept, so it doesn't grow */
	LIST(enum notice_outcome) outcomes; /* of each notice */
	LIST(struct message) messages;
	int64_t until_ms;              /* of process_clock_ms: then nothing more is begun */
	notice_visitor *visit;
	void *data;
	size_t *counts;
};

/*
 * Says of every notice whether it is due, drops what needs no delivery any more, gives up what is too old, and forms
 * messages of what is due. With 'write' false nothing is changed.
 */
int plan_run(struct run *run, bool write, struct ticket_error *err);
/* Delivers the messages, telling run_result of each as soon as its fate is known. */
int send_messages(struct run *run, struct ticket_error *err);
/* Writes down what became of a message, durably, before the next one is begun. */
int run_result(struct run *run, struct message *message, struct ticket_error *err);
/* Tells the caller of a notice. */
int run_tell(struct run *run, const struct notice *notice, enum notice_outcome outcome, struct ticket_error *err);

#endif
