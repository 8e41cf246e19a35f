/* SPDX-License-Identifier: MIT */
/* Any bytes as free text: masking twice is masking once, keeping changes nothing, refusing leaves no trace. */
#include "privacy/mask.h"
#include "ticket/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
	if (!holds)
		abort();
}

static char *run(const struct privacy_intake *intake, const char *text, struct privacy_found *found)
{
	struct ticket_error err = {0};
	struct buf out = {0};

	insist(privacy_text(&out, intake, text, found, &err) == 0);
	return buf_steal(&out);
}

static void check_masked(const char *text, const struct privacy_intake *intake, struct privacy_found *found)
{
	struct privacy_found again = {{0}};
	_cleanup_free_ char *once = run(intake, text, found), *twice = run(intake, once, &again);

	insist(strcmp(once, twice) == 0);
	for (int kind = 0; kind < PRIVACY_KINDS; kind++)
		insist(again.masked[kind] == 0);
	/* What could be stored before can be stored after. */
	insist(text_flaw(text, strlen(text), NULL) >= 0 || text_flaw(once, strlen(once), NULL) < 0);
}

static void check_refused(const char *text, const struct privacy_found *found)
{
	char refuse[] = "refuse";
	struct masking rules = {.names = refuse, .phones = refuse, .emails = refuse, .id_cards = refuse, .bank_cards = refuse, .addresses = refuse};
	struct privacy_intake intake = {.rules = &rules};
	struct ticket_error err = {0};
	struct buf out = {0};
	size_t any = 0;
	int refused;

	for (int kind = 0; kind < PRIVACY_KINDS; kind++)
		any += found->masked[kind];
	buf_puts(&out, "x");
	refused = privacy_text(&out, &intake, text, NULL, &err);
	insist(refused == (any ? TICKET_REFUSED : 0));
	insist(refused ? out.n == 1 : strcmp(out.p + 1, text) == 0);
	buf_release(&out);
}

static void check_kept(const char *text)
{
	char keep[] = "keep";
	struct masking rules = {.names = keep, .phones = keep, .emails = keep, .id_cards = keep, .bank_cards = keep, .addresses = keep};
	struct privacy_intake intake = {.rules = &rules};
	_cleanup_free_ char *out = run(&intake, text, NULL);

	insist(strcmp(out, text) == 0);
}

static void check_single(const char *text)
{
	for (int kind = 0; kind < PRIVACY_KINDS; kind++) {
		_cleanup_free_ char *once = mask_value((enum privacy_kind)kind, text), *twice = mask_value((enum privacy_kind)kind, once);

		insist(strcmp(once, twice) == 0);
	}
	_cleanup_free_ char *once = mask_contact(text), *twice = mask_contact(once);
	insist(strcmp(once, twice) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size), *word = xstrndup((const char *)data, size < 12 ? size : 12);
	const struct privacy_known known[] = {{word, PRIVACY_NAME}};
	struct privacy_intake all = {0}, knowing = {.known = known, .n_known = 1};
	struct privacy_found found = {{0}};

	check_single(text);
	check_masked(text, &all, &found);
	check_refused(text, &found);
	check_masked(text, &knowing, &found);
	check_kept(text);
	return 0;
}
