/** Part of `npm run build`, and where sources run: makes the page, as `ui` serves it, in dist/desk or in the folder it is told. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [, , folder] = process.argv;
const there = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

await build({ configFile: there('desk/vite.config.ts'), build: { outDir: folder ?? there('dist/desk') } });
