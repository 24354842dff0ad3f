import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { ToolParams, ToolQuery } from './schemas.js';

const refused = { '4xx': { $ref: 'HttpError#' } };

/** The operations. */
export async function tools(app) {
  const stored = new Map();
  const photos = new Map();

  const find = (id) => {
    const tool = stored.get(id);
    if (!tool) throw app.httpErrors.notFound('there is no such tool');
    return tool;
  };
  const refuseTaken = (name) => {
    if ([...stored.values()].some((tool) => tool.name === name)) {
      throw app.httpErrors.conflict(`there is a tool named ${name} already`);
    }
  };

  const reading = {
    onRequest: async (request) => {
      if (request.headers['x-api-key'] !== 'reading') throw app.httpErrors.unauthorized('this API key is unknown');
    },
  };
  const writing = {
    onRequest: async (request) => {
      if (request.headers.authorization !== 'Bearer writing') throw app.httpErrors.unauthorized('this token is unknown');
    },
  };
  const common = { tags: ['tools'] };
  const readable = { ...common, security: [{ apiKey: [] }] };
  const writable = { ...common, security: [{ bearer: [] }] };

  app.get(
    '/tools',
    { ...reading, schema: { ...readable, querystring: ToolQuery, response: { 200: { $ref: 'ToolPage#' }, ...refused } } },
    async (request) => {
      const { category, tag = [], acquiredSince, page, size } = request.query;
      const found = [...stored.values()].filter(
        (tool) =>
          (!category || tool.category === category) &&
          tag.every((wanted) => tool.tags.includes(wanted)) &&
          (!acquiredSince || tool.acquiredOn >= acquiredSince),
      );
      const start = (page - 1) * size;
      return { items: found.slice(start, start + size), total: found.length, page, size };
    },
  );

  app.post(
    '/tools',
    { ...writing, schema: { ...writable, body: { $ref: 'NewTool#' }, response: { 201: { $ref: 'Tool#' }, ...refused } } },
    async (request, reply) => {
      refuseTaken(request.body.name);
      const tool = { ...request.body, id: randomUUID(), createdAt: new Date().toISOString(), hasPhoto: false };
      stored.set(tool.id, tool);
      reply.code(201);
      return tool;
    },
  );

  app.get(
    '/tools/:id',
    { ...reading, schema: { ...readable, params: ToolParams, response: { 200: { $ref: 'Tool#' }, ...refused } } },
    async (request) => find(request.params.id),
  );

  app.patch(
    '/tools/:id',
    {
      ...writing,
      schema: { ...writable, params: ToolParams, body: { $ref: 'ToolChanges#' }, response: { 200: { $ref: 'Tool#' }, ...refused } },
    },
    async (request) => {
      const tool = find(request.params.id);
      const { name } = request.body;
      if (name && name !== tool.name) refuseTaken(name);
      return Object.assign(tool, request.body);
    },
  );

  app.delete(
    '/tools/:id',
    { ...writing, schema: { ...writable, params: ToolParams, response: { 204: Type.Null(), ...refused } } },
    async (request, reply) => {
      const { id } = find(request.params.id);
      stored.delete(id);
      photos.delete(id);
      reply.code(204);
    },
  );

  app.post(
    '/tools/:id/photo',
    {
      ...writing,
      schema: {
        ...writable,
        params: ToolParams,
        consumes: ['multipart/form-data'],
        body: { type: 'object', required: ['file'], properties: { file: { isFile: true } } },
        response: { 200: { $ref: 'Tool#' }, ...refused },
      },
    },
    async (request) => {
      const tool = find(request.params.id);
      photos.set(tool.id, await request.body.file.toBuffer());
      tool.hasPhoto = true;
      return tool;
    },
  );

  app.get(
    '/tools/:id/photo',
    {
      ...reading,
      schema: {
        ...readable,
        params: ToolParams,
        response: {
          200: {
            description: 'The photo',
            content: { 'image/png': { schema: { type: 'string', format: 'binary' } } },
          },
          ...refused,
        },
      },
    },
    async (request, reply) => {
      const photo = photos.get(find(request.params.id).id);
      if (!photo) throw app.httpErrors.notFound('this tool has no photo');
      return reply.type('image/png').send(photo);
    },
  );
}
