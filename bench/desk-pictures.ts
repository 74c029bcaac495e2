/** `npm run desk:pictures`: the pictures of docs/desk.md, of a fleet on the simulator. Needs a Chromium. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch, openPage } from '../test/support/browser.ts';
import { DeskStand, FLEET } from '../test/support/desk-stand.ts';
import { runFleet } from '../test/support/fleet-cli.ts';

const FOLDER = fileURLToPath(new URL('../docs/desk/', import.meta.url));

const stand = await DeskStand.open('change 4711');
const browser = await launch();
try {
  await runFleet('approve', FLEET, '--wave', 'day', '--by', 'olga', '--why', 'the canary is well');
  await stand.untilSettled();
  const baseURL = await stand.desk({ allowActions: true });
  const { cluster } = stand.lab.clusters.tenant('sim2', 'portal');
  const tenant = `/tenants/sim2/portal?cluster=${encodeURIComponent(cluster)}`;
  mkdirSync(FOLDER, { recursive: true });
  const shots = [
    { name: 'needs-me', path: '/', colorScheme: 'light', width: 1100 },
    { name: 'fleet', path: `/fleets/${FLEET}`, colorScheme: 'light', width: 1100 },
    { name: 'matrix-dark', path: `/fleets/${FLEET}/tenants`, colorScheme: 'dark', width: 1100 },
    { name: 'tenant', path: tenant, colorScheme: 'light', width: 1100 },
    { name: 'fleet-narrow', path: `/fleets/${FLEET}`, colorScheme: 'dark', width: 320 },
  ] as const;
  for (const { name, path, colorScheme, width } of shots) {
    const { page } = await openPage(browser, { baseURL, colorScheme, viewport: { width, height: 700 } });
    await page.goto(path);
    await page.locator('.fresh').waitFor();
    await page.screenshot({ path: `${FOLDER}${name}.png` });
    await page.context().close();
  }
} finally {
  await browser.close();
  await stand.close();
}
