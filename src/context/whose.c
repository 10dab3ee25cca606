/*
 * The order is that of AWS's and others' runbooks: whose key it is, deactivate it, the user's other credentials,
 * sessions, CloudTrail.
 */
#include "context/whose.h"

#include "audit/finding.h"
#include "audit/remedy_priv.h"
#include "aws/arn.h"
#include "base/timestamp.h"
#include "report/accounts.h"
#include "report/change.h"
#include "report/credential.h"

#include <stdio.h>

/*
 * The only user with the name from the key IDs, in the id's account if that is known. SIZE_MAX if there is none or if,
 * with *IS_AMBIGUOUS set, several accounts have one.
 */
static size_t whose_find_user(const struct whose *w, const struct report *r, bool *is_ambiguous)
{
    size_t found = SIZE_MAX;
    for (size_t row = 0; row < r->row_count; row++) {
        if (!key_id_is_of(w->entry, report_account_id(r, row))
            || !slice_equal(report_raw(r, row, COL_USER), slice_of(w->entry->user)))
            continue;
        *is_ambiguous |= found != SIZE_MAX;
        found = row;
    }
    return *is_ambiguous ? SIZE_MAX : found;
}

/* The column with the IDs of the keys in SLOT, which a joined table may have, too. */
static enum column whose_id_column(const struct report *r, int slot)
{
    enum context_column c = slot == 1 ? CONTEXT_KEY_1_ID : CONTEXT_KEY_2_ID;
    return extra_columns_find(r->extra, slice_of(context_columns[c].name));
}

bool whose_find(struct whose *w, const struct context *c, const struct report *r, struct slice id)
{
    r = r->changes ? r->changes->new : r;
    *w = (struct whose){.context = c, .report = r, .row = SIZE_MAX};
    id = slice_trimmed(id);
    w->kind = access_key_id_parse(id, w->account);
    if (w->kind == ACCESS_KEY_ID_NONE)
        return false;
    for (size_t i = 0; i < ACCESS_KEY_ID_LENGTH; i++)
        w->id[i] = id.data[i] >= 'a' && id.data[i] <= 'z' ? (char)(id.data[i] - 'a' + 'A') : id.data[i];
    w->entry = c && c->key_ids ? key_ids_find(c->key_ids, id) : NULL;
    for (int slot = 1; slot <= 2; slot++) {
        enum column column = whose_id_column(r, slot);
        for (size_t row = 0; column != COL_COUNT && row < r->row_count; row++) {
            struct value v = report_value(r, row, column);
            if (v.state != STATE_VALUE || !slice_equal_nocase(v.text, id))
                continue;
            w->is_ambiguous |= w->row != SIZE_MAX;
            w->row = row;
            w->slot = slot;
        }
    }
    if (w->is_ambiguous) {
        w->row = SIZE_MAX;
        w->slot = 0;
        return true;
    }
    /* the key is newer than the report, or another key was created in the same second */
    if (w->entry && w->row == SIZE_MAX)
        w->row = whose_find_user(w, r, &w->is_ambiguous);
    return true;
}

/* ---- the page ---- */

enum { LABEL_WIDTH = 12, SOURCE_COLUMN = 36 };

/* Append a line with LABEL, TEXT, which must be safe to print, and SOURCE, unless that is NULL. */
static void whose_put_fact(struct buffer *b, const char *label, const struct buffer *text, const char *source)
{
    size_t width = LABEL_WIDTH + text_width((struct slice){text->data, text->len});
    buffer_printf(b, "%-*s%s", LABEL_WIDTH, label, text->len ? text->data : "");
    if (source)
        buffer_printf(b, "%*s%s", width < SOURCE_COLUMN ? (int)(SOURCE_COLUMN - width) : 2, "", source);
    buffer_putc(b, '\n');
}

static void whose_put_text(struct buffer *b, struct slice text)
{
    text_harmless(b, text, false);
}

static void whose_put_ago(struct buffer *b, int64_t seconds)
{
    int64_t hours = seconds / 3600, days = duration_days(seconds);
    if (seconds < 0)
        buffer_puts(b, "after the report");
    else if (hours < 1)
        buffer_puts(b, "less than an hour ago");
    else if (hours < 48)
        buffer_printf(b, "%lld hour%s ago", (long long)hours, hours == 1 ? "" : "s");
    else
        buffer_printf(b, "%lld days ago", (long long)days);
}

