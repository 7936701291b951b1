/* What is measured: every critical dimension, late enough, with a gauge, in samples that the lot has. */
#include "check/family.h"

#include "quality/sampling.h"

#include <string.h>

static bool is_class(const struct dimension_row *row, const char *class)
{
    return row->class.kind == VALUE_WORD && strcmp(row->class.word, class) == 0;
}

/* ---- who checks a dimension ---- */

static const struct check *check_of(const struct step *step, const struct part *part,
                                    const char *name)
{
    for (const struct check *check = step->check; check; check = check->next)
        if (check->form == CHECK_DIMENSION && check->name.kind == VALUE_MEMBER &&
            check->name.member->declaration == &part->base && check->name.member->name == name)
            return check;
    return NULL;
}

static bool checked_in(const struct workflow *workflow, const struct part *part, const char *name)
{
    for (int i = 0; i < workflow->step_count; i++)
        if (check_of(workflow->steps[i], part, name))
            return true;
    return false;
}

static bool has_lost_check(const struct step *step)
{
    for (const struct check *check = step->check; check; check = check->next)
        if (check->name.kind == VALUE_POISON)
            return true;
    return false;
}

/* A check that could not be read may be the one that is missed. */
static bool some_check_failed(const struct workflow *workflow)
{
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->base.failed || has_lost_check(workflow->steps[i]))
            return true;
    return workflow->base.failed;
}

static void report_unchecked(struct spec *spec, const struct part *part,
                             const struct dimension_row *row, const struct product *product,
                             bool elsewhere)
{
    bool critical = is_class(row, "critical");
    struct diagnostic *d = check_report(
        spec, critical ? RULE_unchecked_critical : RULE_unchecked_dimension, &part->base,
        &product->base, row->span, "no step%s%s%s checks `%s.%s`%s", elsewhere ? " of `" : "",
        elsewhere ? product->base.name : "", elsewhere ? "`" : "", part->base.name, row->name.word,
        critical ? ", which is critical" : "");
    check_help(spec, d, "add to an inspection: check %s.%s", part->base.name, row->name.word);
}

/* One product's check does not see the parts of another: a critical dimension is asked of each, any other of some. */
static void check_dimension_row(struct spec *spec, const struct part *part,
                                const struct dimension_row *row)
{
    const struct product *checking = NULL;
    const char *name = row->name.word;
    for (const struct user *user = spec_users(spec, &part->base); user; user = user->next) {
        const struct workflow *workflow = user->product->workflow;
        if (!workflow || some_check_failed(workflow))
            return;
        if (checked_in(workflow, part, name))
            checking = user->product;
    }
    for (const struct user *user = spec_users(spec, &part->base); user; user = user->next)
        if ((!checking || is_class(row, "critical")) &&
            !checked_in(user->product->workflow, part, name))
            report_unchecked(spec, part, row, user->product, checking);
    const struct user *user = spec_users(spec, &part->base);
    if (user && row->gauge.kind == VALUE_ABSENT) {
        struct diagnostic *d =
            check_report(spec, RULE_no_gauge, &part->base, &user->product->base, row->span,
                         "nothing says what `%s.%s` is measured with", part->base.name, name);
        check_help(spec, d, "add: gauge \"...\"");
    }
}

/* What some step checks, but not in this SKU. */
static void check_sku_critical(struct spec *spec, const struct product *product,
                               const struct sku_graph *of, const struct part *part,
                               const struct dimension_row *row)
{
    if (some_check_failed(product->workflow) ||
        !checked_in(product->workflow, part, row->name.word) ||
        rational_sign(contained_count(product, &part->base, &of->sku, true)) == 0)
        return;
    for (int i = 0; i < of->graph->count; i++)
        if (check_of(of->graph->nodes[i].step, part, row->name.word))
            return;
    struct diagnostic *d =
        check_report(spec, RULE_unchecked_critical, &part->base, &product->base, row->span,
                     "no step that `%s` passes checks `%s.%s`, which is critical",
                     sku_code(spec, &of->sku, spec->scratch), part->base.name, row->name.word);
    check_help(spec, d, "add to an inspection of every SKU: check %s.%s", part->base.name,
               row->name.word);
}

/* ---- nominal_outside ---- */

static void check_nominal(struct spec *spec, const struct part *part, const struct value *value,
                          struct span place)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            check_nominal(spec, part, &value->choice->cases[i].value, place);
        return;
    }
    if (value->kind != VALUE_SIZE || value->size->form != SIZE_LIMITS)
        return;
    const struct size *size = value->size;
    if (rational_compare(size->nominal.number, size->lower.number) >= 0 &&
        rational_compare(size->nominal.number, size->upper.number) <= 0)
        return;
    struct diagnostic *d = check_report(spec, RULE_nominal_outside, &part->base, NULL, place,
                                        "the nominal %s is not within its own limits",
                                        value_string(spec, &size->nominal, NULL, spec->scratch));
    check_help(spec, d, "correct the nominal or the limits");
}

