// The only place that wires things together: configuration, store, connectors, engine. Decides nothing.
import { createHash, randomUUID } from 'node:crypto';
import { createConnectionBook } from './app/connection-book.ts';
import { crmCredential } from './app/crm-credential.ts';
import { crmLimit, marketingLimit } from './app/limits.ts';
import { openTraces, type Traces } from './app/traces.ts';
import type { App, EngineUse, GrantedOauth, WiredEngine } from './app/wiring.ts';
import type { Config, ConnectionConfig } from './config/config.ts';
import { fingerprint } from './config/fingerprint.ts';
import { secretKeyFor } from './config/secret-key.ts';
import { toSettings } from './config/settings.ts';
import { traceEndpoint } from './config/trace-endpoint.ts';
import { createPaces, type Paces } from './connectors/http/paces.ts';
import { type HttpRuntime, realRuntime } from './connectors/http/runtime.ts';
import { type CrmOptions, createCrm, createMarketing, type MarketingOptions } from './connectors/registry.ts';
import type { ProductSync } from './engine/engine.ts';
import { createTenure } from './engine/tenure.ts';
import { openStore } from './store/open-store.ts';
import { readPace, writePace } from './store/paces.ts';

export { alertChecks } from './app/alert-checks.ts';
export { type Service, startService } from './app/start-service.ts';
export type { App, EngineUse, WiredEngine } from './app/wiring.ts';
// What the command line may use of the rooms behind this door: it imports from here and from nowhere deeper.
export type { Oddity } from './connectors/registry.ts';
export { didYouMean } from './core/mapping/did-you-mean.ts';
export type { Choice } from './core/model/choice.ts';
export { HOLD_CODES, type HoldSeverity } from './core/model/hold.ts';
export type { Role } from './core/model/identity.ts';
export type { Value } from './core/model/value.ts';
export { emailKey } from './core/normalize/email.ts';
export { explainBecause, explainRow } from './core/plan/explain-row.ts';
export { checkConnection } from './engine/check.ts';
export type { Check, CheckContext } from './engine/check-line.ts';
export { type ConnectionStatus, connectionStatus } from './engine/connection-status.ts';
export { type CycleOptions, runCycle } from './engine/cycle.ts';
export { approve, parkedCount, reject } from './engine/decide.ts';
export { decideHold } from './engine/decide-hold.ts';
export { type Phase, type Progress, RunStopped } from './engine/engine.ts';
export { type Erased, erasePerson, locateForErasure } from './engine/erase-person.ts';
export type { ErasureReceipt } from './engine/erasure-receipt.ts';
export { type Explanation, explainAddress, isUnknown } from './engine/explain.ts';
export type { HistoryEntry } from './engine/explain-history.ts';
export { ledgerWitnesses } from './engine/ledger-witnesses.ts';
export type { Located } from './engine/locate-person.ts';
export { isNobody, type PersonData, personData } from './engine/person-export.ts';
export { type ProductAction, plannedProductsOf, productActions } from './engine/product-actions.ts';
export { readmitPerson } from './engine/readmit-person.ts';
export { plannedOf, type RunReport, storedReport } from './engine/report.ts';
export { type Undone, undo } from './engine/undo.ts';
export { type Verification, verify } from './engine/verify.ts';
export { wakeAll, wakeThese } from './engine/wake-holds.ts';
export { createLog } from './jobs/log.ts';
export { listActions, type StoredAction } from './store/actions.ts';
export { backupStore, type CopiedTable, copyStore } from './store/copy-store.ts';
export { StoreError } from './store/error.ts';
export { countHoldsByCode, getHolds, listHolds, type StoredHold } from './store/holds.ts';
export { heldConnections, leaseHolder } from './store/leases.ts';
export { type LedgerEntry, verifyLedger, wholeLedger } from './store/ledger.ts';
export { notesOfRun, type StoredNote } from './store/notes.ts';
export { openStore } from './store/open-store.ts';
export { findRuns, getRun, listRuns, type StoredRun } from './store/runs.ts';
export { pauses } from './store/saved-connections.ts';
export { verifyStore } from './store/verify-store.ts';

/** What a demo, a bench or a test sets otherwise than a user would. */
export interface AppTuning {
  readonly poll?: MarketingOptions['poll'];
  /** Writes to the CRM under way at once. Default 8. */
  readonly crmConcurrency?: number;
  /** Where traces go to. Default: what the environment says. */
  readonly traceEndpoint?: string;
  /** Time, chance and the way out. Default: the machine's. */
  readonly world?: World;
}

/** Everything that a run depends on and that is in neither its database nor its accounts. */
export interface World extends HttpRuntime {
  /** A new UUID. */
  newId(): string;
}

const REAL: World = { ...realRuntime, newId: () => randomUUID() };

const CRM_CONCURRENCY = 8;

/** One wrong host name must not cost a person at a terminal half a minute. Milliseconds. */
const PROBE_PATIENCE = {
  timeoutMs: 15_000,
  retry: { maxAttempts: 3, maxElapsedMs: 6_000, baseDelayMs: 300, maxDelayMs: 2_000 },
} satisfies Pick<CrmOptions, 'timeoutMs' | 'retry'>;
/** Contacts a page of a probe: one page is the sample. */
const PROBE_PAGE = 200;

