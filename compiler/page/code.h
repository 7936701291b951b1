/* QR codes. */
#ifndef FLOW_PAGE_CODE_H
#define FLOW_PAGE_CODE_H

#include <stdbool.h>

enum { CODE_SIZE_AT_MOST = 177 };

struct code {
    int size; /* modules a side */
    bool dark[CODE_SIZE_AT_MOST][CODE_SIZE_AT_MOST];
};

/* The text as a QR code that survives a smudge over 15% of it (level M). False where it is too long for one. */
bool code_make(struct code *code, const char *text);

/* The next run of dark modules in a row, from column *x on: its first column in *x, its length; 0 past the last. */
int code_run(const struct code *code, int row, int *x);

#endif
