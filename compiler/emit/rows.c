/* The outputs' rows. To add one: its folder, its row here, its line in `flowc build --help`. */
#include "emit/emit.h"

const struct emit_row emit_rows[] = {
    {"instructions", "instructions.html, instructions.pdf", emit_instructions},
    {"diagram", "diagram.dot, diagram.svg, diagram.pdf, diagram.png", emit_diagram},
    {"workbook", "workbook.xlsx", emit_workbook},
    {"packet", "packet.pdf, packet.zip, first_article.xlsx", emit_packet},
    {"labels", "labels.pdf, labels_62mm.pdf, labels_4x6.pdf, labels_62mm.zpl, labels_4x6.zpl",
     emit_labels},
    {"forms", "forms.pdf", emit_forms},
    {"spec", "spec.json", emit_spec},
};
const int emit_row_count = sizeof emit_rows / sizeof *emit_rows;
