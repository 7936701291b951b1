/* What goes in and what comes out: every contained thing is made or put in, and nothing else; each SKU on its own. */
#include "check/family.h"

#include <string.h>

/* ---- made ---- */

static bool makes(const struct step *step, const struct part *part, const struct sku *sku)
{
    for (const struct simple *row = step->makes; row; row = row->next)
        if (value_part(&row->value, sku) == part)
            return true;
    return false;
}

static bool lists_poison(const struct simple *rows)
{
    for (; rows; rows = rows->next)
        if (rows->value.kind == VALUE_POISON)
            return true;
    return false;
}

static void check_made(struct spec *spec, const struct product *product, const struct sku_graph *of)
{
    const struct graph *graph = of->graph;
    const struct counted *lists[] = {product->contains, product->spare};
    for (int i = 0; i < graph->count; i++)
        if (graph->nodes[i].step->base.failed || lists_poison(graph->nodes[i].step->makes))
            return;
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            const struct part *part = value_part(&row->what, &of->sku);
            bool made = false;
            if (!part || part->base.failed ||
                rational_is_zero(value_number(spec, &row->count, &of->sku, RATIONAL_ZERO)))
                continue;
            for (int j = 0; j < graph->count && !made; j++)
                made = makes(graph->nodes[j].step, part, &of->sku);
            if (made)
                continue;
            struct diagnostic *d =
                check_report(spec, RULE_part_not_made, &product->base, NULL, row->what.span,
                             "no step makes `%s`", part->base.name);
            check_help(spec, d, "add it to `makes` of a print, cut or outsource step");
        }
}

/* An unreadable `contains` may have named any part. */
static bool may_contain_more(const struct product *product)
{
    const struct counted *lists[] = {product->contains, product->spare};
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next)
            if (row->what.kind == VALUE_POISON)
                return true;
    return product->base.failed || !product->contains;
}

void check_parts_used(struct spec *spec)
{
    for (int i = 0; i < spec->part_count; i++) {
        const struct part *part = spec->parts[i];
        bool beside = part->base.owner != NULL;
        if (part->base.failed || spec_users(spec, &part->base) || part->base.source->shared)
            continue;
        for (int j = 0; j < spec->product_count && !beside; j++)
            beside = spec->products[j]->base.source == part->base.source;
        for (int j = 0; j < spec->product_count && beside; j++)
            beside = !may_contain_more(spec->products[j]);
        if (!beside || spec_incomplete(spec))
            continue;
        struct diagnostic *d =
            check_report(spec, RULE_part_not_used, &part->base, NULL, part->base.span,
                         "no product contains `%s`", part->base.name);
        check_help(spec, d, "add it to `contains` of a product, or take it out");
    }
}

static void check_plates(struct spec *spec, const struct product *product,
                         const struct sku_graph *of)
{
    for (int i = 0; i < of->graph->count; i++) {
        const struct step *step = of->graph->nodes[i].step;
        if (!step->plate || step->base.failed)
            continue;
        for (const struct simple *row = step->makes; row; row = row->next) {
            const struct part *part = value_part(&row->value, &of->sku);
            bool found = !part;
            for (const struct counted *plate = step->plate; plate && !found; plate = plate->next)
                found =
                    value_part(&plate->what, &of->sku) == part || plate->what.kind == VALUE_POISON;
            if (found)
                continue;
            struct span place = {step->plate->span.begin, step->plate->span.end};
            struct diagnostic *d = check_report(
                spec, RULE_plate_incomplete, &step->base, &product->base, place,
                "the plate has no room for `%s`, which the step makes", part->base.name);
            check_help(spec, d, "add `, %s x <count>`", part->base.name);
        }
    }
}

/* ---- put in ---- */

struct balance {
    const struct declaration *what;
    struct rational contained; /* with spares */
    struct rational put_in;    /* by the unit, on the main way */
    bool by_unit, at_all;
    struct span last; /* where it went over */
    bool over;
    bool unknown; /* some count of it could not be read */
};

