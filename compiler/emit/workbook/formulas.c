/* The formulas of a step: those of cost/, written for a spreadsheet. Times are minutes, rates by the hour. What is
   rounded up is rounded to nine decimals first: a spreadsheet reckons in binary fractions, and 24.000000000000004
   plates are 24. */
#include "emit/workbook/workbook.h"

#include <string.h>

#define ROUND_UP "ROUNDUP(ROUND(%s,9),0)"

/* ---- small things ---- */

/* A sum in the making; an empty one is nothing to reckon. */
static void add_term(struct buffer *sum, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_term(struct buffer *sum, const char *format, ...)
{
    va_list arguments;

    if (sum->length > 0)
        buffer_add_char(sum, '+');
    va_start(arguments, format);
    buffer_vaddf(sum, format, arguments);
    va_end(arguments);
}

static const char *take(struct book *book, struct buffer *sum, const char *format)
{
    const char *text = "";

    if (sum->length > 0 && strcmp(format, "(%s)") == 0)
        text = arena_printf(book->arena, "(%s)", sum->text);
    else if (sum->length > 0)
        text = arena_printf(book->arena, "=%s", sum->text);
    buffer_free(sum);
    return text;
}

static const char *cell(const struct step_row *row, enum step_column column)
{
    char name[LXW_MAX_CELL_NAME_LENGTH + 8];

    lxw_rowcol_to_cell(name, row->row, (lxw_col_t)column);
    return arena_copy_text(row->book->arena, name, strlen(name));
}

static const struct sku *sku_of(const struct step_row *row)
{
    return &row->run->sheet.sku;
}

static const struct declaration *owner_of(const struct step_row *row)
{
    return &row->cost->step->base;
}

static void add_counts(struct book *book, struct buffer *sum, const struct counted *rows,
                       const char *what, const struct part *part, const struct sku *sku)
{
    for (const struct counted *row = rows; row; row = row->next) {
        if (value_part(&row->what, sku) != part)
            continue;
        const char *count =
            input_for(book, &book->product->base, &row->count, sku,
                      arena_printf(book->arena, "%s, %s", what, part->base.name), MEASURE_CONTENT);
        if (count)
            add_term(sum, "%s", count);
    }
}

const char *contained_formula(struct book *book, const struct part *part, const struct sku *sku)
{
    struct buffer sum = {0};

    add_counts(book, &sum, book->product->contains, "contains", part, sku);
    add_counts(book, &sum, book->product->spare, "spare", part, sku);
    const char *text = take(book, &sum, "(%s)");
    return *text ? text : NULL;
}

/* ---- counts ---- */

/* The cell that counts a basis; NULL where it counts nothing. */
static const char *basis_cell(const struct step_row *row, const struct value *basis,
                              const char *unsaid)
{
    static const struct {
        const char *word;
        enum step_column column;
    } columns[] = {{"unit", STEP_UNITS},
                   {"plate", STEP_PLATES},
                   {"batch", STEP_BATCHES},
                   {"order", STEP_ORDERS},
                   {"sample", STEP_SAMPLES}};
    const struct part *part = value_part(basis, sku_of(row));
    const char *word = value_word(basis, sku_of(row));

    if (part) {
        const char *contained = contained_formula(row->book, part, sku_of(row));
        return contained ? arena_printf(row->book->arena, "%s*%s", cell(row, STEP_UNITS), contained)
                         : NULL;
    }
    word = word ? word : unsaid;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(word, columns[i].word) == 0)
            return columns[i].column == STEP_SAMPLES && !row->cost->step->sample
                       ? NULL
                       : cell(row, columns[i].column);
    return strcmp(word, "run") == 0 ? "1" : NULL;
}

static const char *units_formula(const struct step_row *row)
{
    return arena_printf(row->book->arena, "=%s*%s", row->run->made_ref,
                        losses_ref(row->book, row->run->losses, row->cost->step));
}

