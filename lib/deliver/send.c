/* SPDX-License-Identifier: MIT */
/* Sending messages: programs of one's own are run here, mail and webhooks go through ticket-deliver. */
#include "deliver/mail.h"
#include "base/process.h"
#include "deliver/render.h"
#include "deliver/run.h"
#include "deliver/webhook.h"
#include "deliver/wire.h"
#include "ticket/file.h"
#include "ticket/language.h"

#define GRACE_MS 2000 /* ticket-deliver ends by its own clock; this much later it is ended */
#define LARGEST_TEMPLATE 65536

/* What a program gets on its standard input. */
struct told {
	int64_t format;
	char *id, *kind, *way;
	struct {
		char *name, *email, *phone;
	} to;
	char *channel, *customer;
	struct texts tickets, actions;
	bool urgent;
	char *subject, *body;
	struct notice_file file;
};

static const struct codec_field to_fields[] = {
	FIELD(TEXT, __typeof__(((struct told *)0)->to), "name", name, 0),
	FIELD(TEXT, __typeof__(((struct told *)0)->to), "email", email, 0),
	FIELD(TEXT, __typeof__(((struct told *)0)->to), "phone", phone, 0),
	CODEC_END,
};
static const struct codec to_codec = {"recipient", sizeof(((struct told *)0)->to), to_fields, 0, -1, NULL};

static const struct codec_field told_fields[] = {
	FIELD(INT, struct told, "format", format, 0),
	FIELD(TEXT, struct told, "id", id, 0),
	FIELD(TEXT, struct told, "kind", kind, 0),
	FIELD(TEXT, struct told, "way", way, 0),
	FIELD_SUB(OBJECT, struct told, "to", to, 0, &to_codec),
	FIELD(TEXT, struct told, "channel", channel, 0),
	FIELD(TEXT, struct told, "customer", customer, 0),
	FIELD(TEXTS, struct told, "tickets", tickets, 0),
	FIELD(TEXTS, struct told, "actions", actions, 0),
	FIELD(FLAG, struct told, "urgent", urgent, 0),
	FIELD(TEXT, struct told, "subject", subject, 0),
	FIELD(TEXT, struct told, "body", body, 0),
	FIELD_SUB(OBJECT, struct told, "file", file, 0, &notice_file_codec),
	CODEC_END,
};
static const struct codec told_codec = {"message", sizeof(struct told), told_fields, 0, -1, NULL};

/* --- what every way needs -------------------------------------------------------------------------------------- */

static const struct notice *const *as_const(const struct message *message)
{
	return (const struct notice *const *)message->notices.v;
}

static char *subject_of(const struct run *run, const struct message *message)
{
	return render_message_subject(run->desk->policy, as_const(message), message->notices.n);
}

static char *body_of(const struct run *run, const struct message *message)
{
	return render_message_body(run->desk->policy, as_const(message), message->notices.n);
}

static void add_tickets(const struct message *message, struct texts *out)
{
	for (size_t i = 0; i < message->notices.n; i++)
		if (message->notices.v[i]->ticket && !texts_have(out, message->notices.v[i]->ticket))
			texts_add(out, message->notices.v[i]->ticket);
}

/* A person's address; who is known by his address alone has it as his name. */
static const char *email_of(const struct run *run, const char *name)
{
	const struct person *person = policy_person(run->desk->policy, name);

	if (person && person->email)
		return person->email;
	return mail_address_valid(name) ? name : NULL;
}

static int64_t left_ms(const struct run *run)
{
	int64_t left = run->until_ms - process_clock_ms();

	return left > 0 ? left : 0;
}

/* It was not delivered for certain. */
static int fail_message(struct run *run, struct message *message, const char *error, struct ticket_error *err)
{
	message->tried = true;
	free(message->error);
	message->error = xstrdup(error);
	return run_result(run, message, err);
}

/* --- programs -------------------------------------------------------------------------------------------------- */

static void tell_program(const struct run *run, const struct message *message, struct buf *out)
{
	const struct notice *first = message->notices.v[0];
	const struct person *person = policy_person(run->desk->policy, first->to);
	struct told told = {.format = 1};

	told.id = xstrdup(message->id);
	told.kind = xstrdup(notice_word((enum notice_kind)first->kind));
	told.way = xstrdup(first->way);
	told.to.name = xstrdup(first->to);
	told.to.email = xstrdup(email_of(run, first->to));
	told.to.phone = person ? xstrdup(person->phone) : NULL;
	told.channel = xstrdup(first->channel);
	told.customer = xstrdup(first->customer);
	for (size_t i = 0; i < message->notices.n; i++)
		told.urgent |= message->notices.v[i]->urgent;
	add_tickets(message, &told.tickets);
	for (size_t i = 0; i < message->notices.n; i++)
		if (message->notices.v[i]->action && !texts_have(&told.actions, message->notices.v[i]->action))
			texts_add(&told.actions, message->notices.v[i]->action);
	told.subject = subject_of(run, message);
	told.body = body_of(run, message);
	codec_copy(&notice_file_codec, &told.file, &first->file);
	codec_write_compact(&told_codec, &told, out);
	buf_putc(out, '\n');
	codec_release(&told_codec, &told);
}

