/* Default times and numbers, the deadline, and waiting that can be cancelled. */
#include "fetch/fetch.h"

#include "base/clock.h"

#include <errno.h>
#include <time.h>

static void sleep_for(int64_t ms)
{
    struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        continue;
}

const struct fetch_settings fetch_defaults = {
    .patience = 5 * 60 * 1000, .poll = 500, .poll_max = 5000, .backoff = 500, .backoff_max = 20000, .tries = 6,
    .request = 60000, .metadata = 1000, .container = 5000, .command = 120000, .parallel = 8, .clock = clock_monotonic,
    .pause = sleep_for,
};

bool fetch_is_stopped(const struct fetch_settings *settings)
{
    return settings->stop && atomic_load(settings->stop);
}

int64_t fetch_time_left(const struct fetch_settings *settings)
{
    int64_t left = settings->deadline ? settings->deadline - settings->clock() : INT64_MAX;
    return left > 0 ? left : 0;
}

bool fetch_pause(const struct fetch_settings *settings, int64_t ms)
{
    int64_t left = fetch_time_left(settings);
    /* in pieces, to notice when the fetch is cancelled */
    int64_t piece = settings->stop ? 100 : ms;
    for (int64_t rest = ms < left ? ms : left; rest > 0 && !fetch_is_stopped(settings); rest -= piece)
        settings->pause(rest < piece ? rest : piece);
    return ms < left && !fetch_is_stopped(settings);
}
