/* The columns of a finding. */
#include "export/finding_table.h"

#include "audit/overdue.h"
#include "base/parallel.h"
#include "base/timestamp.h"
#include "report/cell.h"

#include <stdlib.h>

enum finding_column { FIND_CREDENTIAL, FIND_CHECK, FIND_SEVERITY, FIND_NUMBER, FIND_TITLE, FIND_EVIDENCE, FIND_REMEDY,
    FIND_WAIVED, FIND_UNTIL, FIND_OWNER, FIND_REASON, FIND_SINCE, FIND_AT_LEAST, FIND_FAILING, FIND_RECURRED,
    FIND_OVERDUE, FIND_DUE, FIND_LATE, FIND_FILE, FIND_LINE, FIND_COLUMNS };

const struct column_info finding_columns[FIND_COLUMNS] = {
    [FIND_CREDENTIAL] = {"credential", NULL, "CREDENTIAL", TYPE_TEXT, 12,
        "credential with the finding: password, key_1, ..."},
    [FIND_CHECK] = {"check", NULL, "CHECK", TYPE_TEXT, 16, "id of the check"},
    [FIND_SEVERITY] = {"severity", NULL, "SEVERITY", TYPE_SEVERITY, 8, "severity of the finding"},
    [FIND_NUMBER] = {"number", NULL, "NUMBER", TYPE_TEXT, 10, "number in the benchmark"},
    [FIND_TITLE] = {"title", NULL, "TITLE", TYPE_TEXT, 30, "title of the check"},
    [FIND_EVIDENCE] = {"evidence", NULL, "EVIDENCE", TYPE_TEXT, 40, "the values that cause the finding"},
    [FIND_REMEDY] = {"remedy", NULL, "REMEDY", TYPE_TEXT, 40, "what to do"},
    [FIND_WAIVED] = {"waived", NULL, "WAIVED", TYPE_BOOL, 6, "the finding is waived"},
    [FIND_UNTIL] = {"until", NULL, "UNTIL", TYPE_TEXT, 10, "day on which a waived finding counts again"},
    [FIND_OWNER] = {"owner", NULL, "OWNER", TYPE_TEXT, 10, "who accepted the finding"},
    [FIND_REASON] = {"reason", NULL, "REASON", TYPE_TEXT, 20, "why it is waived"},
    [FIND_SINCE] = {"since", NULL, "SINCE", TYPE_TIME, 20,
        "first report with this finding, without a break since then"},
    [FIND_AT_LEAST] = {"at_least", NULL, "AT LEAST", TYPE_BOOL, 8,
        "the finding may be older: there is no earlier report"},
    [FIND_FAILING] = {"failing", NULL, "FAILING", TYPE_DURATION, 7, "how long the finding has existed without a break"},
    [FIND_RECURRED] = {"recurred", NULL, "RECURRED", TYPE_NUMBER, 8, "how often it had been fixed before"},
    [FIND_OVERDUE] = {"overdue", NULL, "OVERDUE", TYPE_DURATION, 7, "how long ago the threshold was passed"},
    [FIND_DUE] = {"due", NULL, "DUE", TYPE_TIME, 20, "when it must be fixed, by the configuration's sla"},
    [FIND_LATE] = {"late", NULL, "LATE", TYPE_BOOL, 5, "the finding has existed for longer than that"},
    [FIND_FILE] = {"file", NULL, "FILE", TYPE_TEXT, 20, "report that contains the user"},
    [FIND_LINE] = {"line", NULL, "LINE", TYPE_NUMBER, 5, "line of the user in that report, from 1"},
};

const size_t finding_column_count = FIND_COLUMNS;

/* Classes of findings, in their usual order: not waived from SEVERITY_CRITICAL down, then waived likewise. */
enum { SEVERITIES = SEVERITY_CRITICAL, CLASSES = 2 * SEVERITIES };

static enum severity severity_of_class(size_t class)
{
    return (enum severity)(SEVERITY_CRITICAL - class % SEVERITIES);
}

/* Returns the checks, a bit each, for which the row has findings of a class. */
static uint64_t checks_of_class(const struct report *r, size_t row, size_t class)
{
    uint64_t checks = class < SEVERITIES ? audit_counted(r, row) : audit_waived(r, row);
    return audit_of_severity(r, row, checks, severity_of_class(class));
}

static size_t chunk_count(const struct findings *f)
{
    return (f->row_count + FINDINGS_USERS - 1) / FINDINGS_USERS;
}

