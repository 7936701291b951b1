/* Files, folders and paths. Paths are UTF-8 with '/'. */
#ifndef FLOW_BASE_FILE_H
#define FLOW_BASE_FILE_H

#include "base/arena.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>

enum file_status { FILE_OK, FILE_ABSENT, FILE_UNREADABLE, FILE_TOO_LARGE };

/* Reads a whole file ("-" is standard input) into memory the caller frees with free(). The content is
   followed by two NUL bytes (flex wants them). At most limit bytes. On failure says why. */
enum file_status file_read(const char *path, size_t limit, char **content, size_t *length,
                           struct failure *failure);
bool file_exists(const char *path); /* a regular file that can be read */
bool folder_exists(const char *path);
/* Whoever goes down folders follows no links: one may lead back up, and two that do would lead to billions of paths. */
bool path_is_link(const char *path);
bool folder_create(const char *path, struct failure *failure); /* with its parents */
void folder_remove(const char *path); /* with all in it; no link is followed */
size_t file_size(const char *path);   /* 0 if absent */

/* SHA-256 of the file's bytes as 64 hex digits and a NUL, streamed. */
bool file_sha256(const char *path, char hex[65], struct failure *failure);
void sha256_hex(const void *bytes, size_t length, char hex[65]);

/* folder/name with "." and ".." folded; an absolute name stays as it is. In the arena. */
char *path_join(struct arena *arena, const char *folder, const char *name);
/* The folder of a path, "." for a bare name. In the arena. */
char *path_folder(struct arena *arena, const char *path);
/* The last component, inside path. */
const char *path_base(const char *path);

/* The names in a folder, sorted bytewise, "." and ".." left out. In the arena; count -1 on failure. */
char **folder_list(struct arena *arena, const char *path, int *count);

/* Where specs/ is: FLOW_SPECS, beside the program's build, or the installed place. In the arena; NULL if nowhere. */
char *specs_folder(struct arena *arena);

/* Whether the shipped specs are there; false with a failure that says where they were looked for and what to do. */
bool specs_found(struct failure *failure);

#endif