/* ---- checked_too_early ---- */

static bool makes_or_works(const struct step *step, const struct part *part, const struct sku *sku)
{
    const struct simple *lists[] = {step->makes, step->works};
    for (int i = 0; i < 2; i++)
        for (const struct simple *row = lists[i]; row; row = row->next)
            if (value_part(&row->value, sku) == part)
                return true;
    return false;
}

/* Work that may change a dimension: a cut of the part, a treatment, work outside on it. */
static bool changes(const struct step *step, const struct part *part, const struct sku *sku)
{
    if (step->base.kind == KIND_cut)
        return makes_or_works(step, part, sku);
    if (step->base.kind == KIND_outsource)
        return !step->makes || makes_or_works(step, part, sku);
    return step->base.kind == KIND_treat;
}

/* From some later work the end is reached without another check, and that work comes behind a check. */
static void check_early(struct spec *spec, const struct product *product,
                        const struct sku_graph *of, const struct part *part,
                        const struct dimension_row *row)
{
    const struct graph *graph = of->graph;
    bool *from = ARENA_ARRAY(spec->scratch, bool, graph->count),
         *stop = ARENA_ARRAY(spec->scratch, bool, graph->count);
    int *after_check = ARENA_ARRAY(spec->scratch, int, graph->count),
        *after_work = ARENA_ARRAY(spec->scratch, int, graph->count);
    bool *none = ARENA_ARRAY(spec->scratch, bool, graph->count);
    int last = -1;
    for (int i = 0; i < graph->count; i++) {
        from[i] = check_of(graph->nodes[i].step, part, row->name.word) != NULL;
        if (from[i])
            last = i;
    }
    if (last < 0)
        return;
    ways_from(graph, from, none, after_check);
    for (int i = 0; i < graph->count; i++) {
        stop[i] = from[i];
        from[i] = after_check[i] >= 0 && changes(graph->nodes[i].step, part, &of->sku);
    }
    ways_from(graph, from, stop, after_work);
    for (int i = 0; i < graph->count; i++) {
        bool ends = false;
        for (int e = 0; e < graph->nodes[i].edge_count; e++)
            ends |= graph->nodes[i].edges[e].to == GRAPH_DONE;
        if (!ends || after_work[i] == -2 || stop[i])
            continue;
        int work = i;
        while (after_work[work] >= 0)
            work = after_work[work];
        const struct step *checker = graph->nodes[last].step;
        const struct check *check = check_of(checker, part, row->name.word);
        if (is_allowed(RULE_checked_too_early, &part->base))
            return;
        struct diagnostic *d =
            check_report(spec, RULE_checked_too_early, &checker->base, &product->base, check->span,
                         "`%s.%s` is critical, and last checked before `%s`", part->base.name,
                         row->name.word, graph->nodes[work].step->base.name);
        check_note(spec, d, graph->nodes[work].step->base.span, "this may change it");
        way_notes(spec, d, graph, after_check, work);
        check_help(spec, d, "check it again behind `%s`", graph->nodes[work].step->base.name);
        return;
    }
}

/* ---- inspections ---- */

/* Of the first batch step that the SKU does not pass by; NULL where nothing says it. */
static const struct value *largest_batch(const struct product *product, const struct sku *sku)
{
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        if (step->base.kind != KIND_batch || !step_is_for(step, sku))
            continue;
        const struct value *largest = step->size ? value_for(&step->size->to, sku) : NULL;
        return largest && largest->kind == VALUE_NUMBER ? largest : NULL;
    }
    return NULL;
}

static void check_sample(struct spec *spec, const struct product *product, const struct step *step,
                         const struct value *largest, const struct sku *sku)
{
    const struct sample *sample = step->sample;
    bool counted =
        sample && (sample->form == SAMPLE_FIRST || sample->form == SAMPLE_FIRST_PER_BATCH ||
                   sample->form == SAMPLE_PER_BATCH);
    const struct value *number = counted ? value_for(&sample->number, sku) : NULL;
    if (!number || number->kind != VALUE_NUMBER ||
        rational_compare(number->number, largest->number) <= 0)
        return;
    struct buffer n = {0};
    rational_print_short(&n, number->number, 0);
    buffer_add_text(&n, " are sampled, and a batch is never more than ");
    rational_print_short(&n, largest->number, 0);
    struct diagnostic *d = check_report(spec, RULE_sample_over_lot, &step->base, &product->base,
                                        sample->span, "%s", buffer_text(&n));
    check_help(spec, d, "sample fewer, or all");
    buffer_free(&n);
}

