/* SPDX-License-Identifier: MIT */
/* ticket customer: the register. The commands beneath it, and those that only look: list, show, log (A8, D2). */
#include "customer.h"
#include "label.h"

#include "quote.h"
#include "ticket/text.h"

/* --- list ------------------------------------------------------------------------------------------------------ */

struct list_options {
	const char *contact;
	bool all;
};

static const struct option_row list_rows[] = {
	{"contact", 0, OPTION_TEXT, offsetof(struct list_options, contact), "CONTACT", "only who is known by this phone, mail or account"},
	{"all", 'a', OPTION_FLAG, offsetof(struct list_options, all), NULL, "also the merged and the forgotten"},
	OPTION_END,
};

static const struct column customer_columns[] = {
	{"id", NULL, CELL_TEXT, false, false},       {"uid", NULL, CELL_TEXT, true, false},      {"name", NULL, CELL_TEXT, false, true},
	{"contact", NULL, CELL_TEXT, false, false},  {"industry", NULL, CELL_TEXT, false, false}, {"consent", NULL, CELL_FLAG, false, false},
	{"created", NULL, CELL_TIME, false, false},  {"merged_into", NULL, CELL_TEXT, true, false}, {"forgotten", NULL, CELL_TIME, true, false},
	{"fields", NULL, CELL_JSON, true, false},
};

static char *fields_json(const struct pairs *fields)
{
	struct buf out = {0};

	buf_putc(&out, '{');
	for (size_t i = 0; i < fields->n; i++) {
		buf_puts(&out, i ? "," : "");
		quote_json(&out, fields->v[i].key);
		buf_putc(&out, ':');
		quote_json(&out, fields->v[i].value);
	}
	buf_putc(&out, '}');
	return buf_steal(&out);
}

struct listing {
	struct table *table;
	bool all;
};

static int add_customer(struct customer *customer, void *data, struct ticket_error *err)
{
	struct listing *listing = data;
	bool gone = customer->merged_into || customer_is_forgotten(customer);
	char created[STAMP_SIZE], forgotten[STAMP_SIZE];
	_cleanup_free_ char *fields = fields_json(&customer->fields);
	const char *cells[] = {
		customer->id, customer->uid, customer->display, customer->contact, customer->industry, customer->consent.given ? "true" : "false",
		stamp_format(created, &customer->created), customer->merged_into, customer_is_forgotten(customer) ? stamp_format(forgotten, &customer->forgotten.at) : NULL,
		fields,
	};

	if (!gone || listing->all)
		table_row(listing->table, cells, gone ? "dim" : NULL);
	return 0;
}

