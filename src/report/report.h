/*
 * The report in memory: a table of typed columns with one row per user. Each cell has a code (a value or a state such
 * as N/A), and the text of every field as its file has it. report_memory.h draws the layout.
 *
 *     struct value v = report_value(r, row, COL_KEY_1_LAST_USED_DATE);
 *     if (v.state == STATE_VALUE)
 *         printf("%lld", (long long)v.number);
 *
 * Rows never move: threads may read published rows (below row_count) while the loader adds others. Names of columns,
 * files and all texts come from files and are untrusted.
 */
#ifndef NCRED_REPORT_H
#define NCRED_REPORT_H

#include "base/dict.h"
#include "base/limits.h"
#include "report/extra_columns.h"
#include "report/schema.h"
#include "base/sparse.h"

/*
 * A cell that is not free text has one code. Codes below CODE_TEXT are states; from CODE_FIRST on they are values:
 * times in seconds since 1970, bools and numbers as CODE_FIRST + n, words as CODE_FIRST + their index in the
 * dictionary. N/A is 0 so that memory of columns that nobody has (mostly certificates) need not be written.
 */
enum {
    CODE_NA, CODE_NO_INFORMATION, CODE_NOT_SUPPORTED, CODE_EMPTY, CODE_MALFORMED, CODE_ABSENT,
    CODE_TEXT = 7,  /* a value that a code cannot hold (year 2200, dictionary full): parse the field's text */
    CODE_FIRST = 8,
};

struct accounts;
struct audit;
struct changes;
struct chronicle;

/* ROWS_MAX is so small that a row's number and each of its credentials' ids have 32 bits; see credential_id(). */
enum { BLOCKS_MAX = LIMIT(1 << 15, 1 << 6), SEGMENTS_MAX = LIMIT(1 << 16, 1 << 6) };
enum { BLOCK_BITS = SPARSE_BITS, BLOCK_ROWS = 1 << BLOCK_BITS, BLOCK_MASK = BLOCK_ROWS - 1 };
#define ROWS_MAX ((uint64_t)BLOCKS_MAX << BLOCK_BITS)
/* The number of rows that are processed at once. A block consists of whole spans. */
enum { REPORT_SPAN = LIMIT(1024, BLOCK_ROWS) };
enum { BLOCK_TIMES = 8, BLOCK_RARE_TIMES = 2, BLOCK_WORDS = 5, BLOCK_FLAGS = 4, BLOCK_RARE_FLAGS = 3 };

/* A set of checks for each row of a block. 32 bits hold the built-in checks and some rules; few people have more. */
struct check_sets {
    uint32_t first[BLOCK_ROWS]; /* one bit per check below CHECKS_FIRST */
    struct sparse others;       /* one bit per check from there on */
    _Atomic bool has_others;    /* whether OTHERS has ever held any; mostly not, and then it need not be looked at */
};

enum { CHECKS_FIRST = 32 };

static inline uint64_t check_sets_get(const struct check_sets *s, size_t row)
{
    bool has_others = atomic_load_explicit(&s->has_others, memory_order_relaxed);
    return s->first[row] | (has_others ? sparse_get(&s->others, row) << CHECKS_FIRST : 0);
}

static inline void check_sets_prefetch(const struct check_sets *s, size_t row)
{
    __builtin_prefetch(&s->first[row]);
    if (atomic_load_explicit(&s->has_others, memory_order_relaxed))
        sparse_prefetch(&s->others, row);
}

