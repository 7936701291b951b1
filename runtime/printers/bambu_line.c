#include "printers/bambu_line.h"

#include "printers/bambu.h"
#include "printers/ftps.h"
#include "printers/mqtt.h"
#include "printers/stream.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    ASK_MS = 8000,
    CONNECT_MS = 5000,
    KEEP_ALIVE_S = 60,
    PING_MS = 20000,
    STALE_MS = 60000, /* a printer that has said nothing for so long is asked whether it is there */
    /* Everything anew costs small printers dear: at most so often where it is wanted, and so often anyhow, for what was lost. */
    FRESH_MS = 30000,
    REFRESH_MS = 300000,
    READ_AT_ONCE = 1 << 14,
    READS_AT_MOST = 64 /* before others have their turn */
};

enum session {
    SESSION_NONE,
    SESSION_OPENING,
    SESSION_GREETING, /* who we are was sent */
    SESSION_ASKING,   /* what it does was asked */
    SESSION_THERE
};

/* What has to come before the call is answered. */
enum awaited { AWAIT_NOTHING, AWAIT_SESSION, AWAIT_PONG, AWAIT_ALL, AWAIT_ANYTHING, AWAIT_ROOM };

struct bambu_line {
    struct line line;
    struct switchboard *board;
    const struct farm_printer *printer;
    char report_topic[64], request_topic[64];
    struct ftps *ftps;
    struct stream *stream;
    struct alarm late;  /* the call is answered now, whatever came */
    struct alarm quiet; /* the connection would be taken for dead */
    enum session session;
    enum awaited awaited;
    struct reply soon; /* the answer when it is late */
    bool broke;        /* while nobody asked: whoever asks next is told */
    bool asking;       /* nothing is answered before it was asked */
    unsigned lives;    /* connections that were hung up */
    int pongs_due;
    uint16_t number; /* of packets */
    int64_t heard_ms, all_ms;
    struct buffer in, out;
    struct bambu_view view;
};

static void *owner_of(void *member, size_t offset)
{
    return (char *)member - offset;
}
#define OWNER(member, name) owner_of((member), offsetof(struct bambu_line, name))

/* ---- answering ---- */

static void answer_soon(struct bambu_line *bambu, struct reply reply)
{
    bambu->soon = reply;
    bambu->late.due_ms = 0;
}

static void answer(struct bambu_line *bambu, struct reply reply)
{
    bambu->awaited = AWAIT_NOTHING;
    if (bambu->asking) {
        answer_soon(bambu, reply);
        return;
    }
    char *body = reply.status == BAMBU_KNOWN ? bambu_body(&bambu->view) : NULL;
    bambu->late.due_ms = ALARM_NEVER;
    reply.body = body ? body : "";
    reply.length = strlen(reply.body);
    line_answer(&bambu->line, &reply);
    free(body);
}

static void answer_status(struct bambu_line *bambu, int status)
{
    answer(bambu, (struct reply){.status = status});
}

static void wait_for(struct bambu_line *bambu, enum awaited awaited, struct reply otherwise)
{
    bambu->awaited = awaited;
    bambu->soon = otherwise;
    bambu->late.due_ms = clock_steady_ms() + ASK_MS;
}

/* ---- the connection ---- */

static void hang_up(struct bambu_line *bambu)
{
    stream_hang_up(bambu->stream);
    bambu->session = SESSION_NONE;
    bambu->lives++;
    bambu->quiet.due_ms = ALARM_NEVER;
    bambu->pongs_due = 0;
    buffer_clear(&bambu->in);
    buffer_clear(&bambu->out);
    bambu_forget(&bambu->view);
}

static void break_off(struct bambu_line *bambu, int status)
{
    hang_up(bambu);
    if (bambu->awaited)
        answer_status(bambu, status);
    else
        bambu->broke = true;
}

/* Sends what there is room for; false where the connection broke, which has been told then. */
static bool send_out(struct bambu_line *bambu)
{
    size_t sent = 0;
    while (sent < bambu->out.length) {
        long went = stream_send(bambu->stream, bambu->out.text + sent, bambu->out.length - sent);
        if (went < 0) {
            break_off(bambu, 0);
            return false;
        }
        if (went == 0)
            break;
        sent += (size_t)went;
    }
    if (sent) {
        memmove(bambu->out.text, bambu->out.text + sent, bambu->out.length - sent);
        bambu->out.length -= sent;
    }
    stream_want_room(bambu->stream, bambu->out.length > 0);
    return true;
}

static void publish(struct bambu_line *bambu, const char *text)
{
    bambu->number = bambu->number == UINT16_MAX ? 1 : (uint16_t)(bambu->number + 1);
    mqtt_add_publish(&bambu->out, bambu->number, bambu->request_topic, text);
}

