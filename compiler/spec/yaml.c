/* YAML as another spelling: top-level keys are kinds, theirs are names, theirs are fields. Events of libyaml become the
   same entries that a .flow file gives, so that everything after this is one way. */
#include "spec/binder.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_AT_MOST 64
#define LINE_TEXT "text" /* the key of what a `do` says, beside its fields */

struct yaml_reader {
    struct binder *binder;
    struct source *source;
    yaml_parser_t parser;
    yaml_event_t event;
    bool failed;      /* libyaml gave up: reported */
    int depth;        /* mappings and sequences open */
    size_t at;        /* byte offset of the mark last asked for ... */
    size_t character; /* ... and its index in characters */
};

static bool continues(const struct yaml_reader *reader)
{
    return ((unsigned char)reader->source->text[reader->at] & 0xC0) == 0x80;
}

/* libyaml counts characters, spans count bytes; marks are near each other, so the walk goes on from the last one,
   forward or back. */
static uint32_t position(struct yaml_reader *reader, yaml_mark_t mark)
{
    const struct source *source = reader->source;
    size_t floor = source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (reader->at < floor)
        reader->at = floor;
    while (reader->character > mark.index && reader->at > floor) {
        reader->at--;
        while (reader->at > floor && continues(reader))
            reader->at--;
        reader->character--;
    }
    while (reader->character < mark.index && reader->at < source->length) {
        reader->at++;
        while (reader->at < source->length && continues(reader))
            reader->at++;
        reader->character++;
    }
    return source->base + (uint32_t)reader->at;
}

static struct span event_span(struct yaml_reader *reader)
{
    uint32_t begin = position(reader, reader->event.start_mark);
    uint32_t end = position(reader, reader->event.end_mark);
    return (struct span){begin, end > begin ? end : begin};
}

static void report_syntax(struct yaml_reader *reader, struct span span, const char *what)
{
    report(reader->binder->spec.diagnostics, RULE_syntax, span, "%s", what);
}

/* Whether the event opens one level too many; then reported. libyaml's work grows with the square of the depth. */
static bool too_deep(struct yaml_reader *reader)
{
    yaml_event_type_t type = reader->event.type;
    if (type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT)
        reader->depth--;
    if (type != YAML_MAPPING_START_EVENT && type != YAML_SEQUENCE_START_EVENT)
        return false;
    if (++reader->depth <= DEPTH_AT_MOST)
        return false;
    report_syntax(reader, event_span(reader), "nested too deep for a spec");
    reader->failed = true;
    reader->binder->incomplete = true;
    return true;
}

static bool next(struct yaml_reader *reader)
{
    yaml_event_delete(&reader->event);
    memset(&reader->event, 0, sizeof reader->event);
    if (reader->failed)
        return false;
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return !too_deep(reader);
    reader->failed = true;
    memset(&reader->event, 0, sizeof reader->event);
    uint32_t at = position(reader, reader->parser.problem_mark);
    if (!reader->parser.problem_mark.line && reader->parser.problem_offset)
        at = reader->source->base + (uint32_t)reader->parser.problem_offset;
    report(reader->binder->spec.diagnostics, RULE_syntax, (struct span){at, at},
           "this is no YAML: %s",
           reader->parser.problem ? reader->parser.problem : "it cannot be read");
    reader->binder->incomplete = true;
    return false;
}

/* Reads past the value that the current event begins. */
static void skip_value(struct yaml_reader *reader)
{
    int depth = 0;
    do {
        yaml_event_type_t type = reader->event.type;
        if (type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT)
            depth++;
        if (type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT)
            depth--;
    } while (depth > 0 && next(reader));
}

static const char *key_name(struct yaml_reader *reader)
{
    const char *text = (const char *)reader->event.data.scalar.value;
    return intern(reader->binder->spec.names, text, reader->event.data.scalar.length);
}

/* ---- scalars ---- */

