import type { TenantProgress } from '../../domain/tenant/progress.ts';
import type { Io } from '../io.ts';
import { renderState } from '../tenant/render/progress.ts';
import { renderStepLine } from '../tenant/render/steps.ts';

/** Tells what happens as it happens: each change of each tenant once. */
export class Story {
  readonly #io: Io;
  readonly #startedAt = Date.now();
  readonly #said = new Set<string>();

  constructor(io: Io) {
    this.#io = io;
  }

  tell(line: string): void {
    this.#io.out(`${this.#clock()}  ${line}`);
  }

  event(line: string): void {
    this.tell(this.#io.colors.bold(this.#io.colors.yellow(`** ${line}`)));
  }

  /** A line with room around it. */
  chapter(line: string): void {
    this.#io.out('');
    this.tell(this.#io.colors.bold(line));
    this.#io.out('');
  }

  show(progress: TenantProgress): void {
    const { namespace } = progress.tenant;
    const { colors } = this.#io;
    for (const step of progress.steps) {
      if (step.status === 'pending' || step.status === 'running' || step.status === 'reverting') continue;
      this.#once(
        `${namespace} ${step.id} ${step.status}`,
        () => `${colors.bold(namespace)}  ${renderStepLine(step, Date.now(), colors)}`,
      );
    }
    this.#once(
      `${namespace} ${progress.state}`,
      () => `${colors.bold(namespace)}  ${renderState(progress, colors)}`,
    );
  }

  #once(key: string, line: () => string): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.tell(line());
  }

  #clock(): string {
    return this.#io.colors.dim(`${((Date.now() - this.#startedAt) / 1_000).toFixed(1).padStart(5)} s`);
  }
}
