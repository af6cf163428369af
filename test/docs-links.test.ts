import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { filesBelow } from './support/files';

const ROOT = join(__dirname, '..');

const PACKAGES = ['embedded-kms', 'pulumi-offline-engine'].map((name) =>
  join(ROOT, 'packages', name),
);

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((name) => join(ROOT, name)),
  ...PACKAGES.map((folder) => join(folder, 'README.md')),
  ...[ROOT, ...PACKAGES]
    .flatMap((folder) => filesBelow(join(folder, 'docs')))
    .filter((file) => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'examples'))
    .map((name) => join(ROOT, 'examples', name, 'README.md'))
    .filter((file) => existsSync(file)),
];

/** The text of a page without code, in which brackets are no links. */
function proseOf(page: string): string {
  return readFileSync(page, 'utf8')
    .replace(/^ *(```+|~~~+)[^]*?^ *\1 *$/gm, '')
    .replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, (code) => code.replace(/[[\]()<>]/g, ' '));
}

/** Inline links and images, link definitions, and what HTML refers to. */
function linksOf(page: string): string[] {
  const prose = proseOf(page);
  return [
    /\]\(\s*([^)\s]*)(?:\s+"[^"]*")?\s*\)/g,
    /^ *\[[^\]]+\]:\s*(\S+)/gm,
    /\b(?:href|src)="([^"]*)"/g,
  ]
    .flatMap((pattern) => [...prose.matchAll(pattern)])
    .map(([, target = '']) => target);
}

/** The anchors that GitHub gives to headings, and those that a page sets itself. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(page, 'utf8').replace(/^ *(```+|~~~+)[^]*?^ *\1 *$/gm, '');
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of text.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** Describes the fault of a link. Undefined if the link is right. */
function faultOf(page: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) {
    const url = URL.canParse(link) ? new URL(link) : undefined;
    const isWeb = /^https?:$/.test(url?.protocol ?? '') && url?.hostname.includes('.') === true;
    return isWeb ? undefined : 'is no address of the web';
  }
  const [path = '', anchor] = link.split('#');
  if (path.startsWith('/')) return 'is not relative';
  const target = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
  if (relative(ROOT, target).startsWith('..')) return 'leaves the repository';
  if (!existsSync(target)) return 'leads to no file';
  if (anchor === undefined) return undefined;
  if (statSync(target).isDirectory()) return 'has an anchor in a folder';
  return anchorsOf(target).has(anchor) ? undefined : 'leads to no heading';
}

/** The folders that contain a file, from the outermost on. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

describe('when the links of the documentation are followed', () => {
  it.each(PAGES.map((page) => relative(ROOT, page)))('each link of %s leads somewhere', (name) => {
    const page = join(ROOT, name);
    const faults = linksOf(page).flatMap((link) => {
      const fault = faultOf(page, link);
      return fault === undefined ? [] : [`${link} ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it.each([
    ['reference/errors.md#timeout', undefined],
    ['https://docs.aws.amazon.com/kms/', undefined],
    ['#do', undefined],
    ['#undo', 'leads to no heading'],
    ['reference/errors.md#time-out', 'leads to no heading'],
    ['reference/error.md', 'leads to no file'],
    ['../../elsewhere', 'leaves the repository'],
    ['/docs/README.md', 'is not relative'],
    ['htps://docs.aws.amazon.com', 'is no address of the web'],
    ['https:///kms', 'is no address of the web'],
  ])('%s is judged', (link, fault) => {
    expect(faultOf(join(ROOT, 'docs', 'README.md'), link)).toBe(fault);
  });

  it('each link of a page in the tarball leads to a file in the tarball', () => {
    const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(answer) as [{ readonly files: readonly { path: string }[] }];
    const packed = new Set(files.map(({ path }) => path));
    const folders = new Set([...packed].flatMap((path) => foldersOf(path)));
    const pages = PAGES.map((page) => relative(ROOT, page)).filter((page) => packed.has(page));
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/README.md']));
    const faults = pages.flatMap((page) =>
      linksOf(join(ROOT, page))
        .filter((link) => !/^(?:[a-z]+:|#)/i.test(link))
        .map((link) => posix.join(posix.dirname(page), link.split('#')[0]!))
        .filter((target) => !packed.has(target) && !folders.has(target.replace(/\/$/, '')))
        .map((target) => `${page} links to ${target}, which is not packed`),
    );
    expect(faults).toEqual([]);
  });

  it.each([
    ['docs', 'docs/README.md'],
    ['packages/embedded-kms/docs', 'packages/embedded-kms/README.md'],
    ['packages/pulumi-offline-engine/docs', 'packages/pulumi-offline-engine/README.md'],
  ])('every page of %s can be reached from %s', (docs, index) => {
    const folder = join(ROOT, docs);
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page) || !page.endsWith('.md')) return;
      if (!page.startsWith(folder) && page !== join(ROOT, index)) return;
      reached.add(page);
      for (const link of linksOf(page)) {
        const [path = ''] = link.split('#');
        if (!/^[a-z]+:/i.test(path)) visit(resolve(dirname(page), path));
      }
    };
    visit(join(ROOT, index));
    const lost = PAGES.filter(
      (page) => page.startsWith(folder) && !page.includes('/decisions/') && !reached.has(page),
    );
    expect(lost).toEqual([]);
  });
});
