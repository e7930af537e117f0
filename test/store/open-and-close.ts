// Child of open-store.test.ts: opens a store, writes one row, closes it.
import { ensureConnection } from '../../src/store/connections.ts';
import { openStore } from '../../src/store/open-store.ts';

const store = await openStore(String(process.argv[2]));
await ensureConnection(store, { name: 'acme', replica: String(process.pid), now: '2026-01-01T00:00:00.000Z' });
await store.close();
