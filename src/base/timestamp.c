/*
 * Calendar arithmetic that does not use the C library, which depends on the time zone and is slower. Years are counted
 * from March, so that the leap day is the last one of a year.
 */
#include "base/timestamp.h"

#include <stdio.h>

/* Returns the days since 1970-01-01 of a proleptic Gregorian date in the years 0 to 9999. */
static inline int64_t days_from_civil(unsigned y, unsigned m, unsigned d)
{
    enum { CYCLE = 400, CYCLE_DAYS = 146097, UNTIL_1970 = 719468 };
    unsigned year = y + CYCLE - (m <= 2), month = m + (m <= 2 ? 12 : 0) - 3, century = year / 100;
    return (int64_t)(year * 365 + year / 4 - century + century / 4 + (153 * month + 2) / 5 + d - 1)
        - (CYCLE_DAYS + UNTIL_1970);
}

/* Whether T is within the years 0000 to 9999, as written times must be. A zone's offset can move a time out of them. */
static bool can_be_written(int64_t t)
{
    return t >= INT64_C(-62167219200) && t <= INT64_C(253402300799);
}

static bool digits(struct slice *s, size_t n, unsigned *out)
{
    if (s->len < n)
        return false;
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->data[i] < '0' || s->data[i] > '9')
            return false;
        v = v * 10 + (unsigned)(s->data[i] - '0');
    }
    *out = v;
    *s = (struct slice){s->data + n, s->len - n};
    return true;
}

static bool skip(struct slice *s, char c)
{
    if (s->len == 0 || s->data[0] != c)
        return false;
    *s = (struct slice){s->data + 1, s->len - 1};
    return true;
}

