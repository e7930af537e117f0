// What a plan would mean, by name: people, links, writes, consent, duplicates, holds, calls and time. Looked at before anything is applied.
import type { RunDetail } from '../../../src/api/contract/runs.ts';
import { lengthText } from '../../parts/moment.tsx';
import { Card } from '../../parts/page.tsx';
import { Pair } from '../../parts/pair.tsx';
import { PersonLink } from '../../parts/person-link.tsx';
import { RowId } from '../../parts/show.tsx';
import { ACTION_KIND, codeText, count, counted, useLabel } from '../../parts/words.ts';

/** Holds and notes that are about several records for one person. */
const DUPLICATES: readonly string[] = ['MULTI_MATCH', 'MULTI_MATCH_NO_NAME', 'DUP_SHADOWED', 'EMAIL_TAKEN'];
const WRITES = ['create', 'update', 'list-add', 'list-remove', 'delete'] as const;

export function Outlook({ of }: { readonly of: RunDetail }) {
  const label = useLabel();
  const { outlook, estimate, groups } = of;
  if (outlook === null) return null;
  const consent = groups.filter(({ kind }) => kind === 'set-consent');
  const codes = Object.entries(of.holds.byCode).sort(([, a], [, b]) => b - a);
  const of1 = (kind: (typeof WRITES)[number], system: 'crm' | 'marketing'): number =>
    groups.reduce((sum, group) => sum + (group.kind === kind && group.system === system ? group.total : 0), 0);
  return (
    <Card title="What it would mean">
      <dl className="pairs outlook">
        <Pair name="People looked at">{count(outlook.people)}</Pair>
        <Pair name="Would be linked">
          {counted(outlook.links.contact, 'contact')}, {counted(outlook.links.lead, 'lead')}
        </Pair>
        {WRITES.map((kind) => {
          const [crm, marketing] = [of1(kind, 'crm'), of1(kind, 'marketing')];
          return crm + marketing === 0 ? null : (
            <Pair key={kind} name={ACTION_KIND[kind]}>
              {count(crm)} in {label('crm')}, {count(marketing)} in {label('marketing')}
            </Pair>
          );
        })}
        <Pair name="Consent effects">
          {consent.length === 0 ? (
            <span className="dim">nobody’s consent changes</span>
          ) : (
            <ul className="plain-list">
              {consent.map(({ row, why, system, entity, total }) => (
                <li key={`${row} ${system} ${entity}`}>
                  <RowId row={row} why={why} /> {counted(total, entity)} in {label(system)}: {why}
                </li>
              ))}
            </ul>
          )}
        </Pair>
        <Pair name="Duplicates">
          <Codes of={of} codes={codes.filter(([code]) => DUPLICATES.includes(code))} none="none found" />
        </Pair>
        <Pair name="Held or noted">
          <Codes of={of} codes={codes.filter(([code]) => !DUPLICATES.includes(code))} none="nothing" />
        </Pair>
        {estimate !== null && (
          <>
            <Pair name="API calls">
              about {count(estimate.calls.crm)} to {label('crm')}, {count(estimate.calls.marketing)} to{' '}
              {label('marketing')}
            </Pair>
            <Pair name="Time needed">about {lengthText(estimate.seconds)}</Pair>
          </>
        )}
      </dl>
    </Card>
  );
}

function Codes({
  of,
  codes,
  none,
}: {
  readonly of: RunDetail;
  readonly codes: readonly (readonly [code: string, total: number])[];
  readonly none: string;
}) {
  if (codes.length === 0) return <span className="dim">{none}</span>;
  return codes.map(([code, total]) => {
    const examples = of.outlook?.held.filter((one) => one.code === code) ?? [];
    const head = `${count(total)} ${codeText(code).toLowerCase()}`;
    return examples.length === 0 ? (
      <div key={code}>{head}</div>
    ) : (
      <details key={code}>
        <summary>{head}</summary>
        <ul className="plain-list">
          {examples.map(({ email, message }) => (
            <li key={`${email} ${message}`}>
              <PersonLink connection={of.connection} email={email} /> {message}
            </li>
          ))}
        </ul>
      </details>
    );
  });
}
