/* textDocument/hover: what a word means, by the schema and by the spec; what a quantity is in other units; what a step
   costs. */
#include "cost/figures.h"
#include "flowc/lsp/completion.h"
#include "flowc/lsp/figures.h"
#include "flowc/lsp/methods.h"
#include "flowc/lsp/parsed.h"
#include "flowc/lsp/part_picture.h"
#include "slicing/pieces.h"

#include <ctype.h>
#include <string.h>

struct hover {
    struct server *server;
    struct asked asked;
    struct buffer text;
    uint32_t begin, end; /* of the word */
};

/* ---- names ---- */

enum { LINES_SHOWN = 14 };

/* The lines a declaration is written in, up to so many. */
static void add_source(struct hover *hover, struct span span)
{
    const struct source *source = source_of(&hover->server->resident.session.sources, span.begin);
    if (!source)
        return;
    const char *at = source->text + (span.begin - source->base),
               *end = source->text + source->length;
    while (at > source->text && at[-1] != '\n')
        at--;
    int depth = 0, lines = 0;
    const char *begin = at;
    for (; at < end; at++) {
        depth += (*at == '{') - (*at == '}');
        if (*at == '\n' && (depth <= 0 || ++lines == LINES_SHOWN))
            break;
    }
    buffer_addf(&hover->text, "\n```flow\n%.*s%s\n```\n", (int)(at - begin), begin,
                depth > 0 ? "\n  ..." : "");
}

static const struct dimension_row *dimension_named(const struct part *part, const char *name)
{
    for (const struct dimension_row *row = part->dimension; row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, name) == 0)
            return row;
    return NULL;
}

/* What a dimension asks of the work: its limits, and what its process keeps. */
static void add_constraint(struct hover *hover, const struct part *part,
                           const struct dimension_row *row)
{
    const struct spec *spec = hover->server->resident.session.spec;
    const struct size *size = row->size.kind == VALUE_SIZE ? row->size.size : NULL;
    const struct process *process =
        part->process ? value_process(&part->process->value, NULL) : NULL;
    if (size && size->lower.kind == VALUE_NUMBER && size->upper.kind == VALUE_NUMBER &&
        size->form == SIZE_LIMITS) {
        struct rational wide = rational_subtract(size->upper.number, size->lower.number);
        buffer_add_text(&hover->text, "\nFrom ");
        rational_print_short(&hover->text, size->lower.number, 4);
        buffer_add_text(&hover->text, " to ");
        rational_print_short(&hover->text, size->upper.number, 4);
        buffer_add_text(&hover->text, ", ");
        rational_print_short(&hover->text, wide, 4);
        buffer_add_text(&hover->text, " wide (mm, or deg for an angle).");
    }
    if (process && process->holds && process->holds->length.kind == VALUE_NUMBER) {
        buffer_addf(&hover->text, " `%s` keeps ±", process->base.name);
        value_print(&hover->text, spec, &process->holds->length, NULL);
        buffer_add_char(&hover->text, '.');
    }
    if (row->class.kind == VALUE_ABSENT && row->gauge.kind == VALUE_ABSENT)
        return;
    buffer_add_text(&hover->text, "\n\n");
    if (row->class.kind == VALUE_WORD)
        buffer_addf(&hover->text, "%s. ", row->class.word);
    if (row->gauge.kind == VALUE_TEXT) {
        buffer_add_text(&hover->text, "Gauge: ");
        value_print(&hover->text, spec, &row->gauge, NULL);
        buffer_add_char(&hover->text, '.');
    }
}

