import { defineConfig } from 'vitest/config';
import { quickFolder } from './test/quick-folder.ts';

// Read by everything that makes a temporary folder, in this process and in those it starts.
process.env['TMPDIR'] = quickFolder();

const EVERYTHING = 'test/**/*.test.ts';
/** About one kind of database, whichever the others run on. */
const SQLITE_ALONE = ['test/store/sqlite/**/*.test.ts'];
const POSTGRES_ALONE = ['test/store/postgres/**/*.test.ts', 'test/jobs/postgres/**/*.test.ts'];
/** What reaches every repository and every way a run can end; the other families of runs go through the same queries. */
const ON_BOTH = [
  'test/{store,api,cli,jobs}/**/*.test.ts',
  'test/integration/{contacts-scenario,leads,lifecycle-runs,consent,products,approve,undo,erasure,verify}.test.ts',
  'test/integration/{stale-lease,shared-pace,crash-full}.test.ts',
  'test/crash/kill.test.ts',
  'test/fuzz/api.test.ts',
];
/** It brings a database of its own. */
const DEMO = 'test/cli/sandbox-and-demo.test.ts';

/** `LOCKSTEP_TEST_DATABASE=postgres npm test` runs every test on PostgreSQL, and once. */
const allOnPostgres = process.env['LOCKSTEP_TEST_DATABASE'] === 'postgres';

export default defineConfig({
  test: {
    setupFiles: ['test/fixed-seed.ts'],
    globalSetup: ['test/postgres/global-setup.ts', 'test/ready-dashboard.ts'],
    // A safety net, not a measure: a busy machine takes its time.
    testTimeout: 120_000,
    // The first test that needs a PostgreSQL server waits until it stands.
    hookTimeout: 120_000,
    pool: 'threads',
    // Tests wait for sockets and other processes a third of the time; vitest would leave one core to itself.
    maxWorkers: '100%',
    projects: allOnPostgres
      ? [{ extends: true, test: { name: 'postgres', include: [EVERYTHING] } }]
      : [
          { extends: true, test: { name: 'sqlite', include: [EVERYTHING], exclude: POSTGRES_ALONE } },
          {
            extends: true,
            test: {
              name: 'postgres',
              include: [...ON_BOTH, ...POSTGRES_ALONE],
              exclude: [...SQLITE_ALONE, DEMO],
              env: { LOCKSTEP_TEST_DATABASE: 'postgres' },
            },
          },
        ],
  },
});
