/* SPDX-License-Identifier: MIT */
/* Forms as data: their file, where a desk keeps them, and what the doctor says of them. */
#include "form/form.h"

#include "desk/change.h"
#include "model/codec.h"
#include "model/doctor.h"
#include "model/event.h"
#include "ticket/text.h"

#define STRICT -1

static const struct codec_field field_fields[] = {
	FIELD(TEXT, struct form_field, "name", name, CODEC_REQUIRED | CODEC_NOEMPTY),
	FIELD_SUB(MAP, struct form_field, "labels", labels, 0, &pair_codec),
	FIELD(FLAG, struct form_field, "wide", wide, 0),
	FIELD(FLAG, struct form_field, "blank", blank, 0),
	CODEC_END,
};
static const struct codec field_codec = {"field", sizeof(struct form_field), field_fields, 0, STRICT, NULL};

static const struct codec_field part_fields[] = {
	FIELD(TEXT, struct form_part, "kind", kind, CODEC_REQUIRED | CODEC_NOEMPTY),
	FIELD_SUB(MAP, struct form_part, "titles", titles, 0, &pair_codec),
	FIELD_SUB(MAP, struct form_part, "when", when, 0, &condition_codec),
	FIELD(TEXTS, struct form_part, "events", events, 0),
	FIELD_SUB(LIST, struct form_part, "fields", fields, CODEC_ROWS, &field_codec),
	FIELD(INT, struct form_part, "blank_rows", blank_rows, 0),
	FIELD_SUB(MAP, struct form_part, "text", text, 0, &pair_codec),
	CODEC_END,
};
static const struct codec part_codec = {"part", sizeof(struct form_part), part_fields, 0, STRICT, NULL};

static const struct codec_field form_fields[] = {
	FIELD(INT, struct form, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct form, "name", name, CODEC_REQUIRED | CODEC_NOEMPTY),
	FIELD_SUB(MAP, struct form, "titles", titles, CODEC_REQUIRED, &pair_codec),
	FIELD_SUB(MAP, struct form, "about", about, 0, &pair_codec),
	FIELD(FLAG, struct form, "table", table, 0),
	FIELD(FLAG, struct form, "landscape", landscape, 0),
	FIELD(FLAG, struct form, "numbered", numbered, 0),
	FIELD_SUB(LIST, struct form, "parts", parts, CODEC_ROWS | CODEC_REQUIRED, &part_codec),
	CODEC_END,
};

