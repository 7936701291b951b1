#include "flowd/paper.h"

#include "base/file.h"
#include "flowd/actions.h"
#include "orders/papers.h"
#include "printers/label_printer.h"
#include "shop/label_pages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LABELS_AT_MOST = 1000, ANSWERS_WITHIN_MS = 8000 };

static const char *output, *form, *units, *printer_name;

const struct option_row paper_options[PAPER_OPTION_COUNT] = {{"-o", true, &output, NULL},
                                                             {"--form", true, &form, NULL},
                                                             {"--units", true, &units, NULL},
                                                             {"--to", true, &printer_name, NULL}};
const char paper_options_help[] =
    "      -o FILE         where to; standard output where it is not said\n"
    "      --form FORM     62mm.pdf, 62mm.zpl, 4x6.pdf or 4x6.zpl (62mm.pdf)\n"
    "      --units 1-6     only those\n"
    "      --to PRINTER    to a label printer of the shop (docs/pages.md)\n";

struct job_of_labels {
    const struct revision *revision;
    struct labelled *things;
    int count;
};

static int told(bool good, const struct failure *failure, int status)
{
    if (!good)
        complain("%s", failure->message);
    return good ? EXIT_CLEAN : status;
}

/* A terminal that is sent a PDF shows none of it, and may be unusable then. False after a message. */
static bool has_a_place(bool text)
{
    if (output || text || !isatty(STDOUT_FILENO))
        return true;
    complain("this is no text, and standard output is a terminal: -o FILE says where it goes");
    return false;
}

/* ---- to a printer ---- */

static const struct label_printer *printer_named(const char *folder, struct arena *arena,
                                                 struct failure *failure)
{
    struct label_printer *printers;
    int count = label_printers_read(folder, &printers, arena, failure);
    for (int i = 0; i < count; i++)
        if (strcmp(printers[i].name, printer_name) == 0)
            return &printers[i];
    if (count >= 0)
        fail(failure, "the shop has no label printer %s; the file label-printers names them",
             printer_name);
    return NULL;
}

/* The labels as the printer's words, by way of a file that nobody sees. */
static bool make_zpl(const struct job_of_labels *job, const char *size, struct arena *arena,
                     struct buffer *zpl, struct failure *failure)
{
    char path[] = "/tmp/flow-labels-XXXXXX", *content = NULL;
    size_t length = 0;
    int file = mkstemp(path);
    if (file < 0)
        return fail(failure, "there is no room for a file in /tmp");
    close(file);
    bool good = label_pages(job->revision->spec, job->revision->made, job->things, job->count,
                            arena_printf(arena, "%s.zpl", size), path, failure) &&
                file_read(path, 64 << 20, &content, &length, failure) == FILE_OK;
    unlink(path);
    if (good)
        buffer_add(zpl, content, length);
    free(content);
    return good;
}

static int send_to_printer(const struct desk *desk, const struct job_of_labels *job,
                           struct arena *arena)
{
    struct failure failure;
    struct buffer zpl = {0}, said = {0};
    const struct label_printer *printer = printer_named(desk->folder, arena, &failure);
    bool good = printer && make_zpl(job, printer->size, arena, &zpl, &failure) &&
                label_printer_send(printer, &zpl, ANSWERS_WITHIN_MS, &failure);
    buffer_addf(&said, desk->json ? "{\"labels\":%d}\n" : "%d sent\n", job->count);
    if (good)
        good = print_out(&said);
    buffer_free(&said);
    buffer_free(&zpl);
    return told(good, &failure, EXIT_FINDINGS);
}

static int put_labels(const struct desk *desk, const struct job_of_labels *job, struct arena *arena)
{
    struct failure failure;
    if (printer_name)
        return send_to_printer(desk, job, arena);
    if (!has_a_place(form && strstr(form, ".zpl")))
        return EXIT_USAGE;
    return told(label_pages(job->revision->spec, job->revision->made, job->things, job->count,
                            form ? form : "62mm.pdf", output ? output : "/dev/stdout", &failure),
                &failure, EXIT_FINDINGS);
}

