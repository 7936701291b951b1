#include "geometry/flaws.h"

#include <math.h>

#define DRAWN "mend it where it was drawn, and export it again"

const struct flaw_row flaw_rows[FLAW_COUNT] = {
    [FLAW_OPEN] = {"open_edges", "edge is open", "edges are open",
                   "close the hole where it was drawn, and export it again"},
    [FLAW_FLIPPED] =
        {"flipped_edges", "edge has two faces that disagree what is outside",
         "edges have two faces that disagree what is outside",
         "let the program that drew it turn the faces outward (\"unify normals\"), and "
         "export it again"},
    [FLAW_UNEVEN] = {"uneven_edges", "edge has three or more faces that enclose nothing together",
                     "edges have three or more faces that enclose nothing together",
                     "take out the wall inside or the face that is there twice, and export it "
                     "again"},
    [FLAW_INSIDE_OUT] = {"inside_out_shells", "shell is inside out", "shells are inside out",
                         "`flowc mesh --repair FILE -o NEW` turns it"},
    [FLAW_COLLAPSED] = {"collapsed_faces", "triangle has two corners at one place",
                        "triangles have two corners at one place", DRAWN},
    [FLAW_FLAT] = {"flat_faces", "triangle has its corners in a line",
                   "triangles have their corners in a line", DRAWN},
    [FLAW_WITHIN] = {"shells_within", "body lies within a body", "bodies lie within a body",
                     "if it is meant as a cavity, turn its faces; if not, unite the two"},
    [FLAW_CROWDED] = {"crowded_edges", "edge has more than two faces",
                      "edges have more than two faces",
                      "bodies touch there in a line; it prints, but unite or part them if you can"},
    [FLAW_DUPLICATE] = {"duplicate_faces", "triangle is there twice", "triangles are there twice",
                        "`flowc mesh --repair FILE -o NEW` takes it out"},
};

enum flaw flaw_worst(const struct mesh_facts *facts)
{
    for (enum flaw flaw = 0; flaw < FLAW_WITHIN; flaw++)
        if (facts->flaws[flaw].count)
            return flaw;
    return FLAW_COUNT;
}

/* Two faces back to back are closed. */
static bool encloses(const struct mesh_facts *facts)
{
    double size = 0;
    for (int axis = 0; axis < 3; axis++)
        size = fmax(size, facts->high[axis] - facts->low[axis]);
    return fabs(facts->volume_mm3) > 1e-9 * size * facts->area_mm2;
}

bool mesh_is_solid(const struct mesh_facts *facts)
{
    return facts->closed && flaw_worst(facts) == FLAW_COUNT && encloses(facts);
}

/* -0.0004 is 0. */
static void add_length(struct buffer *out, double mm)
{
    double rounded = round(mm * 1000) / 1000;
    buffer_addf(out, "%.10g", rounded + 0.0);
}

void place_describe(struct buffer *out, const double at[3])
{
    for (int axis = 0; axis < 3; axis++) {
        buffer_add_text(out, axis ? ", " : "(");
        add_length(out, at[axis]);
    }
    buffer_add_text(out, ")");
}

void flaw_describe(struct buffer *out, const struct mesh_facts *facts, enum flaw flaw)
{
    uint32_t count = facts->flaws[flaw].count;
    buffer_addf(out, "%u %s, %sat ", count, count == 1 ? flaw_rows[flaw].one : flaw_rows[flaw].more,
                count == 1 ? "" : "the first ");
    place_describe(out, facts->flaws[flaw].at);
}

void mesh_describe_flaws(struct buffer *out, const struct mesh_facts *facts)
{
    bool any = false;
    for (enum flaw flaw = 0; flaw < FLAW_WITHIN; flaw++)
        if (facts->flaws[flaw].count) {
            buffer_add_text(out, any ? "; " : "");
            flaw_describe(out, facts, flaw);
            any = true;
        }
    if (any || mesh_is_solid(facts))
        return;
    buffer_add_text(out, facts->triangles ? "it encloses nothing" : "it has no triangle");
}

const char *mesh_remedy(const struct mesh_facts *facts)
{
    enum flaw flaw = flaw_worst(facts);
    if (flaw < FLAW_COUNT)
        return flaw_rows[flaw].remedy;
    if (mesh_is_solid(facts))
        return NULL;
    return facts->triangles ? "it is a sheet: give it a thickness where it was drawn"
                            : "select what is to be exported, and export it again";
}