/* Put the number of findings of users FROM to TO - 1, one chunk, into F->before; they are added up later. */
static void count_chunk(void *findings, size_t from, size_t to)
{
    const struct findings *f = findings;
    size_t chunks = chunk_count(f), counts[CLASSES] = {0};
    for (size_t i = from; i < to; i++) {
        if (i + REPORT_CODES_AHEAD < to)
            audit_prefetch(f->report, f->rows[i + REPORT_CODES_AHEAD]);
        uint64_t left[] = {audit_counted(f->report, f->rows[i]), audit_waived(f->report, f->rows[i])};
        for (size_t class = 0; class < CLASSES; class++) {
            uint64_t *all = &left[class / SEVERITIES], own;
            if (!*all)
                continue;
            own = audit_of_severity(f->report, f->rows[i], *all, severity_of_class(class));
            counts[class] += (size_t)__builtin_popcountll(own);
            *all &= ~own;
        }
    }
    for (size_t class = 0; class < CLASSES; class++)
        f->before[class * chunks + from / FINDINGS_USERS] = counts[class];
}

/*
 * The words of the columns, see table.words; finding_word() returns their numbers. A check has two in each column that
 * says the same for each of its findings of one severity: for its usual severity and for the worse one.
 */
struct finding_words {
    struct slice of_checks[FIND_COLUMNS][2 * CHECKS_MAX];
    enum severity usual[CHECKS_MAX];
    struct slice waived[1], none[1];                     /* of findings without a waiver */
    struct slice credentials[1 << CREDENTIAL_COUNT];     /* by finding.at_fault */
    struct slice *accounts;                              /* owned; NULL if there are too many */
    size_t account_count;
    uint32_t columns[1 << CREDENTIAL_COUNT];             /* see columns_of_finding(), by finding.at_fault */
    uint64_t rules;                                      /* one bit per check that is a rule */
    struct buffer texts[2][CHECKS_MAX], credential_texts[1 << CREDENTIAL_COUNT]; /* owned: what is made for this */
};

/* Put TEXT into B, and return it there. */
static struct slice slice_in(const struct buffer *b)
{
    return b->len ? (struct slice){b->data, b->len} : slice_of("");
}

static enum severity severity_in(const uint64_t *of_severity, size_t check)
{
    enum severity s = SEVERITY_CRITICAL;
    while (s > SEVERITY_NONE && !(of_severity[s] >> check & 1))
        s--;
    return s;
}

static void make_words_of_check(struct finding_words *w, const struct report *r, size_t i)
{
    const struct check *check = check_at(i);
    check_number(&w->texts[0][i], check, r->audit->settings.benchmark);
    check_title(&w->texts[1][i], i, &r->audit->settings);
    w->usual[i] = severity_in(r->of_severity, i);
    w->rules |= (uint64_t)(check->rule != NULL) << i;
    for (size_t worse = 0; worse < 2; worse++) {
        size_t at = 2 * i + worse;
        w->of_checks[FIND_CHECK][at] = slice_of(check->id);
        w->of_checks[FIND_SEVERITY][at] = slice_of(severity_name(worse ? severity_in(r->worse_of_severity, i)
            : w->usual[i]));
        w->of_checks[FIND_NUMBER][at] = slice_in(&w->texts[0][i]);
        w->of_checks[FIND_TITLE][at] = slice_in(&w->texts[1][i]);
        w->of_checks[FIND_REMEDY][at] = slice_of(check->remedy ? check->remedy : "");
    }
}

/* The columns that evidence is made of: those of the credentials AT_FAULT, or the user's age. */
static uint32_t columns_of_faults(unsigned at_fault)
{
    uint32_t bits = UINT32_C(1) << COL_ACCOUNT | UINT32_C(1) << COL_USER_CREATION_TIME;
    for (unsigned left = at_fault; left; left &= left - 1) {
        const struct credential_columns *c = &credential_columns[__builtin_ctz(left)];
        bits |= UINT32_C(1) << c->active | UINT32_C(1) << c->made | (c->used == COL_COUNT ? 0 : UINT32_C(1) << c->used);
    }
    return bits;
}

