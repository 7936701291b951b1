// The client of `flowc lsp`, and the commands of its lenses.
const path = require('path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

function setting(name) {
  return vscode.workspace.getConfiguration('flow').get(name);
}

function start() {
  const run = { command: setting('flowc'), args: ['lsp'] };
  client = new LanguageClient('flow', 'flow', { run, debug: run }, {
    documentSelector: [{ language: 'flow' }, { language: 'yaml', pattern: '**/*.{yaml,yml}' }],
    initializationOptions: { pictures: true },
  });
  return client.start();
}

// `flowc VERB FILE ...` in a terminal, of the lens's file or the one in view.
function inTerminal(verb, more) {
  return (uri) => {
    const file = uri ? vscode.Uri.parse(uri).fsPath : vscode.window.activeTextEditor?.document.uri.fsPath;
    if (!file) return;
    const shown = vscode.window.createTerminal({
      name: `flowc ${verb}`,
      cwd: path.dirname(file),
      shellPath: setting('flowc'),
      shellArgs: [verb, file, ...more()],
    });
    shown.show();
  };
}

async function activate(context) {
  const commands = {
    'flowc.build': inTerminal('build', () => ['-o', setting('output')]),
    'flowc.preview': inTerminal('preview', () => ['--open']),
    'flow.restart': () => client?.restart(),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  try {
    await start();
  } catch (error) {
    vscode.window.showErrorMessage(`flowc lsp does not start: ${error.message}. Is flowc installed? See the setting flow.flowc.`);
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
