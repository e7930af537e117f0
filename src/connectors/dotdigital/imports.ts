// Bulk upsert of contacts: submitting, waiting, telling each row's outcome. Never sends a row again whose fate is unknown.
import type { BulkJob, MarketingConnector, MarketingRow, RowOutcome } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { awaitJob, isGoneJob, submitWhenFree } from './await-job.ts';
import { findContacts } from './find-contacts.ts';
import { endOf, type ImportStatus, importOutcomes, type UnnamedRow } from './import-outcomes.ts';
import { addressKey, type ImportElement, isElement, toElement, toRounds } from './import-rows.ts';
import { fromJobId, type RefusedRow, type Submitted, toJobId } from './job-id.ts';
import { importAccepted, importStatus } from './wire.ts';

/** Largest body of an import, in bytes. (API: sizes) */
const IMPORT_BODY_LIMIT = 50 * 1024 * 1024;
/** Times a refused import may be divided to find the row at fault. */
const DIVISIONS_LIMIT = 40;

type Importing = Pick<MarketingConnector, 'submitImport' | 'awaitImport'>;

/**
 * A row that cannot be sent (no identifier, a new contact without channel state …) fails by itself. Rows for one contact are
 * never in one import: the later ones follow in an import of their own, sent by `awaitImport` when the first is over;
 * after a restart they may be sent again, which is harmless because an import only states values.
 *
 * More than the service takes in one body, or a body it refuses as a whole, is divided; a job then stands for several imports.
 * An import whose answer was lost throws with outcome `unknown` and is not repeated: two copies in flight could end after
 * later writes to the same contacts.
 */
