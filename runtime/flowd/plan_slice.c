/* flowd plan --apply: the G-code of a plate that the plan made. It is kept in the shop's folder by what it is made of, the laid
   plate and the settings: so the same plate is printed from the same bytes again, which slicing anew would not give. */
#include "flowd/plan.h"

#include "base/file.h"
#include "base/sink.h"
#include "program/progress.h"
#include "slicing/slice_slots.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- what it is ---- */

/* Settings that go by the same name in several specs must be the same: one plate is sliced with one of them. */
static const char *settings_of(const struct plate_share *shares, int count, char sha256[65],
                               struct arena *arena, struct failure *failure)
{
    const char *first = NULL;
    char other[65] = "";
    for (int i = 0; i < count; i++) {
        const struct step *step = shares[i].step;
        const char *path =
            file_path(shares[i].spec, &step->base, &step->slice->value, shares[i].sku, arena);
        if (!path) {
            fail(failure, "`slice` of %s names no file for this SKU", step->base.name);
            return NULL;
        }
        if (!file_sha256(path, first ? other : sha256, failure))
            return NULL;
        if (first && strcmp(other, sha256) != 0) {
            fail(failure,
                 "%s and %s differ, and one plate is sliced with one of them; give one "
                 "of both another name",
                 first, path);
            return NULL;
        }
        first = first ? first : path;
    }
    return first;
}

