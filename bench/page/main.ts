// Makes the page and the pictures from the kept report.
import { writeFileSync } from 'node:fs';
import { FILES, readReport } from './files';
import { pageOf } from './page';
import { pictureOf } from './picture';
import { ratiosOf } from './ratios';

const report = readReport();
writeFileSync(FILES.page, pageOf(report));
writeFileSync(FILES.picture, pictureOf(report));
writeFileSync(FILES.ratios, ratiosOf(report));
