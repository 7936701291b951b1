/* 3MF: what is built from objects, components and parts, and packages that are made to do harm. */
#include "geometry/mesh.h"
#include "geometry/threemf.h"
#include "models.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

#define CORE "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                 \
    "<model unit=\"millimeter\" xmlns=\"" CORE                                                     \
    "\" xmlns:p=\"http://schemas.microsoft.com/3dmanufacturing/production/2015/06\""               \
    " xmlns:b=\"http://schemas.microsoft.com/3dmanufacturing/beamlattice/2017/02\" "
#define ROOT HEAD ">\n"
#define BUILD(items) "</resources><build>" items "</build></model>\n"
#define ITEM(id) "<item objectid=\"" #id "\"/>"
#define MOVED(id, transform)                                                                       \
    "<component objectid=\"" #id "\" transform=\"1 0 0 0 1 0 0 0 1 " transform "\"/>"

/* The mesh of a cube. */
static void add_cube(struct buffer *text)
{
    buffer_add_text(text, "<mesh><vertices>");
    for (int corner = 0; corner < 8; corner++)
        buffer_addf(text, "<vertex x=\"%d\" y=\"%d\" z=\"%d\"/>", cube_place(corner, 0),
                    cube_place(corner, 1), cube_place(corner, 2));
    buffer_add_text(text, "</vertices>\n<triangles>");
    for (int face = 0; face < 12; face++)
        buffer_addf(text, "<triangle v1=\"%d\" v2=\"%d\" v3=\"%d\"/>", cube_faces[face][0],
                    cube_faces[face][1], cube_faces[face][2]);
    buffer_add_text(text, "</triangles></mesh>");
}

/* ---- one model part ---- */

/* The text with @ for the mesh of a cube. */
static char *expand(const char *pattern)
{
    struct buffer out = {0};
    for (; *pattern; pattern++)
        if (*pattern == '@')
            add_cube(&out);
        else
            buffer_add_char(&out, *pattern);
    char *text = arena_copy_text(&scratch_arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return text;
}

struct outcome {
    bool was_read;
    struct mesh mesh;
    struct mesh_facts facts;
};

static struct outcome examine(bool was_read, struct mesh mesh)
{
    struct outcome outcome = {.was_read = was_read, .mesh = mesh};
    if (was_read)
        mesh_examine(&mesh, &outcome.facts);
    mesh_free(&mesh);
    outcome.mesh.triangles = NULL;
    outcome.mesh.vertices = NULL;
    return outcome;
}

static struct outcome read_xml(const char *pattern)
{
    const char *text = expand(pattern);
    struct mesh mesh = {0};
    bool was_read = threemf_read_xml(text, strlen(text), &mesh);
    return examine(was_read, mesh);
}

static void expect_solid(const struct outcome *outcome, uint32_t triangles, double volume)
{
    double off = outcome->facts.volume_mm3 - volume;
    if (!outcome->was_read || outcome->facts.triangles != triangles ||
        (triangles && !outcome->facts.closed) || off > 1e-6 * volume || off < -1e-6 * volume)
        fail_msg("read %d, %u triangles, closed %d, volume %.9g: %s", outcome->was_read,
                 outcome->facts.triangles, outcome->facts.closed, outcome->facts.volume_mm3,
                 outcome->mesh.problem);
}

static void builds_what_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        uint32_t triangles;
        double volume;
    } cases[] = {
        {ROOT "<resources><object id=\"1\">@</object>" BUILD(ITEM(1)), 12, 1},
        {ROOT "<resources><object id=\"1\">@</object>" BUILD(""), 0, 0},
        {"<model xmlns=\"" CORE
         "\"><resources><object id=\"1\" type=\"model\">@</object>" BUILD(ITEM(1) ITEM(1)),
         24, 2},
        {"<x:model xmlns:x=\"" CORE "\" xmlns=\"elsewhere\"><resources/>"
         "<x:build/></x:model>",
         0, 0},
        /* components of components, and one that lies inside another one */
        {ROOT
         "<resources><object id=\"1\">@</object><object id=\"2\"><components>" MOVED(1, "0 0 0")
             MOVED(1, "3 0 0") "</components></object>"
                               "<object id=\"3\"><components>" MOVED(2, "0 0 0")
                                   MOVED(2, "0 5 0") "</components></object>" BUILD(ITEM(3)),
         48, 4},
        /* a component is named before it is there */
        {ROOT "<resources><object id=\"2\"><components><component objectid=\"1\"/></components>"
              "</object><object id=\"1\">@</object>" BUILD(ITEM(2)),
         12, 1},
        /* mirrored, it still looks outward; scaled by 2, 3 and 4 */
        {ROOT "<resources><object id=\"1\">@</object>" BUILD(
             "<item objectid=\"1\" transform=\"-2 0 0 0 3 0 0 0 4 7 8 9\"/>"),
         12, 24},
        /* support and modifiers are no part of it */
        {ROOT "<resources><object id=\"1\" type=\"support\">@</object>"
              "<object id=\"2\" type=\"other\">@</object><object id=\"3\">@</object>"
              "<object id=\"4\"><components><component objectid=\"1\"/><component objectid=\"2\"/>"
              "<component objectid=\"3\"/></components></object>" BUILD(ITEM(1) ITEM(4)),
         12, 1},
        /* what is of another namespace, and what else there may be, says nothing */
        {ROOT "<p:thing><object id=\"1\"/></p:thing><metadata name=\"Other\">text</metadata>"
              "<resources><basematerials id=\"7\"><base/></basematerials><object id=\"1\" "
              "name=\"a\">@<b:beams/></object>" BUILD(ITEM(1)),
         12, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome outcome = read_xml(cases[i].xml);
        expect_solid(&outcome, cases[i].triangles, cases[i].volume);
    }
}

