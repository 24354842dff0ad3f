// Loaded before Prism. Prism gives up on an answer of more than 2,500 parts, and cuts what is nested deeper than 15 levels or contains itself,
// whatever its schema requires there. Clients of such documents are worth a test, too.
const sampler = require('@stoplight/json-schema-sampler');
const { sample } = sampler;
sampler.sample = (schema, options, document) => {
  const made = sampled(schema, options, document);
  const kept = whole(schema, made, document, 0);
  return kept === CUT ? made : kept;
};

const sampled = (schema, options, document) => {
  try {
    return sample(schema, { ...options, ticks: 20000, maxSampleDepth: 50 }, document);
  } catch (error) {
    if (!(error instanceof sampler.SchemaSizeExceededError)) throw error;
    return sample(schema, { ...options, ticks: 200000 }, document);
  }
};

// Stands for a value that lacks what its schema requires.
const CUT = Symbol('cut');

// A sample without the optional parts that were cut. What is wrong with it for another reason stays, so that it is noticed.
const whole = (schema, value, document, depth) => {
  const { $ref, example, allOf, oneOf, anyOf } = schema;
  if (value === undefined) return CUT;
  if (depth > 500 || example !== undefined || value === null || typeof value !== 'object') return value;
  if ($ref) return whole(pointed(document, $ref), value, document, depth + 1);
  const parts = [...(allOf || []), ...(oneOf || anyOf || []).slice(0, 1)];
  for (const part of parts) {
    if (value !== CUT) value = whole(part, value, document, depth + 1);
  }
  if (value === CUT) return CUT;
  return Array.isArray(value) ? wholeItems(schema, value, document, depth) : wholeObject(schema, value, document, depth);
};

const wholeItems = ({ items, minItems = 0 }, value, document, depth) => {
  if (!items || Array.isArray(items)) return value;
  const kept = value.map((item) => whole(items, item, document, depth + 1)).filter((item) => item !== CUT);
  return kept.length < Math.min(minItems, value.length) ? CUT : kept;
};

const wholeObject = ({ properties = {}, additionalProperties, required = [] }, value, document, depth) => {
  const described = (name) => (Object.hasOwn(properties, name) ? properties[name] : additionalProperties);
  const kept = {};
  for (const [name, inner] of Object.entries(value)) {
    const schema = described(name);
    const repaired = schema && typeof schema === 'object' ? whole(schema, inner, document, depth + 1) : inner;
    if (repaired !== CUT) kept[name] = repaired;
  }
  return required.every((name) => !Object.hasOwn(properties, name) || Object.hasOwn(kept, name)) ? kept : CUT;
};

const pointed = (document, reference) => {
  const tokens = decodeURIComponent(reference).replace(/^#?\/?/, '').split('/');
  const unescaped = tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return unescaped.reduce((inner, token) => (inner ?? {})[token], document) ?? {};
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
