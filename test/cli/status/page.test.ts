import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { statusPage } from '../../../src/cli/status/page';
import { describeWithChromium, launchChromium } from '../../support/chromium';
import type { FleetStatus } from '../../../src/cli/status/key-status';
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
  observedKey(6, { keyState: 'Disabled', materials: [observedMaterial(20)] }),
  observedKey(5, { keySpec: 'HMAC_256', listsMaterials: false, materials: [observedMaterial(12)] }),
]);
const DATES = 4;

const REGIONS = ['eu-west-1', 'ap-southeast-1'];
const FLEET = statusOf(
  Array.from({ length: 5000 }, (_, index) =>
    observedKey(index + 10, {
      materials: [observedMaterial(1 + (index % 365))],
      region: REGIONS[index % 2]!,
      keyState: index % 10 === 3 ? 'PendingDeletion' : 'Enabled',
    }),
  ),
  ['alias/payments/production/card-data/root-key-of-the-second-generation'],
);

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

  it('shows each date of five thousand keys, and how many share it', () => {
    const page = statusPage(FLEET);
    expect(page.match(/data-date=/g)).toHaveLength(365);
    expect(page).toContain('<li>2030-01-02: 14 keys</li>');
    expect(page).toContain('<li>2031-01-01: 13 keys</li>');
    expect(page.match(/<tr\b/g)).toHaveLength(5001);
  });

  it('shows a key once, with its replicas', () => {
    const replicated = ['eu-west-1', 'ap-southeast-1', 'us-east-1'].map((region, index) =>
      observedKey(index, {
        region,
        keyArn: `arn:aws:kms:${region}:111122223333:key/mrk-${'0'.repeat(32)}`,
        isReplica: index > 0,
        keyState: index === 1 ? 'PendingImport' : 'Enabled',
        materials: index === 1 ? [] : [observedMaterial(90)],
      }),
    );
    const page = statusPage(statusOf(replicated));
    expect(page.match(/<tr\b/g)).toHaveLength(2);
    // The Region that needs action is first.
    expect(page).toContain('data-regions="ap-southeast-1 eu-west-1 us-east-1"');
    expect(page).toContain('<li>2030-04-01: 1 key</li>');
    for (const { keyArn } of replicated) expect(page).toContain(keyArn);
  });

  it('has no bar for a key that will be deleted', () => {
    const materials = [observedMaterial(12)];
    const keys = [observedKey(1, { materials, keyState: 'PendingDeletion' })];
    expect(statusPage(statusOf(keys))).toContain('No material expires.');
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
    browser = await launchChromium(join(folder, 'profile'));
  });

  const open = async (status: FleetStatus): Promise<void> => {
    const file = join(folder, 'status.html');
    writeFileSync(file, statusPage(status));
    await page.goto(pathToFileURL(file).href);
  };

  beforeEach(async () => {
    said.length = 0;
    requests.length = 0;
    page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await open(STATUS);
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

  it('the timeline shows each date, later ones further right, with a legend and a number', async () => {
    const bars = await inPage<{ date: string; x: number; width: number; height: number }[]>(`
      [...document.querySelectorAll('rect[data-date]')].map((rect) => {
        const { x, width, height } = rect.getBoundingClientRect();
        return { date: rect.dataset.date, x, width, height };
      })`);
    expect(bars).toHaveLength(DATES);
    for (const { width } of bars) expect(width).toBeGreaterThan(0);
    const byPlace = [...bars].sort((a, b) => a.x - b.x).map(({ date }) => date);
    expect(byPlace).toEqual(bars.map(({ date }) => date).sort());
    // Two keys share the first date.
    expect(bars[0]!.height).toBeGreaterThan(bars[1]!.height);
    const numbers = `[...document.querySelectorAll('svg text')].map((text) => text.textContent)`;
    expect((await inPage<string[]>(numbers)).slice(-DATES)).toEqual(['2', '1', '1', '1']);
    expect(await textOf('svg desc')).toContain('4 dates');
    expect(await textOf('.legend')).toContain('later');
  });

  it('sorting works by keyboard, both ways, and is said', async () => {
    expect((await column(1))[0]).toContain('NOW');
    const before = await column(7);
    await page.focus('th.expires button');
    await page.keyboard.press('Enter');
    const dates = await column(7);
    expect(dates).not.toEqual(before);
    expect(dates.slice(0, 5)).toEqual([...dates.slice(0, 5)].sort());
    expect(dates.at(-1)).toBe('never');
    const state = () => inPage("document.querySelector('th[aria-sort]').ariaSort");
    expect(await state()).toBe('ascending');
    await page.keyboard.press('Space');
    expect(await column(7)).toEqual([...dates].reverse());
    expect(await state()).toBe('descending');
    expect(await textOf('[role=status]')).toContain('Expires');
    expect(said).toEqual([]);
  });

  it('a key shows its details, and Escape closes them', async () => {
    await page.focus('tbody button');
    await page.keyboard.press('Enter');
    expect(await inPage("document.querySelector('dialog').open")).toBe(true);
    expect(await textOf('dialog')).toContain('arn:aws:kms:eu-west-1:111122223333:key/00000004');
    await page.keyboard.press('Escape');
    expect(await inPage("document.querySelector('dialog').open")).toBe(false);
    expect(said).toEqual([]);
  });

  describe('with five thousand keys', () => {
    const shown = (): Promise<string> => textOf('#shown');
    const elements = (): Promise<number> => inPage("document.querySelectorAll('*').length");

    beforeEach(async () => {
      await open(FLEET);
    });

    it('it draws one page of them, and every key can be reached', async () => {
      expect(await elements()).toBeLessThan(5000);
      const seen = new Set<string>();
      for (;;) {
        for (const name of await column(2)) seen.add(name);
        if (await inPage("document.getElementById('next').disabled")) break;
        await page.evaluate("document.getElementById('next').click()");
      }
      expect(seen.size).toBe(5000);
      expect(await shown()).toContain('4901 to 5000 of 5000');
      expect((await column(1)).every((action) => action === 'will be deleted')).toBe(true);
      expect(said).toEqual([]);
    });

    it('it sorts all of them with one collator, and still draws one page', async () => {
      await page.evaluate(`
        globalThis.collators = 0;
        const made = Intl.Collator;
        Intl.Collator = function (...args) { collators += 1; return new made(...args); };
        String.prototype.localeCompare = () => { throw new Error('slow'); };`);
      await page.click('th.key button');
      await page.click('th.key button');
      expect((await column(2))[0]).toContain('00005009');
      expect(await elements()).toBeLessThan(5000);
      expect(await inPage('collators')).toBe(0);
      expect(said).toEqual([]);
    });

    it('it filters by text, state and Region together', async () => {
      await page.type('#text', '2030-01-02');
      expect(await shown()).toContain('of 14');
      await page.select('#region', 'ap-southeast-1');
      expect(await shown()).toContain('of 7');
      await page.select('#state', 'PendingDeletion');
      const few = await column(2);
      expect(few.length).toBeLessThan(7);
      await page.select('#state', '');
      await page.click('#staying');
      expect(await column(2)).toHaveLength(7 - few.length);
      await page.type('#text', 'nothing like it');
      expect(await shown()).toContain('No keys');
      expect(said).toEqual([]);
    });

    it('paper has all keys that fit the filters', async () => {
      await page.select('#state', 'PendingDeletion');
      const rows = () => inPage("document.querySelectorAll('tbody tr').length");
      expect(await rows()).toBe(100);
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await rows()).toBe(500);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await rows()).toBe(100);
    });
  });

  describe.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ])('at %i px, %s', (width, scheme) => {
    beforeEach(async () => {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const keys = [...STATUS.keys, ...FLEET.keys.slice(0, 200)];
      await open({ ...FLEET, keys, regions: REGIONS });
    });

    it('a row has at most two lines', async () => {
      const rows = await inPage<{ height: number; line: number }[]>(`
        [...document.querySelectorAll('tbody tr')].map((row) => ({
          height: row.getBoundingClientRect().height,
          line: Math.max(...[row.cells[0], row.querySelector('button')]
            .map((one) => parseFloat(getComputedStyle(one).lineHeight))),
        }))`);
      expect(rows).toHaveLength(100);
      // Half a line is for the space around the text.
      for (const { height, line } of rows) expect(height).toBeLessThan(2.7 * line);
    });

    it('nothing is wider than the screen, and no Region or date is cut or broken', async () => {
      expect(await inPage('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const outside = await inPage<string[]>(`
        [...document.querySelectorAll('body *')]
          .filter((one) => one.getBoundingClientRect().right > ${width} + 1)
          .map((one) => one.outerHTML.slice(0, 100))`);
      expect(outside).toEqual([]);
      const cut = await inPage<string[]>(`
        [...document.querySelectorAll('td.region, td.expires, span.whole')]
          .filter((one) => one.tagName === 'SPAN' ? one.getClientRects().length > 1
            : one.scrollWidth > one.clientWidth)
          .map((one) => one.textContent)`);
      expect(cut).toEqual([]);
    });

    it('the first finding of a key is not cut', async () => {
      const cut = await inPage<string[]>(`
        [...document.querySelectorAll('td.action')]
          .filter(({ firstChild }) => {
            const range = new Range();
            range.setStart(firstChild, 0);
            range.setEnd(firstChild, firstChild.data.split('\\n')[0].length);
            const { right } = firstChild.parentElement.getBoundingClientRect();
            return range.getBoundingClientRect().right > right + 1;
          })
          .map((one) => one.textContent)`);
      expect(cut).toEqual([]);
    });

    it('no text is smaller than 12 px, and each is readable on its background', async () => {
      const texts = await inPage<{ size: number; color: string; text: string }[]>(`
        [...document.querySelectorAll('body *')]
          .filter((one) => !['SCRIPT', 'TITLE', 'DESC'].includes(one.tagName.toUpperCase())
            && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
            && one.getClientRects().length > 0)
          .map((one) => {
            const { fontSize, color, fill } = getComputedStyle(one);
            const isSvg = one.namespaceURI.endsWith('svg');
            return { size: parseFloat(fontSize), color: isSvg ? fill : color, text: one.textContent };
          })`);
      const background = await inPage<string>('getComputedStyle(document.body).backgroundColor');
      expect(texts.length).toBeGreaterThan(100);
      for (const { size, color, text } of texts) {
        expect([text, size >= 12]).toEqual([text, true]);
        // WCAG 2.2, 1.4.3: 4.5 to 1.
        expect([text, contrast(color, background) > 4.5]).toEqual([text, true]);
      }
    });

    it('the details of a key fit the screen', async () => {
      await page.evaluate("document.querySelector('tbody button').click()");
      const box = await inPage<{ left: number; right: number; fits: boolean }>(`(() => {
        const dialog = document.querySelector('dialog');
        const { left, right } = dialog.getBoundingClientRect();
        return { left, right, fits: dialog.scrollWidth <= dialog.clientWidth };
      })()`);
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.right).toBeLessThanOrEqual(width);
      expect(box.fits).toBe(true);
    });
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
