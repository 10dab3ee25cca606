/* Which credentials a user has, and what of the report tells about each. */
#include "report/credential.h"

#include "audit/audit.h"
#include "report/cell.h"

#include <stdlib.h>

const struct credential_columns credential_columns[CREDENTIAL_COUNT] = {
    [CREDENTIAL_PASSWORD] = {COL_PASSWORD_ENABLED, COL_PASSWORD_LAST_CHANGED, COL_PASSWORD_LAST_USED, COL_COUNT,
        COL_COUNT, COL_PASSWORD_AGE, COL_PASSWORD_IDLE},
    [CREDENTIAL_KEY_1] = {COL_KEY_1_ACTIVE, COL_KEY_1_LAST_ROTATED, COL_KEY_1_LAST_USED_DATE,
        COL_KEY_1_LAST_USED_REGION, COL_KEY_1_LAST_USED_SERVICE, COL_KEY_1_AGE, COL_KEY_1_IDLE},
    [CREDENTIAL_KEY_2] = {COL_KEY_2_ACTIVE, COL_KEY_2_LAST_ROTATED, COL_KEY_2_LAST_USED_DATE,
        COL_KEY_2_LAST_USED_REGION, COL_KEY_2_LAST_USED_SERVICE, COL_KEY_2_AGE, COL_KEY_2_IDLE},
    [CREDENTIAL_CERT_1] = {COL_CERT_1_ACTIVE, COL_CERT_1_LAST_ROTATED, COL_COUNT, COL_COUNT, COL_COUNT, COL_CERT_1_AGE,
        COL_COUNT},
    [CREDENTIAL_CERT_2] = {COL_CERT_2_ACTIVE, COL_CERT_2_LAST_ROTATED, COL_COUNT, COL_COUNT, COL_COUNT, COL_CERT_2_AGE,
        COL_COUNT},
};

static const struct {
    const char *name, *title;
} names[CREDENTIAL_COUNT] = {
    [CREDENTIAL_PASSWORD] = {"password", "password"},
    [CREDENTIAL_KEY_1] = {"key_1", "key 1"},
    [CREDENTIAL_KEY_2] = {"key_2", "key 2"},
    [CREDENTIAL_CERT_1] = {"cert_1", "certificate 1"},
    [CREDENTIAL_CERT_2] = {"cert_2", "certificate 2"},
};

const char *credential_name(enum credential c)
{
    return names[c].name;
}

const char *credential_title(enum credential c)
{
    return names[c].title;
}

bool credential_exists(const struct report *r, size_t row, enum credential c)
{
    switch (c) {
    case CREDENTIAL_PASSWORD: return credential_is_active(r, row, c)
        || report_value(r, row, COL_PASSWORD_ENABLED).state == STATE_NOT_SUPPORTED;
    case CREDENTIAL_KEY_1: return report_key_exists(r, row, 1);
    case CREDENTIAL_KEY_2: return report_key_exists(r, row, 2);
    case CREDENTIAL_CERT_1: return report_cert_exists(r, row, 1);
    case CREDENTIAL_CERT_2: return report_cert_exists(r, row, 2);
    case CREDENTIAL_COUNT: break;
    }
    return false;
}

bool credential_is_active(const struct report *r, size_t row, enum credential c)
{
    struct value v = report_value(r, row, credential_columns[c].active);
    return v.state == STATE_VALUE && v.number;
}

size_t credential_list(const struct report *r, const uint32_t *rows, size_t count, uint32_t **ids)
{
    size_t n = 0, cap = 0;
    *ids = NULL;
    for (size_t i = 0; i < count; i++) {
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (!credential_exists(r, rows[i], c))
                continue;
            if (n == cap) {
                cap = cap ? cap * 2 : 256;
                *ids = xrealloc(*ids, cap, sizeof **ids);
            }
            (*ids)[n++] = credential_id(rows[i], c);
        }
    }
    return n;
}

