/*
 * Writes the remedy sheet. Active commands are only those that the line below them can undo; commands that cannot be
 * undone are commented out. The order follows AWS's advice for access keys: deactivate, wait, delete. A plan per user
 * decides what to do. Users are first counted for the head of the sheet and then written; several threads do both.
 */
#include "audit/remedy.h"

#include "audit/finding.h"
#include "audit/remedy_priv.h"
#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/parallel.h"
#include "base/save.h"
#include "base/timestamp.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* The functions replace all but visible ASCII in what they print, because the AWS CLI's answer is untrusted, too. */
const char remedy_functions[] =
    "# complain TEXT: print TEXT on standard error, with ? for everything but printable ASCII\n"
    "complain() {\n"
    "  printf '%s' \"$1\" | LC_ALL=C tr -c ' -~' '?' >&2\n"
    "  printf '\\n' >&2\n"
    "}\n"
    "\n"
    "# in_account NUMBER [PARTITION]: whether the AWS CLI is signed in there\n"
    "in_account() {\n"
    "  signed_in=$(aws sts get-caller-identity --query=Account --output=text)\n"
    "  [ \"$signed_in\" = \"$1\" ] || { complain \"account $1 skipped: signed in to $signed_in\"; return 1; }\n"
    "  [ $# -eq 1 ] && return\n"
    "  signed_in=$(aws sts get-caller-identity --query=Arn --output=text)\n"
    "  case $signed_in in \"arn:$2:\"*) ;; *) complain \"account $1 of $2 skipped: signed in as $signed_in\"; return 1 "
    ";; esac\n"
    "}\n";

enum { IN_USE_DAYS = 7, GONE_NAMED = 100 };

/* What the sheet does about one user. */
struct plan {
    const struct report *r;
    uint32_t row;
    struct finding findings[CHECKS_MAX];
    size_t count;
    unsigned acts[CREDENTIAL_COUNT]; /* per credential, the fixes that findings ask for: one bit per enum check_fix */
    unsigned held;                   /* keys not deactivated because they may be in use: one bit per enum credential */
    bool is_undecided;               /* one of two active keys must go, but it is unclear which */
    struct buffer name;              /* owned: the word that names the user in commands, see remedy_name() */
};

/* The beginning of each finding's line, "high: title (number); ", by check and severity; harmless to print. */
struct reasons {
    struct buffer texts[CHECKS_MAX][SEVERITY_COUNT]; /* owned */
};

/* Placeholder for the user's name in a text for put_named(). */
#define NAME "\001"

/* Append TEXT with each NAME in it replaced by the name of P's user. */
static void put_named_text(struct buffer *b, const struct plan *p, struct slice text)
{
    for (const char *name; (name = memchr(text.data, NAME[0], text.len)) != NULL;) {
        size_t before = (size_t)(name - text.data);
        buffer_add(b, text.data, before);
        buffer_add(b, p->name.data, p->name.len);
        text = (struct slice){name + 1, text.len - before - 1};
    }
    buffer_add(b, text.data, text.len);
}

/* The same for a string literal. */
static inline void put_named(struct buffer *b, const struct plan *p, const char *text)
{
    put_named_text(b, p, slice_of(text));
}

static bool has(const struct plan *p, enum credential c, enum check_fix fix)
{
    return p->acts[c] >> fix & 1;
}

/*
 * Whether key C was used in the IN_USE_DAYS before the report, or may have been because its last use cannot be read.
 * The sheet never deactivates such a key; it only prints the command commented out.
 */
static bool may_be_in_use(const struct report *r, size_t row, enum credential c)
{
    struct value used = report_number(r, row, credential_columns[c].used);
    if (used.state == STATE_VALUE)
        return used.number >= r->as_of - IN_USE_DAYS * TIMESTAMP_DAY;
    return used.state == STATE_MALFORMED || used.state == STATE_ABSENT;
}

/*
 * Returns which of two active keys to deactivate: the one that has been idle longer, or the older one if both have been
 * idle equally long. Returns CREDENTIAL_COUNT if that key may be in use, if it is the newer one (which may be about to
 * replace the other), or if the dates do not decide.
 */
static enum credential lesser_key(const struct report *r, size_t row)
{
    struct value idle_1 = report_number(r, row, COL_KEY_1_IDLE), idle_2 = report_number(r, row, COL_KEY_2_IDLE);
    struct value age_1 = report_number(r, row, COL_KEY_1_AGE), age_2 = report_number(r, row, COL_KEY_2_AGE);
    bool known = idle_1.state == STATE_VALUE && idle_2.state == STATE_VALUE && age_1.state == STATE_VALUE
        && age_2.state == STATE_VALUE;
    int64_t older = known ? age_1.number - age_2.number : 0, first = known ? idle_1.number - idle_2.number : 0;
    first = first ? first : older;
    enum credential c = first > 0 ? CREDENTIAL_KEY_1 : CREDENTIAL_KEY_2;
    bool is_newer = c == CREDENTIAL_KEY_1 ? older < 0 : older > 0;
    return first && !is_newer && !may_be_in_use(r, row, c) ? c : CREDENTIAL_COUNT;
}

