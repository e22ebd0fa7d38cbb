// The gateway's two pages of its own, with what they may load: nothing from elsewhere.

/** Scripts from here only; the editor sets styles on its elements and inlines its icons. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    ${head}
  </head>
  <body>${body}</body>
</html>
`;

export const explorerPage = page(
  'Explorer - CRM Graph',
  `<link rel="stylesheet" href="/explorer/assets/explorer.css">
    <script type="module" src="/explorer/assets/explorer.js"></script>`,
  '<div id="explorer"></div>',
);

export const indexPage = page(
  'CRM Graph',
  '<style>body { font: 16px/1.6 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem } dt { font-weight: 600 } dd { margin: 0 0 1rem }</style>',
  `
    <h1>CRM Graph</h1>
    <dl>
      <dt><a href="/explorer">/explorer</a></dt>
      <dd>GraphiQL, served from here: documentation, queries, live subscriptions.</dd>
      <dt><a href="/graphql">/graphql</a></dt>
      <dd>The graph, over HTTP and WebSocket. In a browser: Apollo Sandbox (needs internet).</dd>
      <dt><a href="/health">/health</a></dt>
      <dd>Each dependency with its response time; also <a href="/health/live">/health/live</a> and
        <a href="/health/ready">/health/ready</a>.</dd>
    </dl>
  `,
);
