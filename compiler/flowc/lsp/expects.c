#include "flowc/lsp/expects.h"

#include <string.h>

/* ---- fields that no phrase describes ---- */

/* What may stand behind a word of the entry: "" its head, "*" whatever else. A <slot> is one, the rest are words. */
static const struct special_row {
    const char *field, *after, *takes;
} special_rows[] = {
    {"allow", "", "<rule>"},
    {"check", "", "count|<member>"},
    {"check", "none", "of"},
    {"check", "of", "<defect>"},
    {"check", ",", "<defect>"},
    {"check", "*", "none of|critical|major|minor"},
    {"sample", "", "all|first|every|aql|zero"},
    {"sample", "zero", "aql|ltpd"},
    {"sample", "level", "I|II|III|S1|S2|S3|S4"},
    {"sample", "per", "batch"},
    {"sample", "*", "per batch|level"},
    {"dimension", "gauge", ""},
    {"dimension", "*", "critical|major|minor|gauge"},
    {"stack", "", ""},
    {"stack", "*", "<member>|at least|at most"},
    {"sell", "", "for"},
    {"sell", "for", "<case>"},
    {"sell", "->", "<money>"},
    {"fee", "", ""},
    {"fee", "+", "<money>"},
    {"fee", "per", "order"},
    {"fee", "*", "<ratio>|per order"},
    {"disclose", "", "<member>"},
    {"record", "", ""},
    {"record", "*", "<unit>"},
    {"cost", "", "<money>"},
    {"cost", "per", "<basis>"},
    {"cost", "+", "<money>"},
    {"cost", "at least", "<money>"},
    {"cost", "*", "per|+|at least"},
    {"skip", "", "<step>"},
    {"skip", ",", "<step>"},
};

static void add(struct expects *expects, struct expect expect)
{
    if (expects->count < EXPECTS_AT_MOST)
        expects->items[expects->count++] = expect;
}

static void add_notation(struct expects *expects, const char *takes, struct arena *arena)
{
    while (*takes) {
        size_t length = strcspn(takes, "|");
        const char *word = arena_copy_text(arena, takes, length);
        if (*takes == '<') {
            const struct slot_type *type = slot_type_find(takes + 1, length - 2);
            const char *special = type ? NULL : arena_copy_text(arena, takes + 1, length - 2);
            add(expects, (struct expect){.type = type, .special = special});
        } else {
            add(expects, (struct expect){.word = word});
        }
        takes += length + (takes[length] == '|');
    }
}

static void expect_special(const struct context *context, const char *field, struct arena *arena,
                           struct expects *expects)
{
    int count = context_items(context);
    const char *after = count > 1 ? context_item(context, count - 1, arena) : "";
    for (size_t i = 0; i < sizeof special_rows / sizeof *special_rows; i++) {
        const struct special_row *row = &special_rows[i];
        bool any = count > 1 && strcmp(row->after, "*") == 0;
        if (strcmp(row->field, field) == 0 && (any || strcmp(row->after, after) == 0)) {
            add_notation(expects, row->takes, arena);
            return;
        }
    }
}

/* ---- phrases ---- */

/* Positions in a phrase that the items so far may have led to: a bit each, the last one for its end. */
struct walk {
    const struct phrase *phrase;
    uint32_t at;    /* the element to come */
    uint32_t slots; /* the slots that took the last item: arithmetic goes on in them */
};

/* Where one goes from an element: over the second alternative at the end of the first. */
static int behind(const struct phrase *phrase, int index)
{
    int next = index + 1;
    for (int i = 0; i < phrase->element_count; i++)
        if (phrase->elements[i].kind == ELEMENT_EITHER &&
            next == i + 1 + phrase->elements[i].length)
            next += phrase->elements[i].other;
    return next;
}

static uint32_t closed(const struct phrase *phrase, uint32_t at)
{
    for (int i = 0; i < phrase->element_count; i++) {
        const struct element *element = &phrase->elements[i];
        if (!(at >> i & 1))
            continue;
        if (element->kind == ELEMENT_OPTIONAL || element->kind == ELEMENT_EITHER)
            at |= 1u << (i + 1) | 1u << (i + 1 + element->length);
    }
    return at;
}

static const char *operator_text(int op)
{
    static const char *const texts[] = {[OP_RANGE] = "..",
                                        [OP_TIMES] = "x",
                                        [OP_ARROW] = "->",
                                        [OP_AT_LEAST] = "at least",
                                        [OP_AT_MOST] = "at most"};
    return op < (int)(sizeof texts / sizeof *texts) && texts[op] ? texts[op] : "";
}

static bool takes(const struct element *element, const struct context *context, int index)
{
    enum ahead_kind kind = context->ahead.tokens[context->entry + index].kind;
    bool value = kind == AHEAD_NAME || kind == AHEAD_NUMBER || kind == AHEAD_QUANTITY ||
                 kind == AHEAD_TEXT || kind == AHEAD_DATE;
    if (element->kind == ELEMENT_WORD)
        return context_item_is(context, index, element->word);
    if (element->kind == ELEMENT_OPERATOR)
        return context_item_is(context, index, operator_text(element->operator));
    return element->kind == ELEMENT_SLOT && value;
}