static void units_are_millimetres_in_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        double mm;
    } units[] = {{"micron", 0.001}, {"millimeter", 1}, {"centimeter", 10},
                 {"inch", 25.4},    {"foot", 304.8},   {"meter", 1000}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const char *xml = arena_printf(
            &scratch_arena,
            "<model unit=\"%s\" xmlns=\"" CORE "\"><resources><object id=\"1\">@</object>" BUILD(
                "<item objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 2 0 0\"/>"),
            units[i].unit);
        struct outcome outcome = read_xml(xml);
        double mm = units[i].mm;
        expect_solid(&outcome, 12, mm * mm * mm);
        assert_true(outcome.facts.low[0] > 1.999999 * mm && outcome.facts.low[0] < 2.000001 * mm);
    }
}

/* Two cubes side by side share no vertex; what one object has twice is one. */
static void bodies_stay_apart(void **state)
{
    (void)state;
    struct outcome outcome = read_xml(ROOT "<resources><object id=\"1\">@</object>" BUILD(
        ITEM(1) "<item objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 1 0 0\"/>"));
    expect_solid(&outcome, 24, 2);
    assert_int_equal(outcome.facts.vertices, 16);
    assert_int_equal(outcome.facts.shells, 2);
    outcome = read_xml(
        ROOT
        "<resources><object id=\"1\"><mesh><vertices><vertex x=\"0\" y=\"0\" z=\"0\"/>"
        "<vertex x=\"1\" y=\"0\" z=\"0\"/><vertex x=\"0\" y=\"1\" z=\"0\"/>"
        "<vertex x=\"0\" y=\"1\" z=\"-0\"/><vertex x=\" 1 \" y=\"1\" z=\"0\"/></vertices>"
        "<triangles><triangle v1=\"0\" v2=\"1\" v3=\"2\"/><triangle v1=\"3\" v2=\"1\" v3=\"4\"/>"
        "</triangles></mesh></object>" BUILD(ITEM(1)));
    assert_true(outcome.was_read);
    assert_int_equal(outcome.facts.vertices, 4);
}

