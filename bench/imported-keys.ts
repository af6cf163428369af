import { findAwsCli } from './importers/aws-cli';
import type { Importer } from './importers/importer';
import { SHELL_LOOP, shellLoop } from './importers/shell-loop';
import { TERRAFORM, terraform, terraformVersion } from './importers/terraform';
import { secondsOf } from './importers/seconds';
import { updateOf } from './importers/update';
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
}

const SIZES: readonly Size[] = [
  { keys: 1, rounds: 5, slowRounds: 3 },
  { keys: 10, rounds: 5, slowRounds: 1 },
  { keys: 50, rounds: 7, slowRounds: 1 },
  { keys: 200, rounds: 3, slowRounds: 0 },
];
const QUICK: readonly Size[] = [{ keys: 2, rounds: 1, slowRounds: 1 }];

/** Number of keys that has a target. */
const LIMIT_KEYS = 50;

/** A peer, or the reason why it is missing. */
interface Peer {
  readonly name: string;
  readonly importer: Importer | { readonly missing: string };
  readonly slow: boolean;
  /** Target for the ratio. */
  readonly atMost?: number;
}

/** Measures how long several ways take to import keys. */
export async function benchImportedKeys({ full, quick }: Options): Promise<Line[]> {
  const ours = updateOf('ours', 'this package');
  const peers = findPeers();
  const sizes = quick ? QUICK : SIZES;
  const kms = await startWaitingKeys();
  try {
    // Not counted, because it reads files for the first time.
    await secondsOf(ours, 1, kms);
    const lines: Line[] = [];
    for (const { keys, rounds, slowRounds } of sizes) {
      const roundsOf = ({ slow }: Peer): number =>
        slow ? (full && slowRounds === 0 ? 1 : slowRounds) : rounds;
      const seconds = new Map<Importer, number[]>();
      for (let round = 0; round < rounds; round += 1) {
        progress(`imports of ${keys} (round ${round + 1} of ${rounds})`);
        const turn = peers.filter((peer) => round < roundsOf(peer)).map(({ importer }) => importer);
        for (const importer of [ours, ...turn.filter((one) => 'prepare' in one)]) {
          const before = seconds.get(importer) ?? [];
          seconds.set(importer, [...before, await secondsOf(importer, keys, kms)]);
        }
      }
      lines.push(...peers.map((peer) => compare(keys, ours, peer, seconds)));
    }
    return lines;
  } finally {
    await kms.stop();
  }
}

function findPeers(): Peer[] {
  const cli = findAwsCli();
  const version = terraformVersion();
  const noTerraform = { missing: 'there is no terraform on PATH' };
  const usingCli = 'missing' in cli ? cli : shellLoop(cli);
  const usingTerraform =
    'missing' in cli ? cli : version === undefined ? noTerraform : terraform(version, cli);
  const handWritten = updateOf('hand-written', 'a hand-written pulumi.dynamic.Resource');
  return [
    { name: handWritten.name, importer: handWritten, slow: false, atMost: 0.85 },
    { name: SHELL_LOOP, importer: usingCli, slow: true, atMost: 0.1 },
    { name: TERRAFORM, importer: usingTerraform, slow: true },
  ];
}

function compare(
  keys: number,
  ours: Importer,
  { name, importer, atMost }: Peer,
  seconds: ReadonlyMap<Importer, readonly number[]>,
): Line {
  const what = `import of ${keys} ${keys === 1 ? 'key' : 'keys'}`;
  if ('missing' in importer) return { what, peerName: name, absent: importer.missing };
  const [own = [], others] = [seconds.get(ours), seconds.get(importer)];
  if (others === undefined) {
    return { what, peerName: name, absent: 'it takes minutes, and is measured with --full' };
  }
  const both = ours.how === importer.how ? 'both' : `ours: ${ours.how}; the other`;
  const result: Result = {
    what,
    unit: 's',
    ours: median(own),
    peer: median(others),
    peerName: name,
    how: `${both}: ${importer.how}; the whole command, one embedded KMS without quotas in a process of its own, in turn; median of ${own.length}${others.length === own.length ? '' : ` and of ${others.length}`}`,
  };
  return keys === LIMIT_KEYS && atMost !== undefined ? { ...result, limit: { atMost } } : result;
}
