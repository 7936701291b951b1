/* The schema's tables: kinds.def joined with the structs it makes. */
#include "schema/schema.h"
#include "spec/spec.h"

#include <stdlib.h>
#include <string.h>

#define FIELD(kind_, struct_, name_, type_, phrase_, flags_, documentation_)                       \
    {.name = #name_,                                                                               \
     .kind = kind_,                                                                                \
     .phrase = phrase_,                                                                            \
     .flags = flags_,                                                                              \
     .documentation = documentation_,                                                              \
     .type = #type_,                                                                               \
     .offset = offsetof(struct struct_, name_),                                                    \
     .row_size = sizeof(struct type_),                                                             \
     .special = phrase_[0] == '!'},

/* One macro a kind: FIELDS_kind gives a field's columns, these add whose it is. */
#define AS(kind_, struct_, ...) FIELD(KIND_##kind_, struct_, __VA_ARGS__)
#define F_shop(...) AS(shop, shop, __VA_ARGS__)
#define F_station(...) AS(station, station, __VA_ARGS__)
#define F_role(...) AS(role, role, __VA_ARGS__)
#define F_process(...) AS(process, process, __VA_ARGS__)
#define F_machine(...) AS(machine, machine, __VA_ARGS__)
#define F_material(...) AS(material, material, __VA_ARGS__)
#define F_item(...) AS(item, item, __VA_ARGS__)
#define F_defect(...) AS(defect, defect, __VA_ARGS__)
#define F_standard(...) AS(standard, standard, __VA_ARGS__)
#define F_do(...) AS(do, instruction, __VA_ARGS__)
#define F_part(...) AS(part, part, __VA_ARGS__)
#define F_product(...) AS(product, product, __VA_ARGS__)
#define F_workflow(...) AS(workflow, workflow, __VA_ARGS__)
#define F_release(...) AS(release, release, __VA_ARGS__)
#define F_price(...) AS(price, price, __VA_ARGS__)
#define F_packet(...) AS(packet, packet, __VA_ARGS__)
#define F_batch(...) AS(batch, step, __VA_ARGS__)
#define F_print(...) AS(print, step, __VA_ARGS__)
#define F_cut(...) AS(cut, step, __VA_ARGS__)
#define F_treat(...) AS(treat, step, __VA_ARGS__)
#define F_inspect(...) AS(inspect, step, __VA_ARGS__)
#define F_gate(...) AS(gate, step, __VA_ARGS__)
#define F_finish(...) AS(finish, step, __VA_ARGS__)
#define F_assemble(...) AS(assemble, step, __VA_ARGS__)
#define F_outsource(...) AS(outsource, step, __VA_ARGS__)
#define F_pack(...) AS(pack, step, __VA_ARGS__)
#define F_ship(...) AS(ship, step, __VA_ARGS__)

#define K(name, named, documentation)                                                              \
    static const struct field_row fields_##name[] = {FIELDS_##name(F_##name){.phrase = NULL}};
TOP_KINDS(K)
K(do, 0, 0)
#undef K
#define K(name, outcomes, documentation)                                                           \
    static const struct field_row fields_##name[] = {FIELDS_##name(F_##name){.phrase = NULL}};
STEP_KINDS(K)
#undef K

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)) - 1)

const struct kind_row kind_rows[KIND_COUNT] = {
    [KIND_none] = {.name = ""},
    [KIND_let] = {.name = "let", .named = true, .documentation = "A named value."},
    [KIND_do] = {.name = "do",
                 .documentation = "A line of work.",
                 .fields = fields_do,
                 .field_count = COUNT(fields_do)},
#define K(name_, named_, documentation_)                                                           \
    [KIND_##name_] = {.name = #name_,                                                              \
                      .named = named_,                                                             \
                      .top = true,                                                                 \
                      .documentation = documentation_,                                             \
                      .fields = fields_##name_,                                                    \
                      .field_count = COUNT(fields_##name_)},
    TOP_KINDS(K)
#undef K
#define K(name_, outcomes_, documentation_)                                                        \
    [KIND_##name_] = {.name = #name_,                                                              \
                      .named = true,                                                               \
                      .outcomes = outcomes_,                                                       \
                      .documentation = documentation_,                                             \
                      .fields = fields_##name_,                                                    \
                      .field_count = COUNT(fields_##name_)},
        STEP_KINDS(K)
#undef K
};

const char *const outcome_names[OUTCOME_COUNT] = {
    [OUTCOME_PASS] = "pass",       [OUTCOME_APPROVE] = "approve", [OUTCOME_REWORK] = "rework",
    [OUTCOME_FAILURE] = "failure", [OUTCOME_REJECT] = "reject",   [OUTCOME_REFUSE] = "refuse",
};

/* do_ is called do. */
static size_t name_length(const char *name)
{
    size_t length = strlen(name);
    return length && name[length - 1] == '_' ? length - 1 : length;
}

static bool is_named(const struct field_row *field, const char *name, size_t length)
{
    return field->name[0] == name[0] && name_length(field->name) == length &&
           memcmp(field->name, name, length) == 0;
}

enum kind kind_find(const char *name)
{
    for (int kind = KIND_none + 1; kind < KIND_COUNT; kind++)
        if (kind_rows[kind].name[0] == name[0] && strcmp(kind_rows[kind].name, name) == 0)
            return (enum kind)kind;
    return KIND_none;
}

const struct field_row *field_find(enum kind kind, const char *name)
{
    size_t length = strlen(name);
    const struct kind_row *row = &kind_rows[kind];
    for (int i = 0; i < row->field_count; i++)
        if (is_named(&row->fields[i], name, length))
            return &row->fields[i];
    return NULL;
}

bool schema_knows_word(const char *word)
{
    if (kind_find(word) != KIND_none)
        return true;
    for (int kind = KIND_none + 1; kind < KIND_COUNT; kind++)
        if (field_find((enum kind)kind, word))
            return true;
    return false;
}

const char *field_suggest(enum kind kind, const char *word)
{
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const char *name = kind_rows[kind].fields[i].name;
        int distance = edit_distance(word, name);
        if (distance < nearest) {
            nearest = distance;
            best = strcmp(name, "do_") ? name : "do";
        }
    }
    return best && close_enough(word, nearest) ? best : NULL;
}

const char *kind_suggest(const char *word, bool steps)
{
    const char *best = NULL;
    int nearest = 1000;
    for (int kind = KIND_none + 1; kind < KIND_COUNT; kind++) {
        if (kind == KIND_do || kind_is_step((enum kind)kind) != steps)
            continue;
        int distance = edit_distance(word, kind_rows[kind].name);
        if (distance < nearest) {
            nearest = distance;
            best = kind_rows[kind].name;
        }
    }
    return best && close_enough(word, nearest) ? best : NULL;
}

const struct row *field_rows(const void *block, const struct field_row *field)
{
    const struct row *rows;
    memcpy(&rows, (const char *)block + field->offset, sizeof rows);
    return rows;
}

const struct value *row_values(const struct row *row, const struct field_row *field, int *count)
{
    *count = field->special ? 0 : (int)((field->row_size - sizeof *row) / sizeof(struct value));
    return (const struct value *)(row + 1);
}
