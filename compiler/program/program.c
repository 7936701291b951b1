/* Which verb was asked for. */
#include "program/program.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

const struct verb *verb_find(const char *name)
{
    for (int i = 0; i < program.verb_count; i++)
        if (strcmp(program.verbs[i].name, name) == 0)
            return &program.verbs[i];
    return NULL;
}

static int print_help(void)
{
    struct buffer text = {0};
    buffer_addf(&text, "%s\n\nusage: %s VERB ...\n\n", program.summary, program.name);
    for (int i = 0; i < program.verb_count; i++)
        buffer_addf(&text, "  %-12s %-20s %s\n", program.verbs[i].name, program.verbs[i].arguments,
                    program.verbs[i].summary);
    buffer_addf(&text,
                "\n`%s VERB --help` has its options and examples. With every verb: --color "
                "auto|always|never.\n\n%s%s",
                program.name, program.closing, program.exits);
    bool written = print_out(&text);
    buffer_free(&text);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int print_version(void)
{
    struct buffer text = {0};
    buffer_addf(&text, "%s\n", program.version);
    bool written = print_out(&text);
    buffer_free(&text);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int unknown_verb(const char *name)
{
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; i < program.verb_count; i++) {
        int distance = edit_distance(name, program.verbs[i].name);
        if (distance < nearest)
            nearest = distance, best = program.verbs[i].name;
    }
    complain("there is no verb `%s`", name);
    if (best && close_enough(name, nearest))
        fprintf(stderr, "did you mean `%s %s`?\n", program.name, best);
    else
        fprintf(stderr, "`%s --help` lists them\n", program.name);
    return EXIT_USAGE;
}

int program_run(int argc, char **argv)
{
    answer_for_faults();
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is a full disk: refused, and said */
    setlocale(LC_ALL, "C");   /* no figure depends on whose machine it is */
    if (argc < 2) {
        fprintf(stderr, "usage: %s VERB ...; `%s --help` lists the verbs\n", program.name,
                program.name);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
    if (help && argc > 2 && verb_find(argv[2])) { /* flowc help check */
        char *again[] = {argv[2], (char[]){"--help"}, NULL};
        return verb_find(argv[2])->run(2, again);
    }
    if (help)
        return print_help();
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0 || strcmp(word, "version") == 0)
        return print_version();
    const struct verb *verb = verb_find(word);
    return verb ? verb->run(argc - 1, argv + 1) : unknown_verb(word);
}
