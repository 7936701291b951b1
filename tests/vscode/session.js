// Drives flowc lsp with the packages that VS Code's own client stands on. usage: node session.js FLOWC FOLDER
// The folder has shop.flow and clip.flow of the tests. Ends with `N passed, M failed`.
const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-languageserver-protocol/node');
const lsp = require('vscode-languageserver-protocol');
const { pathToFileURL } = require('url');

const [flowc, folder] = process.argv.slice(2);
const uri = pathToFileURL(path.join(folder, 'clip.flow')).href;
let text = fs.readFileSync(path.join(folder, 'clip.flow'), 'utf8');
let version = 1;
let failed = 0;
let passed = 0;

const server = spawn(flowc, ['lsp', '--stdio']);
server.stderr.pipe(process.stderr);
const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
const waiting = [];
const said = new Map();
connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
  if (params.uri !== uri) return;
  said.set(params.version, params.diagnostics);
  waiting.splice(0).forEach((wake) => wake());
});
const registered = [];
connection.onRequest(lsp.RegistrationRequest.type, (params) => { registered.push(...params.registrations); });
connection.listen();

async function diagnostics() {
  while (!said.has(version)) await new Promise((wake) => waiting.push(wake));
  return said.get(version);
}

function place(needle, inside = 0) {
  const before = text.slice(0, text.indexOf(needle) + inside);
  return { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
}

async function change(needle, replacement) {
  const range = { start: place(needle), end: place(needle, needle.length) };
  text = text.replace(needle, () => replacement);
  version += 1;
  await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version }, contentChanges: [{ range, text: replacement }],
  });
}

const at = (needle, inside) => ({ textDocument: { uri }, position: place(needle, inside) });
const document = { textDocument: { uri } };
const whole = () => ({ start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } });

