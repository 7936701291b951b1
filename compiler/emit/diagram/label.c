/* What is written in the picture. Titles come from the spec and may hold anything: each goes through add_escaped. */
#include "emit/diagram/diagram.h"

#include "cost/visits.h"

#include <string.h>

enum { LINE_WIDTH = 26, LINES_AT_MOST = 3 };

/* Escapes for an HTML-like label. Graphviz reads backslashes in what comes out of it: two are one. */
static void add_escaped(struct buffer *out, const char *text, size_t length)
{
    static const struct {
        char from;
        const char *to;
    } escapes[] = {{'&', "&amp;"},  {'<', "&lt;"},        {'>', "&gt;"},
                   {'"', "&quot;"}, {'\\', "&#92;&#92;"}, {'\'', "&#39;"}};

    for (size_t i = 0; i < length; i++) {
        const char *to = NULL;
        for (size_t e = 0; e < sizeof escapes / sizeof *escapes; e++)
            if (text[i] == escapes[e].from)
                to = escapes[e].to;
        if (to)
            buffer_add_text(out, to);
        else
            buffer_add_char(out, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
    }
}

static bool starts_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* How many bytes of the text go on a line: to the last blank that fits, or through a word that is too long. */
static size_t line_length(const char *text)
{
    size_t blank = 0;
    int width = 0;

    for (size_t i = 0; text[i]; i++) {
        if (width > 0 && (text[i] == ' ' || text[i] == '\n'))
            blank = i;
        if (starts_character(text[i]) && width++ == LINE_WIDTH)
            return blank ? blank : i;
        if (text[i] == '\n')
            return i;
    }
    return strlen(text);
}

/* The text in lines of a readable width, at most three: what is longer ends in an ellipsis. */
static void add_wrapped(struct buffer *out, const char *text)
{
    for (int line = 1; *text; line++) {
        size_t length = line_length(text);
        if (line > 1)
            buffer_add_text(out, "<br/>");
        add_escaped(out, text, length);
        text += length;
        while (*text == ' ' || *text == '\n')
            text++;
        if (*text && line == LINES_AT_MOST) {
            buffer_add_text(out, "…");
            return;
        }
    }
}

static void add_small(struct buffer *out, const char *text)
{
    if (!*text)
        return;
    buffer_add_text(out, "<br/><font point-size=\"9\">");
    add_wrapped(out, text);
    buffer_add_text(out, "</font>");
}

/* ---- times ---- */

/* From the smallest to the largest over all cases. */
struct span_of_time {
    struct rational least, most;
};

static struct span_of_time span_of(const struct subject *subject, const struct value *value)
{
    struct span_of_time span = {RATIONAL_ZERO, RATIONAL_ZERO};

    if (subject->sku)
        value = value_for(value, subject->sku);
    if (value_is(value, VALUE_NUMBER))
        return (struct span_of_time){value->number, value->number};
    if (!value_is(value, VALUE_CHOICE))
        return span;
    for (int i = 0; i < value->choice->count; i++) {
        struct span_of_time one = span_of(subject, &value->choice->cases[i].value);
        span.least = i == 0 ? one.least : rational_min(span.least, one.least);
        span.most = rational_max(span.most, one.most);
    }
    return span;
}

static void widen(const struct subject *subject, struct span_of_time *sum,
                  const struct value *value)
{
    struct span_of_time one = span_of(subject, value);

    sum->least = rational_add(sum->least, one.least);
    sum->most = rational_add(sum->most, one.most);
}

static void print_span(struct buffer *out, struct span_of_time span)
{
    duration_print(out, span.least);
    if (rational_equal(span.least, span.most))
        return;
    buffer_add_text(out, " – ");
    duration_print(out, span.most);
}

static void add_time(struct buffer *out, const struct subject *subject, const char *before,
                     struct span_of_time span, const struct value *basis, const char *unsaid)
{
    struct buffer line = {0};

    if (rational_is_zero(span.most))
        return;
    buffer_add_text(&line, before);
    print_span(&line, span);
    buffer_add_text(&line, " per ");
    if (basis && !value_is(basis, VALUE_ABSENT))
        value_print(&line, subject->spec, basis, subject->sku);
    else
        buffer_add_text(&line, unsaid);
    add_small(out, buffer_text(&line));
    buffer_free(&line);
}

static void add_lines(const struct subject *subject, struct span_of_time *sum,
                      const struct instruction *lines)
{
    for (const struct instruction *line = lines; line; line = line->next)
        if (line->time)
            widen(subject, sum, &line->time->value);
}

/* A person's time: the step's own, and that of its lines of work, which is by the unit. */
static void add_times(struct buffer *out, const struct subject *subject, const struct step *step)
{
    struct span_of_time lines = {RATIONAL_ZERO, RATIONAL_ZERO};
    bool by_unit =
        step->time &&
        (value_is(&step->time->basis, VALUE_ABSENT) ||
         (value_is(&step->time->basis, VALUE_WORD) && strcmp(step->time->basis.word, "unit") == 0));

    if (step->setup)
        add_time(out, subject, "set up ", span_of(subject, &step->setup->amount),
                 &step->setup->basis, "batch");
    add_lines(subject, &lines, step->do_);
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, subject->sku);
        add_lines(subject, &lines, standard ? standard->do_ : NULL);
    }
    if (by_unit)
        widen(subject, &lines, &step->time->amount);
    else if (step->time)
        add_time(out, subject, "", span_of(subject, &step->time->amount), &step->time->basis,
                 "unit");
    add_time(out, subject, "", lines, NULL, "unit");
    if (step->cycle)
        add_time(out, subject, "runs ", span_of(subject, &step->cycle->amount), &step->cycle->basis,
                 "unit");
    if (step->run)
        add_time(out, subject, "runs ", span_of(subject, &step->run->value), NULL, "plate");
}

