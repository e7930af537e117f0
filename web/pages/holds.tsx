// The inbox of what waits for somebody: by code, with reason and remedy, to be tried again, put aside or mended.
import { Button, Checkbox, Select } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { QueryInput } from '../../src/api/contract/contract.ts';
import type { Hold } from '../../src/api/contract/holds.ts';
import type { RouteId } from '../../src/api/contract/routes.table.ts';
import { useAct, usePages, useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { changeSearch, type SearchChange } from '../parts/change-search.ts';
import { ConnectionFilter } from '../parts/connection-filter.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Failed, Page, Read } from '../parts/page.tsx';
import { PersonLink } from '../parts/person-link.tsx';
import { RowId, StateTag } from '../parts/show.tsx';
import { type Column, More, Table } from '../parts/table.tsx';
import { codeText, count, counted, HOLD_STATE, SEVERITY } from '../parts/words.ts';

const TOUCHED: readonly RouteId[] = ['listHolds', 'countHolds', 'getHold', 'getOverview', 'getPerson'];

export function Holds() {
  const search = useSearch({ from: '/holds' });
  const navigate = useNavigate({ from: '/holds' });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const severity = search.severity ?? 'action';
  const query: QueryInput<'listHolds'> = { ...search, severity: severity === 'all' ? undefined : severity };
  const holds = usePages('listHolds', { query });
  const filter = (change: SearchChange<typeof search>): void => {
    setPicked(new Set());
    void navigate({ search: (old) => changeSearch(old, change), replace: true });
  };
  return (
    <Page
      title="Holds"
      lead="Records that cannot be written as they are. Everybody else goes through; a hold is tried again as soon as one of its records changes, and every night."
    >
      <Codes
        connection={search.connection}
        severity={severity}
        code={search.code}
        choose={(code) => filter({ code })}
      />
      <div className="filters">
        <ConnectionFilter value={search.connection} onChange={(connection) => filter({ connection })} />
        <Select
          label="Urgency"
          allowDeselect={false}
          data={[
            { value: 'action', label: SEVERITY.action[0] },
            { value: 'waiting', label: SEVERITY.waiting[0] },
            { value: 'info', label: SEVERITY.info[0] },
            { value: 'all', label: 'All' },
          ]}
          value={severity}
          onChange={(next) => filter({ severity: next === 'action' || next === null ? undefined : next })}
        />
        <Select
          label="State"
          placeholder="Open and waiting"
          clearable
          data={Object.entries(HOLD_STATE).map(([value, [label]]) => ({ value, label }))}
          value={search.state ?? null}
          onChange={(state) => filter({ state: state ?? undefined })}
        />
      </div>
      <Read of={holds} data={holds.items} rows={8}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing waits">
              {severity === 'action' && search.code === undefined && search.state === undefined
                ? 'Nobody has to do anything: every record goes through.'
                : 'No hold fits what you filter by.'}
            </Empty>
          ) : (
            <>
              <Deeds
                picked={picked}
                items={items}
                ignored={search.state === 'ignored'}
                done={() => setPicked(new Set())}
              />
              <HoldTable items={items} picked={picked} setPicked={setPicked} />
              <More of={holds} />
            </>
          )
        }
      </Read>
    </Page>
  );
}

