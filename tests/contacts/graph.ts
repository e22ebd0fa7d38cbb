// Calls of the contacts subgraph that its tests share, over the gateway of the running graph.
import { dataOf } from '../stack.ts';

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
  conflict?: { currentVersion: number; changes: { field: string; from: string; to: string }[] };
}

export type Payload<Name extends string, Node> = Record<Name, Node | null> & {
  cursor: string | null;
  userErrors: UserError[];
};

export interface Node {
  id: string;
  version: number;
  [field: string]: unknown;
}

const errors =
  'cursor userErrors { code field message conflict { currentVersion changes { field from to } } }';

export type Kind = 'Company' | 'Contact' | 'Interaction';

/** Creates or updates a record; `fields` are selected of it. */
export async function save(
  token: string,
  verb: 'create' | 'update',
  kind: Kind,
  input: object,
  fields = 'id version',
): Promise<{ record: Node | null; cursor: string | null; userErrors: UserError[] }> {
  const name = kind.toLowerCase();
  const type = `${verb === 'create' ? 'Create' : 'Update'}${kind}Input`;
  const { payload } = await dataOf<{ payload: Payload<'record', Node> }>(
    `mutation Save($input: ${type}!) {
       payload: ${verb}${kind}(input: $input) { record: ${name} { ${fields} } ${errors} }
     }`,
    { input },
    { token },
  );
  return payload;
}

/** As `save`, for records that must come into being: returns the record. */
export async function create(
  token: string,
  kind: Kind,
  input: object,
  fields?: string,
): Promise<Node> {
  const { record, userErrors } = await save(token, 'create', kind, input, fields);
  expect(userErrors).toEqual([]);
  return record as Node;
}

export async function remove(token: string, kind: Kind, input: object) {
  const { payload } = await dataOf<{ payload: Payload<'deletedId', string> }>(
    `mutation Remove($input: Delete${kind}Input!) {
       payload: delete${kind}(input: $input) { deletedId ${errors} }
     }`,
    { input },
    { token },
  );
  return payload;
}

export async function bulk(token: string, plural: 'Companies' | 'Contacts', items: object[]) {
  const field = plural === 'Companies' ? 'company' : 'contact';
  const { payload } = await dataOf<{
    payload: {
      results: { index: number; record: Node | null; userErrors: UserError[] }[];
      userErrors: UserError[];
      cursor: string | null;
    };
  }>(
    `mutation Bulk($items: [${plural === 'Companies' ? 'Company' : 'Contact'}ItemInput!]!) {
       payload: bulkCreate${plural}(input: { items: $items }) {
         results { index record: ${field} { id version name } userErrors { code field message } }
         cursor userErrors { code field message }
       }
     }`,
    { items },
    { token },
  );
  return payload;
}

/** Codes and fields of user errors, without their words. */
export const faults = (userErrors: UserError[]): string[] =>
  userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`);
