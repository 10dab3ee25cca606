/* The table of column sets; the last one is the report as it is, unknown columns included. */
#include "config/column_sets.h"

#include "history/log.h"
#include "history/time_columns.h"
#include "report/context_columns.h"
#include "report/credential.h"

const struct column_set column_sets[] = {
    {"triage", "who needs attention first", {COL_USER, COL_ACCOUNT, COL_MFA_ACTIVE, COL_PASSWORD_AGE, COL_PASSWORD_IDLE,
        COL_KEY_1_AGE, COL_KEY_1_IDLE, COL_KEY_2_AGE, COL_KEY_2_IDLE, COL_FINDINGS}, NULL},
    {"password", "password and MFA", {COL_USER, COL_ACCOUNT, COL_MFA_ACTIVE, COL_PASSWORD_ENABLED, COL_PASSWORD_AGE,
        COL_PASSWORD_IDLE, COL_AGE, COL_IDLE, COL_PASSWORD_NEXT_ROTATION}, NULL},
    {"keys", "access keys, and where they were last used", {COL_USER, COL_ACCOUNT, COL_KEY_1_AGE, COL_KEY_1_IDLE,
        COL_KEY_1_LAST_USED_SERVICE, COL_KEY_1_LAST_USED_REGION, COL_KEY_2_AGE, COL_KEY_2_IDLE,
        COL_KEY_2_LAST_USED_SERVICE, COL_KEY_2_LAST_USED_REGION}, NULL},
    {"certificates", "signing certificates and whatever else there is", {COL_USER, COL_ACCOUNT, COL_CERT_1_ACTIVE,
        COL_CERT_1_AGE, COL_CERT_2_ACTIVE, COL_CERT_2_AGE, COL_AGE, COL_ADDITIONAL_INFO}, NULL},
    {"changes", "what changed between two reports", {COL_USER, COL_ACCOUNT, COL_CHANGE,
        COL_WHAT, COL_BEFORE, COL_AFTER}, NULL},
    {"log", "what happened from one report to the next", {COL_USER}, "when:10,user:20,account?,event:30"},
    {"report", "the report as it is", {COL_USER}, NULL},
};
const size_t column_set_count = sizeof column_sets / sizeof column_sets[0];

enum { REPORT = sizeof column_sets / sizeof column_sets[0] - 1, LOG = REPORT - 1, CHANGES = LOG - 1 };

bool column_sets_is_offered(const struct report *r, size_t index)
{
    return (index != CHANGES || r->changes) && (index != LOG || (r->changes && r->chronicle));
}

size_t column_sets_first(const struct report *r)
{
    return r->changes && r->chronicle ? LOG : r->changes ? CHANGES : 0;
}

/* The user comes first, because the first column does not scroll; the others follow as the files have them. */
static size_t report_columns(const struct report *r, size_t *columns)
{
    size_t n = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < r->column_count && n < COLUMN_SETS_COLUMNS_MAX; i++) {
            if ((r->columns[i].known == COL_USER) == (pass == 0))
                columns[n++] = COLUMN_SETS_RAW + i;
        }
    }
    return n;
}

static const int key_columns[] = {COL_USER, COL_ACCOUNT, COL_COUNT + CRED_CREDENTIAL, COL_COUNT + CRED_STATE,
    COL_COUNT + CRED_AGE, COL_COUNT + CRED_IDLE, COL_COUNT + CRED_FINDINGS, COL_COUNT + CRED_SERVICE,
    COL_COUNT + CRED_REGION};

enum column column_sets_sort_column(const struct report *r, size_t id)
{
    return id < COLUMN_SETS_RAW || id >= COL_EXTRA ? (enum column)id : r->columns[id - COLUMN_SETS_RAW].known;
}

/* ---- sets as text ---------------------------------------------------------------- */

const char column_sets_credentials[] = "credentials", column_sets_changes[] = "changes";

static const char all_own[] = "report", one_own[] = "report.";

static bool is_one_own(struct slice name)
{
    size_t n = sizeof one_own - 1;
    return name.len > n && memcmp(name.data, one_own, n) == 0;
}

/* Remove the mark of a column that is shown only if there are several accounts from NAME. Returns whether it had it. */
static bool cut_mark(struct slice *name)
{
    struct slice cut = {name->data, name->len ? name->len - 1 : 0};
    enum column c = name->len && name->data[cut.len] == '?' ? schema_find(cut) : COL_COUNT;
    if (c != COL_ACCOUNT && c != COL_ACCOUNT_NAME)
        return false;
    *name = cut;
    return true;
}

static const char *nearest_column(struct slice name, const struct extra_columns *x)
{
    struct nearest n = nearest_to(name);
    for (size_t i = 0; x && i < x->count; i++)
        nearest_try(&n, x->list[i].name);
    for (enum column c = 0; c < COL_COUNT; c++)
        nearest_try(&n, schema[c].name);
    return n.name;
}

/* Whether the column exists only with a history or in its log. */
static bool is_of_history(struct slice name)
{
    bool is = time_columns_reserve(name);
    for (size_t i = 0; i < LOG_OWN_COLUMNS; i++)
        is |= slice_equal_nocase(name, slice_of(log_own_columns[i].name));
    return is;
}