/* The typed columns of BLOCK_ROWS rows. Never moves. */
struct report_block {
    uint64_t base[2];                           /* offset from which start counts: [0] plain rows, [1] decoded rows */
    uint32_t start[BLOCK_ROWS];                 /* offset of the row's text from base[top bit of start] */
    uint32_t time[BLOCK_TIMES][BLOCK_ROWS];
    uint16_t word[BLOCK_WORDS][BLOCK_ROWS];
    uint8_t flag[BLOCK_FLAGS][BLOCK_ROWS];
    struct check_sets failed;                   /* the checks that the row fails; written by audit_run */
    struct sparse unknown;                      /* one bit per check whose outcome for the row is unknown */
    struct sparse worse;                        /* of the failed checks, those with the worse severity */
    struct sparse rare_time[BLOCK_RARE_TIMES];  /* times of certificates, which hardly anybody has */
    struct sparse rare_flag[BLOCK_RARE_FLAGS];  /* flags that are nearly always false, coded by rare_code() */
    struct sparse waived;                       /* of the failed checks, those that a waiver covers */
    _Atomic uint32_t unknown_columns[BLOCK_ROWS / REPORT_SPAN]; /* see report_unknown_columns */
};

/*
 * A piece of memory with the texts of rows: CSV without quotation marks as it came, or decoded rows (see
 * report_decoded_write()).
 */
struct report_segment {
    uint64_t start; /* offset of data[0]; offsets count through all segments */
    char *data;     /* owned */
    size_t size;    /* of data, in bytes */
};

/* Rows from `row` on, up to the next mark, are on consecutive lines of the file from `line` on. */
struct line_mark {
    uint32_t row;
    size_t line;
};

/* The oddities that review.c counts in each file. */
enum review_kind {
    REVIEW_NAME, REVIEW_ARN, REVIEW_NOBODY, REVIEW_ACCOUNT, REVIEW_USER_TWICE, REVIEW_ROOT_TWICE, REVIEW_FUTURE,
    REVIEW_KINDS
};

struct review_tally {
    size_t count;   /* number of such rows; for REVIEW_FUTURE, of such times */
    uint32_t first; /* the first such row */
    char *what;     /* owned: what is odd in that row, for the message; NULL if count is 0 */
};

/* A file that rows came from, and where its columns are. */
struct report_file {
    char *name;                        /* owned: the path as given; untrusted */
    size_t *columns;                   /* owned: for each position in the file the index into report.columns */
    size_t column_count;
    size_t account;                    /* position of a column with account numbers, or SIZE_MAX */
    size_t position[COL_REPORT_COUNT]; /* position of each report column in the file, or SIZE_MAX */
    uint32_t lacks;                    /* report columns that are missing, one bit each */
    size_t header_line;                /* from 1 */
    bool has_unreadable_time;          /* it was reported that a row's time of the report cannot be read */
    bool is_kept;                      /* its rows are from an earlier report, because it could not be read again */
    uint32_t first_row;
    struct line_mark *marks;           /* owned */
    size_t mark_count;
    struct review_tally tallies[REVIEW_KINDS];
};

/* Progress of the review, see review.h. */
struct review {
    size_t rows;           /* number of rows reviewed */
    uint64_t *identities;  /* owned: of each of the first rows a keyed hash of its user, or 0; bit 0 tells root */
    size_t identity_count; /* elements that identities has room for */
    bool is_passing;       /* reviewed rows may have been dropped since */
    bool is_done;          /* review_tell() was called */
};

/* A column of the report: the union over all files, in order of appearance. */
struct report_column {
    char *name;         /* owned: unique among the report's columns; untrusted if known is COL_COUNT */
    char *header;       /* owned: the name as the file has it, perhaps several times */
    size_t occurrence;  /* 1 for the first column of that name in its header, 2 for the second, ... */
    enum column known;  /* the report column that it is; COL_COUNT for others, which are kept as text */
    uint64_t name_hash;   /* keyed hash of name in lower case */
    uint64_t header_hash; /* keyed hash of header */
};

struct problem {
    size_t file;
    size_t line;
    char *text; /* owned; harmless to print */
};

/*
 * What the reading thread adds to while other threads read published rows. It is apart from struct report because those
 * copy that, see report_view().
 */
struct report_memory {
    size_t segments_made;              /* segments made so far */
    uint64_t text_end;                 /* offset at which the next segment starts */
    size_t blocks_made;                /* blocks made so far */
    struct report_pool {
        struct report_block *at;       /* owned */
        size_t used, room;
    } *pools;                          /* owned: memory of the blocks; new ones come from the last pool */
    size_t pool_count;
    struct report_block **spare;       /* owned: blocks of dropped rows, for reuse */
    size_t spare_count;
    struct dict accounts;              /* account ids, see arn_put_account_id(); column `account` is only the number */
    struct dict words;                 /* regions and services */
};

