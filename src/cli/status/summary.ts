// The numbers of one connection as the JSON document of `lockstep status` gives them. Counts nothing itself.
import type { ConnectionStatus, HoldSeverity, StoredRun } from '../../app.ts';

type Counts = { readonly [name: string]: number };

export function summaryOf(status: ConnectionStatus) {
  const { connection, alignedAt, optOutsPolledAt, underWay, lastRun, lastSuccess, lastVerify } = status;
  const present = status.crm.filter(({ state }) => state === 'present');
  const crm = (role: 'contact' | 'lead'): number => sum(present.filter((count) => count.role === role));
  const bySeverity = { action: 0, waiting: 0, info: 0 } satisfies { readonly [S in HoldSeverity]: number };
  const byCode: { [code: string]: number } = {};
  for (const { code, severity, total } of status.holds) {
    bySeverity[severity] += total;
    byCode[code] = (byCode[code] ?? 0) + total;
  }
  return {
    connection,
    aligned: alignedAt !== null,
    alignedAt,
    optOutsPolledAt,
    running: underWay === null ? null : { ...runSummary(underWay.run), until: underWay.until },
    lastRun: runSummary(lastRun),
    lastSuccess: runSummary(lastSuccess),
    lastVerify: runSummary(lastVerify),
    links: { contact: linkCounts(status, 'contact'), lead: linkCounts(status, 'lead') },
    records: {
      sell: { contacts: crm('contact'), leads: crm('lead') },
      dotdigital: { contacts: sum(status.marketing.filter(({ state }) => state === 'present')) },
    },
    /** Records that changed and were not planned yet. */
    news: [...status.crm, ...status.marketing].reduce((total, { dirty }) => total + dirty, 0),
    holds: { total: sum(status.holds), byCode, bySeverity },
    deadLetters: status.deadLetters.map(({ work, failures, since, at, reason }) => ({
      work,
      failures,
      since,
      at,
      reason,
    })),
  };
}

function runSummary(run: StoredRun | null) {
  if (run === null) return null;
  const { id, kind, state, startedAt, finishedAt, error } = run;
  return { id, kind, state, startedAt, finishedAt, ...(error === null ? {} : { message: error }) };
}

function linkCounts(status: ConnectionStatus, role: 'contact' | 'lead'): Counts {
  return Object.fromEntries(
    status.links.filter((count) => count.role === role).map(({ state, total }) => [state, total]),
  );
}

function sum(counts: readonly { readonly total: number }[]): number {
  return counts.reduce((total, count) => total + count.total, 0);
}