static int run_list(struct call *call, struct ticket_error *err)
{
	const struct list_options *o = call->options;
	struct listing listing = {.all = o->all || o->contact};
	_cleanup_customer_ struct customer *found = NULL;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (o->contact && (failed = customer_find(call->desk, o->contact, &found, err))) ||
	    (failed = table_open(&listing.table, "customers", customer_columns, ARRAY_SIZE(customer_columns), &call->table, call->out, err)))
		return failed;
	failed = found ? add_customer(found, &listing, err) : customer_each(call->desk, add_customer, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

const struct command customer_command_list = {
	.name = "list",
	.summary = "the customers, names and contacts masked",
	.synopsis = "[--contact CONTACT] [--all]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.options = list_rows,
	.options_size = sizeof(struct list_options),
	.run = run_list,
};

/* --- show ------------------------------------------------------------------------------------------------------ */

struct show_options {
	bool reveal;
	const char *reason;
};

static const struct option_row show_rows[] = {
	{"reveal", 0, OPTION_FLAG, offsetof(struct show_options, reveal), NULL, "the personal data in clear; who looks is put on record"},
	{"reason", 0, OPTION_TEXT, offsetof(struct show_options, reason), "TEXT", "why they are needed"},
	OPTION_END,
};

/* All there is to show: a customer, what of him is in clear, and his history. */
struct card {
	struct customer *customer;
	struct customer_person person;
	struct customer_history history;
};

static void card_release(struct card *card)
{
	customer_free(card->customer);
	customer_person_release(&card->person);
	customer_history_release(&card->history);
}

static void line(const struct call *call, const char *name, const char *value)
{
	size_t width;

	if (!value || !*value)
		return;
	name = label_foreign(call, name);
	width = text_width(name, strlen(name));
	fprintf(call->out, "%s%s%s%*s ", colour_on(&call->table, "dim"), name, colour_off(&call->table), width < 10 ? (int)(10 - width) : 0, "");
	print_text(call->out, value, false);
	fputc('\n', call->out);
}

static void print_history(const struct call *call, const struct customer_history *history)
{
	const struct policy *policy = desk_policy(call->desk);
	_cleanup_free_ char *complaints = xasprintf(Q_("%zu complaint", "%zu complaints", history->complaints), history->complaints);
	_cleanup_free_ char *total = xasprintf(_("%zu, %zu open, %s, %zu repeated"), history->tickets.n, history->open, complaints, history->repeats);
	_cleanup_buf_ struct buf types = {0};
	char last[STAMP_SIZE];

	line(call, "tickets", total);
	for (size_t i = 0; i < history->types.n; i++) {
		const struct choice *choice = policy_choice(&policy->types, history->types.v[i].name);

		buf_addf(&types, "%s%s %zu", i ? ", " : "", choice ? policy_label(policy, &choice->labels, call->language, choice->name) : history->types.v[i].name,
			 history->types.v[i].n);
	}
	line(call, "types", types.p);
	line(call, "last", stamp_format(last, &history->last));
	for (size_t i = history->tickets.n > 10 ? history->tickets.n - 10 : 0; i < history->tickets.n; i++)
		line(call, "", history->tickets.v[i]);
}

static void print_card(const struct call *call, const struct card *card)
{
	const struct customer *customer = card->customer;
	const struct customer_person *person = &card->person;
	char at[STAMP_SIZE];

	line(call, "customer", customer->id);
	line(call, "name", person->name ? person->name : customer->display);
	line(call, "contact", customer->contact);
	line(call, "phone", person->phone);
	line(call, "email", person->email);
	line(call, "account", person->account);
	line(call, "address", person->address);
	line(call, "notes", person->notes);
	line(call, "industry", customer->industry);
	for (size_t i = 0; i < customer->fields.n; i++)
		line(call, customer->fields.v[i].key, customer->fields.v[i].value);
	if (customer->consent.at.set) {
		_cleanup_free_ char *consent = xasprintf(customer->consent.given ? _("given %s") : _("taken back %s"), stamp_format(at, &customer->consent.at));
		_cleanup_free_ char *of = customer->consent.what ? xasprintf("%s: %s", consent, customer->consent.what) : NULL;

		line(call, "consent", of ? of : consent);
	}
	line(call, "created", stamp_format(at, &customer->created));
	if (customer_is_forgotten(customer)) {
		_cleanup_free_ char *forgotten = xasprintf(_("%s by %s"), stamp_format(at, &customer->forgotten.at), customer->forgotten.by);
		_cleanup_free_ char *why = customer->forgotten.reason ? xasprintf("%s: %s", forgotten, customer->forgotten.reason) : NULL;

		line(call, "forgotten", why ? why : forgotten);
	}
	print_history(call, &card->history);
}

static void member(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, ",\"%s\":", name);
	quote_json(out, value);
}

static void print_json(const struct call *call, const struct card *card, bool reveal)
{
	const struct customer *customer = card->customer;
	const struct customer_history *history = &card->history;
	_cleanup_free_ char *fields = fields_json(&customer->fields);
	_cleanup_buf_ struct buf out = {0};
	char at[STAMP_SIZE];

	buf_puts(&out, "{\"format\":1,\"customers\":[{\"id\":");
	quote_json(&out, customer->id);
	member(&out, "uid", customer->uid);
	member(&out, "display", customer->display);
	member(&out, "contact", customer->contact);
	member(&out, "industry", customer->industry);
	buf_addf(&out, ",\"fields\":%s,\"consent\":%s", fields, customer->consent.given ? "true" : "false");
	member(&out, "created", stamp_format(at, &customer->created));
	member(&out, "forgotten", customer_is_forgotten(customer) ? stamp_format(at, &customer->forgotten.at) : NULL);
	if (reveal) {
		member(&out, "name", card->person.name);
		member(&out, "phone", card->person.phone);
		member(&out, "email", card->person.email);
		member(&out, "account", card->person.account);
		member(&out, "address", card->person.address);
		member(&out, "notes", card->person.notes);
	}
	buf_addf(&out, ",\"open\":%zu,\"complaints\":%zu,\"repeats\":%zu,\"types\":{", history->open, history->complaints, history->repeats);
	for (size_t i = 0; i < history->types.n; i++) {
		buf_puts(&out, i ? "," : "");
		quote_json(&out, history->types.v[i].name);
		buf_addf(&out, ":%zu", history->types.v[i].n);
	}
	buf_puts(&out, "},\"tickets\":[");
	for (size_t i = 0; i < history->tickets.n; i++) {
		buf_puts(&out, i ? "," : "");
		quote_json(&out, history->tickets.v[i]);
	}
	buf_puts(&out, "]}]}");
	fprintf(call->out, "%s\n", out.p);
	explicit_bzero(out.p, out.n);
}

