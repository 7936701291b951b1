/* Workflows: their steps, what they take from another, and where each outcome leads. */
#include "spec/tokens.h"

#include <string.h>

/* ---- declaring ---- */

static struct entry *steps_of(const struct workflow *workflow)
{
    return workflow->base.entry->block;
}

void declare_steps(struct binder *binder, struct workflow *workflow)
{
    for (struct entry *entry = steps_of(workflow); entry; entry = entry->next) {
        bool inside = steps_of(workflow) == workflow->product->base.entry->block;
        enum kind kind = kind_inside(binder, entry, inside);
        if (!kind_is_step(kind)) {
            if (!entry->head || entry->kind == ENTRY_ERROR ||
                (entry->has_block && kind == KIND_none))
                declare_unknown(binder, workflow, entry, workflow->base.source);
            continue;
        }
        struct step *step = (struct step *)declare(binder, kind, entry, workflow->base.source,
                                                   &workflow->product->base);
        step->workflow = workflow;
        declare_step_name(binder, step);
    }
}

/* ---- routes as written ---- */

static const struct field_row route_field = {
    .name = "route",
    .phrase = "-> <step>|scrap|quarantine|done [at most <count>] [expect <ratio>]",
    .special = true};

static enum outcome outcome_find(const char *name)
{
    int i = 0;
    while (i < OUTCOME_COUNT && strcmp(outcome_names[i], name))
        i++;
    return (enum outcome)i;
}

static const struct {
    const char *name;
    enum route_target target;
} ends[] = {{"scrap", TARGET_SCRAP}, {"quarantine", TARGET_QUARANTINE}, {"done", TARGET_DONE}};
enum { END_COUNT = sizeof ends / sizeof *ends };

/* Where no step's name is near, an end may be meant. */
static void report_unknown_target(struct binder *binder, const struct scope *scope,
                                  const struct node *node)
{
    struct diagnostics *list = binder->spec.diagnostics;
    report_unknown(binder, scope, node->span, node->name, KIND_FIRST_STEP);
    struct diagnostic *d = list->count ? list->items[list->count - 1] : NULL;
    const char *meant = "a step of this workflow, scrap, quarantine or done";
    for (int i = 0; i < END_COUNT; i++)
        if (close_enough(node->name, edit_distance(node->name, ends[i].name)))
            meant = ends[i].name;
    if (d && d->span.begin == node->span.begin && !d->help)
        set_help(list, d, "write: -> %s", meant);
}

static bool route_target(struct binder *binder, const struct scope *scope, struct route *route,
                         const struct node *node)
{
    for (int i = 0; i < END_COUNT; i++)
        if (strcmp(node->name, ends[i].name) == 0) {
            route->target = ends[i].target;
            return true;
        }
    struct step *step = map_get(&binder->names, scope->workflow, node->name);
    if (!step) {
        report_unknown_target(binder, scope, node);
        return false;
    }
    if (step->base.kind == KIND_none)
        return false;
    route->target = TARGET_STEP;
    route->step = step;
    mention(&step->base, node->span);
    return true;
}

static const struct value *keep_value(struct binder *binder, struct value value)
{
    struct value *kept = ARENA_NEW(binder->spec.arena, struct value);
    *kept = value;
    return kept;
}

static bool read_route(struct tokens *tokens, struct route *route)
{
    bool ok = true;
    const struct node *node = peek_value(tokens);
    if (!node || node->kind != NODE_NAME) {
        tokens_fail(tokens);
        return false;
    }
    tokens->at++;
    if (!route_target(tokens->binder, tokens->scope, route, node))
        return false;
    if (take_op(tokens, OP_AT_MOST))
        route->at_most = keep_value(tokens->binder, take_typed(tokens, "count", &ok));
    if (ok && take_word(tokens, "expect"))
        route->expect = keep_value(tokens->binder, take_typed(tokens, "ratio", &ok));
    return ok && tokens_end(tokens);
}

