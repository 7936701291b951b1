/* What there is to label: a unit of each SKU, a bin for each way out of a step, a lot of each thing that goes in, a parcel. */
#include "emit/labels/labels.h"

#include "emit/common/ingredients.h"
#include "emit/common/paper.h"
#include "emit/common/worksheet.h"

#include <ctype.h>
#include <string.h>

/* Beyond that nobody looks for a SKU among pages: one label then leaves it to be written. */
#define SKUS_PRINTED_AT_MOST 1000

#define DOT "  \302\267  "
#define ARROW " \342\206\222 "
#define NBSP "\302\240" /* "step 2 of" and "16" are one */

struct collector {
    struct emit_context *context;
    struct labels *labels;
    const char *fingerprint, *number, *revision;
};

static struct label *new_label(struct collector *of, enum label_kind kind)
{
    struct labels *labels = of->labels;
    if (labels->count == labels->capacity) {
        int capacity = 2 * labels->capacity + 16;
        struct label *rows = ARENA_ARRAY(of->context->arena, struct label, capacity);
        if (labels->count)
            memcpy(rows, labels->rows, sizeof *rows * (size_t)labels->count);
        labels->rows = rows;
        labels->capacity = capacity;
    }
    struct label *label = &labels->rows[labels->count++];
    const struct shop *shop = of->context->spec->shop;
    *label = (struct label){.kind = kind,
                            .origin = shop ? title_of(of->context, &shop->base) : "",
                            .title = "",
                            .number = "",
                            .code = "",
                            .remark = ""};
    return label;
}

static void add_blank(struct label *label, const char *name, bool wide)
{
    if (label->blank_count < LABEL_BLANKS_AT_MOST)
        label->blanks[label->blank_count++] = (struct label_blank){name, wide, NULL};
}

static bool has_blank(const struct label *label, const char *name)
{
    for (int i = 0; i < label->blank_count; i++)
        if (strcmp(label->blanks[i].name, name) == 0)
            return true;
    return false;
}

static void append(struct emit_context *context, const char **text, const char *more)
{
    *text = **text ? arena_printf(context->arena, "%s" DOT "%s", *text, more) : more;
}

/* "onyx_black" is read as "onyx black", "spindle" on a blank as "Spindle". */
static char *readable(struct emit_context *context, const char *word, bool capital)
{
    char *text = arena_copy_text(context->arena, word, strlen(word));
    for (char *at = text; *at; at++)
        if (*at == '_')
            *at = ' ';
    if (capital)
        text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}

static const char *simple_text(struct emit_context *context, const struct simple *row,
                               const struct sku *sku)
{
    return row ? value_string(context->spec, &row->value, sku, context->arena) : "";
}

/* The text of a code: what it is of, and the sum that tells whether paper and spec agree. */
static const char *code_text(struct collector *of, const char *subject)
{
    return arena_printf(of->context->arena, "%s;%s;%s;%.16s", of->number, of->revision, subject,
                        of->fingerprint);
}

/* ---- a unit ---- */

static void add_content(struct collector *of, struct label *label, const struct counted *row,
                        const struct sku *sku, const char *mark)
{
    struct emit_context *context = of->context;
    const struct declaration *what = value_declaration(&row->what, sku);
    struct rational count = value_number(context->spec, &row->count, sku, RATIONAL_ZERO);
    struct buffer text = {0};
    if (!what || rational_is_zero(count))
        return;
    rational_print_short(&text, count, 4);
    const char *title = declaration_title(context->spec, what, sku, context->arena);
    label->lines[label->line_count++] =
        arena_printf(context->arena, "%s \303\227 %s%s", buffer_text(&text), title, mark);
    buffer_free(&text);
}

static void add_contents(struct collector *of, struct label *label, const struct sku *sku)
{
    const struct product *product = of->context->product;
    const struct counted *lists[] = {product->contains, product->spare};
    int room = 0;
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next)
            room++;
    label->lines = ARENA_ARRAY(of->context->arena, const char *, room + 1);
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next)
            add_content(of, label, row, sku, i ? " (spare)" : "");
}

static const struct ask *find_ask(const struct product *product, const char *word)
{
    for (const struct ask *ask = product->asks; ask; ask = ask->next)
        if (ask->name.kind == VALUE_WORD && strcmp(ask->name.word, word) == 0)
            return ask;
    return NULL;
}

