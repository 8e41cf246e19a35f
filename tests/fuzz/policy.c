/* SPDX-License-Identifier: MIT */
/* Any bytes as a policy: refused with a message, or read, examined, asked, written and read again as the same. */
#include "model/number.h"
#include "model/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
	if (!holds)
		abort();
}

static void ask(const struct policy *policy)
{
	_cleanup_ticket_ struct ticket *ticket = xcalloc(1, sizeof(*ticket));
	struct number number = {{2026, 5, 1}, policy->channels.n ? policy->channels.v[0].code : NULL, 100};
	_cleanup_free_ char *text = number_text(policy->number.format, &number), *path = number_path(policy, text);
	struct event event = {.kind = EVENT_ASSIGNED};
	findings found = {0};
	struct texts people = {0};

	insist(!path || (text_starts(path, "tickets/") && !strstr(path, "..") && !strchr(path + strlen("tickets/2026/05/01/01/"), '/')));
	ticket->state = STATE_NEW;
	policy_status(policy, ticket);
	policy_permission(policy, ticket, &event, NULL);
	for (size_t i = 0; i < policy->targets.n; i++)
		policy_target(policy, policy->targets.v[i].name, ticket);
	for (size_t i = 0; i < policy->ladder.n; i++)
		for (size_t n = 0; n < policy->ladder.v[i].notify.n; n++)
			policy_recipients(policy, ticket, policy->ladder.v[i].notify.v[n], &people);
	insist(policy_doctor(policy, &found) == found.n);
	for (size_t i = 0; i < found.n; i++)
		insist(found.v[i].where && found.v[i].what);
	findings_release(&found);
	texts_release(&people);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	_cleanup_policy_ struct policy *policy = NULL, *again = NULL;
	_cleanup_buf_ struct buf out = {0}, same = {0};
	struct ticket_error err = {0};

	if (policy_read(&policy, (const char *)data, size, "policy.json", &err)) {
		insist(!policy && err.code && *err.message);
		return 0;
	}
	ask(policy);
	policy_write(policy, &out);
	insist(policy_read(&again, out.p, out.n, "again.json", &err) == 0);
	policy_write(again, &same);
	insist(out.n == same.n && memcmp(out.p, same.p, out.n) == 0);
	return 0;
}
