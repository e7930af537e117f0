// Every alert, open or over: what was wrong, since when, and who was told.
import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Alert } from '../../src/api/contract/service.ts';
import { usePages } from '../api/queries.ts';
import { changeSearch, type SearchChange } from '../parts/change-search.ts';
import { ConnectionFilter } from '../parts/connection-filter.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { Tag } from '../parts/show.tsx';
import { type Column, More, Table } from '../parts/table.tsx';

const COLUMNS: readonly Column<Alert>[] = [
  {
    head: 'What',
    className: 'wide',
    cell: ({ connection, message, severity }) => (
      <>
        <Tag tone={severity === 'critical' ? 'bad' : 'warn'}>{severity === 'critical' ? 'Critical' : 'Warning'}</Tag>{' '}
        <span className="strong">{connection}</span>
        <div>{message}</div>
      </>
    ),
  },
  { head: 'Since', cell: ({ since }) => <Moment at={since} /> },
  {
    head: 'Over',
    cell: ({ endedAt }) => (endedAt === null ? <Tag tone="warn">Still so</Tag> : <Moment at={endedAt} />),
  },
  {
    head: 'Who was told',
    className: 'wide not-on-phone',
    cell: ({ told }) =>
      told.length === 0 ? (
        <span className="dim">nobody: no recipients are set</span>
      ) : (
        <ul className="plain-list small">
          {told.map(({ to, at, error }) => (
            <li key={`${to} ${at}`}>
              {to}, <Moment at={at} />
              {error !== null && <span className="fault-text">: {error}</span>}
            </li>
          ))}
        </ul>
      ),
  },
];

export function Alerts() {
  const search = useSearch({ from: '/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const state = search.state === 'open' || search.state === 'ended' ? search.state : undefined;
  const alerts = usePages('listAlerts', { query: { ...search, state } });
  const filter = (change: SearchChange<typeof search>): void => {
    void navigate({ search: (old) => changeSearch(old, change), replace: true });
  };
  return (
    <Page
      title="Alerts"
      lead="What went wrong and when it was well again. Who is told is set in each connection, under “Who is told”."
    >
      <div className="filters">
        <ConnectionFilter value={search.connection} onChange={(connection) => filter({ connection })} />
        <SegmentedControl
          aria-label="Which alerts"
          data={[
            { value: '', label: 'All' },
            { value: 'open', label: 'Open' },
            { value: 'ended', label: 'Over' },
          ]}
          value={state ?? ''}
          onChange={(next) => filter({ state: next === '' ? undefined : next })}
        />
      </div>
      <Read of={alerts} data={alerts.items} rows={6}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No alerts">Nothing of this kind went wrong so far.</Empty>
          ) : (
            <>
              <Table label="Alerts" columns={COLUMNS} items={items} keyOf={({ id }) => id} />
              <More of={alerts} />
            </>
          )
        }
      </Read>
    </Page>
  );
}
