// Who may import whom: the one place where it is written, checked by `npm run layers`.
'use strict';

/** Room → what its files may import from this repository besides the room itself; npm and node: modules are free unless `pure`. */
const layers = [
  { room: 'core', path: '^src/core/', may: [], pure: true },
  { room: 'connectors', path: '^src/connectors/', may: ['^src/core/(model|normalize)/'] },
  { room: 'store', path: '^src/store/', may: ['^src/core/model/'] },
  {
    room: 'engine',
    path: '^src/engine/',
    may: ['^src/core/', '^src/connectors/(connector|error|registry)\\.ts$', '^src/store/'],
  },
  { room: 'jobs', path: '^src/jobs/', may: ['^src/engine/', '^src/store/'] },
  { room: 'contract', path: '^src/api/contract/', may: ['^src/core/model/', '^src/config/connection-schema\\.ts$'] },
  {
    room: 'api',
    path: '^src/api/(?!contract/)',
    may: [
      '^src/api/',
      '^src/core/',
      '^src/connectors/(connector|error)\\.ts$',
      '^src/engine/',
      '^src/store/',
      '^src/jobs/',
    ],
  },
  { room: 'config', path: '^src/config/', may: ['^src/core/(model|mapping|normalize)/'] },
  { room: 'app', path: '^src/app(\\.ts$|/)', may: ['^src/(?!cli/)'] },
  {
    room: 'cli-with-sandbox',
    path: '^src/cli/(demo|sandbox)(\\.ts$|/)',
    may: ['^src/cli/', '^src/app\\.ts$', '^src/config/', '^sandbox/'],
  },
  { room: 'cli', path: '^src/cli/(?!(demo|sandbox)(\\.ts$|/))', may: ['^src/cli/', '^src/app\\.ts$', '^src/config/'] },
  { room: 'web', path: '^web/', may: ['^src/api/contract/'] },
  { room: 'sandbox', path: '^sandbox/', may: [] },
];

const vendors = ['zendesk-sell', 'dotdigital'];

module.exports = {
  forbidden: [
    ...layers.map(({ room, path, may, pure }) => ({
      name: `${room}-keeps-to-its-layer`,
      comment: `${room} may import ${may.length === 0 ? 'nothing else of this repository' : may.join(', ')}${pure ? ', no npm package and no node: module' : ''}.`,
      severity: 'error',
      from: { path },
      to: pure
        ? { pathNot: [path, ...may] }
        : { path: '^(src|web|sandbox|test|bench|scripts)/', pathNot: [path, ...may] },
    })),
    ...vendors.map((vendor) => ({
      name: `${vendor}-stays-behind-the-registry`,
      comment: 'Only connectors/registry knows a vendor by name, and vendors do not know each other.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/connectors/${vendor}/`, '^src/connectors/registry\\.ts$'] },
      to: { path: `^src/connectors/${vendor}/` },
    })),
    {
      name: 'contract-runs-in-a-browser',
      comment: 'The dashboard loads the contract: nothing it leads to may need Node.',
      severity: 'error',
      from: { path: '^src/api/contract/' },
      to: {
        reachable: true,
        pathNot: [
          '^src/api/contract/',
          '^src/core/',
          '^src/config/(connection|consent|object|leaf)-schemas?\\.ts$',
          '^src/config/duration\\.ts$',
          '^node_modules/zod/',
        ],
      },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle cannot be read in any order. Type-only cycles count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-at-run-time',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
