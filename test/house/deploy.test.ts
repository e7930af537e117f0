// The files in deploy/ start the program as it is: their command lines, environment and paths are its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ROUTES } from '../../src/api/contract/routes.table.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { loadOk } from '../config/write-config.ts';
import { faultOf } from './command-fault.ts';
import { ROOT } from './temporary-folder.ts';

const read = (name: string): string => readFileSync(join(ROOT, 'deploy', name), 'utf8');
const CONFIG = '/etc/lockstep/lockstep.yaml';

interface Container {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  readonly volumes?: readonly string[];
}
interface Manifest {
  readonly kind: string;
  readonly stringData?: { readonly [name: string]: string };
  readonly data?: { readonly [name: string]: string };
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}

const dockerfile = read('Dockerfile');
const service = read('lockstep.service');
const compose = parse(read('compose.yaml'), { merge: true }) as { readonly services: { [name: string]: Container } };
const manifests = parseAllDocuments(read('kubernetes.yaml')).map((one) => one.toJS() as Manifest);

function listOf(instruction: string): readonly string[] {
  const line = new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(dockerfile)?.[1] ?? '[]';
  return JSON.parse(line) as readonly string[];
}

const ENTRY = listOf('ENTRYPOINT').slice(1);
const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['Dockerfile', [...ENTRY, ...listOf('CMD')]],
  ...Object.entries(compose.services)
    .filter(([name]) => name !== 'database')
    .map(([name, { command = [] }]) => [`compose.yaml ${name}`, [...ENTRY, ...command]] as const),
  ...manifests
    .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
    .map(({ args = [] }, i) => [`kubernetes.yaml ${i + 1}`, [...ENTRY, ...args]] as const),
  ['lockstep.service', (/^ExecStart=\S+ (.*)$/m.exec(service)?.[1] ?? '').split(' ')],
];

describe('command lines in deploy/', () => {
  const program = createProgram();
  for (const register of COMMANDS) register(program, {} as CliContext);

  it.each(LINES)('%s starts what there is', (_file, line) => {
    expect(line.slice(0, 2)).toEqual(['--config', CONFIG]);
    expect(['serve', 'worker']).toContain(line[2]);
    expect(faultOf(program as Command, line.slice(2).join(' '))).toBeNull();
  });

  it('are those of all five ways to start it', () => {
    expect(LINES).toHaveLength(6);
  });
});

describe('the configuration in deploy/', () => {
  const names = [...read('lockstep.yaml').matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();
  const env = {
    LOCKSTEP_DATABASE: 'postgres://lockstep:x@database:5432/lockstep',
    LOCKSTEP_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    LOCKSTEP_PUBLIC_URL: 'https://lockstep.example.com',
  };

  it('is accepted, the one inside kubernetes.yaml too', () => {
    const inside = manifests.find(({ kind }) => kind === 'ConfigMap')?.data?.['lockstep.yaml'] ?? '';
    for (const text of [read('lockstep.yaml'), inside]) {
      const { database, server } = loadOk(text, env);
      expect([database, server.publicUrl]).toEqual([env.LOCKSTEP_DATABASE, env.LOCKSTEP_PUBLIC_URL]);
    }
  });

  it('gets its variables from every file that starts it', () => {
    expect(names).toEqual(Object.keys(env).toSorted());
    const given = Object.values(compose.services).flatMap(({ environment = {}, volumes = [] }) =>
      volumes.some((volume) => volume.includes(CONFIG)) ? [Object.keys(environment).toSorted()] : [],
    );
    expect(given).toEqual([names, names]);
    expect(Object.keys(manifests.find(({ kind }) => kind === 'Secret')?.stringData ?? {}).toSorted()).toEqual(names);
    for (const name of names) expect(service).toContain(name);
  });
});

it('the probes ask for what the service answers without logging in', () => {
  const asked = [...(dockerfile + read('kubernetes.yaml')).matchAll(/(?:8484|path: )(\/[a-z]+)/g)].map(
    ([, path]) => path,
  );
  expect(new Set(asked)).toEqual(new Set(['/healthz', '/readyz', '/metrics']));
  const paths = Object.values(ROUTES).map(({ path }) => path as string);
  const server = readFileSync(join(ROOT, 'src/api/server.ts'), 'utf8');
  for (const path of new Set(asked)) expect(paths.includes(path ?? '') || server.includes(`'${path}'`)).toBe(true);
});
