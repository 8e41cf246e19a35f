/* SPDX-License-Identifier: MIT */
/*
 * Satisfaction surveys (domain B5–B8, C11, D10): questionnaires that are printed and read back, answers that are kept by
 * name or, where the policy says `anonymous`, in a ballot box from which only whole groups come out (ticket-survey(1)).
 */
#ifndef TICKET_SURVEY_H
#define TICKET_SURVEY_H

#include "ticket/desk.h"

/* --- questionnaires ---------------------------------------------------------------------------------------------- */

/*
 * A questionnaire as text, one line for each question. Labels are the policy's, or the fixed words of the language:
 *
 *   questionnaire: 7K3F-9XQ2-MR
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

#endif
