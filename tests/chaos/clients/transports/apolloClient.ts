// Multipart HTTP with Apollo Client itself.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { type Result, reasonOf, type Transport } from './Transport.ts';

export const apolloClient: Transport = async (connection) => {
  const { url, apiKey, query, variables, opened, received, signal } = connection;
  const answered = async (...request: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(...request);
    if (response.ok) opened();
    return response;
  };
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: url, headers: { 'x-api-key': apiKey }, fetch: answered }),
  });
  const results = client.subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' });
  const reason = await new Promise<string>((end) => {
    const subscription = results.subscribe({
      next: ({ data, error }) => {
        if (data) received({ data: data as Result['data'] });
        if (error) end(reasonOf(error));
      },
      error: (error: unknown) => end(reasonOf(error)),
      complete: () => end('completed'),
    });
    const stop = () => {
      subscription.unsubscribe();
      end('stopped');
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  client.stop();
  return reason;
};
