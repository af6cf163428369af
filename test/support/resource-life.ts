import { randomBytes } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import { connect, connectSecrets, Pacing, type KmsClient as KmsCalls } from '../../src/aws/index';
import type { DynamicProvider } from '../../src/provider/protocol';
import type { ProviderContext } from '../../src/provider/context';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import type { EmbeddedKms } from 'embedded-kms';
import type { TokenClients } from '../../src/material/pkcs11/token-client';
import { currentAdapter, type Resource } from './adapter';
import type { RunRegistry } from '../../src/provider/run-registry';
import { createRunRegistry } from './run-registry';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { codeAtEnd } from './codes';

type Properties = Record<string, unknown>;

/** Step of an update, as the engine calls it. */
export type Step = 'create' | 'update' | 'replace' | 'same';

/** Thrown where check failures would stop the engine. */
export class CheckFailed extends Error {
  constructor(readonly failures: readonly { property: string; reason: string }[]) {
    super(failures.map(({ reason }) => reason).join('\n'));
  }

  /** The codes at the ends of the reasons. */
  get codes(): string[] {
    return this.failures.map(({ reason }) => codeAtEnd(reason) ?? reason);
  }
}

/** State that the engine keeps of a resource. */
export interface RecordedLife {
  readonly id: string | undefined;
  readonly inputs: Properties;
  readonly outs: Properties;
  readonly initFailed: boolean;
}

interface LifeOptions {
  readonly kms: EmbeddedKms;
  readonly now?: () => Date;
  readonly env?: NodeJS.ProcessEnv;
  readonly config?: Readonly<Record<string, string>>;
  /** `aws:region` of the stack. Default: eu-west-1. */
  readonly region?: string;
  /** Milliseconds. */
  readonly commandTimeLimit?: number;
  /** Default: the provider of ImportedKeyMaterial. */
  readonly resource?: Resource;
  /** Resources that the run declares, for a run with several. Default: a separate registry. */
  readonly runRegistry?: () => RunRegistry;
  /** Cache in which the provider process of an update keeps inline material. Default: a separate cache. */
  readonly plaintexts?: () => PlaintextCache;
  /** Processes of PKCS #11 modules. Default: those of this process. */
  readonly tokenClients?: TokenClients;
  /** Called at each wait, for example to advance a clock. */
  readonly onWait?: (milliseconds: number) => void;
  /** Wraps the calls that the provider makes. */
  readonly through?: ((calls: KmsCalls) => KmsCalls) | undefined;
  /** State with which the life continues. */
  readonly recorded?: RecordedLife | undefined;
}

/**
 * The life of one resource under the calls that the engine makes, in its order, against the
 * provider in this process. Values cross as JSON, as they do over the protocol.
 */
export class ResourceLife {
  /** The provider process of the current or last operation. */
  provider!: DynamicProvider;
  plaintexts!: PlaintextCache;
  /** Messages to the user. */
  readonly told: string[] = [];
  /** Milliseconds of each wait. No wait takes real time. */
  readonly waits: number[] = [];
  id: string | undefined;
  inputs: Properties = {};
  outs: Properties = {};
  #initFailed = false;
  #checked: Properties = {};
  readonly #start: (plaintexts?: PlaintextCache) => void;
  readonly #plaintexts: () => PlaintextCache;

