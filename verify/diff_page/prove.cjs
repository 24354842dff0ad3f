// Tries the page of `diff --html` in Chromium: the filter, the keys, the focus, contrast, narrow windows, and that nothing is loaded.
//
// Arguments: the folder with `page.html` and `hostile.html`, the picture to draw, the program of the browser, and the folder of its libraries.
// The browser is driven by the Chrome DevTools Protocol over a pipe. Not even a wrong page outlives the run.
'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const [folder, picture, program, libraries] = process.argv.slice(2);
const PATIENCE = 60_000;
const WIDE = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };
// The size of the picture.
const DRAWN = { x: 0, y: 0, width: 1280, height: 780, scale: 1 };
const NARROW = { ...WIDE, width: 360, height: 740 };

const profile = join(folder, 'profile');
rmSync(profile, { recursive: true, force: true });
// Root may not have a sandbox, and a container may have no memory to share.
const options = ['--headless', '--hide-scrollbars', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
const browser = spawn(program, options, {
  stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) },
});
process.on('exit', () => browser.kill('SIGKILL'));
browser.on('error', fail);
setTimeout(() => fail(new Error('the browser did not end')), PATIENCE).unref();

function fail(error) {
  console.error(`error: ${error.message}`);
  process.exit(1);
}

// The protocol: each message is JSON and ends with a zero byte.
const calls = new Map();
const waiting = [];
let [session, number, received] = [undefined, 0, ''];
// What the page said or asked for.
let problems = [];

browser.stdio[4].setEncoding('utf8').on('data', (data) => {
  const messages = (received + data).split('\0');
  received = messages.pop();
  messages.map((text) => JSON.parse(text)).forEach(handle);
});

function handle({ id, result, error, method, params }) {
  if (id) {
    const { resolve, reject } = calls.get(id);
    return error ? reject(new Error(error.message)) : resolve(result);
  }
  if (method === 'Log.entryAdded') problems.push(`${params.entry.text}`);
  if (method === 'Runtime.exceptionThrown') problems.push(params.exceptionDetails.exception?.description);
  if (method === 'Runtime.consoleAPICalled') problems.push(`console.${params.type}`);
  if (method === 'Network.requestWillBeSent' && !params.request.url.startsWith('file:')) problems.push(params.request.url);
  if (method === 'Page.loadEventFired') waiting.splice(0).forEach((resolve) => resolve());
}

function send(method, params = {}) {
  number += 1;
  browser.stdio[3].write(`${JSON.stringify({ id: number, method, params, sessionId: session })}\0`);
  return new Promise((resolve, reject) => calls.set(number, { resolve, reject }));
}

async function open(name) {
  const loaded = new Promise((resolve) => waiting.push(resolve));
  await send('Page.navigate', { url: pathToFileURL(join(folder, name)).href });
  return loaded;
}

// The value of an expression in the page.
async function value(expression) {
  const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true });
  assert.equal(exceptionDetails, undefined, expression);
  return result.value;
}

async function press(key) {
  const codes = { Tab: 9, Escape: 27, ' ': 32 };
  const text = key.length === 1 ? { text: key } : {};
  await send('Input.dispatchKeyEvent', { type: 'keyDown', key, windowsVirtualKeyCode: codes[key] ?? 0, ...text });
  await send('Input.dispatchKeyEvent', { type: 'keyUp', key, windowsVirtualKeyCode: codes[key] ?? 0 });
}

async function pressAll(keys) {
  for (const key of keys) await press(key);
}

const shown = () => value(`[...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).map((one) => one.className)`);
const count = () => value(`document.querySelector('output').textContent`);
const focused = () => value(`document.activeElement.closest('article')?.id ?? document.activeElement.id`);
const media = (scheme) => send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
const ALL = ['breaking', 'breaking', 'risky', 'compatible', 'documentation'];

