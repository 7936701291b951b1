/* Private to shop/: an open shop. */
#ifndef FLOW_SHOP_PRIVATE_H
#define FLOW_SHOP_PRIVATE_H

#include "program/program.h"
#include "shop/shop.h"

/* A snapshot that was compiled, and its products; the newest first, since that is closed first. */
struct kept_spec {
    struct kept_spec *older;
    const char *snapshot;
    struct session session;
    struct revision *revisions;
    int count;
};

/* An event that is staged, and not yet told of. */
struct staged_event {
    int64_t sequence, time_ms;
    struct message message;
};

enum { LISTENERS_AT_MOST = 8 };

struct workshop {
    char *folder;
    struct journal *journal;
    struct state state;
    struct arena arena;    /* for as long as the shop is open */
    struct arena deciding; /* for one command */
    struct kept_spec *specs;
    struct staged_event *staged;
    int staged_count, staged_capacity;
    struct {
        shop_listener *told;
        void *data;
    } listeners[LISTENERS_AT_MOST];
    int listener_count;
    int64_t (*now_ms)(void *data);
    void *now_data;
    int64_t last_ms; /* no event is older than the one before */
};

/* What state.find_revision is: the shop behind it. */
const struct revision *shop_find_revision(const char *snapshot, const char *product, void *shop);
void shop_close_specs(struct workshop *shop);

#endif
