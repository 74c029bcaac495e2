import { preflight } from '../../../procedure/preflight/preflight.ts';
import { isBlocked } from '../../../domain/tenant/finding.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import { neededForSwitchMs } from '../../../domain/windows/policy.ts';
import { findWindow } from '../../../domain/windows/find-window.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Io } from '../../io.ts';
import type { UpgradeOptions } from '../../options.ts';
import { lookAt } from '../../look.ts';
import { renderFindings } from '../render/findings.ts';
import { renderCheckJunit } from '../render/junit.ts';
import type { ReportOutputOptions } from '../../report-output.ts';
import { renderWindow } from '../render/window.ts';
import { upgradeRequest } from '../request.ts';

export type CheckOptions = UpgradeOptions & ReportOutputOptions;

/** `check` */
export async function check(io: Io, options: CheckOptions): Promise<ExitCode> {
  const request = upgradeRequest(options, io.err);
  const { tenant } = request;
  const { windows } = request.choices;
  const report = await lookAt(request, io.err, (look) => preflight(look, request.path));
  const window = findWindow(windows, neededForSwitchMs(windows), Date.now());
  const shown = renderWindow(windows, window);
  if (options.output === 'json') io.out(JSON.stringify({ tenant, ...report, windows, window }, undefined, 2));
  else if (options.output === 'junit') io.out(renderCheckJunit(tenant, report, shown));
  else {
    io.out(renderFindings(tenantName(tenant), report, io.colors));
    io.out(`maintenance window: ${shown}`);
  }
  return isBlocked(report) ? EXIT.blocked : EXIT.ok;
}
