// The overview: how every connection is, what needs somebody, and what the last days looked like.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Alert, ConnectionOverview, DeadLetter } from '../../src/api/contract/service.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { Activity } from '../parts/activity.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { lengthText, Moment } from '../parts/moment.tsx';
import { Card, Empty, Failed, Page, Read } from '../parts/page.tsx';
import { Retirement } from '../parts/retirement.tsx';
import { RunProgress } from '../parts/run-progress.tsx';
import { Notice, StateTag } from '../parts/show.tsx';
import { count, counted, HEALTH, RUN_KIND, RUN_STATE, STANDING } from '../parts/words.ts';

export function Overview() {
  const admin = useMay('admin');
  const overview = useRead('getOverview', {}, { every: 30_000 });
  const dead = useRead('listDeadLetters', { query: {} }, { every: 30_000 });
  const activity = useRead('getActivity', { query: { days: 14 } });
  return (
    <Page title="Overview">
      <Read of={overview} data={overview.data} rows={8}>
        {({ connections, alerts }) => (
          <>
            {alerts.map((alert) => (
              <AlertNotice key={alert.id} alert={alert} />
            ))}
            {dead.data?.items.map((letter) => (
              <DeadLetterNotice key={`${letter.connection} ${letter.work}`} of={letter} />
            ))}
            {!alerts.some(({ kind }) => kind === 'crm-retiring') && <Retirement />}
            {connections.length === 0 ? (
              <Empty
                title="Nothing is connected yet"
                action={admin && <LinkButton to="/connect">Connect two accounts</LinkButton>}
              >
                A connection joins one Sell account and one Dotdigital account. It is set up in a few minutes, and
                nothing is written before you have seen what would be.
              </Empty>
            ) : (
              connections.map((each) => <ConnectionCard key={each.connection} of={each} />)
            )}
          </>
        )}
      </Read>
      <Card title="Writes of the last 14 days">
        <Read of={activity} data={activity.data}>
          {({ days }) => <Activity days={days} />}
        </Read>
      </Card>
    </Page>
  );
}

function AlertNotice({ alert }: { readonly alert: Alert }) {
  return (
    <Notice tone={alert.severity === 'critical' ? 'bad' : 'warn'}>
      <strong>{alert.connection}</strong>: {alert.message} Since <Moment at={alert.since} />.
    </Notice>
  );
}

function DeadLetterNotice({ of }: { readonly of: DeadLetter }) {
  const { connection, work, failures, since, reason } = of;
  const operator = useMay('operator');
  const retry = useAct('retryDeadLetter', ['listDeadLetters', 'getOverview']);
  return (
    <Notice tone="bad">
      <strong>{connection}</strong>: {WORK[work]} failed {failures} times in a row since <Moment at={since} />: {reason}{' '}
      {operator && (
        <Button
          size="compact-sm"
          variant="default"
          loading={retry.isPending}
          onClick={() => retry.mutate({ body: { connection, work } })}
        >
          Try again now
        </Button>
      )}
      {retry.error !== null && ` ${retry.error.message}`}
    </Notice>
  );
}

const WORK: { readonly [W in DeadLetter['work']]: string } = {
  sync: 'the sync',
  verify: 'the nightly comparison',
  'opt-outs': 'the look for opt-outs',
  asked: 'a run that somebody asked for',
  align: 'the alignment',
};

function ConnectionCard({ of }: { readonly of: ConnectionOverview }) {
  return (
    <section className="card" aria-label={of.connection}>
      <header>
        <div className="actions">
          <h2>
            <Link to="/connections/$connection" params={{ connection: of.connection }}>
              {of.connection}
            </Link>
          </h2>
          <StateTag of={STANDING[of.standing]} />
        </div>
        <Deeds of={of} />
      </header>
      <div className="stack roomy">
        {of.running !== null && <RunProgress id={of.running.id} kind={of.running.kind} />}
        {of.alignedAt === null && of.running === null && (
          <Notice tone="info">
            This connection is not live yet: the first alignment is still to be made.{' '}
            <Link to="/connections/$connection" params={{ connection: of.connection }}>
              Go on with it
            </Link>
          </Notice>
        )}
        {of.parked > 0 && of.lastRun !== null && (
          <Notice tone="warn">
            {counted(of.parked, 'write')} wait for approval.{' '}
            <Link to="/runs" search={{ connection: of.connection, state: 'parked' }}>
              Look at them
            </Link>
          </Notice>
        )}
        <Figures of={of} />
        <div className="grid">
          <Side of={of.crm} />
          <Side of={of.marketing} />
        </div>
      </div>
    </section>
  );
}

