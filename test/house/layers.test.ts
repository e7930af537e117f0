// The checks catch what they are for: each planted breach is found, by its rule, and nothing else is.
import { spawnSync } from 'node:child_process';
import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, temporaryFolder } from './temporary-folder.ts';

const GROUND = {
  'src/core/model/value.ts': 'export const value = 1;\n',
  'src/core/normalize/email.ts': "import { value } from '../model/value.ts';\nexport const email = value;\n",
  'src/core/mapping/convert.ts': 'export const convert = 1;\n',
  'src/core/plan/plan-person.ts': 'export const plan = 1;\n',
  'src/connectors/connector.ts':
    "import type { value } from '../core/model/value.ts';\nexport type Port = typeof value;\n",
  'src/connectors/http/http-client.ts': 'export const http = 1;\n',
  'src/connectors/zendesk-sell/connect.ts':
    "import { http } from '../http/http-client.ts';\nexport const sell = http;\n",
  'src/connectors/dotdigital/connect.ts': 'export const dotdigital = 1;\n',
  'src/connectors/registry.ts':
    "import { dotdigital } from './dotdigital/connect.ts';\nimport { sell } from './zendesk-sell/connect.ts';\nexport const registry = [dotdigital, sell];\n",
  'src/store/links.ts': "import { value } from '../core/model/value.ts';\nexport const links = value;\n",
  'src/engine/sync.ts':
    "import { registry } from '../connectors/registry.ts';\nimport { plan } from '../core/plan/plan-person.ts';\nimport { links } from '../store/links.ts';\nexport const sync = [registry, plan, links];\n",
  'src/jobs/schedule.ts': "import { sync } from '../engine/sync.ts';\nexport const schedule = sync;\n",
  'src/api/routes.ts': "import { schedule } from '../jobs/schedule.ts';\nexport const routes = schedule;\n",
  'src/config/settings.ts': "import { convert } from '../core/mapping/convert.ts';\nexport const settings = convert;\n",
  'src/app.ts':
    "import { routes } from './api/routes.ts';\nimport { settings } from './config/settings.ts';\nexport const app = [routes, settings];\n",
  'src/cli/main.ts':
    "import { app } from '../app.ts';\nimport { settings } from '../config/settings.ts';\nimport { demo } from './demo.ts';\nexport const main = [app, settings, demo];\n",
  'src/cli/demo.ts': "import { start } from '../../sandbox/start.ts';\nexport const demo = start;\n",
  'sandbox/start.ts': "import { createServer } from 'node:http';\nexport const start = createServer;\n",
};

