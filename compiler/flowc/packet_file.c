/* Reading a packet again. */
#include "flowc/packet_file.h"

#include "base/file.h"
#include "emit/emit.h"
#include "geometry/package.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET_AT_MOST = 1 << 30 };

static bool take_bytes(void *reader, const char *bytes, int length)
{
    buffer_add(reader, bytes, (size_t)length);
    return true;
}

/* False where there is no such file; `out` is emptied first. */
static bool read_part(struct package *package, const char *name, struct buffer *out)
{
    struct mesh mesh = {0};
    int64_t part = package_find(package, name, false);

    buffer_clear(out);
    return part >= 0 && package_read(package, part, &mesh, take_bytes, out);
}

static const char *member(struct packet_file *packet, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? arena_copy_text(&packet->arena, text, strlen(text)) : "";
}

static void read_list(struct packet_file *packet, const json_t *files, struct package *package)
{
    int count = (int)json_array_size(files);
    struct buffer content = {0};

    packet->said = ARENA_ARRAY(&packet->arena, struct packed_file, count + 1);
    packet->found = ARENA_ARRAY(&packet->arena, struct packed_file, count + 1);
    for (packet->count = 0; packet->count < count; packet->count++) {
        const json_t *file = json_array_get(files, (size_t)packet->count);
        struct packed_file *said = &packet->said[packet->count],
                           *found = &packet->found[packet->count];
        const char *sha256 = member(packet, file, "sha256");
        said->name = found->name = member(packet, file, "name");
        if (strlen(sha256) == 64)
            memcpy(said->sha256, sha256, sizeof said->sha256);
        if (read_part(package, said->name, &content)) {
            sha256_hex(buffer_text(&content), content.length, found->sha256);
            packet->others--;
            if (strcmp(said->name, PACKET_HISTORY) == 0)
                buffer_add(&packet->history, buffer_text(&content), content.length);
        }
    }
    buffer_free(&content);
}

static bool read_manifest(struct packet_file *packet, const char *path, struct package *package,
                          struct failure *failure)
{
    struct buffer text = {0};
    json_t *root = NULL;
    bool good = read_part(package, "manifest.json", &text);

    if (good)
        root = json_loadb(buffer_text(&text), text.length, 0, NULL);
    const char *format = json_string_value(json_object_get(root, "format"));
    good = format && strncmp(format, "flow-packet-", 12) == 0;
    if (good) {
        packet->product = member(packet, root, "product");
        packet->number = member(packet, root, "number");
        packet->revision = member(packet, root, "revision");
        packet->packet = member(packet, root, "packet");
        packet->fingerprint = member(packet, root, "fingerprint");
        packet->others = (int)package_count(package) - 1;
        sha256_hex(buffer_text(&text), text.length, packet->manifest);
        read_list(packet, json_object_get(root, "files"), package);
    } else
        fail(failure, "%s is no packet of flowc: it has no manifest.json that can be read", path);
    json_decref(root);
    buffer_free(&text);
    return good;
}

bool packet_file_open(struct packet_file *packet, const char *path, struct failure *failure)
{
    struct mesh mesh = {0};

    memset(packet, 0, sizeof *packet);
    if (file_read(path, PACKET_AT_MOST, &packet->bytes, &packet->length, failure) != FILE_OK)
        return false;
    struct package *package =
        package_open((const unsigned char *)packet->bytes, packet->length, &mesh);
    if (!package)
        return fail(failure, "%s is no zip archive that can be read: %s", path, mesh.problem);
    bool good = read_manifest(packet, path, package, failure);
    package_close(package);
    return good;
}

void packet_file_close(struct packet_file *packet)
{
    free(packet->bytes);
    buffer_free(&packet->history);
    arena_free(&packet->arena);
}
