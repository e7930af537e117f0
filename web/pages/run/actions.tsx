// The writes of a run: grouped by rule at a glance, then one by one with before and after.
import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { RunAction, RunDetail } from '../../../src/api/contract/runs.ts';
import { usePages } from '../../api/queries.ts';
import { Card, Empty, Read } from '../../parts/page.tsx';
import { PersonLink } from '../../parts/person-link.tsx';
import { Changes, RowId, StateTag } from '../../parts/show.tsx';
import { More, Table } from '../../parts/table.tsx';
import { ACTION_KIND, ACTION_STATE, count, useLabel } from '../../parts/words.ts';

type Group = RunDetail['groups'][number];

export function RunActions({ run }: { readonly run: RunDetail }) {
  const search = useSearch({ from: '/runs/$run' });
  const navigate = useNavigate({ from: '/runs/$run' });
  const label = useLabel();
  if (run.groups.length === 0) {
    return run.state === 'running' ? null : (
      <Empty title="No writes">
        {run.kind === 'preview' || run.kind === 'plan'
          ? 'Both sides agree: there would be nothing to write.'
          : 'Both sides agreed: there was nothing to write.'}
      </Empty>
    );
  }
  const { row, kind, state, system, entity } = search;
  const chosen = Object.values(search).some((value) => value !== undefined);
  const choose = (group: Group | null): void => {
    void navigate({
      search:
        group === null
          ? {}
          : { row: group.row, kind: group.kind, state: group.state, system: group.system, entity: group.entity },
      replace: true,
      resetScroll: false,
    });
  };
  const isChosen = (group: Group): boolean =>
    group.row === row &&
    group.kind === kind &&
    group.state === state &&
    group.system === system &&
    group.entity === entity;
  return (
    <>
      <Card
        title="By rule"
        actions={
          chosen && (
            <Button size="xs" variant="default" onClick={() => choose(null)}>
              Show all writes
            </Button>
          )
        }
      >
        <Table
          label="Writes by rule"
          items={run.groups}
          keyOf={(group) => `${group.row} ${group.kind} ${group.system} ${group.entity} ${group.state}`}
          columns={[
            { head: 'Rule', cell: (group) => <RowId row={group.row} why={group.why} /> },
            { head: 'Why', cell: (group) => group.why, className: 'wide' },
            { head: 'Write', cell: (group) => `${ACTION_KIND[group.kind]} in ${label(group.system)}` },
            { head: 'For', cell: (group) => group.entity, className: 'not-on-phone' },
            { head: 'State', cell: (group) => <StateTag of={ACTION_STATE[group.state]} /> },
            {
              head: 'Number',
              className: 'number',
              cell: (group) => (
                <Button
                  size="compact-sm"
                  variant={isChosen(group) ? 'filled' : 'default'}
                  aria-pressed={isChosen(group)}
                  onClick={() => choose(isChosen(group) ? null : group)}
                >
                  {count(group.total)}
                </Button>
              ),
            },
          ]}
        />
      </Card>
      <ActionList run={run} search={search} />
    </>
  );
}

function ActionList({ run, search }: { readonly run: RunDetail; readonly search: Record<string, string | undefined> }) {
  const actions = usePages('listRunActions', { params: { run: run.id }, query: search as { state?: string } });
  return (
    <Card title={run.kind === 'plan' || run.kind === 'preview' ? 'What would be written' : 'Writes'}>
      <Read of={actions} data={actions.items}>
        {(items) => (
          <>
            <ol className="timeline">
              {items.map((action) => (
                <ActionItem key={action.seq} of={action} connection={run.connection} />
              ))}
            </ol>
            <More of={actions} />
          </>
        )}
      </Read>
    </Card>
  );
}

function ActionItem({ of, connection }: { readonly of: RunAction; readonly connection: string }) {
  const label = useLabel();
  return (
    <li>
      <div className="line">
        <RowId row={of.row} why={of.why} />
        <PersonLink connection={connection} email={of.email} />
        <span>
          {ACTION_KIND[of.kind]} {of.entity} in {label(of.system)}
        </span>
        <StateTag of={ACTION_STATE[of.state]} />
      </div>
      <p className="small dim">{of.why}</p>
      {of.consent !== null && <p className="small">Consent: {of.consent}</p>}
      <Changes of={of.changes} />
      {of.error !== null && <p className="small fault-text">{of.error}</p>}
    </li>
  );
}
