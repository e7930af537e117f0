// One hold: reason, remedy, the records it names on both sides, and the faulty value to be mended here.
import { Button } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { HoldDetail } from '../../src/api/contract/holds.ts';
import type { RouteId } from '../../src/api/contract/routes.table.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { Moment } from '../parts/moment.tsx';
import { Card, Failed, Page, Read } from '../parts/page.tsx';
import { PersonLink } from '../parts/person-link.tsx';
import { Notice, RowId, StateTag, Tag } from '../parts/show.tsx';
import { codeText, count, HOLD_STATE, SEVERITY } from '../parts/words.ts';
import { Decide } from './hold/decide.tsx';
import { Mend } from './hold/mend.tsx';
import { CrmCard, MarketingCard } from './person/records.tsx';

const TOUCHED: readonly RouteId[] = ['getHold', 'listHolds', 'countHolds', 'getOverview', 'getPerson'];

export function HoldPage() {
  const { hold: id } = useParams({ from: '/holds/$hold' });
  const hold = useRead('getHold', { params: { hold: id } });
  return (
    <Page
      title={hold.data === undefined ? 'Hold' : codeText(hold.data.code)}
      lead={hold.data !== undefined && <Lead of={hold.data} />}
      actions={hold.data !== undefined && <Deeds of={hold.data} />}
    >
      <Read of={hold} data={hold.data} rows={8}>
        {(detail) => <Detail of={detail} />}
      </Read>
    </Page>
  );
}

function Lead({ of }: { readonly of: HoldDetail }) {
  return (
    <>
      <PersonLink connection={of.connection} email={of.email} />, {of.entity} in {of.connection}, <code>{of.code}</code>
    </>
  );
}

function Detail({ of }: { readonly of: HoldDetail }) {
  const may = useMay('operator');
  const over = of.state === 'fixed' || of.state === 'expired';
  return (
    <>
      <Card
        title="What is wrong"
        actions={
          <>
            <Tag tone={SEVERITY[of.severity][1]}>{SEVERITY[of.severity][0]}</Tag>
            <StateTag of={HOLD_STATE[of.state]} />
          </>
        }
      >
        <div className="stack">
          <p className="strong">{of.message}</p>
          <p>{of.fix}</p>
          <p className="small dim">
            <RowId row={of.row} why={of.why} /> {of.why}
          </p>
          <p className="small dim">
            First seen <Moment at={of.firstSeen} />, last <Moment at={of.lastSeen} />, tried {count(of.attempts)}{' '}
            {of.attempts === 1 ? 'time' : 'times'}.
          </p>
        </div>
      </Card>
      {over && <Notice tone="good">This is over: nothing waits here any more.</Notice>}
      {!over && of.question !== null && <Decide hold={of} />}
      {may && !over && of.editable.length > 0 && <Mend hold={of} />}
      <div className="grid">
        {of.crm.map((record) => (
          <CrmCard key={`${record.role} ${record.id}`} of={record} />
        ))}
        {of.marketing.map((record) => (
          <MarketingCard key={record.id} of={record} />
        ))}
      </div>
    </>
  );
}

function Deeds({ of }: { readonly of: HoldDetail }) {
  const may = useMay('operator');
  const retry = useAct('retryHolds', TOUCHED);
  const ignore = useAct('ignoreHolds', TOUCHED);
  const reopen = useAct('reopenHolds', TOUCHED);
  if (!may || of.state === 'fixed' || of.state === 'expired') return null;
  const body = { ids: [of.id] };
  return (
    <>
      <Failed of={retry.error ?? ignore.error ?? reopen.error} />
      <Button
        variant="default"
        loading={retry.isPending}
        disabled={of.state === 'waiting'}
        onClick={() => retry.mutate({ body })}
      >
        {of.state === 'waiting' ? 'Tried in the next run' : 'Try again'}
      </Button>
      {of.state === 'ignored' ? (
        <Button variant="default" onClick={() => reopen.mutate({ body })}>
          Put back
        </Button>
      ) : (
        <Button variant="default" onClick={() => ignore.mutate({ body })}>
          Ignore
        </Button>
      )}
    </>
  );
}
