import { isDeepStrictEqual } from 'node:util';
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  ImportKeyMaterialCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import fc from 'fast-check';
import {
  ACCOUNT,
  createKey,
  HOUR,
  importMaterial,
  materials,
  parametersForImport,
  wrap,
  type World,
} from '../support/world';
import {
  FIRST_REGION,
  LATE,
  ModelKey,
  WINDOW,
  type Condition,
  type Model,
  type Statement,
} from './rules';

export const REGIONS = ['eu-central-1', 'us-west-2', 'ap-southeast-1'];
/** The importable materials: each number in the model means these bytes. */
const POOL = Array.from({ length: 5 }, (_, index) => Buffer.alloc(32, index + 1));

/** The server, and what only it knows. */
export interface Real {
  readonly world: World;
  readonly clients: readonly KMSClient[];
  /** In the order of the model's keys. */
  readonly keyIds: string[];
  /** AWS's ids of the materials, by key and number. */
  readonly materialIds: Map<string, string>;
  readonly ciphertexts: { readonly key: number; readonly material: number; blob: Uint8Array }[];
}

/** Where a step takes place. */
interface Place {
  readonly key: number;
  readonly region: string;
  readonly client: Pick<World, 'client'>;
  readonly KeyId: string;
  readonly model: ModelKey;
}

type Command = fc.AsyncCommand<Model, Real>;

/** A step: what the rules say, and the call. Both must agree, and so must all that can be seen. */
function step(
  name: string,
  keyIndex: number,
  where: number | string,
  expected: (model: Model, place: Place) => string | undefined,
  call: (real: Real, place: Place, model: Model) => Promise<unknown>,
): Command {
  return {
    check: (model) => model.keys.length > 0,
    async run(model, real) {
      const key = keyIndex % model.keys.length;
      const region = typeof where === 'string' ? where : regionOf(model.keys[key]!, where);
      const place: Place = {
        key,
        region,
        client: { client: real.clients[REGIONS.indexOf(region)]! },
        KeyId: real.keyIds[key]!,
        model: model.keys[key]!,
      };
      const refusal = expected(model, place);
      const answer = await call(real, place, model).then(
        () => undefined,
        (error: unknown) => (error as Error).name,
      );
      agree(answer, refusal);
      await compare(model, real);
    },
    toString: () => `${name}(key ${keyIndex}, ${where})`,
  };
}

/** Mostly the primary's Region or one that has a copy, sometimes any: most steps should succeed. */
function regionOf(key: ModelKey, choice: number): string {
  if (choice < 4) return key.primary;
  const copies = [...key.copies.keys()];
  return (choice < 8 ? copies[choice % copies.length] : undefined) ?? REGIONS[choice % 3]!;
}
const CHOICES = 9;

/** Every copy of every key looks as the model says. */
async function compare(model: Model, real: Real): Promise<void> {
  for (const [index, key] of model.keys.entries()) {
    const KeyId = real.keyIds[index]!;
    const nameOf = (material: number) => real.materialIds.get(`${index}/${material}`);
    for (const [place, region] of REGIONS.entries()) {
      const client = real.clients[place]!;
      const copy = key.copies.get(region);
      if (copy === undefined) {
        const gone = client.send(new DescribeKeyCommand({ KeyId })).then(
          () => 'found',
          (error: unknown) => (error as Error).name,
        );
        agree(await gone, 'NotFoundException');
        continue;
      }
      const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      const expiries = key.permanent.map((material) => copy.present.get(material) ?? 0);
      const earliest = Math.min(...expiries);
      const shown = expiries.length > 0 && earliest > 0 && earliest < Infinity;
      const state = model.stateOf(key, region);
      const isNew = state === 'Creating';
      agree(
        {
          state: metadata?.KeyState,
          current: metadata?.CurrentKeyMaterialId,
          validTo: metadata?.ValidTo?.getTime(),
          primary: metadata?.MultiRegionConfiguration?.PrimaryKey?.Region,
          replicas: metadata?.MultiRegionConfiguration?.ReplicaKeys?.map((it) => it.Region).sort(),
        },
        {
          state,
          current: key.current === undefined || isNew ? undefined : nameOf(key.current),
          validTo: shown ? START + earliest * HOUR : undefined,
          primary: key.multi ? key.primary : undefined,
          replicas: key.multi
            ? [...key.copies.keys()].filter((name) => name !== key.primary).sort()
            : undefined,
        },
      );
      const waiting = model.isReady(key)
        ? 'PENDING_ROTATION'
        : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
      const all = [...key.permanent, ...(key.pending === undefined ? [] : [key.pending])];
      agree(
        (await materials({ client }, KeyId)).map((entry) => [
          entry.KeyMaterialId,
          entry.KeyMaterialState,
          entry.ImportState,
        ]),
        all.map((material) => [
          nameOf(material),
          material === key.pending ? waiting : material === key.current ? 'CURRENT' : 'NON_CURRENT',
          copy.present.has(material) ? 'IMPORTED' : 'PENDING_IMPORT',
        ]),
      );
    }
  }
}

