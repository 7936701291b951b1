-- Neovim's client with positions in bytes: what stands behind characters of several bytes. Written to OUT as JSON.
local out, file = { late = {} }, vim.env.FLOW_FILE
vim.cmd('edit ' .. vim.fn.fnameescape(file))
local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.general = { positionEncodings = { 'utf-8' } }
local id = vim.lsp.start_client({ name = 'flowc', cmd = { vim.env.FLOWC, 'lsp' }, capabilities = capabilities,
  offset_encoding = 'utf-8', root_dir = vim.fn.fnamemodify(file, ':h') })
vim.lsp.buf_attach_client(0, id)

local function until_true(what, ready)
  if not vim.wait(tonumber(vim.env.FLOW_WAIT_MS), ready, 10) then
    table.insert(out.late, what)
  end
end

local function text_of(range)
  local line = vim.api.nvim_buf_get_lines(0, range.start.line, range.start.line + 1, false)[1]
  return line:sub(range.start.character + 1, range['end'].character)
end

until_true('the client', function() return vim.lsp.get_client_by_id(id) and vim.lsp.get_client_by_id(id).initialized end)
out.encoding = vim.lsp.get_client_by_id(id).server_capabilities.positionEncoding

-- typed in pieces, in front of the wide characters and behind them
local row = vim.fn.search('^part body') - 1
vim.api.nvim_buf_set_text(0, row, 11, row, 15, { '😀ä' })
vim.api.nvim_buf_set_text(0, row, 17, row, 17, { ' Bödy' })
local line = vim.api.nvim_get_current_line()
vim.api.nvim_buf_set_text(0, row, #line, row, #line, { ' mas 5 g; material pla' })
until_true('an error', function() return #vim.diagnostic.get(0) > 0 end)
for _, one in ipairs(vim.diagnostic.get(0)) do
  out[one.user_data and one.user_data.lsp and one.user_data.lsp.code or one.code] =
    text_of({ start = { line = one.lnum, character = one.col }, ['end'] = { line = one.end_lnum, character = one.end_col } })
end
vim.api.nvim_win_set_cursor(0, { row + 1, (vim.api.nvim_get_current_line():find('pla', 1, true)) })
vim.lsp.buf.rename('petg')
until_true('the rename', function() return vim.api.nvim_get_current_line():find('petg', 1, true) ~= nil end)
out.line = vim.api.nvim_get_current_line()
vim.lsp.stop_client(id)
local handle = io.open(vim.env.OUT, 'w')
handle:write(vim.fn.json_encode(out))
handle:close()
vim.cmd('qall!')
