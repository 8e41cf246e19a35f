/* SPDX-License-Identifier: MIT */
/* Ticket numbers: from a policy's format to a number and its path, and back (design §2; domain A5, B2, C3, D1). */
#ifndef MODEL_NUMBER_H
#define MODEL_NUMBER_H

#include "ticket/policy.h"

/*
 * A format is text with `{date}` (YYYYMMDD of the receipt in the desk's zone), `{channel}` (the channel's code) and
 * `{serial:N}` (at least N digits, growing). Date and serial must occur once each. The serial counts within all that
 * stands before and behind it: with a channel in the format, per channel and day.
 */
struct number {
	struct civil date;      /* year, month, day */
	const char *channel;    /* code; borrowed from the policy; NULL where the format has none */
	int64_t serial;
};
/* TICKET_USAGE says what the format lacks, or why a number could be read in two ways. */
int number_check_format(const char *format, struct ticket_error *err);
/* Does the format hold {channel}? */
bool number_has_channel(const char *format);
/* May these bytes stand in a number: letters, digits, '-', '_', '.'? */
bool number_text_is_safe(const char *text, size_t n);
/* The number's text; owned. The format was checked before. */
char *number_text(const char *format, const struct number *number);
/* Reads a number by one format; false when it is none of it. */
bool number_parse(struct number *out, const char *format, const struct policy *policy, const char *text);
/* tickets/YYYY/MM/DD/NN/NUMBER.json; owned. Tries the policy's format and its former ones; NULL when none fits. */
char *number_path(const struct policy *policy, const char *text);
/* tickets/YYYY/MM/DD for a date. */
#define NUMBER_FOLDER_SIZE 32
char *number_folder(char out[NUMBER_FOLDER_SIZE], const struct civil *date);

#endif
