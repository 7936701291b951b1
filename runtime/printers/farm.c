#include "printers/farm.h"

#include "base/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum {
    FARM_SIZE_AT_MOST = 4 << 20,
    SECRET_SIZE_AT_MOST = 4096,
    CERTIFICATES_AT_MOST = 1 << 18,
    PRINTERS_AT_MOST = 10000
};

struct reading {
    struct farm *farm;
    yaml_document_t *document;
    struct failure *failure;
};

static bool wrong(const struct reading *reading, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool wrong(const struct reading *reading, const yaml_node_t *node, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    fail(reading->failure, "%.90s:%zu: %s", reading->farm->path,
         node ? node->start_mark.line + 1 : 1, what);
    return false;
}

/* ---- values ---- */

static yaml_node_t *node_at(const struct reading *reading, int index)
{
    return yaml_document_get_node(reading->document, index);
}

static const char *scalar(const yaml_node_t *node)
{
    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

static bool read_text(const struct reading *reading, const yaml_node_t *node, const char *key,
                      const char **text)
{
    const char *value = scalar(node);
    if (!value || !*value)
        return wrong(reading, node, "`%s` wants a text", key);
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 127)
            return wrong(reading, node, "`%s` has a control character; write it plainly", key);
    *text = arena_copy_text(&reading->farm->arena, value, strlen(value));
    return true;
}

/* A number with at most three places, in thousandths. */
static bool read_thousandths(const struct reading *reading, const yaml_node_t *node,
                             const char *key, int64_t *thousandths)
{
    const char *value = scalar(node);
    int64_t whole = 0;
    int places = -1, digits = 0;
    for (; value && *value; value++) {
        if (*value == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (*value < '0' || *value > '9' || ++digits > 12 || (places >= 0 && ++places > 3))
            break;
        whole = whole * 10 + (*value - '0');
    }
    if (!value || *value || !digits)
        return wrong(reading, node, "`%s` wants a number, as 0.4 or 740", key);
    for (int i = places < 0 ? 0 : places; i < 3; i++)
        whole *= 10;
    *thousandths = whole;
    return true;
}

static bool read_yes(const struct reading *reading, const yaml_node_t *node, const char *key,
                     bool *yes)
{
    const char *value = scalar(node);
    *yes = value && (strcmp(value, "true") == 0 || strcmp(value, "yes") == 0);
    return *yes || (value && (strcmp(value, "false") == 0 || strcmp(value, "no") == 0)) ||
           wrong(reading, node, "`%s` wants true or false", key);
}

/* A whole number from 1 on. */
static bool read_count(const struct reading *reading, const yaml_node_t *node, const char *key,
                       int at_most, int *count)
{
    int64_t thousandths = 0;
    if (!read_thousandths(reading, node, key, &thousandths) || thousandths % 1000 ||
        thousandths < 1000 || thousandths > 1000 * (int64_t)at_most)
        return wrong(reading, node, "`%s` wants a number from 1 to %d", key, at_most);
    *count = (int)(thousandths / 1000);
    return true;
}

/* ---- secrets ---- */

static bool secret_from_file(const struct reading *reading, const yaml_node_t *node,
                             const char **path, const char **secret)
{
    struct arena *arena = &reading->farm->arena;
    struct failure why;
    char *content = NULL;
    size_t length = 0;
    const char *name = "";
    if (!read_text(reading, node, "key_file", &name))
        return false;
    *path = path_join(arena, path_folder(arena, reading->farm->path), name);
    if (reading->farm->without_secrets)
        return true;
    if (file_read(*path, SECRET_SIZE_AT_MOST, &content, &length, &why) != FILE_OK)
        return wrong(reading, node, "the secret cannot be read: %.200s", why.message);
    length = strcspn(content, "\r\n");
    *secret = arena_copy_text(arena, content, length);
    explicit_bzero(content, length);
    free(content);
    return length > 0 ||
           wrong(reading, node, "%.100s is empty; the secret is its first line", name);
}

static bool secret_from_environment(const struct reading *reading, const yaml_node_t *node,
                                    const char **secret)
{
    const char *name = "";
    if (!read_text(reading, node, "key_env", &name))
        return false;
    if (reading->farm->without_secrets)
        return true;
    const char *value = getenv(name);
    for (const char *at = value; at && *at; at++)
        if ((unsigned char)*at < ' ')
            return wrong(reading, node, "what %.80s has is no key: it has a control character",
                         name);
    if (!value || !*value)
        return wrong(reading, node, "the environment has no %.80s; set it, or name a file", name);
    *secret = arena_copy_text(&reading->farm->arena, value, strlen(value));
    return true;
}

/* ---- what is loaded ---- */

static bool read_slot_key(const struct reading *reading, const yaml_node_t *node, const char *key,
                          struct farm_slot *slot)
{
    if (strcmp(key, "material") == 0)
        return read_text(reading, node, key, &slot->material);
    if (strcmp(key, "lot") == 0)
        return read_text(reading, node, key, &slot->lot);
    if (strcmp(key, "grams") == 0)
        return read_thousandths(reading, node, key, &slot->left_mg);
    int64_t number = 0;
    const char *word = scalar(node);
    if (strcmp(key, "slot") == 0 && word && strcmp(word, "outside") == 0) {
        slot->slot = SLOT_OUTSIDE;
        return true;
    }
    if (strcmp(key, "slot") != 0)
        return wrong(reading, node,
                     "unknown key `%.60s`; what is loaded has slot, material, lot, grams", key);
    if (!read_thousandths(reading, node, key, &number) || number % 1000 || !number ||
        number > FARM_SLOTS_AT_MOST * 1000)
        return wrong(reading, node, "`slot` wants a number from 1 to %d, or `outside`",
                     FARM_SLOTS_AT_MOST);
    slot->slot = (int)(number / 1000);
    return true;
}

static bool read_slot(const struct reading *reading, const yaml_node_t *node,
                      struct farm_slot *slot)
{
    if (!node || node->type != YAML_MAPPING_NODE)
        return wrong(reading, node, "what is loaded wants keys: material, lot, grams");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const char *key = scalar(node_at(reading, pair->key));
        if (!key || !read_slot_key(reading, node_at(reading, pair->value), key, slot))
            return key ? false : wrong(reading, node, "a key is missing");
    }
    return *slot->material || wrong(reading, node, "which material? Add `material: NAME`");
}

static bool read_loaded(const struct reading *reading, const yaml_node_t *node,
                        struct farm_printer *printer)
{
    if (!node || node->type != YAML_SEQUENCE_NODE)
        return wrong(reading, node, "`loaded` wants a list: `- material: pla_black`");
    yaml_node_item_t *items = node->data.sequence.items.start;
    int count = (int)(node->data.sequence.items.top - items);
    if (count > FARM_SLOTS_AT_MOST)
        return wrong(reading, node, "at most %d slots", FARM_SLOTS_AT_MOST);
    struct farm_slot *slots = ARENA_ARRAY(&reading->farm->arena, struct farm_slot, count);
    for (int i = 0; i < count; i++) {
        slots[i] = (struct farm_slot){.slot = i + 1, .material = "", .lot = "", .left_mg = -1};
        if (!read_slot(reading, node_at(reading, items[i]), &slots[i]))
            return false;
        for (int other = 0; other < i; other++)
            if (slots[other].slot == slots[i].slot)
                return wrong(reading, node_at(reading, items[i]), "slot %d is loaded twice",
                             slots[i].slot);
    }
    printer->slots = slots;
    printer->slot_count = count;
    return true;
}

/* ---- a printer ---- */

static bool read_protocol(const struct reading *reading, const yaml_node_t *node,
                          struct farm_printer *printer)
{
    const char *name = "";
    if (!read_text(reading, node, "protocol", &name))
        return false;
    printer->protocol = protocol_find(name);
    printer->by_hand = printer->protocol == &protocol_manual;
    return printer->protocol ||
           wrong(reading, node,
                 "no protocol `%.60s`; there are octoprint, moonraker (Klipper), prusalink, bambu, "
                 "manual",
                 name);
}

/* What identifies us stands elsewhere: an address is shown. What follows from the protocol is looked at in the end. */
static bool read_address(const struct reading *reading, const yaml_node_t *node,
                         struct farm_printer *printer)
{
    return read_text(reading, node, "address", &printer->address) &&
           (!strpbrk(printer->address, "@?# \"") ||
            wrong(reading, node, "`address` has only host, port and path; a key goes to key_file"));
}

static bool read_port(const struct reading *reading, const yaml_node_t *node, const char *key,
                      int *port)
{
    int64_t number = 0;
    if (!read_thousandths(reading, node, key, &number) || number % 1000 || number < 1000 ||
        number > 65535000)
        return wrong(reading, node, "`%s` wants a number from 1 to 65535", key);
    *port = (int)(number / 1000);
    return true;
}

/* It is the name of topics, and the one in the certificate. */
static bool read_serial(const struct reading *reading, const yaml_node_t *node,
                        struct farm_printer *printer)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if (!read_text(reading, node, "serial", &printer->serial))
        return false;
    size_t length = strlen(printer->serial);
    return (length >= 8 && length <= 24 && strspn(printer->serial, plain) == length) ||
           wrong(reading, node,
                 "`serial` wants the serial number as the printer has it: capitals and digits");
}

