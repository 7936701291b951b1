#include "emit/common/worksheet.h"

#include "cost/cost.h"
#include "quality/operating.h"

#include <string.h>

static const char *keep(struct emit_context *context, struct buffer *text)
{
    const char *kept = arena_copy_text(context->arena, buffer_text(text), text->length);
    buffer_free(text);
    return kept;
}

const char *title_of(struct emit_context *context, const struct declaration *declaration)
{
    return declaration_title(context->spec, declaration, NULL, context->arena);
}

static const char *value_text(struct emit_context *context, const struct value *value)
{
    return value_string(context->spec, value, NULL, context->arena);
}

const char *value_cases(struct emit_context *context, const struct value *value)
{
    if (value->kind != VALUE_CHOICE || !value->choice->count)
        return value_text(context, value);
    struct buffer text = {0};
    bool same = true;
    const char *first = value_cases(context, &value->choice->cases[0].value);
    for (int i = 0; i < value->choice->count; i++) {
        const char *one = value_cases(context, &value->choice->cases[i].value);
        same = same && strcmp(one, first) == 0;
        buffer_addf(&text, "%s%s (%s)", i ? ", " : "", one, value->choice->cases[i].key);
    }
    if (same) {
        buffer_free(&text);
        return first;
    }
    return keep(context, &text);
}

/* ---- lists that grow ---- */

static void *add_row(struct emit_context *context, struct work_list *list, size_t size)
{
    if ((list->count & (list->count - 1)) == 0) { /* at each power of two the room is doubled */
        int room = list->count ? list->count * 2 : 1;
        void *rows = arena_alloc(context->arena, size * (size_t)room);
        if (list->count)
            memcpy(rows, list->rows, size * (size_t)list->count);
        list->rows = rows;
    }
    return (char *)list->rows + size * (size_t)list->count++;
}

static void add_pair(struct emit_context *context, struct work_list *list, const char *name,
                     const char *text)
{
    *(struct work_pair *)add_row(context, list, sizeof(struct work_pair)) =
        (struct work_pair){name, text};
}

/* ---- facts ---- */

static const char *per_text(struct emit_context *context, const struct per *row, const char *unsaid)
{
    const char *basis = row->basis.kind == VALUE_ABSENT ? unsaid : value_text(context, &row->basis);
    return arena_printf(context->arena, "%s per %s", value_cases(context, &row->amount), basis);
}

const char *worksheet_words(struct emit_context *context, const struct simple *rows)
{
    struct buffer text = {0};
    for (const struct simple *row = rows; row; row = row->next)
        buffer_addf(&text, "%s%s", row == rows ? "" : ", ", value_cases(context, &row->value));
    return keep(context, &text);
}

static const char *counted_text(struct emit_context *context, const struct counted *rows)
{
    struct buffer text = {0};
    for (const struct counted *row = rows; row; row = row->next)
        buffer_addf(&text, "%s%s \303\227 %s", row == rows ? "" : ", ",
                    value_cases(context, &row->what), value_cases(context, &row->count));
    return keep(context, &text);
}

int worksheet_facts(struct emit_context *context, const struct step *step, struct work_pair **pairs)
{
    struct work_list list = {0};
    const struct {
        const char *name;
        const struct simple *rows;
    } simples[] = {{"Station", step->at},     {"Makes", step->makes},
                   {"Works on", step->works}, {"Machine", step->on},
                   {"Only for", step->only},  {"Group by", step->group},
                   {"Wait", step->wait},      {"Supplier", step->supplier},
                   {"Lead time", step->lead}, {"Certificate", step->certificate},
                   {"Signed by", step->by},   {"Carrier", step->carrier},
                   {"Label", step->label},    {"Settings", step->slice},
                   {"G-code", step->gcode},   {"Tilt", step->tilt},
                   {"Standard", step->using}};
    for (size_t i = 0; i < sizeof simples / sizeof *simples; i++)
        if (simples[i].rows)
            add_pair(context, &list, simples[i].name, worksheet_words(context, simples[i].rows));
    if (step->size)
        add_pair(context, &list, "Batch size",
                 arena_printf(context->arena, "%s to %s", value_text(context, &step->size->from),
                              value_text(context, &step->size->to)));
    if (step->plate)
        add_pair(context, &list, "Plate", counted_text(context, step->plate));
    if (step->contains)
        add_pair(context, &list, "Packs", counted_text(context, step->contains));
    if (step->setup)
        add_pair(context, &list, "Set-up", per_text(context, step->setup, "batch"));
    if (step->time)
        add_pair(context, &list, "Standard time", per_text(context, step->time, "unit"));
    if (step->run)
        add_pair(
            context, &list, "Run",
            arena_printf(context->arena, "%s per plate", value_cases(context, &step->run->value)));
    if (step->cycle)
        add_pair(context, &list, "Cycle", per_text(context, step->cycle, "unit"));
    if (step->sample)
        add_pair(context, &list, "Sample", sample_words(context, step->sample));
    *pairs = list.rows;
    return list.count;
}

