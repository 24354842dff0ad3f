// Loaded before Prism: ends it when whoever started it is gone, however that came about, because then its input is closed.
process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume();

// Prism gives up on an answer of more than 2,500 parts, and cuts what is nested deeper than 15 levels, whatever its schema
// requires there. Clients of such documents are worth a test, too.
const sampler = require('@stoplight/json-schema-sampler');
const { sample } = sampler;
sampler.sample = (schema, options, document) => {
  try {
    return sample(schema, { ...options, ticks: 20000, maxSampleDepth: 50 }, document);
  } catch (error) {
    if (!(error instanceof sampler.SchemaSizeExceededError)) throw error;
    return sample(schema, { ...options, ticks: 200000 }, document);
  }
};

// Prism reads a list in a path as text, but its library for templates has split it by then, which ends Prism.
const { URI } = require('uri-template-lite');
const { Template } = URI;
const joined = (value) => (Array.isArray(value) ? value.join(',') : value);
URI.Template = function (text) {
  const template = new Template(text);
  const { match } = template;
  template.match = (uri) => {
    const found = match(uri);
    return found && Object.fromEntries(Object.entries(found).map(([name, value]) => [name, joined(value)]));
  };
  return template;
};