static bool read_certificate_file(const struct reading *reading, const yaml_node_t *node,
                                  struct farm_printer *printer)
{
    struct arena *arena = &reading->farm->arena;
    struct failure why;
    char *content = NULL;
    size_t length = 0;
    const char *name = "";
    if (!read_text(reading, node, "certificate_file", &name))
        return false;
    printer->certificate_file = path_join(arena, path_folder(arena, reading->farm->path), name);
    if (file_read(printer->certificate_file, CERTIFICATES_AT_MOST, &content, &length, &why) !=
        FILE_OK)
        return wrong(reading, node, "the certificate cannot be read: %.200s", why.message);
    bool good = strstr(content, "-----BEGIN CERTIFICATE-----") != NULL;
    free(content);
    return good || wrong(reading, node,
                         "%.100s is no certificate: the file begins with BEGIN CERTIFICATE", name);
}

/* What is of one protocol only: given with it, and not without it. */
static bool check_protocol(const struct reading *reading, const yaml_node_t *name,
                           struct farm_printer *printer)
{
    if (printer->protocol != &protocol_bambu) {
        const char *rest = strstr(printer->address, "://");
        bool http = strncmp(printer->address, "http://", 7) == 0 ||
                    strncmp(printer->address, "https://", 8) == 0;
        if (!printer->by_hand && (!http || !rest[3]))
            return wrong(reading, name,
                         "`address` of %.60s wants http://HOST or https://HOST, with :PORT if any",
                         printer->name);
        if (printer->serial || printer->certificate_file || printer->port || printer->files_port)
            return wrong(reading, name,
                         "%.60s has a serial, certificate_file or port: only protocol bambu does",
                         printer->name);
        if (printer->password && !printer->user)
            printer->user = "maker"; /* of PrusaLink: there is no other */
        return true;
    }
    if (strpbrk(printer->address, "/"))
        return wrong(reading, name,
                     "`address` of %.60s wants only the host: `address: 192.168.1.30`",
                     printer->name);
    if (!printer->serial || !printer->password || !printer->certificate_file)
        return wrong(reading, name, "%.60s has no %s; protocol bambu wants it", printer->name,
                     !printer->serial     ? "serial"
                     : !printer->password ? "access_code_file"
                                          : "certificate_file");
    printer->user = "bblp"; /* there is no other */
    printer->port = printer->port ? printer->port : 8883;
    printer->files_port = printer->files_port ? printer->files_port : 990;
    return true;
}

