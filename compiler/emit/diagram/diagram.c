/* The flow diagram: built once, laid out once, written as DOT, SVG, PDF and PNG. */
#include "emit/diagram/diagram.h"

#include "base/sink.h"
#include "emit/common/graphviz_svg.h"
#include "emit/emit.h"
#include "page/raster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const formats[] = {"dot", "svg", "pdf", "png"};
enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

/* A picture in the making: the graph, and its SVG once it was laid out. */
struct diagram {
    struct subject subject;
    struct arena arena;
    struct drawing drawing;
    struct buffer dot, svg;
};

/* What Graphviz complains about is said by us, with what to do. */
static int swallow(char *message)
{
    (void)message;
    return 0;
}

static bool write_dot(struct diagram *diagram, struct failure *failure)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&bytes, &length);

    bool good = stream && agwrite(diagram->drawing.picture, stream) == 0;
    good = stream && fclose(stream) == 0 && good;
    if (good)
        buffer_add(&diagram->dot, bytes, length);
    free(bytes);
    return good || fail(failure, "the diagram cannot be written as DOT: no memory");
}

/* One for the whole run, never freed: Graphviz's text layout remembers a font's name that belongs to the context, and
   would read it after the context is gone. */
static GVC_t *graphviz_context(void)
{
    static GVC_t *context;

    if (!context)
        context = gvContext();
    return context;
}

static bool write_svg(struct diagram *diagram, struct failure *failure)
{
    GVC_t *graphviz = graphviz_context();
    char *bytes = NULL;
    unsigned length = 0;

    lanes_lay_out(&diagram->drawing, graphviz);
    bool laid_out = gvLayout(graphviz, diagram->drawing.picture, "nop2") == 0;
    bool good =
        laid_out && gvRenderData(graphviz, diagram->drawing.picture, "svg", &bytes, &length) == 0;

    if (good)
        graphviz_add_svg(&diagram->svg, bytes, length);
    else
        fail(failure,
             "Graphviz cannot draw the diagram: it lacks its %s; run `dot -c` as root, or install "
             "the package graphviz again",
             laid_out ? "SVG writer" : "layouts");
    if (bytes)
        gvFreeRenderData(bytes);
    if (laid_out)
        gvFreeLayout(graphviz, diagram->drawing.picture);
    return good;
}

static bool open_diagram(struct diagram *diagram, const struct spec *spec,
                         const struct product *product, const struct diagram_options *options,
                         bool drawn, struct failure *failure)
{
    *diagram = (struct diagram){.subject = {.spec = spec,
                                            .product = product,
                                            .sku = options->sku,
                                            .arena = &diagram->arena,
                                            .witnesses = options->witnesses,
                                            .witness_count = options->witness_count,
                                            .lanes = options->lanes}};
    agseterr(AGMAX);
    agseterrf(swallow);
    if (!product->workflow)
        return fail(failure, "%s has no workflow to draw", product->base.name);
    draw_workflow(&diagram->subject, &diagram->drawing);
    return write_dot(diagram, failure) && (!drawn || write_svg(diagram, failure));
}

static void close_diagram(struct diagram *diagram)
{
    if (diagram->drawing.picture)
        agclose(diagram->drawing.picture);
    buffer_free(&diagram->dot);
    buffer_free(&diagram->svg);
    arena_free(&diagram->arena);
}

/* Adds the picture in one format; the format is one of ours. */
static bool add_format(struct diagram *diagram, const char *format, struct buffer *out,
                       struct failure *failure)
{
    const struct buffer *svg = &diagram->svg;

    if (strcmp(format, "dot") == 0)
        buffer_add(out, buffer_text(&diagram->dot), diagram->dot.length);
    else if (strcmp(format, "svg") == 0)
        buffer_add(out, buffer_text(svg), svg->length);
    else if (strcmp(format, "pdf") == 0)
        return svgs_to_pdf(svg, 1,
                           declaration_title(diagram->subject.spec, &diagram->subject.product->base,
                                             diagram->subject.sku, &diagram->arena),
                           out, failure);
    else
        return svg_to_png(svg, out, failure);
    return true;
}

bool diagram_render_with(const struct spec *spec, const struct product *product,
                         const struct diagram_options *options, const char *format,
                         struct buffer *out, struct failure *failure)
{
    struct diagram diagram;
    bool known = false;

    for (int i = 0; i < FORMAT_COUNT; i++)
        known |= strcmp(format, formats[i]) == 0;
    if (!known)
        return fail(failure, "a diagram is dot, svg, pdf or png, not `%s`", format);
    bool good =
        open_diagram(&diagram, spec, product, options, strcmp(format, "dot") != 0, failure) &&
        add_format(&diagram, format, out, failure);
    close_diagram(&diagram);
    return good;
}

bool diagram_render(const struct spec *spec, const struct product *product, const char *format,
                    struct buffer *out, struct failure *failure)
{
    return diagram_render_with(spec, product, &(struct diagram_options){0}, format, out, failure);
}

bool emit_diagram(struct emit_context *context)
{
    struct diagram diagram;
    bool good = open_diagram(&diagram, context->spec, context->product,
                             &(struct diagram_options){0}, true, context->failure);

    for (int i = 0; i < FORMAT_COUNT && good; i++) {
        struct buffer bytes = {0};
        char *name = arena_printf(context->arena, "diagram.%s", formats[i]);
        good = add_format(&diagram, formats[i], &bytes, context->failure) &&
               file_write(emit_path(context, name), buffer_text(&bytes), bytes.length,
                          context->failure);
        buffer_free(&bytes);
        if (good)
            emit_wrote(context, name);
    }
    close_diagram(&diagram);
    return good;
}
