// Tests are TypeScript compiled to CommonJS at run time, with the decorators' metadata that
// type-graphql and TypeORM read; sources are tested as they are, not their compiled output.
const packages = ['auth', 'contacts', 'deals', 'tasks', 'analytics'].join('|');
/** Packages that come as ES modules only. */
const esModules = [
  ...['uuid', 'graphql-ws', 'graphql-sse', 'csv-parse', 'wonka'],
  ...['@apollo/client', '@urql/core', '@wry', '@0no-co'],
].join('|');

export default {
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  globalSetup: '<rootDir>/tests/globalSetup.ts',
  globalTeardown: '<rootDir>/tests/globalTeardown.ts',
  setupFiles: ['reflect-metadata'],
  reporters: ['default', '<rootDir>/tests/CountReporter.cjs'],
  testTimeout: 30_000,
  moduleNameMapper: {
    '^@crm-graph/shared/(.*)$': '<rootDir>/shared/src/$1.ts',
    '^@crm-graph/gateway/(.*)$': '<rootDir>/gateway/src/$1.ts',
    [`^@crm-graph/(${packages})/(.*)$`]: '<rootDir>/subgraphs/$1/src/$2.ts',
    '^@crm-graph/(migrations|deploy)/(.*)$': '<rootDir>/$1/$2.ts',
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules})/)`],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};