static void keeps_title_and_designer(void **state)
{
    (void)state;
    struct outcome outcome =
        read_xml(ROOT "<metadata name=\"Title\">\n A  part &amp; more\t\xC3\xA4 </metadata>"
                      "<metadata name=\"Designer\">One<metadata>no</metadata></metadata>"
                      "<metadata name=\"Designer\">Two</metadata><resources>" BUILD(""));
    assert_string_equal(outcome.mesh.title, "A part & more \xC3\xA4");
    assert_string_equal(outcome.mesh.designer, "One");
    struct buffer xml = {0};
    buffer_add_text(&xml, ROOT "<metadata name=\"Title\">a");
    for (int i = 0; i < 200; i++)
        buffer_add_text(&xml, "\xC3\xA4");
    buffer_add_text(&xml, "</metadata></model>");
    outcome = read_xml(xml.text);
    assert_int_equal(strlen(outcome.mesh.title), 127); /* no half character */
    buffer_free(&xml);
}

#define VERTICES(more)                                                                             \
    ROOT "<resources>\n<object id=\"1\"><mesh><vertices>\n<vertex x=\"0\" y=\"0\" z=\"0\"/>" more
#define TRIANGLE(more) VERTICES("</vertices><triangles>\n<triangle " more)
static void tells_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *problem;
    } cases[] = {
        {"", "no element found"},
        {"hello", "syntax error"},
        {ROOT, "line 3: no element found"},
        {"<html/>", "line 1: not the model of a 3MF file"},
        {"<!DOCTYPE a><model/>", "line 1: a document type, which 3MF does not allow"},
        {"<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]>\n<model/>", "a document type"},
        {ROOT "&b;", "undefined entity"},
        {"<model unit=\"yard\" xmlns=\"" CORE "\"/>", "`yard` is no unit"},
        {HEAD "requiredextensions=\"p b\"/>", "it needs the extension `b`, which is not read"},
        {HEAD "requiredextensions=\"q\"/>", "it needs the extension `q`"},
        {VERTICES("\n<vertex x=\"1\" y=\"1\"/>"), "line 6: a vertex lacks x, y or z"},
        {VERTICES("\n<vertex x=\"1\" y=\"1\" z=\"a\"/>"), "line 6: z of a vertex is no number"},
        {VERTICES("\n<vertex x=\"1\" y=\"nan\" z=\"1\"/>"), "y of a vertex is no number"},
        {VERTICES("\n<vertex x=\"1 2\" y=\"1\" z=\"1\"/>"), "x of a vertex is no number"},
        {VERTICES("\n<vertex x=\"1e39\" y=\"1\" z=\"1\"/>"), "no number, or too large"},
        {TRIANGLE("v1=\"0\" v2=\"0\"/>"), "line 6: a triangle lacks v1, v2 or v3"},
        {TRIANGLE("v1=\"0\" v2=\"0\" v3=\"1\"/>"), "line 6: a triangle names vertex 1, of 1"},
        {TRIANGLE("v1=\"0\" v2=\"0\" v3=\"-1\"/>"), "v3 is no number"},
        {TRIANGLE("v1=\"0\" v2=\"0\" v3=\"4294967296\"/>"), "v3 is no number"},
        {TRIANGLE("v1=\"0\" v2=\"0\" v3=\"\"/>"), "v3 is no number"},
        {ROOT "<resources><object>", "line 3: the number of an object is missing"},
        {ROOT "<resources><object id=\"x\">", "the number of an object is no number"},
        {ROOT "<resources><object id=\"1\"/><object id=\"1\"/>" BUILD(""),
         "two objects have the number 1"},
        {ROOT "<resources>\n" BUILD(ITEM(4)), "line 4: there is no object 4"},
        {ROOT "<resources>" BUILD("<item/>"), "objectid is missing"},
        {ROOT "<resources>" BUILD("<item objectid=\"1\" transform=\"1 0 0\"/>"),
         "a transform is not twelve numbers"},
        {ROOT "<resources>" BUILD("<item objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 0 0 0 5\"/>"),
         "a transform is more than twelve numbers"},
        {ROOT "<resources><object id=\"1\">@</object>" BUILD(
             "<item objectid=\"1\" transform=\"1e38 0 0 0 1 0 0 0 1 3e38 0 0\"/>"),
         "object 1 is put too far out"},
        {ROOT "<resources>" BUILD("<item objectid=\"1\" p:path=\"/3D/x.model\"/>"),
         "the package has no part 3D/x.model"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome outcome = read_xml(cases[i].xml);
        if (outcome.was_read || !strstr(outcome.mesh.problem, cases[i].problem))
            fail_msg("case %zu: `%s`, and not `%s`", i, outcome.mesh.problem, cases[i].problem);
    }
}