static struct finding_words *make_words(const struct report *r)
{
    struct finding_words *w = xcalloc(1, sizeof *w);
    for (size_t i = 0; r->audit && i < check_count(); i++)
        make_words_of_check(w, r, i);
    for (unsigned i = 0; i < 1 << CREDENTIAL_COUNT; i++) {
        finding_credentials(&w->credential_texts[i], &(struct finding){.at_fault = (uint8_t)i});
        w->credentials[i] = slice_in(&w->credential_texts[i]);
        w->columns[i] = columns_of_faults(i);
    }
    w->waived[0] = slice_of("false");
    w->none[0] = slice_of("");
    w->accounts = column_list_account_words(r, &w->account_count);
    return w;
}

static void free_words(struct finding_words *w)
{
    for (size_t i = 0; w && i < CHECKS_MAX; i++) {
        buffer_free(&w->texts[0][i]);
        buffer_free(&w->texts[1][i]);
    }
    for (size_t i = 0; w && i < 1 << CREDENTIAL_COUNT; i++)
        buffer_free(&w->credential_texts[i]);
    if (w)
        free(w->accounts);
    free(w);
}

/* table.words */
static const struct slice *words_of_column(const struct finding_words *w, int column, size_t *count)
{
    *count = 1;
    switch (column - COL_COUNT) {
    case FIND_CREDENTIAL: *count = 1 << CREDENTIAL_COUNT; return w->credentials;
    case FIND_CHECK:
    case FIND_SEVERITY:
    case FIND_NUMBER:
    case FIND_TITLE:
    case FIND_REMEDY: *count = 2 * check_count(); return w->of_checks[column - COL_COUNT];
    case FIND_WAIVED: return w->waived;
    case FIND_UNTIL:
    case FIND_OWNER:
    case FIND_REASON: return w->none;
    default: break;
    }
    *count = column == COL_ACCOUNT && w->accounts ? w->account_count : 0;
    return *count ? w->accounts : NULL;
}

/* Which columns have words with the same numbers; see word_of_finding(). */
enum word_kind { WORD_OF_NOTHING, WORD_OF_CREDENTIALS, WORD_OF_CHECK, WORD_OF_WAIVER };

static enum word_kind kind_of_word(int column)
{
    switch (column - COL_COUNT) {
    case FIND_CREDENTIAL: return WORD_OF_CREDENTIALS;
    case FIND_CHECK:
    case FIND_SEVERITY:
    case FIND_NUMBER:
    case FIND_TITLE:
    case FIND_REMEDY: return WORD_OF_CHECK;
    case FIND_WAIVED:
    case FIND_UNTIL:
    case FIND_OWNER:
    case FIND_REASON: return WORD_OF_WAIVER;
    default: return WORD_OF_NOTHING;
    }
}

/* Returns the number of the word that F has in a column. */
static size_t word_of_finding(const struct finding_words *w, const struct finding *f, int column)
{
    switch (kind_of_word(column)) {
    case WORD_OF_CREDENTIALS: return f->at_fault;
    case WORD_OF_CHECK: return 2 * (size_t)f->check + (f->severity != w->usual[f->check]);
    case WORD_OF_WAIVER: return f->waiver ? TABLE_NO_WORD : 0;
    case WORD_OF_NOTHING: break;
    }
    return TABLE_NO_WORD;
}

void findings_collect(struct findings *f, const struct report *r, const uint32_t *rows, size_t count,
    struct cancel_token *p)
{
    *f = (struct findings){.report = r, .rows = rows, .row_count = r->audit ? count : 0, .cancel = p};
    size_t chunks = chunk_count(f);
    unjudged_count(&f->unjudged, r, rows, count);
    f->faults = audit_faults(r, p);
    f->before = xcalloc(CLASSES * chunks + 1, sizeof *f->before);
    parallel_pieces(f->row_count, FINDINGS_USERS, count > PARALLEL_PIECE, count_chunk, f, p);
    for (size_t i = 0; i <= CLASSES * chunks; i++) {
        size_t own = f->before[i];
        f->before[i] = f->count;
        f->count += own;
    }
    column_list_init(&f->columns, finding_columns, FIND_COLUMNS, r);
    f->words = make_words(r);
}

