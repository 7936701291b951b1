/* Any bytes as what a printer's server answers, and as farm.yaml. Whatever is answered, a run makes the starting call at most
   once, and not before the intent; texts stay within their bounds and without control characters. The first byte says what
   it is; replies are a byte of status, a byte of length in 16s, and the body. */
#include "harness.h"

#include "base/file.h"
#include "base/sink.h"
#include "printers/farm.h"
#include "printers/run.h"

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
    static const int statuses[] = {0, 200, 201, 204, 400, 401, 403, 404, 409, 422, 503, 200};
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
    struct errand errand = {"flow-1.gcode", 1406, "c0ffee", "5ha256"};
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
    static const struct protocol *const protocols[] = {&protocol_octoprint, &protocol_moonraker,
                                                       &protocol_prusalink};
    if (length == 0)
        return 0;
    if (bytes[0] % 8 == 7 || bytes[0] == 'p')
        read_farm(bytes + (bytes[0] != 'p'), length - (bytes[0] != 'p'));
    else
        run_through(protocols[bytes[0] % 3], (struct input){bytes + 1, length - 1},
                    bytes[0] >= 128);
    return 0;
}
