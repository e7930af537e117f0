// When the laws take two records for compared: no sooner than anybody could, and no later.
import { describe, expect, it } from 'vitest';
import type { Hold, Known, LinkRow } from './known.ts';
import { Meetings, type Question } from './meetings.ts';

const LINK: LinkRow = {
  role: 'contact',
  crm_id: '1',
  marketing_id: '2',
  state: 'active',
  because: null,
  created_at: new Date(105).toISOString(),
  updated_at: new Date(105).toISOString(),
  email_hash: null,
};
const ASKED: Question = { field: 'POSTCODE', oneWay: false, partial: true, untold: () => false };

function known(state: LinkRow['state'] = 'active', holds: readonly Hold[] = []): Known {
  return { links: [{ ...LINK, state }], held: new Map([['sell contact 1', holds]]), apart: new Set() };
}

/** Runs of ten from a hundred on. */
function past(...runs: readonly (readonly [kind: string, whole: boolean, known: Known])[]): Meetings {
  const meetings = new Meetings();
  for (const [n, [kind, whole, seen]] of runs.entries())
    meetings.ended({ kind, began: 100 + 20 * n, ended: 110 + 20 * n, whole }, seen);
  return meetings;
}

describe('R2: when two records were first compared', () => {
  it('is when they were linked, where that run went through', () => {
    expect(past(['align', true, known()], ['sync', true, known()]).metAt(LINK, ASKED)).toEqual({
      at: 105,
      aligned: true,
    });
  });

  it.each([
    ['R11: the run that linked them broke off', false, known()],
    ['C33: they were paused', true, known('paused')],
    ['S25: the record was held', true, known('active', [{ code: 'NAME_MISSING', field: null }])],
    ['C28: the field was held', true, known('active', [{ code: 'VALUE_UNMAPPABLE', field: 'POSTCODE' }])],
  ])('is the end of the next one: %s', (_, whole, seen) => {
    const meetings = past(
      ['align', whole, seen],
      ['sync', false, known()],
      ['sync', true, known()],
      ['sync', true, known()],
    );
    expect(meetings.metAt(LINK, ASKED)).toEqual({ at: 150, aligned: false });
  });

  it.each([
    ['another field was held', [{ code: 'VALUE_UNMAPPABLE', field: 'CITY' }], ASKED],
    ['what was said of them holds no write', [{ code: 'DUP_SHADOWED', field: null }], { ...ASKED, partial: false }],
  ])('is when they were linked: %s', (_, holds, question) => {
    const meetings = past(['align', true, known('active', holds)], ['sync', true, known()]);
    expect(meetings.metAt(LINK, question).at).toBe(105);
  });

  it('C28: one field that does not fit holds the others, unless parts of a record may be written', () => {
    const holds = [{ code: 'VALUE_UNMAPPABLE', field: 'CITY' }];
    const meetings = past(['align', true, known('active', holds)], ['sync', true, known()]);
    expect(meetings.metAt(LINK, { ...ASKED, partial: false }).at).toBe(130);
  });

  it('stays what it was, whatever is held later', () => {
    const holds = [{ code: 'NAME_MISSING', field: null }];
    const meetings = past(['align', true, known()], ['sync', true, known('active', holds)], ['sync', true, known()]);
    expect(meetings.metAt(LINK, ASKED).at).toBe(105);
  });

  it('R4: is the end of the next run where the import may have met the contact', () => {
    const meetings = past(['align', true, known()], ['sync', true, known()]);
    expect(meetings.metAt(LINK, { ...ASKED, untold: ({ began }) => began === 100 }).at).toBe(130);
  });

  it('R7: a database from a backup knows nothing of the runs since', () => {
    const meetings = past(['align', false, known()]);
    meetings.kept();
    meetings.ended({ kind: 'sync', began: 120, ended: 130, whole: true }, known());
    expect([meetings.metAt(LINK, ASKED).at, meetings.nextCycle(0), meetings.ranBetween(125, 126)]).toEqual([
      130,
      130,
      true,
    ]);
    meetings.restored();
    expect([meetings.nextCycle(0), meetings.ranBetween(125, 126)]).toEqual([Infinity, false]);
    meetings.ended({ kind: 'align', began: 140, ended: 150, whole: true }, known());
    expect(meetings.metAt(LINK, ASKED)).toEqual({ at: 150, aligned: true });
  });
});
