// Asks whether marketing contacts are still there, one by one. Whoever is missing counts as deleted from now on. (D11, D12)
import type { ShownContact } from '../connectors/connector.ts';
import type { ChannelState, MarketingRecord } from '../core/model/record.ts';
import { contactsWhoLeft, getMarketing, type StoredMarketing, upsertMarketing } from '../store/marketing-records.ts';
import { suppressionsByEmail } from '../store/suppressions.ts';
import { askEach } from './ask-each.ts';
import type { Cycle } from './engine.ts';
import { noteLostAtOnce } from './lost-fields.ts';
import { markGone } from './mark-gone.ts';
import { marketingItem } from './mirror-items.ts';
import { shownContacts } from './shown-contacts.ts';
import { listedLeavers, tellsOfLeavers } from './shown-leavers.ts';

const PAGE = 100;
/** Others who left that are asked for, of each kind of leaving, before nothing is concluded. */
const WITNESSES = 3;

interface Confirming {
  /** Generation of the complete list that did not have them. Whoever left is asked for only where that list had others who did. */
  readonly listed?: number;
  /** Whoever left is not asked for: to leave is reason enough for what was noticed of them. */
  readonly passLeavers?: true;
}

/**
 * Asks for contacts by id. An account may show nobody who left, so whoever left and is missing counts as deleted only where another one
 * who left in the same way is shown, or is in no complete list of an account that has listed such.
 */
export async function confirmContacts(
  cycle: Cycle,
  wanted: readonly string[],
  { listed, passLeavers }: Confirming = {},
): Promise<void> {
  const witnesses = new Witnesses(cycle, listed ?? null);
  for (let start = 0; start < wanted.length; start += PAGE) {
    cycle.signal.throwIfAborted();
    const known = (await getMarketing(cycle.store, cycle.name, wanted.slice(start, start + PAGE))).filter(
      ({ record }) => record.state === 'present',
    );
    const left = new Map((await whoLeft(cycle, known)).map(({ record }) => [record.id, record.channel.state]));
    const open: string[] = [];
    for (const { record } of known) {
      const state = left.get(record.id);
      const asks = state === undefined || (!passLeavers && (listed === undefined || (await witnesses.exist(state))));
      if (asks) open.push(record.id);
    }
    const gone: string[] = [];
    const there: ShownContact[] = [];
    for (const { id, answer } of await askEach(open, (one) =>
      cycle.marketing.readOne({ id: one }, cycle.marketingSelection),
    )) {
      const state = left.get(id);
      if (answer !== 'missing') there.push(answer);
      else if (state === undefined || (await witnesses.areShown(state))) gone.push(id);
    }
    const shown = await shownContacts(cycle, cycle.marketingSelection, there);
    await noteLostAtOnce(cycle, shown);
    await cycle.store.transaction(async (tx) => {
      await upsertMarketing(tx, cycle.name, shown.map(marketingItem), cycle.now());
      await markGone(tx, cycle, gone, cycle.now());
    });
  }
}

/** Those whose address is known to have left, unless they were seen to be back since: such are shown like everybody else. */
async function whoLeft(cycle: Cycle, items: readonly StoredMarketing[]): Promise<readonly StoredMarketing[]> {
  const addresses = items.flatMap((item) => item.emailKey ?? []);
  const events = await suppressionsByEmail(cycle.store, cycle.name, addresses);
  const left = new Map(events.map(({ emailKey, at }) => [emailKey, at]));
  return items.filter(({ emailKey, record }) => {
    const at = emailKey === null ? undefined : left.get(emailKey);
    return at !== undefined && !isBack(record, at);
  });
}

/** An edit of ours leaves the time of the record as it was read. */
function isBack({ assumed, channel, updatedAt }: MarketingRecord, leftAt: string): boolean {
  const isSubscribed = channel.state === 'subscribed' || channel.state === 'soft-bounced';
  const readSince = updatedAt !== null && Date.parse(updatedAt) > Date.parse(leftAt);
  return isSubscribed && (!assumed || readSince);
}

/** Contacts that are known to have left, by how they left: whether they are shown tells of the others. */
class Witnesses {
  readonly #cycle: Cycle;
  readonly #generation: number | null;
  readonly #shown = new Map<ChannelState, boolean>();
  #listed: ReadonlySet<ChannelState> | null = null;
  #known: readonly StoredMarketing[] | null = null;

  constructor(cycle: Cycle, generation: number | null) {
    this.#cycle = cycle;
    this.#generation = generation;
  }

  async exist(state: ChannelState): Promise<boolean> {
    return (await this.#areListed(state)) || (await this.#of(state)).length > 0;
  }

  async areShown(state: ChannelState): Promise<boolean> {
    const known = this.#shown.get(state);
    if (known !== undefined) return known;
    if (await this.#areListed(state)) return true;
    const { marketing, marketingSelection } = this.#cycle;
    const asked = (await this.#of(state)).slice(0, WITNESSES).map(({ record }) => record.id);
    const answers = await askEach(asked, (id) => marketing.readOne({ id }, marketingSelection));
    const shown = answers.some(({ answer }) => answer !== 'missing' && tellsOfLeavers(answer));
    this.#shown.set(state, shown);
    return shown;
  }

  /** Whoever left so and is in no complete list is gone, where the list ever showed such. */
  async #areListed(state: ChannelState): Promise<boolean> {
    if (this.#generation === null) return false;
    this.#listed ??= await listedLeavers(this.#cycle);
    return this.#listed.has(state);
  }

  async #of(state: ChannelState): Promise<readonly StoredMarketing[]> {
    const { store, name } = this.#cycle;
    this.#known ??= await contactsWhoLeft(store, name, this.#generation);
    return this.#known.filter(({ record }) => record.channel.state === state);
  }
}
