/* SPDX-License-Identifier: MIT */
/* ticket customer import: a list of customers is taken into the register. */
#include "customer.h"

#include "output.h"
#include "quote.h"
#include "ticket/file.h"
#include "ticket/import.h"


struct options {
	const char *map, *encoding, *rejects;
	bool keep_going;
};

static const struct option_row option_rows[] = {
	{"map", 'm', OPTION_TEXT, offsetof(struct options, map), "MAP", "what the columns mean: a JSON file with \"rows\": \"customers\" (ticket-map(5))"},
	{"encoding", 'e', OPTION_TEXT, offsetof(struct options, encoding), "NAME", "of FILE; else by the map, or detected"},
	{"rejects", 'r', OPTION_TEXT, offsetof(struct options, rejects), "FILE", "put rows that are not taken there, with the reason; in clear, for its owner alone"},
	{"keep-going", 'k', OPTION_FLAG, offsetof(struct options, keep_going), NULL, "take the good rows although others are rejected"},
	OPTION_END,
};

static void print_json(const struct call *call, const struct customers_summary *s)
{
	_cleanup_buf_ struct buf out = {0};

	buf_puts(&out, "{\"format\":1,\"import\":{\"file\":");
	quote_json(&out, s->file);
	buf_addf(&out, ",\"sha256\":\"%s\",\"encoding\":", s->digest);
	quote_json(&out, s->encoding);
	buf_addf(&out, ",\"rows\":%zu,\"rejected\":%zu,\"customers\":{\"new\":%zu,\"changed\":%zu,\"unchanged\":%zu},\"written\":%s,\"rejects\":[", s->rows, s->rejects.n, s->added,
		 s->changed, s->same, s->written ? "true" : "false");
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

static void say(const struct call *call, const struct customers_summary *s)
{
	_cleanup_free_ char *rows = xasprintf(Q_("%zu row", "%zu rows", s->rows), s->rows), *added = xasprintf(Q_("%zu customer", "%zu customers", s->added), s->added);

	call_say(call, call->dry_run ? N_("%s (%s): %s, %s would be new, %zu changed, %zu unchanged, %zu rejected") : N_("%s (%s): %s, %s new, %zu changed, %zu unchanged, %zu rejected"),
		 s->file, s->encoding, rows, added, s->changed, s->same, s->rejects.n);
}

static int run_job(struct call *call, const struct import_job *job, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct customers_summary s = {0};
	struct ticket_error written = {0};
	int code = customers_import(&s, call->desk, job, err);

	if (code == 0 || code == TICKET_PARTIAL || (code == TICKET_REFUSED && s.rejects.n)) {
		if (o->rejects && output_private(o->rejects, s.rejected.p ? s.rejected.p : "", s.rejected.n, &written)) {
			*err = written;
			code = written.code;
		}
		if (call->json)
			print_json(call, &s);
		else if (code == 0 || code == TICKET_PARTIAL)
			say(call, &s);
	}
	customers_summary_release(&s);
	return code;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_buf_ struct buf bytes = {0}, map = {0};
	struct import_job job = {.map_name = o->map, .encoding = o->encoding, .keep_going = o->keep_going, .dry_run = call->dry_run};
	int code = call_need_args(call, 1, 1, err);

	if (code)
		return code;
	if (!o->map)
		return ticket_fail(err, TICKET_USAGE, "say what the columns mean: --map MAP; see man ticket-map");
	if ((code = file_read(o->map, 0, &map, err)) || (code = file_read(text_equal(call->args[0], "-") ? "/dev/stdin" : call->args[0], 0, &bytes, err)))
		return code;
	job.file = text_equal(call->args[0], "-") ? "stdin" : call->args[0];
	job.bytes = bytes.p ? bytes.p : "";
	job.n_bytes = bytes.n;
	job.map = map.p ? map.p : "";
	job.n_map = map.n;
	return run_job(call, &job, err);
}

const struct command customer_command_import = {
	.name = "import",
	.summary = "take a list of customers into the register; the same list twice changes nothing",
	.synopsis = "FILE --map MAP [--keep-going] [--rejects FILE] [--encoding NAME]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_JSON | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
