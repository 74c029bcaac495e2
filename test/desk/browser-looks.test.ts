import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { chromiumOrSayIt, launch, openPage, overflow, seriousFindings } from '../support/browser.ts';
import { openLine } from '../support/cut-line.ts';
import { DeskStand, FLEET, HOSTILE } from '../support/desk-stand.ts';
import { runFleet } from '../support/fleet-cli.ts';

const MINUTES = 60_000;
const withBrowser =
  chromiumOrSayIt('the desk as a browser shows it') === undefined ? describe.skip : describe;

withBrowser('the desk in a browser', () => {
  let stand: DeskStand;
  let browser: Browser;
  let readOnly: string;
  let paths: string[];

  beforeAll(async () => {
    // Told as silent after two tries: all others are done long before eight.
    stand = await DeskStand.open(HOSTILE, 2);
    await runFleet('approve', FLEET, '--wave', 'day', '--by', 'olga', '--why', 'the canary is well');
    await stand.untilSettled();
    readOnly = await stand.desk({ allowActions: false });
    browser = await launch();
    const { cluster } = stand.lab.clusters.tenant('sim2', 'portal');
    const fleet = `/fleets/${FLEET}`;
    const tenant = `/tenants/sim2/portal?cluster=${encodeURIComponent(cluster)}`;
    paths = [
      '/',
      '/fleets',
      fleet,
      `${fleet}/tenants`,
      `${fleet}/windows`,
      `${fleet}/journal`,
      tenant,
      '/tenants',
    ];
  }, 5 * MINUTES);
  afterAll(async () => {
    await browser.close();
    await stand.close();
  });

  test('every page, light and dark, wide and narrow: nothing serious against it, nothing beside the window', async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 320]) {
        const { page, faults } = await openPage(browser, { colorScheme, viewport: { width, height: 900 } });
        for (const path of paths) {
          await page.goto(readOnly + path);
          await page.locator('.fresh').waitFor();
          const where = `${path} ${colorScheme} ${width}`;
          expect([where, await overflow(page)]).toEqual([where, 0]);
          expect([where, await seriousFindings(page)]).toEqual([where, []]);
        }
        expect(faults).toEqual([]);
        await page.context().close();
      }
  });

  test('what a page counts is what the command counts', async () => {
    const { out } = await runFleet('status', FLEET, '-o', 'json');
    const { counts } = JSON.parse(out) as { counts: Record<string, number> };
    const { page } = await openPage(browser);
    await page.goto(`${readOnly}/fleets/${FLEET}`);
    for (const [state, count] of Object.entries(counts).filter(([, one]) => one > 0))
      await page.locator('.counts').first().getByText(`${count} ${state}`).waitFor();
    await page.goto(`${readOnly}/`);
    for (const state of ['held', 'unreachable', 'reverted', 'blocked'])
      await page.locator('.tally').getByText(`1 ${state}`).waitFor();
    await page.context().close();
  });

  test('one that only looks says so, and offers no act', async () => {
    const { page } = await openPage(browser);
    for (const path of paths) {
      await page.goto(readOnly + path);
      await page.locator('.fresh').waitFor();
      expect(await page.locator('.read-only').textContent()).toContain('--allow-actions');
      expect(await page.locator('.offers button:not(.quiet), .acts button, .many').count()).toBe(0);
    }
    await page.context().close();
  });

  test('the words of others are shown, and not carried out', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${readOnly}/fleets/${FLEET}/journal`);
    await page.getByText(HOSTILE).first().waitFor();
    expect(await page.title()).toBe(`${FLEET} — 3scale upgrades`);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a filter is in the address; the keyboard alone moves through the matrix and opens a tenant', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${readOnly}/fleets/${FLEET}/tenants?state=held&state=upgraded`);
    await page.getByText('3 of 7 tenants').waitFor();
    await page.getByRole('searchbox', { name: 'Find' }).fill('portal');
    await page.getByText('1 of 7 tenants').waitFor();
    expect(new URL(page.url()).search).toBe('?state=held&state=upgraded&text=portal');
    await page.reload();
    await page.getByText('1 of 7 tenants').waitFor();

    await page.goto(`${readOnly}/fleets/${FLEET}/tenants`);
    await page.getByRole('combobox', { name: 'Label' }).selectOption({ label: 'tier=canary (1)' });
    await page.getByText('1 of 7 tenants').waitFor();
    expect(new URL(page.url()).searchParams.getAll('label')).toEqual(['tier=canary']);
    await page.getByRole('grid').getByText('canary').first().waitFor();
    await page.getByRole('button', { name: 'tier=canary' }).click();
    await page.getByRole('grid').getByText('night').waitFor();

    await page.goto(`${readOnly}/fleets/${FLEET}/tenants`);
    await page.getByRole('grid').getByText('night').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.getByRole('grid').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const cell = await page.getByRole('grid').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${cell ?? ''}`).textContent()).toContain('reverted');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'billing', level: 1 }).waitFor();
    await page.context().close();
  });

  test('a line that is cut is said, with the age of what is shown; mended, the page catches up by itself', async () => {
    const line = await openLine(readOnly);
    const { page } = await openPage(browser);
    await page.goto(`${line.url}/fleets/${FLEET}`);
    await page.locator('.fresh').waitFor();
    line.cut();
    await page.getByText('does not answer since').waitFor();
    expect(await page.locator('.notice').first().textContent()).toMatch(/as last seen .* ago/);
    await page.locator('.counts').first().getByText('1 held').waitFor();
    await runFleet('pause', FLEET, '--by', 'olga', '--why', 'while the line is cut');
    line.mend();
    await page.locator('.notice', { hasText: 'Paused by olga' }).waitFor();
    await page.locator('.fresh').waitFor();
    await runFleet('resume', FLEET, '--by', 'olga', '--why', 'it is mended');
    await page.locator('.notice', { hasText: 'Paused by olga' }).waitFor({ state: 'detached' });
    await page.context().close();
    await line.close();
  });
});
