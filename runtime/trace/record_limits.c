/* What the checks ask of the SKUs in the batch: the limits that a result is read by, in the unit it is measured in. */
#include "trace/record_private.h"

#include <string.h>

/* Kept in base units; said in the unit that the spec states the size in. */
static const char *in_unit(struct record *record, const struct value *value,
                           const struct unit *unit)
{
    struct buffer text = {0};
    if (value->kind != VALUE_NUMBER)
        return "";
    struct rational number = value->number;
    if (unit)
        number = rational_divide(rational_subtract(number, unit->offset), unit->scale);
    rational_print_exact(&text, number);
    const char *kept = arena_copy_text(&record->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}

static struct record_limit limit_of(struct record *record, const struct check *check, int32_t index)
{
    const struct spec *spec = record->revision->spec;
    struct record_limit limit = {"", "", "", "", "", ""};
    struct sku sku;
    sku_at(record->revision->made, index, &sku);
    if (check->form == CHECK_DEFECTS) {
        struct buffer text = {0};
        for (const struct simple *row = check->defects; row; row = row->next) {
            const struct defect *defect = value_defect(&row->value, &sku);
            buffer_addf(&text, "%s%s", text.length ? ", " : "none of ",
                        defect ? record_title_of(record, &defect->base) : "");
        }
        limit.text = arena_copy_text(&record->arena, buffer_text(&text), text.length);
        buffer_free(&text);
        return limit;
    }
    if (check->form != CHECK_DIMENSION) {
        limit.text = value_string(spec, &check->text, &sku, &record->arena);
        return limit;
    }
    const struct value *value = value_for(&check->name.member->dimension->size, &sku);
    limit.text = value_string(spec, value, &sku, &record->arena);
    if (value->kind != VALUE_SIZE)
        return limit;
    const struct size *size = value->size;
    const struct value *stated = size->nominal.kind == VALUE_NUMBER ? &size->nominal
                                 : size->upper.kind == VALUE_NUMBER ? &size->upper
                                                                    : &size->lower;
    const struct unit *unit = stated->kind == VALUE_NUMBER ? spec_unit(spec, stated) : NULL;
    limit.unit = unit ? unit->text : size->scale ? size->scale : "";
    limit.nominal = in_unit(record, &size->nominal, unit);
    limit.lower = in_unit(record, &size->lower, unit);
    limit.upper = in_unit(record, &size->upper, unit);
    return limit;
}

static void add_sku(struct record *record, struct record_limit *limit, const char *code)
{
    limit->skus = *limit->skus ? arena_printf(&record->arena, "%s, %s", limit->skus, code) : code;
}

/* One limit for all SKUs that are alike by it; which one each kind of unit has goes to `of`. */
static void reckon_check(struct record *record, struct record_check *check, int *of)
{
    for (int kind = 0; kind < record->skus.count; kind++) {
        struct record_limit limit = limit_of(record, check->check, record->skus.rows[kind].sku);
        int i = 0;
        while (i < check->limits.count && strcmp(check->limits.rows[i].text, limit.text) != 0)
            i++;
        if (i == check->limits.count)
            *RECORD_ADD(&record->arena, &check->limits) = limit;
        add_sku(record, &check->limits.rows[i], record->skus.rows[kind].code);
        of[kind] = i;
    }
    if (check->limits.count == 1)
        check->limits.rows[0].skus = "";
    for (int i = 0; i < check->results.count; i++) {
        struct record_result *result = &check->results.rows[i];
        result->limit = result->unit ? of[record->units[result->unit - 1].kind] : 0;
    }
}

void record_reckon_limits(struct record *record)
{
    int *of = ARENA_ARRAY(&record->arena, int, record->skus.count + 1);
    for (int i = 0; i < record->step_count; i++)
        for (int j = 0; j < record->steps[i].checks.count; j++)
            reckon_check(record, &record->steps[i].checks.rows[j], of);
}