static void bind_route(struct binder *binder, const struct scope *scope, struct step *step,
                       const struct entry *entry)
{
    enum outcome outcome = outcome_find(entry->head);
    if (outcome == OUTCOME_COUNT || !(kind_rows[step->base.kind].outcomes & 1u << outcome)) {
        outcome = outcome_meant(binder, step, (struct entry *)(uintptr_t)entry);
        if (outcome == OUTCOME_COUNT) {
            step->base.failed = true;
            return;
        }
    }
    struct route *route = &step->routes[ROUTE_PLACE(outcome)];
    if (route->written) {
        struct diagnostic *d = report(binder->spec.diagnostics, RULE_duplicate_route, entry->span,
                                      "`%s` has two ways to go", entry->head);
        add_label(binder->spec.diagnostics, d, route->span, "first here");
        set_help(binder->spec.diagnostics, d, "keep the one that is meant");
        return;
    }
    *route =
        (struct route){.outcome = outcome, .span = entry->span, .written = true, .present = true};
    struct tokens tokens;
    if (entry->failed) {
        route->failed = true;
    } else {
        int used = binder->tokens_used;
        tokens_open(&tokens, binder, scope, &route_field, entry, false);
        route->failed = !read_route(&tokens, route);
        binder->tokens_used = used;
    }
}

/* ---- one step ---- */

static void note_cases(struct binder *binder, struct step *step)
{
    for (const struct simple *row = step->only; row; row = row->next) {
        if (row->value.kind != VALUE_WORD)
            continue;
        struct pending_case *pending = ARENA_NEW(binder->spec.arena, struct pending_case);
        *pending =
            (struct pending_case){binder->cases, (struct value *)(uintptr_t)&row->value, step};
        binder->cases = pending;
    }
}

static void bind_step(struct binder *binder, struct step *step);

static struct step *like_step(struct binder *binder, const struct scope *scope, struct step *step,
                              const struct entry *entry)
{
    const struct node *item = entry->items;
    struct diagnostics *list = binder->spec.diagnostics;
    bool name = item && !item->next && item->kind == NODE_NAME;
    if (entry->failed)
        return NULL;
    if (!name &&
        !(item && !item->next && item->kind == NODE_MEMBER && item->left->kind == NODE_NAME)) {
        struct diagnostic *d =
            report(list, RULE_bad_phrase, item ? item->span : entry_head_span(entry),
                   "this does not fit the phrase of `like`");
        set_help(list, d, "write: like <step>, or like <product>.<step>");
        return NULL;
    }
    const void *where = scope->workflow;
    if (!name) {
        struct declaration *product = lookup(binder, scope, item->left->name);
        if (!product) {
            report_unknown(binder, scope, item->left->span, item->left->name, KIND_product);
            return NULL;
        }
        mention(product, item->left->span);
        struct workflow *other =
            product->kind == KIND_product ? ((struct product *)product)->workflow : NULL;
        if (other && other->base.state == STATE_DECLARED)
            bind_declaration(binder, &other->base);
        where = other ? (const void *)other : (const void *)product;
    }
    struct step *found = map_get(&binder->names, where, item->name);
    if (!found) {
        report_unknown(binder, scope, item->span, item->name, KIND_FIRST_STEP);
        return NULL;
    }
    if (found->base.kind == KIND_none)
        return NULL;
    mention(&found->base,
            name ? item->span
                 : (struct span){item->span.end - (uint32_t)strlen(item->name), item->span.end});
    if (found->base.kind != step->base.kind) {
        report(list, RULE_wrong_kind, item->span,
               "`%s` is a %s step, and only a %s step can be taken here", found->base.name,
               kind_rows[found->base.kind].name, kind_rows[step->base.kind].name);
        return NULL;
    }
    if (found->base.state == STATE_BINDING) {
        if (!found->base.failed)
            report(list, RULE_like_cycle, item->span, "`%s` is like itself", step->base.name);
        found->base.failed = true;
        return NULL;
    }
    return found;
}

static void take_like(struct binder *binder, const struct scope *scope, struct step *step)
{
    for (const struct entry *entry = step->base.entry->block; entry; entry = entry->next) {
        if (!entry->head || entry->kind != ENTRY_FIELD || strcmp(entry->head, "like"))
            continue;
        struct step *other = like_step(binder, scope, step, entry);
        if (!other) {
            step->base.failed = true;
            return;
        }
        bind_step(binder, other);
        step->base.like = &other->base;
        step->base.failed |= other->base.failed;
        inherit_fields(binder, step, other, step->base.kind);
        return;
    }
}

static void bind_step(struct binder *binder, struct step *step)
{
    if (step->base.state != STATE_DECLARED)
        return;
    step->base.state = STATE_BINDING;
    struct scope scope = {&step->base, step->workflow->product, step->workflow};
    for (const struct node *item = step->base.entry->items; item; item = item->next)
        if (item->kind == NODE_TEXT)
            step->base.title = evaluate_text(binder, &scope, item);
    bind_block(binder, &scope, step, step->base.kind, step->base.entry->block, &step->base,
               step->base.entry);
    for (const struct entry *entry = step->base.entry->block; entry; entry = entry->next) {
        if (entry->head && entry->kind == ENTRY_ROUTE)
            bind_route(binder, &scope, step, entry);
        else if (entry->head)
            lose_route(step, entry);
    }
    take_like(binder, &scope, step);
    note_cases(binder, step);
    step->base.state = STATE_BOUND;
}

