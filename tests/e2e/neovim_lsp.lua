-- Drives flowc through Neovim's own language client, as a person would; what came is written to OUT as JSON.
local out, file = {}, vim.env.FLOW_FILE

require('flow').setup({ cmd = { vim.env.FLOWC, 'lsp' } })
vim.cmd('edit ' .. vim.fn.fnameescape(file))
local buffer = vim.api.nvim_get_current_buf()
out.filetype = vim.bo.filetype

local function until_true(what, ready)
  out.late = out.late or {}
  if not vim.wait(tonumber(vim.env.FLOW_WAIT_MS), ready, 10) then
    table.insert(out.late, what)
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
end

local function text()
  return table.concat(lines(), '\n') .. '\n'
end

-- The cursor goes to the first place of a text, so many bytes behind its begin.
local function go(needle, inside)
  for number, line in ipairs(lines()) do
    local at = line:find(needle, 1, true)
    if at then
      vim.api.nvim_win_set_cursor(0, { number, at - 1 + (inside or 0) })
      return number - 1, at - 1
    end
  end
  error('not there: ' .. needle)
end

local function codes()
  return vim.tbl_map(function(one)
    return one.code or one.user_data and one.user_data.lsp and one.user_data.lsp.code
  end, vim.diagnostic.get(buffer))
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params or vim.lsp.util.make_position_params(), 120000)
  for _, answer in pairs(answers or {}) do
    return answer.result, answer.err
  end
end

until_true('the client', function()
  return #vim.lsp.buf_get_clients(buffer) > 0 and next(vim.lsp.buf_get_clients(buffer)) ~= nil
      and select(2, next(vim.lsp.buf_get_clients(buffer))).initialized
end)
out.clean = codes()

-- typing: each change goes out as Neovim's incremental sync makes it
local row, column = go('material    pla', 12)
vim.api.nvim_buf_set_text(buffer, row, column + 12, row, column + 15, { 'bench' })
until_true('an error', function() return #codes() > 0 end)
out.wrong = codes()
out.message = vim.diagnostic.get(buffer)[1].message
out.related = vim.diagnostic.get(buffer)[1].user_data.lsp.relatedInformation
vim.cmd('undo')
until_true('all clear', function() return #codes() == 0 end)

-- a quick fix, applied
row, column = go('mass', 0)
vim.api.nvim_buf_set_text(buffer, row, column, row, column + 4, { 'mas' })
until_true('an unknown field', function() return #codes() > 0 end)
go('mas ', 1)
local params = vim.lsp.util.make_range_params()
params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer) }
local actions = ask('textDocument/codeAction', params)
out.actions = vim.tbl_map(function(one) return one.title end, actions)
vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
until_true('mended', function() return #codes() == 0 end)
out.mended = text()

-- asking
go('makes  body', 8)
out.hover = ask('textDocument/hover').contents.value
vim.lsp.buf.definition()
until_true('the definition', function() return vim.api.nvim_get_current_line():find('^part body') ~= nil end)
out.definition = vim.api.nvim_get_current_line()
params = vim.lsp.util.make_position_params()
params.context = { includeDeclaration = true }
out.references = #vim.lsp.util.locations_to_items(ask('textDocument/references', params), 'utf-16')
out.symbols = vim.tbl_map(function(one) return one.text end,
  vim.lsp.util.symbols_to_items(ask('textDocument/documentSymbol', { textDocument = params.textDocument }), buffer))
out.folds = #ask('textDocument/foldingRange', { textDocument = params.textDocument })

-- completion and the signature, in the middle of a line
row = go('mass ', 0)
vim.api.nvim_buf_set_lines(buffer, row + 1, row + 1, false, { '  material ' })
vim.api.nvim_win_set_cursor(0, { row + 2, 10 })
params = vim.lsp.util.make_position_params()
params.position.character = 11
out.completion = vim.tbl_map(function(one) return one.word end,
  vim.lsp.util.text_document_completion_list_to_complete_items(ask('textDocument/completion', params), ''))
out.signature = ask('textDocument/signatureHelp', params).signatures[1].label
vim.api.nvim_buf_set_lines(buffer, row + 1, row + 2, false, {})

-- renaming and formatting, as Neovim applies them
go('makes  body', 8)
vim.lsp.buf.rename('shell')
until_true('the rename', function() return text():find('part shell', 1, true) ~= nil end)
out.renamed = text()
row = go('mass ', 0)
vim.api.nvim_buf_set_lines(buffer, row, row + 1, false, { '      mass 5 g' })
vim.lsp.buf.formatting_sync({}, 120000)
out.formatted = text()
until_true('all clear in the end', function() return #codes() == 0 end)

-- lenses, as they are shown; colors of the syntax file
vim.cmd('doautocmd InsertLeave')
until_true('lenses', function() return #vim.lsp.codelens.get(buffer) > 0 end)
out.lenses = vim.tbl_map(function(one) return one.command.command end, vim.lsp.codelens.get(buffer))
out.omnifunc = vim.bo.omnifunc
local function group(needle, inside)
  local line, at = go(needle, inside)
  return vim.fn.synIDattr(vim.fn.synID(line + 1, at + 1 + (inside or 0), 1), 'name')
end
out.colors = { group('part shell'), group('part shell', 5), group('process  '), group('4.2 mm', 4), group('"Pin"', 1),
  group('reject ->'), group('within'), group('critical') }

vim.lsp.stop_client(vim.lsp.get_active_clients())
local handle = io.open(vim.env.OUT, 'w')
handle:write(vim.fn.json_encode(out))
handle:close()
vim.cmd('qall!')
