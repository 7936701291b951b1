/* Pages, diagrams and workbooks stand on libraries that take 15 ms to load, ten times what a check
   of a small spec takes. So they are a module beside the program, opened the first time a document
   is asked for. This file is the door: the functions of emit/emit.h, each calling the one of the
   same name in the module. It is compiled into each program, and not into the library: the tests call the functions
   themselves. */
#include "emit/emit.h"
#include "page/drawing.h"
#include "page/raster.h"
#include "program/modules.h"

static struct module documents = {"flow_documents.so", "draws documents", NULL};

bool documents_are_there(struct failure *failure)
{
    return module_open(&documents, failure);
}

static bool find(const char *name, void *function, struct failure *failure)
{
    return module_find(&documents, name, function, failure);
}

#define OUTPUTS(O) O(instructions) O(diagram) O(workbook) O(packet) O(labels) O(forms) O(spec)

#define DOOR(name)                                                                                 \
    bool emit_##name(struct emit_context *context)                                                 \
    {                                                                                              \
        bool (*emit)(struct emit_context *);                                                       \
        return find("emit_" #name, &emit, context->failure) && emit(context);                      \
    }
OUTPUTS(DOOR)

bool diagram_render(const struct spec *spec, const struct product *product, const char *format,
                    struct buffer *out, struct failure *failure)
{
    bool (*render)(const struct spec *, const struct product *, const char *, struct buffer *,
                   struct failure *);
    return find("diagram_render", &render, failure) && render(spec, product, format, out, failure);
}

bool diagram_render_with(const struct spec *spec, const struct product *product,
                         const struct diagram_options *options, const char *format,
                         struct buffer *out, struct failure *failure)
{
    bool (*render)(const struct spec *, const struct product *, const struct diagram_options *,
                   const char *, struct buffer *, struct failure *);
    return find("diagram_render_with", &render, failure) &&
           render(spec, product, options, format, out, failure);
}

bool drawing_render(const struct scene *scene, const char *view, const char *format,
                    const char *title, struct buffer *out, struct failure *failure)
{
    bool (*render)(const struct scene *, const char *, const char *, const char *, struct buffer *,
                   struct failure *);
    return find("drawing_render", &render, failure) &&
           render(scene, view, format, title, out, failure);
}

bool svgs_to_pdf(const struct buffer *svgs, int count, const char *title, struct buffer *out,
                 struct failure *failure)
{
    bool (*to_pdf)(const struct buffer *, int, const char *, struct buffer *, struct failure *);
    return find("svgs_to_pdf", &to_pdf, failure) && to_pdf(svgs, count, title, out, failure);
}

bool svg_to_png(const struct buffer *svg, struct buffer *out, struct failure *failure)
{
    bool (*to_png)(const struct buffer *, struct buffer *, struct failure *);
    return find("svg_to_png", &to_png, failure) && to_png(svg, out, failure);
}
