// The tables of lead status and of disappearances: the answers people rely on, and laws over every combination of facts.
import { describe, expect, it } from 'vitest';
import { DISAPPEARANCE_TABLE, type DisappearanceFacts } from '../../../src/core/lifecycle/disappearance.table.ts';
import { LEAD_STATUS_TABLE, type LeadStatusFacts } from '../../../src/core/lifecycle/lead-status.table.ts';

function every<F extends { readonly [name: string]: string }>(
  facts: { readonly [N in keyof F]: readonly F[N][] },
): readonly F[] {
  let all: Record<string, string>[] = [{}];
  for (const [name, words] of Object.entries(facts))
    all = all.flatMap((one) => (words as readonly string[]).map((word) => ({ ...one, [name]: word })));
  return all as F[];
}

function decide<F, T>(table: { decide(facts: F): T }, facts: F): T | null {
  try {
    return table.decide(facts);
  } catch {
    return null;
  }
}

describe('lead status', () => {
  const all = every<LeadStatusFacts>(LEAD_STATUS_TABLE.facts);

  it('L3, L5: a side that may not be written never is', () => {
    for (const facts of all) {
      const then = decide(LEAD_STATUS_TABLE, facts)?.then;
      if (then === 'move-list') expect(facts.targets, JSON.stringify(facts)).not.toBe('to-crm');
      if (then === 'set-status') expect(facts.targets, JSON.stringify(facts)).not.toBe('to-marketing');
      if (facts.targets === 'none')
        expect(then === 'move-list' || then === 'set-status', JSON.stringify(facts)).toBe(false);
    }
  });

  it('L8, L10, decision 24: only somebody taken off all lists pauses', () => {
    for (const facts of all)
      if (decide(LEAD_STATUS_TABLE, facts)?.then === 'pause') expect(facts.lists, JSON.stringify(facts)).toBe('none');
  });

  it.each([
    [{ crm: 'same', lists: 'changed', equal: 'no', targets: 'both', winner: 'crm' }, 'L5', 'set-status'],
    [{ crm: 'changed', lists: 'changed', equal: 'no', targets: 'both', winner: 'crm' }, 'L9', 'move-list'],
    [{ crm: 'same', lists: 'lost', equal: 'no', targets: 'both', winner: 'crm' }, 'L10', 'move-list'],
    [{ crm: 'same', lists: 'lost', equal: 'no', targets: 'to-crm', winner: 'crm' }, 'L10', 'drift'],
    [{ crm: 'same', lists: 'left', equal: 'no', targets: 'both', winner: 'crm' }, 'L8', 'drift'],
    [{ crm: 'same', lists: 'back', equal: 'no', targets: 'both', winner: 'crm' }, 'L8', 'move-list'],
  ] as const)('%o is %s: %s', (facts, id, then) => {
    expect(LEAD_STATUS_TABLE.decide(facts)).toMatchObject({ id, then });
  });
});

describe('disappearances', () => {
  const all = every<DisappearanceFacts>(DISAPPEARANCE_TABLE.facts);
  const deletes = all.filter((facts) =>
    ['delete', 'queue-delete'].includes(decide(DISAPPEARANCE_TABLE, facts)?.then ?? ''),
  );

  it('S8, S15, D17: a delete needs a record that is gone for good, nobody else it could be, and an untouched contact', () => {
    expect(deletes.length).toBeGreaterThan(0);
    for (const facts of deletes)
      expect(facts, JSON.stringify(facts)).toMatchObject({
        what: 'deleted',
        successor: 'none',
        twin: 'none',
        related: 'no',
        marketing: 'present',
        edited: 'no',
      });
  });

  it('D19: what is only hidden is held and nothing else', () => {
    for (const facts of all)
      if (facts.what === 'hidden')
        expect(decide(DISAPPEARANCE_TABLE, facts)?.then ?? 'hold-hidden', JSON.stringify(facts)).toBe('hold-hidden');
  });

  it('D8-D10: a conversion never deletes, marks or waits', () => {
    for (const facts of all) {
      const then = decide(DISAPPEARANCE_TABLE, facts)?.then;
      if (facts.what === 'converted' && then !== undefined)
        expect(
          ['sever-both-gone', 'sever-converted', 'relink-contact', 'sever-to-shadow', 'hold-collision'],
          JSON.stringify(facts),
        ).toContain(then);
    }
  });
});