static void add_material(struct collector *of, struct label *label, const char *material)
{
    if (*material && !strstr(label->remark, material))
        append(of->context, &label->remark, material);
}

/* What each part that is contained is made of. */
static void add_materials(struct collector *of, struct label *label, const struct sku *sku)
{
    struct emit_context *context = of->context;
    for (const struct counted *row = context->product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, sku);
        if (part)
            add_material(of, label, simple_text(context, part->material, sku));
        for (const struct portion *with = part ? part->with : NULL; with; with = with->next)
            add_material(of, label,
                         value_string(context->spec, &with->material, sku, context->arena));
    }
}

/* A word of a pack step's `label`: it is on the label anyway, or it is something to write. */
static void add_word(struct collector *of, struct label *label, const char *word,
                     const struct sku *sku)
{
    static const char *const printed[] = {"number", "revision", "sku", "title", "qr", "batch"};
    const struct product *product = of->context->product;
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++)
        if (strcmp(word, printed[i]) == 0)
            return;
    for (int i = 0; i < product->axis_count; i++)
        if (strcmp(word, product->axes[i]->name.word) == 0)
            return;
    if (strcmp(word, "material") == 0) {
        add_materials(of, label, sku);
        return;
    }
    const struct ask *ask = find_ask(product, word);
    const char *name = ask && ask->title.kind == VALUE_TEXT ? value_cases(of->context, &ask->title)
                                                            : readable(of->context, word, true);
    if (!has_blank(label, name))
        add_blank(label, name, false);
}

static void add_words(struct collector *of, struct label *label, const struct sku *sku)
{
    const struct workflow *workflow = of->context->product->workflow;
    add_blank(label, "Batch", false);
    add_blank(label, "Serial", false);
    for (int i = 0; i < workflow->step_count; i++)
        for (const struct simple *row = workflow->steps[i]->label; row; row = row->next)
            if (row->value.kind == VALUE_WORD)
                add_word(of, label, row->value.word, sku);
}

static void add_unit(struct collector *of, const struct sku *sku)
{
    struct emit_context *context = of->context;
    const struct product *product = context->product;
    struct label *label = new_label(of, LABEL_UNIT);
    label->title = declaration_title(context->spec, &product->base, sku, context->arena);
    label->number = number_and_revision(context);
    label->code = sku ? sku_code(context->spec, sku, context->arena) : "";
    label->qr = code_text(of, label->code);
    for (int i = 0; sku && i < product->axis_count; i++) {
        const char *axis = product->axes[i]->name.word;
        append(context, &label->remark,
               arena_printf(context->arena, "%s %s", readable(context, axis, false),
                            readable(context, sku_case(sku, axis), false)));
    }
    if (!sku)
        add_blank(label, "SKU", true);
    add_words(of, label, sku);
    add_contents(of, label, sku);
}

static void add_units(struct collector *of)
{
    const struct product *product = of->context->product;
    if (product->sku_count > SKUS_PRINTED_AT_MOST) {
        add_unit(of, NULL);
        return;
    }
    for (long i = 0; i < product->sku_count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        add_unit(of, &sku);
    }
}

/* ---- a bin behind a step ---- */

static const char *bin_band(struct collector *of, const struct route *route, bool *alarming)
{
    static const char *const bands[] = {
        [OUTCOME_PASS] = "GOOD",     [OUTCOME_APPROVE] = "APPROVED", [OUTCOME_REWORK] = "REWORK",
        [OUTCOME_FAILURE] = "AGAIN", [OUTCOME_REJECT] = "REJECTED",  [OUTCOME_REFUSE] = "REFUSED"};
    *alarming = route->target == TARGET_SCRAP || route->target == TARGET_QUARANTINE;
    if (route->target == TARGET_SCRAP)
        return "SCRAP";
    if (route->target == TARGET_QUARANTINE)
        return "QUARANTINE";
    return arena_printf(of->context->arena, "%s" ARROW "%s", bands[route->outcome],
                        title_of(of->context, &route->step->base));
}