/* ---- workflow like another ---- */

static bool contains(const struct binder *binder, const struct product *product,
                     const struct value *what)
{
    if (what->kind != VALUE_REFERENCE)
        return true;
    return map_get(&binder->parts, what->declaration, product) != NULL;
}

/* Copies rows, leaving out those that `keep` refuses. The first value of a row is what it speaks of. */
static const void *cut_rows(struct binder *binder, const void *rows, size_t size,
                            const struct product *from, const struct product *product,
                            bool only_theirs)
{
    struct row *first = NULL, *last = NULL;
    for (const struct row *row = rows; row; row = (const struct row *)(const void *)row->next) {
        const struct value *what = (const struct value *)(row + 1);
        bool kept =
            contains(binder, product, what) || (only_theirs && !contains(binder, from, what));
        if (!kept)
            continue;
        struct row *copy = arena_alloc(binder->spec.arena, size);
        memcpy(copy, row, size);
        copy->next = NULL;
        if (last)
            last->next = (void *)copy;
        else
            first = copy;
        last = copy;
    }
    return first;
}

static const struct instruction *cut_instructions(struct binder *binder,
                                                  const struct instruction *rows,
                                                  const struct product *from,
                                                  const struct product *product)
{
    struct instruction *first = NULL, *last = NULL;
    for (; rows; rows = rows->next) {
        struct instruction *copy = ARENA_NEW(binder->spec.arena, struct instruction);
        *copy = *rows;
        copy->next = NULL;
        copy->consume = cut_rows(binder, rows->consume, sizeof *rows->consume, from, product, true);
        if (last)
            last->next = copy;
        else
            first = copy;
        last = copy;
    }
    return first;
}

/* An inherited `pack contains Q` reads as P. */
static const struct counted *packs_own(struct binder *binder, const struct counted *rows,
                                       const struct product *from, struct product *product)
{
    struct counted *copy = NULL;
    if (!rows)
        return NULL;
    copy = ARENA_NEW(binder->spec.arena, struct counted);
    *copy = *rows;
    if (copy->what.kind == VALUE_REFERENCE && copy->what.declaration == &from->base)
        copy->what.declaration = &product->base;
    return copy;
}

static struct step *copy_step(struct binder *binder, const struct step *from,
                              struct workflow *workflow)
{
    struct step *step = ARENA_NEW(binder->spec.arena, struct step);
    const struct product *theirs = from->workflow->product;
    struct product *own = workflow->product;
    *step = *from;
    step->workflow = workflow;
    memset(step->routes, 0, sizeof step->routes); /* they lead to the other's steps: merge_routes */
    step->inherited = true;
    step->base.owner = &own->base;
    step->base.like = &from->base;
    step->makes = cut_rows(binder, from->makes, sizeof *from->makes, theirs, own, false);
    step->works = cut_rows(binder, from->works, sizeof *from->works, theirs, own, false);
    step->plate = cut_rows(binder, from->plate, sizeof *from->plate, theirs, own, false);
    step->consume = cut_rows(binder, from->consume, sizeof *from->consume, theirs, own, true);
    step->do_ = cut_instructions(binder, from->do_, theirs, own);
    if (step->base.kind == KIND_pack)
        step->contains = packs_own(binder, from->contains, theirs, own);
    return step;
}

struct merge {
    struct binder *binder;
    struct workflow *workflow, *other;
    bool *skipped; /* by index in other */
    struct step **steps;
    int count;
};

static int position_of_step(const struct merge *merge, const char *name)
{
    for (int i = 0; i < merge->count; i++)
        if (merge->steps[i]->base.name == name)
            return i;
    return -1;
}

static void read_skips(struct merge *merge)
{
    struct scope scope = {&merge->workflow->base, merge->workflow->product, merge->other};
    for (const struct simple *row = merge->workflow->skip; row; row = row->next) {
        if (row->value.kind != VALUE_WORD)
            continue;
        bool found = false;
        for (int i = 0; i < merge->other->step_count; i++)
            if (merge->other->steps[i]->base.name == row->value.word)
                found = merge->skipped[i] = true;
        if (!found)
            report_unknown(merge->binder, &scope, row->value.span, row->value.word,
                           KIND_FIRST_STEP);
    }
}

