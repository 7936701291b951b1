/* The history of a spec, and of what it uses. */
#include "flowc/history.h"

#include "base/file.h"
#include "base/inputs.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIELDS = 5 };

/* ---- the files that it is made of ---- */

struct gathered {
    struct history *history;
    const char **paths;
    int count, capacity;
};

/* What is in a submodule is there as the submodule's commit: of that this repository has a history. */
static void cut_at_submodule(struct history *history, char *relative)
{
    for (char *slash = strchr(relative, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const char *folder = path_join(&history->arena, history->before.repository, relative);
        const char *git = path_join(&history->arena, folder, ".git");
        if (access(git, F_OK) == 0) /* file_exists would be an input itself */
            return;
        *slash = '/';
    }
}

static void note_input(void *context, const char *path, const struct file_mark *mark)
{
    struct gathered *gathered = context;
    char relative[4096];
    struct failure failure;

    if (!mark->exists || mark->folder || !path_base(path)[0] ||
        !revisions_path_of(&gathered->history->before, path, relative, &failure))
        return;
    cut_at_submodule(gathered->history, relative);
    for (int i = 0; i < gathered->count; i++)
        if (strcmp(gathered->paths[i], relative) == 0)
            return;
    if (gathered->count == gathered->capacity) {
        gathered->capacity = gathered->capacity ? 2 * gathered->capacity : 16;
        gathered->paths =
            memory_resize(gathered->paths, (size_t)gathered->capacity * sizeof *gathered->paths);
    }
    gathered->paths[gathered->count++] =
        arena_copy_text(&gathered->history->arena, relative, strlen(relative));
}

/* A spec that cannot be read has a history too: its own file's. */
static void gather_inputs(struct gathered *gathered, const char *path)
{
    struct session session;
    struct file_mark there = {.exists = true};

    note_input(gathered, path, &there);
    if (!file_exists(path))
        return;
    inputs_listen(note_input, gathered);
    session_load(&session, path);
    inputs_listen(NULL, NULL);
    session_close(&session);
}

/* ---- what git says ---- */

static bool ask_git(struct history *history, const char *const *arguments, struct buffer *out,
                    struct failure *failure)
{
    struct buffer said = {0};
    int status = git_run(history->before.repository, arguments, out, &said, failure);

    if (status > 0)
        fail(failure, "git has no history here; it says: %s", buffer_text(&said));
    buffer_free(&said);
    return status == 0;
}

/* The names that the file had before it was renamed, the present one first. */
static bool find_names(struct history *history, struct gathered *gathered, struct failure *failure)
{
    struct buffer out = {0};
    bool good = ask_git(history,
                        (const char *const[]){"--literal-pathspecs", "-c", "core.quotePath=false",
                                              "log", "--follow", "--name-only", "--format=", "--",
                                              history->path, NULL},
                        &out, failure);
    struct file_mark there = {.exists = true};
    int lines = 2;

    for (size_t i = 0; i < out.length; i++)
        lines += out.text[i] == '\n';
    history->names = ARENA_ARRAY(&history->arena, const char *, lines);
    history->names[history->name_count++] = history->path;
    for (char *line = out.length ? strtok(out.text, "\n") : NULL; line; line = strtok(NULL, "\n")) {
        const char *last = history->names[history->name_count - 1];
        if (strcmp(last, line) == 0)
            continue;
        const char *name = arena_copy_text(&history->arena, line, strlen(line));
        history->names[history->name_count++] = name;
        note_input(gathered, path_join(&history->arena, history->before.repository, name), &there);
    }
    buffer_free(&out);
    return good;
}

static bool find_commits(struct history *history, const struct gathered *gathered, int limit,
                         struct failure *failure)
{
    const char **arguments = memory_zeroed((size_t)gathered->count + 9, sizeof *arguments);
    struct buffer out = {0};
    int count = 0, lines = 0;

    arguments[count++] = "--literal-pathspecs";
    arguments[count++] = "log";
    arguments[count++] = "--date=short";
    arguments[count++] = "--format=%H%x1f%P%x1f%ad%x1f%an%x1f%s";
    if (limit)
        arguments[count++] = arena_printf(&history->arena, "--max-count=%d", limit);
    arguments[count++] = "--";
    for (int i = 0; i < gathered->count; i++)
        arguments[count++] = gathered->paths[i];
    bool good = ask_git(history, arguments, &out, failure);
    free(arguments);
    for (size_t i = 0; i < out.length; i++)
        lines += out.text[i] == '\n';
    history->commits = ARENA_ARRAY(&history->arena, struct commit, lines + 1);
    char *text = arena_copy_text(&history->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    for (char *line = text, *end; *line; line = end + 1) {
        char *fields[FIELDS] = {line, line, line, line, line};
        end = line + strcspn(line, "\n");
        bool last = !*end;
        *end = '\0';
        for (int i = 1; i < FIELDS; i++) {
            fields[i] = fields[i - 1] + strcspn(fields[i - 1], "\x1f");
            if (*fields[i])
                *fields[i]++ = '\0';
        }
        fields[1][strcspn(fields[1], " ")] = '\0'; /* of a merge the branch that it was made on */
        history->commits[history->count++] =
            (struct commit){fields[0], fields[1], fields[2], fields[3], fields[4]};
        if (last)
            break;
    }
    return good;
}

bool history_open(struct history *history, const char *path, int limit, struct failure *failure)
{
    struct gathered gathered = {history, NULL, 0, 0};

    memset(history, 0, sizeof *history);
    bool good = revisions_open(&history->before, path, failure) &&
                revisions_path_of(&history->before, path, history->path, failure);
    if (good) {
        history->after = history->before;
        gather_inputs(&gathered, path);
        good = find_names(history, &gathered, failure) &&
               find_commits(history, &gathered, limit, failure);
    }
    free(gathered.paths);
    return good;
}

void history_close(struct history *history)
{
    revisions_close(&history->before);
    revisions_close(&history->after);
    arena_free(&history->arena);
}

const char *history_place(struct history *history, struct revision_tree *tree, const char *revision,
                          struct failure *failure)
{
    failure->message[0] = '\0';
    if (!revision[0] || !revisions_lay_out(tree, revision, failure))
        return NULL;
    const char *files = arena_printf(&history->arena, "%s/files", tree->folder);
    for (int i = 0; i < history->name_count; i++) {
        const char *path = path_join(&history->arena, files, history->names[i]);
        if (file_exists(path))
            return path;
    }
    return NULL;
}

bool history_load(struct history *history, struct revision_tree *tree, const char *revision,
                  struct session *session, struct failure *failure)
{
    const char *path = history_place(history, tree, revision, failure);

    if (!path)
        return false;
    bool good = session_load(session, path);
    if (!good) {
        fail(failure, "%s", session->failure.message);
        session_close(session);
    }
    return good;
}

/* ---- which file ---- */

static bool declares(const char *path, const char *name)
{
    struct session session;
    bool found = false;

    if (session_load(&session, path))
        for (int i = 0; i < session.spec->product_count && !found; i++)
            found = session.spec->products[i]->base.source == session.spec->main &&
                    strcmp(session.spec->products[i]->base.name, name) == 0;
    session_close(&session);
    return found;
}

const char *product_file(struct arena *arena, const char *what, const char **product)
{
    char program_name[] = "", here[] = ".";
    char *folder[] = {program_name, here, NULL};
    const char **paths;

    if (file_exists(what))
        return what;
    size_t length = strlen(what);
    int count = length > 5 && strcmp(what + length - 5, ".flow") == 0
                    ? 0
                    : expand_paths(arena, 1, folder, &paths);
    for (int i = 0; i < count; i++)
        if (declares(paths[i], what)) {
            *product = what;
            return paths[i];
        }
    if (count >= 0)
        complain("%s is no file, and no .flow file here declares a product of that name", what);
    return NULL;
}
