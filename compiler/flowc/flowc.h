/* The program: one file a verb (cmd_NAME.c) and one row in main.c. */
#ifndef FLOW_FLOWC_FLOWC_H
#define FLOW_FLOWC_FLOWC_H

#include "program/program.h"

/* Whether the module that serves the page of flowc preview can be opened (cmd_preview.c); otherwise says why not. */
bool preview_is_there(struct failure *failure);

int cmd_init(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_fmt(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_preview(int argc, char **argv);
int cmd_cost(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_merge_driver(int argc, char **argv);
int cmd_git_setup(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_blame(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_mesh(int argc, char **argv);
int cmd_gcode(int argc, char **argv);
int cmd_slice(int argc, char **argv);
int cmd_picture(int argc, char **argv);
int cmd_plate(int argc, char **argv);
int cmd_fingerprint(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_lsp(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

#endif
