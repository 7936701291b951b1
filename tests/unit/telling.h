/* A genealogy told event by event, for tests. Include it after cmocka.h. */
#ifndef FLOW_TEST_TELLING_H
#define FLOW_TEST_TELLING_H

#include "trace/genealogy.h"

#include "message_text.h"

#include <stdlib.h>
#include <string.h>

struct telling {
    struct arena arena;
    struct interner names;
    struct genealogy model;
    int64_t sequence;
    struct message *told; /* every event, for the slow tracer */
    int count, capacity;
};

static void open_telling(struct telling *telling)
{
    memset(telling, 0, sizeof *telling);
    interner_open(&telling->names, &telling->arena);
    genealogy_open(&telling->model, &telling->names);
}

static void close_telling(struct telling *telling)
{
    genealogy_close(&telling->model);
    interner_close(&telling->names);
    arena_free(&telling->arena);
    free(telling->told);
}

static void take(struct telling *telling, const struct message *event)
{
    if (telling->count == telling->capacity) {
        telling->capacity = telling->capacity ? 2 * telling->capacity : 64;
        telling->told = realloc(telling->told, (size_t)telling->capacity * sizeof *telling->told);
        assert_non_null(telling->told);
    }
    telling->told[telling->count++] = *event;
    telling->sequence++;
    genealogy_apply(&telling->model, telling->sequence, 1000 * telling->sequence, event);
}

static void tell(struct telling *telling, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void tell(struct telling *telling, const char *format, ...)
{
    struct message event;
    va_list arguments;
    va_start(arguments, format);
    read_message(&telling->names, true, &event, format, arguments);
    va_end(arguments);
    take(telling, &event);
}

static void use(struct telling *telling, const char *batch, const char *step, const char *lot,
                const char *what)
{
    tell(telling, "{'event':'lot_used','by':'bea','batch':'%s','step':'%s','lot':'%s','what':'%s'}",
         batch, step, lot, what);
}

static void leave(struct telling *telling, const char *batch, const char *step, int first,
                  int count, const char *outcome, const char *to)
{
    tell(telling,
         "{'event':'units_left','by':'cora','batch':'%s','step':'%s','first':%d,'count':%d,"
         "'outcome':'%s','to':'%s'}",
         batch, step, first, count, outcome, to);
}

static void open_batch(struct telling *telling, const char *batch, int units, const char *order)
{
    tell(telling,
         "{'event':'batch_opened','by':'anna','batch':'%s','product':'hook','snapshot':'s1',"
         "'purpose':'production'}",
         batch);
    tell(telling,
         "{'event':'units_added','by':'anna','batch':'%s','sku':'H-1','count':%d,'order':'%s',"
         "'line':'%s'}",
         batch, units, order, *order ? "1" : "");
    tell(telling, "{'event':'batch_started','by':'anna','batch':'%s'}", batch);
}

#endif