/* ---- lines of work ---- */

static void add_detail(struct buffer *detail, const char *name, const char *text)
{
    buffer_addf(detail, "%s%s%s", detail->length ? "  \302\267  " : "", name, text);
}

static const char *consumption_text(struct emit_context *context, const struct consumption *row)
{
    struct buffer text = {0};
    buffer_addf(&text, "%s \303\227 %s", value_cases(context, &row->what),
                value_cases(context, &row->count));
    if (row->per_units.kind != VALUE_ABSENT)
        buffer_addf(&text, " per %s units", value_text(context, &row->per_units));
    else if (row->basis.kind != VALUE_ABSENT)
        buffer_addf(&text, " per %s", value_text(context, &row->basis));
    return keep(context, &text);
}

static void add_line(struct emit_context *context, struct work_list *list,
                     const struct instruction *row, const struct declaration *standard)
{
    struct work_line *line = add_row(context, list, sizeof *line);
    struct buffer detail = {0};
    struct work_list cautions = {0};
    for (const struct simple *tool = row->tool; tool; tool = tool->next)
        add_detail(&detail, tool == row->tool ? "Tool: " : "", value_cases(context, &tool->value));
    for (const struct consumption *in = row->consume; in; in = in->next)
        add_detail(&detail, "Use: ", consumption_text(context, in));
    if (row->torque)
        add_detail(&detail, "Torque: ", value_cases(context, &row->torque->value));
    for (const struct simple *caution = row->caution; caution; caution = caution->next)
        *(const char **)add_row(context, &cautions, sizeof(char *)) =
            value_cases(context, &caution->value);
    *line = (struct work_line){.text = value_cases(context, &row->text),
                               .detail = keep(context, &detail),
                               .time = row->time ? value_cases(context, &row->time->value) : "",
                               .cautions = cautions.rows,
                               .caution_count = cautions.count,
                               .standard = standard,
                               .photos = row->photo};
}

const char *worksheet_line_detail(struct emit_context *context, const struct work_line *line)
{
    if (!*line->time)
        return line->detail;
    return arena_printf(context->arena, "%s%sTime: %s", line->detail,
                        *line->detail ? "  \302\267  " : "", line->time);
}

/* Each standard once, though cases may share one. */
static void add_standard(struct emit_context *context, struct work_list *list,
                         const struct value *value)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++) {
            bool said = false;
            for (int j = 0; j < i; j++)
                said |= value_standard(&value->choice->cases[j].value, NULL) ==
                        value_standard(&value->choice->cases[i].value, NULL);
            if (!said)
                add_standard(context, list, &value->choice->cases[i].value);
        }
        return;
    }
    const struct standard *standard = value_standard(value, NULL);
    for (const struct instruction *row = standard ? standard->do_ : NULL; row; row = row->next)
        add_line(context, list, row, &standard->base);
}

int worksheet_lines(struct emit_context *context, const struct step *step, struct work_line **lines)
{
    struct work_list list = {0};
    for (const struct simple *row = step->using; row; row = row->next)
        add_standard(context, &list, &row->value);
    for (const struct instruction *row = step->do_; row; row = row->next)
        add_line(context, &list, row, NULL);
    *lines = list.rows;
    return list.count;
}

int worksheet_standard_lines(struct emit_context *context, const struct standard *standard,
                             struct work_line **lines)
{
    struct work_list list = {0};
    for (const struct instruction *row = standard->do_; row; row = row->next)
        add_line(context, &list, row, &standard->base);
    *lines = list.rows;
    return list.count;
}

static bool add_times(struct rational *sum, const struct instruction *rows)
{
    for (const struct instruction *row = rows; row; row = row->next) {
        if (row->time && row->time->value.kind != VALUE_NUMBER)
            return false;
        if (row->time)
            *sum = rational_add(*sum, row->time->value.number);
    }
    return true;
}