/* A name is a word of the command line and the name of a file. */
static int check_form(void *object, struct codec_reading *in, struct ticket_error *err)
{
	const struct form *form = object;

	if (strlen(form->name) > 64 || strspn(form->name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(form->name) || *form->name == '-')
		return codec_fail(in, "name", err, "'%.64s' is no name of a form: use up to 64 of a-z, 0-9, '_' and '-'", form->name);
	return 0;
}

static const struct codec form_codec = {"form", sizeof(struct form), form_fields, 1, STRICT, check_form};

int form_read(struct form **out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	struct form *form = xcalloc(1, sizeof(*form));
	int failed = codec_read(&form_codec, form, text, length, origin, err);

	*out = NULL;
	if (failed) {
		free(form);
		return failed;
	}
	*out = form;
	return 0;
}

void form_free(struct form *form)
{
	if (form) {
		codec_release(&form_codec, form);
		free(form);
	}
}

/* --- the doctor ------------------------------------------------------------------------------------------------ */

static const char *const kinds[] = {"values", "events", "plan", "files", "questions", "blanks", "text", NULL};

static void check_labels(struct doctor *d, const char *where, const struct pairs *labels)
{
	const struct pairs *languages = (const struct pairs *)&d->policy->titles;

	for (size_t i = 0; i < languages->n; i++)
		if (!pairs_get(labels, languages->v[i].key))
			doctor_find(d, false, where, "this is not given in '%s', a language of the policy's titles", languages->v[i].key);
}

static void check_name(struct doctor *d, const char *where, const struct form_part *part, const char *name)
{
	const char *const *columns = table_columns(part->kind), *const *known = columns ? columns : value_names();
	const char *near;
	size_t n = 0;

	if (text_equal(part->kind, "blanks") || (!columns && value_known(name, d->policy)))
		return;
	for (; known[n]; n++)
		if (columns && strcmp(known[n], name) == 0)
			return;
	near = text_nearest(name, known, n);
	if (near)
		doctor_find(d, false, where, "'%s' is nothing that a part of kind '%s' can show; did you mean '%s'?", name, part->kind, near);
	else
		doctor_find(d, false, where, "'%s' is nothing that a part of kind '%s' can show", name, part->kind);
}

static void check_fields(struct doctor *d, const char *where, const struct form_part *part)
{
	const struct pairs *languages = (const struct pairs *)&d->policy->titles;

	for (size_t i = 0; i < part->fields.n; i++) {
		const struct form_field *field = &part->fields.v[i];
		_cleanup_free_ char *place = xasprintf("%s.fields[%zu]", where, i);

		check_name(d, place, part, field->name);
		for (size_t k = 0; k < languages->n; k++)
			if (!field_has_label(d->policy, languages->v[k].key, field))
				doctor_find(d, false, place, "'%s' has no label in '%s'", field->name, languages->v[k].key);
	}
}

static void check_part(struct doctor *d, const char *where, const struct form_part *part)
{
	_cleanup_free_ char *kind = xasprintf("%s.kind", where), *titles = xasprintf("%s.titles", where), *text = xasprintf("%s.text", where);
	_cleanup_free_ char *events = xasprintf("%s.events", where), *when = xasprintf("%s.when", where);
	bool of_events = text_equal(part->kind, "events"), of_text = text_equal(part->kind, "text"), of_questions = text_equal(part->kind, "questions");
	size_t before = d->out->n;

	doctor_word(d, kind, "kind of part", part->kind, kinds);
	if (d->out->n > before)
		return;
	if (part->titles.n)
		check_labels(d, titles, &part->titles);
	if (of_text)
		check_labels(d, text, &part->text);
	else if (part->text.n)
		doctor_find(d, false, text, "a part of kind '%s' shows no text of its own", part->kind);
	if (of_events && !part->events.n)
		doctor_find(d, false, events, "the events that make its rows are missing");
	if (!of_events && part->events.n)
		doctor_find(d, false, events, "a part of kind '%s' has no events", part->kind);
	doctor_moments(d, events, &part->events);
	for (size_t i = 0; i < part->when.n; i++)
		if (!condition_field_known(part->when.v[i].field))
			doctor_find(d, false, when, "'%s' is no field of conditions", part->when.v[i].field);
	if (!part->fields.n && !of_text && !of_questions)
		doctor_find(d, false, where, "it has no fields, so nothing is shown");
	if (of_questions && !d->policy->survey.questions.n)
		doctor_find(d, false, where, "this policy has no survey, so there are no questions");
	if (part->blank_rows < 0 || part->blank_rows > 100)
		doctor_find(d, false, where, "blank_rows must lie between 0 and 100");
	check_fields(d, where, part);
}

void form_doctor(const struct form *form, const char *origin, const struct policy *policy, findings *out)
{
	struct doctor doctor = {policy, out};
	_cleanup_free_ char *titles = xasprintf("%s: titles", origin), *parts = xasprintf("%s: parts", origin), *about = xasprintf("%s: about", origin);

	check_labels(&doctor, titles, &form->titles);
	if (form->about.n)
		check_labels(&doctor, about, &form->about);
	if (text_equal(form->name, "list") || text_equal(form->name, "add"))
		doctor_find(&doctor, false, origin, "'%s' is a word of 'ticket form' itself, so this form could not be asked for", form->name);
	if (form->table && (form->parts.n != 1 || !text_equal(form->parts.v[0].kind, "values")))
		doctor_find(&doctor, false, parts, "a table has one part, of kind 'values': its columns");
	for (size_t i = 0; i < form->parts.n; i++) {
		_cleanup_free_ char *where = xasprintf("%s: parts[%zu]", origin, i);

		check_part(&doctor, where, &form->parts.v[i]);
	}
}

/* --- in the desk ----------------------------------------------------------------------------------------------- */

struct visiting {
	struct desk *desk;
	form_visitor *visit;
	void *data;
	findings *found; /* the doctor's visit: what cannot be read is a finding */
};

static int visit_form(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct visiting *visiting = data;
	_cleanup_free_ char *origin = xasprintf(POLICY_FOLDER "/%s", entry->path), *file = NULL;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_form_ struct form *form = NULL;
	struct ticket_error why = {0};
	int failed;

	if (entry->is_folder || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(visiting->desk->store, &entry->id, &text, err)))
		return failed;
	failed = form_read(&form, text.p ? text.p : "", text.n, origin, &why);
	file = form ? xasprintf("%s.json", form->name) : NULL;
	if (!failed && !text_equal(file, entry->name))
		failed = ticket_fail(&why, TICKET_USAGE, "%s: the form calls itself '%s'; its file must be called %s", origin, form->name, file);
	if (failed && visiting->found) {
		*list_push(visiting->found) = (struct finding){xstrdup(origin), xstrdup(why.message), true};
		return 0;
	}
	if (failed)
		return ticket_fail(err, failed, "%s", why.message);
	if (visiting->found)
		form_doctor(form, origin, visiting->desk->policy, visiting->found);
	return visiting->visit ? visiting->visit(form, visiting->data, err) : 0;
}

