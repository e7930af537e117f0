// Where products stand in a cycle: after the persons, when they are due or asked for, and alone when nothing else was asked for.

import { forgetEveryUndoneProduct } from '../store/products-undone.ts';
import { type Engine, RunStopped } from './engine.ts';
import { identify } from './identity.ts';
import { syncProducts } from './products.ts';
import type { WorkResult } from './run.ts';

/** What part products and persons have in a cycle. (contract 2, decision 14) */
export interface ProductPart {
  /** Default: at once in a full cycle of everything, when they are due in any other cycle of everything, else never. */
  readonly products?: 'now' | 'due' | 'never';
  /** False: no person is read or planned. */
  readonly people?: false;
}

interface Options extends ProductPart {
  readonly kind: 'sync' | 'plan' | 'align' | 'preview';
  readonly only: readonly unknown[] | null;
  readonly full: boolean;
  /** Product ids whose removal was approved. (R14) */
  readonly approved?: ReadonlySet<string>;
}

/** Runs `people`, unless they have no part, and then the products, if they have one. */
export async function withProducts(
  engine: Engine,
  runId: string,
  options: Options,
  people: () => Promise<WorkResult>,
): Promise<WorkResult> {
  const { kind, only, full } = options;
  if (kind === 'align') await forgetEveryUndoneProduct(engine.store, engine.name);
  if (kind === 'align' || kind === 'preview') {
    if (options.people !== false) return people();
    return {
      ...NO_HOLDS,
      message:
        'Products need no alignment: nothing was done. "lockstep sync" sends them once the connection is aligned.',
    };
  }
  const dry = kind === 'plan';
  const before = options.people === false ? await alone(engine, dry) : await people();
  const when = options.products ?? (only !== null ? 'never' : full ? 'now' : 'due');
  if (when === 'never') return before;
  const { holds, notices } = await syncProducts(engine, {
    runId,
    when,
    dry,
    ...(options.approved === undefined ? {} : { approved: options.approved }),
  });
  const message = [...(before.message == null ? [] : [before.message]), ...notices].join('\n');
  return {
    ...before,
    ...(before.holds === undefined ? {} : { holds: sum(before.holds, holds) }),
    message: message === '' ? null : message,
  };
}

const NO_HOLDS = { holds: new Map<string, number>() };

/** (R13, decision 13) Without persons the accounts are checked all the same, and nothing is written before an alignment. */
async function alone(engine: Engine, dry: boolean): Promise<WorkResult> {
  const { connection } = await identify(engine);
  if (connection.alignedAt === null) {
    throw new RunStopped(
      'parked',
      `${engine.name} was not aligned yet, so nothing is written. Run "lockstep align" first; it shows its plan before anything happens.`,
    );
  }
  return dry ? NO_HOLDS : {};
}

function sum(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const total = new Map(a);
  for (const [code, count] of b) total.set(code, (total.get(code) ?? 0) + count);
  return total;
}
