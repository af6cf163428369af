import { assertRotationLeft } from '../../domain/rotation';
import {
  canonical,
  ignoreNotFound,
  guarded,
  readState,
  type DynamicProvider,
  UNKNOWN,
} from '../protocol';
import { connectFor, resolveConnection, stackConfiguration } from '../connection';
import { keyChanges } from '../key-change';
import type { ProviderContext } from '../context';
import { rotate } from './rotate';
import { checkRotation, RECORDED_INPUTS, type RotationInputs } from './inputs';
import { buildRotationState, recordRotation, type RotationState } from './state';

/** Dependencies of a rotation, which never sees material. */
export type RotationContext = Pick<ProviderContext, 'connect' | 'sleep' | 'tell' | 'cancelled'>;

// A preview does not know the ID of material that is renewed. The material that a key was rotated to is
// permanent, so the resource that staged it always has the same material.
function isStillTheSame(state: Partial<RotationState>, inputs: RotationInputs): boolean {
  return (
    inputs.keyMaterialId === UNKNOWN &&
    inputs.stagedBy !== undefined &&
    inputs.stagedBy === state.stagedBy
  );
}

/** Creates the provider of `OnDemandRotation`. */
export function createRotationProvider(context: RotationContext): DynamicProvider<RotationState> {
  const { configure, config } = stackConfiguration();

  const reconcile = async (
    inputs: RotationInputs,
    before: string | undefined,
    step: 'create' | 'update',
  ): Promise<RotationState> => {
    const { keyId, keyMaterialId, connection } = inputs;
    const { kms, signal } = await connectFor(inputs, step, context, config);
    const connectReplica = (keyArn: string) =>
      context.connect(resolveConnection(keyArn, { ...connection, region: undefined }, config));
    const { sleep, tell } = context;
    const rotating = { kms, signal, connectReplica, sleep, tell };
    const key = await rotate(keyId, { keyMaterialId, before }, rotating);
    return buildRotationState(inputs, key);
  };

  return {
    configure,

    check: guarded((olds, news) => Promise.resolve(checkRotation(olds, news, config))),

    diff: guarded((_id, olds, news) => {
      const state = readState<RotationState>(olds);
      const inputs = news as unknown as RotationInputs;
      const replaces = [...keyChanges(state, inputs, config)];
      const rotates =
        replaces.length === 0 &&
        state.keyMaterialId !== inputs.keyMaterialId &&
        !isStillTheSame(state, inputs);
      const made = inputs.keyMaterialId === state.currentKeyMaterialId;
      if (rotates && !made && inputs.keyMaterialId !== UNKNOWN) {
        assertRotationLeft(state.rotationsRemaining, state.keyArn ?? inputs.keyId);
      }
      const recorded = RECORDED_INPUTS.some(
        (name) => canonical(state[name]) !== canonical(inputs[name]),
      );
      return Promise.resolve({ changes: rotates || recorded || replaces.length > 0, replaces });
    }),

    create: guarded(async (props) => {
      const outs = await reconcile(props as unknown as RotationInputs, undefined, 'create');
      return { id: outs.keyArn, outs };
    }),

    read: guarded(async (id, props) => {
      const state = readState<RotationState>(props);
      const keyId = state.keyArn ?? id;
      const { kms, signal } = await connectFor({ ...state, keyId }, 'create', context, config);
      const key = await kms.observeKey(keyId, signal).catch(ignoreNotFound);
      if (key === undefined) return {};
      // An import has no state: it takes over the last rotation.
      const { keyMaterialId = key.currentKeyMaterialId } = state;
      // A key without material has never rotated, and neither has one of another key spec.
      if (keyMaterialId === undefined && state.keyArn === undefined) return {};
      const inputs = { ...state, keyId: state.keyId ?? keyId, keyMaterialId } as RotationInputs;
      return { id: key.keyArn, props: { ...buildRotationState(inputs, key) } };
    }),

    update: guarded(async (_id, olds, news) => {
      const state = readState<RotationState>(olds);
      const inputs = news as unknown as RotationInputs;
      if (state.keyMaterialId === inputs.keyMaterialId) {
        return { outs: recordRotation(inputs, state) };
      }
      // It is the same key as before. Its ARN has its Region, even if the configuration has changed.
      const target = { ...inputs, keyId: state.keyArn ?? inputs.keyId };
      const outs = await reconcile(target, state.keyMaterialId, 'update');
      return { outs: { ...outs, keyId: inputs.keyId } };
    }),

    // A rotation cannot be undone.
    delete: guarded(() => Promise.resolve()),
  };
}
