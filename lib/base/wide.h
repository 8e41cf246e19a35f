/* SPDX-License-Identifier: MIT */
/*
 * Sixteen bytes at once, in vectors that the compiler makes of whatever the machine has. Arithmetic and comparisons are C's
 * own, byte by byte; a comparison gives 0xff for true and 0 for false.
 */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WIDE 16
typedef uint8_t wide __attribute__((vector_size(WIDE)));

/* From anywhere: sixteen bytes must be there. */
static inline wide wide_load(const char *from)
{
	wide bytes;

	memcpy(&bytes, from, WIDE);
	return bytes;
}

static inline void wide_store(char *to, wide bytes)
{
	memcpy(to, &bytes, WIDE);
}

static inline bool wide_any(wide bytes)
{
	uint64_t halves[2];

	memcpy(halves, &bytes, WIDE);
	return (halves[0] | halves[1]) != 0;
}

/* Where the first byte stands that is not 0; WIDE: there is none. */
static inline size_t wide_first(wide bytes)
{
	uint64_t halves[2];

	memcpy(halves, &bytes, WIDE);
	if (halves[0])
		return (size_t)__builtin_ctzll(le64toh(halves[0])) / 8;
	return halves[1] ? 8 + (size_t)__builtin_ctzll(le64toh(halves[1])) / 8 : WIDE;
}

#endif
