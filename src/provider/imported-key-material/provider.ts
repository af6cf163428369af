import { deletionWarning, isImported, isPendingDeletion } from '../../domain/observation';
import { isToBeDeleted } from '../../domain/ownership';
import { assert } from '../../errors';
import { check } from './check';
import { connectFor, stackConfiguration } from '../connection';
import type { ProviderContext } from '../context';
import { locate } from './locate';
import { compare, EXPIRATION, isRecordOnly } from './diff';
import { namingInputs, type CheckedInputs } from './inputs';
import { guarded, ignoreNotFound, readState, type DynamicProvider, UNKNOWN } from '../protocol';
import { reconcile, warnOfMissing, type StepContext } from './reconcile';
import { buildState, recordInputs, resourceId, type State } from './state';

/** Creates the provider of `ImportedKeyMaterial`. */
export function createProvider(context: ProviderContext): DynamicProvider<State> {
  const { runRegistry, now, tell } = context;
  const { configure, config } = stackConfiguration();

  const connect = async (
    inputs: CheckedInputs,
    step: 'create' | 'update' | 'delete',
  ): Promise<StepContext> => {
    const { connection, ...connected } = await connectFor(inputs, step, context, config);
    return { ...context, ...connected, connectSecrets: () => context.connectSecrets(connection) };
  };

  return {
    configure,

    check: guarded((olds, news) => check(olds, news, { ...context, config })),

    diff: guarded((id, olds, news) => {
      const state = readState<State>(olds);
      const changes = compare(state, news as unknown as CheckedInputs, { now, config });
      const replaces = changes.filter(({ effect }) => effect === 'replace');
      if (replaces.length === 0) runRegistry.declare(presentId(id, state));
      // Otherwise the engine would create the replacement, and could never delete the protected original.
      assert(
        state.deletionProtection !== true || replaces.length === 0 || news.keyId === UNKNOWN,
        'DELETION_PROTECTED',
        'this change replaces the resource, and deletionProtection is true: set it to false and run an update first',
      );
      for (const { message } of changes) {
        if (message !== undefined) tell(`${state.keyArn ?? id}: ${message}`);
      }
      return Promise.resolve({
        changes: changes.length > 0,
        replaces: replaces.map(({ cause }) => cause),
      });
    }),

    create: guarded(async (props) => {
      const inputs = props as unknown as CheckedInputs;
      return namingInputs(inputs, async () =>
        reconcile(inputs, undefined, { mayShorten: true }, await connect(inputs, 'create')),
      );
    }),

    read: guarded(async (id, props) => {
      const state = readState<State>(props);
      const found = await locate(id, state, (inputs) => connect(inputs, 'create'));
      if (found === undefined && state.list?.keepsKey === true) {
        context.warn?.(
          `warning: ${state.keyArn ?? id}: KMS no longer has this key. The state keeps its material, so that no update creates another key in its place`,
        );
        const { keyState: _, ...kept } = props;
        return { id, props: { ...kept, importState: 'PENDING_IMPORT' } };
      }
      if (found === undefined) return {};
      const { inputs, key, material, known } = found;
      warnOfMissing(key, context);
      if (isPendingDeletion(key.keyState)) {
        context.warn?.(`warning: ${deletionWarning(key.keyArn, key.keyState)}`);
      }
      const { keyId = inputs.keyId } = props as Partial<CheckedInputs>;
      return {
        // After an update that replaced staged material, the ID is that of the earlier material.
        id: resourceId(key.keyArn, known.keyMaterialId),
        props: { ...buildState({ ...inputs, keyId }, { key, material, known }) },
      };
    }),

    update: guarded(async (_id, olds, news) => {
      const state = readState<State>(olds);
      const inputs = news as unknown as CheckedInputs;
      const changes = compare(state, inputs, { now, config });
      if (isRecordOnly(changes)) return { outs: recordInputs(inputs, state) };
      const intent = {
        reimport: changes.some(({ effect }) => effect === 'renew'),
        mayShorten: changes.some(({ cause }) => cause === EXPIRATION),
      };
      // It is the same key as before. Its ARN has its Region, even if the configuration has changed.
      const target = { ...inputs, keyId: state.keyArn ?? inputs.keyId };
      const { outs } = await namingInputs(inputs, async () =>
        reconcile(target, state, intent, await connect(target, 'update')),
      );
      return { outs: inputs.keyId === outs.keyArn ? outs : { ...outs, keyId: inputs.keyId } };
    }),

    delete: guarded(async (id, props) => {
      const state = readState<State>(props);
      assert(
        state.deletionProtection !== true,
        'DELETION_PROTECTED',
        'deletionProtection is true: set it to false and run an update before the material is deleted',
      );
      const leave = (reason: string): void => {
        tell(`${presentId(id, state)}: the material stays in KMS, because ${reason}`);
      };
      if (runRegistry.isDeclared(presentId(id, state))) {
        leave('another resource of this program declares it');
        return;
      }
      const found = await locate(id, state, (inputs) => connect(inputs, 'delete'));
      if (found?.material === undefined || !isImported(found.material)) return;
      const { inputs, key, material, context: connected } = found;
      if (state.list?.staysWithKey === true && isPendingDeletion(key.keyState)) {
        leave('the deletion of its key is scheduled, and could be cancelled');
        return;
      }
      if (!isToBeDeleted(key, material, state.materialOwner)) {
        leave(
          'another resource has imported it since and will delete it. If there is no such resource, delete it by hand',
        );
        return;
      }
      const { kms, signal } = connected;
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
