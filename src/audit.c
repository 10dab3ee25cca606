/* Compiling the table of checks into queries, and asking them of every user. */
#include "audit.h"

#include <stdlib.h>

/* A fault in the table would be the program's own: test_checks parses every part of every check. */
static struct query *compile(struct buffer *text, enum benchmark benchmark)
{
    struct error err;
    struct query *q = query_parse_for((struct slice){text->data, text->len}, benchmark, &err);
    if (!q)
        abort();
    buffer_free(text);
    return q;
}

/* WHO and the part, for the slot of one credential alone. */
static struct query *compile_part(const struct audit *a, size_t check, const char *part, const char *scope, int slot)
{
    struct buffer b = {0};
    if (!part)
        return NULL;
    if (checks[check].who) {
        check_fill(&b, checks[check].who, a->settings.days[check]);
        buffer_puts(&b, " and ");
    }
    if (scope)
        buffer_printf(&b, "%s(slot = %d and (", scope, slot);
    else
        buffer_puts(&b, "((");
    check_fill(&b, part, a->settings.days[check]);
    buffer_puts(&b, "))");
    return compile(&b, a->settings.benchmark);
}

static void compile_all(struct audit *a)
{
    for (size_t i = 0; i < check_count; i++) {
        const struct check *c = &checks[i];
        struct buffer b = {0};
        check_predicate(&b, i, &a->settings);
        a->whole[i] = compile(&b, a->settings.benchmark);
        a->user[i] = compile_part(a, i, c->user, NULL, 0);
        a->part[i][CREDENTIAL_PASSWORD] = compile_part(a, i, c->password, NULL, 0);
        a->part[i][CREDENTIAL_KEY_1] = compile_part(a, i, c->key, "key", 1);
        a->part[i][CREDENTIAL_KEY_2] = compile_part(a, i, c->key, "key", 2);
        a->part[i][CREDENTIAL_CERT_1] = compile_part(a, i, c->cert, "cert", 1);
        a->part[i][CREDENTIAL_CERT_2] = compile_part(a, i, c->cert, "cert", 2);
    }
}

static void free_all(struct audit *a)
{
    for (size_t i = 0; i < check_count; i++) {
        query_free(a->whole[i]);
        query_free(a->user[i]);
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
            query_free(a->part[i][c]);
    }
}

void audit_init(struct audit *a, const struct check_settings *settings)
{
    *a = (struct audit){.settings = *settings};
    compile_all(a);
}

void audit_set(struct audit *a, const struct check_settings *settings)
{
    free_all(a);
    a->settings = *settings;
    compile_all(a);
}

void audit_free(struct audit *a)
{
    free_all(a);
    waivers_free(&a->waivers);
    *a = (struct audit){0};
}

/* The bits of FAILED that a waiver of the row holds for. */
static uint32_t waived_of(const struct audit *a, const struct report *r, size_t row, uint32_t failed)
{
    uint32_t waived = 0;
    for (size_t i = 0; failed && i < check_count; i++) {
        if ((failed >> i & 1) && waivers_find(&a->waivers, r, row, i))
            waived |= UINT32_C(1) << i;
    }
    return waived;
}

static enum severity worst(uint32_t counted)
{
    enum severity s = SEVERITY_NONE;
    for (size_t i = 0; counted && i < check_count; i++) {
        if ((counted >> i & 1) && checks[i].severity > s)
            s = checks[i].severity;
    }
    return s;
}

void audit_run(const struct audit *a, struct report *r)
{
    r->audit = a;
    r->failed = xrealloc(r->failed, r->row_count + 1, sizeof *r->failed);
    r->severity = xrealloc(r->severity, r->row_count + 1, sizeof *r->severity);
    memset(r->failed, 0, r->row_count * sizeof *r->failed);
    free(r->waived);
    r->waived = a->waivers.count ? xcalloc(r->row_count, sizeof *r->waived) : NULL;
    for (size_t i = 0; i < check_count; i++) {
        for (size_t row = 0; row < r->row_count; row++) {
            if (query_matches(a->whole[i], r, row))
                r->failed[row] |= UINT32_C(1) << i;
        }
    }
    for (size_t row = 0; row < r->row_count; row++) {
        if (r->waived)
            r->waived[row] = waived_of(a, r, row, r->failed[row] & a->settings.on);
        r->severity[row] = (uint8_t)worst(audit_counted(r, row));
    }
}

uint32_t audit_failed(const struct report *r, size_t row)
{
    return r->failed ? r->failed[row] : 0;
}

uint32_t audit_waived(const struct report *r, size_t row)
{
    return r->waived ? r->waived[row] : 0;
}

uint32_t audit_counted(const struct report *r, size_t row)
{
    return r->audit ? audit_failed(r, row) & r->audit->settings.on & ~audit_waived(r, row) : 0;
}

unsigned audit_at_fault(const struct report *r, size_t row, size_t check)
{
    unsigned bits = 0;
    for (enum credential c = 0; r->audit && c < CREDENTIAL_COUNT; c++) {
        const struct query *q = r->audit->part[check][c];
        if (q && query_matches(q, r, row))
            bits |= 1u << c;
    }
    return bits;
}
