/* flowc: the table of verbs, and which one was asked for. */
#include "flowc/flowc.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#ifndef FLOW_VERSION
#define FLOW_VERSION "0.0.0"
#endif

const struct verb verbs[] = {
    {"init", "DIR", "make a starter shop that checks clean",
     "DIR is made; nothing in it is written over.\n", cmd_init},
    {"check", "PATH...", "say what is wrong with a spec",
     "  --format human|short|json|sarif|github   how to say it (human)\n"
     "  --deny warnings                          warnings are findings too\n"
     "  --fix                                    apply the fixes that are certain\n"
     "  --max-errors N                           show at most N (20; 0 for all)\n"
     "PATH is a file, a folder (every .flow file in it that has a product), or - for standard "
     "input.\n",
     cmd_check},
    {"fmt", "PATH...", "lay out specs as the manual does",
     "  --check   change nothing, name the files that would change, exit with 1 if there are any\n"
     "  --diff    show what would change\n"
     "PATH - lays out standard input to standard output.\n",
     cmd_fmt},
    {"build", "PATH... -o DIR", "make the documents",
     "  -o DIR           where they go, a folder a product\n"
     "  --only LIST      of instructions, diagram, workbook, packet, labels, forms, spec\n"
     "  --paper a4|letter\n",
     cmd_build},
    {"cost", "PATH --quantity N", "say what a product costs and where the money goes",
     "  --quantity N          how many\n"
     "  --product P           of this product (all)\n"
     "  --sku S               of this SKU (all)\n"
     "  --format human|json   how to say it (human)\n",
     cmd_cost},
    {"graph", "PATH", "draw the flow diagram to standard output",
     "  --product P                 of this product (the only one)\n"
     "  --sku S                     of this SKU (all steps)\n"
     "  --format dot|svg|pdf|png    (dot)\n",
     cmd_graph},
    {"fingerprint", "PATH", "print the fingerprint of what voids an approval",
     "  --product P   of this product (all)\n", cmd_fingerprint},
    {"explain", "RULE", "say what a rule is about, with an example broken and mended",
     "Without RULE: all rules, a line each.\n", cmd_explain},
    {"doctor", "", "say whether everything this tool needs is there", "", cmd_doctor},
    {"completions", "bash|zsh|fish", "print completions for a shell", "", cmd_completions},
};
const int verb_count = (int)(sizeof verbs / sizeof *verbs);

const struct verb *verb_find(const char *name)
{
    for (int i = 0; i < verb_count; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static int print_help(void)
{
    struct buffer text = {0};
    buffer_add_text(&text, "flowc: checks the workflow of a small shop, and writes what it prints, "
                           "prices and sends.\n\n"
                           "usage: flowc VERB ...\n\n");
    for (int i = 0; i < verb_count; i++)
        buffer_addf(&text, "  %-12s %-20s %s\n", verbs[i].name, verbs[i].arguments,
                    verbs[i].summary);
    buffer_add_text(
        &text, "\n`flowc VERB --help` says more. --color auto|always|never goes with every verb; "
               "NO_COLOR is honored.\n"
               "Exit: 0 clean, 1 findings, 2 usage, 3 files or environment, 4 our own fault.\n");
    bool written = print_out(&text);
    buffer_free(&text);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int unknown_verb(const char *name)
{
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; i < verb_count; i++) {
        int distance = edit_distance(name, verbs[i].name);
        if (distance < nearest)
            nearest = distance, best = verbs[i].name;
    }
    complain("there is no verb `%s`", name);
    if (best && close_enough(name, nearest))
        fprintf(stderr, "did you mean `flowc %s`?\n", best);
    else
        fputs("`flowc --help` lists them\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    answer_for_faults();
    setlocale(LC_ALL, "C"); /* no figure depends on whose machine it is */
    if (argc < 2) {
        fputs("usage: flowc VERB ...; `flowc --help` lists the verbs\n", stderr);
        return EXIT_USAGE;
    }
    bool help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
                strcmp(argv[1], "help") == 0;
    if (help && argc > 2 && verb_find(argv[2])) { /* flowc help check */
        char *again[] = {argv[2], (char[]){"--help"}, NULL};
        return verb_find(argv[2])->run(2, again);
    }
    if (help)
        return print_help();
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        struct buffer text = {0};
        buffer_add_text(&text, "flowc " FLOW_VERSION ", language edition 1\n");
        bool written = print_out(&text);
        buffer_free(&text);
        return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    }
    const struct verb *verb = verb_find(argv[1]);
    return verb ? verb->run(argc - 1, argv + 1) : unknown_verb(argv[1]);
}
