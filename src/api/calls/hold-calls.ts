// What waits for a person: listed, counted, tried again, put aside, mended.
import { questionText } from '../../core/lifecycle/questions.table.ts';
import type { HoldCode } from '../../core/model/hold.ts';
import { decideHold } from '../../engine/decide-hold.ts';
import { wakeAll, wakeThese } from '../../engine/wake-holds.ts';
import { countHoldsByCode, getHolds, listHolds, type StoredHold, setHoldState } from '../../store/holds.ts';
import { ApiError, notFound } from '../api-error.ts';
import { type Calls, callerOf, cursorOf, pageOf, readCursor, timeAndId } from '../call.ts';
import type { Hold } from '../contract/holds.ts';
import type { ApiHost } from '../host.ts';

type HoldCalls = Calls<'listHolds' | 'countHolds' | 'retryHolds' | 'ignoreHolds' | 'reopenHolds' | 'decideHold'>;

/** Holds of one code woken in one step. */
const STEP = 500;

export function holdCalls(host: ApiHost): HoldCalls {
  const { store } = host;
  const iso = (): string => new Date(host.now()).toISOString();
  const tell = async (ids: readonly string[]): Promise<void> => {
    const connections = new Set((await getHolds(store, ids)).map(({ connection }) => connection));
    for (const connection of connections) host.events.tell('holds', { connection });
  };

  return {
    listHolds: async ({ query }) => {
      const { cursor, limit, connection, code, severity, state, email } = query;
      const [firstSeen = '', id = ''] = cursor === undefined ? [] : readCursor(cursor, timeAndId);
      const holds = await listHolds(store, {
        limit: limit + 1,
        ...(connection === undefined ? {} : { connection }),
        ...(code === undefined ? {} : { codes: code }),
        ...(severity === undefined ? {} : { severities: severity }),
        ...(state === undefined ? {} : { states: state }),
        ...(email === undefined ? {} : { email }),
        ...(cursor === undefined ? {} : { after: { firstSeen, id } }),
      });
      return pageOf(
        holds,
        limit,
        (hold) => holdOf(host, hold),
        (last) => cursorOf(last.firstSeen, last.id),
      );
    },

    countHolds: async ({ query }) => {
      const names =
        query.connection === undefined ? (await host.book.list()).map(({ name }) => name) : [query.connection];
      const counts = await Promise.all(
        names.map(async (connection) =>
          (await countHoldsByCode(store, connection)).map((count) => ({ connection, ...count })),
        ),
      );
      const codes = counts.flat();
      return { total: codes.reduce((sum, { total }) => sum + total, 0), codes };
    },

    retryHolds: async ({ body, note }) => {
      if ('ids' in body) {
        const woken = await wakeThese(store, body.ids);
        await tell(woken);
        return { changed: woken.length };
      }
      const { connection, code } = body;
      note({ connection, subject: code ?? 'all' });
      const changed = code === undefined ? await wakeAll(store, connection) : await wakeCode(connection, code);
      host.events.tell('holds', { connection });
      return { changed };
    },

    ignoreHolds: async ({ body }) => ({ changed: await move(body.ids, 'ignored') }),
    reopenHolds: async ({ body }) => ({ changed: await move(body.ids, 'open') }),

    decideHold: async (call) => {
      const { hold: holdId } = call.params;
      const by = callerOf(call).user.email;
      const decided = await decideHold(store, { holdId, choice: call.body.choice, by, at: iso() });
      if (decided.type === 'unknown') throw notFound('hold');
      const { connection } = decided.hold;
      call.note({ connection, subject: holdId });
      if (decided.type === 'not-offered')
        throw new ApiError('conflict', 'This hold does not ask that, or asks no longer.');
      await tell([holdId]);
      return holdOf(host, decided.hold);
    },
  };

  async function move(ids: readonly string[], state: 'ignored' | 'open'): Promise<number> {
    const found = await getHolds(store, ids);
    if (found.length === 0) throw notFound('hold');
    const changed = await setHoldState(store, ids, state, iso());
    await tell(ids);
    return changed;
  }

  async function wakeCode(connection: string, code: HoldCode): Promise<number> {
    let changed = 0;
    for (let after: StoredHold | undefined; ; ) {
      const holds: readonly StoredHold[] = await listHolds(store, {
        connection,
        codes: [code],
        limit: STEP,
        ...(after === undefined ? {} : { after }),
      });
      await wakeThese(
        store,
        holds.map(({ id }) => id),
      );
      changed += holds.length;
      after = holds.at(-1);
      if (holds.length < STEP) return changed;
    }
  }
}

/** @internal A hold as it is shown. */
export function holdOf({ say, about }: ApiHost, hold: StoredHold): Hold {
  const { subject: _, asks, ...shown } = hold;
  return {
    ...shown,
    why: say.row(hold.row),
    question: asks === undefined ? null : questionText(asks.key, about.labels),
    choices: (asks?.choices ?? []).map((one) => ({ ...one })),
  };
}
