// Times are shown in the zone of who looks: tests look from one place.
process.env.TZ = 'UTC';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // They need a PostgreSQL and Temporal's server: jest.postgres.config.js.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/postgres/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        sourceMaps: 'inline',
      },
    ],
  },
  // A built package lies in dist: its package.json bears the same name.
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  testSequencer: '<rootDir>/jest.sequencer.js',
  // Long, for machines that do other things too: what hangs is noticed, what is slow is not.
  testTimeout: 120_000,
  maxWorkers: 3,
  workerIdleMemoryLimit: '1500MB',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts', 'simulator/**/*.ts'],
};
