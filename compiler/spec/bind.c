/* Blocks: each entry becomes the rows of its field. */
#include "spec/binder.h"

#include <string.h>

#define FIELDS_AT_MOST 40

struct scope scope_of(struct declaration *declaration)
{
    struct declaration *owner =
        declaration->kind == KIND_product ? declaration : declaration->owner;
    struct scope scope = {declaration, NULL, NULL};
    if (owner && owner->kind == KIND_product)
        scope.product = (struct product *)owner;
    if (scope.product)
        scope.workflow = scope.product->workflow;
    return scope;
}

/* ---- fields of a block ---- */

static const struct field_row *field_of(struct binder *binder, enum kind kind, const char *head)
{
    const struct field_row *field = map_get(&binder->fields, &kind_rows[kind], head);
    if (!field && (field = field_find(kind, head)))
        map_put(&binder->fields, &kind_rows[kind], head, (void *)(uintptr_t)field);
    return field;
}

/* Entries of a block that are no fields: the caller of bind_block reads them. */
static bool is_structure(enum kind kind, const struct entry *entry)
{
    if (strcmp(entry->head, "like") == 0)
        return kind != KIND_do;
    if (entry->kind == ENTRY_ROUTE)
        return kind_is_step(kind);
    enum kind inner = kind_find(entry->head);
    if (kind == KIND_product)
        return inner == KIND_part || kind_is_step(inner);
    return kind == KIND_workflow && kind_is_step(inner);
}

/* Circles of fields that quote each other. */
static bool is_pending(const struct binder *binder, const struct declaration *declaration,
                       const struct field_row *field)
{
    for (const struct pending_field *at = binder->pending; at; at = at->outer)
        if (at->declaration == declaration && at->field == field)
            return true;
    return false;
}

struct block_state {
    const struct entry *first[FIELDS_AT_MOST]; /* by field: where it was said */
    struct row *last[FIELDS_AT_MOST];
};

static struct row *last_row(struct row *rows)
{
    while (rows->next)
        rows = (struct row *)(void *)(uintptr_t)rows->next;
    return rows;
}

static void set_rows(void *block, const struct field_row *field, const struct row *rows)
{
    memcpy((char *)block + field->offset, &rows, sizeof rows);
}

/* Fields whose rows go by a name: an own row replaces the one of its name, the others come along. */
static const char *row_name(const struct row *row, const struct field_row *field)
{
    static const char *const named[] = {"dimension", "exchange", "fee",   "record", "approve",
                                        "variant",   "asks",     "stack", "allow"};
    const struct value *first = (const struct value *)(row + 1);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(field->name, named[i]) == 0)
            return first->kind == VALUE_WORD ? first->word : NULL;
    return NULL;
}

/* Where the named rows of a field of a block are remembered: each field of each block is a scope of its own. */
static const void *rows_scope(const void *block, const struct field_row *field)
{
    return (const char *)block + field->offset;
}

/* Rows that go by a name have each name once. */
static void check_names_once(struct binder *binder, const void *block,
                             const struct field_row *field, const struct row *rows)
{
    for (const struct row *row = rows; row; row = (const struct row *)(const void *)row->next) {
        const char *name = row_name(row, field);
        if (!name || strcmp(field->name, "allow") == 0)
            continue;
        const struct row *first = map_get(&binder->rows, rows_scope(block, field), name);
        if (!first) {
            map_put(&binder->rows, rows_scope(block, field), name, (void *)(uintptr_t)row);
            continue;
        }
        struct diagnostics *list = binder->spec.diagnostics;
        struct diagnostic *d =
            report(list, RULE_duplicate_name, ((const struct value *)(row + 1))->span,
                   "%s `%s` is declared twice", field->name, name);
        add_label(list, d, ((const struct value *)(first + 1))->span, "first declared here");
    }
}

/* 20 .. 4 holds nothing. */
static void check_range(struct binder *binder, const struct field_row *field,
                        const struct row *rows)
{
    const struct range *row = (const struct range *)(const void *)rows;
    if (strcmp(field->type, "range") || row->from.kind != VALUE_NUMBER ||
        row->to.kind != VALUE_NUMBER)
        return;
    if (rational_compare(row->from.number, row->to.number) > 0)
        report(binder->spec.diagnostics, RULE_out_of_range, row->span, "the range of `%s` is empty",
               field->name);
}

