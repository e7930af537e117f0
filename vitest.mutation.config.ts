import { defineConfig } from 'vitest/config';

/** What `npm run mutate` asks of each mutant of the core: the tests of the core alone, which need no server and no database. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/property/**/*.test.ts'],
    setupFiles: ['test/fixed-seed.ts', 'test/quick-properties.ts'],
    env: { HISTORIES: '60' },
    pool: 'threads',
    // The core keeps nothing between two calls, so no test can see what another one did.
    isolate: false,
    testTimeout: 120_000,
  },
});
