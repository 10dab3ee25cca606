/* Generates completion scripts for bash, zsh and fish. Lists of columns, and queries, are completed word by word. */
#include "cli/shell_completion.h"

#include "audit/checks.h"
#include "cli/help.h"
#include "config/option_words.h"
#include "export/count_by.h"
#include "export/finding_table.h"
#include "export/summary.h"
#include "export/trend_table.h"
#include "history/log.h"
#include "history/time_columns.h"
#include "report/credential.h"

static const char *const query_words[] = {"and", "or", "not", "in", "true", "false"};

static void put_word(struct buffer *b, const char *word, const char *end)
{
    buffer_printf(b, "%s%s ", word, end);
}

static void query_names(struct buffer *b)
{
    for (size_t i = 0; i < sizeof query_words / sizeof query_words[0]; i++)
        put_word(b, query_words[i], "");
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        put_word(b, query_functions[i], "(");
    for (size_t i = 0; i < query_state_count; i++)
        put_word(b, query_states[i].word, "");
    for (size_t i = 0; i < query_key_member_count; i++) {
        if (schema_find(slice_of(query_key_members[i].name)) == COL_COUNT)
            put_word(b, query_key_members[i].name, "");
    }
}

static void check_names(struct buffer *b)
{
    for (size_t i = 0; i < check_count(); i++)
        put_word(b, check_at(i)->id, "");
}

/*
 * Returns the I-th column beyond the schema: those that ncred adds, then those of --log without the one that --keys has
 * too. NULL after the last.
 */
static const struct extra_description *added_column(size_t i)
{
    if (i < TIME_COLUMNS)
        return &time_columns[i];
    i -= TIME_COLUMNS;
    i += i >= LOG_CREDENTIAL;
    return i < LOG_OWN_COLUMNS ? &log_own_columns[i] : NULL;
}

static void user_columns(struct buffer *b)
{
    const struct extra_description *added;
    for (enum column c = 0; c < COL_COUNT; c++)
        put_word(b, schema[c].name, "");
    for (size_t i = 0; (added = added_column(i)); i++)
        put_word(b, added->name, "");
}

/* Append the columns that users do not have. */
static void own_columns(struct buffer *b, const struct column_info *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (schema_find(slice_of(columns[i].name)) == COL_COUNT)
            put_word(b, columns[i].name, "");
    }
}

static void all_columns(struct buffer *b, const struct column_info *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_word(b, columns[i].name, "");
}

/* ---- the words of each kind of argument, a blank after each ---- */

static void words_of_query(struct buffer *b)
{
    query_names(b);
    check_names(b);
    user_columns(b);
}

static void words_of_columns(struct buffer *b)
{
    buffer_puts(b, "report ");
    user_columns(b);
}

static void words_of_topics(struct buffer *b)
{
    for (size_t i = 0; i < help_topic_count; i++)
        put_word(b, help_topics[i].name, "");
}

static void words_of_shells(struct buffer *b)
{
    for (size_t i = 0; i < shell_completion_shell_count; i++)
        put_word(b, shell_completion_shells[i].name, "");
}

/* Append the words allowed for this kind of argument, separated by blanks; none if it is free text. */
static void argument_words(struct buffer *b, enum option_argument kind)
{
    static void (*const put[ARGUMENT_KINDS])(struct buffer *b) = {
        [ARGUMENT_QUERY] = words_of_query, [ARGUMENT_COLUMNS] = words_of_columns, [ARGUMENT_SORT] = user_columns,
        [ARGUMENT_COLUMN] = user_columns, [ARGUMENT_CHECKS] = check_names, [ARGUMENT_TOPIC] = words_of_topics,
        [ARGUMENT_SHELL] = words_of_shells,
    };
    const char *word;
    buffer_puts(b, "");
    if (put[kind])
        put[kind](b);
    for (size_t i = 0; (word = option_word(kind, i)); i++)
        put_word(b, word, "");
    if (kind == ARGUMENT_EXTRAS) /* the only words that are combined */
        put_word(b, "details,key-ids", "");
    if (b->len)
        b->data[--b->len] = '\0';
}

