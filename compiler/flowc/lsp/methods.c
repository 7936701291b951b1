/* The table of methods. A new one is a row here, a handler in a file of its subject, what it is capable of in
   lifecycle.c, and a test in tests/e2e/test_lsp.py. */
#include "flowc/lsp/methods.h"

const struct method methods[] = {
    {"initialize", false, lsp_initialize},
    {"initialized", true, lsp_initialized},
    {"shutdown", false, lsp_shutdown},
    {"$/setTrace", true, lsp_ignore},
    {"textDocument/didOpen", true, lsp_did_open},
    {"textDocument/didChange", true, lsp_did_change},
    {"textDocument/didSave", true, lsp_did_save},
    {"textDocument/didClose", true, lsp_did_close},
    {"workspace/didChangeWatchedFiles", true, lsp_did_change_files},
    {"workspace/didChangeWorkspaceFolders", true, lsp_did_change_folders},
    {"workspace/didChangeConfiguration", true, lsp_ignore},
    {"textDocument/completion", false, lsp_completion},
    {"textDocument/hover", false, lsp_hover},
    {"textDocument/signatureHelp", false, lsp_signature},
    {"textDocument/definition", false, lsp_definition},
    {"textDocument/references", false, lsp_references},
    {"textDocument/documentHighlight", false, lsp_highlight},
    {"textDocument/prepareRename", false, lsp_prepare_rename},
    {"textDocument/rename", false, lsp_rename},
    {"textDocument/documentSymbol", false, lsp_document_symbol},
    {"workspace/symbol", false, lsp_workspace_symbol},
    {"textDocument/foldingRange", false, lsp_folding},
    {"textDocument/semanticTokens/full", false, lsp_semantic_tokens},
    {"textDocument/inlayHint", false, lsp_inlay_hint},
    {"textDocument/codeLens", false, lsp_code_lens},
    {"textDocument/codeAction", false, lsp_code_action},
    {"textDocument/formatting", false, lsp_formatting},
};
const int method_count = (int)(sizeof methods / sizeof *methods);
