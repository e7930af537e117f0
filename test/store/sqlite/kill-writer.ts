// Child of durability.test.ts: writes batches for ever and says each one only after it was acknowledged.
import { writeSync } from 'node:fs';
import { upsertCrm } from '../../../src/store/crm-records.ts';
import { openStore } from '../../../src/store/open-store.ts';

const [path, round] = process.argv.slice(2);
const store = await openStore(`sqlite:${path}`);
for (let batch = 0; ; batch++) {
  const items = Array.from({ length: 40 }, (_, n) => ({
    emailKey: null,
    record: {
      role: 'contact' as const,
      id: `${round}${String(batch).padStart(6, '0')}${String(n).padStart(2, '0')}`,
      email: null,
      firstName: 'Ada',
      lastName: 'Lovelace',
      values: { note: 'x'.repeat(200) },
      tags: [],
      status: null,
      ownerId: null,
      isOrganisation: false,
      createdAt: null,
      updatedAt: null,
      revision: null,
      state: 'present' as const,
    },
  }));
  await store.transaction(async (tx) => {
    await upsertCrm(tx, 'acme', items.slice(0, 20), '2026-01-01T00:00:00.000Z');
    await upsertCrm(tx, 'acme', items.slice(20), '2026-01-01T00:00:00.000Z');
  });
  writeSync(1, `${batch}\n`);
}
