// How soon the overview of a large connection is painted, in a real browser with an empty cache each time.
// Prints figures; asserts nothing. `node bench/first-paint.bench.ts [people]`
import { launchChromium } from '../test/e2e/chromium.ts';
import { startLargeService } from './large-service.ts';
import { RUNS } from './large-store.ts';

const people = Number(process.argv[2] ?? 100_000);
const LOADS = 10;
const service = await startLargeService(people);
const browser = await launchChromium();
try {
  const [name = '', value = ''] = service.cookie.split('=');
  const painted: number[] = [];
  const filled: number[] = [];
  for (let n = 0; n < LOADS; n += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addCookies([{ name, value, url: service.url }]);
    const page = await context.newPage();
    await page.goto(service.url);
    await page.getByText('People linked').waitFor();
    filled.push(await page.evaluate<number>('performance.now()'));
    painted.push(await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
    await context.close();
  }
  const line = (what: string, times: readonly number[]): string => {
    const sorted = [...times].sort((a, b) => a - b);
    const ms = (time: number | undefined): string => `${Math.round(time ?? 0)} ms`;
    return `${what.padEnd(34)} first ${ms(times[0])}, median ${ms(sorted[LOADS / 2])}, slowest ${ms(sorted.at(-1))}`;
  };
  console.log(
    `overview with ${people.toLocaleString('en-GB')} people and ${RUNS} runs, ${LOADS} loads, nothing cached`,
  );
  console.log(line('first contentful paint', painted));
  console.log(line('figures of the connection shown', filled));
} finally {
  await browser.close();
  service.stop();
}
