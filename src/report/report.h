/* The in-memory table: blocks of typed columns, the state of each cell, and every field's own text. */
#ifndef NCRED_REPORT_H
#define NCRED_REPORT_H

#include "base/dict.h"
#include "base/limits.h"
#include "report/extra_columns.h"
#include "report/schema.h"
#include "base/sparse.h"

/*
 * A cell that is not free text is one code: a state below CODE_TEXT, else its value. Times are seconds since 1970,
 * bools and numbers CODE_FIRST + n, words CODE_FIRST + their index in the dictionary. N/A is 0, so that the pages of
 * a column that nobody has (certificates, mostly) need not be touched.
 */
enum {
    CODE_NA, CODE_NO_INFORMATION, CODE_NOT_SUPPORTED, CODE_EMPTY, CODE_MALFORMED, CODE_ABSENT,
    CODE_TEXT = 7,  /* a value that the code cannot hold (year 2200, dictionary full): read the field */
    CODE_FIRST = 8,
};

struct accounts;
struct audit;
struct changes;
struct chronicle;

/* Of ROWS_MAX rows each has a number, and each of their credentials an id, of 32 bits; see credential_id. */
enum { BLOCKS_MAX = LIMIT(1 << 15, 1 << 6), SEGMENTS_MAX = LIMIT(1 << 16, 1 << 6) };
enum { BLOCK_BITS = SPARSE_BITS, BLOCK_ROWS = 1 << BLOCK_BITS, BLOCK_MASK = BLOCK_ROWS - 1 };
#define ROWS_MAX ((uint64_t)BLOCKS_MAX << BLOCK_BITS)
/* Rows are looked at by spans, which divide blocks. */
enum { REPORT_SPAN = LIMIT(1024, BLOCK_ROWS) };
enum { BLOCK_TIMES = 8, BLOCK_RARE_TIMES = 2, BLOCK_WORDS = 5, BLOCK_FLAGS = 4, BLOCK_RARE_FLAGS = 3 };

/* The typed columns of BLOCK_ROWS rows; never moves, so that rows can be read while others are added. */
struct report_block {
    uint64_t base[2];                           /* what start counts from: [0] as in the file, [1] decoded */
    uint32_t start[BLOCK_ROWS];                 /* where the row's text is; the top bit is the index into base */
    uint32_t time[BLOCK_TIMES][BLOCK_ROWS];
    uint16_t word[BLOCK_WORDS][BLOCK_ROWS];
    uint8_t flag[BLOCK_FLAGS][BLOCK_ROWS];
    uint64_t failed[BLOCK_ROWS];                /* one bit per check that the row fails; written by audit_run */
    struct sparse unknown;                      /* one bit per check whose outcome for the row is unknown */
    struct sparse worse;                        /* those of the checks failed that are of the worse severity */
    struct sparse rare_time[BLOCK_RARE_TIMES];  /* of certificates, which hardly anybody has */
    struct sparse rare_flag[BLOCK_RARE_FLAGS];  /* nearly always false, whose code is 0 here: see rare_code */
    struct sparse waived;                       /* those of the checks failed that a waiver holds for */
    _Atomic uint32_t unknown_columns[BLOCK_ROWS / REPORT_SPAN]; /* see report_unknown_columns */
};

/* Bytes that rows lie in: CSV without a quotation mark as it came, or decoded rows (see report_build.c). */
struct report_segment {
    uint64_t start; /* offset of data[0] in all the text */
    char *data;     /* owned */
    size_t size;    /* bytes that data holds room for */
};

/* Rows from ROW on stand on consecutive lines from LINE on, until the next mark. */
struct line_mark {
    uint32_t row;
    size_t line;
};

/* What review.c counts in each file. */
enum review_kind {
    REVIEW_NAME, REVIEW_ARN, REVIEW_NOBODY, REVIEW_ACCOUNT, REVIEW_USER_TWICE, REVIEW_ROOT_TWICE, REVIEW_FUTURE, REVIEW_KINDS
};