static void report_twice(struct binder *binder, const struct entry *entry,
                         const struct entry *first)
{
    struct diagnostics *list = binder->spec.diagnostics;
    struct diagnostic *d = report(list, RULE_duplicate_field, entry_head_span(entry),
                                  "`%s` is said twice", entry->head);
    add_label(list, d, entry_head_span(first), "first here");
}

static void bind_field(struct binder *binder, const struct scope *scope, void *block,
                       enum kind kind, const struct field_row *field, const struct entry *entry,
                       struct block_state *state)
{
    long index = field - kind_rows[kind].fields;
    if (state->first[index] && !(field->flags & REPEATED)) {
        report_twice(binder, entry, state->first[index]);
        return;
    }
    if (!state->first[index])
        state->first[index] = entry;
    bool on_demand =
        !state->last[index] && field_rows(block, field) && scope->self && kind != KIND_do;
    if (entry->failed || on_demand) {
        if (scope->self && entry->failed)
            scope->self->failed = true;
        return;
    }
    struct pending_field pending = {binder->pending, scope->self, field};
    binder->pending = &pending;
    struct row *rows = match_entry(binder, scope, field, entry);
    binder->pending = pending.outer;
    if (entry->has_block && !(field->flags & HAS_BLOCK)) {
        report(binder->spec.diagnostics, RULE_bad_phrase,
               (struct span){entry->block_end, entry->block_end + 1}, "`%s` has no block",
               entry->head);
        rows = NULL;
    }
    if (!rows) {
        if (scope->self)
            scope->self->failed = true;
        return;
    }
    check_range(binder, field, rows);
    if (scope->self)
        scope->self->poisoned |= has_poison(rows, field);
    if (state->last[index])
        memcpy((void *)(uintptr_t)&state->last[index]->next, &rows, sizeof rows);
    else
        set_rows(block, field, rows);
    check_names_once(binder, block, field, rows);
    state->last[index] = last_row(rows);
}

static void report_missing(struct binder *binder, struct span head, enum kind kind,
                           const char *name, const struct field_row *field, const char *lacks)
{
    struct diagnostics *list = binder->spec.diagnostics;
    struct diagnostic *d =
        name ? report(list, RULE_missing_field, head, "%s `%s` does not say its `%s`",
                      kind_rows[kind].name, name, lacks)
             : report(list, RULE_missing_field, head, "this %s does not say its `%s`",
                      kind_rows[kind].name, lacks);
    if (field)
        set_help(list, d, "add: %s %s", field->name, field_phrase(field));
}

void check_required(struct binder *binder, void *block, enum kind kind,
                    struct declaration *declaration, struct span head)
{
    if (declaration->failed)
        return; /* what was misspelt or unreadable may have been it */
    bool lacks = false;
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        const struct declaration *like = declaration->like;
        bool lost_before = like && like->kind == kind && !field_rows(like, field);
        if (!(field->flags & REQUIRED) || field_rows(block, field))
            continue;
        lacks = true;
        if (!lost_before)
            report_missing(binder, head, kind, declaration->name, field, field->name);
    }
    if (kind == KIND_print || kind == KIND_cut) {
        const struct step *step = block;
        if (!step->makes && !step->works && !step->inherited) {
            lacks = true;
            report_missing(binder, head, kind, declaration->name, field_find(kind, "makes"),
                           "makes` or `works");
        }
    }
    declaration->failed |= lacks && kind_is_step(kind); /* what it does is not known */
}

void bind_block(struct binder *binder, const struct scope *scope, void *block, enum kind kind,
                const struct entry *entries, struct declaration *declaration,
                const struct entry *head)
{
    struct block_state state = {0};
    const struct entry *like = NULL;
    (void)head;
    for (const struct entry *entry = entries; entry; entry = entry->next) {
        if (!entry->head || entry->kind == ENTRY_ERROR) {
            declaration->failed = true;
            if (entry->head) { /* said, though not readable */
                const struct field_row *field = field_of(binder, kind, entry->head);
                if (field && !state.first[field - kind_rows[kind].fields])
                    state.first[field - kind_rows[kind].fields] = entry;
            }
            continue;
        }
        const struct field_row *field =
            entry->kind == ENTRY_FIELD ? field_of(binder, kind, entry->head) : NULL;
        if (!field && !is_structure(kind, entry))
            field = field_meant(binder, kind, entries, entry);
        bool takes = is_structure(kind, entry) && strcmp(entry->head, "like") == 0;
        if (takes && like)
            report_twice(binder, entry, like);
        like = takes && !like ? entry : like;
        if (field) {
            bind_field(binder, scope, block, kind, field, entry, &state);
        } else if (!is_structure(kind, entry)) {
            declaration->failed = true;
        }
    }
}

