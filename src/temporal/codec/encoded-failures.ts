import type { FailureConverter } from '@temporalio/common';
import { DefaultFailureConverter } from '@temporalio/common';
import { isEncryptionError } from './encryption-error.ts';

const plain = new DefaultFailureConverter();
const encoded = new DefaultFailureConverter({ encodeCommonAttributes: true });

/**
 * Makes payloads of messages and stack traces, so that they are encrypted as all others are. Only what tells that a key
 * is missing stays readable: who reads it lacks the key. Loaded by its path, by processes and into the workflow sandbox.
 */
export const failureConverter: FailureConverter = {
  errorToFailure: (error, ...how) =>
    (isEncryptionError(error) ? plain : encoded).errorToFailure(error, ...how),
  failureToError: (failure, ...how) => encoded.failureToError(failure, ...how),
};
