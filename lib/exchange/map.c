/* SPDX-License-Identifier: MIT */
/* The map file: its codec, and what a table cannot say about it. */
#include "exchange/map.h"

#include "model/event.h"
#include "model/ticket.h"
#include "ticket/text.h"

#include <ctype.h>

#define STRICT -1

static const char *const otherwise_words[] = {"", "reject", "keep", "ignore", "default", NULL};
static const char *const which_words[] = {"", "every", "first", "last", "earlier", "later", NULL};
static const char *const row_words[] = {"", "first", "last", NULL};
static const char *const rows_words[] = {"", "ticket", "event", NULL};
static const char *const order_words[] = {"", "time", "file", NULL};
static const char *const early_words[] = {"", "reject", "receipt", NULL};

#define TARGET_TEXT(name, member, correction) {name, CODEC_TEXT, offsetof(struct ticket, member), correction, NULL, 0}
#define TARGET_CHOICE(name, type, member, noun, list) {name, CODEC_##type, offsetof(struct ticket, member), name, noun, offsetof(struct policy, list)}
const struct map_target map_targets[] = {
	{"received", CODEC_TIME, offsetof(struct ticket, received), "received", NULL, 0},
	TARGET_CHOICE("channel", TEXT, channel, "channel", channels),
	TARGET_TEXT("address", source.address, "source.address"),
	TARGET_TEXT("customer_id", customer.id, "customer.id"),
	TARGET_TEXT("customer", customer.display, "customer.display"),
	TARGET_TEXT("contact", customer.contact, "customer.contact"),
	TARGET_TEXT("subject", subject, "subject"),
	TARGET_TEXT("description", description, "description"),
	TARGET_CHOICE("types", TEXTS, types, "type", types),
	TARGET_CHOICE("category", TEXT, category, "category", categories),
	TARGET_CHOICE("grade", TEXT, grade, "grade", grades),
	TARGET_CHOICE("priority", TEXT, priority, "priority", priorities),
	TARGET_CHOICE("risk", TEXT, risk, "risk", risks),
	TARGET_TEXT("wants", wants, "wants"),
	{"expects", CODEC_TIME, offsetof(struct ticket, expects), "expects", NULL, 0},
	TARGET_CHOICE("departments", TEXTS, departments, "department", departments),
	{NULL, CODEC_TEXT, 0, NULL, NULL, 0},
};

const struct map_target *map_target(const char *name)
{
	for (const struct map_target *target = map_targets; target->name; target++)
		if (strcmp(target->name, name) == 0)
			return target;
	return NULL;
}

/* --- the codec ------------------------------------------------------------------------------------------------- */

static const struct codec_field value_fields[] = {
	FIELD(TEXT, struct map_value, "column", column, CODEC_NOEMPTY),
	FIELD(TEXT, struct map_value, "template", template, CODEC_NOEMPTY),
	FIELD(TEXT, struct map_value, "value", constant, CODEC_NOEMPTY),
	FIELD_SUB(MAP, struct map_value, "values", values, 0, &pair_codec),
	FIELD_ENUM(struct map_value, "otherwise", otherwise, 0, otherwise_words),
	FIELD(TEXT, struct map_value, "default", fallback, CODEC_NOEMPTY),
	FIELD(TEXT, struct map_value, "into", into, CODEC_NOEMPTY),
	FIELD(TEXTS, struct map_value, "times", times, 0),
	FIELD(TEXTS, struct map_value, "clean", clean, 0),
	FIELD(TEXTS, struct map_value, "missing", missing, 0),
	FIELD(TEXT, struct map_value, "split", split, CODEC_NOEMPTY),
	FIELD_ENUM(struct map_value, "row", row, 0, row_words),
	CODEC_END,
};

