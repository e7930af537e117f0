// A CRM record and a marketing contact that are one person, linked or about to be. A shape, no rule.
import type { Link } from '../model/link.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';

export interface Pair {
  /** Null while the link is only being made by this plan. */
  readonly link: Link | null;
  readonly record: CrmRecord;
  readonly marketing: MarketingRecord;
}