/* ---- what is on them ---- */

static void add_field(struct labelled *thing, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    thing->fields[thing->field_count][0] = name;
    thing->fields[thing->field_count++][1] = text;
}

static const char *ask_title(const struct revision *revision, const char *name, struct arena *arena)
{
    for (const struct ask *ask = revision->made->asks; ask; ask = ask->next)
        if (ask->name.kind == VALUE_WORD && strcmp(ask->name.word, name) == 0 &&
            ask->title.kind == VALUE_TEXT)
            return value_string(revision->spec, &ask->title, NULL, arena);
    return name;
}

static void describe_unit(struct labelled *thing, const struct batch *batch, int64_t number,
                          struct arena *arena)
{
    const struct piece *unit = &batch->units[number - 1];
    struct sku *sku = ARENA_NEW(arena, struct sku);
    int asks = 0;
    for (const struct answered_ask *ask = unit->line ? unit->line->asks : NULL; ask;
         ask = ask->next)
        asks++;
    sku_at(batch->revision->made, unit->sku, sku);
    *thing =
        (struct labelled){.sku = sku,
                          .name = arena_printf(arena, "%s/%lld", batch->name, (long long)number),
                          .fields = arena_alloc(arena, sizeof *thing->fields * (size_t)(asks + 3))};
    add_field(thing, "Batch", batch->name);
    add_field(thing, "Serial", thing->name);
    add_field(thing, "Order", unit->line ? unit->line->order : "");
    for (const struct answered_ask *ask = unit->line ? unit->line->asks : NULL; ask;
         ask = ask->next)
        add_field(thing, ask_title(batch->revision, ask->name, arena), ask->value);
}