const struct column_info credential_schema[CREDENTIAL_COLUMNS] = {
    [CRED_CREDENTIAL] = {"credential", NULL, "CREDENTIAL", TYPE_TEXT, 10, "password, key_1, key_2, cert_1 or cert_2"},
    [CRED_STATE] = {"state", NULL, "STATE", TYPE_TEXT, 8, "active, inactive, or unknown"},
    [CRED_ACTIVE] = {"active", NULL, "ACTIVE", TYPE_BOOL, 6, "may be used"},
    [CRED_AGE] = {"age", NULL, "AGE", TYPE_DURATION, 6, "since it was made; of a password, since it was set"},
    [CRED_IDLE] = {"idle", NULL, "IDLE", TYPE_DURATION, 6, "since last used, or since it was made when never used"},
    [CRED_LAST_ROTATED] = {"last_rotated", NULL, "MADE", TYPE_TIME, 20, "when it was made or set"},
    [CRED_LAST_USED] = {"last_used", NULL, "USED", TYPE_TIME, 20, "when it was last used"},
    [CRED_USED] = {"used", NULL, "USED", TYPE_BOOL, 5, "was used at least once"},
    [CRED_REGION] = {"region", NULL, "REGION", TYPE_TEXT, 14, "of a key's last use"},
    [CRED_SERVICE] = {"service", NULL, "SERVICE", TYPE_TEXT, 12, "of a key's last use"},
    [CRED_FINDINGS] = {"findings", NULL, "ISSUES", TYPE_NUMBER, 6, "number of findings by it, waived ones apart"},
    [CRED_SEVERITY] = {"severity", NULL, "SEVERITY", TYPE_SEVERITY, 8, "of the worst of them"},
    [CRED_WAIVED] = {"waived", NULL, "WAIVED", TYPE_NUMBER, 6, "number of them that a waiver holds for"},
    [CRED_CHECKS] = {"checks", NULL, "CHECKS", TYPE_TEXT, 30, "ids of the checks that fail by it, waived ones apart"},
};

const char credential_worst_first[] = "-severity,-findings,-age";

int credential_column_find(struct slice name)
{
    for (int i = 0; i < CREDENTIAL_COLUMNS; i++) {
        if (slice_equal_nocase(name, slice_of(credential_schema[i].name)))
            return COL_COUNT + i;
    }
    enum column c = schema_find(name);
    return c == COL_COUNT ? -1 : (int)c;
}

const struct column_info *credential_column_info(int column)
{
    return column < COL_COUNT ? &schema[column] : &credential_schema[column - COL_COUNT];
}

static struct value number_value(int64_t number)
{
    return (struct value){.state = STATE_VALUE, .number = number};
}

static struct value text_value(const char *text)
{
    return (struct value){.state = *text ? STATE_VALUE : STATE_EMPTY, .text = slice_of(text)};
}

enum column credential_column_of_user(enum credential_column column, enum credential c)
{
    const struct credential_columns *k = &credential_columns[c];
    switch (column) {
    case CRED_ACTIVE: return k->active;
    case CRED_AGE: return k->age;
    case CRED_IDLE: return k->idle;
    case CRED_LAST_ROTATED: return k->made;
    case CRED_LAST_USED: return k->used;
    case CRED_REGION: return k->region;
    case CRED_SERVICE: return k->service;
    default: return COL_COUNT;
    }
}

/* A column of the report, where this kind of credential has it. */
static struct value of_user(const struct report *r, uint32_t id, enum column column)
{
    return column == COL_COUNT ? (struct value){.state = STATE_ABSENT} : report_value(r, credential_row(id), column);
}

static struct value used_value(const struct report *r, uint32_t id)
{
    struct value v = of_user(r, id, credential_columns[credential_slot(id)].used);
    bool never = v.state == STATE_NA || v.state == STATE_NO_INFORMATION;
    return v.state == STATE_VALUE || never ? number_value(!never) : (struct value){.state = v.state};
}

static const char *state_text(const struct report *r, uint32_t id)
{
    struct value v = of_user(r, id, credential_columns[credential_slot(id)].active);
    return v.state != STATE_VALUE ? "unknown" : v.number ? "active" : "inactive";
}

static struct value worst(uint32_t bits)
{
    enum severity s = SEVERITY_NONE;
    for (size_t i = 0; bits && i < check_count; i++) {
        if ((bits >> i & 1) && checks[i].severity > s)
            s = checks[i].severity;
    }
    return number_value(s);
}

static struct value check_ids(uint32_t bits, struct buffer *scratch)
{
    scratch->len = 0;
    buffer_puts(scratch, "");
    for (size_t i = 0; i < check_count; i++) {
        if (bits >> i & 1)
            buffer_printf(scratch, "%s%s", scratch->len ? " " : "", checks[i].id);
    }
    return (struct value){.state = scratch->len ? STATE_VALUE : STATE_EMPTY, .text = {scratch->data, scratch->len}};
}