/* Append "ACTIVE, 739 days old, last used 3 days ago, s3 in eu-west-1". */
static void whose_put_credential(struct buffer *b, const struct report *r, size_t row, enum credential c)
{
    const struct credential_columns *k = &credential_columns[c];
    struct value active = report_value(r, row, k->active), made = report_value(r, row, k->made),
        used = report_value(r, row, k->used);
    buffer_puts(b, active.state != STATE_VALUE ? "state unknown" : active.number ? "ACTIVE" : "inactive");
    if (made.state == STATE_VALUE && made.number > r->as_of)
        buffer_puts(b, ", made after the report");
    else if (made.state == STATE_VALUE)
        buffer_printf(b, ", %lld days old", (long long)duration_days(r->as_of - made.number));
    if (used.state == STATE_VALUE) {
        buffer_puts(b, ", last used ");
        whose_put_ago(b, r->as_of - used.number);
    } else if (used.state == STATE_NA || used.state == STATE_NO_INFORMATION) {
        buffer_puts(b, ", ");
        finding_put_never(b, r, row, c);
    } else {
        buffer_puts(b, ", last use unknown");
    }
    struct value service = k->service == COL_COUNT ? (struct value){.state = STATE_NA}
        : report_value(r, row, k->service);
    struct value region = k->region == COL_COUNT ? (struct value){.state = STATE_NA} : report_value(r, row, k->region);
    if (service.state == STATE_VALUE) {
        buffer_puts(b, ", ");
        whose_put_text(b, service.text);
    }
    if (region.state == STATE_VALUE) {
        buffer_puts(b, " in ");
        whose_put_text(b, region.text);
    }
}

/* Append the last use that AWS tells, which is more recent than the report's. */
static void whose_put_last_use(struct buffer *b, const struct whose *w)
{
    struct buffer text = {0};
    if (!w->used)
        return;
    if (!*w->used || strcmp(w->used, "N/A") == 0) {
        buffer_puts(&text, "never");
    } else {
        whose_put_text(&text, slice_of(w->used));
        buffer_puts(&text, ", ");
        whose_put_text(&text, slice_of(w->service));
        buffer_puts(&text, " in ");
        whose_put_text(&text, slice_of(w->region));
    }
    whose_put_fact(b, "last use", &text, "AWS, now");
    buffer_free(&text);
}

static struct slice whose_cell_of(const struct whose *w, enum column c)
{
    struct value v = c == COL_COUNT ? (struct value){.state = STATE_ABSENT} : report_value(w->report, w->row, c);
    return v.state == STATE_VALUE ? v.text : (struct slice){"", 0};
}

/* What the details have about the user; NULL if they do not have the user. */
static const struct details_user *whose_details(const struct whose *w)
{
    const struct details *d = w->context ? w->context->details : NULL;
    struct value created = report_value(w->report, w->row, COL_USER_CREATION_TIME);
    bool was_recreated;
    return !d ? NULL : details_find(d, slice_trimmed(report_raw(w->report, w->row, COL_ARN)),
        created.state == STATE_VALUE ? created.number : INT64_MIN, &was_recreated);
}

static void whose_put_rights(struct buffer *b, const struct whose *w)
{
    struct buffer text = {0};
    enum column c = context_column_find(w->report, CONTEXT_RIGHTS);
    struct value v = c == COL_COUNT ? (struct value){.state = STATE_ABSENT} : report_value(w->report, w->row, c);
    if (v.state == STATE_VALUE) {
        struct slice by = whose_cell_of(w, context_column_find(w->report, CONTEXT_RIGHTS_BY));
        buffer_printf(&text, "%s%s", rights_name((enum rights)v.number), by.len ? "   by " : "");
        whose_put_text(&text, by);
        whose_put_fact(b, "rights", &text, "--details");
    } else {
        const struct details *d = w->context ? w->context->details : NULL;
        buffer_puts(&text, !d ? "unknown: --details FILE shows what the user may do"
            : !whose_details(w) ? "unknown: the details do not contain this user"
            : "unknown: the details lack a group or a policy of the user");
        whose_put_fact(b, "rights", &text, d ? "--details" : NULL);
    }
    buffer_free(&text);
}

