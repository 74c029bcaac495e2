import { TemporalError } from '../temporal/temporal-error.ts';

/** Whether it says that Temporal gives no answer. Told by its name where it is the SDK's. */
export const isAway = (error: unknown): error is Error =>
  error instanceof TemporalError || (error instanceof Error && error.name === 'ServiceError');
