// Creates the demo data once per DATA_DIR; its logins are kept there.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoLogins } from '../load/demo.ts';

/** The logins of the demo data, and whether it was created now. */
export async function demoData(
  graphUrl: string,
  dataDir: string,
  progress: (line: string) => void,
): Promise<{ logins: DemoLogins; created: boolean }> {
  const created = await access(join(dataDir, 'demo.json')).then(
    () => false,
    () => true,
  );
  const { seedDemo } = await import('../load/demo.ts');
  return { logins: await seedDemo({ graphUrl, dataDir, progress }), created };
}