struct value;

struct report {
    /* Memory. What is published may be read by any thread. */
    struct report_block **blocks;      /* owned: BLOCKS_MAX, by row >> BLOCK_BITS; NULL if not made or dropped */
    struct report_segment *segments;   /* owned: in the order of their starts, SEGMENTS_MAX elements */
    size_t segment_count;              /* segments that are published */
    uint64_t text_ready;               /* end of the text that is published */
    struct report_memory *memory;      /* owned: what the loader makes, at a fixed place; NULL before report_init() */
    size_t row_count;                  /* rows that are published */
    /* Files, columns, problems. All owned. */
    struct report_file *files;
    size_t file_count;
    struct report_column *columns;
    size_t column_count;
    struct problem *problems;
    size_t problem_count;
    size_t problems_left;              /* number of further problems that are not listed */
    bool has_problems_left;            /* the list has a line about them */
    size_t left_line;                  /* index of that line in problems */
    size_t account_count;              /* number of distinct accounts */
    bool has_text_codes;               /* some cell has CODE_TEXT */
    uint32_t latest;                   /* greatest time code but for password_next_rotation; its row may be gone */
    int64_t generated;                 /* latest time in columns such as generated_time (seconds since 1970), or 0 */
    /* Results of the checks, see audit/audit.h. A bit per check. */
    const struct audit *audit;         /* borrowed: the audit that judged the report; NULL until audit_run() */
    uint64_t checks_on;                /* checks that are made and on */
    uint64_t checks_not_made;          /* checks whose column of --details no file has: unknown for all rows */
    uint64_t of_severity[SEVERITY_COUNT], worse_of_severity[SEVERITY_COUNT]; /* by the severity, by the worse one */
    /* Things that other modules add. */
    const struct accounts *account_names; /* borrowed, or NULL */
    const struct changes *changes;     /* borrowed: the changes that the rows list; NULL for an ordinary report */
    const struct chronicle *chronicle; /* borrowed: the history, see history/chronicle.h, or NULL */
    uint32_t *chronicle_users;         /* owned: number of each row's user in the chronicle, or UINT32_MAX */
    /* Returns since when the row's user has failed CHECK according to chronicle, for since(ID) in queries; or NULL. */
    struct value (*since)(const struct report *r, size_t row, size_t check);
    /* Whether an extra cell is a bound: the duration is that or more, the time is that or earlier. NULL if none is. */
    bool (*is_bound)(const struct report *r, size_t row, enum column column);
    struct extra_columns *extra;       /* owned: columns from elsewhere, or NULL */
    bool has_stale_times;              /* filling those of history/time_columns.h again was cancelled and is due */
    struct review review;
    uint32_t unread;                   /* report columns that the loader skips, one bit each; set before loading */
    int64_t as_of;                     /* "now" for every age, in seconds since 1970 */
    const char *as_of_why;             /* static: where as_of comes from ("report", "file name", ...), or NULL */
    struct report_split *split;        /* borrowed: in views only, see report_view(); otherwise NULL */
};

/*
 * The fields of the row that was read last. For a thread that reads several cells of a row before the next row: the
 * row's text is split only once, and only up to the last field that was asked for.
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
    /* false for a decoded row, which needs no splitting: the following fields are then undefined */
    bool is_plain;
    struct slice text;    /* the row's text, and what follows it in memory */
    size_t block;         /* offset in text of the next bytes to search */
    size_t *ends;         /* owned: offsets in text where fields end; the next field begins one byte behind */
    size_t count, room;   /* fields known, and elements of `ends` */
    bool is_complete;     /* all fields of the row are known */
};

/* A cell's value. Texts are borrowed from the report. */
struct value {
    enum state state;
    int64_t number;    /* bool, time (seconds since 1970), duration (seconds), number */
    struct slice text; /* of columns of text, and of every report column as the file has it */
};

