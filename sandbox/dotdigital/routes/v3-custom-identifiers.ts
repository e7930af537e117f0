// Custom identifiers of the account: list, create, delete. Values of contacts are written with the contacts.

import type { FastifyInstance } from 'fastify';
import { IDENTIFIER_NAME } from '../domain/identifiers.ts';
import { isObject } from '../domain/write-shape.ts';
import { isLive } from '../model/contact-row.ts';
import { refuseV3 } from '../wire/refusal.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const PATH = '/configuration/v3/customIdentifiers';
const MAX_IDENTIFIERS = 10;
const BUILT_IN = ['contactId', 'email', 'mobileNumber'];

/** Adds the calls under `/configuration/v3/customIdentifiers`. */
export function registerCustomIdentifiers(app: FastifyInstance, { account }: SandboxParts): void {
  app.get(PATH, { config: { tier: 'high' } }, () => [...account.customIdentifiers].map((name) => ({ name })));

  app.post(PATH, { config: { tier: 'medium' } }, (request, reply) => {
    const name = isObject(request.body) ? request.body['name'] : undefined;
    if (typeof name !== 'string' || name === '') {
      throw refuseV3(400, 'customIdentifiers:badRequest', 'The Name field is required.');
    }
    if (name.length > 50) {
      throw refuseV3(400, 'customIdentifiers:nameTooLong', 'It must be less than 50 characters');
    }
    if (!IDENTIFIER_NAME.test(name)) {
      throw refuseV3(400, 'customIdentifiers:badRequest', `The name '${name}' is invalid`);
    }
    if (account.customIdentifiers.has(name) || BUILT_IN.includes(name)) {
      throw refuseV3(409, 'customIdentifiers:nameAlreadyExists', `The name '${name}' already exists`);
    }
    if (account.customIdentifiers.size >= MAX_IDENTIFIERS) {
      throw refuseV3(412, 'customIdentifiers:limitExceeded', 'No more custom identifiers can be created');
    }
    account.customIdentifiers.add(name);
    return reply.code(201).send({ name });
  });

  app.delete<{ Params: { name: string } }>(`${PATH}/:name`, { config: { tier: 'medium' } }, (request, reply) => {
    const { name } = request.params;
    if (!account.customIdentifiers.has(name)) {
      throw refuseV3(404, 'customIdentifiers:notExist', `The custom identifier '${name}' does not exist`);
    }
    if (account.contacts.rows.some((row) => isLive(row) && row.customIds?.[name] !== undefined)) {
      throw refuseV3(400, 'customIdentifiers:inUse', `The custom identifier '${name}' is in use`);
    }
    account.customIdentifiers.delete(name);
    return reply.code(204).send();
  });
}
