// What the victim saw instead of right answers.

/** How often each happened: a status with a code, or how the connection ended. */
export type ErrorCounts = Readonly<Record<string, number>>;

export const added = (one: ErrorCounts, other: ErrorCounts): ErrorCounts => {
  const sum: Record<string, number> = { ...one };
  for (const [error, count] of Object.entries(other)) sum[error] = (sum[error] ?? 0) + count;
  return sum;
};

/** How many there were of all kinds. */
export const countOf = (errors: ErrorCounts): number =>
  Object.values(errors).reduce((sum, count) => sum + count, 0);
