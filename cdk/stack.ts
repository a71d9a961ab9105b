import { type App, Fn, Stack } from 'aws-cdk-lib/core';
import { giveAccess, type Resources } from './access.ts';
import { type Bundles, FUNCTIONS } from './bundle.ts';
import { stackName } from './config/resolve.ts';
import type { Configuration } from './config/schema.ts';
import { Api } from './constructs/api.ts';
import { Binder } from './constructs/binder.ts';
import { Events } from './constructs/events.ts';
import { Feed } from './constructs/feed.ts';
import { Functions } from './constructs/functions.ts';
import { Keeping } from './constructs/keeping.ts';
import { Lanes } from './constructs/lanes.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { Network } from './constructs/network.ts';
import { addOutputs } from './constructs/outputs.ts';
import { AdminKey, OperatorCredentials } from './constructs/secrets.ts';
import { Storage } from './constructs/storage.ts';
import { triggerByQueue, triggerByStream, triggerEachMinute } from './constructs/triggers.ts';
import { METADATA_KEY, type Settings } from './release/release.ts';

/**
 * What is published of the Control table: what happens to accounts, and opt-outs. Everything else in it, which is nearly all
 * that is written there, calls nobody.
 */
const TOLD_CHANGES = [
  { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { pk: { S: [{ prefix: 'event#' }] } } } },
  { dynamodb: { Keys: { pk: { S: [{ prefix: 'optout#' }] } } } },
];

/** What is published of the Receipts table: messages from subscribers that are done. */
const RECEIVED = [{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['inbound'] } } } }];

/** What the next release is compared with, beside the resources (cdk/release). */
function settingsOf({ servedAccounts, disposable, encryption, eventSource, retention }: Configuration): Settings {
  const accounts = servedAccounts.map(({ name }) => name);
  const key = encryption.kind === 'existing' ? encryption.keyArn : encryption.kind;
  return { accounts, disposable, encryption: key, eventSource, retention };
}

/** Bindery as it is deployed. */
export class BinderyStack extends Stack {
  readonly monitoring: Monitoring;

  constructor(app: App, configuration: Configuration, bundles: Bundles) {
    const name = stackName(configuration);
    const { aws, accounts, servedAccounts, binder: size, vpc } = configuration;
    super(app, name, {
      stackName: name,
      description: 'Bindery: an SMS gateway over SMPP',
      terminationProtection: !configuration.disposable,
      tags: configuration.tags,
      ...(aws && { env: aws }),
    });
    this.templateOptions.metadata = { [METADATA_KEY]: settingsOf(configuration) };
    const keeping = new Keeping(this, 'Keeping', configuration);
    const resources: Resources = {
      configuration,
      storage: new Storage(this, 'Storage', keeping),
      lanes: new Lanes(this, 'Lanes', { stackName: name, accounts: servedAccounts, keeping }),
      events: new Events(this, 'Events', {
        stackName: name,
        source: configuration.eventSource,
        archiveDays: configuration.retention.eventsDays,
        keeping,
      }),
      feed: new Feed(this, 'Feed', keeping),
      credentials: new OperatorCredentials(this, 'Credentials', accounts, keeping),
      adminKey: new AdminKey(this, 'AdminKey', keeping),
    };
    const functions = new Functions(this, 'Functions', { bundles: bundles.functions, keeping });
    const network = new Network(this, 'Network', { vpc, keeping });
    const dnsServers = vpc.kind === 'existing' ? vpc.dnsServers : [];
    const binder = new Binder(this, 'Binder', { image: bundles.binder, network, size, accounts, dnsServers, keeping });

    giveAccess('binder', binder.program, resources);
    for (const id of FUNCTIONS) giveAccess(id, functions.programs[id].program, resources);

    const { send, query, manage, docs, sweep, ...reactions } = functions.programs;
    const { storage } = resources;
    const receiptsParked = triggerByStream(reactions['apply-receipts'].function, storage.receipts, ['INSERT']);
    reactions['apply-receipts'].program.tell('PARKED_QUEUE_URL', receiptsParked.queueUrl);
    const changes = ['INSERT', 'MODIFY'] as const;
    const eventsParked = triggerByStream(reactions['publish-events'].function, storage.messages, changes);
    reactions['publish-events'].program.tell('PARKED_QUEUE_URL', eventsParked.queueUrl);
    triggerByStream(reactions['publish-events'].function, storage.control, TOLD_CHANGES, 'Control');
    triggerByStream(reactions['publish-events'].function, storage.receipts, RECEIVED, 'Inbound');
    // Endpoints that hang must not take the concurrency that the API's own functions need.
    triggerByQueue(reactions['deliver-webhook'].function, resources.events.webhooks, { maxConcurrency: 50 });
    triggerByQueue(reactions['feed-batches'].function, resources.feed.steps);
    triggerEachMinute(sweep.function);
    const handlers = { send: send.function, query: query.function, manage: manage.function, docs: docs.function };
    const api = new Api(this, 'Api', { name, handlers, front: configuration.api, keeping });

    this.monitoring = new Monitoring(this, 'Monitoring', { ...resources, functions, api, binder, keeping });

    addOutputs(this, { ...resources, api, binder, network });
  }

  /** The first two zones wherever the stack goes: else a stack for a named AWS account would have to ask that account at synth. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
