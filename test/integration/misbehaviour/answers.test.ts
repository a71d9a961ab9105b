import { answers } from './answers.ts';
import { meet } from './meet.ts';
import { throttling } from './throttling.ts';

await meet('a message centre that answers a submit', [...answers, ...throttling]);
