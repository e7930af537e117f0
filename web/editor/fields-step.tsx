// Third step: which field of one side is which of the other, with live schemas, suggestions and a look at how real values fit.
import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Schemas, Suggestion } from '../../src/api/contract/connections.ts';
import { useAct, useRead } from '../api/queries.ts';
import { Moment } from '../parts/moment.tsx';
import { Card, Empty, Failed, Read } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';
import { useLabel } from '../parts/words.ts';
import { accountsOf } from './draft.ts';
import { useEditing, useSetting } from './editor-context.tsx';
import { FieldPair, type Pair } from './field-pair.tsx';
import { FitReport } from './fit-report.tsx';
import { CheckSetting } from './inputs.tsx';

export type RoleName = 'contact' | 'lead';
const SECTION = { contact: 'contacts', lead: 'leads' } as const;

export function FieldsStep() {
  const { draft } = useEditing();
  const contacts = useSetting<boolean>('contacts.enabled').value === true;
  const leads = useSetting<boolean>('leads.enabled').value === true;
  const [chosen, setChosen] = useState<RoleName>('contact');
  const role: RoleName = contacts && leads ? chosen : leads ? 'lead' : 'contact';
  // Not read again with every edit of the mapping.
  const body = accountsOf(draft);
  const schemas = useRead('readDraftSchemas', { body }, { enabled: contacts || leads });
  const suggestions = useRead('suggestDraftMapping', { body }, { enabled: contacts || leads });
  if (!contacts && !leads) {
    return <Empty title="No fields to map">Switch on contacts or leads in the step before.</Empty>;
  }
  return (
    <>
      {contacts && leads && (
        <SegmentedControl
          className="narrow"
          aria-label="Whose fields"
          data={[
            { value: 'contact', label: 'Fields of contacts' },
            { value: 'lead', label: 'Fields of leads' },
          ]}
          value={role}
          onChange={(next) => setChosen(next as RoleName)}
        />
      )}
      <Read of={schemas} data={schemas.data} rows={6}>
        {(live) => <Mapping key={role} role={role} schemas={live} suggestions={suggestions.data?.suggestions ?? []} />}
      </Read>
      <Fit role={role} />
    </>
  );
}

function Mapping({
  role,
  schemas,
  suggestions,
}: {
  readonly role: RoleName;
  readonly schemas: Schemas;
  readonly suggestions: readonly Suggestion[];
}) {
  const label = useLabel();
  const { own, value, set } = useSetting<readonly Pair[] | null>(`${SECTION[role]}.fields`);
  const pairs = value ?? [];
  const mapped = new Set(pairs.map(({ sell }) => sell));
  const taken = new Set(pairs.map(({ dotdigital }) => dotdigital.toUpperCase()));
  const open = suggestions.filter((each) => each.role === role && !mapped.has(each.crm) && !taken.has(each.marketing));
  const add = (more: readonly Suggestion[]): void =>
    set([...pairs, ...more.map(({ crm, marketing }) => ({ sell: crm, dotdigital: marketing }))]);
  return (
    <>
      <Card
        title="Mapped fields"
        actions={
          own !== undefined &&
          own !== null && (
            <Button size="xs" variant="default" onClick={() => set(undefined)}>
              Back to the default fields
            </Button>
          )
        }
      >
        <div className="stack">
          <p className="dim small">
            The e-mail address is always mapped. {label('crm')} and {label('marketing')} were read{' '}
            <Moment at={schemas.readAt} />.
          </p>
          {pairs.map((pair, at) => (
            <FieldPair
              // biome-ignore lint/suspicious/noArrayIndexKey: a pair that is being typed has no other name than its place
              key={at}
              at={`${SECTION[role]}.fields[${at}]`}
              pair={pair}
              crm={schemas.crm[role]}
              marketing={schemas.marketing.fields}
              change={(next) => set(pairs.map((each, index) => (index === at ? next : each)))}
              remove={() => set(pairs.filter((_, index) => index !== at))}
            />
          ))}
          <div className="actions">
            <Button variant="default" onClick={() => set([...pairs, { sell: '', dotdigital: '' }])}>
              Add a pair
            </Button>
          </div>
          <CheckSetting path="createDataFields" label={`Make data fields that ${label('marketing')} lacks`} />
        </div>
      </Card>
      {open.length > 0 && <Suggestions of={open} add={add} />}
    </>
  );
}

const FEW = 8;

function Suggestions({
  of,
  add,
}: {
  readonly of: readonly Suggestion[];
  readonly add: (some: readonly Suggestion[]) => void;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? of : of.slice(0, FEW);
  return (
    <Card title="Suggested pairs">
      <ul className="plain-list">
        {shown.map((each) => (
          <li key={`${each.crm} ${each.marketing}`} className="suggestion">
            <div>
              <code>{each.crm}</code> <span aria-hidden="true">↔</span> <code>{each.marketing}</code>
              {each.isNew && <span className="dim small"> (to be made)</span>}
              <div className="small dim">{each.why}</div>
            </div>
            <Button
              size="xs"
              variant="default"
              aria-label={`Add ${each.crm} and ${each.marketing}`}
              onClick={() => add([each])}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
      {of.length > FEW && (
        <Button size="xs" variant="default" mt="sm" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `All ${of.length}`}
        </Button>
      )}
    </Card>
  );
}

function Fit({ role }: { readonly role: RoleName }) {
  const { draft } = useEditing();
  const fit = useAct('fitDraft');
  const [of, setOf] = useState<unknown>(null);
  const { connection, settings, authorization } = draft;
  const check = (): void => {
    setOf(settings);
    fit.mutate({ body: { connection, settings, authorization } });
  };
  return (
    <Card
      title="How real values fit"
      actions={
        <Button variant="default" loading={fit.isPending} onClick={check}>
          Check on live data
        </Button>
      }
    >
      <div className="stack">
        {fit.data === undefined && fit.error === null && (
          <p className="dim">
            Reads some hundred records of both sides and tries the mapping on them. Nothing is written.
          </p>
        )}
        {fit.data !== undefined && of !== settings && (
          <Notice tone="warn">The settings were changed since. Check again.</Notice>
        )}
        <Failed of={fit.error} />
        {fit.data !== undefined && <FitReport of={fit.data} role={role} />}
      </div>
    </Card>
  );
}
