/* The packet: everything a quote needs is there, and nothing internal is in it. */
#include "check/family.h"

#include <string.h>

/* ---- what the packet asks for ---- */

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

/* Whether it is graded, or sent along, in every case; where not it is told, once. */
static bool material_ready(struct missing *missing, const struct value *value)
{
    int cases = value->kind == VALUE_CHOICE ? value->choice->count : 1;
    for (int i = 0; i < cases; i++) {
        const struct material *material = value_material(
            value->kind == VALUE_CHOICE ? &value->choice->cases[i].value : value, NULL);
        if (!material || graded(material) || supplies(missing->packet, &material->base) ||
            material->base.failed)
            continue;
        lacks(missing, material->base.span,
              arena_printf(missing->spec->scratch, "what `%s` is", material->base.name),
              "here: grade \"...\", or family NAME");
        return false;
    }
    return true;
}

static void check_part_ready(struct missing *missing, const struct part *part)
{
    struct arena *arena = missing->spec->scratch;
    if (part->base.failed)
        return;
    if (!part->model)
        lacks(missing, part->base.span, arena_printf(arena, "the model of `%s`", part->base.name),
              "here: model \"<file>\"");
    if (part->material && !material_ready(missing, &part->material->value))
        return;
    for (const struct portion *row = part->with; row; row = row->next)
        if (!material_ready(missing, &row->material))
            return;
}

/* ---- hardware ---- */

static bool consumes(const struct consumption *rows, const struct item *item)
{
    for (; rows; rows = rows->next)
        if (value_item(&rows->what, NULL) == item)
            return true;
    return false;
}

static bool lines_consume(const struct instruction *rows, const struct item *item)
{
    for (; rows; rows = rows->next)
        if (consumes(rows->consume, item))
            return true;
    return false;
}

static bool standards_consume(const struct step *step, const struct item *item)
{
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard && lines_consume(standard->do_, item))
            return true;
    }
    return false;
}

/* A step puts the item in and does not say how, and none says it. What no step puts in is told of as such. */
static bool goes_in_unsaid(const struct packet *packet, const struct product *product,
                           const struct item *item)
{
    bool unsaid = false;
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        if (!packet_asks_for(packet, &step->base))
            continue;
        if (step->base.failed) /* what it says of this may be what could not be read */
            return false;
        if (lines_consume(step->do_, item) || standards_consume(step, item))
            return false;
        if (!consumes(step->consume, item))
            continue;
        if (step->base.kind == KIND_pack || step->do_ || step->using)
            return false;
        unsaid = true;
    }
    return unsaid;
}

static const struct item *unsaid_hardware(const struct packet *packet,
                                          const struct product *product)
{
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct item *item = value_item(&row->what, NULL);
        if (item && goes_in_unsaid(packet, product, item))
            return item;
    }
    return NULL;
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
        if (value_part(&row->what, NULL) &&
            packet_asks_for(packet, value_declaration(&row->what, NULL)))
            scope.parts = true;
    for (int i = 0; workflow && i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!packet_asks_for(packet, &step->base))
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
        if (part && packet_asks_for_part(packet, product, part))
            check_part_ready(missing, part);
    }
    if (!packet->quantity)
        lacks(missing, head, "quantities", "quantity <count>,...");
    if (!packet->finish && (scope.parts || scope.finishing))
        lacks(missing, head, "the finish", "finish <standard>");
    const struct item *hardware = unsaid_hardware(packet, product);
    if (hardware)
        lacks(missing, product->workflow->base.span,
              arena_printf(missing->spec->scratch, "how `%s` goes in", hardware->base.name),
              "here, in the step that puts it in: do \"...\" { consume ... }");
    if (scope.packing && !packet->marking &&
        !(scope.pack && (scope.pack->label || scope.pack->base.failed)))
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

void check_packet(struct spec *spec, const struct product *product)
{
    for (int i = 0; i < product->packet_count; i++) {
        check_ready(spec, product, product->packets[i]);
        check_leaks(spec, product, product->packets[i]);
    }
}
