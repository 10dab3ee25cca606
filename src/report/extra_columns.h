/*
 * Extra columns of a report: from a joined table, authorization details, history, and those of the report's own columns
 * that ncred does not know. They are columns like any other in queries, sorting, --columns, exports and on screen.
 * Their numbers begin at COL_EXTRA.
 *
 *     size_t team = extra_columns_add(x, &(struct extra_description){.name = "team", .source = "owners.csv"});
 *     extra_columns_set(x, team, row, extra_columns_text(x, slice_of("Mobile")));
 *     report_value(r, row, (enum column)(COL_EXTRA + team))
 *
 *     list[team].codes:  | code of row 0 | code of row 1 | ...     codes as in report.h; CODE_ABSENT if not set
 *     words:             | word 0 | word 1 | ...                   text has code CODE_FIRST + the word's number
 */
#ifndef NCRED_EXTRA_COLUMNS_H
#define NCRED_EXTRA_COLUMNS_H

#include "base/hash_index.h"
#include "base/limits.h"
#include "report/schema.h"

/* Greater than all other numbers of columns: of the schema, of credentials, and of a file's own (COLUMN_SETS_RAW). */
enum { COL_EXTRA = 1 << 20, EXTRA_COLUMNS_MAX = LIMIT(1000, 8) };

/* Separates the elements of a list in its word. No name in IAM has this byte. Shown as ", ". */
enum { EXTRA_LIST_SEPARATOR = '\x1f' };

/* Who chose a column's name: ncred, the report, or a joined table. Reserved names are for ncred's columns only. */
enum extra_origin { EXTRA_PROGRAM, EXTRA_REPORT, EXTRA_TABLE };

/* A column to add; all texts are borrowed. */
struct extra_description {
    const char *name;    /* for queries, see extra_columns_name() */
    const char *heading; /* the name as its file has it, untrusted; NULL for `name` in capitals */
    const char *source;  /* the file's path, untrusted: for help, and for a prefix if the name is taken */
    const char *help;    /* NULL for "from SOURCE" */
    enum type type;
    bool is_list;        /* the text is a list: in queries, `= x` holds if any element is x */
    enum extra_origin origin;
};

struct extra_column {
    char *name, *heading, *source, *help; /* owned */
    char *prefixed;                       /* owned: the name with the file's prefix, also if `name` needs none */
    struct column_info info;              /* borrows from them */
    bool is_list;
    enum extra_origin origin;
    unsigned next_double;                 /* number for the next column that would have this name, or 0: none had */
    uint32_t *codes;                      /* owned: by row */
    size_t room;                          /* elements of codes; cells of later rows are absent */
};

/* A set of texts, each kept once and numbered. */
struct extra_words {
    struct buffer text;     /* owned: all texts, one behind the other */
    size_t *ends;           /* owned: the end of each in text */
    size_t count, room;
    struct hash_index index;
};

struct extra_columns {
    struct extra_column *list; /* owned */
    size_t count;
    struct extra_words names;  /* of the columns, in lower case, with the same numbers */
    struct extra_words words;
    /* Whether ncred itself uses this name, so that no file's column may have it. NULL if there are no such names. */
    bool (*is_reserved)(const void *reserver, struct slice name);
    const void *reserver; /* borrowed: passed to is_reserved() */
};

/* Free the result with extra_columns_free(), which accepts NULL. */
struct extra_columns *extra_columns_new(void);
/* Returns what the columns of the file at PATH are prefixed with: "owners" for /etc/owners.csv. Borrowed from PATH. */
struct slice extra_columns_base_name(const char *path);
void extra_columns_free(struct extra_columns *x);

/*
 * Append to OUT the name for queries of a column that its file calls NAME: characters other than letters, digits and _
 * . : - become _, and _ comes first unless it begins with a letter.
 */
void extra_columns_name(struct buffer *out, struct slice name);
/*
 * Add a column and return its index, or SIZE_MAX if there are too many. If its name is reserved or another column, of
 * the schema or extra, has it, it is prefixed with the base name of its source (owners.age; _tag.age if "tag.age" is
 * reserved), and numbered if that is taken, too.
 */
