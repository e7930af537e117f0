// What became of leads that disappeared. Read only; one call a lead, because the list has no filter for several. (D8)
import type { CrmConversion } from '../connector.ts';
import type { HttpClient } from '../http/http-client.ts';
import { chunk, readPage } from './read-collection.ts';
import { wireConversion } from './wire.ts';

/** Calls under way at once; pacing and the client's own cap still apply. */
const AT_ONCE = 8;

export async function readConversions(http: HttpClient, leadIds: readonly string[]): Promise<readonly CrmConversion[]> {
  const found: CrmConversion[] = [];
  for (const ids of chunk([...new Set(leadIds)], AT_ONCE)) {
    const answers = await Promise.all(ids.map((id) => readConversion(http, id)));
    found.push(...answers.filter((conversion) => conversion !== null));
  }
  return found;
}

async function readConversion(http: HttpClient, leadId: string): Promise<CrmConversion | null> {
  const page = await readPage(http, { path: '/v2/lead_conversions', query: { lead_id: leadId }, item: wireConversion });
  // Newest first; should the filter ever be ignored, other leads' conversions are not taken for an answer.
  const conversion = page.items.find(({ lead_id }) => lead_id === leadId);
  if (conversion === undefined) return null;
  return { leadId, contactId: conversion.individual_id ?? null, convertedAt: conversion.created_at ?? null };
}
