/* How a .flow file is laid out: `flowc fmt`, and formatting in the editor. */
#ifndef FLOW_SYNTAX_FORMAT_H
#define FLOW_SYNTAX_FORMAT_H

#include "base/buffer.h"
#include "syntax/tree.h"

/* Adds the file to out as it should be laid out: two blanks an indent, the values of a block in a column,
   one blank line where there were several, lines ending in '\n'. Comments, texts and line breaks inside an
   entry are kept; a block written on one line stays there if it fits. What it means is unchanged, and laying
   it out again changes nothing. False, with out as it was, where the file has syntax errors: those are
   reported. The arena and the interner are those of parse(). */
bool format_source(struct source *source, struct arena *arena, struct interner *names,
                   struct diagnostics *diagnostics, struct buffer *out);

#endif
