/* Which shell lies in which: from a point of each goes a line straight up, and what it passes is counted, up and down,
   shell by shell. */
#include "geometry/inside.h"
#include "geometry/shells.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS = 5, LOOKED_AT_MOST = 50 * 1000 * 1000 };

struct lines {
    const struct mesh *mesh;
    const struct solid *solid;
    double from[3];
    uint32_t shell;  /* the one whose point it is */
    int32_t *passed; /* of each shell: how often the line leaves it, less how often it enters */
    uint32_t *met, met_count; /* the shells of which a face was looked at */
    bool *is_met;
    uint32_t *around; /* those that all points so far lie in */
    uint32_t looked;
};

static bool look(void *context, uint32_t face)
{
    struct lines *lines = context;
    uint32_t shell = lines->solid->shell_of[face];
    if (++lines->looked > LOOKED_AT_MOST)
        return false;
    if (shell == NO_SHELL || shell == lines->shell || !lines->solid->shells[shell].closed)
        return true;
    if (!lines->is_met[shell]) {
        lines->is_met[shell] = true;
        lines->met[lines->met_count++] = shell;
    }
    lines->passed[shell] += face_above(lines->mesh, face, lines->from);
    return true;
}

/* Leaves in `passed` and `met` what a line up from the middle of the face goes through. */
static void send_up(struct lines *lines, const struct box_tree *tree, uint32_t face)
{
    const uint32_t *corners = lines->mesh->triangles[face];
    float low[3], high[3];
    for (uint32_t i = 0; i < lines->met_count; i++) {
        lines->passed[lines->met[i]] = 0;
        lines->is_met[lines->met[i]] = false;
    }
    lines->met_count = 0;
    for (int axis = 0; axis < 3; axis++) {
        lines->from[axis] = 0;
        for (int corner = 0; corner < 3; corner++)
            lines->from[axis] += (double)lines->mesh->vertices[corners[corner]][axis] / 3;
    }
    box_above(lines->from, low, high);
    boxes_visit(tree, low, high, look, lines);
}

static int sign_of(const struct shell *shell)
{
    double size = 0;
    for (int axis = 0; axis < 3; axis++)
        size = fmax(size, shell->high[axis] - shell->low[axis]);
    if (fabs(shell->volume_mm3) <= 1e-9 * size * shell->area_mm2)
        return 0; /* two faces back to back */
    return shell->volume_mm3 < 0 ? -1 : 1;
}

static void judge(struct solid *solid, uint32_t index, int around)
{
    struct shell *shell = &solid->shells[index];
    int sign = sign_of(shell);
    shell->inside_out = around < 0 || (around == 0 && sign < 0);
    bool within = around > 0 && sign > 0;
    enum flaw flaw = shell->inside_out ? FLAW_INSIDE_OUT : FLAW_WITHIN;
    if (!shell->inside_out && !within)
        return;
    if (!solid->facts.flaws[flaw].count++)
        for (int axis = 0; axis < 3; axis++)
            solid->facts.flaws[flaw].at[axis] = (shell->low[axis] + shell->high[axis]) / 2;
}

/* A shell lies in those that all of its points lie in; the smallest of them is around it first. */
static void nest_one(struct lines *lines, struct solid *solid, const struct box_tree *tree,
                     const uint32_t *faces)
{
    struct shell *shell = &solid->shells[lines->shell];
    uint32_t points = shell->triangles < POINTS ? shell->triangles : POINTS, count = 0;
    uint32_t *around = lines->around;
    int signs = 0;
    for (uint32_t point = 0; point < points && (!point || count); point++) {
        send_up(lines, tree, faces[(uint64_t)shell->triangles * point / points]);
        const uint32_t *from = point ? around : lines->met;
        uint32_t candidates = point ? count : lines->met_count;
        count = 0;
        for (uint32_t i = 0; i < candidates; i++)
            if (lines->passed[from[i]])
                around[count++] = from[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        double volume = fabs(solid->shells[around[i]].volume_mm3);
        if (shell->inside == NO_SHELL || volume < fabs(solid->shells[shell->inside].volume_mm3))
            shell->inside = around[i];
        signs += sign_of(&solid->shells[around[i]]);
    }
    shell->depth = count;
    judge(solid, lines->shell, signs);
}

static void judge_alone(struct solid *solid)
{
    for (uint32_t i = 0; i < solid->facts.shells; i++)
        if (solid->shells[i].closed)
            judge(solid, i, 0);
    solid->facts.nested = true;
}

static bool box_holds(const struct shell *outer, const struct shell *inner)
{
    for (int axis = 0; axis < 3; axis++)
        if (outer->low[axis] > inner->low[axis] || outer->high[axis] < inner->high[axis])
            return false;
    return outer->closed && inner->closed;
}

/* Whether a shell may lie in another; of many it is not asked. */
static bool may_nest(const struct solid *solid)
{
    uint32_t count = solid->facts.shells;
    for (uint32_t i = 0; count <= 256 && i < count; i++)
        for (uint32_t j = 0; j < count; j++)
            if (i != j && box_holds(&solid->shells[i], &solid->shells[j]))
                return true;
    return count > 256;
}

/* Faces shell by shell; `begin` has room for one more than there are shells. */
static uint32_t *sort_faces(const struct solid *solid, uint32_t *begin)
{
    uint32_t *faces = memory_alloc((solid->facts.triangles + (size_t)1) * sizeof *faces);
    for (uint32_t i = 0; i < solid->facts.shells; i++)
        begin[i + 1] = begin[i] + solid->shells[i].triangles;
    for (uint32_t i = 0; i < solid->facts.triangles; i++)
        if (solid->shell_of[i] != NO_SHELL)
            faces[begin[solid->shell_of[i]]++] = i;
    for (uint32_t i = solid->facts.shells; i > 0; i--)
        begin[i] = begin[i - 1];
    begin[0] = 0;
    return faces;
}

void shells_nest(const struct mesh *mesh, struct solid *solid)
{
    uint32_t shells = solid->facts.shells;
    if (!may_nest(solid)) {
        judge_alone(solid);
        return;
    }
    struct box_tree tree = boxes_build(mesh);
    struct lines lines = {.mesh = mesh, .solid = solid};
    uint32_t *begin = memory_zeroed(shells + (size_t)1, sizeof *begin);
    uint32_t *faces = sort_faces(solid, begin);
    lines.passed = memory_zeroed(shells, sizeof *lines.passed);
    lines.met = memory_alloc(shells * sizeof *lines.met);
    lines.around = memory_alloc(shells * sizeof *lines.around);
    lines.is_met = memory_zeroed(shells, sizeof *lines.is_met);
    for (uint32_t i = 0; i < shells && lines.looked <= LOOKED_AT_MOST; i++)
        if (solid->shells[i].closed) {
            lines.shell = i;
            nest_one(&lines, solid, &tree, faces + begin[i]);
        }
    solid->facts.nested = lines.looked <= LOOKED_AT_MOST;
    free(begin);
    free(faces);
    free(lines.passed);
    free(lines.met);
    free(lines.around);
    free(lines.is_met);
    boxes_free(&tree);
}
