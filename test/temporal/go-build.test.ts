/** What is built with Go once on a machine: one process builds it, as a whole, and the others find it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildWithGo, isBuilt } from '../../src/temporal/dev-server/go-build.ts';

/** In the place of Go: notes what it was asked for, and makes commands as Go names them. */
const GO = `#!/bin/sh
echo "$@" >> "$0.asked"
test -e "$0.fails" && { echo "go: downloading" >&2; echo "no such module" >&2; exit 1; }
touch "$GOBIN/server" "$GOBIN/sql"
`;

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-go-'));
const go = join(folder, 'path', 'go');
const path = process.env['PATH'] ?? '';
const build = {
  what: 'a server',
  folder: join(folder, 'cache', 'server-1.2.3'),
  packages: { 'a-server': 'example.com/cmd/server@v1.2.3', 'an-sql-tool': 'example.com/tools/sql@v1.2.3' },
};
const said: string[] = [];
const say = (line: string): void => void said.push(line);

beforeAll(() => {
  mkdirSync(join(folder, 'path'));
  writeFileSync(go, GO);
  chmodSync(go, 0o755);
  process.env['PATH'] = [join(folder, 'path'), path].join(delimiter);
});
afterAll(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

test('a build that fails says why, and leaves nothing but its folder', async () => {
  writeFileSync(`${go}.fails`, '');
  await expect(buildWithGo(build, say)).rejects.toThrow('no such module');
  expect([readdirSync(join(folder, 'cache')), isBuilt(build)]).toEqual([['server-1.2.3'], false]);
  rmSync(`${go}.fails`);
  rmSync(`${go}.asked`);
});

test('it is built once, under the names that are asked for', async () => {
  await Promise.all([buildWithGo(build, say), buildWithGo(build, say)]);
  await buildWithGo(build, say);
  expect(readFileSync(`${go}.asked`, 'utf8').trim().split('\n')).toEqual([
    'install -ldflags -s -w example.com/cmd/server@v1.2.3 example.com/tools/sql@v1.2.3',
  ]);
  expect(existsSync(join(build.folder, 'a-server')) && isBuilt(build)).toBe(true);
  expect(readdirSync(join(folder, 'cache'))).toEqual(['server-1.2.3']);
  expect(said.filter((line) => line.startsWith('built in'))).toHaveLength(1);
});
