// One connection: what it does, whether both accounts let it, and the way from saved to live.
import { Button } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Connection } from '../../src/api/contract/connections.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { AlignCard } from '../editor/align-card.tsx';
import { Checks } from '../editor/checks.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { lengthText, Moment } from '../parts/moment.tsx';
import { Card, Failed, Page, Read } from '../parts/page.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Notice, Tag } from '../parts/show.tsx';
import { useLabel } from '../parts/words.ts';
import { Parts } from './connections.tsx';

export function ConnectionPage() {
  const { connection: name } = useParams({ from: '/connections/$connection' });
  const connection = useRead('getConnection', { params: { connection: name } });
  return (
    <Page title={name} actions={connection.data !== undefined && <Deeds of={connection.data} />}>
      <Read of={connection} data={connection.data} rows={8}>
        {(of) => (
          <>
            {of.source === 'file' && <OfFile of={of} />}
            <AlignCard connection={of.name} alignedAt={of.alignedAt} />
            <About of={of} />
            <Test of={of} />
            <Danger of={of} />
          </>
        )}
      </Read>
    </Page>
  );
}

function OfFile({ of }: { readonly of: Connection }) {
  const admin = useMay('admin');
  const takeOver = useAct('takeOverConnection', ['getConnection', 'listConnections', 'getOverview']);
  return (
    <Notice tone="info">
      <p>This connection is managed by the configuration file, so it is shown here and not edited.</p>
      {admin && (
        <div className="actions in-notice">
          <Confirm
            label="Take it over"
            quiet
            small
            title="Edit this connection here from now on?"
            onConfirm={() => takeOver.mutateAsync({ params: { connection: of.name } })}
          >
            It is copied into the database, with its secrets encrypted. The file no longer counts for it. Its history
            goes on.
          </Confirm>
        </div>
      )}
    </Notice>
  );
}

function Deeds({ of }: { readonly of: Connection }) {
  const may = useMay('operator');
  const admin = useMay('admin');
  const touched = ['getConnection', 'listConnections', 'getOverview'] as const;
  const pause = useAct('pauseConnection', touched);
  const resume = useAct('resumeConnection', touched);
  const paused = of.pausedAt !== null;
  const params = { connection: of.name };
  return (
    <>
      {may && (
        <Button
          variant="default"
          loading={pause.isPending || resume.isPending}
          onClick={() => (paused ? resume : pause).mutate({ params })}
        >
          {paused ? 'Resume' : 'Pause'}
        </Button>
      )}
      {admin && of.source === 'database' && (
        <LinkButton to="/connections/$connection/edit" params={params}>
          Edit
        </LinkButton>
      )}
      <Failed of={pause.error ?? resume.error} />
    </>
  );
}

function About({ of }: { readonly of: Connection }) {
  const label = useLabel();
  return (
    <Card title="What it does" actions={of.pausedAt !== null && <Tag tone="warn">Paused</Tag>}>
      <dl className="pairs">
        <dt>Synchronises</dt>
        <dd>
          <Parts of={of} />
        </dd>
        <dt>Every</dt>
        <dd>{lengthText(of.everyMs / 1000)}</dd>
        <dt>Defaults</dt>
        <dd>{of.profile}</dd>
        <dt>{label('crm')} account</dt>
        <dd>{of.accounts.crm ?? <span className="dim">known after the first run</span>}</dd>
        <dt>{label('marketing')} account</dt>
        <dd>{of.accounts.marketing ?? <span className="dim">known after the first run</span>}</dd>
        <dt>Saved</dt>
        <dd>
          {of.source === 'file' ? (
            'in the configuration file'
          ) : (
            <>
              <Moment at={of.savedAt} /> {of.savedBy !== null && `by ${of.savedBy}`}
            </>
          )}
        </dd>
      </dl>
      <details className="all-settings">
        <summary>Every setting, defaults filled in</summary>
        <Sheet label="Every setting" text={JSON.stringify(of.effective, null, 2)} />
      </details>
    </Card>
  );
}

function Test({ of }: { readonly of: Connection }) {
  const may = useMay('operator');
  const test = useAct('testConnection');
  if (!may) return null;
  return (
    <Card
      title="Both accounts"
      actions={
        <Button
          variant="default"
          loading={test.isPending}
          onClick={() => test.mutate({ params: { connection: of.name } })}
        >
          Test both
        </Button>
      }
    >
      {test.data === undefined ? (
        <p className="dim">Says what each account lets us do, and what not. Nothing is written.</p>
      ) : (
        <Checks of={test.data.checks} />
      )}
      <Failed of={test.error} />
    </Card>
  );
}

function Danger({ of }: { readonly of: Connection }) {
  const admin = useMay('admin');
  const navigate = useNavigate();
  const remove = useAct('deleteConnection', ['listConnections', 'getOverview']);
  const alerts = useAct('testAlerts');
  if (!admin) return null;
  const params = { connection: of.name };
  return (
    <Card title="Alerts and removal">
      <div className="stack">
        <div className="actions">
          <Button variant="default" loading={alerts.isPending} onClick={() => alerts.mutate({ params })}>
            Send a test alert
          </Button>
          {of.source === 'database' && (
            <Confirm
              label="Remove this connection"
              quiet
              danger
              title={`Remove ${of.name}?`}
              onConfirm={() => remove.mutateAsync({ params }).then(() => navigate({ to: '/connections' }))}
            >
              Nothing is synchronised any more. Nothing is deleted on either side, and the history stays.
            </Confirm>
          )}
        </div>
        {alerts.data !== undefined &&
          (alerts.data.sent.length === 0 ? (
            <p className="dim">Nobody is set to be told.</p>
          ) : (
            <ul className="plain-list">
              {alerts.data.sent.map(({ to, error }) => (
                <li key={to}>
                  <Tag tone={error === null ? 'good' : 'bad'}>{error === null ? 'Sent' : 'Failed'}</Tag> {to} {error}
                </li>
              ))}
            </ul>
          ))}
        <Failed of={alerts.error} />
      </div>
    </Card>
  );
}
