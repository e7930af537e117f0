// The two commands that need no account, as processes of their own: what they print, how they end, what they leave behind.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleConfig } from '../../src/cli/sandbox/example-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

interface Running {
  /** Resolves once stdout fits. */
  until(pattern: RegExp): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  stop(signal?: NodeJS.Signals): void;
}

function lockstep(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stdout)) resolve(stdout);
        };
        child.stdout.on('data', look);
        child.once('close', (code) =>
          reject(new Error(`ended with ${String(code)} before ${pattern}: ${stdout}${stderr}`)),
        );
        look();
      }),
    ended,
    stop: (signal = 'SIGTERM') => void child.kill(signal),
  };
}

/** The text read back as the configuration file it is meant to be. */
function asConfiguration(text: string): ReturnType<typeof loadConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  try {
    const file = join(folder, 'lockstep.yaml');
    writeFileSync(file, text);
    return loadConfig({ file, env: {} });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const access = {
  sell: { url: 'http://127.0.0.1:9001', accessToken: 'a'.repeat(64) },
  dotdigital: { url: 'http://127.0.0.1:9002', user: 'user@apiconnector.com', password: 'secret: #1' },
};

describe('lockstep sandbox', () => {
  it('prints one JSON document, serves, and leaves nothing behind on SIGTERM', async () => {
    const sandbox = lockstep('sandbox', '--people', '40', '--seed', '3', '--json');
    const { sell, dotdigital, counts } = JSON.parse(await sandbox.until(/\n$/)) as {
      readonly sell: { readonly url: string; readonly accessToken: string };
      readonly dotdigital: { readonly url: string; readonly user: string; readonly password: string };
      readonly counts: { readonly contacts: number };
    };
    const self = await fetch(`${sell.url}/v2/users/self`, {
      headers: { authorization: `Bearer ${sell.accessToken}`, 'user-agent': 'test/1.0' },
    });
    expect(self.status).toBe(200);
    const basic = Buffer.from(`${dotdigital.user}:${dotdigital.password}`).toString('base64');
    const account = await fetch(`${dotdigital.url}/v2/account-info`, { headers: { authorization: `Basic ${basic}` } });
    expect(account.status).toBe(200);
    expect(counts.contacts).toBeGreaterThan(10);
    sandbox.stop();
    expect(await sandbox.ended).toMatchObject({ code: 0 });
    await expect(fetch(sell.url)).rejects.toThrow();
    await expect(fetch(dotdigital.url)).rejects.toThrow();
  });

  it('prints a configuration that can be used as it is, and ends with 0 on Ctrl-C', async () => {
    const sandbox = lockstep('sandbox', '--people', '40');
    const text = await sandbox.until(/Ctrl-C stops/);
    const yaml = text.slice(text.indexOf('version: 1'), text.indexOf('To act as a person'));
    expect(asConfiguration(yaml)).toHaveProperty('ok');
    expect(text).toMatch(/curl -X PATCH http:\/\/127\.0\.0\.1:\d+\/_control\/contacts\/\d+/);
    sandbox.stop('SIGINT');
    expect(await sandbox.ended).toMatchObject({ code: 0 });
  });

  it('says which port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { readonly port: number };
    const ended = await lockstep('sandbox', '--people', '1', '--sell-port', String(port)).ended;
    taken.close();
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain(String(port));
  });

  it('refuses numbers that are none', async () => {
    for (const args of [
      ['--people', 'many'],
      ['--sell-port', '70000'],
      ['--limits', 'maybe'],
      ['--seed', '1.5'],
    ]) {
      expect(await lockstep('sandbox', ...args).ended).toMatchObject({ code: 2 });
    }
  });
});

describe('the example configuration', () => {
  it('is complete and keeps credentials as they are', () => {
    const text = exampleConfig({ access, database: 'sqlite:./x.db', name: 'demo', port: 0 });
    const read = asConfiguration(text);
    expect(read).toMatchObject({
      ok: { connections: [{ name: 'demo', profile: 'classic', dotdigital: { password: 'secret: #1' } }] },
    });
  });
});