/* The last thing it said tells people more than its exit code. */
static char *last_words(struct process *process)
{
	char *last = NULL, *line;

	while ((line = process_line(process))) {
		if (*line) {
			free(last);
			last = line;
		} else {
			free(line);
		}
	}
	if (last && strlen(last) > 300)
		last[300] = '\0';
	return last;
}

static int send_by_program(struct run *run, struct message *message, struct texts *words, struct ticket_error *err)
{
	int64_t limit_ms = run->settings.timeout_s * 1000 < left_ms(run) ? run->settings.timeout_s * 1000 : left_ms(run);
	_cleanup_free_ char *said = NULL, *why = NULL;
	_cleanup_buf_ struct buf input = {0};
	struct ticket_error not_run = {0};
	struct process process;

	if (limit_ms <= 0)
		return run_result(run, message, err);
	*list_push(words) = NULL;
	tell_program(run, message, &input);
	if (process_start(&process, (const char *const *)words->v, run->settings.options->environment, &input, PROCESS_ERRORS, limit_ms, &not_run))
		return fail_message(run, message, not_run.message, err);
	said = last_words(&process);
	message->tried = true;
	message->sent = process_end(&process, &why);
	message->maybe = !message->sent && process_clock_ms() >= process.until_ms;
	if (!message->sent)
		message->error = xasprintf("'%s' %s%s%s", words->v[0], why, said ? ": " : "", said ? said : "");
	return run_result(run, message, err);
}

/* --- mail and webhooks ----------------------------------------------------------------------------------------- */

static int request_mail(const struct run *run, const struct message *message, struct wire_request *request, struct ticket_error *err)
{
	const struct settings *s = &run->settings;
	const struct notice *first = message->notices.v[0];
	_cleanup_free_ char *subject = subject_of(run, message), *body = body_of(run, message);
	struct mail_file file = {first->file.name, first->file.type, first->file.data ? first->file.data : ""};
	struct mail mail = {
		.id = message->id,
		.from = s->smtp_from,
		.from_name = s->smtp_name,
		.to = email_of(run, first->to),
		.to_name = first->to,
		.subject = subject,
		.body = body,
		.file = first->file.name ? &file : NULL,
		.thread = message->notices.n == 1 ? first->uid : NULL,
		.date = stamp_at(run->desk->zone, run->desk->context.now_s),
	};
	struct buf data = {0};
	int failed;

	if (!mail.to)
		return ticket_fail(err, TICKET_USAGE, "the policy has no mail address of '%s'", first->to);
	if ((failed = mail_write(&data, &mail, err))) {
		buf_release(&data);
		return failed;
	}
	request->url = xstrdup(s->smtp_url);
	request->user = xstrdup(s->smtp_user);
	request->password = xstrdup(s->smtp_password);
	request->from = xstrdup(s->smtp_from);
	request->to = xstrdup(mail.to);
	request->tls = s->smtp_tls;
	request->data = buf_steal(&data);
	return 0;
}

static int fill_body(const struct run *run, const struct message *message, const struct hook *hook, struct buf *out, struct ticket_error *err)
{
	const char *template = hook_template(hook->kind);
	_cleanup_free_ char *subject = subject_of(run, message), *body = body_of(run, message), *numbers = NULL;
	_cleanup_buf_ struct buf own = {0};
	struct texts tickets = {0};
	struct hook_message told = {message->id, notice_word((enum notice_kind)message->notices.v[0]->kind), message->notices.v[0]->to, NULL, subject, body};
	int failed = hook->body ? file_read(hook->body, LARGEST_TEMPLATE, &own, err) : 0;

	if (failed)
		return failed;
	if (!template && !hook->body)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no kind of webhook; right would be json, slack, feishu, dingtalk or wecom", hook->kind);
	add_tickets(message, &tickets);
	told.tickets = numbers = texts_join(&tickets, " ");
	texts_release(&tickets);
	return hook_write(out, hook->body ? (own.p ? own.p : "") : template, hook->body ? hook->body : "webhook", &told, err);
}

