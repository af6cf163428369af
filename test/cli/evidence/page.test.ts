import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import type { Evidence, ImportRecord, KeyEvidence } from '../../../src/cli/evidence/evidence';
import { evidencePage } from '../../../src/cli/evidence/page';
import { describeWithChromium, launchChromium } from '../../support/chromium';

jest.setTimeout(120_000);

const read = <T>(value: T) => ({ state: 'read', value }) as const;
const absent = { state: 'absent', reason: 'the state does not have it' } as const;
const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const RECORD: ImportRecord = {
  urn: `urn:pulumi:prod::payments::pulumi-kms-byok:index:ImportedKey$pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial::root-1`,
  stackExport: 0,
  materialFingerprint: read(`v1:${'a1'.repeat(32)}`),
  source: read('pkcs11'),
  firstImportedAt: read('2029-11-01T08:00:00Z'),
  importedAt: read('2029-12-20T08:00:00Z'),
  wrappingAlgorithm: read('RSAES_OAEP_SHA_256'),
  wrappingKeySpec: read('RSA_4096'),
  wrappingPublicKeySha256: read('b2'.repeat(32)),
  requestId: absent,
  keyExchange: read('hybrid ML-KEM'),
  checkValue: read({ method: 'AES_CMAC', value: '0a1b2c3d4e' }),
};
const nobody = { allowed: [], denied: [] };
const some = (principal: string, conditions: readonly string[] = []) => ({
  allowed: [{ principal, isExceptNamed: false, statement: 2, conditions }],
  denied: [],
});

const KEY: KeyEvidence = {
  keyArn: ARN,
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  region: 'eu-west-1',
  aliases: read(['alias/<b>payments</b>']),
  keySpec: 'SYMMETRIC_DEFAULT',
  keyState: 'Enabled',
  isReplica: false,
  currentKeyMaterialId: 'c3'.repeat(32),
  materials: [
    {
      keyMaterialId: 'c3'.repeat(32),
      keyMaterialState: 'CURRENT',
      importState: 'IMPORTED',
      expirationModel: 'KEY_MATERIAL_EXPIRES',
      validTo: '2030-03-20T08:00:00Z',
      markedFingerprint: `v1:${'a1'.repeat(16)}`,
      description: 'x'.repeat(128),
      imports: read([RECORD]),
    },
  ],
  otherImports: [],
  rotations: read({ used: 1, left: 24 }),
  lastUse: { state: 'used', at: '2029-12-31T23:00:00Z', operation: 'Decrypt' },
  access: read({
    importMaterial: some('arn:aws:iam::111122223333:role/ceremony', ['kms:expirationmodel']),
    deleteMaterial: some('arn:aws:iam::111122223333:role/ceremony'),
    rotate: some('arn:aws:iam::111122223333:role/ceremony'),
    useKey: some('arn:aws:iam::111122223333:role/app'),
    scheduleDeletion: some('arn:aws:iam::111122223333:root'),
    createGrants: nobody,
    changePolicy: some('arn:aws:iam::111122223333:root'),
  }),
  deviations: read([
    {
      rule: 'byok-expiration-alarm',
      level: 'mandatory',
      urn: RECORD.urn,
      message: 'No alarm watches the expiry of this material: declare one.',
      isRemark: false,
    },
  ]),
};

const EVIDENCE: Evidence = {
  format: 'pulumi-kms-byok/evidence',
  version: 1,
  takenAt: '2030-01-01T00:00:00Z',
  regions: ['eu-west-1'],
  stackExports: [{ sha256: 'd4'.repeat(32), stacks: ['payments/prod'], resources: 17 }],
  preset: 'regulated',
  keys: [
    KEY,
    {
      ...KEY,
      aliases: { state: 'unreadable', reason: 'kms:ListAliases is not allowed' },
      lastUse: { state: 'unknown', error: 'GetKeyLastUsage failed: not allowed' },
      access: { state: 'unreadable', reason: 'GetKeyPolicy failed: not allowed' },
    },
  ],
  otherImports: [{ keyArn: ARN.replace('eu-west-1', 'eu-west-3'), record: RECORD }],
  otherDeviations: [],
  undecided: [{ rule: 'byok-ignore-changes', reason: 'the export does not have it' }],
  unread: [],
  unreadRegions: [],
  notes: [],
};
const PAGE = evidencePage(EVIDENCE, 'e5'.repeat(32));

