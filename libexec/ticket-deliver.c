/* SPDX-License-Identifier: MIT */
/*
 * ticket-deliver: carries mail and webhooks for `ticket notify`. A program of its own, so that the main program never
 * links libcurl. It gets a batch of requests on standard input and writes one line of JSON per answer; it keeps nothing.
 */
#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "deliver/webhook.h"
#include "deliver/wire.h"

#define LONGEST_ANSWER 16384

/* One transfer: what is still to be sent, what came back. */
struct transfer {
	const struct wire_request *request;
	size_t sent;
	struct buf answer;
};

/* The place that just failed as a whole; more of it is not tried in this run. */
struct down {
	char *url;
	char *error;
};

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t give(char *to, size_t size, size_t count, void *data)
{
	struct transfer *transfer = data;
	size_t left = strlen(transfer->request->data) - transfer->sent, n = size * count < left ? size * count : left;

	memcpy(to, transfer->request->data + transfer->sent, n);
	transfer->sent += n;
	return n;
}

/* A connection that was kept open may turn out dead once bytes went into it; libcurl then begins again. */
static int rewind_to(void *data, curl_off_t offset, int origin)
{
	struct transfer *transfer = data;

	if (origin != SEEK_SET || offset < 0 || offset > (curl_off_t)strlen(transfer->request->data))
		return CURL_SEEKFUNC_FAIL;
	transfer->sent = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static size_t take(char *bytes, size_t size, size_t count, void *data)
{
	struct transfer *transfer = data;
	size_t room = LONGEST_ANSWER - transfer->answer.n, n = size * count;

	buf_add(&transfer->answer, bytes, n < room ? n : room);
	return n;
}

/* Nothing of libcurl's own writing reaches our output, which holds answers alone. */
static size_t drop(char *bytes, size_t size, size_t count, void *data)
{
	return size * count;
}

/* --- settings of a transfer ------------------------------------------------------------------------------------ */

static void set_common(CURL *curl, const struct wire_batch *batch, struct transfer *transfer, char *words, int64_t limit_ms)
{
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, transfer->request->url);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)limit_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)limit_ms);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (batch->cafile)
		curl_easy_setopt(curl, CURLOPT_CAINFO, batch->cafile);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_to);
	curl_easy_setopt(curl, CURLOPT_SEEKDATA, transfer);
}

static struct curl_slist *set_mail(CURL *curl, struct transfer *transfer)
{
	const struct wire_request *request = transfer->request;
	_cleanup_free_ char *from = xasprintf("<%s>", request->from ? request->from : ""), *to = xasprintf("<%s>", request->to ? request->to : "");
	struct curl_slist *recipients = curl_slist_append(NULL, to);

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	if (request->tls)
		curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	if (request->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, request->password ? request->password : "");
	}
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	return recipients;
}

static struct curl_slist *set_hook(CURL *curl, struct transfer *transfer)
{
	const struct wire_request *request = transfer->request;
	_cleanup_free_ char *key = xasprintf("Idempotency-Key: %s", request->id);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");

	headers = curl_slist_append(headers, key);
	/* A small body goes with its head: no waiting for a "100 Continue" that many servers never send. */
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "ticket");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(request->data));
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	return headers;
}

/* --- one request ----------------------------------------------------------------------------------------------- */

/* Failures of the server as a whole: the next message would meet the same. */
static bool is_down(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_USE_SSL_FAILED:
	case CURLE_LOGIN_DENIED:
	case CURLE_WEIRD_SERVER_REPLY:
		return true;
	default:
		return false;
	}
}

