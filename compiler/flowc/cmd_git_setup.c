/* flowc git-setup: this repository's git compares and merges specs by flowc. */
#include "base/file.h"
#include "base/sink.h"
#include "flowc/flowc.h"
#include "flowc/git.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ATTRIBUTES_AT_MOST = 16 << 20 };

static const char attributes_line[] = "*.flow diff=flow merge=flow";

/* What is set; %s is the program. */
static const struct {
    const char *key, *value;
} settings[] = {
    {"diff.flow.command", "%s diff --git-driver"},
    {"diff.flow.xfuncname", "^( {0,2}[a-z_]+ [^#]*)[{]"}, /* for git log -p, which has lines */
    {"difftool.flow.cmd", "%s diff --as \"$MERGED\" \"$LOCAL\" \"$REMOTE\""},
    {"difftool.flow.trustExitCode", "false"},
    {"merge.flow.name", "specs, field by field"},
    {"merge.flow.driver", "%s merge-driver --marker-size %%L --path %%P %%O %%A %%B"},
};
static const char *const sections[] = {"diff.flow", "difftool.flow", "merge.flow"};

struct setting {
    struct revision_tree tree;
    struct arena arena;
    struct failure failure;
    struct buffer said;
    const char *program;
};

/* ---- the program, as git will find it ---- */

static bool is_on_path(const char *ours)
{
    const char *path = getenv("PATH");
    char name[PATH_MAX], real[PATH_MAX];

    for (const char *at = path; at && *at;) {
        size_t length = strcspn(at, ":");
        int size = snprintf(name, sizeof name, "%.*s/flowc", (int)length, at);
        if (size > 0 && size < PATH_MAX && access(name, X_OK) == 0)
            return realpath(name, real) && strcmp(real, ours) == 0; /* the first counts */
        at += length + (at[length] == ':');
    }
    return false;
}

/* "flowc", or where this one is, in quotes that a shell reads. */
static const char *program_name(struct arena *arena)
{
    char ours[PATH_MAX];
    struct buffer quoted = {0};
    ssize_t length = readlink("/proc/self/exe", ours, sizeof ours - 1);

    if (length <= 0)
        return "flowc";
    ours[length] = '\0';
    if (is_on_path(ours))
        return "flowc";
    for (const char *at = ours; *at; at++)
        if (*at == '\'')
            buffer_add_text(&quoted, "'\\''");
        else
            buffer_add_char(&quoted, *at);
    const char *name = arena_printf(arena, "'%s'", buffer_text(&quoted));
    buffer_free(&quoted);
    return name;
}

static const char *value_of(const struct setting *setting, const char *format, struct arena *arena)
{
    struct buffer value = {0};

    for (const char *at = format; *at; at++)
        if (at[0] == '%' && at[1] == 's')
            buffer_add_text(&value, setting->program), at++;
        else if (at[0] == '%' && at[1] == '%')
            buffer_add_char(&value, '%'), at++;
        else
            buffer_add_char(&value, *at);
    const char *text = arena_copy_text(arena, buffer_text(&value), value.length);
    buffer_free(&value);
    return text;
}

/* ---- .gitattributes ---- */

static const char *find_line(const char *text, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = text; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
        if (strncmp(at, line, length) == 0 && strchr("\r\n", at[length]))
            return at; /* strchr finds the end of the text too */
    return NULL;
}

static bool write_attributes(struct setting *setting, const char *path, const struct buffer *text)
{
    return text->length
               ? file_write(path, text->text, text->length, &setting->failure)
               : unlink(path) == 0 || fail(&setting->failure, "%s cannot be removed", path);
}

static bool set_attributes(struct setting *setting, bool remove)
{
    const char *path = path_join(&setting->arena, setting->tree.repository, ".gitattributes");
    char *text = NULL;
    size_t length = 0;
    struct buffer next = {0};

    if (file_exists(path) &&
        file_read(path, ATTRIBUTES_AT_MOST, &text, &length, &setting->failure) != FILE_OK)
        return false;
    const char *found = find_line(text, attributes_line);
    bool good = true;
    if (!found == remove) {
        buffer_addf(&setting->said, ".gitattributes %s\n",
                    remove ? "has no line of ours" : "has the line already");
    } else {
        size_t before = found ? (size_t)(found - text) : length;
        const char *rest = found ? strchr(found, '\n') : NULL;
        buffer_add(&next, text ? text : "", before);
        if (!remove && next.length && next.text[next.length - 1] != '\n')
            buffer_add_char(&next, '\n');
        if (!remove)
            buffer_addf(&next, "%s\n", attributes_line);
        if (rest)
            buffer_add_text(&next, rest + 1);
        good = write_attributes(setting, path, &next);
        buffer_addf(&setting->said, ".gitattributes: `%s` %s\n", attributes_line,
                    remove ? "taken out" : "added");
    }
    buffer_free(&next);
    free(text);
    return good;
}

/* ---- the repository's settings ---- */

static bool run(struct setting *setting, const char *const *arguments, int *status)
{
    *status = git_run(setting->tree.repository, arguments, NULL, NULL, &setting->failure);
    return *status >= 0;
}

static bool set_one(struct setting *setting, const char *key, const char *value)
{
    struct buffer is = {0};
    int status = git_run(setting->tree.repository,
                         (const char *const[]){"config", "--local", "--get", key, NULL}, &is, NULL,
                         &setting->failure);
    bool same = status == 0 && is.length == strlen(value) + 1 &&
                strncmp(is.text, value, strlen(value)) == 0;
    bool good = status >= 0;

    buffer_free(&is);
    if (same)
        buffer_addf(&setting->said, "%s is set already\n", key);
    if (!good || same)
        return good;
    good = run(setting, (const char *const[]){"config", "--local", key, value, NULL}, &status);
    if (good && status != 0)
        return fail(&setting->failure, "git config could not set %s", key);
    buffer_addf(&setting->said, "%s = %s\n", key, value);
    return good;
}

static bool set_all(struct setting *setting)
{
    bool good = true;
    for (size_t i = 0; i < sizeof settings / sizeof *settings && good; i++)
        good = set_one(setting, settings[i].key,
                       strstr(settings[i].value, "%s")
                           ? value_of(setting, settings[i].value, &setting->arena)
                           : settings[i].value);
    return good;
}

static bool unset_all(struct setting *setting)
{
    bool good = true;
    for (size_t i = 0; i < sizeof sections / sizeof *sections && good; i++) {
        int status;
        good =
            run(setting,
                (const char *const[]){"config", "--local", "--remove-section", sections[i], NULL},
                &status);
        if (good)
            buffer_addf(&setting->said, "%s %s\n", sections[i],
                        status == 0 ? "taken out" : "is not set");
    }
    return good;
}

int cmd_git_setup(int argc, char **argv)
{
    const struct verb *verb = verb_find("git-setup");
    struct setting setting = {.program = NULL};
    bool remove = false, done;
    const struct option_row options[] = {{"--remove", false, NULL, &remove}};
    int count = options_read(argc, argv, verb, options, 1, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count > 1)
        return usage_error(verb, "one folder at a time");
    const char *folder = count ? argv[1] : ".";
    setting.program = program_name(&setting.arena);
    bool good = folder_exists(folder) || fail(&setting.failure, "there is no folder %s", folder);
    good = good && revisions_open(&setting.tree, folder, &setting.failure) &&
           set_attributes(&setting, remove) && (remove ? unset_all : set_all)(&setting);
    good = print_out(&setting.said) && good;
    if (!good && setting.failure.message[0])
        complain("%s", setting.failure.message);
    buffer_free(&setting.said);
    arena_free(&setting.arena);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
