// The page: takes documents in, and makes elements of what the worker returns. Text becomes text nodes only.

// Milliseconds without a key before a document is read.
const PAUSE = 400;
// Longer texts are kept, and not shown in the editor, which would be slow.
const EDITABLE = 1 << 20;
// How many lines are made at once, and how high one is in pixels, see page.css.
const CHUNK = 200;
const LINE = 20;
// How many entries of a rule, and how many files or methods, are listed at first.
const LISTED = 200;
const OPTIONS = 5000;

const $ = (id) => document.getElementById(id);

// --- Elements ---

// An element with children, which are elements or texts.
function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// Kinds and texts in turn, as elements.
function parts(line) {
  const elements = [];
  for (let index = 0; index < line.length; index += 2) {
    elements.push(line[index] ? make('span', { className: line[index] }, line[index + 1]) : line[index + 1]);
  }
  return elements;
}

// A message of Rust, with code between backquotes.
const words = (text) => text.split('`').map((part, index) => (index % 2 ? make('code', {}, part) : part));

const codeLines = (lines) => lines.map((line) => make('span', { className: 'line' }, ...parts(line), '\n'));

const count = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

// --- Worker ---

let worker = null;
let number = 0;
const calls = new Map();

// Ends the worker. The next call starts another one.
function stop(reason) {
  worker?.terminate();
  worker = null;
  for (const { reject } of calls.values()) reject(new Error(reason));
  calls.clear();
}

function started() {
  // A worker made from the page's own text has the page's policy.
  const script = `import ${JSON.stringify(new URL('worker.js', import.meta.url).href)};`;
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const made = new Worker(address, { type: 'module' });
  made.onmessage = ({ data: { number: own, value, error, isCrash } }) => {
    if (isCrash) {
      stop(`Clientwright crashed on this document: ${error}. Please report it.`);
      return;
    }
    const { resolve, reject } = calls.get(own);
    calls.delete(own);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  };
  made.onerror = ({ message }) => stop(`Clientwright failed: ${message ?? 'its files could not be loaded'}.`);
  return made;
}

// Calls a method of `Playground`.
async function call(method, ...args) {
  number += 1;
  const own = number;
  const patience = Number(document.documentElement.dataset.patience);
  const result = new Promise((resolve, reject) => calls.set(own, { resolve, reject }));
  const timer = setTimeout(() => stop(`Clientwright was stopped after ${count(patience, 'second')}.`), 1000 * patience);
  worker ??= started();
  worker.postMessage({ number: own, method, args });
  return result.finally(() => clearTimeout(timer));
}

const asked = async (method, ...args) => JSON.parse(await call(method, ...args));

// --- Documents ---

// A document that is edited: its name and its whole text, even if the editor does not show it.
class Editor {
  constructor(area, chooser, changed) {
    Object.assign(this, { area, changed, name: '', text: '', timer: 0 });
    area.addEventListener('input', () => {
      this.text = area.value;
      this.later(PAUSE);
    });
    chooser.addEventListener('change', () => {
      this.take(chooser.files[0]);
      chooser.value = '';
    });
    area.addEventListener('dragover', (event) => event.preventDefault());
    area.addEventListener('drop', (event) => this.drop(event));
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.changed, pause);
  }

  drop(event) {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    this.take(file);
  }

  async take(file) {
    if (file) this.set(file.name, await file.text());
  }

  set(name, text) {
    Object.assign(this, { name, text });
    const isShown = text.length <= EDITABLE;
    this.area.value = isShown ? text : '';
    this.area.placeholder = isShown ? '' : `${name} (${(text.length / 1e6).toFixed(1)} MB) is too large to be edited here. Paste or drop another document to replace it.`;
    this.later(0);
  }

  // Selects a line, counted from 1.
  select(line) {
    const lines = this.area.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
    this.area.scrollTop = Math.max(0, (line - 5) * LINE);
  }
}

const vendor = new Editor($('text'), $('file'), generate);
const newer = new Editor($('newer-text'), $('newer-file'), compare);

// Runs one job at a time; of those that are asked for meanwhile, only the last one runs.
function latest(work) {
  let [isRunning, isWanted] = [false, false];
  return async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      await work();
    }
    isRunning = false;
  };
}

// --- Client ---

