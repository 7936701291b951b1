/* flowc plate SPEC: the parts of a print step, packed on the bed of its machine; pictures and files for a slicer. */
#include "flowc/flowc.h"
#include "flowc/plate_order.h"

#include "base/file.h"
#include "base/sink.h"
#include "packing/plate_looks.h"
#include "packing/stack.h"
#include "packing/verify.h"
#include "page/raster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is said ---- */

static uint32_t count_on(const struct packing *packing, uint32_t plate, uint32_t part)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < packing->count; i++)
        count += packing->placements[i].plate == plate && packing->placements[i].part == part;
    return count;
}

static void say_plate(struct buffer *out, const struct plate_order *order,
                      const struct packing *packing, uint32_t plate)
{
    const char *separator = "";
    buffer_addf(out, "plate %u of %u: ", plate + 1, packing->plates);
    for (uint32_t i = 0; i < order->count; i++) {
        uint32_t count = count_on(packing, plate, i);
        if (!count)
            continue;
        buffer_addf(out, "%s%s x %u", separator, order->pieces[i].part->base.name, count);
        separator = ", ";
    }
    buffer_add_char(out, '\n');
}

static void say_people(struct buffer *out, const struct plate_order *order,
                       const struct packing *packing)
{
    buffer_addf(out, "%s on %s, %g x %g mm: ", order->step->base.name, order->machine->base.name,
                order->bed.size_mm[0], order->bed.size_mm[1]);
    buffer_addf(out, "%u part%s on %u plate%s", packing->count, packing->count == 1 ? "" : "s",
                packing->plates, packing->plates == 1 ? "" : "s");
    double top_mm = 0;
    for (uint32_t i = 0; i < packing->count; i++)
        if (packing->placements[i].z_mm > 0)
            top_mm = fmax(top_mm, packing->placements[i].z_mm +
                                      order->shapes.heights_mm[packing->placements[i].part]);
    if (top_mm > 0)
        buffer_addf(out, ", stacked up to %.1f mm high", top_mm);
    buffer_add_char(out, '\n');
    for (uint32_t plate = 0; plate < packing->plates; plate++)
        say_plate(out, order, packing, plate);
}

static void say_json(struct buffer *out, const struct plate_order *order,
                     const struct packing *packing)
{
    buffer_addf(out,
                "{\"format_version\":\"1.0\",\"step\":\"%s\",\"machine\":\"%s\",\"plates\":%u,"
                "\"placements\":[",
                order->step->base.name, order->machine->base.name, packing->plates);
    for (uint32_t i = 0; i < packing->count; i++) {
        const struct placement *at = &packing->placements[i];
        buffer_addf(out,
                    "%s\n{\"plate\":%u,\"part\":\"%s\",\"x_mm\":%.3f,\"y_mm\":%.3f,\"z_mm\":%.3f,"
                    "\"angle_deg\":%g}",
                    i ? "," : "", at->plate + 1, order->pieces[at->part].part->base.name, at->x_mm,
                    at->y_mm, at->z_mm, at->angle_deg);
    }
    buffer_add_text(out, "\n]}\n");
}

/* ---- files ---- */

/* NAME_1.3mf, for the first plate of the step NAME; or NAME.pdf, for all of them. */
static bool write_file(const struct plate_order *order, const char *which, const char *ending,
                       const struct buffer *content, struct failure *failure)
{
    const char *path = arena_printf(order->arena, "%s/%s%s.%s", order->folder,
                                    order->step->base.name, which, ending);
    return file_write(path, content->text, content->length, failure);
}

/* What is written of all plates alike. */
struct writing {
    const struct plate_order *order;
    const struct packing_request *request;
    const struct packing *packing;
    struct plate_subject subject;
    struct plate_looks looks;
    struct buffer *pictures; /* by plate: SVG */
};

static bool write_plate(struct writing *writing, uint32_t plate, struct failure *failure)
{
    const struct plate_order *order = writing->order;
    struct buffer pixels = {0}, package = {0}, *picture = &writing->pictures[plate];
    struct plate_words words = plate_words_of(&writing->subject, writing->packing, plate);
    const char *which = arena_printf(order->arena, "_%u", plate + 1);
    plate_svg(writing->request, writing->packing, plate, writing->looks.looks, &words, picture);
    bool good = plate_threemf(writing->packing, plate, order->models, &order->slots, words.title,
                              &package, failure) &&
                write_file(order, which, "3mf", &package, failure) &&
                write_file(order, which, "svg", picture, failure) &&
                svg_to_png(picture, &pixels, failure) &&
                write_file(order, which, "png", &pixels, failure);
    buffer_free(&pixels);
    buffer_free(&package);
    return good;
}

