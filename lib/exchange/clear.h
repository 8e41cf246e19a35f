/* SPDX-License-Identifier: MIT */
/* The personal data of an export in clear, once they are on record (D15). */
#ifndef EXCHANGE_CLEAR_H
#define EXCHANGE_CLEAR_H

#include "ticket/export.h"

struct clear;
/* Finds the customers of the job's tickets and reveals them, as ticket/export.h says. '*out' is owned. */
int clear_open(struct clear **out, struct desk *desk, const struct export_job *job, struct ticket_error *err);
void clear_free(struct clear *clear);
/* The cell of a column that holds personal data of that customer, owned; NULL for other columns and unknown customers. */
char *clear_cell(const struct clear *clear, const char *customer, const char *column);

#endif
