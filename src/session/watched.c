/* The reports, and the other files about their users. */
#include "session/watched.h"

#include "session/inputs.h"
#include "session/inputs_items.h"

static void watch_files(struct file_watch *w, const struct context_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        file_watch_add(w, files->paths[i]);
}

struct file_watch *watched_start(const struct options *o)
{
    if (o->demo || o->diff || o->wish.fetch || !inputs_can_reload(&o->wish))
        return NULL;
    struct file_watch *w = file_watch_start(inputs_is_named_like_report, true);
    for (size_t i = 0; i < o->wish.path_count; i++)
        file_watch_add(w, o->wish.paths[i]);
    watch_files(w, &o->context.joins);
    watch_files(w, &o->context.details);
    watch_files(w, &o->context.key_ids);
    file_watch_accept(w);
    return w;
}
