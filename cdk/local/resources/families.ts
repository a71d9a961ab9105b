import { alarm } from './alarm.ts';
import { service, taskDefinition } from './container.ts';
import { eventSourceMapping } from './event-source-mapping.ts';
import { eventBus, rule } from './events.ts';
import { flowLog } from './flow-log.ts';
import { httpApi, integration, route, stage } from './http-api.ts';
import { key } from './key.ts';
import { eventInvokeConfig, lambdaFunction } from './lambda-function.ts';
import { queue } from './queue.ts';
import type { ResourceFamily } from './resource.ts';
import { eventBusPolicy, lambdaPermission, queuePolicy, secretPolicy } from './resource-policies.ts';
import { managedPolicy, role, rolePolicy } from './roles.ts';
import { secret } from './secret.ts';
import { globalTable, table } from './table.ts';

const ALL: readonly ResourceFamily[] = [
  alarm,
  eventBus,
  eventBusPolicy,
  eventInvokeConfig,
  eventSourceMapping,
  flowLog,
  globalTable,
  httpApi,
  integration,
  key,
  lambdaFunction,
  lambdaPermission,
  managedPolicy,
  queue,
  queuePolicy,
  role,
  rolePolicy,
  route,
  rule,
  secret,
  secretPolicy,
  service,
  stage,
  table,
  taskDefinition,
];

/** Every type of resource that runs here. */
export const FAMILIES: ReadonlyMap<string, ResourceFamily> = new Map(ALL.map((family) => [family.type, family]));
