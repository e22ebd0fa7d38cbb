// The closed lists of this subgraph, as the database's check constraints know them too.
import { registerEnumType } from 'type-graphql';

export enum TaskStatus {
  OPEN = 'OPEN',
  IN_PROGRESS = 'IN_PROGRESS',
  DONE = 'DONE',
  CANCELLED = 'CANCELLED',
}

registerEnumType(TaskStatus, {
  name: 'TaskStatus',
  description: 'How far a task is.',
  valuesConfig: {
    OPEN: { description: 'Nobody has begun.' },
    IN_PROGRESS: { description: 'Somebody is at it.' },
    DONE: { description: 'Finished; `completedAt` says when.' },
    CANCELLED: { description: 'Will not be done.' },
  },
});

export enum TaskPriority {
  LOW = 'LOW',
  NORMAL = 'NORMAL',
  HIGH = 'HIGH',
  URGENT = 'URGENT',
}

registerEnumType(TaskPriority, {
  name: 'TaskPriority',
  description: 'How soon a task matters compared with others.',
  valuesConfig: {
    LOW: { description: 'When there is time.' },
    NORMAL: { description: 'The usual.' },
    HIGH: { description: 'Before the usual ones.' },
    URGENT: { description: 'Now.' },
  },
});

export enum NotificationType {
  TASK_ASSIGNED = 'TASK_ASSIGNED',
  DEAL_MOVED = 'DEAL_MOVED',
  WEBHOOK_PAUSED = 'WEBHOOK_PAUSED',
  WEBHOOK_DISABLED = 'WEBHOOK_DISABLED',
}

registerEnumType(NotificationType, {
  name: 'NotificationType',
  description: 'What a notification is about.',
  valuesConfig: {
    TASK_ASSIGNED: { description: 'Somebody else assigned a task to the recipient.' },
    DEAL_MOVED: { description: 'Somebody else moved a deal that the recipient owns.' },
    WEBHOOK_PAUSED: { description: 'An endpoint kept failing: its events wait.' },
    WEBHOOK_DISABLED: { description: 'An endpoint answered 410 Gone: it gets no more events.' },
  },
});
