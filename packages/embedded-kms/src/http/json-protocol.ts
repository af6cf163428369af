import { serialization } from '../errors/kms-error';
import type { Output, OutputValue } from '../keys/output';
import { KMS_OPERATIONS } from '../operations/registry';
import type { Protocol, Reply } from './protocol';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/**
 * AWS JSON 1.1: a header names the operation, and the members are a JSON object. The current SDKs, the
 * AWS CLI and boto3 all use it for KMS (the service model names no other protocol), so CBOR is not
 * supported.
 */
export const jsonProtocol: Protocol = {
  operations: KMS_OPERATIONS,

  operationOf({ headers }) {
    const target = headers['x-amz-target'];
    return /^TrentService\.(?<name>[A-Za-z]{1,64})$/.exec(target ?? '')?.groups?.name;
  },

  read({ body }) {
    let value: unknown;
    try {
      value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    } catch {
      // The parser's own message quotes the body, which may contain plaintext.
      throw serialization('The request body is not valid JSON.');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw serialization('The request body is not a JSON object.');
    }
    return value as Readonly<Record<string, unknown>>;
  },

  success(_operation, output) {
    // API reference, EnableKey and others: "an HTTP 200 response with an empty HTTP body".
    if (Object.keys(output).length === 0) {
      return { status: 200, contentType: CONTENT_TYPE, body: '' };
    }
    return reply(200, toJson(output));
  },

  failure({ status, type, text }) {
    return reply(status, { __type: type, message: text });
  },
};

function reply(status: number, body: object): Reply {
  return { status, contentType: CONTENT_TYPE, body: JSON.stringify(body) };
}

function toJson(output: Output): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) members[name] = jsonValue(value);
  return members;
}

function jsonValue(value: OutputValue): unknown {
  if (typeof value !== 'object') return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (isList(value)) return value.map(jsonValue);
  return toJson(value);
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: object): value is readonly OutputValue[] {
  return Array.isArray(value);
}
