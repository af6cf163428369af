import { ByokError } from '../errors';
import { shown } from './service-text';
import { SOURCE_KINDS } from './source-kinds';
import type { ListPlace } from './listed-material';

/** Replaces the names of inputs in a message. */
export type Rename = (text: string) => string;

/**
 * Returns an error that names inputs as the user wrote them. Messages are written with the names of
 * `ImportedKeyMaterial`, because its rules are those of `ImportedKey` and of the command line too.
 */
export function withNames(error: ByokError, rename: Rename): ByokError {
  const reason = rename(error.reason);
  return reason === error.reason ? error : new ByokError(error.code, reason, { cause: error });
}

/** Returns the names of an `ImportedKey`, whose material is an entry of a list, such as `materials[1].file of root`. */
export function listNames({ of, place }: ListPlace): Rename {
  if (of === undefined || place === undefined) return (text) => text;
  return (text) => {
    let isFirst = true;
    return text.replace(MATERIAL, (match) => {
      const owner = isFirst ? ` of ${shown(of)}` : '';
      isFirst = false;
      return `materials[${place}]${match.slice('material'.length)}${owner}`;
    });
  };
}

/**
 * Returns how a message names an input that does not exist. If a program mixes up names and values, its name is a value:
 * only text that can be a name is shown.
 *
 * @param place - the name with the path to it; default: the name
 */
export function shownInputName(name: string, place = name): string {
  return /^[A-Za-z]{1,24}$/.test(name) ? place : 'a name that is not shown';
}

const MEMBERS = [...SOURCE_KINDS, 'encoding', 'passphrase', 'showStderr'].join('|');

// The input, and neither the thing nor a path such as material.bin: at the start of a sentence, or with a member.
const MATERIAL = new RegExp(
  `^material(?:\\.\\w+)*(?= )|(?<=[\\s({,])material\\.(?:${MEMBERS})\\b(?:\\.\\w+)*`,
  'g',
);

/**
 * Returns the names of the command line.
 *
 * @param inputs - the inputs that are options of the command, such as `keyId`
 */
export function optionNames(inputs: readonly string[]): Rename {
  const options = inputs.filter((name) => /[A-Z]/.test(name));
  const withoutHint = inputs.includes('keyId')
    ? (text: string) => text
    : (text: string) => text.replace(', or give keyId as an ARN', '');
  return (text) =>
    options.reduce(
      (renamed, name) =>
        renamed.replace(new RegExp(`(?<![\\w./":])${name}\\b`, 'g'), optionOf(name)),
      OPTIONS.reduce(
        (renamed, [input, option]) => renamed.replace(input, option),
        withoutHint(text),
      ),
    );
}

const OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bconnection\.region(?:, aws:region)?\b/g, '--region'],
  [/\bconnection\.endpoint(?:, aws:endpoints)?\b/g, '--endpoint-url'],
  [
    /\bthe profile, the environment and the role that the connection names/g,
    '--profile and the environment',
  ],
  [/\bmaterial\.pkcs11\.pin(?:\.\w+)?\b/g, '--pin'],
  [/\bname its source in pin\b/g, 'name its source in --pin'],
  [/\bgive tokenLabel, tokenSerial or slot\b/g, 'give --token'],
  [/\btokenLabel, tokenSerial or slot names\b/g, '--token names'],
  [
    /: add tokenSerial or slot\b/g,
    ': name it with --material {"pkcs11":…}, which takes tokenSerial and slot',
  ],
  [/\bgive keyLabel or keyId\b/g, 'give --key'],
  [/\bkeyLabel and keyId name: correct them\b/g, '--key names: correct it'],
  [
    /\bkeyLabel and keyId name, and exactly one is expected: give both, or rename the other keys/g,
    '--key names, and exactly one is expected: rename the other keys',
  ],
  // Only a bundle asks for an algorithm that the source does not have.
  [
    /, but by (\w+)([^:]*): name one of these as wrappingAlgorithm, or leave it out/g,
    ', but by $1$2: make the bundle again, with kms-byok params --wrapping-algorithm $1',
  ],
  [/\bmaterial\.pkcs11(?:\.module)?\b/g, '--pkcs11'],
  [/\bmaterial\.encoding\b/g, '--encoding'],
  [/\bmaterial\.passphrase(?:\.\w+)?\b/g, '--passphrase'],
  [MATERIAL, '--material'],
  [/\braise timeouts, or run the update again\b/g, 'run the command again'],
  [/\brun the update again\b/g, 'run the command again'],
];

function optionOf(input: string): string {
  return `--${input.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
