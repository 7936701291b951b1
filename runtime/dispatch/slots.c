/* Which slot of a printer feeds which filament of a file: the plate's materials have an order, the file's filaments in use have
   the same one (docs/slicing.md), and what is loaded where is in the journal. */
#include "dispatch/private.h"

#include "slicing/gcode.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct feeding {
    const struct material *materials[GCODE_TOOLS_AT_MOST];
    int count;
    int tools[GCODE_TOOLS_AT_MOST]; /* of the file, those in use */
    int used;
    const struct gcode_facts *facts;
};

/* "PLA" and PLA_CF: one begins like the other. Where one of both does not say it, they agree. */
static bool agrees(const char *said, const struct material *material)
{
    const char *family = material->family ? value_word(&material->family->value, NULL) : NULL;
    if (!said || !family)
        return true;
    size_t length = strlen(said) < strlen(family) ? strlen(said) : strlen(family);
    return strncasecmp(said, family, length) == 0;
}

/* pla_black, petg: in the order of the slots. */
static void list(const struct feeding *feeding, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < feeding->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
                                 feeding->materials[i]->base.name);
}

static bool has_as_many(const struct feeding *feeding, const char *path, struct failure *failure)
{
    char names[200];
    list(feeding, names, sizeof names);
    return feeding->used == feeding->count ||
           fail(failure,
                "%.100s lays %d filament%s, and the job is of %d (%s); slice it anew, with its "
                "filaments in that order",
                path, feeding->used, feeding->used == 1 ? "" : "s", feeding->count, names);
}

static bool is_of_the_job(const struct feeding *feeding, const char *path, struct failure *failure)
{
    char names[200];
    list(feeding, names, sizeof names);
    for (int i = 0; i < feeding->count; i++) {
        const char *said = feeding->facts->tools[feeding->tools[i]].material;
        if (!agrees(said, feeding->materials[i]) && feeding->count == 1)
            return fail(
                failure,
                "%.100s is sliced for %.20s, and the job is of %s; queue another file for it", path,
                said, names);
        if (!agrees(said, feeding->materials[i]))
            return fail(failure,
                        "filament %d of %.100s is %.20s, and slot %d of the plate is %s; slice it "
                        "anew, with its filaments in the order %s",
                        feeding->tools[i] + 1, path, said, i + 1, feeding->materials[i]->base.name,
                        names);
    }
    return true;
}

/* "Metadata/plate_2.gcode"; 0 for a file that is one job. */
static int plate_of(const struct gcode_facts *facts)
{
    int plate = 0;
    const char *number = facts->name ? strstr(facts->name, "plate_") : NULL;
    return number && sscanf(number, "plate_%d", &plate) == 1 ? plate : 0;
}

bool choose_slots(struct dispatch *dispatch, const struct job *job, int index, const char *path,
                  struct failure *failure)
{
    const struct bay *bay = &dispatch->bays[index];
    const struct printer *printer = state_printer(shop_state(dispatch->shop), bay->name);
    struct feeding feeding = {.used = 0};
    struct gcode gcode;
    int slots[GCODE_TOOLS_AT_MOST] = {SLOT_NONE}, count = 1;
    feeding.count = job_materials(job, feeding.materials, GCODE_TOOLS_AT_MOST);
    bool wanted = bay->printer->protocol->wants_slots && printer && printer->slots && feeding.count;
    gcode_read(path, &dispatch->arena, &gcode);
    if (gcode.status == GCODE_ABSENT && !wanted) /* who sends it says so */
        return true;
    if (gcode.status != GCODE_READ)
        return fail(failure, "%.100s: %s", path, gcode.problem);
    feeding.facts = gcode.plates;
    feeding.used = gcode_used_tools(gcode.plates, feeding.tools);
    /* The spec's own file is checked with the spec; of one that says other filaments the printer may know more than we do. */
    if (*job->file && feeding.used == feeding.count && !is_of_the_job(&feeding, path, failure))
        return false;
    if (!wanted)
        return true;
    if (!feeding.used && feeding.count == 1) /* nothing is said of it, and there is no choice */
        feeding.used = 1;
    else
        count = gcode.plates->tool_count;
    if (!has_as_many(&feeding, path, failure) || !is_of_the_job(&feeding, path, failure))
        return false;
    for (int i = 0; i < feeding.count; i++) {
        const struct loaded_slot *slot = printer_slot_of(printer, feeding.materials[i]->base.name);
        if (!slot)
            return fail(failure, "%s is not loaded in %s", feeding.materials[i]->base.name,
                        printer->name);
        slots[feeding.tools[i]] = slot->slot;
    }
    driver_choose(dispatch->driver, index, plate_of(gcode.plates), slots, count);
    return true;
}