/* Append what only the details say about the key: its description, and whether AWS has found a key of the user. */
static void whose_put_details(struct buffer *b, const struct whose *w)
{
    const struct details_user *u = whose_details(w);
    struct buffer text = {0};
    for (size_t i = 0; u && i < u->tag_count; i++) { /* the console keeps descriptions of keys in tags */
        if (!slice_equal_nocase(slice_of(u->tags[i].key), slice_of(w->id)) || !u->tags[i].value[0])
            continue;
        whose_put_text(&text, slice_of(u->tags[i].value));
        whose_put_fact(b, "described", &text, "the key's tag, --details");
        text.len = 0;
    }
    if (u && u->is_quarantined) {
        buffer_puts(&text, "AWS found a key of the user in public");
        whose_put_fact(b, "quarantined", &text, "--details");
    }
    buffer_free(&text);
}

/* Append tags and columns of joined tables, which tell who is responsible. */
static void whose_put_owner(struct buffer *b, const struct whose *w)
{
    const struct extra_columns *x = w->report->extra;
    for (size_t i = 0; x && i < x->count; i++) {
        struct value v = report_value(w->report, w->row, (enum column)(COL_EXTRA + i));
        bool is_tag = context_columns_have_tag(slice_of(x->list[i].name));
        bool is_joined = x->list[i].origin != EXTRA_PROGRAM;
        if (v.state != STATE_VALUE || (!is_tag && !is_joined) || x->list[i].info.type != TYPE_TEXT)
            continue;
        struct buffer text = {0}, source = {0};
        whose_put_text(&text, slice_of(x->list[i].heading));
        buffer_puts(&text, " = ");
        whose_put_text(&text, v.text);
        whose_put_text(&source, slice_of(x->list[i].source));
        whose_put_fact(b, "owner", &text, source.data);
        buffer_free(&text);
        buffer_free(&source);
    }
}

static void whose_put_others(struct buffer *b, const struct whose *w)
{
    const struct report *r = w->report;
    bool any = false;
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        bool this_one = w->slot && c == (enum credential)(CREDENTIAL_KEY_1 + w->slot - 1);
        if (this_one || !credential_exists(r, w->row, c))
            continue;
        struct buffer text = {0};
        buffer_printf(&text, "%s ", credential_title(c));
        whose_put_credential(&text, r, w->row, c);
        if (c == CREDENTIAL_PASSWORD) {
            struct value mfa = report_value(r, w->row, COL_MFA_ACTIVE);
            buffer_puts(&text, mfa.state != STATE_VALUE ? ", MFA unknown" : mfa.number ? ", MFA" : ", no MFA");
        }
        whose_put_fact(b, any ? "" : "also has", &text, any ? NULL : "the report");
        buffer_free(&text);
        any = true;
    }
}

struct whose_keys whose_active_keys(const struct report *r, struct slice number)
{
    enum { PARTITIONS_MAX = 16 };
    static const enum column columns[] = {COL_KEY_1_ACTIVE, COL_KEY_2_ACTIVE};
    struct slice seen[PARTITIONS_MAX]; /* ids of accounts; further partitions are not counted */
    struct whose_keys k = {0};
    for (size_t row = 0; row < r->row_count; row++) {
        struct slice id = report_account_id(r, row);
        if (!slice_equal(arn_id_number(id), number))
            continue;
        size_t i = 0;
        while (i < k.accounts && !slice_equal(seen[i], id))
            i++;
        if (i == k.accounts && i < PARTITIONS_MAX)
            seen[k.accounts++] = id;
        for (int slot = 0; slot < 2; slot++) {
            struct value v = report_value(r, row, columns[slot]);
            k.active += v.state == STATE_VALUE && v.number;
            k.is_at_least |= state_is_unknown(v.state);
        }
    }
    return k;
}

void whose_put_keys(struct buffer *b, const struct whose_keys *k)
{
    char number[32];
    buffer_printf(b, "%s%s active key%s", k->is_at_least ? "at least " : "",
        text_count(number, sizeof number, k->active), k->active == 1 ? "" : "s");
}