static int check_value(void *object, struct codec_reading *in, struct ticket_error *err)
{
	struct map_value *value = object;
	int sources = (value->column != NULL) + (value->template != NULL) + (value->constant != NULL);
	unsigned ignored;
	struct ticket_error inner = {0};

	if (sources > 1)
		return codec_fail(in, NULL, err, "'column', 'template' and 'value' exclude each other");
	if (!sources && !value->fallback)
		return codec_fail(in, NULL, err, "a value needs 'column', 'template' or 'value'");
	if (value->otherwise && !value->values.n)
		return codec_fail(in, "otherwise", err, "stands without 'values'");
	if (value->otherwise == OTHERWISE_DEFAULT && !value->fallback)
		return codec_fail(in, "otherwise", err, "'default' needs a 'default'");
	if (cleaning_read(&ignored, &value->clean, &inner))
		return codec_fail(in, "clean", err, "%s", inner.message);
	for (size_t i = 0; i < value->times.n; i++) {
		struct time_format *format = list_push(&value->formats);

		if (time_format_read(format, value->times.v[i], &inner))
			return codec_fail(in, "times", err, "%s", inner.message);
	}
	return 0;
}

static const struct codec value_codec = {"value", sizeof(struct map_value), value_fields, 0, STRICT, check_value};

static const struct codec_field member_fields[] = {
	FIELD(TEXT, struct map_member, "name", name, CODEC_KEY),
	FIELD_SUB(OBJECT, struct map_member, "value", value, CODEC_VALUE, &value_codec),
	CODEC_END,
};
static const struct codec member_codec = {"member", sizeof(struct map_member), member_fields, 0, STRICT, NULL};

static const struct codec_field condition_fields[] = {
	FIELD(TEXT, struct map_condition, "column", column, CODEC_KEY),
	FIELD(TEXTS, struct map_condition, "patterns", patterns, CODEC_VALUE),
	CODEC_END,
};
static const struct codec condition_codec = {"condition", sizeof(struct map_condition), condition_fields, 0, STRICT, NULL};

static const struct codec_field event_rule_fields[] = {
	FIELD(TEXT, struct map_event, "do", does, CODEC_REQUIRED),
	FIELD(TEXTS, struct map_event, "on", on, 0),
	FIELD(TEXTS, struct map_event, "from", from, 0),
	FIELD(TEXTS, struct map_event, "to", to, 0),
	FIELD_SUB(MAP, struct map_event, "when", when, 0, &condition_codec),
	FIELD_SUB(MAP, struct map_event, "before", before, 0, &condition_codec),
	FIELD_ENUM(struct map_event, "which", which, 0, which_words),
	FIELD_SUB(OBJECT, struct map_event, "at", at, 0, &value_codec),
	FIELD_SUB(MAP, struct map_event, "set", set, 0, &member_codec),
	CODEC_END,
};

/* Can a map set this member of an event? Signature and engine's own records it cannot. */
static bool settable(enum event_kind kind, const struct codec_field *field)
{
	static const char *const never[] = {"id", "at", "recorded", "do", "clock", "cycle", "undoes", "other", "old", "new", "changes"};

	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		if (strcmp(field->key, never[i]) == 0)
			return false;
	return event_uses(kind, field->key) && (field->type == CODEC_TEXT || field->type == CODEC_TEXTS || field->type == CODEC_TIME || field->type == CODEC_FLAG);
}

static int check_set(const struct map_event *rule, struct codec_reading *in, struct ticket_error *err)
{
	for (size_t i = 0; i < rule->set.n; i++) {
		const char *names[64], *near;
		size_t n = 0;
		const struct codec_field *known = codec_field(&event_codec, rule->set.v[i].name);

		if (known && settable((enum event_kind)rule->kind, known))
			continue;
		for (const struct codec_field *field = event_codec.fields; field->key && n < ARRAY_SIZE(names); field++)
			if (settable((enum event_kind)rule->kind, field))
				names[n++] = field->key;
		near = text_nearest(rule->set.v[i].name, names, n);
		if (near)
			return codec_fail(in, "set", err, "'%s' has no '%s' to set; did you mean '%s'?", rule->does, rule->set.v[i].name, near);
		return codec_fail(in, "set", err, "'%s' has no '%s' to set", rule->does, rule->set.v[i].name);
	}
	return 0;
}

