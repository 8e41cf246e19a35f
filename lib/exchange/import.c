/* SPDX-License-Identifier: MIT */
/* Import: read, plan, record, one commit; see ticket/import.h. */
#include "exchange/import.h"

#include "privacy/digest.h"
#include "desk/desk.h"
#include "desk/index.h"
#include "desk/intake.h"
#include "exchange/encoding.h"
#include "exchange/match.h"
#include "exchange/rejects.h"
#include "ticket/language.h"

#define REASONS_SHOWN 5

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

void import_summary_release(struct import_summary *summary)
{
	rejects_release(&summary->rejects);
	free(summary->file);
	free(summary->digest);
	free(summary->encoding);
	buf_release(&summary->rejected);
	*summary = (struct import_summary){0};
}

int import_read_rows(struct import *import, const struct rows_options *options, const char *encoding, struct ticket_error *err)
{
	const struct import_job *job = import->job;
	const char *used;
	int failed;

	if ((failed = text_decode(&import->rows.text, job->bytes, job->n_bytes, encoding, job->file, &used, err)))
		return failed;
	import->out->encoding = xstrdup(used);
	failed = rows_read(&import->rows, options, job->file, err);
	import->out->rows = import->rows.list.n;
	import->out->rejected_suffix = import->rows.format == ROWS_CSV ? "csv" : "jsonl";
	return failed;
}

/* --- what is there already ------------------------------------------------------------------------------------- */

/* A ticket is found by the index in a fraction of a millisecond, and read in a pass over the desk in a tenth of that. */
#define FEW_DRAFTS 2000

static int find_one(struct import *import, struct index *index, key_lookup *lookup, const struct draft *draft, desk_visitor *see, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *number = NULL;
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed = lookup(index, draft->key, &number, err);

	if (failed)
		return failed == TICKET_NOTFOUND ? 0 : failed;
	failed = desk_read_from(import->desk, &import->desk->head.tree, number, &ticket, err);
	return failed ? failed : see(ticket, data, err);
}

int import_find(struct import *import, key_lookup *lookup, desk_visitor *see, void *data, struct ticket_error *err)
{
	_cleanup_(index_close_p) struct index *index = NULL;
	int failed;

	if (import->plan.drafts.n > FEW_DRAFTS)
		return desk_each(import->desk, NULL, see, data, err);
	failed = desk_index(import->desk, &import->desk->head, &index, err);
	for (size_t i = 0; i < import->plan.drafts.n && !failed; i++)
		failed = find_one(import, index, lookup, import->plan.drafts.v[i], see, data, err);
	return failed;
}

/* --- the summary ----------------------------------------------------------------------------------------------- */

static void count_fates(struct import *import)
{
	struct import_summary *out = import->out;

	out->tickets_new = out->tickets_changed = out->tickets_unchanged = 0;
	for (size_t i = 0; i < import->plan.drafts.n; i++) {
		enum fate fate = import->plan.drafts.v[i]->fate;

		out->tickets_new += fate == FATE_NEW;
		out->tickets_changed += fate == FATE_CHANGED;
		out->tickets_unchanged += fate == FATE_UNCHANGED;
	}
}

static void summarise(struct import *import)
{
	struct import_summary *out = import->out;
	struct plan *plan = &import->plan;

	count_fates(import);
	rejects_gather(plan);
	rejects_write(plan, &out->rejected);
	for (size_t i = 0; i < plan->rejects.n; i++) {
		const struct fault *fault = &plan->rejects.v[i].fault;

		*list_push(&out->rejects) = (struct import_reject){fault->line, xstrdup(fault->column), xstrdup(fault->err.message)};
	}
	out->repeated = plan->repeated;
	out->taken = out->rows - out->rejects.n;
}

