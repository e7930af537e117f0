// All connections.
import { Link } from '@tanstack/react-router';
import type { ConnectionSummary } from '../../src/api/contract/connections.ts';
import { useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { LinkButton } from '../parts/link-button.tsx';
import { lengthText, Moment } from '../parts/moment.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { Tag } from '../parts/show.tsx';
import { Table } from '../parts/table.tsx';

export function Connections() {
  const connections = useRead('listConnections', {});
  const may = useMay('admin');
  const connect = may && <LinkButton to="/connect">Connect two accounts</LinkButton>;
  return (
    <Page title="Connections" lead="Each joins one Sell account and one Dotdigital account." actions={connect}>
      <Read of={connections} data={connections.data}>
        {({ connections: all }) =>
          all.length === 0 ? (
            <Empty title="Nothing is connected yet">
              {may
                ? 'Connecting two accounts takes a few minutes. Nothing is written before you have seen what would be.'
                : 'An administrator connects the first two accounts.'}
            </Empty>
          ) : (
            <Table
              label="Connections"
              items={all}
              keyOf={({ name }) => name}
              columns={[
                {
                  head: 'Name',
                  cell: ({ name }) => (
                    <Link to="/connections/$connection" params={{ connection: name }} className="strong">
                      {name}
                    </Link>
                  ),
                },
                { head: 'Synchronises', cell: (each) => <Parts of={each} />, className: 'wide' },
                { head: 'Every', cell: ({ everyMs }) => lengthText(everyMs / 1000), className: 'not-on-phone' },
                {
                  head: 'State',
                  cell: ({ alignedAt, pausedAt }) =>
                    pausedAt !== null ? (
                      <Tag tone="warn">Paused</Tag>
                    ) : alignedAt === null ? (
                      <Tag tone="warn">Not live yet</Tag>
                    ) : (
                      <Tag tone="good">Live</Tag>
                    ),
                },
                {
                  head: 'Live since',
                  cell: ({ alignedAt }) => <Moment at={alignedAt} none="not yet" />,
                  className: 'not-on-phone',
                },
                {
                  head: 'Kept in',
                  cell: ({ source }) => (source === 'file' ? 'the configuration file' : 'the database'),
                  className: 'not-on-phone',
                },
              ]}
            />
          )
        }
      </Read>
    </Page>
  );
}

export function Parts({ of: { parts } }: { readonly of: Pick<ConnectionSummary, 'parts'> }) {
  const on = Object.entries(parts).filter(([, enabled]) => enabled);
  return <>{on.length === 0 ? <span className="dim">nothing yet</span> : on.map(([part]) => part).join(', ')}</>;
}
