/* For people: the source line, the span underlined, labels and notes at their own places, what to write. */
#include "source/render_private.h"
#include "source/snippet.h"
#include "source/visible.h"

#include <string.h>

#define GLYPHS                                                                                     \
    .primary_mark = '^', .label_mark = '-', .stem = '|', .arrow = "-->", .elsewhere = ":::"
static const struct style styles[] = {
    {"", "", "", "", "", "", "", "", GLYPHS},
    {.error = "\x1b[1;31m",
     .warning = "\x1b[1;33m",
     .note = "\x1b[1;36m",
     .help = "\x1b[1;32m",
     .label = "\x1b[1;34m",
     .gutter = "\x1b[1;34m",
     .bold = "\x1b[1m",
     .reset = "\x1b[0m",
     GLYPHS},
};

static const char *color_of(const struct style *style, enum severity severity)
{
    const char *const colors[] = {
        [SEVERITY_ERROR] = style->error,
        [SEVERITY_WARNING] = style->warning,
        [SEVERITY_NOTE] = style->note,
    };
    return colors[severity];
}

static void draw_edge(const struct canvas *canvas)
{
    draw_gutter(canvas);
    buffer_add_char(canvas->out, '\n');
}

/* ---- remarks without a place ---- */

/* "= kind: text"; further lines of the text stand below its first. */
static void draw_remark(const struct canvas *canvas, const char *color, const char *kind,
                        const char *text)
{
    const struct style *style = canvas->style;
    size_t length = strcspn(text, "\n");
    buffer_addf(canvas->out, "%s%*s =%s %s%s:%s ", style->gutter, canvas->gutter, "", style->reset,
                color, kind, style->reset);
    add_visible(canvas->out, text, length);
    buffer_add_char(canvas->out, '\n');
    while (text[length]) {
        text += length + 1;
        length = strcspn(text, "\n");
        buffer_addf(canvas->out, "%*s", canvas->gutter + (int)strlen(kind) + 5, "");
        add_visible(canvas->out, text, length);
        buffer_add_char(canvas->out, '\n');
    }
}

static void draw_remarks(const struct canvas *canvas, const struct diagnostic *d, int not_drawn)
{
    bool any = d->help || not_drawn, placed = source_of(canvas->sources, d->span.begin);
    for (const struct remark *note = d->notes; note; note = note->next)
        any |= !source_of(canvas->sources, note->span.begin);
    if (any && placed)
        draw_edge(canvas);
    for (const struct remark *note = d->notes; note; note = note->next)
        if (!source_of(canvas->sources, note->span.begin))
            draw_remark(canvas, canvas->style->note, "note", note->text);
    if (not_drawn) {
        struct buffer text = {0};
        buffer_addf(&text, "%d more place%s", not_drawn, not_drawn == 1 ? "" : "s");
        draw_remark(canvas, canvas->style->note, "note", buffer_text(&text));
        buffer_free(&text);
    }
    if (d->help)
        draw_remark(canvas, canvas->style->help, "help", d->help);
}

/* ---- places ---- */

static bool is_in(const struct canvas *canvas, struct span span, const struct source *source)
{
    return source && source_of(canvas->sources, span.begin) == source;
}

/* The diagnostic and its labels in the same file. Returns how many labels found no room. */
static int draw_home(const struct canvas *canvas, const struct diagnostic *d)
{
    const struct source *home = source_of(canvas->sources, d->span.begin);
    struct mark marks[MARKS_AT_MOST];
    int count = 0, not_drawn = 0;
    marks[count++] = (struct mark){d->span, true, color_of(canvas->style, d->severity), NULL};
    for (const struct remark *label = d->labels; label; label = label->next) {
        if (!is_in(canvas, label->span, home))
            continue;
        if (count < MARKS_AT_MOST)
            marks[count++] = (struct mark){label->span, false, canvas->style->label, label->text};
        else
            not_drawn++;
    }
    draw_snippet(canvas, canvas->style->arrow, marks, count);
    return not_drawn;
}

