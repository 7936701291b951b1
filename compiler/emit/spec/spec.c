/* spec.json: the whole checked model of one product, for programs. docs/spec.schema.json describes it. Fields are
   written as the schema lists them, so that a new one appears by itself. */
#include "emit/spec/json.h"

#include "base/file.h"
#include "base/sink.h"
#include "cost/cost.h"
#include "emit/emit.h"
#include "emit/model.h"

#include <string.h>

enum { COSTS_AT_MOST = 2000 };

struct writer {
    struct model_visitor visitor;
    struct json json;
    const struct spec *spec;
    const struct product *product;
    struct arena *arena;
    struct failure *failure;
};

/* ---- fields ---- */

static struct json *json_of(struct model_visitor *visitor)
{
    return &((struct writer *)visitor)->json;
}

static void open_any(struct model_visitor *visitor, const char *key, bool list)
{
    json_open(json_of(visitor), key, list);
}

static void close_any(struct model_visitor *visitor, bool list)
{
    json_close(json_of(visitor), list);
}

static void visit_value(struct model_visitor *visitor, const char *key, const struct value *value)
{
    json_value(json_of(visitor), key, value);
}

static void visit_word(struct model_visitor *visitor, const char *key, const char *word)
{
    if (strcmp(word, "true") == 0)
        json_bool(json_of(visitor), key, true);
    else
        json_text(json_of(visitor), key, word);
}

/* ---- declarations ---- */

static void write_head(struct writer *writer, const struct declaration *declaration)
{
    struct json *json = &writer->json;
    struct position place = position_of(writer->spec->sources, declaration->span.begin);

    json_text(json, "kind", kind_rows[declaration->kind].name);
    if (declaration->name)
        json_text(json, "name", declaration->name);
    if (!value_is(&declaration->title, VALUE_ABSENT))
        json_value(json, "title", &declaration->title);
    if (declaration->documentation)
        json_text(json, "documentation", declaration->documentation);
    if (declaration->owner && declaration->owner->name)
        json_text(json, "owner", declaration->owner->name);
    if (declaration->like && declaration->like->name)
        json_text(json, "like", declaration->like->name);
    if (place.source) {
        json_text(json, "file", emit_source_name(writer->spec, place.source, writer->arena));
        json_number(json, "line", (long)place.line);
    }
}

static void write_fields(struct writer *writer, const struct declaration *declaration)
{
    json_open(&writer->json, "fields", false);
    model_visit_fields(&writer->visitor, declaration, declaration->kind);
    json_close(&writer->json, false);
}

static void write_declarations(struct writer *writer)
{
    struct model_uses uses = model_uses_of(writer->spec, writer->product, writer->arena);

    json_open(&writer->json, "declarations", true);
    for (int i = 0; i < uses.count; i++) {
        const struct declaration *declaration = uses.items[i];
        if (kind_is_step(declaration->kind))
            continue; /* they stand in the workflow, in order */
        json_open(&writer->json, NULL, false);
        write_head(writer, declaration);
        if (declaration->kind == KIND_packet) {
            const struct packet *packet = (const struct packet *)(const void *)declaration;
            if (packet->packet_name)
                json_text(&writer->json, "packet", packet->packet_name);
        }
        write_fields(writer, declaration);
        json_close(&writer->json, false);
    }
    json_close(&writer->json, true);
}

/* ---- the workflow ---- */

static void write_route(struct writer *writer, const struct route *route)
{
    static const char *const ends[] = {
        [TARGET_SCRAP] = "scrap", [TARGET_QUARANTINE] = "quarantine", [TARGET_DONE] = "done"};
    struct json *json = &writer->json;

    json_open(json, NULL, false);
    json_text(json, "outcome", outcome_names[route->outcome]);
    if (route->target == TARGET_STEP && route->step)
        json_text(json, "step", route->step->base.name);
    else
        json_text(json, "end",
                  ends[route->target == TARGET_STEP ? TARGET_QUARANTINE : route->target]);
    if (route->at_most)
        json_value(json, "at_most", route->at_most);
    if (route->expect)
        json_value(json, "expect", route->expect);
    json_bool(json, "written", route->written);
    json_close(json, false);
}

