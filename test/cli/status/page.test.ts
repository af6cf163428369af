import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { statusPage } from '../../../src/cli/status/page';
import { CHROMIUM, describeWithChromium } from '../../support/chromium';
import { observedKey, observedMaterial, statusOf } from './fleet';

jest.setTimeout(120_000);

const STATUS = statusOf([
  observedKey(1, { materials: [observedMaterial(12)] }),
  observedKey(2, { materials: [observedMaterial(200)] }),
  observedKey(3, { materials: [observedMaterial()] }),
  observedKey(4, {
    keyState: 'PendingImport',
    materials: [observedMaterial(50), observedMaterial(12, { importState: 'PENDING_IMPORT' })],
  }),
  observedKey(5, { keySpec: 'HMAC_256', listsMaterials: false, materials: [observedMaterial(12)] }),
]);
const EXPIRIES = 4;

describe('when the page is written', () => {
  it('names neither script nor style nor picture of elsewhere', () => {
    expect(statusPage(STATUS)).not.toMatch(/\b(?:src|href)=|@import|url\(/);
  });

  it('escapes what others may name', () => {
    const page = statusPage(statusOf([observedKey(1)], ['alias/<script>alert(1)</script>&"\'']));
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('alias/&#60;script&#62;alert(1)&#60;/script&#62;&#38;&#34;&#39;');
  });

  it('is the same for the same status', () => {
    expect(statusPage(STATUS)).toBe(statusPage(STATUS));
  });

  it('shows each expiry of five thousand keys', () => {
    const keys = Array.from({ length: 5000 }, (_, index) =>
      observedKey(index, { materials: [observedMaterial(1 + (index % 365))] }),
    );
    const page = statusPage(statusOf(keys));
    expect(page.match(/data-expiry=/g)).toHaveLength(5000);
    expect(page.match(/<tr>/g)).toHaveLength(5001);
  });

  it('says that nothing expires where nothing does', () => {
    const page = statusPage(statusOf([observedKey(1, { materials: [observedMaterial()] })]));
    expect(page).toContain('No material expires.');
  });
});

describeWithChromium('when the page is opened in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kms-byok-page-'));
  let browser: Browser;
  let page: Page;
  const said: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    browser = await launch({
      executablePath: CHROMIUM!,
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      userDataDir: join(folder, 'profile'),
    });
  });

  beforeEach(async () => {
    said.length = 0;
    requests.length = 0;
    const file = join(folder, 'status.html');
    writeFileSync(file, statusPage(STATUS));
    page = await browser.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  });

  afterEach(async () => {
    await page.close();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // Text, because the types of the DOM are not those of Node.js.
  const inPage = <T>(script: string): Promise<T> => page.evaluate(script) as Promise<T>;

  /** The text of a column, in the order of the rows. */
  const column = (index: number): Promise<string[]> =>
    inPage(
      `[...document.querySelectorAll('tbody td:nth-child(${index})')].map((cell) => cell.textContent.trim())`,
    );

  const textOf = (selector: string): Promise<string> =>
    inPage(`document.querySelector('${selector}').textContent`);

  it('nothing is complained of, and no request leaves', async () => {
    await page.keyboard.press('Tab');
    expect(said).toEqual([]);
    expect(requests).toEqual([page.url()]);
  });

  it('the timeline shows each expiry, later ones further right', async () => {
    const dots = await inPage<{ expiry: string; x: number; width: number }[]>(`
      [...document.querySelectorAll('circle[data-expiry]')].map((circle) => {
        const { x, width } = circle.getBoundingClientRect();
        return { expiry: circle.dataset.expiry, x, width };
      })`);
    expect(dots).toHaveLength(EXPIRIES);
    for (const { width } of dots) expect(width).toBeGreaterThan(0);
    const byPlace = [...dots].sort((a, b) => a.x - b.x).map(({ expiry }) => expiry);
    expect(byPlace).toEqual(dots.map(({ expiry }) => expiry).sort());
    expect(await textOf('svg desc')).toContain('4 materials');
  });

  it('sorting works by keyboard, both ways, and is said', async () => {
    expect((await column(1))[0]).toContain('NOW');
    const before = await column(7);
    // To the button of Expires: the seventh.
    for (let presses = 0; presses < 7; presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dates = await column(7);
    expect(dates).not.toEqual(before);
    expect(dates.slice(0, EXPIRIES)).toEqual([...dates.slice(0, EXPIRIES)].sort());
    expect(dates.at(-1)).toBe('never');
    const state = () => inPage("document.querySelector('th[aria-sort]').ariaSort");
    expect(await state()).toBe('ascending');
    await page.keyboard.press('Space');
    expect(await column(7)).toEqual([...dates].reverse());
    expect(await state()).toBe('descending');
    expect(await textOf('[role=status]')).toContain('Expires');
    expect(said).toEqual([]);
  });

  it('a screen reader finds the table, its heads and the picture by name', async () => {
    const client = await page.createCDPSession();
    const { nodes } = await client.send('Accessibility.getFullAXTree');
    const named = nodes.map(({ role, name }) => `${String(role?.value)}: ${String(name?.value)}`);
    for (const head of ['Action', 'Key', 'Expires', 'Rotations left']) {
      expect(named).toContain(`columnheader: ${head}`);
      expect(named).toContain(`button: ${head}`);
    }
    expect(named.some((one) => /^(?:image|img): Expiries of key material/.test(one))).toBe(true);
    expect(named).toContain('heading: Imported key material');
  });

  it('it is dark where that is preferred, readable in both, and fits on paper', async () => {
    const colours = () =>
      inPage<{ readonly color: string; readonly backgroundColor: string }>(
        '(({ color, backgroundColor }) => ({ color, backgroundColor }))(getComputedStyle(document.body))',
      );
    const light = await colours();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    const dark = await colours();
    expect(dark).not.toEqual(light);
    for (const { color, backgroundColor } of [light, dark]) {
      // WCAG 2.2, 1.4.6: 7 to 1.
      expect(contrast(color, backgroundColor)).toBeGreaterThan(7);
    }
    await page.emulateMediaType('print');
    expect((await colours()).color).toBe('rgb(0, 0, 0)');
    const pdf = await page.pdf({ format: 'A4' });
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(...colours: readonly [string, string]): number {
  const [a, b] = colours.map((colour) => {
    const parts = [...colour.matchAll(/\d+/g)].map(([text]) => Number(text) / 255);
    const [red = 0, green = 0, blue = 0] = parts.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