function Codes({
  connection,
  severity,
  code,
  choose,
}: {
  readonly connection: string | undefined;
  readonly severity: string;
  readonly code: string | undefined;
  readonly choose: (code: string | undefined) => void;
}) {
  const counts = useRead('countHolds', { query: { connection } });
  const totals = new Map<string, number>();
  for (const each of counts.data?.codes ?? []) {
    if (severity === 'all' || each.severity === severity)
      totals.set(each.code, (totals.get(each.code) ?? 0) + each.total);
  }
  if (totals.size === 0 && code === undefined) return null;
  if (code !== undefined && !totals.has(code)) totals.set(code, 0);
  return (
    <ul className="steps" aria-label="By code">
      {[...totals].map(([each, total]) => (
        <li key={each}>
          <button type="button" aria-pressed={each === code} onClick={() => choose(each === code ? undefined : each)}>
            {codeText(each)} {count(total)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function HoldTable({
  items,
  picked,
  setPicked,
}: {
  readonly items: readonly Hold[];
  readonly picked: ReadonlySet<string>;
  readonly setPicked: (picked: ReadonlySet<string>) => void;
}) {
  const may = useMay('operator');
  const pick = (id: string, on: boolean): void => {
    const next = new Set(picked);
    if (on) next.add(id);
    else next.delete(id);
    setPicked(next);
  };
  const columns: readonly Column<Hold>[] = [
    ...(may
      ? [
          {
            head: 'Pick',
            cell: ({ id, email, code }: Hold) => (
              <Checkbox
                aria-label={`Pick ${email ?? id}, ${codeText(code)}`}
                checked={picked.has(id)}
                onChange={({ currentTarget }) => pick(id, currentTarget.checked)}
              />
            ),
          },
        ]
      : []),
    {
      head: 'Who',
      className: 'who-cell',
      cell: (hold) => <PersonLink connection={hold.connection} email={hold.email} />,
    },
    {
      head: 'What is wrong, and the remedy',
      className: 'wide',
      cell: (hold) => (
        <div className="stack tight">
          <div className="line-wrap">
            <Link to="/holds/$hold" params={{ hold: hold.id }} className="strong">
              {codeText(hold.code)}
            </Link>
            <RowId row={hold.row} why={hold.why} />
          </div>
          <span>{hold.message}</span>
          <span className="small dim">{hold.fix}</span>
        </div>
      ),
    },
    { head: 'State', cell: (hold) => <StateTag of={HOLD_STATE[hold.state]} />, className: 'not-on-phone' },
    { head: 'Since', cell: (hold) => <Moment at={hold.firstSeen} />, className: 'not-on-phone' },
    { head: 'Tries', cell: (hold) => count(hold.attempts), className: 'number not-on-phone' },
  ];
  return <Table label="Holds" columns={columns} items={items} keyOf={({ id }) => id} />;
}

function Deeds({
  picked,
  items,
  ignored,
  done,
}: {
  readonly picked: ReadonlySet<string>;
  readonly items: readonly Hold[];
  readonly ignored: boolean;
  readonly done: () => void;
}) {
  const may = useMay('operator');
  const retry = useAct('retryHolds', TOUCHED);
  const ignore = useAct('ignoreHolds', TOUCHED);
  const reopen = useAct('reopenHolds', TOUCHED);
  if (!may) return null;
  const ids = items.filter(({ id }) => picked.has(id)).map(({ id }) => id);
  const none = ids.length === 0;
  const body = { ids: ids.slice(0, 500) };
  return (
    <div className="stack">
      <div className="actions">
        <Button
          size="sm"
          disabled={none}
          loading={retry.isPending}
          onClick={() => retry.mutate({ body }, { onSuccess: done })}
        >
          Try again
        </Button>
        {ignored ? (
          <Button
            size="sm"
            variant="default"
            disabled={none}
            onClick={() => reopen.mutate({ body }, { onSuccess: done })}
          >
            Put back
          </Button>
        ) : (
          <Button
            size="sm"
            variant="default"
            disabled={none}
            onClick={() => ignore.mutate({ body }, { onSuccess: done })}
          >
            Ignore
          </Button>
        )}
        <span className="dim small" role="status">
          {retry.data !== undefined && none
            ? `${counted(retry.data.changed, 'hold')} will be tried in the next run.`
            : none
              ? 'Pick some to try again or put aside.'
              : `${counted(ids.length, 'hold')} picked`}
        </span>
      </div>
      <Failed of={retry.error ?? ignore.error ?? reopen.error} />
    </div>
  );
}
