/*
 * Questions to the terminal about itself, and its answers. They are sent once, at the start, and nothing waits for
 * them: answers arrive among the keys, from which terminal_key() filters them. Every terminal answers the last
 * question, so its answer means that no other is still to come.
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
    bool is_asked, is_complete;   /* the questions were sent; the last one was answered */
    bool has_synchronized_output; /* the terminal can show a change of many lines at once (mode 2026) */
    enum background background;
};

/* The questions, as bytes to send to the terminal. */
extern const char answers_questions[];
/*
 * Note the answer TEXT: of a string, what is between ESC ] and its end; of a control sequence, what follows ESC [ up
 * to and including the final byte. Anything but an answer is ignored.
 */
void answers_take_string(struct answers *a, struct slice text);
void answers_take_control(struct answers *a, struct slice text);

#endif