static void add_bin(struct collector *of, const struct step *step, const struct route *route)
{
    struct emit_context *context = of->context;
    struct label *label = new_label(of, LABEL_BIN);
    label->band = bin_band(of, route, &label->alarming);
    label->title = title_of(context, &step->base);
    label->number = number_and_revision(context);
    label->remark = arena_printf(context->arena, "%s, step" NBSP "%d" NBSP "of" NBSP "%d",
                                 title_of(context, &context->product->base), step->index + 1,
                                 step->workflow->step_count);
    if (step->at)
        append(context, &label->remark, value_cases(context, &step->at->value));
    label->code =
        arena_printf(context->arena, "%s/%s", step->base.name, outcome_names[route->outcome]);
    label->qr = code_text(of, label->code);
    add_blank(label, "Batch", false);
    add_blank(label, "SKU", false);
    add_blank(label, "Quantity", false);
    add_blank(label, "By, date", false);
    if (label->alarming || route->outcome == OUTCOME_REWORK)
        add_blank(label, "Why", true);
}

static void add_bins(struct collector *of)
{
    const struct workflow *workflow = of->context->product->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        for (int o = 0; o < OUTCOME_COUNT; o++) {
            const struct route *route = step_route(workflow->steps[i], o);
            if (route->present && !route->failed && route->target != TARGET_DONE)
                add_bin(of, workflow->steps[i], route);
        }
}

/* ---- a lot of what goes in ---- */

static void add_lot(struct collector *of, const struct declaration *what)
{
    struct emit_context *context = of->context;
    struct label *label = new_label(of, LABEL_LOT);
    label->title = title_of(context, what);
    label->band = lot_is_tracked(what) ? "LOT IS RECORDED" : NULL;
    if (what->kind == KIND_material) {
        const struct material *material = (const struct material *)what;
        label->number = simple_text(context, material->grade, NULL);
        label->remark = simple_text(context, material->color, NULL);
    } else {
        const struct item *item = (const struct item *)what;
        label->number = simple_text(context, item->sku, NULL);
        label->remark = simple_text(context, item->supplier, NULL);
    }
    label->code = what->name;
    label->qr = arena_printf(context->arena, "%s;%s;", kind_rows[what->kind].name, what->name);
    add_blank(label, "Lot", true);
    add_blank(label, "Quantity", false);
    add_blank(label, "Received", false);
    add_blank(label, "Opened, good until", false);
}

static void add_lots(struct collector *of)
{
    const struct spec *spec = of->context->spec;
    for (int i = 0; i < spec->declaration_count; i++)
        if (product_takes(of->context->product, spec->declarations[i]))
            add_lot(of, spec->declarations[i]);
}

/* ---- a parcel ---- */

static void add_parcel(struct collector *of, const struct step *step)
{
    struct emit_context *context = of->context;
    const struct shop *shop = context->spec->shop;
    struct label *label = new_label(of, LABEL_PARCEL);
    label->title = title_of(context, &context->product->base);
    label->number = number_and_revision(context);
    label->band = step->carrier ? value_cases(context, &step->carrier->value)
                                : title_of(context, &step->base);
    if (shop && shop->contact)
        label->origin = arena_printf(context->arena, "From %s" DOT "%s", label->origin,
                                     value_cases(context, &shop->contact->value));
    label->qr = code_text(of, step->base.name);
    add_blank(label, "To", true);
    for (int i = 0; i < 3; i++)
        add_blank(label, "", true);
    add_blank(label, "Order", false);
    add_blank(label, "Parcel, of how many", false);
    add_blank(label, "SKU", false);
    add_blank(label, "Quantity", false);
    add_blank(label, "Batch", false);
    add_blank(label, "Packed by, date", false);
}

void labels_collect_one(struct emit_context *context, const char *fingerprint,
                        const struct sku *sku, struct labels *labels)
{
    const struct product *product = context->product;
    struct collector of = {context, labels, fingerprint,
                           simple_text(context, product->number, NULL),
                           simple_text(context, product->revision, NULL)};
    if (sku)
        add_unit(&of, sku);
    for (int i = 0; !sku && i < product->workflow->step_count; i++)
        if (product->workflow->steps[i]->base.kind == KIND_ship) {
            add_parcel(&of, product->workflow->steps[i]);
            return;
        }
}

void labels_collect(struct emit_context *context, const char *fingerprint, struct labels *labels)
{
    const struct product *product = context->product;
    struct collector of = {context, labels, fingerprint,
                           simple_text(context, product->number, NULL),
                           simple_text(context, product->revision, NULL)};
    add_units(&of);
    add_bins(&of);
    add_lots(&of);
    for (int i = 0; i < product->workflow->step_count; i++)
        if (product->workflow->steps[i]->base.kind == KIND_ship)
            add_parcel(&of, product->workflow->steps[i]);
}
