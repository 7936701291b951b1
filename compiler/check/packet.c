/* The packet: everything a quote needs is there, and nothing internal is in it. */
#include "check/family.h"

#include <string.h>

/* ---- what the packet asks for ---- */

static bool asks_for(const struct packet *packet, const struct declaration *what)
{
    if (!packet->of)
        return true;
    for (const struct simple *row = packet->of; row; row = row->next)
        if (value_declaration(&row->value, NULL) == what)
            return true;
    return false;
}

static bool supplies(const struct packet *packet, const struct declaration *what)
{
    for (const struct simple *row = packet->supplied; row; row = row->next)
        if (value_declaration(&row->value, NULL) == what)
            return true;
    return false;
}

/* ---- not_quote_ready ---- */

struct missing {
    struct spec *spec;
    const struct packet *packet;
    struct buffer list;
    struct {
        struct span span;
        const char *text;
    } notes[32];
    int count;
};

static void lacks(struct missing *missing, struct span where, const char *what, const char *write)
{
    buffer_addf(&missing->list, "%s%s", missing->list.length ? ", " : "", what);
    if (missing->count < 32) {
        missing->notes[missing->count].span = where;
        missing->notes[missing->count++].text = write;
    }
}

static bool graded(const struct material *material)
{
    return material->grade || material->family;
}

static void check_part_ready(struct missing *missing, const struct part *part)
{
    struct arena *arena = missing->spec->arena;
    if (part->base.failed)
        return;
    if (!part->model)
        lacks(missing, part->base.span, arena_printf(arena, "the model of `%s`", part->base.name),
              "here: model \"<file>\"");
    const struct value *value = part->material ? &part->material->value : NULL;
    int cases = value && value->kind == VALUE_CHOICE ? value->choice->count : value ? 1 : 0;
    for (int i = 0; i < cases; i++) {
        const struct material *material = value_material(
            value->kind == VALUE_CHOICE ? &value->choice->cases[i].value : value, NULL);
        if (!material || graded(material) || supplies(missing->packet, &material->base) ||
            material->base.failed)
            continue;
        lacks(missing, material->base.span,
              arena_printf(arena, "what `%s` is", material->base.name),
              "here: grade \"...\", or family NAME");
        return;
    }
}

/* Hardware goes in by a step that says how. */
static bool hardware_has_step(const struct product *product)
{
    const struct workflow *workflow = product->workflow;
    for (int i = 0; workflow && i < workflow->step_count; i++)
        if (workflow->steps[i]->base.kind == KIND_assemble &&
            (workflow->steps[i]->do_ || workflow->steps[i]->using))
            return true;
    return false;
}

static bool has_hardware(const struct product *product)
{
    for (const struct counted *row = product->contains; row; row = row->next)
        if (value_item(&row->what, NULL))
            return true;
    return false;
}

struct scope_of_packet {
    bool parts, finishing, packing;
    const struct step *pack;
};

static struct scope_of_packet scope_of_asked(const struct packet *packet,
                                             const struct product *product)
{
    struct scope_of_packet scope = {0};
    const struct workflow *workflow = product->workflow;
    for (const struct counted *row = product->contains; row; row = row->next)
        if (value_part(&row->what, NULL) && asks_for(packet, value_declaration(&row->what, NULL)))
            scope.parts = true;
    for (int i = 0; workflow && i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!asks_for(packet, &step->base))
            continue;
        scope.finishing |= step->base.kind == KIND_finish;
        if (step->base.kind == KIND_pack) {
            scope.packing = true;
            scope.pack = step;
        }
    }
    return scope;
}

static void collect_missing(struct missing *missing, const struct product *product)
{
    const struct packet *packet = missing->packet;
    struct scope_of_packet scope = scope_of_asked(packet, product);
    struct span head = packet->base.span;
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        if (part && asks_for(packet, &part->base))
            check_part_ready(missing, part);
    }
    if (!packet->quantity)
        lacks(missing, head, "quantities", "quantity <count>,...");
    if (!packet->finish && (scope.parts || scope.finishing))
        lacks(missing, head, "the finish", "finish <standard>");
    if (!packet->of && has_hardware(product) && !hardware_has_step(product))
        lacks(missing, product->workflow ? product->workflow->base.span : product->base.span,
              "how the hardware goes in", "here: an assemble step with `do`");
    if (scope.packing && !packet->marking && !(scope.pack && scope.pack->label))
        lacks(missing, head, "labeling", "marking \"...\", or `label` in the pack step");
    if (scope.packing && !packet->packaging)
        lacks(missing, head, "packaging", "packaging <step>");
    if (!packet->deliver)
        lacks(missing, head, "delivery", "deliver <date> to <text> [incoterm <name>]");
    if (!packet->inspection)
        lacks(missing, head, "acceptance criteria", "inspection <step>,...");
}

