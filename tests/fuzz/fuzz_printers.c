/* Any bytes as what a printer's server answers, and as farm.yaml. Whatever is answered, a run makes the starting call at most
   once, and not before the intent; texts stay within their bounds and without control characters. The first byte says what
   it is; replies are a byte of status, a byte of length in 16s, and the body. */
#include "harness.h"

#include "base/file.h"
#include "base/sink.h"
#include "printers/appkey.h"
#include "printers/bambu.h"
#include "printers/farm.h"
#include "printers/mqtt.h"
#include "printers/picture.h"
#include "printers/run.h"
#include "printers/websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_AT_MOST = 400 };

static void check_text(const char *text, size_t size)
{
    require(memchr(text, 0, size) != NULL);
    for (; *text; text++)
        require((unsigned char)*text >= ' ' && *text != 127);
}

static void check_run(const struct run *run, int starts, int intents)
{
    require(starts <= 1 && starts <= intents && run->stage < RUN_STAGE_COUNT);
    require(run->report.state < PRINTER_STATE_COUNT && run->report.progress <= 1);
    check_text(run->report.file, sizeof run->report.file);
    check_text(run->report.job, sizeof run->report.job);
    check_text(run->report.message, sizeof run->report.message);
    check_text(run->why, sizeof run->why);
}

struct input {
    const uint8_t *bytes;
    size_t length;
};

/* The next reply, of a copy with nothing behind it. */
static struct reply next_reply(struct input *input, char **copy)
{
    static const int statuses[] = {0,   200, 201, 204, 400, 401, 403, 404, 409,
                                   422, 503, 200, 202, 213, 226, 495, 550};
    struct reply reply = {0};
    if (input->length < 2)
        return reply;
    size_t length = (size_t)input->bytes[1] * 16;
    reply.status = statuses[input->bytes[0] % (sizeof statuses / sizeof *statuses)];
    reply.never_left = input->bytes[0] == 255;
    input->bytes += 2;
    input->length -= 2;
    length = length < input->length ? length : input->length;
    *copy = malloc(length ? length : 1);
    memcpy(*copy, input->bytes, length);
    reply.body = *copy;
    reply.length = length;
    input->bytes += length;
    input->length -= length;
    return reply;
}

static void run_through(const struct protocol *protocol, struct input input, bool resumed)
{
    struct errand errand = {
        .name = "flow-1.gcode", .size = 1406, .sha1 = "c0ffee", .sha256 = "5ha256", .md5 = "md5"};
    struct run run;
    int64_t now_ms = 1000;
    int starts = 0, intents = resumed;
    (resumed ? run_resume : run_begin)(&run, protocol, &errand, now_ms);
    for (int step = 0; step < STEPS_AT_MOST; step++) {
        struct call call;
        char *copy = NULL;
        enum run_wish wish = run_next(&run, now_ms, &call);
        if (wish == WISH_OVER)
            break;
        if (wish == WISH_WAIT) {
            require(run.wake_ms > now_ms);
            now_ms = run.wake_ms;
        } else if (wish == WISH_INTENT) {
            intents++;
            run_intended(&run, now_ms);
        } else {
            starts += run.stage == RUN_START;
            check_text(call.path, sizeof call.path);
            struct reply reply = next_reply(&input, &copy);
            now_ms += 50;
            run_heard(&run, now_ms, &reply);
            free(copy);
        }
        check_run(&run, starts, intents);
    }
}

/* What it is, where its camera's picture is, and a key that is asked for. */
static void ask_once(const struct protocol *protocol, struct input input)
{
    struct farm_printer printer = {.name = "p", .protocol = protocol, .address = "http://h:1"};
    struct printer_traits traits = {0};
    struct appkey_request request = {0};
    struct picture_place place;
    struct failure failure;
    for (int i = 0; i < 2; i++) {
        char *copy = NULL;
        struct reply reply = next_reply(&input, &copy);
        protocol->hear_traits(i, &reply, &traits);
        (i ? appkey_hear_again : appkey_hear)(&reply, &request);
        picture_kind(reply.body ? reply.body : "", reply.length);
        free(copy);
    }
    check_text(traits.camera, sizeof traits.camera);
    check_text(request.token, sizeof request.token);
    check_text(request.key, sizeof request.key);
    if (picture_place(&printer, traits.camera, &place, &failure))
        require(strstr(place.address, "://h") != NULL && place.path[0] == '/');
}