let client = null;
const generateLatest = latest(async () => {
  const status = $('status');
  document.body.dataset.state = 'busy';
  status.textContent = 'Generating…';
  if ($('name').value !== vendor.name) $('name').value = vendor.name;
  const start = performance.now();
  let shown;
  try {
    shown = vendor.text.trim() ? await asked('open', vendor.name || 'api.yaml', vendor.text) : null;
  } catch (error) {
    shown = { findings: { errors: 1, warnings: 0, text: error.message } };
  }
  client = shown?.files ? shown : null;
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const errors = shown?.findings.errors ?? 0;
  status.textContent = client
    ? `${client.module}: ${count(client.counts.operations, 'operation')}, ${count(client.counts.types, 'type')}, ${count(client.files.length, 'file')} in ${seconds} s`
    : errors ? `No client: ${count(errors, 'error')}` : 'No document';
  showFindings(shown?.findings, shown?.line);
  showLedger(client?.ledger);
  fill(files, client?.files ?? []);
  fill(methods, client?.methods ?? []);
  $('save').disabled = !client;
  $('size').textContent = '';
  for (const tab of ['files', 'methods', 'download']) $(`tab-${tab}`).disabled = !client;
  if (!client && errors) choose('ledger');
  else if (client && hadErrors) choose('files');
  hadErrors = errors > 0;
  document.body.dataset.state = client ? 'ready' : 'failed';
});
let hadErrors = false;

function generate() {
  generateLatest();
  if (newer.text) compareLatest();
}

function showFindings(findings, line) {
  const shown = [];
  if (findings?.text) {
    const { errors, warnings, text } = findings;
    const title = [errors && count(errors, 'error'), warnings && count(warnings, 'warning')].filter(Boolean).join(', ');
    shown.push(make('h3', {}, title), make('pre', { tabIndex: 0, className: errors ? 'wrong' : '' }, text));
    if (line && vendor.area.value) shown.push(jump(line));
  }
  $('findings').replaceChildren(...shown);
}

// A button that selects a line of the document.
function jump(line) {
  const button = make('button', { type: 'button', className: 'place' }, `line ${line}`);
  button.addEventListener('click', () => vendor.select(line));
  return button;
}

function showLedger(ledger) {
  const canJump = Boolean(vendor.area.value);
  const entry = ([line, at, text]) => make('li', {}, canJump ? jump(line) : make('span', { className: 'place' }, `line ${line}`), ' ', make('code', {}, at || '/'), ' ', ...words(text));
  const rule = ([name, entries]) => {
    const list = make('ul');
    const details = make('details', {}, make('summary', {}, make('code', {}, name), ` ${entries.length.toLocaleString('en')}`), list);
    const more = (all) => {
      const rest = entries.length - LISTED;
      list.replaceChildren(...(all ? entries : entries.slice(0, LISTED)).map(entry));
      if (all || rest <= 0) return;
      const button = make('button', { type: 'button' }, `Show ${rest.toLocaleString('en')} more`);
      button.addEventListener('click', () => more(true));
      list.append(make('li', {}, button));
    };
    details.addEventListener('toggle', () => list.childElementCount || more(false));
    return details;
  };
  const section = ({ title, meaning, rules }) => make('section', {}, make('h4', {}, title), make('p', { className: 'muted' }, ...words(meaning)), ...Object.entries(rules).map(rule));
  $('entries').replaceChildren(...(ledger ? [make('h3', {}, ledger.summary), ...ledger.sections.map(section)] : []));
}

// --- Lists ---

// What a list shows: the element, the group and the text of an item, the item to begin with, and what showing an item does.
const files = {
  id: 'files',
  group: ([path]) => path.replace(/[^/]*$/, '').replace(/\/$/, '') || '.',
  first: () => client?.methods[0]?.[2],
  text: ([path]) => path.replace(/.*\//, ''),
  show: showFile,
};
const methods = {
  id: 'methods',
  group: ([called]) => called.slice(0, Math.max(called.lastIndexOf('.'), 0)) || 'client',
  first: () => undefined,
  text: ([called, route]) => `${called.slice(called.lastIndexOf('.') + 1)}\u2003${route}`,
  show: showMethod,
};

// Lists the items that match the filter, and shows the first one; of all, the one that has most to show.
function fill(list, items) {
  list.items = items;
  const wanted = $(`${list.id}-filter`).value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = [];
  items.forEach((item, index) => {
    const text = `${list.group(item)}/${list.text(item)}`.toLowerCase();
    if (wanted.every((word) => text.includes(word))) matches.push(index);
  });
  const groups = new Map();
  for (const index of matches.slice(0, OPTIONS)) {
    const group = list.group(items[index]);
    if (!groups.has(group)) groups.set(group, make('optgroup', { label: group }));
    groups.get(group).append(make('option', { value: index }, list.text(items[index])));
  }
  const rest = matches.length - OPTIONS;
  if (rest > 0) groups.set('', make('optgroup', { label: `and ${rest.toLocaleString('en')} more; use the filter` }));
  const select = $(`${list.id}-list`);
  select.replaceChildren(...groups.values());
  const first = wanted.length ? matches[0] : (list.first() ?? matches[0]);
  select.value = first ?? '';
  list.show(first);
}

for (const list of [files, methods]) {
  $(`${list.id}-filter`).addEventListener('input', () => fill(list, list.items ?? []));
  $(`${list.id}-list`).addEventListener('change', (event) => list.show(Number(event.target.value)));
}

// Shows a file. Its lines are made when they come into view.
let watcher = null;
function showFile(index, line = 0) {
  watcher?.disconnect();
  const view = $('code');
  const [path, length] = client?.files[index] ?? ['', 0];
  $('path').textContent = path;
  const chunks = [];
  for (let from = 0; from < length; from += CHUNK) {
    const chunk = make('pre', { className: 'chunk' });
    chunk.dataset.from = from;
    chunk.style.height = `${Math.min(CHUNK, length - from) * LINE}px`;
    chunk.style.counterReset = `line ${from}`;
    chunks.push(chunk);
  }
  view.replaceChildren(...chunks);
  view.style.setProperty('--digits', `${String(length).length}ch`);
  view.scrollTo(0, line * LINE);
  watcher = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter((entry) => entry.isIntersecting)) fillChunk(target, index);
  }, { root: view, rootMargin: '400px' });
  chunks.forEach((chunk) => watcher.observe(chunk));
}

