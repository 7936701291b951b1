/* internal_leak: nothing that a packet prints may hold an internal value, nor a number reckoned from one. What it prints
   is found by following references from the packet and its product; each value's origins are followed once. */
#include "check/family.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- sets of pointers ---- */

struct pointer_set {
    const void **slots;
    uint32_t capacity, count;
};

static uint32_t slot_of(const struct pointer_set *set, const void *pointer)
{
    uint32_t at = (uint32_t)(((uint64_t)(uintptr_t)pointer * 0x9E3779B97F4A7C15u) >> 32);
    for (at &= set->capacity - 1; set->slots[at] && set->slots[at] != pointer;)
        at = (at + 1) & (set->capacity - 1);
    return at;
}

static bool set_has(const struct pointer_set *set, const void *pointer)
{
    return set->count && set->slots[slot_of(set, pointer)];
}

/* False where it was there already. */
static bool set_add(struct pointer_set *set, const void *pointer)
{
    if (set_has(set, pointer))
        return false;
    if (2 * (set->count + 1) > set->capacity) {
        struct pointer_set larger = {NULL, set->capacity ? set->capacity * 2 : 64, set->count};
        larger.slots = memory_zeroed(larger.capacity, sizeof(const void *));
        for (uint32_t i = 0; i < set->capacity; i++)
            if (set->slots[i])
                larger.slots[slot_of(&larger, set->slots[i])] = set->slots[i];
        free(set->slots);
        *set = larger;
    }
    set->slots[slot_of(set, pointer)] = pointer;
    set->count++;
    return true;
}

/* ---- origins ---- */

struct step_of_way {
    const struct origin *origin;
    int tried; /* how many of its two origins */
};

struct leak_search {
    struct spec *spec;
    const struct product *product;
    const struct packet *packet;
    struct pointer_set harmless; /* origins with nothing internal behind them that is not let out */
    struct pointer_set seen;     /* declarations */
    struct step_of_way *way;     /* from the value to the origin that is looked at */
    int length, capacity;
};

static bool is_disclosed(const struct packet *packet, const struct origin *source)
{
    if (!source->declaration || !source->field)
        return false;
    const char *kind = kind_rows[source->declaration->kind].name;
    size_t length = strlen(kind);
    for (const struct disclosure *row = packet->disclose; row; row = row->next) {
        if (row->what.kind == VALUE_MEMBER &&
            row->what.member->declaration == source->declaration &&
            row->what.member->field == source->field)
            return true;
        if (row->what.kind == VALUE_WORD && strncmp(row->what.word, kind, length) == 0 &&
            row->what.word[length] == '.' &&
            strcmp(row->what.word + length + 1, source->field->name) == 0)
            return true;
    }
    return false;
}

static void go_to(struct leak_search *search, const struct origin *origin)
{
    if (search->length == search->capacity) {
        search->capacity = search->capacity ? search->capacity * 2 : 16;
        search->way = memory_resize(search->way, sizeof *search->way * (size_t)search->capacity);
    }
    search->way[search->length++] = (struct step_of_way){origin, 0};
}

/* Whether something internal is behind an origin and not let out; search->way then leads to it. */
static bool leaks(struct leak_search *search, const struct origin *origin)
{
    search->length = 0;
    if (origin && !set_has(&search->harmless, origin))
        go_to(search, origin);
    while (search->length) {
        struct step_of_way *at = &search->way[search->length - 1];
        const struct origin *next = at->tried == 0 ? at->origin->from : at->origin->also;
        bool let_out = is_disclosed(search->packet, at->origin);
        if (!at->origin->from && !at->origin->also && !let_out)
            return true;
        if (let_out || at->tried == 2) {
            set_add(&search->harmless, at->origin);
            search->length--;
            continue;
        }
        at->tried++;
        if (next && !set_has(&search->harmless, next))
            go_to(search, next);
    }
    return false;
}

/* ---- saying it ---- */

#define NOTES_AT_MOST 12

/* Which packet it is, where what it prints stands elsewhere. */
static void note_packet(struct leak_search *search, struct diagnostic *d, struct span place)
{
    const struct declaration *packet = &search->packet->base;
    if (place.begin < packet->span.begin || place.begin > packet->entry->block_end)
        add_note(search->spec->diagnostics, d, packet->span, "this packet prints it");
}

/* The line that says the internal field, and the things that it came by `like` from there. */
static void note_source(struct leak_search *search, struct diagnostic *d,
                        const struct origin *source)
{
    struct diagnostics *list = search->spec->diagnostics;
    const struct declaration *at = source->declaration;
    const struct row *row = source->field ? field_rows(at, source->field) : NULL;
    for (int i = 0; row && at->like && i < NOTES_AT_MOST; i++, at = at->like) {
        if (at->like->kind != at->kind || field_rows(at->like, source->field) != row)
            break;
        add_note(list, d, at->span, "`%s` is like `%s`", at->name, at->like->name);
    }
    add_note(list, d, row ? row->span : at->span, "`%s.%s` is internal", at->name,
             source->field ? source->field->name : "");
}

