/* A graph of Graphviz as our pictures want it. */
#include "emit/diagram/diagram.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

char *draw_text(const char *constant)
{
    char *changeable;

    memcpy(&changeable, &constant, sizeof changeable);
    return changeable;
}

void draw_set(void *object, const char *name, const char *value)
{
    agsafeset(object, draw_text(name), draw_text(value), draw_text(""));
}

void draw_set_label(void *object, const char *label)
{
    Agraph_t *root = agroot(object);
    char *html = agstrdup_html(root, draw_text(label));

    agsafeset(object, draw_text("label"), html, draw_text(""));
    agstrfree(root, html);
}

static void set_defaults(Agraph_t *picture)
{
    static const struct {
        int of;
        const char *name, *value;
    } defaults[] = {
        {AGRAPH, "rankdir", "TB"},
        {AGRAPH, "fontname", "DejaVu Sans"},
        {AGRAPH, "labelloc", "t"},
        {AGRAPH, "nodesep", "0.3"},
        {AGRAPH, "ranksep", "0.25"},
        {AGRAPH, "pad", "0.2"},
        {AGRAPH, "charset", "UTF-8"},
        {AGRAPH, "bgcolor", "white"},
        {AGRAPH, "label", ""},
        {AGRAPH, "rank", ""},
        {AGNODE, "fontname", "DejaVu Sans"},
        {AGNODE, "fontsize", "12"},
        {AGNODE, "label", "\\N"},
        {AGNODE, "margin", "0.14,0.1"},
        {AGEDGE, "fontname", "DejaVu Sans"},
        {AGEDGE, "fontsize", "9"},
        {AGEDGE, "label", ""},
        {AGEDGE, "arrowsize", "0.7"},
    };

    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        agattr(picture, defaults[i].of, draw_text(defaults[i].name), draw_text(defaults[i].value));
}

/* Numbers for graphs, nodes and edges in the order of their making. Graphviz's own are addresses of names, and it keeps,
   lays out and writes subgraphs by number: no two runs need agree on that. Told that a name has no number, it keeps a
   table of names itself. */
static void *open_numbers(Agraph_t *graph, Agdisc_t *discipline)
{
    (void)graph;
    (void)discipline;
    return memory_zeroed(1, sizeof(IDTYPE));
}

static long next_number(void *last, int type, char *name, IDTYPE *number, int create)
{
    (void)type;
    if (name || !create)
        return 0;
    *number = ++*(IDTYPE *)last;
    return 1;
}

static long take_number(void *last, int type, IDTYPE number)
{
    (void)last, (void)type, (void)number;
    return 0;
}

static void free_number(void *last, int type, IDTYPE number)
{
    (void)last, (void)type, (void)number;
}

static char *print_number(void *last, int type, IDTYPE number)
{
    (void)last, (void)type, (void)number;
    return NULL;
}

static void register_number(void *last, int type, void *object)
{
    (void)last, (void)type, (void)object;
}

Agraph_t *draw_open(const char *name)
{
    static Agiddisc_t numbers = {open_numbers, next_number, take_number,    free_number,
                                 print_number, free,        register_number};
    static Agdisc_t discipline = {NULL, &numbers, NULL};

    Agraph_t *picture = agopen(draw_text(name), Agdirected, &discipline);
    set_defaults(picture);
    return picture;
}
