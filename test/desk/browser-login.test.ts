import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TokenFile } from '../../src/desk/access/tokens.ts';
import type { Stats } from '../../src/desk/contract.ts';
import { chromiumOrSayIt, launch, openPage } from '../support/browser.ts';
import { TestDesk } from '../support/desk-server.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { secretFile } from '../support/secret-file.ts';

const MINUTES = 60_000;
const ANN = 'look ann ann-ann-ann-ann-ann\n';
const BOB = 'operate bob bob-bob-bob-bob-bob\n';
const withBrowser =
  chromiumOrSayIt('logins of the desk in a browser') === undefined ? describe.skip : describe;

withBrowser('logins, and pages that nobody sees', () => {
  let lab: Lab;
  let browser: Browser;
  let path: string;
  let desk: TestDesk;
  let open: TestDesk;

  beforeAll(async () => {
    lab = await openLab();
    path = secretFile(lab.folder, ANN + BOB);
    desk = await TestDesk.open(lab, {
      access: { kind: 'tokens', tokens: new TokenFile(path, () => undefined) },
    });
    open = await TestDesk.open(lab);
    browser = await launch();
  }, 5 * MINUTES);
  afterAll(async () => {
    await browser.close();
    for (const one of [desk, open]) await one.close();
    await lab.close();
  });

  async function logIn(page: Page, token: string): Promise<void> {
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.fresh').waitFor();
  }

  test('a token that is none is refused; who logs out, there or in another tab, is asked for a token again', async () => {
    const { page } = await openPage(browser, { baseURL: desk.url });
    await page.goto('/fleets');
    await page.getByLabel('Token').fill('nobody-nobody-nobody');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('nobody has this token').waitFor();
    await logIn(page, 'ann-ann-ann-ann-ann');
    await page.getByText('your role is look').waitFor();
    const tab = await page.context().newPage();
    await tab.goto('/');
    await tab.locator('.fresh').waitFor();
    await page.getByRole('button', { name: 'log out' }).click();
    for (const one of [page, tab]) await one.getByLabel('Token').waitFor();
    await logIn(page, 'bob-bob-bob-bob-bob');
    expect(new URL(page.url()).pathname).toBe('/fleets');
    await page.context().close();
  });

  test('a page whose token is taken out of the file asks for another one by itself', async () => {
    const { page } = await openPage(browser, { baseURL: desk.url });
    await page.goto('/');
    await logIn(page, 'bob-bob-bob-bob-bob');
    writeFileSync(path, ANN);
    await page.getByLabel('Token').waitFor();
    await logIn(page, 'ann-ann-ann-ann-ann');
    await page.context().close();
  });

  const look = (page: Page, state: 'hidden' | 'visible'): Promise<unknown> =>
    page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );

  // A browser opens six connections to a server, for all its pages.
  test('pages that nobody sees let go of their streams, so that the next page is not kept waiting, and are live again when they are seen', async () => {
    const { page } = await openPage(browser, { baseURL: open.url });
    for (let nth = 0; nth < 8; nth += 1) {
      const tab = nth === 0 ? page : await page.context().newPage();
      await tab.goto('/fleets');
      await tab.locator('.fresh').waitFor();
      await look(tab, 'hidden');
    }
    for (;;) {
      const { streams } = await open.ask<Stats>('/api/stats');
      if (streams === 0) break;
      await page.waitForTimeout(200);
    }
    await look(page, 'visible');
    await page.locator('.fresh').waitFor();
    await page.context().close();
  });

  test('a page that can never be shown says why, and not that its server is away', async () => {
    const { page } = await openPage(browser, { baseURL: open.url });
    await page.goto('/tenants/sim1/shop');
    await page.getByText('the parameter cluster is missing, or too long').waitFor();
    expect(await page.getByText('does not answer').count()).toBe(0);
    await page.context().close();
  });
});
