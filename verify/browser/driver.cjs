// Drives Chromium by the Chrome DevTools Protocol over a pipe, for the programs that try pages.
//
// Not even a wrong page outlives the run: the program ends with the status UNENDED, and says what has no answer.
// What a page says, throws or requests from elsewhere is a problem, and fails the case that runs.
'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const WIDE = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };
const NARROW = { ...WIDE, width: 360, height: 740 };

// `verify/src/browser.rs` knows this status, and tries the page again.
const UNENDED = 75;

function fail(error) {
  console.error(`error: ${error.message}`);
  process.exit(1);
}

// Starts the browser: its program, the folder of its libraries, a folder for its profile, the milliseconds that everything may take, and
// where pages may load something from.
async function start({ program, libraries, folder, patience, origin = 'file:' }) {
  const profile = join(folder, 'profile');
  rmSync(profile, { recursive: true, force: true });
  // Root may not have a sandbox, and a container may have no memory to share.
  const options = ['--headless', '--hide-scrollbars', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-features=IsolateSandboxedIframes', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
  const browser = spawn(program, options, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) },
  });
  process.on('exit', () => browser.kill('SIGKILL'));
  browser.on('error', fail);

  // The protocol: each message is JSON and ends with a zero byte.
  const calls = new Map();
  setTimeout(() => {
    const asked = [...calls.values()].map(({ method, params }) => `${method} ${JSON.stringify(params).slice(0, 200)}`);
    console.error(`error: the browser did not end; without an answer: ${asked.join(', ') || 'nothing'}`);
    process.exit(UNENDED);
  }, patience).unref();
  const waiting = [];
  // `others` are the sessions of workers and frames with a process of their own.
  const page = { problems: [], others: [] };
  let [session, number, received] = [undefined, 0, ''];

  browser.stdio[4].setEncoding('utf8').on('data', (data) => {
    const messages = (received + data).split('\0');
    received = messages.pop();
    messages.map((text) => JSON.parse(text)).forEach(handle);
  });

  function handle({ id, result, error, method, params }) {
    if (id) {
      const { resolve, reject } = calls.get(id);
      calls.delete(id);
      return error ? reject(new Error(error.message)) : resolve(result);
    }
    if (method === 'Log.entryAdded') page.problems.push(params.entry.text);
    if (method === 'Runtime.exceptionThrown') page.problems.push(params.exceptionDetails.exception?.description);
    if (method === 'Runtime.consoleAPICalled') page.problems.push(`console.${params.type}`);
    if (method === 'Network.requestWillBeSent' && !/^(data|blob):/.test(params.request.url) && !params.request.url.startsWith(origin)) page.problems.push(params.request.url);
    if (method === 'Target.attachedToTarget' && params.targetInfo.type !== 'page') attached(params);
    if (method === 'Page.loadEventFired') waiting.splice(0).forEach((resolve) => resolve());
  }

  async function attached({ sessionId: own, targetInfo: { type } }) {
    // It waits until everything that it does is seen.
    await Promise.all(['Runtime.enable', 'Network.enable', 'Runtime.runIfWaitingForDebugger'].map((method) => page.send(method, {}, own)));
    page.others.push({ type, session: own });
  }

  page.send = (method, params = {}, own = session) => {
    number += 1;
    browser.stdio[3].write(`${JSON.stringify({ id: number, method, params, sessionId: own })}\0`);
    return new Promise((resolve, reject) => calls.set(number, { method, params, resolve, reject }));
  };

  page.open = async (url) => {
    const loaded = new Promise((resolve) => waiting.push(resolve));
    await page.send('Page.navigate', { url });
    return loaded;
  };

  // The value of an expression in the page, or what it promises.
  page.value = async (expression, own = session) => {
    const { result, exceptionDetails } = await page.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, own);
    assert.equal(exceptionDetails, undefined, exceptionDetails?.exception?.description ?? expression);
    return result.value;
  };

  // Waits until an expression in the page is true.
  page.until = (expression, own = session) => page.value(`new Promise((resolve) => {
    const look = () => ((${expression}) ? resolve() : setTimeout(look, 20));
    look();
  })`, own);

  page.press = async (key) => {
    const keys = { Tab: 9, Enter: 13, Escape: 27, ' ': 32, ArrowLeft: 37, ArrowRight: 39, ArrowDown: 40 };
    const text = key === 'Enter' ? { text: '\r' } : key.length === 1 ? { text: key } : {};
    await page.send('Input.dispatchKeyEvent', { type: 'keyDown', key, windowsVirtualKeyCode: keys[key] ?? 0, ...text });
    await page.send('Input.dispatchKeyEvent', { type: 'keyUp', key, windowsVirtualKeyCode: keys[key] ?? 0 });
  };

  page.scheme = (value) => page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  page.size = (metrics) => page.send('Emulation.setDeviceMetricsOverride', metrics);
  page.overflow = () => page.value('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  page.contrast = () => page.value(`(${contrast})()`);

  page.draw = async (picture, clip) => {
    const { data } = await page.send('Page.captureScreenshot', { format: 'png', ...(clip && { clip }) });
    writeFileSync(picture, Buffer.from(data, 'base64'));
  };

  const { targetId } = await page.send('Target.createTarget', { url: 'about:blank' });
  ({ sessionId: session } = await page.send('Target.attachToTarget', { targetId, flatten: true }));
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
  await page.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  await page.size(WIDE);
  await page.scheme('light');
  return page;
}

// Runs the cases one after the other, and ends the process.
async function run(page, cases) {
  for (const [name, one] of Object.entries(cases)) {
    const wrong = await one().then(() => assert.deepEqual(page.problems, [])).catch((error) => error);
    page.problems.length = 0;
    if (wrong) process.exitCode = 1;
    console.log(`${wrong ? 'FAILED' : 'ok    '}  ${name}${wrong ? `\n        ${wrong.message}` : ''}`);
  }
  process.exit();
}

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

module.exports = { NARROW, UNENDED, WIDE, fail, run, start };
