/* SPDX-License-Identifier: MIT */
/* ticket backup: the whole history in one file, and whether such a file is sound (C18, D13). */
#include "command.h"

#include "passphrase.h"
#include "quote.h"
#include "ticket/backup.h"
#include "ticket/journal.h"

struct options {
	bool check, with_keys;
	const char *passphrase_file, *reason;
};

static const struct option_row option_rows[] = {
	{"check", 'c', OPTION_FLAG, offsetof(struct options, check), NULL, "look whether FILE is sound: restore it for a try, and look the desk over"},
	{"with-keys", 'k', OPTION_FLAG, offsetof(struct options, with_keys), NULL, "also the keys of the customer register, sealed with a passphrase; goes on record"},
	{"passphrase-file", 0, OPTION_TEXT, offsetof(struct options, passphrase_file), "FILE", "read the passphrase from the file's first line; else it is asked for"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why the keys go along, where they will lie; goes on record"},
	OPTION_END,
};

static void print_json(const struct call *call, const char *file, const struct backup *backup, const findings *found)
{
	_cleanup_buf_ struct buf out = {0};
	char made[STAMP_SIZE];

	buf_puts(&out, "{\"format\":1,\"backup\":{\"file\":");
	quote_json(&out, file);
	buf_addf(&out, ",\"made\":\"%s\",\"by\":", stamp_format(made, &backup->made));
	quote_json(&out, backup->by);
	buf_puts(&out, ",\"head\":");
	quote_json(&out, backup->head);
	buf_puts(&out, ",\"branch\":");
	quote_json(&out, backup->branch);
	buf_addf(&out, ",\"tickets\":%lld,\"customers\":%lld,\"keys\":%s,\"findings\":", (long long)backup->tickets, (long long)backup->customers, backup->keys ? "true" : "false");
	quote_findings(&out, found);
	buf_puts(&out, "}}\n");
	fwrite(out.p, 1, out.n, call->out);
}

static void print_summary(const struct call *call, const char *file, const struct backup *backup, const findings *found)
{
	_cleanup_free_ char *tickets = NULL, *customers = NULL;
	char made[STAMP_SIZE];

	if (call->json) {
		print_json(call, file, backup, found);
		return;
	}
	for (size_t i = 0; i < found->n; i++) {
		print_text(call->out, found->v[i].where, false);
		fputs(": ", call->out); /* a file and what is wrong with it, as compilers write it */
		print_text(call->out, found->v[i].what, false);
		fputc('\n', call->out);
	}
	tickets = xasprintf(Q_("%lld ticket", "%lld tickets", backup->tickets), (long long)backup->tickets);
	customers = xasprintf(Q_("%lld customer", "%lld customers", backup->customers), (long long)backup->customers);
	call_say(call, backup->keys ? N_("'%s': %s and %s as of %.12s, made %s, with keys") : N_("'%s': %s and %s as of %.12s, made %s, without keys"), file, tickets, customers,
		 backup->head, stamp_format(made, &backup->made));
}

static int check(struct call *call, struct ticket_error *err)
{
	const char *file = call->args[0], *scratch = getenv("TMPDIR");
	_cleanup_backup_ struct backup backup = {0};
	findings found = {0};
	int failed = backup_check(file, scratch && *scratch ? scratch : "/tmp", &call->context, &backup, &found, err);

	if (!failed)
		print_summary(call, file, &backup, &found);
	if (!failed && found.n)
		failed = TICKET_NO;
	findings_release(&found);
	return failed;
}

/*
 * C18: when the desk was backed up stands on record. The backup is made whatever becomes of that: a copy that nobody may
 * write to can still be backed up.
 */
static void put_on_record(const struct call *call, const struct backup *backup)
{
	struct pair pairs[] = {{(char *)"head", backup->head}, {(char *)"keys", (char *)(backup->keys ? "yes" : "no")}};
	struct journal_entry entry = {.at = backup->made, .act = (char *)"backed_up", .values = {pairs, ARRAY_SIZE(pairs)}};
	_cleanup_change_ struct change *change = NULL;
	struct ticket_error why = {0};

	if (change_begin(&change, call->desk, &why) || change_journal(change, &entry, &why)) {
		call_say(call, "the backup is not on record in the journal: %s", why.message);
		return;
	}
	change_subject(change, "backup");
	if (change_commit(change, false, &why))
		call_say(call, "the backup is not on record in the journal: %s", why.message);
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_backup_ struct backup backup = {0};
	_cleanup_wipe_ char *passphrase = NULL;
	int failed = call_need_args(call, 1, 1, err);

	if (failed)
		return failed;
	if (o->check && o->with_keys)
		return ticket_fail(err, TICKET_USAGE, "--check only looks; --with-keys is for making a backup");
	if (!o->with_keys && (o->passphrase_file || o->reason))
		return ticket_fail(err, TICKET_USAGE, "'%s' is for backups --with-keys", o->reason ? "--reason" : "--passphrase-file");
	if (o->check)
		return check(call, err);
	if ((failed = call_open_desk(call, err)) || (o->with_keys && (failed = call_passphrase(o->passphrase_file, true, &passphrase, err))) ||
	    (failed = backup_write(call->desk, call->args[0], passphrase, o->reason, &backup, err)))
		return failed;
	print_summary(call, call->args[0], &backup, &(findings){0});
	put_on_record(call, &backup);
	return 0;
}

const struct command command_backup = {
	.name = "backup",
	.summary = "write the desk with its whole history into one file, or check such a file",
	.synopsis = "FILE [--with-keys [--passphrase-file FILE] [--reason TEXT]]\n--check FILE",
	.flags = COMMAND_QUIET | COMMAND_JSON,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
