/* Which format the bytes of a model are. */
#include "geometry/reader.h"

#include "base/inputs.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new format is a row, and its file. Whichever thinks the bytes likely reads them; what is surest comes first. */
static const struct mesh_reader *const readers[] = {&stl_reader, &threemf_reader, &obj_reader};
enum { READERS = sizeof readers / sizeof *readers };

bool mesh_problem(struct mesh *mesh, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mesh->problem, sizeof mesh->problem, format, arguments);
    va_end(arguments);
    mesh_tidy(mesh->problem);
    return false;
}

void mesh_tidy(char *text)
{
    size_t length = strlen(text), size, to = 0;
    for (size_t from = 0; from < length; from += size) {
        uint32_t point = utf8_read(text + from, length - from, &size);
        if (point == UTF8_NONE)
            continue;
        if (point > ' ') {
            memmove(text + to, text + from, size);
            to += size;
        } else if (to && text[to - 1] != ' ') {
            text[to++] = ' ';
        }
    }
    to -= to && text[to - 1] == ' ';
    text[to] = '\0';
}

static bool ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcasecmp(name + length - tail, ending) == 0;
}

/* By the bytes; where these say nothing, the reader whose errors the name asks for. */
static const struct mesh_reader *reader_for(const char *name, const unsigned char *bytes,
                                            size_t length)
{
    for (int i = 0; i < READERS; i++)
        if (readers[i]->is_likely(bytes, length))
            return readers[i];
    for (int i = 0; i < READERS; i++)
        if (ends_in(name, readers[i]->ending))
            return readers[i];
    return NULL;
}

enum mesh_status mesh_read_bytes(const char *name, const unsigned char *bytes, size_t length,
                                 struct mesh *mesh)
{
    *mesh = (struct mesh){0};
    const struct mesh_reader *reader = reader_for(name, bytes, length);
    if (!reader)
        return MESH_FOREIGN;
    return reader->read(bytes, length, mesh) ? MESH_READ : MESH_MALFORMED;
}

enum mesh_status mesh_read(const char *path, struct mesh *mesh)
{
    *mesh = (struct mesh){0};
    struct stat status;
    inputs_note(path);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hang us */
    if (descriptor < 0)
        return MESH_ABSENT;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor);
        return MESH_ABSENT;
    }
    enum mesh_status result = MESH_ABSENT;
    size_t length = (size_t)status.st_size;
    void *bytes = length ? mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, 0) : NULL;
    if (bytes != MAP_FAILED) {
        result = mesh_read_bytes(path, length ? bytes : (const unsigned char *)"", length, mesh);
        if (length)
            munmap(bytes, length);
    }
    close(descriptor);
    return result;
}

static int by_material(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

uint32_t mesh_materials(const struct mesh *mesh, uint32_t *numbers)
{
    uint32_t count = 0, volumes = mesh->volume_count;
    bool said = false;
    uint64_t *distinct = memory_alloc((volumes + (size_t)1) * sizeof *distinct);
    for (uint32_t i = 0; i < volumes; i++)
        said |= mesh->volumes[i].material != 0;
    for (uint32_t i = 0; i < volumes; i++)
        distinct[i] = said ? mesh->volumes[i].material : i;
    qsort(distinct, volumes, sizeof *distinct, by_material);
    for (uint32_t i = 0; i < volumes; i++)
        if (!i || distinct[i] != distinct[count - 1])
            distinct[count++] = distinct[i];
    for (uint32_t i = 0; numbers && i < volumes; i++) {
        uint64_t key = said ? mesh->volumes[i].material : i;
        const uint64_t *at = bsearch(&key, distinct, count, sizeof *distinct, by_material);
        numbers[i] = at ? (uint32_t)(at - distinct) : 0;
    }
    free(distinct);
    return count ? count : 1;
}

void mesh_free(struct mesh *mesh)
{
    free(mesh->triangles);
    free(mesh->vertices);
    free(mesh->volumes);
    mesh->triangles = NULL;
    mesh->vertices = NULL;
    mesh->volumes = NULL;
    mesh->triangle_count = mesh->vertex_count = mesh->volume_count = 0;
}
