// Sees to it that the dashboard is built: in a checkout it is, once, when it is missing or older than its sources. Never builds an installed package.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WEB = join(ROOT, 'web');
/** What the dashboard is made of. */
const SOURCES = [WEB, join(ROOT, 'src/api/contract')];
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');

/** Whatever this process was started for: what is built is for people, not for tests or for taking apart. */
const FOR_USE = 'data:text/javascript,process.env.NODE_ENV="production"';

/** Where the service looks for it. */
const DASHBOARD = join(WEB, 'dist');

/**
 * Builds the dashboard where that is needed and possible; without it the service runs all the same.
 * @param tell is told in words before the build begins, and when it failed
 */
export async function readyDashboard(tell: (text: string) => void): Promise<void> {
  if (!existsSync(join(WEB, 'main.tsx')) || !existsSync(VITE) || !(await isStale())) return;
  tell('Building the dashboard, which is needed once and takes some seconds …');
  const fault = await build();
  if (fault !== null) tell(`The dashboard could not be built; everything else runs. ${fault}`);
}

async function isStale(): Promise<boolean> {
  const index = join(DASHBOARD, 'index.html');
  if (!existsSync(index)) return true;
  const { mtimeMs } = await stat(index);
  const changes = await Promise.all(SOURCES.map(latestChange));
  return Math.max(...changes) > mtimeMs;
}

/** Milliseconds since the epoch. */
async function latestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (path === DASHBOARD) return 0;
      return entry.isDirectory() ? latestChange(path) : (await stat(path)).mtimeMs;
    }),
  );
  return Math.max(0, ...times);
}

/** Built beside and then put in place: who looks meanwhile never finds half of it. @returns null, or what went wrong */
async function build(): Promise<string | null> {
  const beside = join(ROOT, 'node_modules/.cache/lockstep-web');
  const fresh = join(beside, `new-${process.pid}`);
  const old = join(beside, `old-${process.pid}`);
  await mkdir(beside, { recursive: true });
  try {
    const fault = await vite(['build', WEB, '--outDir', fresh, '--emptyOutDir', '--logLevel', 'error']);
    if (fault !== null) return fault;
    if (existsSync(DASHBOARD)) await rename(DASHBOARD, old);
    await rename(fresh, DASHBOARD);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

function vite(args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', FOR_USE, VITE, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : said.trim() || `vite ended with ${code}`));
  });
}