/* Move keys that may be in use from those to deactivate to those held, so that a person decides. */
static void hold_keys(struct plan *p)
{
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_KEY_2; c++) {
        if (has(p, c, FIX_STOP) && may_be_in_use(p->r, p->row, c)) {
            p->acts[c] &= ~(1u << FIX_STOP);
            p->held |= 1u << c;
        }
    }
}

/*
 * Fill P, which is all zero or an earlier plan, for the user at ROW. FAULTS is what audit_faults() returned for R, or
 * NULL if the caller makes a single plan. Free the plan with buffer_free(&p->name).
 */
static void make_plan(struct plan *p, const struct report *r, const struct audit_faults *faults, uint32_t row)
{
    p->r = r;
    p->row = row;
    memset(p->acts, 0, sizeof p->acts);
    p->held = 0;
    p->is_undecided = false;
    p->name.len = 0;
    p->count = faults ? finding_list_by(r, row, faults, p->findings) : finding_list(r, row, p->findings);
    bool lesser = false;
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        if (f->waiver)
            continue;
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (f->at_fault >> c & 1)
                p->acts[c] |= 1u << check_at(f->check)->fix;
        }
        lesser |= check_at(f->check)->fix == FIX_STOP_LESSER;
    }
    hold_keys(p);
    /* FIX_STOP_LESSER: deactivate one of the two keys, unless another finding deactivates one anyway. */
    if (lesser && !has(p, CREDENTIAL_KEY_1, FIX_STOP) && !has(p, CREDENTIAL_KEY_2, FIX_STOP)) {
        enum credential c = lesser_key(r, row);
        if (c < CREDENTIAL_COUNT)
            p->acts[c] |= 1u << FIX_STOP;
        p->is_undecided = c == CREDENTIAL_COUNT;
    }
}

/* Whether some finding of the plan is not waived. */
static bool has_open_finding(const struct plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!p->findings[i].waiver)
            return true;
    }
    return false;
}

/* Whether the user has no usable credential left after the sheet's active commands. False if a cell does not tell. */
static bool leaves_nothing(const struct plan *p)
{
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        enum state known = report_number(p->r, p->row, credential_columns[c].active).state;
        if (known == STATE_VALUE ? credential_is_active(p->r, p->row, c) && !has(p, c, FIX_STOP)
                                 : c < CREDENTIAL_CERT_1 || known != STATE_ABSENT)
            return false;
    }
    return true;
}

static struct reasons *make_reasons(const struct check_settings *s)
{
    struct reasons *reasons = xcalloc(1, sizeof *reasons);
    for (size_t i = 0; i < check_count(); i++) {
        for (enum severity severity = SEVERITY_NONE; severity < SEVERITY_COUNT; severity++) {
            struct buffer line = {0};
            buffer_put_all(&line, severity_name(severity), ": ");
            check_title(&line, i, s);
            if (check_has_number(check_at(i), s->benchmark)) {
                buffer_puts(&line, " (");
                check_number(&line, check_at(i), s->benchmark);
                buffer_putc(&line, ')');
            }
            buffer_puts(&line, "; ");
            text_harmless(&reasons->texts[i][severity], (struct slice){line.data, line.len}, true);
            buffer_free(&line);
        }
    }
    return reasons;
}

static void free_reasons(struct reasons *reasons)
{
    for (size_t i = 0; reasons && i < CHECKS_MAX; i++) {
        for (size_t k = 0; k < SEVERITY_COUNT; k++)
            buffer_free(&reasons->texts[i][k]);
    }
    free(reasons);
}

static void put_reasons(struct buffer *b, const struct plan *p, const struct reasons *reasons, struct buffer *scratch)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        const struct buffer *reason = &reasons->texts[f->check][f->severity];
        char until[32];
        buffer_puts(b, "#  ");
        buffer_add(b, reason->data, reason->len);
        scratch->len = 0;
        finding_evidence(scratch, p->r, f);
        if (f->waiver)
            buffer_printf(scratch, "; waived until %.10s by %s: left alone",
                timestamp_format(until, sizeof until, f->waiver->until), f->waiver->owner);
        text_harmless(b, (struct slice){scratch->data, scratch->len}, true);
        buffer_putc(b, '\n');
    }
}

/*
 * Append the line that sets $id to the id of a key or certificate, commented out unless LIVE. The report has no ids, so
 * it is found by its creation time. Returns false, with a comment appended instead, if the report does not have that
 * time.
 */
