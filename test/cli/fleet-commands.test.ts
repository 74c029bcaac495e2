import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { createProgram } from '../../src/cli/program.ts';
import { reportError } from '../../src/cli/errors.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ timing: { rolloutMs: 100, hookMs: 50, importMs: 20, terminationMs: 10 } });
});
afterAll(() => lab.close());

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `fleet …` as a user would without a terminal, in this process; `onErr` sees what is said as it is. */
async function fleet(args: readonly string[], onErr?: (line: string) => void): Promise<Result> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => {
      err.push(line);
      onErr?.(line);
    },
    interactive: false,
    colors: picocolors.createColors(false),
  };
  let code = 0;
  try {
    await createProgram(io, '0.0.0', (ended) => (code = ended)).parseAsync(['node', 'x', 'fleet', ...args]);
  } catch (error) {
    code = reportError(error, io);
  }
  return { code, out: out.join('\n'), err: err.join('\n') };
}

let count = 0;
/** A fleet file for tenants of its own: the first is the canary, the others need approval. */
async function fleetOf(size: number, more = '') {
  const name = `fleet-${(count += 1)}`;
  const tenants = Array.from({ length: size }, (_, place) => `${name}-${place + 1}`);
  for (const namespace of tenants) await lab.simulator.install('sim1', namespace);
  const file = join(lab.folder, `${name}.yaml`);
  const write = (names: readonly string[], extra = more): void => {
    const lines = names.map(
      (namespace) => `  - {name: ${namespace}, context: sim1, namespace: ${namespace}}`,
    );
    writeFileSync(
      file,
      `name: ${name}\ntenants:\n${lines.join('\n')}\nwaves:\n` +
        `  - {name: canary, select: {tenants: [${tenants[0] ?? ''}]}}\n` +
        `  - {name: rest, select: {rest: true}, approval: required}\n${extra}`,
    );
  };
  write(tenants);
  const flags = ['-f', file, '--kubeconfig', lab.kubeconfig, '--yes', '--why', 'change 4711', '--by', 'olga'];
  return { name, tenants, file, write, flags };
}

const signed = ['--why', 'because', '--by', 'otto', '--no-watch'];
const progressOf = ({ out }: Result): FleetProgress => JSON.parse(out) as FleetProgress;

test('start, approve, halt, retry, report and revert tell one story', async () => {
  const { name, tenants, flags, file, write } = await fleetOf(
    3,
    'failureBudget: {failed: 0}\nmaxConcurrent: 1\n',
  );
  const [canary = '', second = ''] = tenants;
  lab.cluster.faults.onWork('rollout', { namespace: second, name: 'zync', message: 'crash loop', times: 2 });

  const started = await fleet(['start', ...flags]);
  expect([started.code, started.err]).toEqual([
    4,
    expect.stringContaining('3 tenants on 1 cluster, in 2 waves'),
  ]);
  expect(started.out).toContain(`${canary} (wave canary): upgraded`);
  expect(started.out).toContain(`threescale-upgrade fleet approve ${name} --wave rest --why "…"`);

  const again = await fleet(['start', ...flags]);
  expect([again.code, again.err]).toEqual([4, expect.stringContaining('attaching to it')]);
  write(tenants, 'maxConcurrent: 5\n');
  const other = await fleet(['start', ...flags]);
  expect([other.code, other.err]).toEqual([7, expect.stringContaining(`fleet apply -f ${file}`)]);

  const over = await fleet(['approve', name, '--wave', 'canary', ...signed]);
  expect([over.code, over.err]).toEqual([7, expect.stringContaining('wave canary is over')]);
  const approved = await fleet(['approve', name, '--wave', 'rest', '--why', 'looks well', '--watch']);
  expect(approved.code).toBe(4);
  expect(approved.out).toContain(`${second} (wave rest): reverted`);
  expect(approved.out).toContain('1 of 3 failed, and 0 may be');

  const resumed = await fleet(['resume', name, ...signed]);
  expect(resumed.code).toBe(7);
  expect(resumed.err).toContain(`fleet set ${name} --failed 1`);
  expect((await fleet(['set', name, '--failed', '1', ...signed])).err).toContain('"failed":{"count":1}');
  expect((await fleet(['resume', name, ...signed])).code).toBe(0);
  expect((await fleet(['status', name, '--wait'])).code).toBe(5);

  const retried = await fleet(['retry', name, '--all', '--why', 'node is back', '--watch', '-o', 'json']);
  expect([retried.code, progressOf(retried).counts.upgraded]).toEqual([0, 3]);
  const late = await fleet(['pause', name, '--why', 'too late']);
  expect([late.code, late.err]).toEqual([7, expect.stringContaining('has ended')]);

  const report = await fleet(['report', name]);
  expect(report.out).toMatch(/started \| olga \| change 4711/);
  expect(report.out).toContain('| rest | done | 2: 2 upgraded |');
  expect(report.out).toContain('Roll out dc/system-app: migrates the database');
  const listed = await fleet(['list', name, '--state', 'upgraded', '--wave', 'canary', '-o', 'json']);
  expect((JSON.parse(listed.out) as TenantLine[]).map((line) => line.name)).toEqual([canary]);
  expect((await fleet(['list'])).out).toMatch(new RegExp(`${name} +2\\.3 → 2\\.4 +ended`));

  const unconfirmed = await fleet(['revert', name, '--tenant', canary, ...signed]);
  expect([unconfirmed.code, unconfirmed.err]).toEqual([64, expect.stringContaining(`--confirm ${name}`)]);
  const reverted = await fleet([
    'revert',
    name,
    '--tenant',
    canary,
    '--confirm',
    name,
    '--why',
    'portal',
    '--watch',
    '-o',
    'json',
  ]);
  expect(progressOf(reverted).counts).toMatchObject({ upgraded: 2, 'rolled-back': 1 });
});

