/* manifest.json: what the packet holds, so that who receives it can tell that it is whole and whether it is the same. */
#include "emit/packet/packet.h"

#include <string.h>

static void add_text(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, "\"%s\": \"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static const char *text_of(const struct request *request, const struct simple *row)
{
    struct emit_context *context = request->context;
    return row ? value_string(context->spec, &row->value, NULL, context->arena) : "";
}

static void add_files(struct buffer *out, const struct enclosures *files)
{
    buffer_add_text(out, "  \"files\": [");
    for (int i = 0; i < files->count; i++) {
        const struct enclosure *file = &files->items[i];
        buffer_addf(out, "%s\n    {", i ? "," : "");
        add_text(out, "name", file->name);
        buffer_add_text(out, ", ");
        add_text(out, "what", file->what);
        buffer_add_text(out, ", ");
        add_text(out, "of", file->of);
        buffer_addf(out, ", \"bytes\": %zu, \"sha256\": \"%s\"}", file->length, file->sha256);
    }
    buffer_addf(out, "%s],\n", files->count ? "\n  " : "");
}

static void add_disclosed(const struct request *request, struct buffer *out)
{
    struct emit_context *context = request->context;
    const struct disclosure *first = request->packet->disclose;
    buffer_add_text(out, "  \"disclosed\": [");
    for (const struct disclosure *row = first; row; row = row->next) {
        buffer_addf(out, "%s\n    {", row == first ? "" : ",");
        add_text(out, "what",
                 row->what.kind == VALUE_MEMBER
                     ? arena_printf(context->arena, "%s.%s", row->what.member->declaration->name,
                                    row->what.member->name)
                     : value_string(context->spec, &row->what, NULL, context->arena));
        buffer_add_text(out, ", ");
        add_text(out, "why", value_string(context->spec, &row->reason, NULL, context->arena));
        buffer_add_char(out, '}');
    }
    buffer_addf(out, "%s]\n}\n", first ? "\n  " : "");
}

void write_manifest(const struct request *request, const struct enclosures *files,
                    struct buffer *out)
{
    const struct product *product = request->context->product;
    buffer_add_text(out, "{\n  \"format\": \"flow-packet-1\",\n  ");
    add_text(out, "product", product->base.name);
    buffer_add_text(out, ",\n  ");
    add_text(out, "number", text_of(request, product->number));
    buffer_add_text(out, ",\n  ");
    add_text(out, "revision", text_of(request, product->revision));
    buffer_add_text(out, ",\n  ");
    add_text(out, "packet", request->packet->packet_name ? request->packet->packet_name : "");
    buffer_add_text(out, ",\n  ");
    add_text(out, "fingerprint", request->fingerprint);
    buffer_add_text(out, ",\n  \"quantities\": [");
    for (int i = 0; i < request->quantity_count; i++)
        buffer_addf(out, "%s%ld", i ? ", " : "", request->quantities[i].count);
    buffer_add_text(out, "],\n");
    add_files(out, files);
    add_disclosed(request, out);
}