/* What a step takes of the unit cost, by kind. */
static void add_step_cost(struct hover *hover, const struct step *step)
{
    struct server *server = hover->server;
    const struct spec *spec = server->resident.session.spec;
    const struct product *product = step->workflow ? step->workflow->product : NULL;
    struct cost_sheet sheet;
    if (!product || !figures_ready(server))
        return;
    struct rational quantity = usual_quantity(product), sum = RATIONAL_ZERO;
    if (!figures_of(server, product, step, quantity, &sheet))
        return;
    const struct cost_step *row = step_of(&sheet, step);
    if (!row || rational_sign(sheet.unit_cost) <= 0)
        return;
    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        sum = rational_add(sum, rational_divide(row->amounts[kind], sheet.made));
    buffer_add_text(&hover->text, "\nOf ");
    rational_print_short(&hover->text, quantity, 0);
    buffer_addf(&hover->text, " made, one unit costs %s %s here: %s of its cost.\n",
                figure_text(&server->scratch, sum, figure_places(spec), ""), shop_currency(spec),
                figure_percent(&server->scratch, rational_divide(sum, sheet.unit_cost)));
    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        if (!rational_is_zero(row->amounts[kind]))
            buffer_addf(&hover->text, "\n- %s %s", cost_kind_names[kind],
                        figure_text(&server->scratch,
                                    rational_divide(row->amounts[kind], sheet.made),
                                    figure_places(spec), ""));
    buffer_add_char(&hover->text, '\n');
}

/* What one takes, where the spec does not say it: by whom it is known. */
static void add_known(struct hover *hover, const char *what, const struct known_figure *figure,
                      bool is_time)
{
    if (figure->by != KNOWN_SLICED && figure->by != KNOWN_ESTIMATED)
        return;
    buffer_addf(&hover->text, "\n%s of one: ", what);
    if (is_time) {
        duration_print(&hover->text, figure->number);
    } else {
        rational_print_short(&hover->text, figure->number, 2);
        buffer_add_text(&hover->text, " g");
    }
    buffer_add_text(&hover->text, figure->by == KNOWN_SLICED ? ", by the slicer.\n"
                                                             : ", an estimate from its model.\n");
}

/* In the first step of a product of this part that makes it. */
static void add_part_known(struct hover *hover, const struct part *part)
{
    const struct spec *spec = hover->server->resident.session.spec;
    const struct user *user = spec_users(spec, &part->base);
    const struct workflow *workflow = user ? user->product->workflow : NULL;
    struct sku sku;
    for (int i = 0; workflow && i < workflow->step_count; i++)
        for (const struct simple *row = workflow->steps[i]->makes; row; row = row->next) {
            sku_at(user->product, 0, &sku);
            if (value_part(&row->value, &sku) != part || !workflow->steps[i]->on)
                continue;
            struct known_figure time = slicing_time(spec, workflow->steps[i], part, &sku),
                                mass = slicing_mass(spec, workflow->steps[i], part, &sku);
            add_known(hover, "Machine time", &time, true);
            add_known(hover, "Mass", &mass, false);
            return;
        }
}

static void add_declaration(struct hover *hover, const struct declaration *what)
{
    const struct spec *spec = hover->server->resident.session.spec;
    buffer_addf(&hover->text, "**%s** `%s`", kind_rows[what->kind].name, what->name);
    if (what->title.kind == VALUE_TEXT) {
        buffer_add_text(&hover->text, " — ");
        value_print(&hover->text, spec, &what->title, NULL);
    }
    buffer_add_char(&hover->text, '\n');
    if (what->documentation)
        buffer_addf(&hover->text, "\n%s\n", what->documentation);
    if (what->kind == KIND_let && ((const struct let *)what)->value.kind == VALUE_NUMBER) {
        buffer_add_text(&hover->text, "\n= ");
        value_print(&hover->text, spec, &((const struct let *)what)->value, NULL);
        buffer_add_char(&hover->text, '\n');
    }
    if (kind_is_step(what->kind))
        add_step_cost(hover, (const struct step *)what);
    if (what->kind == KIND_part)
        add_part_known(hover, (const struct part *)what);
    add_source(hover, what->span);
    if (what->kind == KIND_part && hover->server->pictures)
        add_part_picture(hover->server, (const struct part *)what, &hover->text);
}

