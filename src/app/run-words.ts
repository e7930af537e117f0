// What the processes on one database tell each other about runs: how each is getting on, and which is to be broken off. A word that
// is lost costs a moment on a screen; whoever wants a run broken off is told whether somebody did it.
import { z } from 'zod';
import { EVENTS, type EventData } from '../api/contract/runs.ts';
import type { Bulletin } from '../store/backend.ts';

export type RunEvent = EventData<'run'>;

export interface RunWords {
  /** Tells the others; of one run's progress only now and then. */
  tell(run: RunEvent): void;
  /** @returns whether another process had it and broke it off */
  breakOff(id: string): Promise<boolean>;
}

export interface RunWordsOptions {
  /** Null where no other process does runs. */
  readonly bulletin: Bulletin | null;
  /** Of this process. */
  readonly id: string;
  /** A run of another process moved or ended. */
  heard(run: RunEvent): void;
  /** @returns false when it is not under way here */
  breakOffHere(id: string): boolean;
  readonly signal: AbortSignal;
}

/** Milliseconds. */
const TELL_EVERY_MS = 1_000;
/** Whoever has a run answers by then, or nobody has it. Milliseconds. */
const ANSWER_MS = 3_000;

/** Others may be of another version: what is not understood is passed over. */
const word = z.object({
  from: z.string(),
  run: EVENTS.run.optional(),
  breakOff: z.string().optional(),
  brokenOff: z.string().optional(),
});

export function openRunWords({ bulletin, id: from, heard, breakOffHere, signal }: RunWordsOptions): RunWords {
  if (bulletin === null) return { tell: () => undefined, breakOff: async () => false };
  const toldAt = new Map<string, number>();
  const asked = new Map<string, () => void>();
  const post = (text: Omit<z.infer<typeof word>, 'from'>): void =>
    void bulletin.post(JSON.stringify({ from, ...text }));
  const hear = (text: string): void => {
    const { success, data } = word.safeParse(parsed(text));
    if (!success || data.from === from) return;
    if (data.run !== undefined) heard(data.run);
    if (data.breakOff !== undefined && breakOffHere(data.breakOff)) post({ brokenOff: data.breakOff });
    if (data.brokenOff !== undefined) asked.get(data.brokenOff)?.();
  };
  void bulletin.listen(hear, signal);
  return {
    tell(run) {
      const now = performance.now();
      if (run.state !== 'running') toldAt.delete(run.id);
      else {
        if (now - (toldAt.get(run.id) ?? Number.NEGATIVE_INFINITY) < TELL_EVERY_MS) return;
        toldAt.set(run.id, now);
      }
      post({ run });
    },
    breakOff: (id) =>
      new Promise((resolve) => {
        const answer = (did: boolean): void => {
          clearTimeout(timer);
          asked.delete(id);
          resolve(did);
        };
        const timer = setTimeout(() => answer(false), ANSWER_MS);
        asked.set(id, () => answer(true));
        post({ breakOff: id });
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