async function test(name, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

async function main() {
  const greeting = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'shop' }],
    initializationOptions: { pictures: true },
    capabilities: {
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
      textDocument: { completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: { relatedInformation: true } },
    },
  });
  await connection.sendNotification(lsp.InitializedNotification.type, {});
  await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'flow', version, text },
  });
  await test('clean, and files are watched', async () => {
    assert.deepStrictEqual(await diagnostics(), []);
    assert.strictEqual(greeting.capabilities.positionEncoding, 'utf-16');
    assert.strictEqual(registered[0].method, 'workspace/didChangeWatchedFiles');
  });
  await test('diagnostics and quick fix', async () => {
    await change('mass  ', 'mas  ');
    const [one] = await diagnostics();
    assert.strictEqual(one.code, 'unknown_field');
    assert.ok(one.codeDescription.href.endsWith('/unknown_field.md'));
    const [action] = await connection.sendRequest(lsp.CodeActionRequest.type, {
      ...document, range: one.range, context: { diagnostics: [one], only: ['quickfix'] },
    });
    assert.strictEqual(action.edit.changes[uri][0].newText, 'mass');
    await change('mas  ', 'mass  ');
    assert.deepStrictEqual(await diagnostics(), []);
  });
  await test('completion', async () => {
    await change('  mass        5 g\n', '  mass        5 g\n  material \n');
    const list = await connection.sendRequest(lsp.CompletionRequest.type, at('  material \n', 11));
    const labels = list.items.map((item) => item.label);
    assert.ok(labels.includes('pla') && !labels.includes('mk4'), labels.join());
    const help = await connection.sendRequest(lsp.SignatureHelpRequest.type, at('  material \n', 11));
    assert.strictEqual(help.signatures[0].label, 'material <material>');
    await change('  material \n', '');
  });
  await test('completion of every kind', async () => {
    // what stands before the cursor in a line of its own -> what is offered, and what is not
    for (const [line, wanted, unwanted] of [
      ['  layer 0.2 ', ['mm', 'um'], ['kg', 'pla']],
      ['  allow ', ['no_gauge', 'unchecked_dimension'], ['pla', 'mk4']],
      ['  model "', ['cube.stl'], ['pla']],
      ['  material by size: ', ['small', 'large'], ['pla']],
      ['  ', ['cycle', 'dimension'], ['sample', 'process']],
    ]) {
      await change('  mass        5 g\n', `  mass        5 g\n${line}\n`);
      const list = await connection.sendRequest(lsp.CompletionRequest.type, at(`5 g\n${line}\n`, line.length + 4));
      const labels = list.items.map((item) => item.label);
      for (const one of wanted) assert.ok(labels.includes(one), `${line}: ${labels}`);
      for (const one of unwanted) assert.ok(!labels.includes(one), `${line}: ${one}`);
      await change(`5 g\n${line}\n`, '5 g\n');
    }
    const list = await connection.sendRequest(lsp.CompletionRequest.type, at('product clip'));
    const part = list.items.find((item) => item.label === 'part');
    assert.strictEqual(part.insertTextFormat, lsp.InsertTextFormat.Snippet);
    assert.ok(part.textEdit.newText.includes('${1:name}'), part.textEdit.newText);
  });
  await test('hover: units, share of the cost, picture', async () => {
    const hover = async (needle, inside) => (await connection.sendRequest(lsp.HoverRequest.type, at(needle, inside))).contents.value;
    assert.ok((await hover('4.2 mm', 1)).includes('0.42 cm'));
    assert.ok((await hover('pack wrap', 6)).includes('of its cost'));
    assert.ok((await hover('process     fdm', 2)).includes('How it is made.'));
    await change('  mass        5 g', '  model "cube.stl"\n  mass        5 g');
    assert.ok((await hover('makes  body', 8)).includes('data:image/svg+xml;base64,'));
    await change('  model "cube.stl"\n', '');
    assert.deepStrictEqual(await diagnostics(), []);
  });
  await test('a place behind characters of two units', async () => {
    await change('part body "Body" {', 'part body "\u{1f600}\u{e4} Body" { mas 5 g');
    const one = (await diagnostics()).find((found) => found.code === 'unknown_field');
    const [line] = text.split('\n').slice(one.range.start.line);
    assert.strictEqual(line.slice(one.range.start.character, one.range.end.character), 'mas');
    const [action] = await connection.sendRequest(lsp.CodeActionRequest.type, {
      ...document, range: one.range, context: { diagnostics: [one], only: ['quickfix'] },
    });
    assert.deepStrictEqual(action.edit.changes[uri][0].range, one.range);
    await change('"\u{1f600}\u{e4} Body" { mas 5 g', '"Body" {');
    assert.deepStrictEqual(await diagnostics(), []);
  });
  await test('all fixes that are certain; places that a message speaks of', async () => {
    await change('edition 1\n', '');
    const [one] = await diagnostics();
    assert.strictEqual(one.code, 'edition_missing');
    const [action] = await connection.sendRequest(lsp.CodeActionRequest.type, {
      ...document, range: one.range, context: { diagnostics: [], only: ['source.fixAll'] },
    });
    assert.strictEqual(action.kind, 'source.fixAll.flowc');
    await change('use "shop.flow"', 'edition 1\nuse "shop.flow"');
    await change('material    pla', 'material    bench');
    const [wrong] = await diagnostics();
    assert.ok(wrong.relatedInformation[0].location.uri.endsWith('/shop.flow'));
    await change('material    bench', 'material    pla');
    assert.deepStrictEqual(await diagnostics(), []);
  });
  await test('hover, definition, references, highlights', async () => {
    const hover = await connection.sendRequest(lsp.HoverRequest.type, at('makes  body', 8));
    assert.ok(hover.contents.value.includes('**part** `body`'));
    const found = await connection.sendRequest(lsp.DefinitionRequest.type, at('on     mk4', 8));
    assert.ok(found.uri.endsWith('/shop.flow'));
    const uses = await connection.sendRequest(lsp.ReferencesRequest.type, { ...at('makes  body', 8), context: { includeDeclaration: true } });
    assert.strictEqual(uses.length, 5);
    assert.strictEqual((await connection.sendRequest(lsp.DocumentHighlightRequest.type, at('makes  body', 8))).length, 5);
  });
  await test('rename', async () => {
    assert.ok((await connection.sendRequest(lsp.PrepareRenameRequest.type, at('makes  body', 8))).start);
    const edit = await connection.sendRequest(lsp.RenameRequest.type, { ...at('makes  body', 8), newName: 'shell' });
    assert.strictEqual(edit.changes[uri].length, 5);
    const axis = await connection.sendRequest(lsp.RenameRequest.type, { ...at('by size:', 4), newName: 'width' });
    assert.strictEqual(axis.changes[uri].length, 2);
    await assert.rejects(connection.sendRequest(lsp.RenameRequest.type, { ...at('process     fdm', 13), newName: 'a' }), /shared/);
  });
  await test('shape', async () => {
    const symbols = await connection.sendRequest(lsp.DocumentSymbolRequest.type, document);
    assert.ok(symbols.every((one) => lsp.DocumentSymbol.is(one)));
    assert.ok((await connection.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: 'mk4' })).length === 1);
    const folds = await connection.sendRequest(lsp.FoldingRangeRequest.type, document);
    assert.ok(folds.length > 7 && folds.every((one) => lsp.FoldingRange.is(one)));
    const tokens = await connection.sendRequest(lsp.SemanticTokensRequest.type, document);
    assert.ok(tokens.data.length > 100 && tokens.data.length % 5 === 0 && lsp.SemanticTokens.is(tokens));
  });
  await test('hints and lenses', async () => {
    const hints = await connection.sendRequest(lsp.InlayHintRequest.type, { ...document, range: whole() });
    assert.ok(hints.every((one) => lsp.InlayHint.is(one)));
    assert.ok(hints.some((one) => one.label.includes('margin')), JSON.stringify(hints));
    const lenses = await connection.sendRequest(lsp.CodeLensRequest.type, document);
    assert.deepStrictEqual(lenses.map((one) => one.command.command), ['flowc.build', 'flowc.preview']);
  });
  await test('formatting', async () => {
    await change('  mass        5 g', '     mass 5 g');
    const edits = await connection.sendRequest(lsp.DocumentFormattingRequest.type, { ...document, options: { tabSize: 2, insertSpaces: true } });
    assert.strictEqual(edits[0].newText, '  mass        5 g\n');
  });
  await test('shutdown', async () => {
    await connection.sendRequest(lsp.ShutdownRequest.type);
    await connection.sendNotification(lsp.ExitNotification.type);
    assert.strictEqual(await new Promise((done) => server.on('exit', done)), 0);
  });
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

main().catch((error) => { console.log(error.stack); console.log(`${passed} passed, 1 failed`); process.exit(1); });