function Figures({ of }: { readonly of: ConnectionOverview }) {
  const { lastRun, drift, holds } = of;
  return (
    <dl className="figures">
      <div>
        <dt>Last run</dt>
        <dd>
          {lastRun === null ? (
            <span className="dim">none</span>
          ) : (
            <>
              <Link to="/runs/$run" params={{ run: lastRun.id }}>
                <Moment at={lastRun.startedAt} />
              </Link>
              <small>
                {RUN_KIND[lastRun.kind]}: {RUN_STATE[lastRun.state][0].toLowerCase()}
              </small>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Next run</dt>
        <dd>
          <Moment at={of.nextRunAt} none="not planned" />
        </dd>
      </div>
      <div>
        <dt>People linked</dt>
        <dd>
          {count(of.links.contact + of.links.lead)}
          <small>
            {counted(of.links.contact, 'contact')}, {counted(of.links.lead, 'lead')}
          </small>
        </dd>
      </div>
      <div>
        <dt>Waiting for somebody</dt>
        <dd>
          {count(holds.action)}
          <small>
            {count(holds.waiting)} go by themselves, {count(holds.info)} for information
          </small>
        </dd>
      </div>
      <div>
        <dt>Lag</dt>
        <dd>
          {of.lagSeconds === null ? <span className="dim">not known</span> : lengthText(of.lagSeconds)}
          {of.optOutLatencySeconds !== null && (
            <small>opt-outs arrive within {lengthText(of.optOutLatencySeconds)}</small>
          )}
        </dd>
      </div>
      <div>
        <dt>Drift</dt>
        <dd>
          {drift === null ? <span className="dim">not compared yet</span> : counted(drift.differences, 'difference')}
          {drift !== null && (
            <small>
              of {counted(drift.people, 'person', 'people')}, <Moment at={drift.at} />
            </small>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Side({ of }: { readonly of: ConnectionOverview['crm'] }) {
  return (
    <div className="side">
      <div className="actions">
        <h3>{of.label}</h3>
        <StateTag of={HEALTH[of.health]} />
      </div>
      <p className="small dim">
        {of.account === null ? 'Account not known yet' : `Account ${of.account}`}. {counted(of.records, 'record')},{' '}
        {counted(of.calls24h, 'call')} in 24 hours.
      </p>
      {of.quota.map(({ tier, limit, remaining, at }) => (
        <p key={tier} className="small">
          {remaining === null || limit === null
            ? `${limit === null ? 'limit not told' : limit} ${tier}`
            : `${tier}: ${count(remaining)} of ${count(limit)} calls left`}
          {at !== null && (
            <span className="dim">
              , <Moment at={at} />
            </span>
          )}
        </p>
      ))}
    </div>
  );
}

function Deeds({ of }: { readonly of: ConnectionOverview }) {
  const may = useMay('operator');
  const start = useAct('startRun', ['getOverview', 'listRuns']);
  const pause = useAct('pauseConnection', ['getOverview', 'listConnections']);
  const resume = useAct('resumeConnection', ['getOverview', 'listConnections']);
  if (!may) return null;
  const { connection } = of;
  const paused = of.pausedAt !== null;
  return (
    <div className="actions">
      <Failed of={start.error ?? pause.error ?? resume.error} />
      {of.alignedAt !== null && (
        <Button
          size="sm"
          loading={start.isPending}
          disabled={of.running !== null || of.standing === 'busy'}
          onClick={() => start.mutate({ body: { connection, kind: 'sync' } })}
        >
          Sync now
        </Button>
      )}
      <Button
        size="sm"
        variant="default"
        loading={pause.isPending || resume.isPending}
        onClick={() => (paused ? resume : pause).mutate({ params: { connection } })}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
    </div>
  );
}
