/* SPDX-License-Identifier: MIT */
/* ticket customer add, edit, merge, forget: what changes the register. */
#include "customer.h"

struct options {
	const char *name, *phone, *email, *account, *address, *notes, *industry, *consent, *into, *reason;
	struct texts fields;
	bool no_consent;
};

#define TEXT(member, option, value, help) {option, 0, OPTION_TEXT, offsetof(struct options, member), value, help}
#define WORD_ROWS \
	TEXT(name, "name", "NAME", "name; sealed, shown masked"), TEXT(phone, "phone", "PHONE", "telephone number; sealed"), \
	TEXT(email, "email", "EMAIL", "e-mail address; sealed"), TEXT(account, "account", "ACCOUNT", "nickname or number on a platform; sealed"), \
	TEXT(address, "address", "ADDRESS", "postal address; sealed"), TEXT(notes, "notes", "TEXT", "remarks; sealed"), \
	TEXT(industry, "industry", "INDUSTRY", "industry; for all to see"), \
	{"field", 0, OPTION_TEXTS, offsetof(struct options, fields), "NAME=VALUE", "a field of the desk's own; for all to see"}, \
	TEXT(consent, "consent", "WHAT", "the customer consented to this")

static struct customer_words words_of(const struct options *o)
{
	return (struct customer_words){
		.person = {(char *)o->name, (char *)o->phone, (char *)o->email, (char *)o->account, (char *)o->address, (char *)o->notes},
		.industry = o->industry,
		.fields = &o->fields,
		.consent = o->consent,
		.no_consent = o->no_consent,
	};
}

/* --- add ------------------------------------------------------------------------------------------------------- */

static const struct option_row add_rows[] = {WORD_ROWS, OPTION_END};

static int run_add(struct call *call, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct customer_words words = words_of(call->options);
	const struct customer *customer;
	bool found;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = change_begin(&change, call->desk, err)) ||
	    (failed = customer_add(change, &words, &found, &customer, err)))
		return failed;
	if (!found) {
		change_subject(change, "%s: register", customer->id);
		if ((failed = change_commit(change, call->dry_run, err)))
			return failed;
	}
	fprintf(call->out, "%s\n", customer->id);
	if (found)
		call_say(call, "%s is registered already; change what is new with: ticket customer edit %s", customer->id, customer->id);
	return 0;
}

const struct command customer_command_add = {
	.name = "add",
	.summary = "register a customer, or find the one known by the contact; prints the number",
	.synopsis = "[--name N] [--phone P] [--email E] [--account A] [--address A] [--notes TEXT] [--industry I] [--field NAME=VALUE]... [--consent WHAT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.options = add_rows,
	.options_size = sizeof(struct options),
	.run = run_add,
};

/* --- edit ------------------------------------------------------------------------------------------------------ */

static const struct option_row edit_rows[] = {
	WORD_ROWS,
	{"withdraw-consent", 0, OPTION_FLAG, offsetof(struct options, no_consent), NULL, "the customer takes the consent back"},
	OPTION_END,
};

static int run_edit(struct call *call, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct customer_words words = words_of(call->options);
	const struct customer *customer;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = change_begin(&change, call->desk, err)) ||
	    (failed = customer_edit(change, call->args[0], &words, &customer, err)))
		return failed;
	change_subject(change, "%s: edit", customer->id);
	if ((failed = change_commit(change, call->dry_run, err)))
		return failed;
	fprintf(call->out, "%s\n", customer->id);
	return 0;
}

const struct command customer_command_edit = {
	.name = "edit",
	.summary = "change what is given of a customer; an empty value takes one away",
	.synopsis = "ID [--name N] [--phone P] [--email E] [--account A] [--address A] [--notes TEXT] [--industry I] [--field NAME=VALUE]... "
		    "[--consent WHAT | --withdraw-consent]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.options = edit_rows,
	.options_size = sizeof(struct options),
	.run = run_edit,
};

/* --- merge ----------------------------------------------------------------------------------------------------- */

static const struct option_row merge_rows[] = {
	TEXT(into, "into", "ID", "the customer he really is"),
	TEXT(reason, "reason", "TEXT", "how it came out"),
	OPTION_END,
};

static int run_merge(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)))
		return failed;
	if (!o->into)
		return ticket_fail(err, TICKET_USAGE, "say who '%s' really is: --into ID", call->args[0]);
	if ((failed = change_begin(&change, call->desk, err)) || (failed = customer_merge(change, call->args[0], o->into, o->reason, err)) ||
	    (failed = change_commit(change, call->dry_run, err)))
		return failed;
	call_say(call, "%s is %s from now on; his tickets count for both numbers", call->args[0], o->into);
	return 0;
}

const struct command customer_command_merge = {
	.name = "merge",
	.summary = "two numbers are one person",
	.synopsis = "ID --into ID [--reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.options = merge_rows,
	.options_size = sizeof(struct options),
	.run = run_merge,
};

/* --- forget ---------------------------------------------------------------------------------------------------- */

static const struct option_row forget_rows[] = {
	TEXT(reason, "reason", "TEXT", "who asked for it, and why; needed"),
	OPTION_END,
};

static int run_forget(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)))
		return failed;
	if (!o->reason || !*o->reason)
		return ticket_fail(err, TICKET_USAGE, "say why '%s' is to be forgotten: --reason TEXT", call->args[0]);
	if ((failed = customer_forget(call->desk, call->args[0], o->reason, call->dry_run, err)))
		return failed;
	call_say(call, call->dry_run ? N_("%s would be forgotten for good") : N_("%s is forgotten: the key is destroyed, nothing sealed can be read again"), call->args[0]);
	return 0;
}

const struct command customer_command_forget = {
	.name = "forget",
	.summary = "destroy a customer's key: what was sealed is gone, the numbers stay true",
	.synopsis = "ID --reason TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.options = forget_rows,
	.options_size = sizeof(struct options),
	.run = run_forget,
};
