/* What a step's instruction says, for a SKU: lines with their pictures and cautions, checks with their limits, standards. */
#include "station/read_work.h"

#include "base/rational.h"
#include "station/json.h"

#include <ctype.h>
#include <string.h>

static const char *text_of(const struct work *at, const struct value *value)
{
    return value_string(at->spec, value, at->sku, at->arena);
}

static void write_said(const struct work *at, const char *name, const struct value *value)
{
    value = value_for(value, at->sku);
    if (value->kind != VALUE_ABSENT)
        json_said(at->out, name, text_of(at, value));
}

static void write_texts(const struct work *at, const char *name, const struct simple *row)
{
    json_begin(at->out, name, '[');
    for (; row; row = row->next)
        json_text(at->out, NULL, text_of(at, &row->value));
    json_end(at->out, ']');
}

char *readable_name(const char *name, struct arena *arena)
{
    char *text = arena_copy_text(arena, name, strlen(name));
    for (char *at = text; *at; at++)
        if (*at == '_')
            *at = ' ';
    return text;
}

const char *record_title(const struct spec *spec, const struct step *step, const char *name,
                         struct arena *arena)
{
    const struct parameter *row = step->record;
    while (row && strcmp(row->name.word, name) != 0)
        row = row->next;
    return row && row->title.kind == VALUE_TEXT ? value_string(spec, &row->title, NULL, arena)
                                                : readable_name(name, arena);
}

static const char *title(const struct work *at, const struct declaration *what)
{
    return declaration_title(at->spec, what, at->sku, at->arena);
}

/* ---- pictures ---- */

/* "/api/v1/specs/SNAPSHOT/files/NAME" of a file that the snapshot keeps: NAME is what its manifest calls it. */
static void write_file(const struct work *at, const char *name, const struct declaration *owner,
                       const struct value *file)
{
    static const char hex[] = "0123456789ABCDEF";
    const char *path = file_path(at->spec, owner, file, at->sku, at->arena);
    const char *kept = path ? strstr(path, at->snapshot) : NULL;
    struct buffer address = {0};
    if (!kept || strlen(kept) <= strlen(at->snapshot))
        return;
    buffer_addf(&address, "/api/v1/specs/%s/files/", at->snapshot);
    for (kept += strlen(at->snapshot) + 1; *kept; kept++) {
        bool plain = strchr("-_.~", *kept) || (*kept >= '0' && *kept <= '9') ||
                     ((*kept | 0x20) >= 'a' && (*kept | 0x20) <= 'z');
        if (plain)
            buffer_add_char(&address, *kept);
        else
            buffer_addf(&address, "%%%c%c", hex[(unsigned char)*kept >> 4], hex[*kept & 15]);
    }
    json_text(at->out, name, address.text);
    buffer_free(&address);
}

static void write_photos(const struct work *at, const struct declaration *owner,
                         const struct simple *row)
{
    json_begin(at->out, "photos", '[');
    for (; row; row = row->next)
        write_file(at, NULL, owner, &row->value);
    json_end(at->out, ']');
}

/* ---- lines ---- */

static const char *consumed(const struct work *at, const struct consumption *row)
{
    const char *what = text_of(at, &row->what), *count = text_of(at, &row->count);
    if (row->per_units.kind != VALUE_ABSENT)
        return arena_printf(at->arena, "%s \303\227 %s / %s", count, what,
                            text_of(at, &row->per_units));
    if (row->basis.kind != VALUE_ABSENT)
        return arena_printf(at->arena, "%s \303\227 %s / %s", count, what,
                            text_of(at, &row->basis));
    return arena_printf(at->arena, "%s \303\227 %s", count, what);
}

static void write_uses(const struct work *at, const struct consumption *row)
{
    json_begin(at->out, "uses", '[');
    for (; row; row = row->next)
        json_text(at->out, NULL, consumed(at, row));
    json_end(at->out, ']');
}

static void write_line(const struct work *at, const struct instruction *line,
                       const struct declaration *owner, const struct standard *standard)
{
    json_begin(at->out, NULL, '{');
    json_text(at->out, "text", text_of(at, &line->text));
    write_texts(at, "tools", line->tool);
    write_uses(at, line->consume);
    write_texts(at, "cautions", line->caution);
    if (line->torque)
        write_said(at, "torque", &line->torque->value);
    if (line->time)
        write_said(at, "time", &line->time->value);
    write_photos(at, owner, line->photo);
    if (standard)
        json_text(at->out, "standard", title(at, &standard->base));
    json_end(at->out, '}');
}

static void write_lines(const struct work *at)
{
    json_begin(at->out, "lines", '[');
    for (const struct simple *used = at->step->using; used; used = used->next) {
        const struct standard *standard = value_standard(&used->value, at->sku);
        for (const struct instruction *line = standard ? standard->do_ : NULL; line;
             line = line->next)
            write_line(at, line, &standard->base, standard);
    }
    for (const struct instruction *line = at->step->do_; line; line = line->next)
        write_line(at, line, &at->step->base, NULL);
    json_end(at->out, ']');
    write_uses(at, at->step->consume);
}

