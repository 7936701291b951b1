#include "flowd/printer_errands.h"

#include "flowd/flowd.h"
#include "printers/answers.h"
#include "printers/appkey.h"
#include "printers/inquiry.h"
#include "printers/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- what it is ---- */

static struct printer_traits ask_traits(struct inquiry *inquiry, const struct protocol *protocol)
{
    struct printer_traits traits = {0};
    struct call call = {.method = "GET"};
    for (int i = 0; protocol->ask_traits && protocol->ask_traits(i, &call); i++) {
        protocol->hear_traits(i, inquiry_ask(inquiry, NULL, &call), &traits);
        call = (struct call){.method = "GET"};
    }
    return traits;
}

static void show_length(const char *name, int64_t length_um)
{
    printf("  %-26s ", name);
    if (length_um)
        printf("%lld.%02lld mm\n", (long long)(length_um / 1000),
               (long long)(length_um % 1000 / 10));
    else
        puts("not said");
}

static bool is_bad_nozzle(const struct farm_printer *printer, const struct printer_traits *traits)
{
    return printer->nozzle_um && traits->nozzle_um && printer->nozzle_um != traits->nozzle_um;
}

bool reaches_files(const struct farm_printer *printer, char *words, size_t size)
{
    static const struct errand none = {.name = "flow-is-not-there.gcode", .size = -1};
    struct call call = {.method = "GET"};
    struct failure failure;
    struct inquiry *inquiry = inquiry_open(printer, &failure);
    if (!inquiry)
        return false;
    printer->protocol->ask_stored(&none, &call);
    const struct reply *reply = inquiry_ask(inquiry, NULL, &call);
    bool good = printer->protocol->hear_stored(&none, reply) == DEED_NOT_DONE;
    reply_words(reply, words, size);
    inquiry_close(inquiry);
    return good;
}

void show_traits(const struct farm_printer *printer)
{
    struct failure failure;
    struct picture_place place;
    struct inquiry *inquiry = inquiry_open(printer, &failure);
    if (!inquiry)
        return;
    struct printer_traits traits = ask_traits(inquiry, printer->protocol);
    const int *volume = traits.volume_mm;

    show_length("nozzle", traits.nozzle_um ? traits.nozzle_um : printer->nozzle_um);
    if (is_bad_nozzle(printer, &traits))
        printf("  %-26s farm.yaml says another: correct the one that is wrong\n", "");
    printf("  %-26s ", "volume");
    if (volume[0] && volume[1] && volume[2])
        printf("%d x %d x %d mm\n", volume[0], volume[1], volume[2]);
    else
        puts("not said");
    printf("  %-26s %s\n", "pauses",
           traits.pauses ? "yes" : "no: Klipper's settings lack [pause_resume]");
    if (picture_place(printer, traits.camera, &place, &failure))
        printf("  %-26s %s%s\n", "camera", place.address, place.path);
    else
        printf("  %-26s %s\n", "camera",
               *traits.camera ? failure.message : "none that its server knows");
    inquiry_close(inquiry);
}

/* ---- the camera's picture ---- */

static int keep_picture(const struct farm_printer *printer, const struct reply *reply,
                        const char *file)
{
    char name[300];
    struct buffer out = {0};
    const char *kind = picture_kind(reply->body, reply->length);
    if (!kind) {
        complain(reply->status == 0     ? "the camera of %s does not answer, or with over 16 MB"
                 : reply->status != 200 ? "the camera of %s gives no picture (it answers %d)"
                                        : "what the camera of %s gives is no picture: neither "
                                          "JPEG, PNG nor WebP",
                 printer->name, reply->status);
        return EXIT_FINDINGS;
    }
    snprintf(name, sizeof name, "%.200s.%s", printer->name, kind);
    buffer_add(&out, reply->body, reply->length);
    int status = desk_put(file ? file : name, &out);
    if (status == EXIT_CLEAN)
        printf("%s: %zu kB\n", file ? file : name, (reply->length + 999) / 1000);
    buffer_free(&out);
    return status;
}

