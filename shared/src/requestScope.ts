// What belongs to one request and is wanted far from where it is known: its ids, for logs.
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestScope {
  requestId: string;
  /** 32 hexadecimal digits (W3C Trace Context), the same in every process of the request. */
  traceId?: string;
}

export const requestScope = new AsyncLocalStorage<RequestScope>();
