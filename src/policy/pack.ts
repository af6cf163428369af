import { PolicyPack } from '@pulumi/policy';
import type { ConfigureAnalyzerRequest } from '@pulumi/pulumi/proto/analyzer_pb';
import { createRequire } from 'node:module';
import { asByokError } from '../errors';
import { byokPolicies } from './byok-policies';
import { assertConfiguration } from './configuration';
import type { Settings } from './rule';

/** Serves the rules as a pack of their own. Default levels: those of `baseline`. */
export function servePack(): PolicyPack {
  checkConfigurationOfRuns();
  return new PolicyPack('kms-byok', {
    policies: byokPolicies(),
    enforcementLevel: 'mandatory',
    displayName: 'Bring your own key for AWS KMS',
    description: 'Rules for stacks that import key material into AWS KMS.',
    tags: ['aws', 'kms', 'byok'],
  });
}

type Configure = (call: { readonly request: ConfigureAnalyzerRequest }, done: Done) => void;
type Done = (error: { readonly code: number; readonly details: string }) => void;
type AddService = (service: unknown, handlers: { readonly configure: Configure }) => void;

// gRPC, status codes: INVALID_ARGUMENT.
const INVALID_ARGUMENT = 3;

// The engine sends the whole configuration of a run, but the SDK shows each policy only its own part,
// and none to a policy that is disabled. A misspelt name would leave a rule off in silence. So this puts
// a check before the SDK's handler. The process serves only this pack, so every request is for its rules.
function checkConfigurationOfRuns(): void {
  const { Server } = createRequire(require.resolve('@pulumi/policy'))('@grpc/grpc-js') as {
    Server: { readonly prototype: { addService: AddService } };
  };
  const addService = Server.prototype.addService;
  Server.prototype.addService = function (service, handlers) {
    const configure: Configure = (call, done) => {
      try {
        assertConfiguration(settingsOf(call.request));
      } catch (error) {
        done({ code: INVALID_ARGUMENT, details: asByokError(error).message });
        return;
      }
      handlers.configure(call, done);
    };
    addService.call(this, service, { ...handlers, configure });
  };
}

function settingsOf(request: ConfigureAnalyzerRequest): ReadonlyMap<string, Settings> {
  const settings = new Map<string, Settings>();
  request.getPolicyconfigMap().forEach((config, name) => {
    settings.set(name, config.getProperties()?.toJavaScript() ?? {});
  });
  return settings;
}
