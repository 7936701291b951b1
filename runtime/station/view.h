/* What is the case, as far as it is durable: what is read while the writer works. The shop's own state is ahead of it by what
   is staged, which nobody may be told of yet. Many threads read at a time; the writer's thread adds what became durable,
   in microseconds. */
#ifndef FLOW_STATION_VIEW_H
#define FLOW_STATION_VIEW_H

#include "shop/shop.h"
#include "station/tally.h"
#include "telemetry/telemetry.h"
#include "trace/genealogy.h"

struct view;

/* Replays the shop, and follows it from then on. NULL with a failure. The shop is used by the calling thread only, which is
   the writer's, and outlives the view's use. */
struct view *view_open(struct workshop *shop, struct failure *failure);
void view_close(struct view *view);
/* To be called by the writer after each shop_commit: lets readers in again. Whether anything was added. */
bool view_publish(struct view *view);

/* Between these two the state stays as it is. Names are looked up with intern_find; nothing may be interned, and graphs
   (revision_graph) are the writer's. */
const struct state *view_begin(struct view *view, int64_t *last_event);
/* The genealogy, between the same two. */
const struct genealogy *view_genealogy(const struct view *view);
/* What came out of late, likewise. */
const struct tally *view_tally(const struct view *view);
void view_end(struct view *view);
/* What a monitoring system is told; it has heard all events that the state has. At any time. */
struct telemetry *view_telemetry(const struct view *view);

/* The last event, without waiting. */
int64_t view_last_event(const struct view *view);

/* Adds events after one, at most `most`, to `out`, each as `write` says; returns the last that was added, `after` where there is
   none. False with a failure where the journal cannot be read. From any thread. */
typedef void write_event(struct buffer *out, int64_t sequence, int64_t time_ms, const char *body,
                         size_t length);
bool view_events(struct view *view, int64_t after, int most, write_event *write, struct buffer *out,
                 int64_t *last, struct failure *failure);

#endif
