// What must hold for any history: tables answer like a plain filter and sort, and a replica fed by sync converges.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Query, RecordTable } from '../../../sandbox/zendesk-sell/record-table.ts';
import { type Json, SellClient } from './sell-client.ts';

interface Row {
  readonly id: number;
  readonly group: string;
  readonly rank: number | null;
}

const row = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  group: fc.constantFrom('a', 'b', 'c'),
  rank: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: row }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      group: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
      indexed: fc.boolean(),
      inclusive: fc.boolean(),
      ids: fc.option(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }), { nil: null }),
      descending: fc.boolean(),
      offset: fc.integer({ min: 0, max: 10 }),
      limit: fc.integer({ min: 1, max: 10 }),
    }),
  },
);

function compare(left: Row, right: Row, descending: boolean): number {
  if (left.rank === right.rank) return left.id - right.id;
  const ascending = left.rank === null ? 1 : right.rank === null ? -1 : left.rank - right.rank;
  return descending ? -ascending : ascending;
}

describe('a table', () => {
  it('pages like a plain filter and sort, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const table = new RecordTable<Row>();
        const model = new Map<number, Row>();
        for (const action of steps) {
          if ('put' in action) {
            table.put(action.put);
            model.set(action.put.id, action.put);
          } else if ('remove' in action) {
            expect(table.remove(action.remove)).toEqual(model.get(action.remove));
            model.delete(action.remove);
          } else {
            const { group, indexed, inclusive, ids, descending, offset, limit } = action;
            const index = { name: 'group', of: (record: Row) => record.group, value: group ?? '' };
            const query: Query<Row> = {
              conditions:
                group === null
                  ? []
                  : [
                      {
                        key: `group=${group}`,
                        test: (record) => record.group === group,
                        ...(indexed ? { index } : {}),
                      },
                    ],
              inclusive,
              ids: ids ?? undefined,
              order: { key: 'rank', of: (record) => record.rank, descending },
            };
            const tests = [
              ...(group === null ? [] : [(record: Row) => record.group === group]),
              ...(ids === null ? [] : [(record: Row) => ids.includes(record.id)]),
            ];
            const fits = (record: Row): boolean =>
              tests.length === 0 ||
              (inclusive ? tests.every((test) => test(record)) : tests.some((test) => test(record)));
            const expected = [...model.values()].filter(fits).sort((left, right) => compare(left, right, descending));
            expect(table.page(query, offset, limit)).toEqual({
              records: expected.slice(offset, offset + limit),
              more: expected.length > offset + limit,
              total: expected.length,
            });
          }
        }
      }),
      { numRuns: 150, seed: 11 },
    );
  });
});

const history = fc.array(
  fc.oneof(
    fc.record({ create: fc.string({ minLength: 1, maxLength: 3 }) }),
    fc.record({ update: fc.nat({ max: 20 }), title: fc.string({ maxLength: 3 }) }),
    fc.record({ delete: fc.nat({ max: 20 }) }),
    fc.record({ merge: fc.nat({ max: 20 }), into: fc.nat({ max: 20 }) }),
    fc.record({ pull: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }) }),
  ),
  { maxLength: 25 },
);

describe('a replica', () => {
  it('fed by sync with lost acknowledgements ends up with exactly what is there', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer(), async (actions, seed) => {
        const sell = new SellClient({ seed, switches: { syncPageSize: 3 } });
        const { world } = sell.sandbox;
        const replica = new Map<unknown, Json>();
        const apply = (items: readonly Json[]): void => {
          for (const item of items) {
            if (item['meta']?.['type'] !== 'contact') continue;
            const data = item['data'] as Json;
            if (item['meta']?.['sync']?.['event_type'] === 'deleted') replica.delete(data['id']);
            else replica.set(data['id'], data);
          }
        };
        const pick = (index: number): number | undefined => {
          const ids = [...world.state.contacts.values()].map((contact) => contact.id);
          return ids[index % Math.max(1, ids.length)];
        };
        for (const action of actions) {
          sell.clock.advance(1000);
          if ('create' in action) world.createContact({ last_name: action.create });
          else if ('update' in action) {
            const id = pick(action.update);
            if (id !== undefined) world.updateContact(id, { title: action.title });
          } else if ('delete' in action) {
            const id = pick(action.delete);
            if (id !== undefined) world.deleteContact(id);
          } else if ('merge' in action) {
            const [loser, into] = [pick(action.merge), pick(action.into)];
            if (loser !== undefined && into !== undefined && loser !== into) world.mergeContacts(into, loser);
          } else {
            const items = await sell.pull();
            apply(items);
            const kept = items.filter((_, index) => action.pull[index % action.pull.length]);
            if (kept.length > 0) await sell.ack(kept);
          }
        }
        apply(await sell.drain());
        expect(await sell.pull()).toEqual([]);
        const truth = [...world.state.contacts.values()].map((contact) => [contact.id, world.readContact(contact.id)]);
        expect(new Map(replica)).toEqual(new Map(truth as [unknown, Json][]));
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});
