// `lockstep init` as somebody uses it who has two accounts and no file: by flags, and at a terminal. Against both simulated services.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { createInterruption } from '../../src/cli/interruption.ts';
import { run } from '../../src/cli/run.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({
    sell: {
      customFields: [
        { resource: 'contact', name: 'Shoe size', type: 'number' },
        { resource: 'contact', name: 'Only here', type: 'string' },
      ],
    },
  });
  world.dotdigital.world.createDataField('SHOE_SIZE', 'Numeric');
});
afterEach(() => world.stop());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const file = (): string => join(world.folder, 'mine', 'lockstep.yaml');
const url = (app: { readonly server: { address(): unknown } }): string =>
  `http://127.0.0.1:${(app.server.address() as { readonly port: number }).port}`;
const secrets = (): { readonly [name: string]: string } => ({
  SELL_ACCESS_TOKEN: world.sell.tokens[0]?.token ?? '',
  DOTDIGITAL_USER: defaultApiUser.user,
  DOTDIGITAL_PASSWORD: defaultApiUser.password,
});
const places = (): readonly string[] => [
  '--sell-url',
  url(world.sell.app),
  '--dotdigital-url',
  url(world.dotdigital.app),
];

class Typed extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
}

/** Collects what is printed, and answers each question once it is seen. */
class Screen extends PassThrough {
  readonly isTTY = true;
  readonly columns = 100;
  text = '';
  #answers: readonly (readonly [RegExp, string])[];
  readonly #keys: Typed;

  constructor(keys: Typed, answers: readonly (readonly [RegExp, string])[]) {
    super();
    this.#keys = keys;
    this.#answers = answers;
  }

  override write(chunk: string | Uint8Array): boolean {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const [next] = this.#answers;
    if (next?.[0].test(this.text) === true) {
      this.text = '';
      this.#answers = this.#answers.slice(1);
      setImmediate(() => this.#keys.write(next[1]));
    }
    return true;
  }
}

async function init(
  args: readonly string[],
  more: {
    readonly env?: { readonly [name: string]: string };
    readonly answers?: readonly (readonly [RegExp, string])[];
  } = {},
): Promise<Ended> {
  const keys = new Typed();
  const screen = new Screen(keys, more.answers ?? []);
  const stdout = new PassThrough();
  const code = await run({
    args: ['--config', file(), 'init', ...args],
    env: more.env ?? {},
    terminal: { stdout, stderr: screen, ...(more.answers === undefined ? {} : { stdin: keys }) },
    interruption: createInterruption(
      { on: () => {} } as never,
      () => {},
      () => undefined as never,
    ),
    commands: COMMANDS,
  });
  return { code, stdout: (stdout.read() as Buffer | null)?.toString() ?? '', stderr: screen.text };
}

describe('by flags', () => {
  it('tests both accounts, proposes what has the same name, and writes a file that can be used at once', async () => {
    const ended = await init(
      [
        '--yes',
        '--name',
        'acme',
        '--unknown-consent-as',
        'unsubscribed',
        '--sync',
        'contacts,consent',
        '--opt-out-tags',
        'unsubscribed',
        ...places(),
      ],
      { env: secrets() },
    );
    expect(ended.code, ended.stderr).toBe(0);
    const loaded = loadConfig({ file: file(), env: secrets() });
    expect(loaded).toMatchObject({
      ok: {
        connections: [
          {
            name: 'acme',
            profile: 'recommended',
            contacts: { enabled: true, multipleMatch: 'email-and-names' },
            leads: { enabled: false },
            consent: {
              enabled: true,
              unknownConsentAs: 'unsubscribed',
              contacts: { tags: { optOut: ['unsubscribed'] } },
            },
          },
        ],
      },
    });
    const text = readFileSync(file(), 'utf8');
    expect(text).toContain('custom_fields.Shoe size');
    expect(text).not.toContain('Only here');
    // Secrets stay where they are.
    expect(text).toContain(`\${SELL_ACCESS_TOKEN}`);
    for (const secret of Object.values(secrets())) expect(text).not.toContain(secret);
    expect(ended.stdout).toContain('lockstep align --preview');
  });

  it('says what is missing, and never replaces a file unasked', async () => {
    const cases = [
      [['--yes'], { SELL_ACCESS_TOKEN: 'x' }, 'dotdigital-user'],
      [['--yes', ...places()], secrets(), '--unknown-consent-as'],
      [
        ['--yes', '--unknown-consent-as', 'unsubscribed', '--profile', 'classic', ...places()],
        secrets(),
        '--multiple-match',
      ],
      [['--yes', '--sync', 'contacts,cats'], secrets(), 'cats'],
    ] as const;
    for (const [args, env, words] of cases) {
      const ended = await init(args, { env });
      expect([ended.code, existsSync(file())], ended.stderr).toEqual([2, false]);
      expect(ended.stderr).toContain(words);
    }
    const good = ['--yes', '--unknown-consent-as', 'unsubscribed', ...places()];
    expect((await init(good, { env: secrets() })).code).toBe(0);
    expect(await init(good, { env: secrets() })).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect((await init([...good, '--force'], { env: secrets() })).code).toBe(0);
  });

  it('a refused credential ends it with the name of the service, and nothing is written', async () => {
    const ended = await init(['--yes', '--unknown-consent-as', 'unsubscribed', ...places()], {
      env: { ...secrets(), DOTDIGITAL_PASSWORD: 'wrong' },
    });
    expect([ended.code, existsSync(file())]).toEqual([5, false]);
    expect(ended.stderr).toContain('dotdigital.account');
  });
});

it('at a terminal: asks for everything, keeps typed secrets in files only their owner reads', async () => {
  const enter = '\r';
  const { SELL_ACCESS_TOKEN = '', DOTDIGITAL_USER = '', DOTDIGITAL_PASSWORD = '' } = secrets();
  const ended = await init(places(), {
    answers: [
      [/name for the connection/, enter],
      [/Sell access token/, `not-it${enter}`],
      [/Dotdigital API user/, `${DOTDIGITAL_USER}${enter}`],
      [/Password of the API user/, `${DOTDIGITAL_PASSWORD}${enter}`],
      // Refused: asked again.
      [/Sell access token/, `${SELL_ACCESS_TOKEN}${enter}`],
      [/Dotdigital API user/, `${DOTDIGITAL_USER}${enter}`],
      [/Password of the API user/, `${DOTDIGITAL_PASSWORD}${enter}`],
      [/Which defaults/, enter],
      [/kept in step/, enter],
      [/Which way do contacts/, enter],
      [/share an address/, enter],
      [/fields of contacts/, enter],
      [/fields of leads/, enter],
      [/nobody knows/, enter],
      [/Write /, enter],
    ],
  });
  expect(ended.code, ended.stderr).toBe(0);
  const loaded = loadConfig({ file: file(), env: {} });
  expect(loaded).toMatchObject({
    ok: {
      connections: [
        {
          name: 'main',
          sell: { credentials: { accessToken: SELL_ACCESS_TOKEN } },
          dotdigital: { password: DOTDIGITAL_PASSWORD },
          leads: { enabled: true },
          consent: { unknownConsentAs: 'unsubscribed' },
        },
      ],
    },
  });
  const secret = join(world.folder, 'mine', 'lockstep-secrets', 'main-sell-token');
  expect(statSync(secret).mode & 0o077).toBe(0);
  expect(readFileSync(file(), 'utf8')).not.toContain(SELL_ACCESS_TOKEN);
});
