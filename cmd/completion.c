/* SPDX-License-Identifier: MIT */
/* `ticket completion SHELL`: the shells' scripts, made from the command and option tables. */
#include "completion.h"

#include "options.h"
#include "presets.h"
#include "ticket/query.h"

/* What is common to bash and zsh: who takes which options and values, as shell functions that print one word a line. */
static void print_case(FILE *out, const char *name, const char *words)
{
	if (*words)
		fprintf(out, "\t'%s') printf '%%s\\n'%s ;;\n", name, words);
}

typedef void print_command(FILE *out, const struct command *command, const char *name);

static void each_command(FILE *out, const struct command *const *list, const char *parent, print_command *print)
{
	for (size_t i = 0; list[i]; i++) {
		_cleanup_free_ char *name = xasprintf("%s%s%s", parent, *parent ? " " : "", list[i]->name);

		print(out, list[i], name);
		if (list[i]->children)
			each_command(out, list[i]->children, name, print);
	}
}

static void print_children(FILE *out, const struct command *command, const char *name)
{
	_cleanup_buf_ struct buf words = {0};

	for (size_t i = 0; command->children && command->children[i]; i++)
		buf_addf(&words, " %s", command->children[i]->name);
	print_case(out, name, words.p ? words.p : "");
}

static void print_options(FILE *out, const struct command *command, const char *name)
{
	_cleanup_buf_ struct buf words = {0};
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(command, i, NULL)); i++)
		buf_addf(&words, " --%s", row->name);
	buf_puts(&words, " --help");
	print_case(out, name, words.p);
}

/* "--via" and "-m" alike: what the word after it should be. */
static void print_values(FILE *out, const struct command *command, const char *name)
{
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(command, i, NULL)); i++) {
		_cleanup_free_ char *letter = row->letter ? xasprintf("|'%s -%c'", name, row->letter) : xstrdup("");

		if (row->value)
			fprintf(out, "\t'%s --%s'%s) echo '%s' ;;\n", name, row->name, letter, row->value);
	}
}

/* What a command's arguments are, by its synopsis: tickets, files, folders, terms of a query. */
static const char *argument_kind(const struct command *command)
{
	static const char *const kinds[] = {"ID", "FILE", "DIR", "COMMAND"};
	bool asks = text_starts(command->synopsis, "[QUERY") || text_starts(command->synopsis, "TEXT... [QUERY");

	/* Improvement actions have fields of their own. */
	if (asks && !text_equal(command->name, "action"))
		return "QUERY";
	if (strchr(command->synopsis, '|') && !strpbrk(command->synopsis, " []()"))
		return command->synopsis;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t n = strlen(kinds[i]);

		for (const char *p = command->synopsis; (p = strstr(p, kinds[i])); p += n) {
			bool starts = p == command->synopsis || strchr(" [(", p[-1]), ends = !p[n] || strchr(" ])[.@\n", p[n]);
			/* The value of an option is no argument. */
			const char *before = p > command->synopsis + 1 ? p - 1 : NULL;

			while (before && before > command->synopsis && before[-1] != ' ' && before[-1] != '[')
				before--;
			if (starts && ends && !(before && *before == '-'))
				return kinds[i];
		}
	}
	return NULL;
}

static void print_arguments(FILE *out, const struct command *command, const char *name)
{
	const char *kind = command->run ? argument_kind(command) : NULL;

	if (kind)
		fprintf(out, "\t'%s') echo '%s' ;;\n", name, kind);
}

static void print_function(FILE *out, const char *function, print_command *print)
{
	fprintf(out, "%s() {\n\tcase \"$1\" in\n", function);
	if (print == print_children) {
		fputs("\t'') printf '%s\\n'", out);
		for (size_t i = 0; commands[i]; i++)
			fprintf(out, " %s", commands[i]->name);
		fputs(" ;;\n", out);
	}
	each_command(out, commands, "", print);
	fputs("\tesac\n}\n\n", out);
}