static bool write_all(struct writing *writing, struct failure *failure)
{
    const struct plate_order *order = writing->order;
    uint32_t plates = writing->packing->plates;
    struct buffer paper = {0};
    bool good = folder_exists(order->folder) || folder_create(order->folder, failure);
    for (uint32_t plate = 0; plate < plates && good; plate++)
        good = write_plate(writing, plate, failure);
    good = good &&
           svgs_to_pdf(writing->pictures, (int)plates, order->step->base.name, &paper, failure) &&
           write_file(order, "", "pdf", &paper, failure);
    buffer_free(&paper);
    return good;
}

static bool write_plates(const struct plate_order *order, const struct packing_request *request,
                         const struct packing *packing, struct failure *failure)
{
    struct writing writing = {.order = order, .request = request, .packing = packing};
    writing.subject =
        (struct plate_subject){order->spec, order->step,   order->for_sku, order->machine,
                               &order->bed, order->pieces, &order->shapes, order->arena};
    writing.pictures = ARENA_ARRAY(order->arena, struct buffer, (int)packing->plates + 1);
    plate_looks_open(&writing.looks, &writing.subject);
    bool good = write_all(&writing, failure);
    plate_looks_free(&writing.looks);
    for (uint32_t plate = 0; plate < packing->plates; plate++)
        buffer_free(&writing.pictures[plate]);
    return good;
}

/* ---- the whole ---- */

static int say(const struct plate_order *order, const struct packing_request *request,
               const struct packing *packing)
{
    struct failure failure;
    struct buffer out = {0};
    bool good = true;
    if (order->folder && !write_plates(order, request, packing, &failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    (order->json ? say_json : say_people)(&out, order, packing);
    good = print_out(&out);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* A part that is on no plate is larger than the bed. */
static bool all_fit(const struct plate_order *order, const struct packing *packing)
{
    bool fit = true;
    for (uint32_t i = 0; i < order->count; i++)
        if (!packing->placed[i] && order->pieces[i].count) {
            complain("`%s` does not fit on %s as it stands, with its brim and beside what must "
                     "stay free; name another machine with --machine",
                     order->pieces[i].part->base.name, order->machine->base.name);
            fit = false;
        }
    return fit;
}

static int pack_order(const struct plate_order *order)
{
    struct packing_part *parts =
        ARENA_ARRAY(order->arena, struct packing_part, (int)order->count + 1);
    struct packing_request request = order->request;
    struct failure failure;
    const struct stack_request stack = {&request, order->shapes.meshes, order->bed.size_mm[2]};
    for (uint32_t i = 0; i < order->count; i++)
        parts[i] = (struct packing_part){&order->shapes.silhouettes[i], order->pieces[i].count};
    request.parts = parts;
    request.part_count = order->count;
    struct packing packing = pack(&request);
    int status = EXIT_FINDINGS;
    bool sound = plates_verify(&request, &packing, &failure);
    if (sound && order->bed.stacks) {
        stack_plates(&stack, &packing);
        sound = stack_verify(&stack, &packing, &failure);
    }
    if (!sound) {
        complain("the packer made a plate that is not sound, and it was not written: %s; please "
                 "report this, with the models",
                 failure.message);
        status = EXIT_OUR_FAULT;
    } else if (all_fit(order, &packing)) {
        status = say(order, &request, &packing);
    }
    packing_free(&packing);
    return status;
}

int cmd_plate(int argc, char **argv)
{
    struct plate_order order = {0};
    struct session session;
    struct arena arena = {0};
    bool done = false;
    order.arena = &arena;
    int status = plate_order_read(&order, argc, argv, &done);
    if (done || status != EXIT_CLEAN) {
        arena_free(&arena);
        return status;
    }
    status = EXIT_ENVIRONMENT;
    if (session_open(&session, order.path)) {
        status = plate_order_find(&order, &session);
        if (status == EXIT_CLEAN)
            status = pack_order(&order);
        plate_shapes_free(&order.shapes);
    }
    session_close(&session);
    arena_free(&arena);
    return status;
}