static int each_form(struct visiting *visiting, struct ticket_error *err)
{
	struct oid id;

	if (store_find(visiting->desk->store, &visiting->desk->head.tree, POLICY_FOLDER, &id, NULL, NULL))
		return 0;
	return store_list(visiting->desk->store, &id, FORMS_FOLDER, visit_form, visiting, err);
}

int desk_forms(struct desk *desk, form_visitor *visit, void *data, struct ticket_error *err)
{
	return each_form(&(struct visiting){.desk = desk, .visit = visit, .data = data}, err);
}

int desk_forms_check(struct desk *desk, findings *out, struct ticket_error *err)
{
	return each_form(&(struct visiting){.desk = desk, .found = out}, err);
}

static int note_name(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	if (!entry->is_folder && text_ends(entry->name, ".json")) {
		_cleanup_free_ char *name = xstrndup(entry->name, strlen(entry->name) - strlen(".json"));

		texts_add(data, name);
	}
	return 0;
}

static int no_form(struct desk *desk, const struct oid *id, const char *name, struct ticket_error *err)
{
	_cleanup_(texts_release) struct texts names = {0};
	_cleanup_free_ char *all = NULL;
	const char *near;
	int failed = store_list(desk->store, id, FORMS_FOLDER, note_name, &names, err);

	if (failed)
		return failed;
	if (!names.n)
		return ticket_fail(err, TICKET_NOTFOUND, "this desk has no form '%s', and no other; put one in with: ticket form add FILE", name);
	near = text_nearest(name, (const char *const *)names.v, names.n);
	all = texts_join(&names, ", ");
	if (near)
		return ticket_fail(err, TICKET_NOTFOUND, "this desk has no form '%s'; did you mean '%s'? there are %s", name, near, all);
	return ticket_fail(err, TICKET_NOTFOUND, "this desk has no form '%s'; there are %s", name, all);
}

int desk_form(struct desk *desk, const char *name, struct form **out, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf(POLICY_FOLDER "/" FORMS_FOLDER "/%s.json", name);
	_cleanup_buf_ struct buf text = {0};
	struct oid id;
	int failed;

	*out = NULL;
	if ((failed = store_find(desk->store, &desk->head.tree, POLICY_FOLDER, &id, NULL, err)))
		return failed;
	if (strchr(name, '/') || store_read(desk->store, &desk->head.tree, path, &text, NULL))
		return no_form(desk, &id, name, err);
	if ((failed = form_read(out, text.p ? text.p : "", text.n, path, err)))
		return failed;
	if (text_equal((*out)->name, name))
		return 0;
	failed = ticket_fail(err, TICKET_USAGE, "%s: the form calls itself '%s'; its file must be called %s.json", path, (*out)->name, (*out)->name);
	form_free(steal_ptr(*out));
	return failed;
}

int desk_form_put(struct desk *desk, const char *text, size_t length, const char *origin, bool dry_run, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_form_ struct form *form = NULL;
	_cleanup_free_ char *path = NULL;
	findings found = {0};
	int failed;

	if ((failed = form_read(&form, text, length, origin, err)) || (failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "policy", NULL, err)))
		return failed;
	form_doctor(form, origin, desk->policy, &found);
	if (found.n)
		failed = ticket_fail(err, TICKET_REFUSED, "the form cannot be used: %s: %s", found.v[0].where, found.v[0].what);
	findings_release(&found);
	path = xasprintf(POLICY_FOLDER "/" FORMS_FOLDER "/%s.json", form->name);
	if (failed || (failed = change_file(change, path, text, length, err)))
		return failed;
	change_subject(change, "policy: form '%s'", form->name);
	return change_commit(change, dry_run, err);
}
