// Both simulated accounts with many leads on six statuses, as a process of its own for the bench of leads. Never measures anything.
import process from 'node:process';
import { startSandbox } from '../sandbox/start.ts';

const STATUSES = ['New', 'Working', 'Nurturing', 'Qualified', 'Unqualified', 'Recycled'];
const DAY_MS = 86_400_000;

const sandbox = await startSandbox({ people: 0, population: 'equal-pairs', products: 0, limits: 'off' });
const { world } = sandbox.sellSandbox;
const known = new Set([...world.state.leadStatuses.values()].map(({ name }) => name));
for (const status of STATUSES) if (!known.has(status)) world.addLeadStatus(status);

world.createLeads(drafts(Number(process.argv[2] ?? 0)));
process.on('disconnect', () => process.exit(0));
process.send?.({
  sell: { url: sandbox.sell.url, accessToken: sandbox.sell.accessToken },
  dotdigital: sandbox.dotdigital,
});

function* drafts(count: number): Generator<Record<string, unknown>> {
  const at = new Date(Date.now() - 30 * DAY_MS).toISOString();
  for (let n = 0; n < count; n += 1) {
    yield {
      first_name: 'Lea',
      last_name: `Lead ${n}`,
      email: `lead${n}@mail.example`,
      status: STATUSES[n % STATUSES.length],
      created_at: at,
      updated_at: at,
    };
  }
}
