// Runs the WebAssembly, so that the page stays responsive.
import init, { Playground } from './clientwright_playground.js';

const program = new URL('clientwright_playground_bg.wasm', import.meta.url);
const ready = init({ module_or_path: program }).then(() => Playground.new());

self.onmessage = async ({ data: { number, method, args } }) => {
  try {
    self.postMessage({ number, value: (await ready)[method](...args) });
  } catch (error) {
    // Rust returns its errors as strings. Anything else leaves the memory in an unknown state.
    self.postMessage({ number, error: String(error), isCrash: typeof error !== 'string' });
  }
};
