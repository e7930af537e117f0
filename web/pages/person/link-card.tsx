// How the two records are joined: field by field, both values now and what both last agreed on.
import type { Person } from '../../../src/api/contract/people.ts';
import { Moment } from '../../parts/moment.tsx';
import { Card } from '../../parts/page.tsx';
import { Tag, Value } from '../../parts/show.tsx';
import { type Tone, useLabel } from '../../parts/words.ts';

type Link = Person['links'][number];

const STATE: { readonly [S in Link['state']]: readonly [string, Tone] } = {
  active: ['In step', 'good'],
  paused: ['Paused', 'warn'],
  held: ['Held', 'warn'],
  shadow: ['Second record of the address, left alone', 'quiet'],
  severed: ['Cut', 'bad'],
};

export function LinkCard({ of }: { readonly of: Link }) {
  const label = useLabel();
  const [text, tone] = STATE[of.state];
  return (
    <Card title={`Joined as ${of.role}`} actions={<Tag tone={tone}>{text}</Tag>}>
      <div className="stack">
        <p className="small dim">
          {label('crm')} {of.crmId} and {label('marketing')} {of.marketingId}, since <Moment at={of.createdAt} />.
          {of.why !== null && ` ${of.why}`}
        </p>
        {of.fields.length > 0 && <Fields of={of} />}
      </div>
    </Card>
  );
}

/** Keys in brackets are no fields: consent and lists are told elsewhere on the page. */
function Fields({ of }: { readonly of: Link }) {
  const label = useLabel();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls has to be reachable by keyboard
    <section className="table-frame" aria-label={`Fields joined as ${of.role}`} tabIndex={0}>
      <table className="table link-table">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">{label('crm')}</th>
            <th scope="col">{label('marketing')}</th>
            <th scope="col">Last agreed on</th>
          </tr>
        </thead>
        <tbody>
          {of.fields
            .filter(({ key }) => !key.startsWith('('))
            .map((field) => (
              <tr key={field.key} data-differs={field.same ? undefined : ''}>
                <th scope="row">
                  {field.key}
                  <div className="small dim code">{field.path ?? 'no longer mapped'}</div>
                </th>
                <td>
                  <Value of={field.crm} />
                </td>
                <td>
                  <Value of={field.marketing} />
                  {!field.same && <span className="visually-hidden"> (differs)</span>}
                </td>
                <td>
                  {field.base === null ? <span className="dim">never</span> : <Value of={field.base.marketing} />}
                  {field.unconfirmed && <div className="small dim">written, not read back yet</div>}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