static bool put_lookup(struct buffer *b, const struct plan *p, enum credential c, bool live)
{
    struct value made = report_number(p->r, p->row, credential_columns[c].made);
    enum { DATE_AND_TIME = 19 }; /* length of YYYY-MM-DDThh:mm:ss, without the zone */
    bool key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
    char stamp[32];
    if (made.state != STATE_VALUE) {
        buffer_put_all(b, "# ", credential_title(c),
            ": the report does not show when it was created, so find its ID yourself:\n#   aws iam ",
            key ? "list-access-keys" : "list-signing-certificates", " --user-name=", p->name.data, "\n");
        return false;
    }
    buffer_puts(b, live ? "id=$(" : "#   id=$(");
    put_named(b, p, key ? "key_of " NAME " " : "certificate_of " NAME " ");
    buffer_add(b, timestamp_format(stamp, sizeof stamp, made.number), DATE_AND_TIME);
    buffer_puts(b, ")\n");
    return true;
}

static void put_status(struct buffer *b, const struct plan *p, enum credential c, const char *before,
    const char *status)
{
    bool key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
    buffer_puts(b, before);
    put_named(b, p, key ? "aws iam update-access-key --user-name=" NAME " --access-key-id=\"$id\" --status="
        : "aws iam update-signing-certificate --user-name=" NAME " --certificate-id=\"$id\" --status=");
    buffer_puts(b, status);
    buffer_putc(b, '\n');
}

static void put_delete(struct buffer *b, const struct plan *p, enum credential c)
{
    bool key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
    put_named(b, p, key ? "#   aws iam delete-access-key --user-name=" NAME " --access-key-id=\"$id\"\n"
        : "#   aws iam delete-signing-certificate --user-name=" NAME " --certificate-id=\"$id\"\n");
}

/*
 * Append commands that find the credential's id and deactivate it (commented out unless LIVE), undo that, and delete
 * it.
 */
static void put_deactivation(struct buffer *b, const struct plan *p, enum credential c, bool live)
{
    if (!put_lookup(b, p, c, live))
        return;
    put_status(b, p, c, live ? "" : "#   ", "Inactive");
    put_status(b, p, c, "#   to undo:  ", "Active");
    buffer_puts(b, "#   later, if nothing needed it:\n");
    put_delete(b, p, c);
}

static void put_stop(struct buffer *b, const struct plan *p, enum credential c)
{
    buffer_put_all(b, "# ", credential_title(c), ": deactivate\n");
    put_deactivation(b, p, c, true);
}

static void put_held(struct buffer *b, const struct plan *p, enum credential c)
{
    buffer_printf(b, "# %s may have been used within %d days: find out by whom before you deactivate it\n",
        credential_title(c), IN_USE_DAYS);
    put_deactivation(b, p, c, false);
}

static void put_replacement(struct buffer *b, const struct plan *p, enum credential c)
{
    enum credential other = c == CREDENTIAL_KEY_1 ? CREDENTIAL_KEY_2 : CREDENTIAL_KEY_1;
    buffer_put_all(b, "# ", credential_title(c), " is in use: replace it first\n");
    if (credential_exists(p->r, p->row, other))
        buffer_puts(b, "#   both key slots are in use: delete the other key before you create a new one\n");
    put_named(b, p, "#   aws iam create-access-key --user-name=" NAME "   (prints the secret, once)\n"
        "#   deploy the new key where the old one is used; then:\n");
    put_deactivation(b, p, c, false);
}

static void put_removal(struct buffer *b, const struct plan *p, enum credential c)
{
    buffer_put_all(b, "# ", credential_title(c), " is inactive: delete it; this cannot be undone\n");
    if (put_lookup(b, p, c, false))
        put_delete(b, p, c);
}

/*
 * Append the commands for a key or certificate. The first that applies settles all findings about it, as settled_by().
 */
static void put_credential(struct buffer *b, const struct plan *p, enum credential c)
{
    if (has(p, c, FIX_STOP))
        put_stop(b, p, c);
    else if (has(p, c, FIX_REPLACE))
        put_replacement(b, p, c);
    else if (p->held >> c & 1)
        put_held(b, p, c);
    else if (has(p, c, FIX_DELETE))
        put_removal(b, p, c);
}

static void put_password(struct buffer *b, const struct plan *p)
{
    if (has(p, CREDENTIAL_PASSWORD, FIX_STOP))
        put_named(b, p, "# password: delete it; AWS cannot deactivate passwords\n"
            "aws iam delete-login-profile --user-name=" NAME "\n"
            "#   to undo, with a new password:  aws iam create-login-profile --user-name=" NAME
            " --password-reset-required --password=...\n");
    else if (has(p, CREDENTIAL_PASSWORD, FIX_RESET))
        put_named(b, p, "# password: require a change at the next sign-in\n"
            "aws iam update-login-profile --user-name=" NAME " --password-reset-required\n"
            "#   to undo:  aws iam update-login-profile --user-name=" NAME " --no-password-reset-required\n");
}

/* Append a line "to do by hand" for each finding that no command fixes. */
static void put_advice(struct buffer *b, const struct plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        if (!f->waiver && check_at(f->check)->fix == FIX_ADVISE)
            buffer_put_all(b, "# to do by hand (", check_at(f->check)->id, "): ", check_at(f->check)->remedy, "\n");
        else if (!f->waiver && p->is_undecided && check_at(f->check)->fix == FIX_STOP_LESSER)
            buffer_put_all(b, "# to do by hand (", check_at(f->check)->id,
                "): both keys may be in use, or the newer one is used less, or the report does not show which is used less:"
                " move everything to one key, then deactivate the other\n");
    }
}

