/* Every type of row, once: its slots by name, and what it holds besides. */
#include "emit/model.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_AT_MOST = 4 };

static void open_object(struct model_visitor *visitor, const char *key)
{
    visitor->open(visitor, key, false);
}

static void close_object(struct model_visitor *visitor)
{
    visitor->close(visitor, false);
}

static void visit_value(struct model_visitor *visitor, const char *key, const struct value *value)
{
    if (!value_is(value, VALUE_ABSENT))
        visitor->value(visitor, key, value);
}

/* ---- what rows hold besides slots ---- */

static void visit_instruction(struct model_visitor *visitor, const struct row *row)
{
    const struct instruction *line = (const struct instruction *)row;

    model_visit_fields(visitor, line, KIND_do);
}

static void visit_axis(struct model_visitor *visitor, const struct row *row)
{
    const struct axis *axis = (const struct axis *)row;

    visitor->open(visitor, "cases", true);
    for (int i = 0; i < axis->count; i++)
        visit_value(visitor, NULL, &axis->cases[i]);
    visitor->close(visitor, true);
}

static void visit_stack(struct model_visitor *visitor, const struct row *row)
{
    const struct stack *stack = (const struct stack *)row;

    visitor->open(visitor, "terms", true);
    for (const struct stack_term *term = stack->terms; term; term = term->next) {
        open_object(visitor, NULL);
        visitor->word(visitor, "sign", term->subtracted ? "-" : "+");
        visit_value(visitor, "dimension", &term->dimension);
        close_object(visitor);
    }
    visitor->close(visitor, true);
    visit_value(visitor, stack->at_least ? "at_least" : "at_most", &stack->limit);
}

static void visit_sell(struct model_visitor *visitor, const struct row *row)
{
    const struct sell *sell = (const struct sell *)row;

    if (sell->cases)
        visitor->open(visitor, "for", true);
    for (const struct sell_case *one = sell->cases; one; one = one->next)
        visit_value(visitor, NULL, &one->value);
    if (sell->cases)
        visitor->close(visitor, true);
    visitor->open(visitor, "breaks", true);
    for (const struct sell_break *one = sell->breaks; one; one = one->next) {
        open_object(visitor, NULL);
        visit_value(visitor, "quantity", &one->quantity);
        visit_value(visitor, "price", &one->price);
        close_object(visitor);
    }
    visitor->close(visitor, true);
}

static void visit_charge(struct model_visitor *visitor, const struct row *row)
{
    const struct charge *charge = (const struct charge *)row;

    visitor->open(visitor, "terms", true);
    for (const struct charge_term *term = charge->terms; term; term = term->next) {
        open_object(visitor, NULL);
        visit_value(visitor, "money", &term->money);
        visit_value(visitor, "basis", &term->basis);
        close_object(visitor);
    }
    visitor->close(visitor, true);
    visit_value(visitor, "at_least", &charge->least);
}

static void visit_sample(struct model_visitor *visitor, const struct row *row)
{
    static const char *const forms[] = {
        [SAMPLE_ALL] = "all",
        [SAMPLE_FIRST] = "first",
        [SAMPLE_FIRST_PER_BATCH] = "first per batch",
        [SAMPLE_EVERY] = "every",
        [SAMPLE_PER_BATCH] = "per batch",
        [SAMPLE_AQL] = "aql",
        [SAMPLE_ZERO_AQL] = "zero aql",
        [SAMPLE_ZERO_LTPD] = "zero ltpd",
    };
    const struct sample *sample = (const struct sample *)row;

    visitor->word(visitor, "form", forms[sample->form]);
    visit_value(visitor, "number", &sample->number);
    if (sample->form == SAMPLE_AQL && sample->level)
        visitor->word(visitor, "level", sample->level);
}

static void visit_check(struct model_visitor *visitor, const struct row *row)
{
    static const char *const forms[] = {
        [CHECK_COUNT] = "count",
        [CHECK_DEFECTS] = "none of",
        [CHECK_DIMENSION] = "dimension",
        [CHECK_TEXT] = "text",
    };
    const struct check *check = (const struct check *)row;

    visitor->word(visitor, "form", forms[check->form]);
    visit_value(visitor, "name", &check->name);
    visit_value(visitor, "text", &check->text);
    if (check->defects)
        visitor->open(visitor, "defects", true);
    for (const struct simple *defect = check->defects; defect; defect = defect->next)
        visit_value(visitor, NULL, &defect->value);
    if (check->defects)
        visitor->close(visitor, true);
    visit_value(visitor, "class", &check->class);
}