void whose_question(struct buffer *b, const struct whose *w)
{
    if (!w->account[0])
        buffer_printf(b, "aws sts get-access-key-info --access-key-id %s", w->id);
    else if (w->kind == ACCESS_KEY_ID_TEMPORARY)
        buffer_printf(b, "aws cloudtrail lookup-events --lookup-attributes "
            "AttributeKey=AccessKeyId,AttributeValue=%s", w->id);
    else
        buffer_printf(b, "aws iam get-access-key-last-used --access-key-id %s", w->id);
}

/* The account's number, of the id or else of the user in the report. Empty if neither is known. */
static struct slice whose_account(const struct whose *w)
{
    return w->account[0] ? slice_of(w->account)
        : w->row == SIZE_MAX ? (struct slice){"", 0}
        : arn_account_number(report_number(w->report, w->row, COL_ACCOUNT).text);
}

static void whose_put_account(struct buffer *b, const struct whose *w)
{
    struct buffer text = {0};
    struct slice account = whose_account(w);
    if (account.len) {
        struct slice name = accounts_name(w->report->account_names, account);
        buffer_printf(&text, "%.*s  ", (int)account.len, account.data);
        whose_put_text(&text, name);
        whose_put_fact(b, "account", &text, w->account[0] ? "by the ID's format" : "the report");
    } else {
        buffer_puts(&text, "unknown: IDs of the old format do not contain it");
        whose_put_fact(b, "account", &text, NULL);
    }
    buffer_free(&text);
}

/* Append where to look next if no file names the user. */
static void whose_put_unknown_user(struct buffer *b, const struct whose *w)
{
    struct buffer text = {0};
    struct whose_keys keys = {0};
    if (w->account[0])
        keys = whose_active_keys(w->report, slice_of(w->account));
    if (w->is_ambiguous) {
        buffer_puts(&text, "unknown: several users of these reports match");
        whose_put_fact(b, "user", &text, "key IDs");
    } else if (w->entry) {
        whose_put_text(&text, slice_of(w->entry->user));
        buffer_puts(&text, ", who is not in these reports");
        whose_put_fact(b, "user", &text, "key IDs");
    } else if (w->account[0] && !keys.accounts) {
        buffer_puts(&text, "unknown: the account is not in these reports");
        whose_put_fact(b, "user", &text, NULL);
    } else if (w->account[0]) {
        buffer_puts(&text, "unknown: one of ");
        whose_put_keys(&text, &keys);
        if (keys.accounts == 1)
            buffer_puts(&text, " of this account");
        else
            buffer_printf(&text, " of the %zu accounts with this number", keys.accounts);
        whose_put_fact(b, "user", &text, "the report");
    } else {
        buffer_puts(&text, w->context && w->context->key_ids ? "unknown: --key-ids does not contain this ID"
            : "unknown: --key-ids FILE shows whose it is");
        whose_put_fact(b, "user", &text, NULL);
    }
    if (!w->account[0]) {
        buffer_printf(b, "%-*swhich account: ", LABEL_WIDTH, "ask AWS");
        whose_question(b, w);
        buffer_putc(b, '\n');
    }
    buffer_printf(b, "%-*sin that account: aws iam get-access-key-last-used --access-key-id %s\n", LABEL_WIDTH,
        w->account[0] ? "ask AWS" : "", w->id);
    buffer_free(&text);
}

static void whose_put_user(struct buffer *b, const struct whose *w)
{
    struct buffer text = {0}, source = {0};
    const struct extra_column *ids = w->slot
        ? extra_columns_at(w->report->extra, whose_id_column(w->report, w->slot)) : NULL;
    bool is_joined = ids && ids->origin != EXTRA_PROGRAM;
    whose_put_text(&text, report_raw(w->report, w->row, COL_USER));
    if (is_joined)
        whose_put_text(&source, slice_of(ids->source));
    whose_put_fact(b, "user", &text, w->used ? "AWS, by GetAccessKeyLastUsed" : is_joined ? source.data
        : w->slot ? "--key-ids, by user and creation time" : "--key-ids, by user name");
    buffer_free(&text);
    buffer_free(&source);
}

