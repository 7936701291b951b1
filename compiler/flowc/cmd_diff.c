/* flowc diff [OLD] NEW: what changed between two specs. Also what git calls for `git diff` and `git difftool`. */
#include "base/file.h"
#include "base/inputs.h"
#include "diff/diff.h"
#include "flowc/flowc.h"
#include "flowc/git.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_AT_MOST = 64 << 20 };

struct side {
    const char *name; /* as it is shown */
    struct session session;
    struct revision_tree tree;
    bool loaded, has_tree;
    char *text; /* that stands in for a file */
};

struct request {
    const char *format, *as;
    bool driver;
    struct arena arena;
};

static void side_close(struct side *side)
{
    if (side->loaded)
        session_close(&side->session);
    if (side->has_tree)
        revisions_close(&side->tree);
    free(side->text);
}

static bool load(struct side *side, const char *path)
{
    bool good = session_load(&side->session, path);
    side->loaded = true;
    if (!good)
        complain("%s", side->session.failure.message);
    return good;
}

/* ---- from a revision ---- */

static bool says_revision(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon && colon > name && !file_exists(name);
}

/* `HEAD~1` where a spec is wanted, as one writes it for git: nothing here has that name, and git knows a commit by it. */
static bool is_bare_revision(const char *name)
{
    struct arena arena = {0};
    struct failure failure;
    struct buffer said = {0};
    const char *commit = arena_printf(&arena, "%s^{commit}", name);
    bool is = !says_revision(name) && !file_exists(name) &&
              git_run(NULL, (const char *const[]){"rev-parse", "--verify", "--quiet", commit, NULL},
                      NULL, &said, &failure) == 0;

    buffer_free(&said);
    arena_free(&arena);
    return is;
}

/* The first of these names that is a bare revision is refused, with how it is meant. */
static bool refuse_bare_revision(const struct verb *verb, int count, char **names)
{
    for (int i = 0; i < count; i++) {
        if (!is_bare_revision(names[i]))
            continue;
        const char *path = count == 2 && !is_bare_revision(names[!i]) ? names[!i] : "PATH.flow";
        if (says_revision(path))
            path = strchr(path, ':') + 1;
        usage_error(verb, "`%s` is a revision, and a spec is wanted: `%s:%s`", names[i], names[i],
                    path);
        return true;
    }
    return false;
}

/* git's own way: from the top of the repository; and, where nothing stands there, from here. */
static const char *path_in(const struct side *side, const char *path, struct arena *arena)
{
    char relative[4096];
    struct failure failure;
    const char *files = arena_printf(arena, "%s/files", side->tree.folder);
    const char *top = path_join(arena, files, path);

    bool here = path[0] == '.' || !file_exists(top);
    if (here && revisions_path_of(&side->tree, path, relative, &failure))
        return path_join(arena, files, relative);
    return top;
}

static bool load_revision(struct side *side, const char *revision, const char *path,
                          struct arena *arena)
{
    struct failure failure;

    side->has_tree = true;
    if (!revisions_open(&side->tree, path, &failure) ||
        !revisions_lay_out(&side->tree, revision, &failure)) {
        complain("%s", failure.message);
        return false;
    }
    const char *place = path_in(side, path, arena);
    if (!file_exists(place)) {
        complain("%s has no file %s", revision, path);
        return false;
    }
    return load(side, place);
}

static bool load_named(struct side *side, const char *name, struct arena *arena)
{
    side->name = name;
    if (!says_revision(name))
        return load(side, name);
    const char *colon = strchr(name, ':');
    return load_revision(side, arena_copy_text(arena, name, (size_t)(colon - name)), colon + 1,
                         arena);
}

/* ---- a text that is taken to stand at a path: what it names is found beside it ---- */

static bool load_as(struct side *side, const char *file, const char *path)
{
    struct failure failure;
    size_t length;

    if (file_read(file, TEXT_AT_MOST, &side->text, &length, &failure) != FILE_OK) {
        complain("%s", failure.message);
        return false;
    }
    struct input_text text = {path, side->text, length};
    inputs_stand_in(&text, 1);
    bool good = load(side, path);
    inputs_stand_in(NULL, 0);
    return good;
}

/* ---- comparing ---- */

static void print_diff(struct buffer *out, const struct request *request,
                       const struct spec_diff *diff)
{
    if (strcmp(request->format, "json") == 0)
        diff_print_json(out, diff);
    else if (strcmp(request->format, "markdown") == 0)
        diff_print_markdown(out, diff);
    else
        diff_print_human(out, diff, color_wanted(false));
}