/* Returns name, type and heading of a user's column, of the schema or extra. Borrowed. */
const struct column_info *report_column_info(const struct report *r, enum column column);
/* Returns the column of this name, of the schema or extra, ignoring case; COL_COUNT if there is none. */
enum column report_column_find(const struct report *r, struct slice name);
/*
 * Returns the words of a column with codes: those of COL_ACCOUNT are account ids, see arn_put_account_id(). NULL if R
 * is all zero.
 */
const struct dict *report_words(const struct report *r, enum column column);
/* Returns the word that CODE, from CODE_FIRST on, stands for in a column of text with codes. */
struct slice report_word(const struct report *r, enum column column, uint32_t code);

/* Returns the value of any column, derived ones included. */
struct value report_value(const struct report *r, size_t row, enum column column);
/* The same without the text, for a column with codes: faster, because it hardly ever looks at the row's text. */
struct value report_number(const struct report *r, size_t row, enum column column);
/* Returns the id of the row's account, see arn_put_account_id(); empty if it is unknown. */
struct slice report_account_id(const struct report *r, size_t row);
/*
 * Returns the field's text as the file has it, but user and ARN without the white space around them, which no name
 * in IAM has; empty if there is none. A missing user name is taken from the ARN.
 */
struct slice report_raw(const struct report *r, size_t row, enum column column);
/* The same with that white space, for files that repeat the report. */
struct slice report_as_written(const struct report *r, size_t row, enum column column);
/*
 * Set *TEXT to the row's field in column INDEX of r->columns. Returns false, with an empty text, if the row has none.
 */
bool report_raw_at(const struct report *r, size_t row, size_t index, struct slice *text);

/* Return where a row comes from: its index in r->files, and the line on which it starts, from 1. */
size_t report_file_of(const struct report *r, size_t row);
size_t report_line_of(const struct report *r, size_t row);
/*
 * Append to B which of the columns OF, one bit each, the file lacks: "columns missing: mfa_active, cert_*; ...".
 * Returns false, with nothing appended, if none is missing.
 */
bool report_tell_missing(const struct report *r, size_t file, uint32_t of, struct buffer *b);
/* Returns the number of listed problems plus the number of files that lack columns. */
size_t report_problem_count(const struct report *r);
/* Return the number of fields that the row has in its file, and the text of field INDEX (empty if there is none). */
size_t report_field_count(const struct report *r, size_t row);
struct slice report_field(const struct report *r, size_t row, size_t index);
/* Whether the text of the last file, as far as it was read, ends with a newline or carriage return. */
bool report_ends_with_line(const struct report *r);
/* Put the first ROOM fields of the row into FIELDS and return how many it has, which may be more. */
size_t report_fields(const struct report *r, size_t row, struct slice *fields, size_t room);

/*
 * Set *TEXT to the fields FIRST to LAST of the row with the commas between them, as its file has them. Returns false if
 * R is not from report_view(), if the row is decoded (it has quotation marks in its file), or if it has fewer fields.
 */
bool report_field_span(const struct report *r, size_t row, size_t first, size_t last, struct slice *text);

/*
 * Set *TEXT to a plain row (one without quotation marks) and what follows it, as far as that may be read. The row ends
 * at the first newline or carriage return, or with TEXT. Within TEXT, up to 64 bytes behind the row may be read, for
 * searches that look at many bytes at once. Returns false if the row is decoded.
 */
bool report_plain_text(const struct report *r, size_t row, struct slice *text);
/*
 * The same for COUNT rows from FIRST on, all in one block: row FIRST + i begins at (*STARTS)[i] - *ORIGIN in TEXT.
 * Returns false unless all of them are plain and lie one behind the other.
 */
bool report_plain_rows(const struct report *r, size_t first, size_t count, struct slice *text, const uint32_t **starts,
    uint32_t *origin);