const char *worksheet_time(struct emit_context *context, const struct step *step)
{
    struct buffer text = {0};
    struct rational sum = RATIONAL_ZERO;
    if (step->time)
        return per_text(context, step->time, "unit");
    bool sure = add_times(&sum, step->do_);
    for (const struct simple *row = step->using; row && sure; row = row->next) {
        const struct standard *standard =
            row->value.kind == VALUE_REFERENCE ? value_standard(&row->value, NULL) : NULL;
        sure = standard && add_times(&sum, standard->do_);
    }
    if (!sure || rational_is_zero(sum))
        return "";
    duration_print(&text, sum);
    buffer_add_text(&text, " per unit");
    return keep(context, &text);
}

/* ---- what to bring ---- */

static void bring(struct emit_context *context, struct work_list *list, const char *text)
{
    const char **rows = list->rows;
    for (int i = 0; i < list->count; i++)
        if (strcmp(rows[i], text) == 0)
            return;
    *(const char **)add_row(context, list, sizeof(char *)) = text;
}

static void bring_consumed(struct emit_context *context, struct work_list *list,
                           const struct consumption *rows)
{
    for (; rows; rows = rows->next) {
        const struct item *item = value_item(&rows->what, NULL);
        const char *text = consumption_text(context, rows);
        if (item && item->sku)
            text = arena_printf(context->arena, "%s (%s)", text,
                                value_text(context, &item->sku->value));
        bring(context, list, text);
    }
}

static void bring_lines(struct emit_context *context, struct work_list *list,
                        const struct instruction *rows)
{
    for (; rows; rows = rows->next) {
        for (const struct simple *tool = rows->tool; tool; tool = tool->next)
            bring(context, list, value_cases(context, &tool->value));
        bring_consumed(context, list, rows->consume);
    }
}

/* What the parts that are made here are made of. */
static void bring_materials(struct emit_context *context, struct work_list *list,
                            const struct simple *makes)
{
    for (; makes; makes = makes->next) {
        const struct part *part = value_part(&makes->value, NULL);
        if (part && part->material)
            bring(context, list, value_cases(context, &part->material->value));
        for (const struct portion *with = part ? part->with : NULL; with; with = with->next)
            bring(context, list, value_cases(context, &with->material));
    }
}

int worksheet_bring(struct emit_context *context, const struct step *step, const char ***things)
{
    struct work_list list = {0};
    if (step->base.kind != KIND_outsource) /* those bring their own */
        bring_materials(context, &list, step->makes);
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard)
            bring_lines(context, &list, standard->do_);
    }
    bring_lines(context, &list, step->do_);
    bring_consumed(context, &list, step->consume);
    for (const struct check *check = step->check; check; check = check->next)
        if (check->form == CHECK_DIMENSION && check->name.kind == VALUE_MEMBER &&
            check->name.member->dimension->gauge.kind == VALUE_TEXT)
            bring(context, &list, value_cases(context, &check->name.member->dimension->gauge));
    *things = list.rows;
    return list.count;
}

/* ---- checks ---- */

static const char *word_or(const struct value *value, const char *otherwise)
{
    const char *word = value_word(value, NULL);
    return word ? word : otherwise;
}

static void add_defects(struct emit_context *context, struct work_list *list,
                        const struct check *check)
{
    for (const struct simple *row = check->defects; row; row = row->next) {
        const struct defect *defect = value_defect(&row->value, NULL);
        struct work_check *to = add_row(context, list, sizeof *to);
        const char *says = defect && defect->says ? value_text(context, &defect->says->value) : "";
        const char *then = defect && defect->then ? value_text(context, &defect->then->value) : "";
        *to = (struct work_check){
            arena_printf(context->arena, "No %s", defect ? title_of(context, &defect->base) : ""),
            *then ? arena_printf(context->arena, "%s Then: %s.", says, then) : says,
            "look",
            defect && defect->class ? value_text(context, &defect->class->value) : "",
            NULL,
            row};
    }
}

