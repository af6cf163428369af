import { findMaterial } from '../domain/import-plan';
import { isImported } from '../domain/observation';
import { asByokError, ByokError, needs } from '../errors';
import type { Kms, KmsConnection } from '../kms/index';
import type { AwsSecrets } from '../material/aws-secrets';
import type { RandomBytes } from '../wrap/wrap';
import { check } from './check';
import { resolveConnection, type StackConfig } from './connection';
import { compare, type DiffContext } from './diff';
import { awaitImport, importMaterial, type Earlier, type ImportContext } from './import-material';
import type { CheckedInputs, ProvenInputs, State, Timeouts } from './inputs';
import { regionOf } from './key-change';
import { timeLimit, type Sleep } from './operation';
import { buildState, parseResourceId, recordInputs, resourceId } from './outputs';
import { absent, guarded, readState, type DynamicProvider } from './protocol';
import { UNKNOWN } from './unknown';
import type { Vault } from './vault';

/** Everything that the provider reaches for, so that tests decide about it. */
export interface ProviderContext {
  readonly connect: (connection: KmsConnection) => Promise<Kms>;
  readonly connectSecrets: (connection: KmsConnection) => Promise<AwsSecrets>;
  readonly now: () => Date;
  readonly random: RandomBytes;
  readonly sleep: Sleep;
  readonly env: NodeJS.ProcessEnv;
  readonly vault: Vault;
  /** Shows one line to the user, in a preview as well. */
  readonly tell: (line: string) => void;
  /** Milliseconds that a command may take that prints material; half a minute unless said. */
  readonly commandTimeLimit?: number | undefined;
}

/** Builds the provider of `ImportedKeyMaterial` over its surroundings. */
export function createProvider(context: ProviderContext): DynamicProvider<State> {
  // The host may call others before `configure` has returned, so nothing is awaited in it.
  let config: StackConfig = () => undefined;

  // The IDs of the resources that the program of this update still declares. A resource that was
  // renamed, or is replaced although nothing of it changed, is created and deleted in one update: its
  // material has a new owner and must not be deleted.
  const declared = new Set<string>();

  const importContext = async (
    inputs: CheckedInputs,
    operation: keyof Timeouts,
  ): Promise<ImportContext> => {
    const connection = resolveConnection(inputs.keyId, inputs.connection, config);
    return {
      ...context,
      kms: await context.connect(connection),
      connectSecrets: () => context.connectSecrets(connection),
      signal: timeLimit(inputs.timeouts, operation),
    };
  };

  const bring = async (
    inputs: CheckedInputs,
    earlier: Earlier | undefined,
    operation: 'create' | 'update',
  ): Promise<{ readonly id: string; readonly outs: State }> => {
    const surroundings = await importContext(inputs, operation);
    const imported = await importMaterial(inputs, earlier, surroundings);
    const id = resourceId(imported.key.keyArn, imported.keyMaterialId);
    declared.add(id);
    context.vault.release(imported.materialFingerprint);
    try {
      const { key, material } = await awaitImport(inputs, imported, surroundings);
      return { id, outs: buildState(inputs, key, material, imported) };
    } catch (error) {
      throw initFailed(id, buildState(inputs, imported.key, undefined, imported), error);
    }
  };

  // Finds the key and the material of a resource in KMS; nothing when the key is gone.
  const locate = async (id: string, state: Partial<State>, operation: keyof Timeouts) => {
    const fromId = parseResourceId(id);
    // The ARN names the Region and the account in which the material is, whatever is configured now.
    const inputs = { ...state, keyId: state.keyArn ?? fromId.keyArn } as ProvenInputs;
    const known = {
      materialFingerprint: inputs.materialFingerprint,
      keyMaterialId: state.keyMaterialId ?? fromId.keyMaterialId,
      importReceipt: state.importReceipt,
    };
    const { kms, signal } = await importContext(inputs, operation);
    const key = await kms.observeKey(inputs.keyId, signal).catch(absent);
    if (key === undefined) return undefined;
    const material = findMaterial(key, {
      fingerprint: known.materialFingerprint,
      keyMaterialId: known.keyMaterialId,
    });
    return { inputs, key, material, known, kms, signal };
  };

  const diffContext: DiffContext = {
    now: context.now,
    regionOf: (inputs) => regionOf(inputs, (key) => config(key)),
  };

  return {
    configure: guarded((request) => {
      config = (key) => request.config.get(key);
      return Promise.resolve();
    }),

    check: guarded((olds, news) => check(olds, news, { ...context, config: (key) => config(key) })),

    diff: guarded((id, olds, news) => {
      const state = readState<State>(olds);
      const changes = compare(state, news as unknown as CheckedInputs, diffContext);
      const replaces = changes.filter(({ effect }) => effect === 'replace');
      if (replaces.length === 0) declared.add(id);
      // Otherwise the replacement would be made, and the protected original could never be removed.
      needs(
        state.deletionProtection !== true || replaces.length === 0 || news.keyId === UNKNOWN,
        'DELETION_PROTECTED',
        'this change replaces the resource, and deletionProtection is true: set it to false and run an update first',
      );
      for (const { message } of changes) {
        if (message !== undefined) context.tell(`${state.keyArn ?? id}: ${message}`);
      }
      return Promise.resolve({
        changes: changes.length > 0,
        replaces: replaces.map(({ cause }) => cause),
      });
    }),

    create: guarded((props) => bring(props as unknown as CheckedInputs, undefined, 'create')),

    read: guarded(async (id, props) => {
      const found = await locate(id, readState<State>(props), 'create');
      if (found === undefined) return {};
      const { inputs, key, material, known } = found;
      const { keyId = inputs.keyId } = props as Partial<CheckedInputs>;
      return { id, props: { ...buildState({ ...inputs, keyId }, key, material, known) } };
    }),

    update: guarded(async (_id, olds, news) => {
      const state = readState<State>(olds);
      const inputs = news as unknown as CheckedInputs;
      const changes = compare(state, inputs, diffContext);
      const recordOnly = changes.length > 0 && changes.every(({ effect }) => effect === 'record');
      if (recordOnly) return { outs: recordInputs(inputs, state) };
      const reimport = changes.some(({ effect }) => effect === 'renew');
      // The same key as before: its ARN says where it is, also when the configuration has changed.
      const target = { ...inputs, keyId: state.keyArn ?? inputs.keyId };
      const { outs } = await bring(target, { ...state, reimport }, 'update');
      return { outs: { ...outs, keyId: inputs.keyId } };
    }),

    delete: guarded(async (id, props) => {
      const state = readState<State>(props);
      needs(
        state.deletionProtection !== true,
        'DELETION_PROTECTED',
        'deletionProtection is true: set it to false and run an update before the material is deleted',
      );
      if (declared.has(id)) return;
      const found = await locate(id, state, 'delete');
      if (found?.material === undefined || !isImported(found.material)) return;
      const { inputs, material, kms, signal } = found;
      await kms.deleteKeyMaterial(inputs.keyId, material.keyMaterialId, signal).catch(absent);
    }),
  };
}

// The engine keeps the state of a resource whose error has an ID, and continues with an update.
function initFailed(id: string, properties: State, error: unknown): ByokError {
  const { code, sentence, message } = asByokError(error);
  return Object.assign(new ByokError(code, sentence, { cause: error }), {
    id,
    properties,
    reasons: [message],
  });
}
