// What only some need to set for contacts or leads: who takes part, who is paused, addresses that change, and the finer points of the first alignment.
import { useState } from 'react';
import { useRead } from '../api/queries.ts';
import { useLabel } from '../parts/words.ts';
import { accountsOf } from './draft.ts';
import { useEditing } from './editor-context.tsx';
import { CheckSetting, SelectSetting, TextSetting, WordsSetting } from './inputs.tsx';

export function RoleDetails({ section }: { readonly section: 'contacts' | 'leads' }) {
  const label = useLabel();
  const [open, setOpen] = useState(false);
  return (
    <>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>Who takes part, and who is paused</summary>
        {open && <Scope section={section} />}
      </details>
      <details>
        <summary>Addresses that change, and other special cases</summary>
        <div className="stack">
          <SelectSetting
            path={`${section}.onEmailChange`}
            label={`When the address changes in ${label('crm')}`}
            options={[
              {
                value: 'rename',
                label: `the ${label('marketing')} contact is renamed`,
                means: 'Its history and its consent stay with the person.',
              },
              { value: 'new', label: 'a new contact is made', means: 'The old contact stays, unlinked.' },
              { value: 'hold', label: 'it waits for a person' },
            ]}
          />
          <SelectSetting
            path={`${section}.afterDotdigitalDelete`}
            label={`When a record changes whose contact was deleted in ${label('marketing')}`}
            options={[
              { value: 'stay-deleted', label: 'the contact stays deleted' },
              { value: 'recreate', label: 'the contact is made again' },
            ]}
          />
          <SelectSetting
            path={`${section}.alignment.mode`}
            label="The first alignment writes"
            options={[
              { value: 'both', label: 'both sides' },
              { value: 'sell-to-dotdigital', label: `${label('marketing')} only` },
              { value: 'dotdigital-to-sell', label: `${label('crm')} only` },
              { value: 'none', label: 'neither: links are made, and nothing else' },
            ]}
          />
          <CheckSetting
            path={`${section}.strictSingle`}
            label="Hold a record with the same address and other names"
            description="Otherwise the only record with an address is taken as the person, whatever the names are."
          />
          {section === 'leads' && (
            <CheckSetting
              path="leads.createLeadIfContactExists"
              label={`Make a lead also for somebody who is a contact in ${label('crm')} already`}
            />
          )}
          <TextSetting
            path={`${section}.idField`}
            label={`Data field that carries the ${label('crm')} id`}
            placeholder={section === 'contacts' ? 'SELL_CONTACT_ID' : 'SELL_LEAD_ID'}
          />
        </div>
      </details>
    </>
  );
}

function Scope({ section }: { readonly section: 'contacts' | 'leads' }) {
  const label = useLabel();
  const { draft } = useEditing();
  // Lists are suggested where the account can be read; names that are typed will do as well.
  const schemas = useRead('readDraftSchemas', { body: accountsOf(draft) });
  const lists = schemas.data?.marketing.lists.map(({ name }) => name) ?? [];
  return (
    <div className="stack">
      <p className="small dim">Whoever leaves the scope is paused, never deleted. Opt-outs travel all the same.</p>
      <WordsSetting
        path={`${section}.scope.dotdigitalLists`}
        label={`Only members of these ${label('marketing')} lists`}
        description="Left empty: everybody."
        suggestions={lists}
      />
      <WordsSetting
        path={`${section}.scope.sellTags`}
        label={`Only ${label('crm')} records with one of these tags`}
        description="Left empty: all."
      />
      <WordsSetting
        path={`${section}.scope.sellOwners`}
        label={`Only ${label('crm')} records of these owners`}
        description="By e-mail address or id. Left empty: all."
      />
      <TextSetting
        path={`${section}.scope.pauseList`}
        label={`${label('marketing')} list whose members are paused`}
        description="Nothing but opt-outs travels for them."
        suggestions={lists}
      />
      <TextSetting
        path={`${section}.scope.pauseTag`}
        label={`${label('crm')} tag of records that are paused`}
        placeholder="no-sync"
      />
    </div>
  );
}
