import type { DiffResponse } from '@pulumi/pulumi/proto/provider_pb';
import { canonical, type DiffResult, type Properties } from '../provider/protocol';
import { protocol } from './pulumi-sdk';

/**
 * Returns the answer of a diff. A preview shows each input that differs between the last update and the program.
 * A change that no input shows, such as a renewal, has only a message: the engine would show an output that is
 * named here as deleted.
 */
export function diffResponse(
  { changes, replaces }: DiffResult,
  before: Properties,
  after: Properties,
): DiffResponse {
  const { provider } = protocol;
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList([...replaces]);
  if (!changes) return response;
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => canonical(before[name]) !== canonical(after[name]),
  );
  response.setDiffsList(differing);
  for (const name of differing) {
    const diff = new provider.PropertyDiff();
    diff.setKind(kindOf(name, before, after, replaces.includes(name)));
    diff.setInputdiff(true);
    response.getDetaileddiffMap().set(name, diff);
  }
  response.setHasdetaileddiff(differing.length > 0);
  return response;
}

function kindOf(name: string, before: Properties, after: Properties, replaces: boolean) {
  const { Kind } = protocol.provider.PropertyDiff;
  if (before[name] === undefined) return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (after[name] === undefined) return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}
