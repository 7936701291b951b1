/* The handlers, by the file that has them. */
#ifndef FLOW_LSP_METHODS_H
#define FLOW_LSP_METHODS_H

#include "flowc/lsp/server.h"

/* lifecycle.c */
handler lsp_initialize, lsp_initialized, lsp_shutdown, lsp_ignore;
/* sync.c */
handler lsp_did_open, lsp_did_change, lsp_did_save, lsp_did_close, lsp_did_change_files,
    lsp_did_change_folders;
handler lsp_completion; /* completion.c */

#endif
