// What people did here, newest first.
import { TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ROUTES } from '../../src/api/contract/routes.table.ts';
import type { AuditEntry } from '../../src/api/contract/session.ts';
import { usePages } from '../api/queries.ts';
import { changeSearch } from '../parts/change-search.ts';
import { Moment } from '../parts/moment.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { Tag } from '../parts/show.tsx';
import { type Column, More, Table } from '../parts/table.tsx';

/** The call's own summary, up to its first clause. */
function actionText(action: string): string {
  const summary = action in ROUTES ? ROUTES[action as keyof typeof ROUTES].summary : action;
  return summary.split(/[;:]/)[0] ?? action;
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { head: 'When', cell: ({ at }) => <Moment at={at} /> },
  {
    head: 'Who',
    cell: ({ who, token }) => (
      <>
        {who ?? <span className="dim">nobody logged in</span>}
        {token !== null && <div className="small dim">with token {token}</div>}
      </>
    ),
  },
  {
    head: 'What',
    className: 'wide',
    cell: ({ action, outcome }) => (
      <>
        {actionText(action)} {outcome === 'refused' && <Tag tone="bad">Refused</Tag>}
        <div className="small dim code">{action}</div>
      </>
    ),
  },
  {
    head: 'To what',
    className: 'wide not-on-phone',
    cell: ({ connection, subject, detail }) => (
      <>
        {[connection, subject].filter((part) => part !== null).join(': ')}
        {Object.keys(detail).length > 0 && (
          <details className="small">
            <summary>Details</summary>
            <code className="once">{JSON.stringify(detail)}</code>
          </details>
        )}
      </>
    ),
  },
];

export function Audit() {
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const [who, setWho] = useState(search.who ?? '');
  useEffect(() => {
    const later = setTimeout(() => {
      void navigate({
        search: (old) => changeSearch(old, { who: who.trim() === '' ? undefined : who.trim() }),
        replace: true,
      });
    }, 300);
    return () => clearTimeout(later);
  }, [who, navigate]);
  const entries = usePages('listAudit', { query: search });
  return (
    <Page title="Audit log" lead="Everything people did here or through the API, and what was refused to them.">
      <div className="filters">
        <TextInput
          label="Who"
          description="The whole address"
          type="search"
          value={who}
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
        />
      </div>
      <Read of={entries} data={entries.items} rows={8}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing to show">Nobody did anything that fits.</Empty>
          ) : (
            <>
              <Table label="Audit log" items={items} keyOf={({ id }) => id} columns={COLUMNS} />
              <More of={entries} />
            </>
          )
        }
      </Read>
    </Page>
  );
}