static void ping(struct bambu_line *bambu)
{
    mqtt_add_ping(&bambu->out);
    bambu->pongs_due++;
    bambu->quiet.due_ms = clock_steady_ms() + PING_MS;
}

static void is_quiet(struct alarm *alarm)
{
    struct bambu_line *bambu = OWNER(alarm, quiet);
    if (bambu->pongs_due > 2) {
        break_off(bambu, 0);
        return;
    }
    ping(bambu);
    send_out(bambu);
}

static void opened(void *data, CURLcode code)
{
    struct bambu_line *bambu = data;
    char client[40];
    uint64_t chance = 0;
    if (code != CURLE_OK) {
        bool nobody = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
        hang_up(bambu);
        answer(bambu, (struct reply){.status = is_other_peer(code) ? BAMBU_OTHER_PRINTER
                                               : code == CURLE_SSL_CONNECT_ERROR ? BAMBU_NOT_IT
                                                                                 : 0,
                                     .never_left = nobody});
        return;
    }
    /* A name that no session ever had: nothing that was sent to another is sent to this one. */
    if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
        chance = (uint64_t)clock_steady_ms();
    snprintf(client, sizeof client, "flowd-%016llx", (unsigned long long)chance);
    bambu->session = SESSION_GREETING;
    mqtt_add_connect(&bambu->out, client, bambu->printer->user, bambu->printer->password,
                     KEEP_ALIVE_S);
    send_out(bambu);
}

/* ---- what comes ---- */

static void take_greeting(struct bambu_line *bambu, int code)
{
    enum { WRONG_PASSWORD = 4, NOT_ALLOWED = 5 };
    if (code) {
        break_off(bambu,
                  code == WRONG_PASSWORD || code == NOT_ALLOWED ? BAMBU_DENIED : BAMBU_NOT_IT);
        return;
    }
    bambu->session = SESSION_ASKING;
    bambu->soon.status = BAMBU_SILENT; /* from here on it is not for want of a connection */
    mqtt_add_subscribe(&bambu->out, 1, bambu->report_topic);
    bambu->number = 1;
    publish(bambu, bambu_ask_all);
    ping(bambu);
}

static void take_news(struct bambu_line *bambu, const struct mqtt_packet *packet)
{
    if (packet->topic_length != strlen(bambu->report_topic) ||
        memcmp(packet->topic, bambu->report_topic, packet->topic_length) != 0)
        return;
    enum bambu_news news = bambu_take(&bambu->view, packet->body, packet->length);
    bambu->heard_ms = clock_steady_ms();
    if (news == BAMBU_ALL)
        bambu->all_ms = bambu->heard_ms;
    if (bambu->session == SESSION_ASKING && bambu_is_whole(&bambu->view))
        bambu->session = SESSION_THERE;
    if ((bambu->awaited == AWAIT_SESSION && bambu->session == SESSION_THERE) ||
        (bambu->awaited == AWAIT_ALL && news == BAMBU_ALL) || bambu->awaited == AWAIT_ANYTHING)
        answer_status(bambu, BAMBU_KNOWN);
}

static void take_packet(struct bambu_line *bambu, const struct mqtt_packet *packet)
{
    if (bambu->session == SESSION_GREETING) {
        take_greeting(bambu, packet->kind == MQTT_GREETED ? packet->code : -1);
    } else if (packet->kind == MQTT_NEWS) {
        take_news(bambu, packet);
    } else if (packet->kind == MQTT_PONG && bambu->pongs_due > 0) {
        bambu->pongs_due--;
        /* All that it had said before has come: what we know of it is of now. */
        if (bambu->pongs_due == 0 && bambu->awaited == AWAIT_PONG)
            answer_status(bambu, BAMBU_KNOWN);
    }
}

/* Whoever is answered may ask the next, and the connection may be gone after any of them. */
static bool take_packets(struct bambu_line *bambu)
{
    struct mqtt_packet packet;
    size_t at = 0;
    unsigned life = bambu->lives;
    long took;
    while ((took = mqtt_read(bambu->in.text + at, bambu->in.length - at, &packet)) > 0) {
        take_packet(bambu, &packet);
        if (bambu->lives != life)
            return false;
        at += (size_t)took;
    }
    if (took < 0) {
        break_off(bambu, BAMBU_NOT_IT);
        return false;
    }
    memmove(bambu->in.text, bambu->in.text + at, bambu->in.length - at);
    bambu->in.length -= at;
    return true;
}

static void ready(void *data)
{
    struct bambu_line *bambu = data;
    char bytes[READ_AT_ONCE];
    for (int reads = 0; reads < READS_AT_MOST; reads++) {
        long came = stream_receive(bambu->stream, bytes, sizeof bytes);
        if (came == 0)
            break;
        if (came < 0) {
            break_off(bambu, 0);
            return;
        }
        buffer_add(&bambu->in, bytes, (size_t)came);
        if (!take_packets(bambu))
            return;
    }
    if (send_out(bambu) && bambu->awaited == AWAIT_ROOM && bambu->out.length == 0)
        answer_status(bambu, BAMBU_SENT);
}

