// Runs the cases of the program, one after the other, and prints a line of JSON for each: its name, and what is not as it should be.
//
// Arguments: the bound module, and the URLs of the cases. The process has to end by itself: nothing may be left to wait for.
'use strict';

const [bound, ...urls] = process.argv.slice(2);
const { run } = require(bound);

// What browsers do differently from Node.js (Fetch §2.2.2 and §4.4): programs may not send cookies, and see nothing of a redirect that is
// theirs to follow.
function likeABrowser() {
  const { fetch, Request } = globalThis;
  globalThis.Request = class extends Request {
    constructor(input, init) {
      const headers = new Headers(init.headers);
      headers.delete('cookie');
      super(input, { ...init, headers });
    }
  };
  globalThis.fetch = async (request) => {
    const response = await fetch(request);
    if (request.redirect !== 'manual' || response.status < 300 || response.status > 399) return response;
    await response.body?.cancel();
    const opaque = new Response(null);
    return Object.defineProperties(opaque, { type: { value: 'opaqueredirect' }, status: { value: 0 } });
  };
  return () => Object.assign(globalThis, { fetch, Request });
}

// For example, that a timer is longer than a timer can be.
let warning = null;
process.on('warning', (given) => {
  warning = String(given);
});

// What JavaScript no longer knows of has to be alive as long as the program needs it.
setInterval(globalThis.gc, 20).unref();

(async () => {
  for (const url of urls) {
    const name = new URL(url).pathname.slice(1);
    warning = null;
    const restore = name.startsWith('browser-') ? likeABrowser() : () => {};
    const wrong = await run(name, url).catch((error) => `it threw: ${error?.stack ?? error}`);
    restore();
    console.log(JSON.stringify({ name, wrong: wrong ?? warning }));
  }
})();
