#include "spec/phrase.h"

#include "syntax/tree.h"

#include <assert.h>
#include <ctype.h>
#include <pthread.h>
#include <string.h>

#define QUANTITY(name, ...)                                                                        \
    {                                                                                              \
        name, SLOT_QUANTITY, __VA_ARGS__, KIND_none                                                \
    }
#define REFERENCE(name)                                                                            \
    {                                                                                              \
#name, SLOT_REFERENCE, DIMENSION_NONE, KIND_##name                                         \
    }
#define OTHER(name, class)                                                                         \
    {                                                                                              \
        name, class, DIMENSION_NONE, KIND_none                                                     \
    }

static const struct slot_type slot_types[] = {
    QUANTITY("duration", {0, 0, 1, 0, 0, 0}),
    QUANTITY("length", {1, 0, 0, 0, 0, 0}),
    QUANTITY("roughness", {1, 0, 0, 0, 0, 0}),
    QUANTITY("mass", {0, 1, 0, 0, 0, 0}),
    QUANTITY("temp", {0, 0, 0, 1, 0, 0}),
    QUANTITY("angle", {0, 0, 0, 0, 1, 0}),
    QUANTITY("power", {2, 1, -3, 0, 0, 0}),
    QUANTITY("torque", {2, 1, -2, 0, 0, 0}),
    QUANTITY("money", {0, 0, 0, 0, 0, 1}),
    QUANTITY("money/time", {0, 0, -1, 0, 0, 1}),
    QUANTITY("money/mass", {0, -1, 0, 0, 0, 1}),
    QUANTITY("money/energy", {-2, -1, 2, 0, 0, 1}),
    QUANTITY("mass/volume", {-3, 1, 0, 0, 0, 0}),
    OTHER("ratio", SLOT_RATIO),
    OTHER("count", SLOT_COUNT),
    OTHER("number", SLOT_NUMBER),
    OTHER("text", SLOT_TEXT),
    OTHER("file", SLOT_FILE),
    OTHER("date", SLOT_DATE),
    OTHER("new", SLOT_NEW),
    OTHER("name", SLOT_NAME),
    OTHER("word", SLOT_WORD),
    OTHER("case", SLOT_CASE),
    OTHER("basis", SLOT_BASIS),
    OTHER("currency", SLOT_CURRENCY),
    REFERENCE(station),
    REFERENCE(role),
    REFERENCE(process),
    REFERENCE(machine),
    REFERENCE(material),
    REFERENCE(item),
    REFERENCE(defect),
    REFERENCE(standard),
    REFERENCE(part),
    REFERENCE(product),
    {"step", SLOT_REFERENCE, DIMENSION_NONE, KIND_FIRST_STEP},
};

const struct slot_type *slot_type_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof slot_types / sizeof *slot_types; i++)
        if (strlen(slot_types[i].name) == length && memcmp(slot_types[i].name, name, length) == 0)
            return &slot_types[i];
    return NULL;
}