static bool read_camera(const struct reading *reading, const yaml_node_t *node,
                        struct farm_printer *printer)
{
    if (!read_text(reading, node, "camera", &printer->camera))
        return false;
    bool http =
        strncmp(printer->camera, "http://", 7) == 0 || strncmp(printer->camera, "https://", 8) == 0;
    return (http && !strpbrk(printer->camera, "@ \"") && strlen(printer->camera) < 600) ||
           wrong(reading, node,
                 "`camera` wants the address of a single picture: http://HOST/PATH, without a "
                 "password");
}

static bool read_key(const struct reading *reading, const yaml_node_t *node, const char *key,
                     struct farm_printer *printer)
{
    const char *ignored = NULL;
    if (strcmp(key, "machine") == 0)
        return read_text(reading, node, key, &printer->machine);
    if (strcmp(key, "protocol") == 0)
        return read_protocol(reading, node, printer);
    if (strcmp(key, "address") == 0)
        return read_address(reading, node, printer);
    if (strcmp(key, "camera") == 0)
        return read_camera(reading, node, printer);
    if (strcmp(key, "user") == 0)
        return read_text(reading, node, key, &printer->user);
    if (strcmp(key, "key_file") == 0)
        return secret_from_file(reading, node, &printer->key_file, &printer->key);
    if (strcmp(key, "key_env") == 0)
        return secret_from_environment(reading, node, &printer->key);
    if (strcmp(key, "password_file") == 0 || strcmp(key, "access_code_file") == 0)
        return secret_from_file(reading, node, &ignored, &printer->password);
    if (strcmp(key, "password_env") == 0 || strcmp(key, "access_code_env") == 0)
        return secret_from_environment(reading, node, &printer->password);
    if (strcmp(key, "nozzle_mm") == 0)
        return read_thousandths(reading, node, key, &printer->nozzle_um);
    if (strcmp(key, "loaded") == 0)
        return read_loaded(reading, node, printer);
    if (strcmp(key, "circuit") == 0)
        return read_text(reading, node, key, &printer->circuit_name);
    if (strcmp(key, "ejects") == 0)
        return read_yes(reading, node, key, &printer->ejects);
    if (strcmp(key, "serial") == 0)
        return read_serial(reading, node, printer);
    if (strcmp(key, "certificate_file") == 0)
        return read_certificate_file(reading, node, printer);
    if (strcmp(key, "port") == 0)
        return read_port(reading, node, key, &printer->port);
    if (strcmp(key, "files_port") == 0)
        return read_port(reading, node, key, &printer->files_port);
    if (strcmp(key, "key") == 0 || strcmp(key, "password") == 0 || strcmp(key, "access_code") == 0)
        return wrong(reading, node,
                     "a secret does not stand here: put it into a file of its own, and "
                     "write `%s_file: PATH`",
                     key);
    return wrong(
        reading, node,
        "unknown key `%.60s`; a printer has machine, protocol, address, key_file, key_env, "
        "user, password_file, password_env, nozzle_mm, loaded, circuit, ejects, camera; one of "
        "Bambu Lab has serial, access_code_file, access_code_env, certificate_file, port, "
        "files_port",
        key);
}

