/* SPDX-License-Identifier: MIT */
/*
 * Satisfaction surveys (domain B5–B8, C11, D10): questionnaires that are printed and read back, answers that are kept by
 * name or, where the policy says `anonymous`, in a ballot box from which only whole groups come out (ticket-survey(1)).
 */
#ifndef TICKET_SURVEY_H
#define TICKET_SURVEY_H

#include "ticket/desk.h"
#include "ticket/range.h"

/* --- questionnaires ---------------------------------------------------------------------------------------------- */

/*
 * A questionnaire as text, one line for each question. Labels are the policy's, or the fixed words of the language:
 *
 *   questionnaire: 7K3F-9XQ2-MRTW
 *   Speed of response (1-5): __
 *   Attitude (1-5): __
 *   suggestion: 
 *   contact (yes/no): 
 *
 * The first line names the ticket: by its number, or, where surveys are anonymous, by a one-time code that stands in no
 * history. A line that begins with '#' is a remark. A score is a number of the scale or the policy's word for it; blanks
 * and underlines are no answer. The suggestion goes on until the next line that asks something. 'contact' is asked only where
 * surveys are anonymous: "yes" gives the answer a name. In reading, labels may be in any language of the policy or the
 * question's name, case, full-width forms and what Markdown puts around a line ("- ", "**") do not matter, and each
 * 'questionnaire:' begins another one. As CSV, the same words head the columns, one questionnaire in each row.
 */
enum survey_word { SURVEY_QUESTIONNAIRE, SURVEY_SUGGESTION, SURVEY_CONTACT, SURVEY_WORDS };
/* "questionnaire", "suggestion", "contact", as they stand on a form in "en" or "zh". Static. */
const char *survey_word(enum survey_word word, const char *language);
/* Of the 'contact' line: its answer for yes and for no, in "en" or "zh". Static. */
const char *survey_yes(bool yes, const char *language);
/* "(1-5)": how a question's line shows its scale. Owned. */
char *survey_scale(const struct policy *policy);
/* Appends a blank questionnaire in a language; 'code' from survey_code, NULL leaves its place blank. */
void survey_form(const struct policy *policy, const char *language, const char *code, struct buf *out);

/*
 * What names the ticket on its questionnaire: its number, or, where surveys are anonymous, the code of its present survey,
 * made and kept durably outside history when there is none. '*out' is owned. TICKET_REFUSED when nothing was resolved yet
 * or the survey is over; TICKET_BUSY.
 */
int survey_code(struct desk *desk, const struct ticket *ticket, char **out, struct ticket_error *err);

/* One filled-in questionnaire. */
struct questionnaire {
	char *code;            /* what its first line says: a code or a number */
	int64_t line;          /* where it begins */
	struct pairs scores;   /* question → score, checked against the scale */
	char *suggestion;      /* NULL: none */
	bool contact;          /* the customer wants to be contacted, and so gives his name */
};
typedef LIST(struct questionnaire) questionnaires;
void questionnaires_release(questionnaires *list);

/*
 * Reads the questionnaires of a text or CSV file (which of the two, its content says; UTF-8 or GB18030), appended to 'out'.
 * TICKET_USAGE names file and line of what cannot be read: a line that asks nothing known, a score beyond the scale, a
 * questionnaire without code. One without any answer is passed over.
 */
int questionnaires_read(questionnaires *out, const struct policy *policy, const char *path, struct ticket_error *err);

/* --- answers without a name -------------------------------------------------------------------------------------- */

/* The scores of one answer; nothing leads from it to a ticket or to what was written with it. */
struct ballot {
	char *category;        /* only in a group that holds enough of it */
	struct pairs scores;   /* question → score, in the order of the questions */
};

/* What came out of the ballot box together: surveys/YYYY/DATE-RANDOM.json. Owned strings; lists in order of what they say. */
struct survey_group {
	int64_t format;        /* 1 */
	char *from, *to;       /* days: its answers came after the group before ('from' NULL: of the beginning), until 'to' */
	LIST(struct ballot) answers;
	struct texts suggestions;
	char *extra;
};
void survey_group_release(struct survey_group *group);

/* The groups of HEAD in order of their last day, as long as that day lies in 'range' (NULL: all). Borrowed for the call. TICKET_STORAGE. */
typedef int survey_group_visitor(const struct survey_group *group, const char *path, void *data, struct ticket_error *err);
int survey_groups(struct desk *desk, const struct range *range, survey_group_visitor *visit, void *data, struct ticket_error *err);
/* How many answers lie in the ballot box of this copy of the desk. TICKET_STORAGE when it is damaged. */
int ballots_waiting(struct desk *desk, size_t *out, struct ticket_error *err);
/* How many answers a group holds at least by the policy. */
size_t survey_group_size(const struct policy *policy);
/* Has the answer a low score? */
bool ballot_is_low(const struct policy *policy, const struct ballot *ballot);
/*
 * Takes all answers out of the box and commits them as one group, when they are enough; '*taken' is 0 when they are not.
 * Nobody can ask for fewer. TICKET_BUSY, TICKET_STORAGE.
 */
int survey_take_group(struct desk *desk, bool dry_run, size_t *taken, size_t *waiting, struct ticket_error *err);

/* --- recording --------------------------------------------------------------------------------------------------- */

/* Sees each as it then is: 'ticket' is NULL where it was named by a code. Non-zero gives the change up. */
typedef int survey_visitor(const char *word, const struct ticket *ticket, void *data, struct ticket_error *err);
/*
 * Records one step of the survey on all that 'words' name, by number or code: one commit, all or nothing. 'event' is
 * copied. An answer goes by its ticket's name or, where surveys are anonymous and it gives no name, into the ballot box.
 */
int survey_record(struct desk *desk, const struct texts *words, const struct event *event, bool dry_run, survey_visitor *after, void *data, struct ticket_error *err);
/* The answers of questionnaires in the same way, happened at 'at' (unset: now). */
int survey_enter(struct desk *desk, const questionnaires *list, const struct stamp *at, bool dry_run, survey_visitor *after, void *data, struct ticket_error *err);

/*
 * The ticket behind what stands on a questionnaire: a code, a number. '*number' is owned, '*coded' says which of the two it
 * was: what is entered by a code must not name the ticket. TICKET_NOTFOUND.
 */
int survey_ticket(struct desk *desk, const char *word, char **number, bool *coded, struct ticket_error *err);

#endif