static int refuse(const struct import *import, struct ticket_error *err)
{
	const struct import_summary *out = import->out;
	_cleanup_buf_ struct buf list = {0};

	for (size_t i = 0; i < out->rejects.n && i < REASONS_SHOWN; i++) {
		const struct import_reject *reject = &out->rejects.v[i];

		if (reject->column)
			buf_addf(&list, _("\n  line %zu, '%s': %.300s"), reject->line, reject->column, reject->reason);
		else
			buf_addf(&list, _("\n  line %zu: %.300s"), reject->line, reject->reason);
	}
	if (out->rejects.n > REASONS_SHOWN)
		buf_addf(&list, _("\n  … and %zu more"), out->rejects.n - REASONS_SHOWN);
	if (import->job->keep_going)
		return ticket_fail(err, TICKET_PARTIAL, "%zu of %zu rows of '%s' were rejected:%s", out->rejects.n, out->rows, out->file, list.p);
	return ticket_fail(err, TICKET_REFUSED, "%zu of %zu rows of '%s' were rejected, so nothing was written (--keep-going takes the others):%s", out->rejects.n, out->rows, out->file, list.p);
}

/* --- recording ------------------------------------------------------------------------------------------------- */

static void progress(const struct import *import, size_t done)
{
	const struct desk_context *context = &import->desk->context;

	if (context->progress && (done % 256 == 0 || done == import->plan.drafts.n))
		context->progress(context->progress_data, "importing", done, import->plan.drafts.n);
}

/* Records every draft that is not rejected yet; '*rejected' counts those that the desk refuses. */
static int record_all(struct import *import, recorder *record, size_t *rejected, struct ticket_error *err)
{
	struct plan *plan = &import->plan;

	*rejected = 0;
	for (size_t i = 0; i < plan->drafts.n; i++) {
		struct draft *draft = plan->drafts.v[i];
		int failed;

		progress(import, i + 1);
		if (draft->fate == FATE_REJECTED || draft->fate == FATE_UNCHANGED)
			continue;
		if (!(failed = record(import, draft, err)))
			continue;
		if (failed != TICKET_REFUSED && failed != TICKET_USAGE && failed != TICKET_NOTFOUND)
			return failed;
		draft->fate = FATE_REJECTED;
		draft->fault.err = *err;
		if (!draft->fault.line) {
			draft->faulty_row = draft->rows.v[0];
			draft->fault.line = plan->rows->list.v[draft->faulty_row].line;
		}
		++*rejected;
	}
	return 0;
}

static int begin(struct import *import, finder *find, bool again, struct ticket_error *err)
{
	int failed;

	change_free(import->change);
	import->change = NULL;
	import->out->events = 0;
	import->out->quarantined_entry = import->out->quarantined_system = 0;
	if ((failed = change_begin(&import->change, import->desk, err)))
		return failed;
	change_past(import->change);
	return again ? 0 : find(import, err);
}

static int commit(struct import *import, struct ticket_error *err)
{
	struct import_summary *out = import->out;
	int failed;

	count_fates(import);
	change_subject(import->change, "import %s: %zu new, %zu changed (SHA-256 %s)", out->file, out->tickets_new, out->tickets_changed, out->digest);
	if ((failed = change_commit(import->change, import->job->dry_run, err)))
		return failed;
	out->written = !import->job->dry_run && (out->tickets_new || out->tickets_changed);
	return 0;
}

int import_carry_out(struct import *import, finder *find, recorder *record, struct ticket_error *err)
{
	struct plan *plan = &import->plan;
	size_t rejected = 0, before = plan->rejects.n;
	int failed;

	for (size_t i = 0; i < plan->drafts.n; i++)
		before += plan->drafts.v[i]->fate == FATE_REJECTED;
	if ((failed = begin(import, find, false, err)) || (failed = record_all(import, record, &rejected, err)))
		return failed;
	/* A refused ticket may be half recorded: what is good is recorded anew, without it. */
	while (rejected && import->job->keep_going) {
		before += rejected;
		if ((failed = begin(import, find, true, err)) || (failed = record_all(import, record, &rejected, err)))
			return failed;
	}
	if (before + rejected == 0 || import->job->keep_going)
		if ((failed = commit(import, err)))
			return failed;
	change_free(import->change);
	import->change = NULL;
	summarise(import);
	return import->out->rejects.n ? refuse(import, err) : 0;
}

