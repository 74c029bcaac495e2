import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromiumOrSayIt, launch, openPage, seriousFindings } from '../support/browser.ts';
import { DeskStand, FLEET } from '../support/desk-stand.ts';
import { runFleet } from '../support/fleet-cli.ts';

const MINUTES = 60_000;
const withBrowser =
  chromiumOrSayIt('what is said by the desk in a browser') === undefined ? describe.skip : describe;

/** Says who and why in the dialog that is open, and the name where it is asked for; returns what was answered. */
async function sayIt(
  page: Page,
  { why, confirm }: { readonly why: string; readonly confirm?: string },
): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[name=by]').fill('paul');
  const done = dialog.locator('button[type=submit]');
  expect(await done.isDisabled()).toBe(true);
  await dialog.locator('input[name=why]').fill(why);
  if (confirm !== undefined) {
    expect(await done.isDisabled()).toBe(true);
    await dialog.locator('input[name=confirm]').fill(confirm);
  }
  expect(await seriousFindings(page)).toEqual([]);
  await done.click();
  const answer = await dialog.locator('.notice').textContent();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return answer ?? '';
}

withBrowser('a fleet steered in a browser', () => {
  let stand: DeskStand;
  let browser: Browser;
  let page: Page;
  let other: Page;
  let faults: string[];

  beforeAll(async () => {
    stand = await DeskStand.open();
    const desk = await stand.desk({ allowActions: true });
    browser = await launch();
    ({ page, faults } = await openPage(browser, { baseURL: desk }));
    ({ page: other } = await openPage(browser, { baseURL: desk }));
  }, 5 * MINUTES);
  afterAll(async () => {
    await browser.close();
    await stand.close();
  });

  const press = (name: string, on = page): Promise<void> =>
    on.getByRole('main').getByRole('button', { name, exact: false }).first().click();

  test('a wave that waits for approval is approved where it is shown, and another browser sees it', async () => {
    await other.goto(`/fleets/${FLEET}`);
    await other.getByText('awaits approval').first().waitFor();
    await page.goto('/');
    await press('Approve');
    await page.getByRole('dialog').getByText('6 tenants').first().waitFor();
    await sayIt(page, { why: 'the canary is well' });
    await other.getByText('approved by paul').waitFor();
    await stand.until(({ counts }) => counts.held + counts.reverted + counts.blocked === 3);
  });

  test('a file with other limits is applied once its difference was seen', async () => {
    await page.goto(`/fleets/${FLEET}`);
    await press('apply a file');
    await page.locator('textarea').fill(readFileSync(stand.file, 'utf8').replace('blocked: 3', 'blocked: 4'));
    await page.getByRole('button', { name: 'Show the difference' }).click();
    expect(await page.getByRole('dialog').locator('.diff').textContent()).toContain('4');
    const confirm = (await page.locator('input[name=confirm]').count()) > 0 ? FLEET : undefined;
    await sayIt(page, { why: 'room for one more', ...(confirm ? { confirm } : {}) });
    await stand.until(({ limits }) => limits.failureBudget.blocked === '4');
  });

  test('limits are set, and a file that is none is refused in words', async () => {
    await press('set limits');
    await page.getByLabel('Tenants at once').fill('7');
    await page.getByRole('button', { name: 'Show what comes of it' }).click();
    await sayIt(page, { why: 'it is quiet' });
    await stand.until(({ limits }) => limits.maxConcurrent === 7);
    await other.getByText('At once: 7').waitFor();
    await press('apply a file');
    await page.locator('textarea').fill('name: 7');
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  test('it is paused and goes on, and both browsers show who said so', async () => {
    await press('Pause');
    await sayIt(page, { why: 'a look at the database' });
    for (const one of [page, other]) await one.locator('.notice', { hasText: 'Paused by paul' }).waitFor();
    await press('Resume');
    await sayIt(page, { why: 'it is well' });
    for (const one of [page, other])
      await one.locator('.notice', { hasText: 'Paused by paul' }).waitFor({ state: 'detached' });
  });

  test('of tenants that are picked one is tried again, one left out, and one taken back once its fleet is named', async () => {
    const pickAndSay = async (
      name: string,
      verb: string,
      more: Parameters<typeof sayIt>[1],
    ): Promise<void> => {
      await page.goto(`/fleets/${FLEET}/tenants`);
      await page.getByRole('checkbox', { name: `Pick ${name}` }).check();
      await page.getByRole('button', { name: verb, exact: true }).click();
      await page.getByRole('dialog').getByText(name).first().waitFor();
      await sayIt(page, more);
    };
    await pickAndSay('portal', 'retry', { why: 'the node is back' });
    await stand.until(({ counts }) => counts.held === 0 && counts.upgraded === 3);
    await pickAndSay('partners', 'skip', { why: 'it stays at 2.2' });
    await pickAndSay('shop', 'revert', { why: 'its customers ask for it', confirm: FLEET });
    await stand.until(({ counts }) => counts.skipped === 1 && counts['rolled-back'] === 1);
  });

  test('a single tenant that waits for its window is paused, goes on, and is given up', async () => {
    const window = { opens: '0 0 1 1 *', durationMinutes: 600, zone: 'Europe/Berlin' };
    const handle = await stand.lab.start('alone', { windows: { windows: [window], freezes: [] } });
    await page.goto('/tenants');
    await page.getByRole('link', { name: 'sim1/alone' }).click();
    await page.getByText('Waits for the maintenance window').waitFor();
    await press('Pause');
    await sayIt(page, { why: 'not yet' });
    await page.locator('.notice', { hasText: 'Paused by paul' }).waitFor();
    await press('Resume');
    await sayIt(page, { why: 'now' });
    await page.locator('.notice', { hasText: 'Paused by paul' }).waitFor({ state: 'detached' });
    await press('Abort');
    await sayIt(page, { why: 'it is left for the next year', confirm: 'alone' });
    const { state, journal } = await handle.result();
    expect([state, journal.map(({ actor }) => actor?.why)]).toEqual([
      'aborted',
      expect.arrayContaining(['not yet', 'now', 'it is left for the next year']),
    ]);
    await page.locator('.head').getByText('aborted').first().waitFor();
  });

  test('it is ended once its name was typed; who said what, and why, stands in its report', async () => {
    await page.goto(`/fleets/${FLEET}`);
    await press('End it, undo what is under way');
    await sayIt(page, { why: 'the freeze begins', confirm: FLEET });
    await other.locator('.notice', { hasText: 'Aborted by paul' }).waitFor();
    const { out } = await runFleet('report', FLEET);
    for (const why of [
      'the canary is well',
      'room for one more',
      'it is quiet',
      'the node is back',
      'the freeze begins',
    ])
      expect(out).toContain(why);
    expect(faults.filter((text) => !text.includes('status of 4'))).toEqual([]);
  });
});
