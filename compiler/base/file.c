#include "base/file.h"

#include "base/inputs.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

static enum file_status too_large(const char *path, size_t limit, struct failure *failure)
{
    const char *unit = limit >> 20 ? "MB" : "bytes";
    fail(failure, "%s is over %zu %s", path, limit >> 20 ? limit >> 20 : limit, unit);
    return FILE_TOO_LARGE;
}

/* A FIFO or a device does not say its size: it is read until its end. */
static enum file_status read_all(int descriptor, const char *path, size_t limit, char **content,
                                 size_t *length, struct failure *failure)
{
    struct stat status = {0};
    bool known = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    size_t expected = known ? (size_t)status.st_size : 0;
    if (S_ISDIR(status.st_mode)) {
        fail(failure, "%s is a folder, not a file", path);
        return FILE_UNREADABLE;
    }
    if (expected > limit)
        return too_large(path, limit, failure);
    size_t capacity = expected + 4096, used = 0;
    char *bytes = memory_alloc(capacity);
    for (;;) {
        if (used + 2 >= capacity)
            bytes = memory_resize(bytes, capacity *= 2);
        ssize_t got = read(descriptor, bytes + used, capacity - used - 2);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail(failure, "%s cannot be read: %s", path, strerror(errno));
            free(bytes);
            return FILE_UNREADABLE;
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > limit) {
            free(bytes);
            return too_large(path, limit, failure);
        }
    }
    bytes[used] = bytes[used + 1] = 0;
    *content = bytes;
    *length = used;
    return FILE_OK;
}

static enum file_status copy_text(const struct input_text *text, size_t limit, char **content,
                                  size_t *length, struct failure *failure)
{
    if (text->length > limit)
        return too_large(text->path, limit, failure);
    *content = memory_zeroed(text->length + 2, 1);
    memcpy(*content, text->text, text->length);
    *length = text->length;
    return FILE_OK;
}

enum file_status file_read(const char *path, size_t limit, char **content, size_t *length,
                           struct failure *failure)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", limit, content, length, failure);
    inputs_note(path);
    const struct input_text *instead = inputs_text_of(path);
    if (instead)
        return copy_text(instead, limit, content, length, failure);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        enum file_status status =
            errno == ENOENT || errno == ENOTDIR ? FILE_ABSENT : FILE_UNREADABLE;
        fail(failure, "%s cannot be opened: %s", path, strerror(errno));
        return status;
    }
    enum file_status status = read_all(descriptor, path, limit, content, length, failure);
    close(descriptor);
    return status;
}

bool file_exists(const char *path)
{
    struct stat status;
    inputs_note(path);
    if (inputs_text_of(path))
        return true;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, R_OK) == 0;
}

bool folder_exists(const char *path)
{
    struct stat status;
    inputs_note(path);
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool path_is_link(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

size_t file_size(const char *path)
{
    struct stat status;
    inputs_note(path);
    const struct input_text *instead = inputs_text_of(path);
    if (instead)
        return instead->length;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
}

bool folder_create(const char *path, struct failure *failure)
{
    if (!*path)
        return fail(failure, "a folder without a name");
    char *part = memory_alloc(strlen(path) + 1);
    strcpy(part, path);
    for (char *at = part + 1;; at++) {
        if (*at && *at != '/')
            continue;
        char end = *at;
        *at = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            fail(failure, "the folder %s cannot be made: %s", part, strerror(errno));
            free(part);
            return false;
        }
        *at = end;
        if (!end)
            break;
    }
    free(part);
    return folder_exists(path) || fail(failure, "%s is a file, not a folder", path);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    remove(path); /* what cannot be removed is no reason to leave the rest */
    return 0;
}

void folder_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- hashing ---- */

static void to_hex(const unsigned char digest[32], char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = 0;
}

void sha256_hex(const void *bytes, size_t length, char hex[65])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes, length);
    SHA256_Final(digest, &context);
    to_hex(digest, hex);
}