/* Where a way to a step of the other workflow leads here: past what is skipped, along `pass`. A way that nobody knows
   the end of (failed: reported) stays one. */
static struct route follow(const struct merge *merge, struct route route)
{
    for (int hops = 0; route.target == TARGET_STEP && hops <= merge->other->step_count; hops++) {
        if (!route.step)
            return route;
        int at = position_of_step(merge, route.step->base.name);
        if (at >= 0) {
            route.step = merge->steps[at];
            return route;
        }
        enum outcome pass = route.step->base.kind == KIND_gate ? OUTCOME_APPROVE : OUTCOME_PASS;
        const struct route *next = step_route(route.step, pass);
        route.target = next->target;
        route.step = next->step;
        route.failed |= next->failed;
    }
    if (route.target == TARGET_STEP)
        route.target = TARGET_DONE;
    return route;
}

static void merge_routes(const struct merge *merge, struct step *step, const struct step *from)
{
    for (int i = 0; i < ROUTE_PLACES; i++)
        if (!step->routes[i].written && from->routes[i].written)
            step->routes[i] = follow(merge, from->routes[i]);
        else if (!step->routes[i].written)
            step->routes[i] = (struct route){0};
}

static void insert_step(struct merge *merge, struct step *step, int at)
{
    memmove(&merge->steps[at + 1], &merge->steps[at],
            sizeof *merge->steps * (size_t)(merge->count - at));
    merge->steps[at] = step;
    merge->count++;
}

/* An own step replaces the other's of its name, taking what it does not say; a new one stands after the one written
   above it. */
static void merge_own(struct merge *merge, struct step **own, int own_count)
{
    int after = -1;
    for (int i = 0; i < own_count; i++) {
        int at = position_of_step(merge, own[i]->base.name);
        if (at < 0) {
            insert_step(merge, own[i], ++after);
            continue;
        }
        after = at;
        if (merge->steps[at]->base.kind != own[i]->base.kind) {
            report(merge->binder->spec.diagnostics, RULE_wrong_kind, own[i]->base.name_span,
                   "`%s` is a %s step in the other workflow", own[i]->base.name,
                   kind_rows[merge->steps[at]->base.kind].name);
            own[i]->base.failed = true;
        }
        own[i]->inherited = true;
        own[i]->base.like = merge->steps[at]->base.like;
        merge->steps[at] = own[i];
    }
}

static struct workflow *other_workflow(struct binder *binder, const struct scope *scope,
                                       struct workflow *workflow)
{
    struct diagnostics *list = binder->spec.diagnostics;
    for (const struct entry *entry = workflow->base.entry->block; entry; entry = entry->next) {
        if (!entry->head || entry->kind != ENTRY_FIELD || strcmp(entry->head, "like") ||
            entry->failed)
            continue;
        if (workflow->base.entry == workflow->product->base.entry)
            return NULL; /* the product's own `like` */
        const struct node *item = entry->items;
        if (!item || item->next || item->kind != NODE_NAME) {
            struct diagnostic *d =
                report(list, RULE_bad_phrase, item ? item->span : entry_head_span(entry),
                       "this does not fit the phrase of `like`");
            set_help(list, d, "write: like <product>");
            return NULL;
        }
        struct declaration *found = lookup(binder, scope, item->name);
        if (!found) {
            report_unknown(binder, scope, item->span, item->name, KIND_product);
            return NULL;
        }
        mention(found, item->span);
        if (found->kind != KIND_product) {
            if (found->kind != KIND_none)
                report(list, RULE_wrong_kind, item->span, "`%s` is a %s, not a product",
                       found->name, kind_rows[found->kind].name);
            return NULL;
        }
        struct workflow *other = ((struct product *)found)->workflow;
        if (!other) {
            if (!found->failed)
                report(list, RULE_unknown_name, item->span, "`%s` has no workflow", found->name);
            return NULL;
        }
        if (other->base.state == STATE_BINDING) {
            report(list, RULE_like_cycle, item->span, "the workflow of `%s` is like itself",
                   workflow->base.name);
            other->base.failed = true;
            return NULL;
        }
        bind_declaration(binder, &other->base);
        workflow->base.like = &other->base;
        return other;
    }
    return NULL;
}