static int check_event_rule(void *object, struct codec_reading *in, struct ticket_error *err)
{
	static const enum event_kind never[] = {EVENT_OPENED, EVENT_MERGED, EVENT_SPLIT, EVENT_LINKED, EVENT_ATTACHED, EVENT_CORRECTED, EVENT_WARNED,
						EVENT_BREACHED, EVENT_NOTIFIED, EVENT_RENUMBERED, EVENT_RETARGETED, EVENT_QUARANTINED, EVENT_RELEASED};
	struct map_event *rule = object;
	const char *words[EVENT_KINDS], *near;

	rule->kind = (int)event_kind(rule->does);
	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		if (rule->kind == (int)never[i])
			return codec_fail(in, "do", err, "'%s' cannot come from a file", rule->does);
	if (rule->kind == EVENT_NONE) {
		for (int kind = 0; kind < EVENT_KINDS; kind++)
			words[kind] = event_word((enum event_kind)kind);
		near = text_nearest(rule->does, words + 1, EVENT_KINDS - 1);
		if (near)
			return codec_fail(in, "do", err, "'%s' is no event; did you mean '%s'?", rule->does, near);
		return codec_fail(in, "do", err, "'%s' is no event", rule->does);
	}
	if ((rule->from.n || rule->to.n) && !rule->on.n)
		return codec_fail(in, NULL, err, "'from' and 'to' need 'on': the column that changes");
	return check_set(rule, in, err);
}

static const struct codec event_rule_codec = {"event rule", sizeof(struct map_event), event_rule_fields, 0, STRICT, check_event_rule};

#define PART(part, kind, key, member) {key, CODEC_##kind, offsetof(struct map, part.member) - offsetof(struct map, part), 0, NULL, NULL, NULL}
static const struct codec_field file_fields[] = {
	PART(file, TEXT, "format", format), PART(file, TEXT, "encoding", encoding), PART(file, TEXT, "delimiter", delimiter), PART(file, TEXT, "list", list),
	PART(file, FLAG, "trim", trim), PART(file, TEXTS, "columns", columns), CODEC_END,
};
static const struct codec file_codec = {"file", sizeof(((struct map *)0)->file), file_fields, 0, STRICT, NULL};
static const struct codec_field key_fields[] = {
	PART(key, TEXTS, "columns", columns), PART(key, FLAG, "digest", digest), PART(key, FLAG, "count", count), PART(key, TEXT, "prefix", prefix), CODEC_END,
};
static const struct codec key_codec = {"key", sizeof(((struct map *)0)->key), key_fields, 0, STRICT, NULL};

static const struct codec_field map_fields[] = {
	FIELD(INT, struct map, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct map, "name", name, 0),
	FIELD_ENUM(struct map, "rows", rows, CODEC_REQUIRED, rows_words),
	FIELD_SUB(OBJECT, struct map, "file", file, 0, &file_codec),
	FIELD(TEXT, struct map, "time_zone", time_zone, CODEC_NOEMPTY),
	FIELD(TEXTS, struct map, "times", times, 0),
	FIELD(TEXTS, struct map, "missing", missing, 0),
	FIELD(TEXTS, struct map, "clean", clean, 0),
	FIELD_SUB(OBJECT, struct map, "key", key, CODEC_REQUIRED, &key_codec),
	FIELD_SUB(OBJECT, struct map, "time", time, 0, &value_codec),
	FIELD_ENUM(struct map, "order", order, 0, order_words),
	FIELD_ENUM(struct map, "early", early, 0, early_words),
	FIELD_SUB(MAP, struct map, "ticket", ticket, CODEC_REQUIRED, &member_codec),
	FIELD_SUB(MAP, struct map, "fields", fields, 0, &member_codec),
	FIELD_SUB(LIST, struct map, "events", events, 0, &event_rule_codec),
	CODEC_END,
};