async function fillChunk(chunk, index) {
  if (chunk.dataset.asked) return;
  chunk.dataset.asked = 'true';
  const from = Number(chunk.dataset.from);
  const lines = await asked('lines', index, from, from + CHUNK).catch(() => []);
  chunk.replaceChildren(...codeLines(lines));
}

// --- Methods ---

const ELEMENTS = ['p', 'code', 'br', 'hr', 'pre', 'h3', 'h4', 'blockquote', 'ul', 'ol', 'li', 'table', 'tr', 'td', 'em', 'strong', 's', 'span'];

// Documentation as elements.
function described(node) {
  if (typeof node === 'string') return node;
  const [name, ...children] = node;
  if (name === 'rust') return make('pre', { className: 'rust', tabIndex: 0 }, ...codeLines(children[0]));
  if (name === 'a') return make('a', { href: children[0], rel: 'noreferrer', target: '_blank' }, ...children.slice(1).map(described));
  return make(ELEMENTS.includes(name) ? name : 'span', {}, ...children.map(described));
}

let current = null;
async function showMethod(index) {
  current = client?.methods[index] ?? null;
  const own = current;
  $('source').hidden = !current;
  $('called').replaceChildren(...(current ? [make('code', {}, current[1])] : ['No methods']));
  if (!current) {
    $('docs').replaceChildren();
    return;
  }
  const { signature, docs } = await asked('method', index).catch(() => ({ signature: [], docs: [] }));
  if (current !== own) return;
  $('docs').replaceChildren(make('pre', { className: 'rust signature', tabIndex: 0 }, ...codeLines(signature)), ...docs.map(described));
}

$('source').addEventListener('click', () => {
  const [, , file, line] = current;
  $('files-filter').value = '';
  fill(files, files.items);
  $('files-list').value = file;
  choose('files');
  showFile(file, line);
  $('code').focus();
});

// --- Difference ---

const compareLatest = latest(async () => {
  const [output, frame] = [$('compared'), $('report')];
  output.textContent = 'Comparing…';
  let [text, html] = ['', null];
  try {
    html = newer.text.trim() && (await call('compare', vendor.name || 'api.yaml', vendor.text, newer.name || vendor.name || 'api.yaml', newer.text));
    text = html || !newer.text.trim() ? '' : 'Nothing changed.';
  } catch (error) {
    text = error.message;
  }
  output.textContent = text;
  frame.hidden = !html;
  URL.revokeObjectURL(frame.src);
  if (html) frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  document.body.dataset.compared = html ? 'changed' : 'same';
});

function compare() {
  compareLatest();
}

$('copy').addEventListener('click', () => {
  newer.set(vendor.name, vendor.text);
  $('newer-text').focus();
});

// --- Download ---

$('save').addEventListener('click', async () => {
  try {
    const archive = await call('archive');
    const link = make('a', { href: URL.createObjectURL(new Blob([archive], { type: 'application/zip' })), download: `${client.module}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    $('size').textContent = `${client.module}.zip, ${(archive.length / 1024).toFixed(0)} KiB`;
  } catch (error) {
    $('size').textContent = error.message;
  }
});

// --- Tabs ---

const tabs = [...document.querySelectorAll('[role=tab]')];

function choose(name) {
  for (const tab of tabs) {
    const isChosen = tab.id === `tab-${name}`;
    tab.setAttribute('aria-selected', isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
    $(tab.getAttribute('aria-controls')).hidden = !isChosen;
  }
}

for (const tab of tabs) {
  tab.addEventListener('click', () => choose(tab.getAttribute('aria-controls')));
  tab.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const enabled = tabs.filter((one) => !one.disabled);
    const next = enabled[(enabled.indexOf(tab) + step + enabled.length) % enabled.length];
    next.click();
    next.focus();
  });
}

// --- Start ---

document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => vendor.drop(event));
$('name').addEventListener('input', () => {
  vendor.name = $('name').value.trim();
  vendor.later(PAUSE);
});
const showExample = async () => vendor.set('example.yaml', await call('example'));
$('example').addEventListener('click', showExample);
choose('files');
showExample().catch((error) => {
  $('status').textContent = error.message;
});
