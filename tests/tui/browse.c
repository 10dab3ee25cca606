/* Reports for the terminal tests, and reading the table off the screen. */
#include "browse.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const long long as_of = 1781524800; /* BROWSE_AS_OF */

void browse_header(FILE *f)
{
    fputs("user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
          "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
          "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
          "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
          "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n", f);
}

/* The time DAYS before as_of, or OTHER. */
static const char *ago(int days, const char *other)
{
    static char text[4][32];
    static int next;
    if (days < 0)
        return other;
    time_t t = (time_t)(as_of - days * 86400LL);
    struct tm tm;
    gmtime_r(&t, &tm);
    next = (next + 1) % 4;
    strftime(text[next], sizeof text[next], "%Y-%m-%dT%H:%M:%SZ", &tm);
    return text[next];
}

void browse_user(FILE *f, const struct browse_user *u)
{
    bool password = u->password_age >= 0;
    fprintf(f, "\"%s\",\"arn:aws:iam::%s:user%s%s\",2020-01-01T00:00:00Z,%s,%s,%s,N/A,%s", u->name,
        u->account ? u->account : "123456789012", u->path ? u->path : "/", u->name, password ? "true" : "false",
        password ? ago(u->password_idle, "no_information") : "N/A", ago(u->password_age, "N/A"), u->mfa ? "true"
        : "false");
    for (int i = 0; i < 2; i++) {
        bool key = u->key[i].age >= 0, used = key && u->key[i].idle >= 0;
        fprintf(f, ",%s,%s,%s,%s,%s", key && !u->key[i].inactive ? "true" : "false", ago(u->key[i].age, "N/A"),
            key ? ago(u->key[i].idle, "N/A") : "N/A", used ? "us-east-1" : "N/A", used ? "iam" : "N/A");
    }
    fputs(",false,N/A,false,N/A\n", f);
}

static bool is_loaded(struct term *t, const void *unused)
{
    (void)unused;
    return term_find(t, " of ", NULL, NULL) && !term_find(t, "  loading", NULL, NULL)
        && !term_find(t, "  judging", NULL, NULL);
}

static struct term *open_text(int rows, int columns, char *text, size_t len, const char **args)
{
    const char *path = term_file("report.csv", text, len);
    free(text);
    size_t n = 0;
    while (args[n])
        n++;
    args[n] = path;
    struct term *t = term_start(&(struct term_options){.rows = rows, .columns = columns, .args = args});
    term_wait_until(t, is_loaded, NULL, "the whole report");
    return t;
}

struct term *browse_open(int rows, int columns, const struct browse_user *users, size_t count, ...)
{
    const char *args[16] = {"--as-of", BROWSE_AS_OF};
    char *text = NULL;
    size_t len = 0, n = 2;
    FILE *f = open_memstream(&text, &len);
    browse_header(f);
    for (size_t i = 0; i < count; i++)
        browse_user(f, &users[i]);
    fclose(f);
    va_list ap;
    va_start(ap, count);
    while (n < 14 && (args[n] = va_arg(ap, const char *)))
        n++;
    va_end(ap);
    return open_text(rows, columns, text, len, args);
}

struct term *browse_open_many(int rows, int columns)
{
    const char *args[16] = {"--as-of", BROWSE_AS_OF};
    char *text = NULL, name[32];
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    browse_header(f);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "user-%04d", i);
        struct browse_user u = {.name = name, .mfa = true, .password_age = 10, .password_idle = 1,
            .key = {{.age = -1}, {.age = -1}}};
        if (i % 135 == 7) /* 37 of them, and one more whose key is 90 days old to the second, which is not older */
            u.key[1].age = i == 7 + 135 * MANY_OLD_KEYS ? 90 : 91 + i;
        if (i % 4 == 2 && i / 4 < MANY_WITHOUT_MFA)
            u.mfa = false;
        browse_user(f, &u);
    }
    fclose(f);
    struct term *t = open_text(rows, columns, text, len, args);
    term_wait(t, "5,012 of 5,012");
    return t;
}

/* ---- off the screen ------------------------------------------------------- */

/* Where names stand: under this heading; -1: it is not on the screen (yet). */
static int user_column(struct term *t, int *header)
{
    int x = -1;
    return term_find(t, "USER", header, &x) ? x : -1;
}