/* --- columns --------------------------------------------------------------------------------------------------- */

static size_t use_column(struct map *map, const char *name, const char *path)
{
	for (size_t i = 0; i < map->columns.n; i++)
		if (strcmp(map->columns.v[i], name) == 0)
			return i;
	texts_add(&map->columns, name);
	texts_add(&map->paths, path);
	return map->columns.n - 1;
}

static void add_part(struct map_value *value, const char *text, size_t n, size_t column, size_t group)
{
	struct template_part *part;

	if (text && !n)
		return;
	part = list_push(&value->parts);
	*part = (struct template_part){.text = text ? xstrndup(text, n) : NULL, .column = column, .group = group};
}

/* "{column}" is the column, "[ … ]" is dropped when the columns in it say nothing; "{{" and "[[" stand for one. */
static int read_template(struct map *map, struct map_value *value, const char *path, struct codec_reading *in, struct ticket_error *err)
{
	size_t group = 0, groups = 0;

	for (const char *p = value->template; *p;) {
		size_t plain = strcspn(p, "{[]");

		add_part(value, p, plain, 0, group);
		p += plain;
		if (!*p)
			break;
		if (p[1] == *p) {
			add_part(value, p, 1, 0, group);
			p += 2;
		} else if (*p == '{') {
			size_t n = strcspn(p + 1, "}");
			_cleanup_free_ char *name = xstrndup(p + 1, n);

			if (!p[1 + n] || !n)
				return codec_fail(in, NULL, err, "%s: the template '%s' has a '{' without its column and '}'", path, value->template);
			add_part(value, NULL, 0, use_column(map, name, path), group);
			p += n + 2;
		} else {
			if ((*p == '[') == (group != 0))
				return codec_fail(in, NULL, err, "%s: the template '%s' has a '%c' out of place", path, value->template, *p);
			group = *p++ == '[' ? ++groups : 0;
		}
	}
	return group ? codec_fail(in, NULL, err, "%s: the template '%s' has a '[' without its ']'", path, value->template) : 0;
}

static int prepare_value(struct map *map, struct map_value *value, const char *path, struct codec_reading *in, struct ticket_error *err)
{
	value->slot = value->column ? use_column(map, value->column, path) : SIZE_MAX;
	cleaning_read(&value->cleaning, value->clean.n ? &value->clean : &map->clean, NULL);
	if (value->into && !value->values.n && !value->column)
		return codec_fail(in, NULL, err, "%s.into: needs a 'column'", path);
	return value->template ? read_template(map, value, path, in, err) : 0;
}

static int prepare_members(struct map *map, struct map_member *members, size_t n, const char *path, struct codec_reading *in, struct ticket_error *err)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *at = xasprintf("%s.%s", path, members[i].name);

		if (prepare_value(map, &members[i].value, at, in, err))
			return TICKET_USAGE;
	}
	return 0;
}

static void prepare_conditions(struct map *map, struct map_condition *list, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *at = xasprintf("%s.%s", path, list[i].column);

		list[i].slot = use_column(map, list[i].column, at);
	}
}

static int prepare_event(struct map *map, size_t i, struct codec_reading *in, struct ticket_error *err)
{
	struct map_event *rule = &map->events.v[i];
	_cleanup_free_ char *on = xasprintf("events[%zu].on", i), *at = xasprintf("events[%zu].at", i), *set = xasprintf("events[%zu].set", i),
			    *when = xasprintf("events[%zu].when", i), *before = xasprintf("events[%zu].before", i);

	if ((rule->on.n || rule->before.n) && map->rows != ROWS_ARE_EVENTS)
		return codec_fail(in, NULL, err, "%s: only an event log (\"rows\": \"event\") has changes from row to row", rule->on.n ? on : before);
	for (size_t c = 0; c < rule->on.n; c++)
		*list_push(&rule->on_slots) = use_column(map, rule->on.v[c], on);
	prepare_conditions(map, rule->when.v, rule->when.n, when);
	prepare_conditions(map, rule->before.v, rule->before.n, before);
	if (prepare_value(map, &rule->at, at, in, err))
		return TICKET_USAGE;
	return prepare_members(map, rule->set.v, rule->set.n, set, in, err);
}

