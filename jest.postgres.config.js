import { base, run } from './jest.config.js';

/** `npm run test:postgres`: Temporal on PostgreSQL as docker-compose.yml has it, natively. Not part of `npm test`. */
export default {
  ...base,
  ...run,
  testMatch: ['<rootDir>/test/postgres/**/*.test.ts'],
  // Minutes on a machine that does other things too.
  testTimeout: 20 * 60_000,
};
