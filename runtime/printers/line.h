/* A way to a printer: calls go out and replies come back, one at a time. What is behind it differs: HTTP (http.h), or what else a
   protocol stands on; who asks need not know. */
#ifndef FLOW_PRINTERS_LINE_H
#define FLOW_PRINTERS_LINE_H

#include "printers/printer.h"

struct line;

/* What came back; the body is NUL-terminated, and gone when this returns. It may call line_ask. */
typedef void line_heard(void *data, const struct reply *reply);

struct line_kind {
    /* Sends the call; line_answer later, never before it returns. */
    void (*ask)(struct line *line, const struct call *call, const char *file,
                const char *file_name);
    void (*close)(struct line *line);
};

/* The first member of each kind's own. */
struct line {
    const struct line_kind *kind;
    line_heard *heard; /* NULL: nothing is on its way */
    void *data;
};

static inline bool line_is_busy(const struct line *line)
{
    return line->heard != NULL;
}

/* Makes a call; `file` is the path of the print file, for bodies that have it. Heard exactly once, and never before this
   returns. */
static inline void line_ask(struct line *line, const struct call *call, const char *file,
                            const char *file_name, line_heard *heard, void *data)
{
    line->heard = heard;
    line->data = data;
    line->kind->ask(line, call, file, file_name);
}

/* For the kinds: the line is free again before it is heard, so that the hearer can ask the next. */
static inline void line_answer(struct line *line, const struct reply *reply)
{
    line_heard *heard = line->heard;
    line->heard = NULL;
    heard(line->data, reply);
}

static inline void line_close(struct line *line)
{
    if (line)
        line->kind->close(line);
}

#endif
