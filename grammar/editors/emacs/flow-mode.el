;;; flow-mode.el --- Editing .flow files, with flowc through eglot -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages

;;; Commentary:

;; Put this folder into `load-path' and (require 'flow-mode) into your init file.  M-x eglot starts `flowc lsp'
;; (eglot comes with Emacs 29, from GNU ELPA before); or (add-hook 'flow-mode-hook #'eglot-ensure).
;; The words are written by ../words.py from the schema's tables.

;;; Code:

(defgroup flow nil
  "Specs of small manufacturing shops."
  :group 'languages)

(defcustom flow-indent-offset 2
  "How far a block stands right of its head."
  :type 'integer
  :safe #'integerp)

(defconst flow-kinds
  '("shop" "station" "role" "process" "machine" "material" "item" "defect" "standard" "part" "product" "workflow"
    "release" "price" "packet" "batch" "print" "cut" "treat" "inspect" "gate" "finish" "assemble" "outsource"
    "pack" "ship")
  "What may be declared.")

(defconst flow-units
  '("um" "mm" "cm" "m" "in" "ft" "ml" "l" "g" "kg" "mg" "oz" "lb" "s" "min" "h" "day" "workday" "week" "degC"
    "degF" "K" "deg" "W" "kW" "Wh" "kWh" "N" "kN" "bar" "rpm")
  "Units that are words.")

(defvar flow-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "w" table)
    (modify-syntax-entry ?{ "(}" table)
    (modify-syntax-entry ?} "){" table)
    table))

(defconst flow-font-lock-keywords
  (let ((begin "\\(?:^\\|[{;]\\)[ \t]*")
        (name "\\([A-Za-z_][A-Za-z0-9_]*\\)"))
    `((,(concat begin name "[ \t]*->[ \t]*" name "?")
       (1 font-lock-preprocessor-face) (2 font-lock-function-name-face nil t))
      (,(concat begin "\\(let\\)[ \t]+" name)
       (1 font-lock-keyword-face) (2 font-lock-variable-name-face))
      (,(concat begin (regexp-opt flow-kinds t) "[ \t]+" name "[ \t]*\\(?:[A-Za-z_][A-Za-z0-9_]*[ \t]*\\)?[\"{]")
       (1 font-lock-type-face) (2 font-lock-function-name-face))
      (,(concat "^" (regexp-opt flow-kinds t) "[ \t]+" name "[ \t]*\\(?:$\\|[#;]\\)")
       (1 font-lock-type-face) (2 font-lock-function-name-face))
      (,(concat begin "\\(edition\\|use\\|like\\|allow\\)\\_>") (1 font-lock-keyword-face))
      (,(concat begin name) (1 font-lock-builtin-face))
      ("\\_<\\(?:x\\|within\\|at[ \t]+\\(?:least\\|most\\)\\)\\_>" . font-lock-keyword-face)
      ("\\_<\\(?:per\\|of\\|for\\|from\\|to\\|by\\|at\\|or\\|over\\|expect\\|gauge\\|level\\|none\\|zero\\|aql\\|ltpd\\|every\\|units\\|characters\\|incoterm\\)\\_>"
       . font-lock-keyword-face)
      ("\\_<\\(?:critical\\|major\\|minor\\)\\_>" . font-lock-constant-face)
      (,(concat "\\_<[0-9]+\\(?:\\.[0-9]+\\)?[ \t]*\\(" (regexp-opt flow-units) "\\|[A-Z]\\{3\\}\\)\\_>")
       (1 font-lock-type-face)))))

(defun flow-indent-line ()
  "Indent a line by the braces that are open before it."
  (interactive)
  (let* ((depth (save-excursion (beginning-of-line) (car (syntax-ppss))))
         (closes (save-excursion (back-to-indentation) (eq (char-after) ?})))
         (in-text (save-excursion (beginning-of-line) (nth 3 (syntax-ppss))))
         (column (* flow-indent-offset (max 0 (- depth (if closes 1 0))))))
    (unless in-text
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

;;;###autoload
(define-derived-mode flow-mode prog-mode "Flow"
  "Major mode of .flow files."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local indent-line-function #'flow-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "{}" electric-indent-chars))
  (setq-local font-lock-defaults '(flow-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.flow\\'" . flow-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(flow-mode . ("flowc" "lsp"))))

(provide 'flow-mode)
;;; flow-mode.el ends here
