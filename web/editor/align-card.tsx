// From saved to live: look at the alignment first, try it on ten people, then align everybody.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RouteId } from '../../src/api/contract/routes.table.ts';
import type { Run } from '../../src/api/contract/runs.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Moment } from '../parts/moment.tsx';
import { Card, Failed } from '../parts/page.tsx';
import { RunProgress } from '../parts/run-progress.tsx';
import { StateTag } from '../parts/show.tsx';
import { counted, RUN_STATE } from '../parts/words.ts';
import { TryPeople } from './try-people.tsx';

const TOUCHED: readonly RouteId[] = ['listRuns', 'getOverview'];

export function AlignCard({
  connection,
  alignedAt,
}: {
  readonly connection: string;
  readonly alignedAt: string | null;
}) {
  const may = useMay('operator');
  const runs = useRead('listRuns', { query: { connection, kind: 'preview,align', limit: 5 } });
  const preview = useAct('startRun', TOUCHED);
  const align = useAct('startRun', TOUCHED);
  const items = runs.data?.items ?? [];
  const running = items.find(({ state }) => state === 'running');
  const previewed = items.some(({ kind, finishedAt }) => kind === 'preview' && finishedAt !== null);
  return (
    <Card title={alignedAt === null ? 'Go live' : 'Alignment'}>
      <div className="stack">
        <p className="dim">
          {alignedAt === null
            ? 'Until both sides are aligned for the first time, nothing is written on schedule. Look at the preview: it shows every write with its reason. Then try ten people, look at them in both systems, and align everybody.'
            : 'Both sides were aligned, and are kept in step since. Aligning again compares everything.'}
          {alignedAt !== null && (
            <>
              {' '}
              Last: <Moment at={alignedAt} />.
            </>
          )}
        </p>
        {running !== undefined && <RunProgress id={running.id} kind={running.kind} />}
        {may && (
          <div className="actions">
            <Button
              variant={previewed ? 'default' : 'filled'}
              loading={preview.isPending}
              disabled={running !== undefined}
              onClick={() => preview.mutate({ body: { connection, kind: 'preview' } })}
            >
              Preview the alignment
            </Button>
            {alignedAt === null && (
              <TryPeople
                connection={connection}
                disabled={running !== undefined || !previewed}
                start={(people) => align.mutateAsync({ body: { connection, kind: 'align', people } })}
              />
            )}
            <Confirm
              label={alignedAt === null ? 'Align everybody and go live' : 'Align again'}
              title="Align everybody?"
              quiet={!previewed || alignedAt !== null}
              disabled={running !== undefined || !previewed}
              onConfirm={() => align.mutateAsync({ body: { connection, kind: 'align' } })}
            >
              What the preview showed is written to both sides, decided again with what they say now. From then on the
              connection runs on schedule.
            </Confirm>
          </div>
        )}
        <Failed of={preview.error ?? runs.error} />
        {items.length > 0 && (
          <ul className="plain-list">
            {items.map((run) => (
              <li key={run.id} className="line-wrap">
                <Link to="/runs/$run" params={{ run: run.id }}>
                  {run.kind === 'preview' ? 'Preview' : 'Alignment'}
                </Link>
                <StateTag of={RUN_STATE[run.state]} />
                <span className="dim small">
                  {told(run)}, <Moment at={run.startedAt} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

function told({ kind, actions, holds }: Run): string {
  return `${kind === 'preview' ? 'would make ' : ''}${counted(actions.total, 'write')}, ${counted(holds.total, 'record')} held`;
}