static const struct batch *batch_named(struct desk *desk, int count, char **arguments)
{
    if (count != 1) {
        usage_error(verb_find("batch"), "which batch?");
        return NULL;
    }
    if (!desk_read(desk))
        return NULL;
    const struct batch *batch =
        state_batch(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (!batch)
        complain("there is no batch %s", arguments[0]);
    return batch;
}

int print_labels(struct desk *desk, int count, char **arguments)
{
    struct arena arena = {0};
    const struct batch *batch = batch_named(desk, count, arguments);
    int64_t first = 1, number = batch ? batch->unit_count : 0;
    if (!batch)
        return EXIT_FINDINGS;
    if ((units && !read_units(units, &first, &number)) || first < 1 || number < 1 ||
        first + number - 1 > batch->unit_count || number > LABELS_AT_MOST) {
        complain("batch %s has the units 1 to %d; at most %d labels at a time", batch->name,
                 batch->unit_count, LABELS_AT_MOST);
        return EXIT_FINDINGS;
    }
    struct job_of_labels job = {batch->revision, ARENA_ARRAY(&arena, struct labelled, number),
                                (int)number};
    for (int64_t i = 0; i < number; i++)
        describe_unit(&job.things[i], batch, first + i, &arena);
    int status = put_labels(desk, &job, &arena);
    arena_free(&arena);
    return status;
}

/* The SKUs of a batch and how many of each: "12 × DH-100-black-small". */
static const char *variants(const struct batch *batch, struct arena *arena)
{
    const char *text = "";
    for (int32_t i = 0; i < batch->unit_count; i++) {
        int32_t alike = 0;
        bool again = false;
        for (int32_t k = 0; k < batch->unit_count && !again; k++) {
            again = k < i && batch->units[k].sku == batch->units[i].sku;
            alike += batch->units[k].sku == batch->units[i].sku;
        }
        struct sku sku;
        if (again)
            continue;
        sku_at(batch->revision->made, batch->units[i].sku, &sku);
        text = arena_printf(arena, "%s%s%d \303\227 %s", text, *text ? ", " : "", alike,
                            sku_code(batch->revision->spec, &sku, arena));
    }
    return text;
}

int print_traveler(struct desk *desk, int count, char **arguments)
{
    struct arena arena = {0};
    struct failure failure;
    const char *fields[3][2];
    const struct batch *batch = batch_named(desk, count, arguments);
    if (!batch)
        return EXIT_FINDINGS;
    if (!has_a_place(false))
        return EXIT_USAGE;
    struct labelled thing = {.name = batch->name, .fields = fields};
    add_field(&thing, "Batch", batch->name);
    add_field(&thing, "Quantity", arena_printf(&arena, "%d", batch->unit_count));
    add_field(&thing, "SKU", variants(batch, &arena));
    int status = told(traveler_pages(batch->revision->spec, batch->revision->made, &thing,
                                     output ? output : "/dev/stdout", &failure),
                      &failure, EXIT_FINDINGS);
    arena_free(&arena);
    return status;
}

/* ---- a parcel ---- */

static void describe_parcel(struct labelled *thing, const struct state *state,
                            const struct parcel *parcel, struct arena *arena)
{
    const struct packed_unit *first = &parcel->units[0];
    const struct order_line *line = first->batch->units[first->number - 1].line;
    const char *lines[ADDRESS_LINES_AT_MOST], *to = "";
    struct papers papers;
    packing_list_make(&papers, state, parcel->order, parcel, arena);
    int count = address_lines(&papers.to, lines, arena);
    for (int i = 0; i < count; i++)
        to = arena_printf(arena, "%s%s%s", to, *to ? "\n" : "", lines[i]);
    add_field(thing, "To", *to ? to : parcel->order->customer);
    add_field(thing, "Order", parcel->order->name);
    add_field(thing, "Parcel, of how many", parcel->name);
    add_field(thing, "SKU", papers.line_count == 1 && line ? line->sku : "");
    add_field(thing, "Quantity", arena_printf(arena, "%lld", (long long)parcel->count));
    add_field(thing, "Batch", first->batch->name);
}

int print_parcel_label(struct desk *desk, int count, char **arguments)
{
    struct arena arena = {0};
    const char *fields[6][2];
    if (count != 1)
        return usage_error(verb_find("parcel"), "which parcel?");
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    const struct parcel *parcel =
        state_parcel(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (!parcel || !parcel->count) {
        complain("there is nothing in parcel %s", arguments[0]);
        return EXIT_FINDINGS;
    }
    struct labelled thing = {.name = parcel->name, .fields = fields};
    describe_parcel(&thing, shop_state(desk->shop), parcel, &arena);
    struct job_of_labels job = {parcel->units[0].batch->revision, &thing, 1};
    int status = put_labels(desk, &job, &arena);
    arena_free(&arena);
    return status;
}

int list_label_printers(struct desk *desk, int count, char **arguments)
{
    struct arena arena = {0};
    struct failure failure;
    struct buffer out = {0};
    struct label_printer *printers;
    (void)count, (void)arguments;
    int found = label_printers_read(desk->folder, &printers, &arena, &failure);
    if (desk->json)
        buffer_add_text(&out, "{\"items\":[");
    for (int i = 0; i < found; i++)
        if (desk->json) {
            buffer_addf(&out, "%s{\"printer\":\"", i ? "," : "");
            buffer_add_json(&out, printers[i].name, strlen(printers[i].name));
            buffer_addf(&out, "\",\"size\":\"%s\"}", printers[i].size);
        } else {
            buffer_addf(&out, "%s %s:%s %s\n", printers[i].name, printers[i].host, printers[i].port,
                        printers[i].size);
        }
    if (desk->json)
        buffer_add_text(&out, "]}\n");
    int status = found < 0         ? told(false, &failure, EXIT_FINDINGS)
                 : print_out(&out) ? EXIT_CLEAN
                                   : EXIT_ENVIRONMENT;
    buffer_free(&out);
    arena_free(&arena);
    return status;
}