/* "gcode/CC-1-black-run-5-3fa29c1d4e5f" */
static const char *name_of(const struct plate_share *shares, int count,
                           const struct buffer *package, const char *settings, struct arena *arena)
{
    char plate[65], both[131], key[65];
    int64_t units = 0;
    for (int i = 0; i < count; i++)
        units += shares[i].units;
    sha256_hex(package->text, package->length, plate);
    snprintf(both, sizeof both, "%s\n%s", plate, settings);
    sha256_hex(both, strlen(both), key);
    char *word =
        arena_printf(arena, "%s%s-%s-%lld", sku_code(shares->spec, shares->sku, arena),
                     count > 1 ? "-and-others" : "", shares->step->base.name, (long long)units);
    for (char *c = word; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
            *c = '_';
    return arena_printf(arena, "gcode/%.150s-%.12s", word, key);
}

struct plan_job_file *plan_job_file(const struct plate_share *shares, int count,
                                    struct arena *arena, struct failure *failure)
{
    struct joint_plate plate;
    struct arena own = {0};
    struct plan_job_file *file = ARENA_NEW(arena, struct plan_job_file);
    char settings[65];
    file->settings = settings_of(shares, count, settings, arena, failure);
    bool good = file->settings != NULL;
    if (good) {
        good = joint_plate_open(&plate, shares, count, NULL, true, &own, failure) &&
               joint_plate_package(&plate, "plate", &file->package, failure);
        if (good) {
            const char *machine = plate.machine->base.name;
            file->bed = plate.bed;
            file->machine = arena_copy_text(arena, machine, strlen(machine));
            file->materials = (int)plate.slots.count;
            file->name = name_of(shares, count, &file->package, settings, arena);
        }
        joint_plate_free(&plate);
    }
    if (!good)
        buffer_free(&file->package);
    arena_free(&own);
    return good ? file : NULL;
}

void plan_job_file_free(struct plan_job_file *file)
{
    if (file)
        buffer_free(&file->package);
}

/* ---- whether it is there ---- */

static struct plate_slicing slicing_of(const struct planned *planned, const struct plan_job *job,
                                       struct arena *arena)
{
    const struct plan_job_file *file = job->file;
    const char *label = arena_printf(arena, "slicing %s", job->label);
    return (struct plate_slicing){
        .request = {.plate = file->package.text,
                    .plate_length = file->package.length,
                    .settings = file->settings,
                    .output = arena_printf(arena, "%s/%s.gcode", planned->desk.folder, file->name),
                    .use_cache = true,
                    .limit_s = planned->slicing_limit_s,
                    .progress = progress_is_seen() ? progress_draw : NULL,
                    .context = (void *)(uintptr_t)label},
        .materials = file->materials,
        .bed = &file->bed,
        .machine = file->machine};
}

/* What is there but is no job of this plate is said, and made anew. */
bool plan_job_is_sliced(const struct planned *planned, const struct plan_job *job)
{
    struct arena arena = {0};
    struct plate_slicing slicing = slicing_of(planned, job, &arena);
    struct failure failure = {""};
    char problem[160];
    bool there = file_exists(slicing.request.output);
    const struct gcode_facts *facts =
        there ? slicer_facts(slicing.request.output, &arena, problem) : NULL;
    bool good = facts && slice_is_of_plate(&slicing, facts, &failure);
    if (there && !facts)
        complain("%s: %s", slicing.request.output, problem);
    else if (there && !good)
        complain("%s", failure.message);
    arena_free(&arena);
    return good;
}

/* ---- making it ---- */

static void say_sliced(const struct plan_job *job, const struct gcode_facts *facts, bool from_cache)
{
    struct buffer out = {0};
    buffer_addf(&out, "%s.gcode: %s, ", job->file->name, job->label);
    duration_print(&out, facts->time_s.number);
    if (facts->total_g.said) {
        buffer_add_text(&out, ", ");
        rational_print_short(&out, facts->total_g.number, 2);
        buffer_add_text(&out, " g");
    }
    buffer_addf(&out, "; %s %s%s\n", facts->slicer, facts->version,
                from_cache ? ", from the cache" : "");
    print_out(&out);
    buffer_free(&out);
}

/* What a person can do with any slicer. */
static void say_by_hand(const struct planned *planned, const struct plan_job *job)
{
    const char *folder = planned->desk.folder, *name = job->file->name;
    complain("%s wait for their G-code: slice %s/%s.3mf with %s into %s/%s.gcode, then `flowd plan "
             "--apply` again",
             job->label, folder, name, job->file->settings, folder, name);
}

static bool write_package(const struct planned *planned, const struct plan_job *job,
                          struct arena *arena, struct failure *failure)
{
    const struct plan_job_file *file = job->file;
    return folder_create(path_join(arena, planned->desk.folder, "gcode"), failure) &&
           file_write(arena_printf(arena, "%s/%s.3mf", planned->desk.folder, file->name),
                      file->package.text, file->package.length, failure);
}

/* Says once that there is none. */
static bool has_slicer(const struct planned *planned, struct plan_slicing *slicing)
{
    struct failure failure;
    if (!slicing->asked) {
        slicing->asked = true;
        slicing->found = slicer_find(planned->slicer ? planned->slicer : SLICER_USUAL,
                                     &slicing->slicer, &failure);
        if (!slicing->found)
            complain("%s", failure.message);
    }
    return slicing->found;
}

int plan_job_slice(const struct planned *planned, struct plan_slicing *slicing,
                   const struct plan_job *job)
{
    struct arena arena = {0};
    struct plate_slicing plate = slicing_of(planned, job, &arena);
    const struct gcode_facts *facts;
    struct failure failure = {""};
    char said[2048] = "";
    bool from_cache;
    int status = EXIT_ENVIRONMENT;
    if (!write_package(planned, job, &arena, &failure)) {
        complain("%s: %s", job->label, failure.message);
    } else if (planned->no_slice) {
        say_by_hand(planned, job);
        status = EXIT_CLEAN;
    } else if (!has_slicer(planned, slicing)) {
        say_by_hand(planned, job);
    } else if (slice_with_slots(&slicing->slicer, &plate, &arena, &facts, &from_cache, said,
                                &failure)) {
        progress_clear();
        say_sliced(job, facts, from_cache);
        status = EXIT_CLEAN;
    } else {
        progress_clear();
        fputs(said, stderr);
        complain("%s: %s", job->label, failure.message);
        say_by_hand(planned, job);
    }
    arena_free(&arena);
    return status;
}
