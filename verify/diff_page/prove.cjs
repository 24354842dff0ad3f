// Tries the page of `diff --html` in Chromium: the filter, the keys, the focus, contrast, narrow windows, and that nothing is loaded.
//
// Arguments: the folder with `page.html` and `hostile.html`, the picture to draw, the program of the browser, and the folder of its libraries.
'use strict';

const assert = require('node:assert/strict');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { NARROW, WIDE, fail, run, start } = require('../browser/driver.cjs');

const [folder, picture, program, libraries] = process.argv.slice(2);
// The size of the picture.
const DRAWN = { x: 0, y: 0, width: 1280, height: 780, scale: 1 };

let page;
const open = (name) => page.open(pathToFileURL(join(folder, name)).href);
const value = (expression) => page.value(expression);
const press = (key) => page.press(key);

async function pressAll(keys) {
  for (const key of keys) await press(key);
}

const shown = () => value(`[...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).map((one) => one.className)`);
const count = () => value(`document.querySelector('output').textContent`);
const focused = () => value(`document.activeElement.closest('article')?.id ?? document.activeElement.id`);
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
      await page.scheme(scheme);
      assert.deepEqual(await page.contrast(), [], scheme);
    }
  },
  'a narrow window has one column, and nothing overflows': async () => {
    await page.size(NARROW);
    assert.equal(await page.overflow(), 0);
    assert.equal(await value(`getComputedStyle(document.querySelector('.columns')).gridTemplateColumns.split(' ').length`), 1);
    await page.size(WIDE);
    assert.equal(await value(`getComputedStyle(document.querySelector('.columns')).gridTemplateColumns.split(' ').length`), 3);
  },
  'the filter works without the script': async () => {
    await page.send('Emulation.setScriptExecutionDisabled', { value: true });
    await open('page.html');
    assert.equal(await count(), '5 changes');
    assert.deepEqual(await shown(), ALL);
    await value(`document.querySelector('#breaking').checked = false`);
    assert.deepEqual(await shown(), ALL.slice(2));
    await page.send('Emulation.setScriptExecutionDisabled', { value: false });
  },
  'text of a document is only shown': async () => {
    await open('hostile.html');
    assert.equal(await value(`document.title`), 'Changes of pets');
    assert.deepEqual(await value(`[document.scripts.length, document.images.length]`), [1, 0]);
    assert.match(await value(`document.querySelector('main').innerText`), /<script>document.title="x"<\/script>/);
  },
};

(async () => {
  page = await start({ program, libraries, folder, patience: 60_000 });
  await open('page.html');
  await page.draw(picture, DRAWN);
  await run(page, cases);
})().catch(fail);