int worksheet_checks(struct emit_context *context, const struct step *step,
                     struct work_check **checks)
{
    struct work_list list = {0};
    for (const struct check *check = step->check; check; check = check->next) {
        if (check->form == CHECK_DEFECTS) {
            add_defects(context, &list, check);
            continue;
        }
        struct work_check *to = add_row(context, &list, sizeof *to);
        if (check->form == CHECK_DIMENSION && check->name.kind == VALUE_MEMBER) {
            const struct dimension_row *row = check->name.member->dimension;
            *to = (struct work_check){
                arena_printf(context->arena, "%s: %s",
                             title_of(context, check->name.member->declaration), row->name.word),
                value_cases(context, &row->size),
                row->gauge.kind == VALUE_TEXT ? value_cases(context, &row->gauge) : "",
                word_or(&row->class, ""),
                check->name.member->declaration,
                row};
        } else {
            const char *name = word_or(&check->name, "");
            *to = (struct work_check){check->form == CHECK_COUNT ? "Count" : name,
                                      value_cases(context, &check->text),
                                      check->form == CHECK_COUNT ? "count" : "look",
                                      word_or(&check->class, ""),
                                      NULL,
                                      check};
        }
    }
    *checks = list.rows;
    return list.count;
}

bool worksheet_looks_for(const struct step *step, const struct defect *defect)
{
    for (const struct check *check = step->check; check; check = check->next)
        for (const struct simple *row = check->defects; row; row = row->next)
            if (value_defect(&row->value, NULL) == defect)
                return true;
    return false;
}

/* ---- sampling ---- */

const char *sample_words(struct emit_context *context, const struct sample *sample)
{
    const char *number =
        sample->number.kind == VALUE_ABSENT ? "" : value_text(context, &sample->number);
    switch (sample->form) {
    case SAMPLE_ALL:
        return "every unit";
    case SAMPLE_FIRST:
        return strcmp(number, "1") == 0 ? "the first unit"
                                        : arena_printf(context->arena, "the first %s", number);
    case SAMPLE_FIRST_PER_BATCH:
        if (strcmp(number, "1") == 0)
            return "the first unit of each batch";
        return arena_printf(context->arena, "the first %s of each batch", number);
    case SAMPLE_EVERY:
        return arena_printf(context->arena, "one in every %s", number);
    case SAMPLE_PER_BATCH:
        return arena_printf(context->arena, "%s of each batch", number);
    case SAMPLE_AQL:
        return arena_printf(context->arena, "AQL %s, level %s (ISO 2859-1, single, normal)", number,
                            sample->level);
    case SAMPLE_ZERO_AQL:
        return arena_printf(context->arena, "accept on zero, AQL %s", number);
    case SAMPLE_ZERO_LTPD:
        return arena_printf(context->arena, "accept on zero, %s defective passes one time in ten",
                            number);
    }
    return "";
}

bool worksheet_sample_for(struct emit_context *context, const struct step *step, long lot,
                          struct work_sample *to)
{
    struct sampling_plan plan;
    struct failure failure;
    struct buffer accepts = {0};
    if (!step->sample || lot < 1 ||
        !sampling_plan(step->sample, lot, INSPECTION_NORMAL, &plan, &failure))
        return false;
    struct operating operating = sampling_operating(step->sample, lot, &plan);
    operating_words(&accepts, &operating);
    *to =
        (struct work_sample){arena_printf(context->arena, "%ld", lot),
                             plan.all ? arena_printf(context->arena, "%ld (all)", lot)
                                      : arena_printf(context->arena, "%ld", plan.n),
                             arena_printf(context->arena, "%ld", plan.ac),
                             arena_printf(context->arena, "%ld", plan.re), keep(context, &accepts)};
    return true;
}

const char *worksheet_sample_note(const struct work_sample *samples, int count)
{
    for (int i = 1; i < count; i++)
        if (strcmp(samples[i].n, samples[0].n) || strcmp(samples[i].accept, samples[0].accept))
            return "A lot of another size: as the next larger one here.";
    return "A lot of another size: the same.";
}

const char *worksheet_result_note(struct emit_context *context, const struct step *step)
{
    return arena_printf(context->arena,
                        "More than one unit: a row each on the form Inspection record: %s.",
                        title_of(context, &step->base));
}

bool worksheet_samples_judge(const struct work_sample *samples, int count)
{
    for (int i = 0; i < count; i++)
        if (*samples[i].accepts)
            return true;
    return false;
}

/* Adds the plan where the lot is a new one, so that lots stand in order. */
static void add_lot(struct emit_context *context, struct work_list *list, long *lots,
                    const struct step *step, long lot)
{
    struct work_sample one, *rows;
    int at = list->count;
    while (at > 0 && lots[at - 1] > lot)
        at--;
    if ((at > 0 && lots[at - 1] == lot) || !worksheet_sample_for(context, step, lot, &one))
        return;
    add_row(context, list, sizeof one);
    rows = list->rows;
    memmove(rows + at + 1, rows + at, sizeof one * (size_t)(list->count - 1 - at));
    memmove(lots + at + 1, lots + at, sizeof *lots * (size_t)(list->count - 1 - at));
    rows[at] = one;
    lots[at] = lot;
}

