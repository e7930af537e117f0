// The announced end of the CRM's service, for as long as it lies ahead or behind: nobody should learn of it by a run that fails.
import { useSession } from '../api/session.ts';
import { Notice } from './show.tsx';
import { counted, useLabel } from './words.ts';

const DAY_MS = 24 * 3_600_000;
/** Days before the end from which on it is more than a note. */
const SOON = 180;
const dayText = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

export function Retirement() {
  const label = useLabel();
  const { crmRetiresOn } = useSession();
  if (crmRetiresOn === null) return null;
  const ends = new Date(`${crmRetiresOn}T00:00:00Z`);
  const days = Math.ceil((ends.getTime() - Date.now()) / DAY_MS);
  return (
    <Notice tone={days > SOON ? 'info' : 'warn'}>
      {days < 0
        ? `The service of ${label('crm')} ended on ${dayText.format(ends)}.`
        : `Its vendor ends the service of ${label('crm')} on ${dayText.format(ends)}, in ${counted(days, 'day')}. Plan the move to another CRM in time.`}
    </Notice>
  );
}
