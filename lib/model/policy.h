/* SPDX-License-Identifier: MIT */
/* What the files about policies share: the codec, and the words that rules are made of. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "model/codec.h"
#include "ticket/policy.h"

extern const struct codec policy_codec, condition_codec;

/* Would 'pattern' (a value of a condition: "x", "!x", "", "2+") be met by the single value 'value' ("" when unset)? */
bool condition_value_matches(const char *pattern, const char *value);
/* Is the field one that conditions know? "field.NAME" always is. */
bool condition_field_known(const char *field);

#endif
