#include "base/sorted.h"

#include <string.h>

int sorted_place(const void *list, int count, path_at *at, const char *path, bool *there)
{
    int low = 0, high = count;
    *there = false;
    while (low < high) {
        int middle = (low + high) / 2, order = strcmp(at(list, middle), path);
        if (order == 0) {
            *there = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
