// Deals by way of everything that other subgraphs know of them, level after level: what a planner takes
// longest for.

interface Kind {
  /** Fields without a selection. */
  leaves: string;
  /** Fields that lead on, most of them to records of another subgraph. */
  ways: readonly [field: string, type: string][];
}

const record = 'id version';
const page = 'pageInfo { hasNextPage }';

const kinds: Readonly<Record<string, Kind>> = {
  Deal: {
    leaves: record,
    ways: [
      ['owner', 'User'],
      ['contact', 'Contact'],
      ['company', 'Company'],
    ],
  },
  Contact: {
    leaves: record,
    ways: [
      ['owner', 'User'],
      ['company', 'Company'],
      ['deals(first: 1)', 'Deals'],
    ],
  },
  Company: {
    leaves: record,
    ways: [
      ['owner', 'User'],
      ['parent', 'Company'],
      ['contacts(first: 1)', 'Contacts'],
    ],
  },
  User: {
    leaves: record,
    ways: [
      ['manager', 'User'],
      ['companies(first: 1)', 'Companies'],
    ],
  },
  Deals: { leaves: page, ways: [['nodes', 'Deal']] },
  Contacts: { leaves: page, ways: [['nodes', 'Contact']] },
  Companies: { leaves: page, ways: [['nodes', 'Company']] },
};

/** Without braces. */
export const wideSelection = (type: string, levels: number): string => {
  const { leaves, ways } = kinds[type] ?? { leaves: '__typename', ways: [] };
  if (levels === 0) return leaves;
  const below = ways.map(([field, to]) => `${field} { ${wideSelection(to, levels - 1)} }`);
  return [leaves, ...below].join(' ');
};