static void visit_parameter(struct model_visitor *visitor, const struct row *row)
{
    const struct parameter *parameter = (const struct parameter *)row;

    if (parameter->unit >= 0 && parameter->unit < visitor->spec->unit_count)
        visitor->word(visitor, "unit", visitor->spec->units[parameter->unit]->text);
}

/* ---- the types ---- */

static const struct row_type {
    const char *name;
    const char *slots[SLOTS_AT_MOST + 1]; /* the values after the row's head, in order */
    void (*more)(struct model_visitor *visitor, const struct row *row);
} types[] = {
    {"simple", {"value"}, NULL},
    {"flag", {NULL}, NULL},
    {"exchange", {"currency", "money"}, NULL},
    {"holds", {"length", "ratio"}, NULL},
    {"extent", {"x", "y", "z"}, NULL},
    {"per", {"amount", "basis"}, NULL},
    {"counted", {"what", "count"}, NULL},
    {"portion", {"material", "mass"}, NULL},
    {"keep_out", {"width", "depth", "x", "y"}, NULL},
    {"consumption", {"what", "count", "per_units", "basis"}, NULL},
    {"range", {"from", "to"}, NULL},
    {"photo", {"quality", "file"}, NULL},
    {"programming", {"amount", "station"}, NULL},
    {"ask", {"name", "title", "limit"}, NULL},
    {"approval", {"name", "role"}, NULL},
    {"delivery", {"date", "place", "incoterm"}, NULL},
    {"allowance", {"rule", "reason"}, NULL},
    {"disclosure", {"what", "reason"}, NULL},
    {"dimension_row", {"name", "size", "class", "gauge"}, NULL},
    {"fee", {"name", "ratio", "fixed"}, NULL},
    {"parameter", {"name", "title"}, visit_parameter},
    {"instruction", {"text"}, visit_instruction},
    {"axis", {"name"}, visit_axis},
    {"stack", {"name"}, visit_stack},
    {"sell", {NULL}, visit_sell},
    {"charge", {NULL}, visit_charge},
    {"sample", {NULL}, visit_sample},
    {"check", {NULL}, visit_check},
};

static const struct row_type *type_of(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

bool model_knows_type(const char *type)
{
    return type_of(type) != NULL;
}

/* ---- fields ---- */

const char *model_field_name(const struct field_row *field, struct arena *arena)
{
    size_t length = strlen(field->name);

    return arena_copy_text(arena, field->name, length - (field->name[length - 1] == '_'));
}

bool model_is_list(const struct field_row *field)
{
    return field->flags & REPEATED || strstr(field->phrase, ",...") != NULL;
}

static void visit_row(struct model_visitor *visitor, const char *key, const struct row_type *type,
                      const struct row *row)
{
    const struct value *slots = (const struct value *)(row + 1);

    if (strcmp(type->name, "simple") == 0) {
        visit_value(visitor, key, slots);
        return;
    }
    if (strcmp(type->name, "flag") == 0) {
        visitor->word(visitor, key, "true");
        return;
    }
    open_object(visitor, key);
    for (int i = 0; type->slots[i]; i++)
        visit_value(visitor, type->slots[i], &slots[i]);
    if (type->more)
        type->more(visitor, row);
    close_object(visitor);
}

void model_visit_field(struct model_visitor *visitor, const void *block,
                       const struct field_row *field)
{
    struct arena arena = {0};
    const struct row *row = field_rows(block, field);
    const struct row_type *type = type_of(field->type);
    const char *name = model_field_name(field, &arena);
    bool list = model_is_list(field);

    if (row && type) {
        if (list)
            visitor->open(visitor, name, true);
        for (; row; row = list ? row->next : NULL)
            visit_row(visitor, list ? NULL : name, type, row);
        if (list)
            visitor->close(visitor, true);
    }
    arena_free(&arena);
}

void model_visit_fields(struct model_visitor *visitor, const void *block, enum kind kind)
{
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        if (!visitor->wants || visitor->wants(visitor, field))
            model_visit_field(visitor, block, field);
    }
}

