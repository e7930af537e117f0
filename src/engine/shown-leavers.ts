// Whether the marketing account lists contacts who left, by how they left: an account may hide them. Remembered for good, as nobody
// else who left so need be there any more on the day that somebody is missing. (D12)
import type { ShownContact } from '../connectors/connector.ts';
import { type ChannelState, isMailable } from '../core/model/record.ts';
import { getConnection, updateConnection } from '../store/connections.ts';
import type { Cycle } from './engine.ts';

const LISTED = 'leavers-listed ';

/** A page of the list as it was read: whoever left and is on it tells that such are listed. */
export async function noteLeavers(cycle: Cycle, page: readonly ShownContact[]): Promise<void> {
  const seen = new Set(page.filter(tellsOfLeavers).map(({ channel }) => channel.state));
  if (seen.size === 0) return;
  const known = await listedLeavers(cycle);
  const news = [...seen].filter((state) => !known.has(state));
  if (news.length === 0) return;
  const watermarks = Object.fromEntries(news.map((state) => [`${LISTED}${state}`, cycle.now()]));
  await updateConnection(cycle.store, cycle.name, { watermarks });
}

/** The ways of leaving of which the account ever listed somebody. */
export async function listedLeavers({
  store,
  name,
}: Pick<Cycle, 'store' | 'name'>): Promise<ReadonlySet<ChannelState>> {
  const known = Object.keys((await getConnection(store, name))?.watermarks ?? {});
  return new Set(known.flatMap((key) => (key.startsWith(LISTED) ? [key.slice(LISTED.length) as ChannelState] : [])));
}

/** Whoever left mail alone may be shown for the sake of another channel. */
export function tellsOfLeavers({ channel, state, otherChannel }: ShownContact): boolean {
  return state === 'present' && !isMailable(channel.state) && otherChannel !== true;
}
