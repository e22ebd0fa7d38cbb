// The pages for people come from the gateway alone.
import { stack } from '../../stack.ts';

const get = async (path: string) => {
  const response = await fetch(new URL(path, stack().graphUrl), {
    headers: { accept: 'text/html' },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the pages', () => {
  it('show where everything is', async () => {
    const { status, text } = await get('/');
    expect(status).toBe(200);
    for (const path of ['/explorer', '/graphql', '/health'])
      expect(text).toContain(`href="${path}"`);
  });

  it('serve the explorer with all it loads, and nothing from elsewhere', async () => {
    const { status, text, headers } = await get('/explorer');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(text).not.toMatch(/https?:\/\//);
    const assets = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    assets.push(
      ...['editor', 'json', 'graphql'].map((name) => `/explorer/assets/${name}.worker.js`),
    );
    expect(assets).toHaveLength(5);
    for (const path of assets) expect([path, (await get(path)).status]).toEqual([path, 200]);
  });

  it('serve the Sandbox to browsers at the graph itself', async () => {
    const { status, text } = await get('/graphql');
    expect(status).toBe(200);
    expect(text).toContain('embeddable-sandbox');
  });
});
