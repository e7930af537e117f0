// One run: how it went or how far it is, its writes as differences with the rule behind each, and what may be decided about it.
import { useParams } from '@tanstack/react-router';
import type { RunDetail } from '../../src/api/contract/runs.ts';
import { usePages, useRead } from '../api/queries.ts';
import { Moment, runLength } from '../parts/moment.tsx';
import { Card, Page, Read } from '../parts/page.tsx';
import { PersonLink } from '../parts/person-link.tsx';
import { RunProgress } from '../parts/run-progress.tsx';
import { Notice, RowId, StateTag } from '../parts/show.tsx';
import { More } from '../parts/table.tsx';
import { codeText, count, RUN_KIND, RUN_STATE, useLabel } from '../parts/words.ts';
import { RunActions } from './run/actions.tsx';
import { RunDeeds } from './run/deeds.tsx';
import { Outlook } from './run/outlook.tsx';

export function RunPage() {
  const { run: id } = useParams({ from: '/runs/$run' });
  const run = useRead('getRun', { params: { run: id } });
  return (
    <Page
      title={run.data === undefined ? 'Run' : `${RUN_KIND[run.data.kind]} of ${run.data.connection}`}
      lead={<span className="code">{id}</span>}
      actions={run.data !== undefined && <RunDeeds of={run.data} />}
    >
      <Read of={run} data={run.data} rows={8}>
        {(detail) => <Detail of={detail} />}
      </Read>
    </Page>
  );
}

function Detail({ of }: { readonly of: RunDetail }) {
  return (
    <>
      {of.state === 'running' && <RunProgress id={of.id} kind={of.kind} known={of.progress} />}
      {of.message !== null && (
        <Notice
          tone={of.state === 'failed' || of.state === 'aborted' ? 'bad' : of.state === 'parked' ? 'warn' : 'info'}
        >
          {of.message}
        </Notice>
      )}
      <Card title="At a glance">
        <Glance of={of} />
      </Card>
      {of.outlook !== null && <Outlook of={of} />}
      {of.failures.length > 0 && (
        <Card title="Failed">
          <ul className="plain-list">
            {of.failures.map(({ entity, email, error }) => (
              <li key={`${entity} ${email} ${error}`}>
                <PersonLink connection={of.connection} email={email} /> <span className="dim">({entity})</span>: {error}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <RunActions run={of} />
      <Notes run={of} />
    </>
  );
}

function Glance({ of }: { readonly of: RunDetail }) {
  const label = useLabel();
  const { crm, marketing } = of.apiCalls;
  const planned = of.kind === 'plan' || of.kind === 'preview';
  return (
    <dl className="figures">
      <div>
        <dt>State</dt>
        <dd>
          <StateTag of={RUN_STATE[of.state]} />
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>
          <Moment at={of.startedAt} />
          <small>{of.finishedAt !== null && `took ${runLength(of.startedAt, of.finishedAt)}`}</small>
        </dd>
      </div>
      <div>
        <dt>{planned ? 'Would write' : 'Writes'}</dt>
        <dd>
          {count(of.actions.total)}
          <small>
            {count(of.actions.bySystem.crm)} to {label('crm')}, {count(of.actions.bySystem.marketing)} to{' '}
            {label('marketing')}
          </small>
        </dd>
      </div>
      <div>
        <dt>Held</dt>
        <dd>
          {count(of.holds.total)}
          <small>
            {Object.entries(of.holds.byCode)
              .sort(([, a], [, b]) => b - a)
              .slice(0, 3)
              .map(([code, n]) => `${count(n)} ${codeText(code).toLowerCase()}`)
              .join(', ')}
          </small>
        </dd>
      </div>
      {of.parked > 0 && (
        <div>
          <dt>Wait for approval</dt>
          <dd>{count(of.parked)}</dd>
        </div>
      )}
      <div>
        <dt>Calls</dt>
        <dd>
          {count(crm.reads + crm.writes + marketing.reads + marketing.writes)}
          <small>
            {count(crm.reads + marketing.reads)} reads, {count(crm.writes + marketing.writes)} writes
          </small>
        </dd>
      </div>
    </dl>
  );
}

function Notes({ run }: { readonly run: RunDetail }) {
  const notes = usePages('listRunNotes', { params: { run: run.id } });
  if (notes.items === null || notes.items.length === 0) return null;
  return (
    <Card title="Noticed without writing">
      <ul className="timeline">
        {notes.items.map(({ row, why, text, email }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two notes may say the same
          <li key={index}>
            <div className="line">
              <RowId row={row} why={why} /> <PersonLink connection={run.connection} email={email} /> <span>{text}</span>
            </div>
          </li>
        ))}
      </ul>
      <More of={notes} />
    </Card>
  );
}
