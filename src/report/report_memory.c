/*
 * Allocates segments of text and blocks of typed columns. Blocks come from pools of several, in large pages. The arrays
 * of segments and blocks have their full size from the beginning, so that they never move while threads read them.
 */
#include "report/report_memory.h"

#include "base/large_pages.h"
#include "base/memory.h"

#include <stdlib.h>

const struct column_storage report_storage[COL_COUNT] = {
    [COL_USER_CREATION_TIME] = {STORED_TIME, 0}, [COL_PASSWORD_LAST_USED] = {STORED_TIME, 1},
    [COL_PASSWORD_LAST_CHANGED] = {STORED_TIME, 2}, [COL_PASSWORD_NEXT_ROTATION] = {STORED_TIME, 3},
    [COL_KEY_1_LAST_ROTATED] = {STORED_TIME, 4}, [COL_KEY_1_LAST_USED_DATE] = {STORED_TIME, 5},
    [COL_KEY_2_LAST_ROTATED] = {STORED_TIME, 6}, [COL_KEY_2_LAST_USED_DATE] = {STORED_TIME, 7},
    [COL_CERT_1_LAST_ROTATED] = {STORED_RARE_TIME, 0}, [COL_CERT_2_LAST_ROTATED] = {STORED_RARE_TIME, 1},
    [COL_KEY_1_LAST_USED_REGION] = {STORED_WORD, 0}, [COL_KEY_1_LAST_USED_SERVICE] = {STORED_WORD, 1},
    [COL_KEY_2_LAST_USED_REGION] = {STORED_WORD, 2}, [COL_KEY_2_LAST_USED_SERVICE] = {STORED_WORD, 3},
    [COL_ACCOUNT] = {STORED_WORD, 4},
    [COL_PASSWORD_ENABLED] = {STORED_FLAG, 0}, [COL_MFA_ACTIVE] = {STORED_FLAG, 1},
    [COL_KEY_1_ACTIVE] = {STORED_FLAG, 2}, [COL_KEY_2_ACTIVE] = {STORED_FLAG, 3},
    [COL_CERT_1_ACTIVE] = {STORED_RARE_FLAG, 0}, [COL_CERT_2_ACTIVE] = {STORED_RARE_FLAG, 1},
    [COL_ROOT] = {STORED_RARE_FLAG, 2},
};

void report_init(struct report *r)
{
    if (r->blocks)
        return;
    r->blocks = xcalloc(BLOCKS_MAX, sizeof(struct report_block *));
    r->segments = xrealloc(NULL, SEGMENTS_MAX, sizeof *r->segments); /* not cleared: each is written before its use */
    r->memory = xcalloc(1, sizeof *r->memory);
    dict_init(&r->memory->accounts);
    dict_init(&r->memory->words);
}

/* Add a segment that owns DATA, which has SIZE + 1 bytes. Returns its index. */
static size_t add_segment(struct report *r, char *data, size_t size)
{
    size_t index = r->memory->segments_made++;
    r->segments[index] = (struct report_segment){r->memory->text_end, data, size};
    r->memory->text_end += size + 1;
    return index;
}

/*
 * The last element of r->segments stays empty: callers get its index, with NULL data, if there are too many segments.
 */
static bool has_room_for_segment(const struct report *r)
{
    static const struct report_segment none;
    r->segments[r->memory->segments_made] = none;
    return r->memory->segments_made < SEGMENTS_MAX - 1;
}

size_t report_add_segment(struct report *r, size_t size)
{
    return has_room_for_segment(r) ? add_segment(r, large_pages_new(size + 1, 1), size) : r->memory->segments_made;
}

size_t report_add_awaited_segment(struct report *r, size_t size)
{
    return has_room_for_segment(r) ? add_segment(r, large_pages_later(size + 1), size) : r->memory->segments_made;
}

size_t report_adopt_segment(struct report *r, char *data, size_t size)
{
    if (has_room_for_segment(r))
        return add_segment(r, data, size);
    free(data);
    return r->memory->segments_made;
}

size_t report_reuse_segment(struct report *r, size_t old, size_t from, size_t rest, size_t size)
{
    struct report_segment *s = &r->segments[old];
    char *data = s->data;
    if (!has_room_for_segment(r))
        return r->memory->segments_made;
    if (size > s->size) {
        data = large_pages_new(size + 1, 1);
        memcpy(data, s->data + from, rest);
        free(s->data);
    } else {
        size = s->size;
        memmove(data, data + from, rest);
    }
    s->data = NULL;
    s->size = 0;
    return add_segment(r, data, size);
}

/* Number of blocks in the first pool, of which small reports use a few small pages, and in further ones. */
enum { FIRST_BLOCKS = 1, BLOCKS_AT_ONCE = 56 };

static struct report_block *room_for_block(struct report_memory *m)
{
    struct report_pool *pool = m->pool_count ? &m->pools[m->pool_count - 1] : NULL;
    if (m->spare_count)
        return m->spare[--m->spare_count];
    if (!pool || pool->used == pool->room) {
        size_t room = pool ? BLOCKS_AT_ONCE : FIRST_BLOCKS;
        m->pools = xrealloc(m->pools, m->pool_count + 1, sizeof *m->pools);
        pool = &m->pools[m->pool_count++];
        *pool = (struct report_pool){large_pages_new(room, sizeof *pool->at), 0, room};
    }
    return &pool->at[pool->used++];
}

