import type { TenantDetail } from '../../src/cli/fleet/tenants.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import type { TenantEntry } from '../../src/domain/fleet/tenant/entry.ts';
import type { StepProgress, TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import { fleetSpec } from './fleet-spec.ts';
import { MINUTE_MS, NOW_MS, standOf, stateOf } from './fleet-stand.ts';
import { pathFor } from './upgrade-input.ts';

/** A fleet that has ended, with all that its tenants report: one of twenty was reverted, one of fifty was tried again. */
export interface ReportedFleet {
  readonly spec: FleetSpec;
  readonly progress: FleetProgress;
  readonly lines: readonly TenantLine[];
  readonly details: () => AsyncIterable<TenantDetail>;
}

const STARTED_MS = NOW_MS - 600 * MINUTE_MS;
const FAILURE = {
  type: 'RolloutFailed',
  message:
    'sim1/tenant: dc/zync: rollout 2 failed: pod/zync-2-abcde, container zync: CrashLoopBackOff, exit code 1',
  hint: 'Look at: oc rollout history dc/zync, and oc logs dc/zync; put the cause right, then retry.',
  evidence: {
    pods: [
      {
        pod: 'zync-2-abcde',
        role: 'application',
        container: 'zync',
        state: 'waiting',
        reason: 'CrashLoopBackOff',
        exitCode: 1,
        restarts: 4,
        log: Array.from(
          { length: 8 },
          (_, line) => `  at line ${line} of what the application says of its end`,
        ),
      },
    ],
    events: ['pod/zync-2-abcde BackOff (4 times): Back-off restarting failed container'],
  },
} as const;

const isReverted = (index: number): boolean => index % 20 === 7;
const at = (ms: number): string => new Date(ms).toISOString();

export function reportedFleet(tenants: number, waves = 4): ReportedFleet {
  const names = Array.from({ length: tenants }, (_, index) => `3scale-tenant-${index + 1}`);
  const size = Math.ceil(tenants / waves);
  const path = pathFor();
  const spec = fleetSpec(
    {
      path,
      waves: Array.from({ length: waves }, (_, wave) => ({
        name: `wave-${wave + 1}`,
        tenants: names.slice(wave * size, (wave + 1) * size),
      })),
    },
    { name: 'prod' },
  );
  const entries = Object.fromEntries(names.map((_, index) => [index, entryOf(index)]));
  const state = {
    startedAt: at(STARTED_MS),
    waves: Array.from({ length: waves }, (_, wave) => ({
      startedMs: STARTED_MS + wave * 120 * MINUTE_MS,
      doneMs: STARTED_MS + (wave + 1) * 120 * MINUTE_MS,
    })),
    journal: [{ at: at(STARTED_MS), event: 'started', actor: { by: 'olga', why: 'change 4711' } }],
  } as const;
  const lines = tenantLines(spec, stateOf(spec, { entries, state }).entries);
  return {
    spec,
    progress: standOf(spec, { entries, state }),
    lines,
    details: async function* () {
      for (const [index, line] of lines.entries())
        yield await Promise.resolve({ line, upgrade: upgradeOf(line, index, path) });
    },
  };
}

function entryOf(index: number): TenantEntry {
  const startedMs = STARTED_MS + index * 20_000;
  const base = { startedMs, sinceMs: startedMs + 9 * MINUTE_MS, runId: runIdOf(index) };
  if (isReverted(index)) return { ...base, state: 'reverted', attempts: 2, failure: FAILURE };
  return { ...base, state: 'upgraded', attempts: 1 };
}

const runIdOf = (index: number): string => `01a21fbd-f806-74d3-92e4-${index.toString(16).padStart(12, '0')}`;

function upgradeOf(line: TenantLine, index: number, path: ResolvedPath): TenantProgress {
  const startedMs = Date.parse(line.startedAt ?? '');
  const reverted = isReverted(index);
  const backupSecret = `threescale-upgrade-backup-${runIdOf(index)}`;
  return {
    ...{ tenant: line.tenant, from: path.from, to: path.to, pathHash: path.hash, backupSecret },
    state: reverted ? 'reverted' : 'upgraded',
    startedAt: at(startedMs),
    endedAt: at(startedMs + 9 * MINUTE_MS),
    steps: path.steps.map((step, place) => stepOf(step, startedMs + place * 20_000, { index, reverted })),
    findings: [],
    pastPointOfNoReturn: !reverted,
    ...(reverted ? { revertedFor: FAILURE } : {}),
    leftovers: [],
    journal: [
      { at: at(startedMs), event: 'started', actor: { by: 'olga', why: 'fleet prod: change 4711' } },
      ...(reverted
        ? ([{ at: at(startedMs + 4 * MINUTE_MS), event: 'reverting', detail: FAILURE.message }] as const)
        : ([
            {
              at: at(startedMs + 6 * MINUTE_MS),
              event: 'point-of-no-return',
              detail: 'Roll out dc/system-app: migrates the database, the point of no return',
            },
          ] as const)),
      { at: at(startedMs + 9 * MINUTE_MS), event: 'ended', detail: reverted ? 'reverted' : 'upgraded' },
    ],
  };
}

function stepOf(
  { id, title, guide, kind }: ResolvedPath['steps'][number],
  startedMs: number,
  { index, reverted }: { readonly index: number; readonly reverted: boolean },
): StepProgress {
  const own = {
    id,
    title,
    guide,
    startedAt: at(startedMs),
    endedAt: at(startedMs + 12_000 + (index % 9) * 700),
  };
  const attempts = index % 50 === 3 && kind === 'tag-image-stream' ? 3 : 1;
  if (kind.startsWith('verify')) return { ...own, attempts, status: 'unchanged' };
  const note = kind === 'roll-out' ? { note: 'version 2 runs' } : {};
  if (!reverted) return { ...own, ...note, attempts, status: 'done' };
  const undo = { startedAt: at(startedMs + 60_000), endedAt: at(startedMs + 61_000), attempts: 1 };
  if (id === 'roll-out-zync') return { ...own, attempts: 2, status: 'reverted', failure: FAILURE, undo };
  return { ...own, attempts, status: 'reverted', undo };
}
