'use strict';
// The filter works without this script, which counts, and reads keys.
const changes = [...document.querySelectorAll('article')];
const boxes = [...document.querySelectorAll('fieldset input')];
const count = document.querySelector('output');
const keys = document.querySelector('dialog');
const open = document.querySelector('#open');
const areKeysUsed = document.querySelector('#keys');
// The last change that had the focus: it may be hidden since then.
let current = -1;

const isShown = (change) => boxes.some((box) => box.checked && change.classList.contains(box.id));

function recount() {
  count.textContent = `${changes.filter(isShown).length} of ${changes.length} changes shown`;
}

function move(step) {
  const next = step > 0 ? changes.slice(current + 1).find(isShown) : changes.slice(0, Math.max(current, 0)).findLast(isShown);
  if (!next) return;
  next.querySelector('a').focus({ preventScroll: true });
  next.scrollIntoView();
}

const actions = { j: () => move(1), k: () => move(-1), '?': () => keys.showModal() };
boxes.forEach((box, index) => {
  actions[index + 1] = () => box.click();
  box.addEventListener('change', recount);
});
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keys.open || !areKeysUsed.checked || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
});
document.addEventListener('focusin', (event) => {
  const change = event.target.closest('article');
  if (change) current = changes.indexOf(change);
});
open.addEventListener('click', () => keys.showModal());
document.querySelector('#close').addEventListener('click', () => keys.close());
open.hidden = false;
recount();
