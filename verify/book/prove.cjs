// Opens every page of the book in Chromium: links and anchors, pictures, narrow windows, dark colours, and the search.
//
// Arguments: the folder with `html`, the program of the browser, and the folder of its libraries. Pictures of some pages are drawn there.
'use strict';

const assert = require('node:assert/strict');
const { existsSync, readdirSync } = require('node:fs');
const { join, relative } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { NARROW, WIDE, fail, run, start } = require('../browser/driver.cjs');

const [folder, program, libraries] = process.argv.slice(2);
const site = join(folder, 'html');
// What mdBook writes besides the chapters.
const OTHERS = ['404.html', 'print.html', 'toc.html'];
const files = readdirSync(site, { recursive: true }).filter((name) => name.endsWith('.html') && !OTHERS.includes(name)).sort();
const url = (name) => pathToFileURL(join(site, name)).href;
// What a reader searches for, and the page that the first three results have to name.
const SEARCHES = {
  'set a timeout': 'Timeouts',
  'retry a POST': 'Retrying a POST',
  'body of a 404': '404',
  'list pages': 'Pages and jobs',
  mock: 'Testing',
  'upload progress': 'Upload',
  'rename a method': 'Renaming',
  'vendor change': 'Vendor changes',
  'authentication scheme': 'authentication scheme',
  'add a keyword': 'keyword',
};

let page;

// Everything about a page that is compared with other pages.
function facts() {
  const main = document.querySelector('main');
  return {
    links: [...main.querySelectorAll('a[href]')].map((link) => link.href),
    anchors: [...document.querySelectorAll('[id]')].map((element) => element.id),
    broken: [...main.querySelectorAll('img')].filter((image) => image.naturalWidth === 0).map((image) => image.src),
    headings: main.querySelectorAll('h1').length,
  };
}

const cases = {
  'every link and picture leads somewhere': async () => {
    const all = new Map();
    for (const name of files) {
      await page.open(url(name));
      all.set(url(name), await page.value(`(${facts})()`));
    }
    const wrong = [];
    for (const [from, { links, broken, headings }] of all) {
      const here = relative(site, fileURLToPath(from));
      wrong.push(...broken.map((image) => `${here}: ${image}`));
      if (headings !== 1) wrong.push(`${here}: ${headings} headings of level 1`);
      for (const link of links.filter((link) => link.startsWith('file:'))) {
        const [target, anchor] = link.split('#');
        const there = all.get(target);
        const isThere = there ? !anchor || there.anchors.includes(decodeURIComponent(anchor)) : existsSync(fileURLToPath(target));
        if (!isThere) wrong.push(`${here}: ${link.slice(url('').length)}`);
      }
    }
    console.log(`        ${all.size} pages`);
    assert.deepEqual(wrong, []);
  },
  'nothing overflows a narrow window': async () => {
    await page.size(NARROW);
    const wide = [];
    for (const name of files) {
      await page.open(url(name));
      if ((await page.overflow()) > 0) wide.push(name);
    }
    await page.draw(join(folder, 'narrow.png'));
    await page.size(WIDE);
    assert.deepEqual(wide, []);
  },
  'dark colours follow the system': async () => {
    for (const scheme of ['light', 'dark']) {
      await page.scheme(scheme);
      await page.open(url('guide/errors.html'));
      const dark = await page.value(`document.documentElement.classList.contains('navy')`);
      assert.equal(dark, scheme === 'dark');
      await page.draw(join(folder, `${scheme}.png`));
    }
    await page.scheme('light');
  },
  'the search finds what readers look for': async () => {
    const missed = [];
    for (const [words, wanted] of Object.entries(SEARCHES)) {
      await page.open(`${url('index.html')}?search=${encodeURIComponent(words)}`);
      await page.until(`document.querySelectorAll('#mdbook-searchresults li, #searchresults li').length > 0`);
      const found = await page.value(`[...document.querySelectorAll('#mdbook-searchresults li a, #searchresults li a')].map((link) => link.innerText).slice(0, 3)`);
      if (!found.some((title) => title.includes(wanted))) missed.push(`${words}: ${found.join(' | ')}`);
    }
    assert.deepEqual(missed, []);
  },
};

(async () => {
  page = await start({ program, libraries, folder, patience: 180_000 });
  await run(page, cases);
})().catch(fail);
