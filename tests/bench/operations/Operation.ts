// An operation to be measured.

export interface Operation {
  /** For `--operation` and the table. */
  name: string;
  query: string;
  /** Sent in turns; one request without variables when absent. */
  variables?: readonly Readonly<Record<string, unknown>>[];
  /** Items of the list it asks for, where the cost of one is of interest. */
  items?: number;
}

/** The bodies of its requests. */
export const bodiesOf = ({ query, variables = [{}] }: Operation): string[] => {
  const operationName = /^\s*(?:query|mutation)\s+(\w+)/.exec(query)?.[1];
  const oneLine = query.replace(/\s+/g, ' ').trim();
  return variables.map((values) =>
    JSON.stringify({ query: oneLine, operationName, variables: values }),
  );
};
