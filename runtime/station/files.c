/* The files of the pages; and pictures that a kept spec has: a file by the name that the snapshot's manifest gives it, and the drawing of a part. Nothing of
   a request becomes a path: the name is looked for in the manifest, the snapshot is 64 hex digits. */
#include "station/api.h"

#include "base/file.h"
#include "station/assets.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PICTURE_AT_MOST = 16 << 20 };

/* ---- pages ---- */

/* Scripts, styles and pictures are this server's files, and nothing else is: no line of script stands in a page, and no text
   becomes one. */
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types flow";

static const struct asset *find_asset(const struct request *request)
{
    const struct asset *asset = station_assets;
    const char *name = request->part_count == 1 ? request->parts[0] : NULL;
    while (name && asset->address && strcmp(asset->address + 1, name) != 0)
        asset++;
    return name && asset->address ? asset : NULL;
}

bool answer_asset(struct inquiry *inquiry)
{
    struct reply *reply = &inquiry->reply;
    const struct request *request = &inquiry->request;
    const struct asset *asset = find_asset(request);
    bool gets = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (!asset || !gets)
        return false;
    reply->status = 200;
    reply->type = asset->type;
    reply->mark = asset->mark;
    reply->policy = page_policy;
    reply->packed = request->unpacks;
    buffer_add(&reply->body, (const char *)(request->unpacks ? asset->packed : asset->bytes),
               request->unpacks ? asset->packed_length : asset->length);
    return true;
}

/* ---- pictures ---- */

/* NULL for what is no picture. */
static const char *type_of(const char *name)
{
    static const struct {
        const char *ending, *type;
    } rows[] = {{".jpg", "image/jpeg"},
                {".jpeg", "image/jpeg"},
                {".png", "image/png"},
                {".webp", "image/webp"},
                {".svg", "image/svg+xml"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof rows / sizeof *rows; i++)
        if (strcasecmp(dot, rows[i].ending) == 0)
            return rows[i].type;
    return NULL;
}

/* The manifest's own text of that name, and its SHA-256; in the arena. */
static const char *find_kept(const char *folder, const char *name, const char **sum,
                             struct arena *arena)
{
    json_t *manifest = json_load_file(path_join(arena, folder, "manifest.json"), 0, NULL), *file;
    const char *found = NULL;
    size_t i;
    json_array_foreach(json_object_get(manifest, "files"), i, file)
    {
        const char *kept = json_string_value(json_object_get(file, "name"));
        const char *sha256 = json_string_value(json_object_get(file, "sha256"));
        if (!kept || !sha256 || strcmp(kept, name) != 0)
            continue;
        found = arena_copy_text(arena, kept, strlen(kept));
        *sum = arena_copy_text(arena, sha256, strlen(sha256));
    }
    json_decref(manifest);
    return found;
}

bool answer_file(const struct api *api, struct inquiry *inquiry)
{
    const char *snapshot = inquiry->request.arguments[0], *name = inquiry->request.arguments[1];
    struct reply *reply = &inquiry->reply;
    struct arena *arena = &inquiry->arena;
    const char *kept = NULL;
    struct failure failure;
    char *bytes;
    size_t length;

    if (strlen(snapshot) == 64 && strspn(snapshot, "0123456789abcdef") == 64 && type_of(name)) {
        const char *shelf = path_join(arena, api->folder, "specs");
        const char *folder = path_join(arena, shelf, snapshot);
        kept = find_kept(folder, name, &reply->mark, arena);
        kept = kept ? path_join(arena, folder, kept) : NULL;
    }
    if (!kept || file_read(kept, PICTURE_AT_MOST, &bytes, &length, &failure) != FILE_OK)
        return problem(reply, 404, "No spec that was adopted has this picture.");
    buffer_add(&reply->body, bytes, length);
    free(bytes);
    reply->type = type_of(name);
    reply->lasts = true;
    return true;
}
