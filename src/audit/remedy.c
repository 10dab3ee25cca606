/*
 * The sheet. A line that stands as a command can be undone by the line below it; what cannot be undone is commented
 * out. The order is AWS's: deactivate, watch, delete. What a user must be rid of first is in DeleteUser's reference.
 */
#include "audit/remedy.h"

#include "audit/finding.h"
#include "audit/remedy_priv.h"
#include "query/sort.h"
#include "base/timestamp.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* What is to be done about one user. */
struct plan {
    const struct report *r;
    uint32_t row;
    struct finding findings[CHECKS_MAX];
    size_t count;
    unsigned acts[CREDENTIAL_COUNT]; /* a bit an enum check_mend */
    struct buffer name;              /* the word that names the user in commands */
};

static bool has(const struct plan *p, enum credential c, enum check_mend mend)
{
    return p->acts[c] >> mend & 1;
}

/* The key of the two that has been idle for longer; the second when nothing tells. */
static enum credential lesser_key(const struct report *r, size_t row)
{
    struct value a = report_value(r, row, COL_KEY_1_IDLE), b = report_value(r, row, COL_KEY_2_IDLE);
    bool first = a.state == STATE_VALUE && b.state == STATE_VALUE && a.number > b.number;
    return first ? CREDENTIAL_KEY_1 : CREDENTIAL_KEY_2;
}

static void make_plan(struct plan *p, const struct report *r, uint32_t row)
{
    *p = (struct plan){.r = r, .row = row};
    p->count = finding_list(r, row, p->findings);
    bool lesser = false;
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        if (f->waiver)
            continue;
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (f->at_fault >> c & 1)
                p->acts[c] |= 1u << checks[f->check].mend;
        }
        lesser |= checks[f->check].mend == MEND_STOP_LESSER;
    }
    /* One of two goes; when one goes anyway that is enough. */
    if (lesser && !has(p, CREDENTIAL_KEY_1, MEND_STOP) && !has(p, CREDENTIAL_KEY_2, MEND_STOP))
        p->acts[lesser_key(r, row)] |= 1u << MEND_STOP;
}

static bool counts(const struct plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!p->findings[i].waiver)
            return true;
    }
    return false;
}

/* Whether the sheet leaves the user without anything to sign in with. */
static bool leaves_nothing(const struct plan *p)
{
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        enum state known = report_value(p->r, p->row, credential_columns[c].active).state;
        if (known == STATE_VALUE ? credential_is_active(p->r, p->row, c) && !has(p, c, MEND_STOP)
                                 : c < CREDENTIAL_CERT_1 || known != STATE_ABSENT)
            return false;
    }
    return true;
}

static void put_reasons(struct buffer *b, const struct plan *p)
{
    const struct check_settings *s = &p->r->audit->settings;
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        struct buffer line = {0};
        char until[32];
        buffer_printf(&line, "%s: ", severity_name(checks[f->check].severity));
        check_title(&line, f->check, s);
        if (checks[f->check].numbers[s->benchmark]) {
            buffer_puts(&line, " (");
            check_number(&line, &checks[f->check], s->benchmark);
            buffer_putc(&line, ')');
        }
        buffer_puts(&line, "; ");
        finding_evidence(&line, p->r, f);
        if (f->waiver)
            buffer_printf(&line, "; waived until %.10s by %s: left alone",
                timestamp_format(until, sizeof until, f->waiver->until), f->waiver->owner);
        remedy_comment(b, "  ", (struct slice){line.data, line.len});
        buffer_free(&line);
    }
}

