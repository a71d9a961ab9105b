import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { registerProgram, type StackContext } from '../context.ts';
import { type ImageConfiguration, parseDockerfile } from './dockerfile.ts';
import { Task } from './task.ts';
import type { TaskDefinition } from './task-definition.ts';
import { taskEnvironment } from './task-environment.ts';

const FIRST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 30_000;
/** A task that has lived this long starts again without a wait that grew. */
const STEADY_MS = 30_000;

/** A service of ECS: keeps as many tasks running as it should. */
export class ContainerService {
  readonly name: string;
  readonly #definition: TaskDefinition;
  readonly #desiredCount: number;
  readonly #context: StackContext;
  readonly #tasks = new Set<Task>();
  /** Replaced tasks that are still draining. */
  readonly #leaving = new Set<Task>();
  readonly #closing = new AbortController();
  /** Tasks that are being started and not yet among the tasks. */
  #launching = 0;
  #started = 0;
  #restartMs = FIRST_RESTART_MS;

  constructor(name: string, definition: TaskDefinition, desiredCount: number, context: StackContext) {
    this.name = name;
    this.#definition = definition;
    this.#desiredCount = desiredCount;
    this.#context = context;
  }

  /** Tasks whose process runs. */
  get tasks(): readonly Task[] {
    return [...this.#tasks];
  }

  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#desiredCount }, () => this.#launch()));
  }

  /**
   * A rolling deploy: for each task a new one is started, and the old one is stopped when the new one is healthy.
   * @throws Error when a new task ends before it is healthy; the old one then stays, as ECS's circuit breaker has it
   */
  async replace(): Promise<void> {
    for (const old of this.tasks) {
      const fresh = await this.#launch();
      if (fresh === undefined || !(await fresh.healthy())) {
        throw new Error(`the new task of ${this.name} did not become healthy; the old one stays`);
      }
      this.#tasks.delete(old);
      this.#leaving.add(old);
      await old.stop();
      this.#leaving.delete(old);
    }
  }

  /** Drains and stops every task. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#tasks, ...this.#leaving].map((task) => task.stop()));
  }

  /** Starts one task more; undefined when it could not be, which is tried again later. */
  async #launch(): Promise<Task | undefined> {
    const { observe } = this.#context;
    this.#launching += 1;
    try {
      return await this.#makeTask();
    } catch (fault) {
      observe({ kind: 'notice', text: `${this.name} could not start a task: ${(fault as Error).message}` });
      void this.#relaunch();
      return undefined;
    } finally {
      this.#launching -= 1;
    }
  }

  async #makeTask(): Promise<Task | undefined> {
    this.#started += 1;
    const number = this.#started;
    const { aws } = this.#context;
    const { logicalId, name, taskRoleArn, image } = this.#definition;
    // Each task calls AWS with a key of its own.
    const program = registerProgram(aws, `${logicalId}/${number}`, {
      roleArn: taskRoleArn,
      starter: 'ecs-tasks.amazonaws.com',
    });
    const configuration = parseDockerfile(readFileSync(join(image.folder, image.dockerfile), 'utf8'));
    const variables = await taskEnvironment(this.#definition, configuration.variables, { aws, program });
    if (this.#closing.signal.aborted) return undefined;
    const task = this.#run(`${name}-${number}`, configuration, variables);
    this.#tasks.add(task);
    return task;
  }

  #run(id: string, image: ImageConfiguration, variables: Record<string, string>): Task {
    const { name, image: asset, healthCheck, stopTimeoutMs, entrypoint, command } = this.#definition;
    const { logs, observe } = this.#context;
    // An entry point of the task definition drops the image's own arguments, as Docker does.
    const args = command ?? (entrypoint === undefined ? image.command : []);
    const task = new Task({
      id,
      command: [...(entrypoint ?? image.entrypoint), ...args],
      folder: asset.folder,
      variables,
      stopTimeoutMs,
      ...(healthCheck === undefined ? {} : { healthCheck }),
      onLine: (line) => {
        logs.write(name, line);
        observe({ kind: 'line', program: name, line });
      },
      onState: (state, reason) => {
        observe({ kind: 'task', service: this.name, task: id, state, ...(reason === undefined ? {} : { reason }) });
        if (state === 'unhealthy') void task.stop();
        if (state === 'stopped') void this.#afterEnd(task);
      },
    });
    return task;
  }

  async #afterEnd(task: Task): Promise<void> {
    if (!this.#tasks.delete(task)) return;
    if (performance.now() - task.startedAtMs > STEADY_MS) this.#restartMs = FIRST_RESTART_MS;
    await this.#relaunch();
  }

  /** Fills the place of a task that ended by itself, after a wait that grows while tasks keep ending. */
  async #relaunch(): Promise<void> {
    const { signal } = this.#closing;
    const waitMs = this.#restartMs;
    this.#restartMs = Math.min(LONGEST_RESTART_MS, waitMs * 2);
    await delay(waitMs, undefined, { signal }).catch(() => {});
    // During a deploy the other task may already stand in for the one that ended.
    if (signal.aborted || this.#tasks.size + this.#launching >= this.#desiredCount) return;
    await this.#launch();
  }
}
