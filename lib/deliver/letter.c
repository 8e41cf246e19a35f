/* SPDX-License-Identifier: MIT */
/* Notices of no ticket, to people who are named: whom they reach, and the file that goes with them. */
#include "deliver/mail.h"
#include "deliver/notice.h"
#include "desk/desk.h"

#define LARGEST_FILE 10000000 /* what most mail servers still take, encoded */

/* Letters, digits and what harms no header and no folder. */
static bool is_file_name(const char *name)
{
	return *name && *name != '.' && strlen(name) <= 120 && !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")];
}

int notice_attach(struct notice *notice, const char *name, const char *type, const void *bytes, size_t n, struct ticket_error *err)
{
	struct buf data = {0};

	if (n > LARGEST_FILE)
		return ticket_fail(err, TICKET_USAGE, "'%s' has %zu bytes, more than mail servers take; narrow the report, or write it to a file with -o", name, n);
	if (!is_file_name(name))
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be the name of a file in a mail", name);
	buf_reserve(&data, n / 3 * 4 + 4);
	mail_base64(&data, bytes, n);
	replace_text(&notice->file.name, name);
	replace_text(&notice->file.type, type);
	free(notice->file.data);
	notice->file.data = buf_steal(&data);
	return 0;
}

/* A person's name, or an address that no person of the policy has. */
static int add_person(const struct policy *policy, const char *word, struct texts *people, struct ticket_error *err)
{
	const struct person *person = policy_person(policy, word);
	const char *name = person ? person->name : word;

	if (!person && !mail_address_valid(word))
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is nobody of the policy and no mail address; name a person, 'role:supervisor', 'group:it' or an address", word);
	if (person && !(person->email && mail_address_valid(person->email)))
		return ticket_fail(err, TICKET_NOTFOUND, "the policy has no mail address of '%s'; add it there, or give the address itself", name);
	if (!texts_have(people, name))
		texts_add(people, name);
	return 0;
}

int notice_recipients(const struct desk *desk, const struct texts *words, struct texts *people, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < words->n && !failed; i++) {
		struct texts named = {0};

		if (!strchr(words->v[i], ':'))
			texts_add(&named, words->v[i]);
		else if (!policy_recipients(desk->policy, NULL, words->v[i], &named))
			failed = ticket_fail(err, TICKET_NOTFOUND, "'%s' is nobody of the policy; see: ticket policy show", words->v[i]);
		for (size_t k = 0; k < named.n && !failed; k++)
			failed = add_person(desk->policy, named.v[k], people, err);
		texts_release(&named);
	}
	return failed;
}
