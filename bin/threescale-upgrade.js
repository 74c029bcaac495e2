#!/usr/bin/env node
// Starts the command on a Node that can run it: this one when it is new enough, else the one pinned in this checkout.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInstead } from './run-instead.js';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
// A key that was pressed to complete a word loads next to nothing.
const main = process.argv[2] === '__complete' ? 'completion/main' : 'main';
const built = file(`../dist/src/cli/${main}.js`);
const source = file(`../src/cli/${main}.ts`);
const entry = existsSync(source) ? source : built;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// Sources run by type stripping (22.18+); @kubernetes/client-node needs 22.19.
const newEnough = major > 22 || (major === 22 && minor >= 19);

if (newEnough) {
  await import(entry);
} else {
  const pinned = file('../node_modules/node/bin/node');
  if (!existsSync(pinned)) {
    console.error(
      `threescale-upgrade: needs Node.js 22.19 or newer, this is ${process.versions.node}.\n` +
        'Install a newer Node.js, or run `npm ci` in the checkout, which brings its own.',
    );
    process.exit(1);
  }
  runInstead(pinned, [entry, ...process.argv.slice(2)]);
}
