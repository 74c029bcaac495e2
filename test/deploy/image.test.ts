/** The Dockerfile: linted, and its steps carried out in folders, with what comes of them run as somebody who may write nothing. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { validate } from 'dockerfile-utils';
import { execa } from 'execa';
import { ROOT } from '../support/compose-file.ts';
import { carryOut, readDockerfile, stagesOf, wordsOf } from '../support/dockerfile.ts';
import { untilSaid } from '../support/until-said.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

const text = readDockerfile(ROOT);
const stages = stagesOf(text);
const [build, production, final] = stages;
if (!build || !production || !final) throw new Error('the Dockerfile has three stages');

test('it has nothing that a linter has found', () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  expect(validate('FROM node\nRUNN x\n')).not.toEqual([]);
});

test('every stage is of the very Node.js that the tests run on, and slim', () => {
  const images = new Set(stages.map(({ image }) => image));
  expect([...images]).toEqual([`node:${process.versions.node}-bookworm-slim`]);
});

test('it ends as somebody who is not root, with the worker as what it does by itself', () => {
  expect(final.instructions.filter(({ name }) => name === 'USER').at(-1)?.rest).toBe('1000:1000');
  expect(wordsOf(final, 'ENTRYPOINT')).toEqual(['node', '/app/bin/threescale-upgrade.js']);
  expect(wordsOf(final, 'CMD')).toEqual(['worker']);
});

test('its last stage installs nothing, and takes the package managers away', () => {
  const runs = final.instructions.filter(({ name }) => name === 'RUN').map(({ rest }) => rest);
  expect(runs).toEqual([expect.stringMatching(/^rm -rf (\/\S+ ?)+$/), 'mkdir -m 1777 /reports']);
  for (const tool of ['/usr/local/lib/node_modules', '/usr/local/bin/npm', '/usr/local/bin/corepack'])
    expect(runs[0]?.split(' ')).toContain(tool);
});

test('the build context is what is copied, and no more', () => {
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
  const let_in = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  expect(let_in.toSorted()).toEqual([...new Set(copied)].toSorted());
});

describe('what it makes', () => {
  let folder = '';
  let app = '';
  let node = '';
  let lab: Lab | undefined;
  /** The machine's own root may write everywhere: it runs as somebody else, as in the image. */
  const nobody = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-image-'));
    chmodSync(folder, 0o755);
    // Where the image has it. A checkout may lie where only its owner reads.
    node = join(folder, 'usr/local/bin/node');
    mkdirSync(dirname(node), { recursive: true });
    copyFileSync(process.execPath, node);
    const env = {
      PATH: [dirname(node), process.env['PATH'] ?? ''].join(delimiter),
      HOME: process.env['HOME'] ?? folder,
    };
    const roots = { build: join(folder, 'build'), production: join(folder, 'production') };
    const folders = { context: ROOT, roots, env };
    await carryOut(build, roots.build, folders, true);
    await carryOut(production, roots.production, folders, true);
    // Its RUN takes things away from the image, and would from this machine.
    await carryOut(final, join(folder, 'final'), folders, false);
    app = join(folder, 'final/app');
    await execa('chmod', ['-R', 'a+rX,a-w', app]);
  }, 900_000);
  afterAll(async () => {
    await lab?.close();
    await execa('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    execa(
      node,
      [
        ...wordsOf(final, 'ENTRYPOINT')
          .slice(1)
          .map((path) => join(folder, 'final', path)),
        ...args,
      ],
      {
        ...nobody,
        cwd: app,
        extendEnv: false,
        env: { PATH: dirname(node), HOME: '/nowhere', NODE_ENV: 'production', ...env },
        reject: false,
      },
    );

  test('it is the command, and says which', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: version });
  });

  test('it has no sources, no build tools of ours, and what Temporal has for one platform', () => {
    expect(readdirSync(app).toSorted()).toEqual([
      'LICENSE',
      'bin',
      'dist',
      'node_modules',
      'package.json',
      'sbom.cdx.json',
    ]);
    const has = (name: string): boolean => existsSync(join(app, 'node_modules', name));
    expect(['typescript', 'jest', 'eslint', 'node', 'execa'].filter(has)).toEqual([]);
    expect(has('@temporalio/worker')).toBe(true);
    expect(readdirSync(join(app, 'node_modules/@temporalio/core-bridge/releases'))).toHaveLength(1);
  });

  test('the command is bundled, with the licences of the packages that are put in it', () => {
    const made = readdirSync(join(app, 'dist/bundled'));
    expect(made.length).toBeLessThan(400);
    const licences = readFileSync(join(app, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
    for (const name of ['@kubernetes/client-node', 'undici', 'zod', 'yaml', 'luxon', 'js-yaml'])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    const code = made.map((name) => readFileSync(join(app, 'dist/bundled', name), 'utf8')).join('');
    // A model that nothing here reads: were it there, the other eight hundred would be.
    expect(code).not.toContain('class V1CinderVolumeSource');
  });

  test('its bill of materials names every package that is in it', () => {
    const { components } = JSON.parse(readFileSync(join(app, 'sbom.cdx.json'), 'utf8')) as {
      components: { name: string; group?: string }[];
    };
    const named = new Set(components.map(({ name }) => name));
    const folderOf = join(app, 'node_modules');
    const installed = readdirSync(folderOf)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) =>
        name.startsWith('@') ? readdirSync(join(folderOf, name)).map((part) => `${name}/${part}`) : [name],
      );
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter((name) => !named.has(name))).toEqual([]);
  });

  test('its worker starts with the workflows that are built in, writes nothing, and ends when it is told', async () => {
    lab = await openLab({ worker: false });
    chmodSync(lab.folder, 0o755);
    chmodSync(lab.kubeconfig, 0o644);
    const before = statSync(app).mtimeMs;
    const worker = run(['worker', '--kubeconfig', lab.kubeconfig], { TEMPORAL_ADDRESS: lab.target.address });
    await untilSaid(worker, 'worker ready');
    worker.kill('SIGTERM');
    const { exitCode, stderr } = await worker;
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('handed over'),
    });
    expect(statSync(app).mtimeMs).toBe(before);
    expect(existsSync('/nowhere')).toBe(false);
  });
});