/* ---- what is made to do harm ---- */

static void expect_problem(const char *xml, const char *problem)
{
    struct outcome outcome = read_xml(xml);
    if (outcome.was_read || !strstr(outcome.mesh.problem, problem))
        fail_msg("`%s`, and not `%s`", outcome.mesh.problem, problem);
}

static void components_end(void **state)
{
    (void)state;
    expect_problem(ROOT "<resources><object id=\"1\"><components><component objectid=\"1\"/>"
                        "</components></object>" BUILD(ITEM(1)),
                   "object 1 is a component of itself");
    expect_problem(ROOT "<resources><object id=\"1\"><components><component objectid=\"2\"/>"
                        "</components></object><object id=\"2\"><components><component "
                        "objectid=\"1\"/></components></object>" BUILD(ITEM(2)),
                   "is a component of itself");
}

/* Each object has the one before as often as said; they are built in this order. */
static const char *chain(int length, int times, bool first_first)
{
    struct buffer xml = {0};
    buffer_add_text(&xml, ROOT "<resources><object id=\"1\">@</object>");
    for (int i = 2; i <= length; i++) {
        buffer_addf(&xml, "<object id=\"%d\"><components>", i);
        for (int j = 0; j < times; j++)
            buffer_addf(&xml, "<component objectid=\"%d\"/>", i - 1);
        buffer_add_text(&xml, "</components></object>");
    }
    buffer_add_text(&xml, "</resources><build>");
    for (int i = 1; first_first && i < length; i++)
        buffer_addf(&xml, "<item objectid=\"%d\"/>", i);
    buffer_addf(&xml, "<item objectid=\"%d\"/></build></model>", length);
    char *text = arena_copy_text(&scratch_arena, xml.text, xml.length);
    buffer_free(&xml);
    return text;
}

static void components_stay_few(void **state)
{
    (void)state;
    struct outcome outcome = read_xml(chain(64, 1, false));
    expect_solid(&outcome, 12, 1);
    expect_problem(chain(70, 1, false), "components more than 64 deep");
    expect_problem(chain(5000, 1, true), "64 deep"); /* each is found from the one before */
    outcome = read_xml(chain(8, 2, false));
    assert_int_equal(outcome.facts.triangles, 12 * 128);
    expect_problem(chain(60, 2, false), "it grows to more than");
}

static void xml_is_bounded(void **state)
{
    (void)state;
    struct buffer deep = {0}, long_tag = {0};
    buffer_add_text(&deep, ROOT);
    for (int i = 0; i < 1000; i++)
        buffer_add_text(&deep, "<a>");
    expect_problem(deep.text, "nested too deep");
    buffer_add_text(&long_tag, ROOT "\n<metadata name=\"");
    for (int i = 0; i < 3000000; i++)
        buffer_add_char(&long_tag, 'a');
    expect_problem(long_tag.text, "a tag or a remark of more than 1048576 bytes");
    buffer_free(&deep);
    buffer_free(&long_tag);
}