/* ---- what a product uses ---- */

/* Found declarations, and a table to find them again. Addresses decide only the place in the table. */
struct collector {
    struct model_visitor visitor;
    const struct declaration **found, **table;
    int count, capacity; /* the table has twice as many places */
};

static const struct declaration **place_of(const struct collector *collector,
                                           const struct declaration *wanted)
{
    size_t mask = (size_t)collector->capacity * 2 - 1;
    size_t at = ((uintptr_t)wanted >> 4) * 2654435761u & mask;

    while (collector->table[at] && collector->table[at] != wanted)
        at = (at + 1) & mask;
    return &collector->table[at];
}

static void grow(struct collector *collector)
{
    collector->capacity = collector->capacity ? 2 * collector->capacity : 64;
    size_t places = (size_t)collector->capacity;

    collector->found = memory_resize(collector->found, places * sizeof *collector->found);
    free(collector->table);
    collector->table = memory_zeroed(2 * places, sizeof *collector->table);
    for (int i = 0; i < collector->count; i++)
        *place_of(collector, collector->found[i]) = collector->found[i];
}

static void collect(struct collector *collector, const struct declaration *declaration)
{
    if (!declaration || declaration->kind == KIND_let)
        return;
    if (collector->count == collector->capacity)
        grow(collector);
    const struct declaration **place = place_of(collector, declaration);
    if (*place)
        return;
    *place = declaration;
    collector->found[collector->count++] = declaration;
}

static void collect_from(struct model_visitor *visitor, const char *key, const struct value *value)
{
    struct collector *collector = (struct collector *)visitor;

    (void)key;
    if (value_is(value, VALUE_REFERENCE))
        collect(collector, value->declaration);
    else if (value_is(value, VALUE_MEMBER))
        collect(collector, value->member->declaration);
    else if (value_is(value, VALUE_CHOICE))
        for (int i = 0; i < value->choice->count; i++)
            collect_from(visitor, NULL, &value->choice->cases[i].value);
    else if (value_is(value, VALUE_TEXT))
        for (const struct text_part *part = value->text->parts; part; part = part->next)
            if (!part->text)
                collect_from(visitor, NULL, &part->value);
}

static void pass_open(struct model_visitor *visitor, const char *key, bool list)
{
    (void)visitor, (void)key, (void)list;
}

static void pass_close(struct model_visitor *visitor, bool list)
{
    (void)visitor, (void)list;
}

static void pass_word(struct model_visitor *visitor, const char *key, const char *word)
{
    (void)visitor, (void)key, (void)word;
}

static int by_order(const void *left, const void *right)
{
    const struct declaration *a = *(const struct declaration *const *)left;
    const struct declaration *b = *(const struct declaration *const *)right;

    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return strcmp(a->name ? a->name : "", b->name ? b->name : "");
}

static void collect_blocks(struct collector *collector, const struct spec *spec,
                           const struct product *product)
{
    if (spec->shop)
        collect(collector, &spec->shop->base);
    collect(collector, &product->base);
    if (product->workflow)
        collect(collector, &product->workflow->base);
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++)
        collect(collector, &product->workflow->steps[i]->base);
    if (product->release)
        collect(collector, &product->release->base);
    if (product->price)
        collect(collector, &product->price->base);
    for (int i = 0; i < product->packet_count; i++)
        collect(collector, &product->packets[i]->base);
}

struct model_uses model_uses_of(const struct spec *spec, const struct product *product,
                                struct arena *arena)
{
    struct collector collector = {
        .visitor = {pass_open, pass_close, collect_from, pass_word, NULL, spec},
    };

    collect_blocks(&collector, spec, product);
    for (int i = 0; i < collector.count; i++) { /* grows as it is read */
        const struct declaration *declaration = collector.found[i];
        collect_from(&collector.visitor, NULL, &declaration->title);
        model_visit_fields(&collector.visitor, declaration, declaration->kind);
    }
    struct model_uses uses = {ARENA_ARRAY(arena, const struct declaration *, collector.count),
                              collector.count};
    memcpy(uses.items, collector.found, sizeof *uses.items * (size_t)uses.count);
    qsort(uses.items, (size_t)uses.count, sizeof *uses.items, by_order);
    free(collector.found);
    free(collector.table);
    return uses;
}