static int request_hook(const struct run *run, const struct message *message, struct wire_request *request, struct ticket_error *err)
{
	_cleanup_hook_ struct hook hook = {0};
	struct buf body = {0};
	int failed;

	settings_hook(&run->settings, message->notices.v[0]->to, &hook);
	if (!hook.url || (!text_starts(hook.url, "https://") && !text_starts(hook.url, "http://")))
		return ticket_fail(err, TICKET_USAGE, "the webhook's address must begin with https:// or http://");
	if ((failed = fill_body(run, message, &hook, &body, err))) {
		buf_release(&body);
		return failed;
	}
	request->url = xstrdup(hook.url);
	request->data = buf_steal(&body);
	request->chat = hook.kind && !text_equal(hook.kind, "json");
	return 0;
}

static int make_request(const struct run *run, const struct message *message, struct wire_batch *batch, struct ticket_error *err)
{
	struct wire_request *request = list_push(&batch->requests);
	const char *way = message->notices.v[0]->way;
	int failed;

	request->id = xstrdup(message->id);
	request->way = xstrdup(way);
	if (text_equal(way, "email"))
		failed = request_mail(run, message, request, err);
	else
		failed = request_hook(run, message, request, err);
	if (failed) {
		free(request->id);
		free(request->way);
		batch->requests.n--;
	}
	return failed;
}

static struct message *find_message(struct run *run, const char *id)
{
	for (size_t i = 0; i < run->messages.n; i++)
		if (text_equal(run->messages.v[i].id, id))
			return &run->messages.v[i];
	return NULL;
}

static int take_answer(struct run *run, const char *line, struct ticket_error *err)
{
	struct wire_answer answer = {0};
	struct message *message;
	int failed = 0;

	if (codec_read(&wire_answer_codec, &answer, line, strlen(line), "ticket-deliver", NULL))
		return 0; /* what gets no answer has failed, see below */
	message = find_message(run, answer.id);
	if (message && !message->sent && !message->error) {
		message->sent = answer.ok;
		message->tried = !answer.skipped;
		message->maybe = answer.maybe;
		message->error = answer.ok ? NULL : xstrdup(answer.error ? answer.error : "failed");
		failed = run_result(run, message, err);
	}
	codec_release(&wire_answer_codec, &answer);
	return failed;
}

/* What was handed over and got no answer may have arrived: it is tried again under the same name. */
static int fail_unanswered(struct run *run, const struct wire_batch *batch, const char *why, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < batch->requests.n && !failed; i++) {
		struct message *message = find_message(run, batch->requests.v[i].id);

		if (message->sent || message->error)
			continue;
		message->maybe = true;
		message->tried = true;
		message->error = xasprintf("ticket-deliver %s", why ? why : "gave no answer");
		failed = run_result(run, message, err);
	}
	return failed;
}

static int fail_batch(struct run *run, const struct wire_batch *batch, const char *error, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < batch->requests.n && !failed; i++)
		failed = fail_message(run, find_message(run, batch->requests.v[i].id), error, err);
	return failed;
}

static int send_batch(struct run *run, struct wire_batch *batch, struct ticket_error *err)
{
	const char *argv[] = {run->settings.options->program, NULL};
	_cleanup_free_ char *why = NULL;
	_cleanup_buf_ struct buf input = {0};
	struct ticket_error not_run = {0};
	struct process process;
	int failed = 0;
	char *line;

	if (!argv[0])
		return fail_batch(run, batch, N_("mail and webhooks need 'ticket-deliver', which this program was built or installed without: build it with libcurl (meson -Ddeliver=enabled)"), err);
	batch->format = 1;
	batch->timeout_ms = run->settings.timeout_s * 1000;
	batch->limit_ms = left_ms(run) ? left_ms(run) : 1;
	batch->cafile = xstrdup(run->settings.cafile);
	codec_write_compact(&wire_batch_codec, batch, &input);
	if (process_start(&process, argv, run->settings.options->environment, &input, 0, batch->limit_ms + GRACE_MS, &not_run))
		return fail_batch(run, batch, not_run.message, err);
	while (!failed && (line = process_line(&process))) {
		failed = take_answer(run, line, err);
		free(line);
	}
	if (failed) /* the disk is full or broken: nothing more goes out that couldn't be written down */
		process.until_ms = 0;
	process_end(&process, &why);
	return failed ? failed : fail_unanswered(run, batch, why, err);
}

int send_messages(struct run *run, struct ticket_error *err)
{
	struct wire_batch batch = {0};
	int failed = 0;

	for (size_t i = 0; i < run->messages.n && !failed; i++) {
		struct message *message = &run->messages.v[i];
		const struct notice *first = message->notices.v[0];
		struct ticket_error why = {0};
		struct texts words = {0};

		if (settings_program(&run->settings, first->way, first->channel, &words))
			failed = send_by_program(run, message, &words, err);
		else if (make_request(run, message, &batch, &why))
			failed = fail_message(run, message, why.message, err);
		texts_release(&words);
	}
	if (!failed && batch.requests.n)
		failed = send_batch(run, &batch, err);
	codec_release(&wire_batch_codec, &batch);
	return failed;
}
