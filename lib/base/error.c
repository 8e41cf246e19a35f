/* SPDX-License-Identifier: MIT */
/* The error object: see ticket/error.h. */
#include "ticket/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ticket/language.h"

int ticket_fail(struct ticket_error *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), language_text(format), args);
	va_end(args);
	return code;
}

int ticket_fail_in(struct ticket_error *err, const char *format, ...)
{
	char inner[sizeof(err->message)];
	va_list args;
	int n;

	if (!err)
		return TICKET_STORAGE;
	memcpy(inner, err->message, sizeof(inner));
	va_start(args, format);
	n = vsnprintf(err->message, sizeof(err->message), language_text(format), args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof(err->message))
		snprintf(err->message + n, sizeof(err->message) - (size_t)n, "%s", inner);
	return err->code;
}