struct ledger {
    struct spec *spec;
    const struct product *product;
    const struct sku *sku;
    struct balance *lines;
    int count;
    bool on_main_way;
    bool unknown; /* something goes in whose name could not be read: it may be anything */
    const struct step *step;
    const struct simple *using; /* whose standard puts it in: the line to change; NULL */
};

static struct balance *line_of(struct ledger *ledger, const struct declaration *what)
{
    for (int i = 0; i < ledger->count; i++)
        if (ledger->lines[i].what == what)
            return &ledger->lines[i];
    return NULL;
}

/* How many a unit: NULL-like (false) where it goes by the batch or by several units. */
static bool per_unit(const struct ledger *ledger, const struct consumption *row,
                     struct rational *count)
{
    *count = value_number(ledger->spec, &row->count, ledger->sku, RATIONAL_ZERO);
    if (row->per_units.kind != VALUE_ABSENT)
        return false;
    if (row->basis.kind == VALUE_ABSENT)
        return true;
    const char *word = value_word(&row->basis, ledger->sku);
    if (word)
        return strcmp(word, "unit") == 0;
    const struct part *part = value_part(&row->basis, ledger->sku);
    if (part)
        *count = rational_multiply(
            *count, contained_count(ledger->product, &part->base, ledger->sku, false));
    return part != NULL;
}

static bool stays_in(const struct ledger *ledger, const struct declaration *what)
{
    if (what->kind == KIND_part)
        return true;
    const struct item *item = (const struct item *)what;
    const char *kind = item->kind ? value_word(&item->kind->value, ledger->sku) : "hardware";
    return kind && strcmp(kind, "hardware") == 0;
}

static struct span place_of(const struct ledger *ledger, const struct consumption *row)
{
    return ledger->using ? ledger->using->span : row->span;
}

static void report_uncontained(const struct ledger *ledger, const struct declaration *what,
                               const struct consumption *row)
{
    if (ledger->step->base.kind == KIND_pack || what->failed || !stays_in(ledger, what) ||
        may_contain_more(ledger->product))
        return;
    struct diagnostic *d =
        check_report(ledger->spec, RULE_over_consumed, &ledger->step->base, &ledger->product->base,
                     place_of(ledger, row), "`%s` goes in, and `%s` does not contain it",
                     what->name, ledger->product->base.name);
    check_help(ledger->spec, d,
               what->kind == KIND_item
                   ? "add it to `contains`, or say `kind consumable` where it is used up"
                   : "add it to `contains`");
}

static void enter(struct ledger *ledger, const struct consumption *rows)
{
    for (const struct consumption *row = rows; row; row = row->next) {
        const struct declaration *what = value_declaration(&row->what, ledger->sku);
        struct balance *line = what ? line_of(ledger, what) : NULL;
        struct rational count;
        ledger->unknown |= value_is(value_for(&row->what, ledger->sku), VALUE_POISON);
        if (!what)
            continue;
        if (line && value_is(value_for(&row->count, ledger->sku), VALUE_POISON))
            line->unknown = true;
        if (!line) {
            report_uncontained(ledger, what, row);
            continue;
        }
        line->at_all = true;
        if (!per_unit(ledger, row, &count))
            continue;
        line->by_unit = true;
        if (!ledger->on_main_way)
            continue;
        line->put_in = rational_add(line->put_in, count);
        if (rational_compare(line->put_in, line->contained) > 0 && !line->over) {
            line->over = true;
            line->last = place_of(ledger, row);
        }
    }
}

static void enter_instructions(struct ledger *ledger, const struct instruction *rows)
{
    for (; rows; rows = rows->next)
        enter(ledger, rows->consume);
}

static void enter_step(struct ledger *ledger, const struct step *step)
{
    ledger->step = step;
    enter(ledger, step->consume);
    enter_instructions(ledger, step->do_);
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, ledger->sku);
        ledger->using = row;
        if (standard)
            enter_instructions(ledger, standard->do_);
    }
    ledger->using = NULL;
}

