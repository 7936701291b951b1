/* The tables of specs/sampling, read once and kept for the life of the program. */
#ifndef FLOW_QUALITY_TABLES_H
#define FLOW_QUALITY_TABLES_H

#include "base/failure.h"
#include "base/rational.h"

enum {
    LEVEL_COUNT = 7,      /* S1 S2 S3 S4 I II III */
    LETTERS_AT_MOST = 17, /* A to S without I and O */
    AQLS_AT_MOST = 32,
    RANGES_AT_MOST = 32
};

struct lot_range {
    long from, to; /* to: LONG_MAX where it is open */
};

struct master_cell {
    long n, ac, re; /* arrows followed; n is 0 where the table has no cell */
};

/* Single sampling at one severity: cells by code letter and AQL. */
struct master_table {
    int aql_count;
    struct rational aqls[AQLS_AT_MOST];
    struct master_cell cells[LETTERS_AT_MOST][AQLS_AT_MOST];
    int size_count;
    long sizes[LETTERS_AT_MOST]; /* each n of the cells once */
};

struct letter_table {
    int count;
    struct lot_range lots[RANGES_AT_MOST];
    char letters[RANGES_AT_MOST][LEVEL_COUNT];
};

/* Accept on zero: sample sizes by lot and AQL; 0 is the whole lot. */
struct zero_table {
    int aql_count;
    struct rational aqls[AQLS_AT_MOST];
    int count;
    struct lot_range lots[RANGES_AT_MOST];
    long n[RANGES_AT_MOST][AQLS_AT_MOST];
};

struct sampling_tables {
    struct letter_table letters;
    struct master_table master[3]; /* by enum severity_of_inspection */
    struct zero_table zero;
};

/* The tables; NULL, with a failure that names the file, where they cannot be read. */
const struct sampling_tables *sampling_tables(struct failure *failure);

/* The place of a code letter in the tables, -1 for none; and the letter of a place. */
int letter_index(char letter);
char letter_at(int index);
/* The place of an AQL among count, -1 if it is not there. */
int aql_index(const struct rational *aqls, int count, struct rational aql);
/* The range a lot is in, -1 for a lot smaller than all of them. */
int lot_index(const struct lot_range *lots, int count, long lot);

#endif
