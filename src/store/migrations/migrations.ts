// Every migration in order. A released one is never edited; a change is a new entry.
import type { Migration } from 'kysely/migration';
import { up as initial } from './0001-initial.ts';
import { up as notesByPerson } from './0002-notes-by-person.ts';
import { up as erasure } from './0003-erasure.ts';
import { up as decisions } from './0004-decisions.ts';
import { up as goneAt } from './0005-gone-at.ts';
import { up as dashboard } from './0006-dashboard.ts';
import { up as jobs } from './0007-jobs.ts';
import { up as productsUndone } from './0008-products-undone.ts';
import { up as paces } from './0009-paces.ts';
import { up as askedRuns } from './0010-asked-runs.ts';
import { up as unsettled } from './0011-unsettled.ts';

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': { up: initial },
  '0002-notes-by-person': { up: notesByPerson },
  '0003-erasure': { up: erasure },
  '0004-decisions': { up: decisions },
  '0005-gone-at': { up: goneAt },
  '0006-dashboard': { up: dashboard },
  '0007-jobs': { up: jobs },
  '0008-products-undone': { up: productsUndone },
  '0009-paces': { up: paces },
  '0010-asked-runs': { up: askedRuns },
  '0011-unsettled': { up: unsettled },
};
