/*
 * What the terminal says of itself. It is asked once, at the start, and nobody waits: answers come among the keys whenever
 * they come, and are taken out there. The last question is one that every terminal answers, so that with its answer all
 * others are known to have none.
 *
 *     ESC ] 11 ; ? ESC \      the background colour     ESC ] 11 ; rgb:ffff/ffff/ffff ESC \
 *     ESC [ ? 2026 $ p        synchronized output       ESC [ ? 2026 ; 2 $ y     (1 or 2: it can)
 *     ESC [ c                 what it is                ESC [ ? 62 ; 4 c
 */
#ifndef NCRED_ANSWERS_H
#define NCRED_ANSWERS_H

#include "base/text.h"

enum background { BACKGROUND_UNKNOWN, BACKGROUND_DARK, BACKGROUND_LIGHT };

struct answers {
    bool is_asked, is_complete;
    bool has_synchronized_output;
    enum background background;
};

/* The questions, for the terminal. */
extern const char answers_questions[];
/* Take TEXT, what stood between ESC ] and its end; or between ESC [ and, included, the final byte. */
void answers_take_string(struct answers *a, struct slice text);
void answers_take_control(struct answers *a, struct slice text);

#endif