test('pause waits until everything has stopped, and resume goes on', async () => {
  const { name, flags } = await fleetOf(1);
  const started = fleet(['start', ...flags, '--wait']);
  let running: FleetProgress | undefined;
  while (running?.counts.running !== 1) {
    const status = await fleet(['status', name, '-o', 'json']);
    running = status.code === 0 ? progressOf(status) : undefined;
  }
  const paused = await fleet(['pause', name, '--wait', '--why', 'lunch', '-o', 'json']);
  expect([paused.code, progressOf(paused).phase]).toEqual([0, 'paused']);
  expect(progressOf(paused).stoppedAt).toBeDefined();
  expect((await fleet(['resume', name, ...signed])).code).toBe(0);
  const ended = await started;
  expect([ended.code, ended.out]).toEqual([0, expect.stringContaining('1 upgraded')]);
});

test('abort skips what has not begun', async () => {
  const { name, flags } = await fleetOf(2);
  expect((await fleet(['start', ...flags])).code).toBe(4);
  const aborted = await fleet(['abort', name, '--finish', '--yes', '--why', 'withdrawn', '--watch']);
  expect([aborted.code, aborted.out]).toEqual([5, expect.stringContaining('1 upgraded, 1 skipped')]);
});

describe('apply', () => {
  let shop: Awaited<ReturnType<typeof fleetOf>>;
  beforeAll(async () => {
    shop = await fleetOf(3);
    await fleet(['start', ...shop.flags]);
  });
  const apply = (more: readonly string[] = [], onErr?: (line: string) => void): Promise<Result> =>
    fleet(['apply', ...shop.flags, '--no-watch', ...more], onErr);

  test('says so where there is nothing to change', async () => {
    const same = await apply();
    expect([same.code, same.err]).toEqual([0, expect.stringContaining('Nothing to change')]);
  });

  test('shows the difference, changes nothing with --dry-run, and takes it over without', async () => {
    shop.write(shop.tenants.slice(0, 2), 'maxConcurrent: 2\n');
    const dry = await apply(['--dry-run']);
    expect(dry.code).toBe(2);
    expect(dry.err).toContain(`- 1 tenant less: ${shop.tenants[2] ?? ''} (wave rest)`);
    expect(dry.err).toContain('maxConcurrent: 10 → 2');
    const applied = await apply();
    expect([applied.code, applied.err]).toEqual([0, expect.stringContaining('runs with')]);
    const status = await fleet(['status', shop.name, '-o', 'json']);
    expect(progressOf(status)).toMatchObject({ total: 2, limits: { maxConcurrent: 2 } });
  });

  test('refuses to remove a tenant that was started', async () => {
    writeFileSync(
      shop.file,
      `name: ${shop.name}\ntenants:\n  - {name: ${shop.tenants[1] ?? ''}, context: sim1, namespace: ${shop.tenants[1] ?? ''}}\n`,
    );
    for (const more of [[], ['--dry-run']]) {
      const refused = await apply(more);
      expect(refused.code).toBe(7);
      expect(refused.err).toContain(`${shop.tenants[0] ?? ''} (upgraded) cannot be removed`);
      // An upgraded one cannot be skipped: nothing is named that would be refused.
      expect(refused.err).toMatch(/Put it back into the file\.$/);
    }
  });

  test('names the command that leaves out what failed, and it does', async () => {
    const { name, tenants, flags, write } = await fleetOf(2);
    const [canary = '', other = ''] = tenants;
    lab.cluster.faults.onWork('rollout', {
      namespace: canary,
      name: 'zync',
      message: 'crash loop',
      times: 2,
    });
    expect((await fleet(['start', ...flags])).code).toBe(4);
    write([other, canary], 'maxConcurrent: 3\n');
    expect((await fleet(['apply', ...flags, '--dry-run'])).code).toBe(2);
    writeFileSync(
      flags[1] ?? '',
      `name: ${name}\ntenants:\n  - {name: ${other}, context: sim1, namespace: ${other}}\n`,
    );
    const refused = await fleet(['apply', ...flags, '--dry-run']);
    const typed = `threescale-upgrade fleet skip ${name} --tenant ${canary} --why "…"`;
    expect([refused.code, refused.err]).toEqual([7, expect.stringContaining(typed)]);
    const skipped = await fleet(['skip', name, '--tenant', canary, ...signed]);
    expect([skipped.code, skipped.err]).toEqual([0, expect.stringContaining(`skips 1 tenant: ${canary}`)]);
    expect((await fleet(['abort', name, '--finish', '--yes', ...signed])).code).toBe(0);
    const late = await fleet(['apply', ...flags, '--dry-run']);
    expect([late.code, late.err]).toEqual([7, expect.stringMatching(/has ended|is being aborted/)]);
  });

  test('refuses a file that changed while its difference was looked at', async () => {
    shop.write(shop.tenants, 'maxConcurrent: 7\n');
    const refused = await apply([], (line) => {
      if (line.includes('What changes')) shop.write(shop.tenants, 'maxConcurrent: 8\n');
    });
    expect([refused.code, refused.err]).toEqual([7, expect.stringContaining('changed under apply')]);
    const status = await fleet(['status', shop.name, '-o', 'json']);
    expect(progressOf(status).limits.maxConcurrent).toBe(2);
  });
});

