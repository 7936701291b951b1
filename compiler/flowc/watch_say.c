/* A line a round, for whoever looks at the terminal beside an editor. */
#include "flowc/watch.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { NAMES_AT_MOST = 3 };

/* The clock is for people: a log has its own. */
static void add_clock(struct buffer *line)
{
    time_t now_s = time(NULL);
    struct tm now;
    if (isatty(STDERR_FILENO) && localtime_r(&now_s, &now))
        buffer_addf(line, "%02d:%02d ", now.tm_hour, now.tm_min);
}

static int add_names(struct buffer *line, const struct watch_round *round)
{
    int made = 0;
    for (int i = 0; i < round->fresh_count; i++)
        for (int p = 0; p < round->fresh[i].product_count; p++) {
            const struct built_product *product = &round->fresh[i].products[p];
            if (product->status != EXIT_CLEAN)
                continue;
            if (made++ < NAMES_AT_MOST)
                buffer_addf(line, "%s%s", made > 1 ? ", " : "", product->name);
        }
    if (made > NAMES_AT_MOST)
        buffer_addf(line, " and %d more", made - NAMES_AT_MOST);
    return made;
}

static void add_count(struct buffer *line, const char *between, int count, const char *what)
{
    buffer_addf(line, "%s%d %s%s", between, count, what, count == 1 ? "" : "s");
}

/* What is wrong with files: the documents that they made when they were right stay. */
static void add_findings(struct buffer *line, const struct watch_round *round)
{
    int warnings = 0;
    for (int i = 0; i < round->fresh_count; i++) {
        const struct built_file *file = &round->fresh[i];
        warnings += file->errors ? 0 : file->warnings;
        if (file->errors) {
            buffer_addf(line, "; %s has", file->path);
            add_count(line, " ", file->errors, "error");
            buffer_add_text(line, ", its last documents stay");
        } else if (file->status != EXIT_CLEAN) {
            buffer_addf(line, "; %s failed", file->path);
        }
    }
    if (warnings)
        add_count(line, ", ", warnings, "warning");
}

void watch_say(void *context, const struct watch_round *round)
{
    struct buffer line = {0}, names = {0};
    (void)context;
    for (int i = 0; i < round->fresh_count; i++) {
        const struct built_file *file = &round->fresh[i];
        fwrite(buffer_text(&file->error), 1, file->error.length, stderr);
        for (int p = 0; p < file->product_count; p++)
            fwrite(buffer_text(&file->products[p].error), 1, file->products[p].error.length,
                   stderr);
    }
    add_clock(&line);
    int made = add_names(&names, round);
    buffer_addf(&line, "%s %s in %.1f s", round->number == 1 ? "built" : "rebuilt",
                made ? names.text : "nothing", round->seconds);
    add_findings(&line, round);
    if (round->number == 1)
        add_count(&line, "; watching ", round->count, "file");
    fprintf(stderr, "%s\n", line.text);
    buffer_free(&line);
    buffer_free(&names);
}
