import { AsyncLocalStorage } from 'node:async_hooks';
import type { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { protocol } from './pulumi-sdk';

/** Messages of more than one line are one message, and belong to the resource of the current call. */
export class EngineLog {
  readonly #resource = new AsyncLocalStorage<string>();
  #client: EngineClient | undefined;

  /** @param address - `host:port` of the engine */
  connect(address: string): void {
    const { engineRpc, grpc } = protocol;
    this.#client = new engineRpc.EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Runs a call of which each message belongs to one resource. */
  during<T>(urn: string, call: () => T): T {
    return this.#resource.run(urn, call);
  }

  info(line: string): void {
    this.#log(protocol.engine.LogSeverity.INFO, line);
  }

  warning(line: string): void {
    this.#log(protocol.engine.LogSeverity.WARNING, line.replace(/^warning: /, ''));
  }

  #log(severity: 1 | 2, message: string): void {
    const request = new protocol.engine.LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(this.#resource.getStore() ?? '');
    // The engine may have ended.
    this.#client?.log(request, () => undefined);
  }
}
