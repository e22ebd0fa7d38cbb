// The project's .env file, when there is one; a variable that is set already wins.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export function loadEnvFile(root: string): void {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
