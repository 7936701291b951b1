;;; Drives flowc through Emacs and eglot, as a person would; what came is written to OUT as JSON.  -*- lexical-binding: t -*-
(require 'json)
(add-to-list 'load-path (getenv "FLOW_MODE"))
(require 'flow-mode)
(require 'eglot)
(require 'flymake)

(defvar out nil)
(defun say (key value) (push (cons key value) out))

(defun until (what ready)
  "Lets Emacs do its work until READY is true; says WHAT if that never comes."
  (let ((end (+ (float-time) (string-to-number (getenv "FLOW_WAIT_S")))))
    (while (and (not (funcall ready)) (< (float-time) end))
      (accept-process-output nil 0.02)
      (sit-for 0.01 t))
    (unless (funcall ready) (say 'late what))))

(defun texts () (vconcat (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))

(setq eglot-autoshutdown nil eglot-sync-connect 120 eglot-connect-timeout 120 jrpc-default-request-timeout 120
      jsonrpc-default-request-timeout 120 eglot-confirm-server-initiated-edits nil
      eglot-send-changes-idle-time 0 flymake-no-changes-timeout 0.01 eldoc-idle-delay 0)
(setq eglot-server-programs (list (cons 'flow-mode (list (getenv "FLOWC") "lsp"))))

(find-file (getenv "FLOW_FILE"))
(say 'mode (symbol-name major-mode))
(font-lock-ensure)
(defun face-of (needle &optional inside)
  (goto-char (point-min))
  (search-forward needle)
  (let ((face (get-text-property (+ (match-beginning 0) (or inside 0)) 'face)))
    (symbol-name (if (consp face) (car face) face))))
(say 'faces (vector (face-of "part body") (face-of "part body" 5) (face-of "process  ") (face-of "reject ->")
                    (face-of "4.2 mm" 4) (face-of "\"Pin\"" 1) (face-of "## How" 3) (face-of "let minutes")))
(let ((before (buffer-string)))
  (indent-region (point-min) (point-max))
  (say 'indented (if (equal before (buffer-string)) t :json-false)))

(apply #'eglot (eglot--guess-contact))
(flymake-mode 1)
(until "clean" (lambda () (eglot-managed-p)))

;; typing
(goto-char (point-min))
(search-forward "material    pla")
(replace-match "material    bench")
(eglot--signal-textDocument/didChange)
(flymake-start)
(until "an error" (lambda () (> (length (flymake-diagnostics)) 0)))
(say 'wrong (texts))
(goto-char (point-min))
(search-forward "material    bench")
(replace-match "material    pla")
(eglot--signal-textDocument/didChange)
(until "all clear" (lambda () (= (length (flymake-diagnostics)) 0)))

;; asking
(goto-char (point-min))
(search-forward "makes  bo")
(let ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                               (eglot--TextDocumentPositionParams))))
  (say 'hover (plist-get (plist-get answer :contents) :value)))
(say 'definition (mapconcat (lambda (one) (xref-item-summary one)) (xref-backend-definitions 'eglot "LSP identifier at point.")
                            "|"))
(say 'references (length (xref-backend-references 'eglot "LSP identifier at point.")))
(say 'outline (vconcat (delq nil (mapcar (lambda (one) (and (stringp (car one)) (substring-no-properties (car one))))
                                         (eglot-imenu)))))
(goto-char (point-min))
(search-forward "mass        5 g\n")
(insert "  material ")
(eglot--signal-textDocument/didChange)
(let* ((capf (eglot-completion-at-point)) (table (nth 2 capf)))
  (say 'completion (vconcat (mapcar #'substring-no-properties
                                    (all-completions "" table)))))
(delete-region (line-beginning-position) (point))
(eglot--signal-textDocument/didChange)

;; changing
(goto-char (point-min))
(search-forward "makes  bo")
(eglot-rename "shell")
(say 'renamed (buffer-substring-no-properties (point-min) (point-max)))
(goto-char (point-min))
(search-forward "  mass        5 g")
(replace-match "      mass 5 g")
(eglot-format-buffer)
(say 'formatted (buffer-substring-no-properties (point-min) (point-max)))
(eglot-shutdown (eglot--current-server-or-lose))
(with-temp-file (getenv "OUT") (insert (json-encode out)))
