// The cases of the program: what each shows, what the server has to be sent, and what it answers.
//
// `sent` lists all requests in their order, and then a `gone` for each that was ended before its answer. A request is written as it
// arrives: method, target, the headers that matter, and the content. `answer` gets the response, the path, the number of the request
// within its case, and the other origin; without it, the answer is the running import. `inBrowsers` is whether browsers do the same:
// what they do instead is a case of its own. `isElsewhere` sends the requests to an origin that is not the page's.
'use strict';

const { gzipSync } = require('node:zlib');
const { setTimeout: sleep } = require('node:timers/promises');

const RUNNING = '{"completed":false,"update_time":"2026-05-04T03:02:01Z","ingested_objects":7}';
const COMPLETED = RUNNING.replace('false', 'true');
const JSON_TYPE = { 'Content-Type': 'application/json' };
const EVENTS_TYPE = { 'Content-Type': 'text/event-stream' };

// The request of most cases: the state of an import.
const AUTHORIZED = 'accept=application/json authorization=Basic a2V5OnNlY3JldA==';
const IMPORT = '/repositories/lake/branches/main/import';
const STATUS = `GET ${IMPORT}?id=i1 ${AUTHORIZED}`;
// The same with a header that the client sends with every request.
const STATUS_WITH_KEY = `${STATUS} x-key=k1`;

// How long a client may take to be gone.
const PATIENCE = 10_000;

