// The repository's own pages and files: in step with the code, and free of what must not be there.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedPages } from '../../scripts/generated-pages.ts';
import { loadOk } from '../config/write-config.ts';
import { ROOT } from './temporary-folder.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const pages = await generatedPages();

describe('generated pages', () => {
  it.each(pages)('$file is in step with the code (else: npm run docs)', ({ file, content }) => {
    expect(read(file)).toBe(content);
  });

  it('the first file of the manual is accepted as it stands', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/configuration.md')) ?? [];
    const config = loadOk(example, { SELL_ACCESS_TOKEN: 't', DOTDIGITAL_USER: 'u', DOTDIGITAL_PASSWORD: 'p' });
    expect(config.connections[0]).toMatchObject({ name: 'acme', profile: 'recommended' });
  });
});

describe('links between the pages', () => {
  const files = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
    globSync('docs/**/*.md', { cwd: ROOT }),
  );

  it.each(files)('%s links to files that are there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(join(ROOT, dirname(file), target)))).toEqual([]);
  });
});

describe('the lock file', () => {
  it('names no download address, so that any registry can serve it', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('is of this package', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      readonly version: string;
      readonly packages: { readonly '': { readonly dependencies: unknown; readonly devDependencies: unknown } };
    };
    const manifest = JSON.parse(read('package.json')) as {
      readonly version: string;
      readonly dependencies: unknown;
      readonly devDependencies: unknown;
    };
    expect(lock.version).toBe(manifest.version);
    expect(lock.packages[''].dependencies).toEqual(manifest.dependencies);
    expect(lock.packages[''].devDependencies).toEqual(manifest.devDependencies);
  });
});
