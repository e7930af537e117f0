// Which brake a write counts towards, and when it trips. (R14, decision 25)
import { describe, expect, it } from 'vitest';
import { type BrakeKind, type Brakes, brakeOf, trippedBrakes } from '../../../src/core/plan/brakes.ts';

const BRAKE = { count: 10, percent: 5, action: 'park' } as const;
const BRAKES: Brakes = {
  create: BRAKE,
  update: { count: 100, percent: 50, action: 'alert' },
  clear: BRAKE,
  delete: BRAKE,
  listRemove: BRAKE,
  unsubscribe: BRAKE,
  unsubscribeStop: BRAKE,
  resubscribe: BRAKE,
};
const tripped = (run: number, day: number, links: { contact: number; lead: number }, kind: BrakeKind = 'delete') =>
  trippedBrakes([{ kind, role: 'contact', run, day }], links, BRAKES);

describe('R14: a write counts towards', () => {
  it.each([
    ['create', false, false, 'create'],
    ['update', false, false, 'update'],
    ['update', true, false, 'clear'],
    ['delete', true, false, 'delete'],
    ['list-remove', false, false, 'listRemove'],
    ['list-add', false, false, null],
    ['set-consent', false, true, 'resubscribe'],
    ['set-consent', false, false, 'unsubscribe'],
  ] as const)('%s (clears: %s, subscribes: %s): %s', (kind, clears, subscribes, brake) => {
    expect(brakeOf(kind, clears, subscribes)).toBe(brake);
  });
});

describe('decision 25: a brake trips above the larger of its count and its share of the active links', () => {
  it.each([
    [10, 0, 100, null],
    [11, 0, 100, 10],
    [10, 1, 100, 10],
    [15, 0, 300, null],
    [16, 0, 300, 15],
    // A share is counted down to whole links.
    [15, 0, 319, null],
    [16, 0, 319, 15],
    [16, 0, 320, null],
    // Yesterday's alone parks nothing of this run.
    [0, 99, 100, null],
    [1, 99, 100, 10],
  ] as const)('%i in this run, %i in the day before it, %i links: %s', (run, day, contact, limit) => {
    expect(tripped(run, day, { contact, lead: 100_000 }).map((brake) => brake.limit)).toEqual(
      limit === null ? [] : [limit],
    );
  });

  it('says which, and what follows', () => {
    expect(tripped(11, 0, { contact: 100, lead: 0 })).toEqual([
      { kind: 'delete', role: 'contact', run: 11, day: 0, limit: 10, action: 'park' },
    ]);
    expect(tripped(101, 0, { contact: 100, lead: 0 }, 'update')).toMatchObject([{ limit: 100, action: 'alert' }]);
  });

  it('each object and kind for itself', () => {
    const counts = [
      { kind: 'create', role: 'contact', run: 8, day: 0 },
      { kind: 'create', role: 'lead', run: 8, day: 0 },
      { kind: 'clear', role: 'lead', run: 11, day: 0 },
    ] as const;
    expect(trippedBrakes(counts, { contact: 0, lead: 0 }, BRAKES).map(({ kind, role }) => [kind, role])).toEqual([
      ['clear', 'lead'],
    ]);
  });
});
