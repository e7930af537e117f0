// approve, reject and undo as a user runs them, against both simulated services. (R14, D18, decisions 25-27)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { command } from './undoing.ts';

const MANY = 40;

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

/** Everybody in step; then all but one are deleted in Sell, and that one is edited. */
async function massDelete(): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let n = 0; n <= MANY; n += 1)
    ids.push(
      world.sell.world.createContact({
        first_name: `A${n}`,
        last_name: 'Many',
        email: `a${n}@example.com`,
        customer_status: 'current',
      }).id,
    );
  await world.cycle('align');
  await world.cycle('sync');
  const [kept, ...gone] = ids;
  for (const id of gone) world.sell.world.deleteContact(id);
  world.sell.world.updateContact(kept ?? 0, { first_name: 'Kept' });
  return ids;
}

const present = (): readonly (string | null)[] =>
  [...world.dotdigital.world.contacts()].filter((contact) => contact.deletedAt <= 0).map(({ email }) => email);

describe('a mass delete above its brake', () => {
  it('D18, R9, R14: is parked with exit code 4, the rest of the run goes on, and the plan can be read', async () => {
    await massDelete();
    const sync = await command(world, 'sync');
    expect([sync.code, sync.run.state]).toEqual([4, 'parked']);
    expect(present()).toHaveLength(MANY + 1);
    expect(world.dotdigital.world.contact('a0@example.com')?.fields['FIRSTNAME']).toBe('Kept');
    const { id } = sync;
    const shown = await world.words('runs', id);
    expect(shown.stdout).toContain('waits for approval');
    expect(shown.stdout).toMatch(/D1 +delete/);
    expect((await command(world, 'holds', '--code', 'BRAKE_PARKED')).json.holds).toHaveLength(MANY);
  });

  it('decision 26: is parked with exit code 4 although another record failed, and partial once that is decided', async () => {
    await massDelete();
    world.dotdigital.world.planJob('contact-import', { status: 'Failed' });
    const sync = await command(world, 'sync');
    expect([sync.code, sync.run.state, sync.run.failures.length]).toEqual([4, 'parked', 1]);
    expect((await command(world, 'runs')).json.runs.find(({ id }) => id === sync.id)?.state).toBe('parked');
    expect((await command(world, 'reject', sync.id)).json.decided).toBe(MANY);
    expect((await command(world, 'runs', sync.id)).run.state).toBe('partial');
  });

  it('R14, R15: approve takes the beginning of the id, deletes what still holds, and names what does not', async () => {
    const ids = await massDelete();
    const { id } = await command(world, 'sync');
    // Edited in Dotdigital since: deleting it needs a new look. (D17)
    world.dotdigital.world.editContact('a9@example.com', { fields: { FIRSTNAME: 'Nina' } });
    expect(ids).toHaveLength(MANY + 1);
    const approved = await command(world, 'approve', id.slice(0, 8));
    expect(approved.run).toMatchObject({
      connection: 'acme',
      kind: 'sync',
      actions: { byKind: { delete: MANY - 1 } },
    });
    expect(approved.run.message).toContain('a9@example.com');
    expect([...present()].sort()).toEqual(['a0@example.com', 'a9@example.com']);
    expect((await command(world, 'holds', '--code', 'BRAKE_PARKED')).json.holds).toEqual([]);
    const again = await command(world, 'approve', id);
    expect([again.code, again.json.decided]).toEqual([0, 0]);
    expect((await world.words('approve', id)).stdout).toContain('Nothing of run');
    expect((await command(world, 'runs', id)).run.state).not.toBe('parked');
  });

  it('R14: what was approved does not count towards the day: the next single delete goes through', async () => {
    const [kept = 0] = await massDelete();
    const { id } = await command(world, 'sync');
    expect((await command(world, 'approve', id)).run.actions.byKind['delete']).toBe(MANY);
    world.sell.world.deleteContact(kept);
    expect(await command(world, 'sync')).toMatchObject({ code: 0, run: { actions: { byKind: { delete: 1 } } } });
    expect(present()).toEqual([]);
  });

  it('R14: reject leaves everything as it is, for good', async () => {
    await massDelete();
    const { id } = await command(world, 'sync');
    const rejected = await command(world, 'reject', id);
    expect([rejected.code, rejected.json.decided]).toEqual([0, MANY]);
    expect(present()).toHaveLength(MANY + 1);
    await expectQuiet(world);
    await expectQuiet(world);
    expect(present()).toHaveLength(MANY + 1);
    expect((await command(world, 'approve', id)).json.decided).toBe(0);
  });
});

describe('undo from the command line', () => {
  it('decision 27: shows the plan without --yes, applies it with --yes, parks deletes above the brake with exit code 4', async () => {
    for (let n = 0; n < MANY; n += 1)
      world.sell.world.createContact({
        first_name: `A${n}`,
        last_name: 'Many',
        email: `a${n}@example.com`,
        customer_status: 'current',
      });
    const aligned = await command(world, 'align', '--yes');
    const { id } = aligned;
    const plan = await command(world, 'undo', id);
    expect([plan.code, plan.run.planned?.length, present().length]).toEqual([0, MANY, MANY]);
    expect(plan.run.planned?.[0]).toMatchObject({ row: 'R17', kind: 'delete', system: 'dotdigital' });
    const words = await world.words('undo', id);
    expect(words.stdout).toContain('give --yes to apply it');
    const undone = await command(world, 'undo', id, '--yes');
    expect([undone.code, undone.run]).toEqual([
      4,
      expect.objectContaining({ kind: 'undo', state: 'parked', skipped: [] }),
    ]);
    const approved = await command(world, 'approve', undone.id);
    expect([approved.code, approved.run.kind, present().length]).toEqual([0, 'undo', 0]);
    await expectQuiet(world);
  });

  it('contract 2: says what it does not know with exit code 2, and what wrote nothing', async () => {
    for (const name of ['undo', 'approve', 'reject']) {
      const answer = await command(world, name, 'no-such-run');
      expect([name, answer.code, answer.json.error.message]).toEqual([name, 2, 'there is no run "no-such-run"']);
    }
    const preview = await command(world, 'align', '--preview');
    const answer = await command(world, 'undo', preview.id, '--yes');
    expect([answer.code, answer.json.error.message]).toEqual([2, expect.stringContaining('wrote nothing')]);
  });
});