struct review_tally {
    size_t count;   /* rows, or for REVIEW_FUTURE times */
    uint32_t first; /* the first row of these, */
    char *what;     /* and what it has, for the message; owned; NULL: nothing */
};

/* A file that rows came from, and how its columns lie. */
struct report_file {
    char *name;                        /* owned, as given; untrusted */
    size_t *columns;                   /* position in the file -> index of report.columns */
    size_t column_count;
    size_t account;                    /* position of a column with account numbers; SIZE_MAX: none */
    size_t position[COL_REPORT_COUNT]; /* report column -> position in the file, SIZE_MAX: not there */
    uint32_t lacks;                    /* a bit for each of the report's columns that is missing */
    size_t header_line;                /* from 1 */
    bool is_kept;                      /* its rows are from an earlier report, because it could not be read again */
    uint32_t first_row;
    struct line_mark *marks;
    size_t mark_count;
    struct review_tally tallies[REVIEW_KINDS];
};

/* How far a report is reviewed, see review.h. */
struct review {
    size_t rows;           /* that were looked at */
    uint64_t *identities;  /* owned: of each of the first rows a keyed hash of its user, the lowest bit set for root; 0: unknown */
    size_t identity_count; /* that there is room for */
    bool is_passing;       /* rows that were looked at are gone */
    bool is_told;
};

/* A column as a header named it; the union over the files, in order of appearance. */
struct report_column {
    char *name;         /* owned; no other column has it; untrusted when KNOWN is COL_COUNT */
    char *header;       /* owned; as the file has it, which may have it more than once */
    size_t occurrence;  /* 1 for the first column of that name in its header, 2 for the second, ... */
    enum column known;  /* COL_COUNT: not one of the report's own, kept as text */
    uint64_t name_hash;   /* of NAME in lower case, and of the header's own text: 64 bits of a keyed hash */
    uint64_t header_hash;
};

struct problem {
    size_t file;
    size_t line;
    char *text; /* owned, harmless to print */
};

struct value;

struct report {
    struct report_block **blocks;      /* row >> BLOCK_BITS; room for BLOCKS_MAX; NULL: not made yet, or dropped */
    struct report_segment *segments;   /* by start; room for SEGMENTS_MAX */
    size_t segment_count;              /* published */
    uint64_t text_ready;               /* up to where plain text is there for good */
    size_t segments_made;              /* the loader's own: how many there are, */
    uint64_t text_end;                 /* and where the next one starts */
    size_t blocks_made;                /* those of blocks, and what they lie in */
    struct report_pool {
        struct report_block *at;       /* owned */
        size_t used, room;
    } *pools;                          /* the last one is where new ones go */
    size_t pool_count;
    struct report_block **spare;       /* of dropped rows, for new ones */
    size_t spare_count;
    struct dict accounts;              /* their ids, see arn_put_account_id(); the column `account` is the number only */
    struct dict words;                 /* regions and services */
    size_t row_count;
    struct report_file *files;
    size_t file_count;
    struct report_column *columns;
    size_t column_count;
    struct problem *problems;
    size_t problem_count;
    size_t problems_left;              /* how many more there are, */
    bool has_problems_left;            /* whether there are any, */
    size_t left_line;                  /* and which of problems says so */
    size_t account_count;              /* distinct accounts */
    bool has_text_codes;               /* some cell is CODE_TEXT */
    uint32_t latest;                   /* the code of the latest time but for passwords' next rotation, perhaps of a row that is gone */
    const struct audit *audit;         /* what was run, borrowed; NULL until audit_run */
    uint64_t checks_on;                /* the checks that are made and count, and those of each severity, as bits of failed */
    uint64_t checks_not_made;          /* the checks whose facts no file gives: unknown for all rows, and not counted as such */
    uint64_t of_severity[SEVERITY_COUNT], worse_of_severity[SEVERITY_COUNT]; /* mostly, and for rows in `worse` */
    const struct accounts *account_names; /* borrowed; NULL: none */
    const struct changes *changes;     /* what it lists the changes of; NULL: it is an ordinary report */
    const struct chronicle *chronicle; /* borrowed: what older reports tell, see history/chronicle.h; NULL: nothing */
    uint32_t *chronicle_users;         /* owned: its number of each row's user; UINT32_MAX: none */
    /* What CHRONICLE tells: since when the row's user fails CHECK, for since(ID) in queries; NULL without it. */
    struct value (*since)(const struct report *r, size_t row, size_t check);
    /* Whether an extra cell is a bound: a duration is that or more, a time is that or before; NULL: none is. */
    bool (*is_bound)(const struct report *r, size_t row, enum column column);
    struct extra_columns *extra;       /* owned: columns from elsewhere; NULL: none */
    struct review review;
    uint32_t unread;                   /* report columns, one bit each, that the loader skips; set before loading */
    int64_t as_of;                     /* "now" for every age, seconds since 1970, */
    const char *as_of_why;             /* where it comes from: "report", "file name", ..., static; NULL: nobody said */
    struct report_split *split;        /* borrowed; NULL but in views of it, see report_view() */
};

