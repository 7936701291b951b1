#include "trace/record_pages_private.h"

#include "base/utf8.h"
#include "trace/record_zone.h"

#include <string.h>

static const char *keep(struct paged *paged, struct buffer *text)
{
    const char *kept = arena_copy_text(paged->arena, buffer_text(text), text->length);
    buffer_free(text);
    return kept;
}

const char *text_of_number(struct paged *paged, int64_t number)
{
    return number ? arena_printf(paged->arena, "%lld", (long long)number) : "";
}

const char *text_of_time(struct paged *paged, const struct record_mark *mark)
{
    struct buffer text = {0};
    if (!mark->sequence)
        return "";
    zone_print(&text, mark->time_ms, ZONE_SECONDS);
    return keep(paged, &text);
}

const char *text_of_span(struct paged *paged, const struct record_mark *first,
                         const struct record_mark *last)
{
    struct buffer text = {0};
    if (!first->sequence)
        return "";
    zone_print(&text, first->time_ms, ZONE_MINUTES);
    buffer_add_char(&text, '\n');
    zone_print(&text, last->time_ms, ZONE_MINUTES);
    return keep(paged, &text);
}

const char *text_of_mark(struct paged *paged, const struct record_mark *mark)
{
    return mark->sequence ? arena_printf(paged->arena, "%s\n%s", text_apart(paged, mark->by),
                                         text_of_time(paged, mark))
                          : "";
}

const char *text_of_said(struct paged *paged, const struct record_mark *mark)
{
    return mark->sequence ? arena_printf(paged->arena, "%s, %s", text_apart(paged, mark->by),
                                         text_of_time(paged, mark))
                          : "";
}

const char *text_of_units(struct paged *paged, int64_t first, int64_t count)
{
    if (count == 1)
        return arena_printf(paged->arena, "%lld", (long long)first);
    return arena_printf(paged->arena, "%lld%s%lld", (long long)first, DASH,
                        (long long)(first + count - 1));
}

const char *text_of_ranges(struct paged *paged, struct record_ranges *units)
{
    struct buffer text = {0};
    record_sort_ranges(units);
    for (int i = 0; i < units->count; i++)
        buffer_addf(&text, "%s%s", i ? ", " : "",
                    text_of_units(paged, units->rows[i].first, units->rows[i].count));
    return keep(paged, &text);
}

const char *text_of_roles(struct paged *paged, const char *roles)
{
    struct buffer text = {0};
    for (; *roles; roles++)
        if (*roles == ',')
            buffer_add_text(&text, ", ");
        else
            buffer_add_char(&text, *roles);
    return keep(paged, &text);
}

const char *text_of_percent(struct paged *paged, struct rational ratio)
{
    struct buffer text = {0};
    rational_print_fixed(&text, rational_multiply(ratio, rational_integer(100)), 1);
    return keep(paged, &text);
}

const char *text_of_duration(struct paged *paged, int64_t ms)
{
    struct buffer text = {0};
    duration_print(&text, rational_integer((ms + 500) / 1000));
    return keep(paged, &text);
}

static bool runs_left(uint32_t c)
{
    return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
           (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0x10800 && c <= 0x10FFF) ||
           (c >= 0x1E800 && c <= 0x1EFFF) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static const char *set_apart(struct paged *paged, const char *text)
{
    size_t length = strlen(text), size;
    for (size_t i = 0; i < length; i += size)
        if (runs_left(utf8_read(text + i, length - i, &size)))
            return arena_printf(paged->arena, "\342\200\216\342\201\250%s\342\201\251", text);
    return text;
}

/* ---- long texts ---- */

enum { TEXT_IN_A_CELL = 600, TEXT_BEFORE_A_NOTE = 240, TEXT_IN_A_PARAGRAPH = 1800 };

/* So many bytes of a longer text that end behind a word, or at least behind a character. */
static size_t cut(const char *text, size_t most)
{
    size_t at = most;
    while (at > most / 2 && text[at] != ' ' && text[at] != '\n')
        at--;
    if (at > most / 2)
        return at;
    for (at = most; at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80;)
        at--;
    return at ? at : most;
}

static int note_of(struct paged *paged, const char *text)
{
    int i = 0;
    while (i < paged->notes.count && strcmp(paged->notes.rows[i], text) != 0)
        i++;
    if (i == paged->notes.count)
        *RECORD_ADD(paged->arena, &paged->notes) = text;
    return i + 1;
}

const char *text_apart(struct paged *paged, const char *text)
{
    if (strlen(text) <= TEXT_IN_A_CELL)
        return set_apart(paged, text);
    const char *begins = arena_copy_text(paged->arena, text, cut(text, TEXT_BEFORE_A_NOTE));
    return arena_printf(paged->arena, "%s \342\200\246 (note %d)", set_apart(paged, begins),
                        note_of(paged, text));
}

void draw_record_notes(struct document *page, struct paged *paged)
{
    if (!paged->notes.count)
        return;
    page_heading(page, 3, "Notes");
    for (int i = 0; i < paged->notes.count; i++) {
        const char *text = paged->notes.rows[i];
        page_remark(page, arena_printf(paged->arena, "Note %d", i + 1));
        while (*text) {
            size_t length = strlen(text);
            length = length > TEXT_IN_A_PARAGRAPH ? cut(text, TEXT_IN_A_PARAGRAPH) : length;
            page_paragraph(page, set_apart(paged, arena_copy_text(paged->arena, text, length)));
            text += length;
            text += strspn(text, " \n");
        }
    }
}

const char *text_of_place(struct paged *paged, const char *name)
{
    const struct record_step *step = record_step_of(paged->record, name);
    return step ? step->title : name;
}
