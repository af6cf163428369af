import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../report';

const FOLDER = join(__dirname, '..', '..', 'docs', 'explanation');

/** Where the kept report is, and what is made of it. */
export const FILES = {
  report: join(FOLDER, 'numbers.json'),
  page: join(FOLDER, 'numbers.md'),
  picture: join(FOLDER, 'numbers.svg'),
};

/** The report that the documentation shows. */
export function readReport(): Report {
  return JSON.parse(readFileSync(FILES.report, 'utf8')) as Report;
}
