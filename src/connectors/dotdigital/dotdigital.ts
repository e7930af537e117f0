// The marketing connector for Dotdigital: puts its parts together. Decides nothing about people and keeps no state of theirs.

import type { MarketingConnector } from '../connector.ts';
import { createAbsentFields } from './absent-fields.ts';
import { serverTimeRequest } from './account.ts';
import { createAccountCalls } from './account-calls.ts';
import { type Capability, readCapabilities } from './capabilities.ts';
import { createContactReading } from './contacts.ts';
import { createField, readSchema } from './data-fields.ts';
import { createDeleting } from './deletes.ts';
import { createImporting } from './imports.ts';
import { createInsightData, type InsightData } from './insight.ts';
import { createLists } from './lists.ts';
import type { DotdigitalOptions } from './options.ts';
import { type Resubscription, resubscribe } from './resubscribe.ts';
import { suppressedSince } from './suppressions.ts';

/** The port, and what only Dotdigital has. */
export interface DotdigitalConnector extends MarketingConnector {
  /** What the API user may do here. Throws only when the credentials are not accepted. */
  capabilities(): Promise<readonly Capability[]>;
  /** Never repeated by itself; after outcome `unknown` read the contact back. (O3) */
  resubscribe(email: string, how: { readonly challenge: boolean }): Promise<Resubscription>;
  readonly insight: InsightData;
}

const ROWS_PER_JOB = 5000;

/** Makes no call until it is used; the account's region is found by the first one. */
export function createDotdigital(options: DotdigitalOptions): DotdigitalConnector {
  const calls = createAccountCalls(options);
  const absentFields = createAbsentFields(calls);
  const insight = createInsightData(calls);
  const rowsPerPage = within(options.rowsPerPage ?? 1000, 1000);
  return {
    system: 'marketing',
    label: 'dotdigital',
    calls: calls.counts,
    tiers: () => calls.tiers(),
    identify: () => calls.identify(),
    serverTime: () => calls.send(serverTimeRequest),
    async schema() {
      const schema = await readSchema(calls);
      absentFields.exist(schema.fields.map((field) => field.name));
      return schema;
    },
    async createField(field) {
      await createField(calls, field);
      absentFields.exist([field.name]);
    },
    ...createContactReading(calls, absentFields, within(options.contactsPerPage ?? 5000, 5000)),
    suppressedSince: (since) => suppressedSince(calls, since, rowsPerPage),
    ...createLists(calls, rowsPerPage),
    rowsPerJob: options.rowsPerJob ?? ROWS_PER_JOB,
    ...createImporting(calls),
    ...createDeleting(calls),
    capabilities: () => readCapabilities(calls, new Date(calls.runtime.now()).toISOString()),
    resubscribe: (email, how) => resubscribe(calls, email, how),
    insight,
    catalogue: insight,
  };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(value)));
}