/* The lots that the product's quantities make at this step, each once, in order. */
int worksheet_samples(struct emit_context *context, const struct step *step,
                      struct work_sample **samples)
{
    struct work_list list = {0};
    struct rational *quantities;
    *samples = NULL;
    if (!step->sample || step->sample->form == SAMPLE_ALL)
        return 0;
    int count = cost_quantities(context->spec, context->product, &quantities, context->arena);
    long *lots = ARENA_ARRAY(context->arena, long, count + 1);
    for (int i = 0; i < count; i++) {
        struct sku sku;
        struct cost_sheet sheet;
        sku_at(context->product, 0, &sku);
        cost_reckon(context->spec, &sku, quantities[i], context->arena, &sheet);
        for (int j = 0; sheet.valid && j < sheet.step_count; j++)
            if (sheet.steps[j].step == step)
                add_lot(context, &list, lots, step, sheet.steps[j].lot);
    }
    *samples = list.rows;
    return list.count;
}

/* ---- routes, records, contents ---- */

int worksheet_routes(struct emit_context *context, const struct step *step,
                     struct work_pair **routes)
{
    static const char *const ends[] = {[TARGET_STEP] = "",
                                       [TARGET_SCRAP] = "scrap",
                                       [TARGET_QUARANTINE] = "quarantine",
                                       [TARGET_DONE] = "done"};
    static const char *const words[] = {
        /* as the bins' labels say it */
        [OUTCOME_PASS] = "good",      [OUTCOME_APPROVE] = "approved", [OUTCOME_REWORK] = "rework",
        [OUTCOME_FAILURE] = "failed", [OUTCOME_REJECT] = "rejected",  [OUTCOME_REFUSE] = "refused"};
    struct work_list list = {0};
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        const struct route *route = step_route(step, o);
        struct buffer text = {0};
        if (!route->present)
            continue;
        buffer_add_text(&text, route->target == TARGET_STEP ? title_of(context, &route->step->base)
                                                            : ends[route->target]);
        if (route->at_most)
            buffer_addf(&text, ", a unit at most %s\303\227%s", value_text(context, route->at_most),
                        o == OUTCOME_REWORK ? ", then it is rejected" : "");
        add_pair(context, &list, words[o], keep(context, &text));
    }
    *routes = list.rows;
    return list.count;
}

int worksheet_records(struct emit_context *context, const struct step *step,
                      struct work_pair **records)
{
    struct work_list list = {0};
    for (const struct parameter *row = step->record; row; row = row->next) {
        struct value name = row->name;
        const char *unit = row->unit > 0 ? context->spec->units[row->unit - 1]->text : "";
        add_pair(context, &list,
                 row->title.kind == VALUE_TEXT ? value_cases(context, &row->title)
                                               : value_text(context, &name),
                 unit);
    }
    *records = list.rows;
    return list.count;
}

/* "black PLA, white PLA": its own material, then the further ones. */
static const char *materials_text(struct emit_context *context, const struct part *part)
{
    const char *text = part->material ? value_cases(context, &part->material->value) : "";
    for (const struct portion *with = part->with; with; with = with->next)
        text = arena_printf(context->arena, "%s, %s", text, value_cases(context, &with->material));
    return text;
}

static const char *content_detail(struct emit_context *context, const struct declaration *what)
{
    if (what->kind == KIND_part)
        return materials_text(context, (const struct part *)what);
    if (what->kind == KIND_item && ((const struct item *)what)->sku)
        return value_cases(context, &((const struct item *)what)->sku->value);
    return "";
}

int worksheet_contents(struct emit_context *context, struct work_content **contents)
{
    struct work_list list = {0};
    const struct counted *lists[] = {context->product->contains, context->product->spare};
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            const struct declaration *what = value_declaration(&row->what, NULL);
            if (!what)
                continue;
            const char *title = title_of(context, what);
            *(struct work_content *)add_row(context, &list, sizeof(struct work_content)) =
                (struct work_content){i ? arena_printf(context->arena, "%s (spare)", title) : title,
                                      content_detail(context, what),
                                      value_cases(context, &row->count), what};
        }
    *contents = list.rows;
    return list.count;
}
