#include "trace/epcis.h"

#include "trace/trace_private.h"
#include "trace/trace_write.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* Only what needs no escape in any URI stays as it is. */
static void add_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++)
        if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
            (*text >= '0' && *text <= '9') || strchr("-._~", *text))
            buffer_add_char(out, *text);
        else
            buffer_addf(out, "%%%02X", (unsigned char)*text);
}

struct writing {
    const struct trace *trace;
    const char *base;
    char separator; /* what parts of a name are parted by: ':' in a URN, '/' in an address */
    struct buffer *out;
};

static void add_uri(const struct writing *at, struct buffer *out, const char *kind,
                    const char *name)
{
    buffer_addf(out, "\"%s%s%c", at->base, kind, at->separator);
    add_escaped(out, name);
    buffer_add_char(out, '"');
}

static void add_unit_uri(const struct writing *at, struct buffer *out,
                         const struct batch_trace *batch, int32_t number)
{
    add_uri(at, out, "unit", batch->thing.name);
    out->text[--out->length] = '\0';
    buffer_addf(out, "/%d\"", number);
}

/* ---- which events become what ---- */

enum about { ABOUT_UNITS, ABOUT_LOT, ABOUT_PACKING, ABOUT_PARCEL };

/* The first row that fits; NULL fits whatever is said. */
static const struct mapping {
    enum message_kind kind;
    const char *outcome, *to;
    enum about about;
    const char *action, *step, *disposition;
} mappings[] = {
    {EVENT_lot_received, NULL, NULL, ABOUT_LOT, "OBSERVE", "receiving", "in_progress"},
    {EVENT_lot_held, NULL, NULL, ABOUT_LOT, "OBSERVE", "holding", "unavailable"},
    {EVENT_lot_freed, NULL, NULL, ABOUT_LOT, "OBSERVE", "storing", "available"},
    {EVENT_batch_started, NULL, NULL, ABOUT_UNITS, "ADD", "commissioning", "active"},
    {EVENT_units_left, NULL, "scrap", ABOUT_UNITS, "DELETE", "destroying", "destroyed"},
    {EVENT_units_left, NULL, "quarantine", ABOUT_UNITS, "OBSERVE", "holding", "non_conformant"},
    {EVENT_units_left, "rework", NULL, ABOUT_UNITS, "OBSERVE", "inspecting", "non_conformant"},
    {EVENT_units_left, "reject", NULL, ABOUT_UNITS, "OBSERVE", "inspecting", "non_conformant"},
    {EVENT_units_left, "refuse", NULL, ABOUT_UNITS, "OBSERVE", "inspecting", "non_conformant"},
    {EVENT_units_left, "approve", NULL, ABOUT_UNITS, "OBSERVE", "accepting", "conformant"},
    {EVENT_units_left, NULL, NULL, ABOUT_UNITS, "OBSERVE", "", "in_progress"},
    {EVENT_unit_quarantined, NULL, NULL, ABOUT_UNITS, "OBSERVE", "holding", "unavailable"},
    {EVENT_unit_returned, NULL, NULL, ABOUT_UNITS, "OBSERVE", "storing", "available"},
    {EVENT_unit_disposed, NULL, "scrap", ABOUT_UNITS, "DELETE", "destroying", "destroyed"},
    {EVENT_unit_disposed, NULL, NULL, ABOUT_UNITS, "OBSERVE", "repairing", "in_progress"},
    {EVENT_units_packed, NULL, NULL, ABOUT_PACKING, "ADD", "packing", "in_progress"},
    {EVENT_units_unpacked, NULL, NULL, ABOUT_PACKING, "DELETE", "unpacking", "in_progress"},
    {EVENT_parcel_shipped, NULL, NULL, ABOUT_PARCEL, "OBSERVE", "shipping", "in_transit"},
};

static const struct mapping *mapping_of(const struct fact *fact)
{
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++) {
        const struct mapping *one = &mappings[i];
        if (one->kind == fact->kind &&
            (!one->outcome || strcmp(fact_text(fact, "outcome"), one->outcome) == 0) &&
            (!one->to || strcmp(fact_text(fact, "to"), one->to) == 0))
            return one;
    }
    return NULL;
}

/* ---- lists ---- */

static const struct trace_part *part_of(const struct trace *trace, const struct thing *batch)
{
    for (int32_t i = 0; i < trace->part_count; i++)
        if (&trace->parts[i].batch->thing == batch)
            return &trace->parts[i];
    return NULL;
}

