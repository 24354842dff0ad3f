import { Type } from 'typebox';

export const Category = Type.Union([Type.Literal('hand'), Type.Literal('power'), Type.Literal('measuring')]);

const Bought = Type.Object({
  kind: Type.Literal('bought'),
  shop: Type.String(),
  warrantyMonths: Type.Optional(Type.Integer()),
});

const Rented = Type.Object({
  kind: Type.Literal('rented'),
  lender: Type.String(),
  dueOn: Type.String({ format: 'date' }),
});

const details = {
  name: Type.String({ minLength: 2, maxLength: 60 }),
  category: Category,
  price: Type.Number({ minimum: 0 }),
  acquiredOn: Type.String({ format: 'date' }),
  tags: Type.Optional(Type.Array(Type.String(), { default: [] })),
  notes: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  origin: Type.Union([Bought, Rented]),
};

export const NewTool = Type.Object(details, { $id: 'NewTool' });

export const ToolChanges = Type.Object(
  {
    name: Type.Optional(details.name),
    price: Type.Optional(details.price),
    tags: Type.Optional(Type.Array(Type.String())),
    notes: details.notes,
  },
  { $id: 'ToolChanges' },
);

export const Tool = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    createdAt: Type.String({ format: 'date-time' }),
    hasPhoto: Type.Boolean(),
    ...details,
  },
  { $id: 'Tool' },
);

export const ToolPage = Type.Object(
  { items: Type.Array(Type.Ref('Tool')), total: Type.Integer(), page: Type.Integer(), size: Type.Integer() },
  { $id: 'ToolPage' },
);

export const ToolQuery = Type.Object({
  category: Type.Optional(Category),
  tag: Type.Optional(Type.Array(Type.String(), { description: 'Tags that a tool has to have' })),
  acquiredSince: Type.Optional(Type.String({ format: 'date' })),
  page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
});

export const ToolParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
