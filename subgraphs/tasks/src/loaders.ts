// Records by id, batched per request.
import { entityLoader } from '@crm-graph/shared/subgraph/defineLoader';
import { Notification } from './Notification.ts';
import { Task } from './Task.ts';

export const taskById = entityLoader(Task);
export const notificationById = entityLoader(Notification);
