/* Actuals of a spec, fed with events that are made directly. Include it after cmocka.h. */
#ifndef FLOW_TEST_ACTUALS_TRIAL_H
#define FLOW_TEST_ACTUALS_TRIAL_H

#include "trace/actuals_change.h"

#include "compiled.h"
#include "message_text.h"

struct trial {
    struct compiled compiled;
    struct arena arena;
    struct interner names;
    struct revision revision;
    struct actuals actuals;
    int64_t sequence;
};

/* A spec's product, with nothing measured; options NULL: all of it. */
static void open_trial(struct trial *trial, const char *path, const char *product,
                       const struct actuals_options *options)
{
    static const struct actuals_options all;
    memset(trial, 0, sizeof *trial);
    compiled_open(&trial->compiled, path);
    interner_open(&trial->names, &trial->arena);
    trial->revision = (struct revision){.snapshot = intern_text(&trial->names, "snapshot-1"),
                                        .product = intern_text(&trial->names, product),
                                        .spec = trial->compiled.spec,
                                        .made = trial->compiled.spec->products[0]};
    actuals_open(&trial->actuals, &trial->revision, options ? options : &all);
}

static void close_trial(struct trial *trial)
{
    actuals_close(&trial->actuals);
    interner_close(&trial->names);
    arena_free(&trial->arena);
    compiled_close(&trial->compiled);
}

/* An event at a second of the run; ' stands for ". */
static void at(struct trial *trial, double second, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void at(struct trial *trial, double second, const char *format, ...)
{
    struct message event;
    va_list arguments;
    va_start(arguments, format);
    read_message(&trial->names, true, &event, format, arguments);
    va_end(arguments);
    actuals_event(++trial->sequence, (int64_t)(second * 1000), &event, &trial->actuals);
}

static inline void begin_batch(struct trial *trial, double second, const char *batch,
                               const char *sku, int units)
{
    at(trial, second,
       "{'event':'batch_opened','batch':'%s','product':'%s','snapshot':'snapshot-1','purpose':'"
       "production'}",
       batch, trial->revision.product);
    at(trial, second, "{'event':'units_added','batch':'%s','sku':'%s','count':%d,'order':'1001'}",
       batch, sku, units);
    at(trial, second, "{'event':'batch_started','batch':'%s'}", batch);
}

static inline void begin(struct trial *trial, double second, const char *by, const char *batch,
                         const char *step)
{
    at(trial, second, "{'event':'step_begun','by':'%s','batch':'%s','step':'%s'}", by, batch, step);
}

static inline void leave(struct trial *trial, double second, const char *by, const char *batch,
                         const char *step, int first, int count, const char *outcome)
{
    const char *to = strcmp(outcome, "pass") == 0      ? "done"
                     : strcmp(outcome, "rework") == 0  ? "touch_up"
                     : strcmp(outcome, "failure") == 0 ? "quarantine"
                                                       : "scrap";
    at(trial, second,
       "{'event':'units_left','by':'%s','batch':'%s','step':'%s','first':%d,'count':%d,'outcome':'%"
       "s','to':'%s','reason':'%s'}",
       by, batch, step, first, count, outcome, to, strcmp(outcome, "pass") ? "stringy" : "");
}

static inline void assert_is(struct rational said, const char *expected)
{
    struct buffer text = {0};
    rational_print_exact(&text, said);
    assert_string_equal(text.text, expected);
    buffer_free(&text);
}

#endif