static void findings_columns(struct buffer *b)
{
    all_columns(b, finding_columns, finding_column_count);
}

static void summary_words(struct buffer *b)
{
    for (size_t i = 0; i < summary_column_count; i++)
        put_word(b, summary_columns[i].name, "");
}

static void by_words(struct buffer *b)
{
    for (size_t i = 0; i < COUNT_COLUMNS; i++)
        put_word(b, count_by_columns[i].name, "");
}

static void trend_words(struct buffer *b)
{
    for (size_t i = 0; i < trend_column_count; i++)
        put_word(b, trend_columns[i].name, "");
    check_names(b);
}

/*
 * Lists with columns of their own instead of a user's. If several of the options are given, as in --summary --by, the
 * first one here counts.
 */
static const struct listing {
    const char *option;
    void (*put_columns)(struct buffer *b);
    bool is_sorted; /* -s takes these columns, too; otherwise a user's */
} listings[] = {{"findings", findings_columns, true}, {"trend", trend_words, true}, {"by", by_words, false},
    {"summary", summary_words, false}};
enum { LISTINGS = sizeof listings / sizeof listings[0] };

static void listing_words(struct buffer *b, const struct listing *listing)
{
    listing->put_columns(b);
    b->data[--b->len] = '\0';
}

/* Append the columns that --keys adds to a user's. */
static void key_words(struct buffer *b)
{
    own_columns(b, credential_schema, CREDENTIAL_COLUMNS);
    b->data[--b->len] = '\0';
}

/*
 * Shell commands that list the profile names, one per line; used in bash, zsh and (through sh -c) fish. Names with
 * other characters are omitted: the contents of these files must never become part of a command.
 */
static const char list_profiles[] =
    "sed -n -e \"s/^\\[[ \t]*profile[ \t][ \t]*\\([A-Za-z0-9_.@:/+-]*\\)[ \t]*\\].*/\\1/p\""
    " -e \"s/^\\[[ \t]*\\(default\\)[ \t]*\\].*/\\1/p\" \"${AWS_CONFIG_FILE:-$HOME/.aws/config}\" 2>/dev/null;"
    " sed -n -e \"s/^\\[[ \t]*\\([A-Za-z0-9_.@:/+-]*\\)[ \t]*\\].*/\\1/p\""
    " \"${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}\" 2>/dev/null";

/* Arguments made of several words, of which a shell function completes the last. */
static const struct part {
    enum option_argument kind;
    const char *function;
    const char *bash_before; /* pattern; its longest match before the last word is removed */
    const char *fish_last;   /* regular expression that matches the last word */
    bool lists_columns;      /* its words change with --keys and the listings */
} parts[] = {
    {ARGUMENT_QUERY, "query", "[!a-zA-Z0-9_/.-]", "[a-zA-Z0-9_/.-]*", false},
    {ARGUMENT_COLUMNS, "list", ",", "[^,]*", true},
    {ARGUMENT_SORT, "sort", "[,-]", "[a-zA-Z0-9_]*", true},
    {ARGUMENT_CHECKS, "checks", ",", "[a-z0-9][^,]*", false},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

/* Returns the row for arguments of KIND, or NULL if they are not made of several words. */
static const struct part *part_of(enum option_argument kind)
{
    for (size_t i = 0; i < PARTS; i++) {
        if (parts[i].kind == kind)
            return &parts[i];
    }
    return NULL;
}

/* Print TEXT for use within single quotes. QUOTE is what the shell expects for a single quote there. */
static void print_quoted(FILE *out, const char *text, const char *quote)
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
    const struct part *part = part_of(row->kind);
    if (row->kind == ARGUMENT_FILE)
        fputs("compopt -o default;;\n", out);
    else if (row->kind == ARGUMENT_PROFILE)
        fputs("COMPREPLY=($(compgen -W \"$(_ncred_profiles)\" -- \"$cur\"));;\n", out);
    else if (part)
        fprintf(out, "_ncred_part '%s' '%s' %s \"$quoted\";;\n", part->bash_before, words.data,
            part->function);
    else
        fprintf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"));;\n", words.data);
    buffer_free(&words);
}

