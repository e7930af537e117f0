// Requests that nobody should send: answered as the contract says, and without consequences. The long form: npm run fuzz -- --door api.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiDoor, openApiDoor } from './api-door.ts';
import { CALLS } from './api-request.ts';

const SEEDS = Array.from({ length: 120 }, (_, i) => i + 1);

let door: ApiDoor;
beforeAll(async () => {
  door = await openApiDoor();
});
afterAll(() => door.stop());

it.each(CALLS)('%s, made as it should be, is answered as the contract says', async (id) => {
  const { wrong, told } = await door.sound(id);
  expect(wrong, told).toEqual([]);
});

it('damaged requests of every role are refused with words, change nothing, and get nobody further', async () => {
  const outcomes = new Map<string, number>();
  for (const seed of SEEDS) {
    const { what, outcome, wrong, told } = await door.fuzz(seed);
    expect(wrong, `seed ${seed}, ${what}\n${told}`).toEqual([]);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect(Math.min(outcomes.get('2xx') ?? 0, outcomes.get('4xx') ?? 0)).toBeGreaterThan(10);
});
