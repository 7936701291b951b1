/* How long reading alone takes, which no verb of flowc does alone.
   usage: bench_phases parse|load|check FILE: prints CPU seconds and the peak of resident bytes. */
#include "base/file.h"
#include "check/check.h"
#include "syntax/tree.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static double seconds_used(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void print_usage(double began, const struct diagnostics *diagnostics)
{
    struct rusage usage;
    double seconds = seconds_used() - began;
    getrusage(RUSAGE_SELF, &usage);
    printf("%.6f s, %ld bytes, %d diagnostics\n", seconds, usage.ru_maxrss * 1024L,
           diagnostics->count);
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics = {.arena = &arena};
    struct failure failure = {""};

    if (argc != 3) {
        fputs("usage: bench_phases parse|load|check FILE\n", stderr);
        return 2;
    }
    double began = seconds_used();
    interner_open(&names, &arena);
    source_set_open(&sources, &arena);
    if (strcmp(argv[1], "parse") == 0) {
        size_t length = 0;
        char *text = NULL;
        file_read(argv[2], SIZE_MAX, &text, &length, &failure);
        struct source *source = text ? source_add(&sources, argv[2], ".", text, length) : NULL;
        if (source)
            parse(source, &arena, &names, &diagnostics);
    } else {
        struct spec *spec = spec_load(argv[2], &arena, &names, &sources, &diagnostics, &failure);
        if (spec && strcmp(argv[1], "check") == 0)
            check(spec);
    }
    if (failure.message[0]) {
        fprintf(stderr, "bench_phases: %s\n", failure.message);
        return 3;
    }
    print_usage(began, &diagnostics);
    return 0;
}