/* Print the functions, up to the cases of the options. */
static void bash_functions(FILE *out)
{
    struct buffer keys = {0};
    key_words(&keys);
    fprintf(out, "# bash completion for ncred\n"
          "\n"
          "_ncred_profiles() {\n"
          "    %s\n"
          "}\n"
          "\n"
          "# _ncred_part BEFORE WORDS KIND QUOTED: complete what follows the longest match of BEFORE\n"
          "_ncred_part() {\n"
          "    local last=${cur##*$1} words=$2 quoted=$4 line=\" ${COMP_WORDS[*]} \"\n"
          "    [[ $3 != checks ]] || last=${last#[+-]}\n"
          "    local before=${cur%%\"$last\"}\n"
          "    if [[ $3 != checks && $line == *' --keys '* ]]; then words=\"%s $words\"\n", list_profiles, keys.data);
    for (size_t i = 0; i < LISTINGS; i++) {
        struct buffer words = {0};
        listing_words(&words, &listings[i]);
        fprintf(out, "    elif [[ $3 == %s && $line == *' --%s '* ]]; then words='%s'\n",
            listings[i].is_sorted ? "@(list|sort)" : "list", listings[i].option, words.data);
        buffer_free(&words);
    }
    fputs("    fi\n"
          "    compopt -o nospace\n"
          "    local IFS=$' \\t\\n' word\n"
          "    COMPREPLY=()\n"
          "    for word in $(compgen -W \"$words\" -- \"$last\"); do COMPREPLY+=(\"$before$word\"); done\n"
          "    # a single word would end the quotation, in which more may follow\n"
          "    if [[ $quoted && ${#COMPREPLY[@]} == 1 ]]; then COMPREPLY+=(\"${COMPREPLY[0]} \"); fi\n"
          "}\n"
          "\n"
          "_ncred() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    COMPREPLY=()\n"
          "    if [[ $cur == = ]]; then cur=\n"
          "    elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    elif [[ $prev == --help ]]; then prev=\n"
          "    fi\n"
          "    local quoted=\n"
          "    if [[ $cur == [\\'\\\"]* ]]; then quoted=yes cur=${cur:1}; fi\n"
          "    case $prev in\n", out);
    buffer_free(&keys);
}

static void print_bash(FILE *out)
{
    bash_functions(out);
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

/* Print a description in square brackets, for use within single quotes. */
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
    const struct part *part = row->argument ? part_of(row->kind) : NULL;
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
    struct buffer help = {0};
    option_words_help(&help, row);
    zsh_help(out, help.data);
    buffer_free(&help);
    if (row->argument)
        fprintf(out, "%s%s:", may_lack ? "::" : ":", row->kind == ARGUMENT_TOPIC ? "topic" : row->argument);
    if (row->argument && row->kind == ARGUMENT_FILE)
        fputs("_files", out);
    else if (row->kind == ARGUMENT_PROFILE)
        fputs("_ncred_profiles", out);
    else if (part)
        fprintf(out, "_ncred_%s", part->function);
    else if (words.len)
        fprintf(out, "(%s)", words.data);
    fputs("' \\\n", out);
    buffer_free(&words);
}

static void zsh_column(FILE *out, const char *name, const char *help)
{
    fprintf(out, "    '%s:", name);
    print_quoted(out, help, "'\\''");
    fputs("'\n", out);
}

/* Print an array of NAME:HELP, one row per column. */
static void zsh_columns(FILE *out, const char *array, const struct column_info *columns, size_t count)
{
    fprintf(out, "%s=(\n", array);
    for (size_t i = 0; i < count; i++)
        zsh_column(out, columns[i].name, columns[i].help);
    const struct extra_description *added;
    for (size_t i = 0; columns == schema && (added = added_column(i)); i++)
        zsh_column(out, added->name, added->help);
    fputs(")\n\n", out);
}

