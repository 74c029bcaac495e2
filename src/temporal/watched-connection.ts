import type { ConnectionOptions } from '@temporalio/client';
import { Connection } from '@temporalio/client';

/** TRANSIENT_FAILURE of gRPC: nobody took the connection that was asked for. */
const NOBODY_THERE = 3;
/** SHUTDOWN of gRPC: it was closed from here. */
const CLOSED = 4;

/** Whoever waits longer to connect again does not see that it goes away once more. */
const SOON_AGAIN = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 1_000 };

/**
 * A connection that does nothing but notice at once when Temporal has gone. One that is only asked to come anew (a server
 * does so with every connection from time to time) and finds Temporal there is no loss.
 */
export class WatchedConnection extends Connection {
  /** Connects when it is watched. */
  static open(options: ConnectionOptions): WatchedConnection {
    const channelArgs = { ...options.channelArgs, ...SOON_AGAIN };
    return new WatchedConnection(WatchedConnection.createCtorOptions({ ...options, channelArgs }));
  }

  /** Calls `onLost` whenever nobody is there any more, until the connection is closed. */
  watch(onLost: () => void): void {
    const channel = this.client.getChannel();
    let state = channel.getConnectivityState(true);
    const next = (): void => {
      channel.watchConnectivityState(state, Infinity, (error) => {
        if (error) return;
        // One that was closed must not be asked to connect; any other does not stay idle.
        if (channel.getConnectivityState(false) === CLOSED) return;
        state = channel.getConnectivityState(true);
        if (state === NOBODY_THERE) onLost();
        next();
      });
    };
    next();
  }
}