// An answer with a length.
function whole(response, status, headers, body = '') {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

// Writes until nobody listens.
async function endless(response, headers, piece, pause) {
  response.writeHead(200, headers);
  const start = Date.now();
  while (!response.destroyed && Date.now() - start < PATIENCE) {
    response.write(piece);
    await sleep(pause);
  }
  response.end();
}

// Waits until nobody listens.
async function listenedTo(response) {
  const start = Date.now();
  while (!response.destroyed && Date.now() - start < PATIENCE) await sleep(20);
  response.end();
}

const running = (response) => whole(response, 200, JSON_TYPE, RUNNING);
const away = (response, { name, path, elsewhere }) =>
  path === 'moved' ? running(response) : whole(response, 302, { Location: `${elsewhere}/${name}/moved` });

exports.running = running;

exports.cases = [
  {
    name: 'get',
    shows: 'a query, credentials, a decoded answer',
    sent: [`GET ${IMPORT}?id=a%20b%2Fc%3F ${AUTHORIZED}`],
    // Headers are bytes, which Node.js takes for Latin 1.
    answer: (response) =>
      whole(response, 200, { ...JSON_TYPE, 'X-Served-By': Buffer.from('café').toString('latin1') }, RUNNING),
  },
  {
    name: 'post',
    shows: 'a JSON body',
    sent: [
      `POST ${IMPORT} ${AUTHORIZED} content-length=112 content-type=application/json ` +
        '{"paths":[{"type":"object","path":"s3://bucket/Größe","destination":"größe"}],"commit":{"message":"import"}}',
    ],
    answer: (response) => whole(response, 202, JSON_TYPE, '{"id":"i1"}'),
  },
  {
    name: 'failure',
    shows: 'an error with the documented body',
    sent: [STATUS],
    answer: (response) => whole(response, 404, JSON_TYPE, '{"message":"no such import"}'),
  },
  { name: 'headers', shows: 'headers of the client and of a call, beyond ASCII', sent: [`${STATUS_WITH_KEY} x-name=Grüße`] },
  {
    name: 'digest',
    shows: 'the answer to a challenge',
    // A challenge from the page's origin would open a dialog in a browser, and the page would wait for it.
    isElsewhere: true,
    sent: ['elsewhere: GET /status accept=*/*', 'elsewhere: GET /status accept=*/* authorization=Digest'],
    answer: (response, { number }) => {
      const challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256';
      return number === 1 ? whole(response, 401, { 'WWW-Authenticate': challenge }) : running(response);
    },
  },
  {
    name: 'provider',
    shows: 'a token that is asked for once',
    sent: ['GET /status accept=*/* authorization=Bearer t1', 'GET /status accept=*/* authorization=Bearer t1'],
  },
  {
    name: 'compressed',
    shows: 'an answer that the host has decoded',
    sent: [STATUS],
    answer: (response) => whole(response, 200, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, gzipSync(RUNNING)),
  },
  { name: 'no-connection', shows: 'nobody listens', sent: [], inBrowsers: false },
  { name: 'mock', shows: 'an answer without a network (feature `test`)', sent: [] },
  {
    name: 'upload',
    shows: 'a body from a reader',
    sent: ['PUT /upload accept=*/* content-length=200000 content-type=application/octet-stream 200000 bytes'],
  },
  {
    name: 'events',
    shows: 'server-sent events, as they come',
    sent: ['GET /events accept=text/event-stream'],
    answer: async (response) => {
      response.writeHead(200, EVENTS_TYPE);
      response.write('event: tick\ndata: {"number": 1}\n\n');
      await sleep(400);
      response.end('id: e2\ndata: {"number": 2}\n\ndata: [DONE]\n\n');
    },
  },
  {
    name: 'dropped',
    shows: 'a stream that is dropped ends the request',
    sent: ['GET /events accept=text/event-stream', 'gone'],
    answer: (response) => endless(response, EVENTS_TYPE, 'data: {}\n\n', 20),
  },
  {
    name: 'retry',
    shows: 'again after 503, when the server wants it',
    sent: [STATUS, STATUS],
    answer: (response, { number }) =>
      number === 1 ? whole(response, 503, { 'Retry-After': '1' }) : running(response),
  },
  { name: 'time-limit', shows: 'the limit of a call, without an answer', sent: [STATUS, 'gone'], answer: listenedTo },
  {
    name: 'endless',
    shows: 'the limit of a call, in a body without end',
    sent: [STATUS, 'gone'],
    answer: (response) => endless(response, JSON_TYPE, ' '.repeat(1 << 14), 1),
  },
  {
    name: 'silence',
    shows: 'the limit of silence, in a body',
    sent: [STATUS, 'GET /raw accept=*/*', 'gone', 'gone'],
    answer: (response) => {
      response.writeHead(200, JSON_TYPE);
      response.write('{');
      return listenedTo(response);
    },
  },
  {
    name: 'long-limits',
    shows: 'limits that no timer of JavaScript can be set to',
    sent: ['GET /slow accept=*/*'],
    answer: async (response) => {
      await sleep(300);
      whole(response, 200, {}, 'slow');
    },
  },
  {
    name: 'wait',
    shows: 'a job until its end',
    sent: [STATUS, STATUS, STATUS],
    answer: (response, { number }) => whole(response, 200, JSON_TYPE, number === 3 ? COMPLETED : RUNNING),
  },
  {
    name: 'redirect',
    shows: 'a redirect to the same origin',
    sent: [STATUS_WITH_KEY, `GET /moved ${AUTHORIZED} x-key=k1`],
    answer: (response, { number }) =>
      number === 1 ? whole(response, 307, { Location: '/redirect/moved' }) : running(response),
    inBrowsers: false,
  },
  {
    name: 'redirect-away',
    shows: 'a redirect to another origin, without secrets',
    sent: [STATUS_WITH_KEY, 'elsewhere: GET /moved accept=application/json'],
    answer: away,
    inBrowsers: false,
  },
  {
    name: 'browser-redirect',
    shows: 'a redirect that the host follows',
    sent: [STATUS, STATUS, 'elsewhere: GET /moved accept=application/json'],
    answer: away,
  },
  { name: 'browser-secret', shows: 'a redirect that the host must not follow', sent: [STATUS_WITH_KEY], answer: away },
  { name: 'browser-cookie', shows: 'a cookie that the host would drop', sent: [] },
  {
    name: 'cookie',
    shows: 'a cookie that the host sends',
    sent: [`GET ${IMPORT}?id=i1 accept=application/json cookie=internal_auth_session=session`],
    inBrowsers: false,
  },
];
