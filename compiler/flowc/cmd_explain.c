/* flowc explain RULE: the page of a rule, docs/rules/RULE.md. */
#include "flowc/flowc.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pages stand beside specs/: in the sources below docs/, installed next to it. */
static char *page_path(struct arena *arena, const char *rule)
{
    static const char *const places[] = {"../docs/rules", "../rules"};
    const char *specs = specs_folder(arena);
    for (size_t i = 0; specs && i < sizeof places / sizeof *places; i++) {
        char *path = path_join(arena, path_join(arena, specs, places[i]),
                               arena_printf(arena, "%s.md", rule));
        if (file_exists(path))
            return path;
    }
    return NULL;
}

static int list_rules(void)
{
    struct buffer out = {0};
    const char *family = "";
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct rule_row *row = &rule_rows[i];
        if (strcmp(row->family, family))
            buffer_addf(&out, "%s%s\n", i ? "\n" : "", family = row->family);
        buffer_addf(&out, "  %-22s %-7s %s\n", row->name,
                    row->severity == SEVERITY_ERROR ? "error" : "warning", row->summary);
    }
    bool good = print_out(&out);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int unknown_rule(const char *name)
{
    int best = 0;
    for (int i = 1; i < RULE_COUNT; i++)
        if (edit_distance(name, rule_rows[i].name) < edit_distance(name, rule_rows[best].name))
            best = i;
    complain("there is no rule `%s`", name);
    if (close_enough(name, edit_distance(name, rule_rows[best].name)))
        fprintf(stderr, "did you mean `flowc explain %s`?\n", rule_rows[best].name);
    else
        fputs("`flowc explain` lists them\n", stderr);
    return EXIT_USAGE;
}

static int print_page(const char *name)
{
    enum rule rule = rule_find(name);
    struct arena arena = {0};
    struct failure failure;
    struct buffer out = {0};
    char *text;
    size_t length;
    char *path = page_path(&arena, name);
    int status = EXIT_CLEAN;
    if (!path) {
        bool found = specs_found(&failure);
        complain("the page of `%s` is not installed; in short: %s%s%s", name,
                 rule_rows[rule].summary, found ? "" : "\n", found ? "" : failure.message);
        status = EXIT_ENVIRONMENT;
    } else if (file_read(path, (size_t)1 << 20, &text, &length, &failure) != FILE_OK) {
        complain("%s", failure.message);
        status = EXIT_ENVIRONMENT;
    } else {
        buffer_add(&out, text, length);
        free(text);
        status = print_out(&out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    }
    buffer_free(&out);
    arena_free(&arena);
    return status;
}

int cmd_explain(int argc, char **argv)
{
    const struct verb *verb = verb_find("explain");
    bool done;
    int count = options_read(argc, argv, verb, NULL, 0, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count > 1)
        return usage_error(verb, "one rule at a time");
    if (!count)
        return list_rules();
    return rule_find(argv[1]) == RULE_COUNT ? unknown_rule(argv[1]) : print_page(argv[1]);
}