static void write_workflow(struct writer *writer)
{
    const struct workflow *workflow = writer->product->workflow;
    struct json *json = &writer->json;

    json_open(json, "steps", true);
    for (int i = 0; workflow && i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        json_open(json, NULL, false);
        write_head(writer, &step->base);
        json_bool(json, "inherited", step->inherited);
        write_fields(writer, &step->base);
        json_open(json, "routes", true);
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            const struct route *route = step_route(step, outcome);
            if (route->present && !route->failed)
                write_route(writer, route);
        }
        json_close(json, true);
        json_close(json, false);
    }
    json_close(json, true);
}

/* ---- SKUs and what they cost ---- */

static void write_skus(struct writer *writer)
{
    const struct product *product = writer->product;
    struct json *json = &writer->json;

    json_open(json, "skus", true);
    for (long i = 0; i < product->sku_count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        json_open(json, NULL, false);
        json_text(json, "sku", sku_code(writer->spec, &sku, writer->arena));
        json_open(json, "cases", false);
        for (int axis = 0; axis < product->axis_count; axis++) {
            const char *name = product->axes[axis]->name.word;
            json_text(json, name, sku_case(&sku, name));
        }
        json_close(json, false);
        json_close(json, false);
    }
    json_close(json, true);
}

/* For as many SKUs as a reader can use; `flowc cost` has all. */
static void write_costs(struct writer *writer)
{
    const struct product *product = writer->product;
    struct rational *quantities;
    int count = cost_quantities(writer->spec, product, &quantities, writer->arena);
    long left = COSTS_AT_MOST;

    json_open(&writer->json, "costs", true);
    for (long i = 0; product->workflow && i < product->sku_count && left >= count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        for (int q = 0; q < count; q++, left--) {
            struct arena arena = {0};
            struct cost_sheet sheet;
            struct buffer text = {0};
            cost_reckon(writer->spec, &sku, quantities[q], &arena, &sheet);
            cost_print_json(&text, writer->spec, &sheet);
            size_t blanks = strspn(buffer_text(&text), " \n");
            json_raw(&writer->json, NULL, text.text + blanks, text.length - blanks);
            buffer_free(&text);
            arena_free(&arena);
        }
    }
    json_close(&writer->json, true);
}

/* ---- the files it came from ---- */

static void write_sources(struct writer *writer)
{
    const struct source_set *sources = writer->spec->sources;
    struct json *json = &writer->json;
    char hex[65];

    json_open(json, "sources", true);
    for (int i = 0; i < sources->count; i++) {
        const struct source *source = sources->files[i];
        sha256_hex(source->text, source->length, hex);
        json_open(json, NULL, false);
        json_text(json, "file", emit_source_name(writer->spec, source, writer->arena));
        json_text(json, "sha256", hex);
        json_bool(json, "shipped", source->shared);
        json_close(json, false);
    }
    json_close(json, true);
}

static bool write_all(struct writer *writer)
{
    struct json *json = &writer->json;
    char hex[65];

    if (!product_fingerprint(writer->spec, writer->product, hex, writer->failure))
        return false;
    json_open(json, NULL, false);
    json_text(json, "format_version", "1.0");
    json_text(json, "audience", "internal");
    json_text(json, "product", writer->product->base.name);
    json_text(json, "currency", shop_currency(writer->spec));
    json_text(json, "fingerprint", hex);
    write_sources(writer);
    write_skus(writer);
    write_declarations(writer);
    write_workflow(writer);
    write_costs(writer);
    json_close(json, false);
    buffer_add_char(&json->out, '\n');
    return true;
}

bool emit_spec(struct emit_context *context)
{
    struct writer writer = {
        .visitor = {open_any, close_any, visit_value, visit_word, NULL, context->spec},
        .json = {.spec = context->spec, .first = true},
        .spec = context->spec,
        .product = context->product,
        .arena = context->arena,
        .failure = context->failure,
    };
    bool good = write_all(&writer) &&
                file_write(emit_path(context, "spec.json"), buffer_text(&writer.json.out),
                           writer.json.out.length, context->failure);

    if (good)
        emit_wrote(context, "spec.json");
    buffer_free(&writer.json.out);
    return good;
}
