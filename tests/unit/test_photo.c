/* Photos: their size and how the camera was held, from whatever bytes. */
#include "page/photo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#define SIZED(bytes) (bytes), sizeof(bytes) - 1

static const char png[] =
    "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x02\0\0\0....";
/* Exif in the order of Intel, orientation 6; a frame of 480 by 640. */
static const char jpeg[] = "\xFF\xD8\xFF\xE1\0\x22"
                           "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
                           "\xFF\xFF\xC0\0\x0B\x08\x02\x80\x01\xE0\x01\x01\x11\0\xFF\xD9";
/* The same in the order of Motorola, orientation 3. */
static const char motorola[] =
    "\xFF\xD8\xFF\xE1\0\x22"
    "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0"
    "\xFF\xC2\0\x0B\x08\x02\x80\x01\xE0\x01\x01\x11\0\xFF\xD9";

static struct page_photo of(const char *bytes, size_t length)
{
    return (struct page_photo){.bytes = bytes, .length = length, .caption = ""};
}

static void what_the_bytes_say(void **state)
{
    (void)state;
    struct page_photo photo = of(SIZED(png));
    assert_true(page_photo_look(&photo));
    assert_string_equal(photo.type, "image/png");
    assert_int_equal(photo.width, 640);
    assert_int_equal(photo.height, 480);
    assert_int_equal(photo.orientation, 1);
    photo = of(SIZED(jpeg));
    assert_true(page_photo_look(&photo));
    assert_string_equal(photo.type, "image/jpeg");
    assert_int_equal(photo.width, 480);
    assert_int_equal(photo.height, 640);
    assert_int_equal(photo.orientation, 6);
    photo = of(SIZED(motorola));
    assert_true(page_photo_look(&photo));
    assert_int_equal(photo.orientation, 3);
}

/* Bytes of their own, so that the sanitizer sees a step beyond them. */
static void bytes_cut_short(void **state)
{
    (void)state;
    const struct {
        const char *bytes;
        size_t length, needs;
    } rows[] = {
        {SIZED(png), 33}, {SIZED(jpeg), sizeof jpeg - 8}, {SIZED(motorola), sizeof motorola - 8}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t length = 0; length < rows[i].length; length++) {
            char *copy = malloc(length + 1);
            memcpy(copy, rows[i].bytes, length);
            copy = realloc(copy, length ? length : 1);
            struct page_photo photo = of(copy, length);
            bool known = page_photo_look(&photo);
            if (length < rows[i].needs)
                assert_false(known);
            free(copy);
        }
}

static void what_is_none(void **state)
{
    (void)state;
    static const char huge[] =
        "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x08\x02\0\0\0....";
    struct page_photo photo = of(SIZED("GIF89a..........................."));
    assert_false(page_photo_look(&photo));
    photo = of(SIZED(huge));
    assert_false(page_photo_look(&photo));
    photo = of("", 0);
    assert_false(page_photo_look(&photo));
}

static void any_bytes_end(void **state)
{
    (void)state;
    uint32_t chance = 12345;
    for (int round = 0; round < 20000; round++) {
        char bytes[sizeof jpeg];
        memcpy(bytes, jpeg, sizeof jpeg);
        for (int change = 0; change < 4; change++) {
            chance = chance * 1664525 + 1013904223;
            bytes[4 + (chance >> 8) % (sizeof bytes - 4)] = (char)(chance >> 24);
        }
        struct page_photo photo = of(bytes, sizeof bytes - 1);
        if (page_photo_look(&photo))
            assert_in_range(photo.orientation, 1, 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_bytes_say),
        cmocka_unit_test(bytes_cut_short),
        cmocka_unit_test(what_is_none),
        cmocka_unit_test(any_bytes_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
