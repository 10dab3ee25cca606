/*
 * Columns that a report gains from elsewhere: a joined table, authorization details, history, and those of the report's
 * own columns that ncred does not know. They are columns like any other in queries, sorting, --columns, exports and on
 * screen; their numbers begin at COL_EXTRA.
 *
 *     size_t team = extra_columns_add(x, &(struct extra_description){.name = "team", .source = "owners.csv"});
 *     extra_columns_set(x, team, row, extra_columns_text(x, slice_of("Mobile")));
 *     report_value(r, row, (enum column)(COL_EXTRA + team))
 *
 *     list[team].codes:  | code of row 0 | code of row 1 | ...  as in report.h; CODE_ABSENT where nothing was set
 *     words:             a code of text minus CODE_FIRST is the number of a word, each kept once
 */
#ifndef NCRED_EXTRA_COLUMNS_H
#define NCRED_EXTRA_COLUMNS_H

#include "base/hash_index.h"
#include "base/limits.h"
#include "report/schema.h"

/* Far behind all other numbers of columns: those of the schema, of credentials, and of a file's own (COLUMN_SETS_RAW). */
enum { COL_EXTRA = 1 << 20, EXTRA_COLUMNS_MAX = LIMIT(1000, 8) };

/* Between the elements of a list in its word; no byte of a name in IAM. Shown as ", ". */
enum { EXTRA_LIST_SEPARATOR = '\x1f' };

/* Who has chosen a column's name: the program, the report, or a table that was joined. Only the program's may be reserved. */
enum extra_origin { EXTRA_PROGRAM, EXTRA_REPORT, EXTRA_TABLE };

struct extra_description {
    const char *name;    /* as queries have it; see extra_columns_name */
    const char *heading; /* as its file has it, untrusted; NULL: the name */
    const char *source;  /* the file, untrusted; for help, and for names that are taken */
    const char *help;    /* NULL: "from SOURCE" */
    enum type type;
    bool is_list;        /* text in elements: `= x` holds when any of them is x */
    enum extra_origin origin;
};

struct extra_column {
    char *name, *heading, *source, *help; /* owned */
    struct column_info info;              /* made of them */
    bool is_list;
    enum extra_origin origin;
    uint32_t *codes;                      /* owned */
    size_t room;                          /* rows that CODES has; what is behind is absent */
};

/* Texts, each kept once. */
struct extra_words {
    struct buffer text;     /* all of them, one behind the other */
    size_t *ends;           /* owned; where each ends */
    size_t count, room;
    struct hash_index index;
};

struct extra_columns {
    struct extra_column *list; /* owned */
    size_t count;
    struct extra_words words;
    /* of a name that the program itself gives, which no file's column may have; NULL: there is none */
    bool (*is_reserved)(const void *reserver, struct slice name);
    const void *reserver; /* borrowed */
};

struct extra_columns *extra_columns_new(void);
/* "owners" of /etc/owners.csv: what a column's source is called; borrowed from PATH. */
struct slice extra_columns_base_name(const char *path);
void extra_columns_free(struct extra_columns *x);

/*
 * Append to OUT what NAME is called in queries: characters other than letters, digits and _ . : - become _, and so does
 * what would make it look like a number.
 */
void extra_columns_name(struct buffer *out, struct slice name);
/*
 * Add a column and return its index. Where its name is taken, by the schema or another column, or reserved, it is prefixed
 * with the base name of its source (owners.age), then numbered. SIZE_MAX: there are too many.
 */
size_t extra_columns_add(struct extra_columns *x, const struct extra_description *d);
/* The column of this name without regard to case, as a number from COL_EXTRA on; COL_COUNT: there is none. */
enum column extra_columns_find(const struct extra_columns *x, struct slice name);
static inline const struct extra_column *extra_columns_at(const struct extra_columns *x, enum column column)
{
    return (size_t)column >= COL_EXTRA && x && (size_t)column - COL_EXTRA < x->count ? &x->list[column - COL_EXTRA] : NULL;
}

/* The code of a text, which is kept; "" is CODE_EMPTY. */
uint32_t extra_columns_text(struct extra_columns *x, struct slice text);
/* The code of a bool or of a number from 0 to 2^31; of a time in seconds since 1970 (CODE_MALFORMED: none can hold it). */
uint32_t extra_columns_number(int64_t number);
uint32_t extra_columns_time(int64_t seconds);
/* Make room for ROWS rows in every column. Rows may then be set by several threads, each its own rows. */
void extra_columns_reserve(struct extra_columns *x, size_t rows);
/* Set the cell, whose row has room. */
static inline void extra_columns_set(struct extra_columns *x, size_t index, size_t row, uint32_t code)
{
    x->list[index].codes[row] = code;
}

/* Codes of COUNT rows from FIRST on, borrowed or written to SCRATCH. */
const uint32_t *extra_columns_codes(const struct extra_column *c, size_t first, size_t count, uint32_t *scratch);
/* Take the first element off the list *REST; false: none is left. A list always has one, be it empty. */
bool extra_columns_next_element(struct slice *rest, struct slice *element);
/* Append TEXT, with ", " for every EXTRA_LIST_SEPARATOR. */
void extra_columns_put_list(struct buffer *out, struct slice text);
/* The word behind a code of text. Elements of a list are separated by EXTRA_LIST_SEPARATOR. */
struct slice extra_columns_word(const struct extra_columns *x, uint32_t code);

/* ---- types out of texts ---- */

/* What all non-empty texts of a column agree on, and how many of the first ones have which type. */
enum { EXTRA_INFERENCE_COUNTED = 1000 }; /* of so many texts all types are tried; one that comes again tells nothing then */
struct extra_inference {
    bool is_bool, is_number, is_time, any;
    unsigned seen, bools, numbers, times;
};
void extra_inference_start(struct extra_inference *i);
void extra_inference_see(struct extra_inference *i, struct slice text);
enum type extra_inference_type(const struct extra_inference *i);
/* The type that most texts of a column have that is text only because of the others; TYPE_TEXT: it is no such column. */
enum type extra_inference_nearly(const struct extra_inference *i);
/* The code of a text of a column of this type, which extra_inference_type said. */
uint32_t extra_columns_code(struct extra_columns *x, enum type type, struct slice text);

#endif
