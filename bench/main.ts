import { benchCheckpoint } from './checkpoint';
import { benchRegistration } from './registration';
import type { Result } from './result';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

function row({ what, unit, ours, peer, peerName, how }: Result): string {
  const ratio = (ours / peer).toFixed(3);
  return [
    `${what}: ${ratio} x ${peerName}`,
    `  ${Math.round(ours)} ${unit} against ${Math.round(peer)} ${unit}`,
    `  ${how}`,
  ].join('\n');
}

async function main(): Promise<void> {
  const results = [benchRegistration(100, 5), await benchCheckpoint(10)];
  process.stdout.write(
    process.argv.includes('--json')
      ? `${JSON.stringify(results, undefined, 2)}\n`
      : `${results.map(row).join('\n')}\n`,
  );
}

void main();