describe('lockstep demo', () => {
  it('--once: previews, aligns, syncs, says why records are held, and ends with 0', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await lockstep('demo', '--once', '--people', '200').ended;
    expect(stdout).toMatch(/Opt-outs crossing: [1-9]\d* from Sell to Dotdigital, [1-9]\d* from Dotdigital to Sell/);
    expect(stdout).toMatch(/The catalogue: [1-9]\d* products from Sell are in Dotdigital now/);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    for (const said of [
      'Two simulated services are running',
      '1. What the alignment would do',
      'Would write:',
      '2. The alignment',
      'Written:',
      '3. Meanwhile people work with their leads',
      '4. A sync right after it',
      'Held back, and why',
      'NAME_MISSING',
    ]) {
      expect(stdout, said).toContain(said);
    }
    // Leads moved from both sides, a conversion and a delete, each with what followed from it.
    const followed = stdout.slice(stdout.indexOf('What followed:'), stdout.indexOf('All of the sync'));
    for (const what of [/L3 +list-add/, /L5 +update +Sell +lead/, /D8 +list-remove/, /D1 +delete +Dotdigital/])
      expect(followed).toMatch(what);
    // Rows of the rules, in words, on both sides.
    expect(stdout).toMatch(/C1 +create +Dotdigital +contact/);
    expect(stdout).toMatch(/C4 +create +Sell +contact/);
    expect(stdout).toMatch(/Compared record by record: \d+ contact pairs and \d+ lead pairs, all equal/);
    const folder = /Configuration (\S+)/.exec(stdout)?.[1];
    expect(folder).toBeDefined();
    expect(existsSync(dirname(folder ?? '/'))).toBe(false);
  });

  it('--once --json: one document with the four runs; decision 9: the sync after the first one writes nothing', {
    timeout: 120_000,
  }, async () => {
    const { code, stdout } = await lockstep('demo', '--once', '--people', '150', '--seed', '2', '--json').ended;
    expect(code).toBe(0);
    const { runs } = JSON.parse(stdout) as {
      readonly runs: readonly {
        readonly kind: string;
        readonly state: string;
        readonly actions: { readonly total: number };
      }[];
    };
    expect(runs.map(({ kind }) => kind)).toEqual(['preview', 'align', 'sync', 'sync']);
    expect(runs[0]?.actions.total).toBe(runs[1]?.actions.total);
    expect(runs[3]).toMatchObject({ actions: { total: 0 } });
  });

  it('without --once: its dashboard lets the newcomer in, also where the usual port is taken; people edit, a sync follows, and Ctrl-C ends it with 0', {
    timeout: 120_000,
  }, async () => {
    const usual = createServer().listen(8484, '127.0.0.1');
    // Taken by this test or by whoever was quicker.
    await new Promise((resolve) => usual.once('listening', resolve).once('error', resolve));
    const demo = lockstep('demo', '--people', '120');
    const link = /open this and you are in:\s+(\S+)/.exec(await demo.until(/you are in:\s+\S+#\S+\n/))?.[1] ?? '';
    usual.close();
    const { origin, port, hash } = new URL(link);
    expect(port).not.toBe('8484');
    const enter = (token: string): Promise<Response> =>
      fetch(`${origin}/api/session/guest`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    expect((await enter(hash.slice(2).padEnd(43, 'x'))).status).toBe(403);
    const entered = await enter(hash.slice(1));
    const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const answer = await fetch(`${origin}/api/overview`, { headers: { cookie } });
    const { connections } = (await answer.json()) as {
      readonly connections: readonly { readonly connection: string }[];
    };
    expect(connections.map(({ connection }) => connection)).toEqual(['demo']);
    const shown = await demo.until(/People go on editing; Ctrl-C ends the demo\./);
    expect(shown).toMatch(
      /5\. People edit on both sides[\s\S]*(Sell|Dotdigital): .*\n[\s\S]*Written: [\s\S]*all equal/,
    );
    demo.stop('SIGINT');
    const { code, stdout } = await demo.ended;
    expect(code).toBe(0);
    expect(existsSync(dirname(/Configuration (\S+)/.exec(stdout)?.[1] ?? '/'))).toBe(false);
  });
});
