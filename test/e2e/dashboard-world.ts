// Both simulated services with a few people, `lockstep serve` as a process of its own, and a real browser. For the dashboard's tests alone.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { stringify } from 'yaml';
import { createDotdigitalSandbox, type DotdigitalSandbox } from '../../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import { defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import { createSellSandbox, type SellSandbox } from '../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import { launchChromium } from './chromium.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

const OAUTH = { id: 'client', secret: 'secret of the client' } as const;

/** Contacts of both sides that are in step as soon as they are linked. */
export const COUPLES = ['ada@example.com', 'ben@example.com', 'cem@example.com', 'dora@example.com'] as const;
/** Only in Dotdigital, and without a last name. */
export const NAMELESS = 'cher@example.com';
/** One contact in Dotdigital, two in Sell, and no name that would tell which. */
export const TWINS = 'twins@example.com';
/** Only in Sell; a name that would be a script if anybody took it for one. */
export const HOSTILE = { email: 'hostile@example.com', name: '<img src=x onerror="window.pwned=1">' } as const;

export interface DashboardWorld {
  readonly sell: SellSandbox;
  readonly dotdigital: DotdigitalSandbox;
  readonly access: {
    readonly sellUrl: string;
    readonly token: string;
    readonly oauth: typeof OAUTH;
    readonly dotdigitalUrl: string;
    readonly user: string;
    readonly password: string;
  };
  readonly browser: Browser;
  readonly url: string;
  /** The one-time link that was printed. */
  readonly setupLink: string;
  /** The Sell contact with this address. */
  sellContact(email: string): Promise<SellContact | undefined>;
  stop(): Promise<void>;
}

interface SellContact {
  readonly id: number;
  readonly email: string | null;
  readonly last_name: string | null;
}

export async function startDashboardWorld(): Promise<DashboardWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-e2e-'));
  const config = join(folder, 'lockstep.yaml');
  const database = `sqlite:${join(folder, 'lockstep.db')}`;
  writeFileSync(config, stringify({ version: 1, database, server: { privateAddresses: true } }));
  const child = spawn(process.execPath, [MAIN, '--config', config, '--json', 'serve', '--port', '0']);
  try {
    const [{ url, setupLink }, browser] = await Promise.all([served(child), launchChromium()]);
    const { sell, dotdigital } = await services(url);
    return {
      sell,
      dotdigital,
      browser,
      url,
      setupLink,
      access: {
        // Another site than the dashboard's, as the real one is: cookies of the dashboard stay behind.
        sellUrl: urlOf(sell.app).replace('127.0.0.1', 'localhost'),
        token: sell.tokens[0]?.token ?? '',
        oauth: OAUTH,
        dotdigitalUrl: urlOf(dotdigital.app),
        ...defaultApiUser,
      },
      async sellContact(email) {
        const answer = await sell.app.inject({ url: '/_control/contacts' });
        return answer.json<{ readonly items: readonly SellContact[] }>().items.find((each) => each.email === email);
      },
      async stop() {
        await browser.close();
        child.kill('SIGKILL');
        await Promise.all([sell.app.close(), dotdigital.app.close()]);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** @param dashboard where its OAuth client is registered to send people back to */
async function services(dashboard: string): Promise<Pick<DashboardWorld, 'sell' | 'dotdigital'>> {
  const sell = createSellSandbox({
    limits: { enabled: false },
    tokens: [{}],
    customFields: [{ resource: 'contact', name: 'Tier', type: 'string' }],
    oauthClients: [{ ...OAUTH, name: 'Lockstep', redirectUris: [`${dashboard}/api/crm-authorizations/callback`] }],
  });
  const dotdigital = createDotdigitalSandbox({
    switches: { importDelayMs: 0, deleteDelayMs: 0, listJobDelayMs: 0, insightDelayMs: 0 },
  });
  await sell.app.listen({ host: '127.0.0.1', port: 0 });
  await dotdigital.app.listen({ host: '127.0.0.1', port: 0 });
  people(sell, dotdigital);
  return { sell, dotdigital };
}

function people(sell: SellSandbox, dotdigital: DotdigitalSandbox): void {
  for (const email of COUPLES) {
    const first = email.slice(0, email.indexOf('@'));
    sell.world.createContact({
      email,
      first_name: first,
      last_name: 'Berg',
      prospect_status: 'current',
      custom_fields: { Tier: 'Gold' },
    });
    dotdigital.world.addContact({ email, fields: { FIRSTNAME: first, LASTNAME: 'Berg' } });
  }
  sell.world.createContact({
    email: HOSTILE.email,
    first_name: HOSTILE.name,
    last_name: 'Person',
    prospect_status: 'current',
  });
  dotdigital.world.addContact({ email: NAMELESS, fields: { FIRSTNAME: 'Cher' } });
  for (const first_name of ['Ida', 'Ivo'])
    sell.world.createContact({ email: TWINS, first_name, last_name: 'Ek', prospect_status: 'current' });
  dotdigital.world.addContact({ email: TWINS, fields: { FIRSTNAME: 'I.', LASTNAME: 'Ek' } });
}

/** What `serve --json` prints first. @throws Error with everything that was printed when it ends before */
function served(child: ChildProcess): Promise<{ readonly url: string; readonly setupLink: string }> {
  return new Promise((resolve, reject) => {
    let [out, said] = ['', ''];
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = out.split('\n').find((each) => each.startsWith('{"url"'));
      if (line !== undefined) resolve(JSON.parse(line) as { url: string; setupLink: string });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}:\n${out}\n${said}`)));
  });
}

function urlOf(app: { readonly server: { address(): unknown } }): string {
  const { port } = app.server.address() as { readonly port: number };
  return `http://127.0.0.1:${port}`;
}
