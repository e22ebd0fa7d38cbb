// CPU that this process and its Postgres backends have used: what else a machine does moves it less than throughput.
import { readFile } from 'node:fs/promises';
import type { DataSource } from 'typeorm';

/** Of /proc/PID/stat; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

export interface CpuMs {
  writers: number;
  /** NaN where there is no /proc. */
  postgres: number;
}

/** Since each began; the pool's connections must stay open between two calls that are compared. */
export const cpuOfWriters = async (pool: DataSource): Promise<CpuMs> => {
  const { user, system } = process.cpuUsage();
  const backends: { pid: number }[] = await pool.query(
    'select pid from pg_stat_activity where usename = current_user',
  );
  const times = await Promise.all(backends.map(({ pid }) => cpuMsOf(pid)));
  return {
    writers: (user + system) / 1_000,
    postgres: times.reduce((sum, ms) => sum + ms, 0),
  };
};

const cpuMsOf = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return Number.NaN;
  // The name, in parentheses, may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000;
};
