/* SPDX-License-Identifier: MIT */
/* The knowledge base: what its files share. */
#ifndef KB_KB_H
#define KB_KB_H

#include "desk/change.h"
#include "ticket/kb.h"

#define KB_FOLDER "kb"

/* Is it a name that an article may have? */
bool article_name_fits(const char *name);
/* The name of the article behind a path of the desk; owned. NULL when the path is none of an article. */
char *article_name_of(const char *path);

#endif
