/* git, run as a program. */
#include "flowc/git.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- running it ---- */

/* Both pipes are emptied as they fill, or git would wait for us and we for it. */
static void read_both(const int pipes[2], struct buffer *const buffers[2])
{
    struct pollfd polled[2] = {{pipes[0], POLLIN, 0}, {pipes[1], POLLIN, 0}};
    int open = 2;
    char bytes[16384];

    while (open > 0 && (poll(polled, 2, -1) >= 0 || errno == EINTR))
        for (int i = 0; i < 2; i++) {
            if (polled[i].fd < 0 || !polled[i].revents)
                continue;
            ssize_t got = read(polled[i].fd, bytes, sizeof bytes);
            if (got > 0 && buffers[i])
                buffer_add(buffers[i], bytes, (size_t)got);
            if (got > 0 || (got < 0 && errno == EINTR))
                continue;
            polled[i].fd = -1;
            open--;
        }
}

static int spawn_git(char *const *arguments, const int ends[2], pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[0], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO);
    int error = posix_spawnp(pid, arguments[0], &files, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static int wait_for(pid_t pid, struct failure *failure)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) {
            fail(failure, "git cannot be waited for: %s", strerror(errno));
            return -1;
        }
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    fail(failure, "git was ended by signal %d", WTERMSIG(status));
    return -1;
}

static void first_line_only(struct buffer *said)
{
    char *end = said->length ? strchr(said->text, '\n') : NULL;
    if (end) {
        *end = '\0';
        said->length = (size_t)(end - said->text);
    }
}

int git_run(const char *folder, const char *const *arguments, struct buffer *out,
            struct buffer *said, struct failure *failure)
{
    int out_pipe[2], error_pipe[2];
    size_t count = 0;
    pid_t pid;

    while (arguments[count])
        count++;
    if (pipe2(out_pipe, O_CLOEXEC) != 0) {
        fail(failure, "git cannot be started: %s", strerror(errno));
        return -1;
    }
    if (pipe2(error_pipe, O_CLOEXEC) != 0) {
        close(out_pipe[0]), close(out_pipe[1]);
        fail(failure, "git cannot be started: %s", strerror(errno));
        return -1;
    }
    const char **all = memory_zeroed(count + 4, sizeof *all);
    all[0] = "git", all[1] = "-C", all[2] = folder ? folder : ".";
    memcpy(all + 3, arguments, count * sizeof *all);
    int error = spawn_git((char *const *)(const void *)all,
                          (const int[2]){out_pipe[1], error_pipe[1]}, &pid);
    free(all);
    close(out_pipe[1]), close(error_pipe[1]);
    if (!error)
        read_both((const int[2]){out_pipe[0], error_pipe[0]}, (struct buffer *const[2]){out, said});
    close(out_pipe[0]), close(error_pipe[0]);
    if (said)
        first_line_only(said);
    if (error == ENOENT)
        fail(failure, "git is not installed, or not on the PATH; on Debian: apt-get install git");
    else if (error)
        fail(failure, "git cannot be started: %s", strerror(error));
    return error ? -1 : wait_for(pid, failure);
}

/* One line of output, without its end. */
static bool ask(const char *folder, const char *const *arguments, char *answer, size_t size,
                const char *otherwise, struct failure *failure)
{
    struct buffer out = {0}, said = {0};
    int status = git_run(folder, arguments, &out, &said, failure);

    while (out.length && out.text[out.length - 1] == '\n')
        out.text[--out.length] = '\0';
    bool good = status == 0 && out.length > 0 && out.length < size;
    if (good)
        memcpy(answer, out.text, out.length + 1);
    else if (status >= 0)
        fail(failure, "%s%s%s", otherwise, said.length ? "; git says: " : "", buffer_text(&said));
    buffer_free(&out);
    buffer_free(&said);
    return good;
}

/* ---- revisions ---- */

bool revisions_open(struct revision_tree *tree, const char *path, struct failure *failure)
{
    struct arena arena = {0};
    const char *folder = folder_exists(path) ? path : path_folder(&arena, path);
    const char *otherwise = arena_printf(
        &arena, "%s is in no git repository; flowc compares two files without one", path);

    tree->folder[0] = '\0';
    if (!folder_exists(folder))
        folder = "."; /* it stands in a revision, and not here any more */
    bool good = ask(folder, (const char *const[]){"rev-parse", "--show-toplevel", NULL},
                    tree->repository, sizeof tree->repository, otherwise, failure) &&
                ask(folder, (const char *const[]){"rev-parse", "--absolute-git-dir", NULL},
                    tree->git_folder, sizeof tree->git_folder, otherwise, failure);
    arena_free(&arena);
    return good;
}