/* Append one fact per line, with its source. */
static void whose_page(struct buffer *b, const struct whose *w)
{
    struct buffer text = {0};
    char stamp[32], label[8];
    bool temporary = w->kind == ACCESS_KEY_ID_TEMPORARY || w->kind == ACCESS_KEY_ID_OLD_TEMPORARY;
    buffer_printf(b, "%s\n", w->id);
    whose_put_account(b, w);
    if (temporary) {
        buffer_puts(&text, "temporary credentials: no report contains them, and they expire by themselves");
        whose_put_fact(b, "kind", &text, "by the ID's format");
        buffer_printf(b, "%-*slook for the session in CloudTrail: aws cloudtrail lookup-events "
            "--lookup-attributes AttributeKey=AccessKeyId,AttributeValue=%s\n", LABEL_WIDTH, "next", w->id);
        buffer_free(&text);
        return;
    }
    if (w->row == SIZE_MAX) {
        whose_put_unknown_user(b, w);
        buffer_free(&text);
        return;
    }
    whose_put_user(b, w);
    if (w->slot) {
        snprintf(label, sizeof label, "key %d", w->slot);
        whose_put_credential(&text, w->report, w->row, (enum credential)(CREDENTIAL_KEY_1 + w->slot - 1));
        struct buffer source = {0};
        buffer_printf(&source, "the report, as of %s", timestamp_format(stamp, sizeof stamp, w->report->as_of));
        whose_put_fact(b, label, &text, source.data);
        buffer_free(&source);
    } else {
        buffer_puts(&text, "not in the report: made later, or at the same second as another key");
        whose_put_fact(b, "key", &text, NULL);
    }
    whose_put_last_use(b, w);
    whose_put_details(b, w);
    whose_put_rights(b, w);
    whose_put_owner(b, w);
    whose_put_others(b, w);
    buffer_free(&text);
}

/* ---- the sheet ---- */

/*
 * Append update-access-key for the key with ID, a word of sh, and the line that undoes it. Unless LIVE it is a comment.
 */
static void whose_put_key_status(struct buffer *b, const struct buffer *name, const char *id, bool live)
{
    const char *start = live ? "" : "# ";
    buffer_printf(b, "%saws iam update-access-key --user-name=%s --access-key-id=%s --status=Inactive\n", start,
        name->data, id);
    buffer_printf(b, "# undo: aws iam update-access-key --user-name=%s --access-key-id=%s --status=Active\n",
        name->data, id);
}

static void whose_put_other_key(struct buffer *b, const struct whose *w, const struct buffer *name, int slot)
{
    static const enum column made_columns[] = {COL_KEY_1_LAST_ROTATED, COL_KEY_2_LAST_ROTATED};
    struct value active = report_value(w->report, w->row, slot == 1 ? COL_KEY_1_ACTIVE : COL_KEY_2_ACTIVE);
    struct value made = report_value(w->report, w->row, made_columns[slot - 1]);
    struct slice id = whose_cell_of(w, whose_id_column(w->report, slot));
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE], stamp[32], word[24];
    if (active.state != STATE_VALUE || !active.number)
        return;
    buffer_printf(b, "# access key %d of the same user:\n", slot);
    if (access_key_id_parse(id, account) != ACCESS_KEY_ID_NONE) {
        snprintf(word, sizeof word, "%.20s", id.data);
        whose_put_key_status(b, name, word, true);
    } else if (made.state == STATE_VALUE) {
        buffer_printf(b, "id=$(key_of %s %.19s)\n", name->data, timestamp_format(stamp, sizeof stamp, made.number));
        whose_put_key_status(b, name, "\"$id\"", true);
    } else {
        buffer_puts(b, "# when it was made is unknown: look for it with aws iam list-access-keys\n");
    }
}

static void whose_put_denial(struct buffer *b, const struct buffer *name)
{
    buffer_printf(b, "\n# 3 Deny sessions that were started before now: temporary credentials outlive the key.\n"
        "now=$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)\n"
        "aws iam put-user-policy --user-name=%s --policy-name=DenySessionsBeforeLeak "
        "--policy-document=\"{\\\"Version\\\":"
        "\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Deny\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\","
        "\\\"Condition\\\":{\\\"DateLessThan\\\":{\\\"aws:TokenIssueTime\\\":\\\"$now\\\"}}}]}\"\n"
        "# undo: aws iam delete-user-policy --user-name=%s --policy-name=DenySessionsBeforeLeak\n", name->data,
        name->data);
}