/* Put findings of one class and one chunk of users into OUT: after the first SKIP at most ROOM. Returns how many. */
static size_t get_of_chunk(const struct findings *f, size_t class, size_t chunk, size_t skip, size_t room,
    struct finding *out)
{
    size_t n = 0, end = (chunk + 1) * FINDINGS_USERS < f->row_count ? (chunk + 1) * FINDINGS_USERS : f->row_count;
    for (size_t i = chunk * FINDINGS_USERS; i < end && n < room; i++) {
        if (i + REPORT_CODES_AHEAD < end)
            audit_faults_prefetch(&f->faults, f->report, f->rows[i + REPORT_CODES_AHEAD]);
        if (i + REPORT_TEXT_AHEAD < end)
            audit_faults_prefetch_bytes(&f->faults, f->rows[i + REPORT_TEXT_AHEAD]);
        uint64_t checks = checks_of_class(f->report, f->rows[i], class);
        for (; checks && skip; skip--)
            checks &= checks - 1;
        for (; checks && n < room; checks &= checks - 1)
            out[n++] = finding_of(f->report, f->rows[i], (unsigned)__builtin_ctzll(checks), &f->faults);
    }
    return n;
}

void findings_get(const struct findings *f, size_t from, size_t to, struct finding *out)
{
    if (f->list && to > from)
        memcpy(out, f->list + from, (to - from) * sizeof *out);
    if (f->list || to <= from)
        return;
    size_t chunks = chunk_count(f), at = 0;
    for (size_t high = CLASSES * chunks; high - at > 1;) { /* find the last chunk that begins at FROM or before */
        size_t middle = at + (high - at) / 2;
        if (f->before[middle] <= from)
            at = middle;
        else
            high = middle;
    }
    for (; from < to; at++) {
        size_t n = f->before[at + 1] == f->before[at] ? 0
            : get_of_chunk(f, at / chunks, at % chunks, from - f->before[at], to - from, out);
        out += n;
        from += n;
    }
}

void findings_list(struct findings *f)
{
    if (f->list)
        return;
    struct finding *list = xcalloc(f->count, sizeof *list);
    findings_get(f, 0, f->count, list);
    f->list = list;
}

/* Returns the checks that have findings, a bit each. *ANY_WAIVED: whether any finding is waived. */
static uint64_t checks_found(const struct findings *f, bool *any_waived)
{
    uint64_t checks = 0, waived = 0;
    for (size_t i = 0; i < f->count && f->list; i++) {
        checks |= UINT64_C(1) << f->list[i].check;
        *any_waived |= f->list[i].waiver != NULL;
    }
    for (size_t i = 0; i < f->row_count && !f->list; i++) {
        checks |= audit_failed(f->report, f->rows[i]) & f->report->checks_on;
        waived |= audit_waived(f->report, f->rows[i]);
    }
    *any_waived |= waived != 0;
    return checks;
}

bool findings_choose(struct findings *f, const char *list, bool people, struct error *err)
{
    if (list)
        return column_list_choose(&f->columns, list, err);
    if (!people)
        return column_list_choose(&f->columns,
            "account,user,arn,credential,check,severity,number,title,evidence,remedy,"
            "waived,until,owner,reason", err)
            && (!f->report->chronicle || column_list_choose(&f->columns, "since,at_least,failing,recurred", err))
            && (!time_is_limited(f->allowed) || column_list_choose(&f->columns, "due,late", err));
    if (f->report->account_count > 1)
        column_list_add(&f->columns, COL_ACCOUNT);
    bool any_waived = false, any_number = false;
    for (uint64_t left = checks_found(f, &any_waived); left; left &= left - 1)
        any_number |= check_has_number(check_at((size_t)__builtin_ctzll(left)), f->report->audit->settings.benchmark);
    return column_list_choose(&f->columns, "severity,user,check", err)
        && (!any_number || column_list_choose(&f->columns, "number", err))
        && column_list_choose(&f->columns, "evidence", err)
        && (!any_waived || column_list_choose(&f->columns, "until,owner", err))
        && (!f->report->chronicle || column_list_choose(&f->columns, "failing", err))
        && (!time_is_limited(f->allowed) || column_list_choose(&f->columns, "late", err));
}

static struct value text_in(const struct buffer *scratch)
{
    return (struct value){.state = scratch->len ? STATE_VALUE : STATE_EMPTY, .text = slice_in(scratch)};
}

static struct value finding_text(const char *text)
{
    return (struct value){.state = text && *text ? STATE_VALUE : STATE_EMPTY, .text = slice_of(text ? text : "")};
}

static struct value finding_number(int64_t number)
{
    return (struct value){.state = STATE_VALUE, .number = number};
}

static struct value time_value(int64_t number, bool is_known)
{
    return (struct value){.state = is_known ? STATE_VALUE : STATE_NA, .number = number};
}

