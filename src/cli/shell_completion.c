/* Completion for bash, zsh and fish. Lists of columns and queries are completed word by word. */
#include "cli/shell_completion.h"

#include "audit/checks.h"
#include "cli/help.h"
#include "config/options.h"

static const char *const query_words[] = {"and", "or", "not", "in", "true", "false"};

/* The words that an argument of this kind is chosen from, parted by blanks; none: nothing to choose from. */
static void argument_words(struct buffer *b, enum option_argument kind)
{
    buffer_puts(b, "");
    switch (kind) {
    case ARGUMENT_TEXT:
    case ARGUMENT_FILE:
        break;
    case ARGUMENT_QUERY:
        for (size_t i = 0; i < sizeof query_words / sizeof query_words[0]; i++)
            buffer_printf(b, "%s ", query_words[i]);
        for (size_t i = 0; i < FUNCTION_COUNT; i++)
            buffer_printf(b, "%s( ", query_functions[i]);
        for (size_t i = 0; i < query_state_count; i++)
            buffer_printf(b, "%s ", query_states[i].word);
        for (size_t i = 0; i < query_key_member_count; i++) {
            if (schema_find(slice_of(query_key_members[i].name)) == COL_COUNT)
                buffer_printf(b, "%s ", query_key_members[i].name);
        }
        for (size_t i = 0; i < check_count(); i++)
            buffer_printf(b, "%s ", check_at(i)->id);
        for (enum column c = 0; c < COL_COUNT; c++)
            buffer_printf(b, "%s ", schema[c].name);
        break;
    case ARGUMENT_COLUMNS:
    case ARGUMENT_SORT:
        buffer_puts(b, kind == ARGUMENT_COLUMNS ? "report " : "");
        for (enum column c = 0; c < COL_COUNT; c++)
            buffer_printf(b, "%s ", schema[c].name);
        break;
    case ARGUMENT_FORMAT:
        for (size_t i = 0; i < export_format_count; i++)
            buffer_printf(b, "%s ", export_formats[i].name);
        break;
    case ARGUMENT_BENCHMARK: {
        struct buffer names = {0};
        benchmark_names(&names);
        for (size_t i = 0; i < names.len; i++) {
            if (names.data[i] != ',')
                buffer_putc(b, names.data[i]);
        }
        buffer_putc(b, ' ');
        buffer_free(&names);
        break;
    }
    case ARGUMENT_SEVERITY:
        for (enum severity v = SEVERITY_LOW; v < SEVERITY_COUNT; v++)
            buffer_printf(b, "%s ", severity_name(v));
        break;
    case ARGUMENT_THEME:
        for (size_t i = 0; i < theme_count; i++)
            buffer_printf(b, "%s ", themes[i].name);
        break;
    case ARGUMENT_CLIPBOARD:
        for (size_t i = 0; i < CLIPBOARD_WAYS; i++)
            buffer_printf(b, "%s ", clipboard_ways[i]);
        break;
    case ARGUMENT_EXTRAS:
        for (size_t i = 0; option_extras[i]; i++)
            buffer_printf(b, "%s ", option_extras[i]);
        buffer_puts(b, "details,key-ids ");
        break;
    case ARGUMENT_WAY:
        buffer_puts(b, "auto api cli ");
        break;
    case ARGUMENT_TOPIC:
        for (size_t i = 0; i < help_topic_count; i++)
            buffer_printf(b, "%s ", help_topics[i].name);
        break;
    case ARGUMENT_SHELL:
        for (size_t i = 0; i < shell_completion_shell_count; i++)
            buffer_printf(b, "%s ", shell_completion_shells[i].name);
        break;
    }
    if (b->len)
        b->data[--b->len] = '\0';
}

/* The function that completes the last word of such an argument, or NULL. */
static const char *part_function(enum option_argument kind)
{
    return kind == ARGUMENT_QUERY ? "query" : kind == ARGUMENT_COLUMNS ? "list" : kind == ARGUMENT_SORT ? "sort" : NULL;
}

/* TEXT within single quotes; QUOTE is how the shell writes one inside of them. */
static void put_quoted(FILE *out, const char *text, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs(quote, out);
        else
            putc(*text, out);
    }
}

/* ---- bash ---------------------------------------------------------------- */

