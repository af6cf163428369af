import { ENGINE } from '../test/support/pulumi-cli';
import { findAwsCli } from './importers/aws-cli';
import type { Importer } from './importers/importer';
import { SHELL_LOOP, shellLoop } from './importers/shell-loop';
import { TERRAFORM, terraform, terraformVersion } from './importers/terraform';
import { secondsOf } from './importers/seconds';
import { ENGINE_MISSING, updateOf } from './importers/update';
import { progress } from './progress';
import type { Options } from './report';
import { median, type Line, type Result } from './result';
import { startWaitingKeys } from './waiting-keys';

/** A number of keys, and how often each way imports them. */
interface Size {
  readonly keys: number;
  /** Rounds of a way that runs updates. */
  readonly rounds: number;
  /** Rounds of a way that takes a second or more for each key. */
  readonly slowRounds: number;
  /** Target for the whole command beside that of the hand-written resource. */
  readonly wholeAtMost?: number;
  /** The same, less the update of resources that do nothing. */
  readonly restAtMost?: number;
}

const SIZES: readonly Size[] = [
  { keys: 1, rounds: 3, slowRounds: 3 },
  { keys: 10, rounds: 3, slowRounds: 1 },
  { keys: 50, rounds: 5, slowRounds: 1, wholeAtMost: 0.85, restAtMost: 0.8 },
  { keys: 200, rounds: 2, slowRounds: 0, restAtMost: 0.8 },
];
const QUICK: readonly Size[] = [{ keys: 2, rounds: 1, slowRounds: 1 }];

/** Target for this package beside the shell loop, at the number of keys that has a target of the whole command. */
const SHELL_AT_MOST = 0.1;

const HAND_WRITTEN = 'a hand-written pulumi.dynamic.Resource';

/** A peer, or the reason why it is missing. */
interface Peer {
  readonly name: string;
  readonly importer: Importer | { readonly missing: string };
  readonly slow: boolean;
}

/** Measures how long several ways take to import keys. */
export async function benchImportedKeys({ full, quick }: Options): Promise<Line[]> {
  const sizes = quick ? QUICK : SIZES;
  const peers = findPeers();
  if (ENGINE === undefined) {
    return sizes.flatMap(({ keys }) =>
      [HAND_WRITTEN, ...peers.map(({ name }) => name)].map((name) => ({
        what: importOf(keys),
        peerName: name,
        absent: ENGINE_MISSING,
      })),
    );
  }
  const ours = updateOf('ours', 'this package');
  const byHand = updateOf('hand-written', HAND_WRITTEN);
  const floor = updateOf('noop', 'resources that do nothing', { importsNothing: true });
  const kms = await startWaitingKeys();
  try {
    // Not counted, because it reads files for the first time.
    if (!quick) await secondsOf(ours, 1, kms);
    const lines: Line[] = [];
    for (const size of sizes) {
      const { keys, rounds, slowRounds } = size;
      const roundsOf = ({ slow }: Peer): number =>
        slow ? (full && slowRounds === 0 ? 1 : slowRounds) : rounds;
      const seconds = new Map<Importer, number[]>();
      for (let round = 0; round < rounds; round += 1) {
        progress(`imports of ${keys} (round ${round + 1} of ${rounds})`);
        const turn = peers.filter((peer) => round < roundsOf(peer)).map(({ importer }) => importer);
        const present = turn.filter((one) => 'prepare' in one);
        for (const importer of [ours, byHand, floor, ...present]) {
          const before = seconds.get(importer) ?? [];
          seconds.set(importer, [...before, await secondsOf(importer, keys, kms)]);
        }
      }
      const times = { ours, byHand, floor, seconds };
      lines.push(
        ...beside(size, times),
        ...peers.map((peer) => compare(size, ours, peer, seconds)),
      );
    }
    return lines;
  } finally {
    await kms.stop();
  }
}

function importOf(keys: number): string {
  return `import of ${keys} ${keys === 1 ? 'key' : 'keys'}`;
}

function findPeers(): Peer[] {
  const cli = findAwsCli();
  const version = terraformVersion();
  const noTerraform = { missing: 'there is no terraform on PATH' };
  const usingCli = 'missing' in cli ? cli : shellLoop(cli);
  const usingTerraform =
    'missing' in cli ? cli : version === undefined ? noTerraform : terraform(version, cli);
  return [
    { name: SHELL_LOOP, importer: usingCli, slow: true },
    { name: TERRAFORM, importer: usingTerraform, slow: true },
  ];
}

const BELOW_FLOOR = 'so few keys take less than the engine varied by in this run';

interface Times {
  readonly ours: Importer;
  readonly byHand: Importer;
  readonly floor: Importer;
  readonly seconds: ReadonlyMap<Importer, readonly number[]>;
}

/** Compares with the hand-written resource: the whole command, and what is above resources that do nothing. */
function beside(
  { keys, rounds, wholeAtMost, restAtMost }: Size,
  { ours, byHand, floor, seconds }: Times,
): Line[] {
  const timeOf = (importer: Importer): number => median(seconds.get(importer) ?? []);
  const least = timeOf(floor);
  const how = `both: ${ours.how}; one embedded KMS without quotas in a process of its own, in turn; median of ${rounds}`;
  const both = { unit: 's', peerName: HAND_WRITTEN };
  const rest = `${importOf(keys)}, less the engine's floor`;
  const [ownRest, handRest] = [timeOf(ours) - least, timeOf(byHand) - least];
  return [
    {
      ...both,
      what: importOf(keys),
      ours: timeOf(ours),
      peer: timeOf(byHand),
      how: `the whole command; ${how}`,
      ...limitOf(wholeAtMost),
    },
    // A floor above the measurement itself: the run varied by more than the keys took.
    ownRest <= 0 || handRest <= 0
      ? { what: rest, peerName: HAND_WRITTEN, absent: BELOW_FLOOR }
      : {
          ...both,
          what: rest,
          ours: ownRest,
          peer: handRest,
          how: `the floor of ${least.toFixed(2)} s is the command with as many resources that do nothing; ${how}`,
          ...limitOf(restAtMost),
        },
  ];
}

function limitOf(atMost: number | undefined): Pick<Result, 'limit'> {
  return atMost === undefined ? {} : { limit: { atMost } };
}

function compare(
  { keys, wholeAtMost }: Size,
  ours: Importer,
  { name, importer }: Peer,
  seconds: ReadonlyMap<Importer, readonly number[]>,
): Line {
  const what = importOf(keys);
  if ('missing' in importer) return { what, peerName: name, absent: importer.missing };
  const [own = [], others] = [seconds.get(ours), seconds.get(importer)];
  if (others === undefined) {
    return { what, peerName: name, absent: 'it takes minutes, and is measured with --full' };
  }
  const result: Result = {
    what,
    unit: 's',
    ours: median(own),
    peer: median(others),
    peerName: name,
    how: `ours: ${ours.how}; the other: ${importer.how}; the whole command, one embedded KMS without quotas in a process of its own, in turn; median of ${own.length}${others.length === own.length ? '' : ` and of ${others.length}`}`,
  };
  const hasTarget = wholeAtMost !== undefined && name === SHELL_LOOP;
  return hasTarget ? { ...result, limit: { atMost: SHELL_AT_MOST } } : result;
}
