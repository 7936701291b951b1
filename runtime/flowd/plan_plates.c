/* flowd plan --plates DIR: each plate of the plan, laid on its bed, as a package for a slicer and as a picture. */
#include "flowd/plan.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/sink.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARES_AT_MOST = 64, REMEMBERED = 16, FILE_AT_MOST = 1 << 30 };

/* A plate that was laid. Full plates of one product are the same again and again. */
struct laid {
    struct arena arena;
    struct plate_share shares[SHARES_AT_MOST];
    struct sku skus[SHARES_AT_MOST];
    int count;
    const char *machine;
    bool good;
    struct failure failure;
    struct joint_plate plate;
};

struct writing {
    const struct planned *planned;
    const char *folder;
    struct arena arena;
    struct laid *laid[REMEMBERED];
    int next; /* of these to be forgotten */
    int plates, anew, unlaid, by_gcode;
    char told[sizeof(struct failure)]; /* what was said last of one that cannot be laid */
};

/* ---- what lies there ---- */

static bool add_units(struct laid *laid, const struct plan_plate *plate,
                      const struct revision *revision, const struct plan_piece *piece)
{
    int i = 0;
    while (i < laid->count &&
           (laid->shares[i].spec != revision->spec || laid->skus[i].product != revision->made ||
            laid->skus[i].index != piece->sku))
        i++;
    if (i == SHARES_AT_MOST)
        return false;
    struct plate_share *share = &laid->shares[i];
    if (i == laid->count) {
        sku_at(revision->made, piece->sku, &laid->skus[i]);
        *share = (struct plate_share){revision->spec,
                                      plan_step(revision, &laid->skus[i], plate->operation),
                                      &laid->skus[i], 0};
        laid->count++;
    }
    share->units += piece->count;
    return share->step != NULL;
}

static bool is_same(const struct laid *a, const struct laid *b)
{
    bool same = a->count == b->count && strcmp(a->machine, b->machine) == 0;
    for (int i = 0; i < a->count && same; i++)
        same = a->shares[i].spec == b->shares[i].spec && a->shares[i].step == b->shares[i].step &&
               a->skus[i].product == b->skus[i].product && a->skus[i].index == b->skus[i].index &&
               a->shares[i].units == b->shares[i].units;
    return same;
}

static void forget(struct laid *laid)
{
    if (!laid)
        return;
    joint_plate_free(&laid->plate);
    arena_free(&laid->arena);
    free(laid);
}

/* As it would be sliced, so that it may go to any machine of `on`; where it does not go there, for its own printer. */
static void lay(struct laid *laid)
{
    static const bool own[] = {false, true};
    for (int i = 0; i < 2 && !laid->good; i++) {
        joint_plate_free(&laid->plate);
        laid->good =
            joint_plate_open(&laid->plate, laid->shares, laid->count, own[i] ? laid->machine : NULL,
                             false, &laid->arena, &laid->failure);
    }
}

/* NULL for one that is no print of models: it is cut, or printed from a file that the step names. */
static struct laid *laid_for(struct writing *writing, const struct plan_plate *plate)
{
    const struct plan_snapshot *snapshot = &writing->planned->snapshot;
    struct laid *laid = memory_zeroed(1, sizeof *laid);
    bool good = true;
    laid->machine = snapshot->machines[plate->printer];
    for (int i = 0; i < plate->piece_count && good; i++) {
        int group = writing->planned->plan->batches[plate->pieces[i].batch].group;
        good = add_units(laid, plate, snapshot->revisions[group], &plate->pieces[i]);
    }
    const struct step *step = good && laid->count ? laid->shares->step : NULL;
    writing->by_gcode += step && step->gcode;
    if (!step || step->gcode || step->base.kind != KIND_print) {
        free(laid);
        return NULL;
    }
    for (int i = 0; i < REMEMBERED; i++)
        if (writing->laid[i] && is_same(writing->laid[i], laid)) {
            free(laid);
            return writing->laid[i];
        }
    lay(laid);
    forget(writing->laid[writing->next]);
    writing->laid[writing->next] = laid;
    writing->next = (writing->next + 1) % REMEMBERED;
    return laid;
}

/* ---- names ---- */