/* Print the array of checks, ID:TITLE. */
static void zsh_checks(FILE *out)
{
    fputs("_ncred_checks_known=(\n", out);
    struct check_settings usual;
    check_settings_init(&usual);
    for (size_t i = 0; i < check_count(); i++) {
        struct buffer title = {0};
        check_title(&title, i, &usual);
        fprintf(out, "    '%s:", check_at(i)->id);
        print_quoted(out, title.data, "'\\''");
        fputs("'\n", out);
        buffer_free(&title);
    }
    fputs(")\n", out);
}

/* Print the function that sets the columns for the option that it is named: list or sort. */
static void zsh_choice_of_columns(FILE *out)
{
    fputs("\n"
          "_ncred_columns() {\n"
          "    columns=(\"${_ncred_user_columns[@]}\")\n"
          "    (( ${words[(I)--keys]} )) && columns=(\"${_ncred_key_columns[@]}\" \"${columns[@]}\")\n", out);
    for (size_t i = LISTINGS; i-- > 0;)
        fprintf(out, "    %s(( ${words[(I)--%s(|=*)]} )) && columns=(%s_ncred_%s_columns%s)\n",
            listings[i].is_sorted ? "" : "[[ $1 == list ]] && ", listings[i].option,
            i ? "${=" : "\"${", listings[i].option, i ? "}" : "[@]}\"");
    fputs("    return 0\n"
          "}\n", out);
}

/* Print the functions that complete lists and queries. WORDS are those of queries, KEYS the columns of --keys. */
static void zsh_functions(FILE *out, const struct buffer *words, const struct buffer *keys)
{
    fprintf(out, "\n"
          "_ncred_list() {\n"
          "    local -a columns\n"
          "    _ncred_columns list\n"
          "    columns+=('report:all of the report'\\''s own columns')\n"
          "    compset -P '*,'\n"
          "    _describe -t columns column columns -S ''\n"
          "}\n"
          "\n"
          "_ncred_sort() {\n"
          "    local -a columns\n"
          "    _ncred_columns sort\n"
          "    compset -P '*,'\n"
          "    compset -P -\n"
          "    _describe -t columns column columns -S ''\n"
          "}\n"
          "\n"
          "_ncred_checks() {\n"
          "    compset -P '*,'\n"
          "    compset -P '[+-]'\n"
          "    _describe -t checks check _ncred_checks_known -S ''\n"
          "}\n"
          "\n"
          "_ncred_profiles() {\n"
          "    local -a profiles\n"
          "    profiles=(${(f)\"$(%s)\"})\n"
          "    compadd -- \"${profiles[@]}\"\n"
          "}\n"
          "\n"
          "_ncred_query() {\n"
          "    compset -P '*[^a-zA-Z0-9_/.-]'\n"
          "    (( ${words[(I)--keys]} )) && compadd -Q -S '' -- ${=_ncred_key_words}\n"
          "    compadd -Q -S '' -- ${=_ncred_words}\n"
          "}\n"
          "\n"
          "_ncred_words='%s'\n"
          "_ncred_key_words='%s'\n", list_profiles, words->data, keys->data);
}

static void print_zsh(FILE *out)
{
    struct buffer words = {0}, keys = {0};
    argument_words(&words, ARGUMENT_QUERY);
    key_words(&keys);
    fputs("#compdef ncred\n"
          "# zsh completion for ncred\n"
          "\n", out);
    zsh_columns(out, "_ncred_user_columns", schema, COL_COUNT);
    zsh_columns(out, "_ncred_key_columns", credential_schema, CREDENTIAL_COLUMNS);
    zsh_columns(out, "_ncred_findings_columns", finding_columns, finding_column_count);
    for (size_t i = 1; i < LISTINGS; i++) { /* those without descriptions */
        struct buffer columns = {0};
        listing_words(&columns, &listings[i]);
        fprintf(out, "_ncred_%s_columns='%s'\n\n", listings[i].option, columns.data);
        buffer_free(&columns);
    }
    zsh_checks(out);
    zsh_choice_of_columns(out);
    zsh_functions(out, &words, &keys);
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
    buffer_free(&keys);
}