static bool hover_name(struct hover *hover)
{
    const struct asked *asked = &hover->asked;
    const struct mention *mention =
        asked->position ? resident_mention(asked->resident, asked->position) : NULL;
    const struct declaration *what = mention ? mention->what
                                     : asked->position
                                         ? resident_declared(asked->resident, asked->position)
                                         : NULL;
    if (!what)
        return false;
    if (mention && mention->own.begin) {
        add_source(hover, mention->own);
        return true;
    }
    const char *member = mention ? mention->member : NULL;
    const struct dimension_row *row = member && what->kind == KIND_part
                                          ? dimension_named((const struct part *)what, member)
                                          : NULL;
    const struct field_row *field = member && !row ? field_find(what->kind, member) : NULL;
    if (row) {
        buffer_addf(&hover->text, "**dimension** `%s.%s`\n", what->name, member);
        add_constraint(hover, (const struct part *)what, row);
        add_source(hover, row->span);
    } else if (field)
        buffer_addf(&hover->text, "`%s.%s`: %s\n", what->name, member, field->documentation);
    else
        add_declaration(hover, what);
    return true;
}

/* ---- quantities ---- */

static const struct node *quantity_in(const struct node *node, uint32_t position)
{
    const struct node *found = NULL;
    for (; node && !found; node = node->next) {
        if (position < node->span.begin || position > node->span.end)
            continue;
        switch ((enum node_kind)node->kind) {
        case NODE_QUANTITY:
            return node;
        case NODE_BINARY:
        case NODE_CASE: /* a long sum leans to the left */
            for (; (node->kind == NODE_BINARY || node->kind == NODE_CASE) && !found;
                 node = node->left)
                found = quantity_in(node->right, position);
            return found ? found : quantity_in(node, position);
        case NODE_TEXT:
            for (const struct text_piece *piece = node->pieces; piece && !found;
                 piece = piece->next)
                found = piece->expression ? quantity_in(piece->expression, position) : NULL;
            break;
        case NODE_NEGATE:
        case NODE_GROUP:
        case NODE_CALL:
        case NODE_BOUND:
        case NODE_BY:
            found = quantity_in(node->left, position);
            break;
        default:
            break;
        }
    }
    return found;
}

static const struct node *quantity_at(const struct entry *entries, uint32_t position)
{
    const struct node *found = NULL;
    for (const struct entry *entry = entries; entry && !found; entry = entry->next) {
        found = quantity_in(entry->items, position);
        if (!found && position >= entry->span.begin && position <= entry->block_end)
            found = quantity_at(entry->block, position);
    }
    return found;
}

/* The number in another unit of its dimension. */
static void add_in_unit(struct hover *hover, struct rational base, const struct unit *other)
{
    struct rational number = other->absolute ? rational_subtract(base, other->offset) : base;
    buffer_add_text(&hover->text, "\n- ");
    rational_print_short(&hover->text, rational_divide(number, other->scale), 6);
    buffer_addf(&hover->text, " %s", other->text);
}

static void add_other_units(struct hover *hover, struct rational base, const struct unit *own,
                            struct rational workday_s)
{
    static const char *const more[] = {"g/cm^3", "kg/m^3", "N*m", "N*cm", "W", "kW", "%"};
    size_t bad_begin, bad_end, count = sizeof more / sizeof *more;
    for (int i = 0; unit_name_at(i) || count; i++) {
        const char *name = unit_name_at(i) ? unit_name_at(i) : more[--count];
        struct unit other;
        if (unit_parse(name, strlen(name), workday_s, &other, &bad_begin, &bad_end) &&
            dimension_equal(other.dimension, own->dimension) && strcmp(name, own->text) &&
            other.percent == own->percent) {
            other.text = name;
            add_in_unit(hover, base, &other);
        }
        if (!unit_name_at(i) && !count)
            break;
    }
}

