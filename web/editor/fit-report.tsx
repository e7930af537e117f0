// How sampled values of both sides fit the mapping, field by field, with the reasons of those that do not.
import type { FieldFit } from '../../src/api/contract/connections.ts';
import type { Reply } from '../../src/api/contract/contract.ts';
import { Notice, Tag } from '../parts/show.tsx';
import { Table } from '../parts/table.tsx';
import { count, counted, useLabel } from '../parts/words.ts';

type SideFit = FieldFit['sides']['crm'];

export function FitReport({ of, role }: { readonly of: Reply<'fitDraft'>; readonly role: 'contact' | 'lead' }) {
  const label = useLabel();
  const { percent, fields, problems, sampled } = of;
  const held = fields.reduce((sum, { sides }) => sum + misfits(sides.crm) + misfits(sides.marketing), 0);
  return (
    <>
      {problems.map(({ path, message, severity }) => (
        <Notice
          key={`${path} ${message}`}
          tone={severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'info'}
        >
          <code>{path}</code>: {message}
        </Notice>
      ))}
      {percent !== null && (
        <Notice tone={held === 0 ? 'good' : 'warn'}>
          {percent} % of the values found fit
          {held === 0 ? '.' : `; ${counted(held, 'value')} would be held. Here is why.`} Looked at{' '}
          {counted(sampled.contact, 'contact')} and {counted(sampled.lead, 'lead')} of {label('crm')},{' '}
          {counted(sampled.marketing, 'contact')} of {label('marketing')}.
        </Notice>
      )}
      {fields.length > 0 && (
        <Table
          label="Fit by field"
          items={fields.filter((field) => field.role === role)}
          keyOf={({ crm, marketing }) => `${crm} ${marketing}`}
          columns={[
            {
              head: 'Fields',
              cell: ({ crm, marketing }) => (
                <>
                  <code>{crm}</code> ↔ <code>{marketing}</code>
                </>
              ),
            },
            { head: `From ${label('crm')}`, cell: ({ sides }) => <Side of={sides.crm} />, className: 'wide' },
            {
              head: `From ${label('marketing')}`,
              cell: ({ sides }) => <Side of={sides.marketing} />,
              className: 'wide',
            },
          ]}
        />
      )}
    </>
  );
}

const misfits = ({ misfits: list }: SideFit): number => list.reduce((sum, each) => sum + each.count, 0);

function Side({ of }: { readonly of: SideFit }) {
  const filled = of.total - of.blank;
  if (filled === 0) return <span className="dim">no values found</span>;
  return (
    <div className="stack tight">
      <span>
        {count(of.fits)} of {count(filled)} fit{' '}
        {of.defaulted > 0 && <span className="dim">({count(of.defaulted)} by default)</span>}
      </span>
      {of.misfits.map(({ why, count: n, examples }) => (
        <span key={why} className="small">
          <Tag tone="warn">{count(n)}</Tag> {why}
          {examples.length > 0 && (
            <span className="dim"> (such as {examples.map(({ value }) => `“${value}”`).join(', ')})</span>
          )}
        </span>
      ))}
    </div>
  );
}