/* A commented-out line that deletes all of a user's keys, certificates and so on, or detaches all of its policies. */
#define BELONGINGS(list, ids, command, argument)                                                                  \
    "#   for id in $(aws iam " list " --user-name=" NAME " --output=text --query='" ids "'); do aws iam " command \
    " --user-name=" NAME " " argument "=\"$id\"; done\n"

/* Deletes a user after everything that must go first according to the reference of IAM's DeleteUser. */
static const char delete_user[] =
    "# after this the user has no usable password, key or certificate. To delete the\n"
    "# user, which cannot be undone (the report does not show SSH keys and service-specific credentials: look first):\n"
    "#   if aws iam get-login-profile --user-name=" NAME
    " >/dev/null 2>&1; then aws iam delete-login-profile --user-name=" NAME "; fi\n"
    BELONGINGS("list-access-keys", "AccessKeyMetadata[].AccessKeyId", "delete-access-key", "--access-key-id")
    BELONGINGS("list-signing-certificates", "Certificates[].CertificateId", "delete-signing-certificate",
        "--certificate-id")
    BELONGINGS("list-ssh-public-keys", "SSHPublicKeys[].SSHPublicKeyId", "delete-ssh-public-key", "--ssh-public-key-id")
    BELONGINGS("list-service-specific-credentials", "ServiceSpecificCredentials[].ServiceSpecificCredentialId",
        "delete-service-specific-credential", "--service-specific-credential-id")
    BELONGINGS("list-mfa-devices", "MFADevices[].SerialNumber", "deactivate-mfa-device", "--serial-number")
    BELONGINGS("list-user-policies", "PolicyNames[]", "delete-user-policy", "--policy-name")
    BELONGINGS("list-attached-user-policies", "AttachedPolicies[].PolicyArn", "detach-user-policy", "--policy-arn")
    BELONGINGS("list-groups-for-user", "Groups[].GroupName", "remove-user-from-group", "--group-name")
    "#   aws iam delete-user --user-name=" NAME "\n";

static void put_root(struct buffer *b, const struct plan *p)
{
    buffer_puts(b, "# signed in as root (or, for a member account, from the organization's central root access):\n");
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_KEY_2; c++) {
        struct value made = report_number(p->r, p->row, credential_columns[c].made);
        char stamp[32];
        if (!credential_exists(p->r, p->row, c))
            continue;
        buffer_put_all(b, "#   ", credential_title(c), ", created ",
            made.state == STATE_VALUE ? timestamp_format(stamp, sizeof stamp, made.number) : "at an unknown time",
            ": find its ID with  aws iam list-access-keys\n");
        if (credential_is_active(p->r, p->row, c))
            buffer_puts(b, "#   aws iam update-access-key --access-key-id=ID --status=Inactive"
                "   (to undo: --status=Active), wait, then:\n");
        buffer_puts(b, "#   aws iam delete-access-key --access-key-id=ID\n");
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct finding *f = &p->findings[i];
        if (!f->waiver && check_at(f->check)->fix != FIX_DELETE)
            buffer_put_all(b, "# to do by hand (", check_at(f->check)->id, "): ", check_at(f->check)->remedy, "\n");
    }
}

static void put_plan_of_user(struct buffer *b, struct plan *p, const struct reasons *reasons, struct buffer *scratch)
{
    struct slice user = report_raw(p->r, p->row, COL_USER);
    const char *why;
    buffer_puts(b, "\n");
    remedy_comment(b, " ---- ", user);
    put_reasons(b, p, reasons, scratch);
    if (report_number(p->r, p->row, COL_ROOT).number) {
        put_root(b, p);
        return;
    }
    if (!remedy_can_name(user, &why)) {
        buffer_put_all(b, "# no command is written for this user: ", why, "\n");
        return;
    }
    remedy_name(&p->name, b, user);
    put_password(b, p);
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_CERT_2; c++)
        put_credential(b, p, c);
    put_advice(b, p);
    if (leaves_nothing(p))
        put_named_text(b, p, (struct slice){delete_user, sizeof delete_user - 1});
}

/* Returns the fix that settles all findings about a credential, as in the sheet; FIX_ADVISE if there is none. */
static enum check_fix settled_by(const struct plan *p, enum credential c)
{
    static const enum check_fix order[] = {FIX_STOP, FIX_REPLACE, FIX_DELETE, FIX_RESET};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (has(p, c, order[i]))
            return order[i];
    }
    return FIX_ADVISE;
}

/* Counts of what the sheet does, for its head. */
struct sheet_tally {
    size_t users, clean;                   /* users with findings that count, and without */
    size_t acts[CREDENTIAL_COUNT][FIX_COUNT]; /* credentials by the fix that settles them, see settled_by() */
    size_t held, undecided, unnameable;
    size_t undated;                        /* keys and certificates that no command finds, see put_lookup() */
    size_t gone;                           /* users left without a usable credential */
    bool finds_keys, finds_certificates;   /* the sheet looks up ids of keys, of certificates */
    struct buffer gone_names;              /* owned: the names of the first GONE_NAMED users in `gone`, one per line */
};

