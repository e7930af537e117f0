// What lists of leads cost: an alignment of many leads on six statuses, and the quiet cycle after it. Asserts nothing.
// Usage: node bench/leads.bench.ts [--leads 100000]. The simulated accounts run in a process of their own, without limits.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { RunJson } from './lockstep-process.ts';

interface Started {
  readonly sell: { readonly url: string; readonly accessToken: string };
  readonly dotdigital: { readonly url: string; readonly user: string; readonly password: string };
}

const { values } = parseArgs({ options: { leads: { type: 'string', default: '100000' } } });
const count = Number(values.leads);
const flags = ['--disable-warning=ExperimentalWarning'];

const accounts = fork(join(import.meta.dirname, 'leads-accounts.ts'), [String(count)], { execArgv: flags });
const [started] = (await once(accounts, 'message')) as [Started];
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const config = join(folder, 'lockstep.json');
const usage = join(folder, 'usage.json');
writeFileSync(
  config,
  JSON.stringify({
    version: 1,
    database: `sqlite:${join(folder, 'lockstep.db')}`,
    connections: [
      {
        name: 'bench',
        profile: 'classic',
        sell: { ...started.sell, requestsPerSecond: 0 },
        dotdigital: started.dotdigital,
        leads: { enabled: true, multipleMatch: 'email-and-names' },
      },
    ],
  }),
  { mode: 0o600 },
);
try {
  await measure(`align ${format(count)} leads`, 'align', '--yes');
  await measure('the sync that reads it back', 'sync');
  await measure('a quiet sync', 'sync');
} finally {
  rmSync(folder, { recursive: true, force: true });
  const gone = once(accounts, 'exit');
  accounts.disconnect();
  await gone;
}

async function measure(what: string, ...args: readonly string[]): Promise<void> {
  const preload = pathToFileURL(join(import.meta.dirname, 'report-peak.ts'));
  preload.searchParams.set('to', usage);
  const begun = performance.now();
  const main = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
  const child = spawn(
    process.execPath,
    [...flags, '--import', preload.href, main, '--config', config, '--json', ...args],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  const seconds = (performance.now() - begun) / 1000;
  if (code !== 0)
    throw new Error(
      `lockstep ${args.join(' ')} ended with ${String(code)}:\n${out.slice(0, 2000)}\n${errors.slice(-2000)}`,
    );
  const { peakKb, cpuMs } = JSON.parse(readFileSync(usage, 'utf8')) as {
    readonly peakKb: number;
    readonly cpuMs: number;
  };
  const [run] = (JSON.parse(out) as { readonly runs: readonly RunJson[] }).runs;
  if (run === undefined) throw new Error(`lockstep ${args.join(' ')} reported no run.`);
  console.log(
    `${what.padEnd(32)} ${run.state} in ${seconds.toFixed(1)} s, peak ${(peakKb / 1024).toFixed(0)} MB, processor ${(cpuMs / 1000).toFixed(1)} s`,
  );
  const calls = Object.entries(run.apiCalls).map(
    ([system, { reads, writes }]) => `${system} ${reads} reads ${writes} writes`,
  );
  console.log(`${''.padEnd(32)} writes planned ${format(run.actions.total)}; calls: ${calls.join(', ')}`);
}

function format(n: number): string {
  return n.toLocaleString('en-GB');
}
