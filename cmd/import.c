/* SPDX-License-Identifier: MIT */
/* ticket import: files of other programs become tickets, or tickets of another desk come along (design §9). */
#include "command.h"

#include "quote.h"
#include "output.h"
#include "ticket/file.h"
#include "ticket/import.h"

struct options {
	const char *map, *format, *encoding, *rejects;
	struct texts defaults;
	bool keep_going, quarantine;
};

static const struct option_row option_rows[] = {
	{"map", 'm', OPTION_TEXT, offsetof(struct options, map), "MAP", "what the columns mean: a JSON file (ticket-map(5)); a desk's own export needs none"},
	{"format", 'f', OPTION_CHOICE, offsetof(struct options, format), "csv|jsonl|json", "of FILE; else by the map and what it begins with"},
	{"encoding", 'e', OPTION_TEXT, offsetof(struct options, encoding), "NAME", "of FILE; else by the map, or detected"},
	{"default", 'd', OPTION_TEXTS, offsetof(struct options, defaults), "NAME=VALUE", "a member's value where FILE says nothing"},
	{"rejects", 'r', OPTION_TEXT, offsetof(struct options, rejects), "FILE", "put rows that are not taken there, with the reason"},
	{"quarantine", 'Q', OPTION_FLAG, offsetof(struct options, quarantine), NULL, "take rows that contradict themselves or lack something, too, and set them apart"},
	{"keep-going", 'k', OPTION_FLAG, offsetof(struct options, keep_going), NULL, "take the good rows although others are rejected"},
	OPTION_END,
};

static int read_defaults(struct pairs *out, const struct texts *given, struct ticket_error *err)
{
	for (size_t i = 0; i < given->n; i++) {
		const char *equals = strchr(given->v[i], '=');
		_cleanup_free_ char *name = equals ? xstrndup(given->v[i], (size_t)(equals - given->v[i])) : NULL;

		if (!name || !*name || !equals[1])
			return ticket_fail(err, TICKET_USAGE, "'%s' is no NAME=VALUE", given->v[i]);
		pairs_set(out, name, equals + 1);
	}
	return 0;
}

/* --- what came of it ------------------------------------------------------------------------------------------- */

static void print_json(const struct call *call, const struct import_summary *s)
{
	_cleanup_buf_ struct buf out = {0};

	buf_puts(&out, "{\"format\":1,\"import\":{\"file\":");
	quote_json(&out, s->file);
	buf_addf(&out, ",\"sha256\":\"%s\",\"encoding\":", s->digest);
	quote_json(&out, s->encoding);
	buf_addf(&out, ",\"rows\":%zu,\"taken\":%zu,\"repeated\":%zu,\"rejected\":%zu,\"tickets\":{\"new\":%zu,\"changed\":%zu,\"unchanged\":%zu},\"quarantined\":{\"entry\":%zu,\"system\":%zu},\"events\":%zu,\"written\":%s",
		 s->rows, s->taken, s->repeated, s->rejects.n, s->tickets_new, s->tickets_changed, s->tickets_unchanged, s->quarantined_entry, s->quarantined_system, s->events, s->written ? "true" : "false");
	buf_puts(&out, ",\"rejects\":[");
	for (size_t i = 0; i < s->rejects.n; i++) {
		buf_addf(&out, "%s\n{\"line\":%zu,\"column\":", i ? "," : "", s->rejects.v[i].line);
		quote_json(&out, s->rejects.v[i].column);
		buf_puts(&out, ",\"reason\":");
		quote_json(&out, s->rejects.v[i].reason);
		buf_putc(&out, '}');
	}
	buf_puts(&out, "]}}\n");
	fwrite(out.p, 1, out.n, call->out);
}

static void say(const struct call *call, const struct import_summary *s)
{
	_cleanup_free_ char *rows = xasprintf(Q_("%zu row", "%zu rows", s->rows), s->rows), *tickets = xasprintf(Q_("%zu ticket", "%zu tickets", s->tickets_new), s->tickets_new);
	_cleanup_free_ char *events = xasprintf(Q_("%zu event", "%zu events", s->events), s->events);

	call_say(call, s->repeated ? N_("%s (%s): %s, %zu taken (some of them twice), %zu rejected") : N_("%s (%s): %s, %zu taken, %zu rejected"), s->file, s->encoding, rows,
		 s->taken, s->rejects.n);
	call_say(call, call->dry_run ? N_("%s would be new, %zu changed, %zu unchanged; %s") : N_("%s new, %zu changed, %zu unchanged; %s"), tickets, s->tickets_changed,
		 s->tickets_unchanged, events);
	if (s->quarantined_entry + s->quarantined_system)
		call_say(call, "%zu set apart: %zu for what was entered, %zu for what a program put out; see: ticket list quarantined",
			 s->quarantined_entry + s->quarantined_system, s->quarantined_entry, s->quarantined_system);
}

static int run_job(struct call *call, const struct import_job *job, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct import_summary summary = {0};
	struct ticket_error written = {0};
	int code = import_run(&summary, call->desk, job, err);

	if ((code == 0 || code == TICKET_PARTIAL || (code == TICKET_REFUSED && summary.rejects.n))) {
		if (o->rejects && output_private(o->rejects, summary.rejected.p ? summary.rejected.p : "", summary.rejected.n, &written)) {
			*err = written;
			code = written.code;
		}
		if (call->json)
			print_json(call, &summary);
		else if (code == 0 || code == TICKET_PARTIAL)
			say(call, &summary);
	}
	import_summary_release(&summary);
	return code;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_buf_ struct buf bytes = {0}, map = {0};
	struct import_job job = {.map_name = o->map, .format = o->format, .encoding = o->encoding, .quarantine = o->quarantine, .keep_going = o->keep_going, .dry_run = call->dry_run};
	int code;

	if ((code = call_need_args(call, 1, 1, err)) || (o->map && (code = file_read(o->map, 0, &map, err))) || (code = file_read(text_equal(call->args[0], "-") ? "/dev/stdin" : call->args[0], 0, &bytes, err)) ||
	    (code = read_defaults(&job.defaults, &o->defaults, err)))
		return code;
	job.file = text_equal(call->args[0], "-") ? "stdin" : call->args[0];
	job.bytes = bytes.p ? bytes.p : "";
	job.n_bytes = bytes.n;
	job.map = o->map ? (map.p ? map.p : "") : NULL;
	job.n_map = map.n;
	code = run_job(call, &job, err);
	for (size_t i = job.defaults.n; i-- > 0;)
		pairs_set(&job.defaults, job.defaults.v[i].key, NULL);
	free(job.defaults.v);
	return code;
}

const struct command command_import = {
	.name = "import",
	.summary = "take in tickets from a file",
	.synopsis = "FILE --map MAP [--quarantine] [--keep-going] [--rejects FILE]\nEXPORT.jsonl",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_JSON,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
