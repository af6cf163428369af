import { inDays, material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const imported = (importedAt: unknown, more: object = {}, receipt: object = {}) =>
  material({ importReceipt: { importedAt, ...receipt }, ...more });

export const materialAge: RuleCases = {
  rule: 'byok-material-age',
  violates: {
    'it was imported long ago': [[imported(inDays(-366))], ['material']],
    'it was renewed since its first import': [
      [imported(inDays(-3), {}, { firstImportedAt: inDays(-400) })],
      ['material'],
    ],
    'it is the current one of several': [
      [imported(inDays(-400), { keyMaterialState: 'CURRENT' })],
      ['material'],
    ],
  },
  passes: {
    'it is young': [imported(inDays(-364))],
    'it is no longer current': [imported(inDays(-400), { keyMaterialState: 'NON_CURRENT' })],
    'it is imported in this run': [material()],
    'it was found in the key, so that nobody knows': [material({ importReceipt: null })],
  },
  undecided: { 'the receipt is unknown': [material({ importReceipt: UNKNOWN })] },
  configured: {
    '90 days are the maximum': [{ maximum: '90d' }, [imported(inDays(-91))], ['material']],
    'two years are the maximum': [{ maximum: '730d' }, [imported(inDays(-366))], []],
  },
};