static bool is_about_checks(int column)
{
    return column >= COL_COUNT + CRED_FINDINGS;
}

/* Of the checks that fail by a credential, OWN, what the column tells. */
static struct value check_value(const struct report *r, size_t row, uint32_t own, int column, struct buffer *scratch)
{
    uint32_t counted = own & audit_counted(r, row);
    switch (column - COL_COUNT) {
    case CRED_FINDINGS: return number_value(__builtin_popcount(counted));
    case CRED_SEVERITY: return worst(counted);
    case CRED_WAIVED: return number_value(__builtin_popcount(own & audit_waived(r, row)));
    default: return check_ids(counted, scratch);
    }
}

struct value credential_value(const struct report *r, uint32_t id, int column, struct buffer *scratch)
{
    size_t row = credential_row(id);
    if (column < COL_COUNT)
        return report_value(r, row, (enum column)column);
    switch ((enum credential_column)(column - COL_COUNT)) {
    case CRED_CREDENTIAL: return text_value(credential_name(credential_slot(id)));
    case CRED_STATE: return text_value(state_text(r, id));
    case CRED_USED: return used_value(r, id);
    case CRED_ACTIVE: case CRED_AGE: case CRED_IDLE: case CRED_LAST_ROTATED: case CRED_LAST_USED: case CRED_REGION:
    case CRED_SERVICE:
        return of_user(r, id, credential_column_of_user((enum credential_column)(column - COL_COUNT),
            credential_slot(id)));
    case CRED_FINDINGS: case CRED_SEVERITY: case CRED_WAIVED: case CRED_CHECKS:
        return check_value(r, row, audit_failed(r, row) ? audit_fault(r, row, credential_slot(id)) : 0, column, scratch);
    case CREDENTIAL_COLUMNS: break;
    }
    return (struct value){.state = STATE_ABSENT};
}

static bool is_key(enum credential c)
{
    return c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
}

void credential_cell(struct buffer *b, const struct report *r, uint32_t id, int column, bool ascii)
{
    if (column < COL_COUNT) {
        cell_for_people(b, r, credential_row(id), (enum column)column, ascii);
        return;
    }
    struct buffer scratch = {0};
    struct value v = credential_value(r, id, column, &scratch), used = used_value(r, id);
    int own = column - COL_COUNT;
    if ((own == CRED_IDLE || own == CRED_LAST_USED) && used.state == STATE_VALUE && !used.number)
        buffer_puts(b, "never");
    else if (v.state == STATE_ABSENT && !is_key(credential_slot(id)))
        buffer_putc(b, '-'); /* passwords have no region, certificates no use at all */
    else if (v.state != STATE_EMPTY || own != CRED_CHECKS)
        cell_value_for_people(b, &v, credential_schema[own].type, ascii);
    buffer_free(&scratch);
}

bool credential_sort_parse(struct sort_order *order, struct slice list, struct error *err)
{
    return sort_parse_of(order, list, "credentials", credential_column_find, err);
}

/* What a credential is sorted by, with all users' faults known. */
struct sorting {
    const struct report *r;
    uint32_t *faults; /* NULL: no column asks for them */
};

static struct value sort_value(const void *context, uint32_t id, int column, struct buffer *scratch)
{
    const struct sorting *s = context;
    size_t row = credential_row(id);
    uint32_t own = s->faults ? s->faults[row * CREDENTIAL_COUNT + credential_slot(id)] : 0;
    return is_about_checks(column) ? check_value(s->r, row, own, column, scratch)
        : credential_value(s->r, id, column, scratch);
}

static enum type sort_type(const void *context, int column)
{
    (void)context;
    return credential_column_info(column)->type;
}

bool credential_sort(const struct sort_order *order, const struct report *r, uint32_t *ids, size_t count,
    struct cancel_token *p)
{
    struct sorting sorting = {r, NULL};
    bool asked = false;
    for (size_t k = 0; k < order->count; k++)
        asked |= is_about_checks((int)order->keys[k].column);
    if (asked && count > 1)
        sorting.faults = audit_faults(r, p);
    bool ok = sort_ids(order, &(struct sort_source){&sorting, sort_value, sort_type, false}, ids, count, p);
    free(sorting.faults);
    return ok;
}
