/* SPDX-License-Identifier: MIT */
/* Any bytes as a commit, and as a text with anchors in it: what is read holds together, and anchors read back as they are written. */
#include "audit/message.h"
#include "store/store.h"
#include "ticket/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
	if (!holds)
		abort();
}

static void check_message(const char *text)
{
	struct message message = {0};

	message_read(&message, text);
	insist(!message.said.n || message.names);
	insist(!message.counts || message.names);
	insist(!message.imports || message.names);
	for (size_t i = 0; i < message.said.n; i++) {
		insist(!i || strcmp(message.said.v[i - 1].number, message.said.v[i].number) <= 0);
		insist(message_of(&message, message.said.v[i].number) != NULL);
	}
	message_release(&message);
}

static void check_anchors(const char *text)
{
	audit_anchors read = {0};

	audit_anchors_read(&read, text);
	for (size_t i = 0; i < read.n; i++) {
		_cleanup_free_ char *line = audit_anchor_line(&read.v[i]), *again = NULL;
		audit_anchors once = {0};

		audit_anchors_read(&once, line);
		insist(once.n == 1);
		again = audit_anchor_line(&once.v[0]);
		insist(strcmp(line, again) == 0);
		free(once.v);
	}
	free(read.v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	struct store_record record = {0};

	buf_add(&record.text, data, size);
	if (store_record_parse(&record)) {
		insist(record.commit.parents == record.parents.n);
		insist(record.commit.committed_s >= 0 && record.commit.authored_s >= 0);
		check_message(record.commit.message);
	}
	store_record_release(&record);
	check_message(text);
	check_anchors(text);
	return 0;
}
