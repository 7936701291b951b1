#include "station/floor.h"

#include "base/clock.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

enum { TAKE_EVERY_MS = 200 };

struct floor {
    pthread_mutex_t lock;
    struct printer_now *printers; /* as in the farm */
    int64_t *since_ms;            /* likewise: when its state came, by the clock on the wall */
    int count;
    int64_t taken_ms;
};

struct floor *floor_open(int count)
{
    struct floor *floor = memory_zeroed(1, sizeof *floor);
    floor->count = count;
    floor->printers = memory_zeroed((size_t)count + 1, sizeof *floor->printers);
    floor->since_ms = memory_zeroed((size_t)count + 1, sizeof *floor->since_ms);
    pthread_mutex_init(&floor->lock, NULL);
    return floor;
}

void floor_close(struct floor *floor)
{
    if (!floor)
        return;
    pthread_mutex_destroy(&floor->lock);
    free(floor->printers);
    free(floor->since_ms);
    free(floor);
}

void floor_take(struct floor *floor, const struct dispatch *dispatch, struct telemetry *telemetry,
                int64_t now_ms)
{
    if (floor->taken_ms && now_ms - floor->taken_ms < TAKE_EVERY_MS)
        return;
    floor->taken_ms = now_ms;
    pthread_mutex_lock(&floor->lock);
    for (int i = 0; i < floor->count; i++) {
        struct printer_now now = dispatch_printer(dispatch, i);
        if (now.state != floor->printers[i].state)
            floor->since_ms[i] = clock_wall_ms();
        if (!now.by_hand && now.state != floor->printers[i].state)
            telemetry_printer(telemetry, now.printer, now.machine, now.state, now_ms);
        floor->printers[i] = now;
    }
    pthread_mutex_unlock(&floor->lock);
}

int floor_count(const struct floor *floor)
{
    return floor->count;
}

struct printer_now floor_printer(struct floor *floor, int index, int64_t *since_ms)
{
    pthread_mutex_lock(&floor->lock);
    struct printer_now now = floor->printers[index];
    *since_ms = floor->since_ms[index];
    pthread_mutex_unlock(&floor->lock);
    return now;
}
