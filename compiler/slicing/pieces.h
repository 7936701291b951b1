/* What one piece of a part takes in a step, by who knows it: the spec states it, a slicer has answered, or it is
   estimated from the model. Files are read while a spec is checked; whoever reckons later reads none. */
#ifndef FLOW_SLICING_PIECES_H
#define FLOW_SLICING_PIECES_H

#include "geometry/mesh.h"
#include "slicing/gcode.h"
#include "spec/spec.h"

/* More than any machine has slots. */
enum { MATERIALS_AT_MOST = 64 };

enum known_by { KNOWN_NOT, KNOWN_STATED, KNOWN_SLICED, KNOWN_ESTIMATED };

struct known_figure {
    enum known_by by;
    struct rational number; /* seconds or grams; 0 where it is not known */
};

struct known_piece {
    struct known_figure time, mass;
};

/* The step must make the part, or work on it. */
struct known_figure slicing_time(const struct spec *spec, const struct step *step,
                                 const struct part *part, const struct sku *sku);
struct known_figure slicing_mass(const struct spec *spec, const struct step *step,
                                 const struct part *part, const struct sku *sku);
/* Likewise of a further material in it, a row of the part's `with`. */
struct known_figure slicing_portion(const struct spec *spec, const struct step *step,
                                    const struct part *part, const struct portion *portion,
                                    const struct sku *sku);
/* What would be if one of these figures were another: reckons with `number` where it finds `found`. For trials. */
struct assumption {
    const struct part *part;
    const struct portion *portion; /* NULL: its own material */
    bool mass;                     /* else a time */
    struct rational found, number;
};
/* NULL: with what is known. The assumption is borrowed until then. */
void slicing_assume(const struct spec *spec, const struct assumption *assumption);
/* What is estimated from the model, stated or not; KNOWN_NOT where it cannot be. */
struct known_piece slicing_estimate(const struct spec *spec, const struct step *step,
                                    const struct part *part, const struct sku *sku);

/* What the slicer said of the step's plate, in the G-code that the step names or in the answers beside the spec; NULL
   where it has not, or speaks of several plates. */
const struct gcode_facts *slicing_job(const struct spec *spec, const struct step *step,
                                      const struct sku *sku);
/* Why the step's G-code says nothing: NULL where it does, or where there is none. */
const char *slicing_problem(const struct spec *spec, const struct step *step,
                            const struct sku *sku);

/* The pieces on one plate of a step: by its `plate`, else what was packed, else one of each part that it makes. Begin with *row NULL; false
   at the end. */
bool slicing_on_plate(const struct spec *spec, const struct step *step, const struct sku *sku,
                      const void **row, const struct part **part, struct rational *count);

/* The materials on it, each once, by slot: in the order of the pieces, a part's own before its further ones. How many. */
int slicing_materials(const struct spec *spec, const struct step *step, const struct sku *sku,
                      const struct material *materials[MATERIALS_AT_MOST]);

/* ---- slicing ---- */
/* What the step's plate is sliced of, as a SHA-256: the settings, the models, how many of each
   and from which slots, the machine's volume.
   False where a file of them is not there. */
bool slicing_key(const struct spec *spec, const struct step *step, const struct sku *sku,
                 const struct machine *machine, char key[65]);
/* Where the answers for a step's plates are kept: beside the file of its workflow. In the arena. */
char *slicing_answers_path(const struct step *step, struct arena *arena);

/* ---- while the spec is checked ---- */
/* sha256 is "" where it is not known. */
void slicing_know_model(struct spec *spec, const char *path, const struct mesh_facts *facts,
                        const char *sha256);
void slicing_know_job(struct spec *spec, const struct step *step, const struct sku *sku);

#endif
