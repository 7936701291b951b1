/* The sections of the request on what holds between the two: delivery, revision and approval, what was allowed, files. */
#include "emit/packet/sections.h"

#include "emit/common/worksheet.h"

#include <string.h>

/* ---- delivery ---- */

/* Incoterms 2020 by their names; what each means is the ICC's to say. */
static const char *const incoterms[][2] = {{"EXW", "ex works"},
                                           {"FCA", "free carrier"},
                                           {"CPT", "carriage paid to"},
                                           {"CIP", "carriage and insurance paid to"},
                                           {"DAP", "delivered at place"},
                                           {"DPU", "delivered at place, unloaded"},
                                           {"DDP", "delivered, duty paid"},
                                           {"FAS", "free alongside ship"},
                                           {"FOB", "free on board"},
                                           {"CFR", "cost and freight"},
                                           {"CIF", "cost, insurance and freight"}};

static const char *incoterm_name(const char *code)
{
    for (size_t i = 0; i < sizeof incoterms / sizeof *incoterms; i++)
        if (strcmp(code, incoterms[i][0]) == 0)
            return incoterms[i][1];
    return NULL;
}

/* An Incoterm holds at a place, which is where the goods go. */
void draw_delivery(struct document *page, struct request *request)
{
    struct emit_context *context = request->context;
    const struct delivery *delivery = request->packet->deliver;
    if (!delivery)
        return;
    const char *place = value_cases(context, &delivery->place);
    const char *code = value_cases(context, &delivery->incoterm), *name = incoterm_name(code);
    draw_pair(
        page, "Deliver",
        arena_printf(context->arena, "%s, to %s", value_cases(context, &delivery->date), place));
    if (name)
        draw_pair(page, "Terms",
                  arena_printf(context->arena, "%s %s, Incoterms 2020 (%s)", code, place, name));
    else
        draw_pair(page, "Terms", code);
}

/* ---- revision, approval ---- */

static const char *text_of(struct emit_context *context, const struct simple *row)
{
    return row ? value_cases(context, &row->value) : "";
}

/* What a spec knows of its history is the state it is in; who approved which is signed here. */
static void draw_revisions(struct document *page, struct request *request)
{
    static const struct column columns[] = {{"Revision", 1.4, false},
                                            {"Fingerprint", 3.2, false},
                                            {"Approval", 3.4, false},
                                            {"By", 2.4, false},
                                            {"Signature, date", 3.2, false}};
    struct emit_context *context = request->context;
    const struct product *product = context->product;
    const struct approval *row = product->release ? product->release->approve : NULL;
    const char *fingerprint = arena_printf(context->arena, "%.16s", request->fingerprint);
    const char *revision = text_of(context, product->revision);
    page_table_begin(page, columns, 5);
    page_table_room(page, 23);
    do {
        const char *cells[] = {revision, fingerprint,
                               row ? value_cases(context, &row->name) : "quotation only",
                               row ? value_cases(context, &row->role) : "", ""};
        page_table_row(page, cells);
        row = row ? row->next : NULL;
    } while (row);
    page_table_end(page);
}

void draw_release(struct document *page, struct request *request)
{
    struct emit_context *context = request->context;
    const struct product *product = context->product;
    const struct release *release = product->release;
    page_keep(page, release ? 230 : 130);
    page_heading(page, 2, "Revision and approval");
    page_remark(page, arena_printf(context->arena,
                                   "This is asked for in revision %s, in the state with this "
                                   "fingerprint, and replaces what went before. Work to no other.",
                                   text_of(context, product->revision)));
    draw_revisions(page, request);
    if (release && release->sample)
        draw_pair(page, "Sample",
                  arena_printf(context->arena, "%s pieces before production%s",
                               text_of(context, release->sample),
                               asks_first_article(request)
                                   ? ", with first_article.xlsx filled in, whose numbers are "
                                     "those of this request"
                                   : ""));
    if (release && release->production)
        draw_pair(page, "Holds for",
                  arena_printf(context->arena, "at most %s pieces",
                               text_of(context, release->production)));
    if (release && release->void_on)
        draw_pair(page, "Void when",
                  arena_printf(context->arena,
                               "one of these changes: %s. Each change gives another fingerprint, "
                               "and asks for a new sample.",
                               worksheet_words(context, release->void_on)));
}

/* ---- what was allowed ---- */

struct allowed {
    struct document *page;
    struct emit_context *context;
    bool begun;
};

static void draw_allowances(struct allowed *allowed, const struct declaration *of,
                            const struct allowance *rows)
{
    static const struct column columns[] = {
        {"Of", 2.4, false}, {"What was found", 2.4, false}, {"Why it is accepted", 7, false}};
    for (; rows; rows = rows->next) {
        struct emit_context *context = allowed->context;
        if (!allowed->begun) {
            page_heading(allowed->page, 2, "Known and accepted");
            page_table_begin(allowed->page, columns, 3);
        }
        allowed->begun = true;
        char *rule = arena_printf(context->arena, "%s", rows->rule.word);
        for (char *at = rule; *at; at++)
            *at = *at == '_' ? ' ' : *at;
        const char *cells[] = {title_of(context, of), rule, value_cases(context, &rows->reason)};
        page_table_row(allowed->page, cells);
    }
}

void draw_allowed(struct document *page, struct request *request)
{
    const struct product *product = request->context->product;
    struct allowed allowed = {page, request->context, false};
    draw_allowances(&allowed, &product->base, product->allow);
    for (int i = 0; i < request->part_count; i++)
        draw_allowances(&allowed, &request->parts[i]->base, request->parts[i]->allow);
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        if (packet_prints_step(request->packet, step))
            draw_allowances(&allowed, &step->base, step->allow);
    }
    if (allowed.begun)
        page_table_end(page);
}

/* ---- files ---- */

void draw_files(struct document *page, struct request *request)
{
    static const struct column columns[] = {
        {"File", 4, false}, {"What", 1.6, false}, {"Bytes", 1.8, true}, {"SHA-256", 7, false}};
    const struct enclosures *files = &request->enclosures;
    if (!files->count)
        return;
    keep_rows(page, files->count, WORDY_ROW_PT);
    page_heading(page, 2, "Files in this packet");
    page_remark(page, "Quote only what has these sums: sha256sum, or manifest.json, tells.");
    page_table_begin(page, columns, 4);
    for (int i = 0; i < files->count; i++) {
        const struct enclosure *file = &files->items[i];
        const char *cells[] = {file->name, file->what,
                               arena_printf(request->context->arena, "%zu", file->length),
                               file->sha256};
        page_table_row(page, cells);
    }
    page_table_end(page);
}