static bool read_printer(const struct reading *reading, const yaml_node_t *name,
                         const yaml_node_t *node, struct farm_printer *printer)
{
    *printer = (struct farm_printer){
        .machine = "", .circuit_name = "", .line = (int)name->start_mark.line + 1};
    if (!read_text(reading, name, "a printer's name", &printer->name))
        return false;
    if (!node || node->type != YAML_MAPPING_NODE)
        return wrong(reading, name, "%.60s wants keys: protocol, address", printer->name);
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_at(reading, pair->key);
        const yaml_node_t *value = node_at(reading, pair->value);
        if (!scalar(key) || !read_key(reading, value, scalar(key), printer))
            return scalar(key) ? false : wrong(reading, key, "a key is missing");
    }
    if (printer->by_hand && !printer->address)
        printer->address = "";
    if (!printer->protocol || !printer->address)
        return wrong(reading, name, "%.60s has no %s; add `%s`", printer->name,
                     printer->protocol ? "address" : "protocol",
                     printer->protocol ? "address: http://HOST" : "protocol: octoprint");
    return check_protocol(reading, name, printer);
}

/* Two names of one machine: a plate that was cleared for the one would be printed on for the other. */
static bool is_same_machine(const struct farm_printer *one, const struct farm_printer *other)
{
    return !one->by_hand && strcmp(one->address, other->address) == 0 && one->port == other->port;
}

