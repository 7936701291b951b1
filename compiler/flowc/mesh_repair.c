/* flowc mesh --repair FILE -o NEW. */
#include "flowc/mesh_report.h"

#include "base/file.h"
#include "geometry/flaws.h"
#include "geometry/repair.h"

#include <unistd.h>

static void add_deed(struct buffer *out, uint32_t count, const char *one, const char *more)
{
    if (count)
        buffer_addf(out, "  %u %s\n", count, count == 1 ? one : more);
}

static void add_deeds(struct buffer *out, const struct repair *repair)
{
    add_deed(out, repair->removed, "triangle that was there twice is taken out",
             "triangles that were there twice are taken out");
    add_deed(out, repair->collapsed, "triangle with two corners at one place is taken out",
             "triangles with two corners at one place are taken out");
    add_deed(out, repair->joined, "corner that differed only by rounding is joined",
             "corners that differed only by rounding are joined");
    add_deed(out, repair->faces, "triangle that disagreed with its neighbours is turned",
             "triangles that disagreed with their neighbours are turned");
    add_deed(out, repair->shells, "shell that was inside out is turned",
             "shells that were inside out are turned");
}

static enum exit_status refuse(const char *path, const struct repair *repair)
{
    struct buffer text = {0};
    mesh_describe_flaws(&text, &repair->after);
    const char *remedy = mesh_remedy(&repair->after);
    if (text.length)
        complain("%s: what was meant is not certain, and nothing is written: %s", path, text.text);
    else
        complain("%s: what was meant is not certain, and nothing is written: a shell that is "
                 "inside out may be a cavity",
                 path);
    if (remedy)
        complain("%s", remedy);
    buffer_free(&text);
    return EXIT_FINDINGS;
}

static enum exit_status write_mended(const char *path, const char *output, const struct mesh *mesh,
                                     const struct repair *repair)
{
    struct buffer out = {0};
    struct failure failure;
    if (!mesh_write_stl(mesh, output, &failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    buffer_addf(&out, "%s: repaired from %s, a solid of %.6g mm^3\n", output, path,
                repair->after.volume_mm3);
    add_deeds(&out, repair);
    bool good = print_out(&out);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

enum exit_status mesh_repair_file(const char *path, const char *output)
{
    struct mesh mesh;
    struct repair repair;
    enum exit_status status = EXIT_FINDINGS;
    if (access(output, F_OK) == 0) {
        complain("%s is there already; a repair writes a new file", output);
        return EXIT_ENVIRONMENT;
    }
    enum mesh_status read = mesh_read(path, &mesh);
    if (read == MESH_ABSENT) {
        complain("%s is not there, or cannot be read", path);
        status = EXIT_ENVIRONMENT;
    } else if (read != MESH_READ) {
        complain("%s: %s", path,
                 read == MESH_MALFORMED ? mesh.problem : "it is no model that flowc reads");
    } else if (!mesh_repair(&mesh, &repair)) {
        status = refuse(path, &repair);
    } else if (repair_did_nothing(&repair)) {
        struct buffer out = {0};
        buffer_addf(&out, "%s: a solid already, nothing is written\n", path);
        status = print_out(&out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
        buffer_free(&out);
    } else {
        status = write_mended(path, output, &mesh, &repair);
    }
    mesh_free(&mesh);
    return status;
}
