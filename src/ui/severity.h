/* How a severity and a finding look. */
#ifndef NCRED_UI_SEVERITY_H
#define NCRED_UI_SEVERITY_H

#include "audit/finding.h"
#include "base/text.h"
#include "ui/term/paint.h"

struct ui;

/* Append number and title of the check, and by whom it is waived. */
void finding_title(struct buffer *b, const struct ui *ui, const struct finding *f);
/*
 * Append BETWEEN and "failing 61d, late": since when the check fails, by older reports, and whether it should be fixed by
 * now. Appends nothing without older reports.
 */
void finding_since(struct buffer *b, const struct ui *ui, size_t row, size_t check, const char *between);
enum role role_of_severity(enum severity severity);
/* The mark of a severity, which does not depend on colours. */
const char *glyph_of_severity(enum severity severity);

#endif
