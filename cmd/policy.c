/* SPDX-License-Identifier: MIT */
/* ticket policy: the rules of the desk, shown and examined; the policies that ship. */
#include "label.h"
#include "policy.h"
#include "presets.h"
#include "ticket/file.h"
#include "ticket/form.h"

#include <errno.h>

#define POLICY_LIMIT (16u << 20) /* bytes of a policy file; a real one has some 30 thousand */

/* --- files ----------------------------------------------------------------------------------------------------- */

int policy_text(const char *path, struct buf *out, struct ticket_error *err)
{
	return file_read(path, POLICY_LIMIT, out, err);
}

static int read_policy(const char *path, struct policy **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = policy_text(path, &text, err);

	return failed ? failed : policy_read(out, text.p ? text.p : "", text.n, path, err);
}

/* The names of the calendars in a folder; false when there is no such folder. */
static bool calendars_in(const char *folder, struct texts *names)
{
	_cleanup_folder_ DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.' && text_ends(entry->d_name, ".json")) {
			_cleanup_free_ char *name = xstrndup(entry->d_name, strlen(entry->d_name) - strlen(".json"));

			texts_add(names, name);
		}
	return dir != NULL;
}

/* Calendars lie beside a desk's policy; those of the presets, which all share them, one folder up. */
static bool calendars_near(const char *path, struct texts *names)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder = slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
	_cleanup_free_ char *beside = xasprintf("%s/calendars", folder), *above = xasprintf("%s/../calendars", folder);

	return calendars_in(beside, names) || calendars_in(above, names);
}

/* Forms lie beside a policy too, a file each: what cannot be read is a finding. */
static int check_forms_near(const char *path, const struct policy *policy, findings *found, struct ticket_error *err)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder = slash ? xasprintf("%.*s/forms", (int)(slash - path), path) : xstrdup("forms");
	_cleanup_folder_ DIR *dir = opendir(folder);
	const struct dirent *entry;
	int failed = 0;

	while (dir && !failed && (entry = readdir(dir))) {
		_cleanup_free_ char *origin = xasprintf("forms/%s", entry->d_name), *file = xasprintf("%s/%s", folder, entry->d_name);
		_cleanup_buf_ struct buf text = {0};
		_cleanup_form_ struct form *form = NULL;
		struct ticket_error why = {0};

		if (*entry->d_name == '.' || !text_ends(entry->d_name, ".json") || (failed = policy_text(file, &text, err)))
			continue;
		if (form_read(&form, text.p ? text.p : "", text.n, origin, &why))
			*list_push(found) = (struct finding){xstrdup(origin), xstrdup(why.message), true};
		else
			form_doctor(form, origin, policy, found);
	}
	return failed;
}

/* --- show ------------------------------------------------------------------------------------------------------ */

static int print_section(struct call *call, const char *section, struct ticket_error *err)
{
	struct texts names = {0}, cells = {0};
	struct column *columns = NULL;
	struct table *table;
	int failed = policy_section(desk_policy(call->desk), section, label_language(call), &names, &cells, err);

	if (!failed && names.n) {
		columns = xcalloc(names.n, sizeof(*columns));
		for (size_t i = 0; i < names.n; i++)
			columns[i].name = names.v[i];
		failed = table_open(&table, section, columns, names.n, &call->table, call->out, err);
		for (size_t row = 0; !failed && row < cells.n; row += names.n)
			table_row(table, (const char *const *)cells.v + row, NULL);
		if (!failed)
			table_close(table);
	}
	free(columns);
	texts_release(&names);
	texts_release(&cells);
	return failed;
}

static int run_show(struct call *call, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = call_need_args(call, 0, 1, err);

	if (failed)
		return failed;
	if (call->n_args)
		return print_section(call, call->args[0], err);
	policy_write(desk_policy(call->desk), &text);
	fwrite(text.p, 1, text.n, call->out);
	return 0;
}

static const struct command command_show_policy = {
	.name = "show",
	.summary = "the rules of the desk: all as JSON, or one list of them as a table",
	.synopsis = "[LIST]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.run = run_show,
};

/* --- check ----------------------------------------------------------------------------------------------------- */

static const struct column finding_columns[] = {
	{"where", NULL, CELL_TEXT, false, false},
	{"finding", NULL, CELL_TEXT, false, true},
	{"fatal", NULL, CELL_FLAG, false, false},
};

