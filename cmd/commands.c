/* SPDX-License-Identifier: MIT */
/* All commands in alphabetical order: a new command is one line in each of the two lists. */
#include "command.h"

#include "ticket/text.h"

extern const struct command command_action;
extern const struct command command_archive;
extern const struct command command_assign;
extern const struct command command_attach;
extern const struct command command_audit;
extern const struct command command_backup;
extern const struct command command_blame;
extern const struct command command_calendar;
extern const struct command command_check;
extern const struct command command_completion;
extern const struct command command_confirm;
extern const struct command command_correct;
extern const struct command command_customer;
extern const struct command command_dispute;
extern const struct command command_escalate;
extern const struct command command_explain;
extern const struct command command_export;
extern const struct command command_followup;
extern const struct command command_form;
extern const struct command command_fsck;
extern const struct command command_help;
extern const struct command command_import;
extern const struct command command_inbound;
extern const struct command command_init;
extern const struct command command_inspect;
extern const struct command command_journal;
extern const struct command command_kb;
extern const struct command command_link;
extern const struct command command_list;
extern const struct command command_log;
extern const struct command command_merge;
extern const struct command command_new;
extern const struct command command_note;
extern const struct command command_notify;
extern const struct command command_plan;
extern const struct command command_policy;
extern const struct command command_quarantine;
extern const struct command command_release;
extern const struct command command_reopen;
extern const struct command command_report;
extern const struct command command_resolve;
extern const struct command command_respond;
extern const struct command command_restore;
extern const struct command command_resume;
extern const struct command command_review;
extern const struct command command_search;
extern const struct command command_show;
extern const struct command command_split;
extern const struct command command_survey;
extern const struct command command_sync;
extern const struct command command_triage;
extern const struct command command_verify;
extern const struct command command_version;
extern const struct command command_wait;

const struct command *const commands[] = {
	&command_action,
	&command_archive,
	&command_assign,
	&command_attach,
	&command_audit,
	&command_backup,
	&command_blame,
	&command_calendar,
	&command_check,
	&command_completion,
	&command_confirm,
	&command_correct,
	&command_customer,
	&command_dispute,
	&command_escalate,
	&command_explain,
	&command_export,
	&command_followup,
	&command_form,
	&command_fsck,
	&command_help,
	&command_import,
	&command_inbound,
	&command_init,
	&command_inspect,
	&command_journal,
	&command_kb,
	&command_link,
	&command_list,
	&command_log,
	&command_merge,
	&command_new,
	&command_note,
	&command_notify,
	&command_plan,
	&command_policy,
	&command_quarantine,
	&command_release,
	&command_reopen,
	&command_report,
	&command_resolve,
	&command_respond,
	&command_restore,
	&command_resume,
	&command_review,
	&command_search,
	&command_show,
	&command_split,
	&command_survey,
	&command_sync,
	&command_triage,
	&command_verify,
	&command_version,
	&command_wait,
	NULL,
};

const struct command *command_find(const struct command *const *list, const char *name)
{
	for (size_t i = 0; list[i]; i++)
		if (text_equal(list[i]->name, name))
			return list[i];
	return NULL;
}

size_t command_count(const struct command *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

const char *command_nearest(const struct command *const *list, const char *typed)
{
	size_t n = command_count(list);
	const char **names = xcalloc(n, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < n; i++)
		names[i] = list[i]->name;
	near = text_nearest(typed, names, n);
	free(names);
	return near;
}
