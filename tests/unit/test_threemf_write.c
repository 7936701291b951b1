/* What is written as 3MF is read again as it was. */
#include "geometry/threemf.h"
#include "geometry/threemf_write.h"

#include "solids.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct buffer write(const struct threemf_scene *scene)
{
    struct buffer out = {0};
    struct failure failure = {""};
    if (!threemf_write(scene, &out, &failure))
        fail_msg("%s", failure.message);
    return out;
}

static void test_plate(void **state)
{
    (void)state;
    struct mesh box = {0}, bar = {0}, read;
    solids_box(&box, 0, 0, 0, 10, 10, 10, false);
    solids_box(&bar, 1.0f / 3, 0, 0, 30, 1e-3f, 5, false);
    const struct threemf_object objects[] = {{&box, "box <1>", NULL},
                                             {&bar, "bar & \"pin\"", NULL}};
    struct threemf_item items[3] = {{.object = 0}, {.object = 0}, {.object = 1}};
    threemf_place(&items[0], 0, (const double[]){100, 0, 0});
    threemf_place(&items[1], 90, (const double[]){50, 20, 3});
    threemf_place(&items[2], 45, (const double[]){0, 0, 0});
    struct threemf_scene scene = {
        .objects = objects, .items = items, .object_count = 2, .item_count = 3, .title = "plate 1"};
    struct buffer out = write(&scene), again = write(&scene);
    assert_int_equal(out.length, again.length);
    assert_memory_equal(out.text, again.text, out.length);
    assert_int_equal(
        mesh_read_bytes("plate.3mf", (const unsigned char *)out.text, out.length, &read),
        MESH_READ);
    assert_int_equal(read.triangle_count, 36);
    struct mesh_facts facts;
    mesh_examine(&read, &facts);
    assert_true(facts.closed);
    assert_true(fabs(facts.low[0] - (1.0 / 3 - 1e-3) * sqrt(0.5)) < 1e-5); /* of the bar */
    assert_true(facts.high[0] == 110);
    assert_true(facts.high[1] == 30);
    assert_true(facts.low[2] == 0 && facts.high[2] == 13);
    mesh_free(&read);
    mesh_free(&box);
    mesh_free(&bar);
    buffer_free(&out);
    buffer_free(&again);
}

/* Three volumes in one mesh, of which the first and the last are laid from one slot; and a whole from another. */
static void test_slots(void **state)
{
    (void)state;
    static const struct threemf_material materials[] = {{"PLA", "#000000"},
                                                        {"White <1>", "#FFFFFF"}};
    struct mesh_volume volumes[] = {{0, 0}, {12, 0}, {24, 0}};
    const uint32_t of_stack[] = {1, 0, 1}, of_box[] = {0};
    struct mesh stack = {0}, box = {0}, read;
    uint32_t numbers[4];
    for (int i = 0; i < 3; i++)
        solids_box(&stack, 0, 0, (float)i * 2, 10, 10, (float)i * 2 + 2, false);
    solids_box(&box, 0, 0, 0, 5, 5, 5, false);
    stack.volumes = volumes;
    stack.volume_count = 3;
    const struct threemf_object objects[] = {{&stack, "stack", of_stack}, {&box, "box", of_box}};
    struct threemf_item items[2] = {{.object = 0}, {.object = 1}};
    threemf_place(&items[0], 0, (const double[]){0, 0, 0});
    threemf_place(&items[1], 0, (const double[]){50, 0, 0});
    struct threemf_scene scene = {objects, items, 2, 2, materials, 2, "two"};
    struct buffer out = write(&scene);
    assert_int_equal(mesh_read_bytes("two.3mf", (const unsigned char *)out.text, out.length, &read),
                     MESH_READ);
    assert_int_equal(read.volume_count, 4);
    assert_int_equal(mesh_materials(&read, numbers), 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(read.volumes[i].first, 12 * i);
        assert_int_equal(numbers[i], i == 0 || i == 2); /* slot 1, from 0 */
    }
    struct mesh_facts facts;
    mesh_examine(&read, &facts); /* volumes that touch share no vertex */
    assert_true(facts.closed && facts.shells == 4);
    mesh_free(&read);
    stack.volumes = NULL;
    mesh_free(&stack);
    mesh_free(&box);
    buffer_free(&out);
}

#define TETRAHEDRON                                                                                \
    "<mesh><vertices><vertex x='0' y='0' z='0'/><vertex x='1' y='0' z='0'/>"                       \
    "<vertex x='0' y='1' z='0'/><vertex x='0' y='0' z='1'/></vertices><triangles>"                 \
    "<triangle v1='0' v2='2' v3='1'/><triangle v1='0' v2='1' v3='3'/>"                             \
    "<triangle v1='1' v2='2' v3='3'/><triangle v1='0' v2='3' v3='2'/></triangles></mesh></object>"
#define OBJECT(number, of) "<object id='" #number "' " of ">" TETRAHEDRON
#define ITEM(number) "<item objectid='" #number "'/>"

/* Of a file of whatever program: by the place in the list of materials, else each its own. */
static void test_materials(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        uint32_t count, numbers[3];
    } cases[] = {
        {"<resources>" OBJECT(1, "pid='9' pindex='3'") OBJECT(2, "pid='9' pindex='1'")
             OBJECT(3, "pid='9' pindex='3'") "</resources><build>" ITEM(1) ITEM(2) ITEM(3),
         2,
         {1, 0, 1}},
        {"<resources>" OBJECT(1, "") OBJECT(2, "") "</resources><build>" ITEM(2) ITEM(1) ITEM(2),
         3,
         {0, 1, 2}},
        {"<resources>" OBJECT(1, "pid='9'") OBJECT(2, "") "</resources><build>" ITEM(1) ITEM(2)
             ITEM(1),
         2,
         {1, 0, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mesh mesh = {0};
        struct buffer xml = {0};
        uint32_t numbers[3];
        buffer_addf(&xml, "<model unit='millimeter'>%s</build></model>", cases[i].xml);
        if (!threemf_read_xml(xml.text, xml.length, &mesh))
            fail_msg("%s", mesh.problem);
        assert_int_equal(mesh.volume_count, 3);
        assert_int_equal(mesh_materials(&mesh, numbers), cases[i].count);
        assert_memory_equal(numbers, cases[i].numbers, sizeof numbers);
        mesh_free(&mesh);
        buffer_free(&xml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plate), cmocka_unit_test(test_slots),
                                       cmocka_unit_test(test_materials)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
