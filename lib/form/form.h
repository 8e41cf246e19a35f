/* SPDX-License-Identifier: MIT */
/* What the files of lib/form share: a form being filled in, and the values it can show. */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "desk/desk.h"
#include "ticket/form.h"

#define FORMS_FOLDER "forms" /* of the policy's folder */

/* A customer's personal data in clear, once the access is on record. */
struct revealed {
	char *customer;
	struct customer_person person;
};

struct filling {
	struct desk *desk;
	const struct form *form;
	const struct policy *policy; /* HEAD's: for labels */
	const char *language;
	bool chinese;
	LIST(struct revealed) revealed;
	const struct ticket *ticket; /* the one at hand; NULL: an empty form */
};

/* Is it the name of a value of tickets ("number"), or of a column of the kind's tables? */
bool value_known(const char *name, const struct policy *policy);
/* The names of all plain values, for suggestions; NULL-terminated. */
const char *const *value_names(void);
/* Fills in one value of the ticket at hand; leaves the cell empty where the ticket has none. */
int value_fill(struct filling *filling, const char *name, struct form_cell *cell, struct ticket_error *err);

/* rows.c: the columns that a kind of table knows (NULL-terminated), and its rows. NULL for kinds without a table. */
const char *const *table_columns(const char *kind);
int table_fill(struct filling *filling, struct form_block *block, struct ticket_error *err);

/* How times and choices are told. 'out' must be empty. */
void tell(struct form_cell *cell, const char *data, const char *shown);
void tell_time(const struct filling *filling, struct form_cell *cell, const struct stamp *at);
void tell_choice(const struct filling *filling, struct form_cell *cell, const choices *list, const char *name);
void tell_choices(const struct filling *filling, struct form_cell *cell, const choices *list, const struct texts *names);
const char *choice_label(const struct filling *filling, const choices *list, const char *name);
/* The label of a word of the engine, such as an event or "yes". */
const char *form_word(const struct filling *filling, const char *word);
/* One of two texts by the language of the form. */
const char *form_say(const struct filling *filling, const char *en, const char *zh);
/* The label of a field: its own, else that of the policy's field of that name, else the policy's word for it, else the name. */
const char *field_label(const struct policy *policy, const char *language, const struct form_field *field);
bool field_has_label(const struct policy *policy, const char *language, const struct form_field *field);

/* Does it hold a questionnaire? What comes out as text can then be read back: all but the answers are remarks. */
bool form_has_questions(const struct form *form);

/* The faces. */
extern const struct form_face face_html, face_md, face_txt, face_json;

#endif
