/* SPDX-License-Identifier: MIT */
/* What keys.c and share.c share: the inside of struct keys. */
#ifndef PRIVACY_KEYS_PRIVATE_H
#define PRIVACY_KEYS_PRIVATE_H

#include "privacy/keys.h"

struct keys {
	char *folder;
	char id[SEAL_HASH_SIZE];
	struct seal_key desk;
	struct shards seal, find;
	bool is_new; /* the desk key itself is not on disk yet */
};

#endif
