// What the attackers' process is asked and what it answers.

export interface AssaultOrder {
  attack: string;
  variant: string;
  /** Of the graph. */
  url: string;
  /** Access tokens of users that the attacker has; the first is that of "a user". */
  tokens: readonly string[];
  seconds: number;
}

export interface Spoils {
  /** How often each came of a request: its status and error code, or how its connection ended. */
  outcomes: Readonly<Record<string, number>>;
  /** Of answers that were read. */
  bytes: number;
}
