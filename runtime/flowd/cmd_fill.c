/* flowd batch fill: what is ordered goes into a batch, first come first served. The engine says what fits. */
#include "flowd/views.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

/* The lines in the order in which they came. */
struct queue {
    const char *product;
    const char *(*lines)[2]; /* order, line */
    int count, capacity;
};

static void note_line(int64_t sequence, int64_t time_ms, const struct message *event, void *data)
{
    struct queue *queue = data;
    (void)sequence;
    (void)time_ms;
    if (event->kind != EVENT_line_ordered || event->line_ordered.product != queue->product)
        return;
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity ? 2 * queue->capacity : 64;
        queue->lines = memory_resize(queue->lines, sizeof *queue->lines * (size_t)queue->capacity);
    }
    queue->lines[queue->count][0] = event->line_ordered.order;
    queue->lines[queue->count++][1] = event->line_ordered.line;
}

/* As many units of a line as the batch takes: all, or where it is nearly full the largest number that the engine does not
   refuse. Returns them; -1 where the machine was in the way. Says why not where it is none. */
static int64_t add_line(struct desk *desk, const char *batch, const struct order_line *line,
                        struct buffer *said)
{
    struct answer answer = {0};
    for (int64_t count = line_unmade(line); count > 0; count--) {
        struct message command = {.kind = COMMAND_add_units};
        command.add_units = (struct add_units){batch, line->sku, count, line->order, line->line};
        if (!desk_ask(desk, &command, &answer))
            return -1;
        if (answer.accepted) {
            buffer_addf(said, "%s/%s  %lld x %s\n", line->order, line->line, (long long)count,
                        line->sku);
            return count;
        }
    }
    if (*answer.refusal) /* of a single unit: what is in its way whatever the number */
        buffer_addf(said, "%s/%s  waits: %s\n", line->order, line->line, answer.refusal);
    return 0;
}

static bool fill(struct desk *desk, const char *name, const struct queue *queue,
                 struct buffer *said)
{
    for (int i = 0; i < queue->count; i++) {
        const struct order_line *line =
            state_line(shop_state(desk->shop), queue->lines[i][0], queue->lines[i][1]);
        if (line && add_line(desk, name, line, said) < 0)
            return false;
    }
    return true;
}

int fill_batch(struct desk *desk, int count, char **arguments)
{
    struct failure failure;
    struct queue queue = {0};
    struct buffer said = {0};
    if (count != 1)
        return usage_error(verb_find("batch"), "which batch?");
    if (!desk_write(desk) ||
        !desk_read(desk)) /* where a server writes, what there is is read here */
        return EXIT_ENVIRONMENT;
    const struct batch *batch =
        state_batch(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (!batch) {
        complain("there is no batch %s; `flowd batch open` opens one", arguments[0]);
        return EXIT_FINDINGS;
    }
    queue.product = batch->product->name;
    bool good = shop_replay(desk->shop, note_line, &queue, &failure);
    if (!good)
        complain("%s", failure.message);
    good = good && fill(desk, arguments[0], &queue, &said);
    if (good && !said.length)
        buffer_addf(&said, "nothing of %s is ordered that is in no batch\n", queue.product);
    good = print_out(&said) && good;
    buffer_free(&said);
    free(queue.lines);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