export function createImporting(calls: AccountCalls): Importing {
  async function submit(elements: readonly ImportElement[]): Promise<Submitted> {
    const ids: string[] = [];
    const refused: RefusedRow[] = [];
    const waiting: (readonly ImportElement[])[] = elements.length === 0 ? [] : [elements];
    let divisions = 0;
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const sending = part;
      try {
        ids.push(await submitWhenFree(calls, () => put(sending)));
      } catch (error) {
        const tooLarge = error instanceof ConnectorError && error.code === TOO_LARGE;
        if (!tooLarge && !isRefusedForContent(error)) {
          // What was accepted must be awaited; the rows that are left are named by no import and so looked up.
          if (ids.length > 0) return { ids, refused, brokenOff: true };
          throw error;
        }
        if (part.length === 1 || divisions >= DIVISIONS_LIMIT) {
          refused.push(
            ...part.map(({ row }) => ({ key: row.key, code: error.code ?? 'rejected', message: error.message })),
          );
          continue;
        }
        // The service refuses the whole for one row it cannot stand: halves find it, and all others go through.
        if (!tooLarge) divisions += 1;
        const middle = Math.ceil(part.length / 2);
        waiting.unshift(part.slice(0, middle), part.slice(middle));
      }
    }
    return { ids, refused };
  }

  async function put(elements: readonly ImportElement[]): Promise<string> {
    const json = { mergeOption: 'overwrite', contacts: elements.map((element) => element.contact) };
    const bytes = Buffer.byteLength(JSON.stringify(json), 'utf8');
    if (bytes > IMPORT_BODY_LIMIT) {
      throw new ConnectorError(
        `an import of ${elements.length} contacts has ${bytes} bytes; Dotdigital takes ${IMPORT_BODY_LIMIT}`,
        {
          kind: 'rejected',
          outcome: 'not-sent',
          code: TOO_LARGE,
        },
      );
    }
    return calls.send({
      method: 'PUT',
      path: '/contacts/v3/import',
      scope: 'contact-import',
      idempotent: false,
      body: { json },
      read: (reply) => importAccepted.parse(reply.json()).importId,
    });
  }

  /** Null when the service no longer knows the import. */
  function ask(id: string): Promise<ImportStatus | null> {
    return awaitJob(calls, `import ${id}`, async () => {
      try {
        const result = await calls.send({
          method: 'GET',
          path: `/contacts/v3/import/${encodeURIComponent(id)}`,
          name: '/contacts/v3/import/…',
          scope: 'contact-import-status',
          read: (reply) => importStatus.parse(reply.json()),
        });
        return endOf(result.status) === 'pending' ? 'pending' : result;
      } catch (error) {
        if (isGoneJob(error)) return null;
        throw error;
      }
    });
  }

  async function outcomesOf(job: Submitted, rows: readonly MarketingRow[]): Promise<readonly RowOutcome[]> {
    const refused = new Map(job.refused.map((row) => [row.key, row]));
    const results: ImportStatus[] = [];
    let gone = false;
    for (const id of job.ids) {
      const result = await ask(id);
      if (result === null) gone = true;
      else results.push(result);
    }
    const entire = !gone && job.brokenOff !== true;
    const outcomes = await named(importOutcomes(results, rows, entire));
    return outcomes.map((outcome) => {
      const refusal = refused.get(outcome.key);
      if (refusal !== undefined) return toFailed(refusal);
      return gone && outcome.type !== 'done'
        ? { key: outcome.key, type: 'unknown', message: 'Dotdigital no longer knows the import' }
        : outcome;
    });
  }

  /** Contacts that an import took without naming them are looked up by their address. */
  async function named(outcomes: readonly (RowOutcome | UnnamedRow)[]): Promise<readonly RowOutcome[]> {
    const unnamed = outcomes.filter((outcome) => outcome.type === 'unnamed');
    if (unnamed.length === 0) return outcomes.filter((outcome) => outcome.type !== 'unnamed');
    let why = 'the import ended without naming this row, and nobody is shown under its address';
    const found = await findContacts(
      calls,
      unnamed.map(({ email }) => email),
    ).catch((error: unknown) => {
      if (!(error instanceof ConnectorError) || error.kind === 'cancelled') throw error;
      why = `the import ended without naming this row, and looking it up failed: ${error.message}`;
      return new Map<string, string>();
    });
    return outcomes.map((outcome) => {
      if (outcome.type !== 'unnamed') return outcome;
      const { key, created } = outcome;
      const id = found.get(addressKey(outcome.email));
      return id === undefined
        ? { key, type: 'unknown', message: why }
        : { key, type: 'done', id, created, warning: null };
    });
  }

  /** A following round: what goes wrong with it must not cost the outcomes of the rounds before. */
  async function followUp(round: readonly ImportElement[]): Promise<readonly RowOutcome[]> {
    const rows = round.map((element) => element.row);
    try {
      return await outcomesOf(await submit(round), rows);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.kind === 'cancelled') throw error;
      return rows.map((row) => ({
        key: row.key,
        type: 'unknown',
        message: `the import that follows failed: ${error.message}`,
      }));
    }
  }

  return {
    async submitImport(rows) {
      const [first = []] = toRounds(rows.map(toElement).filter(isElement));
      return { kind: 'import', id: toJobId(await submit(first)) };
    },
    async awaitImport(job: BulkJob, rows) {
      const results = rows.map(toElement);
      const [first = [], ...following] = toRounds(results.filter(isElement));
      const outcomes = new Map<string, RowOutcome>();
      const keep = (outcome: RowOutcome): void => void outcomes.set(outcome.key, outcome);
      for (const result of results) if (!isElement(result)) keep(toFailed(result));
      (
        await outcomesOf(
          fromJobId(job.id),
          first.map((element) => element.row),
        )
      ).forEach(keep);
      for (const round of following) (await followUp(round)).forEach(keep);
      return rows.flatMap((row) => outcomes.get(row.key) ?? []);
    },
  };
}

const TOO_LARGE = 'payload-too-large';

/** Something in the content is at fault, or it is more than the service takes at once. */
function isRefusedForContent(error: unknown): error is ConnectorError {
  if (!(error instanceof ConnectorError) || error.kind !== 'rejected' || error.outcome !== 'refused') return false;
  return error.status === 400 || error.status === 413;
}

function toFailed(row: RefusedRow): RowOutcome {
  return { key: row.key, type: 'failed', code: row.code, message: row.message };
}
