// Everything known about one person, on one page: may we mail them, both records side by side, and every decision with its rule.
import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Decision, Person } from '../../src/api/contract/people.ts';
import { useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { Moment } from '../parts/moment.tsx';
import { Card, Empty, Page, Read } from '../parts/page.tsx';
import { Changes, RowId, StateTag, Tag } from '../parts/show.tsx';
import { ACTION_STATE, codeText, HOLD_STATE, type Tone, useLabel } from '../parts/words.ts';
import { LinkCard } from './person/link-card.tsx';
import { Privacy } from './person/privacy.tsx';
import { CrmCard, MarketingCard } from './person/records.tsx';

const STEP = 50;
const MOST = 500;

export function PersonPage() {
  const { connection, email } = useParams({ from: '/people/$connection/$email' });
  const admin = useMay('admin');
  const [decisions, setDecisions] = useState(STEP);
  const person = useRead('getPerson', { params: { connection }, query: { email, decisions } });
  return (
    <Page title={email} lead={`In ${connection}`}>
      <Read of={person} data={person.data} rows={10}>
        {(known) =>
          known.known ? (
            <Known of={known} more={() => setDecisions(Math.min(MOST, decisions * 2))} most={decisions >= MOST} />
          ) : (
            <>
              <Empty title="Nobody is known by this address">
                Neither side has it, and nothing was ever decided about it. Somebody added just now appears after the
                next run.
              </Empty>
              {admin && known.erased !== null && <Privacy of={known} />}
            </>
          )
        }
      </Read>
    </Page>
  );
}

function Known({ of, more, most }: { readonly of: Person; readonly more: () => void; readonly most: boolean }) {
  const admin = useMay('admin');
  return (
    <>
      <MayWeMail of={of} />
      {of.holds.length > 0 && (
        <Card title="What waits">
          <ul className="timeline">
            {of.holds.map((hold) => (
              <li key={hold.id}>
                <div className="line">
                  <Link to="/holds/$hold" params={{ hold: hold.id }}>
                    {codeText(hold.code)}
                  </Link>
                  <RowId row={hold.row} why={hold.why} />
                  <StateTag of={HOLD_STATE[hold.state]} />
                </div>
                <p>{hold.message}</p>
                <p className="small dim">{hold.fix}</p>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <div className="grid" data-sides>
        {of.crm.map((record) => (
          <CrmCard key={`${record.role} ${record.id}`} of={record} />
        ))}
        {of.crm.length === 0 && <Missing side="crm" />}
        {of.marketing.map((record) => (
          <MarketingCard key={record.id} of={record} />
        ))}
        {of.marketing.length === 0 && <Missing side="marketing" />}
      </div>
      {of.links.map((link) => (
        <LinkCard key={link.id} of={link} />
      ))}
      <Card title="Decisions">
        {of.decisions.length === 0 ? (
          <p className="dim">Nothing had to be decided yet.</p>
        ) : (
          <ol className="timeline">
            {of.decisions.map((decision, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two decisions may say the same
              <DecisionItem key={index} of={decision} />
            ))}
          </ol>
        )}
        {of.more && !most && (
          <Button variant="default" onClick={more}>
            Show older ones
          </Button>
        )}
      </Card>
      <ConsentHistory of={of} />
      {admin && <Privacy of={of} />}
    </>
  );
}

const MAY: { readonly [S in Person['consent']['state']]: string } = {
  optedIn: 'Opted in',
  optedOut: 'Opted out',
  pending: 'Waits for confirmation',
  unknown: 'Consent not known',
};

function MayWeMail({ of: { consent, suppressions } }: { readonly of: Person }) {
  const tone: Tone = consent.mayMail ? 'good' : 'bad';
  return (
    <div className="notice" data-tone={tone}>
      <div>
        <h2 className="mail-answer">
          {consent.mayMail ? 'Yes, this person may be mailed' : 'No, this person may not be mailed'}
        </h2>
        <p>
          {MAY[consent.state]}: {consent.because}
        </p>
        {suppressions.map(({ email, reason, at }) => (
          <p key={`${email} ${reason}`}>
            {email} is suppressed ({reason}), <Moment at={at} />
          </p>
        ))}
      </div>
    </div>
  );
}

function Missing({ side }: { readonly side: 'crm' | 'marketing' }) {
  const label = useLabel();
  return (
    <Card title={label(side)}>
      <p className="dim">No record with this address.</p>
    </Card>
  );
}

function DecisionItem({ of }: { readonly of: Decision }) {
  return (
    <li>
      <div className="line">
        <RowId row={of.row} why={of.why} />
        <span className="strong">{of.text}</span>
        {of.state !== null && <StateTag of={ACTION_STATE[of.state]} />}
        {of.type === 'note' && <Tag>Noticed</Tag>}
      </div>
      <p className="small dim">
        {of.why} <Moment at={of.at} /> in{' '}
        <Link to="/runs/$run" params={{ run: of.run }}>
          this run
        </Link>
      </p>
      <Changes of={of.changes} />
      {of.error !== null && <p className="small fault-text">{of.error}</p>}
    </li>
  );
}

function ConsentHistory({ of: { consent } }: { readonly of: Person }) {
  const label = useLabel();
  if (consent.history.length === 0) return null;
  return (
    <Card title="Consent history">
      <ol className="timeline">
        {consent.history.toReversed().map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two entries may say the same
          <li key={index}>
            <div className="line">
              <RowId row={entry.row} why={entry.why} />
              <span className="strong">{entry.state in MAY ? MAY[entry.state as keyof typeof MAY] : entry.state}</span>
              <span>
                in {label(entry.system)}: {entry.signal}
              </span>
            </div>
            <p className="small dim">
              Seen <Moment at={entry.at} />
              {entry.effectiveAt !== null && (
                <>
                  , in effect since <Moment at={entry.effectiveAt} />
                </>
              )}
              . {entry.why}
              {entry.written !== null && ` Written: ${entry.written}.`}
            </p>
          </li>
        ))}
      </ol>
    </Card>
  );
}
