// A plan over many people leaves room for everything else the process has to do.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCycle } from '../../src/engine/cycle.ts';
import type { Progress } from '../../src/engine/engine.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

/** Plans enough people for several rounds and tells of every step. */
async function preview(signal: AbortSignal, progress: (step: Progress) => void) {
  for (let n = 0; n < 1000; n += 1) {
    world.sell.world.createContact({
      first_name: 'Ada',
      last_name: `No ${n}`,
      email: `ada${n}@example.com`,
      customer_status: 'current',
    });
  }
  const { config, engine } = await world.app();
  const [connection] = config.connections;
  if (connection === undefined) throw new Error('The configuration has a connection.');
  return runCycle(await engine(connection, { signal, progress }), { kind: 'preview', only: null, full: false });
}

describe('planning many people', () => {
  it('R16: lets timers run between two rounds, so that the lease is renewed', async () => {
    const seen: boolean[] = [];
    let ticked = false;
    const report = await preview(new AbortController().signal, ({ phase }) => {
      if (phase !== 'plan') return;
      seen.push(ticked);
      ticked = false;
      setTimeout(() => {
        ticked = true;
      }, 0);
    });
    expect(report.actions.total).toBe(1000);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.slice(1)).not.toContain(false);
  });

  it('stops at an interruption that arrives while it plans', async () => {
    const interrupted = new AbortController();
    let planned = 0;
    const running = preview(interrupted.signal, ({ phase, done }) => {
      if (phase !== 'plan') return;
      planned = done;
      setTimeout(() => interrupted.abort(), 0);
    });
    await expect(running).rejects.toThrow();
    expect(planned).toBeLessThan(1000);
  });
});
