// The dashboard in a real browser, from the first link to a viewer who is refused. One story: each part begins where the one before ended.
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults } from './axe.ts';
import { COUPLES, type DashboardWorld, HOSTILE, NAMELESS, startDashboardWorld, TWINS } from './dashboard-world.ts';

const PASSWORD = 'a sentence that is long enough';
const [ADA, BEN, CEM, DORA] = COUPLES;
/** Bytes of script the first page may take, as they travel. */
const FIRST_PAGE_LIMIT = 250_000;

let world: DashboardWorld;
let context: BrowserContext;
let page: Page;
/** What a browser complained about: refused scripts and styles, exceptions. */
const complaints: string[] = [];

beforeAll(async () => {
  world = await startDashboardWorld();
  ({ context, page } = await newcomer());
}, 300_000);
// A failure here says little without the screen it happened on.
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(page.url(), await page.locator('body').innerText());
});
afterAll(() => world.stop());

async function newcomer(): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const own = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  own.setDefaultTimeout(45_000);
  const tab = await own.newPage();
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  return { context: own, page: tab };
}

const heading = (name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name });
const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: typeof name === 'string' });
const field = (name: string | RegExp): Locator => page.getByRole('textbox', { name, exact: typeof name === 'string' });

async function open(path: string, title: string | RegExp): Promise<void> {
  await page.goto(`${world.url}${path}`);
  await heading(title).waitFor();
}

/** Presses a button and says yes to what it asks. */
async function confirm(name: string): Promise<void> {
  await button(name).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function syncNow(): Promise<void> {
  await open('/', 'Overview');
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/api/runs') && response.request().method() === 'POST',
  );
  await button('Sync now').click();
  const { id } = (await (await answered).json()) as { readonly id: string };
  await page.goto(`${world.url}/runs/${id}`);
  await ended();
}

/** Waits until the run on the screen is over. */
async function ended(): Promise<void> {
  await heading(/ of main$/).waitFor();
  await page.getByText(/^took /).waitFor();
}

const marketing = (email: string) => world.dotdigital.world.contact(email);

async function editInSell(email: string, change: { readonly last_name: string }): Promise<void> {
  world.sell.world.updateContact((await world.sellContact(email))?.id ?? 0, change);
}