size_t extra_columns_add(struct extra_columns *x, const struct extra_description *d);
/*
 * Returns the number, from COL_EXTRA on, of the column of this name, ignoring case; COL_COUNT if there is none. The
 * name as the file has it ("Cost centre"), and the name with the file's prefix (owners.team), are names of it, too.
 */
enum column extra_columns_find(const struct extra_columns *x, struct slice name);
/* Returns the column with this number, or NULL. X may be NULL. */
static inline const struct extra_column *extra_columns_at(const struct extra_columns *x, enum column column)
{
    return (size_t)column >= COL_EXTRA && x && (size_t)column - COL_EXTRA < x->count ? &x->list[column - COL_EXTRA]
        : NULL;
}

/* Prepare for COUNT more texts, so that adding them is fast. */
void extra_columns_expect(struct extra_columns *x, size_t count);
/* Returns the code of a text, a copy of which is kept; CODE_EMPTY for "". */
uint32_t extra_columns_text(struct extra_columns *x, struct slice text);
/*
 * Return the code of a bool or number below 2^31, of a time in seconds since 1970; CODE_MALFORMED if no code can hold
 * it.
 */
uint32_t extra_columns_number(int64_t number);
uint32_t extra_columns_time(int64_t seconds);
/* Make room for ROWS rows in every column. Threads may then set cells at the same time, if no two set the same row. */
void extra_columns_reserve(struct extra_columns *x, size_t rows);
/* Set a cell. Its row must have room, see extra_columns_reserve(). */
static inline void extra_columns_set(struct extra_columns *x, size_t index, size_t row, uint32_t code)
{
    x->list[index].codes[row] = code;
}

/* Returns the codes of COUNT rows from FIRST on: borrowed from C or written to SCRATCH. */
const uint32_t *extra_columns_codes(const struct extra_column *c, size_t first, size_t count, uint32_t *scratch);
/*
 * Remove the first element from the list *REST. Returns false if there is none. A list has at least one, perhaps empty.
 */
bool extra_columns_next_element(struct slice *rest, struct slice *element);
/* Append TEXT with ", " for each EXTRA_LIST_SEPARATOR. */
void extra_columns_put_list(struct buffer *out, struct slice text);
/* Returns the word of a code of text. Elements of a list are separated by EXTRA_LIST_SEPARATOR. */
struct slice extra_columns_word(const struct extra_columns *x, uint32_t code);

/*
 * ---- types of columns of text ----
 *
 * Show all texts of a column to extra_inference_see(), then ask for the type that all of them have:
 *
 *     extra_inference_start(&i);
 *     for each text: extra_inference_see(&i, text);
 *     enum type type = extra_inference_type(&i);
 *     for each text: extra_columns_set(x, index, row, extra_columns_code(x, type, text));
 */

enum { EXTRA_INFERENCE_COUNTED = 1000 }; /* so many of the first texts are tried as every type and counted */
struct extra_inference {
    bool is_bool, is_number, is_time, any; /* all texts so far have that type; there were any (non-empty) */
    unsigned seen, bools, numbers, times;  /* number of counted texts, and of those with each type */
    unsigned decimals;                     /* of the counted texts: numbers, but with a sign or a fraction */
};
void extra_inference_start(struct extra_inference *i);
/* Take TEXT, a cell of the column, into account. Empty texts and states (N/A, ...) do not count. */
void extra_inference_see(struct extra_inference *i, struct slice text);
/* Returns the type that all texts have, or TYPE_TEXT. */
enum type extra_inference_type(const struct extra_inference *i);
/*
 * Returns the type that most texts have if a few others make the column text, TYPE_NUMBER also if most are numbers, but
 * not all whole ones; TYPE_TEXT if it is no such column.
 */
enum type extra_inference_nearly(const struct extra_inference *i);
/* Returns the code of TEXT in a column of TYPE; CODE_MALFORMED if it is not of that type. */
uint32_t extra_columns_code(struct extra_columns *x, enum type type, struct slice text);

#endif