static const char *plates_formula(const struct step_row *row)
{
    struct book *book = row->book;
    struct buffer most = {0};

    if (!row->cost->step->plate)
        return arena_printf(book->arena, "=%s",
                            row->plates_ref ? row->plates_ref : cell(row, STEP_BATCHES));
    for (const struct counted *one = row->cost->step->plate; one; one = one->next) {
        const struct part *part = value_part(&one->what, sku_of(row));
        const char *contained = part ? contained_formula(book, part, sku_of(row)) : NULL;
        const char *size =
            contained
                ? input_for(book, owner_of(row), &one->count, sku_of(row),
                            arena_printf(book->arena, "plate, %s", part->base.name), MEASURE_COUNT)
                : NULL;
        if (!contained)
            continue;
        buffer_addf(&most, most.length ? "," : "=MAX(");
        buffer_addf(&most, ROUND_UP,
                    arena_printf(book->arena, "%s*%s/%s", cell(row, STEP_UNITS), contained,
                                 size ? size : "1"));
    }
    buffer_add_text(&most, most.length ? ")" : "=0");
    const char *text = arena_copy_text(book->arena, most.text, most.length);
    buffer_free(&most);
    return text;
}

static const char *samples_formula(const struct step_row *row)
{
    struct book *book = row->book;
    const struct sample *sample = row->cost->step->sample;

    if (!sample)
        return "";
    const char *units = cell(row, STEP_UNITS), *batches = cell(row, STEP_BATCHES);
    const char *lot =
        arena_printf(book->arena, ROUND_UP, arena_printf(book->arena, "%s/%s", units, batches));
    bool by_table = sample->form == SAMPLE_AQL || sample->form == SAMPLE_ZERO_AQL ||
                    sample->form == SAMPLE_ZERO_LTPD;
    const char *number = by_table ? NULL
                                  : input_for(book, owner_of(row), &sample->number, sku_of(row),
                                              "sample", MEASURE_COUNT);

    switch (sample->form) {
    case SAMPLE_ALL:
        return arena_printf(book->arena, "=%s", units);
    case SAMPLE_EVERY:
        return arena_printf(book->arena, "=" ROUND_UP,
                            arena_printf(book->arena, "%s/%s", units, number));
    case SAMPLE_FIRST:
        return arena_printf(book->arena, "=MIN(%s,%s)", number, lot);
    case SAMPLE_FIRST_PER_BATCH:
    case SAMPLE_PER_BATCH:
        return arena_printf(book->arena, "=MIN(%s,%s)*%s", number, lot, batches);
    case SAMPLE_AQL:
    case SAMPLE_ZERO_AQL:
    case SAMPLE_ZERO_LTPD:
        break;
    }
    return arena_printf(book->arena, "=%s*%s", input_plan(book, row->cost->step, lot), batches);
}

/* ---- time ---- */

static void add_per(const struct step_row *row, struct buffer *sum, const struct per *per,
                    const char *what, const char *unsaid)
{
    const char *count = per ? basis_cell(row, &per->basis, unsaid) : NULL;
    const char *amount = count ? input_for(row->book, owner_of(row), &per->amount, sku_of(row),
                                           what, MEASURE_MINUTES)
                               : NULL;

    if (amount)
        add_term(sum, "%s*%s", amount, count);
}

static void add_lines(const struct step_row *row, struct buffer *sum,
                      const struct declaration *owner, const struct instruction *lines)
{
    int number = 1;

    for (const struct instruction *line = lines; line; line = line->next, number++) {
        const char *time =
            input_of(row->book, owner, line->time, sku_of(row),
                     arena_printf(row->book->arena, "time of line %d", number), MEASURE_MINUTES);
        if (time)
            add_term(sum, "%s*%s", time, cell(row, STEP_UNITS));
    }
}

static const char *bench_formula(const struct step_row *row)
{
    const struct step *step = row->cost->step;
    struct buffer sum = {0};

    add_per(row, &sum, step->setup, "setup", "batch");
    add_per(row, &sum, step->time, "time", "unit");
    add_lines(row, &sum, owner_of(row), step->do_);
    for (const struct simple *using = step->using; using; using = using->next) {
        const struct standard *standard = value_standard(&using->value, sku_of(row));
        if (standard)
            add_lines(row, &sum, &standard->base, standard->do_);
    }
    return take(row->book, &sum, "=%s");
}

static const struct machine *machine_of(const struct step_row *row)
{
    const struct step *step = row->cost->step;
    bool makes = step->base.kind == KIND_print || step->base.kind == KIND_cut;

    return makes && step->on ? value_machine(&step->on->value, sku_of(row)) : NULL;
}

