// Damaged configuration files: taken as what they say, or refused with words that help. The long form: npm run fuzz -- --door config.
import { expect, it } from 'vitest';
import { fuzzConfig } from './config-door.ts';

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

it('a damaged configuration is taken or refused with words, and is never a bug, a secret or another meaning', async () => {
  const outcomes = new Map<string, number>();
  for (const seed of SEEDS) {
    const { what, outcome, wrong } = await fuzzConfig(seed);
    expect(wrong, `seed ${seed}, ${what}`).toEqual([]);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect(Math.min(outcomes.get('accepted') ?? 0, outcomes.get('refused') ?? 0)).toBeGreaterThan(10);
});
