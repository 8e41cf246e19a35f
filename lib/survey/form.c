/* SPDX-License-Identifier: MIT */
/* Questionnaires: the blank form, and what a line of a filled-in one says. */
#include "survey/form.h"

#include "ticket/text.h"

static const struct {
	const char *en, *zh;
} words[SURVEY_WORDS] = {
	[SURVEY_QUESTIONNAIRE] = {"questionnaire", "问卷编号"},
	[SURVEY_SUGGESTION] = {"suggestion", "意见建议"},
	[SURVEY_CONTACT] = {"contact", "是否同意联系"},
};

static bool is_chinese(const char *language)
{
	return language && text_starts(language, "zh");
}

const char *survey_word(enum survey_word word, const char *language)
{
	return is_chinese(language) ? words[word].zh : words[word].en;
}

const char *survey_yes(bool yes, const char *language)
{
	return is_chinese(language) ? (yes ? "是" : "否") : yes ? "yes" : "no";
}

char *survey_scale(const struct policy *policy)
{
	return xasprintf("(%lld-%lld)", (long long)policy->survey.scale_min, (long long)policy->survey.scale_max);
}

/* "# 5 very satisfied, 4 satisfied …": what the scores mean, where the policy says it. */
static void add_scale_words(const struct policy *policy, const char *language, struct buf *out)
{
	const struct survey_rule *survey = &policy->survey;
	size_t said = 0;

	for (int64_t score = survey->scale_max; score >= survey->scale_min && survey->scale_max - survey->scale_min < 20; score--) {
		_cleanup_free_ char *key = xasprintf("%s:%lld", is_chinese(language) ? "zh" : "en", (long long)score);
		const char *word = pairs_get(&survey->words, key);

		if (word)
			buf_addf(out, "%s%lld %s", said++ ? (is_chinese(language) ? "，" : ", ") : "# ", (long long)score, word);
	}
	if (said)
		buf_putc(out, '\n');
}

void survey_form(const struct policy *policy, const char *language, const char *code, struct buf *out)
{
	_cleanup_free_ char *scale = survey_scale(policy);
	bool zh = is_chinese(language);

	buf_addf(out, "%s: %s\n", survey_word(SURVEY_QUESTIONNAIRE, language), code ? code : "");
	add_scale_words(policy, language, out);
	for (size_t i = 0; i < policy->survey.questions.n; i++) {
		const struct question *question = &policy->survey.questions.v[i];

		buf_addf(out, "%s %s: __\n", policy_label(policy, &question->labels, zh ? "zh" : "en", question->name), scale);
	}
	buf_addf(out, "%s: \n", survey_word(SURVEY_SUGGESTION, language));
	if (!policy->survey.anonymous)
		return;
	buf_puts(out, zh ? "# 本问卷不记名。若希望我们就此与您联系，请在下一行填“是”，您的答复将与您的工单一并记录。\n" :
			   "# Your answer is anonymous. If you want us to contact you about it, write yes below: it is then kept with your request.\n");
	buf_addf(out, "%s (%s/%s): __\n", survey_word(SURVEY_CONTACT, language), survey_yes(true, language), survey_yes(false, language));
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

void questionnaires_release(questionnaires *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct questionnaire *one = &list->v[i];

		free(one->code);
		free(one->suggestion);
		for (size_t p = 0; p < one->scores.n; p++) {
			free(one->scores.v[p].key);
			free(one->scores.v[p].value);
		}
		free(one->scores.v);
	}
	free(list->v);
	memset(list, 0, sizeof(*list));
}

/* Folded, without what Markdown and hand-writing put around it: "**响应速度（1-5）**" is "响应速度". Owned. */
static char *plain_label(const char *label, size_t n)
{
	_cleanup_free_ char *given = xstrndup(label, n);
	char *folded = text_fold(given), *to = folded, *bracket;

	for (const char *from = folded; *from; from++)
		if (!strchr("*_>#|`", *from))
			*to++ = *from;
	*to = '\0';
	bracket = strchr(folded, '(');
	if (bracket)
		*bracket = '\0';
	text_strip(folded);
	if (text_starts(folded, "- ") || text_starts(folded, "+ "))
		memmove(folded, folded + 2, strlen(folded + 2) + 1);
	return text_strip(folded);
}

