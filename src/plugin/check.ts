import type { CheckRequest, CheckResponse } from '@pulumi/pulumi/proto/provider_pb';
import type { CheckResult } from '../provider/protocol';
import { checkConfiguration } from './configuration';
import { protocol } from './pulumi-sdk';
import { fromStruct, toStruct } from './values';

/** Returns the answer of a check of the inputs of the provider. */
export function configurationChecked(request: CheckRequest): CheckResponse {
  const inputs = fromStruct(request.getNews());
  const failures = checkConfiguration(inputs).map(({ message }) => ({
    property: '',
    reason: message,
  }));
  return checkResponse({ inputs, failures }, request);
}

/** Returns the answer of a check. What is secret in the request is secret in the answer. */
export function checkResponse(
  { inputs, failures }: CheckResult,
  request: CheckRequest,
): CheckResponse {
  const { provider } = protocol;
  return new provider.CheckResponse()
    .setInputs(toStruct(inputs, request.getNews()))
    .setFailuresList(
      failures.map(({ property, reason }) =>
        new provider.CheckFailure().setProperty(property).setReason(reason),
      ),
    );
}
