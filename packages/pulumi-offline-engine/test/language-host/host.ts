import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type * as languageRpc from '@pulumi/pulumi/proto/language_grpc_pb';
import type * as languagePb from '@pulumi/pulumi/proto/language_pb';
import { loadSdk, requireOfSdk, type PulumiSdk } from '../../src/engine/sdk';

const ROOT = join(__dirname, '..', '..');

/** The program that engines start. */
export const HOST_PROGRAM = join(ROOT, 'language-host', 'pulumi-language-nodejs');

const load = requireOfSdk(ROOT);

export const sdk: PulumiSdk = loadSdk(ROOT);
export const messages = load('@pulumi/pulumi/proto/language_pb') as typeof languagePb;
const rpc = load('@pulumi/pulumi/proto/language_grpc_pb') as typeof languageRpc;

type Unary<Request, Response> = (
  request: Request,
  done: (error: Error | null, response: Response) => void,
) => unknown;

/** The output of RunPlugin. */
export interface PluginOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | undefined;
}

/** A language host that was started as an engine starts it, and a client of it. */
export class Host {
  readonly client: languageRpc.LanguageRuntimeClient;
  readonly process: ChildProcess;
  /** The output of the host after its port. */
  readonly lines: string[];

  private constructor(process: ChildProcess, port: string, lines: string[]) {
    this.process = process;
    this.lines = lines;
    this.client = new rpc.LanguageRuntimeClient(
      `127.0.0.1:${port}`,
      sdk.grpc.credentials.createInsecure(),
    );
  }

  static async start(...args: string[]): Promise<Host> {
    const child = spawn(HOST_PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    const input = createInterface({ input: child.stdout });
    const [port] = (await once(input, 'line')) as [string];
    input.on('line', (line) => lines.push(line));
    return new Host(child, port, lines);
  }

  /** Makes a unary call. */
  call<Request, Response>(method: Unary<Request, Response>, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      method.call(this.client, request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }

  /** Runs a program. */
  run(request: languagePb.RunRequest): Promise<languagePb.RunResponse> {
    return this.call<languagePb.RunRequest, languagePb.RunResponse>(
      (message, done) => this.client.run(message, done),
      request,
    );
  }

  /** Runs a plugin to its end. */
  async runPlugin(request: languagePb.RunPluginRequest): Promise<PluginOutput> {
    const texts = { stdout: '', stderr: '' };
    let code: number | undefined;
    const stream = this.client.runPlugin(request);
    for await (const response of stream as AsyncIterable<languagePb.RunPluginResponse>) {
      if (response.hasStdout()) texts.stdout += Buffer.from(response.getStdout_asU8()).toString();
      if (response.hasStderr()) texts.stderr += Buffer.from(response.getStderr_asU8()).toString();
      if (response.hasExitcode()) code = response.getExitcode();
    }
    return { ...texts, code };
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}