/* Whether the item goes on with the value before it: arithmetic, parentheses, `1 h 5 min`, pieces of a text. */
static bool goes_on(const struct context *context, int index)
{
    static const char *const signs[] = {"+", "-", "*", "/", "(", ")", "+/-"};
    enum ahead_kind kind = context->ahead.tokens[context->entry + index].kind;
    enum ahead_kind before = context->ahead.tokens[context->entry + index - 1].kind;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (context_item_is(context, index, signs[i]))
            return true;
    return kind == before && (kind == AHEAD_QUANTITY || kind == AHEAD_TEXT);
}

static bool is_arithmetic_sign(const struct context *context, int index)
{
    return context->ahead.tokens[context->entry + index].kind == AHEAD_SIGN;
}

static void step_over(struct walk *walk, const struct context *context, int index)
{
    const struct phrase *phrase = walk->phrase;
    uint32_t next = 0, slots = 0;
    bool comma = context->ahead.tokens[context->entry + index].kind == AHEAD_COMMA;
    if (walk->slots && goes_on(context, index)) {
        if (is_arithmetic_sign(context, index) && !context_item_is(context, index, ")"))
            walk->at = walk->slots; /* its operand comes */
        return;
    }
    for (int i = 0; i < phrase->element_count; i++)
        if (walk->at >> i & 1 && takes(&phrase->elements[i], context, index)) {
            next |= 1u << behind(phrase, i);
            if (phrase->elements[i].kind == ELEMENT_SLOT)
                slots |= 1u << i;
        }
    if (comma && phrase->repeat_from >= 0)
        next |= 1u << phrase->repeat_from;
    walk->at = closed(phrase, next);
    walk->slots = slots;
}

static void expect_elements(const struct walk *walk, struct expects *expects)
{
    const struct phrase *phrase = walk->phrase;
    for (int i = 0; i < phrase->element_count; i++) {
        const struct element *element = &phrase->elements[i];
        if (!(walk->at >> i & 1))
            continue;
        if (element->kind == ELEMENT_WORD)
            add(expects, (struct expect){.word = element->word});
        if (element->kind == ELEMENT_OPERATOR)
            add(expects, (struct expect){.word = operator_text(element->operator)});
        if (element->kind != ELEMENT_SLOT)
            continue;
        const struct slot *slot = &phrase->slots[element->slot];
        for (const char *const *word = slot->words; word && *word; word++)
            add(expects, (struct expect){.word = *word});
        for (int k = 0; !slot->words && k < SLOT_TYPES_AT_MOST && slot->types[k]; k++)
            add(expects, (struct expect){.type = slot->types[k]});
    }
}

/* The item `by` that begins a choice, -1 where there is none. */
static int choice_begin(const struct context *context)
{
    for (int i = context_items(context) - 1; i > 0; i--)
        if (context_item_is(context, i, "by") &&
            context->ahead.tokens[context->entry + i].kind == AHEAD_SIGN)
            return i;
    return -1;
}

static struct walk walk_to(const struct context *context, const struct phrase *phrase, int end)
{
    struct walk walk = {phrase, closed(phrase, 1), 0};
    for (int i = 1; i < end; i++)
        step_over(&walk, context, i);
    return walk;
}

/* `by size: small -> 42 min, `: a case behind the colon or a comma, the slot's value behind the arrow. */
static bool expect_choice(const struct context *context, int by, struct arena *arena,
                          struct expects *expects)
{
    int last = context_items(context) - 1;
    enum ahead_kind kind = context->ahead.tokens[context->entry + last].kind;
    bool of_case = context_item_is(context, last, ":") || kind == AHEAD_COMMA;
    expects->axis = context_item(context, by + 1, arena);
    if (of_case)
        add(expects, (struct expect){.special = "case"});
    return of_case;
}

/* Whether one of the slots may have another value for each case of a variant. */
static bool varies(const struct expects *expects)
{
    for (int i = 0; i < expects->count; i++) {
        const struct slot_type *type = expects->items[i].type;
        if (type && type->class != SLOT_NEW && type->class != SLOT_NAME &&
            type->class != SLOT_WORD && type->class != SLOT_CASE && type->class != SLOT_BASIS &&
            type->class != SLOT_CURRENCY)
            return true;
    }
    return false;
}

void expects_at(const struct context *context, const struct field_row *field, struct arena *arena,
                struct expects *expects)
{
    *expects = (struct expects){0};
    int by = choice_begin(context), count = context_items(context);
    if (count > 1 &&
        context_item_is(context, count - 1, "by")) { /* what it is by is still to come */
        add(expects, (struct expect){.special = "axis"});
        return;
    }
    if (by > 0 && expect_choice(context, by, arena, expects))
        return;
    if (field->special) {
        expect_special(context, field->name, arena, expects);
        return;
    }
    struct walk walk = walk_to(context, phrase_of(field), by > 0 ? by : count);
    if (by > 0 && !context_item_is(context, count - 1, "->"))
        return; /* inside a case's value: nothing is missing */
    expect_elements(&walk, expects);
    if (by < 0 && varies(expects))
        add(expects, (struct expect){.special = "choice"});
}

int slot_at(const struct context *context, const struct field_row *field)
{
    if (field->special)
        return -1;
    struct walk walk = walk_to(context, phrase_of(field), context_items(context));
    for (int i = 0; i < walk.phrase->element_count; i++)
        if (walk.at >> i & 1 && walk.phrase->elements[i].kind == ELEMENT_SLOT)
            return walk.phrase->elements[i].slot;
    return -1;
}
