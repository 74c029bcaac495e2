import { isDeepStrictEqual } from 'node:util';
import type { Operation } from 'fast-json-patch';
import { pause } from '../../openshift/pause.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ObjectMeta } from '../../openshift/types.ts';
import { annotate, edit, pointer } from '../edit/edit.ts';
import { LEASE_MS } from './fence.ts';
import { missing, superseded } from '../step-error.ts';

/**
 * Which upgrade a tenant is in, which run of its workflow may write, and what for: one annotation of the DeploymentConfig
 * that every installation of the path has, so that the cluster knows it whatever Temporal's history has forgotten. It is
 * there from before the backup until the upgrade has ended. Each run that takes over, and each turn, counts the epoch up.
 */
export interface Claim {
  /** Name of the backup Secret, which names the upgrade. */
  readonly backup: string;
  readonly run: string;
  readonly epoch: number;
  readonly phase: Phase;
  /** Taken from another run, whose attempts may write on the strength of what they saw before, for a lease. */
  readonly taking?: true;
}

/**
 * `switching`: the upgrade itself has begun to un-pause; `crossed`: set by the very patch that un-pauses what cannot be
 * undone.
 */
const PHASES = ['forward', 'switching', 'crossed', 'reverting'] as const;
export type Phase = (typeof PHASES)[number];

export const CLAIM = 'threescale-upgrade/claim';

/** What tells of a crossing, for people. */
export const CLAIM_SAYS = 'the patch that resumed its rollouts says so';

export function claimOf({ metadata }: { readonly metadata: ObjectMeta }): Claim | undefined {
  const text = metadata.annotations?.[CLAIM];
  if (text === undefined) return undefined;
  try {
    const { backup, run, epoch, phase, taking } = JSON.parse(text) as Partial<Claim>;
    if (typeof backup !== 'string' || typeof run !== 'string' || typeof epoch !== 'number') return undefined;
    const known = PHASES.find((one) => one === phase) ?? 'forward';
    return { backup, run, epoch, phase: known, ...(taking === true ? { taking } : {}) };
  } catch {
    return undefined;
  }
}

export function setClaim(config: DeploymentConfig, claim: Claim): Operation[] {
  return annotate(config.metadata.annotations, CLAIM, JSON.stringify(claim));
}

export function removeClaim({ metadata }: DeploymentConfig): Operation[] {
  if (metadata.annotations?.[CLAIM] === undefined) return [];
  return [{ op: 'remove', path: pointer('metadata', 'annotations', CLAIM) }];
}

/**
 * The claim was another run's, whose attempts could write until now: what was looked at before is no longer true, and the
 * activity begins anew (look-twice.ts).
 */
export class TakenOver extends Error {
  constructor() {
    super('another run could write until now: all is looked at anew');
    this.name = 'TakenOver';
  }
}

/** Who wants to write: only with Temporal's word that this attempt is the current one. */
export interface Claimant {
  /** The DeploymentConfig that carries the claim. */
  readonly anchor: string;
  readonly backup: string;
  readonly run: string;
}

/**
 * Sees that the cluster lets this upgrade write, `as` one that goes on or one that is being reverted; a run that goes on
 * where another stopped takes over. Throws `Superseded` where the cluster shows another upgrade, or one that has turned or
 * ended, and TakenOver once it has taken over.
 */
export async function keepClaim(
  api: TenantApi,
  { anchor, backup, run }: Claimant,
  { as, seen }: { readonly as: 'forward' | 'reverting'; readonly seen?: DeploymentConfig | undefined },
): Promise<void> {
  const { object } = await edit(api, 'deploymentconfigs', seen ?? anchor, (config) => {
    const claim = claimOf(config);
    if (claim?.backup !== backup) throw claimedElsewhere(anchor, claim);
    if ((claim.phase === 'reverting') !== (as === 'reverting')) throw hasTurned(anchor, claim);
    if (claim.run === run) return [];
    return setClaim(config, { ...claim, run, epoch: claim.epoch + 1, taking: true });
  });
  if (!object) throw missing(`dc/${anchor}`);
  await waitOutOthers(api, object);
}

