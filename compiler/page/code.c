#include "page/code.h"

#include <string.h>
#include <zint.h>

bool code_make(struct code *code, const char *text)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    if (!symbol)
        return false;
    symbol->symbology = BARCODE_QRCODE;
    symbol->input_mode = UNICODE_MODE;
    symbol->option_1 = 2; /* level M */
    int status = ZBarcode_Encode(symbol, (const unsigned char *)text, (int)strlen(text));
    bool made = status < ZINT_ERROR && symbol->rows <= CODE_SIZE_AT_MOST;
    memset(code, 0, sizeof *code);
    if (made) {
        code->size = symbol->rows;
        for (int y = 0; y < symbol->rows; y++)
            for (int x = 0; x < symbol->width; x++)
                code->dark[y][x] = (symbol->encoded_data[y][x >> 3] >> (x & 7)) & 1;
    }
    ZBarcode_Delete(symbol);
    return made;
}

int code_run(const struct code *code, int row, int *x)
{
    while (*x < code->size && !code->dark[row][*x])
        ++*x;
    int end = *x;
    while (end < code->size && code->dark[row][end])
        end++;
    return end - *x;
}