describe('when the page of evidence is written', () => {
  it('escapes what others may name, and is the same for the same evidence', () => {
    expect(PAGE).not.toContain('<b>');
    expect(PAGE).toContain('alias/&#60;b&#62;payments');
    expect(evidencePage(EVIDENCE, 'e5'.repeat(32))).toBe(PAGE);
  });

  it('shows both lengths of the check value of an AES key', () => {
    expect(PAGE).toMatch(/<code>0a1b2c<\/code>[^]*<code>0a1b2c3d4e<\/code>/);
  });

  it('does not say of material that KMS has lost that it never expires', () => {
    const [material] = KEY.materials;
    const lost = { ...material!, importState: 'PENDING_IMPORT', validTo: undefined };
    const page = (one: typeof material): string =>
      evidencePage({ ...EVIDENCE, keys: [{ ...KEY, materials: [one!] }] }, 'e5'.repeat(32));
    expect(page(lost)).toMatch(/Expires<\/dt>\s*<dd><span class="missing">not in KMS/);
    const kept = { ...lost, importState: 'IMPORTED' };
    expect(page({ ...kept, expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })).toMatch(
      /Expires<\/dt>\s*<dd>does not expire/,
    );
    expect(page({ ...kept, expirationModel: undefined })).not.toContain('does not expire');
  });

  it('has the imports into keys that KMS does not have', () => {
    expect(PAGE).toContain('kms:eu-west-3:');
  });

  it('marks each fact that is not there, with its reason', () => {
    const marked = [...PAGE.matchAll(/class="missing">([^<]*)/g)].map(([, text]) => text);
    expect(marked).toEqual(
      expect.arrayContaining([
        'not recorded: the state does not have it',
        'not readable: kms:ListAliases is not allowed',
        'not readable: GetKeyPolicy failed: not allowed',
        'unknown: GetKeyLastUsage failed: not allowed',
      ]),
    );
  });
});

describeWithChromium('when the page of evidence is opened in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kms-byok-evidence-'));
  const file = join(folder, 'evidence.html');
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium(join(folder, 'profile'));
    writeFileSync(file, PAGE);
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'dark'],
  ])('at %i px, %s, it is readable, fits and asks for nothing', async (width, scheme) => {
    page = await browser.newPage();
    const said: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(pathToFileURL(file).href);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const [ink, paper] = (await page.evaluate(
      '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
    )) as [string, string];
    const brightness = (color: string): number =>
      (color.match(/\d+/g) ?? []).reduce((sum, part) => sum + Number(part), 0);
    expect(brightness(ink) < brightness(paper)).toBe(scheme === 'light');
    expect([said, requests]).toEqual([[], [page.url()]]);
    await page.close();
  });

  it('paper has every key on a page of its own', async () => {
    page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.goto(pathToFileURL(file).href);
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    const sheets = Number(/\/Type \/Pages[^]*?\/Count (\d+)/.exec(pdf)?.[1]);
    // The summary, a sheet for each key, and one for what the last of them leaves.
    expect([3, 4]).toContain(sheets);
    await page.emulateMediaType('print');
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
    await page.close();
  });

  it('paper cuts nothing, at the width between the margins of A4', async () => {
    const width = Math.floor(((210 - 2 * 15) / 25.4) * 96);
    page = await browser.newPage();
    await page.setViewport({ width, height: 1000 });
    await page.emulateMediaType('print');
    await page.goto(pathToFileURL(file).href);
    const ends = (await page.evaluate(
      `[...document.querySelectorAll('body *')].map((each) => Math.floor(Math.max(
        each.getBoundingClientRect().right,
        each.getBoundingClientRect().left + (each.clientWidth && each.scrollWidth))))`,
    )) as number[];
    expect(ends.length).toBeGreaterThan(100);
    expect(Math.max(...ends)).toBeLessThanOrEqual(width);
    expect(await page.evaluate("getComputedStyle(document.querySelector('thead')).display")).toBe(
      'table-header-group',
    );
    await page.close();
  });
});
