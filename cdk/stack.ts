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
import { Lanes } from './constructs/lanes.ts';
import { Network } from './constructs/network.ts';
import { addOutputs } from './constructs/outputs.ts';
import { AdminKey, OperatorCredentials } from './constructs/secrets.ts';
import { Storage } from './constructs/storage.ts';
import { triggerByQueue, triggerByStream, triggerEachMinute } from './constructs/triggers.ts';

/** Bindery as it is deployed. */
export class BinderyStack extends Stack {
  constructor(app: App, configuration: Configuration, bundles: Bundles) {
    const name = stackName(configuration);
    const { aws } = configuration;
    super(app, name, { stackName: name, description: 'Bindery: an SMS gateway over SMPP', ...(aws && { env: aws }) });
    const { accounts, servedAccounts, binder: size } = configuration;
    const logRetention = configuration.retention.logsDays;
    const resources: Resources = {
      configuration,
      storage: new Storage(this, 'Storage'),
      lanes: new Lanes(this, 'Lanes', { stackName: name, accounts: servedAccounts }),
      events: new Events(this, 'Events', { stackName: name, source: configuration.eventSource }),
      feed: new Feed(this, 'Feed'),
      credentials: new OperatorCredentials(this, 'Credentials', accounts),
      adminKey: new AdminKey(this, 'AdminKey'),
    };
    const functions = new Functions(this, 'Functions', { bundles: bundles.functions, logRetention });
    const network = new Network(this, 'Network', { vpc: configuration.vpc, logRetention });
    const binder = new Binder(this, 'Binder', { image: bundles.binder, network, size, accounts, logRetention });

    giveAccess('binder', binder.program, resources);
    for (const id of FUNCTIONS) giveAccess(id, functions.programs[id].program, resources);

    const { send, query, manage, docs, sweep, ...reactions } = functions.programs;
    triggerByStream(reactions['apply-receipts'].function, resources.storage.receipts.table, ['INSERT']);
    triggerByStream(reactions['publish-events'].function, resources.storage.messages.table, ['INSERT', 'MODIFY']);
    // Endpoints that hang must not take the concurrency that the API's own functions need.
    triggerByQueue(reactions['deliver-webhook'].function, resources.events.webhooks.queue, { maxConcurrency: 50 });
    triggerByQueue(reactions['feed-batches'].function, resources.feed.steps.queue);
    triggerEachMinute(sweep.function);
    const handlers = { send: send.function, query: query.function, manage: manage.function, docs: docs.function };
    const api = new Api(this, 'Api', { name, handlers, logRetention });

    addOutputs(this, { ...resources, api, binder });
  }

  /** The first two zones wherever the stack goes: else a stack for a named AWS account would have to ask that account at synth. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