static const char *running_formula(const struct step_row *row)
{
    const struct step *step = row->cost->step;
    struct book *book = row->book;
    struct buffer sum = {0};

    if (!machine_of(row))
        return "";
    if (step->run) {
        const char *run =
            input_of(book, owner_of(row), step->run, sku_of(row), "run", MEASURE_MINUTES);
        if (run)
            add_term(&sum, "%s*%s", run, cell(row, STEP_PLATES));
    } else if (step->cycle) {
        add_per(row, &sum, step->cycle, "cycle", "unit");
    }
    for (const struct simple *made = step->run || step->cycle ? NULL : step->makes; made;
         made = made->next) {
        const struct part *part = value_part(&made->value, sku_of(row));
        const char *contained = part ? contained_formula(book, part, sku_of(row)) : NULL;
        const struct simple *time = contained && part->print_time ? part->print_time
                                    : contained                   ? part->cycle
                                                                  : NULL;
        const char *each =
            input_of(book, part ? &part->base : NULL, time, sku_of(row),
                     part && part->print_time ? "print time" : "cycle", MEASURE_MINUTES);
        if (contained && !time) {
            struct known_figure known = slicing_time(book->spec, step, part, sku_of(row));
            each = input_known(book, part, NULL, &known, "print time", MEASURE_MINUTES);
        }
        if (each)
            add_term(&sum, "%s*%s*%s", each, contained, cell(row, STEP_UNITS));
    }
    return take(book, &sum, "=%s");
}

static const char *machine_time_formula(const struct step_row *row)
{
    struct buffer sum = {0};

    if (!machine_of(row))
        return "";
    if (*running_formula(row))
        add_term(&sum, "%s", cell(row, STEP_RUNNING));
    add_per(row, &sum, row->cost->step->setup, "setup", "batch");
    return take(row->book, &sum, "=%s");
}

/* ---- money ---- */

static const char *labour_formula(const struct step_row *row)
{
    const struct step *step = row->cost->step;
    const struct station *station = step->at ? value_station(&step->at->value, sku_of(row)) : NULL;
    const char *rate = station ? input_of(row->book, &station->base, station->rate, sku_of(row),
                                          "rate", MEASURE_MONEY_PER_HOUR)
                               : NULL;

    return rate && *bench_formula(row)
               ? arena_printf(row->book->arena, "=%s/60*%s", cell(row, STEP_BENCH), rate)
               : "";
}

static const char *machine_formula(const struct step_row *row)
{
    const struct machine *machine = machine_of(row);
    const char *rate = machine ? input_of(row->book, &machine->base, machine->rate, sku_of(row),
                                          "rate", MEASURE_MONEY_PER_HOUR)
                               : NULL;

    return rate && *machine_time_formula(row)
               ? arena_printf(row->book->arena, "=%s/60*%s", cell(row, STEP_MACHINE_TIME), rate)
               : "";
}

static const char *energy_formula(const struct step_row *row)
{
    struct book *book = row->book;
    const struct machine *machine = machine_of(row);
    const struct shop *shop = book->spec->shop;
    const char *power = machine ? input_of(book, &machine->base, machine->power, sku_of(row),
                                           "power", MEASURE_WATTS)
                                : NULL;
    const char *price = power && shop ? input_of(book, &shop->base, shop->energy, sku_of(row),
                                                 "energy", MEASURE_MONEY_PER_KWH)
                                      : NULL;

    return price && *running_formula(row) ? arena_printf(book->arena, "=%s/60*%s/1000*%s",
                                                         cell(row, STEP_RUNNING), power, price)
                                          : "";
}

/* So many grams of a material in each piece, with what is wasted. */
static void add_grams(const struct step_row *row, struct buffer *sum, const char *contained,
                      const char *grams, const struct material *material)
{
    struct book *book = row->book;
    const char *waste =
        input_of(book, &material->base, material->waste, sku_of(row), "waste", MEASURE_RATIO);
    const char *cost =
        input_of(book, &material->base, material->cost, sku_of(row), "cost", MEASURE_MONEY_PER_KG);

    if (grams && cost)
        add_term(sum, waste ? "%s*%s*%s/1000*%s*(1+%s)" : "%s*%s*%s/1000*%s", cell(row, STEP_UNITS),
                 contained, grams, cost, waste);
}

