/* SPDX-License-Identifier: MIT */
/* One delivery run, as `ticket notify` and `ticket check` make it. */
#ifndef CMD_NOTIFY_H
#define CMD_NOTIFY_H

#include "command.h"

#include "ticket/notify.h"

/* desk_notify with what the environment says of servers. 'counts' is filled by outcome. */
int deliver_notices(struct call *call, bool retry, notice_visitor *visit, void *data, size_t counts[OUTCOMES], struct ticket_error *err);

#endif
