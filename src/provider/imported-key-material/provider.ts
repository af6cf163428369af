import { deletionWarning, isPendingDeletion } from '../../domain/observation';
import { assert } from '../../errors';
import { check } from './check';
import { connectFor, stackConfiguration } from '../connection';
import type { ProviderContext } from '../context';
import { assertReplaceable, deleteMaterial } from './delete-material';
import { locate } from './locate';
import { compare, EXPIRATION, isRecordOnly } from './diff';
import { namingInputs, type CheckedInputs } from './inputs';
import { guarded, readState, type DynamicProvider, UNKNOWN } from '../protocol';
import { reconcile, warnOfMissing, type StepContext } from './reconcile';
import { buildState, presentId, recordInputs, resourceId, type State } from './state';

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

  const connectToDelete = (inputs: CheckedInputs): Promise<StepContext> =>
    connect(inputs, 'delete');

  return {
    configure,

    check: guarded((olds, news) => check(olds, news, { ...context, config })),

    diff: guarded(async (id, olds, news) => {
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
      if (replaces.length > 0) {
        await assertReplaceable(id, state, news, connectToDelete, context);
      }
      for (const { message } of changes) {
        if (message !== undefined) tell(`${state.keyArn ?? id}: ${message}`);
      }
      return { changes: changes.length > 0, replaces: replaces.map(({ cause }) => cause) };
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
      // Without state, an ID that KMS does not list never belonged to a resource.
      if (material === undefined && state.keyArn === undefined) return {};
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
      await deleteMaterial(id, state, connectToDelete, context);
    }),
  };
}
