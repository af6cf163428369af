import * as z from 'zod';
import { isType, typesOf } from '../../domain/type-tokens';
import { EXTERNAL_KEYS } from '../resource-types';
import { resourceRule } from '../rule';

/** Requires protection from accidental deletion. */
export const protect = resourceRule({
  id: 'byok-protect',
  sentence: 'Keys with imported material, and the material, are protected from deletion.',
  why: 'Deleting a key makes all data under it unreadable once the deletion window has passed. Deleting its material does so at once. A rename, a moved parent or a destroy in the wrong stack is enough.',
  fix: 'Set the option protect: true. For material, deletionProtection: true works too, and it also protects from a destroy of the whole stack. A key with retainOnDelete: true stays in AWS when Pulumi deletes the resource, but Pulumi does not show this option to policies: name such a key in except.',
  severity: 'high',
  tags: ['availability'],
  types: [...EXTERNAL_KEYS, ...typesOf('ImportedKeyMaterial')],
  settings: {
    keys: z.boolean().default(true).describe('Whether keys have to be protected.'),
    materials: z.boolean().default(true).describe('Whether material has to be protected.'),
  },
  *check({ type, props, opts }, { keys, materials }) {
    if (opts.protect) return;
    if (!isType(type, 'ImportedKeyMaterial')) {
      if (keys) {
        yield 'The key is not protected: set the option protect: true. If it has retainOnDelete, which Pulumi does not show to policies, name it in except.';
      }
    } else if (materials && props.deletionProtection !== true) {
      yield 'The material is not protected: set the option protect: true, or deletionProtection: true.';
    }
  },
});
