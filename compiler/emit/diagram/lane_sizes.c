/* How large nodes and texts are: Graphviz draws them, so it is asked. */
#include "emit/diagram/lanes.h"

/* A node's look on a graph of its own, where it needs no ways. */
static Agnode_t *add_copy(Agraph_t *sizes, Agnode_t *of)
{
    Agraph_t *picture = agroot(of);
    Agnode_t *copy = agnode(sizes, NULL, 1);

    for (Agsym_t *what = agnxtattr(picture, AGNODE, NULL); what;
         what = agnxtattr(picture, AGNODE, what)) {
        char *value = agxget(of, what);
        if (aghtmlstr(value))
            draw_set_label(copy, value);
        else
            draw_set(copy, what->name, value);
    }
    draw_set(copy, "pos", "0,0");
    return copy;
}

/* A text as a node without a border. */
static Agnode_t *add_words(Agraph_t *sizes, const char *label, const char *size, bool html)
{
    Agnode_t *node = agnode(sizes, NULL, 1);

    draw_set(node, "shape", "plain");
    draw_set(node, "fontsize", size);
    draw_set(node, "pos", "0,0");
    if (html)
        draw_set_label(node, label);
    else
        draw_set(node, "label", label);
    return node;
}

static void read_size(Agnode_t *node, double *width, double *height)
{
    *width = ND_width(node) * POINTS_PER_INCH;
    *height = ND_height(node) * POINTS_PER_INCH;
}

void lanes_measure(struct layout *layout, GVC_t *graphviz)
{
    struct drawing *drawing = layout->drawing;
    struct arena *arena = drawing->arena;
    Agraph_t *sizes = draw_open("sizes");
    Agnode_t **spots = ARENA_ARRAY(arena, Agnode_t *, layout->spot_count);
    Agnode_t **ways = ARENA_ARRAY(arena, Agnode_t *, layout->way_count);
    Agnode_t **lanes = ARENA_ARRAY(arena, Agnode_t *, drawing->lane_count);
    Agnode_t *title = add_words(sizes, label_title(drawing->subject), "14", true);

    for (int i = 0; i < layout->spot_count; i++)
        spots[i] = add_copy(sizes, layout->spots[i].node);
    for (int i = 0; i < layout->way_count; i++)
        ways[i] = add_words(sizes, layout->ways[i].drawn->label, "9", false);
    for (int i = 0; i < drawing->lane_count && drawing->subject->lanes; i++)
        lanes[i] = add_words(sizes, drawing->lanes[i].title, "13", true);
    bool laid_out = gvLayout(graphviz, sizes, "nop2") == 0;
    read_size(title, &layout->title_width, &layout->title_height);
    for (int i = 0; i < layout->spot_count; i++)
        read_size(spots[i], &layout->spots[i].width, &layout->spots[i].height);
    for (int i = 0; i < layout->way_count; i++)
        read_size(ways[i], &layout->ways[i].label_width, &layout->ways[i].label_height);
    for (int i = 0; i < drawing->lane_count && drawing->subject->lanes; i++)
        read_size(lanes[i], &drawing->lanes[i].title_width, &drawing->lanes[i].title_height);
    if (laid_out)
        gvFreeLayout(graphviz, sizes);
    agclose(sizes);
}