/* The line that puts the id of a key or certificate into $id; false: nobody can know which one it is. */
static bool put_lookup(struct buffer *b, const struct plan *p, enum credential c, bool live)
{
    struct value made = report_value(p->r, p->row, credential_columns[c].made);
    bool key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
    char stamp[32];
    if (made.state != STATE_VALUE) {
        buffer_printf(b, "# %s: the report does not say when it was made, so its id must be found by hand:\n"
            "#   aws iam %s --user-name=%s\n", credential_title(c),
            key ? "list-access-keys" : "list-signing-certificates", p->name.data);
        return false;
    }
    buffer_printf(b, "%sid=$(%s %s %.19s)\n", live ? "" : "#   ", key ? "key_of" : "certificate_of", p->name.data,
        timestamp_format(stamp, sizeof stamp, made.number));
    return true;
}

static void put_status(struct buffer *b, const struct plan *p, enum credential c, const char *before,
    const char *status)
{
    bool key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
    buffer_printf(b, "%saws iam %s --user-name=%s %s=\"$id\" --status=%s\n", before,
        key ? "update-access-key" : "update-signing-certificate", p->name.data,
        key ? "--access-key-id" : "--certificate-id", status);
}

static void put_delete(struct buffer *b, const struct plan *p, enum credential c)
{
    bool key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
    buffer_printf(b, "#   aws iam %s --user-name=%s %s=\"$id\"\n",
        key ? "delete-access-key" : "delete-signing-certificate", p->name.data,
        key ? "--access-key-id" : "--certificate-id");
}

/* Find it, deactivate it, take that back, delete it later; all in force, or LIVE false: all commented out. */
static void put_deactivation(struct buffer *b, const struct plan *p, enum credential c, bool live)
{
    if (!put_lookup(b, p, c, live))
        return;
    put_status(b, p, c, live ? "" : "#   ", "Inactive");
    put_status(b, p, c, "#   to undo:  ", "Active");
    buffer_puts(b, "#   later, when nothing missed it:\n");
    put_delete(b, p, c);
}

static void put_stop(struct buffer *b, const struct plan *p, enum credential c)
{
    buffer_printf(b, "# %s: deactivate\n", credential_title(c));
    put_deactivation(b, p, c, true);
}

static void put_replacement(struct buffer *b, const struct plan *p, enum credential c)
{
    enum credential other = c == CREDENTIAL_KEY_1 ? CREDENTIAL_KEY_2 : CREDENTIAL_KEY_1;
    buffer_printf(b, "# %s is in use: replace it first\n", credential_title(c));
    if (credential_exists(p->r, p->row, other))
        buffer_puts(b, "#   both slots are taken: the other key has to be deleted before a new one can be made\n");
    buffer_printf(b, "#   aws iam create-access-key --user-name=%s   (prints the secret, once)\n", p->name.data);
    buffer_puts(b, "#   put the new key where the old one is used; then:\n");
    put_deactivation(b, p, c, false);
}

static void put_removal(struct buffer *b, const struct plan *p, enum credential c)
{
    buffer_printf(b, "# %s is inactive: delete it; nothing can bring it back\n", credential_title(c));
    if (put_lookup(b, p, c, false))
        put_delete(b, p, c);
}

/* Of what is found against a key or certificate, the one thing that settles it. */
static void put_credential(struct buffer *b, const struct plan *p, enum credential c)
{
    if (has(p, c, MEND_STOP))
        put_stop(b, p, c);
    else if (has(p, c, MEND_REPLACE))
        put_replacement(b, p, c);
    else if (has(p, c, MEND_DELETE))
        put_removal(b, p, c);
}

static void put_password(struct buffer *b, const struct plan *p)
{
    const char *name = p->name.data;
    if (has(p, CREDENTIAL_PASSWORD, MEND_STOP)) {
        buffer_puts(b, "# password: remove; AWS cannot deactivate one\n");
        buffer_printf(b, "aws iam delete-login-profile --user-name=%s\n", name);
        buffer_printf(b, "#   to undo, with a new password:  aws iam create-login-profile --user-name=%s"
            " --password-reset-required --password=...\n", name);
    } else if (has(p, CREDENTIAL_PASSWORD, MEND_RESET)) {
        buffer_puts(b, "# password: have it changed at the next sign-in\n");
        buffer_printf(b, "aws iam update-login-profile --user-name=%s --password-reset-required\n", name);
        buffer_printf(b, "#   to undo:  aws iam update-login-profile --user-name=%s --no-password-reset-required\n",
            name);
    }
}

