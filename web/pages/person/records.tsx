// A person's record of either side, as it was last read.
import type { CrmRecord, MarketingRecord } from '../../../src/api/contract/records.ts';
import { Moment } from '../../parts/moment.tsx';
import { Card } from '../../parts/page.tsx';
import { Pair } from '../../parts/pair.tsx';
import { OutLink, Tag, Value } from '../../parts/show.tsx';
import { type Tone, useLabel } from '../../parts/words.ts';

type Values = CrmRecord['values'];
const STATE: { readonly [S in CrmRecord['state']]: readonly [string, Tone] | null } = {
  present: null,
  deleted: ['Deleted', 'bad'],
  hidden: ['Hidden from us', 'warn'],
};

export function CrmCard({ of }: { readonly of: CrmRecord }) {
  const label = useLabel();
  const name = [of.firstName, of.lastName].filter((part) => part !== null).join(' ');
  return (
    <Card title={`${label('crm')} ${of.role} ${of.id}`} actions={<Head state={of.state} url={of.url} />}>
      <dl className="pairs">
        <Pair name="E-mail">{of.email ?? <span className="dim">(blank)</span>}</Pair>
        <Pair name="Name">{name === '' ? <span className="dim">(blank)</span> : name}</Pair>
        {of.status !== null && <Pair name="Lead status">{of.status}</Pair>}
        <Fields of={of.values} />
        <Pair name="Tags">{of.tags.length === 0 ? <span className="dim">none</span> : of.tags.join(', ')}</Pair>
        <Pair name="Changed">
          <Moment at={of.updatedAt} none="not told" />
        </Pair>
        <Pair name="Read">
          <Moment at={of.observedAt} />
        </Pair>
      </dl>
    </Card>
  );
}

export function MarketingCard({ of }: { readonly of: MarketingRecord }) {
  const label = useLabel();
  return (
    <Card title={`${label('marketing')} contact ${of.id}`} actions={<Head state={of.state} url={of.url} />}>
      <dl className="pairs">
        <Pair name="E-mail">{of.email ?? <span className="dim">(blank)</span>}</Pair>
        <Pair name="E-mail channel">
          {of.channel.state}
          {of.channel.reason !== '' && of.channel.reason !== of.channel.state && (
            <span className="dim"> ({of.channel.reason})</span>
          )}
        </Pair>
        <Fields of={of.values} />
        <Pair name="Lists">
          {of.lists === null || of.lists.length === 0 ? (
            <span className="dim">{of.lists === null ? 'not read' : 'none'}</span>
          ) : (
            of.lists.map(({ id, name }) => name ?? id).join(', ')
          )}
        </Pair>
        <Pair name="Changed">
          <Moment at={of.updatedAt} none="not told" />
        </Pair>
        <Pair name="Read">
          {of.assumed ? <span>written just now, not read back yet</span> : <Moment at={of.observedAt} />}
        </Pair>
      </dl>
    </Card>
  );
}

function Head({ state, url }: { readonly state: CrmRecord['state']; readonly url: string | null }) {
  const told = STATE[state];
  return (
    <>
      {told !== null && <Tag tone={told[1]}>{told[0]}</Tag>}
      {url !== null && (
        <span className="small">
          <OutLink to={url}>Open it there</OutLink>
        </span>
      )}
    </>
  );
}

function Fields({ of }: { readonly of: Values }) {
  return Object.entries(of).map(([name, value]) => (
    <Pair key={name} name={name}>
      <Value of={value} />
    </Pair>
  ));
}
