// Second step: contacts and leads, in which direction, and who is who.

import { Card } from '../parts/page.tsx';
import { useLabel } from '../parts/words.ts';
import { useSetting } from './editor-context.tsx';
import { CheckSetting, ChoiceSetting, type Option, SelectSetting, SwitchSetting, TextSetting } from './inputs.tsx';
import { RoleDetails } from './role-details.tsx';

export function PeopleStep() {
  const label = useLabel();
  return (
    <>
      <Role
        section="contacts"
        title="Contacts"
        what={`People of ${label('crm')}, not organisations, and contacts of ${label('marketing')}.`}
      />
      <Role
        section="leads"
        title="Leads"
        what={`Leads of ${label('crm')} are contacts of ${label('marketing')} on lists, one for each lead status. Whoever is put on such a list becomes a lead.`}
      />
      <Card title="Names and statuses">
        <div className="stack narrow">
          <ChoiceSetting
            path="names.requiredFor"
            label="A first and a last name are needed"
            options={[
              { value: 'sell-writes', label: `to write to ${label('crm')}` },
              {
                value: 'both',
                label: 'on both ways',
                means: `“Cher” of ${label('crm')} waits in the holds until somebody gives a second name.`,
              },
            ]}
          />
          <CheckSetting
            path="allowNonCustomer"
            label={`${label('crm')} contacts may be made that are neither prospect nor customer`}
            description="Otherwise such people stay where they are, and are listed for information."
          />
          <CheckSetting
            path="partialWrite"
            label="Write the rest of a record while one of its fields is held"
            description="Otherwise the whole record waits until the field is mended."
          />
          <TextSetting
            path="deleteGrace"
            label={`Leave a record alone that is gone from ${label('crm')} for`}
            placeholder="as the defaults say"
            description="15m, 1h …, or none. Then it is looked for once more, before anything follows from it."
          />
        </div>
      </Card>
    </>
  );
}

export function useDirections(): readonly Option[] {
  const label = useLabel();
  return [
    {
      value: 'bi-directional',
      label: 'Both ways',
      means: `A phone number corrected in either system arrives in the other.`,
    },
    {
      value: 'sell-to-dotdigital',
      label: `${label('crm')} to ${label('marketing')}`,
      means: `${label('crm')} is never written.`,
    },
    {
      value: 'dotdigital-to-sell',
      label: `${label('marketing')} to ${label('crm')}`,
      means: `${label('marketing')} is never written.`,
    },
  ];
}

function Role({
  section,
  title,
  what,
}: {
  readonly section: 'contacts' | 'leads';
  readonly title: string;
  readonly what: string;
}) {
  const label = useLabel();
  const on = useSetting<boolean>(`${section}.enabled`).value === true;
  const directions = useDirections();
  const crm = label('crm');
  const marketing = label('marketing');
  return (
    <Card
      title={title}
      actions={<SwitchSetting path={`${section}.enabled`} label={`Synchronise ${title.toLowerCase()}`} />}
    >
      <div className="stack narrow roomy">
        <p className="dim">{what}</p>
        {on && (
          <>
            <SelectSetting path={`${section}.direction`} label="Direction" options={directions} />
            <ChoiceSetting
              path={`${section}.multipleMatch`}
              label={`When several ${crm} records have the address of one ${marketing} contact`}
              options={[
                {
                  value: 'email-and-names',
                  label: 'Take the first with the same names',
                  means: `anna@acme.com is Anna Berg in ${marketing}; ${crm} has Anna Berg and Jon Berg with that address: Anna is taken, Jon left alone.`,
                },
                {
                  value: 'email',
                  label: 'Take the first',
                  means: 'Anna or Jon, whichever was first; the other is left alone.',
                },
                {
                  value: 'do-not-update',
                  label: 'Take none',
                  means: 'Both wait in the holds until the address is theirs alone.',
                },
              ]}
            />
            <SelectSetting
              path={`${section}.multipleMatchFirst`}
              label="The first is"
              options={[
                { value: 'oldest', label: 'the oldest' },
                { value: 'newest-updated', label: 'the one changed last' },
                { value: 'latest-stage', label: 'the one furthest in its stage' },
              ]}
            />
            <SelectSetting
              path={`${section}.alignment.winner`}
              label="First alignment: where both have different values"
              options={[
                {
                  value: 'fill-blanks',
                  label: 'neither is overruled',
                  means: 'Only blanks are filled; differing values stay as they are until somebody changes one.',
                },
                { value: 'sell', label: `${crm} wins` },
                { value: 'dotdigital', label: `${marketing} wins` },
                { value: 'newest', label: 'the newest wins' },
              ]}
            />
            <SelectSetting
              path={`${section}.delete`}
              label={`When a record was deleted in ${crm}`}
              options={[
                { value: 'queue', label: `delete in ${marketing} after approval` },
                {
                  value: 'delete',
                  label: `delete in ${marketing}`,
                  means: 'Under a limit; more than that waits for approval.',
                },
                { value: 'mark', label: 'mark the contact only' },
                { value: 'remove-from-lists', label: 'take it off its lists' },
                { value: 'ignore', label: 'do nothing' },
              ]}
            />
            <RoleDetails section={section} />
            {section === 'leads' && (
              <>
                <TextSetting
                  path="leads.listPrefix"
                  label="Beginning of the names of the lists"
                  description="The lead status follows."
                />
                <CheckSetting
                  path="leads.enforceSingleList"
                  label="Take a lead off its former list when it joins another"
                  description="A lead that moves from New to Working leaves the list of New."
                />
              </>
            )}
          </>
        )}
      </div>
    </Card>
  );
}