/** Not expect(): thousands of comparisons a second, and fast-check shows what differs. */
function agree(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`KMS: ${JSON.stringify(actual)}\nrules: ${JSON.stringify(expected)}`);
}

export const START = Date.UTC(2030, 0, 1);

export const creation = (multi: boolean): Command => ({
  check: (model) => model.keys.length < 4,
  async run(model, real) {
    const client = { client: real.clients[0]! };
    const { KeyId } = await createKey(client, { Origin: 'EXTERNAL', MultiRegion: multi });
    model.keys.push(new ModelKey(REGIONS[0]!, multi));
    real.keyIds.push(KeyId);
    await compare(model, real);
  },
  toString: () => `create(${multi ? 'multi-Region' : 'single-Region'})`,
});

const passing = (hours: number): Command => ({
  check: () => true,
  async run(model, real) {
    for (let hour = 0; hour < hours; hour++) model.passHour();
    real.world.clock.advance(hours * HOUR);
    await compare(model, real);
  },
  toString: () => `pass(${hours} h)`,
});

const importing = (
  [key, region]: readonly [number, number | string],
  material: number,
  type: 'NEW' | 'EXISTING' | undefined,
  hours: number | undefined,
): Command =>
  step(
    `import ${type ?? 'by default'} of ${material} for ${hours ?? 'ever'}`,
    key,
    region,
    (model, place) =>
      model.import(
        place.model,
        place.region,
        material,
        type,
        hours === undefined ? Infinity : model.hour + hours,
      ),
    async ({ materialIds, world }, place) => {
      const id = await importMaterial(place.client, place.KeyId, POOL[material]!, {
        ...(type === undefined ? {} : { ImportType: `${type}_KEY_MATERIAL` as const }),
        ...(hours === undefined
          ? {}
          : {
              ExpirationModel: 'KEY_MATERIAL_EXPIRES' as const,
              ValidTo: new Date(world.clock.now().getTime() + hours * HOUR),
            }),
      });
      const name = `${place.key}/${material}`;
      agree(id, materialIds.get(name) ?? id); // the same bytes have the same id in each Region
      materialIds.set(name, id);
    },
  );

const mixing = ([key, region]: readonly [number, number], material: number): Command =>
  step(
    'import by two calls',
    key,
    region,
    (model, at) => model.mix(at.model, at.region),
    async (_real, { client, KeyId }) => {
      const { PublicKey } = await parametersForImport(client, KeyId);
      const { ImportToken } = await parametersForImport(client, KeyId);
      await client.client.send(
        new ImportKeyMaterialCommand({
          KeyId,
          ImportToken,
          EncryptedKeyMaterial: wrap(PublicKey!, POOL[material]!),
          ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        }),
      );
    },
  );