/** Names of the broken rules, each once. */
function brokenRules(planted: { readonly [path: string]: string }): readonly string[] {
  const folder = temporaryFolder({ ...GROUND, ...planted });
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json', 'package.json']) {
    copyFileSync(join(ROOT, file), join(folder, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const cruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'sandbox'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as {
    readonly summary: { readonly violations: readonly { readonly rule: { readonly name: string } }[] };
  };
  return [...new Set(report.summary.violations.map(({ rule }) => rule.name))].sort();
}

describe('the layer table', () => {
  it('lets the house through as it is drawn', () => {
    expect(brokenRules({})).toEqual([]);
  });

  it('finds every breach at once, type imports included', () => {
    const broken = brokenRules({
      'src/core/plan/clock.ts': "import { hrtime } from 'node:process';\nexport const clock = hrtime;\n",
      'src/connectors/http/peek.ts':
        "import { plan } from '../../core/plan/plan-person.ts';\nexport const peek = plan;\n",
      'src/store/reach.ts': "import type { sync } from '../engine/sync.ts';\nexport type Reach = typeof sync;\n",
      'src/engine/vendor.ts':
        "import { sell } from '../connectors/zendesk-sell/connect.ts';\nexport const vendor = sell;\n",
      'src/jobs/port.ts': "import type { Port } from '../connectors/connector.ts';\nexport type JobPort = Port;\n",
      'src/api/config.ts': "import { settings } from '../config/settings.ts';\nexport const page = settings;\n",
      'src/config/live.ts': "import { links } from '../store/links.ts';\nexport const live = links;\n",
      'src/cli/sync.ts': "import { sync } from '../engine/sync.ts';\nexport const command = sync;\n",
      'src/cli/demo.ts': "import { links } from '../store/links.ts';\nexport const demo = links;\n",
      'sandbox/wire.ts':
        "import { sell } from '../src/connectors/zendesk-sell/connect.ts';\nexport const wire = sell;\n",
    });
    expect(broken).toEqual([
      'api-keeps-to-its-layer',
      'cli-keeps-to-its-layer',
      'cli-with-sandbox-keeps-to-its-layer',
      'config-keeps-to-its-layer',
      'connectors-keeps-to-its-layer',
      'core-keeps-to-its-layer',
      'engine-keeps-to-its-layer',
      'jobs-keeps-to-its-layer',
      'sandbox-keeps-to-its-layer',
      'store-keeps-to-its-layer',
      'zendesk-sell-stays-behind-the-registry',
    ]);
  });

  it('finds cycles, imports of nothing, packages in core and development packages at run time', () => {
    const broken = brokenRules({
      'src/store/a.ts': "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
      'src/store/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
      'src/engine/gone.ts': "export { gone } from './gone-for-good.ts';\n",
      'src/engine/cli-sandbox.ts': "export { start } from '../../sandbox/start.ts';\n",
      'src/core/model/schema.ts': "import { z } from 'zod';\nexport const schema = z.string();\n",
      'src/jobs/check.ts': "import fc from 'fast-check';\nexport const check = fc;\n",
    });
    expect(broken).toEqual([
      'core-keeps-to-its-layer',
      'engine-keeps-to-its-layer',
      'imports-resolve',
      'no-cycles',
      'no-dev-dependency-at-run-time',
    ]);
  });
});

describe('the lint', () => {
  const planted = {
    'src/core/model/clock.ts':
      'export const now = (): number => Date.now();\nexport const chance = (): number => Math.random();\n',
    'src/engine/lost.ts':
      'const write = async (): Promise<void> => {};\nexport function settle(): void {\n  write();\n}\n',
    'src/store/env.ts': "export const url = process.env['DATABASE'];\n",
    'src/engine/call.ts': "export const call = (): Promise<Response> => fetch('http://127.0.0.1/');\n",
    'src/api/loose.ts': 'export const loose = (value: any): string => String(value);\n',
  };

  it('finds a lost promise and an impure core (eslint)', () => {
    const folder = temporaryFolder(planted);
    for (const file of ['eslint.config.js', 'tsconfig.json', 'tsconfig.base.json', 'package.json'])
      copyFileSync(join(ROOT, file), join(folder, file));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const eslint = join(ROOT, 'node_modules/eslint/bin/eslint.js');
    const { stdout } = spawnSync(process.execPath, [eslint, '.', '--format', 'json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const files = JSON.parse(stdout) as readonly {
      readonly filePath: string;
      readonly messages: readonly { readonly ruleId: string | null; readonly line: number }[];
    }[];
    const found = files.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line }) => `${filePath.slice(folder.length + 1)}:${line} ${ruleId}`),
    );
    expect(found.sort()).toEqual([
      'src/core/model/clock.ts:1 no-restricted-syntax',
      'src/core/model/clock.ts:2 no-restricted-syntax',
      'src/engine/lost.ts:3 @typescript-eslint/no-floating-promises',
    ]);
  });

  it('finds any, process.env outside config and fetch outside connectors/http (biome)', () => {
    const folder = temporaryFolder({
      ...planted,
      'src/config/env.ts': "export const url = process.env['DATABASE'];\n",
      'src/connectors/http/call.ts': "export const call = (): Promise<Response> => fetch('http://127.0.0.1/');\n",
      '.gitignore': 'node_modules/\n',
    });
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=github', 'src'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const found = [...stdout.matchAll(/title=([^,]+),file=([^,]+),/g)].map(
      ([, rule, file]) => `${file?.replace(`${folder}/`, '')} ${rule}`,
    );
    expect(found.sort()).toEqual([
      'src/api/loose.ts lint/suspicious/noExplicitAny',
      'src/engine/call.ts lint/style/noRestrictedGlobals',
      'src/store/env.ts lint/style/noProcessEnv',
    ]);
  });
});