/* What a command cannot do. */
static void put_advice(struct buffer *b, const struct plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        if (!f->waiver && checks[f->check].mend == MEND_ADVISE)
            buffer_printf(b, "# to do by hand (%s): %s\n", checks[f->check].id, checks[f->check].remedy);
    }
}

/* What a user has to be rid of first, by the reference of IAM's DeleteUser. */
static const struct {
    const char *list, *ids, *command, *argument;
} belongings[] = {
    {"list-access-keys", "AccessKeyMetadata[].AccessKeyId", "delete-access-key", "--access-key-id"},
    {"list-signing-certificates", "Certificates[].CertificateId", "delete-signing-certificate", "--certificate-id"},
    {"list-ssh-public-keys", "SSHPublicKeys[].SSHPublicKeyId", "delete-ssh-public-key", "--ssh-public-key-id"},
    {"list-service-specific-credentials", "ServiceSpecificCredentials[].ServiceSpecificCredentialId",
        "delete-service-specific-credential", "--service-specific-credential-id"},
    {"list-mfa-devices", "MFADevices[].SerialNumber", "deactivate-mfa-device", "--serial-number"},
    {"list-user-policies", "PolicyNames[]", "delete-user-policy", "--policy-name"},
    {"list-attached-user-policies", "AttachedPolicies[].PolicyArn", "detach-user-policy", "--policy-arn"},
    {"list-groups-for-user", "Groups[].GroupName", "remove-user-from-group", "--group-name"},
};

static void put_delete_user(struct buffer *b, const struct plan *p)
{
    const char *name = p->name.data;
    buffer_puts(b, "# with this done the user holds no password, key or certificate that can be used. To delete the\n"
        "# user, which nothing can undo (SSH keys and passwords for services are not in the report: look first):\n");
    buffer_printf(b, "#   if aws iam get-login-profile --user-name=%s >/dev/null 2>&1; then"
        " aws iam delete-login-profile --user-name=%s; fi\n", name, name);
    for (size_t i = 0; i < sizeof belongings / sizeof belongings[0]; i++)
        buffer_printf(b, "#   for id in $(aws iam %s --user-name=%s --output=text --query='%s'); do aws iam %s"
            " --user-name=%s %s=\"$id\"; done\n", belongings[i].list, name, belongings[i].ids, belongings[i].command,
            name, belongings[i].argument);
    buffer_printf(b, "#   aws iam delete-user --user-name=%s\n", name);
}

static void put_root(struct buffer *b, const struct plan *p)
{
    buffer_puts(b, "# signed in as root (or, for a member account, from the organization's central root access):\n");
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_KEY_2; c++) {
        struct value made = report_value(p->r, p->row, credential_columns[c].made);
        char stamp[32];
        if (!credential_exists(p->r, p->row, c))
            continue;
        buffer_printf(b, "#   %s, made %s: its id is among  aws iam list-access-keys\n", credential_title(c),
            made.state == STATE_VALUE ? timestamp_format(stamp, sizeof stamp, made.number) : "at an unknown time");
        if (credential_is_active(p->r, p->row, c))
            buffer_puts(b, "#   aws iam update-access-key --access-key-id=ID --status=Inactive"
                "   (to undo: --status=Active), watch, then:\n");
        buffer_puts(b, "#   aws iam delete-access-key --access-key-id=ID\n");
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        if (!f->waiver && checks[f->check].mend != MEND_DELETE)
            buffer_printf(b, "# to do by hand (%s): %s\n", checks[f->check].id, checks[f->check].remedy);
    }
}