/* Whether user and arn are the first two fields of the COUNT rows from FIRST on. */
bool report_leads_with_user(const struct report *r, size_t first, size_t count);

/*
 * Returns the bytes that hold the row: its line without the line's end, or if *DECODED the form of
 * report_decoded_write().
 */
struct slice report_row_bytes(const struct report *r, size_t row, bool *decoded);

/* Prefetch into the cache the beginning of the row's text. */
void report_prefetch(const struct report *r, size_t row);
/* The same for rows of which only user and ARN are read. */
void report_prefetch_identity(const struct report *r, size_t row);
/*
 * Prefetch the offset of the row's text and its codes in COLUMNS, one bit each of report columns and COL_ACCOUNT. Each
 * column takes a line of the cache, so name only those that are needed.
 */
void report_prefetch_codes(const struct report *r, size_t row, uint32_t columns);
/* How many rows ahead of their use to prefetch when rows are read in another order than they lie in memory. */
enum { REPORT_TEXT_AHEAD = 8, REPORT_CODES_AHEAD = 16 };

/* Whether the user has a key or certificate in SLOT, 1 or 2: it is active, or one of its dates is there. */
bool report_key_exists(const struct report *r, size_t row, int slot);
bool report_cert_exists(const struct report *r, size_t row, int slot);

/* Returns the block of ROW, in whose arrays the row has index ROW & BLOCK_MASK. */
static inline const struct report_block *report_block_of(const struct report *r, size_t row)
{
    return r->blocks[row >> BLOCK_BITS];
}

/* Returns the report columns, one bit each, in which some row of the span that contains FIRST has an unknown cell. */
static inline uint32_t report_unknown_columns(const struct report *r, size_t first)
{
    return atomic_load_explicit(&report_block_of(r, first)->unknown_columns[(first & BLOCK_MASK) / REPORT_SPAN],
        memory_order_relaxed);
}

/* Returns the report columns, one bit each, whose cells in ROW are unknown. */
uint32_t report_unknown_cells(const struct report *r, size_t row);

/* Whether a cell with this code is unknown: its column is missing, or its text is empty or malformed. */
static inline bool code_is_unknown(uint32_t code)
{
    return code >= CODE_EMPTY && code <= CODE_ABSENT;
}

/* The same for a state. */
static inline bool state_is_unknown(enum state state)
{
    return state >= STATE_EMPTY;
}

/* Returns the state of a cell with this code. */
static inline enum state code_state(uint32_t code)
{
    return code < CODE_TEXT ? (enum state)(code + STATE_NA) : STATE_VALUE;
}

/* Whether the column has codes: all but free text (user, arn, path, ...). */
bool report_has_codes(enum column column);
/*
 * Returns the codes of COLUMN for COUNT rows (at most REPORT_SPAN) from FIRST on, all in one block: borrowed from the
 * block or written to SCRATCH. The code of a duration is that of the time from which it counts.
 */
const uint32_t *report_codes(const struct report *r, size_t first, size_t count, enum column column, uint32_t *scratch);
/* The same for one row: returns its code. */
uint32_t report_code(const struct report *r, size_t row, enum column column);
/*
 * Whether two rows, perhaps of two reports, have the same codes in all times and flags. Also false if a time has
 * CODE_TEXT, which does not tell the value.
 */
bool report_same_codes(const struct report *a, size_t row_a, const struct report *b, size_t row_b);
/* Returns the codes of COLUMN from row FIRST to the end of its block if they are kept as bytes; otherwise NULL. */
const uint8_t *report_flags(const struct report *r, size_t first, enum column column);

/*
 * Returns a read-only copy of R for a single thread, which keeps in SPLIT the fields of the row read last. R and SPLIT
 * must outlive it. Only SPLIT needs freeing.
 */
struct report report_view(const struct report *r, struct report_split *split);
void report_split_free(struct report_split *split);

/* Free all that R owns. R is all zero afterwards and can be filled again. */
void report_free(struct report *r);
/* The same, but keep the memory of the rows for the next filling, which makes reading many small reports faster. */
void report_clear(struct report *r);

#endif