/* One part: its own material, and the further ones. */
static void add_part_material(const struct step_row *row, struct buffer *sum,
                              const struct part *part, const char *contained)
{
    struct book *book = row->book;
    const struct step *step = row->cost->step;
    const struct sku *sku = sku_of(row);
    const struct material *material =
        part->material ? value_material(&part->material->value, sku) : NULL;

    if (material) {
        const char *mass = input_of(book, &part->base, part->mass, sku, "mass", MEASURE_GRAMS);
        struct known_figure known = slicing_mass(book->spec, step, part, sku);
        if (!part->mass)
            mass = input_known(book, part, NULL, &known, "mass", MEASURE_GRAMS);
        add_grams(row, sum, contained, mass, material);
    }
    for (const struct portion *portion = part->with; portion; portion = portion->next) {
        const struct material *further = value_material(&portion->material, sku);
        if (!further)
            continue;
        const char *what = arena_printf(book->arena, "mass of %s", further->base.name);
        const char *mass = input_for(book, &part->base, &portion->mass, sku, what, MEASURE_GRAMS);
        struct known_figure known = slicing_portion(book->spec, step, part, portion, sku);
        if (!mass)
            mass = input_known(book, part, portion, &known, what, MEASURE_GRAMS);
        add_grams(row, sum, contained, mass, further);
    }
}

/* Of the dearest material on the plate, as in cost/. */
static void add_purge(const struct step_row *row, struct buffer *sum)
{
    const struct material *materials[MATERIALS_AT_MOST];
    struct book *book = row->book;
    const struct per *purge = row->cost->step->purge;
    const char *count = purge ? basis_cell(row, &purge->basis, "plate") : NULL;
    const char *grams =
        count ? input_for(book, owner_of(row), &purge->amount, sku_of(row), "purge", MEASURE_GRAMS)
              : NULL;
    int found = grams ? slicing_materials(book->spec, row->cost->step, sku_of(row), materials) : 0;
    const char *dearest = NULL;

    for (int i = 0; i < found; i++) {
        const char *cost = input_of(book, &materials[i]->base, materials[i]->cost, sku_of(row),
                                    "cost", MEASURE_MONEY_PER_KG);
        if (cost)
            dearest = dearest ? arena_printf(book->arena, "%s,%s", dearest, cost) : cost;
    }
    if (dearest)
        add_term(sum, "%s*%s/1000*MAX(%s)", grams, count, dearest);
}

static const char *material_formula(const struct step_row *row)
{
    bool makes = row->cost->step->base.kind == KIND_print || row->cost->step->base.kind == KIND_cut;
    struct buffer sum = {0};

    for (const struct simple *made = makes ? row->cost->step->makes : NULL; made;
         made = made->next) {
        const struct part *part = value_part(&made->value, sku_of(row));
        const char *contained = part ? contained_formula(row->book, part, sku_of(row)) : NULL;
        if (contained)
            add_part_material(row, &sum, part, contained);
    }
    if (makes)
        add_purge(row, &sum);
    return take(row->book, &sum, "=%s");
}

static const char *times_consumed(const struct step_row *row, const struct declaration *owner,
                                  const struct consumption *one, const struct item *item)
{
    const char *units =
        input_for(row->book, owner, &one->per_units, sku_of(row),
                  arena_printf(row->book->arena, "units to one consumption, %s", item->base.name),
                  MEASURE_COUNT);

    if (!units)
        return basis_cell(row, &one->basis, "unit");
    return arena_printf(row->book->arena, ROUND_UP,
                        arena_printf(row->book->arena, "%s/%s", cell(row, STEP_UNITS), units));
}

static void add_consumed(const struct step_row *row, struct buffer *sum,
                         const struct declaration *owner, const struct consumption *rows)
{
    struct book *book = row->book;

    for (const struct consumption *one = rows; one; one = one->next) {
        const struct item *item = value_item(&one->what, sku_of(row));
        const char *times = item ? times_consumed(row, owner, one, item) : NULL;
        if (!times)
            continue;
        const char *cost =
            input_of(book, &item->base, item->cost, sku_of(row), "cost", MEASURE_MONEY);
        const char *count =
            input_for(book, owner, &one->count, sku_of(row),
                      arena_printf(book->arena, "consumes, %s", item->base.name), MEASURE_CONTENT);
        if (cost && count)
            add_term(sum, "%s*%s*%s", cost, count, times);
    }
}

static const char *items_formula(const struct step_row *row)
{
    const struct step *step = row->cost->step;
    struct buffer sum = {0};

    add_consumed(row, &sum, owner_of(row), step->consume);
    for (const struct instruction *line = step->do_; line; line = line->next)
        add_consumed(row, &sum, owner_of(row), line->consume);
    for (const struct simple *using = step->using; using; using = using->next) {
        const struct standard *standard = value_standard(&using->value, sku_of(row));
        for (const struct instruction *line = standard ? standard->do_ : NULL; line;
             line = line->next)
            add_consumed(row, &sum, &standard->base, line->consume);
    }
    return take(row->book, &sum, "=%s");
}