static bool read_printers(const struct reading *reading, const yaml_node_t *node)
{
    struct farm *farm = reading->farm;
    if (!node || node->type != YAML_MAPPING_NODE)
        return wrong(reading, node, "`printers` wants a printer's name, and its keys below");
    yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
    long count = node->data.mapping.pairs.top - pairs;
    if (count > PRINTERS_AT_MOST)
        return wrong(reading, node, "at most %d printers", PRINTERS_AT_MOST);
    farm->printers = ARENA_ARRAY(&farm->arena, struct farm_printer, count ? count : 1);
    for (long i = 0; i < count; i++) {
        const yaml_node_t *name = node_at(reading, pairs[i].key);
        struct farm_printer *printer = &farm->printers[farm->count];
        if (!name || !read_printer(reading, name, node_at(reading, pairs[i].value), printer))
            return false;
        const struct farm_printer *other = farm_find(farm, printer->name);
        if (other)
            return wrong(reading, name, "%.60s stands at line %d too; give one another name",
                         printer->name, other->line);
        for (other = farm->printers; other < printer; other++)
            if (is_same_machine(printer, other))
                return wrong(reading, name, "%.60s has the address of %.60s at line %d",
                             printer->name, other->name, other->line);
        farm->count++;
    }
    return true;
}

/* ---- what is said of all of them ---- */

static bool read_circuit(const struct reading *reading, const yaml_node_t *name,
                         const yaml_node_t *node, struct farm_circuit *circuit)
{
    if (!read_text(reading, name, "a circuit's name", &circuit->name))
        return false;
    yaml_node_pair_t *pair =
        node && node->type == YAML_MAPPING_NODE ? node->data.mapping.pairs.start : NULL;
    const char *key = pair && node->data.mapping.pairs.top - pair == 1
                          ? scalar(node_at(reading, pair->key))
                          : NULL;
    if (!key || strcmp(key, "heating_at_most") != 0)
        return wrong(reading, name, "circuit %.60s wants `heating_at_most: N`", circuit->name);
    return read_count(reading, node_at(reading, pair->value), key, PRINTERS_AT_MOST,
                      &circuit->heating_at_most);
}

static bool read_circuits(const struct reading *reading, const yaml_node_t *node)
{
    struct farm *farm = reading->farm;
    if (!node || node->type != YAML_MAPPING_NODE)
        return wrong(reading, node, "`circuits` wants `NAME: {heating_at_most: N}`");
    yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
    farm->circuit_count = (int)(node->data.mapping.pairs.top - pairs);
    farm->circuits = ARENA_ARRAY(&farm->arena, struct farm_circuit, farm->circuit_count + 1);
    for (int i = 0; i < farm->circuit_count; i++)
        if (!read_circuit(reading, node_at(reading, pairs[i].key), node_at(reading, pairs[i].value),
                          &farm->circuits[i]))
            return false;
    return true;
}

/* "3 of 5" */
static bool read_out_after(const struct reading *reading, const yaml_node_t *node)
{
    const char *value = scalar(node);
    int failures = 0, of_last = 0, length = 0;
    bool good = value && sscanf(value, "%2d of %2d%n", &failures, &of_last, &length) == 2 &&
                !value[length] && failures >= 1 && failures <= of_last && of_last <= 64;
    reading->farm->out_failures = failures;
    reading->farm->out_of_last = of_last;
    return good || wrong(reading, node, "`out_after` wants how many of its last: `3 of 5`");
}

