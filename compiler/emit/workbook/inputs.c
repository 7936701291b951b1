/* The numbers that formulas need: each is registered once, gets a name, and stands on Inputs for the owner to change. */
#include "emit/workbook/workbook.h"

#include "quality/sampling.h"
#include "schema/units.h"

#include <ctype.h>
#include <string.h>

enum { NAME_AT_MOST = 180, LOTS_SCANNED = 2000 };

/* How much of the base unit one of the measure's unit is; money in its own currency. */
static struct rational scale_of(enum measure measure)
{
    static const char *const units[] = {
        [MEASURE_MINUTES] = "min",     [MEASURE_GRAMS] = "g",
        [MEASURE_WATTS] = "W",         [MEASURE_MONEY_PER_HOUR] = "h",
        [MEASURE_MONEY_PER_KG] = "kg", [MEASURE_MONEY_PER_KWH] = "kWh",
    };
    const char *name = measure < sizeof units / sizeof *units ? units[measure] : NULL;
    struct unit unit;
    size_t begin, end;

    if (!name || !unit_parse(name, strlen(name), RATIONAL_ONE, &unit, &begin, &end))
        return RATIONAL_ONE;
    return measure > MEASURE_MONEY ? rational_divide(RATIONAL_ONE, unit.scale) : unit.scale;
}

/* ---- names ---- */

static size_t name_bucket(const char *name)
{
    uint32_t hash = 2166136261u;

    for (; *name; name++)
        hash = (hash ^ (uint32_t)tolower((unsigned char)*name)) * 16777619u;
    return hash % INPUT_BUCKETS;
}

/* A spreadsheet's names know no case. */
static struct input *input_named(const struct book *book, const char *name)
{
    struct input *input = book->of_name[name_bucket(name)];

    while (input && strcasecmp(input->name, name) != 0)
        input = input->next_of_name;
    return input;
}

/* Letters, digits and single underscores; what a spreadsheet could take for a cell cannot come out, as one underscore
   always stands between owner and field. */
static void add_slug(struct buffer *out, const char *text)
{
    for (; *text && out->length < NAME_AT_MOST; text++)
        if (isalnum((unsigned char)*text) && (unsigned char)*text < 128)
            buffer_add_char(out, *text);
        else if (out->length > 0 && out->text[out->length - 1] != '_')
            buffer_add_char(out, '_');
}

