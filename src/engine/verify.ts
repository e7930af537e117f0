// Full comparison of both sides as they stand, without what was remembered of them. Writes to neither service. (R20)
import type { Role } from '../core/model/identity.ts';
import type { Value } from '../core/model/value.ts';
import { comparePair } from '../core/plan/compare-pair.ts';
import { iterateLinks } from '../store/links.ts';
import { prepare } from './cycle.ts';
import type { Cycle, Engine } from './engine.ts';
import { keepMissing } from './feed-gap.ts';
import { loadPairs, type MissingSide } from './load-pairs.ts';
import { keepLost } from './lost-fields.ts';
import { noticeConversions } from './notice-conversions.ts';
import type { RunReport } from './report.ts';
import { rescan } from './rescan.ts';
import { withRun } from './run.ts';
import { type Duplicate, duplicates, type Unlinked, unlinked } from './verify-unlinked.ts';

/** Differences shown of each field. */
const EXAMPLES = 5;
/** Links with a missing record that are named; all are counted. */
const NAMED = 100;

/** Two sides of one linked pair that read differently. */
export interface Difference {
  readonly email: string | null;
  readonly crmId: string;
  readonly marketingId: string;
  readonly crm: Value;
  readonly marketing: Value;
}

export interface FieldTally {
  readonly entity: Role;
  /** The data field, `email` or `lead status`. */
  readonly field: string;
  equal: number;
  /** Nothing explains the difference. */
  differ: number;
  /** A hold explains it. */
  held: number;
  /** A direction, a blank rule or a pause explains it. */
  muted: number;
  readonly examples: Difference[];
}

export interface Verification {
  readonly connection: string;
  /** Linked pairs that were compared. */
  readonly pairs: number;
  readonly fields: readonly FieldTally[];
  readonly unlinked: Unlinked;
  readonly missing: readonly MissingSide[];
  readonly missingTotal: number;
  readonly duplicates: readonly Duplicate[];
  /** Differences, unlinked records and missing sides that nothing explains. */
  readonly drift: number;
}

/** Null when the comparison could not be made; the report says why. */
export interface Verified {
  readonly report: RunReport;
  readonly verification: Verification | null;
}

export async function verify(engine: Engine): Promise<Verified> {
  let verification: Verification | null = null;
  const report = await withRun(engine, 'verify', {}, async ({ engine: held, runId }) => {
    const cycle = await prepare(held, runId, {
      only: null,
      full: false,
      aligning: false,
      dry: true,
      presentOnly: true,
    });
    const unseen = await rescan(cycle);
    await noticeConversions(cycle, { complete: true, aligning: false });
    await keepLost(cycle);
    await keepMissing(cycle, { afterGap: true, records: unseen });
    const gone = new Set(unseen.map(({ role, id }) => `${role}:${id}`));
    const found = await compareAll(cycle, gone);
    verification = found;
    return {
      drift: { pairs: found.pairs, differences: found.drift },
      message: found.drift === 0 ? null : `${found.drift} differences that nothing explains.`,
    };
  });
  return { report, verification };
}

async function compareAll(cycle: Cycle, gone: ReadonlySet<string>): Promise<Verification> {
  const tallies = new Map<string, FieldTally>();
  const missing: MissingSide[] = [];
  let [pairs, missingTotal] = [0, 0];
  for await (const links of iterateLinks(cycle.store, cycle.name, { states: ['active', 'paused', 'held'] })) {
    cycle.signal.throwIfAborted();
    const own = links.filter((link) => cycle.settings.roles[link.role].enabled);
    const loaded = await loadPairs(cycle, own, gone);
    for (const pair of loaded.pairs) {
      pairs += 1;
      for (const compared of comparePair(pair, cycle.settings)) {
        const tally = tallyOf(tallies, pair.link.role, compared.field);
        tally[compared.verdict] += 1;
        if (compared.verdict === 'differ' && tally.examples.length < EXAMPLES) {
          const { crmId, marketingId } = pair.link;
          tally.examples.push({
            email: pair.marketing.email,
            crmId,
            marketingId,
            crm: compared.crm,
            marketing: compared.marketing,
          });
        }
      }
    }
    missingTotal += loaded.missing.length;
    missing.push(...loaded.missing.slice(0, NAMED - missing.length));
    cycle.progress({ connection: cycle.name, phase: 'plan', done: pairs, total: null });
  }
  const free = await unlinked(cycle, gone);
  const fields = [...tallies.values()];
  const differ = fields.reduce((sum, tally) => sum + tally.differ, 0);
  return {
    connection: cycle.name,
    pairs,
    fields,
    unlinked: free,
    missing,
    missingTotal,
    duplicates: await duplicates(cycle),
    drift: differ + missingTotal + free.crm + free.marketing,
  };
}

function tallyOf(tallies: Map<string, FieldTally>, entity: Role, field: string): FieldTally {
  const key = `${entity} ${field}`;
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const tally: FieldTally = { entity, field, equal: 0, differ: 0, held: 0, muted: 0, examples: [] };
  tallies.set(key, tally);
  return tally;
}