/** Words of policies for the parts that are about the caller's next PutKeyPolicy, and for those that are not. */
const WORDS = {
  principal: {
    true: [`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT, '*'],
    false: ['arn:aws:iam::444455556666:root', `arn:aws:iam::${ACCOUNT}:role/Other`],
  },
  action: {
    true: ['kms:*', 'kms:PutKeyPolicy', 'kms:Put*', '*'],
    false: ['kms:Encrypt', 'kms:Get*', 's3:*', undefined],
  },
  resource: {
    true: ['*', 'arn:aws:kms:*:*:key/*'],
    false: ['arn:aws:kms:*:*:key/other', 'arn:aws:s3:::*', undefined],
  },
} as const;

const CONDITIONS: Readonly<Record<Condition, object | undefined>> = {
  none: undefined,
  imported: { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL', 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } },
  generated: { StringEquals: { 'kms:KeyOrigin': 'AWS_KMS' } },
  multi: { Bool: { 'kms:MultiRegion': 'true' } },
  primary: { StringEquals: { 'kms:MultiRegionKeyType': 'PRIMARY' } },
  'not primary': { StringNotEquals: { 'kms:MultiRegionKeyType': 'PRIMARY' } },
  'first Region': { 'ForAnyValue:StringLike': { 'aws:RequestedRegion': [FIRST_REGION, 'x'] } },
  late: {
    DateGreaterThanEquals: { 'aws:CurrentTime': new Date(START + LATE * HOUR).toISOString() },
  },
  'by a service': { Bool: { 'aws:ViaAWSService': 'true' } },
  undecided: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
};

/** Writes a policy as JSON, the words chosen by a number. */
export function written(policy: readonly Statement[], choice: number): string {
  const word = (part: keyof typeof WORDS, is: boolean): string | undefined => {
    const words: readonly (string | undefined)[] = WORDS[part][`${is}`];
    return words[choice % words.length];
  };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: policy.map(({ effect, principal, action, resource, condition }) => ({
      Effect: effect,
      // A Deny is about those whom its NotPrincipal does not name.
      ...(effect === 'Deny' && choice % 2 === 1
        ? { NotPrincipal: { AWS: word('principal', !principal) } }
        : { Principal: { AWS: word('principal', principal) } }),
      Action: word('action', action),
      Resource: word('resource', resource),
      Condition: CONDITIONS[condition],
    })),
  });
}

const puttingPolicy = (
  [key, region]: readonly [number, number],
  policy: readonly Statement[],
  choice: number,
): Command =>
  step(
    `put policy ${written(policy, choice)}`,
    key,
    region,
    (model, at) => model.putPolicy(at.model, at.region, policy),
    async (_real, { client: { client }, KeyId }) => {
      const before = await client.send(new GetKeyPolicyCommand({ KeyId }));
      const Policy = written(policy, choice);
      const answer = client.send(new PutKeyPolicyCommand({ KeyId, Policy }));
      const expected = await answer.then(
        () => Policy,
        () => before.Policy,
      );
      agree((await client.send(new GetKeyPolicyCommand({ KeyId }))).Policy, expected);
      await answer;
    },
  );

/** Imports in every Region what is missing there, so that keys come back to life. */
const bringing = (key: number): Command => ({
  check: () => true,
  async run(model, real) {
    const index = key % model.keys.length;
    const { copies, permanent, pending } = model.keys[index]!;
    for (const [region, { present }] of copies) {
      for (const material of [...permanent, ...(pending === undefined ? [] : [pending])]) {
        if (present.has(material)) continue;
        await importing([index, region], material, undefined, undefined).run(model, real);
      }
    }
  },
  toString: () => `bring(key ${key})`,
});

const replicating = ([key, region]: readonly [number, number], to: number): Command =>
  step(
    `replicate to ${REGIONS[to]!}`,
    key,
    region,
    (model, at) => model.replicate(at.model, at.region, REGIONS[to]!),
    (_real, { client, KeyId }) =>
      client.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: REGIONS[to]! })),
  );

const moving = ([key, region]: readonly [number, number], to: number): Command =>
  step(
    `move primary to ${REGIONS[to]!}`,
    key,
    region,
    (model, at) => model.updatePrimary(at.model, at.region, REGIONS[to]!),
    (_real, { client, KeyId }) =>
      client.client.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: REGIONS[to]! })),
  );

/** A whole move, which random steps would seldom come to. */
const spreading = (key: number, to: number): Command => ({
  check: () => true,
  async run(model, real) {
    const hour = () => passing(1).run(model, real);
    await bringing(key).run(model, real);
    await replicating([key, 0], to).run(model, real);
    await hour();
    await bringing(key).run(model, real);
    await moving([key, 0], to).run(model, real);
    await decrypting(to).run(model, real);
    await hour();
  },
  toString: () => `spread(key ${key}, ${REGIONS[to]!})`,
});

const deleting = ([key, region]: readonly [number, number], material: number | undefined) =>
  step(
    `delete ${material ?? 'current'}`,
    key,
    region,
    (model, place) => model.delete(place.model, place.region, material),
    ({ materialIds }, { client, KeyId, key: index }) =>
      client.client.send(
        new DeleteImportedKeyMaterialCommand({
          KeyId,
          ...(material === undefined
            ? {}
            : { KeyMaterialId: materialIds.get(`${index}/${material}`) ?? '0'.repeat(64) }),
        }),
      ),
  );

const encrypting = ([key, region]: readonly [number, number]) =>
  step(
    'encrypt',
    key,
    region,
    (model, place) => model.encrypt(place.model, place.region),
    async ({ ciphertexts }, place) => {
      const { KeyId, client, model } = place;
      const encrypt = new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') });
      const { CiphertextBlob: blob } = await client.client.send(encrypt);
      ciphertexts.push({ key: place.key, material: model.current!, blob: blob! });
    },
  );

/** Each ciphertext so far decrypts with the material that made it, where its key can be used. */
const decrypting = (region: number): Command => ({
  check: () => true,
  async run(model, { ciphertexts, clients, materialIds }) {
    for (const { key, material, blob } of ciphertexts) {
      const place = region % REGIONS.length;
      const refusal = model.decrypt(model.keys[key]!, REGIONS[place]!);
      const answer = clients[place]!.send(new DecryptCommand({ CiphertextBlob: blob })).then(
        ({ KeyMaterialId }) => KeyMaterialId,
        (error: unknown) => (error as Error).name,
      );
      agree(await answer, refusal ?? materialIds.get(`${key}/${material}`));
    }
  },
  toString: () => `decrypt all in ${REGIONS[region % REGIONS.length]!}`,
});

const lookingAtUse = (key: number): Command => ({
  check: () => true,
  async run(model, real) {
    const index = key % model.keys.length;
    const one = model.keys[index]!;
    for (const region of one.copies.keys()) {
      const client = real.clients[REGIONS.indexOf(region)]!;
      const answer = await client.send(new GetKeyLastUsageCommand({ KeyId: real.keyIds[index]! }));
      const [hour, operation] = model.lastUse(one, region) ?? [];
      agree(
        [answer.KeyLastUsage?.Operation, answer.KeyLastUsage?.Timestamp?.getTime()],
        [operation, hour === undefined ? undefined : START + hour * HOUR],
      );
    }
  },
  toString: () => `look at the last use(key ${key})`,
});

/** A use and its record, which random steps would seldom come to. */
const usingAndLooking = (key: number): Command => ({
  check: () => true,
  async run(model, real) {
    await bringing(key).run(model, real);
    await encrypting([key, 0]).run(model, real);
    await lookingAtUse(key).run(model, real);
    await passing(1).run(model, real);
    await lookingAtUse(key).run(model, real);
  },
  toString: () => `use(key ${key}) and look`,
});

type Simple = readonly [
  rule: (model: Model, place: Place) => string | undefined,
  command: (client: Pick<World, 'client'>, KeyId: string) => Promise<unknown>,
];

const SIMPLE: Readonly<Record<string, Simple>> = {
  rotate: [
    (model, at) => model.rotate(at.model, at.region),
    ({ client }, KeyId) => client.send(new RotateKeyOnDemandCommand({ KeyId })),
  ],
  enable: [
    (model, at) => model.switch(at.model, at.region, true),
    ({ client }, KeyId) => client.send(new EnableKeyCommand({ KeyId })),
  ],
  disable: [
    (model, at) => model.switch(at.model, at.region, false),
    ({ client }, KeyId) => client.send(new DisableKeyCommand({ KeyId })),
  ],
  schedule: [
    (model, at) => model.schedule(at.model, at.region),
    ({ client }, KeyId) =>
      client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: WINDOW / 24 })),
  ],
  cancel: [
    (model, at) => model.cancel(at.model, at.region),
    ({ client }, KeyId) => client.send(new CancelKeyDeletionCommand({ KeyId })),
  ],
};

const mostly = fc.constantFrom(true, true, true, false);
const statement: fc.Arbitrary<Statement> = fc.record({
  effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  principal: mostly,
  action: mostly,
  resource: mostly,
  condition: fc.constantFrom('none' as const, ...(Object.keys(CONDITIONS) as Condition[])),
});
/** The statements of a policy. */
export const policy = fc.array(statement, { minLength: 1, maxLength: 3 });

const place = fc.tuple(fc.nat(2), fc.nat(CHOICES));
const pool = fc.nat(POOL.length - 1);
const type = fc.constantFrom('NEW', 'EXISTING', undefined);
const other = fc.nat(2);

/** All steps, those that bring a key on more often than those that take it away. */
export const steps = [
  fc.boolean().map(creation),
  ...Array.from({ length: 4 }, () => fc.nat(2).map(bringing)),
  fc.tuple(place, pool, type, fc.constantFrom(undefined, 3, 60, 300)).map((it) => importing(...it)),
  fc.tuple(place, pool).map(([at, material]) => importing(at, material, undefined, undefined)),
  ...Array.from({ length: 3 }, () =>
    fc.tuple(place, pool).map(([at, material]) => importing(at, material, 'NEW', undefined)),
  ),
  fc.tuple(place, fc.option(pool, { nil: undefined })).map((it) => deleting(...it)),
  ...[
    'rotate',
    'rotate',
    'rotate',
    'enable',
    'enable',
    'disable',
    'schedule',
    'cancel',
    'cancel',
  ].map((name) =>
    place.map(([key, region]) => {
      const [rule, command] = SIMPLE[name]!;
      return step(name, key, region, rule, (_real, { client, KeyId }) => command(client, KeyId));
    }),
  ),
  ...Array.from({ length: 3 }, () => fc.tuple(place, other).map((it) => replicating(...it))),
  fc.tuple(place, other).map((it) => moving(...it)),
  ...Array.from({ length: 2 }, () => fc.tuple(fc.nat(2), other).map((it) => spreading(...it))),
  place.map(encrypting),
  other.map(decrypting),
  fc.tuple(place, pool).map((it) => mixing(...it)),
  ...Array.from({ length: 3 }, () =>
    fc.tuple(place, policy, fc.nat(11)).map((it) => puttingPolicy(...it)),
  ),
  fc.nat(2).map(lookingAtUse),
  fc.nat(2).map(usingAndLooking),
  ...Array.from({ length: 3 }, () => fc.constantFrom(1, 1, 1, 2, 5, 100, WINDOW).map(passing)),
];