/* --- checks ---------------------------------------------------------------------------------------------------- */

static int check_members(const struct map *map, struct codec_reading *in, struct ticket_error *err)
{
	const char *names[32], *near;
	bool received = false, channel = false;
	size_t n = 0;

	for (const struct map_target *target = map_targets; target->name; target++)
		names[n++] = target->name;
	for (size_t i = 0; i < map->ticket.n; i++) {
		const char *name = map->ticket.v[i].name;

		received |= strcmp(name, "received") == 0;
		channel |= strcmp(name, "channel") == 0;
		if (map_target(name))
			continue;
		near = text_nearest(name, names, n);
		if (near)
			return codec_fail(in, "ticket", err, "a ticket has no '%s'; did you mean '%s'; the desk's own fields stand under 'fields'", name, near);
		return codec_fail(in, "ticket", err, "a ticket has no '%s'; the desk's own fields stand under 'fields'", name);
	}
	if (!received || !channel)
		return codec_fail(in, "ticket", err, "lacks '%s'", received ? "channel" : "received");
	return 0;
}

static int check_file(const struct map *map, struct codec_reading *in, struct ticket_error *err)
{
	struct ticket_error inner = {0};
	enum rows_format format;
	struct zone *zone = NULL;

	if (rows_format_read(&format, map->file.format, &inner))
		return codec_fail(in, "file", err, "%s", inner.message);
	if (map->file.delimiter && strlen(map->file.delimiter) != 1)
		return codec_fail(in, "file", err, "the delimiter must be one ASCII character");
	if (map->time_zone && zone_open(&zone, map->time_zone, &inner))
		return codec_fail(in, "time_zone", err, "%s", inner.message);
	zone_free(zone);
	if (!map->key.columns.n)
		return codec_fail(in, "key", err, "needs 'columns': what tells one %s from another", map->rows == ROWS_ARE_EVENTS ? "case" : "row");
	if (map->key.count && map->rows == ROWS_ARE_EVENTS)
		return codec_fail(in, "key", err, "'count' is for one row per ticket: in an event log the rows of one key are one case");
	if (map->rows == ROWS_ARE_EVENTS && !codec_member_present(codec_field(&(struct codec){.fields = map_fields}, "time"), map))
		return codec_fail(in, NULL, err, "an event log needs 'time': when a row happened");
	return 0;
}

static int check_map(void *object, struct codec_reading *in, struct ticket_error *err)
{
	struct map *map = object;
	struct ticket_error inner = {0};
	unsigned ignored;

	if (check_file(map, in, err) || check_members(map, in, err))
		return TICKET_USAGE;
	if (cleaning_read(&ignored, &map->clean, &inner))
		return codec_fail(in, "clean", err, "%s", inner.message);
	if (!map->times.n)
		texts_add(&map->times, "iso");
	for (size_t i = 0; i < map->times.n; i++)
		if (time_format_read(list_push(&map->formats), map->times.v[i], &inner))
			return codec_fail(in, "times", err, "%s", inner.message);
	for (size_t i = 0; i < map->key.columns.n; i++)
		*list_push(&map->key_slots) = use_column(map, map->key.columns.v[i], "key.columns");
	if (prepare_value(map, &map->time, "time", in, err) || prepare_members(map, map->ticket.v, map->ticket.n, "ticket", in, err) ||
	    prepare_members(map, map->fields.v, map->fields.n, "fields", in, err))
		return TICKET_USAGE;
	for (size_t i = 0; i < map->events.n; i++)
		if (prepare_event(map, i, in, err))
			return TICKET_USAGE;
	return 0;
}

