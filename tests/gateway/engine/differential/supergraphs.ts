// All supergraphs of the differential test, composed when first asked for.

import { awkward } from './supergraphs/awkward.ts';
import { catalog } from './supergraphs/catalog.ts';
import { grids } from './supergraphs/grids.ts';
import { ledger } from './supergraphs/ledger.ts';
import { media } from './supergraphs/media.ts';
import { pets } from './supergraphs/pets.ts';
import { sharing } from './supergraphs/sharing.ts';
import { venues } from './supergraphs/venues.ts';
import type { SupergraphDefinition } from './TestSupergraph.ts';

export const supergraphs: readonly SupergraphDefinition[] = [
  catalog,
  media,
  venues,
  grids,
  ledger,
  sharing,
  awkward,
  pets,
];
