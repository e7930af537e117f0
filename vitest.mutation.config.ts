import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Single cases before properties: most mutants fail one, and the first failure is enough. */
class CasesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isProperty = ({ moduleId }: TestSpecification): number => (/propert/.test(moduleId) ? 1 : 0);
    return files.toSorted((a, b) => isProperty(a) - isProperty(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** What `npm run mutate` asks of each mutant of the core: the tests of the core alone, which need no server and no database. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/property/**/*.test.ts'],
    setupFiles: ['test/fixed-seed.ts', 'test/quick-properties.ts'],
    env: { HISTORIES: '60' },
    pool: 'threads',
    sequence: { sequencer: CasesFirst },
    // The core keeps nothing between two calls, so no test can see what another one did.
    isolate: false,
    testTimeout: 120_000,
  },
});
