/* DOT laid out. Graphviz takes its time to load, so this stands in the module that is loaded when pages are drawn. */
#include "trace/trace_pages.h"

#include "emit/common/graphviz_svg.h"

#include <graphviz/gvc.h>

static int swallow(char *message)
{
    (void)message;
    return 0;
}

bool trace_draw(const char *dot, struct buffer *out, struct failure *failure)
{
    static GVC_t
        *graphviz; /* never freed: the text layout remembers fonts' names that are the context's */
    char *bytes = NULL;
    unsigned length = 0;

    agseterr(AGMAX);
    agseterrf(swallow);
    graphviz = graphviz ? graphviz : gvContext();
    Agraph_t *graph = agmemread(dot);
    bool laid_out = graph && gvLayout(graphviz, graph, "dot") == 0;
    bool good = laid_out && gvRenderData(graphviz, graph, "svg", &bytes, &length) == 0;
    if (good)
        graphviz_add_svg(out, bytes, length);
    else
        fail(failure, "Graphviz cannot draw the trace; run `dot -c` as root, or install the "
                      "package graphviz again");
    if (bytes)
        gvFreeRenderData(bytes);
    if (laid_out)
        gvFreeLayout(graphviz, graph);
    if (graph)
        agclose(graph);
    return good;
}
