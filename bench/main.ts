import { benchCheckpoint } from './checkpoint';
import { benchFleet } from './fleet';
import { benchDescribeKey } from './kms-describe';
import { benchImport } from './kms-import';
import { benchMemory } from './kms-memory';
import { benchStart } from './kms-start';
import { benchNoChange } from './no-change';
import { benchPolicy } from './policy';
import { benchRegistration } from './registration';
import { keepsLimit, type Result } from './result';
import { benchWrap } from './wrap';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

function row(result: Result): string {
  const { what, unit, ours, peer, peerName, how } = result;
  const ratio = (ours / peer).toFixed(3);
  return [
    `${what}: ${ratio} x ${peerName}${verdict(result)}`,
    `  ${figure(ours)} ${unit} against ${figure(peer)} ${unit}`,
    `  ${how}`,
  ].join('\n');
}

function verdict(result: Result): string {
  const { limit } = result;
  if (limit === undefined) return '';
  const bound = 'atLeast' in limit ? `at least ${limit.atLeast}` : `at most ${limit.atMost}`;
  return `, ${bound} wanted: ${keepsLimit(result) === true ? 'kept' : 'MISSED'}`;
}

function figure(value: number): string {
  return value < 100 ? String(Number(value.toPrecision(3))) : String(Math.round(value));
}

async function main(): Promise<void> {
  const results = [
    benchRegistration(100, 5),
    await benchCheckpoint(10),
    ...benchWrap(3),
    ...(await benchNoChange(1000, 5)),
    ...(await benchFleet(60)),
    await benchStart(7),
    ...(await benchDescribeKey(1000, 3)),
    ...(await benchImport(2048, 3)),
    ...(await benchImport(4096, 3)),
    await benchMemory(10_000),
    ...(await benchPolicy(1000, 5)),
  ];
  process.stdout.write(
    process.argv.includes('--json')
      ? `${JSON.stringify(results, undefined, 2)}\n`
      : `${results.map(row).join('\n')}\n`,
  );
}

void main();
