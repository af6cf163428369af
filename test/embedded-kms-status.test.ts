import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAliasCommand, DescribeKeyCommand, ReplicateKeyCommand } from '@aws-sdk/client-kms';
import type { Browser, Page } from 'puppeteer-core';
import {
  createKey,
  DAY,
  importedKey,
  worldForAll,
} from '../packages/embedded-kms/test/support/world';
import { describeWithChromium, launchChromium } from './support/chromium';

jest.setTimeout(120_000);

const world = worldForAll();

describeWithChromium('when the status of the embedded KMS is opened in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-kms-status-'));
  let browser: Browser;
  let page: Page;
  const said: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium(join(folder, 'profile'));
    page = await browser.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // The scripts are texts: the types of a browser are not those of the rest.
  const inPage = <T>(script: string): Promise<T> => page.evaluate(script) as Promise<T>;

  /** The text of the rows below a heading. */
  const rowsBelow = (heading: string): Promise<string[]> =>
    inPage(`[...document.querySelectorAll('section')]
      .filter((section) => section.querySelector('h2').textContent === ${JSON.stringify(heading)})
      .flatMap((section) => [...section.querySelectorAll('tbody tr')])
      .map((row) => row.innerText.replace(/\\s+/g, ' '))`);

  it('shows keys, faults and calls, and asks for nothing else', async () => {
    const ValidTo = new Date(world.clock.now().getTime() + 30 * DAY);
    const { keyId } = await importedKey(world, {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
    });
    const AliasName = 'alias/of/the-page';
    await world.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId }));
    const Description = '<img src=x onerror="console.log(1)"> & more';
    const { KeyId: multi } = await createKey(world, { MultiRegion: true, Description });
    const replica = new ReplicateKeyCommand({ KeyId: multi, ReplicaRegion: 'us-west-2' });
    await world.client.send(replica);
    await createKey(world, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await world.client.send(new DescribeKeyCommand({ KeyId: 'alias/none' })).catch(() => undefined);
    world.kms.inject({ operation: 'DescribeKey', call: 3, fault: { kind: 'throttle' } });

    await page.goto(`${world.kms.url}/_status`);
    expect(await page.title()).toBe('embedded-kms');
    const keys = await rowsBelow('Keys');
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(
      new RegExp(`${keyId}.* Enabled .*${AliasName}.*CURRENT expires 2030-01-31T00:00:00Z`),
    );
    expect(keys[1]).toContain(Description);
    expect(keys[3]).toMatch(/us-west-2.*replica.* Creating/);
    expect(await rowsBelow('Armed faults')).toEqual([
      'DescribeKey throttle after 2 more, the next call',
    ]);
    const calls = await rowsBelow('Last calls');
    expect(calls[0]).toMatch(/^DescribeKey NotFoundException eu-central-1/);
    expect(requests.filter((url) => !url.endsWith('/favicon.ico'))).toEqual([
      `${world.kms.url}/_status`,
    ]);
    expect(said).toEqual([]);
    await page.click('footer a');
    await page.waitForFunction(`document.body.innerText.includes('"keyCount":4')`);
  });

  it('keeps its words whole beside long texts of callers, and fits the window', async () => {
    const { KeyId } = await createKey(world, { Description: 'long words '.repeat(700) });
    await createKey(world, { Description: 'x'.repeat(8192) });
    for (const number of [1, 2, 3]) {
      const AliasName = `alias/${'a'.repeat(240)}${number}`;
      await world.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    }
    const unknown = new DescribeKeyCommand({ KeyId: 'x'.repeat(2048) });
    await world.client.send(unknown).catch(() => undefined);
    await page.goto(`${world.kms.url}/_status`);
    await page.setViewport({ width: 1280, height: 800 });
    // A word that is broken has a rectangle in each of its lines.
    const broken = await inPage(`[...document.querySelectorAll('td b, time')]
      .filter((word) => word.getClientRects().length > 1)
      .map((word) => word.innerText)`);
    expect(broken).toEqual([]);
    for (const width of [1280, 400]) {
      await page.setViewport({ width, height: 800 });
      expect(await inPage('document.documentElement.scrollWidth')).toBe(width);
    }
  });
});