/** @throws StoreError when the database cannot be used */
export async function openApp(config: Config, tuning: AppTuning = {}): Promise<App> {
  const store = await openStore(config.database);
  let key: Uint8Array | null = null;
  const secretKey = (): Uint8Array => (key ??= secretKeyFor(config));
  let granted: GrantedOauth = () => null;
  const world = tuning.world ?? REAL;
  // Processes that share the machine's clock share the world's, whichever that is.
  const placeTime = (now: number): number => (store.backend.clock === null ? world.now() : now);
  const paces = createPaces(
    {
      read: async (limit) => {
        const pace = await readPace(store, limit);
        return { ...pace, now: placeTime(pace.now) };
      },
      write: async (...pace) => {
        const now = await writePace(store, ...pace);
        return now === null ? null : placeTime(now);
      },
    },
    world,
  );
  const endpoint = tuning.traceEndpoint ?? traceEndpoint();
  const traces = endpoint === null ? null : await openTraces(endpoint);
  const engine: App['engine'] = (connection, use) =>
    wire({ store, secretKey, paces, traces, world }, connection, use, tuning);
  return {
    config,
    store,
    secretKey,
    book: createConnectionBook({ config, store, secretKey, engine, granted: (id) => granted(id) }),
    engine,
    hashAddress,
    grants: (asked) => {
      granted = asked;
    },
    close: async () => {
      await traces?.close();
      await store.close();
    },
  };
}

async function wire(
  {
    store,
    secretKey,
    paces,
    traces,
    world,
  }: Pick<App, 'store' | 'secretKey'> & {
    readonly paces: Paces;
    readonly traces: Traces | null;
    readonly world: World;
  },
  connection: ConnectionConfig,
  use: EngineUse,
  tuning: AppTuning,
): Promise<WiredEngine> {
  const { signal, onOddity } = use;
  const patience = use.probe === true ? PROBE_PATIENCE : {};
  const tracing = traces?.tracing() ?? null;
  const progress = use.progress ?? (() => {});
  const crmConcurrency = tuning.crmConcurrency ?? CRM_CONCURRENCY;
  const tenure = createTenure([() => performance.now(), () => world.now()]);
  return {
    name: connection.name,
    store,
    crm: createCrm({
      ...patience,
      url: connection.sell.url,
      auth: await crmCredential(store, secretKey, connection),
      requestsPerSecond: connection.sell.requestsPerSecond,
      pace: { paces, key: crmLimit(connection), tenant: connection.name },
      concurrency: crmConcurrency,
      runtime: world,
      signal,
      mayCall: tenure.holds,
      watchCall: tracing?.watchCall('crm'),
      onOddity,
    }),
    marketing: createMarketing({
      ...patience,
      ...connection.dotdigital,
      pace: { paces, key: await marketingLimit(store, connection), tenant: connection.name },
      runtime: world,
      signal,
      mayCall: tenure.holds,
      watchCall: tracing?.watchCall('marketing'),
      ...(use.probe === true ? { contactsPerPage: PROBE_PAGE } : {}),
      ...(use.reserve === undefined ? {} : { reserve: use.reserve }),
      ...(onOddity === undefined ? {} : { onOddity }),
      ...(tuning.poll === undefined ? {} : { poll: tuning.poll }),
    }),
    compile: (live, mode) => toSettings(connection, live, mode),
    fingerprint: fingerprint(connection),
    needsUsers: [...connection.contacts.scope.sellOwners, ...connection.leads.scope.sellOwners].some((owner) =>
      owner.includes('@'),
    ),
    createDataFields: connection.createDataFields,
    brakes: connection.brakes,
    retention: connection.retention,
    deleteGraceMs: connection.deleteGraceMs,
    leadLists: connection.leads.enabled
      ? { prefix: connection.leads.listPrefix, enforceSingle: connection.leads.enforceSingleList }
      : null,
    products: productSync(connection),
    crmConcurrency,
    now: () => new Date(world.now()).toISOString(),
    sleep: (ms) => world.sleep(ms, signal),
    startTimer: (ms, fire) => world.startTimer(ms, fire),
    newId: () => world.newId(),
    hashAddress,
    secretKey,
    signal,
    tenure,
    progress: (step) => {
      tracing?.progress(step);
      progress(step);
    },
    ...(tracing === null ? {} : { watch: tracing.watch }),
  };
}

function productSync({ products, schedule }: ConnectionConfig): ProductSync | null {
  const { enabled, collection, currency, urlTemplate, imageTemplate, onRemoved } = products;
  if (!enabled) return null;
  const labels = { crm: 'Sell', marketing: 'Dotdigital' };
  const { productsAt: at, timezone: timeZone } = schedule;
  return { collection, currency, urlTemplate, imageTemplate, onRemoved, labels, at, timeZone };
}

/** As links remember an address without keeping it. (decision 12) */
export function hashAddress(address: string): string {
  return createHash('sha256').update(address).digest('hex');
}