/* ---- like ---- */

static struct row *copy_row(struct binder *binder, const struct row *row,
                            const struct field_row *field)
{
    struct row *copy = arena_alloc(binder->spec.arena, field->row_size);
    memcpy(copy, row, field->row_size);
    copy->next = NULL;
    return copy;
}

static void inherit_named(struct binder *binder, void *block, const struct row *theirs,
                          const struct field_row *field)
{
    const struct row *own = field_rows(block, field);
    struct row *first = NULL, *last = NULL;
    for (const struct row *row = theirs; row; row = (const struct row *)(const void *)row->next) {
        if (own && map_get(&binder->rows, rows_scope(block, field), row_name(row, field)))
            continue;
        struct row *copy = copy_row(binder, row, field);
        if (strcmp(field->type, "dimension_row") == 0)
            ((struct dimension_row *)(void *)copy)->part = block;
        if (last)
            last->next = (void *)copy;
        else
            first = copy;
        last = copy;
    }
    if (!first)
        return;
    last->next = (const void *)own;
    set_rows(block, field, first);
}

void inherit_fields(struct binder *binder, void *block, const void *from, enum kind kind)
{
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        const struct row *theirs = field_rows(from, field);
        if (!theirs)
            continue;
        if (row_name(theirs, field))
            inherit_named(binder, block, theirs, field);
        else if (!field_rows(block, field))
            set_rows(block, field, theirs);
    }
}

static struct entry *like_entry(const struct declaration *declaration)
{
    for (struct entry *entry = declaration->entry->block; entry; entry = entry->next)
        if (entry->head && entry->kind == ENTRY_FIELD && strcmp(entry->head, "like") == 0)
            return entry;
    return NULL;
}

/* The thing that `like` names; NULL after reporting. */
static struct declaration *like_target(struct binder *binder, const struct scope *scope,
                                       struct declaration *declaration, struct entry *entry)
{
    const struct node *item = entry->items;
    struct diagnostics *list = binder->spec.diagnostics;
    declaration->failed |= entry->failed;
    if (entry->failed)
        return NULL;
    if (!item || item->kind != NODE_NAME || item->next) {
        struct diagnostic *d =
            report(list, RULE_bad_phrase, item ? item->span : entry_head_span(entry),
                   "this does not fit the phrase of `like`");
        set_help(list, d, "write: like <%s>", kind_rows[declaration->kind].name);
        return NULL;
    }
    struct declaration *found = lookup(binder, scope, item->name);
    if (!found) {
        report_unknown(binder, scope, item->span, item->name, declaration->kind);
        return NULL;
    }
    mention(found, item->span);
    if (found->kind != declaration->kind) {
        if (found->kind != KIND_none)
            report(list, RULE_wrong_kind, item->span,
                   "`%s` is a %s, and only a %s can be taken here", found->name,
                   kind_rows[found->kind].name, kind_rows[declaration->kind].name);
        return NULL;
    }
    return found;
}

/* Longer than anybody writes; it is followed by recursion. */
#define LIKES_AT_MOST 500

static void bind_like(struct binder *binder, const struct scope *scope,
                      struct declaration *declaration)
{
    struct entry *entry = like_entry(declaration);
    if (!entry)
        return;
    struct declaration *target = like_target(binder, scope, declaration, entry);
    if (!target) {
        declaration->failed = true;
        return;
    }
    if (target->state == STATE_BINDING) {
        if (!target->failed)
            report(binder->spec.diagnostics, RULE_like_cycle, entry->items->span,
                   "`%s` is like itself", declaration->name);
        target->failed = declaration->failed = true;
        return;
    }
    if (binder->likes == LIKES_AT_MOST) {
        report(binder->spec.diagnostics, RULE_like_cycle, entry->items->span,
               "`like` goes on for more than %d things", LIKES_AT_MOST);
        target->failed = declaration->failed = true;
        return;
    }
    binder->likes++;
    bind_declaration(binder, target);
    binder->likes--;
    declaration->like = target;
    declaration->failed |= target->failed;
    inherit_fields(binder, declaration, target, declaration->kind);
}