static void merge_other(struct merge *merge, struct step **own, int own_count)
{
    struct workflow *other = merge->other;
    merge->skipped = ARENA_ARRAY(merge->binder->spec.arena, bool, other->step_count + 1);
    read_skips(merge);
    for (int i = 0; i < other->step_count; i++)
        if (!merge->skipped[i])
            merge->steps[merge->count++] =
                copy_step(merge->binder, other->steps[i], merge->workflow);
    struct step **copies = ARENA_ARRAY(merge->binder->spec.arena, struct step *, merge->count + 1);
    int copy_count = merge->count;
    memcpy(copies, merge->steps, sizeof *copies * (size_t)copy_count);
    merge_own(merge, own, own_count);
    for (int i = 0; i < merge->count; i++) /* names first: own routes may lead to what came along */
        map_put(&merge->binder->names, merge->workflow, merge->steps[i]->base.name,
                merge->steps[i]);
    for (int i = 0; i < own_count; i++)
        bind_step(merge->binder, own[i]);
    for (int i = 0; i < copy_count; i++) {
        int at = position_of_step(merge, copies[i]->base.name);
        struct step *step = merge->steps[at];
        if (step != copies[i] && step->base.kind == copies[i]->base.kind) {
            inherit_fields(merge->binder, step, copies[i], step->base.kind);
            if (step->base.title.kind == VALUE_ABSENT)
                step->base.title = copies[i]->base.title;
        }
        if (step->base.kind == copies[i]->base.kind)
            merge_routes(merge, step, (const struct step *)copies[i]->base.like);
    }
}

/* ---- what nothing was said about ---- */

static void imply_routes(struct workflow *workflow)
{
    for (int i = 0; i < workflow->step_count; i++) {
        struct step *step = workflow->steps[i];
        unsigned outcomes = kind_rows[step->base.kind].outcomes;
        step->index = i;
        for (int o = 0; o < OUTCOME_COUNT; o++) {
            struct route *route = &step->routes[ROUTE_PLACE(o)];
            if (route->written || !(outcomes & 1u << o))
                continue;
            *route = (struct route){.outcome = (enum outcome)o, .span = step->base.span};
            if (o == OUTCOME_PASS || o == OUTCOME_APPROVE) {
                route->present = true;
                route->target = i + 1 < workflow->step_count ? TARGET_STEP : TARGET_DONE;
                route->step = i + 1 < workflow->step_count ? workflow->steps[i + 1] : NULL;
            } else if (o == OUTCOME_FAILURE) {
                route->present = true;
                route->target = TARGET_QUARANTINE;
            }
        }
    }
}

static int own_steps(struct binder *binder, struct workflow *workflow, struct step **own)
{
    int count = 0;
    for (struct entry *entry = steps_of(workflow); entry; entry = entry->next) {
        if (!entry->head || entry->kind != ENTRY_FIELD || !kind_is_step(kind_find(entry->head)))
            continue;
        const struct node *item = entry->items;
        struct step *step =
            item && item->kind == NODE_NAME ? map_get(&binder->names, workflow, item->name) : NULL;
        if (step && step->base.entry == entry)
            own[count++] = step;
    }
    return count;
}

void bind_workflow(struct binder *binder, struct workflow *workflow)
{
    if (!workflow->product)
        return;
    struct scope scope = {&workflow->base, workflow->product, workflow};
    bool inside = workflow->base.entry == workflow->product->base.entry;
    if (!inside)
        bind_block(binder, &scope, workflow, KIND_workflow, workflow->base.entry->block,
                   &workflow->base, workflow->base.entry);
    int entries = 0;
    for (struct entry *entry = steps_of(workflow); entry; entry = entry->next)
        entries++;
    struct step **own = ARENA_ARRAY(binder->spec.arena, struct step *, entries + 1);
    int own_count = own_steps(binder, workflow, own);
    struct merge merge = {
        .binder = binder, .workflow = workflow, .other = other_workflow(binder, &scope, workflow)};
    int room = own_count + (merge.other ? merge.other->step_count : 0);
    merge.steps = ARENA_ARRAY(binder->spec.arena, struct step *, room + 1);
    if (merge.other) {
        merge_other(&merge, own, own_count);
    } else {
        memcpy(merge.steps, own, sizeof *own * (size_t)own_count);
        merge.count = own_count;
        for (int i = 0; i < own_count; i++)
            bind_step(binder, own[i]);
    }
    workflow->steps = merge.steps;
    workflow->step_count = merge.count;
    for (int i = 0; i < merge.count; i++)
        check_required(binder, merge.steps[i], merge.steps[i]->base.kind, &merge.steps[i]->base,
                       merge.steps[i]->base.span);
    imply_routes(workflow);
}
