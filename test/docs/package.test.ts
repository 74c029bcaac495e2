/** What `npm pack` makes: the licence, the documents, and links that lead to what is in it; and what it says of Node.js. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

// What is built is not looked at here.
const [pack] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as [{ readonly files: readonly { readonly path: string }[] }];
const packed = pack.files.map(({ path }) => path);

const manifest = JSON.parse(read('package.json')) as {
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

test('has the licence that it names, and the documents', () => {
  expect(packed).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'docs/cli.md', 'examples/tenant.yaml']),
  );
  expect(packed).toEqual(expect.arrayContaining(Object.values(manifest.bin)));
  expect(manifest.license).toBe('Apache-2.0');
  expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
});

test('is built before it is packed, and has no sources, tests or state', () => {
  expect(manifest.scripts['prepack']).toBe('npm run build');
  const allowed = /^(bin|dist|docs|examples)\/|^(LICENSE|package\.json|[A-Z]+\.md)$/;
  expect(packed.filter((path) => !allowed.test(path))).toEqual([]);
});

test.each(packed.filter((path) => path.endsWith('.md')))('the links of %s lead to what is packed', (path) => {
  const links = [...read(path).matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)].map(([, link]) => link ?? '');
  const targets = links.map((link) => normalize(join(dirname(path), link)).replace(/\/$/, ''));
  const missing = targets.filter(
    (target) => !packed.some((file) => file === target || file.startsWith(`${target}/`)),
  );
  expect(missing).toEqual([]);
});

/** As GitHub names a heading. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

test.each(packed.filter((path) => path.endsWith('.md')))(
  'the headings that %s links to are there',
  (path) => {
    const links = [...read(path).matchAll(/\]\((?![a-z]+:)([^)#\s]*)#([^)\s]+)\)/g)];
    const missing = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? path : normalize(join(dirname(path), file));
      return target.endsWith('.md') && !anchorsOf(read(target)).includes(decodeURIComponent(anchor));
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  },
);

test('the README, the launcher and the manifest agree on the Node.js that the package needs', () => {
  const [, needed = ''] = /^>=(\d+\.\d+)$/.exec(manifest.engines.node) ?? [];
  expect(read('README.md')).toMatch(
    new RegExp(`package needs Node\\.js ${needed.replace('.', '\\.')} or newer`),
  );
  expect(read('bin/threescale-upgrade.js')).toContain(`needs Node.js ${needed} or newer`);
});
