import type { ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import type * as languagePb from '@pulumi/pulumi/proto/language_pb';
import * as messages from '@pulumi/pulumi/proto/language_pb';
import { rmSync, writeFileSync } from 'node:fs';
import {
  messageOf,
  unaryHandlers,
} from '../../../packages/pulumi-offline-engine/src/engine/grpc-server';
import { generateSdk } from './sdk-generator';

/** The part of a language in the use of generated SDKs. */
interface Sdks {
  readonly language: 'nodejs' | 'python' | 'go';
  /** Names the folders of SDKs in the manifest of a program. */
  readonly link: (program: string, folders: readonly string[]) => void;
  /** Installs the SDKs that the manifest of a program names, or the dependencies of a plugin. */
  readonly install: (folder: string, isPlugin: boolean) => Promise<void>;
}

/** The calls of a language host with which `pulumi package add` and `pulumi install` bring an SDK into a program. */
export function sdkHandlers({ language, link, install }: Sdks): UntypedServiceImplementation {
  return {
    generatePackage: answer(async (request: languagePb.GeneratePackageRequest) => {
      const directory = request.getDirectory();
      const schema = `${directory}.schema.json`;
      writeFileSync(schema, request.getSchema());
      await generateSdk(language, schema, directory);
      rmSync(schema);
      return new messages.GeneratePackageResponse();
    }),

    link: answer((request: languagePb.LinkRequest) => {
      const folders = request.getPackagesList().map((linked) => linked.getPath());
      link(request.getInfo()?.getProgramDirectory() ?? '', folders);
      return new messages.LinkResponse();
    }),

    installDependencies: (call: InstallCall) => {
      const { request } = call;
      install(request.getInfo()?.getProgramDirectory() ?? '', request.getIsPlugin()).then(
        () => call.end(),
        (error: unknown) => call.emit('error', statusOf(error)),
      );
    },
  };
}

type InstallCall = ServerWritableStream<languagePb.InstallDependenciesRequest, unknown>;

const statusOf = (error: unknown): Error & { readonly details: string } => {
  const details = messageOf(error);
  return Object.assign(new Error(details), { details });
};

/** Makes the handler of a call of a language host for tests. */
export const answer = unaryHandlers(statusOf);
