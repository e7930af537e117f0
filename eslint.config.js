// Type-aware lint only: what biome cannot see without types, above all a lost promise. Never repeats a biome rule.
import tseslint from 'typescript-eslint';

const impure = [
  ['CallExpression[callee.object.name="Date"][callee.property.name="now"]', 'time is an argument'],
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'time is an argument'],
  ['MemberExpression[object.name="Math"][property.name="random"]', 'chance is an argument'],
  ['MemberExpression[object.name="globalThis"]', 'nothing global'],
  ['AwaitExpression', 'no promises'],
  [':function[async=true]', 'no promises'],
  ['Identifier[name="Promise"]', 'no promises'],
].map(([selector, why]) => ({ selector, message: `src/core is pure: ${why}.` }));

export default tseslint.config(
  { ignores: ['node_modules/', '**/dist/', 'coverage/', '**/*.js', '**/*.cjs'] },
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
    },
  },
  // vitest's matchers (expect.stringMatching …) are typed any.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['src/core/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...impure] } },
);