static const struct codec map_codec = {"map", sizeof(struct map), map_fields, 1, STRICT, check_map};

/* --- reading and giving back ----------------------------------------------------------------------------------- */

static void release_value(struct map_value *value)
{
	for (size_t i = 0; i < value->parts.n; i++)
		free(value->parts.v[i].text);
	free(value->parts.v);
	free(value->formats.v);
}

static void release_members(struct map_member *members, size_t n)
{
	for (size_t i = 0; i < n; i++)
		release_value(&members[i].value);
}

/* What map_read made besides what the codec knows. */
static void release_made(struct map *map)
{
	release_value(&map->time);
	release_members(map->ticket.v, map->ticket.n);
	release_members(map->fields.v, map->fields.n);
	for (size_t i = 0; i < map->events.n; i++) {
		release_value(&map->events.v[i].at);
		release_members(map->events.v[i].set.v, map->events.v[i].set.n);
		free(map->events.v[i].on_slots.v);
	}
	texts_release(&map->columns);
	texts_release(&map->paths);
	free(map->key_slots.v);
	free(map->formats.v);
	free(map->origin);
	free(map->text);
}

void map_free(struct map *map)
{
	if (!map)
		return;
	release_made(map);
	codec_release(&map_codec, map);
	free(map);
}

int map_read(struct map **out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	_cleanup_map_ struct map *map = xcalloc(1, sizeof(*map));
	struct json_document doc;
	struct codec_reading in = {.doc = &doc};
	int failed;

	*out = NULL;
	map->origin = xstrdup(origin);
	map->text = xstrndup(text, length);
	map->length = length;
	if ((failed = json_parse(&doc, map->text, length, map->origin, err)))
		return failed;
	failed = codec_read_node(&map_codec, map, doc.root, &in, err);
	json_release(&doc);
	if (failed)
		return failed;
	*out = steal_ptr(map);
	return 0;
}

int map_blame(const struct map *map, size_t column, struct ticket_error *err)
{
	const char *path = map->paths.v[column];
	struct json_document doc = {.text = map->text, .length = map->length};
	size_t line = json_line(&doc, path);

	return line ? ticket_fail_in(err, "%s:%zu: %s: ", map->origin, line, path) : ticket_fail_in(err, "%s: %s: ", map->origin, path);
}

static int check_own(const struct map *map, const struct policy *policy, const char *name, const char *path, struct ticket_error *err)
{
	const char *names[256], *near;
	struct json_document doc = {.text = map->text, .length = map->length};
	size_t n = 0;

	for (size_t i = 0; i < policy->fields.n && n < ARRAY_SIZE(names); i++) {
		if (!policy->fields.v[i].own)
			continue;
		if (strcmp(policy->fields.v[i].name, name) == 0)
			return 0;
		names[n++] = policy->fields.v[i].name;
	}
	near = text_nearest(name, names, n);
	if (near)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: %s: the desk's policy '%s' has no field '%s' of its own; did you mean '%s'?", map->origin, json_line(&doc, path), path,
				   policy->name, name, near);
	return ticket_fail(err, TICKET_USAGE, "%s:%zu: %s: the desk's policy '%s' has no field '%s' of its own", map->origin, json_line(&doc, path), path, policy->name, name);
}

int map_check(const struct map *map, const struct policy *policy, struct ticket_error *err)
{
	for (size_t i = 0; i < map->fields.n; i++) {
		_cleanup_free_ char *path = xasprintf("fields.%s", map->fields.v[i].name);

		if (check_own(map, policy, map->fields.v[i].name, path, err))
			return TICKET_USAGE;
	}
	for (size_t i = 0; i < map->ticket.n; i++) {
		_cleanup_free_ char *path = xasprintf("ticket.%s.into", map->ticket.v[i].name);

		if (map->ticket.v[i].value.into && check_own(map, policy, map->ticket.v[i].value.into, path, err))
			return TICKET_USAGE;
	}
	return 0;
}
