/* How many of a lot are inspected, and how many defectives it may show. */
#include "quality/sampling.h"

#include "quality/operating.h"
#include "quality/tables.h"

#include <assert.h>
#include <string.h>

static int level_index(const char *level)
{
    static const char *const names[LEVEL_COUNT] = {"S1", "S2", "S3", "S4", "I", "II", "III"};

    for (int i = 0; i < LEVEL_COUNT; i++)
        if (level && strcmp(level, names[i]) == 0)
            return i;
    return 5;
}

/* ---- ISO 2859-1 ---- */

/* The letter whose own sample size n is: letters and sizes rise together. Where several letters share a size
   (reduced inspection, n = 2), the lot's own letter if it is one of them. */
static char letter_of_size(const struct master_table *table, long n, int lot_letter)
{
    int smaller = 0;

    for (int i = 0; i < table->size_count; i++)
        smaller += table->sizes[i] < n;
    int shared =
        table->size_count < LETTERS_AT_MOST - 1 ? LETTERS_AT_MOST - 1 - table->size_count : 0;
    if (smaller == 0 && lot_letter < shared)
        return letter_at(lot_letter);
    return letter_at(smaller + shared);
}

static bool plan_by_aql(const struct sampling_tables *tables, struct rational aql,
                        const char *level, long lot, enum severity_of_inspection severity,
                        struct sampling_plan *plan, struct failure *failure)
{
    const struct master_table *table = &tables->master[severity];
    int column = aql_index(table->aqls, table->aql_count, aql);
    int row = lot_index(tables->letters.lots, tables->letters.count, lot);

    if (column < 0)
        return fail(failure, "the tables of ISO 2859-1 have no such AQL");
    if (row < 0) { /* a lot of one has no letter */
        plan->n = lot;
        return true;
    }
    int letter = letter_index(tables->letters.letters[row][level_index(level)]);
    const struct master_cell *cell = &table->cells[letter][column];
    if (cell->n == 0)
        return fail(failure, "the tables of ISO 2859-1 have no plan for letter %c at that AQL",
                    letter_at(letter));
    plan->n = cell->n;
    plan->ac = cell->ac;
    plan->re = cell->re;
    plan->letter = letter_of_size(table, cell->n, letter);
    return true;
}

/* ---- accept on zero ---- */

static bool plan_by_zero_aql(const struct sampling_tables *tables, struct rational aql, long lot,
                             struct sampling_plan *plan, struct failure *failure)
{
    const struct zero_table *table = &tables->zero;
    int column = aql_index(table->aqls, table->aql_count, aql);
    int row = lot_index(table->lots, table->count, lot);

    if (column < 0)
        return fail(failure, "the table of accept on zero has no such AQL");
    plan->n = row >= 0 && table->n[row][column] > 0 ? table->n[row][column] : lot;
    return true;
}

/* The smallest n that lets a lot of that share of defectives pass at most one time in ten. A lot of more than a
   billion is taken as a billion: n no longer rises. In leaps first, so that no n is tried which is much larger than the
   answer: the smaller of sample and bad units is what it takes in time. */
static long smallest_catching(long units, struct rational share)
{
    long lot = units < 1000000000 ? units : 1000000000;
    struct rational exact = rational_multiply(rational_integer(lot), share);
    long defectives = rational_to_int(rational_min(rational_ceil(exact), rational_integer(lot)));
    long low = 1;
    long high = 1; /* what catches with n catches with more, and the whole lot always shows one */

    if (defectives < 1)
        return lot;
    while (high < lot && !catches_lot(lot, defectives, high, 0)) {
        low = high + 1;
        high = high < lot / 2 ? 2 * high : lot;
    }
    while (low < high) {
        long middle = low + (high - low) / 2;
        if (catches_lot(lot, defectives, middle, 0))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- all forms ---- */

bool sampling_plan(const struct sample *sample, long lot, enum severity_of_inspection severity,
                   struct sampling_plan *plan, struct failure *failure)
{
    bool given = sample->number.kind == VALUE_NUMBER;
    struct rational number = given ? sample->number.number : RATIONAL_ZERO;

    assert(lot >= 1);
    *plan = (struct sampling_plan){.n = lot, .re = 1};
    if (sample->form == SAMPLE_AQL || sample->form == SAMPLE_ZERO_AQL) {
        const struct sampling_tables *tables = sampling_tables(failure);
        if (!tables ||
            !(sample->form == SAMPLE_AQL
                  ? plan_by_aql(tables, number, sample->level, lot, severity, plan, failure)
                  : plan_by_zero_aql(tables, number, lot, plan, failure)))
            return false;
    } else if (sample->form == SAMPLE_ZERO_LTPD) {
        plan->n = smallest_catching(lot, number);
    } else if (sample->form == SAMPLE_EVERY) {
        if (rational_sign(number) > 0)
            plan->n =
                rational_to_int(rational_ceil(rational_divide(rational_integer(lot), number)));
    } else if (sample->form != SAMPLE_ALL && given) {
        plan->n = rational_to_int(number);
    }
    plan->all = plan->n >= lot;
    if (plan->all)
        plan->n = lot;
    return true;
}

bool sample_judges_lots(const struct sample *sample)
{
    return sample->form == SAMPLE_AQL || sample->form == SAMPLE_ZERO_AQL ||
           sample->form == SAMPLE_ZERO_LTPD || sample->form == SAMPLE_PER_BATCH;
}

bool sampling_has_aql(struct rational aql)
{
    struct failure failure;
    const struct sampling_tables *tables = sampling_tables(&failure);

    return tables && aql_index(tables->master[INSPECTION_NORMAL].aqls,
                               tables->master[INSPECTION_NORMAL].aql_count, aql) >= 0;
}

bool sampling_has_zero_aql(struct rational aql)
{
    struct failure failure;
    const struct sampling_tables *tables = sampling_tables(&failure);

    return tables && aql_index(tables->zero.aqls, tables->zero.aql_count, aql) >= 0;
}

bool sampling_ready(struct failure *failure)
{
    return sampling_tables(failure) != NULL;
}