/* GONE: a line more when the user is left without anything to sign in with. */
static void put_user(struct buffer *b, struct plan *p, struct buffer *gone)
{
    struct slice user = report_raw(p->r, p->row, COL_USER);
    const char *why;
    buffer_puts(b, "\n");
    remedy_comment(b, " ---- ", user);
    put_reasons(b, p);
    if (report_value(p->r, p->row, COL_ROOT).number) {
        put_root(b, p);
        return;
    }
    if (!remedy_can_name(user, &why)) {
        buffer_printf(b, "# no command is written for this user: %s\n", why);
        return;
    }
    remedy_name(&p->name, b, user);
    put_password(b, p);
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_CERT_2; c++)
        put_credential(b, p, c);
    put_advice(b, p);
    if (leaves_nothing(p)) {
        put_delete_user(b, p);
        remedy_comment(gone, "   ", user);
    }
    buffer_free(&p->name);
}

/* CLEAN: users with nothing to mend. GONE: a line each of those whom the commands leave without a credential. */
static void put_head(struct buffer *b, const struct report *r, size_t users, size_t clean, const struct buffer *gone)
{
    char stamp[32];
    buffer_puts(b, "#!/bin/sh\n");
    buffer_printf(b, "# Remedies for %zu user%s, written by ncred %s as of %s.\n", users, users == 1 ? "" : "s",
        PACKAGE_VERSION, timestamp_format(stamp, sizeof stamp, r->as_of));
    if (clean)
        buffer_printf(b, "# %zu other%s: nothing to mend.\n", clean, clean == 1 ? "" : "s");
    if (gone->len)
        buffer_printf(b, "#\n# With all commands done these hold no credential that can be used; how to delete them is with"
            " each:\n%s", gone->data);
    buffer_puts(b,
        "#\n"
        "# To be read before any of it is run; ncred runs nothing. Strike out what is not to be done. What stands as\n"
        "# a command can be undone by the line below it; what cannot be undone is commented out. It stops at the first\n"
        "# error. An account's part runs only when the AWS CLI is signed in to that account.\n"
        "#\n"
        "# Names are data: single quotes keep the shell from expanding them.\n"
        "# shellcheck disable=SC2016\n"
        "set -eu\n"
        "\n"
        "# in_account NUMBER: whether the AWS CLI is signed in there\n"
        "in_account() {\n"
        "  signed_in=$(aws sts get-caller-identity --query=Account --output=text)\n"
        "  [ \"$signed_in\" = \"$1\" ] || { echo \"account $1 is left out: signed in to $signed_in\" >&2; return 1; }\n"
        "}\n");
}

/* The report has no key ids: the one that was made at that second is meant, and no other. */
static void put_finder(struct buffer *b, const char *name, const char *what, const char *list, const char *items,
    const char *date, const char *id)
{
    buffer_printf(b, "\n# %s USER TIME: the id of USER's %s that was made at TIME; an error unless there is just one\n"
        "%s() {\n"
        "  found=$(aws iam %s --user-name=\"$1\" --output=text \\\n"
        "    --query=\"%s[?starts_with(%s, '$2')].%s\")\n"
        "  case $found in\n"
        "    '' | None | *[!A-Za-z0-9_-]*) echo \"$1: not one %s of $2: ${found:-none}\" >&2; exit 1 ;;\n"
        "  esac\n"
        "  printf '%%s\\n' \"$found\"\n"
        "}\n", name, what, name, list, items, date, id, what);
}

/* A user with something to mend; they are known by their places among all. */
struct entry {
    struct slice account;
    uint32_t first; /* the account's first user */
    uint32_t row;
};

enum { BY_ACCOUNT, BY_FIRST };

static struct value entry_value(const void *entries, uint32_t id, int column, struct buffer *scratch)
{
    const struct entry *e = (const struct entry *)entries + id;
    (void)scratch;
    return column == BY_ACCOUNT ? (struct value){.state = STATE_VALUE, .text = e->account}
        : (struct value){.state = STATE_VALUE, .number = e->first};
}

static enum type entry_type(const void *entries, int column)
{
    (void)entries;
    return column == BY_ACCOUNT ? TYPE_TEXT : TYPE_NUMBER;
}