/* ---- what is asked ---- */

static void ask_state(struct bambu_line *bambu, bool anew)
{
    int64_t now_ms = clock_steady_ms();
    if (bambu->session == SESSION_NONE) {
        bambu->session = SESSION_OPENING;
        wait_for(bambu, AWAIT_SESSION, (struct reply){0});
        stream_connect(bambu->stream, CONNECT_MS);
        return;
    }
    if (now_ms - bambu->all_ms > (anew ? FRESH_MS : REFRESH_MS)) {
        publish(bambu, bambu_ask_all);
        wait_for(bambu, AWAIT_ALL, (struct reply){.status = BAMBU_SILENT});
    } else if (now_ms - bambu->heard_ms > STALE_MS) {
        publish(bambu, bambu_ask_alive);
        wait_for(bambu, AWAIT_ANYTHING, (struct reply){.status = BAMBU_SILENT});
    } else {
        ping(bambu);
        wait_for(bambu, AWAIT_PONG, (struct reply){0});
    }
    send_out(bambu);
}

/* Sent once, and only over a connection that takes it now: nothing waits here that could start a print later. */
static void request(struct bambu_line *bambu, const char *text, bool starts)
{
    if (bambu->session != SESSION_THERE || bambu->out.length ||
        (starts && bambu_is_at_work(&bambu->view))) {
        answer(bambu, (struct reply){.never_left = true});
        return;
    }
    publish(bambu, text);
    wait_for(bambu, AWAIT_ROOM, (struct reply){0});
    if (send_out(bambu) && bambu->out.length == 0)
        answer_status(bambu, BAMBU_SENT);
}

static void ask(struct line *line, const struct call *call, const char *file, const char *file_name)
{
    struct bambu_line *bambu = (struct bambu_line *)line;
    (void)file_name;
    bambu->asking = true;
    if (call->path[0] == '/') {
        ftps_ask(bambu->ftps, call, file);
    } else if (bambu->broke) {
        bambu->broke = false;
        answer(bambu, (struct reply){.never_left = call->method[0] == 'P'});
    } else if (call->method[0] == 'P') {
        request(bambu, call->text, strcmp(call->path, BAMBU_START) == 0);
    } else {
        ask_state(bambu, strcmp(call->path, BAMBU_REPORT_ANEW) == 0);
    }
    bambu->asking = false;
}

/* A connection over which something did not come in time is not used again. */
static void is_late(struct alarm *alarm)
{
    struct bambu_line *bambu = OWNER(alarm, late);
    struct reply reply = bambu->soon;
    if (reply.status != BAMBU_SENT && !reply.never_left)
        hang_up(bambu);
    answer(bambu, reply);
}

static void hear_ftps(void *data, const struct reply *reply)
{
    struct bambu_line *bambu = data;
    line_answer(&bambu->line, reply);
}

/* ---- opening ---- */

static void close_line(struct line *line)
{
    struct bambu_line *bambu = (struct bambu_line *)line;
    switchboard_remove_alarm(bambu->board, &bambu->late);
    switchboard_remove_alarm(bambu->board, &bambu->quiet);
    ftps_close(bambu->ftps);
    stream_close(bambu->stream);
    json_decref(bambu->view.said);
    buffer_free(&bambu->in);
    if (bambu->out.text) /* it had the access code in it */
        explicit_bzero(bambu->out.text, bambu->out.capacity);
    buffer_free(&bambu->out);
    free(bambu);
}

static const struct line_kind kind = {ask, close_line};

struct line *bambu_line_open(struct switchboard *board, const struct farm_printer *printer)
{
    struct bambu_line *bambu = memory_zeroed(1, sizeof *bambu);
    struct peer peer = {printer->address, printer->serial, printer->certificate_file};
    snprintf(bambu->report_topic, sizeof bambu->report_topic, "device/%.30s/report",
             printer->serial);
    snprintf(bambu->request_topic, sizeof bambu->request_topic, "device/%.30s/request",
             printer->serial);
    bambu->printer = printer;
    bambu->line.kind = &kind;
    bambu->board = board;
    bambu->late = (struct alarm){ALARM_NEVER, is_late, NULL};
    bambu->quiet = (struct alarm){ALARM_NEVER, is_quiet, NULL};
    switchboard_add_alarm(board, &bambu->late);
    switchboard_add_alarm(board, &bambu->quiet);
    bambu->ftps = ftps_open(
        board, &(struct ftps_options){peer, printer->files_port, printer->user, printer->password},
        hear_ftps, bambu);
    bambu->stream =
        stream_open(board, &peer, printer->port, &(struct stream_listener){opened, ready, bambu});
    return &bambu->line;
}
