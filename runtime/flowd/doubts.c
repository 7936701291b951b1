/* Names that a command was given and nobody knows. It was done all the same, for the spec or the line of farm.yaml may come later; but
   where it was mistyped, this is the moment to see it. */
#include "engine/decide.h"
#include "flowd/actions.h"
#include "flowd/views.h"
#include "printers/farm.h"

#include "base/file.h"
#include "source/diagnostic.h"

#include <stdio.h>
#include <string.h>

/* A name that was given, among those that are known. */
struct search {
    const char *given, *nearest;
    int distance, known;
    bool found;
};

static void compare(struct search *search, const char *name)
{
    int distance = edit_distance(search->given, name);
    search->known++;
    search->found |= distance == 0 && strcmp(search->given, name) == 0;
    if (!search->nearest || distance < search->distance) {
        search->nearest = name;
        search->distance = distance;
    }
}

/* The names of some kinds that the adopted specs declare. */
static void compare_declared(struct search *search, struct desk *desk, unsigned kinds,
                             struct arena *arena)
{
    int count;
    if (!desk->shop && !desk_read(desk))
        return;
    void **products = in_order(&shop_state(desk->shop)->products, arena, &count);
    for (int i = 0; i < count; i++) {
        const struct spec *spec = ((const struct product_state *)products[i])->current->spec;
        for (int k = 0; k < spec->declaration_count; k++)
            if (kinds >> spec->declarations[k]->kind & 1)
                compare(search, spec->declarations[k]->name);
    }
}

static const char *among_printers(struct search *search, struct desk *desk, struct arena *arena)
{
    struct farm farm;
    struct failure failure;
    const char *path = arena_printf(arena, "%s/farm.yaml", desk->folder);
    if (file_exists(path) && farm_open_without_secrets(&farm, path, &failure))
        for (int i = 0; i < farm.count; i++)
            compare(search,
                    arena_copy_text(arena, farm.printers[i].name, strlen(farm.printers[i].name)));
    if (file_exists(path))
        farm_close(&farm);
    return "farm.yaml has no printer";
}

static const char *among_things(struct search *search, struct desk *desk, struct arena *arena)
{
    compare_declared(search, desk, 1U << KIND_material | 1U << KIND_item, arena);
    return "no adopted spec has a material or an item";
}

/* Those that commands are for, and two that may do less than any: see only, and carry who signs in. */
static const char *among_roles(struct search *search, struct desk *desk, struct arena *arena)
{
    compare(search, "monitor");
    compare(search, "tablet");
    for (int kind = 0; kind < COMMAND_COUNT; kind++) {
        const char *roles = command_roles((enum message_kind)kind);
        for (size_t length; *roles; roles += length + (roles[length] == ',')) {
            length = strcspn(roles, ",");
            compare(search, arena_copy_text(arena, roles, length));
        }
    }
    compare_declared(search, desk, 1U << KIND_role, arena);
    return "neither flowd nor an adopted spec has a role";
}

/* Where a name is new to the shop, and not of something that must be there. */
static const struct doubt {
    enum message_kind kind;
    const char *field;
    const char *(*among)(struct search *search, struct desk *desk, struct arena *arena);
} doubts[] = {{COMMAND_empty_plate, "printer", among_printers},
              {COMMAND_load_slot, "printer", among_printers},
              {COMMAND_load_slot, "material", among_things},
              {COMMAND_take_out, "printer", among_printers},
              {COMMAND_put_back, "printer", among_printers},
              {COMMAND_receive_lot, "what", among_things},
              {COMMAND_admit_person, "roles", among_roles}};

/* Each of the words of a field. */
static void look_up(const struct doubt *doubt, const char *text, struct desk *desk,
                    struct arena *arena)
{
    for (size_t length; text && *text; text += length + (text[length] == ',')) {
        length = strcspn(text, ",");
        struct search search = {.given = arena_copy_text(arena, text, length)};
        const char *said = doubt->among(&search, desk, arena);
        if (!search.known || search.found)
            continue;
        bool meant = close_enough(search.given, search.distance);
        complain("note: %s `%s`%s%s%s", said, search.given, meant ? "; did you mean `" : "",
                 meant ? search.nearest : "", meant ? "`?" : "");
    }
}

/* Whoever queues a job stands where its file is, and whoever would see it set aside is at the printers. */
static void look_for_file(const char *file, const struct desk *desk, struct arena *arena)
{
    const char *place = file && *file ? path_join(arena, desk->folder, file) : NULL;
    if (!place || file_exists(place))
        return;
    complain("note: %s is not there yet%s; without it the job is set aside when a printer is free",
             place,
             file_exists(file) ? ": a job's file is taken from the shop's folder, not from here"
                               : "");
}

void say_doubts(struct desk *desk, const struct message *command)
{
    const struct message_row *row = &message_rows[command->kind];
    struct arena arena = {0};
    for (size_t k = 0; k < sizeof doubts / sizeof *doubts; k++)
        for (int i = 0; doubts[k].kind == command->kind && i < row->field_count; i++)
            if (strcmp(row->fields[i].name, doubts[k].field) == 0)
                look_up(&doubts[k], command->cells[i].text, desk, &arena);
    if (command->kind == COMMAND_queue_job)
        look_for_file(command->queue_job.file, desk, &arena);
    arena_free(&arena);
}
