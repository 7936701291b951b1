/* Pieces put together again. */
#include "base/memory.h"
#include "diff/pieces.h"

#include <string.h>

struct writer {
    struct buffer *out;
    const char *const *names;
    int marker;
};

static void add(struct writer *writer, struct stretch text)
{
    if (text.length)
        buffer_add(writer->out, text.at, text.length);
}

static void begin_line(struct writer *writer)
{
    const struct buffer *out = writer->out;
    if (out->length && out->text[out->length - 1] != '\n')
        buffer_add_char(writer->out, '\n');
}

static void add_marker(struct writer *writer, char sign, const char *name)
{
    begin_line(writer);
    for (int i = 0; i < writer->marker; i++)
        buffer_add_char(writer->out, sign);
    buffer_addf(writer->out, "%s%s\n", name ? " " : "", name ? name : "");
}

static void write_piece(struct writer *writer, const struct piece *piece);

static void write_list(struct writer *writer, const struct piece *first)
{
    for (const struct piece *piece = first; piece; piece = piece->next)
        write_piece(writer, piece);
}

static void write_head(struct writer *writer, const struct piece *piece)
{
    if (piece->fresh)
        begin_line(writer);
    add(writer, piece->lead);
    add(writer, piece->indent);
    add(writer, piece->body);
    if (piece->has_block)
        add(writer, piece->open);
    else
        add(writer, piece->trail);
}

static void write_conflict(struct writer *writer, const struct piece *piece)
{
    bool head = piece->conflict == CONFLICT_HEAD;

    if (piece->fresh)
        begin_line(writer);
    add(writer, piece->lead);
    add_marker(writer, '<', writer->names[0]);
    if (head)
        write_head(writer, piece->our_side);
    else
        write_list(writer, piece->our_side);
    add_marker(writer, '=', NULL);
    if (head)
        write_head(writer, piece->their_side);
    else
        write_list(writer, piece->their_side);
    add_marker(writer, '>', writer->names[1]);
}

static void write_piece(struct writer *writer, const struct piece *piece)
{
    if (piece->conflict)
        write_conflict(writer, piece);
    else
        write_head(writer, piece);
    if (piece->conflict == CONFLICT_WHOLE || !piece->has_block)
        return;
    write_list(writer, piece->children);
    if (!piece->on_one_line)
        begin_line(writer);
    add(writer, piece->tail);
    buffer_add_char(writer->out, '}');
    add(writer, piece->trail);
}

void pieces_write(struct buffer *out, const struct piece *file, const char *const names[2],
                  int marker)
{
    struct writer writer = {out, names, marker};

    add(&writer, file->open);
    write_list(&writer, file->children);
    add(&writer, file->tail);
}

/* ---- a line each ---- */

struct stretch deeper_indent(struct stretch indent, struct arena *arena)
{
    const char *text =
        arena_printf(arena, "%.*s  ", (int)indent.length, indent.length ? indent.at : "");
    return (struct stretch){text, strlen(text)};
}

/* The comment behind an entry stays; the `;` goes. */
static struct stretch own_line(struct stretch trail, struct arena *arena)
{
    while (trail.length && strchr("; \t\r\n", *trail.at))
        trail.at++, trail.length--;
    const char *text =
        trail.length ? arena_printf(arena, "  %.*s", (int)trail.length, trail.at) : "\n";
    size_t length = strlen(text);
    if (text[length - 1] != '\n')
        text = arena_printf(arena, "%s\n", text);
    return (struct stretch){text, strlen(text)};
}

void piece_own_line(struct piece *piece, struct stretch indent, struct arena *arena)
{
    bool ends = piece->trail.length && memchr(piece->trail.at, '\n', piece->trail.length);

    piece->indent = indent;
    if (!ends || memchr(piece->trail.at, ';', piece->trail.length))
        piece->trail = own_line(piece->trail, arena);
}

void piece_unfold(struct piece *piece, struct arena *arena)
{
    struct stretch indent = deeper_indent(piece->indent, arena);

    piece->on_one_line = false;
    piece->open = (struct stretch){" {\n", 3};
    piece->tail = piece->indent;
    for (struct piece *child = piece->children; child; child = child->next) {
        piece_own_line(child, indent, arena);
        for (struct piece *side = child->our_side; side; side = side->next)
            piece_own_line(side, indent, arena);
        for (struct piece *side = child->their_side; side; side = side->next)
            piece_own_line(side, indent, arena);
    }
}
