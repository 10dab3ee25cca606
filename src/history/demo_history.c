/*
 * Whatever the sample dates after an earlier report's time had not happened then: the user did not exist, a key was not
 * yet created or was an older one. What has no date in the sample (MFA, deactivated keys, users that left) gets an
 * invented day.
 */
#include "history/demo_history.h"

#include "base/timestamp.h"
#include "history/row_copy.h"

enum { STEP = 14 * TIMESTAMP_DAY };

int64_t demo_history_time(const struct report *demo, size_t index)
{
    return demo->as_of - (int64_t)(DEMO_HISTORY_REPORTS - index) * STEP;
}

/* One user's row while it is changed to its state at TIME. */
struct past_row {
    const struct report *demo;
    size_t row;
    int64_t time;
    uint32_t mix;                /* a hash of the user's name, to vary invented dates */
    struct slice cells[COL_REPORT_COUNT];
    char times[COL_REPORT_COUNT][32];
};

static uint32_t mix_of(struct slice name)
{
    uint32_t mix = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        mix = (mix ^ (unsigned char)name.data[i]) * 16777619u;
    return mix ^ mix >> 15;
}

static bool time_of_cell(const struct past_row *p, enum column c, int64_t *time)
{
    struct value v = report_value(p->demo, p->row, c);
    *time = v.number;
    return v.state == STATE_VALUE;
}

static void set_past_text(struct past_row *p, enum column c, const char *text)
{
    p->cells[c] = slice_of(text);
}

static void set_past_time(struct past_row *p, enum column c, int64_t time)
{
    p->cells[c] = slice_of(timestamp_format(p->times[c], sizeof p->times[c], time));
}

/*
 * If the sample's last use is after the report, replace it with one up to three days before the report, or with NEVER
 * if the credential, created at MADE, did not exist that early.
 */
static void set_past_use(struct past_row *p, enum column used, int64_t made, const char *never)
{
    int64_t use, earlier = p->time - (int64_t)(p->mix >> 7 & 3) * TIMESTAMP_DAY - 3600;
    if (!time_of_cell(p, used, &use) || use <= p->time)
        return;
    if (earlier > made)
        set_past_time(p, used, earlier);
    else
        set_past_text(p, used, never);
}

static void set_past_password(struct past_row *p, int64_t created)
{
    int64_t set;
    if (!time_of_cell(p, COL_PASSWORD_LAST_CHANGED, &set))
        return;
    if (set > p->time) /* pretend that there was an older password */
        set -= (int64_t)(120 + p->mix % 200) * TIMESTAMP_DAY;
    set = set > p->time ? p->time - TIMESTAMP_DAY : set < created ? created : set;
    set_past_time(p, COL_PASSWORD_LAST_CHANGED, set);
    set_past_use(p, COL_PASSWORD_LAST_USED, set, "no_information");
}

/*
 * Users with MFA registered it at some day of the last year. One in three console users without MFA had it and lost it.
 */
static void set_past_mfa(struct past_row *p)
{
    struct value mfa = report_value(p->demo, p->row, COL_MFA_ACTIVE);
    int64_t day = p->demo->as_of - (int64_t)(20 + p->mix % 320) * TIMESTAMP_DAY;
    bool has_password = report_value(p->demo, p->row, COL_PASSWORD_ENABLED).number;
    if (mfa.state == STATE_VALUE && mfa.number && p->time < day)
        set_past_text(p, COL_MFA_ACTIVE, "false");
    if (mfa.state == STATE_VALUE && !mfa.number && has_password && p->mix % 3 == 0)
        set_past_text(p, COL_MFA_ACTIVE, p->time < p->demo->as_of - (int64_t)(10 + p->mix % 60) * TIMESTAMP_DAY ? "true"
            : "false");
}

/*
 * Change the five columns of a key, which begin with ACTIVE: active, created, last used, region, service. A key created
 * after the report becomes an older key, or no key at all.
 */
static void set_past_key(struct past_row *p, enum column active, int64_t created)
{
    int64_t made, off = p->demo->as_of - (int64_t)(15 + p->mix % 100) * TIMESTAMP_DAY;
    struct value is_active = report_value(p->demo, p->row, active);
    if (!time_of_cell(p, active + 1, &made) || is_active.state != STATE_VALUE)
        return;
    bool is_another = made > p->time;
    if (is_another)
        made -= (int64_t)(80 + p->mix % 180) * TIMESTAMP_DAY;
    if (is_another && (made > p->time || made < created || p->mix % 4 == 0)) {
        set_past_text(p, active, "false");
        for (enum column c = active + 1; c <= active + 4; c++)
            set_past_text(p, c, "N/A");
        return;
    }
    set_past_time(p, active + 1, made);
    set_past_text(p, active, is_another || p->time < off || is_active.number ? "true" : "false");
    set_past_use(p, active + 2, made, "N/A");
    if (slice_equal(p->cells[active + 2], slice_of("N/A"))) {
        set_past_text(p, active + 3, "N/A");
        set_past_text(p, active + 4, "N/A");
    }
}

static void put_past_row(struct buffer *csv, const struct past_row *p)
{
    for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
        if (report_raw(p->demo, 0, c).len == 0)
            continue;
        buffer_puts(csv, c ? "," : "");
        row_copy_field(csv, p->cells[c], false);
    }
    buffer_putc(csv, '\n');
}

/* Append a user who left DAYS days before the sample, unless the report is from after that. */
static void put_leaver(struct buffer *csv, const struct report *demo, int64_t time, const char *name, int64_t days)
{
    char made[32], used[32];
    if (time >= demo->as_of - days * TIMESTAMP_DAY)
        return;
    timestamp_format(made, sizeof made, demo->as_of - 700 * TIMESTAMP_DAY);
    timestamp_format(used, sizeof used, time - TIMESTAMP_DAY);
    buffer_printf(csv, "%s,arn:aws:iam::123456789012:user/external/%s,%s,true,%s,%s,N/A,false,true,%s,%s,us-east-1,s3,"
        "false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n", name, name, made, used, made, made, used);
}

void demo_history_write(struct buffer *csv, const struct report *demo, size_t index)
{
    struct past_row p = {.demo = demo, .time = demo_history_time(demo, index)};
    row_copy_header(csv, demo, 0);
    for (p.row = 0; p.row < demo->row_count; p.row++) {
        int64_t created;
        for (enum column c = 0; c < COL_REPORT_COUNT; c++)
            p.cells[c] = report_raw(demo, p.row, c);
        p.mix = mix_of(p.cells[COL_USER]);
        bool is_dated = time_of_cell(&p, COL_USER_CREATION_TIME, &created);
        if (is_dated && created > p.time)
            continue;
        if (is_dated && report_value(demo, p.row, COL_PASSWORD_ENABLED).state == STATE_VALUE) {
            set_past_password(&p, created);
            set_past_mfa(&p);
            set_past_key(&p, COL_KEY_1_ACTIVE, created);
            set_past_key(&p, COL_KEY_2_ACTIVE, created);
        }
        put_past_row(csv, &p);
    }
    put_leaver(csv, demo, p.time, "contractor-7", 250);
    put_leaver(csv, demo, p.time, "contractor-9", 160);
    put_leaver(csv, demo, p.time, "intern-2025", 75);
}
