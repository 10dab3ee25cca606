/* Unpacking gzip with zlib, member after member. */
#include "gunzip.h"

#include <limits.h>
#include <zlib.h>

static bool broken(int status, const z_stream *z, struct error *err)
{
    if (status == Z_BUF_ERROR)
        return error_set(err, "the gzip file was cut off");
    return error_set(err, "the gzip file is damaged%s%s", z->msg ? ": " : "", z->msg ? z->msg : "");
}

/* After the end of a member: another one, or bytes that gzip too ignores. */
static bool next_member(z_stream *z)
{
    return z->avail_in >= 2 && z->next_in[0] == 0x1f && z->next_in[1] == 0x8b && inflateReset(z) == Z_OK;
}

static bool unpack(z_stream *z, uint64_t most, struct buffer *out, struct error *err)
{
    unsigned char chunk[65536];
    for (;;) {
        z->next_out = chunk;
        z->avail_out = sizeof chunk;
        int status = inflate(z, Z_NO_FLUSH);
        size_t n = sizeof chunk - z->avail_out;
        if (out->len + n > most)
            return error_set(err, "the gzip file unpacks to more than %llu MiB, %llu times its size or more; "
                "unpack it first if you trust it", (unsigned long long)(most >> 20), (unsigned long long)GUNZIP_RATIO);
        buffer_add(out, chunk, n);
        if (status == Z_STREAM_END && !next_member(z))
            return true;
        if (status != Z_OK && status != Z_STREAM_END)
            return broken(status, z, err);
    }
}

bool gunzip(struct slice packed, struct buffer *out, struct error *err)
{
    uint64_t most = packed.len * GUNZIP_RATIO;
    z_stream z = {0};
    if (packed.len > UINT_MAX)
        return error_set(err, "a gzip file of more than 4 GiB; unpack it first");
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return error_set(err, "cannot start zlib");
    /* zlib takes its input as not const in its older interface, and never writes to it */
    union { const char *in; unsigned char *z_in; } same = {packed.data};
    z.next_in = same.z_in;
    z.avail_in = (unsigned)packed.len;
    bool ok = unpack(&z, most > GUNZIP_ALWAYS ? most : GUNZIP_ALWAYS, out, err);
    inflateEnd(&z);
    return ok;
}
