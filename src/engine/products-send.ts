// Sends planned product writes: intent before the call, outcome after it; a job of a run that died is asked how it ended.
// Never decides what is sent, and takes nothing for accepted that the service did not report so. (K1, K6, K10)
import type { CatalogueOutcome } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import type { Hold } from '../core/model/hold.ts';
import { productHold } from '../core/products/plan-products.ts';
import type { ProductRecord } from '../core/products/product.ts';
import { openProductHolds } from '../store/product-holds.ts';
import {
  discardPlannedProducts,
  markProductsSent,
  openProductWrites,
  type ProductSettlement,
  productWrites,
  type StoredProductWrite,
  setProductJob,
  settleProducts,
} from '../store/products.ts';
import type { Engine } from './engine.ts';

type Write = StoredProductWrite<ProductRecord>;

/** What became of a batch. `complete`: every write has an outcome that need not be tried again at once. */
interface Sent {
  readonly complete: boolean;
  readonly holds: readonly Hold[];
}

/** Everything a run planned for the catalogue: upserts, then deletes. @returns what was rejected; null when something is to be tried again at once by the next run */
export async function sendPlanned(engine: Engine, collection: string, runId: string): Promise<readonly Hold[] | null> {
  try {
    const planned = await plannedProducts(engine, runId);
    const records = await sendRecords(
      engine,
      collection,
      planned.filter(({ after }) => after !== null),
    );
    const deletes = await deleteRecords(
      engine,
      collection,
      planned.filter(({ after }) => after === null),
    );
    return records.complete && deletes.complete ? records.holds : null;
  } finally {
    await discardPlannedProducts(engine.store, runId);
  }
}

async function plannedProducts(engine: Engine, runId: string): Promise<readonly Write[]> {
  return Array.fromAsync(productWrites<ProductRecord>(engine.store, runId, ['planned']));
}

/** Below the 50 MB that the service takes in one body. */
const BATCH_BYTES = 40 * 1024 * 1024;
/** Code of an outcome that says the job failed as a whole, and nothing of the record. */
const WHOLE_JOB = 'Failed';

/** Upserts, import by import. Stops at the first import that is not taken: what is left is planned again. */
async function sendRecords(engine: Engine, collection: string, writes: readonly Write[]): Promise<Sent> {
  const { catalogue } = engine.marketing;
  const holds: Hold[] = [];
  let complete = true;
  let done = 0;
  for (const batch of inBatches(writes, catalogue.recordsPerImport)) {
    engine.signal.throwIfAborted();
    const seqs = await intend(engine, batch);
    const jobId = await attempt(engine, batch, () => catalogue.submitRecords(collection, batch.map(recordOf)));
    if (jobId === null) return { complete: false, holds };
    await setProductJob(engine.store, runOf(batch), seqs, jobId);
    const sent = await awaitBatch(engine, jobId, batch);
    holds.push(...sent.holds);
    complete &&= sent.complete;
    done += batch.length;
    engine.progress({ connection: engine.name, phase: 'apply-marketing', done, total: writes.length });
  }
  return { complete, holds };
}

/** (K6) Keys that are not there count as deleted. */
async function deleteRecords(engine: Engine, collection: string, writes: readonly Write[]): Promise<Sent> {
  const { catalogue } = engine.marketing;
  for (const batch of inBatches(writes, catalogue.recordsPerImport)) {
    engine.signal.throwIfAborted();
    await intend(engine, batch);
    const answered = await attempt(engine, batch, async () => {
      await catalogue.deleteRecords(
        collection,
        batch.map(({ id }) => id),
      );
      return true;
    });
    if (answered === null) return { complete: false, holds: [] };
    await settleAs(engine, batch, 'done', null);
  }
  return { complete: true, holds: [] };
}