static void bash_case(FILE *out, const struct option_row *row)
{
    struct buffer words = {0};
    argument_words(&words, row->kind);
    fputs("    ", out);
    if (row->letter && row->argument[0] != '[')
        fprintf(out, "-%c|", row->letter);
    fprintf(out, "--%s) ", row->name);
    if (row->kind == ARGUMENT_FILE)
        fputs("compopt -o default;;\n", out);
    else if (part_function(row->kind))
        fprintf(out, "_ncred_part '%s' '%s';;\n",
            row->kind == ARGUMENT_QUERY ? "[!a-zA-Z0-9_/-]" : row->kind == ARGUMENT_SORT ? "[,-]" : ",", words.data);
    else
        fprintf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"));;\n", words.data);
    buffer_free(&words);
}

static void print_bash(FILE *out)
{
    fputs("# bash completion for ncred\n"
          "\n"
          "# _ncred_part SEPARATOR WORDS: complete what follows the last SEPARATOR\n"
          "_ncred_part() {\n"
          "    local last=${cur##*$1}\n"
          "    local before=${cur%\"$last\"}\n"
          "    before=${before#[\\'\\\"]}\n"
          "    compopt -o nospace\n"
          "    local IFS=$' \\t\\n' word\n"
          "    COMPREPLY=()\n"
          "    for word in $(compgen -W \"$2\" -- \"$last\"); do COMPREPLY+=(\"$before$word\"); done\n"
          "}\n"
          "\n"
          "_ncred() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    COMPREPLY=()\n"
          "    if [[ $cur == = ]]; then cur=\n"
          "    elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    elif [[ $prev == --help ]]; then prev=\n"
          "    fi\n"
          "    case $prev in\n", out);
    for (size_t i = 0; i < option_row_count; i++) {
        if (option_rows[i].argument)
            bash_case(out, &option_rows[i]);
    }
    fputs("    *)\n"
          "        if [[ $cur == -* ]]; then\n"
          "            COMPREPLY=($(compgen -W '", out);
    for (size_t i = 0; i < option_row_count; i++) {
        if (option_rows[i].letter)
            fprintf(out, "-%c ", option_rows[i].letter);
        fprintf(out, "--%s%s", option_rows[i].name, i + 1 < option_row_count ? " " : "");
    }
    fputs("' -- \"$cur\"))\n"
          "        else\n"
          "            compopt -o default\n"
          "        fi;;\n"
          "    esac\n"
          "}\n"
          "complete -F _ncred ncred\n", out);
}

/* ---- zsh ----------------------------------------------------------------- */

/* An explanation in square brackets, within single quotes. */
static void zsh_help(FILE *out, const char *text)
{
    putc('[', out);
    for (; *text; text++) {
        if (*text == '[' || *text == ']')
            putc('\\', out);
        if (*text == '\'')
            fputs("'\\''", out);
        else
            putc(*text, out);
    }
    putc(']', out);
}

static void zsh_option(FILE *out, const struct option_row *row)
{
    struct buffer words = {0};
    bool may_lack = row->argument && row->argument[0] == '[';
    const char *equals = !row->argument ? "" : may_lack ? "=-" : "=";
    argument_words(&words, row->kind);
    if (row->kind == ARGUMENT_QUERY)
        fputs("        '*'", out);
    else if (row->letter)
        fprintf(out, "        '(-%c --%s)'", row->letter, row->name);
    else
        fputs("        ", out);
    if (row->letter)
        fprintf(out, "{-%c%s,--%s%s}'", row->letter, row->argument && !may_lack ? "+" : "", row->name, equals);
    else
        fprintf(out, "'--%s%s", row->name, equals);
    zsh_help(out, row->help);
    if (row->argument)
        fprintf(out, "%s%s:", may_lack ? "::" : ":", row->kind == ARGUMENT_TOPIC ? "topic" : row->argument);
    if (row->argument && row->kind == ARGUMENT_FILE)
        fputs("_files", out);
    else if (row->argument && part_function(row->kind))
        fprintf(out, "_ncred_%s", part_function(row->kind));
    else if (words.len)
        fprintf(out, "(%s)", words.data);
    fputs("' \\\n", out);
    buffer_free(&words);
}

