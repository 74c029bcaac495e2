import type { ConnectionOptions } from '@temporalio/client';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptors = NonNullable<ConnectionOptions['interceptors']>;
type Interceptor = Interceptors[number];
type Call = ReturnType<Interceptor>;

/** CANCELLED of gRPC. */
const CANCELLED = 1;

/**
 * The library tries a call that has failed again after a moment, and does not look whether its connection was closed meanwhile:
 * that would throw where nobody can catch it, and end the process. Such a call ends as one that was cancelled.
 */
const endsWithItsConnection: Interceptor = (options, nextCall) => {
  try {
    return nextCall(options) as Call;
  } catch (error) {
    const details = error instanceof Error ? error.message : 'the connection is closed';
    return cancelled(details);
  }
};

/** One that has ended before it began: without a message, as the library's own that fail. */
function cancelled(details: string): Call {
  const ignore = (): undefined => undefined;
  const call: Partial<Call> = {
    start: (metadata, listener) => {
      setImmediate(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: CANCELLED, details, metadata });
      });
    },
    sendMessage: ignore,
    sendMessageWithContext: ignore,
    startRead: ignore,
    halfClose: ignore,
    cancelWithStatus: ignore,
    getPeer: () => '',
  };
  return call as Call;
}

/** The library's own, and after them what sees each try. */
export const RETRIED: Interceptors = [
  makeGrpcRetryInterceptor(defaultGrpcRetryOptions()),
  endsWithItsConnection,
];