/*
 * The fields of the row that was read last, for a thread that reads many cells of one row after the other: its text is
 * then split once, and no further than to the last field that was asked for.
 *
 *     struct report_split split = {0};
 *     struct report view = report_view(r, &split);
 *     for (enum column c = 0; c < COL_REPORT_COUNT; c++)
 *         show(report_value(&view, row, c));
 *     report_split_free(&split);
 */
struct report_split {
    bool is_used;
    size_t row;
    struct slice *fields; /* owned */
    size_t count, room;   /* fields that are known, and may be */
    struct slice text;    /* the row's, and what follows it, */
    size_t block, from;   /* how much of it was looked at, and where the next field begins */
    bool is_complete;     /* all fields are known */
};

/* A cell's value: borrowed from the report. */
struct value {
    enum state state;
    int64_t number;    /* bool, time, duration (seconds), number */
    struct slice text; /* text columns; for any report column its own text */
};

/* Name, type and heading of a column of users: the schema's, or one from COL_EXTRA on. */
const struct column_info *report_column_info(const struct report *r, enum column column);
/* The column of this name, of the schema or extra, without regard to case; COL_COUNT: there is none. */
enum column report_column_find(const struct report *r, struct slice name);
/* Where the words of a column of text that has codes are: word N is that of code CODE_FIRST + N. */
struct slice report_word(const struct report *r, enum column column, uint32_t code);

/* The value of any column, derived ones included. */
struct value report_value(const struct report *r, size_t row, enum column column);
/* The same without its text, of a column that has codes: the row's text is hardly ever looked at. */
struct value report_number(const struct report *r, size_t row, enum column column);
/* The id of the row's account, see arn_put_account_id(); empty when it is unknown. */
struct slice report_account_id(const struct report *r, size_t row);
/* The field's own text, as the file had it; empty when it is not there. */
struct slice report_raw(const struct report *r, size_t row, enum column column);
/* The own text of report column INDEX (into report.columns), and whether the row has it. */
bool report_raw_at(const struct report *r, size_t row, size_t index, struct slice *text);

/* Where a row comes from: index of report.files, and the line it starts on, from 1. */
size_t report_file_of(const struct report *r, size_t row);
size_t report_line_of(const struct report *r, size_t row);
/*
 * Which of the columns OF, one bit each, are missing in a file, for its list of problems: "columns missing: mfa_active,
 * cert_*; ..." is appended to B. False: none is.
 */
bool report_tell_missing(const struct report *r, size_t file, uint32_t of, struct buffer *b);
/* How many problems there are, a file that lacks columns being one of them. */
size_t report_problem_count(const struct report *r);
/* How many fields the row really had, and field INDEX of them as the file had it. */
size_t report_field_count(const struct report *r, size_t row);
struct slice report_field(const struct report *r, size_t row, size_t index);
/* The first ROOM fields of the row in one go; how many it has, which may be more. */
size_t report_fields(const struct report *r, size_t row, struct slice *fields, size_t room);

