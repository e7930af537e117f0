// Bulk import and bulk delete of contacts: accept, and tell where they stand. The work itself is in `domain/`.

import type { FastifyInstance } from 'fastify';
import type { MergeOption } from '../domain/apply-write.ts';
import { type DeleteResult, runDelete } from '../domain/contact-delete.ts';
import { type ImportResult, type ImportRow, runImport } from '../domain/contact-import.ts';
import { findJob, isJobId } from '../domain/find-job.ts';
import { isObject, isProblems, WriteReader } from '../domain/write-shape.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { type Refusal, type RefusalDetail, refuseV3 } from '../wire/refusal.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const MERGE_OPTIONS: readonly MergeOption[] = ['overwrite', 'overwriteIfNotEmpty', 'overwriteIfEmpty'];
const MAX_DELETES = 5000;

const badRequest = (description: string, details: readonly RefusalDetail[] = []): Refusal =>
  refuseV3(400, 'contacts:badRequest', description, details);

function readMerge(account: DotdigitalAccount, input: unknown): MergeOption {
  if (input === undefined) return 'overwrite';
  const strict = account.switches.enumCase === 'strict';
  const found = MERGE_OPTIONS.find((option) =>
    strict ? option === input : typeof input === 'string' && option.toLowerCase() === input.toLowerCase(),
  );
  if (found) return found;
  throw badRequest(`The mergeOption '${String(input)}' is not one of ${MERGE_OPTIONS.join(', ')}`);
}

/** The rows of an import; what a row must have is checked here, the rest when it is carried out. */
function readRows(account: DotdigitalAccount, input: unknown): readonly ImportRow[] {
  if (!Array.isArray(input) || input.length === 0) throw badRequest('The Contacts field is required.');
  const details: RefusalDetail[] = [];
  const require = (item: string, name: string): void => {
    details.push({ item, description: `The ${name} field is required.` });
  };
  input.forEach((row: unknown, index) => {
    if (!isObject(row)) {
      details.push({ item: `contacts[${index}]`, description: 'A contact must be an object.' });
      return;
    }
    if (typeof row['matchIdentifier'] !== 'string') require(`contacts[${index}].matchIdentifier`, 'MatchIdentifier');
    if (!isObject(row['identifiers'])) require(`contacts[${index}].identifiers`, 'Identifiers');
  });
  if (details.length === 0 && account.switches.importSchemaViolation === 'reject') {
    const reader = new WriteReader('import', account.switches.enumCase === 'strict');
    (input as readonly ImportRow[]).forEach((row, index) => {
      const shape = reader.read(row);
      if (!isProblems(shape)) return;
      for (const problem of shape) {
        details.push({ item: `contacts[${index}].${problem.item}`, description: problem.description });
      }
    });
  }
  const [first] = details;
  if (first) throw badRequest(first.description, details.slice(0, 100));
  return input as readonly ImportRow[];
}

function registerImports(app: FastifyInstance, account: DotdigitalAccount): void {
  app.put('/contacts/v3/import', { config: { tier: 'low' } }, (request, reply) => {
    const { body } = request;
    if (!isObject(body)) throw refuseV3(400, 'contacts:badJson', 'The request JSON is badly formed');
    const merge = readMerge(account, body['mergeOption']);
    const rows = readRows(account, body['contacts']);
    const { jobs, switches } = account;
    if (jobs.active('contact-import') >= switches.maxActiveImports) {
      throw refuseV3(
        429,
        'contacts:tooManyActiveImports',
        'Your import request cannot be accepted as too many imports are being processed for you account. Please wait for an import to complete and then resubmit.',
      );
    }
    const job = jobs.accept<ImportResult>(
      {
        id: account.ids.uuid(),
        kind: 'contact-import',
        size: rows.length,
        now: account.clock.now(),
        delayMs: switches.importDelayMs,
        polls: switches.importPolls,
      },
      (accepted, at) => runImport(account, accepted, rows, merge, at),
    );
    return reply.code(202).send({ importId: job.id });
  });

  app.get<{ Params: { id: string } }>('/contacts/v3/import/:id', { config: { tier: 'unlimited' } }, (request) => {
    const { id } = request.params;
    if (!isJobId(id)) {
      throw refuseV3(400, 'contacts:invalidId', `The id value '${id}' is not a recognized import identifier`);
    }
    const job = findJob(account, 'contact-import', id);
    if (!job) {
      throw refuseV3(404, 'contacts:importNotFound', `The import request '${id}' could not be found!`);
    }
    const result = job.result as ImportResult | undefined;
    if (!result) {
      account.jobs.countPoll(job);
      return { importId: job.id, status: 'NotFinished' };
    }
    if (result.status !== 'Finished') return { importId: job.id, status: result.status };
    return { importId: job.id, ...told(account, result) };
  });
}

/** As much of a result as the service tells. */
function told({ switches }: DotdigitalAccount, result: ImportResult | DeleteResult): object {
  const { created, updated, deleted, summary, ...rest } = result as Partial<ImportResult & DeleteResult>;
  switch (switches.importReport) {
    case 'named':
      return result;
    case 'counted':
      return { ...rest, summary };
    case 'failures':
      return rest;
  }
}

function registerDeletes(app: FastifyInstance, account: DotdigitalAccount): void {
  app.post('/contacts/v3/delete', { config: { tier: 'low' } }, (request, reply) => {
    const { body } = request;
    if (!Array.isArray(body) || body.length === 0) {
      throw refuseV3(400, 'contacts:noContactsSpecified', 'You must specify 1 or more contacts to be deleted!');
    }
    if (body.length > MAX_DELETES) {
      throw refuseV3(400, 'contacts:noContactsSpecified', `You must not specify more than ${MAX_DELETES} contacts!`);
    }
    const { jobs, switches } = account;
    if (jobs.active('contact-delete') >= switches.maxBulkDeleteJobs) {
      throw refuseV3(
        429,
        'contacts:tooManyBulkDeleteJobs',
        'Your bulk delete request cannot be accepted as too many bulk delete jobs are being processed for you account. Please wait for a bulk delete job to complete and then resubmit.',
      );
    }
    const items = body as readonly unknown[];
    const job = jobs.accept<DeleteResult>(
      {
        id: account.ids.uuid(),
        kind: 'contact-delete',
        size: items.length,
        now: account.clock.now(),
        delayMs: switches.deleteDelayMs,
        polls: 0,
      },
      (accepted, at) => runDelete(account, accepted, items, at),
    );
    return reply.code(202).send({ deleteId: job.id });
  });

  app.get<{ Params: { id: string } }>('/contacts/v3/delete/:id', { config: { tier: 'unlimited' } }, (request) => {
    const { id } = request.params;
    if (!isJobId(id)) {
      throw refuseV3(
        400,
        'contacts:invalidDeleteId',
        `The id value '${id}' is not a recognized deletion job identifier`,
      );
    }
    const job = findJob(account, 'contact-delete', id);
    if (!job) throw refuseV3(404, 'contacts:importNotFound', `The delete request '${id}' could not be found!`);
    const result = job.result as DeleteResult | undefined;
    if (result) return { deleteId: job.id, ...told(account, result) };
    account.jobs.countPoll(job);
    return { deleteId: job.id, status: job.polled === 1 ? 'NotStarted' : 'NotFinished' };
  });
}

/** Adds the import and bulk delete calls. */
export function registerV3Jobs(app: FastifyInstance, { account }: SandboxParts): void {
  registerImports(app, account);
  registerDeletes(app, account);
}