static void print_zsh(FILE *out)
{
    struct buffer words = {0};
    argument_words(&words, ARGUMENT_QUERY);
    fputs("#compdef ncred\n"
          "# zsh completion for ncred\n"
          "\n"
          "_ncred_columns=(\n", out);
    for (enum column c = 0; c < COL_COUNT; c++) {
        fprintf(out, "    '%s:", schema[c].name);
        put_quoted(out, schema[c].help, "'\\''");
        fputs("'\n", out);
    }
    fputs(")\n"
          "\n"
          "_ncred_list() {\n"
          "    local -a columns=(\"${_ncred_columns[@]}\" 'report:all of the report'\\''s own columns')\n"
          "    compset -P '*,'\n"
          "    _describe -t columns column columns -S ''\n"
          "}\n"
          "\n"
          "_ncred_sort() {\n"
          "    compset -P '*,'\n"
          "    compset -P -\n"
          "    _describe -t columns column _ncred_columns -S ''\n"
          "}\n"
          "\n"
          "_ncred_query() {\n"
          "    compset -P '*[^a-zA-Z0-9_/-]'\n", out);
    fputs("    compadd -Q -S '' -- ${=_ncred_words}\n"
          "}\n"
          "\n", out);
    fprintf(out, "_ncred_words='%s'\n", words.data);
    fputs("\n"
          "_ncred() {\n"
          "    _arguments -s -S \\\n", out);
    for (size_t i = 0; i < option_row_count; i++)
        zsh_option(out, &option_rows[i]);
    fputs("        '*:report:_files'\n"
          "}\n"
          "\n"
          "if [[ $funcstack[1] == _ncred ]]; then _ncred \"$@\"; else compdef _ncred ncred; fi\n", out);
    buffer_free(&words);
}

/* ---- fish ---------------------------------------------------------------- */

static void fish_option(FILE *out, const struct option_row *row)
{
    struct buffer words = {0};
    argument_words(&words, row->kind);
    fputs("complete -c ncred", out);
    if (row->letter)
        fprintf(out, " -s %c", row->letter);
    fprintf(out, " -l %s", row->name);
    if (row->argument && row->argument[0] != '[')
        fputs(row->kind == ARGUMENT_FILE ? " -r -F" : " -x", out);
    if (row->argument && part_function(row->kind))
        fprintf(out, " -a '(__ncred_%s)'", part_function(row->kind));
    else if (words.len)
        fprintf(out, " -a '%s'", words.data);
    fputs(" -d '", out);
    put_quoted(out, row->help, "\\'");
    fputs("'\n", out);
    buffer_free(&words);
}

static void print_fish(FILE *out)
{
    fputs("# fish completion for ncred\n"
          "\n"
          "# __ncred_part PATTERN WORD...: WORDs in place of the end of the token that PATTERN fits\n"
          "function __ncred_part\n"
          "    set -l token (commandline -ct | string trim -l -c \"'\\\"\" | string replace -r -- '^--[a-z-]+=' '')\n"
          "    set -l before (string replace -r -- $argv[1]'$' '' \"$token\")\n"
          "    for word in $argv[2..]\n"
          "        printf '%s%s\\n' \"$before\" $word\n"
          "    end\n"
          "end\n"
          "\n", out);
    static const struct {
        enum option_argument kind;
        const char *last;
    } parts[] = {{ARGUMENT_QUERY, "[a-zA-Z0-9_/-]*"}, {ARGUMENT_COLUMNS, "[^,]*"}, {ARGUMENT_SORT, "[a-zA-Z0-9_]*"}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct buffer words = {0};
        argument_words(&words, parts[i].kind);
        fprintf(out, "function __ncred_%s\n    __ncred_part '%s' ", part_function(parts[i].kind), parts[i].last);
        for (size_t k = 0; k < words.len; k++) {
            if (words.data[k] == '(')
                putc('\\', out);
            putc(words.data[k], out);
        }
        fputs("\nend\n\n", out);
        buffer_free(&words);
    }
    for (size_t i = 0; i < option_row_count; i++)
        fish_option(out, &option_rows[i]);
}

const struct shell_completion_shell shell_completion_shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
const size_t shell_completion_shell_count = sizeof shell_completion_shells / sizeof shell_completion_shells[0];

const struct shell_completion_shell *shell_completion_find(const char *name, struct error *err)
{
    for (size_t i = 0; i < shell_completion_shell_count; i++) {
        if (strcmp(shell_completion_shells[i].name, name) == 0)
            return &shell_completion_shells[i];
    }
    struct buffer names = {0};
    for (size_t i = 0; i < shell_completion_shell_count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", shell_completion_shells[i].name);
    error_set(err, "--completion: no shell \"%s\"; there are %s", name, names.data);
    buffer_free(&names);
    return NULL;
}
