// Requests that act as a person in a running sandbox, ready to be pasted into a shell. Never sent from here.
import type { RunningSandbox } from './start.ts';

export interface ControlExample {
  readonly does: string;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body: unknown;
}

/** One example for each kind of thing, naming records that exist; none about people where nobody lives. */
export function controlExamples({ sell, dotdigital, sellSandbox, desks }: RunningSandbox): readonly ControlExample[] {
  const contact = [...sellSandbox.world.state.contacts.values()].find(({ is_organization }) => !is_organization);
  const [lead] = sellSandbox.world.state.leads.values();
  const other = [...desks.marketing.everyContact()].find(
    ({ status, email }) => status === 'subscribed' && email !== null,
  );
  const examples: ControlExample[] = [];
  if (contact !== undefined) {
    examples.push({
      does: 'a contact of Sell moves house',
      method: 'PATCH',
      url: `${sell.url}/_control/contacts/${contact.id}`,
      body: { address: { postal_code: 'LS1 4AP' } },
    });
  }
  if (lead !== undefined) {
    examples.push({
      does: 'a lead of Sell changes status',
      method: 'PATCH',
      url: `${sell.url}/_control/leads/${lead.id}`,
      body: { status: 'Working' },
    });
  }
  if (other !== undefined) {
    const at = `${dotdigital.url}/_control/contacts/${other.id}`;
    examples.push(
      {
        does: 'a contact of Dotdigital gets another first name',
        method: 'PATCH',
        url: at,
        body: { fields: { FIRSTNAME: 'Robin' } },
      },
      { does: 'and joins a list', method: 'POST', url: `${at}/join-list`, body: { list: 'Spring fair' } },
      { does: 'and unsubscribes', method: 'POST', url: `${at}/unsubscribe`, body: {} },
    );
  }
  examples.push(
    {
      does: 'every tenth request to Sell is answered 503',
      method: 'POST',
      url: `${sell.url}/_control/faults`,
      body: { effect: { type: 'status', status: 503 }, match: { path: '/v2/', probability: 0.1 } },
    },
    { does: 'and no longer', method: 'DELETE', url: `${sell.url}/_control/faults`, body: undefined },
  );
  return examples;
}

/** The example as a curl command. */
export function asCurl({ method, url, body }: ControlExample): string {
  const data = body === undefined ? '' : ` -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  return `curl -X ${method} ${url}${data}`;
}
