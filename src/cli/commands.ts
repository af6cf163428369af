import type { CliCommand } from './command';
import { adopt } from './commands/adopt';
import { completion } from './commands/completion';
import { doctor } from './commands/doctor';
import { evidence } from './commands/evidence';
import { explain } from './commands/explain';
import { fingerprint } from './commands/fingerprint';
import { importCommand } from './commands/import';
import { migrate } from './commands/migrate';
import { offline } from './commands/offline';
import { params } from './commands/params';
import { status } from './commands/status';
import { verify } from './commands/verify';
import { wrap } from './commands/wrap';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [
  status,
  evidence,
  verify,
  fingerprint,
  params,
  offline,
  wrap,
  importCommand,
  adopt,
  migrate,
  doctor,
  explain,
  completion,
];
