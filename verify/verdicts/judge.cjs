// Reads pairs of documents as JSON, one per line, and prints for each whether openapi-diff finds a breaking difference, another one, or none.
const {diffSpecs} = require('openapi-diff');
const {createInterface} = require('node:readline');

(async () => {
  const spec = (content) => ({content, location: 'document.json', format: 'openapi3'});
  for await (const line of createInterface({input: process.stdin})) {
    const [old, next] = JSON.parse(line).map((document) => JSON.stringify(document));
    const found = await diffSpecs({sourceSpec: spec(old), destinationSpec: spec(next)});
    const others = found.nonBreakingDifferences.length + found.unclassifiedDifferences.length;
    console.log(found.breakingDifferencesFound ? 'breaking' : others > 0 ? 'compatible' : 'none');
  }
})();
