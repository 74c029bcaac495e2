import { projects } from './jest.projects.js';

// Times are shown in the zone of who looks: tests look from one place.
process.env.TZ = 'UTC';

/** What every project has. */
export const base = {
  testEnvironment: 'node',
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
  // Of this package we use a twentieth, and each suite would load it anew.
  moduleNameMapper: {
    '^@kubernetes/client-node$': '<rootDir>/test/support/kubernetes-client/index.ts',
    '^\\./gen/index\\.js$': '<rootDir>/test/support/kubernetes-client/generated.ts',
  },
  // A built package lies in dist: its package.json bears the same name.
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};

/** What is said once, for all projects of a run. */
export const run = {
  testSequencer: '<rootDir>/jest.sequencer.js',
  // Long, for machines that do other things too: what hangs is noticed, what is slow is not.
  testTimeout: 120_000,
  workerIdleMemoryLimit: '1500MB',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts', 'simulator/**/*.ts'],
};

const SETUP = {
  workflow: '<rootDir>/test/support/setup-workflow.ts',
  'end-to-end': '<rootDir>/test/support/setup-end-to-end.ts',
};

/** @type {import('jest').Config} */
export default {
  ...run,
  // More than there are processors: most suites wait, for rollouts, commands and servers.
  maxWorkers: 4,
  projects: [...projects()].map(([displayName, testMatch]) => ({
    ...base,
    displayName,
    testMatch,
    ...(displayName in SETUP ? { globalSetup: SETUP[displayName] } : {}),
  })),
};