/* The event's units that the trace is about: what others got is no business of who reads this. */
static void add_units(const struct writing *at, struct buffer *out, const char *name,
                      const struct trace_part *part, const struct fact *fact)
{
    int32_t first = fact->first ? fact->first : 1,
            end = fact->first ? fact->first + fact->count : part->batch->unit_count + 1;
    const char *before = "";
    buffer_addf(out, ",\"%s\":[", name);
    for (int32_t i = first; i < end && i <= part->batch->unit_count; i++)
        if (i >= 1 && part_has(part, i)) {
            buffer_add_text(out, before);
            add_unit_uri(at, out, part->batch, i);
            before = ",";
        }
    buffer_add_char(out, ']');
}

static const struct in_use *use_of(const struct batch_trace *batch, const struct fact *fact)
{
    int32_t low = 0, high = batch->departure_count; /* departures stand in the order of events */
    int32_t index = (int32_t)(fact - batch->thing.trail.facts);
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (batch->departures[middle].fact < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low < batch->departure_count && batch->departures[low].fact == index
               ? &batch->uses[batch->departures[low].in_use]
               : NULL;
}

static bool has_lots(const struct in_use *use)
{
    for (int32_t i = 0; use && i < use->thing_count; i++)
        if (use->things[i]->kind == THING_LOT)
            return true;
    return false;
}

static void add_lots(const struct writing *at, struct buffer *out, const struct in_use *use)
{
    const char *before = ",\"inputEPCList\":[";
    for (int32_t i = 0; i < use->thing_count; i++)
        if (use->things[i]->kind == THING_LOT) {
            buffer_add_text(out, before);
            add_uri(at, out, "lot", use->things[i]->name);
            before = ",";
        }
    buffer_add_char(out, ']');
}

static void add_transaction(const struct writing *at, struct buffer *out, const char *type,
                            const char *kind, const char *name)
{
    if (!*name)
        return;
    buffer_add_text(out, ",\"bizTransactionList\":[{");
    if (*type)
        buffer_addf(out, "\"type\":\"%s\",", type);
    buffer_add_text(out, "\"bizTransaction\":");
    add_uri(at, out, kind, name);
    buffer_add_text(out, "}]");
}

/* ---- events ---- */

/* What is special to what an event is about, from its type on. */
static void add_about_units(const struct writing *at, struct buffer *out,
                            const struct mapping *mapping, const struct trace_part *part,
                            const struct fact *fact)
{
    buffer_addf(out, "\"ObjectEvent\",\"action\":\"%s\"", mapping->action);
    add_units(at, out, "epcList", part, fact);
    add_transaction(at, out, "prodorder", "batch", part->batch->thing.name);
    if (*mapping->step)
        buffer_addf(out, ",\"bizStep\":\"%s\"", mapping->step);
}

static void add_about_packing(const struct writing *at, struct buffer *out,
                              const struct mapping *mapping, const struct trace_part *part,
                              const struct fact *fact)
{
    buffer_addf(out, "\"AggregationEvent\",\"action\":\"%s\",\"parentID\":", mapping->action);
    add_uri(at, out, "parcel", fact_text(fact, "parcel"));
    add_units(at, out, "childEPCs", part, fact);
    add_transaction(at, out, "po", "order", fact_text(fact, "order"));
    buffer_addf(out, ",\"bizStep\":\"%s\"", mapping->step);
}

static void add_about_thing(const struct writing *at, struct buffer *out,
                            const struct mapping *mapping, const struct thing *thing)
{
    buffer_addf(out, "\"ObjectEvent\",\"action\":\"%s\",\"epcList\":[", mapping->action);
    add_uri(at, out, thing_kind_names[thing->kind], thing->name);
    buffer_add_char(out, ']');
    add_transaction(at, out, "", "tracking", thing->tracking);
    buffer_addf(out, ",\"bizStep\":\"%s\"", mapping->step);
}

/* RFC 6920: the hash of the event's place in the journal and of all that is said of it here. */
static void add_identifier(struct buffer *out, const struct fact *fact, const struct buffer *body)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    struct buffer text = {0}, base64 = {0};

    buffer_addf(&text, "%lld\n%s", (long long)fact->sequence, body->text);
    SHA256((const unsigned char *)text.text, text.length, hash);
    buffer_add_base64(&base64, (const char *)hash, sizeof hash);
    for (char *c = base64.text; *c; c++)
        *c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c);
    buffer_addf(out, ",\"eventID\":\"ni:///sha-256;%s\"}", base64.text);
    buffer_free(&base64);
    buffer_free(&text);
}

