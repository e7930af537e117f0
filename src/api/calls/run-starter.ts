// Starts what is a run of a connection, unless another one has it: told at once, before anybody waits for a run that cannot begin. (R16)
import type { AskedWork } from '../../jobs/asked-work.ts';
import { askedRunOf } from '../../store/asked-runs.ts';
import { leaseHolder } from '../../store/leases.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { ApiHost, BookEntry } from '../host.ts';

/** @returns the run's id @throws ApiError `not-found`, `conflict` */
export async function startRun(host: ApiHost, connection: string, work: AskedWork): Promise<string> {
  await needConnection(host, connection);
  await refuseBusy(host, connection);
  const id = await host.begin(connection, work);
  if (id === null) throw busy();
  return id;
}

/** @throws ApiError `conflict` */
export async function refuseBusy({ store, runs, now }: ApiHost, connection: string): Promise<void> {
  if (
    runs.of(connection) !== null ||
    (await leaseHolder(store, connection, new Date(now()).toISOString())) !== null ||
    (await askedRunOf(store, connection, null)) !== null
  )
    throw busy();
}

/** @throws ApiError `not-found` */
export async function needConnection({ book }: ApiHost, name: string): Promise<BookEntry> {
  const entry = await book.get(name);
  if (entry === null) throw notFound('connection');
  return entry;
}

function busy(): ApiError {
  return new ApiError('conflict', 'Another run has this connection. Wait until it has ended, or break it off.');
}
