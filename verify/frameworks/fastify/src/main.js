import multipart, { ajvFilePlugin } from '@fastify/multipart';
import sensible from '@fastify/sensible';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify from 'fastify';
import { NewTool, Tool, ToolChanges, ToolPage } from './schemas.js';
import { tools } from './tools.js';

const app = Fastify({ ajv: { plugins: [ajvFilePlugin] } });

await app.register(sensible, { sharedSchemaId: 'HttpError' });
await app.register(multipart, { attachFieldsToBody: true });
await app.register(swagger, {
  openapi: {
    openapi: '3.0.3',
    info: { title: 'Workshop', version: '1.0.0' },
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  },
});
await app.register(swaggerUi, { routePrefix: '/docs' });
for (const schema of [NewTool, Tool, ToolChanges, ToolPage]) app.addSchema(schema);
await app.register(tools);
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2] ?? 3000) });
