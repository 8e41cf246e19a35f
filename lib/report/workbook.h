/* SPDX-License-Identifier: MIT */
/* A workbook as it is told to ticket-xlsx: one JSON document, in which every cell already says what kind of thing it is. */
#ifndef REPORT_WORKBOOK_H
#define REPORT_WORKBOOK_H

#include "model/codec.h"

/* The first byte of a cell's text; the rest is its value. An empty text is an empty cell. */
enum workbook_mark {
	MARK_TEXT = '"',
	MARK_GOOD = '+', /* text, of a verdict one is glad of */
	MARK_BAD = '-',
	MARK_COUNT = '#',
	MARK_SHARE = '%',  /* 0 … 1 */
	MARK_LENGTH = ':', /* seconds */
	MARK_TIME = '@',   /* RFC 3339; its offset says which wall clock is shown */
	MARK_DAY = '/',    /* 2026-04-01 */
	MARK_SCORE = '*',
	MARK_NUMBER = '=',
};

enum workbook_chart { SHEET_PLAIN, SHEET_BARS, SHEET_LINES, SHEET_STACK, SHEET_HEAT };

struct workbook_column {
	char *title;
	bool number; /* stands at the right */
	bool change; /* a difference: shown with its sign */
};
struct workbook_row {
	struct texts cells;
};
struct workbook_sheet {
	char *title;
	LIST(struct workbook_column) columns;
	LIST(struct workbook_row) rows;
	struct texts notes;
	int chart;             /* enum workbook_chart */
	int64_t first, series; /* the columns it draws */
	int64_t labels;        /* how many columns at the left name a row */
};
struct workbook_line {
	char *name, *value; /* as cells, with their marks */
};
struct workbook {
	int64_t format;     /* 1 */
	char *title, *desk;
	char *overview;     /* what the first sheet is called */
	LIST(struct workbook_line) lines; /* of the first sheet */
	struct stamp made;
	LIST(struct workbook_sheet) sheets;
};
extern const struct codec workbook_codec;

#endif
