// The product catalogue as it was last sent.
import { usePages } from '../api/queries.ts';
import { Moment } from '../parts/moment.tsx';
import { OneConnection } from '../parts/one-connection.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { type Column, More, Table } from '../parts/table.tsx';
import { counted, useLabel } from '../parts/words.ts';

interface Product {
  readonly id: string;
  readonly at: string;
  readonly record: { readonly [key: string]: unknown };
}

export function Catalogue() {
  const label = useLabel();
  return (
    <Page
      title="Catalogue"
      lead={`Products of ${label('crm')} as they were last sent to ${label('marketing')}. They travel once a day, or with “Sync now” when they are due.`}
    >
      <OneConnection from="/catalogue">{(connection) => <CatalogueOf connection={connection} />}</OneConnection>
    </Page>
  );
}

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

/** Keys that are worth a column, in this order, when the records have them. */
const KNOWN = ['name', 'sku', 'price', 'currency', 'active', 'description'];

function CatalogueOf({ connection }: { readonly connection: string }) {
  const products = usePages('listProducts', { params: { connection } });
  return (
    <Read of={products} data={products.items}>
      {(items: readonly Product[]) => {
        const first = products.first as
          | { readonly collection: string | null; readonly total: number; readonly readAt: string | null }
          | undefined;
        if (first?.collection === null) {
          return (
            <Empty title="Products are switched off">
              This connection does not send the catalogue. It is switched on in its settings.
            </Empty>
          );
        }
        if (items.length === 0)
          return (
            <Empty title="Nothing was sent yet">
              The catalogue is sent with the first sync in which products are due.
            </Empty>
          );
        const columns: Column<Product>[] = KNOWN.filter((key) => items.some(({ record }) => key in record)).map(
          (key) => ({
            head: key.charAt(0).toUpperCase() + key.slice(1),
            cell: ({ record }) => shown(record[key]),
            className: key === 'price' ? 'number' : key === 'description' ? 'wide not-on-phone' : '',
          }),
        );
        return (
          <>
            <p className="dim">
              {counted(first?.total ?? items.length, 'product')} in {first?.collection}, read{' '}
              <Moment at={first?.readAt ?? null} />
            </p>
            <Table
              label="Products"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { head: 'Id', cell: ({ id }) => id },
                ...columns,
                { head: 'Sent', cell: ({ at }) => <Moment at={at} />, className: 'not-on-phone' },
              ]}
            />
            <More of={products} />
          </>
        );
      }}
    </Read>
  );
}
