/* Ways from the start to each part of the screen. */
#include "places.h"

const struct place places[] = {
    {"", "of 28"},
    {"Enter", "arn:aws:iam::123456789012:"},
    {"& m f a", "& mfa"},
    {"/ x y", "/xy"},
    {"? Tab", "a row down"},
    {"p", "Saved filters"},
};
const int place_count = sizeof places / sizeof places[0];

struct term *place_open_demo(void)
{
    struct term *t = term_open(24, 80, "--demo", NULL);
    term_wait(t, "of 28");
    term_settle(t);
    if (term_is_restored(t))
        term_fail(t, "the program is to have changed the terminal");
    return t;
}

struct term *place_open(int place)
{
    struct term *t = place_open_demo();
    term_keys(t, places[place].keys);
    term_wait(t, places[place].marker);
    return t;
}
