// Serves the files of a folder on this machine. As a program, until it is stopped; its argument is the folder.
'use strict';

const { readFile } = require('node:fs');
const { createServer } = require('node:http');
const { basename, extname, join } = require('node:path');

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.wasm': 'application/wasm' };

// Returns the address of the server once it listens.
function serve(folder, port = 0) {
  const server = createServer(({ url }, response) => {
    // A folder without folders.
    const name = basename(new URL(url, 'http://localhost').pathname) || 'index.html';
    readFile(join(folder, name), (error, data) => {
      response.writeHead(error ? 404 : 200, { 'Content-Type': TYPES[extname(name)] ?? 'text/plain', 'Cache-Control': 'no-store' });
      response.end(error ? 'not found' : data);
    });
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/`));
  });
}

module.exports = { serve };

if (require.main === module) serve(process.argv[2], 8000).then(console.log);