static bool sort_entries(const struct entry *entries, int column, uint32_t *ids, size_t n, struct cancel_token *p)
{
    struct sort_order order = {.count = 1, .keys = {{(enum column)column, false}}};
    return sort_ids(&order, &(struct sort_source){entries, entry_value, entry_type, true}, ids, n, p);
}

/* Each account's users together, all else as they stood, into IDS. False: P has ended. */
static bool group_accounts(struct entry *entries, uint32_t *ids, size_t n, struct cancel_token *p)
{
    for (size_t i = 0; i < n; i++)
        ids[i] = (uint32_t)i;
    if (!sort_entries(entries, BY_ACCOUNT, ids, n, p))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct entry *e = &entries[ids[i]], *before = &entries[ids[i ? i - 1 : 0]];
        e->first = i && slice_equal(e->account, before->account) ? before->first : ids[i];
    }
    return sort_entries(entries, BY_FIRST, ids, n, p);
}

static void open_account(struct buffer *b, struct slice account)
{
    bool known = account.len == 12;
    for (size_t i = 0; i < account.len; i++)
        known = known && account.data[i] >= '0' && account.data[i] <= '9';
    if (known)
        buffer_printf(b, "\nif in_account %.*s; then\n:\n", (int)account.len, account.data);
    else
        buffer_puts(b, "\n# The report does not say which account this is: set ACCOUNT to its number.\n"
            "if in_account \"${ACCOUNT:?}\"; then\n:\n");
}

/* What the sheet is made of. */
struct making {
    const struct report *r;
    struct entry *entries;
    uint32_t *ids; /* their order */
    size_t count;
    struct buffer body, gone;
    struct cancel_token *cancel;
};

static void find_entries(struct making *m, const uint32_t *rows, size_t count)
{
    enum { AT_ONCE = 1 << 12 };
    for (size_t i = 0; i < count && (i % AT_ONCE || !cancel_check(m->cancel)); i++) {
        if (audit_counted(m->r, rows[i]))
            m->entries[m->count++] = (struct entry){report_value(m->r, rows[i], COL_ACCOUNT).text, 0, rows[i]};
    }
}

static void put_users(struct making *m)
{
    enum { AT_ONCE = 1 << 8 };
    struct slice account = {0}; /* the one that is open, from the first user on */
    for (size_t i = 0; i < m->count && (i % AT_ONCE || !cancel_check(m->cancel)); i++) {
        const struct entry *e = &m->entries[m->ids[i]];
        struct plan p;
        bool first = i == 0 || !slice_equal(e->account, account);
        if (first && i)
            buffer_puts(&m->body, "\nfi\n");
        if (first)
            open_account(&m->body, e->account);
        account = e->account;
        make_plan(&p, m->r, e->row);
        put_user(&m->body, &p, &m->gone);
    }
    if (m->count)
        buffer_puts(&m->body, "\nfi\n");
}

/* The functions that the body calls, and the body. */
static void put_body(struct buffer *b, const struct making *m)
{
    enum { AT_ONCE = 1 << 20 };
    struct slice rest = {m->body.data, m->body.len};
    if (strstr(rest.data, "$(key_of "))
        put_finder(b, "key_of", "access key", "list-access-keys", "AccessKeyMetadata", "CreateDate", "AccessKeyId");
    if (strstr(rest.data, "$(certificate_of "))
        put_finder(b, "certificate_of", "signing certificate", "list-signing-certificates", "Certificates",
            "UploadDate", "CertificateId");
    while (rest.len && !cancel_check(m->cancel)) {
        size_t n = rest.len < AT_ONCE ? rest.len : AT_ONCE;
        buffer_add(b, rest.data, n);
        rest = (struct slice){rest.data + n, rest.len - n};
    }
}

