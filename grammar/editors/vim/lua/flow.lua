-- Neovim's own client for `flowc lsp`, from 0.7 on. In init.lua: require('flow').setup()
local flow = {}

local function root_of(path)
  local found = vim.fn.finddir('.git', vim.fn.fnamemodify(path, ':h') .. ';')
  return found ~= '' and vim.fn.fnamemodify(found, ':p:h:h') or vim.fn.fnamemodify(path, ':p:h')
end

-- `flowc build` and `flowc preview` in a terminal below, for the lenses above a product.
local function in_terminal(verb, more)
  return function(command)
    local path = vim.uri_to_fname(command.arguments[1])
    vim.cmd('botright 12split')
    vim.cmd('enew')
    vim.fn.termopen(vim.list_extend({ 'flowc', verb, path }, more))
  end
end

-- What later versions of Neovim do by themselves: Ctrl-X Ctrl-O completes, Ctrl-] goes to; and lenses and hints are shown.
local function show_all(buffer)
  vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
  vim.bo[buffer].tagfunc = 'v:lua.vim.lsp.tagfunc'
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'BufWritePost' }, {
    buffer = buffer,
    callback = function()
      vim.lsp.codelens.refresh()
    end,
  })
  vim.lsp.codelens.refresh()
  if vim.lsp.inlay_hint then -- from 0.10 on
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
end

-- options: cmd, the command of the server; on_attach(client, buffer); capabilities.
function flow.setup(options)
  options = vim.tbl_extend('force', { cmd = { 'flowc', 'lsp' } }, options or {})
  vim.lsp.commands['flowc.build'] = in_terminal('build', { '-o', 'out' })
  vim.lsp.commands['flowc.preview'] = in_terminal('preview', { '--open' })
  local clients = {} -- root -> its client
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'flow',
    callback = function(event)
      local root = root_of(event.file)
      if not clients[root] then
        clients[root] = vim.lsp.start_client({
          name = 'flowc',
          cmd = options.cmd,
          root_dir = root,
          workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
          on_attach = function(client, buffer)
            show_all(buffer)
            if options.on_attach then
              options.on_attach(client, buffer)
            end
          end,
          capabilities = options.capabilities,
          on_exit = function()
            clients[root] = nil
          end,
        })
      end
      if clients[root] then
        vim.lsp.buf_attach_client(event.buf, clients[root])
      end
    end,
  })
end

return flow
