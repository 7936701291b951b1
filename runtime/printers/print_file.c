#include "printers/print_file.h"

#include "base/memory.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { READ_AT_ONCE = 1 << 20, SUMS = 3 };

struct print_file_reading {
    FILE *from;
    int64_t length;
    EVP_MD_CTX *sums[SUMS]; /* SHA-1, SHA-256, MD5 */
};

bool print_name_is_plain(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    return *name && *name != '.' && name[strspn(name, plain)] == 0 &&
           strlen(name) < PRINT_NAME_AT_MOST;
}

static void end_reading(struct print_file *file)
{
    struct print_file_reading *reading = file->reading;
    if (!reading)
        return;
    for (int i = 0; i < SUMS; i++)
        EVP_MD_CTX_free(reading->sums[i]);
    fclose(reading->from);
    free(reading);
    file->reading = NULL;
}

void print_file_close(struct print_file *file)
{
    end_reading(file);
    free(file->path);
    file->path = NULL;
}

bool print_file_open(struct print_file *file, const char *path, const char *name,
                     struct failure *failure)
{
    const EVP_MD *const kinds[SUMS] = {EVP_sha1(), EVP_sha256(), EVP_md5()};
    struct stat facts;

    *file = (struct print_file){0};
    if (!print_name_is_plain(name))
        return fail(failure, "a print's name has letters, digits, -, _ and .; %.60s has not", name);
    FILE *from = fopen(path, "rbe");
    if (!from || fstat(fileno(from), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        int why = from ? EISDIR : errno;
        if (from)
            fclose(from);
        return fail(failure, "%.200s cannot be read: %s", path, strerror(why));
    }
    file->reading = memory_zeroed(1, sizeof *file->reading);
    file->reading->from = from;
    for (int i = 0; i < SUMS; i++) {
        file->reading->sums[i] = EVP_MD_CTX_new();
        EVP_DigestInit_ex(file->reading->sums[i], kinds[i], NULL);
    }
    snprintf(file->name, sizeof file->name, "%s", name);
    file->size = facts.st_size;
    file->path = memory_alloc(strlen(path) + 1);
    memcpy(file->path, path, strlen(path) + 1);
    return true;
}

static void take_sums(struct print_file *file)
{
    char *const texts[SUMS] = {file->sha1, file->sha256, file->md5};
    for (int i = 0; i < SUMS; i++) {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned length = 0;
        EVP_DigestFinal_ex(file->reading->sums[i], digest, &length);
        for (unsigned k = 0; k < length; k++)
            snprintf(texts[i] + 2 * k, 3, "%02x", (unsigned)digest[k]);
    }
}

bool print_file_read(struct print_file *file, struct failure *failure)
{
    static unsigned char bytes[READ_AT_ONCE]; /* all of it happens in one thread */
    struct print_file_reading *reading = file->reading;
    size_t length = fread(bytes, 1, sizeof bytes, reading->from);

    *failure->message = '\0';
    for (int i = 0; i < SUMS; i++)
        EVP_DigestUpdate(reading->sums[i], bytes, length);
    reading->length += (int64_t)length;
    if (length == sizeof bytes)
        return true;
    bool whole = !ferror(reading->from) && reading->length == file->size;
    if (whole)
        take_sums(file);
    end_reading(file);
    return whole ? false : fail(failure, "%.200s cannot be read to its end", file->path);
}