static void put_tally(struct buffer *b, const char *what, size_t count)
{
    char number[32];
    if (count)
        buffer_put_all(b, "#   ", what, ": ", text_count(number, sizeof number, count), "\n");
}

static void put_counts(struct buffer *b, const struct sheet_tally *t)
{
    size_t stop_keys = t->acts[CREDENTIAL_KEY_1][FIX_STOP] + t->acts[CREDENTIAL_KEY_2][FIX_STOP];
    size_t replace = t->acts[CREDENTIAL_KEY_1][FIX_REPLACE] + t->acts[CREDENTIAL_KEY_2][FIX_REPLACE];
    size_t certificates = t->acts[CREDENTIAL_CERT_1][FIX_STOP] + t->acts[CREDENTIAL_CERT_2][FIX_STOP];
    size_t delete = 0;
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_CERT_2; c++)
        delete += t->acts[c][FIX_DELETE];
    buffer_puts(b, "#\n# Contents:\n");
    put_tally(b, "access keys deactivated", stop_keys);
    put_tally(b, "signing certificates deactivated", certificates);
    put_tally(b, "passwords removed", t->acts[CREDENTIAL_PASSWORD][FIX_STOP]);
    put_tally(b, "passwords to be changed at the next sign-in", t->acts[CREDENTIAL_PASSWORD][FIX_RESET]);
    put_tally(b, "access keys to be replaced first (commented out)", replace);
    put_tally(b, "inactive keys and certificates to delete (commented out)", delete);
    put_tally(b, "access keys left alone, because they may be in use (commented out)", t->held);
    put_tally(b, "keys and certificates to find yourself, because the report does not show when they were created",
        t->undated);
    put_tally(b, "users with two active keys of which neither can be chosen (to do by hand)", t->undecided);
    put_tally(b, "users whose name cannot be part of a command", t->unnameable);
    put_tally(b, "users left without a usable credential if all of it is run (commands to delete them: commented out)",
        t->gone);
    if (t->gone_names.len)
        buffer_add(b, t->gone_names.data, t->gone_names.len);
    if (t->gone > GONE_NAMED)
        buffer_printf(b, "#     and %zu more\n", t->gone - GONE_NAMED);
}

static void put_head(struct buffer *b, const struct report *r, const struct sheet_tally *t)
{
    char stamp[32];
    buffer_puts(b, "#!/bin/sh\n");
    buffer_printf(b, "# Remedies for %zu user%s, written by ncred %s as of %s.\n", t->users, t->users == 1 ? "" : "s",
        PACKAGE_VERSION, timestamp_format(stamp, sizeof stamp, r->as_of));
    if (t->clean)
        buffer_printf(b, "# %zu other%s: nothing to do.\n", t->clean, t->clean == 1 ? "" : "s");
    if (t->users)
        put_counts(b, t);
    buffer_puts(b,
        "#\n"
        "# Review every line before you run this sheet; ncred runs nothing. Delete the lines that you do not want. "
        "Every\n"
        "# active command can be undone with the line below it; irreversible commands are commented out. The sheet "
        "stops\n"
        "# at the first error. The commands of an account run only if the AWS CLI is signed in to that account.\n"
        "#\n"
        "# Names are data: single quotes keep the shell from expanding them.\n"
        "# shellcheck disable=SC2016\n"
        "set -eu\n"
        "\n");
    buffer_puts(b, remedy_functions);
}

/*
 * Append the shell function NAME, which prints the id of the user's WHAT that was made at a time given to the second.
 * It stops the sheet unless there is exactly one. The other arguments are what the AWS CLI calls things.
 */
static void put_finder(struct buffer *b, const char *name, const char *what, const char *list, const char *items,
    const char *date, const char *id)
{
    buffer_printf(b, "\n# %s USER TIME: print the ID of USER's %s created at TIME; fail unless there is exactly one\n"
        "%s() {\n"
        "  found=$(aws iam %s --user-name=\"$1\" --output=text \\\n"
        "    --query=\"%s[?starts_with(%s, '$2')].%s\")\n"
        "  case $found in\n"
        "    '' | None | *[!A-Za-z0-9_-]*) complain \"$1: expected one %s created at $2, found ${found:-none}\"; exit "
        "1 ;;\n"
        "  esac\n"
        "  printf '%%s\\n' \"$found\"\n"
        "}\n", name, what, name, list, items, date, id, what);
}

void remedy_put_key_finder(struct buffer *b)
{
    put_finder(b, "key_of", "access key", "list-access-keys", "AccessKeyMetadata", "CreateDate", "AccessKeyId");
}

/* The accounts of the users on a sheet, numbered as they first appear. */
struct account_groups {
    struct slice *names; /* owned array; the texts are borrowed from the report */
    size_t *counts;      /* owned: number of users per account; order_by_account() turns it into positions */
    size_t count;
    struct hash_index numbers;
};

