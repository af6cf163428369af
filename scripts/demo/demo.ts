import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms } from 'embedded-kms';
import { chooseEngine, type EngineRun, type Operation } from './engines';
import { KeyWitness } from './key-witness';
import { searchForLeaks, type Printed } from './leak-search';

const ROOT = join(__dirname, '..', '..');
const REGION = 'eu-central-1';
const DAY = 86_400_000;
const ALIAS = 'alias/kms-byok/quickstart';

/** Expected findings after a step. Each text is the beginning of a finding. */
interface Expected {
  readonly resources: string;
  readonly calls: string;
  readonly state?: string;
  readonly proof?: string;
}

const WORKS = { state: 'Enabled', proof: 'encrypts' };
const USELESS = { state: 'PendingImport', proof: 'refuses' };

/**
 * Leads a key of `examples/quickstart` through its life, and prints what happened.
 *
 * @param folder - an empty folder for all files
 * @returns the findings that differ from the expected ones
 * @throws EngineFailure if the engine fails
 */
export async function demo(
  folder: string,
  verbose: boolean,
  say: (line: string) => void,
): Promise<string[]> {
  const material = randomBytes(32);
  const materialFile = join(folder, 'material.bin');
  writeFileSync(materialFile, material, { mode: 0o600 });
  const written = join(folder, 'written');
  const engine = chooseEngine({
    projectDir: copyProject(written),
    folder: join(written, 'engine'),
    onLine: (line) => {
      if (verbose) say(`     | ${line}`);
    },
  });
  const kms = await startKms();
  const witness = new KeyWitness(kms.url, REGION);
  const printed: Printed[] = [];
  const faults: string[] = [];
  const started = Date.now();
  let steps = 0;

  // Printed before the work, which takes some seconds.
  const headline = (title: string): void => {
    steps += 1;
    say(`\n${steps}. ${title}`);
  };
  const row = (name: string, found: string): void => {
    say(`   ${name.padEnd(10)} ${found}`);
  };
  const check = (name: string, expected: string, found: string): void => {
    const holds = found.startsWith(expected);
    row(name, holds ? found : `${found}   <- EXPECTED ${expected}`);
    if (!holds) faults.push(`step ${steps}, ${name}: ${found} instead of ${expected}`);
  };
  const step = async (
    title: string,
    operation: Operation,
    days: number,
    { resources, calls, state, proof }: Expected,
  ): Promise<void> => {
    // Every step builds on those before it.
    if (faults.length > 0) return;
    headline(title);
    kms.clearCalls();
    const run = await engine.run(operation, {
      materialFile,
      validTo: new Date(started + days * DAY).toISOString(),
      'aws:region': REGION,
      'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
    });
    printed.push({ name: `output of ${operation}`, content: run.output });
    check('resources', resources, resourcesOf(operation, run));
    const made = kms.calls.map((call) => call.operation);
    check(
      'calls',
      calls,
      made.filter(isChange).join(', ') || (made.length > 0 ? 'reads only' : 'none'),
    );
    if (made.includes('CreateKey')) row('key', await witness.find(ALIAS));
    if (state !== undefined) check('KMS says', state, await witness.describe());
    if (proof !== undefined) check('the key', proof, await witness.prove());
  };

  try {
    say(`Engine: ${engine.title}`);
    say(`KMS: embedded, at ${kms.url}`);
    say('Material: 32 fresh random bytes in a file');

    await step('Preview: shows what an update would do', 'preview', 30, {
      resources: '6 to create',
      calls: 'none',
    });
    await step('Up: creates a key and imports the material, with an expiry', 'up', 30, {
      ...WORKS,
      resources: '6 created',
      calls: 'CreateKey, ImportKeyMaterial',
    });
    await step('Up with a later expiry: imports the same material again', 'up', 60, {
      ...WORKS,
      resources: '1 updated (validTo), 5 unchanged',
      calls: 'ImportKeyMaterial',
    });
    if (faults.length === 0) {
      headline('Somebody deletes the material behind the back of the stack');
      await witness.loseMaterial();
      check('KMS says', USELESS.state, await witness.describe());
      check('the key', USELESS.proof, await witness.prove());
    }
    await step('Refresh: sees the loss', 'refresh', 60, {
      ...USELESS,
      resources: '1 updated (importState',
      calls: 'reads only',
    });
    await step('Up: imports the material again', 'up', 60, {
      ...WORKS,
      resources: '1 updated (importState',
      calls: 'ImportKeyMaterial',
    });
    await step('Up without a change: calls nothing', 'up', 60, {
      ...WORKS,
      resources: '6 unchanged',
      calls: 'none',
    });
    await step('Destroy: schedules the deletion of the key', 'destroy', 60, {
      resources: '6 deleted',
      calls: 'DeleteAlias, ScheduleKeyDeletion',
      state: 'PendingDeletion',
      proof: 'refuses',
    });

    headline('Search: looks for the material in everything that was written and printed');
    const result = searchForLeaks(material, materialFile, written, printed);
    row('encodings', 'raw, UTF-8, JSON, hex, base64 at any alignment, decimal array');
    row('searched', `${result.places} files and outputs, ${result.bytes} bytes`);
    if (verbose) for (const [group, count] of result.groups) say(`     | ${group}: ${count}`);
    check('control', 'found', result.control ? 'found in the material file itself' : 'NOT FOUND');
    check('result', 'found nowhere else', whereFound(result.found));
    return faults;
  } finally {
    witness.close();
    await kms.close();
  }
}

const WORDS: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  same: 'unchanged',
};

function resourcesOf(operation: Operation, { counts, changed }: EngineRun): string {
  const properties = changed.length === 0 ? '' : ` (${changed.join(', ')})`;
  const order = Object.keys(WORDS);
  const texts = Object.entries(counts)
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([name, count]) => {
      const word = operation === 'preview' ? `to ${name}` : (WORDS[name] ?? name);
      return `${count} ${word}${name === 'update' ? properties : ''}`;
    });
  return texts.join(', ') || 'none';
}

// Leaves out reads: among dozens of calls, people want to see those that change something.
const isChange = (operation: string): boolean => !/^(?:Describe|Get|List)/.test(operation);

function whereFound(found: readonly string[]): string {
  return found.length === 0 ? 'found nowhere else' : `FOUND in ${found.join(', ')}`;
}

// Copies the unchanged example to a folder of its own, so that the repository stays clean.
function copyProject(written: string): string {
  const project = join(written, 'project');
  mkdirSync(join(project, 'examples'), { recursive: true });
  mkdirSync(join(written, 'engine'));
  // A stand-in for the aws plugin, which knows KMS keys and calls only the embedded KMS.
  const plugins = {
    providers: [
      { name: 'aws', path: join(ROOT, 'packages', 'pulumi-offline-engine', 'aws-plugin') },
    ],
  };
  writeFileSync(
    join(project, 'Pulumi.yaml'),
    `${readFileSync(join(ROOT, 'Pulumi.yaml'), 'utf8')}plugins: ${JSON.stringify(plugins)}\n`,
  );
  cpSync(join(ROOT, 'examples', 'quickstart'), join(project, 'examples', 'quickstart'), {
    recursive: true,
  });
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  return project;
}
