// Tries the playground in Chromium: documents of all kinds, every tab, the keys, contrast, narrow windows, and that nothing is sent.
//
// Arguments: a folder for the browser, the site, a folder for downloads, the folder of real documents, the program of the browser, and the
// folder of its libraries. Pictures of the page are drawn in the first folder.
'use strict';

const assert = require('node:assert/strict');
const { existsSync, mkdirSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { NARROW, WIDE, fail, run, start } = require('../browser/driver.cjs');
const { serve } = require('./serve.cjs');

const [folder, site, downloads, corpus, program, libraries] = process.argv.slice(2);
const REAL = ['stripe.json', 'github.json', 'k8s.json', 'openai.yaml', 'discord.json', 'kittycad.json', 'moby.yaml', 'spotify.yaml', 'museum.yaml'];
// What a document of this size in bytes may take, in seconds.
const [LARGE, LIMIT] = [3.5e6, 5];
// How often a slow document is tried, since other programs use the machine, too.
const TRIES = 3;
const TABS = ['files', 'methods', 'ledger', 'difference', 'download'];

const HOSTILE = `</code></script><script>document.title="x"</script><img src="https://example.com/" onerror="document.title='x'"> [link](javascript:alert(1))`;
const SWAGGER = `swagger: '2.0'
info: { title: Pets, version: '1' }
host: pets.example.com
schemes: [https]
paths:
  /pets:
    get:
      operationId: listPets
      produces: [application/json]
      parameters:
        - { name: limit, in: query, type: integer, format: int32 }
      responses:
        200:
          description: The pets.
          schema: { type: array, items: { $ref: '#/definitions/Pet' } }
definitions:
  Pet:
    type: object
    required: name
    properties:
      name: { type: string }
`;
const hostile = JSON.stringify({
  openapi: '3.0.3',
  info: { title: HOSTILE, version: '1', description: HOSTILE },
  tags: [{ name: HOSTILE, description: HOSTILE }],
  paths: { '/a': { get: { tags: [HOSTILE], operationId: HOSTILE, summary: HOSTILE, description: HOSTILE, 'x-a': 1, parameters: [{ name: HOSTILE, in: 'nowhere' }], responses: { 200: { description: HOSTILE } } } } },
});

let page;
let origin;
// A server that must never be asked.
let elsewhere;
let requests = 0;

const value = (expression) => page.value(expression);
const text = (id) => value(`document.getElementById('${id}').innerText`);
const choose = (tab) => value(`document.getElementById('tab-${tab}').click()`);
const worker = async () => (await until(() => page.others.findLast(({ type }) => type === 'worker'))).session;
const finished = () => page.until(`['ready', 'failed'].includes(document.body.dataset.state)`);

async function paste(id, content) {
  await value(`(() => {
    delete document.body.dataset[${id === 'text' ? `'state'` : `'compared'`}];
    const area = document.getElementById('${id}');
    area.value = ${JSON.stringify(content)};
    area.dispatchEvent(new Event('input'));
  })()`);
  await (id === 'text' ? finished() : page.until(`document.body.dataset.compared`));
}

async function take(file) {
  await value(`delete document.body.dataset.state`);
  const { result } = await page.send('Runtime.evaluate', { expression: `document.getElementById('file')` });
  await page.send('DOM.setFileInputFiles', { files: [file], objectId: result.objectId });
  await finished();
}

// The value of an expression in the page of differences, which the playground's own script cannot read. Waits for that page.
async function inFrame(expression) {
  for (;;) {
    const { frameTree } = await page.send('Page.getFrameTree');
    const frameId = frameTree.childFrames.at(-1).frame.id;
    const { executionContextId: contextId } = await page.send('Page.createIsolatedWorld', { frameId });
    const { result } = await page.send('Runtime.evaluate', { expression: `document.querySelector('article') && ${expression}`, contextId, returnByValue: true });
    if (result.value) return result.value;
  }
}

async function fresh() {
  page.others.length = 0;
  await page.open(origin);
  await finished();
}

async function option(list, words) {
  await value(`(() => {
    const select = document.getElementById('${list}-list');
    select.value = [...select.options].find((one) => ${JSON.stringify(words)}.every((word) => \`\${one.parentElement.label}/\${one.text}\`.includes(word))).value;
    select.dispatchEvent(new Event('change'));
  })()`);
}

const cases = {
  'the example has a client': async () => {
    assert.match(await text('status'), /^example: 2 operations, \d+ types, \d+ files in/);
    assert.equal(await value(`document.getElementById('name').value`), 'example.yaml');
    await option('files', ['client/src/example/notes.rs']);
    assert.equal(await text('path'), 'client/src/example/notes.rs');
    await page.until(`document.querySelector('#code .keyword')`);
    assert.match(await text('code'), /pub fn list\(&self\)/);
  },
  'files are filtered': async () => {
    await value(`(() => { const filter = document.getElementById('files-filter'); filter.value = 'types note.'; filter.dispatchEvent(new Event('input')); })()`);
    assert.deepEqual(await value(`[...document.querySelectorAll('#files-list option')].map((one) => one.text)`), ['note.rs']);
    assert.equal(await text('path'), 'client/src/example/types/note.rs');
    await value(`(() => { const filter = document.getElementById('files-filter'); filter.value = ''; filter.dispatchEvent(new Event('input')); })()`);
  },
  'methods have a signature, documentation and a place': async () => {
    await choose('methods');
    await option('methods', ['notes()/create']);
    await page.until(`document.getElementById('docs').innerText.includes('Creates a note.')`);
    assert.match(await text('docs'), /^pub fn create\([^]*body: impl Into<types::NoteInput>,\n\) -> Call<types::Note, [^]*POST \/notes/);
    await value(`document.getElementById('source').click()`);
    await page.until(`document.getElementById('code').innerText.includes('Creates a note.')`);
    assert.equal(await text('path'), 'client/src/example/notes.rs');
    assert.equal(await value(`document.getElementById('files').hidden`), false);
  },
  'a Swagger 2.0 document has a ledger with lines': async () => {
    await paste('text', SWAGGER);
    assert.match(await text('status'), /1 operation, /);
    await choose('ledger');
    const line = 1 + SWAGGER.split('\n').findIndex((one) => one.includes('required: name'));
    await value(`document.querySelectorAll('#entries details').forEach((one) => { one.open = true; })`);
    await page.until(`[...document.querySelectorAll('#entries .place')].some((one) => one.textContent === 'line ${line}')`);
    await value(`[...document.querySelectorAll('#entries .place')].find((one) => one.textContent === 'line ${line}').click()`);
    assert.equal(await value(`getSelection().toString()`), SWAGGER.split('\n')[line - 1]);
  },
  'a broken document has an error with its line': async () => {
    await paste('text', 'openapi: 3.0.3\ninfo:\n  title: a\n version: 1\n');
    assert.equal(await text('status'), 'No client: 1 error');
    assert.match(await text('findings'), /invalid\[[^]*example.yaml:4:/);
    assert.equal(await value(`document.getElementById('tab-ledger').getAttribute('aria-selected')`), 'true');
    assert.match(await value(`document.querySelector('#findings .place').textContent`), /^line 4$/);
    assert.equal(await value(`document.getElementById('save').disabled`), true);
    await paste('text', SWAGGER);
    assert.equal(await value(`document.getElementById('files').hidden`), false);
  },
  'a file is dropped anywhere': async () => {
    const file = join(folder, 'dropped.yaml');
    writeFileSync(file, SWAGGER);
    await value(`delete document.body.dataset.state`);
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await page.send('Input.dispatchDragEvent', { type, x: 900, y: 40, data });
    await finished();
    assert.match(await text('status'), /^dropped: 1 operation, /);
  },
  'the difference is that of the command': async () => {
    await fresh();
    await choose('difference');
    await value(`document.getElementById('copy').click()`);
    await page.until(`document.body.dataset.compared`);
    assert.equal(await text('compared'), 'Nothing changed.');
    const example = await value(`document.getElementById('text').value`);
    await paste('newer-text', example.replace('required: [text]', 'required: [text, colour]').replace('id: { type', 'colour: { type: string }\n        id: { type'));
    assert.equal(await value(`document.body.dataset.compared`), 'changed');
    assert.match(await inFrame(`document.body.innerText`), /Changes of example[^]*breaking[^]*next version of the client: major[^]*Note\.colour/);
    // Its style and script are admitted.
    assert.equal(await inFrame(`getComputedStyle(document.querySelector('.badge')).color`), 'rgb(255, 255, 255)');
    assert.match(await inFrame(`document.querySelector('output').textContent`), /shown$/);
    await paste('newer-text', 'openapi: [');
    assert.match(await text('compared'), /invalid\[/);
  },
  'the project is downloaded': async () => {
    await choose('download');
    await value(`document.getElementById('save').click()`);
    await until(() => existsSync(join(downloads, 'example.zip')));
    assert.match(await text('size'), /^example\.zip, \d+ KiB$/);
  },
  'text of a document is only shown': async () => {
    const elements = () => value(`[document.title, document.scripts.length, document.images.length, document.querySelectorAll('[href^="javascript:" i]').length]`);
    const before = await elements();
    await paste('text', hostile);
    assert.match(await text('status'), /1 operation, /);
    for (const tab of TABS) await choose(tab);
    await value(`document.querySelectorAll('details').forEach((one) => { one.open = true; })`);
    await page.until(`document.getElementById('docs').innerText.includes('<script>document.title="x"</script>')`);
    await paste('newer-text', hostile.replace('/a', '/b'));
    assert.deepEqual(await elements(), before);
  },
  'nothing is sent': async () => {
    const sent = `fetch('${elsewhere}').then(() => 'sent', () => 'refused')`;
    assert.equal(await value(sent), 'refused');
    assert.equal(await page.value(sent, await worker()), 'refused');
    assert.equal(requests, 0);
    // The browser says that it refused them.
    const isRefusal = (problem) => /Content Security Policy|Content-Security-Policy|violates/.test(problem) || problem === elsewhere;
    assert.deepEqual(page.problems.filter((problem) => !isRefusal(problem)), []);
    page.problems.length = 0;
  },
  'a crash and an endless run end, and the next document is read': async () => {
    await fresh();
    for (const [work, patience, shown] of [['throw new Error("a crash")', 60, /failed: .*a crash/], ['for (;;);', 1, /stopped after 1 second/]]) {
      await value(`document.documentElement.dataset.patience = ${patience}`);
      await page.value(`self.onmessage = () => { ${work} }`, await worker());
      page.others.length = 0;
      await paste('text', `${SWAGGER}\n`);
      assert.equal(await text('status'), 'No client: 1 error');
      assert.match(await text('findings'), shown);
      page.problems.length = 0;
      await paste('text', SWAGGER);
      assert.match(await text('status'), /1 operation, /);
    }
    await value(`document.documentElement.dataset.patience = 60`);
  },
  'Tab and arrows reach everything, and the focus is visible': async () => {
    await fresh();
    await value(`document.getElementById('tab-files').focus()`);
    for (const tab of [...TABS.slice(1), TABS[0]]) {
      await page.press('ArrowRight');
      assert.equal(await value(`document.activeElement.id`), `tab-${tab}`);
      assert.equal(await value(`document.getElementById('${tab}').hidden`), false);
    }
    for (const tab of TABS) {
      await choose(tab);
      await value(`document.activeElement.blur()`);
      const all = await value(`(${reachable})().length`);
      const reached = new Set();
      for (let index = 0; index < all + 8; index += 1) {
        await page.press('Tab');
        const [place, outline] = await value(`(() => {
          const element = document.activeElement;
          return [(${reachable})().indexOf(element), getComputedStyle(element.closest('.button') ?? element).outlineWidth];
        })()`);
        if (place < 0) continue;
        assert.equal(outline, '3px', tab);
        reached.add(place);
      }
      assert.equal(reached.size, all, tab);
    }
  },
  'text has contrast, in light and in dark': async () => {
    await paste('text', SWAGGER);
    for (const tab of TABS) {
      await choose(tab);
      for (const scheme of ['light', 'dark']) {
        await page.scheme(scheme);
        assert.deepEqual(await page.contrast(), [], `${tab} ${scheme}`);
      }
    }
    await page.scheme('light');
  },
  'nothing overflows a narrow window': async () => {
    await fresh();
    await page.draw(join(folder, 'wide.png'));
    await page.size(NARROW);
    await page.scheme('dark');
    for (const tab of TABS) {
      await choose(tab);
      assert.equal(await page.overflow(), 0, tab);
      await page.draw(join(folder, `narrow-${tab}.png`));
    }
    await page.size(WIDE);
    await page.scheme('light');
  },
  'real documents are read in time': async () => {
    await choose('files');
    const slow = [];
    for (const name of existsSync(corpus) ? REAL : []) {
      const file = join(corpus, name);
      const size = statSync(file).size;
      let best = Infinity;
      for (let tries = 0; tries < TRIES && (tries === 0 || best > LIMIT); tries += 1) {
        await value(`window.longest = 0; window.last = performance.now(); window.clock ??= setInterval(() => {
          const now = performance.now();
          [window.longest, window.last] = [Math.max(window.longest, now - window.last), now];
        }, 20)`);
        await take(file);
        const status = await text('status');
        best = Math.min(best, Number(/ ([\d.]+) s$/.exec(status)?.[1]));
        const longest = await value(`window.longest`);
        console.log(`        ${name}, ${(size / 1e6).toFixed(1)} MB: ${status}; the page paused for ${longest.toFixed(0)} ms`);
      }
      if (!(best <= LIMIT) && size >= LARGE) slow.push(name);
      await option('files', ['.yaml']);
      await page.until(`document.querySelector('#code .line')`);
    }
    assert.deepEqual(slow, []);
  },
};

// What the Tab key should reach. It runs in the page.
function reachable() {
  const all = document.querySelectorAll('a[href], button, input, textarea, select, summary, iframe, [tabindex="0"]');
  return [...all].filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility());
}

async function until(condition) {
  for (;;) {
    const found = condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

(async () => {
  // The browser keeps the files of an earlier run, and gives new ones other names.
  rmSync(downloads, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  origin = await serve(site);
  const other = createServer((request, response) => {
    requests += 1;
    response.end();
  });
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  elsewhere = `http://127.0.0.1:${other.address().port}/`;
  page = await start({ program, libraries, folder, patience: 180_000, origin });
  await page.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  await fresh();
  await run(page, cases);
})().catch(fail);
