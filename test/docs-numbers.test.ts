import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FILES, readReport } from '../bench/page/files';
import { missedOf } from '../bench/page/missed';
import { pageOf } from '../bench/page/page';
import { panelsOf } from '../bench/page/panels';
import { pictureOf } from '../bench/page/picture';
import { ratiosOf } from '../bench/page/ratios';
import type { Report } from '../bench/report';
import { figure, rowOf } from '../bench/table';
import { filesBelow } from './support/files';

const ROOT = join(__dirname, '..');
const report = readReport();

/** A unit of what is measured, after a number. */
const MEASUREMENT =
  /\d ?(?:ms|µs|MB|milliseconds|bytes each|(?:calls|imports|wraps)\/s)\b|\dx faster/;

describe('when the numbers in the documentation are compared with the kept run of the benchmarks', () => {
  it('the page is what the script makes of it', () => {
    expect(readFileSync(FILES.page, 'utf8')).toBe(pageOf(report));
  });

  it('the picture is what the script makes of it', () => {
    expect(readFileSync(FILES.picture, 'utf8')).toBe(pictureOf(report));
  });

  it('the picture of the targets is what the script makes of it', () => {
    expect(readFileSync(FILES.ratios, 'utf8')).toBe(ratiosOf(report));
  });

  it('the README shows the picture and leads to the page', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(readme).toContain(`](${relative(ROOT, FILES.picture)})`);
    expect(readme).toContain(`](${relative(ROOT, FILES.page)})`);
  });

  it('no other page has a measurement', () => {
    const pages = [
      ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((name) => join(ROOT, name)),
      ...filesBelow(join(ROOT, 'docs')),
    ].filter((file) => file.endsWith('.md') && file !== FILES.page);
    const measured = pages.filter((file) => MEASUREMENT.test(readFileSync(file, 'utf8')));
    expect(measured.map((file) => relative(ROOT, file))).toEqual([]);
  });
});

describe('when a picture is made of a report', () => {
  it('its text and its description contain every value', () => {
    const picture = pictureOf(report);
    const description = /<desc[^>]*>([^<]*)<\/desc>/.exec(picture)?.[1] ?? '';
    for (const { bars } of panelsOf(report)) {
      expect(bars.length).toBeGreaterThan(1);
      for (const { name, value } of bars) {
        expect(description).toContain(`${name} ${figure(value)}`);
        expect(picture).toContain(`>${figure(value)}</text>`);
      }
    }
  });

  it('has a title, and colours for light and dark', () => {
    const picture = pictureOf(report);
    expect(picture).toMatch(/<title id="title">[^<]+<\/title>/);
    expect(picture).toContain('aria-labelledby="title desc"');
    expect(picture).toContain('@media (prefers-color-scheme: dark)');
  });
});

describe('when the picture of the targets is made of a report', () => {
  it('it has every line with a target, and its description has the ratio and the target', () => {
    const result = { what: 'a', unit: 's', ours: 1, peer: 2, peerName: 'b', how: 'c' };
    const lines: Report['lines'] = [
      { part: 'wrap', ...result, limit: { atMost: 0.6 } },
      { part: 'wrap', ...result, what: 'd', limit: { atLeast: 0.8 } },
      { part: 'wrap', ...result, what: 'e' },
      { part: 'wrap', what: 'f', peerName: 'b', absent: 'there is none' },
    ];
    const picture = ratiosOf({ ...report, lines });
    expect(picture).toContain('<desc id="desc">a: 0.5, at most 0.6. d: 0.5, at least 0.8.</desc>');
    expect(picture.match(/class="target" /g)).toHaveLength(2);
    expect(picture.match(/<rect class="(?:ours|missed)"/g)).toEqual([
      '<rect class="ours"',
      '<rect class="missed"',
    ]);
  });
});

describe('when a line of the table is printed', () => {
  const result = { what: 'a', unit: 's', ours: 1, peer: 2, peerName: 'b', how: 'c' };

  it('says whether its target was kept', () => {
    expect(rowOf({ ...result, limit: { atMost: 0.6 } })).toContain('at most 0.6 wanted: kept');
    expect(rowOf({ ...result, limit: { atMost: 0.4 } })).toContain('at most 0.4 wanted: MISSED');
    expect(rowOf({ ...result, limit: { atLeast: 0.4 } })).toContain('at least 0.4 wanted: kept');
    expect(rowOf({ ...result, limit: { atLeast: 0.6 } })).toContain('at least 0.6 wanted: MISSED');
  });

  it('names a peer that is absent, and why', () => {
    const row = rowOf({ what: 'a', peerName: 'b', absent: 'there is no b on PATH' });
    expect(row).toBe('a: not beside b\n  there is no b on PATH');
  });
});

describe('when a page is made of a report', () => {
  const broken = (lines: Report['lines']): Report => ({ ...report, lines });

  it('a quick run is refused', () => {
    expect(() => pageOf({ ...report, options: { full: false, quick: true } })).toThrow('--quick');
  });

  it('a part that was not measured is named', () => {
    const lines = report.lines.filter(({ part }) => part !== 'policy');
    expect(pageOf(broken(lines))).toMatch(/did not measure these parts: .*\bpolicy\b/);
  });

  it('a target that is missed for no known reason is refused', () => {
    const line = { unit: 's', ours: 2, peer: 1, peerName: 'b', how: 'c', limit: { atMost: 1 } };
    expect(() => missedOf(broken([{ part: 'wrap', what: 'a', ...line }]))).toThrow('says why');
  });
});
