// Mending a value where it is wrong: written to the service itself, refused when somebody changed it there meanwhile.
import { Button, MultiSelect, Select, Switch, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { HoldDetail } from '../../../src/api/contract/holds.ts';
import { useAct } from '../../api/queries.ts';
import { Card, Failed } from '../../parts/page.tsx';
import { Notice } from '../../parts/show.tsx';
import { useLabel } from '../../parts/words.ts';

type Editable = HoldDetail['editable'][number];

export function Mend({ hold }: { readonly hold: HoldDetail }) {
  return (
    <Card title="Mend it here">
      <div className="stack">
        {hold.editable.map((field) => (
          <MendField key={`${field.system} ${field.recordId} ${field.field}`} hold={hold.id} of={field} />
        ))}
        <p className="small dim">
          The value is written to the service under your name, and the hold is tried again in the next run.
        </p>
      </div>
    </Card>
  );
}

function MendField({ hold, of }: { readonly hold: string; readonly of: Editable }) {
  const label = useLabel();
  const [value, setValue] = useState(of.value);
  const fix = useAct('fixHold', ['getHold', 'listHolds', 'countHolds', 'getPerson', 'getOverview']);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { system, recordId, field, value: was } = of;
    fix.mutate({ params: { hold }, body: { system, recordId, field, value, was } });
  };
  const name = `${of.label} in ${label(of.system)}`;
  return (
    <form onSubmit={submit} className="stack tight">
      <div className="mend">
        <Field name={name} of={of} value={value} setValue={setValue} />
        <Button type="submit" loading={fix.isPending} disabled={JSON.stringify(value) === JSON.stringify(of.value)}>
          Write it
        </Button>
      </div>
      {fix.isSuccess && <Notice tone="good">Written. It is tried again in the next run.</Notice>}
      <Failed of={fix.error} />
    </form>
  );
}

function Field({
  name,
  of,
  value,
  setValue,
}: {
  readonly name: string;
  readonly of: Editable;
  readonly value: Editable['value'];
  readonly setValue: (value: Editable['value']) => void;
}) {
  if (typeof of.value === 'boolean') {
    return (
      <Switch label={name} checked={value === true} onChange={({ currentTarget }) => setValue(currentTarget.checked)} />
    );
  }
  if (Array.isArray(of.value)) {
    return (
      <MultiSelect label={name} data={of.choices ?? of.value} value={[...(value as string[])]} onChange={setValue} />
    );
  }
  if (of.choices !== null) {
    return (
      <Select label={name} data={of.choices} value={value as string | null} onChange={setValue} clearable searchable />
    );
  }
  return (
    <TextInput
      label={name}
      value={value === null ? '' : String(value)}
      {...(of.maxLength === null ? {} : { maxLength: of.maxLength })}
      onChange={({ currentTarget }) => setValue(currentTarget.value === '' ? null : currentTarget.value)}
    />
  );
}