static void print_tables(FILE *out)
{
	print_function(out, "_ticket_children", print_children);
	print_function(out, "_ticket_options", print_options);
	print_function(out, "_ticket_values", print_values);
	print_function(out, "_ticket_arguments", print_arguments);
	fputs("# What may stand where a word of that kind is wanted, one a line: KIND WORD [DESK]\n"
	      "_ticket_kind() {\n"
	      "\tcase \"$1\" in\n"
	      "\t*'|'*) printf '%s\\n' \"$1\" | tr '|' '\\n' ;;\n"
	      "\tCOMMAND) _ticket_children '' ;;\n"
	      "\tFILE|DIR|TEXT|TIME|'') ;;\n"
	      "\t*) command ticket -C \"${3:-.}\" --complete \"$1\" \"$2\" 2>/dev/null ;;\n"
	      "\tesac\n"
	      "}\n\n"
	      "# The folder that -C names in the words before the cursor.\n"
	      "_ticket_desk() {\n"
	      "\twhile [ $# -gt 1 ]; do\n"
	      "\t\tcase \"$1\" in\n"
	      "\t\t-C) printf '%s\\n' \"${2/#\\~/$HOME}\"; return ;;\n"
	      "\t\t--now|--as|--color) shift ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) return ;;\n"
	      "\t\tesac\n"
	      "\t\tshift\n"
	      "\tdone\n"
	      "}\n\n"
	      "# The command in the words before the cursor, and its child: 'customer add'.\n"
	      "_ticket_command() {\n"
	      "\tlocal found='' word skip=''\n"
	      "\tfor word in \"$@\"; do\n"
	      "\t\tif [ -n \"$skip\" ]; then skip=''; continue; fi\n"
	      "\t\tcase \"$word\" in\n"
	      "\t\t-C|--now|--as|--color) [ -n \"$found\" ] || skip=1; continue ;;\n"
	      "\t\t-*) continue ;;\n"
	      "\t\tesac\n"
	      "\t\tif _ticket_children \"$found\" | grep -qxF -- \"$word\"; then\n"
	      "\t\t\tfound=\"${found:+$found }$word\"\n"
	      "\t\telse\n"
	      "\t\t\tbreak\n"
	      "\t\tfi\n"
	      "\tdone\n"
	      "\tprintf '%s\\n' \"$found\"\n"
	      "}\n\n", out);
}

static void print_bash(FILE *out)
{
	fputs("# bash completion of ticket, made by: ticket completion bash\n\n", out);
	print_tables(out);
	fputs("_ticket() {\n"
	      "\tlocal word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" name kind list desk line cut='' mark\n"
	      "\tlocal -a words\n"
	      "\t# A term is one word, though readline takes it apart at its colon.\n"
	      "\tif [ -n \"${COMP_LINE-}\" ]; then\n"
	      "\t\tline=\"${COMP_LINE:0:COMP_POINT}\"\n"
	      "\t\tword=\"${line##*[[:space:]]}\"\n"
	      "\t\tread -r -a words <<<\"${line%\"$word\"}\"\n"
	      "\t\tbefore=\"${words[${#words[@]}-1]}\"\n"
	      "\t\tif [[ $word == --*=* && $COMP_WORDBREAKS == *=* ]]; then before=\"${word%%=*}\" word=\"${word#*=}\"; fi\n"
	      "\tfi\n"
	      "\tname=$(_ticket_command \"${COMP_WORDS[@]:1:COMP_CWORD-1}\")\n"
	      "\tdesk=$(_ticket_desk \"${COMP_WORDS[@]:1:COMP_CWORD-1}\")\n"
	      "\tkind=$(_ticket_values \"$name $before\")\n"
	      "\tCOMPREPLY=()\n"
	      "\tif [ -n \"$kind\" ]; then\n"
	      "\t\tlist=$(_ticket_kind \"$kind\" \"$word\" \"$desk\")\n"
	      "\telif [[ $word == -* ]]; then\n"
	      "\t\tif [ -n \"$name\" ]; then list=$(_ticket_options \"$name\"); else list=$(printf '%s\\n' -C --now --as --color --no-pager --version --help); fi\n"
	      "\t\t[ \"$(_ticket_arguments \"$name\")\" != QUERY ] || list+=$'\\n'$(_ticket_kind QUERY \"$word\" \"$desk\")\n"
	      "\telse\n"
	      "\t\tlist=$(_ticket_children \"$name\")\n"
	      "\t\tif [ -z \"$list\" ]; then kind=$(_ticket_arguments \"$name\"); list=$(_ticket_kind \"$kind\" \"$word\" \"$desk\"); fi\n"
	      "\tfi\n"
	      "\tcase \"$kind\" in\n"
	      "\tFILE) mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n"
	      "\tDIR) mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); return ;;\n"
	      "\tesac\n"
	      "\tfor mark in : @ =; do\n"
	      "\t\tif [[ $word == *\"$mark\"* && ${COMP_WORDBREAKS-} == *\"$mark\"* ]]; then\n"
	      "\t\t\tline=\"${word%\"${word##*\"$mark\"}\"}\"\n"
	      "\t\t\t[ ${#line} -le ${#cut} ] || cut=\"$line\"\n"
	      "\t\tfi\n"
	      "\tdone\n"
	      "\twhile IFS= read -r line; do\n"
	      "\t\t# Of numbers the program has chosen: a tail stands for its number.\n"
	      "\t\t[[ -n $line && ( $line == \"$word\"* || $kind == ID ) ]] || continue\n"
	      "\t\t[[ $line != *: ]] || compopt -o nospace 2>/dev/null\n"
	      "\t\tline=\"${line#\"$cut\"}\"\n"
	      "\t\t[[ $line != *[[:space:]\\'\\\"\\\\\\$\\`]* ]] || printf -v line '%q' \"$line\"\n"
	      "\t\tCOMPREPLY+=(\"$line\")\n"
	      "\tdone <<<\"$list\"\n"
	      "}\n"
	      "complete -F _ticket ticket\n", out);
}

