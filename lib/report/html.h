/* SPDX-License-Identifier: MIT */
/* The parts of an HTML report: text made harmless, charts as SVG. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "ticket/report.h"

/* Text as content or as the value of a quoted attribute; controls and characters that reorder text are shown as codes. */
void html_text(struct buf *out, const char *text);
/* The chart of a section, if it has one and there is something to draw; its table says the same. */
void html_chart(struct buf *out, const struct report *report, const struct report_section *section);

#endif
