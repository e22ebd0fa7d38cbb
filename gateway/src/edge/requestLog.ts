// One line per request, as the logger would write it. At thousands of requests a second the logger's
// streams would cost as much as the rest of the gateway, so these lines are made here and written
// many at a time. A process that is killed loses those of its last moment.
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Logger } from '@crm-graph/shared/logger';
import { traceIdOf } from '@crm-graph/shared/requestIds';
import type { GraphQLFormattedError } from 'graphql';

/** What an operation was and how it ended. */
export interface OperationRecord {
  name: string | undefined;
  /** query, mutation or subscription; undefined where it was not admitted. */
  type: string | undefined;
  /** What it was estimated to cost. */
  cost: number | undefined;
  errors: readonly GraphQLFormattedError[] | undefined;
}

/** What is told of a request. */
export interface RequestRecord {
  requestId: string;
  traceparent: string;
  method: string;
  /** With its query, which is not told. */
  url: string;
  status: number;
  ms: number;
  operation?: OperationRecord | undefined;
  identity?: Identity | undefined;
}

export type RequestLog = (record: RequestRecord) => void;

export const requestLog = (logger: Logger): RequestLog => {
  const { service } = logger.defaultMeta as { service: string };
  return (record) => {
    const level = record.url.startsWith('/health') ? 'debug' : 'info';
    if (logger.isLevelEnabled(level)) write(`${JSON.stringify(line(record, level, service))}\n`);
  };
};

/** Nothing of it is secret: neither headers nor variables. What is undefined is left out. */
const line = (
  { requestId, traceparent, method, url, status, ms, operation, identity }: RequestRecord,
  level: string,
  service: string,
): object => ({
  level,
  message: 'request',
  requestId,
  traceId: traceIdOf(traceparent),
  method,
  path: pathOf(url),
  status,
  ms: Math.round(ms * 10) / 10,
  operation: operation?.name,
  operationType: operation?.type,
  operationCost: operation?.cost,
  errors: operation?.errors && codesOf(operation.errors),
  organizationId: identity?.organizationId,
  subject: identity?.subject,
  role: identity?.role,
  service,
  timestamp: new Date().toISOString(),
});

/** Each once. */
const codesOf = (errors: readonly GraphQLFormattedError[]): string[] => [
  ...new Set(errors.map(({ extensions }) => String(extensions?.['code']))),
];

const pathOf = (url: string): string => {
  const search = url.indexOf('?');
  return search < 0 ? url : url.slice(0, search);
};

/** What waits is written at this many characters, or after this many milliseconds. */
const maxWaiting = 16_384;
const maxWaitMs = 50;

let waiting = '';

const write = (text: string): void => {
  if (waiting === '') setTimeout(flush, maxWaitMs).unref();
  waiting += text;
  if (waiting.length >= maxWaiting) flush();
};

/** The timer may find nothing left, or what came since: both are fine. */
const flush = (): void => {
  const lines = waiting;
  waiting = '';
  if (lines !== '') process.stdout.write(lines);
};

process.once('exit', flush);