/* --- files by a map -------------------------------------------------------------------------------------------- */

/* Was it set apart for the same reasons already, and released since? Then somebody has seen it. */
static bool is_doubted_before(const struct plan *plan, const struct draft *draft, const struct ticket *ticket)
{
	_cleanup_ticket_ struct ticket *copy = ticket_copy(draft->ticket);
	struct event event = {0};
	bool before = false;

	draft_quarantined(draft, &event);
	intake_preview(plan->policy, copy, &event, 1, NULL);
	for (size_t i = 0; i < ticket->events.n && !before; i++)
		before = ticket->events.v[i].kind == EVENT_QUARANTINED && text_equal(ticket->events.v[i].text, event.text);
	event_release(&event);
	return before;
}

static int see_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct plan *plan = data;
	struct draft *draft = ticket->source.key ? plan_find(plan, ticket->source.key) : NULL;
	struct additions additions = {0};
	bool doubted;

	if (!draft || draft->fate == FATE_REJECTED)
		return 0;
	draft_mask(plan, draft);
	if (draft->fate == FATE_REJECTED)
		return 0;
	match_draft(&additions, plan, draft, ticket);
	doubted = draft_is_doubtful(draft) && !ticket->quarantined && !is_doubted_before(plan, draft, ticket);
	draft->fate = additions_none(&additions) && !doubted ? FATE_UNCHANGED : FATE_CHANGED;
	replace_text(&draft->number, ticket->id);
	additions_release(&additions);
	return 0;
}

static int find_by_key(struct import *import, struct ticket_error *err)
{
	return import_find(import, index_key, see_ticket, &import->plan, err);
}

static int record_events(struct import *import, struct draft *draft, struct ticket *ticket, const size_t *which, size_t n, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < n && !failed; i++) {
		size_t index = which ? which[i] : i;
		struct event event = {0};

		event_copy(&event, &draft->events.v[index]);
		if ((failed = change_record(import->change, ticket, &event, NULL, err))) {
			draft->faulty_row = draft->event_rows.v[index];
			draft->fault.line = import->rows.list.v[draft->faulty_row].line;
		}
		import->out->events++;
	}
	return failed;
}

/* A doubtful record is there, but counts nowhere until somebody has looked at it: the clock of that begins now (C14). */
static int set_apart(struct import *import, const struct draft *draft, struct ticket *ticket, struct ticket_error *err)
{
	struct event event = {0};
	bool entry;
	int failed;

	if (!draft_is_doubtful(draft) || ticket->quarantined)
		return 0;
	draft_quarantined(draft, &event);
	entry = text_equal(event.cause, "entry");
	if ((failed = change_record(import->change, ticket, &event, NULL, err)))
		return failed;
	import->out->events++;
	import->out->quarantined_entry += entry;
	import->out->quarantined_system += !entry;
	return 0;
}

static int record_new(struct import *import, struct draft *draft, struct ticket_error *err)
{
	struct event opened = {.at = draft->ticket->received, .automatic = draft->incomplete};
	struct ticket *ticket;
	int failed = change_new(import->change, ticket_copy(draft->ticket), &opened, &ticket, err);

	if (failed)
		return failed;
	import->out->events++;
	failed = record_events(import, draft, ticket, NULL, draft->events.n, err);
	return failed ? failed : set_apart(import, draft, ticket, err);
}

static int record_changed(struct import *import, struct draft *draft, struct ticket_error *err)
{
	struct additions additions = {0};
	struct ticket *ticket;
	int failed = change_ticket(import->change, draft->number, &ticket, err);

	if (failed)
		return failed;
	match_draft(&additions, &import->plan, draft, ticket);
	if (additions.corrected.changes.n) {
		additions.corrected.automatic = true;
		additions.corrected.reason = xasprintf("'%s' was imported with other values", import->out->file);
		failed = change_record(import->change, ticket, &additions.corrected, NULL, err);
		import->out->events++;
	}
	if (!failed)
		failed = record_events(import, draft, ticket, additions.events.v, additions.events.n, err);
	if (!failed && !is_doubted_before(&import->plan, draft, ticket))
		failed = set_apart(import, draft, ticket, err);
	additions_release(&additions);
	return failed;
}