bool remedy_sheet(struct buffer *b, const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p)
{
    struct making m = {.r = r, .entries = xcalloc(count, sizeof *m.entries), .ids = xcalloc(count, sizeof *m.ids),
        .cancel = p};
    buffer_puts(&m.body, "");
    find_entries(&m, rows, count);
    if (!cancel_is_set(p) && group_accounts(m.entries, m.ids, m.count, p))
        put_users(&m);
    if (!cancel_is_set(p)) {
        put_head(b, r, m.count, count - m.count, &m.gone);
        put_body(b, &m);
    }
    buffer_free(&m.gone);
    buffer_free(&m.body);
    free(m.entries);
    free(m.ids);
    return !cancel_is_set(p);
}

/* The one thing that settles what is found against a credential, as in the sheet; MEND_ADVISE: there is none. */
static enum check_mend settled_by(const struct plan *p, enum credential c)
{
    static const enum check_mend order[] = {MEND_STOP, MEND_REPLACE, MEND_DELETE, MEND_RESET};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (has(p, c, order[i]))
            return order[i];
    }
    return MEND_ADVISE;
}

/* "deactivate key 1, key 2, watch, delete"; false: nothing is settled so. */
static bool add_step(struct buffer *b, const struct plan *p, enum check_mend mend, const char *verb, const char *after)
{
    size_t count = 0;
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_CERT_2; c++) {
        if (settled_by(p, c) != mend)
            continue;
        buffer_puts(b, count ? ", " : b->len ? "; " : "");
        buffer_printf(b, "%s%s", count++ ? "" : verb, credential_title(c));
    }
    buffer_puts(b, count ? after : "");
    return count > 0;
}

static void add_advice(struct buffer *b, const char *text)
{
    buffer_printf(b, "%s%s", b->len ? "; " : "", text);
}

void remedy_next(struct buffer *b, const struct report *r, size_t row)
{
    struct plan p;
    make_plan(&p, r, (uint32_t)row);
    if (!counts(&p))
        return;
    const struct check *worst = &checks[p.findings[0].check];
    bool root = report_value(r, row, COL_ROOT).number;
    enum check_mend password = settled_by(&p, CREDENTIAL_PASSWORD);
    /* what is amiss with a password alone goes with it */
    bool goes = password == MEND_STOP && p.findings[0].at_fault == 1U << CREDENTIAL_PASSWORD;
    if (root || (worst->mend == MEND_ADVISE && !goes))
        add_advice(b, worst->remedy);
    if (root)
        return;
    if (password == MEND_STOP)
        add_advice(b, "remove the password");
    bool stops = add_step(b, &p, MEND_STOP, "deactivate ", ", watch, delete") || password == MEND_STOP;
    add_step(b, &p, MEND_REPLACE, "replace ", "");
    add_step(b, &p, MEND_DELETE, "delete ", "");
    if (password == MEND_RESET)
        add_advice(b, "have the password changed");
    if (stops && leaves_nothing(&p))
        add_advice(b, "then delete the user");
    if (!b->len)
        add_advice(b, worst->remedy);
}

bool remedy_save(const char *path, struct slice sheet, struct cancel_token *p, struct error *err)
{
    enum { AT_ONCE = 1 << 20 };
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, "%s: %s", path, errno == EEXIST ? "there is such a file already" : strerror(errno));
    bool ok = true;
    while (sheet.len && ok && !cancel_check(p)) {
        ssize_t n = write(fd, sheet.data, sheet.len < AT_ONCE ? sheet.len : AT_ONCE);
        ok = n >= 0 || errno == EINTR;
        if (n > 0)
            sheet = (struct slice){sheet.data + n, sheet.len - (size_t)n};
    }
    int saved = errno;
    if (close(fd) != 0 && ok) {
        saved = errno;
        ok = false;
    }
    if (ok && !cancel_is_set(p))
        return true;
    unlink(path);
    return ok ? error_set(err, "%s: given up; nothing was saved", path)
        : error_set(err, "%s: cannot be written: %s", path, strerror(saved));
}
