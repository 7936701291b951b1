" Vim syntax of .flow files. The words are written by ../../words.py from the schema's tables.
if exists('b:current_syntax')
  finish
endif

syntax case match
" Words of a field's phrase; before the entries, for some are fields too.
syntax match flowWord '\<\%(per\|of\|for\|from\|to\|by\|at\|or\|over\|expect\|gauge\|level\|none\|zero\|aql\|ltpd\|every\|units\|characters\|incoterm\)\>'
" An entry begins a line, or stands behind '{' or ';'.
syntax match flowField '\%(^\|[{;]\)\@1<=\s*\zs\h\w*' nextgroup=flowArrow skipwhite
syntax match flowKind '\%(^\|[{;]\)\@1<=\s*\zs\%(shop\|station\|role\|process\|machine\|material\|item\|defect\|standard\|part\|product\|workflow\|release\|price\|packet\|batch\|print\|cut\|treat\|inspect\|gate\|finish\|assemble\|outsource\|pack\|ship\)\>\ze\s\+\h\w*\s*\%(\h\w*\s*\)\?["{]' nextgroup=flowName skipwhite
syntax match flowKind '^\%(shop\|station\|role\|process\|machine\|material\|item\|defect\|standard\|part\|product\|workflow\|release\|price\|packet\|batch\|print\|cut\|treat\|inspect\|gate\|finish\|assemble\|outsource\|pack\|ship\)\>\ze\s\+\h\w*\s*\%($\|[#;]\)' nextgroup=flowName skipwhite
syntax match flowName '\h\w*' contained
syntax match flowOther '\%(^\|[{;]\)\@1<=\s*\zs\%(edition\|use\|let\|like\|allow\)\>'
syntax match flowRoute '\%(^\|[{;]\)\@1<=\s*\zs\h\w*\ze\s*->'

syntax match flowOperator '->\|\.\.\|+/-\|[-+*/=:×±]'
syntax match flowOperator '\<x\>\|\<within\>\|\<at\s\+\%(least\|most\)\>'
syntax match flowBy '\<by\>\ze\s\+\h\w*\s*:'
syntax match flowFunction '\<\%(min\|max\|ceil\)\ze('
syntax match flowClass '\<\%(critical\|major\|minor\)\>'

syntax match flowNumber '\<\d\+\%(\.\d\+\)\?' nextgroup=flowUnit skipwhite
syntax match flowUnit '%\|°C\|\%(um\|mm\|cm\|m\|in\|ft\|ml\|l\|g\|kg\|mg\|oz\|lb\|s\|min\|h\|day\|workday\|week\|degC\|degF\|K\|deg\|W\|kW\|Wh\|kWh\|N\|kN\|bar\|rpm\|\u\{3}\)\>\%(\^\d\)\?\%([*/]\a\+\>\%(\^\d\)\?\)*' contained
syntax match flowDate '\<\d\{4}-\d\d-\d\d\>'

syntax region flowText start='"' skip='\\.' end='"' end='$' contains=flowEscape,flowValue oneline keepend
syntax region flowText start='"""' end='"""' contains=flowEscape,flowValue
syntax match flowEscape '\\["\\n{]' contained
syntax region flowValue matchgroup=flowValueEdge start='{' end='}' end='$' contained contains=flowNumber,flowOperator,flowFunction oneline

syntax match flowComment '#.*$' contains=@Spell
syntax match flowDocumentation '##\ze[^#].*$\|##$' nextgroup=flowDocumentationText
syntax match flowDocumentationText '.*$' contained contains=@Spell

highlight default link flowField Identifier
highlight default link flowKind Keyword
highlight default link flowName Type
highlight default link flowWord Operator
highlight default link flowOther Keyword
highlight default link flowRoute Label
highlight default link flowOperator Operator
highlight default link flowBy Conditional
highlight default link flowFunction Function
highlight default link flowClass Constant
highlight default link flowNumber Number
highlight default link flowUnit Special
highlight default link flowDate Constant
highlight default link flowText String
highlight default link flowEscape SpecialChar
highlight default link flowValueEdge SpecialChar
highlight default link flowComment Comment
highlight default link flowDocumentation SpecialComment
highlight default link flowDocumentationText SpecialComment

let b:current_syntax = 'flow'
