// Lead statuses of the CRM and the lists that stand for them.
import { useRead } from '../api/queries.ts';
import { Moment } from '../parts/moment.tsx';
import { OneConnection } from '../parts/one-connection.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { Tag } from '../parts/show.tsx';
import { Table } from '../parts/table.tsx';
import { count, useLabel } from '../parts/words.ts';

export function Lists() {
  const label = useLabel();
  return (
    <Page
      title="Lists and statuses"
      lead={`Each lead status of ${label('crm')} has a list in ${label('marketing')}; who is on the list is a lead with that status.`}
    >
      <OneConnection from="/lists">{(connection) => <ListsOf connection={connection} />}</OneConnection>
    </Page>
  );
}

function ListsOf({ connection }: { readonly connection: string }) {
  const label = useLabel();
  const lists = useRead('getLists', { params: { connection } });
  return (
    <Read of={lists} data={lists.data}>
      {({ prefix, statuses }) =>
        prefix === null ? (
          <Empty title="Leads are switched off">
            This connection does not synchronise leads. They are switched on in its settings.
          </Empty>
        ) : statuses.length === 0 ? (
          <Empty title="No lead statuses read yet">They are read, and their lists made, with the first run.</Empty>
        ) : (
          <Table
            label="Lists and statuses"
            items={statuses}
            keyOf={({ status }) => status}
            columns={[
              { head: 'Lead status', cell: ({ status }) => <span className="strong">{status}</span> },
              {
                head: `List in ${label('marketing')}`,
                className: 'wide',
                cell: ({ listName, listId }) =>
                  listId === null ? <Tag tone="warn">not made yet</Tag> : (listName ?? `list ${listId}`),
              },
              { head: 'Members', cell: ({ members }) => count(members), className: 'number' },
              {
                head: 'Read',
                cell: ({ sweptAt }) => <Moment at={sweptAt} none="not yet" />,
                className: 'not-on-phone',
              },
            ]}
          />
        )
      }
    </Read>
  );
}
