/* SPDX-License-Identifier: MIT */
/* Templates of the policy become the text of a notice: placeholders filled, personal data masked, headers kept to one line. */
#ifndef DELIVER_RENDER_H
#define DELIVER_RENDER_H

#include "ticket/notify.h"

/* What a notice tells of. All borrowed. */
struct telling {
	const struct policy *policy;  /* of HEAD: labels, templates */
	const struct zone *zone;      /* of times */
	const struct ticket *ticket;  /* as it stood when it happened */
	const struct event *event;
	const char *template;         /* the rule's; NULL or unknown: a plain one */
	const char *name;             /* of the alarm, as label; NULL: the event's word */
	const char *recipient;
	const char *questionnaire;    /* of a survey that is sent: the blank form; NULL */
};

/* Fills notice->subject and body. */
void render_notice(struct notice *notice, const struct telling *telling);

/* The subject and text of a message of several notices in the desk's language; of one: its own. Owned. */
char *render_message_subject(const struct policy *policy, const struct notice *const *notices, size_t n);
char *render_message_body(const struct policy *policy, const struct notice *const *notices, size_t n);

#endif