/* ---- packages ---- */

struct part {
    const char *name, *content;
    size_t length; /* 0: of the text */
};

#define RELATIONSHIPS(target)                                                                      \
    {                                                                                              \
        "_rels/.rels",                                                                             \
            "<Relationships "                                                                      \
            "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\""               \
            "><Relationship Id=\"a\" Type=\"http://other/thumbnail\" Target=\"/a.png\"/>"          \
            "<Relationship Id=\"b\" Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/"  \
            "3dmodel\" Target=\"" target "\"/></Relationships>",                                   \
            0                                                                                      \
    }
#define ONE_CUBE ROOT "<resources><object id=\"1\">@</object>" BUILD(ITEM(1))

static const char *write_package(const char *name, const struct part *parts)
{
    const char *path = scratch_path(name);
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert_non_null(archive);
    for (; parts->name; parts++) {
        const char *content = parts->length ? parts->content : expand(parts->content);
        size_t length = parts->length ? parts->length : strlen(content);
        zip_source_t *source = zip_source_buffer(archive, content, length, 0);
        assert_true(zip_file_add(archive, parts->name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(archive), 0);
    return path;
}

static struct outcome read_package(const char *name, const struct part *parts)
{
    struct mesh mesh;
    enum mesh_status status = mesh_read(write_package(name, parts), &mesh);
    assert_int_not_equal(status, MESH_ABSENT);
    return examine(status == MESH_READ, mesh);
}

static void finds_the_root(void **state)
{
    (void)state;
    const struct part usual[] = {{"3D/3dmodel.model", ONE_CUBE, 0}, {0}};
    const struct part named[] = {RELATIONSHIPS("/3D/Other.model"),
                                 {"3D/3dmodel.model", "no XML", 0},
                                 {"3D/other.model", ONE_CUBE, 0},
                                 {0}};
    struct outcome outcome = read_package("a.3mf", usual);
    expect_solid(&outcome, 12, 1);
    assert_string_equal(outcome.mesh.format, "3MF");
    outcome = read_package("b.stl", named); /* the bytes decide */
    expect_solid(&outcome, 12, 1);
}

/* As Bambu Studio and OrcaSlicer write: the root has no mesh, each object is a part of its own, in its own unit. */
static void reads_other_parts(void **state)
{
    (void)state;
    const struct part parts[] = {
        RELATIONSHIPS("/3D/3dmodel.model"),
        {"3D/3dmodel.model",
         HEAD "requiredextensions=\"p\"><metadata name=\"Title\">A plate</metadata><resources>"
              "<object id=\"2\" p:UUID=\"x\" type=\"model\"><components>"
              "<component p:path=\"/3D/Objects/object_1.model\" objectid=\"1\" p:UUID=\"y\" "
              "transform=\"2 0 0 0 2 0 0 0 2 0 0 0\"/>"
              "<component p:path=\"/3D/Objects/object_1.model\" objectid=\"5\"/>"
              "</components></object>" BUILD("<item objectid=\"2\" printable=\"1\"/>"
                                             "<item p:path=\"/3D/Objects/b.model\" objectid=\"2\" "
                                             "transform=\"1 0 0 0 1 0 0 0 1 50 0 0\"/>"),
         0},
        {"3D/Objects/object_1.model",
         ROOT "<resources><object id=\"1\">@</object><object id=\"5\" type=\"other\">@</object>"
              "</resources><build/></model>",
         0},
        {"3D/Objects/b.model",
         "<model unit=\"centimeter\" xmlns=\"" CORE
         "\"><resources><object id=\"2\">@</object></resources></model>",
         0},
        {0}};
    struct outcome outcome = read_package("c.3mf", parts);
    expect_solid(&outcome, 24, 8 + 1000);
    assert_string_equal(outcome.mesh.title, "A plate");
    assert_true(outcome.facts.high[0] > 59.9999 && outcome.facts.high[0] < 60.0001);
}

static void expect_refused(const char *name, const struct part *parts, const char *problem)
{
    struct outcome outcome = read_package(name, parts);
    if (outcome.was_read || !strstr(outcome.mesh.problem, problem))
        fail_msg("`%s`, and not `%s`", outcome.mesh.problem, problem);
}

static void says_which_part(void **state)
{
    (void)state;
    const struct part empty[] = {{"a.txt", "hello", 0}, {0}};
    const struct part no_root[] = {
        RELATIONSHIPS("/3D/Other.model"), {"3D/3dmodel.model", ONE_CUBE, 0}, {0}};
    const struct part unrelated[] = {
        {"_rels/.rels", "<Relationships/>", 0}, {"3D/3dmodel.model", ONE_CUBE, 0}, {0}};
    const struct part broken[] = {{"3D/3dmodel.model", "<model", 0}, {0}};
    struct mesh mesh;
    expect_refused("a.3mf", empty, "the package has no part 3D/3dmodel.model");
    expect_refused("b.3mf", no_root, "the package has no part 3D/Other.model");
    expect_refused("c.3mf", unrelated, "no relationship says which part is the 3D model");
    expect_refused("d.3mf", broken, "3D/3dmodel.model, line 1: ");
    assert_int_equal(mesh_read(write_package("a.zip", empty), &mesh), MESH_FOREIGN);
    scratch_write("text.3mf", "PK\3\4 and no archive");
    assert_int_equal(mesh_read(scratch_path("text.3mf"), &mesh), MESH_MALFORMED);
    assert_non_null(strstr(mesh.problem, "its zip archive is broken or cut off"));
    mesh_free(&mesh);
    const char *cut = write_package("e.3mf", no_root);
    assert_int_equal(truncate(cut, 300), 0);
    assert_int_equal(mesh_read(cut, &mesh), MESH_MALFORMED);
    assert_non_null(strstr(mesh.problem, "byte 300"));
    mesh_free(&mesh);
}

/* Ends before it is unpacked, since the archive says how large it would be. */
static void bombs_do_not_go_off(void **state)
{
    (void)state;
    size_t length = (size_t)64 << 20;
    char *blanks = malloc(length);
    memset(blanks, ' ', length);
    const struct part parts[] = {{"3D/3dmodel.model", blanks, length}, {0}};
    expect_refused("bomb.3mf", parts, "it would unpack to more than a file of");
    free(blanks);
}

/* A part that says another size than it has, or whose bytes were changed. */
static void damage_is_found(void **state)
{
    (void)state;
    const struct part parts[] = {{"3D/3dmodel.model", ONE_CUBE, 0}, {0}};
    const char *path = write_package("damaged.3mf", parts);
    for (long at = 60; at < 200; at += 20) {
        struct mesh mesh;
        FILE *file = fopen(path, "r+");
        fseek(file, at, SEEK_SET);
        int byte = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(byte ^ 0x55, file);
        fclose(file);
        assert_int_equal(mesh_read(path, &mesh), MESH_MALFORMED);
        assert_true(mesh.problem[0]);
        mesh_free(&mesh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_what_it_says), cmocka_unit_test(units_are_millimetres_in_the_end),
        cmocka_unit_test(bodies_stay_apart),   cmocka_unit_test(keeps_title_and_designer),
        cmocka_unit_test(tells_the_line),      cmocka_unit_test(components_end),
        cmocka_unit_test(components_stay_few), cmocka_unit_test(xml_is_bounded),
        cmocka_unit_test(finds_the_root),      cmocka_unit_test(reads_other_parts),
        cmocka_unit_test(says_which_part),     cmocka_unit_test(bombs_do_not_go_off),
        cmocka_unit_test(damage_is_found),
    };
    return cmocka_run_group_tests_name("mesh_threemf", tests, scratch_open, scratch_close);
}