/* Facts become comments, so that no byte of them can be a command. */
static void whose_put_page_as_comments(struct buffer *b, const struct whose *w)
{
    struct buffer page = {0};
    whose_page(&page, w);
    for (const char *line = page.data, *end; line && (end = strchr(line, '\n')); line = end + 1)
        remedy_comment(b, " ", (struct slice){line, (size_t)(end - line)});
    buffer_free(&page);
}

static void whose_sheet(struct buffer *b, const struct whose *w)
{
    struct buffer name = {0}, before = {0};
    struct slice user = report_raw(w->report, w->row, COL_USER), account = whose_account(w);
    struct value password = report_value(w->report, w->row, COL_PASSWORD_ENABLED);
    struct value root = report_value(w->report, w->row, COL_ROOT);
    const char *why = "";
    buffer_puts(b, "#!/bin/sh\n");
    whose_put_page_as_comments(b, w);
    bool is_number = account.len > 0, is_of_root = root.state == STATE_VALUE && root.number;
    bool has_commands = is_number && !is_of_root && remedy_can_name(user, &why);
    buffer_printf(b, "\n# Contain access key %s. Review every line; ncred runs none of them.\n"
        "# Each active command can be undone with the line below it; nothing here deletes anything.\n%s"
        "# shellcheck disable=SC2016\nset -eu\n\n", w->id, has_commands
        ? "# 1 deactivate it  2 the user's other credentials  3 deny sessions  4 CloudTrail  5 what else was made\n"
        : "");
    if (is_number && is_of_root) {
        buffer_printf(b, "# No commands: this is a key of the root user of account %.12s. Sign in as root, or take "
            "over from the\n"
            "# organization, deactivate the key on the page \"Security credentials\", then change the root password.\n",
            account.data);
        return;
    }
    if (!has_commands) {
        buffer_printf(b, "# No commands: %s.\n", is_number ? why : "the account is unknown");
        return;
    }
    remedy_name(&name, &before, user);
    buffer_puts(b, remedy_functions);
    remedy_put_key_finder(b);
    struct slice id = report_account_id(w->report, w->row);
    bool is_of_aws = !id.len || slice_equal(arn_id_partition(id), slice_of("aws"));
    buffer_puts(b, "\n");
    if (is_of_aws || !remedy_put_in_account(b, id, true))
        buffer_printf(b, "in_account %.12s", account.data);
    buffer_puts(b, " || exit 1\n");
    if (before.len)
        buffer_add(b, before.data, before.len);
    buffer_puts(b, "\n# 1 Deactivate the key. Do not delete it: its ID is needed in CloudTrail.\n");
    whose_put_key_status(b, &name, w->id, true);
    buffer_puts(b, "\n# 2 The user's other credentials: an attacker with the key may have created or read them.\n");
    for (int slot = 1; slot <= 2; slot++) {
        if (slot != w->slot)
            whose_put_other_key(b, w, &name, slot);
    }
    if (password.state == STATE_VALUE && password.number)
        buffer_printf(b, "# The password; deleting it cannot be undone, so this line is commented out:\n"
            "# aws iam delete-login-profile --user-name=%s\n", name.data);
    whose_put_denial(b, &name);
    buffer_printf(b, "\n# 4 What was done with the key, in each region that is in use:\n"
        "aws cloudtrail lookup-events --lookup-attributes=AttributeKey=AccessKeyId,AttributeValue=%s\n", w->id);
    buffer_puts(b, "\n# 5 Look for what the user made since the leak: users, access keys, roles, login profiles, "
        "instances in\n"
        "#   regions that you do not use. A second report and ncred --diff show new users and keys.\n");
    buffer_free(&name);
    buffer_free(&before);
}

void whose_text(struct buffer *b, const struct whose *w)
{
    if (w->row == SIZE_MAX)
        whose_page(b, w);
    else
        whose_sheet(b, w);
}