/* Where names end: before the next heading. */
static int name_end(struct term *t, int header, int x)
{
    int width = term_columns(t);
    while (x < width && strcmp(term_cell(t, header, x).text, " ") != 0)
        x++;
    while (x < width && strcmp(term_cell(t, header, x).text, " ") == 0)
        x++;
    return x < width ? x - 1 : width;
}

/* The name in row Y, up to two blanks or the column WIDTH. */
static size_t name_at(struct term *t, int y, int x, int width, char *out, size_t size)
{
    size_t n = 0;
    for (; x < width; x++) {
        struct term_cell c = term_cell(t, y, x);
        struct term_cell after = x + 1 < width ? term_cell(t, y, x + 1) : (struct term_cell){.text = " "};
        if (strcmp(c.text, " ") == 0 && strcmp(after.text, " ") == 0)
            break;
        size_t len = strlen(c.text);
        if (n + len + 1 > size)
            break;
        memcpy(out + n, c.text, len);
        n += len;
    }
    out[n] = '\0';
    return n;
}

const char *browse_selected(struct term *t)
{
    static char name[256];
    int header = 0, x = user_column(t, &header);
    for (int y = header + 1; x >= 0 && y < term_rows(t); y++) {
        struct term_cell c = term_cell(t, y, 0);
        if (strcmp(c.text, BROWSE_CURSOR) == 0 || strcmp(c.text, ">") == 0)
            return name_at(t, y, x, name_end(t, header, x), name, sizeof name) ? name : "";
    }
    return "";
}

static bool is_selected(struct term *t, const void *name)
{
    return strcmp(browse_selected(t), name) == 0;
}

void browse_wait_selected(struct term *t, const char *name)
{
    char what[256];
    snprintf(what, sizeof what, "selected user: %s", name);
    term_wait_until(t, is_selected, name, what);
}

void browse_go(struct term *t, const char *key, const char *name)
{
    for (int i = 0; !is_selected(t, name); i++) {
        if (i == 200)
            term_fail(t, "%s does not lead to %s", key, name);
        term_keys(t, key);
        term_settle(t);
    }
}

const char *browse_names(struct term *t)
{
    static char names[16384];
    int header = 0, x = user_column(t, &header), status = 0;
    size_t n = 0;
    if (!term_find(t, "  as of ", &status, NULL))
        status = term_rows(t);
    names[0] = '\0';
    /* the row below the header may be its second line, and the one above the status says why */
    for (int y = header + 1; x >= 0 && y < status - 1 && n + 300 < sizeof names; y++) {
        struct term_cell cell = term_cell(t, y, x);
        const char *first = cell.text;
        if (strcmp(first, " ") == 0 || strcmp(first, BROWSE_ASCENDING) == 0 || strcmp(first, BROWSE_DESCENDING) == 0)
            continue;
        n += name_at(t, y, x, name_end(t, header, x), names + n, 256);
        n += (size_t)snprintf(names + n, 2, " ");
    }
    return names;
}

static bool names_are(struct term *t, const void *names)
{
    return strcmp(browse_names(t), names) == 0;
}

void browse_wait_names(struct term *t, const char *names)
{
    char what[1024];
    snprintf(what, sizeof what, "these users: %s", names);
    term_wait_until(t, names_are, names, what);
}

void browse_answer(struct term *t, const char *label, const char *text)
{
    term_wait_row(t, -2, label);
    term_keys(t, "C-u");
    term_type(t, text);
    term_keys(t, "Enter");
}

void browse_fill(struct term *t, const char *until, const char *owner, const char *reason, const char *file)
{
    const char *const fields[] = {until, owner, reason, file};
    term_wait(t, "Tab next");
    for (size_t i = 0; i < 4; i++) {
        term_keys(t, "C-u");
        term_type(t, fields[i]);
        term_keys(t, i < 3 ? "Tab" : "Enter");
    }
}

void browse_quit(struct term *t)
{
    term_type(t, ":q!\r"); /* whatever is open, and without being asked */
    assert_int_equal(term_wait_end(t), 0);
    term_assert_restored(t);
}