describe('what cannot be is refused with what to type instead', () => {
  test.each([
    ['a fleet that is not there', ['status', 'nowhere'], 7, 'there is no fleet nowhere', 'fleet list'],
    ['a message to it', ['approve', 'nowhere', '-w', 'x', ...signed], 7, 'there is no fleet nowhere'],
    ['no name', ['status'], 64, "missing required argument 'name'"],
    ['no file', ['start'], 64, "required option '-f, --file <path>'"],
    ['a file that is not there', ['start', '-f', 'none.yaml'], 64, 'none.yaml'],
    ['no reason', ['pause', 'prod'], 64, 'pause needs a reason', 'fleet pause prod --why'],
    ['no wave to approve', ['approve', 'prod', '--why', 'x'], 64, "required option '-w, --wave <name>'"],
    [
      'an abort that does not say which',
      ['abort', 'prod', '--why', 'x'],
      64,
      'needs one of --finish and --revert',
    ],
    ['an abort that says both', ['abort', 'prod', '--finish', '--revert', '--why', 'x'], 64, 'needs one of'],
    ['a retry of nobody', ['retry', 'prod', '--why', 'x'], 64, 'must be told which tenants', '--tenant NAME'],
    ['a retry of two kinds', ['retry', 'prod', '--all', '-w', 'x', '--why', 'x'], 64, 'exclude each other'],
    ['a skip of all', ['skip', 'prod', '--all', '--why', 'x'], 64, "unknown option '--all'"],
    ['nothing to set', ['set', 'prod', '--why', 'x'], 64, 'nothing to set', '--max-concurrent 5'],
    ['a budget that is no number', ['set', 'prod', '--failed', 'some', '--why', 'x'], 64, 'such as 5%'],
    ['a budget above all', ['set', 'prod', '--failed', '101%', '--why', 'x'], 64, 'such as 5%'],
    [
      'no tenants at once',
      ['set', 'prod', '--max-concurrent', '0', '--why', 'x'],
      64,
      'a whole number, 1 or more',
    ],
    [
      'an unknown state',
      ['list', 'prod', '--state', 'broken'],
      64,
      'There is no state broken',
      'unreachable',
    ],
    ['a state of no fleet', ['list', '--state', 'held'], 64, 'name one', 'fleet list prod'],
    ['another output', ['status', 'prod', '-o', 'xml'], 64, 'Use text or json'],
  ] as const)('%s', async (_, args, code, ...said) => {
    const result = await fleet(args);
    expect(result.code).toBe(code);
    for (const text of said) expect(result.err).toContain(text);
  });
});