static void report_leak(struct leak_search *search, struct span place)
{
    struct diagnostics *list = search->spec->diagnostics;
    const struct origin *source = search->way[search->length - 1].origin;
    const char *what = source->what ? source->what : "a value";
    struct diagnostic *d = check_report(search->spec, RULE_internal_leak, NULL, NULL, place,
                                        "`%s` is internal, and the packet of `%s` prints it", what,
                                        search->product->base.name);
    if (!d)
        return; /* another packet of the product has said it */
    note_packet(search, d, place);
    for (int i = 0; i < search->length - 1 && i < NOTES_AT_MOST; i++) {
        const struct origin *origin = search->way[i].origin;
        bool let = origin->declaration && origin->declaration->kind == KIND_let;
        if (origin->what)
            add_note(list, d, let ? origin->declaration->name_span : origin->span,
                     "it came by `%s`", origin->what);
    }
    if (source->declaration)
        note_source(search, d, source);
    set_help(list, d, "take it out, or let it out in the packet: disclose %s \"why\"", what);
}

/* ---- what is printed ---- */

static bool is_printed(const struct leak_search *search, const struct declaration *what)
{
    const struct packet *packet = search->packet;
    switch (what->kind) {
    case KIND_item:
    case KIND_material:
    case KIND_standard:
    case KIND_defect:
    case KIND_role:
    case KIND_process:
        return true;
    case KIND_part:
        return packet_asks_for_part(packet, search->product, (const struct part *)what);
    default:
        return kind_is_step(what->kind) && packet_prints_step(packet, (const struct step *)what);
    }
}

static void check_declaration(struct leak_search *search, const struct declaration *declaration);

/* Whether a text is written where it is used, and not brought there by a name: what it quotes then stands in it. */
static bool stands_here(const struct value *text)
{
    const struct text_part *part = text->text->parts;
    while (part && part->text)
        part = part->next;
    return !part ||
           (part->value.span.begin >= text->span.begin && part->value.span.end <= text->span.end);
}

static void check_value(struct leak_search *search, const struct value *value)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            check_value(search, &value->choice->cases[i].value);
    } else if (value->kind == VALUE_TEXT && stands_here(value)) {
        for (const struct text_part *part = value->text->parts; part; part = part->next)
            if (!part->text)
                check_value(search, &part->value);
    } else if (value->kind == VALUE_SIZE) {
        check_value(search, &value->size->nominal);
        check_value(search, &value->size->lower);
        check_value(search, &value->size->upper);
    } else if (value->kind == VALUE_REFERENCE) {
        if (is_printed(search, value->declaration))
            check_declaration(search, value->declaration);
    } else if (value->flags & VALUE_INTERNAL && leaks(search, value->origin)) {
        report_leak(search, value->span);
    }
}

static void check_block(struct leak_search *search, const void *block, enum kind kind);

static void check_special(struct leak_search *search, const void *row, const char *type)
{
    if (strcmp(type, "instruction") == 0) {
        check_value(search, &((const struct instruction *)row)->text);
        check_block(search, row, KIND_do);
    } else if (strcmp(type, "check") == 0) {
        const struct check *check = row;
        check_value(search, &check->text);
        for (const struct simple *defect = check->defects; defect; defect = defect->next)
            check_value(search, &defect->value);
    } else if (strcmp(type, "allowance") == 0) {
        check_value(search, &((const struct allowance *)row)->reason);
    } else if (strcmp(type, "parameter") == 0) {
        check_value(search, &((const struct parameter *)row)->title);
    } else if (strcmp(type, "sample") == 0) {
        check_value(search, &((const struct sample *)row)->number);
    } else if (strcmp(type, "disclosure") == 0) {
        check_value(search, &((const struct disclosure *)row)->reason);
    } else if (strcmp(type, "stack") == 0) {
        check_value(search, &((const struct stack *)row)->limit);
    } else if (strcmp(type, "dimension_row") == 0) {
        check_value(search, &((const struct dimension_row *)row)->size);
        check_value(search, &((const struct dimension_row *)row)->gauge);
    }
}

/* Every public field of a block. */
static void check_block(struct leak_search *search, const void *block, enum kind kind)
{
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        const struct row *row = field->flags & INTERNAL ? NULL : field_rows(block, field);
        for (; row; row = (const struct row *)(const void *)row->next) {
            int count;
            const struct value *values = row_values(row, field, &count);
            for (int j = 0; j < count; j++)
                check_value(search, &values[j]);
            if (field->special)
                check_special(search, row, field->type);
        }
    }
}

static void check_declaration(struct leak_search *search, const struct declaration *declaration)
{
    if (!set_add(&search->seen, declaration))
        return;
    check_value(search, &declaration->title);
    check_block(search, declaration, declaration->kind);
}

void check_leaks(struct spec *spec, const struct product *product, const struct packet *packet)
{
    struct leak_search search = {.spec = spec, .product = product, .packet = packet};
    check_declaration(&search, &packet->base);
    check_declaration(&search, &product->base);
    if (spec->shop)
        check_declaration(&search, &spec->shop->base);
    if (product->release)
        check_declaration(&search, &product->release->base);
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++)
        if (is_printed(&search, &product->workflow->steps[i]->base))
            check_declaration(&search, &product->workflow->steps[i]->base);
    free(search.harmless.slots);
    free(search.seen.slots);
    free(search.way);
}