static int print_findings(struct call *call, const findings *found, struct ticket_error *err)
{
	struct table *table;
	int failed = table_open(&table, "findings", finding_columns, ARRAY_SIZE(finding_columns), &call->table, call->out, err);

	if (failed)
		return failed;
	for (size_t i = 0; i < found->n; i++)
		table_row(table, (const char *[]){found->v[i].where, found->v[i].what, found->v[i].fatal ? "true" : "false"}, found->v[i].fatal ? "red" : NULL);
	table_close(table);
	call_say(call, Q_("%zu finding", "%zu findings", found->n), found->n);
	return found->n ? TICKET_NO : 0;
}

static int run_check(struct call *call, struct ticket_error *err)
{
	_cleanup_policy_ struct policy *own = NULL;
	const struct policy *policy;
	struct texts calendars = {0};
	findings found = {0};
	bool known = false;
	int failed = call_need_args(call, 0, 1, err);

	if (!failed)
		failed = call->n_args ? read_policy(call->args[0], &own, err) : call_open_desk(call, err);
	if (failed)
		return failed;
	policy = own ? own : desk_policy(call->desk);
	if (own) {
		known = calendars_near(call->args[0], &calendars);
	} else if (desk_root(call->desk)) {
		_cleanup_free_ char *folder = xasprintf("%s/policy/calendars", desk_root(call->desk));

		known = calendars_in(folder, &calendars);
	}
	policy_doctor(policy, &found);
	if (known)
		policy_doctor_calendars(policy, &calendars, &found);
	failed = own ? check_forms_near(call->args[0], policy, &found, err) : desk_forms_check(call->desk, &found, err);
	if (!failed)
		failed = print_findings(call, &found, err);
	findings_release(&found);
	texts_release(&calendars);
	return failed;
}

static const struct command command_check_policy = {
	.name = "check",
	.summary = "the doctor: rules that cannot work, or not as meant",
	.synopsis = "[FILE]",
	.flags = COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER,
	.run = run_check,
};

/* --- presets --------------------------------------------------------------------------------------------------- */

static const struct column preset_columns[] = {
	{"name", NULL, CELL_TEXT, false, false},
	{"title", NULL, CELL_TEXT, false, true},
	{"number", NULL, CELL_TEXT, false, false},
	{"file", NULL, CELL_TEXT, true, false},
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_presets(const char *folder, struct texts *names, struct ticket_error *err)
{
	_cleanup_folder_ DIR *dir = opendir(folder);
	const struct dirent *entry;

	if (!dir)
		return ticket_fail(err, TICKET_NOTFOUND, "cannot read the folder of presets '%s': %s", folder, language_errno(errno));
	while ((entry = readdir(dir))) {
		_cleanup_free_ char *path = xasprintf("%s/%s/policy.json", folder, entry->d_name);
		_cleanup_fclose_ FILE *f = *entry->d_name == '.' ? NULL : fopen(path, "re");

		if (f)
			texts_add(names, entry->d_name);
	}
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), compare_texts);
	return 0;
}

static int print_presets(struct call *call, const char *folder, const struct texts *names, struct ticket_error *err)
{
	struct table *table;
	int failed = table_open(&table, "presets", preset_columns, ARRAY_SIZE(preset_columns), &call->table, call->out, err);

	if (failed)
		return failed;
	for (size_t i = 0; i < names->n && !failed; i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s/policy.json", folder, names->v[i]);
		_cleanup_policy_ struct policy *policy = NULL;

		if ((failed = read_policy(path, &policy, err)))
			break;
		table_row(table, (const char *[]){names->v[i], policy_label(policy, (const struct pairs *)&policy->titles, label_language(call), policy->name), policy->number.format, path},
			  NULL);
	}
	table_end(table, failed);
	return failed;
}

static int run_presets(struct call *call, struct ticket_error *err)
{
	_cleanup_free_ char *folder = NULL;
	struct texts names = {0};
	int failed = call_need_args(call, 0, 0, err);

	if (!failed && !(failed = presets_folder(&folder, err)) && !(failed = list_presets(folder, &names, err)))
		failed = print_presets(call, folder, &names, err);
	texts_release(&names);
	return failed;
}

static const struct command command_presets = {
	.name = "presets",
	.summary = "the policies that ship: 'ticket init --policy NAME' begins with one",
	.synopsis = "",
	.flags = COMMAND_ROWS | COMMAND_PAGER,
	.run = run_presets,
};

static const struct command *const children[] = {&command_policy_apply, &command_check_policy, &command_presets, &command_show_policy, &command_policy_simulate, NULL};

const struct command command_policy = {
	.name = "policy",
	.summary = "show, examine, change and try the rules of the desk",
	.synopsis = "show [LIST]\ncheck [FILE]\npresets\napply [FILE]\nsimulate FILE [--since TIME]",
	.children = children,
};
