import { isImported, missingMaterials, type ObservedKey } from '../../domain/observation';
import { asByokError, ByokError, assert } from '../../errors';
import { check } from './check';
import { connectFor, regionOf, type StackConfig } from '../connection';
import type { ProviderContext } from '../context';
import { locate } from './locate';
import { compare, EXPIRATION, type DiffContext } from './diff';
import { awaitImport, importMaterial, type ImportContext, type Intent } from './import-material';
import type { CheckedInputs, Timeouts } from './inputs';
import { isToBeDeleted } from '../../domain/ownership';
import { keepDisabled } from './keep-disabled';
import { isDeposited } from './read-material';
import { ignoreNotFound, guarded, readState, type DynamicProvider, UNKNOWN } from '../protocol';
import { buildState, type Previous, recordInputs, resourceId, type State } from './state';

/** Builds the provider of `ImportedKeyMaterial` over its surroundings. */
export function createProvider(context: ProviderContext): DynamicProvider<State> {
  // The host may call others before `configure` has returned, so nothing is awaited in it.
  let config: StackConfig = () => undefined;

  const { runRegistry } = context;

  const connect = (inputs: CheckedInputs, operation: keyof Timeouts): Promise<ImportContext> =>
    connectFor(inputs, operation, context, (key) => config(key));

  const reconcile = async (
    inputs: CheckedInputs,
    previous: Previous | undefined,
    intent: Intent,
    operation: 'create' | 'update',
  ): Promise<{ readonly id: string; readonly outs: State }> => {
    const surroundings = await connect(inputs, operation);
    // Where nothing can be recorded, nothing is imported either.
    runRegistry.prepare();
    const imported = await importMaterial(inputs, previous, intent, surroundings);
    const id = resourceId(imported.key.keyArn, imported.keyMaterialId);
    const known = { ...imported, wasDisabled: previous?.wasDisabled };
    // Of another resource with equal bytes the deposit stays.
    if (isDeposited(inputs.materialSource, inputs.materialFingerprint)) {
      context.plaintexts.release(imported.materialFingerprint);
    }
    try {
      runRegistry.declare(id);
      const { key: after, material } = await awaitImport(inputs, imported, surroundings);
      const key = await keepDisabled(imported.key, after, known.wasDisabled, {
        ...context,
        ...surroundings,
      });
      tellMissing(key);
      return { id, outs: buildState(inputs, { key, material, known }) };
    } catch (error) {
      const observation = { key: imported.key, material: undefined, known };
      throw initFailed(id, buildState(inputs, observation), error);
    }
  };

  const tellMissing = (key: ObservedKey): void => {
    const ids = missingMaterials(key).map(({ keyMaterialId }) => keyMaterialId);
    if (ids.length === 0) return;
    context.tell(
      `${key.keyArn}: cannot be used until KMS has its other material too (missing: KeyMaterialId ${ids.join(', ')})`,
    );
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
      if (replaces.length === 0) runRegistry.declare(presentId(id, state));
      // Otherwise the replacement would be made, and the protected original could never be removed.
      assert(
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

    create: guarded((props) =>
      reconcile(props as unknown as CheckedInputs, undefined, { mayShorten: true }, 'create'),
    ),

    read: guarded(async (id, props) => {
      const found = await locate(id, readState<State>(props), (inputs) =>
        connect(inputs, 'create'),
      );
      if (found === undefined) return {};
      const { inputs, key, material, known } = found;
      tellMissing(key);
      const { keyId = inputs.keyId } = props as Partial<CheckedInputs>;
      return {
        // The ID of an update that replaced staged material is of what was there before.
        id: resourceId(key.keyArn, known.keyMaterialId),
        props: { ...buildState({ ...inputs, keyId }, { key, material, known }) },
      };
    }),

    update: guarded(async (_id, olds, news) => {
      const state = readState<State>(olds);
      const inputs = news as unknown as CheckedInputs;
      const changes = compare(state, inputs, diffContext);
      const recordOnly = changes.length > 0 && changes.every(({ effect }) => effect === 'record');
      if (recordOnly) return { outs: recordInputs(inputs, state) };
      const intent: Intent = {
        reimport: changes.some(({ effect }) => effect === 'renew'),
        mayShorten: changes.some(({ cause }) => cause === EXPIRATION),
      };
      // The same key as before: its ARN says where it is, also when the configuration has changed.
      const target = { ...inputs, keyId: state.keyArn ?? inputs.keyId };
      const { outs } = await reconcile(target, state, intent, 'update');
      return { outs: inputs.keyId === outs.keyArn ? outs : { ...outs, keyId: inputs.keyId } };
    }),

    delete: guarded(async (id, props) => {
      const state = readState<State>(props);
      assert(
        state.deletionProtection !== true,
        'DELETION_PROTECTED',
        'deletionProtection is true: set it to false and run an update before the material is deleted',
      );
      const leave = (because: string): void => {
        context.tell(`${presentId(id, state)}: the material stays in KMS, because ${because}`);
      };
      if (runRegistry.isDeclared(presentId(id, state))) {
        leave('another resource of this program has it');
        return;
      }
      const found = await locate(id, state, (inputs) => connect(inputs, 'delete'));
      if (found?.material === undefined || !isImported(found.material)) return;
      const {
        inputs,
        key,
        material,
        context: { kms, signal },
      } = found;
      if (!isToBeDeleted(key, material, state.materialOwner)) {
        leave(
          'another resource has imported it since: that one deletes it. If there is none, delete it by hand',
        );
        return;
      }
      await kms
        .deleteKeyMaterial(inputs.keyId, material.keyMaterialId, signal)
        .catch(ignoreNotFound);
    }),
  };
}

// An update that replaces staged material cannot give the resource another ID.
function presentId(id: string, { keyArn, keyMaterialId }: Partial<State>): string {
  return keyArn === undefined ? id : resourceId(keyArn, keyMaterialId);
}

// The engine keeps the state of a resource whose error has an ID, and continues with an update.
function initFailed(id: string, properties: State, error: unknown): ByokError {
  const { code, reason, message } = asByokError(error);
  return Object.assign(new ByokError(code, reason, { cause: error }), {
    id,
    properties,
    reasons: [message],
  });
}