bool file_sha256(const char *path, char hex[65], struct failure *failure)
{
    inputs_note(path);
    const struct input_text *instead = inputs_text_of(path);
    if (instead) {
        sha256_hex(instead->text, instead->length, hex);
        return true;
    }
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(failure, "%s cannot be opened: %s", path, strerror(errno));
    unsigned char digest[SHA256_DIGEST_LENGTH], *bytes = memory_alloc(65536);
    SHA256_CTX context;
    SHA256_Init(&context);
    ssize_t got;
    while ((got = read(descriptor, bytes, 65536)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        SHA256_Update(&context, bytes, (size_t)got);
    }
    if (got < 0)
        fail(failure, "%s cannot be read: %s", path, strerror(errno));
    SHA256_Final(digest, &context);
    to_hex(digest, hex);
    free(bytes);
    close(descriptor);
    return got == 0;
}

/* ---- paths ---- */

/* Folds "." and ".." in place. */
static void normalize(char *path)
{
    bool absolute = path[0] == '/';
    char *to = path + absolute, *from = to, *floor = to;
    while (*from) {
        size_t length = strcspn(from, "/");
        bool up = length == 2 && from[0] == '.' && from[1] == '.';
        if (length == 0 || (length == 1 && from[0] == '.')) {
            /* nothing */
        } else if (up && to > floor) {
            to--;
            while (to > floor && to[-1] != '/')
                to--;
        } else if (!(up && absolute)) {
            memmove(to, from, length);
            to += length;
            *to++ = '/';
            if (up)
                floor = to;
        }
        from += length + (from[length] == '/');
    }
    if (to > path + absolute)
        to--;
    if (to == path)
        *to++ = '.';
    *to = 0;
}

char *path_join(struct arena *arena, const char *folder, const char *name)
{
    size_t folder_length = strlen(folder), name_length = strlen(name);
    char *path = arena_alloc(arena, folder_length + name_length + 4);
    if (name[0] == '/') {
        memcpy(path, name, name_length + 1);
    } else {
        memcpy(path, folder, folder_length);
        path[folder_length] = '/';
        memcpy(path + folder_length + 1, name, name_length + 1);
    }
    normalize(path);
    return path;
}

char *path_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return arena_copy_text(arena, ".", 1);
    return arena_copy_text(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **folder_list(struct arena *arena, const char *path, int *count)
{
    inputs_note(path);
    DIR *folder = opendir(path);
    int capacity = 16;
    char **names = ARENA_ARRAY(arena, char *, capacity);
    *count = folder ? 0 : -1;
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (*count == capacity) {
            char **more = ARENA_ARRAY(arena, char *, capacity * 2);
            memcpy(more, names, sizeof *names * (size_t)capacity);
            names = more;
            capacity *= 2;
        }
        names[(*count)++] = arena_copy_text(arena, entry->d_name, strlen(entry->d_name));
    }
    if (folder)
        closedir(folder);
    if (*count > 1)
        qsort(names, (size_t)*count, sizeof *names, by_bytes);
    return names;
}

static char *specs_at(struct arena *arena, const char *folder)
{
    char *specs = path_join(arena, folder, "specs");
    return folder_exists(path_join(arena, specs, "std")) ? specs : NULL;
}

char *specs_folder(struct arena *arena)
{
    const char *given = getenv("FLOW_SPECS");
    if (given && *given)
        return arena_copy_text(arena, given, strlen(given));
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        char *folder = path_folder(arena, arena_copy_text(arena, program, (size_t)length));
        char *specs = specs_at(arena, path_join(arena, folder, "../share/flow"));
        for (int up = 0; !specs && up < 5; up++) { /* a build tree stands below the sources */
            specs = specs_at(arena, folder);
            folder = path_join(arena, folder, "..");
        }
        if (specs)
            return specs;
    }
#ifdef FLOW_SOURCE_SPECS
    if (folder_exists(FLOW_SOURCE_SPECS)) /* a build outside of the sources */
        return arena_copy_text(arena, FLOW_SOURCE_SPECS, strlen(FLOW_SOURCE_SPECS));
#endif
    return NULL;
}

bool specs_found(struct failure *failure)
{
    struct arena arena = {0};
    const char *folder = specs_folder(&arena);
    bool found = folder && folder_exists(path_join(&arena, folder, "std"));
    if (!folder)
        fail(failure, "the shipped specs are not found; install flow again, or say where they are: "
                      "export FLOW_SPECS=FOLDER");
    else if (!found)
        fail(failure,
             "the shipped specs are not in %s; set FLOW_SPECS to the folder where they are, "
             "or install flow again",
             folder);
    arena_free(&arena);
    return found;
}
