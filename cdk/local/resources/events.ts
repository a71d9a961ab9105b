import { arn } from '../aws/arn.ts';
import { compilePattern } from '../aws/patterns.ts';
import type { StackContext } from '../context.ts';
import { parseRate, Schedule, scheduledEvent } from '../triggers/schedule.ts';
import { openTarget, type SendToTarget, type TargetProperties } from '../triggers/targets.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

/** Names of buses and rules. */
const BUS_NAME_CHARACTERS = 256;
const RULE_NAME_CHARACTERS = 64;
const DEFAULT_BUS = 'default';

export const eventBus: ResourceFamily = {
  type: 'AWS::Events::EventBus',
  honours: ['Name'],
  ignores: {
    DeadLetterConfig: 'nothing is encrypted here, so nothing can fail to be',
    Description: 'a description changes nothing',
    KmsKeyIdentifier: 'the state folder is as safe as the disk it is on',
    LogConfig: 'every event of a bus is in events.jsonl of the state folder',
    Tags: 'tags change nothing',
  },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const name = context.nameOf(resource, 'Name', BUS_NAME_CHARACTERS);
    const bus = context.aws.buses.createBus(name);
    context.aws.buses.subscribe(name, (event) => context.observe({ kind: 'bus_event', bus: name, event }));
    return Promise.resolve({ ref: name, attributes: { Arn: bus.arn, Name: name } });
  },
};

interface RuleProperties {
  Name?: string;
  /** Name or ARN. */
  EventBusName?: string;
  EventPattern?: object;
  ScheduleExpression?: string;
  State?: string;
  Targets?: TargetProperties[];
}

function busNameOf(nameOrArn: string | undefined): string {
  return nameOrArn?.split('event-bus/').at(-1) ?? DEFAULT_BUS;
}

/** Sends to every target; one that fails holds up no other. */
function fanOut(rule: string, sends: SendToTarget[], { observe }: StackContext): (event: unknown) => Promise<void> {
  return async (event) => {
    for (const result of await Promise.allSettled(sends.map((send) => send(event)))) {
      if (result.status === 'rejected') {
        observe({ kind: 'notice', text: `${rule} could not deliver an event: ${String(result.reason)}` });
      }
    }
  };
}

function activate(
  { logicalId, type, properties }: Resource<RuleProperties>,
  ruleArn: string,
  context: StackContext,
): void {
  const rule = { logicalId, type, arn: ruleArn };
  const sends = (properties.Targets ?? []).flatMap((target) => openTarget(target, rule, context) ?? []);
  const send = fanOut(logicalId, sends, context);
  if (properties.EventPattern !== undefined) {
    const bus = busNameOf(properties.EventBusName);
    context.aws.buses.createBus(bus);
    const matches = compilePattern(properties.EventPattern);
    context.aws.buses.subscribe(bus, async (event) => (matches(event) ? await send(event) : undefined));
  }
  if (properties.ScheduleExpression === undefined) return;
  const everyMs = parseRate(properties.ScheduleExpression);
  if (everyMs === undefined) {
    const message = `only rate(...) is known here, ${properties.ScheduleExpression} never fires`;
    context.report({ logicalId, type, property: 'ScheduleExpression', message });
    return;
  }
  context.triggers.push(new Schedule(everyMs, () => void send(scheduledEvent(ruleArn, Date.now()))));
}

export const rule: ResourceFamily = {
  type: 'AWS::Events::Rule',
  honours: [
    'Name',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'Targets.Id',
    'Targets.Arn',
    'Targets.Input',
    'Targets.DeadLetterConfig',
  ],
  ignores: {
    Description: 'a description changes nothing',
    'Targets.RetryPolicy': 'delivery on one machine does not fail for a while and then work',
    'Targets.RoleArn': 'functions and queues are reached by their own policies',
    Tags: 'tags change nothing',
  },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const { logicalId, type } = resource;
    const properties: RuleProperties = resource.properties;
    const name = context.nameOf(resource, 'Name', RULE_NAME_CHARACTERS);
    const bus = busNameOf(properties.EventBusName);
    const ruleArn = arn('events', bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`);
    if (properties.State !== 'DISABLED') activate({ logicalId, type, properties }, ruleArn, context);
    return Promise.resolve({ ref: name, attributes: { Arn: ruleArn } });
  },
};
