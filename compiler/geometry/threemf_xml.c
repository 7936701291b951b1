#include "geometry/threemf_xml.h"

#include "base/memory.h"
#include "geometry/reader.h"
#include "geometry/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 64, LONGEST_TOKEN = 1 << 20 };

#define NAMESPACE "http://schemas.microsoft.com/3dmanufacturing/"

unsigned long xml_line(const struct xml *xml)
{
    return XML_GetCurrentLineNumber(xml->parser);
}

bool xml_problem(struct xml *xml, const char *format, ...)
{
    char text[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    XML_StopParser(xml->parser, XML_FALSE);
    return mesh_problem(xml->mesh, "%.60s, line %lu: %s", xml->part, xml_line(xml), text);
}

/* ---- what expat calls ---- */

static bool has_failed(const struct xml *xml)
{
    return xml->mesh->problem[0] != '\0';
}

static void XMLCALL begin(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = data;
    if (has_failed(xml)) /* what expat still had in hand when it was stopped */
        return;
    if (++xml->depth > DEEPEST)
        xml_problem(xml, "nested too deep");
    else
        xml->handlers->begin(xml, name, attributes);
}

static void XMLCALL end(void *data, const XML_Char *name)
{
    struct xml *xml = data;
    (void)name;
    xml->depth--;
    if (!has_failed(xml) && xml->handlers->end)
        xml->handlers->end(xml);
}

static void XMLCALL take_text(void *data, const XML_Char *text, int length)
{
    struct xml *xml = data;
    if (!has_failed(xml) && xml->handlers->text)
        xml->handlers->text(xml, text, length);
}

static void XMLCALL begin_doctype(void *data, const XML_Char *name, const XML_Char *system,
                                  const XML_Char *public, int subset)
{
    (void)name, (void)system, (void)public, (void)subset;
    xml_problem(data, "a document type, which 3MF does not allow");
}

static void XMLCALL declare(void *data, const XML_Char *prefix, const XML_Char *uri)
{
    /* Of the others that there are, slices, beams, booleans and volumes make another shape than the triangles. */
    static const char *const known[] = {
        NAMESPACE "core/2015/02",
        NAMESPACE "production/2015/06",
        NAMESPACE "material/2015/02",
    };
    struct xml *xml = data;
    enum { ROOM = sizeof xml->declared / sizeof *xml->declared };
    if (xml->depth || !prefix || xml->declared_count == ROOM)
        return;
    bool is_known = false;
    for (size_t i = 0; uri && i < sizeof known / sizeof *known; i++)
        is_known |= strcmp(uri, known[i]) == 0;
    xml->declared[xml->declared_count].is_known = is_known;
    snprintf(xml->declared[xml->declared_count++].prefix, sizeof xml->declared->prefix, "%s",
             prefix);
}

/* ---- a document ---- */

void xml_open(struct xml *xml, const char *part, struct mesh *mesh,
              const struct xml_handlers *handlers)
{
    *xml = (struct xml){.part = part, .mesh = mesh, .handlers = handlers};
    xml->parser = XML_ParserCreateNS(NULL, '|');
    if (!xml->parser)
        memory_exhausted();
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, begin, end);
    XML_SetCharacterDataHandler(xml->parser, take_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, begin_doctype);
    XML_SetStartNamespaceDeclHandler(xml->parser, declare);
}

static bool parse(struct xml *xml, const char *bytes, int length, bool is_last)
{
    if (XML_Parse(xml->parser, bytes, length, is_last) == XML_STATUS_OK)
        return true;
    return has_failed(xml) ? false
                           : xml_problem(xml, "%s", XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

bool xml_take(struct xml *xml, const char *bytes, int length)
{
    if (!parse(xml, bytes, length, false))
        return false;
    xml->taken += length;
    if (xml->taken - XML_GetCurrentByteIndex(xml->parser) > LONGEST_TOKEN)
        return xml_problem(xml, "a tag or a remark of more than %d bytes", LONGEST_TOKEN);
    return true;
}

bool xml_close(struct xml *xml, bool sound)
{
    sound = sound && parse(xml, "", 0, true);
    XML_ParserFree(xml->parser);
    xml->parser = NULL;
    return sound;
}

/* ---- names ---- */

const char *xml_core_name(const char *name)
{
    static const char core[] = NAMESPACE "core/";
    const char *bar = strchr(name, '|');
    if (!bar)
        return name;
    return strncmp(name, core, sizeof core - 1) == 0 ? bar + 1 : NULL;
}

bool xml_require(struct xml *xml, const char *prefixes)
{
    struct scan scan = scan_open((const unsigned char *)prefixes, strlen(prefixes));
    for (scan_blanks(&scan); scan.at < scan.end; scan_blanks(&scan)) {
        const char *word = (const char *)scan.at;
        scan_word(&scan);
        size_t length = (size_t)((const char *)scan.at - word);
        bool is_known = false;
        for (int i = 0; i < xml->declared_count; i++)
            if (strlen(xml->declared[i].prefix) == length &&
                memcmp(xml->declared[i].prefix, word, length) == 0)
                is_known = xml->declared[i].is_known;
        if (!is_known)
            return xml_problem(xml, "it needs the extension `%.*s`, which is not read",
                               length > 15 ? 15 : (int)length, word);
    }
    return true;
}

/* ---- texts ---- */

void xml_append(char *text, size_t size, const char *more, int length)
{
    size_t used = strlen(text), room = size - 1 - used;
    size_t added = (size_t)length < room ? (size_t)length : room;
    memcpy(text + used, more, added);
    text[used + added] = '\0';
}
