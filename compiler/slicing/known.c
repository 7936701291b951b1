/* What the checker found out about files, and what follows from it. */
#include "slicing/known.h"

#include "base/file.h"
#include "slicing/answers.h"

#include <stdlib.h>
#include <string.h>

struct known_settings {
    struct known_settings *next;
    const char *path; /* interned */
    char sha256[65];  /* "" where it could not be read */
};

struct known_answers {
    struct known_answers *next;
    const char *path; /* interned */
    struct answer *answers;
};

struct known_job {
    struct known_job *next;
    const char *path; /* interned */
    struct gcode gcode;
};

/* What the checker found out about files. */
struct slicing {
    struct known_model *models;
    struct known_job *jobs;
    struct known_settings *settings;
    struct known_answers *answers;
    const struct assumption *assumption;
};

static struct slicing *slicing_of(struct spec *spec)
{
    if (!spec->slicing)
        spec->slicing = ARENA_NEW(spec->arena, struct slicing);
    return spec->slicing;
}

void slicing_assume(const struct spec *spec, const struct assumption *assumption)
{
    if (spec->slicing) /* else no such figure is known */
        spec->slicing->assumption = assumption;
}

const struct assumption *known_assumption(const struct spec *spec)
{
    return spec->slicing ? spec->slicing->assumption : NULL;
}

/* ---- files ---- */

/* The interned path of a file that the checker may have read; NULL where it has not. */
static const char *known_path(const struct spec *spec, const struct declaration *owner,
                              const struct simple *row, const struct sku *sku)
{
    struct arena arena = {0};
    const char *path =
        row && spec->slicing ? file_path(spec, owner, &row->value, sku, &arena) : NULL;
    const char *known = path ? intern_find(spec->names, path, strlen(path)) : NULL;
    arena_free(&arena);
    return known;
}

void slicing_know_model(struct spec *spec, const char *path, const struct mesh_facts *facts,
                        const char *sha256)
{
    struct slicing *slicing = slicing_of(spec);
    const char *name = intern_text(spec->names, path);
    for (const struct known_model *at = slicing->models; at; at = at->next)
        if (at->path == name)
            return;
    struct known_model *model = ARENA_NEW(spec->arena, struct known_model);
    *model = (struct known_model){.next = slicing->models,
                                  .path = name,
                                  .volume_mm3 = facts->volume_mm3,
                                  .area_mm2 = facts->area_mm2,
                                  .height_mm = facts->high[2] - facts->low[2]};
    memcpy(model->sha256, sha256, sizeof model->sha256);
    slicing->models = model;
}

const struct known_model *known_model(const struct spec *spec, const struct part *part,
                                      const struct sku *sku)
{
    const char *path = known_path(spec, &part->base, part->model, sku);
    const struct known_model *model = path ? spec->slicing->models : NULL;
    while (model && model->path != path)
        model = model->next;
    return model;
}

/* The interned path of a file of the step; NULL where it names none. */
static const char *file_of(struct spec *spec, const struct step *step, const struct simple *row,
                           const struct sku *sku)
{
    struct arena arena = {0};
    const char *path = row ? file_path(spec, &step->base, &row->value, sku, &arena) : NULL;
    const char *name = path ? intern_text(spec->names, path) : NULL;
    arena_free(&arena);
    return name;
}

static void know_gcode(struct spec *spec, const char *path)
{
    struct slicing *slicing = slicing_of(spec);
    for (const struct known_job *at = slicing->jobs; at; at = at->next)
        if (at->path == path)
            return;
    struct known_job *job = ARENA_NEW(spec->arena, struct known_job);
    job->path = path;
    job->next = slicing->jobs;
    gcode_read(path, spec->arena, &job->gcode);
    slicing->jobs = job;
}

static void know_settings(struct spec *spec, const char *path)
{
    struct slicing *slicing = slicing_of(spec);
    struct failure failure;
    for (const struct known_settings *at = slicing->settings; at; at = at->next)
        if (at->path == path)
            return;
    struct known_settings *settings = ARENA_NEW(spec->arena, struct known_settings);
    settings->path = path;
    settings->next = slicing->settings;
    if (!file_sha256(path, settings->sha256, &failure))
        settings->sha256[0] = '\0';
    slicing->settings = settings;
}

static void know_answers(struct spec *spec, const char *path)
{
    enum { ANSWERS_AT_MOST = 16 << 20 };
    struct slicing *slicing = slicing_of(spec);
    struct failure failure;
    char *text;
    size_t length;
    for (const struct known_answers *at = slicing->answers; at; at = at->next)
        if (at->path == path)
            return;
    struct known_answers *answers = ARENA_NEW(spec->arena, struct known_answers);
    answers->path = path;
    answers->next = slicing->answers;
    if (file_read(path, ANSWERS_AT_MOST, &text, &length, &failure) == FILE_OK) {
        answers->answers = answers_read(text, length, spec->arena);
        free(text);
    }
    slicing->answers = answers;
}

void slicing_know_job(struct spec *spec, const struct step *step, const struct sku *sku)
{
    const char *gcode = file_of(spec, step, step->gcode, sku),
               *settings = gcode ? NULL : file_of(spec, step, step->slice, sku);
    if (gcode)
        know_gcode(spec, gcode);
    if (!settings)
        return;
    struct arena arena = {0};
    know_settings(spec, settings);
    know_answers(spec, intern_text(spec->names, slicing_answers_path(step, &arena)));
    arena_free(&arena);
}