static void check_ready(struct spec *spec, const struct product *product,
                        const struct packet *packet)
{
    struct missing missing = {.spec = spec, .packet = packet};
    if (packet->base.failed || product->base.failed)
        return;
    collect_missing(&missing, product);
    if (missing.count) {
        struct diagnostic *d =
            report(spec->diagnostics, RULE_not_quote_ready, packet->base.span,
                   "a supplier cannot quote from this packet: it lacks %s", missing.list.text);
        struct buffer help = {0};
        for (int i = 0; i < missing.count; i++) {
            bool here = missing.notes[i].span.begin == packet->base.span.begin;
            if (here)
                buffer_addf(&help, "%s%s",
                            help.length ? "; " : "add here: ", missing.notes[i].text);
            else
                add_note(spec->diagnostics, d, missing.notes[i].span, "%s", missing.notes[i].text);
        }
        if (help.length)
            set_help(spec->diagnostics, d, "%s", help.text);
        buffer_free(&help);
    }
    buffer_free(&missing.list);
}

/* ---- internal_leak ---- */

struct leak_search {
    struct spec *spec;
    const struct product *product;
    const struct packet *packet;
};

static bool is_disclosed(const struct packet *packet, const struct origin *source)
{
    for (const struct disclosure *row = packet->disclose; row; row = row->next) {
        if (row->what.kind == VALUE_MEMBER &&
            row->what.member->declaration == source->declaration &&
            row->what.member->field == source->field)
            return true;
        if (row->what.kind != VALUE_WORD || !source->declaration || !source->field)
            continue;
        const char *kind = kind_rows[source->declaration->kind].name;
        size_t length = strlen(kind);
        if (strncmp(row->what.word, kind, length) == 0 && row->what.word[length] == '.' &&
            strcmp(row->what.word + length + 1, source->field->name) == 0)
            return true;
    }
    return false;
}

/* The first source that is not let out; `way` gets the places it came by. */
static const struct origin *leaking(const struct packet *packet, const struct origin *origin,
                                    int depth)
{
    if (!origin || depth > 64)
        return NULL;
    if (!origin->from && !origin->also)
        return is_disclosed(packet, origin) ? NULL : origin;
    if (origin->declaration && origin->field && is_disclosed(packet, origin))
        return NULL;
    const struct origin *found = leaking(packet, origin->from, depth + 1);
    return found ? found : leaking(packet, origin->also, depth + 1);
}

static void draw_way(struct spec *spec, struct diagnostic *d, const struct origin *origin,
                     const struct origin *source)
{
    for (int hops = 0; origin && hops < 16; hops++) {
        if (origin->what && origin != source)
            add_note(spec->diagnostics, d,
                     origin->declaration && origin->declaration->kind == KIND_let
                         ? origin->declaration->name_span
                         : origin->span,
                     "it came by `%s`", origin->what);
        if (origin == source)
            break;
        origin = origin->from;
    }
    add_note(spec->diagnostics, d, source->declaration->span, "`%s` is internal", source->what);
}

static void check_value(struct leak_search *search, const struct value *value, struct span place)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            check_value(search, &value->choice->cases[i].value, value->choice->cases[i].value.span);
        return;
    }
    if (value->kind == VALUE_TEXT) {
        for (const struct text_part *part = value->text->parts; part; part = part->next)
            if (!part->text)
                check_value(search, &part->value, part->value.span);
        return;
    }
    if (!(value->flags & VALUE_INTERNAL))
        return;
    const struct origin *source = leaking(search->packet, value->origin, 0);
    if (!source)
        return;
    struct diagnostics *list = search->spec->diagnostics;
    for (int i = list->count; i-- > 0 && list->count - i < 64;)
        if (list->items[i]->rule == RULE_internal_leak && list->items[i]->span.begin == place.begin)
            return; /* another packet of the product has said it */
    struct diagnostic *d = report(list, RULE_internal_leak, place,
                                  "`%s` is internal, and the packet of `%s` prints it",
                                  source->what, search->product->base.name);
    draw_way(search->spec, d, value->origin, source);
    set_help(list, d, "take it out, or let it out in the packet: disclose %s \"why\"",
             source->what);
}

/* Every public field of a block: a packet may print any of them. */
static void check_block(struct leak_search *search, const void *block, enum kind kind);

