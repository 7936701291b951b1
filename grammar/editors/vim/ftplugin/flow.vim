" Vim settings of .flow files.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal iskeyword=@,48-57,_
setlocal comments=:##,:# commentstring=#\ %s
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.flow
let b:undo_ftplugin = 'setlocal iskeyword< comments< commentstring< expandtab< shiftwidth< softtabstop< formatoptions< suffixesadd<'

if executable('flowc')
  setlocal formatprg=flowc\ fmt\ -
  let b:undo_ftplugin .= ' formatprg<'
endif