/* "mk4-left-02-B-7+B-9": the printer, the how-manieth there, the batches; new ones by their product. */
static const char *file_name(struct writing *writing, const struct plan_plate *plate, int number)
{
    const struct plan *plan = writing->planned->plan;
    struct buffer name = {0};
    buffer_addf(&name, "%s-%02d", plan->printers[plate->printer].name, number);
    for (int i = 0; i < plate->piece_count; i++) {
        int batch = plate->pieces[i].batch, k = 0;
        const struct plan_batch *it = &plan->batches[batch];
        while (plate->pieces[k].batch != batch)
            k++;
        if (k == i)
            buffer_addf(&name, "%s%s", i ? "+" : "-",
                        it->name ? it->name
                                 : arena_printf(&writing->arena, "new-%s",
                                                plan->problem.groups[it->group].product));
    }
    char *word = arena_printf(&writing->arena, "%.200s", buffer_text(&name));
    buffer_free(&name);
    for (char *c = word; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_.+", *c))
            *c = '_';
    return arena_printf(&writing->arena, "%s/%s%s", writing->folder, word[0] == '.' ? "_" : "",
                        word);
}

static const char *title_of(struct writing *writing, int plate, int number)
{
    const struct plan *plan = writing->planned->plan;
    struct buffer content = {0};
    plan_add_content(plan, plate, &content);
    const char *title = arena_printf(&writing->arena, "%s, plate %d: %s",
                                     plan->printers[plan->plates[plate].printer].name, number,
                                     buffer_text(&content));
    buffer_free(&content);
    return title;
}

/* ---- files ---- */

static bool holds(const char *path, const struct buffer *content)
{
    struct failure failure;
    char *text;
    size_t length;
    if (file_size(path) != content->length ||
        file_read(path, FILE_AT_MOST, &text, &length, &failure) != FILE_OK)
        return false;
    bool same = length == content->length && memcmp(text, content->text, length) == 0;
    free(text);
    return same;
}

/* What is there already is left alone, with its date. */
static bool put(const char *path, const struct buffer *content, bool *anew, struct failure *failure)
{
    if (holds(path, content))
        return true;
    *anew = true;
    return file_write(path, content->text, content->length, failure);
}

static bool write_plate(struct writing *writing, int index, int number, struct failure *failure)
{
    const struct plan_plate *plate = &writing->planned->plan->plates[index];
    const struct laid *laid = laid_for(writing, plate);
    struct buffer package = {0}, picture = {0};
    bool anew = false;
    if (!laid)
        return true;
    const char *name = file_name(writing, plate, number), *title = title_of(writing, index, number);
    if (!laid->good) {
        writing->unlaid++;
        if (strcmp(writing->told, laid->failure.message) != 0)
            complain("%s: %s", title, laid->failure.message);
        snprintf(writing->told, sizeof writing->told, "%s", laid->failure.message);
        return true;
    }
    joint_plate_picture(&laid->plate, title, &writing->arena, &picture);
    bool good = joint_plate_package(&laid->plate, title, &package, failure) &&
                put(arena_printf(&writing->arena, "%s.3mf", name), &package, &anew, failure) &&
                put(arena_printf(&writing->arena, "%s.svg", name), &picture, &anew, failure);
    writing->plates++;
    writing->anew += anew;
    buffer_free(&package);
    buffer_free(&picture);
    return good;
}

static void say(const struct writing *writing)
{
    struct buffer out = {0};
    buffer_addf(&out, "%s: %d plates, %d written anew", writing->folder, writing->plates,
                writing->anew);
    if (writing->by_gcode)
        buffer_addf(&out, "; %d are printed from the file that their step names",
                    writing->by_gcode);
    buffer_add_char(&out, '\n');
    print_out(&out);
    buffer_free(&out);
}

int planned_write_plates(const struct planned *planned, bool says)
{
    struct writing writing = {.planned = planned, .folder = planned->plates};
    const struct plan *plan = planned->plan;
    struct failure failure;
    bool good = folder_create(planned->plates, &failure);
    for (int p = 0; p < plan->problem.printer_count && good; p++)
        for (int i = 0; i < plan->queues[p].count && good; i++)
            good = write_plate(&writing, plan->queues[p].items[i], i + 1, &failure);
    if (!good)
        complain("%s", failure.message);
    else if (says)
        say(&writing);
    for (int i = 0; i < REMEMBERED; i++)
        forget(writing.laid[i]);
    arena_free(&writing.arena);
    return !good ? EXIT_ENVIRONMENT : writing.unlaid ? EXIT_FINDINGS : EXIT_CLEAN;
}
