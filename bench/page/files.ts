import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../report';

const FOLDER = join(__dirname, '..', '..', 'docs', 'explanation');

/** Paths of the kept report, and of the page and the pictures that are made from it. */
export const FILES = {
  report: join(FOLDER, 'numbers.json'),
  page: join(FOLDER, 'numbers.md'),
  picture: join(FOLDER, 'numbers.svg'),
  ratios: join(FOLDER, 'ratios.svg'),
};

/** Reads the report that the documentation shows. */
export function readReport(): Report {
  return JSON.parse(readFileSync(FILES.report, 'utf8')) as Report;
}