bool column_sets_check(struct slice set, const char *list, const struct report *r, bool other_names, struct error *err)
{
    bool keys = slice_equal(set, slice_of(column_sets_credentials));
    struct slice name;
    size_t count = 0;
    for (int width; column_list_next(&list, &name, &width); count++) {
        cut_mark(&name);
        bool own = !keys && (slice_equal(name, slice_of(all_own)) || is_one_own(name));
        bool other = other_names || (!r && is_of_history(name))
            || (r && extra_columns_find(r->extra, name) != COL_COUNT);
        if (!own && !other && (keys ? credential_column_find(r, name) < 0 : schema_find(name) == COL_COUNT)) {
            const char *near = nearest_column(name, r ? r->extra : NULL);
            if (context_columns_explain(name, r ? r->extra : NULL, "", err))
                return false;
            return error_set(err, "no column \"%.*s\"%s%s%s", (int)name.len, name.data, near ? "; " : "",
                near ? near : "", near ? "?" : "; ncred --help=columns lists them");
        }
        if (width < 0)
            return error_set(err, "the width of %.*s must be from 1 to %d", (int)name.len, name.data,
                COLUMN_LIST_WIDTH_MAX);
        if (count == COLUMN_SETS_COLUMNS_MAX)
            return error_set(err, "at most %d columns", COLUMN_SETS_COLUMNS_MAX);
    }
    return true;
}

/* Returns the index of the report's own column of this name, column_count if there is none. */
static size_t own_column(const struct report *r, struct slice name)
{
    size_t i = 0;
    while (i < r->column_count && !slice_equal_nocase(name, slice_of(r->columns[i].name)))
        i++;
    return i;
}

/* Append the columns that one entry of a list stands for. */
static size_t read_entry(const struct report *r, bool keys, struct slice name, size_t *ids)
{
    int of_credential = keys ? credential_column_find(r, name) : -1;
    enum column known = schema_find(name);
    if (slice_equal(name, slice_of(all_own)) && !keys)
        return report_columns(r, ids);
    if (of_credential >= 0) {
        ids[0] = (size_t)of_credential;
        return 1;
    }
    if (known != COL_COUNT) {
        ids[0] = known;
        return 1;
    }
    size_t skip = is_one_own(name) ? sizeof one_own - 1 : 0, none = COLUMN_SETS_RAW + r->column_count;
    size_t own = COLUMN_SETS_RAW + own_column(r, (struct slice){name.data + skip, name.len - skip});
    enum column extra = extra_columns_find(r->extra, name);
    const struct extra_column *of_this_name = extra_columns_at(r->extra, extra);
    bool is_prefixed = skip && of_this_name && !slice_equal_nocase(name, slice_of(of_this_name->info.name));
    if (extra != COL_COUNT && (!is_prefixed || keys || own == none)) {
        ids[0] = extra;
        return 1;
    }
    ids[0] = own; /* as the file has it, while the column that queries know has a type */
    return !keys && own < none;
}

size_t column_sets_read(const struct report *r, bool keys, const char *list, struct set_column *columns)
{
    size_t n = 0, ids[COLUMN_SETS_COLUMNS_MAX];
    struct slice name;
    for (int width; column_list_next(&list, &name, &width);) {
        bool needs_several = cut_mark(&name);
        size_t found = read_entry(r, keys, name, ids);
        for (size_t i = 0; i < found && n < COLUMN_SETS_COLUMNS_MAX; i++)
            columns[n++] = (struct set_column){ids[i], width > 0 ? width : 0, needs_several};
    }
    return n;
}

void column_sets_write(struct buffer *out, const struct report *r, bool keys, const struct set_column *columns,
    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t id = columns[i].id;
        buffer_puts(out, i ? "," : "");
        if (keys)
            buffer_puts(out, credential_column_info(r, (int)id)->name);
        else if (id < COLUMN_SETS_RAW || id >= COL_EXTRA)
            buffer_puts(out, report_column_info(r, (enum column)id)->name);
        else
            buffer_printf(out, "%s%s", one_own, r->columns[id - COLUMN_SETS_RAW].name);
        buffer_puts(out, columns[i].needs_several ? "?" : "");
        if (columns[i].width)
            buffer_printf(out, ":%d", columns[i].width);
    }
}

bool column_sets_check_same(const struct report *r, bool keys, const char *list, const struct set_column *columns,
    size_t count, struct error *err)
{
    struct set_column again[COLUMN_SETS_COLUMNS_MAX];
    size_t n = column_sets_read(r, keys, list, again), i = 0;
    while (i < n && i < count && again[i].width == columns[i].width && again[i].id == columns[i].id)
        i++;
    if (!count || (i == n && i == count))
        return true;
    i = i < count ? i : count - 1;
    size_t own = !keys && columns[i].id >= COLUMN_SETS_RAW && columns[i].id < COL_EXTRA
        ? columns[i].id - COLUMN_SETS_RAW : r->column_count;
    return error_set(err, "a list of columns cannot name \"%.100s\": it contains a comma or ends like a width",
        own < r->column_count ? r->columns[own].name : "it");
}

void column_sets_list(struct buffer *out, size_t index)
{
    if (index == column_set_count) {
        for (size_t i = 0; i < sizeof key_columns / sizeof key_columns[0]; i++)
            buffer_printf(out, "%s%s%s", i ? "," : "", credential_column_info(NULL, key_columns[i])->name,
                key_columns[i] == COL_ACCOUNT ? "?" : "");
        return;
    }
    if (column_sets[index].list) {
        buffer_puts(out, column_sets[index].list);
        return;
    }
    buffer_puts(out, index == REPORT ? all_own : schema[COL_USER].name);
    for (size_t i = 1; index != REPORT && column_sets[index].columns[i] != COL_USER; i++)
        buffer_printf(out, ",%s%s", schema[column_sets[index].columns[i]].name,
            column_sets[index].columns[i] == COL_ACCOUNT ? "?" : "");
}