const cases = {
  'all changes are shown, with the Rust that follows from them': async () => {
    assert.deepEqual(await shown(), ALL);
    assert.equal(await count(), '5 of 5 changes shown');
    assert.match(await value(`document.querySelector('#change-4').innerText`), /types::Pet\.colour/);
  },
  'numbers toggle severities': async () => {
    await press('1');
    assert.deepEqual(await shown(), ALL.slice(2));
    assert.equal(await count(), '3 of 5 changes shown');
    await pressAll('1234');
    assert.deepEqual(await shown(), ['breaking', 'breaking']);
    await pressAll('234');
    assert.deepEqual(await shown(), ALL);
  },
  'boxes are toggled by the space bar': async () => {
    await value(`document.querySelector('#risky').focus()`);
    await press(' ');
    assert.equal((await shown()).includes('risky'), false);
    await press(' ');
    assert.deepEqual(await shown(), ALL);
  },
  'j and k move the focus, and into view': async () => {
    await open('page.html');
    await pressAll('jjj');
    assert.equal(await focused(), 'change-3');
    await pressAll('kk');
    assert.equal(await focused(), 'change-1');
    await pressAll('k3jjj');
    assert.equal(await focused(), 'change-5');
    const { top, bottom } = await value(`document.activeElement.getBoundingClientRect().toJSON()`);
    assert.ok(top >= (await value(`document.querySelector('header').getBoundingClientRect().bottom`)) && bottom <= WIDE.height);
    await press('5');
    await press('3');
  },
  'a hidden change does not stop the keys': async () => {
    await open('page.html');
    await pressAll('jj1j');
    assert.equal(await focused(), 'change-3');
    await press('1');
  },
  '? shows the keys, and they can be switched off': async () => {
    await press('?');
    assert.equal(await value(`document.querySelector('dialog').open`), true);
    await press('1');
    assert.deepEqual(await shown(), ALL);
    await value(`document.querySelector('#keys').click()`);
    await press('Escape');
    assert.equal(await value(`document.querySelector('dialog').open`), false);
    await press('1');
    assert.deepEqual(await shown(), ALL);
  },
  'Tab reaches everything, and the focus is visible': async () => {
    await open('page.html');
    const all = await value(`[...document.querySelectorAll('body > :not(dialog) :is(a, input, button, summary)')].length`);
    const reached = new Set();
    for (let index = 0; index < all; index += 1) {
      await press('Tab');
      const [place, outline] = await value(`(() => {
        const all = [...document.querySelectorAll('*')];
        return [all.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineWidth];
      })()`);
      assert.equal(outline, '3px');
      reached.add(place);
    }
    assert.equal(reached.size, all);
  },
  'text has contrast, in light and in dark': async () => {
    for (const scheme of ['light', 'dark']) {
      await media(scheme);
      assert.deepEqual(await value(`(${contrast})()`), [], scheme);
    }
  },
  'a narrow window has one column, and nothing overflows': async () => {
    await send('Emulation.setDeviceMetricsOverride', NARROW);
    assert.equal(await value(`document.documentElement.scrollWidth - document.documentElement.clientWidth`), 0);
    assert.equal(await value(`getComputedStyle(document.querySelector('.columns')).gridTemplateColumns.split(' ').length`), 1);
    await send('Emulation.setDeviceMetricsOverride', WIDE);
    assert.equal(await value(`getComputedStyle(document.querySelector('.columns')).gridTemplateColumns.split(' ').length`), 3);
  },
  'the filter works without the script': async () => {
    await send('Emulation.setScriptExecutionDisabled', { value: true });
    await open('page.html');
    assert.equal(await count(), '5 changes');
    assert.deepEqual(await shown(), ALL);
    await value(`document.querySelector('#breaking').checked = false`);
    assert.deepEqual(await shown(), ALL.slice(2));
    await send('Emulation.setScriptExecutionDisabled', { value: false });
  },
  'text of a document is only shown': async () => {
    await open('hostile.html');
    assert.equal(await value(`document.title`), 'Changes of pets');
    assert.deepEqual(await value(`[document.scripts.length, document.images.length]`), [1, 0]);
    assert.match(await value(`document.querySelector('main').innerText`), /<script>document.title="x"<\/script>/);
  },
};

// The texts whose contrast is below 4.5 (WCAG 2.2 §1.4.3). It runs in the page.
function contrast() {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = parts(color).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return parts(color)[3] === 0 && element.parentElement ? background(element.parentElement) : color;
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const ratio = (element) => {
    const [dark, light] = [getComputedStyle(element).color, background(element)].map(luminance).sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };
  const texts = [...document.body.querySelectorAll('*')].filter((element) => element.localName !== 'script' && hasText(element));
  return texts.filter((element) => ratio(element) < 4.5).map((element) => `${element.outerHTML.slice(0, 80)}: ${ratio(element)}`);
}

(async () => {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  ({ sessionId: session } = await send('Target.attachToTarget', { targetId, flatten: true }));
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  await send('Emulation.setDeviceMetricsOverride', WIDE);
  await media('light');
  await open('page.html');
  const { data } = await send('Page.captureScreenshot', { format: 'png', clip: DRAWN });
  writeFileSync(picture, Buffer.from(data, 'base64'));
  for (const [name, run] of Object.entries(cases)) {
    const wrong = await run().then(() => assert.deepEqual(problems, [])).catch((error) => error);
    problems = [];
    if (wrong) process.exitCode = 1;
    console.log(`${wrong ? 'FAILED' : 'ok    '}  ${name}${wrong ? `\n        ${wrong.message}` : ''}`);
  }
  process.exit();
})().catch(fail);