static void write_standards(const struct work *at)
{
    json_begin(at->out, "standards", '[');
    for (const struct simple *used = at->step->using; used; used = used->next) {
        const struct standard *standard = value_standard(&used->value, at->sku);
        if (!standard)
            continue;
        json_begin(at->out, NULL, '{');
        json_text(at->out, "title", title(at, &standard->base));
        if (standard->accept)
            write_said(at, "accept", &standard->accept->value);
        if (standard->reject)
            write_said(at, "reject", &standard->reject->value);
        json_begin(at->out, "photos", '[');
        for (const struct photo *photo = standard->photo; photo; photo = photo->next) {
            json_begin(at->out, NULL, '{');
            write_said(at, "quality", &photo->quality);
            write_file(at, "file", &standard->base, &photo->file);
            json_end(at->out, '}');
        }
        json_end(at->out, ']');
        json_end(at->out, '}');
    }
    json_end(at->out, ']');
}

/* ---- parts ---- */

static void write_part(const struct work *at, const struct part *part)
{
    json_begin(at->out, NULL, '{');
    json_text(at->out, "part", part->base.name);
    json_text(at->out, "title", title(at, &part->base));
    if (part->material)
        json_text(at->out, "material", text_of(at, &part->material->value));
    json_flag(at->out, "drawn", part->model != NULL);
    json_end(at->out, '}');
}

/* What is made or worked here and what goes in, each part as often as it is said. */
static void write_parts(const struct work *at)
{
    const struct simple *lists[] = {at->step->makes, at->step->works};
    const struct instruction *line = at->step->do_;
    json_begin(at->out, "parts", '[');
    for (int i = 0; i < 2; i++)
        for (const struct simple *row = lists[i]; row; row = row->next)
            if (value_part(&row->value, at->sku))
                write_part(at, value_part(&row->value, at->sku));
    for (const struct consumption *row = at->step->consume; row || line;) {
        for (; row; row = row->next)
            if (value_part(&row->what, at->sku))
                write_part(at, value_part(&row->what, at->sku));
        row = line ? line->consume : NULL;
        line = line ? line->next : NULL;
    }
    json_end(at->out, ']');
}

/* ---- checks ---- */

/* A limit in the unit that the size is stated in, in which it is read off a gauge. */
static void write_limit(const struct work *at, const char *name, const struct value *limit,
                        const struct unit *unit)
{
    struct buffer text = {0};
    if (limit->kind != VALUE_NUMBER)
        return;
    struct rational number = limit->number;
    if (unit)
        number = rational_divide(rational_subtract(number, unit->offset), unit->scale);
    rational_print_short(&text, number, 6);
    json_text(at->out, name, text.text);
    buffer_free(&text);
}

static void write_size(const struct work *at, const struct dimension_row *dimension)
{
    const struct value *value = value_for(&dimension->size, at->sku);
    const struct size *size = value->kind == VALUE_SIZE ? value->size : NULL;
    if (!size)
        return;
    const struct value *stated = size->nominal.kind == VALUE_NUMBER ? &size->nominal
                                 : size->upper.kind == VALUE_NUMBER ? &size->upper
                                                                    : &size->lower;
    const struct unit *unit = spec_unit(at->spec, stated);
    json_text(at->out, "limits", text_of(at, value));
    write_limit(at, "lower", &size->lower, unit);
    write_limit(at, "upper", &size->upper, unit);
    json_said(at->out, "unit", unit ? unit->text + strspn(unit->text, " ") : size->scale);
    write_said(at, "gauge", &dimension->gauge);
    write_said(at, "class", &dimension->class);
}

static void write_defects(const struct work *at, const struct check *check)
{
    json_begin(at->out, "defects", '[');
    for (const struct simple *row = check->defects; row; row = row->next) {
        const struct defect *defect = value_defect(&row->value, at->sku);
        if (!defect)
            continue;
        json_begin(at->out, NULL, '{');
        json_text(at->out, "defect", defect->base.name);
        json_text(at->out, "title", title(at, &defect->base));
        if (defect->class)
            write_said(at, "class", &defect->class->value);
        if (defect->says)
            write_said(at, "says", &defect->says->value);
        if (defect->then)
            write_said(at, "then", &defect->then->value);
        write_photos(at, &defect->base, defect->photo);
        json_end(at->out, '}');
    }
    json_end(at->out, ']');
}

static void write_check(const struct work *at, const struct check *check)
{
    static const char *const forms[] = {[CHECK_COUNT] = "count",
                                        [CHECK_DEFECTS] = "defects",
                                        [CHECK_DIMENSION] = "dimension",
                                        [CHECK_TEXT] = "text"};
    const struct value *name = &check->name;
    json_begin(at->out, NULL, '{');
    json_text(at->out, "form", forms[check->form]);
    if (name->kind == VALUE_MEMBER) {
        json_text(at->out, "part", name->member->declaration->name);
        json_text(at->out, "name", name->member->name);
        json_text(at->out, "title",
                  arena_printf(at->arena, "%s: %s", title(at, name->member->declaration),
                               readable_name(name->member->name, at->arena)));
        write_size(at, name->member->dimension);
    } else {
        json_text(at->out, "name", name->word);
        char *words = readable_name(name->word, at->arena);
        words[0] = (char)toupper((unsigned char)words[0]);
        json_text(at->out, "title", words);
        write_said(at, "class", &check->class);
    }
    write_said(at, "text", &check->text);
    write_defects(at, check);
    json_end(at->out, '}');
}

void write_work(const struct work *at)
{
    json_begin(at->out, NULL, '{');
    json_text(at->out, "sku", sku_code(at->spec, at->sku, at->arena));
    write_lines(at);
    write_standards(at);
    write_parts(at);
    json_begin(at->out, "checks", '[');
    for (const struct check *check = at->step->check; check; check = check->next)
        write_check(at, check);
    json_end(at->out, ']');
    json_end(at->out, '}');
}
