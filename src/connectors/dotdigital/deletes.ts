// Bulk delete of contacts by id. Never by address: an address may by now be somebody else's.
import type { MarketingConnector, MarketingRow, RowOutcome } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { awaitJob, isGoneJob, submitWhenFree } from './await-job.ts';
import { stillThere } from './find-contacts.ts';
import { fromJobId, toJobId } from './job-id.ts';
import { anyCase, deleteAccepted, deletedContact, deleteFailure, deleteStatus, idText } from './wire.ts';

/** Most contacts in one call. (contacts service) */
const DELETE_LIMIT = 5000;

type Deleting = Pick<MarketingConnector, 'submitDelete' | 'awaitDelete'>;

interface Verdicts {
  readonly deleted: Set<string>;
  readonly failed: Map<string, { readonly code: string; readonly message: string }>;
  /** Jobs that ended as `Failed`. */
  failedJobs: number;
  /** Jobs the service no longer knows. */
  lostJobs: number;
  /** The service counted every contact as deleted or unknown without naming them. */
  allAccountedFor: boolean;
}

/** A contact that no longer exists counts as done. Deleted contacts stay in the recycle bin for 30 days. (D1) */
export function createDeleting(calls: AccountCalls): Deleting {
  function submit(ids: readonly string[]): Promise<string> {
    return submitWhenFree(calls, () =>
      calls.send({
        method: 'POST',
        path: '/contacts/v3/delete',
        scope: 'contact-delete',
        // By immutable id: a second copy finds nothing left to delete.
        idempotent: true,
        body: { json: ids.map((id) => ({ contactId: Number(id) })) },
        read: (reply) => deleteAccepted.parse(reply.json()).deleteId,
      }),
    );
  }

  async function collect(id: string, verdicts: Verdicts): Promise<void> {
    const result = await awaitJob(calls, `delete ${id}`, async () => {
      try {
        const answer = await calls.send({
          method: 'GET',
          path: `/contacts/v3/delete/${encodeURIComponent(id)}`,
          name: '/contacts/v3/delete/…',
          scope: 'contact-delete-status',
          read: (reply) => deleteStatus.parse(reply.json()),
        });
        return ['finished', 'complete', 'completed', 'failed'].includes(answer.status.toLowerCase())
          ? answer
          : 'pending';
      } catch (error) {
        if (isGoneJob(error)) return null;
        throw error;
      }
    });
    if (result === null) {
      verdicts.lostJobs += 1;
      return;
    }
    for (const item of result.deleted ?? []) {
      const contactId = idText.safeParse(anyCase(deletedContact.safeParse(item).data, 'contactId'));
      if (contactId.success) verdicts.deleted.add(contactId.data);
    }
    for (const item of result.failures ?? []) {
      const failure = deleteFailure.safeParse(item).data;
      const contactId = idText.safeParse(anyCase(failure?.identifier, 'contactId'));
      const [first] = failure?.failures ?? [];
      if (!contactId.success) continue;
      if (first?.failureCode.toLowerCase() === 'contactnotfound') verdicts.deleted.add(contactId.data);
      else
        verdicts.failed.set(contactId.data, {
          code: first?.failureCode ?? 'unknown',
          message: first?.description ?? '',
        });
    }
    if (result.status.toLowerCase() === 'failed') verdicts.failedJobs += 1;
    const { summary } = result;
    const covered = summary && summary.deletedContacts + summary.unknownContacts >= summary.requestedContacts;
    verdicts.allAccountedFor &&= covered === true;
  }

  /** Whom a finished delete deleted need not be told: those it does not name either way are looked for. (contacts service, delete) */
  async function lookUp(rows: readonly MarketingRow[], verdicts: Verdicts): Promise<void> {
    const { deleted, failed, failedJobs, lostJobs, allAccountedFor } = verdicts;
    if (failedJobs > 0 || lostJobs > 0 || allAccountedFor) return;
    const open = new Set(rows.flatMap(({ id }) => (isId(id) && !deleted.has(id) && !failed.has(id) ? [id] : [])));
    const there = await stillThere(calls, [...open]).catch((error: unknown) => {
      if (!(error instanceof ConnectorError) || error.kind === 'cancelled') throw error;
      return open;
    });
    for (const id of open) if (!there.has(id)) deleted.add(id);
  }

  return {
    async submitDelete(rows) {
      const all = [...new Set(rows.flatMap((row) => (isId(row.id) ? [row.id] : [])))];
      const ids: string[] = [];
      for (let at = 0; at < all.length; at += DELETE_LIMIT) ids.push(await submit(all.slice(at, at + DELETE_LIMIT)));
      return { kind: 'delete', id: toJobId({ ids, refused: [] }) };
    },
    async awaitDelete(job, rows) {
      const { ids } = fromJobId(job.id);
      const verdicts: Verdicts = {
        deleted: new Set(),
        failed: new Map(),
        failedJobs: 0,
        lostJobs: 0,
        allAccountedFor: ids.length > 0,
      };
      for (const id of ids) await collect(id, verdicts);
      await lookUp(rows, verdicts);
      return rows.map((row) => outcomeOf(row.key, row.id, verdicts));
    },
  };
}

function outcomeOf(key: string, id: string | null, verdicts: Verdicts): RowOutcome {
  if (!isId(id))
    return { key, type: 'failed', code: 'noValidIdentifiers', message: 'only a contact whose id is known is deleted' };
  if (verdicts.deleted.has(id)) return { key, type: 'done', id, created: false, warning: null };
  const failure = verdicts.failed.get(id);
  if (failure !== undefined) return { key, type: 'failed', ...failure };
  if (verdicts.lostJobs > 0) return { key, type: 'unknown', message: 'Dotdigital no longer knows the delete' };
  if (verdicts.failedJobs > 0)
    return { key, type: 'failed', code: 'failed', message: 'Dotdigital could not carry out the delete' };
  if (verdicts.allAccountedFor) return { key, type: 'done', id, created: false, warning: null };
  return { key, type: 'unknown', message: 'the delete ended without naming this contact' };
}

function isId(id: string | null): id is string {
  return id !== null && /^\d+$/.test(id) && Number.isSafeInteger(Number(id));
}
