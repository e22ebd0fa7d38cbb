// What is asked of the CRM's graph: the full gateway against the engine alone.
import type { Operation } from './Operation.ts';

export const crmOperations: readonly Operation[] = [
  { name: 'crm-me', query: 'query Me { me { id name email role team organization { id name } } }' },
  {
    name: 'crm-board',
    query: `query Board {
      deals(first: 50) {
        nodes {
          id title expectedCloseDate
          amount { amount currency }
          stage { id name kind }
          contact { id name jobTitle }
          owner { id name }
          tasks(first: 3) { nodes { id title status dueAt assignee { id name } } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
  },
  {
    name: 'crm-deal',
    query: `query Deal($id: ID!) {
      deal(id: $id) {
        id version title amount { amount currency }
        pipeline { name stages { id name position } }
        company { id name domain }
        contact { id name }
        products { quantity unitPrice { amount currency } product { name } }
        stageHistory { movedAt to { name } actor { name } }
      }
    }`,
    variables: Array.from({ length: 256 }, (_, number) => ({
      id: `01980000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    })),
  },
  {
    name: 'crm-mutation',
    query: `mutation Complete {
      completeTask(input: { id: "01980000-0000-7000-8000-000000000001" }) {
        cursor
        userErrors { code field message }
        task { id version status completedAt assignee { id name } }
      }
    }`,
  },
];