static void open_lines(struct ledger *ledger)
{
    int count = 0;
    for (const struct counted *row = ledger->product->contains; row; row = row->next)
        count++;
    for (const struct counted *row = ledger->product->spare; row; row = row->next)
        count++;
    ledger->lines = ARENA_ARRAY(ledger->spec->scratch, struct balance, count + 1);
    const struct counted *lists[] = {ledger->product->contains, ledger->product->spare};
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            const struct declaration *what = value_declaration(&row->what, ledger->sku);
            if (!what || line_of(ledger, what))
                continue;
            ledger->lines[ledger->count++] = (struct balance){
                .what = what,
                .contained = contained_count(ledger->product, what, ledger->sku, true),
                .put_in = RATIONAL_ZERO,
                .unknown = value_is(value_for(&row->count, ledger->sku), VALUE_POISON),
                .last = row->what.span};
        }
}

static const char *count_text(struct spec *spec, struct rational count)
{
    struct buffer text = {0};
    rational_print_short(&text, count, 4);
    const char *copy = arena_copy_text(spec->scratch, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

static void close_line(struct ledger *ledger, const struct balance *line)
{
    struct spec *spec = ledger->spec;
    const struct declaration *product = &ledger->product->base;
    struct span head = line->last;
    struct diagnostic *d = NULL;
    if (line->over) {
        d = check_report(spec, RULE_over_consumed, product, NULL, line->last,
                         "%s of `%s` go in, and %s %s contained", count_text(spec, line->put_in),
                         line->what->name, count_text(spec, line->contained),
                         rational_equal(line->contained, RATIONAL_ONE) ? "is" : "are");
        check_help(spec, d, "put in fewer, or contain more");
    } else if (!line->at_all && line->what->kind == KIND_item &&
               rational_sign(line->contained) > 0) {
        d = check_report(spec, RULE_item_not_consumed, product, NULL, head, "no step puts `%s` in",
                         line->what->name);
        check_help(spec, d, "add to a step or to a `do`: consume %s x %s", line->what->name,
                   count_text(spec, line->contained));
    } else if (line->by_unit && rational_compare(line->put_in, line->contained) < 0) {
        d = check_report(
            spec, RULE_under_consumed, product, NULL, head,
            "%s of `%s` %s contained, and %s go%s in", count_text(spec, line->contained),
            line->what->name, rational_equal(line->contained, RATIONAL_ONE) ? "is" : "are",
            count_text(spec, line->put_in), rational_equal(line->put_in, RATIONAL_ONE) ? "es" : "");
        check_help(spec, d, "put in more, or contain fewer");
    }
}

/* The steps a good unit passes: along `pass` and `approve` from the first. */
static bool *main_way(const struct graph *graph, struct arena *arena)
{
    bool *on = ARENA_ARRAY(arena, bool, graph->count);
    for (int at = 0; at >= 0 && !on[at];) {
        on[at] = true;
        int to = GRAPH_DONE;
        for (int e = 0; e < graph->nodes[at].edge_count; e++)
            if (graph->nodes[at].edges[e].outcome == OUTCOME_PASS ||
                graph->nodes[at].edges[e].outcome == OUTCOME_APPROVE)
                to = graph->nodes[at].edges[e].to;
        at = to;
    }
    return on;
}

static void check_balance(struct spec *spec, const struct product *product,
                          const struct graph *graph, const struct sku *sku)
{
    struct ledger ledger = {.spec = spec, .product = product, .sku = sku};
    bool *on = main_way(graph, spec->scratch);
    for (int i = 0; i < graph->count; i++)
        if (graph->nodes[i].step->base.failed)
            return;
    open_lines(&ledger);
    for (int i = 0; i < graph->count; i++) {
        ledger.on_main_way = on[i];
        enter_step(&ledger, graph->nodes[i].step);
    }
    for (int i = 0; i < ledger.count; i++)
        if (!ledger.lines[i].what->failed && !ledger.lines[i].unknown &&
            (!ledger.unknown || ledger.lines[i].over))
            close_line(&ledger, &ledger.lines[i]);
}

/* ---- pack ---- */

static void check_packs(struct spec *spec, const struct product *product)
{
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        if (step->base.kind != KIND_pack)
            continue;
        for (const struct counted *row = step->contains; row; row = row->next) {
            const struct declaration *packed = value_declaration(&row->what, NULL);
            if (!packed || packed == &product->base)
                continue;
            struct diagnostic *d =
                check_report(spec, RULE_pack_mismatch, &step->base, &product->base, row->span,
                             "the workflow of `%s` packs `%s`", product->base.name, packed->name);
            check_help(spec, d, "write: contains %s x 1", product->base.name);
        }
    }
}

/* ---- lots ---- */

static const struct declaration *tracked(const struct declaration *what, const struct sku *sku)
{
    if (!what)
        return NULL;
    if (what->kind == KIND_item)
        return ((const struct item *)what)->tracked ? what : NULL;
    if (what->kind != KIND_part)
        return NULL;
    const struct part *part = (const struct part *)what;
    const struct material *material =
        part->material ? value_material(&part->material->value, sku) : NULL;
    for (const struct portion *row = part->with; row && !(material && material->tracked);
         row = row->next)
        material = value_material(&row->material, sku);
    return material && material->tracked ? &material->base : NULL;
}

static const struct declaration *tracked_consumption(const struct consumption *rows,
                                                     const struct sku *sku)
{
    const struct declaration *found = NULL;
    for (; rows && !found; rows = rows->next)
        found = tracked(value_declaration(&rows->what, sku), sku);
    return found;
}

static const struct declaration *tracked_in_lines(const struct instruction *rows,
                                                  const struct sku *sku)
{
    const struct declaration *found = NULL;
    for (; rows && !found; rows = rows->next)
        found = tracked_consumption(rows->consume, sku);
    return found;
}

/* What is contained, and what a step consumes that is not. */
static const struct declaration *tracked_input(const struct product *product,
                                               const struct sku_graph *of)
{
    const struct declaration *found = NULL;
    for (const struct counted *row = product->contains; row && !found; row = row->next)
        found = tracked(value_declaration(&row->what, &of->sku), &of->sku);
    for (int i = 0; i < of->graph->count && !found; i++) {
        const struct step *step = of->graph->nodes[i].step;
        found = tracked_consumption(step->consume, &of->sku);
        if (!found)
            found = tracked_in_lines(step->do_, &of->sku);
        for (const struct simple *row = step->using; row && !found; row = row->next) {
            const struct standard *standard = value_standard(&row->value, &of->sku);
            found = standard ? tracked_in_lines(standard->do_, &of->sku) : NULL;
        }
    }
    return found;
}

static void check_traced(struct spec *spec, const struct product *product,
                         const struct sku_graph *of)
{
    const struct declaration *input = tracked_input(product, of);
    const struct step *pack = NULL;
    for (int i = 0; i < of->graph->count; i++) {
        const struct step *step = of->graph->nodes[i].step;
        if (labels_batch(step))
            return;
        if (step->base.kind == KIND_pack)
            pack = step;
    }
    if (!input)
        return;
    const struct declaration *place = pack ? &pack->base : &product->workflow->base;
    struct diagnostic *d = check_report(
        spec, RULE_untraced_lot, place, &product->base, place->span,
        "the lot of `%s` is tracked, and no label names the batch it went into", input->name);
    check_help(spec, d, "add to the pack step: label ..., batch");
}

static void visit_content(struct spec *spec, const struct product *product,
                          const struct sku_graph *of)
{
    if (product->base.failed)
        return;
    check_made(spec, product, of);
    check_plates(spec, product, of);
    if (ways_are_known(product->workflow))
        check_balance(spec, product, of->graph, &of->sku);
    check_traced(spec, product, of);
}

void check_content(struct spec *spec, const struct product *product)
{
    for_each_sku(spec, product, visit_content);
    if (product->workflow)
        check_packs(spec, product);
}
