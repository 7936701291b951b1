/* How the parts of a SKU are made: the steps of its workflow that make or work them, on which machines. */
#include "check/making.h"

#include "base/memory.h"
#include "check/family.h"

#include <stdlib.h>
#include <string.h>

static void add_operations(struct making *making, const struct step *step)
{
    const struct simple *lists[] = {step->makes, step->works};
    for (int works = 0; works < 2; works++)
        for (const struct simple *row = lists[works]; row; row = row->next)
            if (value_part(&row->value, making->sku) == making->part) {
                making->operations[making->count++] = (struct operation){step, works};
                break;
            }
}

static bool is_repeated(const struct counted *rows, const struct counted *row,
                        const struct sku *sku)
{
    for (; rows != row; rows = rows->next)
        if (value_declaration(&rows->what, sku) == value_declaration(&row->what, sku))
            return true;
    return false;
}

static void visit_sku(struct spec *spec, const struct product *product, const struct sku *sku,
                      struct operation *operations,
                      void (*visit)(struct spec *spec, const struct making *making))
{
    const struct counted *lists[] = {product->contains, product->spare};
    const struct workflow *workflow = product->workflow;
    for (int list = 0; list < 2; list++)
        for (const struct counted *row = lists[list]; row; row = row->next) {
            struct making making = {value_part(&row->what, sku), product, sku, operations, 0};
            if (!making.part || is_repeated(lists[list], row, sku))
                continue;
            for (int i = 0; workflow && i < workflow->step_count; i++)
                if (step_is_for(workflow->steps[i], sku))
                    add_operations(&making, workflow->steps[i]);
            visit(spec, &making);
        }
}

void for_each_making(struct spec *spec, const struct product *product,
                     void (*visit)(struct spec *spec, const struct making *making))
{
    const struct sku_list *list = distinct_skus(spec, product);
    size_t steps = product->workflow ? (size_t)product->workflow->step_count : 0;
    struct operation *operations = memory_alloc((2 * steps + 1) * sizeof *operations);
    for (long i = 0; i < list->count; i++)
        visit_sku(spec, product, &list->items[i].sku, operations, visit);
    free(operations);
}

const struct value *number_for(const struct simple *row, const struct sku *sku)
{
    const struct value *value = row ? value_for(&row->value, sku) : NULL;
    return value && value->kind == VALUE_NUMBER ? value : NULL;
}

const struct process *part_process(const struct making *making)
{
    return making->part->process ? value_process(&making->part->process->value, making->sku) : NULL;
}

const struct process *machine_process(const struct machine *machine, const struct sku *sku)
{
    return machine->process ? value_process(&machine->process->value, sku) : NULL;
}

const char *process_kind(const struct process *process)
{
    const char *kind = process && process->kind ? value_word(&process->kind->value, NULL) : NULL;
    return kind ? kind : "";
}

bool machine_fits(const struct machine *machine, const struct making *making,
                  const struct operation *operation)
{
    const struct process *process = machine_process(machine, making->sku);
    const struct process *own = part_process(making);
    if (!process || !own || process == own)
        return true;
    const char *step_kind = operation->step->base.kind == KIND_print ? "additive" : "subtractive";
    return operation->works && (strcmp(process_kind(process), process_kind(own)) == 0 ||
                                strcmp(process_kind(process), step_kind) == 0);
}

const struct machine *machine_at(const struct simple *row, const struct sku *sku, bool *unknown)
{
    const struct machine *machine = value_machine(&row->value, sku);
    if (machine && !machine->base.failed)
        return machine;
    *unknown = true;
    return NULL;
}

const char *length_text(struct spec *spec, struct rational mm)
{
    struct buffer text = {0};
    rational_print_short(&text, mm, 4);
    buffer_add_text(&text, " mm");
    const char *copy = arena_copy_text(spec->scratch, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}
