// What is worth telling somebody about a connection: facts in, alerts out. Pure: knows no clock, no store and nobody to tell. (4.10)
import type { AlertKind } from '../core/model/alert.ts';
import type { RunState } from '../store/runs.ts';

/** What is known of one connection. Times are milliseconds since the epoch. */
export interface AlertFacts {
  readonly now: number;
  readonly everyMs: number;
  readonly alignedAt: number | null;
  readonly paused: boolean;
  /** Newest first: ended runs that write. */
  readonly runs: readonly PastRun[];
  readonly lastSuccessAt: number | null;
  readonly parked: number;
  /** Holds that need somebody, and active links. */
  readonly held: number;
  readonly links: number;
  /** The last day of the CRM's service; null where none was announced. */
  readonly crmRetiresOn: number | null;
  /** When the CRM's credential ends by itself; null where the service tells no end. */
  readonly accessEndsAt: number | null;
}

export interface PastRun {
  readonly state: RunState;
  readonly writes: number;
  /** A service did not accept the credential. */
  readonly refused: boolean;
  readonly message: string | null;
}

export interface RaisedAlert {
  readonly kind: AlertKind;
  readonly severity: 'warning' | 'critical';
  readonly message: string;
}

/** Intervals without success before somebody is called. */
const SILENT_INTERVALS = 3;
/** Shares of active links that are held; few links make any share large. */
const HELD_SHARE = 0.1;
export const HELD_LEAST = 20;
/** Runs the usual volume is taken of, and how far from it a run is unusual. */
const USUAL_RUNS = 10;
const UNUSUAL_FACTOR = 10;
const UNUSUAL_LEAST = 200;
const DAY_MS = 24 * 3_600_000;
/** Days before the end of a credential from which on it is told. */
export const ENDS_SOON_DAYS = 30;
/** Days before the end of the CRM's service from which on it is told, each once more. */
const MILESTONES = [7, 30, 90, 180] as const;

/** Everything that is wrong now; what is not among it is over. */
export function raise(facts: AlertFacts): readonly RaisedAlert[] {
  return [failing, parked, held, unusual, silent, access, retiring].flatMap((rule) => rule(facts) ?? []);
}

function failing({ runs }: AlertFacts): RaisedAlert | null {
  const [last] = runs;
  if (last === undefined || !FAILED.includes(last.state)) return null;
  const why = last.message === null ? '' : ` ${last.message}`;
  const severity = last.state === 'partial' ? 'warning' : 'critical';
  const what = last.state === 'partial' ? 'Some records failed in the last run.' : 'The last run did not go through.';
  return { kind: 'run-failing', severity, message: `${what}${why}` };
}

const FAILED: readonly RunState[] = ['partial', 'aborted', 'failed'];

function parked({ parked: count }: AlertFacts): RaisedAlert | null {
  if (count === 0) return null;
  return { kind: 'run-parked', severity: 'warning', message: `Writes that wait for approval: ${count}.` };
}

function held({ held: count, links }: AlertFacts): RaisedAlert | null {
  if (count < HELD_LEAST || count < links * HELD_SHARE) return null;
  return {
    kind: 'holds-high',
    severity: 'warning',
    message: `Held records that need somebody: ${count}, beside ${links} links.`,
  };
}

/** (Census rule) One run far above the trailing average. Far below is quiet business, and silence has its own rule. */
function unusual({ runs }: AlertFacts): RaisedAlert | null {
  const [last, ...before] = runs.slice(0, USUAL_RUNS + 1);
  if (last === undefined || before.length < USUAL_RUNS || last.writes < UNUSUAL_LEAST) return null;
  const usual = before.reduce((sum, { writes }) => sum + writes, 0) / before.length;
  if (last.writes < usual * UNUSUAL_FACTOR) return null;
  return {
    kind: 'volume-unusual',
    severity: 'warning',
    message: `The last run wrote ${last.writes}; usual are about ${Math.round(usual)}.`,
  };
}

/** (dead man) */
function silent({ now, everyMs, alignedAt, paused, lastSuccessAt }: AlertFacts): RaisedAlert | null {
  const since = Math.max(lastSuccessAt ?? 0, alignedAt ?? 0);
  if (alignedAt === null || paused || now - since < SILENT_INTERVALS * everyMs) return null;
  return {
    kind: 'no-success',
    severity: 'critical',
    message: `No run went through since ${new Date(since).toISOString()}.`,
  };
}

function access({ now, runs, accessEndsAt }: AlertFacts): RaisedAlert | null {
  const [last] = runs;
  if (last?.refused !== true) {
    if (accessEndsAt === null || accessEndsAt - now >= ENDS_SOON_DAYS * DAY_MS) return null;
    return {
      kind: 'access-expiring',
      severity: 'warning',
      message: `The credential of the CRM ends on ${new Date(accessEndsAt).toISOString().slice(0, 10)}. Enter a new one before that.`,
    };
  }
  return {
    kind: 'access-expiring',
    severity: 'critical',
    message: 'A service does not accept the credential any more: it was withdrawn, or it expired. Enter a new one.',
  };
}

function retiring({ now, crmRetiresOn }: AlertFacts): RaisedAlert | null {
  if (crmRetiresOn === null) return null;
  const days = Math.ceil((crmRetiresOn - now) / DAY_MS);
  const milestone = days < 0 ? 0 : MILESTONES.find((one) => days <= one);
  if (milestone === undefined) return null;
  const date = new Date(crmRetiresOn).toISOString().slice(0, 10);
  const when = milestone === 0 ? `ended on ${date}` : `ends on ${date}, in less than ${milestone} days`;
  return {
    kind: 'crm-retiring',
    severity: milestone <= 30 ? 'critical' : 'warning',
    message: `The service of the CRM ${when}.`,
  };
}