static int run_show(struct call *call, struct ticket_error *err)
{
	const struct show_options *o = call->options;
	_cleanup_(card_release) struct card card = {0};
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)))
		return failed;
	failed = o->reveal ? customer_reveal(call->desk, call->args[0], o->reason, &card.customer, &card.person, err)
			   : customer_read(call->desk, call->args[0], &card.customer, err);
	if (failed || (failed = customer_history(call->desk, card.customer, &card.history, err)))
		return failed;
	if (call->json)
		print_json(call, &card, o->reveal);
	else
		print_card(call, &card);
	return 0;
}

const struct command customer_command_show = {
	.name = "show",
	.summary = "one customer: masked, or on record in clear, and the history of his tickets",
	.synopsis = "ID [--reveal [--reason TEXT]]",
	.flags = COMMAND_DESK | COMMAND_JSON,
	.options = show_rows,
	.options_size = sizeof(struct show_options),
	.run = run_show,
};

/* --- log ------------------------------------------------------------------------------------------------------- */

static const struct column access_columns[] = {
	{"at", NULL, CELL_TIME, false, false},       {"by", NULL, CELL_TEXT, false, false},  {"role", NULL, CELL_TEXT, true, false},
	{"customer", NULL, CELL_TEXT, false, false}, {"what", NULL, CELL_TEXT, false, false}, {"why", NULL, CELL_TEXT, false, true},
};

struct access_listing {
	const struct call *call;
	struct table *table;
};

static int add_access(const struct customer_access *access, void *data, struct ticket_error *err)
{
	const struct access_listing *listing = data;
	char at[STAMP_SIZE];
	const char *cells[] = {stamp_format(at, &access->at), access->by, access->role, access->customer, label_cell(listing->call, access->what), access->why};

	table_row(listing->table, cells, NULL);
	return 0;
}

static int run_log(struct call *call, struct ticket_error *err)
{
	_cleanup_customer_ struct customer *customer = NULL;
	struct access_listing listing = {.call = call};
	int failed;

	if ((failed = call_need_args(call, 0, 1, err)) || (call->n_args && (failed = customer_read(call->desk, call->args[0], &customer, err))) ||
	    (failed = table_open(&listing.table, "accesses", access_columns, ARRAY_SIZE(access_columns), &call->table, call->out, err)))
		return failed;
	failed = customer_accesses(call->desk, customer ? customer->id : NULL, add_access, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

const struct command customer_command_log = {
	.name = "log",
	.summary = "who saw whose data in clear, forgot, merged or shared, when and why",
	.synopsis = "[ID]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.run = run_log,
};

/* --- the group ------------------------------------------------------------------------------------------------- */

static const struct command *const children[] = {
	&customer_command_add,  &customer_command_edit,  &customer_command_forget,  &customer_command_import, &customer_command_list,  &customer_command_log,
	&customer_command_merge, &customer_command_purge, &customer_command_receive, &customer_command_rekey,  &customer_command_share, &customer_command_show,
	NULL,
};

const struct command command_customer = {
	.name = "customer",
	.summary = "the customer register: personal data sealed, seen on record, forgotten for good",
	.synopsis = "list [--contact CONTACT] [--all]\nshow ID [--reveal [--reason TEXT]]\nadd [--name N] [--phone P] ...\nedit ID ...\nimport FILE --map MAP\n"
		    "merge ID --into ID\nforget ID --reason TEXT\nlog [ID]\nshare FILE\nreceive FILE\nrekey [--lost]\npurge",
	.children = children,
};
