#include "slicing/slicer.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/sink.h"
#include "slicing/child.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- which ---- */

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool find_in_path(const char *name, char found[4096])
{
    const char *path = getenv("PATH");
    if (strchr(name, '/'))
        return snprintf(found, 4096, "%s", name) < 4096 && is_program(found);
    while (path && *path) {
        int length = (int)strcspn(path, ":");
        if (length < 4000 &&
            snprintf(found, 4096, "%.*s/%s", length ? length : 1, length ? path : ".", name) <
                4096 &&
            is_program(found))
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

/* The first line that is none of its log's. */
static void take_version(void *context, const char *text)
{
    struct slicer *slicer = context;
    if (!slicer->version[0] && text[0] && text[0] != '[')
        snprintf(slicer->version, sizeof slicer->version, "%s", text);
}

bool slicer_find(const char *name, struct slicer *slicer, struct failure *failure)
{
    enum { VERSION_LIMIT_S = 30 };
    *slicer = (struct slicer){.path = ""};
    if (!find_in_path(name, slicer->path))
        return fail(failure,
                    "there is no slicer `%s`; install PrusaSlicer (on Debian: apt-get install "
                    "prusa-slicer), or say where it is: --slicer PATH",
                    name);
    const char *const arguments[] = {slicer->path, "--help", NULL};
    struct child child = {.arguments = arguments,
                          .limit_s = VERSION_LIMIT_S,
                          .line = take_version,
                          .context = slicer};
    enum child_end end = child_run(&child);
    if (end == CHILD_INTERRUPTED) {
        raise(child.number);
        return fail(failure, "interrupted");
    }
    if (end == CHILD_EXITED && strstr(slicer->version, "Slicer"))
        return true;
    return fail(failure,
                "%s does not say which slicer it is%s; --slicer names another, and `%s --help` "
                "shows what is wrong with this one",
                slicer->path, end == CHILD_LATE ? ", and had to be ended" : "", slicer->path);
}

/* ---- what was answered before ---- */

static bool cache_path(const char *key, char path[4200])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (cache && cache[0] == '/')
        length = snprintf(path, 4200, "%s/flowc/sliced/%s.gcode", cache, key);
    else if (home && home[0] == '/')
        length = snprintf(path, 4200, "%s/.cache/flowc/sliced/%s.gcode", home, key);
    return length > 0 && length < 4200;
}

/* Of everything that the G-code follows from. */
static bool key_of(const struct slicer *slicer, const struct slicing_request *request, char key[65],
                   struct failure *failure)
{
    char settings[65], plate[65], all[65 * 2 + sizeof slicer->version + 16];
    if (!file_sha256(request->settings, settings, failure))
        return false;
    sha256_hex(request->plate, request->plate_length, plate);
    int length = snprintf(all, sizeof all, "%s\n%s\n%s\n", plate, settings, slicer->version);
    sha256_hex(all, (size_t)length, key);
    return true;
}

/* A whole job says its time, and what it takes: its last lines do. */
const struct gcode_facts *slicer_facts(const char *path, struct arena *arena, char problem[160])
{
    struct gcode gcode;
    gcode_read(path, arena, &gcode);
    snprintf(problem, 160, "%s", gcode.problem);
    if (gcode.status != GCODE_READ)
        return NULL;
    if (gcode.plates->time_s.said && gcode.plates->total_mm.said)
        return gcode.plates;
    snprintf(problem, 160, "it ends before it says its time and its filament");
    return NULL;
}

/* ---- a folder of its own, with nothing of it left ---- */

static bool make_folder(char folder[4096], struct failure *failure)
{
    const char *temporary = getenv("TMPDIR");
    if (!temporary || temporary[0] != '/')
        temporary = "/tmp";
    if (snprintf(folder, 4096, "%.4000s/flowc-slice-XXXXXX", temporary) < 4096 && mkdtemp(folder))
        return true;
    folder[0] = '\0';
    return fail(failure, "no folder can be made in %s to slice in: %m; TMPDIR names another",
                temporary);
}

/* ---- one run ---- */

static void hear_progress(void *context, const char *text)
{
    const struct slicing_request *request = context;
    int percent;
    if (request->progress && sscanf(text, "%d =>", &percent) == 1 && percent >= 0 && percent <= 100)
        request->progress(request->context, percent);
}

/* What it said of errors, without the marks of its log. */
static void keep_said(const char *said, char kept[2048])
{
    struct buffer text = {0};
    for (const char *line = said; *line;) {
        size_t length = strcspn(line, "\n");
        bool log = line[0] == '[' && !memmem(line, length, "[error]", 7) &&
                   !memmem(line, length, "[fatal]", 7);
        if (length && !log) {
            buffer_add(&text, line, length);
            buffer_add_char(&text, '\n');
        }
        line += length + (line[length] == '\n');
    }
    snprintf(kept, 2048, "%s", buffer_text(&text));
    buffer_free(&text);
}

static bool explain(const struct slicer *slicer, const struct slicing_request *request,
                    enum child_end end, const struct child *child, struct failure *failure)
{
    switch (end) {
    case CHILD_EXITED:
        return child->number == 0 ||
               fail(failure,
                    "%s ends with %d; what it says stands above, and the plate and %s are what it "
                    "was given",
                    slicer->path, child->number, request->settings);
    case CHILD_SIGNALED:
        return fail(failure,
                    "%s was ended by signal %d (%s); run it again, with more memory if it was "
                    "killed for want of it",
                    slicer->path, child->number, strsignal(child->number));
    case CHILD_LATE:
        return fail(failure,
                    "%s was at it for %ld s and was ended; --timeout SECONDS gives it more, or "
                    "put less on the plate",
                    slicer->path, request->limit_s);
    case CHILD_INTERRUPTED:
        return fail(failure, "interrupted");
    case CHILD_UNSTARTED:
        break;
    }
    return fail(failure, "%s cannot be started: %s", slicer->path, strerror(child->number));
}

/* Slices within the folder, into out.gcode there. The settings of whoever runs it are out of the way: its datadir is the
   folder. */
static bool slice_in(const char *folder, const struct slicer *slicer,
                     const struct slicing_request *request, int *signal_got, char slicer_said[2048],
                     struct failure *failure)
{
    char plate[4200], settings[4200], output[4200];
    snprintf(plate, sizeof plate, "%s/plate.3mf", folder);
    snprintf(settings, sizeof settings, "%s/settings.ini", folder);
    snprintf(output, sizeof output, "%s/out.gcode", folder);
    if (!file_write(plate, request->plate, request->plate_length, failure) ||
        !file_copy(request->settings, settings, failure))
        return false;
    const char *const arguments[] = {
        slicer->path,     "--datadir", folder, "--load", settings, "--dont-arrange",
        "--export-gcode", "--output",  output, plate,    NULL};
    struct slicing_request heard = *request;
    struct child child = {.arguments = arguments,
                          .limit_s = request->limit_s,
                          .line = hear_progress,
                          .context = &heard};
    enum child_end end = child_run(&child);
    keep_said(child.said, slicer_said);
    *signal_got = end == CHILD_INTERRUPTED ? child.number : 0;
    return explain(slicer, request, end, &child, failure);
}

static bool slice_anew(const struct slicer *slicer, const struct slicing_request *request,
                       const char *kept, char slicer_said[2048], struct failure *failure)
{
    char folder[4096], output[4200], problem[160];
    struct arena arena = {0};
    int signal_got = 0;
    if (!make_folder(folder, failure))
        return false;
    snprintf(output, sizeof output, "%s/out.gcode", folder);
    bool good = slice_in(folder, slicer, request, &signal_got, slicer_said, failure);
    if (good && !slicer_facts(output, &arena, problem))
        good = fail(failure,
                    "%s says that all is well, and what it wrote is no whole G-code: %s; slice the "
                    "plate by hand to see why, or name another slicer with --slicer",
                    slicer->path, problem);
    if (good)
        good = file_copy(output, request->output, failure);
    if (good && kept) {
        struct failure none; /* a cache that cannot be written is no reason to stop */
        file_copy(output, kept, &none);
    }
    arena_free(&arena);
    folder_remove(folder);
    if (signal_got)
        raise(signal_got);
    return good;
}

void slicer_forget(const struct slicer *slicer, const struct slicing_request *request)
{
    char key[65], kept[4200];
    struct failure none;
    if (key_of(slicer, request, key, &none) && cache_path(key, kept))
        remove(kept);
}

bool slicer_run(const struct slicer *slicer, const struct slicing_request *request,
                struct arena *arena, const struct gcode_facts **facts, bool *from_cache,
                char slicer_said[2048], struct failure *failure)
{
    char key[65], kept[4200], problem[160];
    slicer_said[0] = '\0';
    if (!key_of(slicer, request, key, failure))
        return false;
    bool cached = request->use_cache && cache_path(key, kept);
    *from_cache = cached && file_exists(kept) && slicer_facts(kept, arena, problem) &&
                  file_copy(kept, request->output, failure);
    if (!*from_cache && !slice_anew(slicer, request, cached ? kept : NULL, slicer_said, failure))
        return false;
    *facts = slicer_facts(request->output, arena, problem);
    return *facts || fail(failure, "%s: %s", request->output, problem);
}
