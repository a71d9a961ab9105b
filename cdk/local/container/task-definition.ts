import type { ImageAsset } from '../assembly.ts';

export interface HealthCheck {
  /** The command without CMD or CMD-SHELL before it. */
  command: string[];
  intervalMs: number;
  timeoutMs: number;
  /** Failures in a row that make the task unhealthy. */
  retries: number;
  /** Time after the start in which failures don't count. */
  startPeriodMs: number;
}

/** A task definition of ECS with its one container, as it runs here. */
export interface TaskDefinition {
  logicalId: string;
  /** Name for people and for the log file. */
  name: string;
  taskRoleArn: unknown;
  image: ImageAsset;
  /** Replace those of the image when given. */
  entrypoint?: string[];
  command?: string[];
  variables: Readonly<Record<string, string>>;
  /** Secrets that become variables: read when a task starts, as ECS does. */
  secrets: readonly { name: string; valueFrom: string }[];
  healthCheck?: HealthCheck;
  stopTimeoutMs: number;
}