static bool make_folder(struct revision_tree *tree, struct failure *failure)
{
    const char *temporary = getenv("TMPDIR");
    int length = snprintf(tree->folder, sizeof tree->folder, "%s/flowc-revision-XXXXXX",
                          temporary && strlen(temporary) < 36 ? temporary : "/tmp");

    (void)length;
    if (mkdtemp(tree->folder))
        return true;
    fail(failure, "%s cannot be made: %s", tree->folder, strerror(errno));
    tree->folder[0] = '\0';
    return false;
}

/* Writes a revision into a folder, with an index of its own: the user's is not touched. From one revision to the next only
   what differs is written. */
static int read_tree(const char *git_folder, const char *index, const char *files,
                     const char *revision, struct buffer *said, struct failure *failure)
{
    struct arena arena = {0};
    const char *before = getenv("GIT_INDEX_FILE");
    char *kept = before ? strdup(before) : NULL;

    setenv("GIT_INDEX_FILE", index, 1);
    int status = git_run(files,
                         (const char *const[]){arena_printf(&arena, "--git-dir=%s", git_folder),
                                               arena_printf(&arena, "--work-tree=%s", files), "-c",
                                               "advice.detachedHead=false", "read-tree", "--reset",
                                               "-u", revision, NULL},
                         NULL, said, failure);
    if (kept)
        setenv("GIT_INDEX_FILE", kept, 1);
    else
        unsetenv("GIT_INDEX_FILE");
    free(kept);
    arena_free(&arena);
    return status;
}

/* A submodule as the revision has it: "160000 commit HASH<tab>PATH". One that is not there, or lacks that commit, stays empty,
   and what the spec names of it is missing. */
static void lay_out_submodule(const struct revision_tree *tree, const char *entry, int number)
{
    struct arena arena = {0};
    struct failure none;
    char hash[80], git_folder[4096];
    const char *path = strchr(entry, '\t');

    if (path && sscanf(entry, "160000 commit %79[0-9a-f]", hash) == 1 &&
        ask(arena_printf(&arena, "%s/%s", tree->repository, path + 1),
            (const char *const[]){"rev-parse", "--absolute-git-dir", NULL}, git_folder,
            sizeof git_folder, "", &none) &&
        strcmp(git_folder, tree->git_folder) != 0) {
        const char *files = arena_printf(&arena, "%s/files/%s", tree->folder, path + 1);
        const char *index = arena_printf(&arena, "%s/index-%d", tree->folder, number);
        folder_remove(files); /* what was there is of another revision */
        remove(index);
        folder_create(files, &none);
        read_tree(git_folder, index, files, hash, NULL, &none);
    }
    arena_free(&arena);
}

static void lay_out_submodules(const struct revision_tree *tree, const char *revision)
{
    struct arena arena = {0};
    struct buffer entries = {0};
    struct failure none;
    int number = 0;

    if (file_exists(arena_printf(&arena, "%s/files/.gitmodules", tree->folder)) &&
        git_run(tree->repository, (const char *const[]){"ls-tree", "-r", "-z", revision, NULL},
                &entries, NULL, &none) == 0)
        for (const char *entry = entries.text; entry < entries.text + entries.length;
             entry += strlen(entry) + 1)
            if (strncmp(entry, "160000 ", 7) == 0)
                lay_out_submodule(tree, entry, ++number);
    buffer_free(&entries);
    arena_free(&arena);
}

bool revisions_lay_out(struct revision_tree *tree, const char *revision, struct failure *failure)
{
    char index[96], files[96];
    struct buffer said = {0};

    if (!tree->folder[0] && !make_folder(tree, failure))
        return false;
    snprintf(index, sizeof index, "%s/index", tree->folder);
    snprintf(files, sizeof files, "%s/files", tree->folder);
    if (!folder_create(files, failure))
        return false;
    int status = read_tree(tree->git_folder, index, files, revision, &said, failure);
    if (status > 0)
        fail(failure, "the revision %s cannot be read; git says: %s", revision, buffer_text(&said));
    else if (status == 0)
        lay_out_submodules(tree, revision);
    buffer_free(&said);
    return status == 0;
}

void revisions_close(struct revision_tree *tree)
{
    if (tree->folder[0])
        folder_remove(tree->folder);
    tree->folder[0] = '\0';
}

bool revisions_path_of(const struct revision_tree *tree, const char *path, char *relative,
                       struct failure *failure)
{
    struct arena arena = {0};
    char folder[PATH_MAX], top[PATH_MAX];
    bool good = realpath(path_folder(&arena, path), folder) && realpath(tree->repository, top);
    size_t length = good ? strlen(top) : 0;

    good = good && strncmp(folder, top, length) == 0 &&
           (folder[length] == '/' || folder[length] == '\0');
    if (good)
        good = snprintf(relative, 4096, "%s%s%s", folder[length] ? folder + length + 1 : "",
                        folder[length] ? "/" : "", path_base(path)) < 4096;
    if (!good)
        fail(failure, "%s is not in the repository %s", path, tree->repository);
    arena_free(&arena);
    return good;
}