/* When and where, and the end. */
static void end_event(const struct writing *at, const struct fact *fact, struct buffer *body,
                      const char *disposition)
{
    buffer_addf(body, ",\"disposition\":\"%s\",\"eventTime\":\"", disposition);
    add_time_for_programs(body, fact->time_ms);
    buffer_add_text(body, "\",\"eventTimeZoneOffset\":\"+00:00\"");
    if (*fact->step) {
        buffer_add_text(body, ",\"readPoint\":{\"id\":");
        add_uri(at, body, "step", fact->step);
        buffer_add_char(body, '}');
    }
    buffer_add(at->out, body->text, body->length);
    add_identifier(at->out, fact, body);
    buffer_free(body);
}

/* What went into the units while they were at the step that they leave. */
static void add_transformation(const struct writing *at, const struct trace_part *part,
                               const struct fact *fact, const struct in_use *use)
{
    struct buffer body = {0};
    buffer_add_text(&body, "{\"type\":\"TransformationEvent\"");
    add_lots(at, &body, use);
    add_units(at, &body, "outputEPCList", part, fact);
    add_transaction(at, &body, "prodorder", "batch", part->batch->thing.name);
    buffer_add_text(&body, ",\"bizStep\":\"assembling\"");
    end_event(at, fact, &body, "in_progress");
}

static void add_mapped(const struct writing *at, const struct trace_event *event,
                       const struct mapping *mapping, const struct trace_part *part)
{
    struct buffer body = {0};
    buffer_add_text(&body, "{\"type\":");
    if (mapping->about == ABOUT_UNITS)
        add_about_units(at, &body, mapping, part, event->fact);
    else if (mapping->about == ABOUT_PACKING)
        add_about_packing(at, &body, mapping, part, event->fact);
    else
        add_about_thing(at, &body, mapping, event->owner);
    end_event(at, event->fact, &body, mapping->disposition);
}

/* An event that is one for partners: what is not said in EPCIS (a parameter, a measurement) is left out. Work that put lots in
   is a transformation, and where its units went then is said only if it is not simply onwards. */
static void add_event(const struct writing *at, const struct trace_event *event,
                      const char **before)
{
    const struct fact *fact = event->fact;
    const struct mapping *mapping = mapping_of(fact);
    const struct trace_part *part = part_of(at->trace, event->owner);
    bool of_units = mapping && (mapping->about == ABOUT_UNITS || mapping->about == ABOUT_PACKING);
    const struct in_use *use =
        part && fact->kind == EVENT_units_left ? use_of(part->batch, fact) : NULL;

    if (!mapping || (of_units && (!part || !part->count)))
        return;
    if (has_lots(use)) {
        buffer_add_text(at->out, *before);
        add_transformation(at, part, fact, use);
        *before = ",\n";
    }
    if (!has_lots(use) || *mapping->step) {
        buffer_add_text(at->out, *before);
        add_mapped(at, event, mapping, part);
        *before = ",\n";
    }
}

/* ---- the document ---- */

static bool base_is_good(const char *base, struct failure *failure)
{
    size_t length = strlen(base);
    bool urn = strncmp(base, "urn:", 4) == 0 && length > 5 && base[length - 1] == ':';
    bool address = (strncmp(base, "https://", 8) == 0 || strncmp(base, "http://", 7) == 0) &&
                   length > 8 && base[length - 1] == '/';
    for (size_t i = 0; i < length; i++)
        if (base[i] <= ' ' || base[i] >= 0x7f || strchr("\"<>\\^`{|}%", base[i]))
            urn = address = false;
    return urn || address ||
           fail(failure,
                "`%.100s` is no beginning of names: it is a URN that ends in `:`, or an address "
                "that ends in `/`, such as https://id.example.com/",
                base);
}

bool epcis_add(const struct trace *trace, const char *base, struct buffer *out,
               struct failure *failure)
{
    struct trace touching = *trace; /* the events that touched the units, whatever is asked about */
    struct writing at = {&touching, base, ':', out};
    const char *before = "";

    if (!base_is_good(base, failure))
        return false;
    at.separator = base[strlen(base) - 1];
    trace_gather_touching(&touching);
    buffer_add_text(out, "{\"@context\":[\"https://ref.gs1.org/standards/epcis/2.0.0/"
                         "epcis-context.jsonld\"],\n\"type\":\"EPCISDocument\","
                         "\"schemaVersion\":\"2.0\",\"creationDate\":\"");
    add_time_for_programs(out, trace->model->last_ms);
    buffer_add_text(out, "\",\n\"epcisBody\":{\"eventList\":[");
    for (int32_t i = 0; i < touching.event_count; i++)
        add_event(&at, &touching.events[i], &before);
    buffer_add_text(out, "]}}\n");
    free(touching.events);
    return true;
}
