/* SPDX-License-Identifier: MIT */
/* Requests and answers in JSON: see wire.h. */
#include "deliver/wire.h"

static const struct codec_field request_fields[] = {
	FIELD(TEXT, struct wire_request, "id", id, CODEC_REQUIRED),
	FIELD(TEXT, struct wire_request, "way", way, CODEC_REQUIRED),
	FIELD(TEXT, struct wire_request, "url", url, CODEC_REQUIRED),
	FIELD(TEXT, struct wire_request, "user", user, 0),
	FIELD(TEXT, struct wire_request, "password", password, 0),
	FIELD(TEXT, struct wire_request, "from", from, 0),
	FIELD(TEXT, struct wire_request, "to", to, 0),
	FIELD(TEXT, struct wire_request, "data", data, CODEC_REQUIRED),
	FIELD(FLAG, struct wire_request, "tls", tls, 0),
	FIELD(FLAG, struct wire_request, "chat", chat, 0),
	CODEC_END,
};
static const struct codec request_codec = {"request", sizeof(struct wire_request), request_fields, 0, -1, NULL};

static const struct codec_field batch_fields[] = {
	FIELD(INT, struct wire_batch, "format", format, CODEC_REQUIRED),
	FIELD(INT, struct wire_batch, "timeout_ms", timeout_ms, CODEC_REQUIRED),
	FIELD(INT, struct wire_batch, "limit_ms", limit_ms, CODEC_REQUIRED),
	FIELD(TEXT, struct wire_batch, "cafile", cafile, 0),
	FIELD_SUB(LIST, struct wire_batch, "requests", requests, 0, &request_codec),
	CODEC_END,
};
const struct codec wire_batch_codec = {"batch", sizeof(struct wire_batch), batch_fields, 1, -1, NULL};

static const struct codec_field answer_fields[] = {
	FIELD(TEXT, struct wire_answer, "id", id, CODEC_REQUIRED),
	FIELD(FLAG, struct wire_answer, "ok", ok, 0),
	FIELD(FLAG, struct wire_answer, "skipped", skipped, 0),
	FIELD(FLAG, struct wire_answer, "maybe", maybe, 0),
	FIELD(TEXT, struct wire_answer, "error", error, 0),
	CODEC_END,
};
const struct codec wire_answer_codec = {"answer", sizeof(struct wire_answer), answer_fields, 0, -1, NULL};
