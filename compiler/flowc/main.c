/* flowc: the table of verbs. */
#include "flowc/flowc.h"

#ifndef FLOW_VERSION
#define FLOW_VERSION "0.0.0"
#endif

static const struct verb verbs[] = {
    {"init", "DIR", "make a starter shop that checks clean",
     "DIR is made. A file that is there already is never written over.\n", "  flowc init my-shop\n",
     cmd_init},
    {"check", "PATH...", "say what is wrong with specs, and what to write instead",
     "  --format FORMAT   human: the line with the mistake underlined, to standard error (this if "
     "unsaid)\n"
     "                    short: path:line:column: error[rule]: message\n"
     "                    json, sarif (2.1.0), github (annotations of a workflow run)\n"
     "  --deny warnings   warnings are findings too: exit with 1\n"
     "  --fix             write the fixes that are certain into the files\n"
     "  --max-errors N    show at most N, where people read (20; 0 for all)\n"
     "  --jobs N          files at once (as many as the machine has cores)\n"
     "\n"
     "PATH is a file, a folder (every .flow file in it and below), or - for standard input.\n",
     "  flowc check coaster.flow\n"
     "  flowc check --deny warnings --format sarif . > findings.sarif\n",
     cmd_check},
    {"fmt", "PATH...", "lay specs out: indents, columns, blank lines; no comment is lost",
     "  --check   write nothing; name the files that would change, and exit with 1 if any would\n"
     "  --diff    write nothing; show what would change\n"
     "\n"
     "Files are written in place. PATH is a file, a folder, or - (standard input to standard "
     "output).\n",
     "  flowc fmt .\n"
     "  flowc fmt --check --diff coaster.flow\n",
     cmd_fmt},
    {"build", "PATH... -o DIR", "make the documents of every product",
     "  -o, --output DIR    where they go: a folder in DIR for each product\n"
     "  --only LIST         only these outputs, with commas between (all if unsaid)\n"
     "  --paper a4|letter   the paper of what is printed (a4)\n"
     "  --jobs N            products at once (as many as the machine has cores)\n"
     "  --history DIR       packets take DIR/PRODUCT.md along: the product's revisions (flowc "
     "log)\n"
     "  --watch             go on: make again what changed when a file is saved, until Ctrl-C\n"
     "\n"
     "Outputs:\n"
     "  instructions   instructions.html, instructions.pdf: how each step is done, for the bench\n"
     "  diagram        diagram.dot, diagram.svg, diagram.pdf, diagram.png: how the work flows\n"
     "  workbook       workbook.xlsx: what it costs, in live formulas; for the shop only\n"
     "  packet         packet.pdf, packet.zip, first_article.xlsx: what a supplier quotes from and "
     "is\n"
     "                 measured by, if the spec has a `packet`\n"
     "  labels         labels.pdf, labels_62mm.pdf, labels_4x6.pdf, labels_62mm.zpl, "
     "labels_4x6.zpl:\n"
     "                 units, bins, lots, parcels; the last two for printers that speak ZPL\n"
     "  forms          forms.pdf: batch record, first article, inspections, signatures\n"
     "  spec           spec.json: the checked spec, for other programs; for the shop only\n"
     "\n"
     "Prints the names of the files. With errors in a spec nothing of it is written: the last "
     "good\n"
     "documents stay.\n",
     "  flowc build coaster.flow -o out\n"
     "  flowc build . -o out --only instructions,labels --paper letter\n",
     cmd_build},
    {"preview", "PATH...", "show the documents on a local page that follows the files",
     "  --port N            the port on this machine (a free one)\n"
     "  --open              open the page in a browser\n"
     "  -o, --output DIR    keep the documents there (a folder that is removed in the end)\n"
     "  --paper a4|letter   the paper of what is printed (a4)\n"
     "  --jobs N            products at once (as many as the machine has cores)\n"
     "\n"
     "Prints the address of the page, which shows instructions, diagram, packet, labels, forms, "
     "costs and\n"
     "what is wrong, and shows them anew as files are saved. While a spec has errors, the page "
     "says "
     "them\n"
     "and keeps the last good documents. Only this machine can ask for it. Ctrl-C ends it.\n",
     "  flowc preview coaster.flow --open\n"
     "  flowc preview . --port 8080\n",
     cmd_preview},
    {"cost", "PATH --quantity N", "say what a product costs, and where the money goes",
     "  --quantity N          how many are made\n"
     "  --product P           only this product (all of the file)\n"
     "  --sku S               only this SKU (all)\n"
     "  --format human|json   tables, or JSON with exact figures (human)\n",
     "  flowc cost coaster.flow --quantity 24\n"
     "  flowc cost coaster.flow --quantity 24 --sku CO-1-black --format json\n",
     cmd_cost},
    {"diff", "[OLD] NEW", "say what changed, what it does to costs, and which approvals it voids",
     "  --format human|json|markdown   for people, for programs, for a pull request (human)\n"
     "  --as PATH                      both files are taken to stand at PATH: what they name is "
     "found\n"
     "                                 beside it (for git difftool)\n"
     "  --exit-code                    exit with 1 where there are differences\n"
     "  --git-driver                   the arguments are those of git's external diff\n"
     "\n"
     "OLD and NEW are files, or REVISION:PATH of a git repository. One file alone is compared with "
     "its\n"
     "last commit (HEAD). Each change has a class: cosmetic, process, breaks the approval, breaks\n"
     "compatibility. Comments, layout and units are no difference. Of a spec with errors, what "
     "could "
     "be\n"
     "read is compared.\n",
     "  flowc diff coaster.flow\n"
     "  flowc diff v1.0:coaster.flow coaster.flow\n"
     "  flowc diff --format markdown main:coaster.flow HEAD:coaster.flow\n",
     cmd_diff},
    {"merge-driver", "BASE OURS THEIRS", "merge a spec that two branches changed, field by field",
     "  --marker-size N   signs of a conflict marker (7)\n"
     "  --path PATH       how the file is called in messages\n"
     "  --print           to standard output; OURS stays as it is\n"
     "\n"
     "git calls it (see flowc git-setup). OURS is written over with the merge: its layout and "
     "comments,\n"
     "with what THEIRS changed. A field that both changed in two ways is a conflict, with markers "
     "around\n"
     "that field alone: exit with 1. Where a version has syntax errors, lines are merged as git "
     "does.\n",
     "  flowc merge-driver base.flow ours.flow theirs.flow\n", cmd_merge_driver},
    {"git-setup", "[FOLDER]", "let git compare and merge the specs of a repository by flowc",
     "  --remove   take it out again\n"
     "\n"
     "Adds `*.flow diff=flow merge=flow` to .gitattributes, which is to be committed, and sets "
     "diff.flow,\n"
     "difftool.flow and merge.flow in the repository's own configuration, which each clone sets "
     "itself.\n"
     "Says what it did; doing it again changes nothing.\n",
     "  flowc git-setup\n"
     "  git diff coaster.flow\n"
     "  git difftool --tool=flow HEAD~3 -- coaster.flow\n",
     cmd_git_setup},
    {"log", "PRODUCT", "say which revisions a product had, and what each commit changed",
     "  --format human|json|markdown   for people, for programs, a table for a document (human)\n"
     "  --product P                    whose revision is shown (the first of the file)\n"
     "  --limit N                      the newest N commits (0: all)\n"
     "  --public                       what may go along in a packet: nothing internal, nothing of "
     "other\n"
     "                                 products, nobody's name, no commit's message\n"
     "\n"
     "PRODUCT is a product that a .flow file here declares, or the file. The history is git's: of "
     "the\n"
     "file, under the names that it had, and of all that it uses now.\n",
     "  flowc log coaster\n"
     "  flowc log coaster --public --format markdown > history/coaster.md\n"
     "  flowc build coaster.flow -o out --history history\n",
     cmd_log},
    {"blame", "FILE FIELD", "say which commit made a field what it is",
     "  --format human|json   for people, or for programs (human)\n"
     "\n"
     "FIELD is called by what it is of: disc.mass, a dimension disc.rim, its gauge disc.rim.gauge, "
     "the\n"
     "check screen.surface, desk_hook.margin, a let by its name.\n",
     "  flowc blame coaster.flow disc.mass\n", cmd_blame},
    {"verify", "PACKET.zip", "say where a packet came from, and whether it is untouched",
     "  --spec FILE         make it again from this spec, and compare byte for byte\n"
     "  --tag REVISION      from the spec as it was at this tag, branch or commit of git\n"
     "  --search            from each commit of git, the newest first: which one makes it?\n"
     "  --paper a4|letter   the paper that it was made for (a4)\n"
     "\n"
     "Without --spec the file here is taken that declares the product.\n",
     "  flowc verify packet.zip\n"
     "  flowc verify packet.zip --tag v1.2 --spec coaster.flow\n"
     "  flowc verify packet.zip --search\n",
     cmd_verify},
    {"graph", "PATH", "draw the flow diagram to standard output",
     "  --format dot|svg|pdf|png   the kind of picture (dot)\n"
     "  --product P                of this product (the first of the file)\n"
     "  --sku S                    only the steps this SKU takes (all)\n"
     "  --group-by station         lanes: a column a station, in the order the work comes to them\n"
     "  --explain RULE             the way on which the workflow breaks this rule, drawn red; the\n"
     "                             picture comes although the spec has errors of graph and order\n",
     "  flowc graph coaster.flow --format svg > coaster.svg\n"
     "  flowc graph coaster.flow --group-by station --format pdf > lanes.pdf\n"
     "  flowc graph coaster.flow --explain late_screen --format svg > why.svg\n",
     cmd_graph},
    {"mesh", "FILE...", "say whether models are solids, how large, and what is wrong with them",
     "  --format human|json   for people, or with every figure (human)\n"
     "  --jobs N              so many models at a time (as many as there are cores)\n"
     "  --no-cache            examine each model again; else a model that was examined before is "
     "known\n"
     "                        by its SHA-256, in $XDG_CACHE_HOME/flowc or ~/.cache/flowc\n"
     "  --crossings           look for triangles that go through one another, too\n"
     "  --repair FILE -o NEW  mend what is certain, and write it as binary STL: triangles that are "
     "there\n"
     "                        twice, triangles and shells that look the wrong way; refuses the "
     "rest\n"
     "\n"
     "FILE is a model (STL, OBJ, 3MF, told by what is in it), or a folder: every .stl, .3mf and\n"
     ".obj in it and below. A model that is no closed solid is an error. Bodies that touch along "
     "an\n"
     "edge are a warning.\n",
     "  flowc mesh models\n"
     "  flowc mesh --format json models/disc.stl\n",
     cmd_mesh},
    {"gcode", "FILE...", "say what a slicer said of a job: time, filament, layers, temperatures",
     "  --format human|json   for people, or with every figure (human)\n"
     "  --thumbnail FILE      write the picture of the job, the largest there is\n"
     "\n"
     "FILE is G-code of PrusaSlicer, OrcaSlicer, Bambu Studio, Cura, SuperSlicer or Slic3r, plain, "
     "in a\n"
     ".gcode.3mf, or binary (.bgcode). Only its first and last 512 KiB are read.\n",
     "  flowc gcode plate.gcode\n", cmd_gcode},
    {"slice", "SPEC -o DIR", "pack the plates of print steps, and have them sliced",
     "  -o, --output DIR    where the G-code and the packed plates (3MF) go\n"
     "  --product P, --sku S, --step S\n"
     "                      only what is made for these (all)\n"
     "  --machine M         for this machine of the step (the first)\n"
     "  --slicer PROGRAM    PrusaSlicer, or what takes its options (prusa-slicer)\n"
     "  --timeout SECONDS   so long may a plate take (900)\n"
     "  --no-cache          slice again what was sliced before; else it is known by its content, "
     "in\n"
     "                      $XDG_CACHE_HOME/flowc or ~/.cache/flowc\n"
     "\n"
     "Slices each plate of a `print` step that has `slice \"settings.ini\"`. What the slicer said "
     "is\n"
     "written beside the spec (clip.flow: clip.sliced): keep it in git, and flowc cost reckons "
     "with "
     "it.\n",
     "  flowc slice clip.flow -o plates\n", cmd_slice},
    {"picture", "MODEL -o FILE", "draw a part from its model",
     "  -o, --output FILE   where it goes, by its name as .png, .svg or .pdf\n"
     "  --view VIEW         iso (this if unsaid), front, top, right: one picture\n"
     "                      three: front, top and right with the overall dimensions in mm\n"
     "\n"
     "The front looks along y, the right side against x, z is up; the three stand in third-angle "
     "projection.\n",
     "  flowc picture models/hook.stl -o hook.png\n"
     "  flowc picture models/hook.stl -o hook.svg --view three\n",
     cmd_picture},
    {"plate", "PATH [-o DIR]", "pack the parts of a print step on the bed of its machine",
     "  --step NAME           of this step (the first print that makes parts)\n"
     "  --machine NAME        on this machine (the first of the step's `on`)\n"
     "  --count NAME=N,...    so many of these parts, on as few plates as it takes; without it "
     "what\n"
     "                        the step's `plate` says, or as many products as one plate takes\n"
     "  --clearance LENGTH    between parts (2mm)\n"
     "  --brim LENGTH         around each part (0mm)\n"
     "  --turns N             in how many directions a part may lie: 1, or 4, 8, 12 ... 64 (4)\n"
     "  --keep-out X,Y,W,D    of the bed, in mm from its front left: nothing goes there; several "
     "with ;\n"
     "  --effort EFFORT       quick (a third of a second), good (some seconds), best (half a "
     "minute), or\n"
     "                        a number: how much is tried, whatever the time it takes (quick)\n"
     "  --seed N              another one may come out better, or worse (1)\n"
     "  --product P  --sku S  of this product and SKU (the first)\n"
     "  --format human|json   for people, or every position (human)\n"
     "  -o, --output DIR      write STEP_1.3mf, for a slicer, and a picture of it, STEP_1.svg and\n"
     "                        STEP_1.png; and so on; and all the pictures as STEP.pdf, to print\n"
     "\n"
     "Parts are packed by their real outlines, each plate is checked by other means than it was\n"
     "made, and the same order gives the same plates. Where the process has no max_overhang, as "
     "for\n"
     "powder, plates are stacked as high as the machine is.\n",
     "  flowc plate desk_hook.flow --count hook=12,cap=24 -o plates\n"
     "  flowc plate coaster.flow --machine mk4 --effort good\n",
     cmd_plate},
    {"fingerprint", "PATH", "print a SHA-256 of what voids an approval",
     "  --product P   of this product (all of the file)\n"
     "\n"
     "It changes when something changes that `void_on` of the release names; comments and layout "
     "do "
     "not\n"
     "count. Compare it with the one on the approval.\n",
     "  flowc fingerprint coaster.flow\n", cmd_fingerprint},
    {"explain", "[RULE]", "say what a rule is about: a spec that breaks it, and mended",
     "RULE is the word in brackets of a message. Without it: all rules, a line each.\n",
     "  flowc explain late_screen\n", cmd_explain},
    {"lsp", "", "answer an editor: what is wrong, what may be written, what it costs",
     "  --stdio   over standard input and output (it is always so)\n"
     "\n"
     "Speaks the Language Server Protocol 3.17. An editor starts it; docs/editors.md says how, "
     "for\n"
     "Neovim, Vim, Emacs and Visual Studio Code.\n",
     "  flowc lsp\n", cmd_lsp},
    {"doctor", "", "say whether everything this tool needs is there",
     "Looks at the shipped specs, the sampling tables, FLOW_PATH, the libraries that draw "
     "documents, and\n"
     "whether this folder can be written. What is missing comes with what to do.\n",
     "  flowc doctor\n", cmd_doctor},
    {"completions", "bash|zsh|fish", "print completions for a shell", "",
     "  source <(flowc completions bash)\n"
     "  flowc completions fish > ~/.config/fish/completions/flowc.fish\n",
     cmd_completions},
};

const struct program program = {
    .name = "flowc",
    .summary = "flowc checks the specs of a small shop, says what a product costs, and makes its "
               "documents.",
    .version = "flowc " FLOW_VERSION ", language edition 1",
    .closing = "New here? flowc init my-shop && cd my-shop && flowc check coaster.flow\n"
               "\n"
               "Environment: FLOW_PATH, folders (a:b) where `use a.b` looks; FLOW_SPECS, the "
               "shipped specs;\n"
               "NO_COLOR, no color.\n",
    .exits = "Exit: 0 clean (warnings allowed), 1 errors in a spec, or differences, 2 wrong "
             "command line,\n"
             "3 a file or the machine was in the way, 4 a fault of flowc itself.\n",
    .verbs = verbs,
    .verb_count = (int)(sizeof verbs / sizeof *verbs),
};

int main(int argc, char **argv)
{
    return program_run(argc, argv);
}