static void print_zsh(FILE *out)
{
	fputs("#compdef ticket\n# zsh completion of ticket, made by: ticket completion zsh\n\n", out);
	print_tables(out);
	fputs("_ticket() {\n"
	      "\tlocal name kind list desk\n"
	      "\tlocal -a all\n"
	      "\tname=$(_ticket_command \"${(@)words[2,CURRENT-1]}\")\n"
	      "\tdesk=$(_ticket_desk \"${(@)words[2,CURRENT-1]}\")\n"
	      "\tkind=$(_ticket_values \"$name ${words[CURRENT-1]}\")\n"
	      "\tif [ -n \"$kind\" ]; then\n"
	      "\t\tlist=$(_ticket_kind \"$kind\" \"$PREFIX\" \"$desk\")\n"
	      "\telif [[ $PREFIX == -* ]]; then\n"
	      "\t\tif [ -n \"$name\" ]; then list=$(_ticket_options \"$name\"); else list=$(printf '%s\\n' -C --now --as --color --no-pager --version --help); fi\n"
	      "\t\t[ \"$(_ticket_arguments \"$name\")\" != QUERY ] || list+=$'\\n'$(_ticket_kind QUERY \"$PREFIX\" \"$desk\")\n"
	      "\telse\n"
	      "\t\tlist=$(_ticket_children \"$name\")\n"
	      "\t\tif [ -z \"$list\" ]; then kind=$(_ticket_arguments \"$name\"); list=$(_ticket_kind \"$kind\" \"$PREFIX\" \"$desk\"); fi\n"
	      "\tfi\n"
	      "\tall=(${(f)list})\n"
	      "\tcase \"$kind\" in\n"
	      "\tFILE) _files ;;\n"
	      "\tDIR) _files -/ ;;\n"
	      "\tID) compadd -U -- $all ;;\n"
	      "\t*)\n"
	      "\t\tcompadd -S '' -- ${(M)all:#*:}\n"
	      "\t\tcompadd -- ${all:#*:}\n"
	      "\t\t;;\n"
	      "\tesac\n"
	      "}\n"
	      "if [ \"$funcstack[1]\" = _ticket ]; then _ticket \"$@\"; else compdef _ticket ticket; fi\n", out);
}

