/* SPDX-License-Identifier: MIT */
/* Ticket files of any kind: refused with a message, or read, written and read again to the same bytes. */
#include "flow/flow.h"
#include "ticket/ticket.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	_cleanup_ticket_ struct ticket *ticket = NULL, *again = NULL;
	_cleanup_buf_ struct buf once = {0}, twice = {0};
	struct ticket_error err = {0};
	struct policy none = {0};

	if (ticket_read(&ticket, (const char *)data, size, "t.json", &err)) {
		if (!text_starts(err.message, "t.json"))
			abort(); /* a refusal must name the file */
		return 0;
	}
	ticket_write(ticket, &once);
	if (ticket_read(&again, once.p, once.n, "t.json", &err))
		abort(); /* what was written must be readable */
	ticket_write(again, &twice);
	if (once.n != twice.n || memcmp(once.p, twice.p, once.n) != 0)
		abort(); /* and stay as it is */
	flow_refold(again, &none);
	return 0;
}