/**
 * Of a claim that was taken from another run: waits until none of its attempts can write any more, and throws TakenOver.
 * Whoever of the new run meets such a claim waits as long: nobody knows how much of the wait another one has seen.
 */
async function waitOutOthers(api: TenantApi, config: DeploymentConfig): Promise<void> {
  const taken = claimOf(config);
  if (!taken?.taking) return;
  await pause(LEASE_MS, api.signal);
  await edit(api, 'deploymentconfigs', config.metadata.name, (now) => {
    const claim = claimOf(now);
    if (claim?.run !== taken.run || !claim.taking) return [];
    const { taking: _, ...settled } = claim;
    return setClaim(now, settled);
  });
  throw new TakenOver();
}

/**
 * Before the upgrade un-pauses anything: what is not paused from then on was not resumed by somebody else. `anchor`: by its name,
 * or as it was seen a moment ago; a claim that has once begun to switch does not go back to before that.
 */
export async function beginSwitch(api: TenantApi, anchor: string | DeploymentConfig): Promise<void> {
  await edit(api, 'deploymentconfigs', anchor, (config) => {
    const claim = claimOf(config);
    return claim?.phase === 'forward' ? setClaim(config, { ...claim, phase: 'switching' }) : [];
  });
}

/**
 * Makes the claim, or turns it: whatever another upgrade had claimed before is over, Temporal says. Throws TakenOver where
 * it was another run's. `seen`: what carries no claim, as it was seen a moment ago.
 */
export async function makeClaim(
  api: TenantApi,
  { anchor, backup, run }: Claimant,
  phase: Phase,
  seen?: DeploymentConfig,
): Promise<void> {
  const { object } = await edit(api, 'deploymentconfigs', seen ?? anchor, (config) =>
    claimAs(config, { backup, run, phase }),
  );
  if (!object) throw missing(`dc/${anchor}`);
  await waitOutOthers(api, object);
}

/** The next epoch, for whom and what; nothing to do where it is so already. */
function claimAs(config: DeploymentConfig, next: Omit<Claim, 'epoch' | 'taking'>): Operation[] {
  const before = claimOf(config);
  const { epoch = 0, taking, ...claim } = before ?? {};
  if (isDeepStrictEqual(claim, next)) return [];
  const isTaken = taking ?? (before !== undefined && before.run !== next.run);
  return setClaim(config, { ...next, epoch: epoch + 1, ...(isTaken ? { taking: true } : {}) });
}

/**
 * Turns the claim of an upgrade that is to be reverted: nothing of the way there is written any more. False where the
 * point of no return was crossed meanwhile, and nobody knows it: then nothing was turned. Throws TakenOver where the claim
 * was another run's.
 */
export async function turnClaim(
  api: TenantApi,
  { anchor, backup, run }: Claimant,
  crossingIsKnown: boolean,
): Promise<boolean> {
  let hasCrossed = false;
  const { object } = await edit(api, 'deploymentconfigs', anchor, (config) => {
    hasCrossed = !crossingIsKnown && claimOf(config)?.phase === 'crossed';
    return hasCrossed ? [] : claimAs(config, { backup, run, phase: 'reverting' });
  });
  if (!object) throw missing(`dc/${anchor}`);
  if (!hasCrossed) await waitOutOthers(api, object);
  return !hasCrossed;
}

function claimedElsewhere(anchor: string, claim: Claim | undefined) {
  if (!claim)
    return superseded(
      `dc/${anchor} carries no claim any more: somebody has taken its annotation ${CLAIM} off, or this upgrade has ended there`,
    );
  return superseded(
    `dc/${anchor} is claimed by another upgrade, that of secret/${claim.backup}: this one has ended there, or was begun anew`,
  );
}

function hasTurned(anchor: string, { phase, epoch }: Claim) {
  const what = phase === 'reverting' ? 'is being reverted' : 'goes on to the new version';
  return superseded(`dc/${anchor} says that this upgrade ${what} (epoch ${epoch})`);
}