static int record_draft(struct import *import, struct draft *draft, struct ticket_error *err)
{
	return draft->fate == FATE_CHANGED ? record_changed(import, draft, err) : record_new(import, draft, err);
}

/* A default of the call goes before the map's; a member that the map leaves out is added. */
static int apply_default(struct map *map, const struct pair *given, struct ticket_error *err)
{
	struct map_member *member = NULL;
	bool target = map_target(given->key) != NULL;

	for (size_t i = 0; i < map->ticket.n; i++)
		if (target && strcmp(map->ticket.v[i].name, given->key) == 0)
			member = &map->ticket.v[i];
	for (size_t i = 0; i < map->fields.n; i++)
		if (!target && strcmp(map->fields.v[i].name, given->key) == 0)
			member = &map->fields.v[i];
	if (!target && !member)
		return ticket_fail(err, TICKET_USAGE, "'%s' can have no default: it is no member of a ticket, and no field of the map", given->key);
	if (!member) {
		member = list_push(&map->ticket);
		member->name = xstrdup(given->key);
		member->value.slot = SIZE_MAX;
	}
	replace_text(member->value.constant ? &member->value.constant : &member->value.fallback, given->value);
	return 0;
}

static int read_by_map(struct import *import, struct map *map, struct ticket_error *err)
{
	const struct import_job *job = import->job;
	struct rows_options options = {.delimiter = map->file.delimiter ? *map->file.delimiter : 0, .trim = map->file.trim, .columns = &map->file.columns,
				       .list = map->file.list, .wanted = &map->columns};
	int failed;

	for (size_t i = 0; i < job->defaults.n; i++)
		if ((failed = apply_default(map, &job->defaults.v[i], err)))
			return failed;
	if ((failed = map_check(map, desk_policy(import->desk), err)) || (failed = rows_format_read(&options.format, job->format ? job->format : map->file.format, err)))
		return failed;
	failed = import_read_rows(import, &options, job->encoding ? job->encoding : map->file.encoding, err);
	return failed && import->rows.missing < map->columns.n ? map_blame(map, import->rows.missing, err) : failed;
}

static int import_by_map(struct import *import, struct ticket_error *err)
{
	_cleanup_map_ struct map *map = NULL;
	struct zone *zone = NULL;
	int failed = map_read(&map, import->job->map, import->job->n_map, import->job->map_name, err);

	import->rows.missing = SIZE_MAX;
	if (failed || (failed = read_by_map(import, map, err)) || (map->time_zone && (failed = zone_open(&zone, map->time_zone, err))))
		return failed;
	import->plan.rows = &import->rows;
	import->plan.context = (struct map_context){map, zone ? zone : desk_zone(import->desk), desk_now(import->desk)};
	import->plan.policy = desk_policy(import->desk);
	import->plan.file = import->out->file;
	import->plan.quarantine = import->job->quarantine;
	plan_build(&import->plan);
	failed = import_carry_out(import, find_by_key, record_draft, err);
	plan_release(&import->plan);
	zone_free(zone);
	return failed;
}

int import_run(struct import_summary *out, struct desk *desk, const struct import_job *job, struct ticket_error *err)
{
	struct import import = {.desk = desk, .job = job, .out = out};
	char digest[DIGEST_HEX_SIZE];
	int failed;

	out->file = xstrdup(base_name(job->file));
	out->digest = xstrdup(digest_hex(digest, job->bytes, job->n_bytes));
	failed = job->map ? import_by_map(&import, err) : import_own(&import, err);
	change_free(import.change);
	rows_release(&import.rows);
	return failed;
}