/* ---- fish ---------------------------------------------------------------- */

static void fish_names(FILE *out, const struct option_row *row)
{
    fputs("complete -c ncred", out);
    if (row->letter)
        fprintf(out, " -s %c", row->letter);
    fprintf(out, " -l %s", row->name);
    if (row->argument && row->argument[0] != '[')
        fputs(row->kind == ARGUMENT_FILE ? " -r -F" : " -x", out);
}

/*
 * The words of the argument get a row of their own, because fish would show the option's description for each of them.
 */
static void fish_option(FILE *out, const struct option_row *row)
{
    struct buffer words = {0}, help = {0};
    argument_words(&words, row->kind);
    bool chooses = row->argument && (words.len || row->kind == ARGUMENT_PROFILE);
    if (chooses) {
        const struct part *part = part_of(row->kind);
        fish_names(out, row);
        if (part)
            fprintf(out, " -a '(__ncred_%s)'\n", part->function);
        else if (row->kind == ARGUMENT_PROFILE)
            fputs(" -a '(__ncred_profiles)'\n", out);
        else
            fprintf(out, " -a '%s'\n", words.data);
    }
    fish_names(out, row);
    fputs(" -d '", out);
    option_words_help(&help, row);
    print_quoted(out, help.data, "\\'");
    buffer_free(&help);
    fputs("'\n", out);
    buffer_free(&words);
}

/* Print words as arguments of a command, with ( escaped. */
static void fish_words(FILE *out, const struct buffer *words)
{
    for (size_t k = 0; k < words->len; k++) {
        if (words->data[k] == '(')
            putc('\\', out);
        putc(words->data[k], out);
    }
}

static void fish_function(FILE *out, const struct part *part, const struct buffer *keys)
{
    struct buffer words = {0};
    argument_words(&words, part->kind);
    fprintf(out, "function __ncred_%s\n    set -l words ", part->function);
    fish_words(out, &words);
    if (part->kind != ARGUMENT_CHECKS) {
        fputs("\n    contains -- --keys (commandline -opc); and set -p words ", out);
        fish_words(out, keys);
    }
    for (size_t i = LISTINGS; part->lists_columns && i-- > 0;) {
        struct buffer columns = {0};
        if (part->kind == ARGUMENT_SORT && !listings[i].is_sorted)
            continue;
        listing_words(&columns, &listings[i]);
        fprintf(out, "\n    string match -qr -- '^--%s(=|$)' (commandline -opc); and set words ", listings[i].option);
        fish_words(out, &columns);
        buffer_free(&columns);
    }
    fprintf(out, "\n    __ncred_part '%s' $words\nend\n\n", part->fish_last);
    buffer_free(&words);
}

static void print_fish(FILE *out)
{
    struct buffer keys = {0};
    key_words(&keys);
    fprintf(out, "# fish completion for ncred\n"
          "\n"
          "# __ncred_part PATTERN WORD...: WORDs in place of the end of the token that PATTERN fits\n"
          "function __ncred_part\n"
          "    set -l token (commandline -ct | string trim -l -c \"'\\\"\" | string replace -r -- '^--[a-z-]+=' '')\n"
          "    set -l before (string replace -r -- $argv[1]'$' '' \"$token\")\n"
          "    for word in $argv[2..]\n"
          "        printf '%%s%%s\\n' \"$before\" $word\n"
          "    end\n"
          "end\n"
          "\n"
          "function __ncred_profiles\n"
          "    sh -c '%s'\n"
          "end\n"
          "\n", list_profiles);
    for (size_t i = 0; i < PARTS; i++)
        fish_function(out, &parts[i], &keys);
    for (size_t i = 0; i < option_row_count; i++)
        fish_option(out, &option_rows[i]);
    buffer_free(&keys);
}

const struct shell_completion_shell shell_completion_shells[] = {{"bash", print_bash}, {"zsh", print_zsh},
    {"fish", print_fish}};
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