/* Where the scalar's first character stands in the file, if it stands there as it reads; 0 where escapes or folded
   lines make it read otherwise. */
static uint32_t stands_as_read(const struct yaml_reader *reader, struct span span)
{
    size_t length = reader->event.data.scalar.length;
    uint32_t quote = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    uint32_t offset = span.begin - reader->source->base + quote;
    bool same = span.end - span.begin == length + 2 * quote &&
                memcmp(reader->source->text + offset, reader->event.data.scalar.value, length) == 0;
    return same ? offset : 0;
}

static struct text_piece *add_text(struct yaml_reader *reader, struct text_piece **end,
                                   const char *text, size_t length)
{
    struct arena *arena = reader->binder->spec.arena;
    struct text_piece *piece = *end = ARENA_NEW(arena, struct text_piece);
    piece->text = arena_copy_text(arena, text, length);
    piece->length = (uint32_t)length;
    return piece;
}

/* A text as in a .flow file, quotes of values included: they can be read where the scalar stands as it reads. False
   after reporting. */
static bool read_pieces(struct yaml_reader *reader, struct span span, struct text_piece **end)
{
    struct spec *spec = &reader->binder->spec;
    const char *text = (const char *)reader->event.data.scalar.value;
    size_t length = reader->event.data.scalar.length, at = 0;
    uint32_t offset = stands_as_read(reader, span);
    for (const char *brace; offset && (brace = memchr(text + at, '{', length - at));) {
        size_t open = (size_t)(brace - text);
        bool plain = open > at && brace[-1] == '\\';
        const char *close = memchr(brace, '}', length - open);
        end = &add_text(reader, end, text + at, open - at - plain)->next;
        if (plain) {
            end = &add_text(reader, end, "{", 1)->next;
            at = open + 1;
            continue;
        }
        if (!close) {
            report_syntax(reader, span, "a '{' in this text has no '}'");
            return false;
        }
        struct text_piece *piece = *end = ARENA_NEW(spec->arena, struct text_piece);
        end = &piece->next;
        at = (size_t)(close - text) + 1;
        piece->expression =
            parse_items(reader->source, offset + (uint32_t)open + 1, (uint32_t)(at - open - 2),
                        spec->arena, spec->names, spec->diagnostics);
        if (!piece->expression)
            return false;
    }
    add_text(reader, end, text + at, length - at);
    return true;
}

/* NULL after reporting. */
static struct node *text_node(struct yaml_reader *reader, struct span span)
{
    struct node *node = ARENA_NEW(reader->binder->spec.arena, struct node);
    node->kind = NODE_TEXT;
    node->span = span;
    return read_pieces(reader, span, &node->pieces) ? node : NULL;
}

static struct node *scalar_items(struct yaml_reader *reader, const struct field_row *field,
                                 struct span span)
{
    struct spec *spec = &reader->binder->spec;
    bool quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    bool text = field && (field->special ? field->flags & HAS_BLOCK : phrase_of(field)->plain_text);
    if (text || (field && quoted && strcmp(field->name, "revision") == 0))
        return text_node(reader, span);
    uint32_t offset = stands_as_read(reader, span);
    if (quoted && !offset) {
        report_syntax(reader, span, "a phrase is written on one line, without escapes");
        return NULL;
    }
    uint32_t inside = quoted ? 1 : 0;
    return parse_items(reader->source, span.begin - reader->source->base + inside,
                       span.end - span.begin - 2 * inside, spec->arena, spec->names,
                       spec->diagnostics);
}

/* ---- entries ---- */

static struct entry *new_entry(struct yaml_reader *reader, const char *head, struct span span)
{
    struct entry *entry = ARENA_NEW(reader->binder->spec.arena, struct entry);
    entry->kind = ENTRY_FIELD;
    entry->head = head;
    entry->span = span;
    return entry;
}

static struct entry **read_field(struct yaml_reader *reader, enum kind kind, struct entry **end,
                                 const char *name, struct span head);

