-- Seaworthy in Neovim 0.7 or newer. Copy this file to ~/.config/nvim/plugin/: it starts `seaworthy lsp` for the files of a
-- book. :SeaworthyCheck checks the page, :SeaworthyAccept writes what was printed into it.

local clients = {} -- by the folders of the books

local function book_of(file)
  local found = vim.fn.findfile("book.toml", vim.fn.fnamemodify(file, ":p:h") .. ";")
  return found ~= "" and vim.fn.fnamemodify(found, ":p:h") or nil
end

local function run(command)
  return function()
    vim.lsp.buf.execute_command({ command = command, arguments = { vim.uri_from_bufnr(0) } })
  end
end

local function attach(buffer)
  local root = book_of(vim.api.nvim_buf_get_name(buffer))
  if not root then
    return
  end
  if not clients[root] then
    clients[root] = vim.lsp.start_client({
      name = "seaworthy",
      cmd = { vim.g.seaworthy_path or "seaworthy", "lsp" },
      root_dir = root,
      on_exit = function()
        clients[root] = nil
      end,
    })
  end
  if clients[root] then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

local group = vim.api.nvim_create_augroup("seaworthy", {})
vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, {
  group = group,
  pattern = { "*.md", "book.toml" },
  callback = function(event)
    attach(event.buf)
  end,
})
-- What was accepted stands on the disk: Neovim looks there when it is asked to.
vim.opt.autoread = true
vim.api.nvim_create_user_command("SeaworthyCheck", run("seaworthy.check"), {})
vim.api.nvim_create_user_command("SeaworthyAccept", run("seaworthy.accept"), {})
