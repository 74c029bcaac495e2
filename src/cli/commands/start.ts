import { confirm } from '@inquirer/prompts';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Command } from 'commander';
import { offerImpersonation } from '../../../activities/impersonation-source.ts';
import { pairsOf } from '../../../workflows/search-attributes.ts';
import type { tenantUpgrade } from '../../../workflows/tenant-upgrade.ts';
import { markdownText } from '../../domain/markdown-text.ts';
import { command as commandLine } from '../../domain/decisions.ts';
import { attributesOfTenant } from '../../domain/search-attributes.ts';
import { TASK_QUEUE } from '../../domain/task-queue.ts';
import { DEFAULT_RETRY_LIMITS } from '../../domain/tenant-upgrade.ts';
import type { Actor } from '../../domain/tenant.ts';
import { tenantName } from '../../domain/tenant.ts';
import { workflowIdOf } from '../../domain/workflow-id.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { attach, withWorker } from '../attach.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { lookAtRetention } from '../fleet-retention.ts';
import type { Io } from '../io.ts';
import { shownOn } from '../io.ts';
import type { MessageOptions, OutputOptions, UpgradeOptions } from '../options.ts';
import { actor, addMessageOptions, addOutputOption, addUpgradeOptions } from '../options.ts';
import type { Finish } from '../program.ts';
import type { UpgradeRequest } from '../request.ts';
import { IMPERSONATION_SOURCE, upgradeRequest } from '../request.ts';
import type { Session } from '../session.ts';
import { withSession } from '../session.ts';
import type { Upgrade } from '../upgrades.ts';
import { findUpgrade } from '../upgrades.ts';
import { isRunning } from '../found.ts';
import { showPlan } from './plan.ts';

type StartOptions = UpgradeOptions &
  OutputOptions &
  MessageOptions & { readonly yes?: boolean; readonly dryRun?: boolean; readonly watch: boolean };

export function addStart(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('start')
    .summary("start a tenant's upgrade, or attach to the one that runs")
    .description(
      "Starts a tenant's upgrade and shows it until it ends or needs a decision. Where one runs already, attaches to it:\n" +
        'after a lost connection or a crash, the same command goes on where it stopped.\n' +
        'Exit code: 0 upgraded, 3 blocked (nothing was touched), 4 held (a decision is needed), 5 reverted, aborted or abandoned.',
    )
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show what would be changed, as `plan` does')
    .option('--no-watch', 'start it, and return; it runs where a worker runs')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  threescale-upgrade start --context prod --namespace 3scale --why "change 4711"\n' +
        '  threescale-upgrade start -f tenant.yaml --yes -o json\n' +
        '  threescale-upgrade start -c prod -n 3scale --window-opens "0 22 * * 6" --window-minutes 240 --window-zone Europe/Berlin',
    );
  addOutputOption(addMessageOptions(addUpgradeOptions(command))).action(async (options: StartOptions) => {
    const request = upgradeRequest(options, io.err);
    if (options.dryRun) {
      finish(await showPlan(io, request, options.output));
      return;
    }
    const startedBy = actor(options, 'no reason given');
    await withSession(io, async (session) => {
      const { tenant, clusters } = request;
      if (session.target.embedded) await lookAtRetention(session);
      const running = await findUpgrade(session, tenant);
      if (running && isRunning(running))
        io.err(
          `${tenantName(tenant)} is being upgraded already${otherwise(running, request)}: attaching to it`,
        );
      else if (!(await begin(session, request, startedBy, options))) {
        io.err('Nothing was changed.');
        finish(EXIT.interrupted);
        return;
      }
      if (!options.watch) {
        const carries = session.target.embedded ? '; carry it out with: threescale-upgrade dev' : '';
        const isNew = !running || !isRunning(running);
        if (options.output === 'json') io.out(JSON.stringify({ tenant, started: isNew }, undefined, 2));
        else
          io.out(
            `${isNew ? 'started' : 'under way'}; see it with: ${commandLine(tenant, 'watch')}${carries}`,
          );
        return;
      }
      finish(
        await withWorker(session, clusters, (ownWorker) =>
          attach(session, tenant, { ...options, ownWorker }),
        ),
      );
    });
    await request.clusters.close();
  });
}

/** What the plan of a running upgrade is known by, in Temporal's memo: the hash of its steps. */
const PLAN = 'plan';

/** Where it was started with other choices than those that were typed now: they count, and these do not. */
function otherwise({ description }: Upgrade, { path }: UpgradeRequest): string {
  const plan = description.memo?.[PLAN];
  if (plan === undefined || plan === path.hash) return '';
  return `, with other choices (images, components, section 1.3 and the like) than these, which count for nothing`;
}

/** False where a person said no. */
async function begin(
  { client, io, target }: Session,
  request: UpgradeRequest,
  startedBy: Actor,
  { yes, output }: StartOptions,
): Promise<boolean> {
  const { tenant, clusters, path, windows, onFailure, impersonation } = request;
  const api = clusters.open(tenant);
  if (io.interactive && !yes && output !== 'json') {
    const code = await showPlan(io, upgradeCopy(request), undefined);
    if (code === EXIT.blocked) {
      throw new CliError(`${tenantName(tenant)} cannot be upgraded as it is: nothing was changed`, {
        hint: 'Put right what is listed above.',
        exitCode: EXIT.blocked,
      });
    }
    const question = `Upgrade ${tenantName(tenant)} (${tenant.cluster}) from ${path.from} to ${path.to}, with Temporal at ${target.address}?`;
    if (!(await confirm({ message: shownOn(io, question), default: false }))) return false;
  }
  if (impersonation) await offerImpersonation(api, IMPERSONATION_SOURCE, impersonation);
  const visible = await ensureSearchAttributes(client, io.err);
  const input = { tenant, path, windows, onFailure, startedBy, retries: DEFAULT_RETRY_LIMITS, visible };
  try {
    await client.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
      workflowId: workflowIdOf(tenant),
      taskQueue: TASK_QUEUE,
      args: [input],
      memo: { [PLAN]: path.hash },
      staticSummary: markdownText(`3scale ${path.from} → ${path.to}: ${tenantName(tenant)}`),
      staticDetails: markdownText(`started by ${startedBy.by}: ${startedBy.why}`),
      ...(visible ? { typedSearchAttributes: pairsOf(attributesOfTenant(tenant, path)) } : {}),
    });
  } catch (error) {
    // Somebody else was quicker: attach to theirs.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return true;
}

/** `showPlan` lets go of the clusters it looked at; the worker needs them still. */
function upgradeCopy(request: UpgradeRequest): UpgradeRequest {
  return { ...request, clusters: request.clusters.copy() };
}