int take_snapshot(const struct farm_printer *printer, const char *file)
{
    struct failure failure;
    struct picture_place place;
    struct call call = {.method = "GET"};
    struct inquiry *inquiry = inquiry_open(printer, &failure);
    if (!inquiry) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    struct printer_traits traits = {0};
    if (!printer->camera)
        traits = ask_traits(inquiry, printer->protocol);
    int status = EXIT_FINDINGS;
    if (picture_place(printer, traits.camera, &place, &failure)) {
        snprintf(call.path, sizeof call.path, "%s", place.path);
        const char *address = place.is_server ? NULL : place.address;
        status = keep_picture(printer, inquiry_ask(inquiry, address, &call), file);
    } else {
        complain("%s", failure.message);
    }
    inquiry_close(inquiry);
    return status;
}

/* ---- a key ---- */

/* Only its owner can read it, from the first byte on. */
static bool write_secret(const char *path, const char *secret, struct failure *failure)
{
    char beside[1200];
    snprintf(beside, sizeof beside, "%.1150s.%ld", path, (long)getpid());
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(failure, "%.200s cannot be written: %s", beside, strerror(errno));
    size_t length = strlen(secret);
    bool good = write(file, secret, length) == (ssize_t)length && write(file, "\n", 1) == 1 &&
                fsync(file) == 0;
    good = close(file) == 0 && good && rename(beside, path) == 0;
    if (!good) {
        fail(failure, "%.200s cannot be written: %s", path, strerror(errno));
        unlink(beside);
    }
    return good;
}

/* Asks as long as a person takes, a second apart: OctoPrint forgets who is silent for five. */
static enum appkey wait_for_person(struct inquiry *inquiry, struct appkey_request *request)
{
    enum { SILENT_AT_MOST = 3 };
    enum appkey now = APPKEY_WAITING;
    for (int silent = 0;
         now == APPKEY_WAITING || (now == APPKEY_UNHEARD && silent < SILENT_AT_MOST);
         silent = now == APPKEY_UNHEARD ? silent + 1 : 0) {
        struct call call;
        struct timespec second = {.tv_sec = 1};
        nanosleep(&second, NULL);
        appkey_ask_again(request, &call);
        now = appkey_hear_again(inquiry_ask(inquiry, NULL, &call), request);
    }
    return now;
}

static const char *why_no_key(enum appkey end, int status)
{
    return end == APPKEY_DENIED ? "nobody said yes, or somebody said no; write it again"
           : status == 404
               ? "its OctoPrint has no application keys: make a user key in its settings, "
                 "and put it into the key file yourself"
           : status == 429 ? "it was asked too often; wait ten minutes"
                           : "it does not answer as an OctoPrint; `flowd printers test` says more";
}

static int fetch(struct inquiry *inquiry, const struct farm_printer *printer)
{
    struct call call;
    struct failure failure;
    struct appkey_request request = {0};
    appkey_ask(&call);
    const struct reply *reply = inquiry_ask(inquiry, NULL, &call);
    int status = reply->status;
    enum appkey now = appkey_hear(reply, &request);
    if (now == APPKEY_WAITING) {
        printf("Open %s in a browser, sign in, and click \"Allow\" where it says that \"flowd\" "
               "asks for access.\nWaiting ...\n",
               printer->address);
        fflush(stdout);
        now = wait_for_person(inquiry, &request);
    }
    if (now != APPKEY_GIVEN) {
        complain("no key of %s: %s", printer->name, why_no_key(now, status));
        return EXIT_FINDINGS;
    }
    bool good = write_secret(printer->key_file, request.key, &failure);
    explicit_bzero(&request, sizeof request);
    if (!good) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    printf("the key of %s is in %s\n", printer->name, printer->key_file);
    return EXIT_CLEAN;
}

int fetch_key(const struct farm_printer *printer)
{
    struct failure failure;
    if (printer->protocol != &protocol_octoprint || !printer->key_file) {
        complain(
            printer->key_file
                ? "only OctoPrint gives keys; %s is another, whose key stands in its settings"
                : "where is the key of %s to stand? Write `key_file: PATH` below it in farm.yaml",
            printer->name);
        return EXIT_USAGE;
    }
    struct inquiry *inquiry = inquiry_open(printer, &failure);
    if (!inquiry) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    int status = fetch(inquiry, printer);
    inquiry_close(inquiry);
    return status;
}
