// What of a run is easily overlooked among its numbers: opt-outs on their way to either side, and the catalogue. Counts only.
import type { Ran } from '../run-connections.ts';

/** Null where nobody's opt-out crosses. */
export function optOutsText({ planned }: Ran): string | null {
  const to = (system: 'crm' | 'marketing'): number =>
    (planned ?? []).filter(
      ({ action }) => action.entity !== 'product' && action.lane === 'opt-out' && action.system === system,
    ).length;
  const [sell, dotdigital] = [to('crm'), to('marketing')];
  return sell + dotdigital === 0
    ? null
    : `Opt-outs crossing: ${dotdigital} from Sell to Dotdigital, ${sell} from Dotdigital to Sell`;
}

/** Null where no product was sent. */
export function catalogueText({ planned }: Ran, collection: string): string | null {
  const products = (planned ?? []).filter(({ action }) => action.entity === 'product').length;
  return products === 0
    ? null
    : `The catalogue: ${products} products from Sell are in Dotdigital now, as ${collection}`;
}
