import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { shellWord } from '../../src/domain/tenant/decisions.ts';
import type { Ended } from './cli-process.ts';
import { CliProcess, pause } from './cli-process.ts';
import { MAIN } from './run-cli.ts';

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Wide enough by default that nothing that is asked is broken into lines. */
  readonly columns?: number;
  readonly rows?: number;
  /** What stands after the command, as in `< /dev/null`: a terminal for its output only. */
  readonly redirect?: string;
}

/** Keys as a terminal sends them. */
export const KEYS = { enter: '\r', ctrlC: '\u0003', ctrlD: '\u0004', ctrlZ: '\u001a' } as const;

/** The command in a real pseudo-terminal, made by util-linux's `script`: it asks, and is answered by `type`. */
export class Terminal extends CliProcess {
  constructor(
    args: readonly string[],
    { env = {}, columns = 400, rows = 50, redirect = '' }: TerminalOptions = {},
  ) {
    const words = [process.execPath, MAIN, ...args].map(shellWord).join(' ');
    const line = `stty cols ${columns} rows ${rows}; exec ${words} ${redirect}`;
    super(['-qefc', line, '/dev/null'], { TERM: 'xterm', SHELL: '/bin/sh', ...env }, ['script'], 'pipe');
  }

  /** What was written, without colours and the movements of the cursor; line ends are a file's. */
  override get said(): string {
    return plain(super.said);
  }

  /** Types, as a person does, what stands in `text`; Enter is `KEYS.enter`. */
  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Waits until it asks `question`, and answers it. */
  async answers(question: string, text: string): Promise<void> {
    await this.says(question);
    this.type(`${text}${KEYS.enter}`);
  }

  /** How the command ended, with what it said as a person reads it. */
  async end(): Promise<Ended> {
    const ended = await this.ended;
    return { ...ended, said: plain(ended.said) };
  }

  /** Waits until its terminal hands over what is typed line by line, as where no question stands, or key by key. */
  async reads(what: 'lines' | 'keys'): Promise<void> {
    const settings = (): string =>
      execFileSync('stty', ['-F', `/proc/${this.commandPid}/fd/0`, '-a'], { encoding: 'utf8' });
    while (/ icanon\b/.test(settings()) !== (what === 'lines')) await pause(20);
  }

  /** The command itself, which `script` has started. */
  get commandPid(): number {
    return Number(readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim().split(' ')[0]);
  }
}

const plain = (text: string): string => stripVTControlCharacters(text).replaceAll('\r\n', '\n');
