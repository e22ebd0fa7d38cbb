// A request to the CRM's graph: who asks is found out when its body is there, the operation is admitted for them, and
// executed under one deadline. The way that nearly all requests go, a known operation and a known token, waits for
// nothing but the subgraphs.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { requestIdOf, traceparentOf } from '@crm-graph/shared/requestIds';
import type { GraphQLFormattedError } from 'graphql';
import { countNodes } from '../engine/cost/countNodes.ts';
import type { Admission } from '../graph/Admission.ts';
import type { AdmittedOperation } from '../graph/AdmittedOperation.ts';
import type { FirstSight } from '../graph/FirstSight.ts';
import { type CostMeter, callerOf, type GatewayContext } from '../graph/GatewayContext.ts';
import type { Authenticator } from '../identity/Authenticator.ts';
import { headerCredentials } from '../identity/headerCredentials.ts';
import type { ResponseStreams } from './answer/ResponseStreams.ts';
import type { StreamFormat } from './answer/streamFormats.ts';
import { connectionSignal } from './connections.ts';
import type { ShowError } from './errors.ts';
import type { GraphCall, GraphResult } from './GraphCall.ts';
import type { GraphRequest } from './graphRequest.ts';
import type { RequestLog } from './requestLog.ts';

export interface CrmCallOptions {
  authenticator: Authenticator;
  admission: Admission;
  firstSight: FirstSight;
  streams: ResponseStreams;
  show: ShowError;
  log: RequestLog;
  /** Of one operation, from the end of its request. */
  timeoutMs: number;
  /** Of the body of a POST. */
  maxBodyBytes: number;
  /** The same of those who have not shown who they are. */
  maxStrangersBodyBytes: number;
  /** Whether the server is being closed, which waits for each connection to end. */
  isStopping: () => boolean;
}

export class CrmCall implements GraphCall<AdmittedOperation> {
  readonly requestId: string;
  readonly traceparent: string;
  readonly show: ShowError;
  readonly #options: CrmCallOptions;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #startedAt = performance.now();
  #identity: Identity | undefined;
  #deadline = 0;

  constructor(options: CrmCallOptions, request: IncomingMessage, response: ServerResponse) {
    this.requestId = requestIdOf(request.headers);
    this.traceparent = traceparentOf(request.headers);
    this.show = options.show;
    this.#options = options;
    this.#request = request;
    this.#response = response;
  }

  get headers(): OutgoingHttpHeaders {
    return this.#options.isStopping()
      ? { 'x-request-id': this.requestId, connection: 'close' }
      : { 'x-request-id': this.requestId };
  }

  /** A large body is read of those only whose credentials are good: whoever sends it has it kept until it is whole. */
  maxBodyBytes(): number | Promise<number> {
    const { maxBodyBytes, maxStrangersBodyBytes } = this.#options;
    if (maxStrangersBodyBytes >= maxBodyBytes) return maxBodyBytes;
    const { 'content-length': length } = this.#request.headers;
    if (length !== undefined && Number(length) <= maxStrangersBodyBytes) return maxBodyBytes;
    return this.#identified().then((identity) => (identity ? maxBodyBytes : maxStrangersBodyBytes));
  }

  admit(asked: GraphRequest): AdmittedOperation | Promise<AdmittedOperation> {
    const { authenticator, timeoutMs } = this.#options;
    this.#deadline = Date.now() + timeoutMs;
    const { authorization, apiKey } = headerCredentials(this.#request.headers);
    if (authorization === undefined && apiKey === undefined) return this.#admit(asked, undefined);
    const known = apiKey === undefined ? authenticator.known(authorization) : undefined;
    if (known) return this.#admit(asked, known);
    return this.#identified().then((identity) => this.#admit(asked, identity));
  }

  #identified(): Promise<Identity | undefined> {
    return this.#options.authenticator.authenticate(headerCredentials(this.#request.headers));
  }

  #admit(
    asked: GraphRequest,
    identity: Identity | undefined,
  ): AdmittedOperation | Promise<AdmittedOperation> {
    this.#identity = identity;
    const by = {
      identity,
      caller: this.#caller,
      deadline: this.#deadline,
      signal: connectionSignal(this.#request.socket),
    };
    return this.#options.admission.admit(asked, by, this.#costWanted === 'only');
  }

  async execute(admitted: AdmittedOperation): Promise<GraphResult> {
    const { firstSight, admission } = this.#options;
    const wanted = this.#costWanted;
    if (wanted === undefined) return firstSight.execute(admitted, this.#contextOf(undefined));
    const estimate = { estimated: admitted.cost.estimated, limit: admission.maxCost };
    if (wanted === 'only') return { data: null, extensions: { cost: estimate } };
    const meter: CostMeter = { fetches: 0, sqlStatements: 0 };
    const result = await firstSight.execute(admitted, this.#contextOf(meter));
    const actual = { nodes: countNodes(result.data), ...meter };
    return { ...result, extensions: { ...result.extensions, cost: { ...estimate, actual } } };
  }

  subscribe(
    operation: AdmittedOperation,
    format: StreamFormat,
    response: ServerResponse,
  ): Promise<void> {
    return this.#options.streams.follow({
      operation,
      format,
      response,
      headers: this.#request.headers,
      responseHeaders: this.headers,
    });
  }

  answered(
    operation: AdmittedOperation | undefined,
    errors: readonly GraphQLFormattedError[] | undefined,
  ): void {
    const { method = '', url = '' } = this.#request;
    this.#options.log({
      requestId: this.requestId,
      traceparent: this.traceparent,
      method,
      url,
      status: this.#response.statusCode,
      ms: performance.now() - this.#startedAt,
      identity: this.#identity,
      operation: {
        name: operation?.prepared.name,
        type: operation?.kind,
        cost: operation?.cost.estimated,
        errors,
      },
    });
  }

  /** By the header `x-graph-cost`: `1` tells what an operation costs, `only` executes nothing. */
  get #costWanted(): '1' | 'only' | undefined {
    const wanted = this.#request.headers['x-graph-cost'];
    return wanted === '1' || wanted === 'only' ? wanted : undefined;
  }

  get #caller(): string {
    const identity = this.#identity;
    return identity ? callerOf(identity) : `address ${this.#request.socket.remoteAddress}`;
  }

  #contextOf(meter: CostMeter | undefined): GatewayContext {
    const identity = this.#identity;
    return {
      identity,
      requestId: this.requestId,
      traceparent: this.traceparent,
      deadline: this.#deadline,
      signal: connectionSignal(this.#request.socket),
      caller: this.#caller,
      meter,
    };
  }
}