static void judge(const struct wire_request *request, struct transfer *transfer, CURLcode code, long status, const char *words, struct wire_answer *answer)
{
	bool mail = text_equal(request->way, "email");
	_cleanup_buf_ struct buf refused = {0};

	answer->ok = code == CURLE_OK && (mail || (status >= 200 && status < 300));
	if (answer->ok && request->chat && hook_refused(transfer->answer.p ? transfer->answer.p : "", transfer->answer.n, &refused)) {
		answer->ok = false;
		answer->error = xstrdup(refused.p);
	} else if (code != CURLE_OK) {
		/* Everything was handed over and no answer told its fate: it may have arrived. */
		answer->maybe = transfer->sent == strlen(request->data) && !(mail && status >= 400);
		answer->error = status >= 400 ? xasprintf("%s (%ld)", *words ? words : curl_easy_strerror(code), status)
					      : xstrdup(*words ? words : curl_easy_strerror(code));
	} else if (!answer->ok) {
		answer->error = xasprintf("the server answers with status %ld", status);
	}
}

static void perform(CURL *curl, const struct wire_batch *batch, const struct wire_request *request, int64_t limit_ms, struct wire_answer *answer, struct down *down)
{
	struct transfer transfer = {.request = request};
	char words[CURL_ERROR_SIZE] = "";
	struct curl_slist *list;
	long status = 0;
	CURLcode code;

	set_common(curl, batch, &transfer, words, limit_ms);
	list = text_equal(request->way, "email") ? set_mail(curl, &transfer) : set_hook(curl, &transfer);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	judge(request, &transfer, code, status, words, answer);
	if (is_down(code)) {
		replace_text(&down->url, request->url);
		replace_text(&down->error, answer->error);
	}
	curl_slist_free_all(list);
	buf_release(&transfer.answer);
}

static void put_answer(const struct wire_answer *answer)
{
	_cleanup_buf_ struct buf line = {0};

	codec_write_compact(&wire_answer_codec, answer, &line);
	buf_putc(&line, '\n');
	fwrite(line.p, 1, line.n, stdout);
	fflush(stdout);
}

static void carry(CURL *curl, const struct wire_batch *batch)
{
	int64_t until_ms = clock_ms() + batch->limit_ms;
	struct down down = {0};

	for (size_t i = 0; i < batch->requests.n; i++) {
		const struct wire_request *request = &batch->requests.v[i];
		int64_t left_ms = until_ms - clock_ms();
		struct wire_answer answer = {.id = xstrdup(request->id)};

		if (left_ms <= 0)
			answer.skipped = true;
		else if (text_equal(down.url, request->url))
			answer.error = xstrdup(down.error);
		else
			perform(curl, batch, request, left_ms < batch->timeout_ms ? left_ms : batch->timeout_ms, &answer, &down);
		put_answer(&answer);
		codec_release(&wire_answer_codec, &answer);
	}
	free(down.url);
	free(down.error);
}

static int read_input(struct buf *out)
{
	char piece[16384];
	ssize_t n;

	while ((n = read(STDIN_FILENO, piece, sizeof(piece))) > 0)
		buf_add(out, piece, (size_t)n);
	return n < 0 ? -1 : 0;
}

int main(void)
{
	_cleanup_buf_ struct buf input = {0};
	struct wire_batch batch = {0};
	struct ticket_error err = {0};
	CURL *curl = NULL;
	int status = 0;

	/* When `ticket notify` is killed, nothing more may go out that nobody would write down. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (isatty(STDIN_FILENO)) {
		fputs("ticket-deliver: is run by `ticket notify`, see ticket-delivery(5)\n", stderr);
		return 2;
	}
	if (read_input(&input) || codec_read(&wire_batch_codec, &batch, input.p ? input.p : "", input.n, "standard input", &err)) {
		fprintf(stderr, "ticket-deliver: %s\n", err.message[0] ? err.message : "cannot read standard input");
		return 2;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == 0 && (curl = curl_easy_init())) {
		carry(curl, &batch);
		curl_easy_cleanup(curl);
		curl_global_cleanup();
	} else {
		fputs("ticket-deliver: libcurl cannot be started\n", stderr);
		status = 7;
	}
	codec_release(&wire_batch_codec, &batch);
	return status;
}