static inline bool is_date(unsigned y, unsigned m, unsigned d)
{
    static const unsigned char month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (m < 1 || m > 12 || d < 1 || d > month_days[m - 1])
        return false;
    return m != 2 || d != 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

static bool read_calendar_date(struct slice *s, int64_t *day)
{
    unsigned y, m, d;
    if (!digits(s, 4, &y) || !skip(s, '-') || !digits(s, 2, &m) || !skip(s, '-') || !digits(s, 2, &d))
        return false;
    if (!is_date(y, m, d))
        return false;
    *day = days_from_civil(y, m, d);
    return true;
}

/* Skip one byte if it is in SET. */
static bool skip_any(struct slice *s, const char *set)
{
    if (s->len == 0 || !s->data[0] || !strchr(set, s->data[0]))
        return false;
    *s = (struct slice){s->data + 1, s->len - 1};
    return true;
}

/* Read +hh, +hhmm or +hh:mm, with any byte of SEPARATORS in the place of the colon. */
static bool read_offset(struct slice *s, const char *separators, int64_t *offset)
{
    bool minus = s->len && s->data[0] == '-';
    unsigned h, m = 0;
    if (!skip(s, minus ? '-' : '+') || !digits(s, 2, &h) || h > 23)
        return false;
    bool separated = skip_any(s, separators);
    if ((separated || (s->len && s->data[0] >= '0' && s->data[0] <= '9')) && (!digits(s, 2, &m) || m > 59))
        return false;
    *offset = ((int64_t)h * 3600 + (int64_t)m * 60) * (minus ? -1 : 1);
    return true;
}

/* Read hh:mm or hh:mm:ss and skip a fraction of a second. */
static bool read_clock(struct slice *s, int64_t *out)
{
    unsigned h, m, sec = 0, fraction;
    if (!digits(s, 2, &h) || !skip(s, ':') || !digits(s, 2, &m) || h > 23 || m > 59)
        return false;
    if (skip(s, ':')) {
        if (!digits(s, 2, &sec) || sec > 59)
            return false;
        if (skip_any(s, ".,") && !digits(s, 1, &fraction))
            return false;
        while (digits(s, 1, &fraction))
            ;
    }
    *out = (int64_t)h * 3600 + (int64_t)m * 60 + sec;
    return true;
}

/* Read Z, UTC or GMT, an offset, both (Go writes "+0000 UTC"), or nothing, which means UTC. */
static bool read_zone(struct slice *s, int64_t *offset)
{
    static const char *const names[] = {"UTC", "GMT", "Z"};
    skip(s, ' ');
    if (s->len && (s->data[0] == '+' || s->data[0] == '-')) {
        if (!read_offset(s, ":", offset))
            return false;
        if (*offset || !skip(s, ' '))
            return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (slice_equal_nocase(*s, slice_of(names[i]))) {
            *s = (struct slice){s->data + s->len, 0};
            return true;
        }
    }
    return s->len == 0;
}

/* Read YYYYMMDDThhmmss or YYYYMMDDThhmm (ISO 8601; AWS's signatures use it). Without the T it would be a number. */
static bool read_basic_form(struct slice *s, int64_t *day, int64_t *clock)
{
    unsigned y, m, d, hour, minute, second = 0;
    struct slice rest = *s;
    if (!digits(&rest, 4, &y) || !digits(&rest, 2, &m) || !digits(&rest, 2, &d) || !skip_any(&rest, "Tt")
        || !digits(&rest, 2, &hour) || !digits(&rest, 2, &minute) || !is_date(y, m, d) || hour > 23 || minute > 59)
        return false;
    if (digits(&rest, 2, &second) && second > 59)
        return false;
    *s = rest;
    *day = days_from_civil(y, m, d);
    *clock = (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return true;
}

/* Returns TEXT without a zone's name in brackets behind an offset or Z; Java writes 2025-01-28T17:25:12Z[UTC]. */
static struct slice without_zone_name(struct slice text)
{
    size_t n = text.len;
    if (!n || text.data[n - 1] != ']')
        return text;
    while (n && text.data[n - 1] != '[')
        n--;
    bool has_z = n > 1 && (text.data[n - 2] | 0x20) == 'z';
    bool has_offset = n > 7 && (text.data[n - 7] == '+' || text.data[n - 7] == '-');
    return has_z || has_offset ? (struct slice){text.data, n - 1} : text;
}

/* Parse the forms that other tools than AWS write, see timestamp_parse(). */
__attribute__((noinline)) static bool read_other_form(struct slice text, int64_t *out)
{
    int64_t day, clock = 0, offset = 0;
    text = without_zone_name(slice_trimmed(text));
    if (read_basic_form(&text, &day, &clock)) {
        if (!read_zone(&text, &offset))
            return false;
        *out = day * TIMESTAMP_DAY + clock - offset;
        return text.len == 0 && can_be_written(*out);
    }
    if (!read_calendar_date(&text, &day))
        return false;
    if (text.len && (!skip_any(&text, "Tt ") || !read_clock(&text, &clock) || !read_zone(&text, &offset)))
        return false;
    *out = day * TIMESTAMP_DAY + clock - offset;
    return text.len == 0 && can_be_written(*out);
}

/*
 * Whether the eight bytes of *WORD match PATTERN: a digit where PATTERN has '0', otherwise the same byte. DIGITS has
 * 0xff at each '0'. *WORD becomes the digits' values and 0 in the other bytes.
 */
static bool match_word(uint64_t *word, uint64_t pattern, uint64_t digits)
{
    static const uint64_t high = UINT64_C(0x8080808080808080);
    *word ^= pattern;
    /* the additions set a byte's high bit if it is above 9, or if it is no digit and above 0 */
    uint64_t over = *word + ((UINT64_C(0x7676767676767676) & digits) | (UINT64_C(0x7f7f7f7f7f7f7f7f) & ~digits));
    return ((over | *word) & high) == 0;
}

static unsigned byte(uint64_t word, unsigned i)
{
    return (unsigned)(word >> i * 8) & 255;
}

/* Returns eight bytes as a little-endian number. Compilers make one load of this expression, but not of a loop. */
static uint64_t little_endian(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    return s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24 | (uint64_t)s[4] << 32
        | (uint64_t)s[5] << 40 | (uint64_t)s[6] << 48 | (uint64_t)s[7] << 56;
}

/* For digits in the bytes of WORD: returns in each byte the number with this digit as tens and the next one as ones. */
static uint64_t pairs(uint64_t word)
{
    return word * 10 + (word >> 8);
}

/*
 * Parse YYYY-MM-DDThh:mm:ss as three (overlapping) words of eight bytes, because a report of a million users has ten
 * million times.
 */
static bool read_seconds(const char *s, int64_t *out)
{
    uint64_t date = little_endian(s), middle = little_endian(s + 8), clock = little_endian(s + 11);
    /* the patterns "0000-00-", "00T00:00" and "00:00:00" in little-endian order */
    if (!match_word(&date, UINT64_C(0x2d30302d30303030), UINT64_C(0x00ffff00ffffffff))
        || !match_word(&middle, UINT64_C(0x30303a3030543030), UINT64_C(0xffff00ffff00ffff))
        || !match_word(&clock, UINT64_C(0x30303a30303a3030), UINT64_C(0xffff00ffff00ffff)))
        return false;
    date = pairs(date);
    middle = pairs(middle);
    clock = pairs(clock);
    unsigned y = byte(date, 0) * 100 + byte(date, 2), m = byte(date, 5), d = byte(middle, 0);
    unsigned hour = byte(clock, 0), minute = byte(clock, 3), second = byte(clock, 6);
    if (!is_date(y, m, d) || hour > 23 || minute > 59 || second > 59)
        return false;
    *out = days_from_civil(y, m, d) * TIMESTAMP_DAY + hour * 3600 + minute * 60 + second;
    return true;
}

bool timestamp_parse(struct slice text, int64_t *out)
{
    /* the two forms that AWS writes have 20 and 25 bytes */
    bool is_usual = (text.len == 20 && text.data[19] == 'Z')
        || (text.len == 25 && memcmp(text.data + 19, "+00:00", 6) == 0);
    return (is_usual && read_seconds(text.data, out)) || read_other_form(text, out);
}

bool timestamp_is_zero(int64_t t)
{
    return t == INT64_C(-62135596800);
}

bool timestamp_parse_epoch(struct slice text, int64_t *out)
{
    enum { DIGITS_MAX = 19 };
    static const char date[] = "/Date(";
    text = slice_trimmed(text);
    if (text.len > sizeof date - 1 && memcmp(text.data, date, sizeof date - 1) == 0) {
        const char *end = memchr(text.data, ')', text.len);
        text = (struct slice){text.data + sizeof date - 1, end ? (size_t)(end - text.data) - (sizeof date - 1) : 0};
        const char *zone = memchr(text.data, '+', text.len); /* in which it is shown; the number counts from UTC */
        zone = zone ? zone : memchr(text.data, '-', text.len);
        text.len = zone ? (size_t)(zone - text.data) : text.len;
    }
    uint64_t n = 0;
    size_t i = 0;
    for (; i < text.len && i < DIGITS_MAX && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        n = n * 10 + (uint64_t)(text.data[i] - '0');
    bool has_digits = i > 0;
    if (i < text.len && text.data[i] == '.') {
        for (i++; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
            ;
    }
    if (!has_digits || i < text.len)
        return false;
    /* too large for seconds (they would be after the year 5000): milliseconds, microseconds or nanoseconds */
    while (n >= UINT64_C(100000000000))
        n /= 1000;
    *out = (int64_t)n;
    return n >= UINT64_C(1000000000);
}

/* Skip ':' (or, in a date, '-') in one of the forms that occur in file names: ':', '-', '_' or %3A. */
static bool skip_name_separator(struct slice *s)
{
    static const char escaped[] = "%3a";
    if (s->len >= 3 && slice_equal_nocase((struct slice){s->data, 3}, slice_of(escaped))) {
        *s = (struct slice){s->data + 3, s->len - 3};
        return true;
    }
    return skip_any(s, "-_:");
}

/* Read the offset in a file name: +00-00, +00_00, +00:00, %2B00%3A00, or none. */
static bool read_name_offset(struct slice *s, int64_t *offset)
{
    static const char plus[] = "%2b";
    unsigned h, m;
    struct slice rest = *s;
    bool minus = false;
    if (rest.len >= 3 && slice_equal_nocase((struct slice){rest.data, 3}, slice_of(plus)))
        rest = (struct slice){rest.data + 3, rest.len - 3};
    else if (skip(&rest, '-'))
        minus = true;
    else if (!skip_any(&rest, "+ _"))
        return true; /* no offset: what follows is not part of the time */
    if (!digits(&rest, 2, &h) || (rest.len && rest.data[0] >= '0' && rest.data[0] <= '9'))
        return true;
    if (!skip_name_separator(&rest) || !digits(&rest, 2, &m))
        m = 0;
    if (h > 23 || m > 59)
        return false;
    *offset = ((int64_t)h * 3600 + (int64_t)m * 60) * (minus ? -1 : 1);
    return true;
}

/* Parse YYYY-MM-DDThh-mm-ss and an offset at the start of S. */
static bool read_name_time(struct slice s, int64_t *out)
{
    unsigned y, m, d, hour, minute, second;
    int64_t offset = 0;
    if (!digits(&s, 4, &y) || !skip_name_separator(&s) || !digits(&s, 2, &m) || !skip_name_separator(&s)
        || !digits(&s, 2, &d) || !skip_any(&s, "Tt_ ") || !digits(&s, 2, &hour) || !skip_name_separator(&s)
        || !digits(&s, 2, &minute) || !skip_name_separator(&s) || !digits(&s, 2, &second))
        return false;
    if (!is_date(y, m, d) || hour > 23 || minute > 59 || second > 59 || !read_name_offset(&s, &offset))
        return false;
    *out = days_from_civil(y, m, d) * TIMESTAMP_DAY + hour * 3600 + minute * 60 + second - offset;
    return can_be_written(*out);
}

bool timestamp_in_file_name(struct slice name, int64_t *out)
{
    static const char prefix[] = "status_reports_";
    for (size_t i = name.len; i-- > 0;) {
        struct slice s = {name.data + i, name.len - i};
        if (s.len < sizeof prefix - 1 || memcmp(s.data, prefix, sizeof prefix - 1) != 0)
            continue;
        return read_name_time((struct slice){s.data + sizeof prefix - 1, s.len - (sizeof prefix - 1)}, out);
    }
    return false;
}

/* Read hhmm, hhmmss or the same with separators at the start of S, which must not go on with a digit. */
static bool read_name_clock(struct slice s, int64_t *clock)
{
    unsigned hour, minute, second = 0;
    if (!digits(&s, 2, &hour))
        return false;
    bool is_separated = skip_name_separator(&s);
    if (!digits(&s, 2, &minute))
        return false;
    struct slice rest = s;
    if (skip_name_separator(&rest) == is_separated && digits(&rest, 2, &second))
        s = rest;
    else
        second = 0;
    *clock = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60 && !(s.len && s.data[0] >= '0' && s.data[0] <= '9');
}

/* Read YYYY-MM-DD or YYYYMMDD, and a time if one follows, at the start of S. */
static bool read_name_date(struct slice s, int64_t *out)
{
    enum { FIRST_YEAR = 2000, LAST_YEAR = 2199 }; /* so that other numbers are hardly ever taken for a date */
    unsigned y, m, d, ignored;
    int64_t clock;
    if (!digits(&s, 4, &y) || y < FIRST_YEAR || y > LAST_YEAR)
        return false;
    bool is_separated = skip_any(&s, "-_.");
    if (!digits(&s, 2, &m) || skip_any(&s, "-_.") != is_separated || !digits(&s, 2, &d) || !is_date(y, m, d))
        return false;
    *out = days_from_civil(y, m, d) * TIMESTAMP_DAY;
    struct slice six = s, one = s, rest = s;
    bool has_clock = (skip_any(&rest, "Tt_- ") || digits(&six, 6, &ignored)) && read_name_clock(rest, &clock);
    if (has_clock)
        *out += clock;
    return has_clock || !digits(&one, 1, &ignored);
}

bool timestamp_date_in_file_name(struct slice name, int64_t *out)
{
    for (size_t i = name.len; i-- > 0 && name.data[i] != '/';) {
        bool is_start = i == 0 || name.data[i - 1] < '0' || name.data[i - 1] > '9';
        if (is_start && read_name_date((struct slice){name.data + i, name.len - i}, out))
            return true;
    }
    return false;
}

/* Write the two digits of N, which must be below 100. */
static void put_pair(char *out, unsigned n)
{
    static const char pairs_of_digits[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    memcpy(out, pairs_of_digits + 2 * (size_t)n, 2);
}

struct civil {
    unsigned year, month, day;
};

/* Returns the date that is DAYS days after 0000-03-01. */
static struct civil civil_from_days(unsigned days)
{
    enum { CYCLE_DAYS = 146097, CYCLE_YEARS = 400 };
    unsigned cycle = days / CYCLE_DAYS, of_cycle = days % CYCLE_DAYS;
    unsigned year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
    unsigned of_year = of_cycle - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    year += cycle * CYCLE_YEARS + (month >= 10);
    return (struct civil){year, month < 10 ? month + 3 : month - 9, of_year - (153 * month + 2) / 5 + 1};
}

void timestamp_write(char out[TIMESTAMP_LENGTH], int64_t t)
{
    /*
     * 0000-01-01 is before 0000-03-01, so add a cycle of 400 years to keep the number positive, and subtract it later
     */
    enum { CYCLE_DAYS = 146097, CYCLE_YEARS = 400, UNTIL_1970 = 719468 };
    uint64_t since = (uint64_t)(t + (UNTIL_1970 + CYCLE_DAYS) * TIMESTAMP_DAY);
    unsigned days = (unsigned)(since / (uint64_t)TIMESTAMP_DAY), second = (unsigned)(since % (uint64_t)TIMESTAMP_DAY);
    struct civil c = civil_from_days(days);
    memcpy(out, "0000-00-00T00:00:00Z", TIMESTAMP_LENGTH);
    put_pair(out, (c.year - CYCLE_YEARS) / 100);
    put_pair(out + 2, (c.year - CYCLE_YEARS) % 100);
    put_pair(out + 5, c.month);
    put_pair(out + 8, c.day);
    put_pair(out + 11, second / 3600);
    put_pair(out + 14, second / 60 % 60);
    put_pair(out + 17, second % 60);
}

const char *timestamp_format(char *out, size_t size, int64_t t)
{
    char text[TIMESTAMP_LENGTH];
    if (!size)
        return out;
    if (can_be_written(t))
        timestamp_write(text, t);
    else
        memcpy(text, t < 0 ? "0000-01-01T00:00:00Z" : "9999-12-31T23:59:59Z", sizeof text);
    size_t n = size - 1 < sizeof text ? size - 1 : sizeof text;
    memcpy(out, text, n);
    out[n] = '\0';
    return out;
}

bool duration_parse(struct slice text, int64_t *seconds)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", TIMESTAMP_DAY}, {"w", 7 * TIMESTAMP_DAY},
        {"mo", 30 * TIMESTAMP_DAY}, {"y", 365 * TIMESTAMP_DAY}};
    size_t i = 0;
    int64_t n = 0;
    for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
        n = n * 10 + (text.data[i] - '0');
        if (n > 10000000000)
            return false;
    }
    struct slice rest = {text.data + i, text.len - i};
    for (size_t u = 0; i && u < sizeof units / sizeof units[0]; u++) {
        if (slice_equal_nocase(rest, slice_of(units[u].unit))) {
            *seconds = n * units[u].seconds;
            return true;
        }
    }
    return false;
}

bool duration_parse_named(struct slice text, int64_t *seconds)
{
    static const char *const names[][3] = {{"second", "sec", "s"}, {"minute", "min", "m"}, {"hour", "hr", "h"},
        {"day", "d", "d"}, {"week", "wk", "w"}, {"month", "mon", "mo"}, {"year", "yr", "y"}};
    char plain[32];
    size_t digits = 0;
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    struct slice unit = slice_trimmed((struct slice){text.data + digits, text.len - digits});
    if (!digits || digits > 16 || !unit.len)
        return false;
    struct slice singular = unit;
    if (unit.len > 2 && (unit.data[unit.len - 1] | 0x20) == 's')
        singular.len--;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t k = 0; k < 2; k++) {
            if (slice_equal_nocase(singular, slice_of(names[i][k])))
                unit = slice_of(names[i][2]);
        }
    }
    if (unit.len > 8)
        return false;
    snprintf(plain, sizeof plain, "%.*s%.*s", (int)digits, text.data, (int)unit.len, unit.data);
    return duration_parse(slice_of(plain), seconds);
}

int64_t duration_days(int64_t seconds)
{
    return seconds / TIMESTAMP_DAY;
}

void duration_words(struct buffer *b, int64_t seconds)
{
    enum { HOUR = 3600 };
    seconds = seconds < 0 ? -seconds : seconds;
    bool is_short = seconds < 2 * TIMESTAMP_DAY;
    int64_t n = is_short ? seconds / HOUR : duration_days(seconds);
    if (seconds < HOUR) {
        buffer_puts(b, "less than 1 hour");
        return;
    }
    buffer_count(b, (uint64_t)n);
    if (is_short)
        buffer_puts(b, n == 1 ? " hour" : " hours");
    else
        buffer_puts(b, " days"); /* two at least */
}