bool is_basis_word(const char *name)
{
    static const char *const words[] = {"unit", "plate", "batch", "order", "sample", "run"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

/* Words of the phrases, kept for the life of the process. */
static char word_store[4096];
static size_t word_used;

static const char *keep_word(const char *text, size_t length)
{
    assert(word_used + length + 1 <= sizeof word_store);
    char *word = word_store + word_used;
    memcpy(word, text, length);
    word[length] = 0;
    word_used += length + 1;
    return word;
}

static const char *choice_store[128];
static size_t choice_used;

struct reader {
    const char *at;
    struct phrase *phrase;
};

static struct element *add(struct reader *reader, enum element_kind kind)
{
    assert(reader->phrase->element_count < ELEMENTS_AT_MOST);
    struct element *element = &reader->phrase->elements[reader->phrase->element_count++];
    element->kind = kind;
    return element;
}

static struct slot *add_slot(struct reader *reader)
{
    assert(reader->phrase->slot_count < SLOTS_AT_MOST);
    add(reader, ELEMENT_SLOT)->slot = (uint8_t)reader->phrase->slot_count;
    return &reader->phrase->slots[reader->phrase->slot_count++];
}

/* <duration>, <part|item> */
static void read_slot(struct reader *reader)
{
    struct slot *slot = add_slot(reader);
    int types = 0;
    reader->at++;
    while (*reader->at != '>') {
        size_t length = strcspn(reader->at, "|>");
        assert(types < SLOT_TYPES_AT_MOST);
        slot->types[types] = slot_type_find(reader->at, length);
        assert(slot->types[types]);
        types++;
        reader->at += length;
        if (*reader->at == '|')
            reader->at++;
    }
    reader->at++;
}

/* One word, or a|b|c: a slot that takes one of them. */
static void read_words(struct reader *reader)
{
    size_t length = strcspn(reader->at, " ]),<|");
    if (reader->at[length] != '|') {
        const char *word = keep_word(reader->at, length);
        struct element *element = add(reader, ELEMENT_WORD);
        element->word = word;
        reader->at += length;
        return;
    }
    struct slot *slot = add_slot(reader);
    slot->words = &choice_store[choice_used];
    for (;;) {
        length = strcspn(reader->at, " ]),<|");
        choice_store[choice_used++] = keep_word(reader->at, length);
        reader->at += length;
        if (*reader->at != '|')
            break;
        reader->at++;
    }
    choice_store[choice_used++] = NULL;
    assert(choice_used < sizeof choice_store / sizeof *choice_store);
}

static bool read_operator(struct reader *reader)
{
    static const struct {
        const char *text;
        enum node_op op;
    } operators[] = {{"x ", OP_TIMES},
                     {".. ", OP_RANGE},
                     {"-> ", OP_ARROW},
                     {"at least ", OP_AT_LEAST},
                     {"at most ", OP_AT_MOST}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t length = strlen(operators[i].text);
        if (strncmp(reader->at, operators[i].text, length) == 0) {
            add(reader, ELEMENT_OPERATOR)->operator=(uint8_t) operators[i].op;
            reader->at += length - 1;
            return true;
        }
    }
    return false;
}

static void read_sequence(struct reader *reader, const char *end);

static void read_group(struct reader *reader)
{
    bool optional = *reader->at == '[';
    reader->at++;
    struct element *group = add(reader, optional ? ELEMENT_OPTIONAL : ELEMENT_EITHER);
    int begin = reader->phrase->element_count;
    read_sequence(reader, optional ? "]" : "|");
    group->length = (uint8_t)(reader->phrase->element_count - begin);
    if (!optional) {
        reader->at++;
        begin = reader->phrase->element_count;
        read_sequence(reader, ")");
        group->other = (uint8_t)(reader->phrase->element_count - begin);
    }
    reader->at++;
}

static void read_sequence(struct reader *reader, const char *end)
{
    for (;;) {
        while (*reader->at == ' ')
            reader->at++;
        if (!*reader->at || strchr(end, *reader->at))
            return;
        if (strncmp(reader->at, ",...", 4) == 0) {
            reader->phrase->repeat_from = 0;
            reader->at += 4;
        } else if (*reader->at == '<') {
            read_slot(reader);
        } else if (*reader->at == '[' || *reader->at == '(') {
            read_group(reader);
        } else if (!read_operator(reader)) {
            read_words(reader);
        }
    }
}

static void compile(struct phrase *phrase, const char *notation)
{
    struct reader reader = {notation, phrase};
    phrase->repeat_from = -1;
    read_sequence(&reader, "");
    /* a list goes on after the words before its first slot: by material, layer */
    if (phrase->repeat_from == 0)
        while (phrase->elements[phrase->repeat_from].kind == ELEMENT_WORD)
            phrase->repeat_from++;
    phrase->plain_text = phrase->element_count == 1 && phrase->slot_count == 1 &&
                         phrase->slots[0].types[0] &&
                         (phrase->slots[0].types[0]->class == SLOT_TEXT ||
                          phrase->slots[0].types[0]->class == SLOT_FILE);
}

/* Phrases by their notation: equal notations share one. */
static struct {
    const char *notation;
    struct phrase phrase;
} compiled[96];
static int compiled_count;
static const struct phrase *phrases[KIND_COUNT][40];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct phrase *compile_shared(const char *notation)
{
    for (int i = 0; i < compiled_count; i++)
        if (strcmp(compiled[i].notation, notation) == 0)
            return &compiled[i].phrase;
    assert(compiled_count < (int)(sizeof compiled / sizeof *compiled));
    compiled[compiled_count].notation = notation;
    compile(&compiled[compiled_count].phrase, notation);
    return &compiled[compiled_count++].phrase;
}

static void compile_all(void)
{
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (int i = 0; i < kind_rows[kind].field_count; i++)
            if (!kind_rows[kind].fields[i].special)
                phrases[kind][i] = compile_shared(kind_rows[kind].fields[i].phrase);
}

const struct phrase *phrase_of(const struct field_row *field)
{
    pthread_once(&once, compile_all);
    return phrases[field->kind][field - kind_rows[field->kind].fields];
}
