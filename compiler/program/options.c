#include "program/program.h"

#include "base/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color = COLOR_AUTO;

bool color_wanted(bool standard_error)
{
    const char *none = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    if ((none && *none) || (term && strcmp(term, "dumb") == 0))
        return false;
    return isatty(standard_error ? STDERR_FILENO : STDOUT_FILENO);
}

void complain(const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s: ", program.name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

int usage_error(const struct verb *verb, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s %s: ", program.name, verb->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nusage: %s %s%s%s; `%s %s --help` says more\n", program.name, verb->name,
            *verb->arguments ? " " : "", verb->arguments, program.name, verb->name);
    return EXIT_USAGE;
}

/* A terminal that is sent the bytes of a PDF or a PNG shows none of it, and may be unusable then. */
static bool is_no_text(const struct buffer *text)
{
    return strncmp(buffer_text(text), "%PDF-", 5) == 0 ||
           strncmp(buffer_text(text), "\x89PNG", 4) == 0;
}

bool print_out(const struct buffer *text)
{
    if (isatty(STDOUT_FILENO) && is_no_text(text)) {
        complain("this is no text, and standard output is a terminal: > FILE says where it goes");
        return false;
    }
    bool good =
        fwrite(buffer_text(text), 1, text->length, stdout) == text->length && fflush(stdout) == 0;
    if (!good)
        complain("standard output cannot be written: %s", strerror(errno));
    return good;
}

static void print_verb_help(const struct verb *verb)
{
    struct buffer text = {0};
    buffer_addf(&text, "%s %s: %s.\n\nusage: %s %s%s%s\n", program.name, verb->name, verb->summary,
                program.name, verb->name, *verb->arguments ? " " : "", verb->arguments);
    if (*verb->help)
        buffer_addf(&text, "\n%s", verb->help);
    if (program.describe)
        program.describe(&text, verb);
    buffer_addf(&text, "\nExamples:\n%s\n--color auto|always|never goes with every verb.\n%s",
                verb->examples, program.exits);
    bool written = print_out(&text);
    buffer_free(&text);
    if (!written)
        exit(EXIT_ENVIRONMENT); /* to its caller a help that was asked for is no failure */
}

static bool set_color(const char *value)
{
    static const char *const words[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (strcmp(value, words[i]) == 0) {
            color = i == 0 ? COLOR_AUTO : i == 1 ? COLOR_ALWAYS : COLOR_NEVER;
            return true;
        }
    return false;
}

static const struct option_row *find_option(const char *word, size_t length,
                                            const struct option_row *options, int count)
{
    for (int i = 0; i < count; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, word, length) == 0)
            return &options[i];
    return NULL;
}

static int unknown_option(const struct verb *verb, const char *word,
                          const struct option_row *options, int count)
{
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; i < count; i++) {
        int distance = edit_distance(word, options[i].name);
        if (distance < nearest)
            nearest = distance, best = options[i].name;
    }
    if (best && close_enough(word, nearest))
        usage_error(verb, "there is no option `%s`; did you mean `%s`?", word, best);
    else
        usage_error(verb, "there is no option `%s`", word);
    return -1;
}

/* A reading below zero is an argument: no option begins with a digit. */
static bool is_negative(const char *word)
{
    return word[0] == '-' && strchr("0123456789.", word[1]) && word[1];
}

int options_read(int argc, char **argv, const struct verb *verb, const struct option_row *options,
                 int option_count, bool *done)
{
    const char *color_value = NULL;
    const struct option_row color_row = {"--color", true, &color_value, NULL};
    int arguments = 0;
    bool rest = false;
    *done = false;
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        if (rest || word[0] != '-' || strcmp(word, "-") == 0 || is_negative(word)) {
            argv[1 + arguments++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            rest = true;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            print_verb_help(verb);
            *done = true;
            return 0;
        }
        size_t length = strcspn(word, "=");
        const struct option_row *option = find_option(word, length, options, option_count);
        if (!option && strncmp(word, "--color", length) == 0 && length == 7)
            option = &color_row;
        if (!option)
            return unknown_option(verb, word, options, option_count);
        if (!option->takes_value && word[length]) {
            usage_error(verb, "`%s` takes no value", option->name);
            return -1;
        }
        if (!option->takes_value) {
            *option->flag = true;
            continue;
        }
        const char *value = word[length] ? word + length + 1 : i + 1 < argc ? argv[++i] : NULL;
        if (!value) {
            usage_error(verb, "`%s` wants a value", option->name);
            return -1;
        }
        *option->value = value;
        if (option == &color_row && !set_color(value)) {
            usage_error(verb, "--color is auto, always or never, not `%s`", value);
            return -1;
        }
    }
    return arguments;
}

/* ---- paths ---- */

struct path_list {
    struct arena *arena;
    const char *const *endings; /* of the files that a folder stands for; NULL behind the last */
    const char **paths;
    int count, capacity;
};

static void add_path(struct path_list *list, const char *path)
{
    if (list->count == list->capacity) {
        int capacity = list->capacity ? list->capacity * 2 : 16;
        const char **paths = ARENA_ARRAY(list->arena, const char *, capacity);
        if (list->count)
            memcpy(paths, list->paths, sizeof *paths * (size_t)list->count);
        list->paths = paths;
        list->capacity = capacity;
    }
    list->paths[list->count++] = path;
}

static bool is_wanted(const struct path_list *list, const char *name)
{
    const char *dot = strrchr(name, '.');
    for (const char *const *ending = list->endings; dot && *ending; ending++)
        if (strcasecmp(dot, *ending) == 0)
            return true;
    return false;
}

static void add_folder(struct path_list *list, const char *folder, int depth)
{
    int count;
    char **names = folder_list(list->arena, folder, &count);
    for (int i = 0; i < count; i++) {
        const char *path = path_join(list->arena, folder, names[i]);
        if (names[i][0] == '.')
            continue;
        if (folder_exists(path) && depth < 32) {
            if (!path_is_link(path))
                add_folder(list, path, depth + 1);
        } else if (is_wanted(list, names[i]) && file_exists(path)) {
            add_path(list, path);
        }
    }
}

static int expand(struct path_list list, const char *what, int argc, char **argv,
                  const char ***paths)
{
    for (int i = 1; i <= argc; i++) {
        int before = list.count;
        if (strcmp(argv[i], "-") && folder_exists(argv[i])) {
            add_folder(&list, argv[i], 0);
            if (list.count == before) {
                complain("there is no %s in %s", what, argv[i]);
                return -1;
            }
        } else {
            add_path(&list, argv[i]);
        }
    }
    *paths = list.paths;
    return list.count;
}

int expand_paths(struct arena *arena, int argc, char **argv, const char ***paths)
{
    static const char *const endings[] = {".flow", NULL};
    return expand((struct path_list){.arena = arena, .endings = endings}, ".flow file", argc, argv,
                  paths);
}

int expand_models(struct arena *arena, int argc, char **argv, const char ***paths)
{
    static const char *const endings[] = {".stl", ".3mf", ".obj", NULL};
    return expand((struct path_list){.arena = arena, .endings = endings}, "model", argc, argv,
                  paths);
}
