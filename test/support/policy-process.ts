import { credentials, type ServiceError } from '@grpc/grpc-js';
import type { EnforcementLevel } from '@pulumi/policy';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import * as analyzer from '@pulumi/pulumi/proto/analyzer_pb';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ManagedProcess } from '../../packages/pulumi-offline-engine/src/engine/managed-process';
import { loadSdk, toStruct } from '../../packages/pulumi-offline-engine/src/engine/sdk';
import type { ValueMap } from '../../packages/pulumi-offline-engine/src/engine/values';

const ROOT = join(__dirname, '..', '..');
const SDK = loadSdk(ROOT);

type Struct = ReturnType<typeof toStruct>;

/** Placeholder for a text that is unknown in a preview. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** A provider as the engine shows it to a policy pack, beside each of its resources. */
export interface ShownProvider {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** A resource as the engine shows it to a policy pack. */
export interface ShownResource {
  readonly type: string;
  readonly name: string;
  /** The types of the components that it is in, as its URN has them. */
  readonly parents?: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  /** Its provider. Default: none is shown. */
  readonly provider?: ShownProvider;
  /** Names of the resources on which each property depends. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
}

/** Finding of a policy. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: 'advisory' | 'mandatory';
  /** Name of the resource. Undefined for a resource policy, which judges only the resource in the request. */
  readonly resource: string | undefined;
  readonly message: string;
  /** Whether the policy could not run because a value is unknown. */
  readonly undecided: boolean;
}

/** Levels and settings by name of the policy, as the CLI sends them. */
export type PackConfig = Readonly<
  Record<string, { readonly enforcementLevel: EnforcementLevel } & Record<string, unknown>>
>;

const LEVELS = analyzer.EnforcementLevel;

/** The pack in the SDK's own policy process, asked over gRPC as the engine does. */
export class PolicyProcess {
  readonly #process: ManagedProcess;
  readonly #client: AnalyzerClient;