/*
 * The text of a row that has no quotation marks, and what follows it in memory as far as that may be read: up to 64 bytes
 * behind the row may be looked at without asking where it ends. False: the row is kept in another form.
 */
bool report_plain_text(const struct report *r, size_t row, struct slice *text);
/*
 * The same for COUNT rows from FIRST on, all in one block, that lie one behind the other: STARTS[i] - *ORIGIN is
 * where row FIRST + i begins in TEXT. False: they do not.
 */
bool report_plain_rows(const struct report *r, size_t first, size_t count, struct slice *text, const uint32_t **starts,
    uint32_t *origin);
/* Whether the COUNT rows from FIRST on begin with user and arn. */
bool report_leads_with_user(const struct report *r, size_t first, size_t count);

/* The bytes that a row is kept in: its line without the line's end or, if *DECODED, its fields as the grammar gave them. */
struct slice report_row_bytes(const struct report *r, size_t row, bool *decoded);

/* The row's text will be looked at soon: begin to fetch where it starts from memory. */
void report_prefetch(const struct report *r, size_t row);
/* The same of the row's codes, and of where its text is. */
void report_prefetch_codes(const struct report *r, size_t row);
/* How many rows ahead of use that is worth while, where rows are read in another order than they lie in. */
enum { REPORT_TEXT_AHEAD = 8, REPORT_CODES_AHEAD = 16 };

/* Whether a key or certificate exists: it is active, or any date of it is there. SLOT is 1 or 2. */
bool report_key_exists(const struct report *r, size_t row, int slot);
bool report_cert_exists(const struct report *r, size_t row, int slot);

static inline const struct report_block *report_block_of(const struct report *r, size_t row)
{
    return r->blocks[row >> BLOCK_BITS];
}

/* The report columns in which some row of the span from FIRST on has a cell that is unknown: one bit per column. */
static inline uint32_t report_unknown_columns(const struct report *r, size_t first)
{
    return atomic_load_explicit(&report_block_of(r, first)->unknown_columns[(first & BLOCK_MASK) / REPORT_SPAN],
        memory_order_relaxed);
}

/* The report columns whose cells in ROW are unknown: one bit per column. */
uint32_t report_unknown_cells(const struct report *r, size_t row);

/* Whether a cell with this code is unknown: its column is missing, or its text is empty or malformed. */
static inline bool code_is_unknown(uint32_t code)
{
    return code >= CODE_EMPTY && code <= CODE_ABSENT;
}

static inline bool state_is_unknown(enum state state)
{
    return state >= STATE_EMPTY;
}

static inline enum state code_state(uint32_t code)
{
    return code < CODE_TEXT ? (enum state)(code + STATE_NA) : STATE_VALUE;
}

/* Whether report_codes knows the column: all but free text (user, arn, path, ...). */
bool report_has_codes(enum column column);
/*
 * The codes of COLUMN for COUNT rows, at most REPORT_SPAN, from FIRST on, all in one block: borrowed from it, or written
 * to SCRATCH. A duration's codes are those of the moment that it counts from.
 */
const uint32_t *report_codes(const struct report *r, size_t first, size_t count, enum column column, uint32_t *scratch);
/*
 * Whether the times and flags of two rows, which may be of two reports, have the same codes. False, too, when one of the
 * codes does not tell the value.
 */
bool report_same_codes(const struct report *a, size_t row_a, const struct report *b, size_t row_b);
/* A column's codes from row FIRST on, as many as are left of its block, where it keeps them as bytes; else NULL. */
const uint8_t *report_flags(const struct report *r, size_t first, enum column column);

/* R for one thread alone, read only, which remembers in SPLIT the fields of its last row. Both must outlive it. */
struct report report_view(const struct report *r, struct report_split *split);
void report_split_free(struct report_split *split);

void report_free(struct report *r);

#endif
