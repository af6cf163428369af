import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** Files that may have material, by how an example names them. */
const MATERIAL = /\b[\w-]+\.(?:bin|pem|der|jwk)\b/g;

const files = readdirSync(EXAMPLES).flatMap((example) =>
  readdirSync(join(EXAMPLES, example))
    .filter((name) => /\.(?:md|ts|py|yaml)$/.test(name))
    .flatMap((name) => readFileSync(join(EXAMPLES, example, name), 'utf8').match(MATERIAL) ?? [])
    .map((file) => `${example}/${file}`),
);

it('Git ignores each material file that an example names', () => {
  expect(files).toContain('quickstart/material.bin');
  const tracked = [...new Set([...files, 'hsm/pin', 'hsm/tokens/token.object'])].filter(
    (file) =>
      spawnSync('git', ['check-ignore', '--quiet', '--no-index', file], { cwd: EXAMPLES })
        .status !== 0,
  );
  expect(tracked).toEqual([]);
});
