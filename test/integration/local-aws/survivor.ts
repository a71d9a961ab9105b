/** A process to be killed: the services on the state directory of argv[2]. Prints its URL and a key, and lives until it dies. */
import { startLocalAws } from '../../../cdk/local/aws/start.ts';
import { MESSAGES } from './table-fixtures.ts';

const aws = await startLocalAws({ stateDirectory: process.argv[2] ?? '' });
await aws.tables.createTable(MESSAGES);
const { url: queueUrl } = await aws.queues.createQueue({ name: 'lane', attributes: { VisibilityTimeout: 600 } });
console.log(JSON.stringify({ url: aws.url, queueUrl, credentials: aws.registerCaller({ program: 'Test' }) }));
