/* Unpacks gzip with zlib, one member after the other. */
#include "base/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct gunzip {
    z_stream z;
    struct gunzip_budget *budget; /* borrowed */
    bool between;       /* a member has ended, and it is not known yet whether another one follows */
};

bool gunzip_is(struct slice start)
{
    return start.len >= 2 && memcmp(start.data, "\x1f\x8b", 2) == 0;
}

struct gunzip *gunzip_start(struct gunzip_budget *budget)
{
    struct gunzip *g = xcalloc(1, sizeof *g);
    g->budget = budget;
    if (inflateInit2(&g->z, 15 + 16) == Z_OK)
        return g;
    free(g);
    return NULL;
}

void gunzip_end(struct gunzip *g)
{
    if (!g)
        return;
    inflateEnd(&g->z);
    free(g);
}

static bool broken_gzip(int status, const z_stream *z, struct error *err)
{
    if (status == Z_BUF_ERROR)
        return error_set(err, "the gzip file was cut off");
    return error_set(err, "the gzip file is damaged%s%s", z->msg ? ": " : "", z->msg ? z->msg : "");
}

/*
 * After the end of a member: begin the next one, or set *IS_END if there is none (gzip, too, ignores other bytes
 * there). Returns false if more bytes are needed to decide.
 */
static bool go_on(struct gunzip *g, struct slice *packed, bool final, bool *is_end)
{
    if (packed->len < 2 && !final)
        return false;
    *is_end = !gunzip_is(*packed) || inflateReset(&g->z) != Z_OK;
    g->between = false;
    return true;
}

bool gunzip_more(struct gunzip *g, struct slice *packed, bool final, char *out, size_t size, size_t *got, bool *is_end,
    struct error *err)
{
    z_stream *z = &g->z;
    *got = 0;
    *is_end = false;
    while (*got < size && !*is_end) {
        if (g->between && (!go_on(g, packed, final, is_end) || *is_end))
            return true;
        if (!packed->len)
            return !final || broken_gzip(Z_BUF_ERROR, z, err);
        size_t give = packed->len < UINT_MAX ? packed->len : UINT_MAX;
        size_t take = size - *got < UINT_MAX ? size - *got : UINT_MAX;
        /* older versions of zlib declare the input as not const, but never write to it */
        union { const char *in; unsigned char *z_in; } same = {packed->data};
        union { char *out; unsigned char *z_out; } to = {out + *got};
        z->next_in = same.z_in;
        z->avail_in = (unsigned)give;
        z->next_out = to.z_out;
        z->avail_out = (unsigned)take;
        int status = inflate(z, Z_NO_FLUSH);
        size_t used = give - z->avail_in, made = take - z->avail_out;
        *packed = (struct slice){packed->data + used, packed->len - used};
        *got += made;
        g->budget->out += made;
        if (g->budget->out > GUNZIP_ALWAYS && g->budget->out / GUNZIP_RATIO > g->budget->in)
            return error_set(err, "the gzip file unpacks to more than %llu MiB, %llu times its size or more; "
                "unpack it first if you trust it", (unsigned long long)(g->budget->out >> 20),
                (unsigned long long)GUNZIP_RATIO);
        g->between = status == Z_STREAM_END;
        if (status != Z_OK && status != Z_STREAM_END && (status != Z_BUF_ERROR || (!used && !made)))
            return broken_gzip(status, z, err);
    }
    return true;
}

bool gunzip(struct slice packed, struct gunzip_budget *budget, struct buffer *out, struct error *err)
{
    char chunk[65536];
    struct gunzip *g = gunzip_start(budget);
    bool is_end = false, ok = true;
    if (!g)
        return error_set(err, "cannot start zlib");
    while (ok && !is_end) {
        size_t got;
        ok = gunzip_more(g, &packed, true, chunk, sizeof chunk, &got, &is_end, err);
        buffer_add(out, chunk, got);
    }
    gunzip_end(g);
    return ok;
}
