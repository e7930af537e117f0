// Decisions as data: rows over named facts, checked once at load to be total and unambiguous. Decides nothing itself.
import type { RowId } from './row.ts';

/** Facts are closed sets of words, so that every combination can be listed and checked. */
export type Facts = { readonly [name: string]: string };

export interface Row<F extends Facts, Then extends string> {
  readonly id: RowId;
  /** Words per fact that this row is for; a fact left out may be anything. */
  readonly when: { readonly [N in keyof F]?: F[N] | readonly F[N][] };
  readonly then: Then;
  /** Why, in words a user understands. */
  readonly because: string;
}

export interface DecisionTable<F extends Facts, Then extends string> {
  readonly name: string;
  readonly facts: { readonly [N in keyof F]: readonly F[N][] };
  readonly rows: readonly Row<F, Then>[];
  /** The one row for these facts. */
  decide(facts: F): Row<F, Then>;
}

/**
 * Builds a table and checks it: each possible combination of facts must be matched by exactly one row.
 * `impossible` names combinations that cannot occur and need no row.
 * @throws Error naming the combination that no row or more than one row matches.
 */
export function decisionTable<F extends Facts, Then extends string>(table: {
  readonly name: string;
  readonly facts: { readonly [N in keyof F]: readonly F[N][] };
  readonly impossible?: (facts: F) => boolean;
  readonly rows: readonly Row<F, Then>[];
}): DecisionTable<F, Then> {
  const names = Object.keys(table.facts) as (keyof F & string)[];
  const answers = new Map<string, Row<F, Then>>();
  const keyOf = (facts: F): string => {
    let key = '';
    for (const name of names) key += `${facts[name]}|`;
    return key;
  };
  for (const facts of combinations(table.facts, names)) {
    if (table.impossible?.(facts)) continue;
    const matching = table.rows.filter((row) => names.every((name) => fits(row.when[name], facts[name])));
    const [only] = matching;
    if (matching.length !== 1 || only === undefined) {
      const ids = matching.map((row) => row.id).join(', ') || 'no row';
      throw new Error(`Table ${table.name}: ${ids} for ${JSON.stringify(facts)}; exactly one row must match.`);
    }
    answers.set(keyOf(facts), only);
  }
  return {
    name: table.name,
    facts: table.facts,
    rows: table.rows,
    decide(facts) {
      const row = answers.get(keyOf(facts));
      if (row === undefined) throw new Error(`Table ${table.name} has no row for ${JSON.stringify(facts)}.`);
      return row;
    },
  };
}

function fits<T>(wanted: T | readonly T[] | undefined, actual: T): boolean {
  if (wanted === undefined) return true;
  return Array.isArray(wanted) ? (wanted as readonly T[]).includes(actual) : wanted === actual;
}

function* combinations<F extends Facts>(
  facts: { readonly [N in keyof F]: readonly F[N][] },
  names: readonly (keyof F & string)[],
): Generator<F> {
  const [name, ...rest] = names;
  if (name === undefined) {
    yield {} as F;
    return;
  }
  for (const word of facts[name]) {
    for (const others of combinations<F>(facts, rest)) yield { ...others, [name]: word } as F;
  }
}
