// Makes a story that ends badly as short as it can be while it still ends badly in the same way. Judges nothing itself.
import type { RunStep, Step, Story } from './story.ts';
import { tell } from './tell.ts';

/** What a complaint is about, without names and times: `4.4`, `decision 8`, or the kind of an error. */
export function complaintOf(wrong: readonly string[]): string | null {
  const [first] = wrong;
  if (first === undefined) return null;
  return (
    /^broke off: (\w+: [^(\n]{0,60})/.exec(first)?.[1] ??
    first.slice(0, first.indexOf(':') < 0 ? 30 : first.indexOf(':'))
  );
}

/** @param tries most tellings spent on it */
export async function shrink(story: Story, tries = 250): Promise<Story> {
  const wanted = complaintOf((await tell(story)).wrong);
  if (wanted === null) return story;
  let best = story;
  let left = tries;
  const accept = async (candidate: Story): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    if (complaintOf((await tell(candidate)).wrong) !== wanted) return false;
    best = candidate;
    return true;
  };
  const dropSteps = async (): Promise<void> => {
    for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = best.steps.length - size; at >= 0; at -= size) {
        const start = Math.max(0, at);
        await accept({ ...best, steps: best.steps.toSpliced(start, size) });
      }
    }
  };
  await dropSteps();
  for (const [at, step] of best.steps.entries())
    for (const simpler of simplerThan(step)) await accept({ ...best, steps: best.steps.with(at, simpler) });
  const { setup } = best;
  for (const side of ['sellSwitches', 'dotdigitalSwitches'] as const) {
    if (await accept({ ...best, setup: { ...best.setup, [side]: {} } })) continue;
    for (const name of Object.keys(setup[side])) {
      const { [name]: _, ...rest } = best.setup[side];
      await accept({ ...best, setup: { ...best.setup, [side]: rest } });
    }
  }
  await dropSteps();
  return best;
}

function simplerThan(step: Step): readonly RunStep[] {
  if (step.type !== 'run') return [];
  return [
    ...(step.faults.length > 0 ? [{ ...step, faults: [] }] : []),
    ...(step.mishaps.length > 0 ? [{ ...step, mishaps: [] }] : []),
    ...(step.blow === null ? [] : [{ ...step, blow: null }]),
    ...(step.during.length > 0 ? [{ ...step, during: [] }] : []),
    ...step.during.map((_, at) => ({ ...step, during: step.during.toSpliced(at, 1) })),
  ];
}