static void check_samples(struct spec *spec, const struct product *product)
{
    const struct sku_list *list = distinct_skus(spec, product);
    for (long i = 0; i < list->count; i++) {
        const struct sku *sku = &list->items[i].sku;
        const struct value *largest = largest_batch(product, sku);
        for (int j = 0; largest && j < product->workflow->step_count; j++)
            if (step_is_for(product->workflow->steps[j], sku))
                check_sample(spec, product, product->workflow->steps[j], largest, sku);
    }
}

/* Said once, and not where a `use` has missed the shipped specs already. */
static void report_no_tables(struct spec *spec, const struct sample *sample, const char *why)
{
    const struct diagnostics *list = spec->diagnostics;
    for (int i = 0; i < list->count; i++)
        if (list->items[i]->rule == RULE_import_missing)
            return;
    struct diagnostic *d = report(spec->diagnostics, RULE_import_missing, sample->number.span,
                                  "the sampling tables are not there to look this up");
    set_help(spec->diagnostics, d, "%s", why);
}

static void check_table(struct spec *spec, const struct step *step)
{
    struct failure failure;
    const struct sample *sample = step->sample;
    bool aql = sample && (sample->form == SAMPLE_AQL || sample->form == SAMPLE_ZERO_AQL);
    if (!aql || sample->number.kind != VALUE_NUMBER)
        return;
    if (!sampling_ready(&failure)) {
        report_no_tables(spec, sample, failure.message);
        return;
    }
    if (sample->form == SAMPLE_AQL ? sampling_has_aql(sample->number.number)
                                   : sampling_has_zero_aql(sample->number.number))
        return;
    struct diagnostic *d = report(spec->diagnostics, RULE_out_of_range, sample->number.span,
                                  "the tables have no AQL of %s",
                                  value_string(spec, &sample->number, NULL, spec->scratch));
    set_help(
        spec->diagnostics, d,
        "they have 0.010 0.015 0.025 0.040 0.065 0.10 0.15 0.25 0.40 0.65 1.0 1.5 2.5 4.0 6.5 10%s",
        sample->form == SAMPLE_AQL ? " and, for nonconformities per 100, 15 to 1000" : "");
}

static void check_dispositions(struct spec *spec, const struct product *product,
                               const struct step *step)
{
    for (const struct check *check = step->check; check; check = check->next)
        for (const struct simple *row = check->defects; row; row = row->next) {
            const struct defect *defect = value_defect(&row->value, NULL);
            if (!defect || defect->then || defect->base.failed)
                continue;
            struct diagnostic *d = check_report(
                spec, RULE_no_disposition, &step->base, &product->base, defect->base.span,
                "`%s` is looked for, and it does not say what then", defect->base.name);
            check_help(spec, d, "add: then rework|reject|accept");
        }
}

static void visit_parts(struct spec *spec, const struct product *product,
                        const struct sku_graph *of,
                        void (*visit)(struct spec *spec, const struct product *product,
                                      const struct sku_graph *of, const struct part *part,
                                      const struct dimension_row *row))
{
    const struct counted *lists[] = {product->contains, product->spare};
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            const struct part *part = value_part(&row->what, &of->sku);
            for (const struct dimension_row *dimension = part ? part->dimension : NULL; dimension;
                 dimension = dimension->next)
                if (is_class(dimension, "critical"))
                    visit(spec, product, of, part, dimension);
        }
}

static void visit_early(struct spec *spec, const struct product *product,
                        const struct sku_graph *of)
{
    visit_parts(spec, product, of, check_early);
}

static void visit_critical(struct spec *spec, const struct product *product,
                           const struct sku_graph *of)
{
    visit_parts(spec, product, of, check_sku_critical);
}

void check_dimensions(struct spec *spec)
{
    for (int i = 0; i < spec->part_count; i++)
        for (const struct dimension_row *row = spec->parts[i]->dimension; row; row = row->next) {
            if (!spec->parts[i]->base.failed)
                check_dimension_row(spec, spec->parts[i], row);
            check_nominal(spec, spec->parts[i], &row->size, row->span);
        }
}

void check_quality(struct spec *spec, const struct product *product)
{
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++) {
        check_table(spec, product->workflow->steps[i]);
        check_dispositions(spec, product, product->workflow->steps[i]);
    }
    if (product->workflow)
        check_samples(spec, product);
    for_each_graph(spec, product, visit_early);
    for_each_sku(spec, product, visit_critical);
}
