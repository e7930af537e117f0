// Fourth step: opt-ins and opt-outs. They never go through field rules.
import { TagsInput, TextInput } from '@mantine/core';
import { Card } from '../parts/page.tsx';
import { useLabel } from '../parts/words.ts';
import { useSetting } from './editor-context.tsx';
import { CheckSetting, ChoiceSetting, SelectSetting, SwitchSetting, WordsSetting } from './inputs.tsx';
import { useDirections } from './people-step.tsx';

const TRIGGERS = [
  { value: 'immediate', label: 'at once' },
  { value: 'with-change', label: 'with the next other change' },
];

export function ConsentStep() {
  const label = useLabel();
  const on = useSetting<boolean>('consent.enabled').value === true;
  const contacts = useSetting<boolean>('contacts.enabled').value === true;
  const leads = useSetting<boolean>('leads.enabled').value === true;
  const directions = useDirections();
  return (
    <>
      <Card title="New people">
        <div className="narrow">
          <ChoiceSetting
            path="consent.unknownConsentAs"
            label={`A new ${label('marketing')} contact of whom no consent is known is made`}
            options={[
              { value: 'unsubscribed', label: 'unsubscribed', means: 'Nobody gets mail who did not ask for it.' },
              { value: 'subscribed', label: 'subscribed', means: 'As the original integration does. Be sure you may.' },
            ]}
          />
        </div>
      </Card>
      <Card title="Opt-ins and opt-outs" actions={<SwitchSetting path="consent.enabled" label="Synchronise consent" />}>
        <div className="stack narrow roomy">
          <p className="dim">
            An opt-out is applied before anything else, also for records that are held or paused. Every change of
            consent is kept in a ledger that cannot be altered unnoticed.
          </p>
          {on && (
            <>
              <SelectSetting path="consent.direction" label="Direction" options={directions} />
              <SelectSetting
                path="consent.optOutTrigger"
                label={`An opt-out in ${label('marketing')} travels`}
                options={TRIGGERS}
              />
              <SelectSetting
                path="consent.optInTrigger"
                label={`An opt-in in ${label('marketing')} travels`}
                options={TRIGGERS}
              />
              <SelectSetting
                path="consent.resubscribe"
                label={`Somebody who opted out in ${label('marketing')} opts in again in ${label('crm')}`}
                options={[
                  { value: 'challenge', label: 'gets a mail to confirm' },
                  { value: 'no-challenge', label: 'is subscribed at once' },
                  { value: 'hold', label: 'waits for a decision' },
                ]}
              />
              <SelectSetting
                path="consent.optOutAs"
                label={`An opt-out in ${label('crm')} becomes`}
                options={[
                  { value: 'unsubscribed', label: 'unsubscribed' },
                  { value: 'suppressed', label: 'suppressed' },
                ]}
              />
              <CheckSetting
                path="consent.createSuppressed"
                label={`Make suppressed people known in ${label('crm')}`}
                description="So that the opt-out of somebody who is not there yet is on record."
              />
            </>
          )}
        </div>
      </Card>
      {on && contacts && <Signals section="contacts" />}
      {on && leads && <Signals section="leads" />}
    </>
  );
}

function Signals({ section }: { readonly section: 'contacts' | 'leads' }) {
  const label = useLabel();
  const at = `consent.${section}`;
  return (
    <Card title={`How consent is read from ${section} in ${label('crm')}`}>
      <div className="stack narrow">
        <WordsSetting
          path={`${at}.tags.optIn`}
          label="Tags that mean opted in"
          description="The first is the one that is written."
        />
        <WordsSetting
          path={`${at}.tags.optOut`}
          label="Tags that mean opted out"
          description="The first is the one that is written."
        />
        <FieldSignal at={`${at}.field`} />
        <ChoiceSetting
          path={`${at}.default`}
          label="Without any such sign, somebody is"
          options={[
            { value: 'none', label: 'neither' },
            {
              value: 'opted-in',
              label: 'opted in',
              means: `Counts only when a new ${label('marketing')} contact is made.`,
            },
            { value: 'opted-out', label: 'opted out' },
          ]}
        />
      </div>
    </Card>
  );
}

interface Signal {
  readonly name: string;
  readonly optIn: readonly string[];
  readonly optOut: readonly string[];
}

function FieldSignal({ at }: { readonly at: string }) {
  const { own, set } = useSetting<Signal | null>(at);
  const signal = own ?? { name: '', optIn: [], optOut: [] };
  const change = (next: Partial<Signal>): void => {
    const all = { ...signal, ...next };
    set(all.name === '' && all.optIn.length === 0 && all.optOut.length === 0 ? undefined : all);
  };
  return (
    <>
      <TextInput
        label="A field that carries consent"
        description="Name of a custom field or of a standard field; leave it empty for none."
        value={signal.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      {signal.name !== '' && (
        <div className="filters">
          <TagsInput
            label="Values that mean opted in"
            value={[...signal.optIn]}
            onChange={(optIn) => change({ optIn })}
          />
          <TagsInput
            label="Values that mean opted out"
            value={[...signal.optOut]}
            onChange={(optOut) => change({ optOut })}
          />
        </div>
      )}
    </>
  );
}
