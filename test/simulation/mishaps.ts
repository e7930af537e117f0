// Makes a service do otherwise than asked, once. Judges nothing.
import type { Accounts } from './accounts.ts';
import type { Mishap } from './story.ts';

export function arrange({ what }: Mishap, { sell, dotdigital }: Accounts): void {
  const feed = { method: 'GET', pattern: '^/v2/sync/.*/queues/main', nth: 1 };
  const hint = (name: string) =>
    sell.faults.add({ service: 'zendesk-sell', match: feed, effect: { type: 'hint', name } });
  switch (what) {
    case 'watchdog':
      dotdigital.world.planJob('contact-import', { status: 'RejectedByWatchdog' });
      return;
    case 'job fails':
      dotdigital.world.planJob('contact-import', { status: 'Failed' });
      return;
    case 'half a job':
      dotdigital.world.planJob('contact-import', { status: 'Failed', applyRows: 1 });
      return;
    case 'rows fail':
      dotdigital.world.planJob('contact-import', { failRows: [{ pattern: 'p[1-4]@', code: 'unknownError' }] });
      return;
    case 'catalogue rejected':
      dotdigital.world.planJob('insight-import', { status: 'RejectedByWatchdog' });
      return;
    case 'catalogue fails':
      dotdigital.world.planJob('insight-import', { status: 'Failed' });
      return;
    case 'half a catalogue':
      dotdigital.world.planJob('insight-import', { status: 'Failed', applyRows: 1 });
      return;
    case 'feed twice':
      sell.faults.add({ service: 'zendesk-sell', match: feed, effect: { type: 'duplicate-delivery' } });
      return;
    case 'feed shuffled':
      hint('sync-reorder');
      return;
    case 'ghost delete':
      hint('sync-ghost-delete');
      return;
    case 'feed objects fail':
      hint('sync-failed-objects');
      return;
    case 'empty page':
      hint('sync-empty-page');
      return;
    default:
      what satisfies never;
  }
}