static struct slice group_name(const void *groups, uint32_t number)
{
    return ((const struct account_groups *)groups)->names[number];
}

/* Returns the number of ACCOUNT, which is added if it is new. LAST, the previous user's number, is tried first. */
static uint32_t number_account(struct account_groups *g, struct slice account, uint32_t last)
{
    if (last < g->count && slice_equal(g->names[last], account))
        return last;
    uint32_t *slot = hash_index_add(&g->numbers, account, hash_text(account));
    if (!*slot) {
        g->names = xrealloc(g->names, g->count + 1, sizeof *g->names);
        g->counts = xrealloc(g->counts, g->count + 1, sizeof *g->counts);
        g->names[g->count] = account;
        g->counts[g->count++] = 0;
        *slot = (uint32_t)g->count;
    }
    return *slot - 1;
}

/* Sort the COUNT users at KEPT by account into ORDERED, stably. OF has the number of each user's account. */
static void order_by_account(struct account_groups *g, const uint32_t *kept, const uint32_t *of, size_t count,
    uint32_t *ordered)
{
    size_t first = 0;
    for (size_t i = 0; i < g->count; i++) {
        size_t users = g->counts[i];
        g->counts[i] = first;
        first += users;
    }
    for (size_t i = 0; i < count; i++)
        ordered[g->counts[of[i]]++] = kept[i];
}

static void free_groups(struct account_groups *g)
{
    free(g->names);
    free(g->counts);
    hash_index_free(&g->numbers);
}

/* Whether S looks like a partition's name: it comes from a report and goes into a command unquoted. */
static bool is_partition_name(struct slice s)
{
    size_t i = 0;
    while (i < s.len && s.data[i] && strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.data[i]))
        i++;
    return s.len && s.len < 40 && s.data[0] != '-' && i == s.len;
}

bool remedy_put_in_account(struct buffer *b, struct slice id, bool with_partition)
{
    struct slice account = arn_account_number(arn_id_number(id)), partition = arn_id_partition(id);
    if (!account.len || !is_partition_name(partition))
        return false;
    buffer_printf(b, "in_account %.*s%s%.*s", (int)account.len, account.data, with_partition ? " " : "",
        with_partition ? (int)partition.len : 0, partition.data);
    return true;
}

/*
 * Append the line that begins an account's part. WITH_PARTITION: the sheet has several partitions, so the number alone
 * does not identify the account.
 */
static void open_account(struct buffer *b, struct slice id, bool with_partition)
{
    struct buffer test = {0};
    if (remedy_put_in_account(&test, id, with_partition))
        buffer_printf(b, "\nif %s; then\n:\n", test.data);
    else
        buffer_puts(b, "\n# The report does not say which account this is: set ACCOUNT to its number.\n"
            "if in_account \"${ACCOUNT:?}\"; then\n:\n");
    buffer_free(&test);
}

/* A sheet that is being made. */
struct making {
    const struct report *r;
    uint32_t *rows;        /* owned: users with findings that count, in the order of the sheet */
    bool has_partitions;   /* some user is in another partition than aws */
    struct audit_faults faults;
    struct sheet_tally tally;
    size_t named;          /* number of names in tally.gone_names */
    pthread_mutex_t lock;  /* protects tally while several threads count */
    struct reasons *reasons; /* owned */
    bool (*emit)(void *context, struct slice piece);
    void *context;
    bool is_wanted;        /* false once emit() has returned false */
    struct cancel_token *cancel;
};

static bool sheet_goes_on(const struct making *m)
{
    return m->is_wanted && !cancel_is_set(m->cancel);
}

/* Hand over a piece of the sheet. Returns false once emit() has. */
static bool emit_sheet(void *making, struct slice piece)
{
    struct making *m = making;
    m->is_wanted = m->is_wanted && m->emit(m->context, piece);
    return m->is_wanted;
}

/* Put into m->rows those of the COUNT users at ROWS who have findings that count, sorted by account. */
static void choose_with_findings(struct making *m, const uint32_t *rows, size_t count)
{
    enum { AT_ONCE = 1 << 12 };
    uint32_t *kept = xcalloc(count, sizeof *kept), *of = xcalloc(count, sizeof *of), last = 0;
    struct account_groups groups = {.numbers = {.text = group_name, .owner = &groups}};
    size_t n = 0;
    for (size_t i = 0; i < count && (i % AT_ONCE || !cancel_check(m->cancel)); i++) {
        if (!audit_counted(m->r, rows[i]))
            continue;
        last = number_account(&groups, report_account_id(m->r, rows[i]), last);
        groups.counts[last]++;
        kept[n] = rows[i];
        of[n++] = last;
    }
    m->rows = xcalloc(n, sizeof *m->rows);
    order_by_account(&groups, kept, of, n, m->rows);
    for (size_t i = 0; i < groups.count; i++)
        m->has_partitions |= !slice_equal(arn_id_partition(groups.names[i]), slice_of("aws"));
    m->tally.users = n;
    m->tally.clean = count - n;
    free_groups(&groups);
    free(kept);
    free(of);
}

