// All runs, newest first.
import { Select } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Run } from '../../src/api/contract/runs.ts';
import { usePages } from '../api/queries.ts';
import { changeSearch, type SearchChange } from '../parts/change-search.ts';
import { ConnectionFilter } from '../parts/connection-filter.tsx';
import { Moment, runLength } from '../parts/moment.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { StateTag } from '../parts/show.tsx';
import { type Column, More, Table } from '../parts/table.tsx';
import { count, RUN_KIND, RUN_STATE } from '../parts/words.ts';

const COLUMNS: readonly Column<Run>[] = [
  {
    head: 'Run',
    cell: (run) => (
      <Link to="/runs/$run" params={{ run: run.id }}>
        {RUN_KIND[run.kind]} of {run.connection}
      </Link>
    ),
  },
  { head: 'State', cell: (run) => <StateTag of={RUN_STATE[run.state]} /> },
  { head: 'Started', cell: (run) => <Moment at={run.startedAt} /> },
  { head: 'Took', cell: (run) => runLength(run.startedAt, run.finishedAt), className: 'not-on-phone' },
  { head: 'Writes', cell: (run) => count(run.actions.total), className: 'number' },
  { head: 'Held', cell: (run) => count(run.holds.total), className: 'number' },
  {
    head: 'Calls',
    cell: ({ apiCalls: { crm, marketing } }) => count(crm.reads + crm.writes + marketing.reads + marketing.writes),
    className: 'number not-on-phone',
  },
  { head: 'Said', cell: (run) => <span className="small">{run.message}</span>, className: 'wide not-on-phone' },
];

const options = <K extends string>(words: { readonly [P in K]: string | readonly [string, string] }) =>
  (Object.entries(words) as [K, string | readonly [string, string]][]).map(([value, label]) => ({
    value,
    label: typeof label === 'string' ? label : label[0],
  }));

export function Runs() {
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const runs = usePages('listRuns', { query: search });
  const filter = (change: SearchChange<typeof search>): void => {
    void navigate({ search: (old) => changeSearch(old, change), replace: true });
  };
  return (
    <Page title="Runs" lead="Each cycle, alignment, plan and undo, with everything it wrote and why.">
      <div className="filters">
        <ConnectionFilter value={search.connection} onChange={(connection) => filter({ connection })} />
        <Select
          label="Kind"
          placeholder="All"
          clearable
          data={options(RUN_KIND)}
          value={search.kind ?? null}
          onChange={(kind) => filter({ kind: kind ?? undefined })}
        />
        <Select
          label="State"
          placeholder="All"
          clearable
          data={options(RUN_STATE)}
          value={search.state ?? null}
          onChange={(state) => filter({ state: state ?? undefined })}
        />
      </div>
      <Read of={runs} data={runs.items} rows={8}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No runs">
              {Object.values(search).some((value) => value !== undefined)
                ? 'None fits what you filter by.'
                : 'The first one appears as soon as something is previewed, planned or synced.'}
            </Empty>
          ) : (
            <>
              <Table label="Runs" columns={COLUMNS} items={items} keyOf={({ id }) => id} />
              <More of={runs} />
            </>
          )
        }
      </Read>
    </Page>
  );
}
