// What is said of a crowd once the trouble is over: everything that is wrong, in words, and how much there was to be wrong about.
import { verifyLedger } from '../../../src/store/ledger.ts';
import { listRuns, type StoredRun } from '../../../src/store/runs.ts';
import { type Crowd, verdict } from './crowd.ts';
import type { Writers } from './writers.ts';

export interface Judgement {
  /** Empty = all is well. */
  readonly wrong: readonly string[];
  readonly figures: { readonly [what: string]: number };
}

/** @param withinMs time for one run of every connection */
export async function judgeAll(crowd: Crowd, writers: Writers, withinMs: number): Promise<Judgement> {
  // What one cycle writes, the next reads back.
  for (let cycle = 0; cycle < 3; cycle += 1) await crowd.everyoneRuns(withinMs);
  const wrong = [...(await verdict(crowd)), ...(await writers.strangers())];
  let [runs, brokenOff] = [0, 0];
  for (const { world } of crowd.members) {
    const all = await listRuns(crowd.store, { connection: world.connection, limit: 10_000 });
    runs += all.length;
    brokenOff += all.filter(({ state }) => state === 'interrupted').length;
    for (const id of overlaps(all)) wrong.push(`${world.connection}: the run ${id} began while another went on`);
    const ledger = await verifyLedger(crowd.store, world.connection);
    if (ledger.type === 'broken')
      wrong.push(`${world.connection}: the ledger is broken at ${ledger.seq}: ${ledger.why}`);
  }
  // Two systems in agreement are not written to. (decision 9)
  for (const run of await crowd.everyoneRuns(withinMs)) {
    const writes = Number(run.counters['total']);
    if (writes > 0) wrong.push(`${run.connection}: wrote ${writes} although both sides agreed`);
  }
  return {
    wrong,
    figures: {
      runs,
      'of them broken off': brokenOff,
      'runs that wrote': await writers.count(),
      'people who opted out': crowd.members.reduce((sum, { optOuts }) => sum + optOuts.count, 0),
      'taken over from a worker that woke up': crowd.words().split('was taken over by another run').length - 1,
      'sessions lost in a run': crowd.words().split('cannot be reached').length - 1,
    },
  };
}

/** Runs that began while another one, which was not interrupted, was under way. */
function overlaps(runs: readonly StoredRun[]): readonly string[] {
  return runs.flatMap((one) =>
    runs.some(
      (other) =>
        other.id !== one.id &&
        other.state !== 'interrupted' &&
        one.startedAt >= other.startedAt &&
        one.startedAt < (other.finishedAt ?? ''),
    )
      ? [one.id]
      : [],
  );
}
