// An event as the log has it, as far as the check needs it.
export interface LoggedEvent {
  position: number;
  /** As GraphQL writes it: DEAL_MOVED. */
  type: string;
  dealId: string;
  stageId: string;
  /** A decimal. */
  amount: string;
}
