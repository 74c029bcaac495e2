import { Command } from 'commander';
import { addCheck } from './tenant/commands/check.ts';
import { addCodecServer } from './commands/codec-server.ts';
import { addCompletion } from './commands/completion.ts';
import { addMetrics } from './commands/metrics.ts';
import { addControls } from './tenant/commands/control.ts';
import { addDemo } from './commands/demo.ts';
import { addNotify } from './commands/notify.ts';
import { addFleet } from './fleet/commands/index.ts';
import { addList } from './tenant/commands/list.ts';
import { addPlan } from './tenant/commands/plan.ts';
import { addRbac } from './tenant/commands/rbac.ts';
import { addReport } from './tenant/commands/report.ts';
import { addSimulator } from './commands/simulator.ts';
import { addStart } from './tenant/commands/start.ts';
import { addLooking } from './tenant/commands/watch.ts';
import { addUi } from './commands/ui.ts';
import { addWorking } from './commands/worker.ts';
import type { Finish } from './finish.ts';
import type { Io } from './io.ts';
import { showTimesIn } from './render/shown-zone.ts';
import { rememberCalled } from './typed-along.ts';
import { tellWrongValuesTogether } from './wrong-values.ts';

export function createProgram(io: Io, version: string, finish: Finish): Command {
  const program = new Command('threescale-upgrade')
    .description(
      'Upgrades 3scale API Management installations on OpenShift as durable, reversible Temporal jobs.',
    )
    .version(version)
    .showHelpAfterError('(add --help for the flags)')
    .configureOutput({
      writeOut: (text) => {
        io.out(text.trimEnd());
      },
      writeErr: (text) => {
        io.err(text.trimEnd());
      },
    })
    .exitOverride()
    .option('--utc', 'show times in UTC (default: in your own zone, as TZ or this machine says)')
    .hook('preAction', (_, command) => {
      rememberCalled(program, command);
      if (program.opts<{ readonly utc?: boolean }>().utc) showTimesIn('utc');
    })
    .addHelpText('after', HELP);
  addCheck(program, io, finish);
  addPlan(program, io, finish);
  addStart(program, io, finish);
  addLooking(program, io, finish);
  addReport(program, io, finish);
  addList(program, io);
  addControls(program, io, finish);
  addFleet(program, io, finish);
  addNotify(program, io, finish);
  addRbac(program, io);
  addWorking(program, io);
  addUi(program, io);
  addMetrics(program, io);
  addCodecServer(program, io);
  addCompletion(program, io);
  addDemo(program, { io, finish, createProgram });
  addSimulator(program, io);
  tellWrongValuesTogether(program);
  return program;
}

const HELP = `
A first upgrade:
  threescale-upgrade check --context prod --namespace 3scale
  threescale-upgrade plan  --context prod --namespace 3scale
  threescale-upgrade start --context prod --namespace 3scale --why "change 4711"

Many tenants:
  threescale-upgrade fleet --help

Exit codes: 0 ok, 1 a fault of ours, 2 plan has changes, 3 blocked, 4 held, 5 not upgraded, 6 cluster or Temporal
unreachable, 7 refused, 64 wrong flags or files, 130 interrupted.`;
