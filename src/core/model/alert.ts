// What may be wrong with a connection: the kinds of alert. Words alone; when one begins is decided elsewhere. (4.10)
export const ALERT_KINDS = [
  'run-failing',
  'run-parked',
  'holds-high',
  'volume-unusual',
  'no-success',
  'access-expiring',
  'crm-retiring',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