static void tally_credential(struct sheet_tally *t, const struct plan *p, enum credential c)
{
    enum check_fix fix = settled_by(p, c);
    bool is_held = p->held >> c & 1 && fix != FIX_STOP && fix != FIX_REPLACE;
    bool is_looked_up = c != CREDENTIAL_PASSWORD
        && (is_held || fix == FIX_STOP || fix == FIX_REPLACE || fix == FIX_DELETE);
    bool is_found = report_number(p->r, p->row, credential_columns[c].made).state == STATE_VALUE;
    if (is_looked_up && !is_found) {
        t->undated++;
        return;
    }
    t->held += is_held;
    t->acts[c][is_held ? FIX_ADVISE : fix]++;
    if (is_looked_up) {
        t->finds_keys |= c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
        t->finds_certificates |= c == CREDENTIAL_CERT_1 || c == CREDENTIAL_CERT_2;
    }
}

static void tally_user(struct sheet_tally *t, const struct plan *p)
{
    struct slice user = report_raw(p->r, p->row, COL_USER);
    const char *why;
    if (report_number(p->r, p->row, COL_ROOT).number)
        return;
    if (!remedy_can_name(user, &why)) {
        t->unnameable++;
        return;
    }
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        tally_credential(t, p, c);
    t->undecided += p->is_undecided;
    if (leaves_nothing(p) && t->gone++ < GONE_NAMED)
        remedy_comment(&t->gone_names, "     ", user);
}

/* Add the counts of OWN to ALL. Names are left out, because they must stay in order: see keep_names(). */
static void add_tally(struct sheet_tally *all, const struct sheet_tally *own)
{
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        for (size_t fix = 0; fix < FIX_COUNT; fix++)
            all->acts[c][fix] += own->acts[c][fix];
    }
    all->held += own->held;
    all->undecided += own->undecided;
    all->undated += own->undated;
    all->unnameable += own->unnameable;
    all->gone += own->gone;
    all->finds_keys |= own->finds_keys;
    all->finds_certificates |= own->finds_certificates;
}

/* Prefetch users that come after user I of the sheet, because their rows are scattered in memory. */
static void prefetch_users(const struct making *m, size_t i, size_t to)
{
    if (i + REPORT_CODES_AHEAD < to) {
        report_prefetch_codes(m->r, m->rows[i + REPORT_CODES_AHEAD], UINT32_MAX);
        audit_faults_prefetch(&m->faults, m->r, m->rows[i + REPORT_CODES_AHEAD]);
    }
    if (i + REPORT_TEXT_AHEAD < to) {
        report_prefetch(m->r, m->rows[i + REPORT_TEXT_AHEAD]);
        audit_faults_prefetch_bytes(&m->faults, m->rows[i + REPORT_TEXT_AHEAD]);
    }
}

/*
 * Count what the sheet does for the users FROM to TO - 1. Appends the names of users left without a credential to OUT.
 */
static size_t tally_piece(void *making, size_t from, size_t to, struct buffer *out)
{
    struct making *m = making;
    struct report_split split = {0};
    struct report view = report_view(m->r, &split);
    struct sheet_tally own = {0};
    struct plan p = {0};
    for (size_t i = from; i < to; i++) {
        prefetch_users(m, i, to);
        make_plan(&p, &view, &m->faults, m->rows[i]);
        tally_user(&own, &p);
    }
    buffer_add(out, own.gone_names.data, own.gone_names.len);
    pthread_mutex_lock(&m->lock);
    add_tally(&m->tally, &own);
    pthread_mutex_unlock(&m->lock);
    buffer_free(&own.gone_names);
    report_split_free(&split);
    return to;
}

/* Keep the first GONE_NAMED of the names that tally_piece() has appended. Called in the order of the users. */
static bool keep_names(void *making, struct slice names)
{
    struct making *m = making;
    for (const char *end; m->named < GONE_NAMED && (end = memchr(names.data, '\n', names.len)) != NULL; m->named++) {
        size_t line = (size_t)(end + 1 - names.data);
        buffer_add(&m->tally.gone_names, names.data, line);
        names = (struct slice){end + 1, names.len - line};
    }
    return true;
}

/* Append the users FROM to TO - 1. An account's first user begins its part and ends that of the account before. */
static size_t put_users(void *making, size_t from, size_t to, struct buffer *out)
{
    const struct making *m = making;
    struct report_split split = {0};
    struct report view = report_view(m->r, &split);
    struct slice account = from ? report_account_id(&view, m->rows[from - 1]) : slice_of("");
    struct plan p = {0};
    struct buffer scratch = {0};
    for (size_t i = from; i < to; i++) {
        prefetch_users(m, i, to);
        struct slice of = report_account_id(&view, m->rows[i]);
        bool first = i == 0 || !slice_equal(of, account);
        if (first && i)
            buffer_puts(out, "\nfi\n");
        if (first)
            open_account(out, of, m->has_partitions);
        account = of;
        make_plan(&p, &view, &m->faults, m->rows[i]);
        put_plan_of_user(out, &p, m->reasons, &scratch);
    }
    buffer_free(&p.name);
    buffer_free(&scratch);
    report_split_free(&split);
    return to;
}

