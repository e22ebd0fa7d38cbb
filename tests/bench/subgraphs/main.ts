// The canned subgraphs of one graph as a process: `node main.ts generic|crm`. Sends its parent the
// base URL of each once all listen.
import { CannedSubgraph } from './CannedSubgraph.ts';
import { crmGraph } from './crmGraph.ts';
import { genericGraph } from './genericGraph.ts';

const definitions = process.argv[2] === 'crm' ? crmGraph() : genericGraph;
const urls: Record<string, string> = {};
for (const [name, definition] of Object.entries(definitions)) {
  urls[name] = await new CannedSubgraph(definition).listen();
}
process.send?.(urls);