describe('the dashboard', { timeout: 120_000 }, () => {
  it('lets the first person in by the printed link, once', async () => {
    await page.goto(world.setupLink);
    await field('Your name').fill('Ada Admin');
    await field('E-mail').fill('admin@example.com');
    await field('Password').fill(PASSWORD);
    await button('Create the account').click();
    await heading('Overview').waitFor();
    const again = await newcomer();
    await again.page.goto(world.setupLink);
    await again.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await again.page.getByRole('button', { name: 'Join' }).click();
    await again.page.getByText('This link was used already').waitFor();
    await again.context.close();
  });

  it('connects two accounts, tests both, and says what is wrong with a password', async () => {
    await page.getByRole('link', { name: 'Connect two accounts' }).click();
    await heading('Connect two accounts').waitFor();
    for (const summary of await page.getByText('Other address').all()) await summary.click();
    await field('Address of the Sell API').fill(world.access.sellUrl);
    await field('Address of the Dotdigital API').fill(world.access.dotdigitalUrl);
    await field('Access token').fill(world.access.token);
    await field('API user').fill(world.access.user);
    await field('Password of the API user').fill('wrong');
    await button('Test both accounts').click();
    await page.locator('.checks [data-tone="bad"]').first().waitFor();
    await field('Password of the API user').fill(world.access.password);
    await button('Test both accounts').click();
    await page.getByText('the Sync API answers').waitFor();
    expect(await page.locator('.checks [data-tone="bad"]').count()).toBe(0);
  });

  it('asks Sell for access: denied, forged and granted are told apart, and nothing entered is lost on the way', async () => {
    const { oauth, password } = world.access;
    const ask = async (decision: 'Allow' | 'Deny'): Promise<void> => {
      await field('Client id').fill(oauth.id);
      await field('Client secret').fill(oauth.secret);
      await button('Ask Sell for access').click();
      await page.getByRole('heading', { name: 'Lockstep asks for access' }).waitFor();
      await button(decision).click();
      await heading('Connect two accounts').waitFor();
    };
    await page.getByText('OAuth', { exact: true }).click();
    await ask('Deny');
    await page.getByText('Access was denied.').waitFor();
    await page.goto(`${world.url}/api/crm-authorizations/callback?state=forged&code=stolen`);
    await page.getByText('does not belong to anything that was begun here').waitFor();
    await open('/connect', 'Connect two accounts');
    await ask('Allow');
    await page.getByText('Sell has granted access.').waitFor();
    expect(await field('API user').inputValue()).toBe(world.access.user);
    await field('Password of the API user').fill(password);
    await button('Test both accounts').click();
    await page.getByText('the Sync API answers').waitFor();
  });

  it('keeps what was entered when the connection or the session is lost, and goes on after a log-in', async () => {
    await context.setOffline(true);
    await button('Test both accounts').click();
    await page.getByText('Lockstep cannot be reached. Your work stays here').first().waitFor();
    await context.setOffline(false);
    await context.clearCookies();
    await button('Test both accounts').click();
    const dialogue = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialogue.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await dialogue.getByRole('button', { name: 'Log in' }).click();
    await dialogue.getByText('Address or password is wrong.').waitFor();
    await dialogue.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await dialogue.getByRole('button', { name: 'Log in' }).click();
    await dialogue.waitFor({ state: 'detached' });
    expect(await field('API user').inputValue()).toBe(world.access.user);
  });

  it('maps a custom field with live schemas and looks how values fit', async () => {
    // The one without a grace period: what is deleted in Sell is decided at once.
    await page.getByRole('radio', { name: 'Classic' }).check();
    await button('2. Contacts and leads').click();
    await page.getByRole('radio', { name: 'Take the first with the same names' }).check();
    await button('3. Fields').click();
    await button(/^All \d+/).click();
    await page.getByRole('button', { name: /^Add custom_fields\.Tier/ }).click();
    await page.getByRole('group', { name: 'Pair of custom_fields.Tier' }).waitFor();
    await button('4. Consent').click();
    await page.getByRole('radio', { name: 'unsubscribed', exact: true }).check();
    await button('3. Fields').click();
    await button('Check on live data').click();
    await page.getByText(/100 % of the values found fit/).waitFor();
    await button('5. Products, times, limits').click();
    await page.getByRole('textbox', { name: 'Contacts deleted: number' }).fill('1');
    await button('Save').click();
    await heading('main').waitFor();
  });

  it('shows the alignment before it happens, tries ten people, then goes live', async () => {
    await button('Preview the alignment').click();
    await page.getByRole('link', { name: 'Preview', exact: true }).click();
    await heading('Alignment preview of main').waitFor();
    await page.getByText('What would be written').waitFor();
    for (const name of ['Consent effects', 'Duplicates', 'Held or noted', 'API calls', 'Time needed'])
      await page.getByRole('term').getByText(name, { exact: true }).waitFor();
    await page.getByText(HOSTILE.name).first().waitFor();
    expect(marketing(HOSTILE.email)).toBeUndefined();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    await open('/connections/main', 'main');
    await button('Try ten people').click();
    const dialogue = page.getByRole('dialog', { name: 'Align some people first?' });
    await dialogue.getByRole('radio', { name: 'People I name' }).check();
    await dialogue.getByLabel('Their e-mail addresses').fill('ada');
    await page.getByRole('option', { name: ADA }).click();
    await dialogue.getByRole('button', { name: 'Try ten people' }).click();
    await dialogue.waitFor({ state: 'detached' });
    await page.getByRole('listitem').filter({ hasText: 'Alignment' }).getByText(/^Done/).waitFor();
    expect([marketing(ADA)?.fields['TIER'], marketing(BEN)?.fields['TIER']]).toEqual(['Gold', undefined]);
    await confirm('Align everybody and go live');
    await page.getByText('Both sides were aligned').waitFor();
    expect(marketing(ADA)?.fields['TIER']).toBe('Gold');
    expect(marketing(HOSTILE.email)?.fields['FIRSTNAME']).toBe(HOSTILE.name);
  });

  it('carries edits of both sides over, and tells on the page of the person why', async () => {
    await editInSell(ADA, { last_name: 'Lovelace' });
    world.dotdigital.world.editContact(BEN, { fields: { LASTNAME: 'Bauer' } });
    await syncNow();
    await page.getByText('Lovelace').first().waitFor();
    expect(marketing(ADA)?.fields['LASTNAME']).toBe('Lovelace');
    expect((await world.sellContact(BEN))?.last_name).toBe('Bauer');
    await page.getByRole('searchbox', { name: 'Find a person by e-mail' }).fill('ada@');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: ADA }).click();
    await heading(ADA).waitFor();
    await page.getByText(/this person may (not )?be mailed/).waitFor();
    await page.getByText('C5', { exact: true }).first().waitFor();
  });

  it('shows a hold with its remedy, and mends it', async () => {
    world.dotdigital.world.editContact(NAMELESS, { fields: { CUSTOMER_STATUS: 'current' } });
    await syncNow();
    await open('/holds', 'Holds');
    await page
      .getByRole('row', { name: new RegExp(NAMELESS) })
      .getByRole('link', { name: 'Name missing' })
      .click();
    await field('LASTNAME in Dotdigital').fill('Sarkisian');
    await field('LASTNAME in Dotdigital').press('Enter');
    await page
      .getByText(/Written\.|This is over/)
      .first()
      .waitFor();
    expect(marketing(NAMELESS)?.fields['LASTNAME']).toBe('Sarkisian');
  });

  it('asks who is who, says what each answer does, and the next run carries the answer out', async () => {
    await open('/holds', 'Holds');
    await page
      .getByRole('row', { name: new RegExp(TWINS) })
      .first()
      .getByRole('link', { name: /^Several matches/ })
      .click();
    await page.getByRole('heading', { name: 'Is this Sell record the person?' }).waitFor();
    await page.getByText('This Sell record is the person; the others are left alone.').waitFor();
    await confirm('This is the person');
    await page.getByText('admin@example.com answered “This is the person”').waitFor();
    await syncNow();
    expect((await world.sellContact(NAMELESS))?.last_name).toBe('Sarkisian');
    expect(marketing(TWINS)?.fields['FIRSTNAME']).toMatch(/^I(da|vo)$/);
  });

  it('parks deletes above the limit, and makes them once somebody approved', async () => {
    for (const email of [CEM, DORA]) world.sell.world.deleteContact((await world.sellContact(email))?.id ?? 0);
    await syncNow();
    await page.getByText('Waits for approval').first().waitFor();
    expect(marketing(CEM)).toBeDefined();
    await confirm('Approve');
    await ended();
    expect(marketing(CEM)?.deletedAt).not.toBe(0);
  });

  it('undoes a run after a look at what that means', async () => {
    await editInSell(ADA, { last_name: 'Mistaken' });
    await syncNow();
    expect(marketing(ADA)?.fields['LASTNAME']).toBe('Mistaken');
    await button('Preview undo').click();
    await heading('Plan of main').waitFor();
    await ended();
    await confirm('Undo');
    await heading('Undo of main').waitFor();
    await ended();
    expect(marketing(ADA)?.fields['LASTNAME']).toBe('Lovelace');
  });

  it('hands out what is held about a person, and erases them after a look', async () => {
    await open(`/people/main/${BEN}`, BEN);
    const download = page.waitForEvent('download');
    await button('Export everything held').click();
    expect((await download).suggestedFilename()).toBe(`${BEN}.json`);
    await button('Erase this person').click();
    await page.getByText(/^Dotdigital contact \d+: ben@example\.com/).waitFor();
    await button('Erase for good').click();
    await heading('Erasure of main').waitFor();
    await ended();
    expect(await world.sellContact(BEN)).toBeUndefined();
    await open(`/people/main/${BEN}`, BEN);
    await button('Let in again').click();
    await button('Let in again').waitFor({ state: 'detached' });
  });

  it('tells the second of two people who edit one connection', async () => {
    await open('/connections/main/edit', 'Edit main');
    const second = await context.newPage();
    await second.goto(`${world.url}/connections/main/edit`);
    for (const tab of [page, second]) {
      await tab.getByRole('button', { name: '5. Products, times, limits' }).click();
      await tab.getByRole('textbox', { name: 'Records created: number' }).fill(tab === page ? '900' : '800');
    }
    await button('Save').click();
    await heading('main').waitFor();
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByText(/Somebody else saved this connection meanwhile/).waitFor();
    await second.getByRole('button', { name: 'Load what is saved, drop my changes' }).click();
    await expect.poll(() => second.getByRole('textbox', { name: 'Records created: number' }).inputValue()).toBe('900');
    await second.close();
  });

  it('gives axe nothing to find, in light and in dark, and fits a phone', { timeout: 300_000 }, async () => {
    const link = await page.request.get(`${world.url}/api/holds?severity=info,action`);
    const [hold] = ((await link.json()) as { readonly items: readonly { readonly id: string }[] }).items;
    const { items } = (await (await page.request.get(`${world.url}/api/runs`)).json()) as {
      readonly items: readonly { readonly id: string }[];
    };
    const paths = [
      '/',
      '/runs',
      `/runs/${items[0]?.id}`,
      '/holds?severity=all',
      ...(hold === undefined ? [] : [`/holds/${hold.id}`]),
      '/people?q=a',
      `/people/main/${ADA}`,
      '/alerts',
      '/lists',
      '/catalogue',
      '/connections',
      '/connections/main',
      '/connections/main/edit',
      '/connect',
      '/tokens',
      '/users',
      '/audit',
      '/settings',
      '/account',
      '/nowhere',
    ];
    const faults: string[] = [];
    for (const path of paths) {
      await page.goto(`${world.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      // Colours alone differ between the schemes.
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const fault of await axeFaults(page, ['color-contrast'])) faults.push(`${path} in dark: ${fault}`);
      await page.emulateMedia({ colorScheme: 'light' });
      for (const fault of await axeFaults(page)) faults.push(`${path}: ${fault}`);
      await page.setViewportSize({ width: 390, height: 800 });
      const width = await page.evaluate('document.documentElement.scrollWidth');
      if (width !== 390) faults.push(`${path} is ${String(width)} wide on a phone`);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    expect(faults).toEqual([]);
  });

  it('shows a viewer no button it may not use, and refuses the call', async () => {
    await open('/users', 'Users');
    await field('Name').fill('Vera');
    await field('E-mail').last().fill('vera@example.com');
    await button('Invite').click();
    const link = await page.locator('code.once').textContent();
    const viewer = await newcomer();
    await viewer.page.goto(world.url);
    await viewer.page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await axeFaults(viewer.page)).toEqual([]);
    await viewer.page.goto(link ?? '');
    await viewer.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    expect(await axeFaults(viewer.page)).toEqual([]);
    await viewer.page.getByRole('button', { name: 'Join' }).click();
    await viewer.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await viewer.page.getByText('People linked').waitFor();
    for (const name of ['Sync now', 'Pause']) expect(await viewer.page.getByRole('button', { name }).count()).toBe(0);
    expect(await viewer.page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    await viewer.page.goto(`${world.url}/users`);
    await viewer.page.getByRole('alert').waitFor();
    const session = await viewer.page.request.get(`${world.url}/api/session`);
    const { csrfToken } = (await session.json()) as { readonly csrfToken: string };
    const refused = await viewer.page.request.post(`${world.url}/api/runs`, {
      data: { connection: 'main', kind: 'sync' },
      headers: { 'x-csrf-token': csrfToken },
    });
    expect(refused.status()).toBe(403);
    await viewer.context.close();
  });

  it('sends little script for the first page, and nothing the policy refuses', async () => {
    const sizes: number[] = [];
    const first = await context.newPage();
    const bodies: Promise<void>[] = [];
    first.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      bodies.push(response.body().then((body) => void sizes.push(gzipSync(body).length)));
    });
    await first.goto(world.url);
    await first.getByText('People linked').waitFor();
    await Promise.all(bodies);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.info(`script of the first page: ${Math.round(total / 1000)} kB compressed, in ${sizes.length} files`);
    expect(total).toBeGreaterThan(0);
    const script = (await first.locator('script[src]').first().getAttribute('src')) ?? '';
    const answer = await fetch(new URL(script, world.url), { headers: { 'accept-encoding': 'gzip' } });
    expect([answer.headers.get('content-encoding'), answer.headers.get('content-type')]).toEqual([
      'gzip',
      expect.stringContaining('javascript'),
    ]);
    expect(total).toBeLessThan(FIRST_PAGE_LIMIT);
    expect(complaints).toEqual([]);
    await first.close();
  });
});
