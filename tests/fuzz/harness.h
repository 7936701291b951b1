/* What the fuzzers share: a folder of their own, input that reaches the program as a shop's would, properties that hold
   for any bytes. */
#ifndef FLOW_TESTS_FUZZ_HARNESS_H
#define FLOW_TESTS_FUZZ_HARNESS_H

#include "source/diagnostic.h"
#include "source/source.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes,
                           size_t length); /* libFuzzer's, which has no header */

/* Ends the run as a finding where a property does not hold. */
void require(bool holds);

/* A file of the reader with these bytes (copied, and freed by source_set_close). */
struct source *add_bytes(struct source_set *set, const uint8_t *bytes, size_t length);

/* Sorts the diagnostics and draws them in every format. All must stand in a file that was read. */
void draw_all(struct diagnostics *diagnostics, const struct source_set *sources);

/* Reads, binds, checks and, where `flowc cost` would, costs the text as standard input does, in a folder that holds
   model.stl, other.flow and, where yaml is not NULL, m.yaml with these bytes. */
void compile_bytes(const uint8_t *text, size_t length, const uint8_t *yaml, size_t yaml_length);

#endif
