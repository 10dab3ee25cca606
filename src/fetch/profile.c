/*
 * INI as Python's configparser reads it, with botocore's meaning: [profile NAME] in config, [NAME] in credentials,
 * [DEFAULT] for all; "=" or ":"; a line that is indented deeper than its option continues the option's value; a value
 * that begins with a line feed is a block of settings of its own. One section, or one option of a section, that
 * stands twice is an error there, and so it is here. Two things are tolerated beyond that: a byte order mark, and
 * bytes that are not UTF-8.
 */
#include "fetch/profile.h"

#include "base/wipe.h"
#include "fetch/credentials.h"
#include "fetch/words.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4 << 20 };

/* ---- characters ---- */

static bool is_space(uint32_t c)
{
    static const struct { uint32_t from, to; } spaces[] = {{0x09, 0x0d}, {0x1c, 0x20}, {0x85, 0x85}, {0xa0, 0xa0},
        {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        if (c >= spaces[i].from && c <= spaces[i].to)
            return true;
    }
    return false;
}

/* Returns how many bytes of white space S begins with. */
static size_t leading(struct slice s)
{
    size_t at = 0;
    uint32_t c;
    while (at < s.len) {
        size_t n = utf8_decode(s.data + at, s.len - at, &c);
        if (!is_space(c))
            break;
        at += n;
    }
    return at;
}

static struct slice rest_from(struct slice s, size_t n)
{
    return (struct slice){s.data + n, s.len - n};
}

/* Returns S without white space around it. */
static struct slice stripped(struct slice s)
{
    s = rest_from(s, leading(s));
    size_t end = 0;
    uint32_t c;
    for (size_t at = 0; at < s.len;) {
        at += utf8_decode(s.data + at, s.len - at, &c);
        if (!is_space(c))
            end = at;
    }
    return (struct slice){s.data, end};
}

/* Returns how many characters of white space LINE begins with. */
static size_t indentation(struct slice line)
{
    size_t n = leading(line), count = 0;
    uint32_t c;
    if (n == line.len)
        return 0;
    for (size_t at = 0; at < n; count++)
        at += utf8_decode(line.data + at, n - at, &c);
    return count;
}

static struct slice next_profile_line(struct slice *rest)
{
    size_t n = 0;
    while (n < rest->len && rest->data[n] != '\n' && rest->data[n] != '\r')
        n++;
    struct slice line = {rest->data, n};
    if (n < rest->len)
        n += 1 + (rest->data[n] == '\r' && n + 1 < rest->len && rest->data[n + 1] == '\n');
    *rest = rest_from(*rest, n);
    return line;
}

/* ---- parsing ---- */

struct parsing {
    struct profile_file *file;
    size_t line;
    size_t indent;      /* of the last section or option, in characters */
    bool continues;     /* a line that is indented deeper continues the last option */
    struct error *err;
};

static bool wrong(struct parsing *p, const char *what)
{
    return error_set(p->err, "line %zu: %s", p->line, what);
}

static bool begin_section(struct parsing *p, struct slice line)
{
    size_t end = line.len;
    while (end && line.data[end - 1] != ']')
        end--;
    if (end < 3)
        return wrong(p, "expected [NAME] or KEY = VALUE");
    struct profile_file *f = p->file;
    f->sections = xrealloc(f->sections, f->section_count + 1, sizeof *f->sections);
    f->sections[f->section_count++] = (struct slice){line.data + 1, end - 2};
    p->continues = false;
    return true;
}

static bool begin_option(struct parsing *p, struct slice line)
{
    size_t at = 0;
    while (at < line.len && line.data[at] != '=' && line.data[at] != ':')
        at++;
    struct slice key = stripped((struct slice){line.data, at});
    if (at == line.len || !key.len)
        return wrong(p, "expected KEY = VALUE");
    struct profile_file *f = p->file;
    f->options = xrealloc(f->options, f->option_count + 1, sizeof *f->options);
    f->options[f->option_count++] = (struct profile_option){f->section_count - 1, p->line, key,
        stripped(rest_from(line, at + 1))};
    p->continues = true;
    return true;
}

/* Append LINE to the value of the last option, in place: between both there is at least the line feed for the "\n". */
static void continue_option(struct parsing *p, struct slice line)
{
    struct profile_option *o = &p->file->options[p->file->option_count - 1];
    size_t at = (size_t)(o->value.data - p->file->text.data) + o->value.len;
    p->file->text.data[at] = '\n';
    if (line.len)
        memmove(p->file->text.data + at + 1, line.data, line.len);
    o->value.len += 1 + line.len;
}

static bool parse_line(struct parsing *p, struct slice line)
{
    struct slice text = stripped(line);
    size_t indent = indentation(line);
    if (text.len && (text.data[0] == '#' || text.data[0] == ';'))
        return true;
    if (!text.len) {
        if (p->continues)
            continue_option(p, text);
        return true;
    }
    if (p->continues && indent > p->indent) {
        continue_option(p, text);
        return true;
    }
    p->indent = indent;
    const char *bracket = text.data[0] == '[' && text.len > 2 ? memchr(text.data + 2, ']', text.len - 2) : NULL;
    if (bracket)
        return begin_section(p, text);
    if (!p->file->section_count)
        return wrong(p, "expected a [SECTION] first");
    return begin_option(p, text);
}

static int by_section(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* An option and the name of its section, for sorting. */
struct named {
    struct slice section;
    const struct profile_option *option;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = slice_compare(x->section, y->section);
    return order ? order : slice_compare_nocase(x->option->key, y->option->key);
}

static bool is_for_all(struct slice section)
{
    return slice_equal(section, slice_of("DEFAULT"));
}

/* Returns false with ERR set if a section other than DEFAULT, or an option within its section, occurs twice. */
static bool check_unique(const struct profile_file *f, struct error *err)
{
    struct slice *sections = xcalloc(f->section_count + 1, sizeof *sections);
    struct named *named = xcalloc(f->option_count + 1, sizeof *named);
    bool ok = true;
    if (f->section_count)
        memcpy(sections, f->sections, f->section_count * sizeof *sections);
    for (size_t i = 0; i < f->option_count; i++)
        named[i] = (struct named){f->sections[f->options[i].section], &f->options[i]};
    qsort(sections, f->section_count, sizeof *sections, by_section);
    qsort(named, f->option_count, sizeof *named, by_name);
    for (size_t i = 1; ok && i < f->section_count; i++) {
        if (slice_compare(sections[i - 1], sections[i]) == 0 && !is_for_all(sections[i]))
            ok = error_set(err, "the section [%.*s] occurs twice", (int)(sections[i].len < 80 ? sections[i].len : 80),
                sections[i].data);
    }
    for (size_t i = 1; ok && i < f->option_count; i++) {
        const struct profile_option *o = named[i].option, *before = named[i - 1].option;
        if (by_name(&named[i - 1], &named[i]) == 0)
            ok = error_set(err, "line %zu: %.*s is set twice in its section", o->line > before->line ? o->line
                : before->line, (int)(o->key.len < 80 ? o->key.len : 80), o->key.data);
    }
    free(sections);
    free(named);
    return ok;
}

/* Cut white space off the end of O's value. If it is a block of settings, each of its lines must be one. */
static bool finish_option(struct parsing *p, struct profile_option *o)
{
    struct slice text = stripped(o->value), block = o->value;
    bool is_block = text.len && block.data[0] == '\n';
    o->value.len = text.len ? (size_t)(text.data - o->value.data) + text.len : 0;
    while (is_block && block.len) {
        struct slice line = stripped(next_profile_line(&block));
        if (line.len && !memchr(line.data, '=', line.len))
            return wrong(p, "expected KEY = VALUE in the indented lines after it");
    }
    return true;
}

bool profile_parse(struct profile_file *file, struct buffer text, struct error *err)
{
    struct parsing p = {.file = file, .err = err};
    *file = (struct profile_file){.text = text};
    struct slice rest = {text.data ? text.data : "", text.len};
    if (rest.len >= 3 && memcmp(rest.data, "\xef\xbb\xbf", 3) == 0)
        rest = rest_from(rest, 3);
    while (rest.len) {
        p.line++;
        if (!parse_line(&p, next_profile_line(&rest)))
            return false;
    }
    for (size_t i = 0; i < file->option_count; i++) {
        p.line = file->options[i].line;
        if (!finish_option(&p, &file->options[i]))
            return false;
    }
    return check_unique(file, err);
}

void profile_file_free(struct profile_file *file)
{
    wipe_buffer(&file->text);
    free(file->sections);
    free(file->options);
    *file = (struct profile_file){0};
}

/* ---- files ---- */

static bool read_whole(const char *path, struct buffer *out, struct error *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(err, "cannot read: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool ok = st.st_size <= FILE_MAX;
    /* the whole size at once: growing would leave copies of secrets behind */
    out->cap = (size_t)(ok ? st.st_size : 0) + 2;
    out->data = xcalloc(out->cap, 1);
    while (ok && out->len + 1 < out->cap) {
        ssize_t n = read(fd, out->data + out->len, out->cap - out->len - 1);
        if (n == 0)
            break;
        ok = n > 0 || errno == EINTR;
        out->len += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    return ok || error_set(err, "cannot be read, or has more than %d MB", FILE_MAX >> 20);
}

/* Append PATH with $NAME and ${NAME} replaced by environment variables, if set: os.path.expandvars(). */
static void expand_variables(struct buffer *out, const char *path)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    while (*path) {
        bool braced = path[0] == '$' && path[1] == '{';
        size_t skip = braced ? 2 : 1, n = path[0] == '$' ? strspn(path + skip, letters) : 0;
        if (braced)
            n = strcspn(path + skip, "}");
        size_t whole = skip + n + braced;
        char *name = n && (!braced || path[skip + n]) ? slice_copy((struct slice){path + skip, n}) : NULL;
        const char *value = name ? getenv(name) : NULL;
        if (value)
            buffer_puts(out, value);
        else
            buffer_putc(out, *path);
        path += value ? whole : 1;
        free(name);
    }
}

/* Append PATH with ~ or ~NAME at its start replaced by the home directory: os.path.expanduser(). */
static void expand_home(struct buffer *out, const char *path)
{
    size_t n = path[0] == '~' ? strcspn(path, "/") : 0;
    const char *home = n == 1 ? getenv("HOME") : NULL;
    const struct passwd *entry = NULL;
    if (n == 1 && !home) {
        entry = getpwuid(getuid());
    } else if (n > 1) {
        char *name = slice_copy((struct slice){path + 1, n - 1});
        entry = getpwnam(name);
        free(name);
    }
    if (entry)
        home = entry->pw_dir;
    buffer_printf(out, "%s%s", home ? home : "", path + (home ? n : 0));
}

static bool read_one(const char *variable, const char *usual, struct profile_file *file, struct error *err)
{
    const char *set = getenv(variable);
    struct buffer expanded = {0}, path = {0}, text = {0};
    struct error why;
    expand_variables(&expanded, set ? set : usual);
    buffer_puts(&expanded, "");
    expand_home(&path, expanded.data);
    bool ok = !path.len || read_whole(path.data, &text, &why);
    if (ok)
        ok = profile_parse(file, text, &why);
    else
        wipe_buffer(&text);
    if (!ok)
        error_set(err, "%s: %s", path.data, why.text);
    buffer_free(&expanded);
    buffer_free(&path);
    return ok;
}

bool profiles_read(struct profiles *p, struct error *err)
{
    *p = (struct profiles){0};
    return read_one("AWS_CONFIG_FILE", "~/.aws/config", &p->config, err)
        && read_one("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", &p->credentials, err);
}

void profiles_free(struct profiles *p)
{
    profile_file_free(&p->config);
    profile_file_free(&p->credentials);
}

/* ---- looking up ---- */

/* Whether SECTION is "KIND NAME", such as "profile prod". */
static bool is_named(struct slice section, const char *kind, const char *name)
{
    char *argv[WORDS_MAX + 1];
    size_t n = strlen(kind);
    if (section.len <= n || memcmp(section.data, kind, n) != 0)
        return false;
    char *words = xcalloc(section.len + 2, 1);
    bool same = words_split(section, words, argv) == 2 && strcmp(argv[1], name) == 0;
    free(words);
    return same;
}

static bool is_profile(struct slice section, bool credentials, const char *profile)
{
    if (is_for_all(section))
        return false;
    if (credentials || (slice_equal(section, slice_of("default")) && strcmp(profile, "default") == 0))
        return slice_equal(section, slice_of(profile));
    return is_named(section, "profile", profile);
}

/* Returns the index of the last section of PROFILE, section_count if there is none. */
static size_t profile_section(const struct profile_file *f, bool credentials, const char *profile)
{
    size_t i = f->section_count;
    while (i && !is_profile(f->sections[i - 1], credentials, profile))
        i--;
    return i ? i - 1 : f->section_count;
}

static size_t services_section(const struct profile_file *f, const char *name)
{
    size_t i = f->section_count;
    while (i && !is_named(f->sections[i - 1], "services", name))
        i--;
    return i ? i - 1 : f->section_count;
}

/* Returns the value of KEY in section number SECTION, otherwise in [DEFAULT]. */
static struct slice look_up(const struct profile_file *f, size_t section, const char *key)
{
    struct slice found = {NULL, 0};
    for (size_t i = 0; i < f->option_count && section < f->section_count; i++) {
        const struct profile_option *o = &f->options[i];
        bool own = o->section == section;
        if ((own || (!found.data && is_for_all(f->sections[o->section]))) && slice_equal_nocase(o->key, slice_of(key)))
            found = o->value;
        if (own && found.data == o->value.data)
            break;
    }
    return found;
}

bool profiles_has(const struct profiles *p, const char *profile)
{
    return profile_section(&p->config, false, profile) < p->config.section_count
        || profile_section(&p->credentials, true, profile) < p->credentials.section_count;
}

/* Returns the name of the profile that SECTION is, to be freed; NULL if it is none. */
static char *name_of_section(struct slice section, bool credentials)
{
    char *argv[WORDS_MAX + 1], *words = xcalloc(section.len + 2, 1), *name = NULL;
    if (is_for_all(section))
        name = NULL;
    else if (credentials || slice_equal(section, slice_of("default")))
        name = slice_copy(section);
    else if (words_split(section, words, argv) == 2 && strcmp(argv[0], "profile") == 0)
        name = xstrdup(argv[1]);
    free(words);
    return name;
}

/* What to call the file that variable SET names, by default USUAL. */
static const char *file_in_words(const char *set, const char *usual)
{
    return !set ? usual : *set ? set : "(no file)";
}

bool profiles_lack(const struct profiles *p, const char *name, const char *profile, struct error *err)
{
    const struct profile_file *files[] = {&p->config, &p->credentials};
    const char *config = getenv("AWS_CONFIG_FILE"), *credentials = getenv("AWS_SHARED_CREDENTIALS_FILE");
    struct nearest nearest = nearest_to(slice_of(profile));
    char **names = xcalloc(p->config.section_count + p->credentials.section_count + 1, sizeof *names);
    size_t count = 0;
    for (size_t f = 0; f < 2; f++) {
        for (size_t i = 0; i < files[f]->section_count; i++) {
            names[count] = name_of_section(files[f]->sections[i], f == 1);
            if (names[count])
                nearest_try(&nearest, names[count++]);
        }
    }
    error_set(err, "%s: there is no profile %s in %s or %s%s%s%s", name, profile,
        file_in_words(config, "~/.aws/config"), file_in_words(credentials, "~/.aws/credentials"),
        nearest.name ? "; did you mean " : "",
        nearest.name ? nearest.name : "", nearest.name ? "?" : "");
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return false;
}

struct slice profiles_get_in(const struct profiles *p, bool credentials, const char *profile, const char *key)
{
    const struct profile_file *f = credentials ? &p->credentials : &p->config;
    return look_up(f, profile_section(f, credentials, profile), key);
}

struct slice profiles_get(const struct profiles *p, const char *profile, const char *key)
{
    struct slice found = profiles_get_in(p, true, profile, key);
    return found.data ? found : profiles_get_in(p, false, profile, key);
}

bool profiles_has_services(const struct profiles *p, const char *name)
{
    return services_section(&p->config, name) < p->config.section_count;
}

struct slice profiles_service(const struct profiles *p, const char *name, const char *service, const char *key)
{
    struct slice block = look_up(&p->config, services_section(&p->config, name), service), found = {NULL, 0};
    if (!block.len || block.data[0] != '\n')
        return found;
    while (block.len) {
        struct slice line = next_profile_line(&block);
        const char *equals = line.len ? memchr(line.data, '=', line.len) : NULL;
        size_t at = equals ? (size_t)(equals - line.data) : 0;
        if (equals && slice_equal(stripped((struct slice){line.data, at}), slice_of(key)))
            found = stripped(rest_from(line, at + 1));
    }
    return found;
}

bool profiles_may_ask(const char *profile)
{
    enum { CHAIN_MAX = 8 };
    const char *usual = credentials_profile();
    struct profiles p;
    struct error err;
    bool asks = false;
    char *name = xstrdup(profile ? profile : usual ? usual : "default");
    if (profiles_read(&p, &err)) {
        for (int i = 0; i < CHAIN_MAX && *name && !asks; i++) {
            asks = profiles_get(&p, name, "mfa_serial").len || profiles_get(&p, name, "credential_process").len;
            struct slice next = profiles_get(&p, name, "source_profile");
            char *source = slice_copy((struct slice){next.data, next.len});
            free(name);
            name = source;
        }
    }
    free(name);
    profiles_free(&p);
    return asks;
}
