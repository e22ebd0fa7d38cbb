// Events on their way from the COMMIT that made them to the publisher in the same process, without a detour
// through the database.
import type { DataSource } from 'typeorm';
import type { Bell } from './eventChannel.ts';

type Listener = (bell: Bell) => void;

const listeners = new WeakMap<DataSource, Set<Listener>>();

/** Hears of all events committed on the pool's connections by `appendEvents`; returns the function that ends it. */
export function onCommittedEvents(dataSource: DataSource, listener: Listener): () => void {
  const all = listeners.get(dataSource) ?? new Set();
  listeners.set(dataSource, all.add(listener));
  return () => all.delete(listener);
}

export function announceCommitted(dataSource: DataSource, bell: Bell): void {
  for (const listener of listeners.get(dataSource) ?? []) listener(bell);
}