/* Append what comes before the users: the head, and the functions that their commands call. */
static void put_before_users(const struct making *m, struct buffer *out)
{
    put_head(out, m->r, &m->tally);
    if (m->tally.finds_keys)
        remedy_put_key_finder(out);
    if (m->tally.finds_certificates)
        put_finder(out, "certificate_of", "signing certificate", "list-signing-certificates", "Certificates",
            "UploadDate", "CertificateId");
}

bool remedy_stream(const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p,
    bool (*emit)(void *context, struct slice piece), void *context)
{
    enum { USERS_AT_ONCE = 1 << 8, TALLIED_AT_ONCE = 1 << 12 };
    struct making m = {.r = r, .emit = emit, .context = context, .is_wanted = true, .cancel = p,
        .lock = PTHREAD_MUTEX_INITIALIZER, .reasons = r->audit ? make_reasons(&r->audit->settings) : NULL};
    struct buffer before = {0};
    choose_with_findings(&m, rows, count);
    if (sheet_goes_on(&m))
        m.faults = audit_faults(r, p);
    if (sheet_goes_on(&m))
        parallel_text(m.tally.users, TALLIED_AT_ONCE, tally_piece, keep_names, &m, p);
    if (sheet_goes_on(&m)) {
        put_before_users(&m, &before);
        emit_sheet(&m, (struct slice){before.data, before.len});
    }
    if (sheet_goes_on(&m))
        parallel_text(m.tally.users, USERS_AT_ONCE, put_users, emit_sheet, &m, p);
    if (sheet_goes_on(&m) && m.tally.users)
        emit_sheet(&m, slice_of("\nfi\n"));
    buffer_free(&m.tally.gone_names);
    buffer_free(&before);
    audit_faults_free(&m.faults);
    free_reasons(m.reasons);
    free(m.rows);
    return sheet_goes_on(&m);
}

static bool add_piece(void *context, struct slice piece)
{
    buffer_add(context, piece.data, piece.len);
    return true;
}

bool remedy_sheet(struct buffer *b, const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p)
{
    return remedy_stream(r, rows, count, p, add_piece, b);
}

/*
 * Append "deactivate key 1, key 2, wait, delete" for the credentials that FIX settles. Returns false if there are
 * none.
 */
static bool add_step(struct buffer *b, const struct plan *p, enum check_fix fix, const char *verb, const char *after)
{
    size_t count = 0;
    for (enum credential c = CREDENTIAL_KEY_1; c <= CREDENTIAL_CERT_2; c++) {
        if (settled_by(p, c) != fix)
            continue;
        buffer_puts(b, count ? ", " : b->len ? "; " : "");
        buffer_put_all(b, count++ ? "" : verb, credential_title(c));
    }
    buffer_puts(b, count ? after : "");
    return count > 0;
}

static void add_advice(struct buffer *b, const char *text)
{
    buffer_put_all(b, b->len ? "; " : "", text);
}

void remedy_next(struct buffer *b, const struct report *r, size_t row)
{
    struct plan p = {0};
    make_plan(&p, r, NULL, (uint32_t)row);
    if (!has_open_finding(&p))
        return;
    const struct check *worst = check_at(p.findings[0].check);
    bool root = report_number(r, row, COL_ROOT).number;
    enum check_fix password = settled_by(&p, CREDENTIAL_PASSWORD);
    /* removing the password settles a finding about the password alone */
    bool goes = password == FIX_STOP && p.findings[0].at_fault == 1U << CREDENTIAL_PASSWORD;
    if (root || (worst->fix == FIX_ADVISE && !goes))
        add_advice(b, worst->remedy);
    if (root)
        return;
    if (password == FIX_STOP)
        add_advice(b, "remove the password");
    bool stops = add_step(b, &p, FIX_STOP, "deactivate ", ", wait, delete") || password == FIX_STOP;
    add_step(b, &p, FIX_REPLACE, "replace ", "");
    add_step(b, &p, FIX_DELETE, "delete ", "");
    if (password == FIX_RESET)
        add_advice(b, "require a password change");
    if (stops && leaves_nothing(&p))
        add_advice(b, "then delete the user");
    if (!b->len)
        add_advice(b, worst->remedy);
}

bool remedy_save(const char *path, struct slice sheet, struct cancel_token *p, struct error *err)
{
    enum { AT_ONCE = 1 << 20 };
    if (!save_is_allowed(path, err))
        return false;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, "%s: %s", path, errno == EEXIST ? "the file exists" : strerror(errno));
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
    return ok ? error_set(err, "%s: cancelled; nothing was saved", path)
        : error_set(err, "%s: cannot be written: %s", path, strerror(saved));
}
