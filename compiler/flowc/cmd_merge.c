/* flowc merge-driver BASE OURS THEIRS: what git calls to merge a spec that two branches changed. */
#include "base/file.h"
#include "base/sink.h"
#include "diff/merge.h"
#include "flowc/flowc.h"
#include "flowc/git.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_AT_MOST = 64 << 20, MARKER_AT_MOST = 200 };

struct request {
    const char *base, *ours, *theirs, *path;
    int marker;
    bool print;
};

/* The whole file, freed by the caller. */
static bool read_side(struct merge_side *side, const char *name, const char *path, char **text)
{
    struct failure failure;

    if (file_read(path, TEXT_AT_MOST, text, &side->length, &failure) != FILE_OK) {
        complain("%s", failure.message);
        return false;
    }
    side->name = name;
    side->text = *text;
    return true;
}

/* As git would without us, by lines: one version cannot be read as a spec. The number of conflicts, or -1. */
static int merge_lines(const struct request *request, struct buffer *out)
{
    char marker[24];
    char *paths[3];
    const char *const names[3] = {request->ours, request->base, request->theirs};
    struct failure failure;
    bool found = true;

    snprintf(marker, sizeof marker, "--marker-size=%d", request->marker);
    for (int i = 0; i < 3; i++) {
        paths[i] = realpath(names[i], NULL);
        found &= paths[i] != NULL;
    }
    int status = -1;
    if (found)
        status =
            git_run(NULL,
                    (const char *const[]){"merge-file", "-p", marker, "-L", "ours", "-L", "base",
                                          "-L", "theirs", paths[0], paths[1], paths[2], NULL},
                    out, NULL, &failure);
    else
        fail(&failure, "%s, %s or %s is gone", names[0], names[1], names[2]);
    for (int i = 0; i < 3; i++)
        free(paths[i]);
    if (status < 0 || status > 127) {
        complain("%s", status < 0 ? failure.message : "git merge-file could not merge the lines");
        return -1;
    }
    return status;
}

static enum exit_status finish(const struct request *request, const struct buffer *out,
                               int conflicts)
{
    struct failure failure;

    if (request->print) {
        if (!print_out(out))
            return EXIT_ENVIRONMENT;
    } else if (!file_write(request->ours, buffer_text(out), out->length, &failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    if (conflicts)
        fprintf(stderr, "flowc: %s: %d conflict%s\n", request->path, conflicts,
                conflicts == 1 ? "" : "s");
    return conflicts ? EXIT_FINDINGS : EXIT_CLEAN;
}

static enum exit_status merge(const struct request *request)
{
    struct merge_side base, ours, theirs;
    char *texts[3] = {NULL, NULL, NULL};
    struct buffer out = {0};
    enum exit_status status = EXIT_ENVIRONMENT;

    if (read_side(&base, "base", request->base, &texts[0]) &&
        read_side(&ours, "ours", request->ours, &texts[1]) &&
        read_side(&theirs, "theirs", request->theirs, &texts[2])) {
        int conflicts = merge_files(&base, &ours, &theirs, request->marker, &out);
        if (conflicts < 0) {
            fprintf(stderr, "flowc: %s cannot be read as a spec on every side; merging its lines\n",
                    request->path);
            conflicts = merge_lines(request, &out);
        }
        if (conflicts >= 0)
            status = finish(request, &out, conflicts);
    }
    buffer_free(&out);
    for (int i = 0; i < 3; i++)
        free(texts[i]);
    return status;
}

int cmd_merge_driver(int argc, char **argv)
{
    const struct verb *verb = verb_find("merge-driver");
    struct request request = {.marker = 7};
    const char *marker = "7", *path = NULL;
    const struct option_row options[] = {{"--marker-size", true, &marker, NULL},
                                         {"--path", true, &path, NULL},
                                         {"--print", false, NULL, &request.print}};
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 3)
        return usage_error(verb, "it wants three files: the base, ours and theirs");
    char *end;
    long size = strtol(marker, &end, 10);
    if (*end || end == marker || size < 1 || size > MARKER_AT_MOST)
        return usage_error(verb, "--marker-size wants a number from 1 to %d, not `%s`",
                           MARKER_AT_MOST, marker);
    request.marker = (int)size;
    request.base = argv[1];
    request.ours = argv[2];
    request.theirs = argv[3];
    request.path = path ? path : argv[2];
    return merge(&request);
}
