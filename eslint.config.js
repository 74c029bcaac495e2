import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Import directions (docs/architecture.md): what a folder must not reach into. */
const forbid = (files, folders, reason) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: folders.map((folder) => ({ group: [folder], message: reason })) },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules', 'test/fixtures', 'test/replay/histories'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', 'bin/*.js'] } } },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // A promise that is thrown would pass for an error.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // JSON documents are dictionaries: patches delete keys by name.
      '@typescript-eslint/no-dynamic-delete': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' },
    },
  },
  forbid(
    ['src/domain/**/*.ts'],
    [
      '**/config/**',
      '**/openshift/**',
      '**/procedure/**',
      '**/temporal/**',
      '**/worker/**',
      '**/cli/**',
      '**/workflows/**',
      '**/activities/**',
      '**/simulator/**',
      '@temporalio/*',
      '@kubernetes/*',
      'node:*',
    ],
    'src/domain is pure: no I/O, no SDK, safe in the workflow sandbox',
  ),
  forbid(
    ['workflows/**/*.ts'],
    [
      '**/config/**',
      '**/openshift/**',
      '**/procedure/**',
      '**/temporal/**',
      '**/worker/**',
      '**/cli/**',
      '**/simulator/**',
      '@temporalio/client',
      '@temporalio/worker',
      '@temporalio/activity',
      '@kubernetes/*',
      'node:*',
    ],
    'workflow code imports domain, @temporalio/workflow and types of activities only',
  ),
  forbid(
    ['src/procedure/**/*.ts'],
    [
      '**/config/**',
      '**/temporal/**',
      '**/reports/**',
      '**/worker/**',
      '**/cli/**',
      '**/workflows/**',
      '**/activities/**',
      '**/simulator/**',
      '@temporalio/*',
    ],
    'src/procedure is what is done to a cluster: it knows nothing of Temporal',
  ),
  forbid(
    ['activities/**/*.ts'],
    [
      '**/config/**',
      '**/temporal/**',
      '**/worker/**',
      '**/cli/**',
      '**/workflows/**',
      '**/simulator/**',
      '@temporalio/worker',
      '@temporalio/workflow',
    ],
    'activities are the boundary to Temporal: they import procedure, openshift and domain only',
  ),
  forbid(
    ['src/openshift/**/*.ts', 'src/config/**/*.ts', 'src/temporal/**/*.ts'],
    [
      '**/procedure/**',
      '**/worker/**',
      '**/cli/**',
      '**/workflows/**',
      '**/activities/**',
      '**/simulator/**',
    ],
    'infrastructure imports domain only',
  ),
  forbid(
    ['src/worker/**/*.ts'],
    ['**/cli/**', '**/simulator/**'],
    'the worker knows nothing of the command line or the simulator',
  ),
  forbid(
    ['simulator/**/*.ts'],
    [
      '**/src/openshift/**',
      '**/src/temporal/**',
      '**/src/worker/**',
      '**/src/cli/**',
      '**/workflows/**',
      '**/activities/**',
    ],
    'the simulator stands alone, so that it cannot share a misunderstanding with the product',
  ),
);
