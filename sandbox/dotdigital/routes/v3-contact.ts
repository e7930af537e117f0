// One contact in v3: create, read, upsert, replace, delete.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MergeOption } from '../domain/apply-write.ts';
import { type CheckedWrite, checkWrite, isRefused, type WriteProblem } from '../domain/checked-write.ts';
import { findReadable, IDENTIFIER_NAME, isIdentifier, isIdentifierValue } from '../domain/identifiers.ts';
import { deleteContact } from '../domain/recycle-bin.ts';
import { replaceContact } from '../domain/replace-contact.ts';
import { createContact, findConflict, findWritable, updateContact, upsertContact } from '../domain/upsert-contact.ts';
import { isObject, isProblems, type WriteKind, WriteReader } from '../domain/write-shape.ts';
import { queryParam } from '../http/query.ts';
import { type ContactRow, isLive } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { type Refusal, refuseInvalidId, refuseUnknownContact, refuseV3 } from '../wire/refusal.ts';
import { createContactWriter, writeFullContact } from '../wire/v3-contact.ts';
import type { SandboxParts } from './sandbox-parts.ts';
import { readView } from './v3-contact-list.ts';

interface ByIdentifier {
  Params: { identifier: string; value: string };
}

function readIdentifier(account: DotdigitalAccount, request: FastifyRequest<ByIdentifier>): [string, string] {
  const { identifier, value } = request.params;
  const fits = IDENTIFIER_NAME.test(identifier) && isIdentifier(account, identifier);
  if (!fits || !isIdentifierValue(identifier, value)) throw refuseInvalidId(identifier, value);
  return [identifier, value];
}

function refuseProblems(problems: readonly WriteProblem[]): Refusal {
  const id = problems.find(({ identifier }) => identifier !== undefined);
  if (id?.identifier !== undefined) return refuseInvalidId(id.identifier, id.item);
  const details = problems.map(({ item, description }) => ({ item, description }));
  return refuseV3(400, 'contacts:invalidContacts', 'Invalid contact data', details);
}

function refuseConflict(account: DotdigitalAccount, identifier: string, value: string): Refusal {
  return refuseV3(
    409,
    `contacts:${account.switches.conflictCode}`,
    `The id value '${value}' for the identifier '${identifier}' already exists. All identifiers must be unique!`,
  );
}

/** A body held against its documented shape and the account. Throws the refusal. */
function readWrite(account: DotdigitalAccount, body: unknown, kind: WriteKind): CheckedWrite {
  if (!isObject(body)) throw refuseV3(400, 'contacts:badRequest', 'The request body must be a JSON object');
  if (kind !== 'update' && body['identifiers'] === undefined) {
    throw refuseV3(400, 'contacts:badRequest', 'The Identifiers field is required.', [
      { item: 'identifiers', description: 'The Identifiers field is required.' },
    ]);
  }
  const shape = new WriteReader(kind, account.switches.enumCase === 'strict').read(body);
  if (isProblems(shape)) {
    const [first] = shape;
    throw refuseV3(400, 'contacts:badRequest', first?.description ?? 'The request is not valid', shape.map(detail));
  }
  const write = checkWrite(account, shape, account.clock.now());
  if (isRefused(write)) throw refuseProblems(write);
  if (write.leftOut.length > 0) throw refuseProblems(write.leftOut);
  return write;
}

const detail = ({
  item,
  description,
}: {
  item: string;
  description: string;
}): { item: string; description: string } => ({
  item,
  description,
});

const MERGE: Readonly<Record<string, MergeOption>> = {
  overwrite: 'overwrite',
  'overwrite-if-not-empty': 'overwriteIfNotEmpty',
  'overwrite-if-empty': 'overwriteIfEmpty',
};

function readMergeOption(request: FastifyRequest): MergeOption {
  const text = queryParam(request, 'merge-option') ?? 'overwrite';
  const merge = MERGE[text];
  if (merge) return merge;
  throw refuseV3(400, 'contacts:badRequest', `The merge-option '${text}' is not known`);
}

function createOne(account: DotdigitalAccount, write: CheckedWrite): ContactRow {
  const conflict = findConflict(account, write.identifiers, undefined);
  if (conflict) throw refuseConflict(account, conflict.identifier, conflict.value);
  const { email } = write.identifiers;
  const binned = email === undefined ? undefined : findWritable(account, 'email', email);
  const now = account.clock.now();
  const result = binned
    ? updateContact(account, binned, write, 'overwrite', now)
    : createContact(account, write, 'single', now);
  if (result.kind === 'refused') throw refuseProblems([result.problem]);
  if (result.kind === 'conflict') throw refuseConflict(account, result.identifier, result.value);
  return result.row;
}

/** Adds the calls about one contact. */
export function registerV3Contact(app: FastifyInstance, { account }: SandboxParts): void {
  const medium = { config: { tier: 'medium' } } as const;
  const path = '/contacts/v3/:identifier/:value';

  app.post('/contacts/v3', medium, (request, reply) => {
    const row = createOne(account, readWrite(account, request.body, 'create'));
    return reply.code(201).send(writeFullContact(account, row));
  });

  app.get<ByIdentifier>(path, { config: { tier: 'high' } }, (request) => {
    const [identifier, value] = readIdentifier(account, request);
    const row = findReadable(account, identifier, value);
    if (!row) throw refuseUnknownContact(identifier, value);
    if (account.switches.getOneReturns === 'full') return writeFullContact(account, row);
    return createContactWriter(account, readView(account, request))(row);
  });

  app.patch<ByIdentifier>(path, medium, (request, reply) => {
    const [identifier, value] = readIdentifier(account, request);
    const merge = readMergeOption(request);
    const write = readWrite(account, request.body, 'update');
    const result = upsertContact(account, identifier, value, write, merge, 'single', account.clock.now());
    if (result.kind === 'conflict') throw refuseConflict(account, result.identifier, result.value);
    if (result.kind === 'refused') {
      if (identifier === 'contactId') throw refuseUnknownContact(identifier, value);
      throw refuseProblems([result.problem]);
    }
    return reply.code(result.kind === 'created' ? 201 : 200).send(writeFullContact(account, result.row));
  });

  app.put<ByIdentifier>(path, medium, (request) => {
    const [identifier, value] = readIdentifier(account, request);
    const write = readWrite(account, request.body, 'replace');
    const row = findReadable(account, identifier, value);
    if (!isLive(row)) throw refuseUnknownContact(identifier, value);
    const result = replaceContact(account, row, write, account.clock.now());
    if (result.kind === 'conflict') throw refuseConflict(account, result.identifier, result.value);
    if (result.kind === 'refused') throw refuseProblems([result.problem]);
    return writeFullContact(account, row);
  });

  app.delete<ByIdentifier>(path, medium, (request) => {
    const [identifier, value] = readIdentifier(account, request);
    const row = findReadable(account, identifier, value);
    if (!isLive(row)) throw refuseUnknownContact(identifier, value);
    deleteContact(account, row, account.clock.now());
    return { contactId: row.contactId };
  });
}
