// Stories in which nothing goes wrong but what the services answer. (issue of fuzzing at the doors; architecture: the connector's door)
import { createRandom } from '../../sandbox/random.ts';
import { type Step, type Story, type Weather, writeStory } from './story.ts';

/** Nothing else goes wrong, and the mapping stays what it is. */
const FAIR: Weather = { faults: 0, blows: 0, restores: 0, schemas: 0, configurations: 0 };

/** @param length how many acts, runs and other steps */
export function writeOddStory(seed: number | string, length: number): Story {
  const story = writeStory(`odd/${String(seed)}`, length, FAIR);
  const random = createRandom(`odd/${String(seed)}`);
  const kept = story.steps.filter(({ type }) => type !== 'undo');
  const steps = kept.map((step): Step => {
    if (step.type !== 'run' || !random.chance(0.8)) return step;
    const faults = Array.from({ length: random.int(1, 3) }, () => ({
      service: random.pick(['sell', 'dotdigital'] as const),
      call: random.int(1, 25),
      times: random.pick([1, 1, 1, 2, 4, 40]),
      fate: 'odd answer' as const,
      dice: random.text(6),
    }));
    return { ...step, faults };
  });
  return { ...story, steps };
}

/** The same story with services that answer truly. */
export function withoutOddities(story: Story): Story {
  return { ...story, steps: story.steps.map((step) => (step.type === 'run' ? { ...step, faults: [] } : step)) };
}
