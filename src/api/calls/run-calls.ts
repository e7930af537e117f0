// Runs: listed, watched, started, decided, taken back. Starts them and hands back their id; never waits for one.

import { z } from 'zod';
import type { Role } from '../../core/model/identity.ts';
import { parkedCount, reject } from '../../engine/decide.ts';
import { RunStopped } from '../../engine/engine.ts';
import { askedRun, cancelAskedRun } from '../../store/asked-runs.ts';
import { notesOfRun } from '../../store/notes.ts';
import { getRun, listRuns, type StoredRun } from '../../store/runs.ts';
import { ApiError, notFound } from '../api-error.ts';
import { type Calls, cursorOf, pageOf, readCursor, timeAndId } from '../call.ts';
import type { ApiHost, BookEntry } from '../host.ts';
import { actionPage } from '../show/actions.ts';
import { isDry, isOver, runDetail, runOf, unrecordedDetail, waitingDetail } from '../show/runs.ts';
import { needConnection, refuseBusy, startRun } from './run-starter.ts';

type RunCalls = Calls<
  | 'listRuns'
  | 'startRun'
  | 'getRun'
  | 'listRunActions'
  | 'listRunNotes'
  | 'cancelRun'
  | 'approveRun'
  | 'rejectRun'
  | 'previewUndo'
  | 'undoRun'
>;

export function runCalls(host: ApiHost): RunCalls {
  const { store, runs } = host;

  return {
    listRuns: async ({ query }) => {
      const { cursor, limit, connection, kind, state } = query;
      const [startedAt = '', id = ''] = cursor === undefined ? [] : readCursor(cursor, timeAndId);
      const found = await listRuns(store, {
        limit: limit + 1,
        ...(connection === undefined ? {} : { connection }),
        ...(kind === undefined ? {} : { kinds: kind }),
        ...(state === undefined ? {} : { states: state }),
        ...(cursor === undefined ? {} : { before: { startedAt, id } }),
      });
      const items = await Promise.all(found.map((run) => runOf(host, run)));
      return pageOf(
        items,
        limit,
        (run) => run,
        (last) => cursorOf(last.startedAt, last.id),
      );
    },

    startRun: async ({ body, note }) => {
      const { connection, kind, only, full, people } = body;
      const entry = await needConnection(host, connection);
      refuseParts(entry, only);
      if (people !== undefined && kind !== 'align' && kind !== 'preview')
        throw new ApiError('bad-request', 'Only an alignment can be tried with some people first.');
      const options = { kind, full, ...partsOf(only), ...triedOf(people) };
      const id = await startRun(host, connection, { type: 'cycle', options });
      note({ subject: id });
      return { id };
    },

    getRun: async ({ params }) => {
      const run = await getRun(store, params.run);
      if (run !== null) return runDetail(host, run);
      const waiting = await askedRun(store, params.run);
      if (waiting !== null) return waitingDetail(waiting);
      const early = runs.unrecorded(params.run);
      if (early === null) throw notFound('run');
      return unrecordedDetail(early);
    },

    listRunActions: async ({ params, query }) => {
      await needRun(params.run);
      return actionPage(host, params.run, query);
    },

    listRunNotes: async ({ params, query }) => {
      await needRun(params.run);
      const { cursor, limit } = query;
      const [offset = 0] = cursor === undefined ? [] : readCursor(cursor, z.tuple([z.int().min(0).max(10_000_000)]));
      const notes = await notesOfRun(store, params.run, { offset, limit: limit + 1 });
      return pageOf(
        notes,
        limit,
        ({ row, text, emailKey, at }) => ({
          row,
          why: host.say.row(row),
          text: host.say.text(text),
          email: emailKey,
          at,
        }),
        () => cursorOf(offset + limit),
      );
    },

    cancelRun: async ({ params }) => {
      // Where it waits for a worker, whichever takes it up hears of it.
      const asked = await cancelAskedRun(store, params.run);
      if (!(await host.breakOff(params.run)) && !asked)
        throw new ApiError(
          'conflict',
          'No service has this run: it ended, or it was begun by hand and is to be ended there.',
        );
      return { id: params.run };
    },

    approveRun: async ({ params, note }) => {
      const run = await needParked(params.run);
      note({ connection: run.connection });
      const kind = run.kind === 'undo' ? 'undo' : 'sync';
      return { id: await startRun(host, run.connection, { type: 'approve', run: run.id, kind }) };
    },

    rejectRun: async ({ params, signal, note }) => {
      const run = await needParked(params.run);
      note({ connection: run.connection });
      await refuseBusy(host, run.connection);
      try {
        const rejected = await reject(await host.engine(run.connection, signal), run.id);
        host.events.tell('run', {
          id: run.id,
          connection: run.connection,
          kind: run.kind,
          state: 'ok',
          progress: null,
        });
        host.events.tell('holds', { connection: run.connection });
        return { rejected };
      } catch (error) {
        if (error instanceof RunStopped) throw new ApiError('conflict', error.message);
        throw error;
      }
    },

    previewUndo: ({ params, note }) => takeBack(params.run, true, note),
    undoRun: ({ params, note }) => takeBack(params.run, false, note),
  };

  async function takeBack(id: string, preview: boolean, note: (entry: { readonly connection: string }) => void) {
    const run = await needRun(id);
    note({ connection: run.connection });
    if (isDry(run.kind) || run.kind === 'verify')
      throw new ApiError('conflict', 'This run wrote nothing, so there is nothing to undo.');
    if (!isOver(run)) throw new ApiError('conflict', 'This run is still under way.');
    return { id: await startRun(host, run.connection, { type: 'undo', run: run.id, preview }) };
  }

  async function needRun(id: string): Promise<StoredRun> {
    const run = await getRun(store, id);
    if (run === null) throw notFound('run');
    return run;
  }

  async function needParked(id: string): Promise<StoredRun> {
    const run = await needRun(id);
    if ((await parkedCount(store, id)) === 0)
      throw new ApiError('conflict', 'Nothing of this run waits for approval: it may have been decided already.');
    return run;
  }
}

type Part = 'contacts' | 'leads' | 'consent' | 'products';

function refuseParts({ parts, name }: BookEntry, only: readonly Part[] | undefined): void {
  const off = (only ?? []).filter((part) => !parts[part]);
  if (off.length > 0)
    throw new ApiError(
      'bad-request',
      `Switched off for ${name}: ${off.join(' and ')}. Switch it on in the settings, or leave it out.`,
    );
}

function triedOf(people: number | readonly string[] | undefined) {
  if (people === undefined) return {};
  return typeof people === 'number' ? { limit: people } : { addresses: people };
}

/** As the command line understands `--only`. */
function partsOf(only: readonly Part[] | undefined) {
  if (only === undefined) return { only: null };
  const roles: Role[] = [];
  if (only.includes('contacts')) roles.push('contact');
  if (only.includes('leads')) roles.push('lead');
  const people = only.some((part) => part !== 'products');
  return {
    only: roles,
    products: only.includes('products') ? ('now' as const) : ('never' as const),
    ...(people ? {} : { people: false as const }),
  };
}