/* ---- declarations ---- */

static void bind_title(struct binder *binder, const struct scope *scope,
                       struct declaration *declaration)
{
    const struct node *item = declaration->entry->items;
    while (item && item->kind == NODE_NAME)
        item = item->next;
    if (item && item->kind == NODE_TEXT && declaration->kind != KIND_workflow)
        declaration->title = evaluate_text(binder, scope, item);
}

static void mark_contained(struct binder *binder, struct product *product,
                           const struct counted *rows)
{
    int count = 0;
    for (const struct counted *row = rows; row; row = row->next) {
        if (++count == CONTAINED_AT_MOST && row->next) {
            report(binder->spec.diagnostics, RULE_out_of_range, row->next->what.span,
                   "a product contains at most %d things", CONTAINED_AT_MOST);
            ((struct counted *)(uintptr_t)row)->next = NULL;
            product->base.failed = true;
        }
        if (row->what.kind != VALUE_REFERENCE ||
            map_get(&binder->parts, row->what.declaration, product))
            continue;
        map_put(&binder->parts, row->what.declaration, product, product);
        struct user *user = ARENA_NEW(binder->spec.arena, struct user);
        *user = (struct user){map_get(&binder->users, NULL, row->what.declaration), product};
        map_put(&binder->users, NULL, row->what.declaration, user);
    }
}

static void finish_product(struct binder *binder, struct product *product)
{
    for (const struct axis *axis = product->variant; axis; axis = axis->next)
        product->axis_count++;
    if (product->axis_count > AXES_AT_MOST) {
        report(binder->spec.diagnostics, RULE_out_of_range, product->variant->span,
               "a product has at most %d axes", AXES_AT_MOST);
        product->axis_count = AXES_AT_MOST;
    }
    product->axes = ARENA_ARRAY(binder->spec.arena, const struct axis *, product->axis_count + 1);
    product->sku_count = 1;
    int i = 0;
    for (const struct axis *axis = product->variant; axis && i < product->axis_count;
         axis = axis->next) {
        product->axes[i++] = axis;
        product->sku_count *= axis->count;
        if (product->sku_count > SKUS_AT_MOST) {
            report(binder->spec.diagnostics, RULE_out_of_range, axis->span,
                   "a product has at most %d SKUs", SKUS_AT_MOST);
            product->sku_count = 1;
            product->axis_count = i - 1;
            break;
        }
    }
    mark_contained(binder, product, product->contains);
    mark_contained(binder, product, product->spare);
}

/* A shop's other money goes by its currencies, wherever in the block they are said. */
static void bind_currencies(struct binder *binder, struct declaration *shop)
{
    demand_field(binder, shop, field_find(KIND_shop, "currency"), shop->span);
    demand_field(binder, shop, field_find(KIND_shop, "exchange"), shop->span);
}

void bind_declaration(struct binder *binder, struct declaration *declaration)
{
    if (declaration->state != STATE_DECLARED || kind_is_step(declaration->kind))
        return;
    if (declaration->kind == KIND_let) {
        let_bind(binder, (struct let *)declaration);
        return;
    }
    if (declaration->kind == KIND_none || !declaration->name)
        return;
    declaration->state = STATE_BINDING;
    struct scope scope = scope_of(declaration);
    bind_title(binder, &scope, declaration);
    if (declaration->kind == KIND_workflow) {
        bind_workflow(binder, (struct workflow *)declaration);
    } else {
        if (declaration->kind == KIND_shop)
            bind_currencies(binder, declaration);
        bind_block(binder, &scope, declaration, declaration->kind, declaration->entry->block,
                   declaration, declaration->entry);
        bind_like(binder, &scope, declaration);
        check_required(binder, declaration, declaration->kind, declaration, declaration->span);
    }
    if (declaration->kind == KIND_product)
        finish_product(binder, (struct product *)declaration);
    declaration->state = STATE_BOUND;
}