/* ---- the rest of a step ---- */

static void add_value(struct buffer *out, const struct subject *subject, const char *before,
                      const struct simple *row, const char *after)
{
    struct buffer line = {0};

    if (!row)
        return;
    buffer_add_text(&line, before);
    for (const struct simple *one = row; one; one = one->next) {
        value_print(&line, subject->spec, &one->value, subject->sku);
        if (one->next)
            buffer_add_text(&line, ", ");
    }
    buffer_add_text(&line, after);
    add_small(out, buffer_text(&line));
    buffer_free(&line);
}

static void add_sample(struct buffer *out, const struct subject *subject,
                       const struct sample *sample)
{
    static const struct {
        const char *before, *after;
    } forms[] = {
        [SAMPLE_ALL] = {"sample all", ""},
        [SAMPLE_FIRST] = {"sample first ", ""},
        [SAMPLE_FIRST_PER_BATCH] = {"sample first ", " per batch"},
        [SAMPLE_EVERY] = {"sample every ", ""},
        [SAMPLE_PER_BATCH] = {"sample ", " per batch"},
        [SAMPLE_AQL] = {"sample AQL ", ""},
        [SAMPLE_ZERO_AQL] = {"sample zero AQL ", ""},
        [SAMPLE_ZERO_LTPD] = {"sample zero LTPD ", ""},
    };
    struct buffer line = {0};

    buffer_add_text(&line, forms[sample->form].before);
    value_print(&line, subject->spec, &sample->number, subject->sku);
    buffer_add_text(&line, forms[sample->form].after);
    if (sample->form == SAMPLE_AQL)
        buffer_addf(&line, " level %s", sample->level);
    add_small(out, buffer_text(&line));
    buffer_free(&line);
}

static void add_wait(struct buffer *out, const struct subject *subject, const struct step *step)
{
    struct buffer line = {0};

    if (!step->wait)
        return;
    buffer_add_text(&line, "wait ");
    print_span(&line, span_of(subject, &step->wait->value));
    add_small(out, buffer_text(&line));
    buffer_free(&line);
}

