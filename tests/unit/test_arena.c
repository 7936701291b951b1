/* The arena: zeroed, aligned, apart from each other, of any size; texts. And memory that is refused. */
#include "base/arena.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static void test_zeroed_aligned_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    enum { COUNT = 3000 };
    unsigned char *blocks[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        blocks[i] = arena_alloc(&arena, i);
        assert_int_equal((uintptr_t)blocks[i] % 8, 0);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(blocks[i][k], 0);
        if (i)
            memset(blocks[i], (int)(i % 251), i);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_equal(blocks[i][k], i % 251);
    arena_free(&arena);
    assert_null(arena.blocks);
    assert_non_null(arena_alloc(&arena, 1)); /* may be used again */
    arena_free(&arena);
}

static void test_large(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *before = arena_alloc(&arena, 16);
    char *large = arena_alloc(&arena, (size_t)20 << 20);
    char *after = arena_alloc(&arena, 16);
    assert_int_equal(after - before, 16); /* the large one has its own block */
    for (size_t i = 0; i < (size_t)20 << 20; i += 4096)
        assert_int_equal(large[i], 0);
    memset(large, 1, (size_t)20 << 20);
    for (int i = 0; i < 400000; i++) { /* through all sizes of blocks, mapped ones too */
        uint64_t *small = arena_alloc(&arena, 64);
        assert_int_equal(small[0] | small[7], 0);
        small[0] = small[7] = UINT64_MAX;
    }
    arena_free(&arena);
}

static void test_texts(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_string_equal(arena_copy_text(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy_text(&arena, NULL, 0), "");
    assert_string_equal(arena_printf(&arena, "%s-%d", "x", 7), "x-7");
    assert_string_equal(arena_printf(&arena, "%s", ""), "");
    char *wide = arena_printf(&arena, "%*d", 300000, 5);
    assert_int_equal(strlen(wide), 300000);
    assert_int_equal(wide[299999], '5');
    int *numbers = ARENA_ARRAY(&arena, int, 5);
    assert_int_equal(numbers[4], 0);
    arena_free(&arena);
}

/* ---- memory that is refused: in a child, whose end is looked at ---- */

static int report_to;

static void clean(void)
{
    ssize_t written = write(report_to, "[cleaned]", 9);
    (void)written;
}

static void use_up_memory(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    memory_alloc(SIZE_MAX / 4);
}

static void use_up_arena(void)
{
    struct arena arena = {0};
    arena_alloc(&arena, SIZE_MAX - 3);
}

static void use_up_directly(void)
{
    memory_exhausted();
}

static void dies_well(void (*use_up)(void))
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        report_to = ends[1];
        dup2(ends[1], STDERR_FILENO);
        memory_at_exhaustion(clean);
        use_up();
        _exit(0);
    }
    close(ends[1]);
    char said[4096] = "";
    size_t length = 0;
    for (ssize_t got; (got = read(ends[0], said + length, sizeof said - 1 - length)) > 0;)
        length += (size_t)got;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
    assert_non_null(strstr(said, "test_arena: out of memory"));
    assert_non_null(strstr(said, "[cleaned]"));
}

static void test_exhaustion(void **state)
{
    (void)state;
    dies_well(use_up_directly);
    dies_well(use_up_arena);
#ifndef __SANITIZE_ADDRESS__ /* which ends the program itself at such a size */
    dies_well(use_up_memory);
#else
    (void)use_up_memory;
#endif
}

static void test_nothing_asked(void **state)
{
    (void)state;
    void *block = memory_alloc(0);
    assert_non_null(block);
    block = memory_resize(block, 0);
    assert_non_null(block);
    free(block);
    block = memory_zeroed(0, 8);
    assert_non_null(block);
    free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_aligned_apart),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_exhaustion),
        cmocka_unit_test(test_nothing_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
