/* SPDX-License-Identifier: MIT */
/*
 * Reports: figures about the tickets of a period, with the tickets behind each (ticket-reports(7) defines every figure).
 * All arithmetic is done here; what prints a report only prints it.
 */
#ifndef TICKET_REPORT_H
#define TICKET_REPORT_H

#include "ticket/query.h"

enum report_kind {
	REPORT_TEXT,
	REPORT_COUNT,
	REPORT_SHARE,  /* 0 … 1 */
	REPORT_LENGTH, /* seconds */
	REPORT_TIME,   /* seconds UTC */
	REPORT_SCORE,  /* on the scale of the survey */
	REPORT_NUMBER, /* any other number, such as working days */
};

/* One figure. Zeroed is an unknown text. */
struct report_cell {
	enum report_kind kind;
	bool known;    /* false: there was nothing to compute it from */
	double value;  /* of all kinds but texts */
	char *text;    /* of a text: as data has it */
	char *label;   /* what people read instead; NULL: the text */
	double unnamed; /* of a count: how many have no ticket behind them (answers of anonymous surveys) */
	LIST(uint32_t) tickets; /* what was counted, as indices of report->tickets; one counted twice stands here twice */
};

struct report_column {
	const char *name;  /* key in JSON, heading in CSV */
	const char *title; /* in the report's language */
	enum report_kind kind; /* of its cells, where these say nothing else */
};

struct report_row {
	struct report_cell *cells; /* one for each column */
};

enum report_chart {
	CHART_NONE,
	CHART_BARS,  /* one bar for each row: the section's chart_column */
	CHART_LINE,  /* rows are moments in order: chart_column and the one behind it */
	CHART_STACK, /* one bar for each row, made of chart_column and the two behind it */
	CHART_HEAT,  /* rows are hours, chart_column and the six behind it weekdays */
};
#define CHART_HEAT_COLUMNS 7

struct report_section {
	const char *name, *title;
	LIST(struct report_column) columns;
	LIST(struct report_row) rows;
	struct texts notes; /* what is left out, and what could not be computed */
	enum report_chart chart;
	size_t chart_column;
};

struct report {
	const char *name, *title, *language;
	char *desk;           /* the policy's title */
	const struct zone *zone; /* borrowed from the desk, as all titles */
	struct range period, before; /* 'before' is closed at both ends, or both are 0 */
	int64_t now_s;
	size_t counted;       /* tickets in the figures */
	size_t quarantined;   /* tickets left out because their data are in doubt (C9) */
	struct texts tickets; /* numbers */
	LIST(struct report_section) sections;
};

/* Which report, about what. All borrowed for the call. */
struct report_order {
	const char *name;
	const char *const *words; /* of a query that narrows it */
	size_t n_words;
	struct range period;      /* of the receipt */
	const char *language;     /* "en" or "zh" */
	bool recount;             /* nothing is taken from the index: every ticket is read and followed, which takes long */
};

/*
 * Computes a report as of the desk's clock. '*out' is owned: report_free. TICKET_NOTFOUND with the nearest name for an
 * unknown report; TICKET_STORAGE when totals and rows disagree, which is never printed; else as desk_select.
 */
int report_run(struct report **out, struct desk *desk, const struct report_order *order, struct ticket_error *err);
/* Drops every section but this one; false, and nothing is dropped, when the report has none of that name. */
bool report_keep(struct report *report, const char *section);
void report_free(struct report *report);
DEFINE_CLEANUP(struct report *, report_free)
#define _cleanup_report_ _cleanup_(report_free_p)

/* All reports, in alphabetical order. */
struct report_listed {
	const char *name, *title, *about; /* in the language asked for */
};
size_t report_count(void);
struct report_listed report_listed(size_t i, const char *language);

/* The period of the same kind just before: the month before a month, else as many days; false for open ranges. */
bool report_before(struct range *out, const struct range *period, const struct zone *zone);

/* --- printing ---------------------------------------------------------------------------------------------------- */

/* A cell as data has it: a plain number, an RFC 3339 time, the text; "" when it is unknown. Owned. */
char *report_cell_data(const struct report *report, const struct report_cell *cell);
/* A cell as people read it: "12.5 %", "3d 4h", "2026-05-01 09:30"; "–" when it is unknown. Owned. */
char *report_cell_shown(const struct report *report, const struct report_cell *cell);
/* "2026-05-01 – 2026-05-31", "since …", "all". Owned. */
char *report_period_shown(const struct report *report, const struct range *period);

/* Whole documents, appended to 'out'. */
void report_json(const struct report *report, struct buf *out);
/* One line for each row, with the section it is of. */
void report_jsonl(const struct report *report, struct buf *out);
/* One file that needs nothing else and runs nothing; everything that came from people is escaped. */
void report_html(const struct report *report, struct buf *out);
/* What ticket-xlsx makes a workbook of: one JSON document for its standard input. A sheet for each section, behind one that says what it is about. */
void report_workbook(const struct report *report, struct buf *out);
/* The same of the tickets behind the figures, of one section or of all (NULL): one sheet. */
void report_workbook_rows(const struct report *report, const char *section, struct buf *out);
/* The mail that a report goes with. Owned: report_letter_release. */
struct report_letter {
	char *subject, *body; /* what it is about, and its totals where it has any */
	char *key;            /* the same for the same figures in the same file, whenever they are computed */
};
/* 'file' is the name that the report has in the mail. */
void report_letter(const struct report *report, const char *file, struct report_letter *out);
void report_letter_release(struct report_letter *letter);
#define _cleanup_report_letter_ _cleanup_(report_letter_release)
/* A name for the report's file, without ending: "summary-2026-04-01-2026-04-30". Owned. */
char *report_file_name(const struct report *report);

/* For Prometheus' textfile collector: numbers only, and never a customer's name. */
void report_openmetrics(const struct report *report, struct buf *out);

#endif
