#include "printers/news.h"

#include "printers/stream.h"
#include "printers/websocket.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    CONNECT_MS = 5000,
    ANSWER_MS = 8000,
    SILENT_MS = 60000, /* Moonraker's server pings every 10 s */
    FIRST_PAUSE_MS = 5000,
    LONGEST_PAUSE_MS = 120000,
    READ_AT_ONCE = 1 << 14,
    READS_AT_MOST = 16 /* before others have their turn */
};

struct news {
    const struct farm_printer *printer;
    void (*heard)(void *data);
    void *data;
    struct switchboard *board;
    struct stream *stream;
    struct alarm alarm; /* of the next try; while there is a connection, of its silence */
    bool there, agreed;
    int tries; /* in a row that came to nothing */
    uint8_t nonce[WEBSOCKET_NONCE];
    struct buffer in, out;
};

static uint32_t chance(void)
{
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        abort();
    return number;
}

static void leave(struct news *news)
{
    int64_t pause_ms = (int64_t)FIRST_PAUSE_MS << (news->tries < 5 ? news->tries : 5);
    pause_ms = pause_ms < LONGEST_PAUSE_MS ? pause_ms : LONGEST_PAUSE_MS;
    news->tries++;
    stream_hang_up(news->stream);
    news->there = news->agreed = false;
    buffer_clear(&news->in);
    buffer_clear(&news->out);
    /* not all at the same time again */
    news->alarm.due_ms = clock_steady_ms() + pause_ms / 2 + chance() % pause_ms;
}

/* False where the connection broke. */
static bool send_out(struct news *news)
{
    size_t sent = 0;
    long went = 1;
    while (sent < news->out.length && went > 0) {
        went = stream_send(news->stream, news->out.text + sent, news->out.length - sent);
        sent += went > 0 ? (size_t)went : 0;
    }
    if (went < 0) {
        leave(news);
        return false;
    }
    memmove(news->out.text, news->out.text + sent, news->out.length - sent);
    news->out.length -= sent;
    stream_want_room(news->stream, news->out.length > 0);
    return true;
}

static void say_hello(struct news *news)
{
    const char *hello = news->printer->protocol->news_hello;
    websocket_add_frame(&news->out, WEBSOCKET_TEXT, hello, strlen(hello), chance());
}

/* ---- what is heard ---- */

static void hear_text(struct news *news, const struct websocket_frame *frame)
{
    enum news_of of = frame->last && frame->kind == WEBSOCKET_TEXT
                          ? news->printer->protocol->hear_news(frame->body, frame->length)
                          : NEWS_CHANGE; /* in pieces: whatever it is */
    if (of == NEWS_ANEW)
        say_hello(news);
    if (of != NEWS_NONE)
        news->heard(news->data);
}

/* Reads the next piece of what came: how many bytes it took, 0 for none, negative where the connection is of no use. */
static long hear_next(struct news *news, const char *bytes, size_t length)
{
    struct websocket_frame frame;
    if (!news->agreed) {
        long taken = websocket_read_answer(bytes, length, news->nonce);
        news->agreed = taken > 0;
        if (news->agreed)
            say_hello(news);
        return taken;
    }
    long taken = websocket_read(bytes, length, &frame);
    if (taken <= 0)
        return taken;
    news->tries = 0;
    if (frame.kind == WEBSOCKET_CLOSE)
        return -1;
    if (frame.kind == WEBSOCKET_PING)
        websocket_add_frame(&news->out, WEBSOCKET_PONG, frame.body, frame.length, chance());
    else if (frame.kind == WEBSOCKET_TEXT || frame.kind == WEBSOCKET_MORE)
        hear_text(news, &frame);
    return taken;
}

/* False where the connection is gone. */
static bool hear_all(struct news *news)
{
    size_t at = 0;
    long taken = 1;
    while (taken > 0 && at < news->in.length) {
        taken = hear_next(news, news->in.text + at, news->in.length - at);
        at += taken > 0 ? (size_t)taken : 0;
    }
    if (taken < 0) {
        leave(news);
        return false;
    }
    memmove(news->in.text, news->in.text + at, news->in.length - at);
    news->in.length -= at;
    return true;
}

static void ready(void *data)
{
    struct news *news = data;
    char bytes[READ_AT_ONCE];
    for (int reads = 0; reads < READS_AT_MOST; reads++) {
        long came = stream_receive(news->stream, bytes, sizeof bytes);
        if (came < 0) {
            leave(news);
            return;
        }
        if (came == 0)
            break;
        news->alarm.due_ms = clock_steady_ms() + SILENT_MS;
        buffer_add(&news->in, bytes, (size_t)came);
        if (!hear_all(news))
            return;
    }
    send_out(news);
}

/* ---- the connection ---- */

static void opened(void *data, CURLcode code)
{
    struct news *news = data;
    const struct farm_printer *printer = news->printer;
    if (code != CURLE_OK) {
        leave(news);
        return;
    }
    const char *host = strstr(printer->address, "://") + 3;
    struct buffer name = {0};
    for (size_t i = 0; i < sizeof news->nonce; i += sizeof(uint32_t)) {
        uint32_t number = chance();
        memcpy(news->nonce + i, &number, sizeof number);
    }
    buffer_add(&name, host, strcspn(host, "/"));
    websocket_add_request(&news->out, buffer_text(&name), printer->protocol->news, printer->key,
                          news->nonce);
    buffer_free(&name);
    news->alarm.due_ms = clock_steady_ms() + ANSWER_MS;
    send_out(news);
}

static void ring(struct alarm *alarm)
{
    struct news *news = (struct news *)((char *)alarm - offsetof(struct news, alarm));
    if (news->there) {
        leave(news);
        return;
    }
    news->there = true;
    stream_connect(news->stream, CONNECT_MS);
}

struct news *news_open(struct switchboard *board, const struct farm_printer *printer,
                       void (*heard)(void *data), void *data)
{
    struct news *news = memory_zeroed(1, sizeof *news);
    struct stream_listener listener = {.opened = opened, .ready = ready, .data = news};
    news->printer = printer;
    news->board = board;
    news->heard = heard;
    news->data = data;
    news->stream = stream_open_server(board, printer->address, &listener);
    news->alarm = (struct alarm){.due_ms = clock_steady_ms(), .rings = ring};
    switchboard_add_alarm(board, &news->alarm);
    return news;
}

void news_close(struct news *news)
{
    if (!news)
        return;
    switchboard_remove_alarm(news->board, &news->alarm);
    stream_close(news->stream);
    buffer_free(&news->in);
    buffer_free(&news->out);
    free(news);
}
