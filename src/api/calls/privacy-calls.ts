// What the law gives a person: everything held about them, their erasure on both sides and here, and the way back in.

import { type Engine, RunStopped } from '../../engine/engine.ts';
import { erasePerson, locateForErasure } from '../../engine/erase-person.ts';
import type { ErasureReceipt } from '../../engine/erasure-receipt.ts';
import { isNobody, personData } from '../../engine/person-export.ts';
import { readmitPerson } from '../../engine/readmit-person.ts';
import { ApiError } from '../api-error.ts';
import type { Calls } from '../call.ts';
import type { Receipt } from '../contract/people.ts';
import type { ApiHost } from '../host.ts';
import { needConnection, refuseBusy } from './run-starter.ts';

type PrivacyCalls = Calls<'exportPerson' | 'previewErasure' | 'erasePerson' | 'readmitPerson'>;

/** @param ended aborts what was started when the service ends */
export function privacyCalls(host: ApiHost, ended: AbortSignal): PrivacyCalls {
  return {
    exportPerson: async ({ params, body, signal, note }) => {
      const { connection } = params;
      const { email } = body;
      note({ subject: email });
      const engine = await engineOf(connection, signal);
      const data = await personData(host.store, connection, email, host.hashAddress, engine.secretKey);
      return {
        email,
        connection,
        exportedAt: new Date(host.now()).toISOString(),
        found: !isNobody(data),
        document: JSON.parse(JSON.stringify(data)) as { [part: string]: never },
      };
    },

    previewErasure: async ({ params, body, signal }) => {
      const engine = await engineOf(params.connection, signal);
      const { crm, marketing, hidden, organisations, scope } = await orConflict(locateForErasure(engine, body.email));
      return {
        addresses: [...scope.addresses],
        crm: crm.map(({ role, id, email, firstName, lastName }) => ({ role, id, email, firstName, lastName })),
        marketing: marketing.map(({ id, email }) => ({ id, email })),
        hidden: hidden.map((one) => ({ ...one })),
        organisations,
      };
    },

    erasePerson: async ({ params, body, note }) => {
      const { connection } = params;
      await needConnection(host, connection);
      await refuseBusy(host, connection);
      // Begun here and not handed on: whom it is about is written down nowhere.
      const id = host.runs.start(connection, 'erase', ended, async (engine) => {
        const { report } = await erasePerson(engine, body.email);
        return report;
      });
      // The run stands for the person: no address outlives its erasure in the audit log.
      note({ subject: id });
      return { id };
    },

    readmitPerson: async ({ params, body, signal, note }) => {
      const engine = await engineOf(params.connection, signal);
      const lifted = await orConflict(readmitPerson(engine, body.email));
      note({ subject: lifted?.erasureId ?? 'nobody' });
      return { erasure: lifted?.erasureId ?? null, optedOut: lifted?.optedOut ?? false };
    },
  };

  async function engineOf(connection: string, signal: AbortSignal): Promise<Engine> {
    await needConnection(host, connection);
    return host.engine(connection, signal);
  }
}

async function orConflict<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof RunStopped ? new ApiError('conflict', error.message) : error;
  });
}

/** @internal A receipt as it is sent. */
export function receiptOf({ id, finishedAt, removed, optedOut, rewritten }: ErasureReceipt): Receipt {
  const { crm, marketing, here, ledger } = removed;
  return { id, finishedAt, removed: { crm: { ...crm }, marketing, here: { ...here }, ledger }, optedOut, rewritten };
}