/* Each remark that stands elsewhere, a snippet of its own. */
static int draw_elsewhere(const struct canvas *canvas, const struct remark *remark,
                          const struct source *but_not_in, const char *color)
{
    int drawn = 0, not_drawn = 0;
    for (; remark; remark = remark->next) {
        const struct source *source = source_of(canvas->sources, remark->span.begin);
        if (!source || source == but_not_in)
            continue;
        if (drawn++ >= MARKS_AT_MOST) {
            not_drawn++;
            continue;
        }
        struct mark mark = {remark->span, false, color, remark->text};
        draw_edge(canvas);
        draw_snippet(canvas, canvas->style->elsewhere, &mark, 1);
    }
    return not_drawn;
}

static uint32_t last_line(const struct source_set *sources, struct span span)
{
    const struct source *source = source_of(sources, span.begin);
    if (!source)
        return 1;
    return source_line_number(source, span.end > span.begin ? span.end - 1 : span.begin);
}

/* The digits of the largest line number of all that is drawn. */
static int gutter_of(const struct source_set *sources, const struct diagnostic *d)
{
    uint32_t largest = last_line(sources, d->span);
    const struct remark *lists[] = {d->labels, d->notes};
    for (int i = 0; i < 2; i++)
        for (const struct remark *at = lists[i]; at; at = at->next) {
            uint32_t line = last_line(sources, at->span);
            largest = line > largest ? line : largest;
        }
    int digits = 1;
    for (; largest >= 10; largest /= 10)
        digits++;
    return digits;
}

/* ---- the whole ---- */

static void draw_diagnostic(struct canvas *canvas, const struct diagnostic *d)
{
    const struct style *style = canvas->style;
    const struct source *home = source_of(canvas->sources, d->span.begin);
    int not_drawn = 0;
    canvas->gutter = gutter_of(canvas->sources, d);
    buffer_addf(canvas->out, "%s%s[%s]%s%s: ", color_of(style, d->severity),
                severity_names[d->severity], rule_rows[d->rule].name, style->reset, style->bold);
    add_visible(canvas->out, d->message, strlen(d->message));
    buffer_addf(canvas->out, "%s\n", style->reset);
    if (home)
        not_drawn += draw_home(canvas, d);
    not_drawn += draw_elsewhere(canvas, d->labels, home, style->label);
    not_drawn += draw_elsewhere(canvas, d->notes, NULL, style->note);
    draw_remarks(canvas, d, not_drawn);
    buffer_add_char(canvas->out, '\n');
}

static void draw_summary(const struct canvas *canvas, const struct diagnostics *list, int shown,
                         const char *scope)
{
    const int counts[] = {
        [SEVERITY_ERROR] = list->errors,
        [SEVERITY_WARNING] = list->warnings,
    };
    const char *separator = canvas->style->bold;
    for (int i = 0; i < 2; i++) {
        if (!counts[i])
            continue;
        buffer_addf(canvas->out, "%s%d %s%s", separator, counts[i], severity_names[i],
                    counts[i] == 1 ? "" : "s");
        separator = ", ";
    }
    if (!list->count)
        buffer_add_text(canvas->out, "no findings");
    else
        buffer_add_text(canvas->out, canvas->style->reset);
    if (scope)
        buffer_addf(canvas->out, " in %s", scope);
    if (shown < list->count)
        buffer_addf(canvas->out, " (%d more not shown; --max-errors 0 shows all)",
                    list->count - shown);
    buffer_add_char(canvas->out, '\n');
}

void render_human(struct buffer *out, const struct diagnostics *list,
                  const struct source_set *sources, const struct render_options *options)
{
    struct canvas canvas = {out, sources, &styles[options->color], 1};
    int shown = list->count;
    if (!list->count && !options->scope)
        return;
    if (options->max_errors && options->max_errors < shown)
        shown = options->max_errors;
    for (int i = 0; i < shown; i++)
        draw_diagnostic(&canvas, list->items[i]);
    draw_summary(&canvas, list, shown, options->scope);
}
