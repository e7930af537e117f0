// The consent columns of the matrix of one person in two roles: who opts out where, and whom it reaches. (4.3, O1, O7, O8)
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { both, contactIn, DELIVERIES, expectDone, leadIn, linkOf, startLeads } from './lead-people.ts';
import { codes } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

type Place = 'ZC' | 'ZL' | 'DD' | 'shadow ZC' | 'held ZC' | 'held ZL' | 'ZL with too long a company' | 'made ZC';

interface Cell {
  readonly row: string;
  readonly has: readonly Place[];
  /** Where the opt-out happens. */
  readonly at: Place;
  /** Everything that says so afterwards. */
  readonly reaches: readonly Place[];
}

const CELLS: readonly Cell[] = [
  { row: 'O1: ZC only, opt-out on ZC', has: ['ZC'], at: 'ZC', reaches: ['ZC', 'DD'] },
  { row: 'O7, O8: ZC only, DD opt-out', has: ['ZC'], at: 'DD', reaches: ['DD', 'ZC'] },
  { row: 'O1: ZL only, opt-out on ZL', has: ['ZL'], at: 'ZL', reaches: ['ZL', 'DD'] },
  { row: 'O7, O8: ZL only, DD opt-out', has: ['ZL'], at: 'DD', reaches: ['DD', 'ZL'] },
  { row: 'O1: ZC + ZL, opt-out on ZC', has: ['ZC', 'ZL'], at: 'ZC', reaches: ['ZC', 'DD', 'ZL'] },
  { row: 'O1: ZC + ZL, opt-out on ZL', has: ['ZC', 'ZL'], at: 'ZL', reaches: ['ZL', 'DD', 'ZC'] },
  { row: 'O7, O8: ZC + ZL, DD opt-out', has: ['ZC', 'ZL'], at: 'DD', reaches: ['DD', 'ZC', 'ZL'] },
  { row: 'O1: ZC + shadow ZC, opt-out on ZC', has: ['ZC', 'shadow ZC'], at: 'ZC', reaches: ['ZC', 'DD'] },
  { row: 'O7, O8: ZC + shadow ZC, DD opt-out', has: ['ZC', 'shadow ZC'], at: 'DD', reaches: ['DD', 'ZC'] },
  { row: 'O1: ZC + ZL, one held, opt-out on ZC', has: ['ZC', 'held ZL'], at: 'ZC', reaches: ['ZC', 'DD'] },
  {
    row: 'O1: ZC + ZL, one held, opt-out on ZL',
    has: ['ZC', 'held ZL'],
    at: 'held ZL',
    reaches: ['held ZL', 'DD', 'ZC'],
  },
  { row: 'O1: never linked, opt-out on ZL', has: ['held ZL'], at: 'held ZL', reaches: ['held ZL', 'DD'] },
  {
    row: 'O7, O8: ZC + ZL, one held, DD opt-out',
    has: ['ZC', 'ZL with too long a company'],
    at: 'DD',
    reaches: ['DD', 'ZC', 'ZL with too long a company'],
  },
  { row: 'O1: never linked, opt-out on ZC', has: ['held ZC'], at: 'held ZC', reaches: ['held ZC', 'DD'] },
  { row: 'O11: never linked, DD opt-out', has: [], at: 'DD', reaches: ['DD', 'made ZC'] },
  { row: 'O12: never linked, DD opt-out, and no names to make a record with', has: [], at: 'DD', reaches: ['DD'] },
  { row: 'O13: never linked, DD opt-out by a bounce alone', has: [], at: 'DD', reaches: [] },
];

const OUT = 'unsubscribed';
const signals = { tags: { optIn: ['newsletter'], optOut: [OUT] }, default: 'none' };
const NAMES = { FIRSTNAME: 'Lea', LASTNAME: 'Lead' };
const address = (n: number): string => `cell${n}@example.com`;

describe.each(DELIVERIES)('matrix, consent, $name', (delivery) => {
  let world: TwoAccounts;
  /** By cell: the Sell records by place. */
  const records: Partial<Record<Place, number>>[] = [];
  /** Addresses of records that were made to hold an opt-out. */
  let made: readonly (string | null)[] = [];

  beforeAll(async () => {
    world = await startLeads(delivery, {
      ...both({}, { multipleMatch: 'do-not-update' }),
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: signals,
        leads: signals,
        createSuppressed: true,
      },
      brakes: { unsubscribe: { count: 1000, percent: 100 }, unsubscribeStop: { count: 1000, percent: 100 } },
    });
    for (const [n, { row, has }] of CELLS.entries()) {
      const email = address(n);
      const ids: Partial<Record<Place, number>> = {};
      for (const place of has) {
        if (place === 'ZC') ids[place] = contactIn(world, { email });
        else if (place.endsWith('ZC')) ids[place] = contactIn(world, { email, first_name: 'Lia' });
        else ids[place] = leadIn(world, { email });
        // Two leads of one address, and a setting that says not to choose: neither is linked.
        if (place === 'held ZL') leadIn(world, { email, first_name: 'Leo' });
        if (place === 'held ZC') contactIn(world, { email, first_name: 'Leo' });
      }
      if (!has.some((place) => place === 'ZC' || place === 'ZL'))
        world.dotdigital.world.addContact({ email, fields: row.startsWith('O12') ? {} : NAMES });
      records[n] = ids;
    }
    await world.cycle('align');
    await world.cycle('sync');
    await world.cycle('sync');
    for (const [n, { row, at }] of CELLS.entries()) {
      const id = records[n]?.[at] ?? 0;
      const long = records[n]?.['ZL with too long a company'];
      if (long !== undefined) world.sell.world.updateLead(long, { organization_name: 'x'.repeat(1001) });
      if (row.startsWith('O13')) world.dotdigital.world.optOut(address(n), 'hardBounced');
      else if (at === 'DD') world.dotdigital.world.unsubscribe(address(n));
      else if (at.endsWith('ZC')) world.sell.world.updateContact(id, { tags: [OUT] });
      else world.sell.world.updateLead(id, { tags: [OUT] });
    }
    await world.cycle('sync');
    made = (await world.sellRecords('contacts')).flatMap(({ email, tags }) =>
      tags.includes('dotdigital-opt-out-record') && tags.includes(OUT) ? [email] : [],
    );
  }, 60_000);
  afterAll(() => world.stop());

  const says = (n: number, place: Place): boolean => {
    if (place === 'DD') return world.dotdigital.world.contact(address(n))?.emailStatus === OUT;
    if (place === 'made ZC') return made.includes(address(n));
    const id = records[n]?.[place] ?? 0;
    const record = place.endsWith('ZC') ? world.sell.world.readContact(id) : world.sell.world.readLead(id);
    return ((record?.['tags'] ?? []) as readonly string[]).includes(OUT);
  };

  it.each(CELLS.map((cell, n) => ({ ...cell, n })))('$row', ({ has, reaches, n }) => {
    const places: readonly Place[] = [...has, 'DD', 'made ZC'];
    expect(places.filter((place) => says(n, place)).sort()).toEqual([...reaches].sort());
  });

  it('leaves links as they were, and nothing to do', async () => {
    expect(await linkOf(world, 'lead', records[10]?.['held ZL'] ?? 0)).toBe('none');
    expect(await linkOf(world, 'contact', records[8]?.['shadow ZC'] ?? 0)).toBe('shadow C3');
    expect(await codes(world, address(12))).toContain('VALUE_UNMAPPABLE');
    await world.cycle('sync');
    await expectDone(world);
  });
});
