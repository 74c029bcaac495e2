import pMap from 'p-map';
import { doing } from '../../cli/fleet/render/attention.ts';
import { readUnderWay } from '../../cli/fleet/tenants.ts';
import type { Session } from '../../cli/session.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { isLive } from '../../domain/fleet/tenant/states.ts';
import type { StepStatus } from '../../domain/tenant/progress.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import { Cache, Shared } from './shared.ts';

const MOVES_MS = 1_900;
/** Runs whose steps are remembered: they are a hundred bytes each. */
const REMEMBERED = 20_000;
const AT_ONCE = 16;

/** What a tenant's own workflow says of its steps; absent where it gives no answer. */
export interface StepsSeen {
  readonly statuses?: readonly StepStatus[];
  readonly at: string;
  readonly atSince?: string;
}

/** Steps of those tenants that somebody looks at: what has ended is asked once, what moves once for all who look. */
export class TenantSteps {
  readonly #session: () => Session;
  readonly #runs = new Cache<Shared<StepsSeen>>(REMEMBERED);

  constructor(session: () => Session) {
    this.#session = session;
  }

  /** By the tenants' names; one that has not begun is not in it. */
  async of(lines: readonly TenantLine[]): Promise<ReadonlyMap<string, StepsSeen>> {
    const begun = lines.filter(({ runId }) => runId !== undefined);
    const seen = await pMap(begun, async (line) => [line.name, await this.#of(line)] as const, {
      concurrency: AT_ONCE,
    });
    return new Map(seen);
  }

  #of(line: TenantLine): Promise<StepsSeen> {
    const { tenant, state, runId = '', currentRunId = runId, stopped = false } = line;
    const isOver = !isLive(state);
    const key = [workflowIdOf(tenant), currentRunId, isOver, isOver ? state : '', stopped].join(' ');
    return this.#runs.of(key, () => new Shared(() => this.#read(line), isOver ? Infinity : MOVES_MS)).get();
  }

  async #read(line: TenantLine): Promise<StepsSeen> {
    const upgrade = (await readUnderWay(this.#session(), [line])).get(line.name);
    const { what, begun, others = '' } = doing(line, upgrade);
    return {
      ...(upgrade ? { statuses: upgrade.steps.map(({ status }) => status) } : {}),
      at: plainText(what + others),
      ...(begun === undefined ? {} : { atSince: begun }),
    };
  }
}