/* A server that speaks by itself: whatever it sends is read to its end, or left. */
static void listen_to(const struct protocol *protocol, struct input input)
{
    static const uint8_t nonce[WEBSOCKET_NONCE] = "the sample nonce";
    struct websocket_frame frame;
    const char *bytes = (const char *)input.bytes;
    long taken = websocket_read_answer(bytes, input.length, nonce);
    require(taken <= (long)input.length);
    for (size_t at = taken > 0 ? (size_t)taken : 0; at < input.length; at += (size_t)taken) {
        taken = websocket_read(bytes + at, input.length - at, &frame);
        if (taken <= 0)
            break;
        require((size_t)taken <= input.length - at && frame.length < (size_t)taken);
        if (protocol->hear_news)
            require(protocol->hear_news(frame.body, frame.length) <= NEWS_ANEW);
    }
}

/* What a broker sends, whole and in pieces, as what a printer says. */
static void listen(struct input input)
{
    struct bambu_view view = {0};
    struct mqtt_packet packet;
    struct errand errand = {.name = "flow-1.gcode.3mf", .size = 1406};
    long took = 1;
    for (int packets = 0; packets < 64 && took > 0; packets++) {
        char *copy = malloc(input.length ? input.length : 1);
        memcpy(copy, input.bytes, input.length);
        took = mqtt_read(copy, input.length, &packet);
        require(took <= (long)input.length && took <= MQTT_PACKET_AT_MOST + 8);
        if (took > 0 && packet.kind == MQTT_NEWS) {
            require(packet.topic + packet.topic_length <= packet.body &&
                    packet.body + packet.length == copy + took);
            bambu_take(&view, packet.body, packet.length);
        }
        free(copy);
        input.bytes += took > 0 ? took : 0;
        input.length -= took > 0 ? (size_t)took : 0;
    }
    bambu_take(&view, (const char *)input.bytes, input.length);
    char *body = bambu_body(&view);
    if (body) {
        struct reply reply = {.status = BAMBU_KNOWN, .body = body, .length = strlen(body)};
        struct printer_report report = unreported;
        require(reply.length < 20000); /* it does not grow with what is said */
        protocol_bambu.hear_report(0, &reply, &report);
        protocol_bambu.hear_evidence(&errand, &reply);
        check_text(report.file, sizeof report.file);
        check_text(report.job, sizeof report.job);
        check_text(report.message, sizeof report.message);
    }
    free(body);
    bambu_forget(&view);
}

static void read_farm(const uint8_t *bytes, size_t length)
{
    struct farm farm;
    struct failure failure = {""};
    char path[4096];
    const char *folder = getenv("FUZZ_FOLDER");
    require(folder && snprintf(path, sizeof path, "%s/farm.yaml", folder) < (int)sizeof path);
    require(file_write(path, (const char *)bytes, length, &failure));
    if (farm_open(&farm, path, &failure)) {
        for (int i = 0; i < farm.count; i++) {
            const struct farm_printer *printer = &farm.printers[i];
            require(farm_find(&farm, printer->name) == printer);
            require(printer->protocol && *printer->address && printer->slot_count >= 0);
        }
    } else {
        require(*failure.message != 0);
    }
    farm_close(&farm);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    if (bytes[0] == 'w')
        listen_to(&protocol_moonraker, (struct input){bytes + 1, length - 1});
    else if (bytes[0] % 8 == 7 || bytes[0] == 'p')
        read_farm(bytes + (bytes[0] != 'p'), length - (bytes[0] != 'p'));
    else if (bytes[0] % 8 == 5)
        listen((struct input){bytes + 1, length - 1});
    else if (bytes[0] % 8 == 6)
        ask_once(protocols[bytes[0] / 8 % PROTOCOLS_SPOKEN], (struct input){bytes + 1, length - 1});
    else
        run_through(protocols[bytes[0] % PROTOCOLS_SPOKEN], (struct input){bytes + 1, length - 1},
                    bytes[0] >= 128);
    return 0;
}
