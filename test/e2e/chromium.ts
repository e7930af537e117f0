// A real browser for the tests: an installed one, else the distribution's, else Playwright's own. Says plainly when there is none to be had.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--no-first-run',
];

/** @throws Error that says what was tried */
export async function launchChromium(): Promise<Browser> {
  const tried: string[] = [];
  for (const find of [installed, fromDistribution, fromPlaywright]) {
    const path = find();
    if (path === null) continue;
    try {
      return await chromium.launch({ executablePath: path, args: ARGS });
    } catch (error) {
      tried.push(`${path}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
    }
  }
  throw new Error(
    `There is no browser to test with. Install Chromium (on Debian: apt-get install chromium) and run the tests again. ${tried.join('; ')}`,
  );
}

function installed(): string | null {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...ELSEWHERE].find((path) => existsSync(path)) ?? null;
}

function fromDistribution(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const get = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', args, { env, stdio: 'ignore' }).status === 0;
  const install = (): boolean => get('install', '-y', '--no-install-recommends', 'chromium');
  return install() || (get('update') && install()) ? installed() : null;
}

function fromPlaywright(): string | null {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'ignore' });
  const path = chromium.executablePath();
  return existsSync(path) ? path : null;
}
