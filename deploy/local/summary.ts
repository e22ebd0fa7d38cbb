// What the start says at its end, to people and (READY_FILE) to programs.
import { rename, writeFile } from 'node:fs/promises';
import type { DemoLogins } from '../load/demo.ts';
import type { GraphOptions } from './graphProcesses.ts';
import { elapsed, say } from './steps.ts';

/** The content of READY_FILE. */
export interface Ready {
  graphUrl: string;
  explorerUrl: string;
  pid: number;
  pids: Record<string, number>;
  ports: Record<string, number>;
  subgraphUrls: Record<string, string>;
  databaseUrl: string;
  subgraphDatabaseUrls: Record<string, string>;
  redisUrl: string;
  internalSecret: string;
  dataDir: string;
  demo?: DemoLogins;
  partnerKey?: string;
}

export async function writeReadyFile(file: string, ready: Ready): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** What each mode means to who reads the console. */
const modes = {
  development: 'development: introspection, explorer and details of /health are public',
  production: 'production: without credentials only login, signUp and refreshToken',
};

export function showSummary(options: GraphOptions, ready: Ready): void {
  const mode = options.config.GRAPH_MODE;
  const lines = [
    '',
    `CRM Graph is up (${elapsed()}).`,
    '',
    `  Graph      ${ready.graphUrl}  (HTTP and WebSocket)`,
    ...(mode === 'development' ? [`  Explorer   ${ready.explorerUrl}`] : []),
    `  Mode       ${modes[mode]}`,
    `  Data       ${options.dataDir}  (logs in logs/)`,
  ];
  if (ready.demo) {
    lines.push('', `  Demo logins, all with the password ${ready.demo.password}:`);
    for (const login of ready.demo.logins) {
      lines.push(`    ${login.email.padEnd(22)} ${login.role.padEnd(8)} ${login.organization}`);
    }
    lines.push('', `  Partner key (x-api-key): ${ready.partnerKey}`);
  }
  lines.push('', '  Ctrl-C stops everything.', '');
  say(lines.join('\n'));
}
