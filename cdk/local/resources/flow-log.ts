import type { StackContext } from '../context.ts';
import { underRole, writeLog } from '../iam/standing.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

const NETWORK = 'the network is this machine’s loopback';

/** No traffic is logged here, but whether it could be on AWS is checked. */
export const flowLog: ResourceFamily = {
  type: 'AWS::EC2::FlowLog',
  honours: ['DeliverLogsPermissionArn', 'LogGroupName'],
  ignores: {
    LogDestinationType: NETWORK,
    MaxAggregationInterval: NETWORK,
    ResourceId: NETWORK,
    ResourceType: NETWORK,
    Tags: 'tags change nothing',
    TrafficType: NETWORK,
  },

  deploy({ logicalId, properties }: Resource, context: StackContext): Promise<Identity> {
    const { DeliverLogsPermissionArn: roleArn, LogGroupName: group } = properties;
    const demands = writeLog(String(group), ['DescribeLogStreams']);
    const service = 'vpc-flow-logs.amazonaws.com';
    context.standing.push(...underRole(String(roleArn), { service, session: 'flow-log', demands }));
    return Promise.resolve({ ref: logicalId, attributes: { Id: logicalId } });
  },
};