static bool find_circuits(const struct reading *reading)
{
    struct farm *farm = reading->farm;
    for (int i = 0; i < farm->count; i++) {
        struct farm_printer *printer = &farm->printers[i];
        for (int k = 0; k < farm->circuit_count; k++)
            if (strcmp(farm->circuits[k].name, printer->circuit_name) == 0)
                printer->circuit = &farm->circuits[k];
        if (*printer->circuit_name && !printer->circuit)
            return fail(reading->failure,
                        "%.90s:%d: no circuit %.60s; say `circuits: {%.60s: "
                        "{heating_at_most: 2}}`",
                        farm->path, printer->line, printer->circuit_name, printer->circuit_name);
    }
    return true;
}

static bool read_document(const struct reading *reading)
{
    static const struct {
        const char *key;
        bool (*read)(const struct reading *reading, const yaml_node_t *node);
    } rows[] = {
        {"printers", read_printers}, {"circuits", read_circuits}, {"out_after", read_out_after}};
    enum { ROWS = sizeof rows / sizeof *rows };
    const yaml_node_t *root = yaml_document_get_root_node(reading->document);
    bool seen[ROWS] = {false};

    if (!root || root->type != YAML_MAPPING_NODE)
        return wrong(reading, root, "no printers; begin with `printers:`");
    for (yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_at(reading, pair->key);
        int row = 0;
        while (scalar(key) && row < ROWS && strcmp(rows[row].key, scalar(key)) != 0)
            row++;
        if (!scalar(key) || row == ROWS)
            return wrong(reading, key, "unknown key; there are printers, circuits, out_after");
        if (seen[row])
            return wrong(reading, key, "`%s` stands here twice; put all below one", rows[row].key);
        seen[row] = true;
        if (!rows[row].read(reading, node_at(reading, pair->value)))
            return false;
    }
    return find_circuits(reading);
}

/* ---- the file ---- */

static bool parse(struct farm *farm, const char *text, size_t length, struct failure *failure)
{
    yaml_parser_t parser;
    yaml_document_t document;
    if (!yaml_parser_initialize(&parser))
        return fail(failure, "%.90s: libyaml cannot be used", farm->path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    bool good = yaml_parser_load(&parser, &document) == 1;
    if (!good) {
        fail(failure, "%.90s:%zu: this is no YAML: %s", farm->path, parser.problem_mark.line + 1,
             parser.problem ? parser.problem : "it cannot be read");
    } else {
        struct reading reading = {farm, &document, failure};
        good = read_document(&reading);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return good;
}

static bool open_farm(struct farm *farm, const char *path, bool without_secrets,
                      struct failure *failure)
{
    char *text = NULL;
    size_t length = 0;
    *farm = (struct farm){.without_secrets = without_secrets};
    farm->path = arena_copy_text(&farm->arena, path, strlen(path));
    farm->out_failures = 3;
    farm->out_of_last = 5;
    if (file_read(path, FARM_SIZE_AT_MOST, &text, &length, failure) != FILE_OK)
        return false;
    bool good = parse(farm, text, length, failure);
    free(text);
    return good;
}

bool farm_open(struct farm *farm, const char *path, struct failure *failure)
{
    return open_farm(farm, path, false, failure);
}

bool farm_open_without_secrets(struct farm *farm, const char *path, struct failure *failure)
{
    return open_farm(farm, path, true, failure);
}

void farm_close(struct farm *farm)
{
    arena_free(&farm->arena);
    *farm = (struct farm){0};
}

const struct farm_printer *farm_find(const struct farm *farm, const char *name)
{
    for (int i = 0; i < farm->count; i++)
        if (strcmp(farm->printers[i].name, name) == 0)
            return &farm->printers[i];
    return NULL;
}
