/* SPDX-License-Identifier: MIT */
/* Maps: how the rows of a foreign file become tickets and events, as data (ticket-map(5), design §9). */
#ifndef EXCHANGE_MAP_H
#define EXCHANGE_MAP_H

#include "exchange/rows.h"
#include "exchange/timeformat.h"
#include "model/codec.h"
#include "ticket/policy.h"

/* What happens to a value that the table of values does not know. */
enum otherwise { OTHERWISE_REJECT, OTHERWISE_REJECT_TOO, OTHERWISE_KEEP, OTHERWISE_IGNORE, OTHERWISE_DEFAULT };

/* A part of a template: text, or a column; parts of one '[ … ]' stand or fall together. */
struct template_part {
	char *text;    /* NULL: a column */
	size_t column; /* index into map.columns */
	size_t group;  /* 0: always there */
};

/* Where a value comes from and what is made of it. */
struct map_value {
	char *column, *template, *constant; /* one of them */
	struct pairs values;  /* what the file says → what the desk says; "" leaves it out */
	int otherwise;        /* enum otherwise */
	char *fallback;       /* where the file says nothing */
	char *into;           /* the desk's own field that keeps a value which the desk does not know */
	struct texts times, clean, missing; /* instead of the map's */
	char *split;          /* between the items of a list */
	int row;              /* event log: 0 and "first", or "last" row of the case */

	/* Made by map_read. */
	size_t slot;          /* of 'column' in map.columns; SIZE_MAX: none */
	LIST(struct template_part) parts;
	LIST(struct time_format) formats; /* of 'times' */
	unsigned cleaning;    /* of 'clean', or the map's */
};

/* A member of a ticket, an own field or a member of an event, and its value. */
struct map_member {
	char *name;
	struct map_value value;
};

/* A column must match one of the patterns: '*' stands for any text, "" is missing, a leading '!' excludes. */
struct map_condition {
	char *column;
	struct texts patterns;
	size_t slot;
};

enum which { WHICH_EVERY, WHICH_EVERY_TOO, WHICH_FIRST, WHICH_LAST, WHICH_EARLIER, WHICH_LATER };

/* When a row tells of an event, and of which. */
struct map_event {
	char *does;           /* "do": the event's word */
	struct texts on;      /* event log: columns; one of them must have changed against the row before */
	struct texts from, to; /* patterns for the first of these columns: before, and now */
	LIST(struct map_condition) when, before; /* on this row, on the row before */
	int which;            /* of several that this rule gives in one case */
	struct map_value at;
	LIST(struct map_member) set;

	/* Made by map_read. */
	int kind;             /* enum event_kind */
	LIST(size_t) on_slots;
};

struct map {
	int64_t format;
	char *name;
	int rows;             /* ROWS_ARE_TICKETS, ROWS_ARE_EVENTS */
	struct {
		char *format, *encoding, *delimiter, *list;
		bool trim;
		struct texts columns;
	} file;
	char *time_zone;
	struct texts times, missing, clean;
	struct {
		struct texts columns;
		bool digest; /* of the columns' text: for files that number nothing */
		bool count;  /* the same key again is another ticket: "KEY-2" … */
		char *prefix;
	} key;
	struct map_value time; /* event log: when the row happened */
	int order;            /* event log: 0 and "time", or "file": the rows of a case stand in their order */
	int early;            /* an event before the receipt: 0 and "reject", or "receipt" */
	LIST(struct map_member) ticket, fields;
	LIST(struct map_event) events;

	/* Made by map_read. */
	struct texts columns;  /* every column of the file that is used */
	struct texts paths;    /* where in the map each of them was named first */
	LIST(size_t) key_slots;
	LIST(struct time_format) formats;
	char *origin, *text;   /* of the map file, for errors found later */
	size_t length;
};
enum { ROWS_ARE_TICKETS = 1, ROWS_ARE_EVENTS = 2, ORDER_OF_FILE = 2, EARLY_TO_RECEIPT = 2, ROW_LAST = 2 };

/* Reads and checks a map. '*out' is owned: map_free. TICKET_USAGE names file, line and key path. */
int map_read(struct map **out, const char *text, size_t length, const char *origin, struct ticket_error *err);
void map_free(struct map *map);
DEFINE_CLEANUP(struct map *, map_free)
#define _cleanup_map_ _cleanup_(map_free_p)

/* Checks what the map says of the desk against its policy: own fields. TICKET_USAGE as above. */
int map_check(const struct map *map, const struct policy *policy, struct ticket_error *err);
/* Puts "MAP:LINE: PATH: " before an error about a column that the file does not have (rows.missing). */
int map_blame(const struct map *map, size_t column, struct ticket_error *err);

/* The members of "ticket": where each lives in struct ticket, and what list of the policy it is held against. */
struct map_target {
	const char *name;
	enum codec_type type;   /* CODEC_TEXT, CODEC_TEXTS, CODEC_TIME */
	size_t offset;          /* in struct ticket */
	const char *correction; /* how `correct` calls it */
	const char *noun;       /* of the policy's list; NULL: no list */
	size_t list;            /* offset of that list in struct policy */
};
extern const struct map_target map_targets[];
const struct map_target *map_target(const char *name); /* NULL: there is none */

/* --- evaluation (value.c) -------------------------------------------------------------------------------------- */

/* May a row be stored without what is wrong with it, and whose fault is that then? */
enum doubt_kind { DOUBT_NONE, DOUBT_ENTRY, DOUBT_SYSTEM };
/* Why a row is rejected, and where it is wrong. */
struct fault {
	enum doubt_kind doubt;
	size_t line;
	const char *column; /* borrowed; NULL: the row as a whole */
	struct ticket_error err;
};

/* What values are read from and by. */
struct map_context {
	const struct map *map;
	const struct zone *zone; /* of times without an offset */
	int64_t now_s;
};

/* '*out' is owned; NULL when the file says nothing. Non-zero: 'fault' says why not. */
int map_text(char **out, const struct map_value *value, const struct map_context *context, const struct row *row, struct fault *fault);
/* The items of a list, one by one through the table of values. */
int map_texts(struct texts *out, const struct map_value *value, const struct map_context *context, const struct row *row, struct fault *fault);
/* Not set when the file says nothing. */
int map_time(struct stamp *out, const struct map_value *value, const struct map_context *context, const struct row *row, struct fault *fault);
/* The cell as it is compared: cleaned, stripped; "" when missing. Owned. */
char *map_cell(size_t slot, const struct map_context *context, const struct row *row);
/* One pattern list against one text. */
bool map_matches(const struct texts *patterns, const char *text);
bool map_conditions_hold(const struct map_condition *list, size_t n, const struct map_context *context, const struct row *row);
/* The key of a row; owned. A fault when it is empty. */
int map_key(char **out, const struct map_context *context, const struct row *row, struct fault *fault);
/* What the file says, cleaned, before any table of values; NULL when it says nothing. Owned. */
char *map_raw(const struct map_value *value, const struct map_context *context, const struct row *row);
/* Marks a fault as one that `import --quarantine` may store the row without. Returns TICKET_REFUSED. */
int map_doubt(struct fault *fault, enum doubt_kind doubt);
int map_fault(struct fault *fault, const struct row *row, const struct map_value *value, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The bits of a list of cleaning words; TICKET_USAGE names the word. */
int cleaning_read(unsigned *out, const struct texts *words, struct ticket_error *err);
/* Cleans in place. */
void clean_text(char *text, unsigned cleaning);

#endif