char *label_text(const struct subject *subject, const char *text)
{
    struct buffer out = {0};

    add_wrapped(&out, text);
    char *label = arena_copy_text(subject->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return label;
}

struct stations {
    const struct station *station;
    struct stations *next;
};

/* Adds the stations that are not there yet: those of all cases where the SKU is unsaid. */
static void add_stations(struct stations **list, const struct subject *subject,
                         const struct value *value)
{
    if (!subject->sku && value_is(value, VALUE_CHOICE)) {
        for (int i = 0; i < value->choice->count; i++)
            add_stations(list, subject, &value->choice->cases[i].value);
        return;
    }
    const struct station *station = value_station(value, subject->sku);
    while (*list && (*list)->station != station)
        list = &(*list)->next;
    if (*list || !station)
        return;
    *list = ARENA_NEW(subject->arena, struct stations);
    (*list)->station = station;
}

char *label_station(const struct subject *subject, const struct step *step)
{
    struct stations *list = NULL;
    const char *label = "";

    if (step->at)
        add_stations(&list, subject, &step->at->value);
    for (; list; list = list->next)
        label = arena_printf(
            subject->arena, "%s%s%s", label, *label ? " or " : "",
            declaration_title(subject->spec, &list->station->base, subject->sku, subject->arena));
    return arena_copy_text(subject->arena, label, strlen(label));
}

char *label_step(const struct subject *subject, const struct step *step)
{
    struct buffer out = {0};
    const char *title = declaration_title(subject->spec, &step->base, subject->sku, subject->arena);

    buffer_addf(&out, "<font point-size=\"8\">%s</font><br/><b>", kind_rows[step->base.kind].name);
    add_wrapped(&out, *title ? title : step->base.name);
    buffer_add_text(&out, "</b>");
    add_small(&out, label_station(subject, step));
    add_value(&out, subject, "on ", step->on, "");
    add_value(&out, subject, "by ", step->by, "");
    add_value(&out, subject, "", step->supplier, "");
    add_value(&out, subject, "", step->carrier, "");
    if (step->sample)
        add_sample(&out, subject, step->sample);
    add_times(&out, subject, step);
    add_wait(&out, subject, step);
    add_value(&out, subject, "away ", step->lead, "");
    add_value(&out, subject, "only for ", step->only, "");
    char *label = arena_copy_text(subject->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return label;
}

char *label_route(const struct subject *subject, const struct graph_node *node,
                  const struct graph_edge *edge)
{
    struct buffer out = {0};
    struct rational ratio = visits_ratio(subject->spec, node, edge, subject->sku);
    bool good = edge->outcome == OUTCOME_PASS || edge->outcome == OUTCOME_APPROVE;

    buffer_add_text(&out, outcome_names[edge->outcome]);
    if (edge->route->at_most) {
        buffer_add_text(&out, ", at most ");
        value_print(&out, subject->spec, edge->route->at_most, subject->sku);
    }
    if (!good && !rational_is_zero(ratio)) {
        buffer_add_text(&out, ", ");
        rational_print_short(&out, rational_multiply(ratio, rational_integer(100)), 2);
        buffer_add_char(&out, '%');
    }
    char *label = arena_copy_text(subject->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return label;
}

/* Whether some failure goes to quarantine that the picture does not show. */
static bool hides_failures(const struct subject *subject, const struct graph *graph)
{
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; e < graph->nodes[i].edge_count; e++)
            if (!draw_shows(subject, &graph->nodes[i], &graph->nodes[i].edges[e]))
                return true;
    return false;
}

static void add_line(struct buffer *out, const char *before, const char *line)
{
    buffer_add_text(out, before);
    add_escaped(out, line, strlen(line));
}

static void add_witnesses(struct buffer *out, const struct subject *subject)
{
    for (int i = 0; i < subject->witness_count; i++) {
        const struct diagnostic *d = subject->witnesses[i];
        buffer_addf(out,
                    "<br/><font color=\"" DIAGRAM_RED "\"><b>%s</b>: ", rule_rows[d->rule].name);
        add_wrapped(out, d->message);
        buffer_add_text(out, "</font>");
    }
}

char *label_title(const struct subject *subject)
{
    struct buffer out = {0};
    const struct spec *spec = subject->spec;
    const struct product *product = subject->product;
    const struct sku *sku = subject->sku;
    struct arena *arena = subject->arena;
    const struct graph *graph = graph_build(product->workflow, sku, arena);

    buffer_add_text(&out, "<font point-size=\"16\"><b>");
    add_wrapped(&out, declaration_title(spec, &product->base, sku, arena));
    buffer_add_text(&out, "</b></font><br/><font point-size=\"10\">");
    if (product->number && !sku)
        add_line(&out, "", value_string(spec, &product->number->value, NULL, arena));
    if (sku)
        add_line(&out, "", sku_code(spec, sku, arena));
    if (product->revision)
        add_line(&out, ", revision ", value_string(spec, &product->revision->value, sku, arena));
    if (hides_failures(subject, graph))
        buffer_add_text(&out, "<br/>what fails where no way is drawn goes to quarantine");
    add_witnesses(&out, subject);
    buffer_add_text(&out, "<br/> </font>");
    char *label = arena_copy_text(subject->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return label;
}
