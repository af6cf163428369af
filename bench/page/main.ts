// Makes the page and the picture from the kept report.
import { writeFileSync } from 'node:fs';
import { FILES, readReport } from './files';
import { pageOf } from './page';
import { pictureOf } from './picture';

const report = readReport();
writeFileSync(FILES.page, pageOf(report));
writeFileSync(FILES.picture, pictureOf(report));
