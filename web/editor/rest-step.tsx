// Last step: products, when things run, the limits that stop a run, and who is told.
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { Card } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { useLabel } from '../parts/words.ts';
import { readAt } from './draft.ts';
import { useEditing, useSetting } from './editor-context.tsx';
import { SelectSetting, SwitchSetting, TextSetting } from './inputs.tsx';

export function RestStep() {
  const label = useLabel();
  const products = useSetting<boolean>('products.enabled').value === true;
  return (
    <>
      <Card title="Products" actions={<SwitchSetting path="products.enabled" label="Send the catalogue" />}>
        <div className="stack narrow">
          <p className="dim">
            The products of {label('crm')} are copied to {label('marketing')} once a day.
          </p>
          {products && (
            <>
              <TextSetting
                path="products.collection"
                label="Name of the collection"
                description="Begins with Catalog_."
              />
              <TextSetting
                path="products.currency"
                label="Currency"
                description={`Left empty: that of the ${label('crm')} account.`}
                placeholder="GBP"
              />
              <TextSetting
                path="products.urlTemplate"
                label="Address of a product page"
                description="{id}, {sku} and {name} are filled in. Left empty: http://www.example.com/."
                placeholder="https://shop.example.com/products/{sku}"
              />
              <TextSetting
                path="products.imageTemplate"
                label="Address of a product image"
                description="Filled in likewise. Left empty: no image."
                placeholder="https://shop.example.com/images/{sku}.jpg"
              />
              <SelectSetting
                path="products.onRemoved"
                label="A product that was removed"
                options={[
                  { value: 'inactive', label: 'is marked inactive' },
                  { value: 'delete', label: 'is deleted' },
                  { value: 'keep', label: 'stays' },
                ]}
              />
            </>
          )}
        </div>
      </Card>
      <Card title="When">
        <div className="filters">
          <TextSetting path="schedule.every" label="Every" placeholder="as the defaults say" description="15m, 1h …" />
          <TextSetting path="schedule.productsAt" label="Products at" placeholder="03:00" description="24 hours" />
          <TextSetting
            path="schedule.verifyAt"
            label="Both sides compared at"
            placeholder="02:00"
            description="24 hours; writes nothing"
          />
          <TextSetting
            path="schedule.timezone"
            label="Time zone of both"
            placeholder="UTC"
            description="Europe/London …"
          />
        </div>
      </Card>
      <Limits />
      <Alerts />
      <Card title="How long things are kept">
        <div className="filters">
          <TextSetting
            path="retention.history"
            label="History of runs"
            placeholder="90d"
            description="90d …, or forever"
          />
          <TextSetting
            path="retention.tombstones"
            label="Memory of deleted people"
            placeholder="400d"
            description="So that they do not come back"
          />
        </div>
        <p className="small dim">The history of consent is kept for ever.</p>
      </Card>
    </>
  );
}

const BRAKES = [
  ['create', 'Records created'],
  ['update', 'Records updated'],
  ['clear', 'Values blanked'],
  ['delete', 'Contacts deleted'],
  ['listRemove', 'Taken off a lead list'],
  ['unsubscribe', 'Opt-outs'],
  ['unsubscribeStop', 'Opt-outs so many that they stop'],
  ['resubscribe', 'Subscribed again'],
] as const;

function Limits() {
  return (
    <Card title="Limits">
      <p className="dim">
        What goes beyond the larger of both waits for approval, or is only told. Opt-outs are only told, until they are
        so many that something must be wrong: those wait for one decision.
      </p>
      <Table
        label="Limits"
        items={BRAKES}
        keyOf={([key]) => key}
        columns={[
          { head: 'In one run', cell: ([, name]) => name },
          { head: 'Number', cell: ([key, name]) => <Limit brake={key} of="count" name={`${name}: number`} /> },
          {
            head: '% of those linked',
            cell: ([key, name]) => <Limit brake={key} of="percent" name={`${name}: per cent`} />,
          },
          { head: 'Beyond it', cell: ([key, name]) => <Beyond brake={key} name={`${name}: beyond it`} /> },
        ]}
      />
    </Card>
  );
}

function Limit({
  brake,
  of,
  name,
}: {
  readonly brake: string;
  readonly of: 'count' | 'percent';
  readonly name: string;
}) {
  const { value, set } = useSetting<number>(`brakes.${brake}.${of}`);
  return (
    <NumberInput
      aria-label={name}
      size="xs"
      w={110}
      min={0}
      {...(of === 'percent' ? { max: 100 } : { allowDecimal: false })}
      hideControls
      value={value ?? ''}
      onChange={(next) => set(typeof next === 'number' ? next : undefined)}
    />
  );
}

/** Opt-outs of this brake never wait. (O17) */
const TOLD_ONLY = 'unsubscribe';

function Beyond({ brake, name }: { readonly brake: string; readonly name: string }) {
  const { effective } = useEditing();
  const { value, set } = useSetting<string>(`brakes.${brake}.action`);
  if (brake === TOLD_ONLY) return <span className="small">goes on, and is told</span>;
  return (
    <Select
      aria-label={name}
      size="xs"
      w={170}
      allowDeselect={false}
      data={[
        { value: 'park', label: 'waits for approval' },
        { value: 'alert', label: 'goes on, and is told' },
      ]}
      value={value ?? String(readAt(effective, `brakes.${brake}.action`) ?? 'park')}
      onChange={(next) => set(next ?? undefined)}
    />
  );
}

type Alert = { readonly webhook: string } | { readonly email: string };

function Alerts() {
  const { own, set } = useSetting<readonly Alert[]>('alerts');
  const alerts = own ?? [];
  const change = (at: number, alert: Alert): void => set(alerts.map((each, index) => (index === at ? alert : each)));
  return (
    <Card title="Who is told">
      <div className="stack narrow">
        <p className="dim">When runs fail, wait for approval or stay away, and when all is well again.</p>
        {alerts.map((alert, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
          <div key={at} className="mend">
            {'email' in alert ? (
              <TextInput
                label="E-mail"
                type="email"
                value={alert.email}
                onChange={({ currentTarget }) => change(at, { email: currentTarget.value })}
              />
            ) : (
              <TextInput
                label="Webhook"
                value={alert.webhook}
                onChange={({ currentTarget }) => change(at, { webhook: currentTarget.value })}
              />
            )}
            <Button
              variant="default"
              onClick={() => set(alerts.length === 1 ? undefined : alerts.filter((_, index) => index !== at))}
            >
              Remove
            </Button>
          </div>
        ))}
        <div className="actions">
          <Button variant="default" onClick={() => set([...alerts, { email: '' }])}>
            Add an e-mail address
          </Button>
          <Button variant="default" onClick={() => set([...alerts, { webhook: 'https://' }])}>
            Add a webhook
          </Button>
        </div>
      </div>
    </Card>
  );
}