/* --- fish ------------------------------------------------------------------------------------------------------ */

/* In single quotes, fish escapes only the backslash and the quote. */
static void print_fish_text(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

static void print_fish_value(FILE *out, const char *value)
{
	if (text_equal(value, "FILE") || text_equal(value, "DIR")) {
		fputs(" -r -F", out);
	} else if (strchr(value, '|')) {
		fputs(" -x -a '", out);
		for (; *value; value++)
			fputc(*value == '|' ? ' ' : *value, out);
		fputc('\'', out);
	} else if (text_equal(value, "TEXT") || text_equal(value, "TIME")) {
		fputs(" -x", out);
	} else {
		fprintf(out, " -x -a '(command ticket --complete %s (commandline -ct) 2>/dev/null)'", value);
	}
}

static void print_fish_command(FILE *out, const struct command *command, const char *name)
{
	const char *kind = command->run ? argument_kind(command) : NULL;
	const struct option_row *row;

	if (!strchr(name, ' ')) {
		fprintf(out, "complete -c ticket -n __fish_use_subcommand -a %s -d ", name);
		print_fish_text(out, command->summary);
		fputc('\n', out);
	} else {
		fprintf(out, "complete -c ticket -n '__ticket_in %.*s' -a %s -d ", (int)strcspn(name, " "), name, command->name);
		print_fish_text(out, command->summary);
		fputc('\n', out);
	}
	for (size_t i = 0; (row = options_row(command, i, NULL)); i++) {
		fprintf(out, "complete -c ticket -n '__ticket_in %s' -l %s", name, row->name);
		if (row->letter)
			fprintf(out, " -s %c", row->letter);
		if (row->value)
			print_fish_value(out, row->value);
		fputs(" -d ", out);
		print_fish_text(out, row->help);
		fputc('\n', out);
	}
	if (kind && (text_equal(kind, "ID") || text_equal(kind, "QUERY")))
		fprintf(out, "complete -c ticket -n '__ticket_in %s' -a '(command ticket --complete %s (commandline -ct) 2>/dev/null)'\n", name, kind);
	else if (kind && (text_equal(kind, "FILE") || text_equal(kind, "DIR")))
		fprintf(out, "complete -c ticket -n '__ticket_in %s' -F\n", name);
	else if (kind && strchr(kind, '|'))
		fprintf(out, "complete -c ticket -n '__ticket_in %s' -a '(string split \"|\" \"%s\")'\n", name, kind);
}

static void print_fish(FILE *out)
{
	fputs("# fish completion of ticket, made by: ticket completion fish\n\n"
	      "# Do these words stand on the line, in this order?\n"
	      "function __ticket_in\n"
	      "\tset -l wanted $argv\n"
	      "\tfor word in (commandline -opc)\n"
	      "\t\tif set -q wanted[1]; and test \"$word\" = \"$wanted[1]\"\n"
	      "\t\t\tset -e wanted[1]\n"
	      "\t\tend\n"
	      "\tend\n"
	      "\tnot set -q wanted[1]\n"
	      "end\n\n"
	      "complete -c ticket -f\n", out);
	each_command(out, commands, "", print_fish_command);
}

static int run(struct call *call, struct ticket_error *err)
{
	int code = call_need_args(call, 1, 1, err);

	if (code)
		return code;
	if (text_equal(call->args[0], "bash"))
		print_bash(call->out);
	else if (text_equal(call->args[0], "zsh"))
		print_zsh(call->out);
	else if (text_equal(call->args[0], "fish"))
		print_fish(call->out);
	else
		return ticket_fail(err, TICKET_USAGE, "'%s' is no shell that completion is made for; right would be bash, zsh or fish", call->args[0]);
	return 0;
}

const struct command command_completion = {
	.name = "completion",
	.summary = "print the completion script of a shell",
	.synopsis = "bash|zsh|fish",
	.run = run,
};

/* --- values that only a desk knows ----------------------------------------------------------------------------- */

#define MOST_NUMBERS 200

static void add_choices(struct texts *out, const choices *list, const char *parent)
{
	for (size_t i = 0; i < list->n; i++) {
		_cleanup_free_ char *name = xasprintf("%s%s%s", parent, *parent ? "/" : "", list->v[i].name);

		texts_add(out, name);
		add_choices(out, (const choices *)&list->v[i].children, name);
	}
}

static void add_named(struct texts *out, const struct policy *policy, const char *kind)
{
	if (text_equal(kind, "PERSON"))
		for (size_t i = 0; i < policy->people.n; i++)
			texts_add(out, policy->people.v[i].name);
	else if (text_equal(kind, "GROUP"))
		for (size_t i = 0; i < policy->groups.n; i++)
			texts_add(out, policy->groups.v[i].name);
	else if (text_equal(kind, "ROLE"))
		for (size_t i = 0; i < policy->roles.n; i++)
			texts_add(out, policy->roles.v[i].name);
	else if (text_equal(kind, "TARGET"))
		for (size_t i = 0; i < policy->targets.n; i++)
			texts_add(out, policy->targets.v[i].name);
}

static void add_listed(struct texts *out, const struct policy *policy, const char *kind)
{
	static const struct {
		const char *kind;
		size_t offset;
	} lists[] = {
		{"CHANNEL", offsetof(struct policy, channels)},     {"TYPE", offsetof(struct policy, types)},
		{"CATEGORY", offsetof(struct policy, categories)},  {"GRADE", offsetof(struct policy, grades)},
		{"PRIORITY", offsetof(struct policy, priorities)},  {"RISK", offsetof(struct policy, risks)},
		{"DEPARTMENT", offsetof(struct policy, departments)}, {"CODE", offsetof(struct policy, causes)},
		{"STATUS", offsetof(struct policy, doings)},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (text_equal(kind, lists[i].kind))
			add_choices(out, (const choices *)((const char *)policy + lists[i].offset), "");
	add_named(out, policy, kind);
}

/* Fields to sort by, descending behind a dash. */
static void add_fields(struct texts *out, const char *word)
{
	size_t n;
	const struct query_field *known = query_fields(&n);

	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *name = xasprintf("%s%s", *word == '-' ? "-" : "", known[i].name);

		if (known[i].sorts)
			texts_add(out, name);
	}
}

static int add_number(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	texts_add(data, row->id);
	return 0;
}

/* The newest where nothing is typed yet. */
static int add_numbers(struct texts *out, struct desk *desk, const struct query_context *context, const char *word, struct ticket_error *err)
{
	_cleanup_query_ struct query *all = NULL;
	int failed;

	if (*word)
		return desk_numbers(desk, word, MOST_NUMBERS, out, err);
	failed = query_parse(&all, NULL, 0, NULL, MOST_NUMBERS, context, err);
	return failed ? failed : desk_list(desk, all, NULL, NULL, add_number, out, err);
}

static int add_values(struct texts *out, struct desk *desk, const char *kind, const char *word, struct ticket_error *err)
{
	const struct query_context context = {desk_policy(desk), desk_zone(desk), desk_now(desk), NULL, desk_actor, desk};

	if (text_equal(kind, "ID"))
		return add_numbers(out, desk, &context, word, err);
	if (text_equal(kind, "QUERY"))
		query_complete(word, &context, out);
	else if (text_equal(kind, "FIELD"))
		add_fields(out, word);
	else
		add_listed(out, desk_policy(desk), kind);
	return 0;
}

int completion_values(FILE *out, const char *folder, const char *kind, const char *word, struct ticket_error *err)
{
	struct desk_context context = {.folder = folder ? folder : getenv("TICKET_DESK")};
	_cleanup_desk_ struct desk *desk = NULL;
	struct texts values = {0};
	int code;

	if (text_equal(kind, "PRESET"))
		return presets_print(out, err);
	if (!(code = desk_open(&desk, &context, err)))
		code = add_values(&values, desk, kind, word, err);
	for (size_t i = 0; i < values.n; i++)
		if (text_equal(kind, "ID") || text_starts(values.v[i], word))
			fprintf(out, "%s\n", values.v[i]);
	texts_release(&values);
	return code;
}
