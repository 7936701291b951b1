/* Which format the bytes of a model are. */
#include "geometry/mesh.h"

#include "geometry/stl.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_in_stl(const char *path)
{
    size_t length = strlen(path);
    return length >= 4 && strcasecmp(path + length - 4, ".stl") == 0;
}

static enum mesh_status read_bytes(const char *path, const unsigned char *bytes, size_t length,
                                   struct mesh *mesh)
{
    if (!stl_is_likely(bytes, length) && !ends_in_stl(path))
        return MESH_FOREIGN;
    return stl_read(bytes, length, mesh) ? MESH_READ : MESH_MALFORMED;
}

enum mesh_status mesh_read(const char *path, struct mesh *mesh)
{
    *mesh = (struct mesh){0};
    struct stat status;
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
        result = read_bytes(path, length ? bytes : (const unsigned char *)"", length, mesh);
        if (length)
            munmap(bytes, length);
    }
    close(descriptor);
    return result;
}

void mesh_free(struct mesh *mesh)
{
    free(mesh->triangles);
    free(mesh->vertices);
    mesh->triangles = NULL;
    mesh->vertices = NULL;
    mesh->triangle_count = mesh->vertex_count = 0;
}