/*
 * Returns a new block. Only what the checks write is cleared, because rows may be shown before they are judged, and
 * sparse columns: the others are written before they are read.
 */
static struct report_block *new_block(struct report_memory *m)
{
    struct report_block *block = room_for_block(m);
    memset(block->rare_time, 0, sizeof block->rare_time);
    memset(block->rare_flag, 0, sizeof block->rare_flag);
    memset(block->failed.first, 0, sizeof block->failed.first);
    memset(&block->failed.others, 0, sizeof block->failed.others);
    atomic_init(&block->failed.has_others, false);
    memset(&block->waived, 0, sizeof block->waived);
    memset(&block->unknown, 0, sizeof block->unknown);
    memset(&block->worse, 0, sizeof block->worse);
    for (size_t i = 0; i < BLOCK_ROWS / REPORT_SPAN; i++)
        atomic_init(&block->unknown_columns[i], 0);
    return block;
}

static void free_rare(struct report_block *block)
{
    for (size_t i = 0; i < BLOCK_RARE_TIMES; i++)
        sparse_free(&block->rare_time[i]);
    for (size_t i = 0; i < BLOCK_RARE_FLAGS; i++)
        sparse_free(&block->rare_flag[i]);
    sparse_free(&block->failed.others);
    sparse_free(&block->waived);
    sparse_free(&block->unknown);
    sparse_free(&block->worse);
}

static void free_blocks(struct report *r)
{
    struct report_memory *m = r->memory;
    for (size_t b = 0; b < m->blocks_made; b++) {
        if (r->blocks[b])
            free_rare(r->blocks[b]);
    }
    for (size_t i = 0; i < m->pool_count; i++)
        free(m->pools[i].at);
    free(m->pools);
    free(m->spare);
}

void report_drop_rows(struct report *r, size_t to)
{
    struct report_memory *m = r->memory;
    for (size_t b = to >> BLOCK_BITS; b-- > 0 && r->blocks[b];) {
        free_rare(r->blocks[b]);
        m->spare = xrealloc(m->spare, m->spare_count + 1, sizeof(struct report_block *));
        m->spare[m->spare_count++] = r->blocks[b];
        r->blocks[b] = NULL;
    }
}

bool report_add_blocks(struct report *r, size_t first, size_t count, uint64_t plain, uint64_t decoded)
{
    if (first + count > ROWS_MAX)
        return false;
    for (size_t b = first >> BLOCK_BITS; count && b <= (first + count - 1) >> BLOCK_BITS; b++) {
        if (r->blocks[b])
            continue;
        r->blocks[b] = new_block(r->memory);
        r->memory->blocks_made = b + 1;
        r->blocks[b]->base[0] = plain;
        r->blocks[b]->base[1] = decoded;
    }
    return true;
}

void report_forget(struct report *r, size_t from, size_t to)
{
    for (size_t row = from; row < to && r->blocks[row >> BLOCK_BITS]; row++) {
        struct report_block *b = r->blocks[row >> BLOCK_BITS];
        for (size_t i = 0; i < BLOCK_RARE_TIMES; i++)
            sparse_clear(&b->rare_time[i], row & BLOCK_MASK, 1);
        for (size_t i = 0; i < BLOCK_RARE_FLAGS; i++)
            sparse_clear(&b->rare_flag[i], row & BLOCK_MASK, 1);
    }
}

/* Free the contents of R: all but the memory of blocks and the two arrays of blocks and segments. */
static void free_contents(struct report *r)
{
    free(r->chronicle_users);
    for (size_t i = 0; i < r->file_count; i++) {
        free(r->files[i].name);
        free(r->files[i].columns);
        free(r->files[i].marks);
        for (size_t k = 0; k < REVIEW_KINDS; k++)
            free(r->files[i].tallies[k].what);
    }
    for (size_t i = 0; i < r->column_count; i++) {
        free(r->columns[i].name);
        free(r->columns[i].header);
    }
    for (size_t i = 0; i < r->problem_count; i++)
        free(r->problems[i].text);
    if (r->memory) {
        for (size_t i = 0; i < r->memory->segments_made; i++)
            free(r->segments[i].data);
        dict_free(&r->memory->accounts);
        dict_free(&r->memory->words);
    }
    extra_columns_free(r->extra);
    free(r->review.identities);
    free(r->files);
    free(r->columns);
    free(r->problems);
}

void report_free(struct report *r)
{
    free_contents(r);
    if (r->memory)
        free_blocks(r);
    free(r->memory);
    free(r->blocks);
    free(r->segments);
    *r = (struct report){0};
}

void report_clear(struct report *r)
{
    struct report_memory *m = r->memory;
    if (m)
        report_drop_rows(r, m->blocks_made << BLOCK_BITS);
    free_contents(r);
    *r = (struct report){.blocks = r->blocks, .segments = r->segments, .memory = m};
    if (m) {
        *m = (struct report_memory){.pools = m->pools, .pool_count = m->pool_count, .spare = m->spare,
            .spare_count = m->spare_count};
        dict_init(&m->accounts);
        dict_init(&m->words);
    }
}