  constructor(options: LifeOptions) {
    const { kms, now = () => new Date(), env = {}, config = {}, recorded } = options;
    const through = options.through ?? ((calls: KmsCalls): KmsCalls => calls);
    if (recorded !== undefined) {
      ({
        id: this.id,
        inputs: this.inputs,
        outs: this.outs,
        initFailed: this.#initFailed,
      } = recorded);
    }
    const stack: Record<string, string> = {
      'aws:region': options.region ?? 'eu-west-1',
      'aws:endpoints': JSON.stringify([{ kms: kms.url, sts: kms.url }]),
      'aws:accessKey': CREDENTIALS.accessKeyId,
      'aws:secretKey': CREDENTIALS.secretAccessKey,
      ...config,
    };
    this.#plaintexts = options.plaintexts ?? (() => new PlaintextCache());
    this.#start = (plaintexts = new PlaintextCache()) => {
      this.plaintexts = plaintexts;
      const before = this.waits.length;
      // Waiting for a turn takes no time either.
      let instant = 0;
      const pacing = new Pacing({
        now: () => instant,
        sleep: (milliseconds) => {
          instant += milliseconds;
          return Promise.resolve();
        },
        say: (line) => this.told.push(line),
      });
      const context: ProviderContext = {
        connect: (connection): Promise<KmsCalls> =>
          Promise.resolve(through(connect(connection, pacing, now))),
        connectSecrets: (connection) => Promise.resolve(connectSecrets(connection)),
        commandTimeLimit: options.commandTimeLimit,
        now,
        random: randomBytes,
        sleep: (milliseconds, signal) => {
          this.waits.push(milliseconds);
          options.onWait?.(milliseconds);
          if (signal.aborted) return Promise.reject(new Error('aborted'));
          return this.waits.length - before > 200
            ? Promise.reject(new Error('too many'))
            : Promise.resolve();
        },
        env,
        tokenClients: options.tokenClients,
        plaintexts: this.plaintexts,
        runRegistry: options.runRegistry?.() ?? createRunRegistry(),
        tell: (line) => this.told.push(line),
        warn: (line) => this.told.push(line),
      };
      this.provider = currentAdapter(options.resource ?? 'ImportedKeyMaterial', context, (key) =>
        stack[key] === '' ? undefined : stack[key],
      );
    };
    this.#start();
  }

  get recorded(): RecordedLife {
    const { id, inputs, outs } = this;
    return { id, inputs, outs, initFailed: this.#initFailed };
  }

  /** Returns the step that a preview shows. Throws any error that would fail the preview. */
  async preview(program: Properties): Promise<Step> {
    this.#start();
    return this.#plan(program);
  }

  async #plan(program: Properties): Promise<Step> {
    const inputs = await this.check(this.inputs, program);
    this.#checked = inputs;
    if (this.id === undefined) return 'create';
    const { changes, replaces } = await this.provider.diff(this.id, json(this.outs), inputs);
    if (replaces.length > 0) return 'replace';
    return changes ? 'update' : 'same';
  }

  /** One update with this program. */
  async up(program: Properties): Promise<Step> {
    return this.apply(await this.plan(program), program);
  }

  /** Runs a preview, and then plans the update without carrying it out. */
  async plan(program: Properties): Promise<Step> {
    await this.preview(program);
    this.#start(this.#plaintexts());
    return this.#plan(program);
  }

  /** Carries out a planned update. */
  async apply(step: Step, program: Properties): Promise<Step> {
    const inputs = step === 'replace' ? await this.check({}, program) : this.#checked;
    if (step === 'create') await this.#create(inputs);
    if (step === 'update' || (step === 'same' && this.#initFailed)) await this.#update(inputs);
    if (step === 'replace') {
      const { id, outs } = this;
      await this.#create(inputs);
      await this.provider.delete(id ?? '', json(outs));
    }
    if (step === 'same') this.inputs = inputs;
    return step;
  }

  async refresh(): Promise<void> {
    this.#start();
    const { id, props } = await this.provider.read(this.id ?? '', json(this.outs));
    this.id = id;
    this.outs = json(props ?? {});
    if (id === undefined) this.inputs = {};
  }

  async destroy(): Promise<void> {
    this.#start();
    await this.provider.delete(this.id ?? '', json(this.outs));
    this.id = undefined;
    this.inputs = {};
    this.outs = {};
  }

  /** As the engine does it: failures end the step. */
  async check(olds: Properties, program: Properties): Promise<Properties> {
    const { inputs, failures } = await this.provider.check(json(olds), json(program));
    if (failures.length > 0) throw new CheckFailed(failures);
    return json(inputs);
  }

  async #create(inputs: Properties): Promise<void> {
    await this.#keepingState(inputs, async () => {
      const { id, outs } = await this.provider.create(json(inputs));
      this.id = id;
      this.outs = json({ ...outs });
    });
  }

  async #update(inputs: Properties): Promise<void> {
    await this.#keepingState(inputs, async () => {
      const { outs } = await this.provider.update(this.id ?? '', json(this.outs), json(inputs));
      this.outs = json({ ...outs });
    });
  }

  async #keepingState(inputs: Properties, operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
      this.#initFailed = false;
    } catch (error) {
      const { id, properties } = error as { id?: string; properties?: Properties };
      if (id !== undefined) {
        this.id = id;
        this.outs = json(properties ?? {});
        this.inputs = inputs;
        this.#initFailed = true;
      }
      throw error;
    }
    this.inputs = inputs;
  }
}

// The protocol refuses what is not JSON, and `undefined` with it, after the provider did its work.
function json<T>(value: T): T {
  const copy = JSON.parse(JSON.stringify(value)) as T;
  if (!isDeepStrictEqual(copy, value)) {
    throw new TypeError(`the host would refuse what is not JSON: ${inspect(value)}`);
  }
  return copy;
}
