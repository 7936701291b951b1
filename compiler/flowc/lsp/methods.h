/* The handlers, by the file that has them. */
#ifndef FLOW_LSP_METHODS_H
#define FLOW_LSP_METHODS_H

#include "flowc/lsp/server.h"

/* lifecycle.c */
handler lsp_initialize, lsp_initialized, lsp_shutdown, lsp_ignore;
/* sync.c */
handler lsp_did_open, lsp_did_change, lsp_did_save, lsp_did_close, lsp_did_change_files,
    lsp_did_change_folders;
/* navigate.c */
handler lsp_definition, lsp_references, lsp_highlight, lsp_prepare_rename, lsp_rename;
/* outline.c */
handler lsp_document_symbol, lsp_workspace_symbol, lsp_folding;
/* actions.c, hints.c */
handler lsp_code_action, lsp_formatting, lsp_inlay_hint, lsp_code_lens;
/* each in a file of its name */
handler lsp_completion, lsp_hover, lsp_signature, lsp_semantic_tokens;

#endif
