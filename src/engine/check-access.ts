// What the checks of both services have in common: a refusal in words, with what to do about it.
import type { AccountIdentity } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import type { Check } from './check-line.ts';
import { wrongAccount } from './identity.ts';

/** What was found out about one service. */
export interface Access {
  readonly checks: readonly Check[];
  /** Whether its schema and records can be read, so that further checks make sense. */
  readonly readable: boolean;
}

/** The value, or the refusal. @throws ConnectorError `cancelled`, and whatever is no refusal */
export async function ask<T>(
  call: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: ConnectorError }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (error instanceof ConnectorError && error.kind !== 'cancelled') return { error };
    throw error;
  }
}

/** @param place where URL and credential stand, e.g. `sell.accessToken`, `sell.url` */
export function refusal(
  id: string,
  error: ConnectorError,
  place: { readonly name: string; readonly credential: string; readonly url: string },
): Check {
  return { id, status: 'problem', message: error.message, fix: remedy(error, place), fault: 'access' };
}

function remedy(
  error: ConnectorError,
  place: { readonly name: string; readonly credential: string; readonly url: string },
): string {
  const { name, credential, url } = place;
  switch (error.kind) {
    case 'unauthorized':
      return `Put a credential that ${name} accepts into ${credential}.`;
    case 'forbidden':
      return `Give the credential in ${credential} the right to do this in ${name}, or use another one.`;
    case 'rate-limited':
      return `Something else uses up the calls of this ${name} account; try again later.`;
    case 'unavailable':
    case 'timeout':
      return `Check ${url} and the network between here and ${name}; then run "lockstep check" again.`;
    case 'not-found':
    case 'malformed':
    case 'rejected':
    case 'conflict':
    case 'cancelled':
      return `Check ${url}: what answers there does not look like ${name}.`;
    default:
      return error.kind satisfies never;
  }
}

/** (R13) */
export function checkIdentity(
  id: string,
  connection: string,
  label: string,
  remembered: { readonly accountId: string | null; readonly region: string | null },
  now: AccountIdentity,
): readonly Check[] {
  const wrong = wrongAccount(connection, label, remembered, now);
  if (wrong === null) return [];
  const fix = `Put the credentials of account ${remembered.accountId} back, or give the other account a connection of its own.`;
  const [what = wrong] = wrong.split('. ');
  return [{ id, status: 'problem', message: `${what}.`, fix, fault: 'access' }];
}
