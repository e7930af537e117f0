// Connections: shown, saved, tested, paused. Secrets go in and never come out.
import { checkConnection } from '../../engine/check.ts';
import type { Check } from '../../engine/check-line.ts';
import { getConnection } from '../../store/connections.ts';
import { pause, pauses, resume } from '../../store/saved-connections.ts';
import { ApiError, notFound } from '../api-error.ts';
import { type Calls, callerOf } from '../call.ts';
import type { Connection, ConnectionSummary, Check as ShownCheck } from '../contract/connections.ts';
import type { ApiHost, BookEntry, Draft, DraftInput, Saved } from '../host.ts';
import type { Say } from '../show/say.ts';

type ConnectionCalls = Calls<
  | 'listConnections'
  | 'getConnection'
  | 'createConnection'
  | 'updateConnection'
  | 'deleteConnection'
  | 'takeOverConnection'
  | 'testConnection'
  | 'pauseConnection'
  | 'resumeConnection'
  | 'exportConfig'
  | 'testAlerts'
>;

export function connectionCalls(host: ApiHost): ConnectionCalls {
  const { store, book, events } = host;
  const iso = (): string => new Date(host.now()).toISOString();

  return {
    listConnections: async () => {
      const paused = await pauses(store);
      const entries = await book.list();
      return { connections: await Promise.all(entries.map((entry) => summaryOf(entry, paused))) };
    },

    getConnection: async ({ params }) => shown(await need(params.connection)),

    createConnection: async (call) => {
      const { settings, authorization } = call.body;
      const name = nameIn(settings);
      call.note({ connection: name });
      const saved = await book.save(name, 0, { settings, authorization }, callerOf(call).user.email);
      return told(saved, `There is a connection "${name}" already.`);
    },

    updateConnection: async (call) => {
      const { connection } = call.params;
      const { version, settings, authorization } = call.body;
      const entry = await needEditable(connection);
      if (nameIn(settings) !== connection) {
        throw new ApiError('bad-request', 'A connection keeps its name: its history goes by it.', {
          problems: [{ path: 'name', message: `expected "${connection}"` }],
        });
      }
      call.note({ detail: { version, changed: changedParts(entry, settings) } });
      const saved = await book.save(connection, version, { settings, authorization }, callerOf(call).user.email);
      return told(saved, 'Somebody else saved this connection meanwhile. Load it again and repeat your changes.');
    },

    deleteConnection: async ({ params }) => {
      await needEditable(params.connection);
      if (host.runs.of(params.connection) !== null)
        throw new ApiError('conflict', 'A run of this connection is under way. Break it off first.');
      await book.remove(params.connection);
      events.tell('connections', {});
      return undefined;
    },

    takeOverConnection: async (call) => {
      const entry = await need(call.params.connection);
      if (entry.source === 'database') throw new ApiError('conflict', 'This connection lives in the database already.');
      await book.takeOver(entry.name, callerOf(call).user.email);
      events.tell('connections', {});
      return shown(await need(entry.name));
    },

    testConnection: async ({ params, signal }) => {
      await need(params.connection);
      const draft = await draftOf(host, { connection: params.connection, settings: null, authorization: null });
      return { checks: await checksOf(host, draft, signal) };
    },

    pauseConnection: async (call) => {
      const entry = await need(call.params.connection);
      await pause(store, entry.name, iso(), callerOf(call).user.email);
      events.tell('connections', {});
      return summaryOf(entry, await pauses(store));
    },

    resumeConnection: async ({ params }) => {
      const entry = await need(params.connection);
      await resume(store, entry.name);
      events.tell('connections', {});
      return summaryOf(entry, await pauses(store));
    },

    exportConfig: async () => ({ yaml: await book.exportYaml() }),

    testAlerts: async ({ params }) => {
      await need(params.connection);
      return { sent: [...(await host.testAlerts(params.connection))] };
    },
  };

  async function need(name: string): Promise<BookEntry> {
    const entry = await book.get(name);
    if (entry === null) throw notFound('connection');
    return entry;
  }

  async function needEditable(name: string): Promise<BookEntry> {
    const entry = await need(name);
    if (entry.source === 'file')
      throw new ApiError(
        'conflict',
        'This connection is managed by the configuration file. Change it there, or take it over first.',
      );
    return entry;
  }

  async function told(saved: Saved, conflict: string): Promise<Connection> {
    if (saved === 'changed-meanwhile') throw new ApiError('conflict', conflict);
    if ('problems' in saved) throw unfit(saved.problems);
    events.tell('connections', {});
    return shown(saved.entry);
  }

  async function summaryOf(entry: BookEntry, paused: ReadonlyMap<string, string>): Promise<ConnectionSummary> {
    const { name, source, profile, everyMs, parts } = entry;
    const stored = await getConnection(store, name);
    return {
      name,
      source,
      profile,
      everyMs,
      parts,
      pausedAt: paused.get(name) ?? null,
      alignedAt: stored?.alignedAt ?? null,
    };
  }

  async function shown(entry: BookEntry): Promise<Connection> {
    const stored = await getConnection(store, entry.name);
    const { version, settings, secrets, effective, savedAt, savedBy } = entry;
    return {
      ...(await summaryOf(entry, await pauses(store))),
      version,
      settings,
      secrets: [...secrets],
      effective: { ...effective } as Connection['effective'],
      savedAt,
      savedBy,
      accounts: { crm: stored?.crmAccountId ?? null, marketing: stored?.marketingAccountId ?? null },
    };
  }
}

/** @internal @throws ApiError `bad-request` with every problem */
export async function draftOf(host: ApiHost, input: DraftInput): Promise<Draft> {
  const draft = await host.book.draft(input);
  if ('problems' in draft) throw unfit(draft.problems);
  return draft;
}

/** @internal */
export async function checksOf({ say }: ApiHost, draft: Draft, signal: AbortSignal): Promise<ShownCheck[]> {
  const { engine, context } = await draft.probe(signal);
  const checks = await checkConnection(engine, context);
  return [...checks, ...draft.extraChecks].map((check) => shownCheck(say, check));
}

/** @internal */
export function unfit(problems: readonly { readonly path: string; readonly message: string }[]): ApiError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new ApiError('bad-request', `The settings have ${count}.`, { problems: problems.map((one) => ({ ...one })) });
}

function shownCheck(say: Say, { id, status, message, fix, path }: Check): ShownCheck {
  return { id, status, message: say.text(message), fix: fix === undefined ? null : say.text(fix), path: path ?? null };
}

function nameIn(settings: { readonly [key: string]: unknown }): string {
  const { name } = settings;
  return typeof name === 'string' ? name.trim() : '';
}

/** Sections that differ, for the audit log. */
function changedParts({ settings }: BookEntry, next: { readonly [key: string]: unknown }): readonly string[] {
  const before: { readonly [key: string]: unknown } = { ...settings };
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  return [...new Set([...Object.keys(before), ...Object.keys(next)])]
    .filter((key) => text(before[key]) !== text(next[key]))
    .sort();
}
