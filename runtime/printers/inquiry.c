#include "printers/inquiry.h"

#include "printers/bambu_line.h"
#include "printers/http.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdlib.h>

enum { TURN_MS = 1000, PICTURE_AT_MOST = 16 << 20 };

struct inquiry {
    struct switchboard *board;
    struct line *line;
    const struct farm_printer *printer;
    struct reply reply;
    struct buffer body;
};

struct inquiry *inquiry_open(const struct farm_printer *printer, struct failure *failure)
{
    struct inquiry *inquiry = memory_zeroed(1, sizeof *inquiry);
    inquiry->printer = printer;
    inquiry->board = switchboard_open(failure);
    if (inquiry->board)
        return inquiry;
    free(inquiry);
    return NULL;
}

void inquiry_close(struct inquiry *inquiry)
{
    if (!inquiry)
        return;
    switchboard_close(inquiry->board);
    buffer_free(&inquiry->body);
    free(inquiry);
}

static void hear(void *data, const struct reply *reply)
{
    struct inquiry *inquiry = data;
    inquiry->reply = *reply;
    buffer_clear(&inquiry->body);
    buffer_add(&inquiry->body, reply->body, reply->length);
    inquiry->reply.body = buffer_text(&inquiry->body);
}

const struct reply *inquiry_ask(struct inquiry *inquiry, const char *address,
                                const struct call *call)
{
    const struct farm_printer *printer = inquiry->printer;
    struct http_line_options options = {.address = address ? address : printer->address,
                                        .body_at_most = PICTURE_AT_MOST};
    if (!address) {
        options.key = printer->key;
        options.user = printer->user;
        options.password = printer->password;
    }
    struct line *line = !address && printer->protocol == &protocol_bambu
                            ? bambu_line_open(inquiry->board, printer)
                            : http_line_open(inquiry->board, &options);
    line_ask(line, call, NULL, NULL, hear, inquiry);
    while (line_is_busy(line))
        switchboard_turn(inquiry->board, TURN_MS);
    line_close(line);
    return &inquiry->reply;
}
