/* flowc picture MODEL -o FILE [--view V] */
#include "flowc/flowc.h"

#include "base/file.h"
#include "base/sink.h"
#include "page/drawing.h"

#include <string.h>
#include <strings.h>

struct picture_request {
    const char *model, *to, *view;
    const char *format; /* by the name's end */
};

static enum exit_status draw(const struct picture_request *request, const struct mesh *mesh)
{
    struct failure failure = {""};
    struct buffer out = {0};
    struct scene *scene = scene_open(mesh);
    if (!scene) {
        complain("%s: nothing to see: no triangle has an area", request->model);
        return EXIT_FINDINGS;
    }
    bool good = drawing_render(scene, request->view, request->format, path_base(request->model),
                               &out, &failure) &&
                file_write(request->to, out.text, out.length, &failure);
    if (!good)
        complain("%s", failure.message);
    buffer_free(&out);
    scene_free(scene);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static enum exit_status read_and_draw(const struct picture_request *request)
{
    struct mesh mesh;
    enum exit_status status = EXIT_FINDINGS;
    switch (mesh_read(request->model, &mesh)) {
    case MESH_READ:
        status = draw(request, &mesh);
        break;
    case MESH_ABSENT:
        complain("%s: there is no such file, or it cannot be read", request->model);
        status = EXIT_ENVIRONMENT;
        break;
    case MESH_MALFORMED:
        complain("%s: %s", request->model, mesh.problem);
        break;
    case MESH_FOREIGN:
        complain("%s: no mesh that flowc reads", request->model);
        break;
    }
    mesh_free(&mesh);
    return status;
}

/* The word, if it is one of them. */
static const char *one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; word && i < count; i++)
        if (strcasecmp(word, words[i]) == 0)
            return words[i];
    return NULL;
}

int cmd_picture(int argc, char **argv)
{
    static const char *const views[] = {"iso", "front", "top", "right", "three"};
    static const char *const formats[] = {"png", "svg", "pdf"};
    const struct verb *verb = verb_find("picture");
    struct picture_request request = {.view = "iso"};
    const struct option_row options[] = {{"--output", true, &request.to, NULL},
                                         {"-o", true, &request.to, NULL},
                                         {"--view", true, &request.view, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one model at a time" : "which model?");
    if (!request.to)
        return usage_error(verb, "where does it go? -o FILE");
    if (!one_of(request.view, views, sizeof views / sizeof *views))
        return usage_error(verb, "--view is iso, front, top, right or three, not `%s`",
                           request.view);
    const char *dot = strrchr(path_base(request.to), '.');
    request.model = argv[1];
    request.format = one_of(dot ? dot + 1 : NULL, formats, sizeof formats / sizeof *formats);
    if (!request.format)
        return usage_error(verb, "FILE ends in .png, .svg or .pdf, not as `%s`", request.to);
    return read_and_draw(&request);
}