static bool hover_quantity(struct hover *hover)
{
    struct parsed parsed;
    struct span digits, unit_span;
    struct unit unit;
    struct rational number;
    size_t bad_begin, bad_end;
    parsed_open(&parsed, hover->asked.document);
    const struct node *node =
        quantity_at(parsed.tree->entries, parsed.source->base + hover->asked.offset);
    bool found = node != NULL;
    if (found) {
        quantity_texts(&parsed.sources, node, &digits, &unit_span);
        const struct spec *spec = hover->asked.source ? hover->asked.resident->session.spec : NULL;
        struct rational workday_s = spec ? spec->workday_s : rational_integer(8 * 3600);
        const char *text = span_text(&parsed.sources, unit_span);
        found = rational_parse(span_text(&parsed.sources, digits), digits.end - digits.begin,
                               &number) &&
                unit_parse(text, unit_span.end - unit_span.begin, workday_s, &unit, &bad_begin,
                           &bad_end) &&
                !unit.currency[0];
        hover->begin = parsed_offset(&parsed, digits.begin);
        hover->end = parsed_offset(&parsed, unit_span.end);
        if (found) {
            struct rational base = rational_multiply(number, unit.scale);
            unit.text =
                arena_copy_text(&hover->server->scratch, text, unit_span.end - unit_span.begin);
            buffer_addf(&hover->text, "**%.*s**\n", (int)(unit_span.end - digits.begin),
                        span_text(&parsed.sources, digits));
            add_other_units(hover, unit.absolute ? rational_add(base, unit.offset) : base, &unit,
                            workday_s);
        }
    }
    parsed_close(&parsed);
    return found;
}

/* ---- words of the language ---- */

static void add_field(struct hover *hover, const struct field_row *field)
{
    buffer_addf(&hover->text, "**%s** `%s %s`\n\n%s", kind_rows[field->kind].name,
                field_name(field), field_phrase(field), field->documentation);
    if (field->flags & REQUIRED)
        buffer_add_text(&hover->text, " Required.");
    if (field->flags & INTERNAL)
        buffer_add_text(&hover->text, " Internal: it never leaves the shop.");
    if (field->flags & REPEATED)
        buffer_add_text(&hover->text, " May stand several times.");
}

static bool add_rule(struct hover *hover, const char *word)
{
    enum rule rule = rule_find(word);
    if (rule == RULE_COUNT)
        return false;
    buffer_addf(&hover->text, "**rule** `%s`: %s", word, rule_rows[rule].summary);
    if (hover->server->pages)
        buffer_addf(&hover->text, "\n\n[Its page](%s/%s.md)", hover->server->pages, word);
    return true;
}

static void hover_word(struct hover *hover)
{
    struct interner names;
    struct context context;
    struct arena *scratch = &hover->server->scratch;
    const char *text = buffer_text(&hover->asked.document->text);
    uint32_t length = (uint32_t)hover->asked.document->text.length, end = hover->asked.offset;
    while (end < length && (isalnum((unsigned char)text[end]) || text[end] == '_'))
        end++;
    interner_open(&names, scratch);
    context_at(&context, text, length, end, scratch, &names);
    interner_close(&names);
    hover->begin = context.word_begin;
    hover->end = end;
    const char *word = arena_copy_text(scratch, text + hover->begin, end - hover->begin);
    if (!*word || context.ahead.in_text || context.ahead.in_comment)
        return;
    enum kind around = context_kind(&context), kind = kind_find(word);
    const struct field_row *field =
        context_items(&context) ? context_field(&context, scratch) : field_find(around, word);
    if (!context_items(&context) && !field && kind != KIND_none)
        buffer_addf(&hover->text, "**%s**\n\n%s", word, kind_rows[kind].documentation);
    else if (!field || (strcmp(field->name, "allow") == 0 && add_rule(hover, word)))
        return;
    else
        add_field(hover, field);
}

json_t *lsp_hover(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct hover hover = {.server = server};
    if (!asked_place(server, params, &hover.asked, trouble))
        return NULL;
    bool name = hover_name(&hover);
    if (!name && !is_yaml(hover.asked.document->path) && !hover_quantity(&hover))
        hover_word(&hover);
    if (!hover.text.length)
        return json_null();
    json_t *result = json_pack("{s:o}", "contents", markdown(hover.text.text));
    if (!name)
        json_object_set_new(
            result, "range",
            lined_range(server, document_lines(hover.asked.document), hover.begin, hover.end));
    buffer_free(&hover.text);
    return result;
}
