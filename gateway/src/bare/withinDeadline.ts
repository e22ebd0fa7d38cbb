// Planning an operation for the first time can take long; who asks waits no longer than for any answer.
import { HttpError } from './HttpError.ts';

/** Rejects with HttpError 504 at `deadline`, in epoch milliseconds. */
export const withinDeadline = async <T>(work: Promise<T>, deadline: number): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate()), deadline - Date.now());
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const tooLate = (): HttpError =>
  new HttpError({ status: 504, code: 'TIMEOUT', message: 'The operation took too long to plan.' });
