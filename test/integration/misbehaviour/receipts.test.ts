import { meet } from './meet.ts';
import { receipts } from './receipts.ts';

await meet('a message centre that sends', receipts);