/* Values of the columns about time. */
static struct value value_over_time(const struct findings *f, const struct report *r, const struct finding *w,
    enum finding_column column)
{
    struct chronicle_since since = {0};
    int64_t at = 0;
    bool known;
    switch ((int)column) {
    case FIND_OVERDUE:
        known = overdue_began(r, w->row, w->check, &at);
        return time_value(r->as_of - at, known);
    case FIND_DUE:
    case FIND_LATE: /* nobody has to fix a waived finding */
        known = f->allowed && !w->waiver && time_columns_due(r, w->row, w->check, f->allowed, &at);
        return column == FIND_DUE ? time_value(at, known) : time_value(known && at < r->as_of, true);
    default: break;
    }
    known = time_columns_since(r, w->row, w->check, &since);
    return time_value(column == FIND_SINCE ? since.time : column == FIND_AT_LEAST ? since.is_at_least
        : column == FIND_FAILING ? r->as_of - since.time : (int64_t)since.recurred, known);
}

/* R is the report of the findings, or a thread's view of it. */
static struct value own_value(const struct findings *f, const struct report *r, const struct finding *w, int column,
    struct buffer *scratch)
{
    size_t count, word = word_of_finding(f->words, w, column + COL_COUNT);
    char until[32];
    if (column == FIND_SEVERITY)
        return finding_number(w->severity);
    if (column == FIND_WAIVED)
        return finding_number(w->waiver != NULL);
    if (word != TABLE_NO_WORD) {
        struct slice text = words_of_column(f->words, column + COL_COUNT, &count)[word];
        return (struct value){.state = text.len ? STATE_VALUE : STATE_EMPTY, .text = text};
    }
    scratch->len = 0;
    switch ((enum finding_column)column) {
    case FIND_EVIDENCE: finding_evidence(scratch, r, w); return text_in(scratch);
    case FIND_UNTIL:
        buffer_add(scratch, until, strnlen(timestamp_format(until, sizeof until, w->waiver->until), 10));
        return text_in(scratch);
    case FIND_OWNER: return finding_text(w->waiver->owner);
    case FIND_REASON: return finding_text(w->waiver->reason);
    case FIND_FILE: return finding_text(r->files[report_file_of(r, w->row)].name);
    case FIND_LINE: return finding_number((int64_t)report_line_of(r, w->row));
    default: return value_over_time(f, r, w, (enum finding_column)column);
    }
}

static struct value finding_value(const void *findings, uint32_t index, int column, struct buffer *scratch)
{
    const struct findings *f = findings;
    const struct finding *w = &f->list[index];
    return column_list_is_of_user(column) ? report_value(f->report, w->row, (enum column)column)
        : own_value(f, f->report, w, column - COL_COUNT, scratch);
}

static enum type finding_type(const void *findings, int column)
{
    const struct findings *f = findings;
    return column_list_info(&f->columns, column)->type;
}

static int find_column_of_finding(struct slice name)
{
    struct column_list l;
    column_list_init(&l, finding_columns, FIND_COLUMNS, NULL);
    return column_list_find(&l, name);
}

const struct sort_names findings_sort_names = {"findings", find_column_of_finding, false};

void findings_sort(struct findings *f, const struct sort_order *order)
{
    if (!order->count || f->count < 2)
        return;
    findings_list(f);
    struct finding *sorted = xcalloc(f->count, sizeof *sorted);
    uint32_t *at = xcalloc(f->count, sizeof *at);
    for (size_t i = 0; i < f->count; i++)
        at[i] = (uint32_t)i;
    sort_ids(order, &(struct sort_source){f, finding_value, finding_type, false}, at, f->count, NULL);
    for (size_t i = 0; i < f->count; i++)
        sorted[i] = f->list[at[i]];
    free(at);
    free(f->list);
    f->list = sorted;
}

/* table.begun: the findings that one thread writes. */
struct finding_piece {
    size_t from;
    struct finding list[];
};

static void *begin_findings(const struct table *t, size_t from, size_t to)
{
    struct finding_piece *piece = xcalloc(1, sizeof *piece + (to - from) * sizeof *piece->list);
    piece->from = from;
    findings_get(t->source, from, to, piece->list);
    return piece;
}

static const struct finding *finding_at(const struct table *t, size_t row)
{
    const struct finding_piece *piece = t->begun;
    return &piece->list[row - piece->from];
}

static struct value finding_cell(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct findings *f = t->source;
    const struct finding *w = finding_at(t, row);
    int id = f->columns.columns[column];
    return column_list_is_of_user(id) ? column_list_user_value(t->report, w->row, id, scratch)
        : own_value(f, t->report, w, id - COL_COUNT, scratch);
}

