// Runs the cases of the program in a host, against a mock server on two origins, and prints what became of each.
//
// Arguments: the folder with the bound modules, and `node`, or the program of a browser and the folder of its libraries. A case is right
// only if the program says so, and the server was sent what it should be and nothing else. No host outlives its run.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { readFileSync, rmSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { isDeepStrictEqual } = require('node:util');
const { UNENDED } = require('../browser/driver.cjs');
const { cases: all, running } = require('./cases.cjs');

const [folder, program, libraries] = process.argv.slice(2);
const isBrowser = program !== 'node';
const cases = all.filter((one) => !isBrowser || one.inBrowsers !== false);

// How long all cases may take. Node.js has to end by itself: nothing may be left to wait for.
const PATIENCE = 60_000;
// How long it may take until the server has seen what it was sent.
const SEEN = 10_000;
// The headers that are recorded, and how much of a body is recorded as it is.
const RECORDED = ['accept', 'authorization', 'content-length', 'content-type', 'cookie', 'x-key', 'x-name'];
const SHORT = 200;

// What was sent, by the name of the case, and what a browser says of all cases.
const record = new Map();
let report = null;

function sent(request, path, body) {
  let text = `${request.method} /${path}`;
  for (const name of RECORDED.filter((name) => name in request.headers)) {
    const value = Buffer.from(request.headers[name], 'latin1').toString();
    // The rest of such a header is another one each time.
    text += ` ${name}=${value.startsWith('Digest ') ? 'Digest' : value}`;
  }
  if (body.length === 0) return text;
  return `${text} ${body.length > SHORT ? `${body.length} bytes` : body}`;
}

const MEDIA_TYPES = { 'page.html': 'text/html; charset=utf-8', 'program.js': 'text/javascript', 'program_bg.wasm': 'application/wasm' };

async function answer(request, response, prefix, elsewhere) {
  response.setHeader('Connection', 'close');
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate');
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Headers', 'Authorization');
    return response.end();
  }
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const [, name, path] = /^\/([^/]*)\/?(.*)$/.exec(request.url);
  const file = path.split('?')[0];
  if (name === 'page' && file in MEDIA_TYPES) {
    const root = file === 'page.html' ? __dirname : join(folder, 'web');
    response.setHeader('Content-Type', MEDIA_TYPES[file]);
    return response.end(readFileSync(join(root, file)));
  }
  if (name === 'report') {
    report = JSON.parse(body.toString());
    return response.end();
  }
  const known = record.get(name) ?? [];
  record.set(name, known);
  known.push(prefix + sent(request, path, body));
  response.on('close', () => response.writableFinished || known.push('gone'));
  const handle = all.find((one) => one.name === name)?.answer ?? running;
  return handle(response, { name, path, number: known.length, elsewhere });
}

function listen(prefix, elsewhere) {
  const server = createServer((request, response) => answer(request, response, prefix, elsewhere).catch(() => response.destroy()));
  server.unref();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

async function until(found, patience) {
  const start = Date.now();
  while (!found() && Date.now() - start < patience) await sleep(20);
  return found();
}

// The host, what it says, and whether it ended well.
function start(command, args, environment) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const host = { child, said: '', status: undefined };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (host.said += data));
  child.on('error', (error) => (host.status = String(error)));
  child.on('close', (status, signal) => (host.status = status ?? signal));
  process.on('exit', () => child.kill('SIGKILL'));
  return host;
}

async function inNode(_page, urls) {
  const host = start('node', ['--expose-gc', join(__dirname, 'run.cjs'), join(folder, 'node/program.js'), ...urls]);
  await until(() => host.status !== undefined, PATIENCE);
  if (host.status !== 0) throw new Error(`node did not end well: ${host.status ?? 'its time is over'}\n${host.said}`);
  return host.said.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

async function inBrowser(page, urls) {
  const profile = join(folder, 'profile');
  // What is cached of another run would not be asked for.
  rmSync(profile, { recursive: true, force: true });
  // Root may not have a sandbox, and a container may have no memory to share.
  const options = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--remote-debugging-port=0'];
  const target = `${page}?cases=${urls.join(',')}`;
  const host = start(program, [...options, `--user-data-dir=${profile}`, target], libraries && { LD_LIBRARY_PATH: libraries });
  const said = await until(() => report, PATIENCE);
  host.child.kill('SIGKILL');
  if (!said) {
    console.error(`error: the page did not end; the server was asked for ${[...record.keys()].join(', ')}\n${host.said}`);
    process.exit(UNENDED);
  }
  return said;
}

// What is not as it should be with a case. Some of it is only seen after a while.
async function problem({ name, sent }, said) {
  const told = said.find((one) => one.name === name);
  if (!told) return 'the program says nothing of it';
  if (told.wrong) return told.wrong;
  // When it is seen that a client is gone is chance.
  const seen = () => (record.get(name) ?? []).toSorted((one, other) => (one === 'gone') - (other === 'gone'));
  const same = await until(() => isDeepStrictEqual(seen(), sent), SEEN);
  return same ? null : `the server was sent\n${seen().join('\n')}\ninstead of\n${sent.join('\n')}`;
}

(async () => {
  const version = spawnSync(program, ['--version'], { env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) } });
  console.log(`\n${cases.length} cases in ${isBrowser ? '' : 'Node.js '}${String(version.stdout).trim()}`);
  const elsewhere = await listen('elsewhere: ');
  const home = await listen('', elsewhere);
  const urls = cases.map(({ name, isElsewhere }) => `${isElsewhere ? elsewhere : home}/${name}`);
  const said = await (isBrowser ? inBrowser : inNode)(`${home}/page/page.html`, urls);
  for (const one of cases) {
    const wrong = await problem(one, said);
    if (wrong) process.exitCode = 1;
    console.log(`${wrong ? 'FAILED' : 'ok    '}  ${one.name.padEnd(17)} ${one.shows}${wrong ? `\n        ${wrong}` : ''}`);
  }
  process.exit();
})().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
