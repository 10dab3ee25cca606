/* How severities and findings are displayed. */
#ifndef NCRED_UI_SEVERITY_H
#define NCRED_UI_SEVERITY_H

#include "audit/finding.h"
#include "base/text.h"
#include "ui/term/paint.h"

struct ui;

/* Append the number and title of the check of F and, if it is waived, by whom. */
void finding_title(struct buffer *b, const struct ui *ui, const struct finding *f);
/*
 * Append BETWEEN and a text such as "failing 61d, late": how long the check has failed according to older reports, and
 * whether the time allowed for a fix is over. Appends nothing without older reports.
 */
void finding_since(struct buffer *b, const struct ui *ui, size_t row, size_t check, const char *between);
/* Returns the role, and so the colour, of a severity. */
enum role role_of_severity(enum severity severity);
/* Returns the glyph of a severity, so that severities differ without colours. Static. */
const char *glyph_of_severity(enum severity severity);

#endif