/* ---- on demand ---- */

static const struct row *bind_one(struct binder *binder, struct declaration *declaration,
                                  const struct field_row *field)
{
    struct scope scope = scope_of(declaration);
    struct row *first = NULL;
    for (const struct entry *entry = declaration->entry->block; entry; entry = entry->next) {
        bool same = entry->head && entry->kind == ENTRY_FIELD && !entry->failed &&
                    field_of(binder, declaration->kind, entry->head) == field;
        if (!same)
            continue;
        struct pending_field pending = {binder->pending, declaration, field};
        binder->pending = &pending;
        struct row *rows = match_entry(binder, &scope, field, entry);
        binder->pending = pending.outer;
        if (rows && first)
            last_row(first)->next = (void *)rows;
        else if (rows)
            first = rows;
        if (!rows)
            declaration->failed = true;
    }
    if (first)
        set_rows(declaration, field, first);
    return first;
}

const struct row *demand_field(struct binder *binder, struct declaration *declaration,
                               const struct field_row *field, struct span asked)
{
    if (declaration->state == STATE_DECLARED)
        bind_declaration(binder, declaration);
    const struct row *rows = field_rows(declaration, field);
    if (rows || declaration->state == STATE_BOUND || !declaration->entry)
        return rows;
    if (is_pending(binder, declaration, field)) {
        if (!declaration->failed)
            report(binder->spec.diagnostics, RULE_let_cycle, asked, "the `%s` of `%s` needs itself",
                   field->name, declaration->name ? declaration->name : "");
        declaration->failed = true;
        return NULL;
    }
    return bind_one(binder, declaration, field);
}

/* ---- all ---- */

static void collect(struct binder *binder)
{
    struct spec *spec = &binder->spec;
    int count = binder->all_count;
    spec->declarations = ARENA_ARRAY(spec->arena, struct declaration *, count + 1);
    spec->products = ARENA_ARRAY(spec->arena, struct product *, count + 1);
    spec->parts = ARENA_ARRAY(spec->arena, struct part *, count + 1);
    for (int i = 0; i < count; i++) {
        struct declaration *declaration = binder->all[i];
        if (declaration->kind == KIND_none || !declaration->name)
            continue;
        spec->declarations[spec->declaration_count++] = declaration;
        if (declaration->kind == KIND_product)
            spec->products[spec->product_count++] = (struct product *)declaration;
        if (declaration->kind == KIND_part)
            spec->parts[spec->part_count++] = (struct part *)declaration;
    }
}

static void bind_kinds(struct binder *binder, bool workflows, bool packets)
{
    for (int i = 0; i < binder->all_count; i++) {
        enum kind kind = binder->all[i]->kind;
        if ((kind == KIND_workflow) == workflows && (kind == KIND_packet) == packets)
            bind_declaration(binder, binder->all[i]);
        if (kind == KIND_workflow && workflows && binder->all[i]->source == binder->spec.main)
            arena_release(&binder->workflow_trees, binder->all[i]->entry);
    }
}

/* What was not bound by now will not be: its workflow was not, for a mistake that is said. */
static void drop_workflow_trees(struct binder *binder)
{
    for (int i = 0; i < binder->all_count; i++)
        if (kind_is_step(binder->all[i]->kind))
            binder->all[i]->state = STATE_BOUND;
    arena_free(&binder->workflow_trees);
}

void bind_all(struct binder *binder)
{
    attach_all(binder);
    for (int i = 0, count = binder->all_count; i < count; i++)
        if (binder->all[i]->kind == KIND_workflow && binder->all[i]->owner)
            declare_steps(binder, (struct workflow *)binder->all[i]);
    if (binder->spec.shop) {
        bind_declaration(binder, &binder->spec.shop->base);
        const struct value *week = binder->spec.shop->week ? &binder->spec.shop->week->value : NULL;
        if (week && week->kind == VALUE_NUMBER)
            binder->spec.workday_s = rational_divide(week->number, rational_integer(5));
    }
    bind_kinds(binder, false, false);
    bind_kinds(binder, true, false);
    drop_workflow_trees(binder);
    bind_kinds(binder, false, true); /* packets name steps, those that `like` brought too */
    collect(binder);
    check_variants(binder);
    spread_poison(binder);
}