/** Asks after the jobs of runs that died; what was sent without a job becoming known is sent again, which is harmless. */
export async function recoverProducts(engine: Engine, runId: string): Promise<void> {
  const sent = await openProductWrites<ProductRecord>(engine.store, engine.name, 'sent');
  const jobs = Map.groupBy(
    sent.filter((write) => write.runId !== runId),
    (write) => `${write.runId} ${write.jobId}`,
  );
  for (const writes of jobs.values()) {
    const jobId = writes[0]?.jobId ?? null;
    if (jobId !== null) await awaitBatch(engine, jobId, writes);
    else await settleAs(engine, writes, 'unknown', 'The run ended before the service answered.');
  }
}

async function awaitBatch(engine: Engine, jobId: string, batch: readonly Write[]): Promise<Sent> {
  const outcomes = await engine.marketing.catalogue.awaitRecords(jobId, batch.map(recordOf));
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  const settlements = batch.map((write) => settlementOf(write, byKey.get(write.id)));
  const holds = batch.flatMap((write) => {
    const outcome = byKey.get(write.id);
    return outcome?.type === 'failed' && outcome.code !== WHOLE_JOB ? [rejected(engine, write, outcome.message)] : [];
  });
  await engine.store.transaction(async (tx) => {
    await settleProducts(tx, engine.name, batch, settlements, engine.now());
    await openProductHolds(tx, engine.name, holds, engine.now());
  });
  return { complete: settlements.every(({ state }) => state === 'done' || state === 'held'), holds };
}

function settlementOf({ seq, id }: Write, outcome: CatalogueOutcome | undefined): ProductSettlement {
  switch (outcome?.type) {
    case 'done':
      return { seq, state: 'done', error: null };
    case 'failed':
      return { seq, state: outcome.code === WHOLE_JOB ? 'failed' : 'held', error: outcome.message };
    case 'unknown':
      return { seq, state: 'unknown', error: outcome.message };
    case undefined:
      return { seq, state: 'unknown', error: `The import says nothing of product ${id}.` };
    default:
      return outcome satisfies never;
  }
}

function rejected(engine: Engine, write: Write, reason: string): Hold {
  const { crm = 'the CRM', marketing = 'The marketing system' } = engine.products?.labels ?? {};
  return {
    ...productHold(write.id, 'K10'),
    code: 'REMOTE_REJECTED',
    field: null,
    message: `${marketing} did not take the product "${write.after?.name ?? write.id}": ${reason}.`,
    fix: `Correct the product in ${crm}, or delete the collection in ${marketing} if its properties have other types; the next product synchronisation tries again.`,
  };
}

async function intend(engine: Engine, batch: readonly Write[]): Promise<readonly number[]> {
  const seqs = batch.map(({ seq }) => seq);
  await markProductsSent(engine.store, runOf(batch), seqs, engine.now());
  return seqs;
}

/** Null when the call was not taken, settled as such. An interruption leaves the intent for the next run. */
async function attempt<T>(engine: Engine, batch: readonly Write[], call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind === 'cancelled') throw error;
    await settleAs(engine, batch, error.outcome === 'unknown' ? 'unknown' : 'failed', error.message);
    if (error.kind === 'unauthorized') throw error;
    return null;
  }
}

async function settleAs(
  engine: Engine,
  batch: readonly Write[],
  state: 'done' | 'failed' | 'unknown',
  error: string | null,
): Promise<void> {
  const settlements = batch.map(({ seq }) => ({ seq, state, error }));
  await engine.store.transaction((tx) => settleProducts(tx, engine.name, batch, settlements, engine.now()));
}

function runOf(batch: readonly Write[]): string {
  return batch[0]?.runId ?? '';
}

function recordOf({ id, after }: Write) {
  return { key: id, json: { ...after } as { readonly [property: string]: string | number | boolean } };
}

/** At most so many records and so many bytes each. */
function* inBatches(writes: readonly Write[], size: number): Generator<readonly Write[]> {
  let batch: Write[] = [];
  let bytes = 0;
  for (const write of writes) {
    const more = Buffer.byteLength(JSON.stringify(write.after), 'utf8') + 100;
    if (batch.length > 0 && (batch.length >= size || bytes + more > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(write);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}