static enum exit_status compare(struct request *request, struct side *old, struct side *new)
{
    struct failure failure;
    struct buffer out = {0};
    struct spec_diff diff = {.arena = &request->arena,
                             .before = {old->session.spec, old->name, 0},
                             .after = {new->session.spec, new->name, 0}};

    if (!spec_compare(&diff, &failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    print_diff(&out, request, &diff);
    bool good = print_out(&out);
    buffer_free(&out);
    return !good ? EXIT_ENVIRONMENT : diff.count ? EXIT_FINDINGS : EXIT_CLEAN;
}

static enum exit_status compare_two(struct request *request, const char *before, const char *after)
{
    struct side old = {.name = before}, new = {.name = after};
    bool good = request->as ? load_as(&old, before, request->as)
                            : load_named(&old, before, &request->arena);
    good = good && (request->as ? load_as(&new, after, request->as)
                                : load_named(&new, after, &request->arena));
    enum exit_status status = good ? compare(request, &old, &new) : EXIT_ENVIRONMENT;

    side_close(&new);
    side_close(&old);
    return status;
}

/* One argument: what is here, against what was committed last. */
static enum exit_status compare_with_head(struct request *request, const char *after)
{
    const char *path = says_revision(after) ? strchr(after, ':') + 1 : after;
    struct side old = {.name = arena_printf(&request->arena, "HEAD:%s", path)},
                new = {.name = path};
    bool from_revision = path != after; /* then it is the old one */
    bool good = from_revision
                    ? load_named(&old, after, &request->arena)
                    : load_revision(&old, "HEAD",
                                    path[0] == '/' ? path : path_join(&request->arena, ".", path),
                                    &request->arena);

    good = good && load(&new, path);
    enum exit_status status = good ? compare(request, &old, &new) : EXIT_ENVIRONMENT;
    side_close(&new);
    side_close(&old);
    return status;
}

/* git's external diff: path old-file old-hex old-mode new-file new-hex new-mode [new-path header]. What differs is no
   failure there. */
static enum exit_status compare_for_git(struct request *request, int count, char **argv)
{
    const char *path = argv[1];
    struct buffer out = {0};
    bool good;

    if (count < 7) {
        buffer_addf(&out, "%s is not merged yet\n", path);
    } else {
        bool is_new = strcmp(argv[2], "/dev/null") == 0, gone = strcmp(argv[5], "/dev/null") == 0;
        buffer_addf(&out, "diff --flow a/%s b/%s\n", path, count > 7 ? argv[8] : path);
        if (is_new || gone)
            buffer_addf(&out, "%s is %s\n", path, is_new ? "new" : "gone");
        if (!is_new && !gone) {
            struct side old = {.name = arena_printf(&request->arena, "a/%s", path)},
                        new = {.name = arena_printf(&request->arena, "b/%s", path)};
            good = print_out(&out);
            buffer_free(&out);
            good = good && load_as(&old, argv[2], path) && load_as(&new, argv[5], path);
            enum exit_status status = good ? compare(request, &old, &new) : EXIT_ENVIRONMENT;
            side_close(&new);
            side_close(&old);
            return status;
        }
    }
    good = print_out(&out);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int cmd_diff(int argc, char **argv)
{
    const struct verb *verb = verb_find("diff");
    struct request request = {.format = "human"};
    bool done, exit_code = false;
    const struct option_row options[] = {{"--format", true, &request.format, NULL},
                                         {"--as", true, &request.as, NULL},
                                         {"--exit-code", false, NULL, &exit_code},
                                         {"--git-driver", false, NULL, &request.driver}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    enum exit_status status;

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count)
        return usage_error(verb, "which file?");
    if (strcmp(request.format, "human") != 0 && strcmp(request.format, "json") != 0 &&
        strcmp(request.format, "markdown") != 0)
        return usage_error(verb, "there is no format `%s`; it is human, json or markdown",
                           request.format);
    if (!request.driver && count > 2)
        return usage_error(verb, "two files at a time; `%s` is too many", argv[3]);
    if (request.as && count != 2)
        return usage_error(verb, "--as wants two files");
    if (!request.driver && !request.as && refuse_bare_revision(verb, count, argv + 1))
        return EXIT_USAGE;
    if (request.driver)
        status = compare_for_git(&request, count, argv);
    else if (count == 2)
        status = compare_two(&request, argv[1], argv[2]);
    else
        status = compare_with_head(&request, argv[1]);
    arena_free(&request.arena);
    if (status == EXIT_FINDINGS && !exit_code)
        status = EXIT_CLEAN;
    return status;
}
