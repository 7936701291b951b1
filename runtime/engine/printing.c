/* Questions to the state about jobs and printers. */
#include "engine/printing.h"

#include "slicing/pieces.h"

#include <limits.h>
#include <string.h>

const char *const job_stage_words[JOB_STAGE_COUNT] = {
    "waiting", "sending", "starting", "printing", "asked", "aside", "done", "cancelled"};

enum job_stage job_stage_named(const char *word)
{
    enum job_stage stage = JOB_WAITING;
    while (stage < JOB_STAGE_COUNT && strcmp(job_stage_words[stage], word) != 0)
        stage++;
    return stage;
}

bool job_is_under_way(const struct job *job)
{
    return job->stage >= JOB_SENDING && job->stage <= JOB_ASKED;
}

int64_t job_pause_ms(const struct job *job)
{
    enum { FIRST_MS = 10 * 1000, LONGEST_MS = 10 * 60 * 1000 };
    int tries = job->failed + job->not_started;
    int64_t pause_ms = tries ? (int64_t)FIRST_MS << (tries < 6 ? tries - 1 : 6) : 0;
    return pause_ms < LONGEST_MS ? pause_ms : LONGEST_MS;
}

/* ---- what is on the plate ---- */

const struct simple *step_parts(const struct step *step)
{
    return step->makes ? step->makes : step->works;
}

static const struct part *part_named(const struct step *step, const struct sku *sku,
                                     const char *name, size_t length)
{
    for (const struct simple *row = step_parts(step); row; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        if (part && strlen(part->base.name) == length && memcmp(part->base.name, name, length) == 0)
            return part;
    }
    return NULL;
}

/* "12": to *count; NULL where it is no such number, else what comes behind. */
static const char *read_count(const char *at, int64_t *count)
{
    const char *begin = at;
    *count = 0;
    for (; *at >= '0' && *at <= '9' && *count <= PIECES_AT_MOST; at++)
        *count = 10 * *count + (*at - '0');
    return at > begin && *count >= 1 && *count <= PIECES_AT_MOST ? at : NULL;
}

static bool read_said_parts(const struct step *step, const struct sku *sku, const char *text,
                            visit_pieces *visit, void *data)
{
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "=,");
        const struct part *part = part_named(step, sku, at, length);
        int64_t count;
        if (!part || at[length] != '=' || !(at = read_count(at + length + 1, &count)))
            return false;
        if (*at == ',' && at[1])
            at++;
        else if (*at)
            return false;
        visit(part, count, data);
    }
    return *text != '\0';
}

bool read_parts(const struct batch *batch, const struct step *step, int32_t sku, const char *text,
                visit_pieces *visit, void *data)
{
    struct sku one;
    sku_at(batch->revision->made, sku, &one);
    if (*text)
        return read_said_parts(step, &one, text, visit, data);
    for (const struct counted *row = step->plate; row; row = row->next) {
        const struct part *part = value_part(&row->what, &one);
        int64_t count =
            rational_to_int(value_number(batch->revision->spec, &row->count, &one, RATIONAL_ONE));
        if (part && count >= 1 && count <= PIECES_AT_MOST)
            visit(part, count, data);
    }
    return step->plate != NULL;
}

/* ---- where it may be printed, and of what ---- */

static const struct machine *machine_of(const struct job_part *row, const char *name)
{
    struct sku sku;
    sku_at(row->batch->revision->made, row->sku, &sku);
    for (const struct simple *on = row->step->on; on; on = on->next) {
        const struct machine *one = value_machine(&on->value, &sku);
        if (one && strcmp(one->base.name, name) == 0)
            return one;
    }
    return NULL;
}

bool job_runs_on(const struct job *job, const char *machine)
{
    const struct job_part *row = job->parts;
    while (row && machine_of(row, machine))
        row = row->next;
    return !row;
}

int64_t job_nozzle_um(const struct job *job, const char *machine)
{
    const struct machine *one = machine_of(job->parts, machine);
    if (!one || !one->nozzle)
        return 0;
    struct rational mm =
        value_number(job->parts->batch->revision->spec, &one->nozzle->value, NULL, RATIONAL_ZERO);
    return rational_to_int(rational_multiply(mm, rational_integer(1000)));
}

/* The row of `with` for a slot after the first. */
static const struct portion *portion_at(const struct job_part *row, int slot)
{
    const struct portion *portion = row->part->with;
    while (portion && --slot > 0)
        portion = portion->next;
    return portion;
}

