import { assertRotationLeft } from '../../domain/rotation';
import {
  canonical,
  ignoreNotFound,
  guarded,
  readState,
  type DynamicProvider,
  UNKNOWN,
} from '../protocol';
import { regionOf, resolveConnection, type StackConfig } from '../connection';
import { keyChanges } from '../key-change';
import { timeLimit } from '../wait';
import type { ProviderContext } from '../context';
import { rotate } from './rotate';
import { checkRotation, type RotationInputs } from './inputs';
import { buildRotationState, recordRotation, type RotationState } from './state';

/** What a rotation reaches for; it sees no material. */
export type RotationContext = Pick<ProviderContext, 'connect' | 'sleep' | 'tell'>;

// Inputs of which KMS knows nothing. `after` is for previews alone: it changes with every later rotation.
const RECORDED = ['keyId', 'stagedBy', 'timeouts', 'connection'] as const;

// A preview does not know the ID of material that is renewed. What was rotated to is permanent, so that the
// resource that staged it has the same material for ever.
function isStillTheSame(state: Partial<RotationState>, inputs: RotationInputs): boolean {
  return (
    inputs.keyMaterialId === UNKNOWN &&
    inputs.stagedBy !== undefined &&
    inputs.stagedBy === state.stagedBy
  );
}

/** Builds the provider of `OnDemandRotation` over its surroundings. */
export function createRotationProvider(context: RotationContext): DynamicProvider<RotationState> {
  // The host may call others before `configure` has returned, so nothing is awaited in it.
  let config: StackConfig = () => undefined;

  const connectTo = (keyId: string, inputs: Partial<RotationInputs>) =>
    context.connect(resolveConnection(keyId, inputs.connection, config));

  const reconcile = async (
    inputs: RotationInputs,
    before: string | undefined,
    operation: 'create' | 'update',
  ): Promise<RotationState> => {
    const { keyId, keyMaterialId, connection } = inputs;
    const key = await rotate(
      keyId,
      { keyMaterialId, before },
      {
        kms: await connectTo(keyId, inputs),
        connectReplica: (keyArn) =>
          connectTo(keyArn, { connection: { ...connection, region: undefined } }),
        signal: timeLimit(inputs.timeouts, operation),
        sleep: context.sleep,
        tell: context.tell,
      },
    );
    return buildRotationState(inputs, key);
  };

  return {
    configure: guarded((request) => {
      config = (key) => request.config.get(key);
      return Promise.resolve();
    }),

    check: guarded((olds, news) =>
      Promise.resolve(checkRotation(olds, news, (key) => config(key))),
    ),

    diff: guarded((_id, olds, news) => {
      const state = readState<RotationState>(olds);
      const inputs = news as unknown as RotationInputs;
      const replaces = [...keyChanges(state, inputs, (of) => regionOf(of, (key) => config(key)))];
      const rotates =
        replaces.length === 0 &&
        state.keyMaterialId !== inputs.keyMaterialId &&
        !isStillTheSame(state, inputs);
      const made = inputs.keyMaterialId === state.currentKeyMaterialId;
      if (rotates && !made && inputs.keyMaterialId !== UNKNOWN) {
        assertRotationLeft(state.rotationsRemaining, state.keyArn ?? inputs.keyId);
      }
      const recorded = RECORDED.some((name) => canonical(state[name]) !== canonical(inputs[name]));
      return Promise.resolve({ changes: rotates || recorded || replaces.length > 0, replaces });
    }),

    create: guarded(async (props) => {
      const outs = await reconcile(props as unknown as RotationInputs, undefined, 'create');
      return { id: outs.keyArn, outs };
    }),

    read: guarded(async (id, props) => {
      const state = readState<RotationState>(props);
      const keyId = state.keyArn ?? id;
      const kms = await connectTo(keyId, state);
      const key = await kms
        .observeKey(keyId, timeLimit(state.timeouts, 'create'))
        .catch(ignoreNotFound);
      if (key === undefined) return {};
      const inputs = { ...state, keyId: state.keyId ?? keyId } as RotationInputs;
      return { id: key.keyArn, props: { ...buildRotationState(inputs, key) } };
    }),

    update: guarded(async (_id, olds, news) => {
      const state = readState<RotationState>(olds);
      const inputs = news as unknown as RotationInputs;
      if (state.keyMaterialId === inputs.keyMaterialId) {
        return { outs: recordRotation(inputs, state) };
      }
      // The same key as before: its ARN says where it is, also when the configuration has changed.
      const target = { ...inputs, keyId: state.keyArn ?? inputs.keyId };
      const outs = await reconcile(target, state.keyMaterialId, 'update');
      return { outs: { ...outs, keyId: inputs.keyId } };
    }),

    // KMS has no way back from a rotation.
    delete: guarded(() => Promise.resolve()),
  };
}
