// Parts of a run that write at the same time: when one of them fails, the run ends once all of them have. (R4)
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../src/connectors/error.ts';
import { runCycle } from '../../src/engine/cycle.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { engineOf } from './undoing.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
  for (let n = 0; n < 8; n += 1)
    world.sell.world.createContact({ first_name: 'P', last_name: `No ${n}`, email: `p${n}@example.com` });
});
afterEach(() => world.stop());

const refused = new ConnectorError('the credentials were refused', { kind: 'unauthorized', outcome: 'refused' });

describe('R4: jobs that are under way when another one fails', () => {
  it('are settled before the run ends, and nothing new is sent', async () => {
    const engine = await engineOf(world);
    let jobs = 0;
    let under = 0;
    const marketing: Engine['marketing'] = {
      ...engine.marketing,
      rowsPerJob: 1,
      submitImport: async (rows) => {
        jobs += 1;
        if (jobs === 1) throw refused;
        under += 1;
        await wait(100);
        const job = await engine.marketing.submitImport(rows);
        under -= 1;
        return job;
      },
    };
    await runCycle({ ...engine, marketing }, { kind: 'align', only: null, full: false }).catch(() => undefined);
    expect(under).toBe(0);
    expect(jobs).toBe(3);
    const sent = world.dotdigital.requests.read().writes;
    await wait(300);
    expect(world.dotdigital.requests.read().writes).toBe(sent);
  });
});
