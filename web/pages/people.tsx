// Finding somebody by the beginning of an address.
import { TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { FoundPerson } from '../../src/api/contract/people.ts';
import { useRead } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useLabel } from '../parts/words.ts';

const PAUSE_MS = 200;

export function People() {
  const { q = '' } = useSearch({ from: '/people' });
  const navigate = useNavigate({ from: '/people' });
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    const later = setTimeout(() => {
      const next = text.trim();
      if (next !== q) void navigate({ search: next === '' ? {} : { q: next }, replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(later);
  }, [text, q, navigate]);
  return (
    <Page
      title="People"
      lead="Everything known about somebody: both records, how they are joined, every decision, and whether they may be mailed."
    >
      <TextInput
        className="narrow"
        label="E-mail address, or its beginning"
        type="search"
        leftSection={<Icon name="search" size={16} />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {q === '' ? (
        <Empty title="Whom are you looking for?">Type the beginning of an address. Capitals do not matter.</Empty>
      ) : (
        <Found q={q} />
      )}
    </Page>
  );
}

function Found({ q }: { readonly q: string }) {
  const label = useLabel();
  const found = useRead('searchPeople', { query: { q } });
  const ids = (list: readonly string[], what: string): string =>
    list.length === 0 ? '' : `${what} ${list.join(', ')}`;
  const columns: readonly Column<FoundPerson>[] = [
    {
      head: 'Person',
      cell: ({ connection, email, name }) => (
        <>
          <Link to="/people/$connection/$email" params={{ connection, email }}>
            {email}
          </Link>
          {name !== null && <div className="small dim">{name}</div>}
        </>
      ),
      className: 'wide',
    },
    {
      head: label('crm'),
      cell: ({ contacts, leads }) =>
        [ids(contacts, 'contact'), ids(leads, 'lead')].filter((part) => part !== '').join('; ') || (
          <span className="dim">not there</span>
        ),
    },
    {
      head: label('marketing'),
      cell: ({ marketing }) => ids(marketing, 'contact') || <span className="dim">not there</span>,
    },
    { head: 'Connection', cell: ({ connection }) => connection, className: 'not-on-phone' },
  ];
  return (
    <Read of={found} data={found.data}>
      {({ people, more }) =>
        people.length === 0 ? (
          <Empty title="Nobody found">
            No address on either side begins with “{q}”. Somebody who was added just now appears after the next run.
          </Empty>
        ) : (
          <>
            <Table
              label="People found"
              columns={columns}
              items={people}
              keyOf={({ connection, email }) => `${connection} ${email}`}
            />
            {more && <p className="dim">There are more; type further letters.</p>}
          </>
        )
      }
    </Read>
  );
}
