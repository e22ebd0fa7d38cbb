// An operation of a socket from its request to its end: admitted, then executed or followed. Whatever fails is an
// Error message of this operation; the socket and its other operations go on. The client may leave at each step.
import type { FormattedExecutionResult } from 'graphql';
import type { AdmittedOperation } from '../../graph/AdmittedOperation.ts';
import type { Subscriptions } from '../../live/Subscriptions.ts';
import type { Session } from '../../live/sessions/Session.ts';
import { type ShowError, thrownErrors } from '../errors.ts';
import type { GraphRequest } from '../graphRequest.ts';
import type { SocketOperation } from './SocketOperation.ts';
import { type SharedSocket, SocketSubscriber } from './SocketSubscriber.ts';

export interface RunOptions {
  /** Whether an operation may be executed. Throws OperationError, CrmError, GraphQLError; all else is a fault of ours. */
  admit(
    request: GraphRequest,
    session: Session,
    operation: Pick<SocketOperation, 'signal'>,
  ): AdmittedOperation | Promise<AdmittedOperation>;
  subscriptions: Pick<Subscriptions, 'execute' | 'subscribe'>;
  /** Of one operation. */
  timeoutMs: number;
  /** An error as clients see it; a fault is masked and logged there. */
  format: ShowError;
}

/** Never rejects. */
export const runOperation = async (
  operation: SocketOperation,
  request: GraphRequest,
  session: Session,
  socket: SharedSocket,
  { admit, subscriptions, format, timeoutMs }: RunOptions,
): Promise<void> => {
  try {
    const given = admit(request, session, operation);
    const admitted = given instanceof Promise ? await given : given;
    if (operation.isOver) return;
    if (admitted.kind === 'subscription') {
      const subscriber = new SocketSubscriber(operation, session, socket, format);
      operation.stopWhenOver(await subscriptions.subscribe(admitted, subscriber));
      return;
    }
    const { signal } = operation;
    const deadline = Date.now() + timeoutMs;
    await socket.turns.run({ line: '', deadline, signal }, async () => {
      answer(operation, await subscriptions.execute(admitted, session, signal));
      await socket.whenRead();
    });
  } catch (error) {
    if (!operation.isOver) operation.fail(thrownErrors(error).map(format));
  }
};

/** Without data nothing was executed: a request error (GraphQL, 7.1.2). */
const answer = (operation: SocketOperation, result: FormattedExecutionResult): void => {
  if (result.data === undefined) {
    operation.fail(result.errors ?? []);
    return;
  }
  operation.next(JSON.stringify(result));
  operation.complete();
};