static void check_rows(struct leak_search *search, const struct row *rows,
                       const struct field_row *field)
{
    for (; rows; rows = (const struct row *)(const void *)rows->next) {
        int count;
        const struct value *values = row_values(rows, field, &count);
        for (int i = 0; i < count; i++)
            check_value(search, &values[i], values[i].span);
    }
}

static void check_special(struct leak_search *search, const struct row *rows,
                          const struct field_row *field)
{
    for (; rows; rows = (const struct row *)(const void *)rows->next) {
        const void *row = rows;
        if (strcmp(field->type, "instruction") == 0) {
            const struct instruction *line = row;
            check_value(search, &line->text, line->text.span);
            check_block(search, line, KIND_do);
        } else if (strcmp(field->type, "check") == 0) {
            check_value(search, &((const struct check *)row)->text, rows->span);
        } else if (strcmp(field->type, "allowance") == 0) {
            check_value(search, &((const struct allowance *)row)->reason, rows->span);
        } else if (strcmp(field->type, "parameter") == 0) {
            check_value(search, &((const struct parameter *)row)->title, rows->span);
        } else if (strcmp(field->type, "sample") == 0) {
            check_value(search, &((const struct sample *)row)->number, rows->span);
        } else if (strcmp(field->type, "disclosure") == 0) {
            check_value(search, &((const struct disclosure *)row)->reason, rows->span);
        } else if (strcmp(field->type, "dimension_row") == 0) {
            const struct dimension_row *dimension = row;
            check_value(search, &dimension->gauge, rows->span);
            if (dimension->size.kind != VALUE_SIZE)
                continue;
            check_value(search, &dimension->size.size->nominal, rows->span);
            check_value(search, &dimension->size.size->lower, rows->span);
            check_value(search, &dimension->size.size->upper, rows->span);
        }
    }
}

static void check_block(struct leak_search *search, const void *block, enum kind kind)
{
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        if (field->flags & INTERNAL)
            continue; /* never printed */
        if (field->special)
            check_special(search, field_rows(block, field), field);
        else
            check_rows(search, field_rows(block, field), field);
    }
}

static void check_declaration(struct leak_search *search, const struct declaration *declaration)
{
    if (!declaration)
        return;
    check_value(search, &declaration->title, declaration->title.span);
    check_block(search, declaration, declaration->kind);
}

/* The materials, items and standards that what is asked for needs. */
static void check_needed(struct leak_search *search, const struct product *product)
{
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct declaration *what = value_declaration(&row->what, NULL);
        if (!what || !asks_for(search->packet, what))
            continue;
        check_declaration(search, what);
        const struct part *part = value_part(&row->what, NULL);
        const struct value *material = part && part->material ? &part->material->value : NULL;
        int cases = material && material->kind == VALUE_CHOICE ? material->choice->count : 1;
        for (int i = 0; material && i < cases; i++)
            check_declaration(search, value_declaration(material->kind == VALUE_CHOICE
                                                            ? &material->choice->cases[i].value
                                                            : material,
                                                        NULL));
    }
}

static bool step_printed(const struct packet *packet, const struct step *step)
{
    const struct simple *lists[] = {packet->of, packet->inspection, packet->packaging};
    if (!packet->of)
        return true;
    for (int i = 0; i < 3; i++)
        for (const struct simple *row = lists[i]; row; row = row->next)
            if (value_step(&row->value, NULL) == step)
                return true;
    return false;
}

static void check_leaks(struct spec *spec, const struct product *product,
                        const struct packet *packet)
{
    struct leak_search search = {spec, product, packet};
    check_declaration(&search, &packet->base);
    check_declaration(&search, &product->base);
    if (product->release)
        check_block(&search, product->release, KIND_release);
    check_needed(&search, product);
    if (packet->finish)
        check_declaration(&search, value_declaration(&packet->finish->value, NULL));
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        if (!step_printed(packet, step))
            continue;
        check_declaration(&search, &step->base);
        for (const struct simple *row = step->using; row; row = row->next)
            check_declaration(&search, value_declaration(&row->value, NULL));
        for (const struct consumption *row = step->consume; row; row = row->next)
            check_declaration(
                &search, value_item(&row->what, NULL) ? value_declaration(&row->what, NULL) : NULL);
    }
}

void check_packet(struct spec *spec)
{
    for (int i = 0; i < spec->product_count; i++)
        for (int j = 0; j < spec->products[i]->packet_count; j++) {
            check_ready(spec, spec->products[i], spec->products[i]->packets[j]);
            check_leaks(spec, spec->products[i], spec->products[i]->packets[j]);
        }
}