const struct material *job_part_material(const struct job_part *row, int slot)
{
    struct sku sku;
    const struct portion *portion = slot ? portion_at(row, slot) : NULL;
    const struct value *value = portion                            ? &portion->material
                                : slot == 0 && row->part->material ? &row->part->material->value
                                                                   : NULL;
    sku_at(row->batch->revision->made, row->sku, &sku);
    return value && row->step->makes ? value_material(value, &sku) : NULL;
}

int job_materials(const struct job *job, const struct material **materials, int at_most)
{
    int count = 0;
    const struct material *material;
    for (const struct job_part *row = job->parts; row; row = row->next)
        for (int slot = 0; (material = job_part_material(row, slot)); slot++) {
            int i = 0;
            while (i < count && strcmp(materials[i]->base.name, material->base.name) != 0)
                i++;
            if (i == count && count < at_most)
                materials[count++] = material;
        }
    return count;
}

/* In grams, waste and all, as cost/ reckons it; negative where nobody knows the mass. */
static struct rational part_takes_g(const struct job_part *row, int slot,
                                    const struct material *material)
{
    const struct spec *spec = row->batch->revision->spec;
    const struct portion *portion = slot ? portion_at(row, slot) : NULL;
    struct sku sku;
    sku_at(row->batch->revision->made, row->sku, &sku);
    struct known_figure mass = portion ? slicing_portion(spec, row->step, row->part, portion, &sku)
                                       : slicing_mass(spec, row->step, row->part, &sku);
    if (mass.by == KNOWN_NOT)
        return rational_integer(-1);
    struct rational waste = material->waste
                                ? value_number(spec, &material->waste->value, &sku, RATIONAL_ZERO)
                                : RATIONAL_ZERO;
    return rational_multiply(rational_multiply(mass.number, rational_integer(row->count)),
                             rational_add(RATIONAL_ONE, waste));
}

int64_t job_takes_mg(const struct job *job, const char *material)
{
    struct rational sum = RATIONAL_ZERO;
    const struct material *one;
    for (const struct job_part *row = job->parts; row; row = row->next)
        for (int slot = 0; (one = job_part_material(row, slot)); slot++) {
            if (strcmp(one->base.name, material) != 0)
                continue;
            struct rational grams = part_takes_g(row, slot, one);
            if (rational_sign(grams) < 0)
                return -1;
            sum = rational_add(sum, grams);
        }
    return rational_to_int(rational_ceil(rational_multiply(sum, rational_integer(1000))));
}

/* ---- printers ---- */

const struct loaded_slot *printer_slot_of(const struct printer *printer, const char *material)
{
    const struct loaded_slot *best = NULL;
    for (const struct loaded_slot *slot = printer->slots; slot; slot = slot->next)
        if (strcmp(slot->material, material) == 0 && (!best || slot->left_mg > best->left_mg))
            best = slot;
    return best;
}

int printer_failures(const struct printer *printer, int of_last)
{
    int failed = 0;
    for (int i = 0; i < of_last && i < printer->ended && i < PRINTER_HISTORY; i++)
        failed += (printer->failures >> i & 1) != 0;
    return failed;
}

const char *printer_question(const struct printer *printer, struct arena *arena)
{
    const char *spools = "", *comma = "";
    if (!printer->asks || !printer->job)
        return NULL;
    for (const struct loaded_slot *slot = printer->slots; slot; slot = slot->next) {
        if (slot != printer_slot_of(printer, slot->material) ||
            job_takes_mg(printer->job, slot->material) == 0)
            continue;
        spools = arena_printf(arena, "%s%s%s%s%s", spools, comma, slot->material,
                              *slot->lot ? " of lot " : "", slot->lot);
        comma = ", ";
    }
    return arena_printf(arena,
                        "%s stopped by itself. Did a spool run out (%s)? Say what is loaded now, "
                        "and resume",
                        printer->job->name, *spools ? spools : "of which nothing was said");
}

int64_t read_grams(const char *text)
{
    int64_t mg = 0, unit = 1000;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++)
        if ((mg = 10 * mg + (*at - '0')) > 100000000)
            return -1;
    mg *= 1000;
    if (at == text || (*at && *at != '.'))
        return -1;
    for (at += *at == '.'; *at >= '0' && *at <= '9'; at++)
        mg += (unit /= 10) * (*at - '0');
    return *at ? -1 : mg;
}
