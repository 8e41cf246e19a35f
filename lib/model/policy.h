/* SPDX-License-Identifier: MIT */
/* What the files about policies share: the codec, and the words that rules are made of. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "model/codec.h"
#include "ticket/policy.h"

extern const struct codec policy_codec, condition_codec;

/* A policy that was read, as bytes that are sooner read again by the same program: see codec_pack. */
void policy_pack(const struct policy *policy, struct buf *out);
/* '*out' is owned as policy_read's is; false when these are no such bytes. */
bool policy_unpack(struct policy **out, const char *bytes, size_t n);

/* Would 'pattern' (a value of a condition: "x", "!x", "", "2+") be met by the single value 'value' ("" when unset)? */
bool condition_value_matches(const char *pattern, const char *value);
/* Is the field one that conditions know? "field.NAME" always is. */
bool condition_field_known(const char *field);

#endif