static const struct slice *words_of_table(const struct table *t, size_t column, size_t *count)
{
    const struct findings *f = t->source;
    return words_of_column(f->words, f->columns.columns[column], count);
}

static size_t finding_word(const struct table *t, size_t row, size_t column)
{
    const struct findings *f = t->source;
    int id = f->columns.columns[column];
    return id == COL_ACCOUNT ? column_list_account_word(t->report, finding_at(t, row)->row, f->words->accounts,
        f->words->account_count) : word_of_finding(f->words, finding_at(t, row), id);
}

/* table.same_word */
static bool finding_same_word(const struct table *t, size_t a, size_t b)
{
    const struct findings *f = t->source;
    enum word_kind kind = kind_of_word(f->columns.columns[a]);
    return kind != WORD_OF_NOTHING && kind == kind_of_word(f->columns.columns[b]);
}

/* table.people_text: says where "since" and "failing" may be longer than is known. */
static void finding_people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct findings *f = t->source;
    const struct finding *w = finding_at(t, row);
    int id = f->columns.columns[column], own = column_list_is_of_user(id) ? -1 : id - COL_COUNT;
    struct buffer scratch = {0};
    struct chronicle_since since;
    struct value v = finding_cell(t, row, column, &scratch);
    bool at_least = (own == FIND_SINCE || own == FIND_FAILING)
        && time_columns_since(f->report, w->row, w->check, &since) && since.is_at_least;
    if (at_least)
        buffer_puts(b, own == FIND_SINCE ? "<= " : ">= ");
    if (id >= COL_EXTRA)
        cell_for_people(b, t->report, w->row, (enum column)id, ascii);
    else if (v.state != STATE_EMPTY) /* empty means nothing to say here, not unknown */
        cell_value_for_people(b, &v, t->columns[column].type, ascii);
    buffer_free(&scratch);
}

static size_t finding_csv_span(const struct table *t, size_t row, size_t column, struct slice *text)
{
    const struct findings *f = t->source;
    return column_list_copy(&f->spans[column], t->report, finding_at(t, row)->row, text);
}

static size_t user_of_finding(const struct table *t, size_t row)
{
    return finding_at(t, row)->row;
}

/* table.report_columns; a rule may look at any column. */
static uint32_t columns_of_finding(const struct table *t, size_t row)
{
    const struct findings *f = t->source;
    const struct finding *w = finding_at(t, row);
    return f->words->rules >> w->check & 1 ? UINT32_MAX : f->words->columns[w->at_fault];
}

static void find_finding_spans(struct findings *f)
{
    enum column *columns = xcalloc(f->columns.count + 1, sizeof *columns);
    f->spans = xrealloc(f->spans, f->columns.count + 1, sizeof *f->spans);
    for (size_t i = 0; i < f->columns.count; i++)
        columns[i] = f->columns.columns[i] < COL_REPORT_COUNT ? (enum column)f->columns.columns[i] : COL_COUNT;
    for (size_t i = 0; i < f->columns.count; i++) {
        f->spans[i] = column_list_span(f->report, columns + i, f->columns.count - i);
        f->columns.described[i].spans = f->spans[i].columns > 0;
    }
    free(columns);
}

/* Whether the columns show nothing of the users' texts but user and ARN. */
static bool shows_only_identity(const struct findings *f)
{
    bool only = true;
    for (size_t i = 0; i < f->columns.count; i++) {
        int id = f->columns.columns[i];
        only &= !column_list_is_of_user(id) || id == COL_USER || id == COL_ARN || id == COL_ACCOUNT;
    }
    return only;
}

struct table findings_table(struct findings *f, size_t limit)
{
    find_finding_spans(f);
    return (struct table){.columns = f->columns.described, .column_count = f->columns.count,
        .row_count = f->count < limit ? f->count : limit, .source = f, .title = "Findings", .report = f->report,
        .begin = begin_findings, .words = words_of_table, .word = finding_word,
        .same_word = finding_same_word, .value = finding_cell,
        .report_row = user_of_finding, .report_columns = columns_of_finding, .csv_span = finding_csv_span,
        .only_identity = shows_only_identity(f),
        .people_text = finding_people_text,
        .blanks = true};
}

void findings_free(struct findings *f)
{
    free(f->list);
    free(f->before);
    free(f->spans);
    audit_faults_free(&f->faults);
    free_words(f->words);
    column_list_free(&f->columns);
    *f = (struct findings){0};
}
