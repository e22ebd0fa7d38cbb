// `npm run load` with the real data set, as a process against the running graph. The data set is not
// part of the repository: where the folder is absent, these tests say that they were skipped.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { cleanEnv, nodeBinary, root } from '../runningStack.ts';
import { dataOf, login, stack } from '../stack.ts';

const folder = resolve(root, '../shared/data/crm-sales-opportunities');
const found = existsSync(folder);
if (!found) console.warn(`Skipped: the data set is not at ${folder}`);

const organization = `Load ${process.pid}`;
const admin = `admin@load-${process.pid}.example`;

interface Run {
  process: ChildProcess;
  ended: Promise<{ code: number | null; output: string }>;
}

function run(args: string[], seen?: (output: string, child: ChildProcess) => void): Run {
  const child = spawn(nodeBinary, [resolve(root, 'deploy/dist/load/main.js'), ...args], {
    env: cleanEnv({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      seen?.(output, child);
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { process: child, ended };
}

const options = () => ['--from', folder, '--url', stack().graphUrl, '--organization', organization];

const figures =
  'salesSummary: 2,089 open, 4,238 won, 2,473 lost, won value 10,005,534 USD, win rate 63.15 %';

(found ? describe : describe.skip)('loading the sales opportunities', () => {
  test('a load that is killed half-way and run again leaves no gap and no duplicate', async () => {
    const killed = await run(options(), (output, child) => {
      if (output.includes('deals: 3000 of 8800')) child.kill('SIGKILL');
    }).ended;
    expect(killed.code).toBeNull();
    const { code, output } = await run(options()).ended;
    expect(output).toContain('sales agents: 0 created, 35 were there already');
    expect(output).toMatch(/\ndeals: \d+ created, [3-9]\d\d\d were there already\n/);
    expect(output).toContain('0 lines not taken');
    expect(output).toContain(figures);
    expect(code).toBe(0);
  }, 120_000);

  test('loading again creates nothing and gives the same figures', async () => {
    const { code, output } = await run(options()).ended;
    expect(output).toContain('deals: 0 created, 8800 were there already');
    expect(output).toContain('0 records created, 8,933 were there already, 0 lines not taken');
    expect(output).toContain(figures);
    expect(code).toBe(0);
  }, 120_000);

  test('agents have managers and offices, subsidiaries parents, deals their dates', async () => {
    const { accessToken: token } = await login(admin);
    const data = await dataOf(
      `{
        users(filter: { name: { eq: "Moses Frase" } }) { nodes { team role manager { name role } } }
        companies(filter: { name: { eq: "Bluth Company" } }) {
          nodes { sector parent { name } annualRevenue { amount currency } }
        }
        deals(filter: { externalId: { eq: "Z063OYW0" } }) {
          nodes {
            title amount { amount } stage { name kind } openedOn actualCloseDate
            owner { name } company { name } products { product { name } }
          }
        }
      }`,
      {},
      { token },
    );
    expect(data).toMatchObject({
      users: {
        nodes: [
          {
            team: 'Central',
            role: 'USER',
            manager: { name: 'Dustin Brinkmann', role: 'MANAGER' },
          },
        ],
      },
      companies: {
        nodes: [
          {
            sector: 'technology',
            parent: { name: 'Acme Corporation' },
            annualRevenue: { amount: '1242320000', currency: 'USD' },
          },
        ],
      },
      deals: {
        nodes: [
          {
            title: 'GTX Pro for Isdom',
            amount: { amount: '4514' },
            stage: { name: 'Won', kind: 'WON' },
            openedOn: '2016-10-25',
            actualCloseDate: '2017-03-11',
            owner: { name: 'Darcel Schlecht' },
            company: { name: 'Isdom' },
            products: [{ product: { name: 'GTX Pro' } }],
          },
        ],
      },
    });
  });
});

test('--help explains the options', async () => {
  const { code, output } = await run(['--help']).ended;
  expect(output).toContain('npm run load -- --from FOLDER [options]');
  expect(code).toBe(0);
});

test.each([
  [[], '--from FOLDER is missing.'],
  [['--form', 'x'], "Unknown option '--form'"],
  [['--from', 'x', '--url', 'graph'], '--url "graph" is not a URL.'],
  [['--from', 'x', '--url', 'https://crm.example/graphql'], '--password is needed'],
  [['--from', '/nowhere'], "no such file or directory, open '/nowhere/sales_teams.csv'"],
])('the arguments %j end with a message and 1', async (args, message) => {
  const { code, output } = await run(args).ended;
  expect(output).toContain(message);
  expect(output).not.toContain('    at ');
  expect(code).toBe(1);
});
