// Simulated people at work on two running accounts: the same seed does the same, everything is done sooner or later, and it is told as it is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../sandbox/clock.ts';
import { createEditors } from '../../../sandbox/people/editors.ts';
import { type RunningSandbox, startSandbox } from '../../../sandbox/start.ts';

const settings = { people: 1000, seed: 2, limits: 'off' } as const;
const clock = () => new ManualClock({ start: Date.UTC(2026, 5, 1) });
const sandboxes: RunningSandbox[] = [];
beforeAll(async () => {
  sandboxes.push(
    await startSandbox({ ...settings, clock: clock() }),
    await startSandbox({ ...settings, clock: clock() }),
  );
});
afterAll(async () => {
  await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
});

const dump = ({ sellSandbox: { world }, dotdigitalSandbox }: RunningSandbox): unknown => ({
  contacts: [...world.state.contacts.values()],
  leads: [...world.state.leads.values()],
  marketing: [...dotdigitalSandbox.world.contacts()],
});

describe('editors', () => {
  it('do the same for the same seed, and something each time', () => {
    const [one, other] = sandboxes as [RunningSandbox, RunningSandbox];
    const before = dump(one);
    expect(dump(other)).toEqual(before);
    const steps = (sandbox: RunningSandbox, seed: number): readonly string[] => {
      const editors = createEditors({ sandbox, seed });
      return Array.from({ length: 600 }, () => editors.step());
    };
    const told = steps(one, 9);
    expect(steps(other, 9)).toEqual(told);
    expect(dump(other)).toEqual(dump(one));
    expect(dump(one)).not.toEqual(before);
    expect(told).not.toContain('Nobody found anything to do');
    for (const word of [
      'new last name',
      'moved, postcode',
      'customer, was',
      'a deal with',
      'is put in tier',
      'is tagged',
      'has a new address',
      'new contact',
      'new lead',
      'moves from',
      'is converted',
      'corrects the first name',
      'preference centre',
      'signs up',
      'is put on the list',
      'is taken off the list',
      'unsubscribes',
      'Both:',
      'lacked a first name',
      'had no usable address',
    ]) {
      expect(
        told.some((line) => line.includes(word)),
        word,
      ).toBe(true);
    }
    expect(
      told.filter((line) => line.startsWith('Sell: contact') && line.endsWith('is deleted')).length,
    ).toBeGreaterThan(0);
    expect(told.filter((line) => line.endsWith('is deleted')).length).toBeLessThan(30);
  });

  it('tell what the accounts show afterwards', () => {
    const [sandbox] = sandboxes as [RunningSandbox];
    const editors = createEditors({ sandbox, seed: 77 });
    let checked = 0;
    for (let n = 0; n < 300; n += 1) {
      const line = editors.step();
      const moved = /^Sell: contact (\d+) .* moved, postcode .* is now (.+)$/u.exec(line);
      if (moved !== null) {
        expect(sandbox.sellSandbox.world.readContact(Number(moved[1]))).toMatchObject({
          address: { postal_code: moved[2] },
        });
        checked += 1;
      }
      const gone = /^Dotdigital: contact (\d+) .* unsubscribes$/u.exec(line);
      if (gone !== null) {
        expect(sandbox.dotdigitalSandbox.world.contact(Number(gone[1]))?.emailStatus).toBe('unsubscribed');
        checked += 1;
      }
      const lead = /^Sell: lead (\d+) .* moves from .* to (.+)$/u.exec(line);
      if (lead !== null) {
        expect(sandbox.sellSandbox.world.readLead(Number(lead[1]))).toMatchObject({ status: lead[2] });
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(30);
  });
});

describe('editors of an empty account', () => {
  it('can only add people', async () => {
    const sandbox = await startSandbox({ people: 0, seed: 2, limits: 'off' });
    try {
      const editors = createEditors({ sandbox, seed: 1 });
      expect(editors.step()).toMatch(/new contact|new lead|signs up/);
    } finally {
      await sandbox.stop();
    }
  });
});
