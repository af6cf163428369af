import { Command } from 'commander';
import { findEngine, REAL_ENGINE } from '../engine/find';
import { obtainEngine } from '../engine/obtain';
import { ENGINE_VERSION } from '../engine/versions';
import { DEBIAN_PROGRAMS, findProgram, installProgram } from './debian';
import { buildGoProgram, findGoProgram } from './go-program';
import { bringJavaLibraries, findJavaLibraries, JAVA_LIBRARIES } from './java';
import { JAVA_HOST, SDK_GENERATOR, YAML_HOST } from './languages';
import { bringNewerNode, findNewerNode, NEWER_NODES } from './newer-node';
import { bringPythonPrograms, findPythonPrograms, PYTHON_PROGRAMS } from './python';
import { bringSops, findSops, SOPS } from './sops';
import { buildTokenPackage, findTokenPackage, TOKEN_PACKAGE } from './token-package';

/** Something that tests need and npm does not install. */
interface Tool {
  readonly name: string;
  /** Returns its path; undefined if it is not installed. */
  readonly find: () => string | undefined;
  readonly bring: (say: (line: string) => void) => Promise<unknown>;
}

const TOOLS: readonly Tool[] = [
  {
    name: REAL_ENGINE,
    find: () => findEngine()?.program,
    bring: (say) => obtainEngine(ENGINE_VERSION, say),
  },
  ...NEWER_NODES.map((node) => ({
    name: node.title,
    find: () => findNewerNode(node),
    bring: (say: (line: string) => void) => bringNewerNode(node, say),
  })),
  { name: PYTHON_PROGRAMS, find: findPythonPrograms, bring: bringPythonPrograms },
  { name: SOPS, find: findSops, bring: bringSops },
  ...[YAML_HOST, JAVA_HOST, SDK_GENERATOR].map((program) => ({
    name: program.title,
    find: () => findGoProgram(program),
    bring: (say: (line: string) => void) => buildGoProgram(program, say),
  })),
  ...Object.values(DEBIAN_PROGRAMS).map((program) => ({
    name: program.title,
    find: () => findProgram(program),
    bring: (say: (line: string) => void) => installProgram(program, say),
  })),
  // After the compiler that it needs.
  { name: TOKEN_PACKAGE, find: () => findTokenPackage(), bring: buildTokenPackage },
  // Maven brings them.
  { name: JAVA_LIBRARIES, find: findJavaLibraries, bring: bringJavaLibraries },
];

async function main(): Promise<void> {
  for (const { name, find, bring } of TOOLS) {
    const found = find();
    if (found !== undefined) {
      process.stdout.write(`${name}: ${found}\n`);
      continue;
    }
    process.stdout.write(`${name}: installing\n`);
    try {
      await bring((line) => process.stderr.write(`${line}\n`));
      process.stdout.write(`${name}: ${String(find())}\n`);
    } catch (error) {
      process.stdout.write(`${name}: not installed. ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

void new Command('npm run test:setup --')
  .description(
    'Installs everything that the tests need in addition to npm packages. Keeps what is already installed.',
  )
  .action(main)
  .parseAsync();
