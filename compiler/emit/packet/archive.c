/* The packet as one archive: names in order, a fixed time, so that the same files give the same bytes. */
#include "emit/packet/packet.h"

#include "base/memory.h"
#include "base/sink.h"

#include <stdlib.h>
#include <zip.h>

/* 1980-01-01, the first day that a zip file knows; as DOS words, which no time zone moves. */
enum { DOS_TIME = 0, DOS_DATE = (0 << 9) | (1 << 5) | 1 };

static bool add_file(zip_t *archive, const struct enclosure *file)
{
    zip_source_t *source = zip_source_buffer(archive, file->content, file->length, 0);
    if (!source)
        return false;
    zip_int64_t index = zip_file_add(archive, file->name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    return zip_set_file_compression(archive, at, ZIP_CM_DEFLATE, 6) == 0 &&
           zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, 0100644u << 16) == 0 &&
           zip_file_set_dostime(archive, at, DOS_TIME, DOS_DATE, 0) == 0;
}

/* Closes the archive into its target and reads that. */
static bool read_back(zip_t *archive, zip_source_t *target, struct buffer *out)
{
    zip_stat_t about;
    if (zip_close(archive) != 0) {
        zip_discard(archive);
        return false;
    }
    if (zip_source_stat(target, &about) != 0 || zip_source_open(target) != 0)
        return false;
    char *bytes = memory_alloc((size_t)about.size + 1);
    bool whole = zip_source_read(target, bytes, about.size) == (zip_int64_t)about.size;
    if (whole)
        buffer_add(out, bytes, (size_t)about.size);
    free(bytes);
    return zip_source_close(target) == 0 && whole;
}

static bool pack_files(const struct enclosures *files, struct buffer *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, &error) : NULL;
    zip_error_fini(&error);
    if (!archive) {
        zip_source_free(target);
        return false;
    }
    zip_source_keep(target); /* the archive lets go of it when it closes */
    bool good = true;
    for (int i = 0; i < files->count && good; i++)
        good = add_file(archive, &files->items[i]);
    if (good)
        good = read_back(archive, target, out);
    else
        zip_discard(archive);
    zip_source_free(target);
    return good;
}

bool write_archive(const struct request *request, const struct enclosures *files)
{
    struct emit_context *context = request->context;
    const char *name = arena_printf(context->arena, "%s.zip", request->name);
    struct buffer bytes = {0};
    bool good = pack_files(files, &bytes) ? file_write(emit_path(context, name), bytes.text,
                                                       bytes.length, context->failure)
                                          : fail(context->failure, "%s cannot be packed", name);
    buffer_free(&bytes);
    if (good)
        emit_wrote(context, name);
    return good;
}
