/* SPDX-License-Identifier: MIT */
/*
 * The oracle for reading JSON: the text as it stands, given to cJSON whole, and all that is refused besides looked for in
 * the plainest way, byte by byte. It knows nothing of lib/model.
 */
#ifndef JSON_ORACLE_H
#define JSON_ORACLE_H

#include "ticket/buf.h"

/*
 * What a text holds, every value with its type and every text with its length, or the message that refuses it under the
 * name "f". Sets '*refused'. Owned.
 */
char *json_oracle(const char *text, size_t length, bool *refused);

/* How values are written there. */
void oracle_put_text(struct buf *out, char kind, const char *text);
void oracle_put_number(struct buf *out, double number);

#endif
