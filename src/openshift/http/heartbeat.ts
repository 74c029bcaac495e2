import type { WebSocket } from 'ws';

/** A machine that was suspended has missed one, not all of them: pings are counted, not minutes. */
const MISSED = 6;

/** Notices that nobody is at the other end of a websocket any more, which TCP may not tell for hours. */
export class Heartbeat {
  readonly #socket: WebSocket;
  readonly #pingMs: number;
  readonly #lost: (why: Error) => void;
  #timer: NodeJS.Timeout | undefined;
  #unanswered = 0;

  constructor(socket: WebSocket, pingMs: number, lost: (why: Error) => void) {
    this.#socket = socket;
    this.#pingMs = pingMs;
    this.#lost = lost;
  }

  start(): void {
    const heard = (): void => {
      this.#unanswered = 0;
    };
    this.#socket.on('pong', heard).on('ping', heard).on('message', heard);
    this.#timer = setInterval(() => {
      if (this.#unanswered >= MISSED) {
        this.stop();
        return void this.#lost(
          new Error(`the connection is dead: no sign of life for ${(MISSED * this.#pingMs) / 1_000} s`),
        );
      }
      this.#unanswered += 1;
      this.#socket.ping();
    }, this.#pingMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
