import type * as languagePb from '@pulumi/pulumi/proto/language_pb';
import * as messages from '@pulumi/pulumi/proto/language_pb';
import {
  ManagedProcess,
  type Command,
} from '../../../packages/pulumi-offline-engine/src/engine/managed-process';
import { ALREADY_REPORTED } from '../../../packages/pulumi-offline-engine/src/engine/program-entry';
import { languageService } from '../../../packages/pulumi-offline-engine/src/language-host/service';
import type { LanguageHost } from '../attached-host';
import { answer } from './sdk-handlers';

/** A request to run a program, and the environment of the process that hosts it. */
export interface ProgramRequest {
  readonly request: languagePb.RunRequest;
  readonly engineAddress: string;
  /** The folder of the program. */
  readonly folder: string;
  /** The environment of the program, with its configuration. */
  readonly env: NodeJS.ProcessEnv;
}

/** Makes a language host for tests that runs the command of a language for each program. */
export function programHost(commandOf: (program: ProgramRequest) => Command): LanguageHost {
  return (sdk, startedWith, surroundings) => {
    const { definition, implementation } = languageService(sdk, startedWith, surroundings);
    let engineAddress = startedWith;
    return {
      definition,
      implementation: {
        ...implementation,

        handshake: answer((request: languagePb.LanguageHandshakeRequest) => {
          engineAddress = request.getEngineAddress();
          return new messages.LanguageHandshakeResponse();
        }),

        run: answer(async (request: languagePb.RunRequest) => {
          const [output, isPassedOn] = surroundings.outputTo(engineAddress);
          const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
          const env = {
            ...surroundings.env,
            PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
            PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
          };
          const command = commandOf({ request, engineAddress, folder, env });
          const { code, description } = await new ManagedProcess(command, output).ended;
          await isPassedOn();
          const isReported = code === ALREADY_REPORTED;
          return new messages.RunResponse()
            .setBail(isReported)
            .setError(isReported || code === 0 ? '' : `the program ended with ${description}`);
        }),
      },
    };
  };
}
