import type { KmsError } from '../errors/kms-error';
import type { Output, OutputValue } from '../keys/output';
import type { KmsRequest, Protocol, Reply } from './protocol';
import { STS_OPERATIONS } from '../sts/registry';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Whether a request is in the Query protocol and not in JSON. */
export function isQuery({ headers }: KmsRequest): boolean {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return headers['x-amz-target'] === undefined && isForm;
}

/** AWS's Query protocol, which STS uses: requests are forms, answers are XML. */
export const queryProtocol: Protocol = {
  operations: STS_OPERATIONS,

  operationOf(request) {
    const action = form(request).get('Action') ?? '';
    return /^[A-Za-z]{1,64}$/.test(action) ? action : undefined;
  },

  read(request, types) {
    const entries = Array.from(form(request), ([name, text]) => {
      const digits = types[name]?.type === 'integer' && /^-?\d{1,15}$/.test(text);
      return [name, digits ? Number(text) : text] as const;
    });
    return Object.fromEntries(entries);
  },

  success(operation, output, requestId) {
    const result = element(`${operation}Result`, elements(output));
    const metadata = element('ResponseMetadata', element('RequestId', escape(requestId)));
    return reply(200, `${operation}Response`, result + metadata);
  },

  failure(error, requestId) {
    const fields = { Type: 'Sender', Code: stsCode(error), Message: error.text };
    const body = element('Error', elements(fields)) + element('RequestId', escape(requestId));
    return reply(error.status, 'ErrorResponse', body);
  },
};

function form({ body }: KmsRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

/** STS has its own name for ValidationException (STS API reference, common errors). */
function stsCode({ type }: KmsError): string {
  return type === 'ValidationException' ? 'ValidationError' : type;
}

function reply(status: number, root: string, content: string): Reply {
  const body = `<${root} xmlns="${NAMESPACE}">${content}</${root}>`;
  return { status, contentType: 'text/xml', body };
}

function elements(output: Output): string {
  return Object.entries(output)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element(name, xmlValue(value)))
    .join('');
}

/** STS answers contain only texts, instants and structures. */
function xmlValue(value: OutputValue): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return elements(value as Output);
  return escape(String(value));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