static bool label_is(const char *plain, const char *label)
{
	_cleanup_free_ char *wanted = plain_label(label, strlen(label));

	return text_equal(plain, wanted);
}

const char *form_asks(const struct policy *policy, const char *label, size_t n)
{
	_cleanup_free_ char *plain = plain_label(label, n);

	for (int word = 0; word < SURVEY_WORDS; word++)
		if (label_is(plain, words[word].en) || label_is(plain, words[word].zh))
			return words[word].en;
	for (size_t q = 0; q < policy->survey.questions.n; q++) {
		const struct question *question = &policy->survey.questions.v[q];

		if (label_is(plain, question->name))
			return question->name;
		for (size_t l = 0; l < question->labels.n; l++)
			if (label_is(plain, question->labels.v[l].value))
				return question->name;
	}
	return NULL;
}

/* What was written, without underlines, tick boxes and blanks. Folded; owned. */
static char *plain_value(const char *value)
{
	char *folded = text_fold(value), *to = folded;

	for (const char *from = folded; *from; from++)
		if (!strchr("_*`", *from))
			*to++ = *from;
	*to = '\0';
	return text_strip(folded);
}

static int read_score(const struct policy *policy, const char *question, const char *value, struct questionnaire *out, const char *where, struct ticket_error *err)
{
	_cleanup_free_ char *plain = plain_value(value), *text = NULL;
	char *end;
	long long score = strtoll(plain, &end, 10);

	if (!*plain)
		return 0;
	for (size_t w = 0; end == plain && w < policy->survey.words.n; w++) {
		const struct pair *word = &policy->survey.words.v[w];
		_cleanup_free_ char *folded = text_fold(word->value);

		if (text_equal(folded, plain) && strchr(word->key, ':')) {
			score = strtoll(strchr(word->key, ':') + 1, NULL, 10);
			end = plain + strlen(plain);
		}
	}
	if (end == plain || *end || score < policy->survey.scale_min || score > policy->survey.scale_max)
		return ticket_fail(err, TICKET_USAGE, "%s: '%s' is no score for '%s'; the scale runs from %lld to %lld", where, value, question,
				   (long long)policy->survey.scale_min, (long long)policy->survey.scale_max);
	if (pairs_get(&out->scores, question))
		return ticket_fail(err, TICKET_USAGE, "%s: '%s' is answered twice", where, question);
	text = xasprintf("%lld", score);
	pairs_set(&out->scores, question, text);
	return 0;
}

static int read_contact(const char *value, struct questionnaire *out, const char *where, struct ticket_error *err)
{
	static const char *const yes[] = {"yes", "y", "x", "true", "1", "是", "同意", "可以"}, *const no[] = {"", "no", "n", "false", "0", "否", "不", "不同意"};
	_cleanup_free_ char *plain = plain_value(value);

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (text_equal(plain, yes[i])) {
			out->contact = true;
			return 0;
		}
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (text_equal(plain, no[i]))
			return 0;
	return ticket_fail(err, TICKET_USAGE, "%s: '%s' is neither yes nor no", where, value);
}

static void add_suggestion(struct questionnaire *out, const char *value)
{
	_cleanup_free_ char *text = xstrdup(value), *before = out->suggestion;

	text_strip(text);
	if (!text[strspn(text, "_ ")])
		*text = '\0'; /* a line to write on, left blank */
	out->suggestion = before && *text ? xasprintf("%s\n%s", before, text) : *text ? xstrdup(text) : xstrdup(before);
}

int form_take(struct questionnaire *out, const struct policy *policy, const char *asked, const char *value, const char *where, struct ticket_error *err)
{
	if (text_equal(asked, words[SURVEY_SUGGESTION].en)) {
		add_suggestion(out, value);
		return 0;
	}
	if (text_equal(asked, words[SURVEY_CONTACT].en))
		return read_contact(value, out, where, err);
	if (text_equal(asked, words[SURVEY_QUESTIONNAIRE].en)) {
		_cleanup_free_ char *text = xstrdup(value);

		replace_text(&out->code, text_strip(text));
		return 0;
	}
	return read_score(policy, asked, value, out, where, err);
}

bool form_is_empty(const struct questionnaire *one)
{
	return !one->scores.n && !one->suggestion;
}
