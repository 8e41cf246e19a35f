/* SPDX-License-Identifier: MIT */
/* Labels: see label.h. */
#include "label.h"

static bool is_english(const struct call *call)
{
	return text_equal(call->language, "en");
}

bool label_people(const struct call *call)
{
	return !call->table.format || text_equal(call->table.format, "table") || text_equal(call->table.format, "md");
}

const char *label_language(const struct call *call)
{
	return label_people(call) ? call->language : "en";
}

/* 'context' tells words apart that are the same in English alone. */
static const char *label_in(const struct call *call, const char *context, const char *word)
{
	const char *label = call->desk ? policy_word(desk_policy(call->desk), call->language, word) : word;

	return label == word ? language_word(context, word) : label;
}

const char *label_word(const struct call *call, const char *word)
{
	return label_in(call, "column", word);
}

const char *label_state(const struct call *call, const char *state)
{
	return label_in(call, "status", state);
}

const char *label_event(const struct call *call, const char *word)
{
	return label_in(call, "event", word);
}

const char *label_place(const struct call *call, const char *field)
{
	bool is_event = !text_equal(field, "subject") && !text_equal(field, "description") && !text_equal(field, "customer");

	return is_event ? label_event(call, field) : label_word(call, field);
}

const char *label_foreign(const struct call *call, const char *word)
{
	return is_english(call) ? word : label_word(call, word);
}

const char *label_cell(const struct call *call, const char *word)
{
	return word && label_people(call) ? label_foreign(call, word) : word;
}

char *label_moment(const struct call *call, const char *moment)
{
	size_t n = strcspn(moment, ":");
	_cleanup_free_ char *kind = xstrndup(moment, n);

	if (is_english(call))
		return xstrdup(moment);
	return moment[n] ? xasprintf(_("%s (%s)"), language_word("event", kind), label_word(call, moment + n + 1)) : xstrdup(language_word("event", kind));
}

char *label_interval(const struct call *call, const char *state)
{
	size_t n = strcspn(state, ":+"), whom = state[n] == ':' ? strcspn(state + n + 1, "+") : 0;
	_cleanup_free_ char *name = xstrndup(state, n), *waits = whom ? xstrndup(state + n + 1, whom) : NULL;
	bool quarantined = text_ends(state, "+quarantined");

	if (is_english(call))
		return xstrdup(state);
	if (waits && quarantined)
		return xasprintf(_("%s (%s, %s)"), label_state(call, name), label_word(call, waits), label_word(call, "quarantined"));
	if (waits || quarantined)
		return xasprintf(_("%s (%s)"), label_state(call, name), label_word(call, waits ? waits : "quarantined"));
	return xstrdup(label_state(call, name));
}

char *label_choices(const struct call *call, const choices *list, const char *names)
{
	const struct policy *policy = desk_policy(call->desk);
	_cleanup_free_ char *copy = xstrdup(names);
	struct buf out = {0};
	char *rest = copy, *name;

	if (!names || is_english(call))
		return steal_ptr(copy);
	while ((name = strsep(&rest, ","))) {
		const struct choice *choice = policy_choice(list, name);

		if (out.n)
			buf_putc(&out, ',');
		buf_puts(&out, choice ? policy_label(policy, &choice->labels, call->language, name) : name);
	}
	return buf_steal(&out);
}

const char *label_group(const struct call *call, const char *name)
{
	const struct policy *policy = desk_policy(call->desk);

	for (size_t i = 0; i < policy->groups.n && name && !is_english(call); i++)
		if (text_equal(policy->groups.v[i].name, name))
			return policy_label(policy, &policy->groups.v[i].labels, call->language, name);
	return name;
}

const char *label_target(const struct call *call, const char *name)
{
	const struct policy *policy = desk_policy(call->desk);

	for (size_t i = 0; i < policy->targets.n; i++)
		if (text_equal(policy->targets.v[i].name, name))
			return policy_label(policy, &policy->targets.v[i].labels, call->language, name);
	return name;
}

char *label_length(const struct call *call, const struct duration *length)
{
	static const char *const units[] = {"bd", "d", "h", "m", "s"};
	char text[DURATION_SIZE];
	struct buf out = {0};

	duration_format(text, length);
	if (is_english(call))
		return xstrdup(text);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "abcdefghijklmnopqrstuvwxyz"), unit = strspn(p + n, "abcdefghijklmnopqrstuvwxyz");
		_cleanup_free_ char *name = xstrndup(p + n, unit);

		buf_add(&out, p, n);
		for (size_t i = 0; i < ARRAY_SIZE(units); i++)
			if (text_equal(units[i], name))
				buf_puts(&out, language_word("unit", units[i]));
		p += n + unit;
	}
	return buf_steal(&out);
}
