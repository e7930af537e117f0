// One hold with everything around it, and the correction of a value on the side that is at fault.
import { ROLES } from '../../core/model/identity.ts';
import { RunStopped } from '../../engine/engine.ts';
import { editableOf, fixValue } from '../../engine/fix-value.ts';
import { keptMapping } from '../../engine/pair-values.ts';
import { getCrm } from '../../store/crm-records.ts';
import { decisionOfHold } from '../../store/decisions.ts';
import { getHolds, holdRecordRefs, type StoredHold } from '../../store/holds.ts';
import { getMarketing } from '../../store/marketing-records.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { Calls } from '../call.ts';
import type { HoldDetail } from '../contract/holds.ts';
import type { ApiHost } from '../host.ts';
import { shownValue } from '../show/actions.ts';
import { crmRecordOf, marketingRecordOf } from '../show/records.ts';
import { holdOf } from './hold-calls.ts';

/** Records of a hold that are shown; a hold of hundreds of duplicates names the first ones. */
const SHOWN = 20;

export function fixCalls(host: ApiHost): Calls<'getHold' | 'fixHold'> {
  const { store } = host;

  return {
    getHold: async ({ params, signal }) => detail(await need(params.hold), signal),

    fixHold: async ({ params, body, signal, note }) => {
      const hold = await need(params.hold);
      const { connection } = hold;
      // Which value was corrected is told, not what it is: the log outlives the people it is about.
      const { system, recordId, field } = body;
      note({ connection, subject: hold.id, detail: { code: hold.code, system, recordId, field } });
      const engine = await host.engine(connection, signal);
      const fixed = await fixValue(engine, hold, body).catch((error: unknown) => {
        throw error instanceof RunStopped ? new ApiError('conflict', error.message) : error;
      });
      switch (fixed.type) {
        case 'done':
          host.events.tell('holds', { connection });
          return detail(await need(hold.id), signal);
        case 'moved':
          throw new ApiError(
            'conflict',
            `The value is ${JSON.stringify(fixed.now)} by now: somebody changed it. Look again.`,
          );
        case 'unfit':
          throw new ApiError('bad-request', `The value ${fixed.why}.`, {
            problems: [{ path: 'body.value', message: fixed.why }],
          });
        case 'gone':
          throw new ApiError('conflict', 'The record is gone in the service.');
        default:
          return fixed satisfies never;
      }
    },
  };

  async function need(id: string): Promise<StoredHold> {
    const [hold] = await getHolds(store, [id]);
    if (hold === undefined) throw notFound('hold');
    return hold;
  }

  async function detail(hold: StoredHold, signal: AbortSignal): Promise<HoldDetail> {
    const { connection } = hold;
    const refs = (await holdRecordRefs(store, [hold.id])).slice(0, SHOWN);
    const crm = await Promise.all(
      ROLES.map((role) =>
        getCrm(
          store,
          connection,
          role,
          refs.flatMap((ref) => (ref.system === 'crm' && ref.entity === role ? [ref.id] : [])),
        ),
      ),
    );
    const marketing = await getMarketing(
      store,
      connection,
      refs.flatMap((ref) => (ref.system === 'marketing' ? [ref.id] : [])),
    );
    // A connection that was removed since still has its holds to look at.
    const entry = await host.book.get(connection);
    const engine = entry !== null ? await host.engine(connection, signal) : null;
    const listNames = engine === null ? null : ((await keptMapping(engine))?.listNames ?? null);
    const editable = engine === null ? [] : await editableOf(engine, hold);
    const answer = hold.state === 'fixed' ? null : await decisionOfHold(store, hold);
    return {
      ...holdOf(host, hold),
      decided: answer === null ? null : { choice: answer.choice, at: answer.decidedAt, by: answer.decidedBy },
      crm: crm.flat().map((one) => crmRecordOf(entry, one)),
      marketing: marketing.map((one) => marketingRecordOf(one, listNames ?? new Map())),
      editable: editable.map((one) => ({
        ...one,
        value: shownValue(one.value),
        choices: one.choices === null ? null : [...one.choices],
      })),
    };
  }
}
