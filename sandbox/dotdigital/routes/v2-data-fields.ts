// Data fields: list, create, delete. There is no call that changes one.

import type { FastifyInstance } from 'fastify';
import { createDataField, deleteDataField, listedFields } from '../domain/data-field-writes.ts';
import { writeV2FieldValue } from '../domain/field-values.ts';
import { v2Body } from '../http/query.ts';
import type { DataField } from '../state/data-field-registry.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** Adds the calls under `/v2/data-fields`. */
export function registerDataFields(app: FastifyInstance, { account }: SandboxParts): void {
  const write = (field: DataField): object => ({
    name: field.name,
    type: field.type,
    visibility: field.visibility,
    defaultValue: writeV2FieldValue(field, field.defaultValue, { ...account.switches, fieldValueJson: 'native' }),
  });

  app.get('/v2/data-fields', { config: { tier: 'high' } }, () => listedFields(account).map(write));

  app.post('/v2/data-fields', { config: { tier: 'medium' } }, (request, reply) => {
    const field = createDataField(account, v2Body(request.body));
    return account.switches.createFieldBody ? reply.code(201).send(write(field)) : reply.code(201).send();
  });

  app.delete<{ Params: { name: string } }>('/v2/data-fields/:name', { config: { tier: 'medium' } }, (request) => {
    const { name } = request.params;
    const dependencies = account.fieldDependencies.get(name.toUpperCase());
    if (dependencies) return { dependencies, result: false };
    deleteDataField(account, name);
    return { dependencies: null, result: true };
  });
}