static const char *charge_formula(const struct step_row *row, bool shipping)
{
    struct book *book = row->book;
    const struct charge *charge = row->cost->step->cost;
    struct buffer sum = {0};

    if (!charge || shipping != (row->cost->step->base.kind == KIND_ship))
        return "";
    for (const struct charge_term *term = charge->terms; term; term = term->next) {
        const char *count = basis_cell(row, &term->basis, "unit");
        const char *each = value_string(book->spec, &term->basis, sku_of(row), book->arena);
        const char *money =
            count ? input_for(book, owner_of(row), &term->money, sku_of(row),
                              arena_printf(book->arena, "cost per %s", *each ? each : "unit"),
                              MEASURE_MONEY)
                  : NULL;
        if (money)
            add_term(&sum, "%s*%s", money, count);
    }
    const char *least = input_for(book, owner_of(row), &charge->least, sku_of(row),
                                  "cost, at least", MEASURE_MONEY);
    const char *plain = take(book, &sum, "=%s");
    return least && *plain ? arena_printf(book->arena, "=MAX(%s,%s)", least, plain + 1) : plain;
}

static const char *overhead_formula(const struct step_row *row)
{
    const struct shop *shop = row->book->spec->shop;
    const char *ratio = shop ? input_of(row->book, &shop->base, shop->overhead, sku_of(row),
                                        "overhead", MEASURE_RATIO)
                             : NULL;

    return ratio && (*labour_formula(row) || *machine_formula(row))
               ? arena_printf(row->book->arena, "=(%s+%s)*%s", cell(row, STEP_LABOUR),
                              cell(row, STEP_MACHINE), ratio)
               : "";
}

const char *once_formula(struct book *book, const struct sku *sku)
{
    struct buffer sum = {0};

    for (int i = 0; i < book->spec->part_count; i++) {
        const struct part *part = book->spec->parts[i];
        if ((!part->tooling && !part->programming) ||
            rational_sign(contained_count(sku->product, &part->base, sku, true)) <= 0)
            continue;
        const char *tooling =
            input_of(book, &part->base, part->tooling, sku, "tooling", MEASURE_MONEY);
        if (tooling)
            add_term(&sum, "%s", tooling);
        const struct programming *work = part->programming;
        const struct station *station = work ? value_station(&work->station, sku) : NULL;
        const char *rate = station ? input_of(book, &station->base, station->rate, sku, "rate",
                                              MEASURE_MONEY_PER_HOUR)
                                   : NULL;
        const char *time =
            rate ? input_for(book, &part->base, &work->amount, sku, "programming", MEASURE_MINUTES)
                 : NULL;
        if (time)
            add_term(&sum, "%s/60*%s", time, rate);
    }
    return take(book, &sum, "(%s)");
}

/* ---- all columns ---- */

const char *step_formula(const struct step_row *row, enum step_column column)
{
    switch (column) {
    case STEP_UNITS:
        return units_formula(row);
    case STEP_BATCHES:
        return arena_printf(row->book->arena, "=%s", row->run->batches_ref);
    case STEP_PLATES:
        return plates_formula(row);
    case STEP_ORDERS:
        return arena_printf(row->book->arena, "=%s", row->run->orders_ref);
    case STEP_SAMPLES:
        return samples_formula(row);
    case STEP_BENCH:
        return bench_formula(row);
    case STEP_RUNNING:
        return running_formula(row);
    case STEP_MACHINE_TIME:
        return machine_time_formula(row);
    case STEP_LABOUR:
        return labour_formula(row);
    case STEP_MACHINE:
        return machine_formula(row);
    case STEP_ENERGY:
        return energy_formula(row);
    case STEP_MATERIAL:
        return material_formula(row);
    case STEP_ITEMS:
        return items_formula(row);
    case STEP_OUTSIDE:
        return charge_formula(row, false);
    case STEP_SHIPPING:
        return charge_formula(row, true);
    case STEP_OVERHEAD:
        return overhead_formula(row);
    case STEP_SUM:
        return arena_printf(row->book->arena, "=SUM(%s:%s)", cell(row, STEP_LABOUR),
                            cell(row, STEP_OVERHEAD));
    default:
        return "";
    }
}
