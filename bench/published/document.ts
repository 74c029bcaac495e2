import type { WayName } from '../side-by-side/ways.ts';
import { AT_ONCE } from '../side-by-side/at-once.ts';
import type { Kill, Published, Run } from './figures.ts';
import { WAYS, WAY_NAMES, seconds, sizesOf } from './figures.ts';
import { markdownTable } from './markdown-table.ts';

/** Where a way was not measured at a size. */
const NONE = '–';

/** docs/benchmarks.md, made from nothing but the figures. */
export function renderDocument(published: Published): string {
  const { machine, timing, runs, kills } = published;
  const days = [...new Set([...runs, ...kills].map(({ on }) => on))].sort();
  return [
    '# Side by side',
    'What an upgrade costs in four ways, on a simulated cluster: by this tool, by the documented procedure as a script with kubectl, by\n' +
      'the same with Ansible, and by a bare loop of exactly the needed calls, which no tool that also guards, remembers and takes back\n' +
      'can do without. This page and its chart are made from [the figures](benchmarks.json) by `npm run bench:publish`, and a test holds\n' +
      'that they are.',
    '![CPU and wall time of the four ways](benchmarks.svg)',
    ...sizesOf(published).flatMap((tenants) => [heading(tenants), costs(published, tenants)]),
    '## A kill in the middle',
    'Each was killed with SIGKILL, and all that it had started with it (Temporal is a service of its own, and stays), when half of the\n' +
      'rollouts had begun. The cluster then came to rest; this is how it stood, and what the same command did that was typed again.',
    ...killed(kills),
    WHERE_IT_GOES,
    '## What is measured',
    [
      ...WAY_NAMES.map((way) => `- **${capital(WAYS[way])}**: ${EXPLAINED[way]}`),
      '- **CPU** is that of all processes that a way starts, to the last child; this tool’s includes Temporal’s, which is given apart as well. The\n' +
        '  simulated cluster is a process of its own and is not counted.',
      '- **Memory** is what all these processes hold together at most, looked at four times a second; what they share is counted once.',
      '- **Requests** are counted by the cluster, and so is whether a tenant is upgraded: nobody is believed.',
      `- A rollout takes ${seconds(timing.rolloutMs)}, each of its hooks ${seconds(timing.hookMs)}, an import ${seconds(timing.importMs)}, the end of a pod ${seconds(timing.terminationMs)}.`,
      '- Wall time depends on what else the machine does (its load is below); CPU much less; requests and rollouts not at all.',
    ].join('\n'),
    '## Where and when',
    [
      `- ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB; ${machine.system}; Node.js ${machine.node}`,
      `- ${days.join(' to ')}; the load of the machine when a measurement began: ${loadsOf([...runs, ...kills])}`,
      ...machine.missing.map((why) => `- Not measured: ${why}`),
    ].join('\n'),
    '```sh\nnpm run bench:publish -- --again   # measures all anew; without --again only what is missing, so that it can be interrupted\n```',
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** By `npm run bench:one`, which prints them as they are now. */
const WHERE_IT_GOES = `## Where requests and events go

A tenant takes some 110 requests where the documented procedure takes 28, and some 155 events of Temporal's. \`npm run bench:one\` prints
them by activity and by kind. What they are for:

| requests | what for                                                                                                                   |
| -------- | -------------------------------------------------------------------------------------------------------------------------- |
| 35       | writes: 11 pauses and 11 ends of a pause, each with its mark; tags, images, env, routes, the claim, the backup, 1 deletion |
| 13       | the check: what is installed, who else follows its images, rights, quota                                                   |
| 17       | everything staged, and at the end everything upgraded, looked at once more                                                 |
| 8        | the backup: what is touched, read and kept, and read again                                                                 |
| 8        | one list and watch of DeploymentConfigs and replication controllers for all rollouts; pods where a rollout is over         |
| 26       | a look before a write, which a write is guarded by, and whose claim it is                                                  |

27 activities cause 81 events, and the 23 times that the workflow decides what follows 69. With 55 requests and 110 events there
would be neither the looks before the writes nor a step of its own for each change: several changes would have to become one
activity, which neither a pause nor an abort could stop in between, and whose failure would leave it unsaid which of them was done.
That is what this tool is for, so it is not done.`;

/** Well above nothing: it was shared, and wall times are longer than they need be. */
function loadsOf(all: readonly { readonly load: number }[]): string {
  const loads = all.map(({ load }) => load);
  return `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
}

const EXPLAINED: Readonly<Record<WayName, string>> = {
  this: `\`start\` for one tenant, \`fleet start\` for more, ${AT_ONCE.this} at once; first use: the state is empty, Temporal is not running. What was\n  downloaded or built before is there.`,
  kubectl: `the nine steps (\`bench/side-by-side/upgrade.sh\`), ${AT_ONCE.kubectl} tenants at a time. It waits for the rollouts twice: after the steps 1 to 7, and\n  after 8 and 9.`,
  ansible: `the same (\`bench/side-by-side/upgrade.yml\`) with kubernetes.core, ${AT_ONCE.ansible} forks. At 200 tenants it takes the better part of an hour here, and is\n  measured only where it is asked for (\`--ansible-to 200\`).`,
  floor: `one process (\`bench/side-by-side/floor.ts\`), ${AT_ONCE.floor} tenants at once, 12 writes, one read and two watches each.`,
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const heading = (tenants: number): string => `## ${tenants === 1 ? 'One tenant' : `${tenants} tenants`}`;

type Cell = (run: Run) => string;

const COSTS: readonly (readonly [string, Cell])[] = [
  ['wall time', ({ wallMs }) => seconds(wallMs)],
  ['CPU', ({ cpuMs }) => seconds(cpuMs)],
  ['CPU of Temporal, in that', ({ way, temporalCpuMs }) => (way === 'this' ? seconds(temporalCpuMs) : NONE)],
  ['CPU a tenant', ({ cpuMs, tenants }) => seconds(cpuMs / tenants)],
  ['memory at most', ({ peakMb }) => `${peakMb.toFixed(0)} MB`],
  ['requests a tenant', ({ requestsEach }) => requestsEach.toFixed(0)],
  ['writes a tenant', ({ writesEach }) => writesEach.toFixed(0)],
  ['rollouts a tenant', ({ rollouts }) => String(Object.values(rollouts).reduce((sum, one) => sum + one, 0))],
  ['rolled more than once, or in vain', ({ rollouts }) => inVain(rollouts)],
  ['without a ready system-app', ({ downMs }) => seconds(downMs)],
  ['tenants not upgraded', ({ notUpgraded }) => String(notUpgraded.length)],
];

/** system-resque is deleted by the upgrade: whoever rolls it out before does so in vain. */
function inVain(rollouts: Run['rollouts']): string {
  const found = Object.entries(rollouts).filter(([name, count]) => count > 1 || name === 'system-resque');
  return found.map(([name, count]) => `${name} ×${count}`).join(', ') || 'none';
}

function costs({ runs }: Published, tenants: number): string {
  const cells = WAY_NAMES.map((way) => runs.find((run) => run.way === way && run.tenants === tenants));
  const ours = cells.find((run) => run?.way === 'this');
  const ratio = (run: Run): string => (ours ? (ours.cpuMs / run.cpuMs).toFixed(2) : NONE);
  const rows = [...COSTS, ['CPU: this tool’s is so many times it', ratio] as const];
  return markdownTable(
    ['', ...WAY_NAMES.map((way) => WAYS[way])],
    rows.map(([name, show]) => [name, ...cells.map((run) => (run ? show(run) : NONE))]),
  );
}

const LEFT: readonly (readonly [string, (kill: Kill) => string])[] = [
  ['untouched', ({ untouched }) => String(untouched)],
  ['neither 2.3 nor 2.4', ({ between }) => String(between)],
  ['upgraded', ({ upgraded }) => String(upgraded)],
  ['DeploymentConfigs paused', ({ pausedConfigs }) => String(pausedConfigs)],
  ['typed again, to its end', ({ againMs }) => seconds(againMs)],
  ['without a ready system-app, over all', ({ downMs }) => seconds(downMs)],
  ['tenants not upgraded then', ({ notUpgraded }) => String(notUpgraded.length)],
];

function killed(kills: readonly Kill[]): string[] {
  const sizes = [...new Set(kills.map(({ tenants }) => tenants))].sort((one, other) => one - other);
  return sizes.flatMap((tenants) => {
    const cells = WAY_NAMES.map((way) => kills.find((kill) => kill.way === way && kill.tenants === tenants));
    const table = markdownTable(
      [tenants === 1 ? 'of one tenant' : `of ${tenants} tenants`, ...WAY_NAMES.map((way) => WAYS[way])],
      LEFT.map(([name, show]) => [name, ...cells.map((kill) => (kill ? show(kill) : NONE))]),
    );
    const stood = cells.flatMap((kill) =>
      kill && kill.lacking.length > 0 ? [`- ${capital(WAYS[kill.way])}: ${kill.lacking.join('; ')}.`] : [],
    );
    const left = cells.flatMap((kill) =>
      kill && kill.notUpgraded.length > 0
        ? [`- ${capital(WAYS[kill.way])}, typed again, leaves: ${kill.notUpgraded[0] ?? ''}.`]
        : [],
    );
    return [
      table,
      ...(tenants === sizes[0] ? [`What was lacking then:`, [...stood, ...left].join('\n')] : []),
    ];
  });
}
