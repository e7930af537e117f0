// Applies what a plan or an outcome taught: links, their states, their bases. Always inside the caller's transaction.
import type { Role } from '../core/model/identity.ts';
import type { Link } from '../core/model/link.ts';
import type { Effect } from '../core/model/plan.ts';
import type { Tx } from '../store/executor.ts';
import { setMembership } from '../store/lead-lists.ts';
import { appendLedger, type NewLedgerEntry } from '../store/ledger.ts';
import {
  type BasePatch,
  insertLinks,
  linksByCrm,
  linksByMarketing,
  type NewLink,
  updateLinkBases,
  updateLinkState,
} from '../store/links.ts';
import type { Engine } from './engine.ts';

/** Effects of one person with the ids that an outcome brought, where it brought any. */
export interface Learnt {
  readonly effects: readonly Effect[];
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** Normal address, for the tombstone. */
  readonly address: string | null;
}

/** In order: link states first (a new link may need the place), then new links, then bases. */
export async function applyEffects(
  tx: Tx,
  engine: Engine,
  learnt: readonly Learnt[],
  runId: string | null,
): Promise<void> {
  const now = engine.now();
  const links = new LinkIds(tx, engine.name);
  const created: NewLink[] = [];
  const entries: NewLedgerEntry[] = [];
  const bases: { readonly effect: Extract<Effect, { type: 'base' }>; readonly ids: Ids }[] = [];
  for (const item of learnt) {
    for (const effect of item.effects) {
      if (effect.type === 'link-state') await updateLinkState(tx, effect.linkId, effect.state, effect.because, now);
      else if (effect.type === 'link') {
        const ids = idsOf(effect, item);
        if (ids !== null) created.push(newLink(engine, effect, ids, item.address));
      } else if (effect.type === 'membership') {
        const marketingId = effect.marketingId ?? item.marketingId;
        const since = effect.old === true ? null : now;
        if (marketingId !== null)
          await setMembership(tx, engine.name, { listId: effect.listId, marketingId, member: effect.member }, since);
      } else if (effect.type === 'consent') {
        entries.push({ ...effect, marketingId: effect.marketingId ?? item.marketingId, emailKey: item.address });
      } else {
        const ids = idsOf(effect, item);
        if (ids !== null) bases.push({ effect, ids });
      }
    }
  }
  await links.load(
    created,
    bases.map(({ effect, ids }) => ({ role: effect.role, crmId: ids.crmId })),
  );
  const fresh = created.filter((link) => links.add(link));
  await insertLinks(tx, fresh, now);
  const patches: BasePatch[] = [];
  for (const { effect, ids } of bases) {
    const linkId = links.idOf(effect.role, ids.crmId, ids.marketingId);
    if (linkId === null) continue;
    const { fields, unconfirmed, settled: settledKeys, crmStays = {} } = effect;
    patches.push({ linkId, fields, unconfirmed, settledKeys, crmStays });
  }
  await updateLinkBases(tx, patches, now);
  await appendLedger(tx, engine.name, entries, runId, now);
}

interface Ids {
  readonly crmId: string;
  readonly marketingId: string;
}

function idsOf(
  effect: { readonly crmId: string | null; readonly marketingId: string | null },
  outcome: Learnt,
): Ids | null {
  const crmId = effect.crmId ?? outcome.crmId;
  const marketingId = effect.marketingId ?? outcome.marketingId;
  return crmId === null || marketingId === null ? null : { crmId, marketingId };
}

function newLink(engine: Engine, effect: Extract<Effect, { type: 'link' }>, ids: Ids, address: string | null): NewLink {
  return {
    id: engine.newId(),
    connection: engine.name,
    role: effect.role,
    crmId: ids.crmId,
    marketingId: ids.marketingId,
    state: effect.state,
    because: effect.because,
    base: {},
    unconfirmed: {},
    emailHash: address === null ? null : engine.hashAddress(address),
  };
}

/** A shadow stands beside the record that its contact is linked to. */
function takesPlace({ state }: Link): boolean {
  return state !== 'severed' && state !== 'shadow';
}

/** Living links by record, those made in this transaction included. */
class LinkIds {
  readonly #tx: Tx;
  readonly #connection: string;
  readonly #byRecord = new Map<string, Pick<Link, 'id' | 'marketingId'>>();
  /** Roles that contacts have a record in. */
  readonly #taken = new Set<string>();

  constructor(tx: Tx, connection: string) {
    this.#tx = tx;
    this.#connection = connection;
  }

  async load(
    created: readonly NewLink[],
    known: readonly { readonly role: Role; readonly crmId: string }[],
  ): Promise<void> {
    for (const role of ['contact', 'lead'] as const) {
      const ids = new Set([...created, ...known].filter((item) => item.role === role).map((item) => item.crmId));
      for (const link of await linksByCrm(this.#tx, this.#connection, role, [...ids])) {
        if (link.state !== 'severed') this.#byRecord.set(`${role}:${link.crmId}`, link);
      }
    }
    const contacts = new Set(created.map((link) => link.marketingId));
    for (const link of await linksByMarketing(this.#tx, this.#connection, [...contacts]))
      if (takesPlace(link)) this.#taken.add(`${link.role}:${link.marketingId}`);
  }

  /**
   * False when the record has a living link already: an effect that comes twice makes no second one. And when the contact has a
   * record in this role: a create that met a contact of that address finds out only then whose it is. (C3, C21)
   */
  add(link: NewLink): boolean {
    const key = `${link.role}:${link.crmId}`;
    const place = `${link.role}:${link.marketingId}`;
    if (this.#byRecord.has(key) || (takesPlace(link) && this.#taken.has(place))) return false;
    this.#byRecord.set(key, link);
    if (takesPlace(link)) this.#taken.add(place);
    return true;
  }

  idOf(role: Role, crmId: string, marketingId: string): string | null {
    const link = this.#byRecord.get(`${role}:${crmId}`);
    return link !== undefined && link.marketingId === marketingId ? link.id : null;
  }
}