/* ---- G-code, and answers ---- */

static const struct gcode *gcode_of(const struct spec *spec, const struct step *step,
                                    const struct sku *sku)
{
    const char *path = known_path(spec, &step->base, step->gcode, sku);
    const struct known_job *job = path ? spec->slicing->jobs : NULL;
    while (job && job->path != path)
        job = job->next;
    return job ? &job->gcode : NULL;
}

char *slicing_answers_path(const struct step *step, struct arena *arena)
{
    static const char ending[] = ".flow";
    const char *path = step->workflow->base.source->path;
    size_t length = strlen(path), own = sizeof ending - 1;
    if (length > own && strcmp(path + length - own, ending) == 0)
        length -= own;
    return arena_printf(arena, "%.*s.sliced", (int)length, path);
}

static void add_volume(struct buffer *out, const struct spec *spec, const struct machine *machine,
                       const struct sku *sku)
{
    const struct value *sides[] = {&machine->volume->x, &machine->volume->y, &machine->volume->z};
    for (int axis = 0; axis < 3; axis++) {
        rational_print_exact(out, value_number(spec, sides[axis], sku, RATIONAL_ZERO));
        buffer_add_char(out, axis < 2 ? 'x' : '\n');
    }
}

static const char *settings_sha256(const struct spec *spec, const struct step *step,
                                   const struct sku *sku)
{
    const char *path = known_path(spec, &step->base, step->slice, sku);
    const struct known_settings *settings = path ? spec->slicing->settings : NULL;
    while (settings && settings->path != path)
        settings = settings->next;
    return settings ? settings->sha256 : "";
}

/* Of a plate of one material nothing: which one that is changes nothing about its G-code. */
static void add_slots(struct buffer *out, const struct part *part, const struct sku *sku,
                      const struct material *const *materials, int count)
{
    const struct portion *portion = part->with;
    const struct value *value = part->material ? &part->material->value : NULL;
    for (; count > 1 && value; portion = portion ? portion->next : NULL) {
        for (int slot = 0; slot < count; slot++)
            if (materials[slot] == value_material(value, sku))
                buffer_addf(out, " in %d", slot + 1);
        value = portion ? &portion->material : NULL;
    }
}

bool slicing_key(const struct spec *spec, const struct step *step, const struct sku *sku,
                 const struct machine *machine, char key[65])
{
    const char *settings =
        step->slice && machine && machine->volume ? settings_sha256(spec, step, sku) : "";
    struct buffer text = {0};
    struct rational count;
    const struct part *part;
    const struct material *materials[MATERIALS_AT_MOST];
    int parts = 0, slots = slicing_materials(spec, step, sku, materials);
    bool known = settings[0];
    if (known)
        add_volume(&text, spec, machine, sku);
    for (const void *row = NULL; known && slicing_on_plate(spec, step, sku, &row, &part, &count);
         parts++) {
        const struct known_model *model = known_model(spec, part, sku);
        known = model && model->sha256[0];
        buffer_addf(&text, "%s x ", known ? model->sha256 : "");
        rational_print_exact(&text, count);
        add_slots(&text, part, sku, materials, slots);
        buffer_add_char(&text, '\n');
    }
    buffer_addf(&text, "%s\n", settings);
    sha256_hex(text.text, text.length, key);
    buffer_free(&text);
    return known && parts > 0;
}

static const struct gcode_facts *answer_of(const struct spec *spec, const struct step *step,
                                           const struct sku *sku)
{
    char key[65];
    struct arena arena = {0};
    const struct machine *machine = step->on ? value_machine(&step->on->value, sku) : NULL;
    if (!spec->slicing || !spec->slicing->answers || !step->slice)
        return NULL;
    const char *path = slicing_answers_path(step, &arena);
    const char *name = intern_find(spec->names, path, strlen(path));
    const struct known_answers *answers = name ? spec->slicing->answers : NULL;
    arena_free(&arena);
    while (answers && answers->path != name)
        answers = answers->next;
    const struct answer *answer = answers ? answers->answers : NULL;
    if (!answer || !slicing_key(spec, step, sku, machine, key))
        return NULL;
    while (answer && strcmp(answer->key, key) != 0)
        answer = answer->next;
    return answer ? &answer->facts : NULL;
}

const struct gcode_facts *slicing_job(const struct spec *spec, const struct step *step,
                                      const struct sku *sku)
{
    if (!step->gcode)
        return answer_of(spec, step, sku);
    const struct gcode *gcode = gcode_of(spec, step, sku);
    return gcode && gcode->status == GCODE_READ && gcode->plate_count == 1 ? gcode->plates : NULL;
}

const char *slicing_problem(const struct spec *spec, const struct step *step, const struct sku *sku)
{
    const struct gcode *gcode = gcode_of(spec, step, sku);
    if (!gcode || gcode->status == GCODE_ABSENT)
        return NULL;
    if (gcode->status != GCODE_READ)
        return gcode->problem;
    return gcode->plate_count > 1
               ? "it holds several plates, and a step makes one: export each by itself"
           : !gcode->plates->time_s.said || !gcode->plates->total_g.said
               ? "it does not say both time and mass"
               : NULL;
}