/* Goes to the value of a mapping's next key, and says the key; false at its end. A key that is no name is reported, and
   passed over with its value. */
static bool next_key(struct yaml_reader *reader, const char *asked, const char **name,
                     struct span *span)
{
    while (next(reader) && reader->event.type != YAML_MAPPING_END_EVENT) {
        *span = event_span(reader);
        if (reader->event.type == YAML_SCALAR_EVENT) {
            *name = key_name(reader);
            return next(reader);
        }
        report_syntax(reader, *span, asked);
        skip_value(reader);
        next(reader);
        skip_value(reader);
    }
    return false;
}

/* The entries of a mapping whose start is the current event. */
static struct entry *read_block(struct yaml_reader *reader, enum kind kind, struct entry *owner)
{
    struct entry *first = NULL, **end = &first;
    const char *name;
    struct span span;
    while (next_key(reader, "the name of a field is asked here", &name, &span)) {
        bool title = owner && strcmp(name, "title") == 0 && reader->event.type == YAML_SCALAR_EVENT;
        if (title) {
            struct node **items = &owner->items;
            while (*items)
                items = &(*items)->next;
            *items = text_node(reader, event_span(reader));
            owner->failed |= !*items;
            continue;
        }
        end = read_field(reader, kind, end, name, span);
    }
    return first;
}

static void read_value(struct yaml_reader *reader, enum kind kind, struct entry *entry)
{
    const struct field_row *field = field_find(kind, entry->head);
    struct span span = event_span(reader);
    if (reader->event.type == YAML_SCALAR_EVENT) {
        bool line = kind == KIND_do && strcmp(entry->head, LINE_TEXT) == 0;
        entry->items = line ? text_node(reader, span) : scalar_items(reader, field, span);
        entry->span.end = span.end;
        entry->failed = !entry->items;
        if (field && strcmp(field->phrase, "lot") && entry->items &&
            !reader->event.data.scalar.length)
            entry->failed = false;
        return;
    }
    if (reader->event.type == YAML_ALIAS_EVENT) {
        report_syntax(reader, span, "aliases are not taken: say the value here");
        entry->failed = true;
        return;
    }
    report_syntax(reader, span, "a phrase is asked here");
    entry->failed = true;
    skip_value(reader);
}

/* One field: a scalar, a sequence of them (a repeated field), or a mapping (`do`: text -> its block). */
static struct entry **read_field(struct yaml_reader *reader, enum kind kind, struct entry **end,
                                 const char *name, struct span head)
{
    bool deep = reader->event.type != YAML_SCALAR_EVENT && !field_find(kind, name);
    if (deep) { /* whatever it holds, what is wrong is its name */
        *end = new_entry(reader, name, head);
        end = &(*end)->next;
        skip_value(reader);
    } else if (reader->event.type == YAML_SEQUENCE_START_EVENT) {
        while (next(reader) && reader->event.type != YAML_SEQUENCE_END_EVENT)
            end = read_field(reader, kind, end, name, event_span(reader));
    } else if (reader->event.type == YAML_MAPPING_START_EVENT && kind_find(name) == KIND_do) {
        struct entry *entry = new_entry(reader, name, head);
        struct entry *inner = read_block(reader, KIND_do, NULL);
        for (struct entry **at = &inner; *at; at = &(*at)->next)
            if (strcmp((*at)->head, LINE_TEXT) == 0) {
                entry->items = (*at)->items;
                *at = (*at)->next;
                break;
            }
        entry->block = inner;
        entry->has_block = true;
        *end = entry;
        end = &entry->next;
    } else {
        struct entry *entry = new_entry(reader, name, head);
        read_value(reader, kind, entry);
        *end = entry;
        end = &entry->next;
    }
    return end;
}

