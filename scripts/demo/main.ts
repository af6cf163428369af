import { randomBytes } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { searchMaterial, startKms } from 'pulumi-kms-byok/testing';
import { chooseEngine, type DemoEngine } from './engines';
import { KeyWitness } from './key-witness';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const ROOT = join(__dirname, '..', '..');
const REGION = 'eu-central-1';
const DAY = 86_400_000;
const ALIAS = 'alias/kms-byok/quickstart';

interface Printed {
  readonly name: string;
  readonly content: string;
}

async function demo(folder: string): Promise<boolean> {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const material = randomBytes(32);
  const materialFile = join(folder, 'material.bin');
  writeFileSync(materialFile, material, { mode: 0o600 });
  const written = join(folder, 'written');
  const engine = chooseEngine({
    projectDir: copyProject(written),
    folder: join(written, 'engine'),
  });
  const kms = await startKms();
  const witness = new KeyWitness(kms.url, REGION);
  const printed: Printed[] = [];
  let good = true;

  const expect = (what: string, expected: string, found: string): void => {
    const holds = found.startsWith(expected);
    good &&= holds;
    say(`  ${what}: ${found}${holds ? '' : `   <- EXPECTED ${expected}`}`);
  };
  const step = async (
    title: string,
    operation: Parameters<DemoEngine['run']>[0],
    days: number,
    expected: { readonly state: string; readonly proof: string; readonly calls?: string },
  ): Promise<void> => {
    say(`\n${title}`);
    const config = {
      materialFile,
      validTo: new Date(started + days * DAY).toISOString(),
      'aws:region': REGION,
      'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
    };
    kms.clearCalls();
    const output = await engine.run(operation, config);
    const calls = kms.calls.map((call) => call.operation);
    printed.push({ name: `output of ${operation}`, content: output });
    for (const line of output.trim().split('\n')) say(`  | ${line}`);
    expect('calls to KMS', expected.calls ?? '', calls.join(', ') || 'none');
    if (calls.includes('CreateKey')) say(`  key: ${await witness.find(ALIAS)}`);
    expect('KMS says', expected.state, await witness.describe());
    expect('the key', expected.proof, await witness.prove());
  };

  say(`Engine: ${engine.title}`);
  say(`KMS: embedded, at ${kms.url}`);
  const started = Date.now();
  say('Material: 32 fresh random bytes in a file');

  const usable = { state: 'Enabled', proof: 'encrypts' };
  const unusable = { state: 'PendingImport', proof: 'refuses' };
  await step('Up: a key is created and the material imported, with an expiry', 'up', 30, {
    ...usable,
    calls: 'CreateKey',
  });
  await step('Up with a later expiry: the same material is imported again', 'up', 60, usable);

  say('\nThe material is deleted behind the back of the stack');
  await witness.loseMaterial();
  await step('Refresh: the loss is seen', 'refresh', 60, unusable);
  await step('Up: the material is imported again', 'up', 60, usable);

  await step('Up without a change', 'up', 60, { ...usable, calls: 'none' });
  await step('Destroy: the deletion of the key is scheduled', 'destroy', 60, {
    state: 'PendingDeletion',
    proof: 'refuses',
  });

  good = report(material, materialFile, written, printed, say) && good;
  witness.close();
  await kms.close();
  return good;
}

// The example as it is, in a folder of its own, so that the repository stays clean.
function copyProject(written: string): string {
  const project = join(written, 'project');
  mkdirSync(join(project, 'examples'), { recursive: true });
  mkdirSync(join(written, 'engine'));
  // In place of the aws plugin stands one that knows KMS keys and calls the embedded KMS alone.
  const plugins = { providers: [{ name: 'aws', path: join(ROOT, 'aws-plugin') }] };
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

function report(
  material: Buffer,
  materialFile: string,
  written: string,
  printed: readonly Printed[],
  say: (line: string) => void,
): boolean {
  const files = filesBelow(written).map((path) => ({
    name: relative(written, path),
    content: readFileSync(path),
  }));
  const searched = [...files, ...printed];
  const bytes = searched.reduce((sum, { content }) => sum + content.length, 0);
  say('\nSearch for the material: raw, UTF-8, JSON, hex, base64 at any alignment, decimal array');
  for (const [group, count] of countByGroup(searched)) say(`  ${group}: ${count}`);
  const found = searched.flatMap(({ name, content }) =>
    searchMaterial(material, content).map((encoding) => `${name} (${encoding})`),
  );
  // A search that finds nothing proves nothing unless it finds what is there.
  const control = searchMaterial(material, readFileSync(materialFile)).includes('raw');
  say(
    `  control: the search ${control ? 'finds' : 'DOES NOT FIND'} it in the material file itself`,
  );
  say(
    found.length === 0
      ? `Nothing was found in ${searched.length} files and outputs, ${bytes} bytes.`
      : `FOUND in ${found.join(', ')}`,
  );
  return control && found.length === 0;
}

function countByGroup(searched: readonly { readonly name: string }[]): Map<string, number> {
  const groups = new Map<string, number>();
  for (const { name } of searched) {
    const group = name.includes('/') ? `files in ${dirname(name)}` : name;
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return groups;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-byok-demo-'));
  try {
    const good = await demo(folder);
    process.stdout.write(good ? '\nEverything held.\n' : '\nSOMETHING DID NOT HOLD.\n');
    process.exitCode = good ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