/* Names that the workbook gives to what is no input. */
static bool is_reserved(const char *name)
{
    static const char *const beginnings[] = {"shown_", "plan_", "price_breaks_", "sensitivity_"};

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncasecmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static const char *make_name(struct book *book, const struct declaration *owner, const char *what)
{
    struct buffer text = {0};

    if (owner) {
        add_slug(&text, owner->name);
        if (text.length == 0 || !isalpha((unsigned char)text.text[0])) {
            buffer_clear(&text);
            buffer_addf(&text, "n_%s", owner->name);
        }
        if (text.text[text.length - 1] != '_')
            buffer_add_char(&text, '_');
    }
    add_slug(&text, what);
    while (text.length > 1 && text.text[text.length - 1] == '_')
        text.text[--text.length] = '\0';
    const char *stem = arena_printf(
        book->arena, "%s%s", is_reserved(buffer_text(&text)) ? "n_" : "", buffer_text(&text));
    struct input *first = input_named(book, stem);
    const char *name = stem;
    while (input_named(book, name))
        name = arena_printf(book->arena, "%s_%d", stem, ++first->suffixes + 1);
    buffer_free(&text);
    return name;
}

/* ---- inputs ---- */

static size_t value_bucket(const struct value *value)
{
    return (size_t)(((uintptr_t)value >> 3) * 0x9E3779B97F4A7C15u >> 32) % INPUT_BUCKETS;
}

static struct input *find_input(const struct book *book, const struct declaration *owner,
                                const struct value *value)
{
    struct input *input = book->of_value[value_bucket(value)];

    while (input && (input->value != value || input->owner != owner))
        input = input->next_of_value;
    return input;
}

/* What a spreadsheet reads as part of a name. */
static bool in_name(char letter)
{
    return isalnum((unsigned char)letter) || letter == '_' || letter == '.';
}

/* The text with a cell in place of a name. */
static const char *with_cell(struct book *book, const char *text, const char *name,
                             const char *cell)
{
    size_t length = strlen(name);
    struct buffer out = {0};

    for (const char *at = text; *at; at++) {
        bool whole = (at == text || !in_name(at[-1])) && strncmp(at, name, length) == 0 &&
                     !in_name(at[length]);
        if (whole)
            buffer_add_text(&out, cell);
        else
            buffer_add_char(&out, *at);
        at += whole ? length - 1 : 0;
    }
    const char *changed = arena_copy_text(book->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return changed;
}

/* The expression as it is while a change is tried. */
static const char *as_changed(struct book *book, const char *expression)
{
    const struct change *change = book->change;
    const struct input *input = change ? book->of_value[value_bucket(change->value)] : NULL;

    for (; input; input = input->next_of_value) {
        if (input->value != change->value || !strstr(expression, input->name))
            continue;
        const char *changed = with_cell(book, expression, input->name, change->cell);
        book->change->touched |= strcmp(changed, expression) != 0;
        expression = changed;
    }
    return expression;
}

static struct input *new_input(struct book *book, const struct declaration *owner,
                               const struct value *value, const char *what)
{
    struct input *input = ARENA_NEW(book->arena, struct input);

    if (book->input_count == book->input_capacity) {
        int capacity = 2 * book->input_capacity + 64;
        struct input **inputs = ARENA_ARRAY(book->arena, struct input *, capacity);
        if (book->input_count > 0)
            memcpy(inputs, book->inputs, sizeof *inputs * (size_t)book->input_count);
        book->inputs = inputs;
        book->input_capacity = capacity;
    }
    *input = (struct input){
        .owner = owner,
        .value = value,
        .what = what,
        .name = make_name(book, owner, what),
        .unit = "",
        .order = book->input_count,
    };
    input->expression = input->name;
    input->first = input;
    for (struct input *same = book->of_value[value_bucket(value)]; same; same = same->next_of_value)
        if (same->value == value)
            input->first = same->first;
    input->next_of_value = book->of_value[value_bucket(value)];
    book->of_value[value_bucket(value)] = input;
    input->next_of_name = book->of_name[name_bucket(input->name)];
    book->of_name[name_bucket(input->name)] = input;
    book->inputs[book->input_count++] = input;
    return input;
}

/* What one of a foreign currency is worth: an input of the shop. */
static const char *exchange_for(struct book *book, const char *currency)
{
    const struct shop *shop = book->spec->shop;

    for (const struct exchange *row = shop->exchange; row; row = row->next) {
        const char *word = value_word(&row->currency, NULL);
        if (!word || strcmp(word, currency) != 0 || !value_is(&row->money, VALUE_NUMBER))
            continue;
        struct input *input = find_input(book, &shop->base, &row->money);
        if (input)
            return input->expression;
        input = new_input(book, &shop->base, &row->money,
                          arena_printf(book->arena, "exchange, one %s", currency));
        input->measure = MEASURE_MONEY;
        input->unit = shop_currency(book->spec);
        input->shown = money_in_shop(book->spec, &row->money);
        return input->expression;
    }
    return NULL;
}

/* "name", "name*60", "name/1000", "name*5/3". */
static const char *times(struct book *book, const char *name, struct rational factor)
{
    struct rational inverse = rational_divide(RATIONAL_ONE, factor);
    struct buffer text = {0};

    if (rational_equal(factor, RATIONAL_ONE))
        return name;
    buffer_addf(&text, "%s%s", name, rational_is_whole(inverse) ? "/" : "*");
    rational_print_exact(&text, rational_is_whole(inverse) ? inverse : factor);
    const char *product = arena_printf(book->arena, "(%s)", text.text);
    buffer_free(&text);
    return product;
}

/* The unit a time is shown in: "1 h 32 min" is 92 min, and not 1.5333 h. */
static struct rational readable_time(struct rational time, struct rational written,
                                     const char **name)
{
    static const struct {
        const char *name;
        int seconds;
    } finer[] = {{"min", 60}, {"s", 1}};
    enum { DIGITS = 10000 };
    struct rational unit = written;

    for (size_t i = 0; i < sizeof finer / sizeof *finer; i++) {
        struct rational shown = rational_divide(time, unit);
        if (rational_is_whole(rational_multiply(shown, rational_integer(DIGITS))))
            break;
        if (rational_compare(rational_integer(finer[i].seconds), unit) >= 0)
            continue;
        unit = rational_integer(finer[i].seconds);
        *name = finer[i].name;
    }
    return unit;
}

/* Shown in the unit it was written in; the expression turns it into the measure's. */
static void fill_input(struct book *book, struct input *input, enum measure measure)
{
    const struct value *value = input->value;
    const struct unit *unit = spec_unit(book->spec, value);
    struct rational scale = scale_of(measure);

    input->measure = measure;
    input->shown = value->number;
    if (measure <= MEASURE_RATIO || !unit)
        return;
    struct rational shown_in = unit->scale;
    input->unit = unit->text;
    if (measure == MEASURE_MINUTES)
        shown_in = readable_time(value->number, unit->scale, &input->unit);
    input->shown = rational_divide(value->number, shown_in);
    input->expression = times(book, input->name, rational_divide(shown_in, scale));
    if (!unit->currency[0] || strcmp(unit->currency, shop_currency(book->spec)) == 0)
        return;
    const char *exchange = exchange_for(book, unit->currency);
    if (exchange)
        input->expression = arena_printf(book->arena, "(%s*%s)", input->expression, exchange);
}

/* "print time" of a choice, for the case that holds: "print time, size small". */
static const char *what_for_case(struct book *book, const char *what, const struct value *value,
                                 const struct sku *sku)
{
    while (value_is(value, VALUE_CHOICE) && value->choice->count > 0) {
        const struct choice *choice = value->choice;
        const char *word = sku_case(sku, choice->axis);
        const struct choice_case *found = &choice->cases[0];
        for (int i = 0; word && i < choice->count; i++)
            if (choice->cases[i].key == word)
                found = &choice->cases[i];
        what = arena_printf(book->arena, "%s, %s %s", what, choice->axis, found->key);
        value = &found->value;
    }
    return what;
}

const char *input_for(struct book *book, const struct declaration *owner, const struct value *value,
                      const struct sku *sku, const char *what, enum measure measure)
{
    const struct value *resolved = value_for(value, sku);

    if (!value_is(resolved, VALUE_NUMBER))
        return NULL;
    struct input *input = find_input(book, owner, resolved);
    if (!input) {
        input = new_input(book, owner, resolved, what_for_case(book, what, value, sku));
        fill_input(book, input, measure);
    }
    input->first->used |= book->marking;
    return as_changed(book, input->expression);
}

const char *input_of(struct book *book, const struct declaration *owner, const struct simple *row,
                     const struct sku *sku, const char *what, enum measure measure)
{
    return row ? input_for(book, owner, &row->value, sku, what, measure) : NULL;
}

/* The input that was made of the same figure. */
static struct input *find_known(const struct book *book, const struct part *part,
                                const struct portion *portion, struct rational number,
                                const char *what)
{
    for (int i = 0; i < book->input_count; i++) {
        struct input *input = book->inputs[i];
        if (input->known && input->owner == &part->base && input->portion == portion &&
            strcmp(input->what, what) == 0 && rational_equal(input->value->number, number))
            return input;
    }
    return NULL;
}

const char *input_known(struct book *book, const struct part *part, const struct portion *portion,
                        const struct known_figure *figure, const char *what, enum measure measure)
{
    bool time = measure == MEASURE_MINUTES;

    if (figure->by == KNOWN_NOT)
        return NULL;
    what = arena_printf(book->arena, "%s, %s", what,
                        figure->by == KNOWN_ESTIMATED ? "estimate" : "G-code");
    struct input *input = find_known(book, part, portion, figure->number, what);
    if (!input) {
        struct value *value = ARENA_NEW(book->arena, struct value);
        value->kind = VALUE_NUMBER;
        value->number = figure->number;
        value->span = part->base.span;
        input = new_input(book, &part->base, value, what);
        input->known = true;
        input->portion = portion;
        input->measure = measure;
        input->unit = time ? "min" : "g";
        struct rational unit = rational_integer(time ? 60 : 1);
        struct rational shown_in = time ? readable_time(value->number, unit, &input->unit) : unit;
        input->shown = rational_divide(value->number, shown_in);
        input->expression = times(book, input->name, rational_divide(shown_in, unit));
    }
    input->used |= book->marking;
    return as_changed(book, input->expression);
}

const char *constant_text(struct book *book, struct rational number)
{
    struct buffer text = {0};

    rational_print_short(&text, number, 17);
    const char *copy = arena_copy_text(book->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

/* ---- sampling plans by lot ---- */

static bool plan_size(const struct sample *sample, long lot, long *size)
{
    struct sampling_plan plan;
    struct failure failure;

    if (!sampling_plan(sample, lot, INSPECTION_NORMAL, &plan, &failure))
        return false;
    *size = plan.n >= lot ? LXW_ROW_MAX : plan.n; /* the whole lot; the formula takes the smaller */
    return true;
}

/* The lots where the size may change: each one as far as a shop's go, the limits of the tables, those of this
   workbook. */
static long next_lot(const struct book *book, const struct step *step, long lot)
{
    static const long limits[] = {3201, 10001, 35001, 150001, 500001};
    long next = 0;

    if (lot < LOTS_SCANNED)
        return lot + 1;
    for (size_t i = 0; i < sizeof limits / sizeof *limits && !next; i++)
        if (limits[i] > lot)
            next = limits[i];
    for (int i = 0; i < book->run_count; i++)
        for (int k = 0; k < book->runs[i].sheet.step_count; k++) {
            const struct cost_step *cost = &book->runs[i].sheet.steps[k];
            if (cost->step == step && cost->lot > lot && (!next || cost->lot < next))
                next = cost->lot;
        }
    return next;
}

static struct plan_table *new_plan(struct book *book, const struct step *step)
{
    struct plan_table *table = &book->plans[book->plan_count++];
    int capacity = LOTS_SCANNED + 5 + book->run_count;
    long size = 0;

    *table = (struct plan_table){.sample = step->sample, .step = step};
    table->lots = ARENA_ARRAY(book->arena, long, capacity);
    table->sizes = ARENA_ARRAY(book->arena, long, capacity);
    for (long lot = 1; lot && plan_size(step->sample, lot, &size);
         lot = next_lot(book, step, lot)) {
        if (table->count > 0 && table->sizes[table->count - 1] == size)
            continue;
        table->lots[table->count] = lot;
        table->sizes[table->count++] = size;
    }
    table->lots_name = arena_printf(book->arena, "plan_%d_lots", book->plan_count);
    table->sizes_name = arena_printf(book->arena, "plan_%d_samples", book->plan_count);
    return table;
}

/* Plans that say the same are one table, whichever step says them. */
static bool same_plan(const struct sample *a, const struct sample *b)
{
    return a == b || (a->form == b->form && rational_equal(a->number.number, b->number.number) &&
                      strcmp(a->level ? a->level : "", b->level ? b->level : "") == 0);
}

const char *input_plan(struct book *book, const struct step *step, const char *lot)
{
    struct plan_table *table = NULL;

    for (int i = 0; i < book->plan_count && !table; i++)
        if (same_plan(book->plans[i].sample, step->sample))
            table = &book->plans[i];
    if (!table)
        table = new_plan(book, step);
    return arena_printf(book->arena, "MIN(%s,LOOKUP(%s,%s,%s))", lot, lot, table->lots_name,
                        table->sizes_name);
}
