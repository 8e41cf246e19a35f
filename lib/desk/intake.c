/* SPDX-License-Identifier: MIT */
/* Intake: see intake.h. */
#include "desk/intake.h"

#include "desk/register.h"
#include "ticket/language.h"
#include "ticket/text.h"

static int intake_text(const struct privacy_intake *intake, const char *member, char **text, struct ticket_error *err)
{
	_cleanup_buf_ struct buf masked = {0};

	if (!*text)
		return 0;
	if (privacy_text(&masked, intake, *text, NULL, err))
		return ticket_fail_in(err, "%s: ", language_word("column", member));
	replace_text(text, masked.p ? masked.p : "");
	return 0;
}

static int intake_pairs(const struct privacy_intake *intake, struct pairs *pairs, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < pairs->n && !failed; i++)
		failed = intake_text(intake, pairs->v[i].key, &pairs->v[i].value, err);
	return failed;
}

/* A subject that is the head of the description may end inside a number: it is cut again from the masked text. */
static void cut_again(struct ticket *draft, size_t columns)
{
	const char *text = draft->description;
	size_t line = strcspn(text, "\n");

	free(draft->subject);
	draft->subject = xstrndup(text, text_fit(text, line, columns, NULL));
}

static int mask_ticket(const struct privacy_intake *intake, struct ticket *draft, struct ticket_error *err)
{
	bool head = draft->subject && draft->description && text_starts(draft->description, draft->subject);
	size_t columns = head ? text_width(draft->subject, strlen(draft->subject)) : 0;
	int failed;

	if ((failed = intake_text(intake, "description", &draft->description, err)) || (failed = intake_text(intake, "subject", &draft->subject, err)) ||
	    (failed = intake_text(intake, "wants", &draft->wants, err)) || (failed = intake_text(intake, "address", &draft->source.address, err)))
		return failed;
	if (head)
		cut_again(draft, columns);
	return intake_pairs(intake, &draft->fields, err);
}

static int mask_event(const struct privacy_intake *intake, struct event *event, struct ticket_error *err)
{
	struct {
		const char *name;
		char **text;
	} texts[] = {{"text", &event->text}, {"reason", &event->reason}, {"late reason", &event->late_reason}, {"decision", &event->decision}};
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(texts) && !failed; i++)
		failed = intake_text(intake, texts[i].name, texts[i].text, err);
	for (size_t i = 0; i < event->parts.n && !failed; i++)
		failed = intake_text(intake, "part", &event->parts.v[i].text, err);
	for (size_t i = 0; i < event->needs.n && !failed; i++)
		failed = intake_text(intake, "need", &event->needs.v[i], err);
	for (size_t i = 0; i < event->files.n && !failed; i++)
		failed = intake_text(intake, "file name", &event->files.v[i].name, err);
	for (size_t i = 0; i < event->changes.n && !failed; i++)
		if (!(failed = intake_text(intake, event->changes.v[i].field, &event->changes.v[i].old, err)))
			failed = intake_text(intake, event->changes.v[i].field, &event->changes.v[i].new, err);
	return failed;
}

int intake_ticket(struct change *change, struct ticket *draft, struct ticket_error *err)
{
	struct privacy_intake intake;
	int failed = register_intake(change, draft, err);

	if (failed)
		return failed;
	register_known(change, draft, &intake);
	return mask_ticket(&intake, draft, err);
}

int intake_event(struct change *change, const struct ticket *ticket, struct event *event, struct ticket_error *err)
{
	struct privacy_intake intake;

	if (event->automatic)
		return 0;
	register_known(change, ticket, &intake);
	return mask_event(&intake, event, err);
}

int intake_preview(const struct policy *policy, struct ticket *draft, struct event *events, size_t n, struct ticket_error *err)
{
	_cleanup_free_ char *name = draft->customer.display, *contact = draft->customer.contact;
	const struct privacy_known known[] = {{name ? name : "", PRIVACY_NAME}, {contact ? contact : "", PRIVACY_PHONE}};
	struct privacy_intake intake = {.rules = &policy->masking, .known = known, .n_known = ARRAY_SIZE(known)};
	int failed;

	draft->customer.display = name ? mask_display(&policy->masking, name) : NULL;
	draft->customer.contact = contact ? mask_contact(contact) : NULL;
	failed = mask_ticket(&intake, draft, err);
	for (size_t i = 0; i < n && !failed; i++)
		failed = mask_event(&intake, &events[i], err);
	return failed;
}
