// Brings one opted-out person back, with or without a confirmation mail. Never repeated by itself: it may send mail.
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { lowerKeys, resubscribeAnswer } from './wire.ts';

/**
 * `added` = subscribed now; `challenged` = a mail was sent and the person decides; `refused` = Dotdigital will not take
 * the address back (global suppression, suppressed domain, complaint). (O3, O5)
 */
export type Resubscription = 'added' | 'challenged' | 'refused';

const RESULTS: ReadonlyMap<string, Resubscription> = new Map<string, Resubscription>([
  ['contactadded', 'added'],
  ['contactchallenged', 'challenged'],
  ['contactcannotbeunsuppressed', 'refused'],
]);

/**
 * `POST /v2/contacts/resubscribe` or `…-with-no-challenge`. The account may challenge all the same. Throws ConnectorError;
 * after outcome `unknown` read the contact back.
 */
export async function resubscribe(
  calls: AccountCalls,
  email: string,
  how: { readonly challenge: boolean },
): Promise<Resubscription> {
  const status = await calls.send({
    method: 'POST',
    path: how.challenge ? '/v2/contacts/resubscribe' : '/v2/contacts/resubscribe-with-no-challenge',
    scope: 'resubscribe',
    body: { json: { unsubscribedContact: { email } } },
    read: (reply) => resubscribeAnswer.parse(lowerKeys(reply.json())).status,
  });
  const result = RESULTS.get(status.toLowerCase());
  if (result !== undefined) return result;
  throw new ConnectorError(`resubscribing was answered with "${status}", which says neither yes nor no`, {
    kind: 'malformed',
    outcome: 'unknown',
  });
}