  private constructor(process: ManagedProcess, port: string) {
    this.#process = process;
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    });
  }

  static async start(pack = join(ROOT, 'policy-pack')): Promise<PolicyProcess> {
    // As the engine does: the SDK that is beside the pack.
    const fromPack = createRequire(join(pack, 'index.js'));
    const lines: string[] = [];
    let ready: (port: string) => void;
    const port = new Promise<string>((resolve) => (ready = resolve));
    const child = new ManagedProcess(
      {
        args: [
          dirname(fromPack.resolve('@pulumi/pulumi/cmd/run-policy-pack')),
          '127.0.0.1:1',
          pack,
        ],
        cwd: pack,
        env: process.env,
      },
      (line) => {
        lines.push(line);
        if (/^\d+$/.test(line)) ready(line);
      },
    );
    const outcome = await Promise.race([port, child.ended]);
    if (typeof outcome !== 'string') throw new Error(`no policy process: ${lines.join('\n')}`);
    return new PolicyProcess(child, outcome);
  }

  /** The processor time that the process has used, in milliseconds; undefined where there is no /proc. */
  cpuTime(): number | undefined {
    try {
      const stat = readFileSync(`/proc/${String(this.#process.child.pid)}/stat`, 'utf8');
      // proc(5): fields 14 and 15, in ticks of 10 ms, behind a name that may have spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#process.stop();
  }

  async info(): Promise<analyzer.AnalyzerInfo.AsObject> {
    const info = await call<analyzer.AnalyzerInfo>((done) =>
      this.#client.getAnalyzerInfo(new SDK.empty.Empty(), done),
    );
    return info.toObject();
  }

  /** Sets levels and settings. Default: those of the pack. */
  async configure(config: PackConfig): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const [id, { enforcementLevel, ...settings }] of Object.entries(config)) {
      const one = new analyzer.PolicyConfig();
      one.setEnforcementlevel(
        {
          advisory: LEVELS.ADVISORY,
          mandatory: LEVELS.MANDATORY,
          remediate: LEVELS.REMEDIATE,
          disabled: LEVELS.DISABLED,
        }[enforcementLevel],
      );
      one.setProperties(structOf(settings));
      request.getPolicyconfigMap().set(id, one);
    }
    await call<unknown>((done) => this.#client.configure(request, done));
  }

  /** Returns the findings of resource policies on one resource. */
  async analyze(resource: ShownResource): Promise<Diagnostic[]> {
    const request = new analyzer.AnalyzeRequest();
    describe(request, resource);
    const response = await call<analyzer.AnalyzeResponse>((done) =>
      this.#client.analyze(request, done),
    );
    return diagnosticsOf(response);
  }

  /** Returns the properties of a resource after remediation. Undefined if the remediations do not change it. */
  async remediate(resource: ShownResource): Promise<Readonly<Record<string, unknown>> | undefined> {
    const request = new analyzer.AnalyzeRequest();
    describe(request, resource);
    const response = await call<analyzer.RemediateResponse>((done) =>
      this.#client.remediate(request, done),
    );
    return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
  }

  /** Returns the findings of stack policies on all resources together. */
  async analyzeStack(resources: readonly ShownResource[]): Promise<Diagnostic[]> {
    const request = new analyzer.AnalyzeStackRequest();
    const urns = new Map(resources.map((resource) => [resource.name, urnOf(resource)]));
    for (const resource of resources) {
      const shown = new analyzer.AnalyzerResource();
      describe(shown, resource);
      for (const [property, names] of Object.entries(resource.dependsOn ?? {})) {
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList(names.map((name) => urns.get(name) ?? name));
        shown.getPropertydependenciesMap().set(property, dependencies);
      }
      request.addResources(shown);
    }
    const response = await call<analyzer.AnalyzeResponse>((done) =>
      this.#client.analyzeStack(request, done),
    );
    return diagnosticsOf(response);
  }

  /** Returns all findings of the pack on a stack. */
  async review(resources: readonly ShownResource[]): Promise<Diagnostic[]> {
    const each: Diagnostic[] = [];
    for (const resource of resources) {
      const found = await this.analyze(resource);
      each.push(...found.map((diagnostic) => ({ ...diagnostic, resource: resource.name })));
    }
    return [...each, ...(await this.analyzeStack(resources))];
  }
}

function describe(
  message: analyzer.AnalyzeRequest | analyzer.AnalyzerResource,
  resource: ShownResource,
): void {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(structOf(resource.props));
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(resource.protect ?? false);
  options.setIgnorechangesList([...(resource.ignoreChanges ?? [])]);
  message.setOptions(options);
  if (resource.provider === undefined) return;
  const provider = new analyzer.AnalyzerProviderResource();
  provider.setType(resource.provider.type);
  provider.setName('provider');
  provider.setUrn(urnOf({ ...resource.provider, name: 'provider' }));
  provider.setProperties(structOf(resource.provider.props));
  message.setProvider(provider);
}

function urnOf({ type, name, parents }: ShownResource): string {
  const whole = parents === undefined ? type : `${parents}$${type}`;
  return `urn:pulumi:test::project::${whole}::${name}`;
}

function structOf(value: Readonly<Record<string, unknown>>): Struct {
  // Without the members that are undefined, as JSON has it.
  return toStruct(SDK, JSON.parse(JSON.stringify(value)) as ValueMap);
}

function diagnosticsOf(response: analyzer.AnalyzeResponse): Diagnostic[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: diagnostic.getEnforcementlevel() === LEVELS.MANDATORY ? 'mandatory' : 'advisory',
    resource: diagnostic.getUrn() === '' ? undefined : diagnostic.getUrn().split('::').at(-1),
    message: diagnostic.getMessage(),
    undecided: diagnostic.getMessage().startsWith("can't run policy"),
  }));
}

function call<Response>(
  start: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}