/* What a .flow file has and a YAML file has not; true where the section is one, and reported. */
static bool refuse_section(struct yaml_reader *reader, const char *kind_name, struct span span)
{
    enum kind kind = kind_find(kind_name);
    bool top = kind_rows[kind].top && kind != KIND_workflow;
    if (top || (kind == KIND_none && strcmp(kind_name, "use") != 0))
        return false;
    struct diagnostics *list = reader->binder->spec.diagnostics;
    struct diagnostic *d =
        report(list, RULE_unknown_kind, span, "a YAML file holds no `%s`", kind_name);
    set_help(list, d, "write it in the .flow file that uses this one");
    skip_value(reader);
    return true;
}

/* name: { fields } below a kind. */
static void read_declarations(struct yaml_reader *reader, const char *kind_name,
                              struct span kind_span, struct entry ***end)
{
    enum kind kind = kind_find(kind_name);
    if (refuse_section(reader, kind_name, kind_span))
        return;
    if (strcmp(kind_name, "edition") == 0 && reader->event.type == YAML_SCALAR_EVENT) {
        *end = read_field(reader, KIND_none, *end, kind_name, kind_span);
        return;
    }
    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        report_syntax(reader, event_span(reader), "names are asked below a kind");
        skip_value(reader);
        return;
    }
    if (kind == KIND_none) { /* one message for the whole section */
        struct entry *entry = new_entry(reader, kind_name, kind_span);
        **end = entry;
        *end = &entry->next;
        skip_value(reader);
        return;
    }
    while (next(reader) && reader->event.type != YAML_MAPPING_END_EVENT) {
        struct span span = event_span(reader);
        if (reader->event.type != YAML_SCALAR_EVENT) {
            report_syntax(reader, span, "a name is asked here");
            skip_value(reader);
            next(reader);
            skip_value(reader);
            continue;
        }
        struct entry *entry = new_entry(reader, kind_name, span);
        entry->items = ARENA_NEW(reader->binder->spec.arena, struct node);
        entry->items->kind = NODE_NAME;
        entry->items->span = span;
        entry->items->name = key_name(reader);
        **end = entry;
        *end = &entry->next;
        if (!next(reader))
            break;
        if (reader->event.type != YAML_MAPPING_START_EVENT) {
            report_syntax(reader, event_span(reader), "fields are asked below a name");
            entry->failed = true;
            skip_value(reader);
            continue;
        }
        entry->has_block = true;
        entry->block = read_block(reader, kind, entry);
        entry->block_end = span.end;
    }
}

static void read_document(struct yaml_reader *reader, struct file_tree *file)
{
    struct entry **end = &file->entries;
    bool document = false;
    while (next(reader) && reader->event.type != YAML_STREAM_END_EVENT) {
        if (reader->event.type == YAML_DOCUMENT_START_EVENT && document) {
            report_syntax(reader, event_span(reader), "a second document: a file has one");
            return;
        }
        document |= reader->event.type == YAML_DOCUMENT_START_EVENT;
        if (reader->event.type == YAML_MAPPING_START_EVENT) {
            const char *name;
            struct span span;
            while (next_key(reader, "a kind is asked here", &name, &span))
                read_declarations(reader, name, span, &end);
        } else if (reader->event.type == YAML_SCALAR_EVENT ||
                   reader->event.type == YAML_SEQUENCE_START_EVENT ||
                   reader->event.type == YAML_ALIAS_EVENT) {
            bool empty =
                reader->event.type == YAML_SCALAR_EVENT && !reader->event.data.scalar.length;
            if (!empty)
                report_syntax(reader, event_span(reader),
                              "kinds are asked at the top, as `machine:`");
            skip_value(reader);
        }
    }
}

struct file_tree *yaml_parse(struct binder *binder, struct source *source)
{
    struct file_tree *file = ARENA_NEW(binder->spec.arena, struct file_tree);
    struct yaml_reader reader = {.binder = binder, .source = source};
    file->source = source;
    if (!yaml_parser_initialize(&reader.parser))
        memory_exhausted();
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)source->text,
                                 source->length);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    read_document(&reader, file);
    file->fatal = reader.failed && !file->entries;
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return file;
}
