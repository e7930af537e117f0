// Whether the API holds out: so many requests a second for so long, with the memory of the service and every answer that was lost.
// Prints figures; asserts nothing. `node bench/soak.bench.ts [minutes] [requests a second] [people]`
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startLargeService } from './large-service.ts';
import { address } from './large-store.ts';

const minutes = Number(process.argv[2] ?? 10);
const perSecond = Number(process.argv[3] ?? 200);
const people = Number(process.argv[4] ?? 10_000);
/** What a screen asks for, in turn. */
const PATHS: readonly ((n: number) => string)[] = [
  () => '/api/session',
  () => '/api/runs?limit=20',
  (n) => `/api/people?q=${encodeURIComponent(address(n, people).slice(0, 4))}`,
  () => '/api/holds/counts',
  (n) => `/api/connections/acme/person?email=${encodeURIComponent(address(n, people))}`,
  () => '/api/connections',
  () => '/api/alerts',
  () => '/healthz',
];
/** Sent in bursts this long, so that no clock has to be exact. Milliseconds. */
const BURST_MS = 50;

const service = await startLargeService(people);
try {
  const headers = { cookie: service.cookie };
  const { pid } = service.child;
  /** Resident memory of the service, megabytes; null where the system does not tell. */
  const memory = (): number | null => {
    const told = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return told === undefined ? null : Math.round(Number(told) / 1024);
  };
  let [sent, answered, lost, slowest] = [0, 0, 0, 0];
  const under = new Set<Promise<void>>();
  const ask = async (n: number): Promise<void> => {
    const begun = performance.now();
    try {
      const answer = await fetch(`${service.url}${PATHS[n % PATHS.length]?.(n) ?? ''}`, { headers });
      await answer.arrayBuffer();
      if (answer.ok) answered += 1;
      else lost += 1;
    } catch {
      lost += 1;
    }
    slowest = Math.max(slowest, performance.now() - begun);
  };
  // What every process grows by in its first seconds is no leak.
  for (let n = 0; n < 400; n += 1) await ask(n);
  [answered, lost, slowest] = [0, 0, 0];
  const begun = performance.now();
  const marks = [memory()];
  const total = Math.round(minutes * 60 * perSecond);
  while (sent < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - begun) / 1000) * perSecond));
    for (; sent < due; sent += 1) {
      const one = ask(sent).finally(() => under.delete(one));
      under.add(one);
      if (sent === Math.floor(total / 2)) marks.push(memory());
    }
    await wait(BURST_MS);
  }
  await Promise.all(under);
  const took = (performance.now() - begun) / 1000;
  marks.push(memory());
  console.log(
    `${perSecond} requests a second for ${minutes} minutes, ${people.toLocaleString('en-GB')} people: ${sent.toLocaleString('en-GB')} sent, ` +
      `${answered.toLocaleString('en-GB')} answered, ${lost} lost, slowest ${Math.round(slowest)} ms, ${Math.round(sent / took)} a second`,
  );
  console.log(`memory of the service: start ${marks[0]} MB, middle ${marks[1]} MB, end ${marks[2]} MB`);
} finally {
  service.stop();
}
